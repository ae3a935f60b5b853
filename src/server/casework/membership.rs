//! Who somebody is at this institution: its own `Portal User` record, and nothing else.
//!
//! The upstream's word that a password is right is not enough: on a shared site every bank's users exist.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Refusal, keys::natural_key, site_time};
use crate::{
    model::{CodeSet, Day, Role, Scopes},
    registry::{Tenant, current_tenant},
    server::{
        frappe::{Changes, Client, Condition, Fault, Field, Query, Record, RowScope, Value},
        session::Principal,
    },
};

/// How often a sign-in is written down at most: each moves the revision of a record that somebody may be editing.
const SIGN_IN_NOTED_EVERY_S: i64 = 3_600;
/// How often a write is tried where others change the record at the same time.
const TRIES: u32 = 3;

/// A person's record as Frappe writes it.
#[derive(Debug, Deserialize)]
struct PortalUser {
    institution: String,
    user_id: String,
    display_name: String,
    portal_role: String,
    #[serde(default)]
    zones: Option<String>,
    #[serde(default)]
    regions: Option<String>,
    #[serde(default)]
    branches: Option<String>,
    #[serde(default)]
    products: Option<String>,
    #[serde(default)]
    assigned_only: u8,
    #[serde(default)]
    advocate: Option<String>,
    #[serde(default)]
    active: u8,
    #[serde(default)]
    allowed_from_on: Option<String>,
    #[serde(default)]
    allowed_until_on: Option<String>,
    state: String,
    #[serde(default)]
    sessions_valid_from_at: Option<String>,
    #[serde(default)]
    mobile_masked: Option<String>,
}

impl Record for PortalUser {
    const DOCTYPE: &'static str = "Portal User";
    const FIELDS: &'static [&'static str] = &[
        "name",
        "institution",
        "user_id",
        "display_name",
        "portal_role",
        "zones",
        "regions",
        "branches",
        "products",
        "assigned_only",
        "advocate",
        "active",
        "allowed_from_on",
        "allowed_until_on",
        "state",
        "sessions_valid_from_at",
        "mobile_masked",
    ];

    fn institution(&self) -> &str {
        &self.institution
    }
}

/// A member, with what the sign-in page may say of them.
pub struct Member {
    /// Who it is.
    pub principal: Principal,
    /// Where one-time codes go, masked.
    pub mobile_masked: Option<String>,
}

/// The member with this user id, if there is one who may sign in now.
///
/// # Errors
/// What a call upstream failed with.
pub async fn find(user_id: &str) -> Result<Option<Member>, Refusal> {
    let client = Client::current()?;
    let tenant = current_tenant()?;
    let user_id = user_id.trim().to_lowercase();
    let institution = client.institution().await?;
    let query = Query::<PortalUser>::new(RowScope::institution_wide())
        .filter(Condition::eq(Field::new("user_key"), natural_key(&institution, &[&user_id])))
        .page(0, 1);
    // The key is a hash over the exact id; the id is compared too, since the upstream compares without case and accents.
    let Some(user) = client.list(&query).await?.rows.into_iter().find(|user| user.user_id == user_id) else {
        return Ok(None);
    };
    let site_zone = client.time_zone().await?;
    Ok(user.into_member(site_time::today(&tenant), &site_zone, &tenant))
}

