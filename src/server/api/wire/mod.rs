//! What travels under `/api/v1`: structs with names that stay, made from the model's types in one place and described by their own
//! comments in `openapi.json`. Money is whole paise, dates are ISO 8601, a time carries its institution's offset, an option is its
//! code with the words for it. They must not know how anything is found.

pub mod case;
pub mod dashboard;
pub mod file;
pub mod me;

use jiff::{Timestamp, tz};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::model::{Bucket, CaseId, Day, DocumentId, Hold, Inr, Instant, Product, Role, ServiceStatus, Stage, Status, Term, Withheld};

/// From the model to what travels.
pub trait Wire<T> {
    /// The same, as it travels.
    fn wire(self) -> T;
}

/// Declares what travels of a model type, field by field: its struct, its schema, and the way there. A field of another name in the
/// model is written `= name`.
macro_rules! wire {
    ($(#[$meta:meta])* $wire:ident of $model:ident { $($(#[$doc:meta])* $field:ident: $outer:ident $(<$inner:ident>)? $(= $from:ident)?,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub struct $wire { $($(#[$doc])* pub $field: $outer $(<$inner>)?,)+ }

        impl crate::server::api::wire::Wire<$wire> for crate::model::$model {
            fn wire(self) -> $wire {
                let row = self;
                $wire { $($field: crate::server::api::wire::Wire::wire(crate::server::api::wire::wire!(@of row $field $($from)?)),)+ }
            }
        }
    };
    (@of $row:ident $field:ident) => { $row.$field };
    (@of $row:ident $field:ident $from:ident) => { $row.$from };
}
pub(crate) use wire;

/// A list: one page of it, where it goes on, and how many there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T: ToSchema> {
    /// The items of this page, in the order asked for.
    pub items: Vec<T>,
    /// The relative address of the next page; null on the last. Follow it as it is: what is in it may change.
    pub next: Option<String>,
    /// How many match, on every page together.
    #[schema(example = 230)]
    pub total: u64,
}

/// An option: its code, and the words for it. Codes are added with time; show the words of one that you do not know.
#[derive(Debug, Serialize, ToSchema)]
pub struct Code {
    /// As stored; empty where nothing is.
    #[schema(example = "S60")]
    pub code: String,
    /// As people say it.
    #[schema(example = "Hearing")]
    pub label: String,
}

/// A case by its name and number.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseRef {
    /// Its opaque name: what `/api/v1/cases/{id}` takes.
    pub id: String,
    /// Its number, or the draft number while the registry has issued none.
    pub number: String,
}

/// Money, in whole paise: one rupee is 100.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = 48_250_000)]
pub struct Paise(pub i64);

/// A civil date on the institution's calendar.
#[derive(Debug)]
pub struct Date(pub Day);

/// A moment, to the second, with the offset that the institution's zone had then.
#[derive(Debug)]
pub struct Moment(pub Instant);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.iso())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let offset = tz::Offset::from_seconds(i32::from(self.0.offset_minutes) * 60).unwrap_or(tz::Offset::UTC);
        let at = Timestamp::from_second(self.0.unix_s).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(tz::TimeZone::fixed(offset));
        serializer.serialize_str(&at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }
}

/// Gives texts of a fixed form their schema.
macro_rules! text_schema {
    ($name:ident, $format:ident, $description:literal, $example:literal) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
                let text = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::$format)));
                text.description(Some($description)).examples([$example]).into()
            }
        }
        impl ToSchema for $name {}
    };
}
text_schema!(Date, Date, "A civil date on the institution's calendar.", "2026-11-21");
text_schema!(
    Moment,
    DateTime,
    "A moment, to the second, with the offset that the institution's zone had then.",
    "2026-11-21T10:42:00+05:30"
);

impl Wire<Code> for Withheld {
    fn wire(self) -> Code {
        Code { code: self.code().to_owned(), label: self.label().to_owned() }
    }
}
impl Wire<String> for DocumentId {
    fn wire(self) -> String {
        self.as_str().to_owned()
    }
}

impl<A: Wire<B>, B> Wire<Option<B>> for Option<A> {
    fn wire(self) -> Option<B> {
        self.map(Wire::wire)
    }
}
impl<A: Wire<B>, B> Wire<Vec<B>> for Vec<A> {
    fn wire(self) -> Vec<B> {
        self.into_iter().map(Wire::wire).collect()
    }
}

/// What travels as it is.
macro_rules! as_it_is {
    ($($kind:ty),+) => { $(impl Wire<$kind> for $kind { fn wire(self) -> $kind { self } })+ };
}
as_it_is!(String, bool, u32, u64);

/// Options with types of their own.
macro_rules! coded {
    ($($kind:ty),+) => {
        $(impl Wire<Code> for $kind {
            fn wire(self) -> Code { Code { code: self.code().to_owned(), label: self.label().to_owned() } }
        })+
    };
}
coded!(Bucket, Hold, Product, Role, ServiceStatus, Stage, Status);

impl Wire<Code> for Term {
    fn wire(self) -> Code {
        Code { code: self.code, label: self.label }
    }
}
impl Wire<Date> for Day {
    fn wire(self) -> Date {
        Date(self)
    }
}
impl Wire<Moment> for Instant {
    fn wire(self) -> Moment {
        Moment(self)
    }
}
impl Wire<Paise> for Inr {
    fn wire(self) -> Paise {
        Paise(self.paise())
    }
}
impl Wire<String> for CaseId {
    fn wire(self) -> String {
        self.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_with_its_own_zones_offset() {
        let text = |unix_s, offset_minutes| serde_json::to_string(&Moment(Instant { unix_s, offset_minutes })).unwrap();
        assert_eq!(text(1_795_199_400, 330), "\"2026-11-21T00:00:00+05:30\"");
        assert_eq!(text(0, -150), "\"1969-12-31T21:30:00-02:30\"");
        assert_eq!(text(0, 0), "\"1970-01-01T00:00:00+00:00\"");
    }
}
