//! Clocks outside their case, and cases' numbers, as Frappe writes them.

use serde::Deserialize;

use super::super::columns::{Date, record};
use crate::server::frappe::{Field, Record};

record! {
    /// A clock.
    pub struct ClockRecord of "Case Clock" {
        case_ref: String,
        party_label: String,
        clock: String,
        due_on: Date,
    }
}

record! {
    /// A case's number.
    pub struct NumberRecord of "Arbitration Case" {
        case_id: String,
        draft_no: String,
    }
}

/// Records that are only counted and summed: nothing of them is read.
macro_rules! counted {
    ($(#[$meta:meta] $record:ident of $doctype:literal;)+) => {
        $(
            #[$meta]
            #[derive(Clone, Debug, Deserialize)]
            pub struct $record {
                institution: String,
            }

            impl Record for $record {
                const DOCTYPE: &'static str = $doctype;
                const FIELDS: &'static [&'static str] = &["name", "institution"];

                fn institution(&self) -> &str {
                    &self.institution
                }
            }
        )+
    };
}

counted! {
    /// A line of the timeline.
    EventRecord of "Case Event";
    /// A payment.
    PaidRecord of "Case Payment";
}

/// The columns of a person's scope that a line of the timeline has.
pub const EVENT_SCOPE: [Field; 2] = [Field::new("zone"), Field::new("product")];

impl NumberRecord {
    /// The registry's number, or the draft number while there is none.
    pub fn number(&self) -> String {
        if self.case_id.is_empty() { self.draft_no.clone() } else { self.case_id.clone() }
    }
}
