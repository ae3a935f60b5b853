//! Clocks outside their case, and cases' numbers, as Frappe writes them.

use super::super::columns::{Date, record};

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

impl NumberRecord {
    /// The registry's number, or the draft number while there is none.
    pub fn number(&self) -> String {
        if self.case_id.is_empty() { self.draft_no.clone() } else { self.case_id.clone() }
    }
}
