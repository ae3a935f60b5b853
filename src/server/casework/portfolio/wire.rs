//! Records that hang on cases, as Frappe writes them, as far as the summary goes.

use super::super::columns::{Date, Rupees, record};

record! {
    /// A payment: only counted and summed.
    pub struct PaidRecord of "Case Payment" {}
}

record! {
    /// An offer to settle: only counted and summed.
    pub struct OfferRecord of "Case Settlement" {}
}

record! {
    /// Whether and when a notice was served on somebody: only counted.
    pub struct ServedRecord of "Case Service" {}
}

record! {
    /// A proceeding beside or after the arbitration.
    pub struct ProceedingRecord of "Case Proceeding" {
        case_ref: String,
        kind: String,
        state: String,
        forum: String,
        forum_place: String,
        number_text: String,
        filed_on: Date,
        next_on: Date,
        amount: Rupees,
    }
}

record! {
    /// The days that the institution allows for each stage.
    pub struct LimitPolicy of "Portal Policy" {
        content: String,
    }
}
