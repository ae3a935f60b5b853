//! How DocTypes are written down: one short word a field, flags after it, shared fields by macro.
//!
//! Constant evaluation only: the whole schema is static data.

use super::{Field, FieldType};

const fn field(name: &'static str, kind: FieldType, options: &'static [&'static str]) -> Field {
    Field {
        name,
        kind,
        required: false,
        unique: false,
        indexed: false,
        set_once: false,
        derived: false,
        filled: false,
        options,
        default: None,
        permlevel: 0,
        fetch_from: None,
    }
}

macro_rules! words {
    ($($(#[$meta:meta])* $word:ident => $kind:ident;)+) => {
        $($(#[$meta])* pub const fn $word(name: &'static str) -> Field { field(name, FieldType::$kind, &[]) })+
    };
}

words! {
    /// A short text.
    data => Data;
    /// A longer text.
    small => SmallText;
    /// A long text.
    long => LongText;
    /// A JSON text.
    json => Json;
    /// A whole number.
    int => Int;
    /// A decimal number.
    float => Float;
    /// A percentage.
    percent => Percent;
    /// Rupees.
    currency => Currency;
    /// 0 or 1.
    check => Check;
    /// A civil date.
    date => Date;
    /// A naive moment of the site's zone.
    datetime => Datetime;
}

/// The name of a row of `target`.
pub const fn link(name: &'static str, target: &'static [&'static str]) -> Field {
    field(name, FieldType::Link, target)
}

/// One of `codes`.
pub const fn select(name: &'static str, codes: &'static [&'static str]) -> Field {
    field(name, FieldType::Select, codes)
}

/// Rows of the child DocType `target`.
pub const fn table(name: &'static str, target: &'static [&'static str]) -> Field {
    field(name, FieldType::Table, target)
}

impl Field {
    /// R of the records: mandatory.
    pub(super) const fn req(mut self) -> Self {
        self.required = true;
        self.filled = true;
        self
    }

    /// U of the records: a unique index.
    pub(super) const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// I of the records: an index.
    pub(super) const fn idx(mut self) -> Self {
        self.indexed = true;
        self
    }

    /// 1 of the records: never altered once set.
    pub(super) const fn once(mut self) -> Self {
        self.set_once = true;
        self
    }

    /// `*` of the records: derived. It stays `filled` where it was mandatory, but the upstream must not refuse a
    /// registry's row that comes before its derived fields.
    pub(super) const fn derived(mut self) -> Self {
        self.derived = true;
        self.required = false;
        self
    }
}

/// Fields without any shared ones: the institution itself and child tables.
macro_rules! own {
    ($($field:expr),* $(,)?) => { &[$($field),*] };
}

/// Fields after the ones that every DocType shares (records §1.2).
macro_rules! common {
    ($($field:expr),* $(,)?) => {
        &[
            link("institution", INSTITUTION).req().idx().once(),
            data("made_by").once(),
            data("changed_by"),
            data("idem_key").unique(),
            $($field),*
        ]
    };
}

/// As `common!`, with the scope set at the end: what rows listed outside their case carry of it.
macro_rules! scoped {
    ($($field:expr),* $(,)?) => {
        common![
            $($field,)*
            data("zone").idx().derived(),
            data("region").derived(),
            data("branch").idx().derived(),
            data("product").derived(),
            data("legal_owner").idx().derived(),
            data("collections_owner").idx().derived(),
            data("advocate").idx().derived(),
        ]
    };
}

pub(super) use {common, own, scoped};
