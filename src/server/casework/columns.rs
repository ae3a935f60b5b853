//! What Frappe-shaped structs of every area are made of: one way to declare them, and how single values are read.
//!
//! Frappe has no null for numbers and many spellings for nothing (`records.md` §1): a column that is absent, null or empty reads as
//! its type's default. It must not know any DocType.

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};

use super::{Refusal, site_time};
use crate::{
    model::{Day, ErrorCode, Inr, Instant, Names},
    registry::{Tenant, current_tenant},
    server::frappe::{Client, Fault, PAGE_MAX, Page, Query, Record},
};

/// Declares a record of a DocType: its struct, with `name` and `institution`, and the columns that a list asks for, so that the two
/// cannot differ. Columns under `names` say who a borrower is: [`list`] does not ask for them where a role may not know.
macro_rules! record {
    ($(#[$meta:meta])* $visibility:vis struct $record:ident of $doctype:literal { $($field:ident: $kind:ty,)* } $(names { $($person:ident,)+ })?) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Deserialize)]
        $visibility struct $record {
            pub name: String,
            institution: String,
            $(#[serde(default, deserialize_with = "crate::server::casework::columns::or_default")] pub $field: $kind,)*
            $($(#[serde(default, deserialize_with = "crate::server::casework::columns::or_default")] pub $person: String,)+)?
        }

        impl crate::server::frappe::Record for $record {
            const DOCTYPE: &'static str = $doctype;
            const FIELDS: &'static [&'static str] = &["name", "institution", $(stringify!($field),)* $($(stringify!($person),)+)?];

            fn institution(&self) -> &str {
                &self.institution
            }
        }

        impl crate::server::casework::columns::Named for $record {
            const NAMELESS: &'static [&'static str] = &["name", "institution", $(stringify!($field),)*];

            fn name(&self) -> &str {
                &self.name
            }
        }
    };
}
pub(super) use record;

/// A record that is known by a name, and whose people's names can be left out of the question.
pub trait Named: Record {
    /// Its name upstream.
    fn name(&self) -> &str;
    /// The columns without those that say who a borrower is.
    const NAMELESS: &'static [&'static str];
}

/// The same record, its names not asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent, bound = "R: Deserialize<'de>")]
struct Nameless<R>(R);

impl<R: Named> Record for Nameless<R> {
    const DOCTYPE: &'static str = R::DOCTYPE;
    const FIELDS: &'static [&'static str] = R::NAMELESS;

    fn institution(&self) -> &str {
        self.0.institution()
    }
}

/// A page of records, without names for those who may not know them.
///
/// # Errors
/// Any fault of the call.
pub async fn list<R: Named>(client: &Client, query: Query<R>, names: Names) -> Result<Page<R>, Fault> {
    match names {
        Names::Shown => client.list(&query).await,
        Names::Hidden => {
            let page = client.list(&query.reshaped::<Nameless<R>>()).await?;
            Ok(Page { rows: page.rows.into_iter().map(|Nameless(row)| row).collect(), more: page.more })
        }
    }
}

/// What a query finds beyond one answer too: page after page up to `most` records, and whether there are more even so.
///
/// # Errors
/// Any fault of the calls.
pub async fn every<R: Named>(client: &Client, query: &Query<R>, names: Names, most: u32) -> Result<Page<R>, Fault> {
    let (mut rows, mut start) = (Vec::new(), 0);
    loop {
        let page = list(client, query.clone().page(start, PAGE_MAX), names).await?;
        rows.extend(page.rows);
        // By what was asked for: what came back may be fewer, where something was dropped.
        start += PAGE_MAX;
        if !page.more || start >= most {
            return Ok(Page { rows, more: page.more });
        }
    }
}

/// A value, or its type's default where the upstream has none.
pub fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A Check: 0 or 1 upstream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Check(pub bool);

impl<'de> Deserialize<'de> for Check {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(|number| Self(number != 0))
    }
}

/// Rupees as the upstream sends them, read as paise. An amount that cannot be one fails the whole answer: a panel that says so is
/// better than a wrong figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rupees(pub Inr);

impl Default for Rupees {
    fn default() -> Self {
        Self(Inr::ZERO)
    }
}

impl<'de> Deserialize<'de> for Rupees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rupees = f64::deserialize(deserializer)?;
        inr(rupees).map(Self).map_err(|_| serde::de::Error::custom("an amount that the upstream cannot have kept"))
    }
}

/// Paise of an upstream amount in rupees, half away from zero (`records.md` §1).
///
/// # Errors
/// An amount beyond 10¹² rupees is none that the upstream could have kept.
pub fn inr(rupees: f64) -> Result<Inr, ErrorCode> {
    const LIMIT_RUPEES: f64 = 1e12;
    if !rupees.is_finite() || rupees.abs() >= LIMIT_RUPEES {
        return Err(ErrorCode::Upstream);
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 10^14 paise, checked above")]
    Ok(Inr::from_paise((rupees * 100.0).round() as i64))
}

/// A Date.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Date(String);

impl Date {
    /// The day; `None` where there is none.
    pub fn day(&self) -> Option<Day> {
        Day::parse(&self.0)
    }
}

/// A Datetime on the site's wall clock.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct LocalTime(String);

impl LocalTime {
    /// As the upstream wrote it: what a cursor compares with.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The moment, on the institution's wall clock; `None` where there is none.
    pub fn instant(&self, site: &Site) -> Option<Instant> {
        site_time::instant(&self.0, &site.zone, &site.tenant)
    }
}

/// Text, or nothing where it is blank.
pub fn some_text(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

/// Where records come from and whose wall clock they are shown on.
pub struct Site {
    /// The site's zone.
    pub zone: TimeZone,
    /// The institution.
    pub tenant: Arc<Tenant>,
}

impl Site {
    /// The site of the tenant in scope.
    ///
    /// # Errors
    /// Any fault of asking for its zone, which is kept afterwards.
    pub async fn current(client: &Client) -> Result<Self, Refusal> {
        Ok(Self { zone: client.time_zone().await?, tenant: current_tenant()? })
    }
}