impl PortalUser {
    fn into_member(self, today: Day, site_zone: &jiff::tz::TimeZone, tenant: &Tenant) -> Option<Member> {
        // A date that is there and cannot be read shuts: it was meant to limit something.
        let within = |text: &Option<String>, holds: fn(Day, Day) -> bool| match text.as_deref().filter(|text| !text.is_empty()) {
            None => true,
            Some(text) => Day::parse(text).is_some_and(|day| holds(today, day)),
        };
        let may_sign_in = self.active == 1
            && self.state == "ACTIVE"
            && within(&self.allowed_from_on, |today, from| today >= from)
            && within(&self.allowed_until_on, |today, until| today <= until);
        let role = Role::from_code(&self.portal_role)?;
        if !may_sign_in {
            return None;
        }
        let codes = |text: Option<String>| CodeSet::parse(text.as_deref().unwrap_or_default());
        let valid_from = self.sessions_valid_from_at.as_deref().filter(|text| !text.is_empty());
        let sessions_valid_from = match valid_from {
            None => None,
            Some(text) => Some(Timestamp::from_second(site_time::instant(text, site_zone, tenant)?.unix_s).ok()?),
        };
        Some(Member {
            principal: Principal {
                user_id: self.user_id,
                display_name: self.display_name,
                role,
                scopes: Scopes {
                    zones: codes(self.zones),
                    regions: codes(self.regions),
                    branches: codes(self.branches),
                    products: codes(self.products),
                    assigned_only: self.assigned_only == 1 || role == Role::Advocate,
                },
                advocate: self.advocate.filter(|advocate| !advocate.is_empty()),
                sessions_valid_from,
            },
            mobile_masked: self.mobile_masked.filter(|mobile| !mobile.is_empty()),
        })
    }
}

/// The person's row with what an update needs.
#[derive(Debug, Deserialize)]
struct Row {
    name: String,
    institution: String,
    #[serde(default)]
    last_sign_in_at: Option<String>,
}

impl Record for Row {
    const DOCTYPE: &'static str = PortalUser::DOCTYPE;
    const FIELDS: &'static [&'static str] = &["name", "institution", "last_sign_in_at"];

    fn institution(&self) -> &str {
        &self.institution
    }
}

impl Row {
    async fn of(client: &Client, user_id: &str) -> Result<Option<Self>, Refusal> {
        let institution = client.institution().await?;
        let query = Query::<Self>::new(RowScope::institution_wide())
            .filter(Condition::eq(Field::new("user_key"), natural_key(&institution, &[user_id])))
            .page(0, 1);
        Ok(client.list(&query).await?.rows.into_iter().next())
    }

    /// Sets a moment of the record to now. Nothing else is written, so that what somebody else changes meanwhile stays, and is no reason
    /// to give up.
    async fn set_to_now(&self, client: &Client, moment: Field) -> Result<(), Refusal> {
        let now = Timestamp::now().to_zoned(client.time_zone().await?).datetime();
        for tried in 1..=TRIES {
            let (_, revision, _) = client.get_with_proof::<Self>(&self.name).await?;
            match client.update::<Self>(&self.name, &revision, Changes::new().set(moment, Value::LocalTime(now))).await {
                Err(Fault::Conflict) if tried < TRIES => {}
                done => return done.map(|_| ()).map_err(Refusal::from),
            }
        }
        Ok(())
    }
}

/// Ends every session of a person at every replica: sessions that began before now are over.
///
/// # Errors
/// What a call upstream failed with; sessions of this process have ended all the same.
pub async fn end_sessions_everywhere(user_id: &str) -> Result<(), Refusal> {
    let client = Client::current()?;
    match Row::of(&client, user_id).await? {
        Some(row) => row.set_to_now(&client, Field::new("sessions_valid_from_at")).await,
        None => Ok(()),
    }
}

/// Writes into a person's record that they have signed in: what is shown of people. What proves it is in the audit trail.
///
/// # Errors
/// What a call upstream failed with, which keeps nobody out.
pub async fn note_sign_in(user_id: &str) -> Result<(), Refusal> {
    let (client, tenant) = (Client::current()?, current_tenant()?);
    let Some(row) = Row::of(&client, user_id).await? else { return Ok(()) };
    let site_zone = client.time_zone().await?;
    let last = row.last_sign_in_at.as_deref().and_then(|text| site_time::instant(text, &site_zone, &tenant));
    let ago_s = last.map(|last| Timestamp::now().as_second() - last.unix_s);
    if ago_s.is_some_and(|ago_s| (0..SIGN_IN_NOTED_EVERY_S).contains(&ago_s)) {
        return Ok(());
    }
    row.set_to_now(&client, Field::new("last_sign_in_at")).await
}
