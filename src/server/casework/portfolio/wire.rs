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
    /// A cost: only counted and summed.
    pub struct CostRecord of "Case Cost" {}
}

record! {
    /// A hearing, as far as somebody appeared or asked for its adjournment: only counted.
    pub struct AppearedRecord of "Case Hearing" {}
}

record! {
    /// An instalment of a settlement: only counted and summed.
    pub struct InstalmentRecord of "Settlement Instalment" {}
}

record! {
    /// An advocate of the panel.
    pub struct PanelRecord of "Panel Advocate" {}
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
