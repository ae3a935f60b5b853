//! A `Service Rule` as Frappe keeps it.

use crate::{
    model::ServiceTerms,
    server::casework::columns::{Check, LocalTime, record},
};

record! {
    /// A version of a rule.
    pub struct RuleRecord of "Service Rule" {
        notice_type: String,
        version: i64,
        accepts: String,
        refused_counts: String,
        unclaimed_counts: String,
        min_channels: i64,
        all_respondents: Check,
        needs_electronic_clause: Check,
        state: String,
        effective_from_at: LocalTime,
        made_by: String,
        approved_by: String,
        approved_at: LocalTime,
        idem_key: String,
    }
}

/// Waits for the second person.
pub const WAITING: &str = "PENDING_APPROVAL";
/// The newest that was approved.
pub const ACTIVE: &str = "ACTIVE";
/// A later version has taken its place.
pub const RETIRED: &str = "RETIRED";
/// Was not approved.
pub const RETURNED: &str = "RETURNED";

impl RuleRecord {
    /// What it says.
    pub fn terms(&self) -> ServiceTerms {
        ServiceTerms::of(
            &self.accepts,
            &self.refused_counts,
            &self.unclaimed_counts,
            self.min_channels,
            self.all_respondents.0,
            self.needs_electronic_clause.0,
        )
    }

    /// Whether it was approved, now or once.
    pub fn was_approved(&self) -> bool {
        matches!(self.state.as_str(), ACTIVE | RETIRED)
    }

    /// What a request over it is held against.
    pub fn values(&self) -> Vec<(String, String)> {
        let mut values: Vec<(String, String)> =
            self.terms().values().into_iter().map(|(name, _, value)| (name.to_owned(), value)).collect();
        values.push(("others".to_owned(), self.accepts.clone()));
        values.push(("effective_from".to_owned(), self.effective_from_at.as_str().to_owned()));
        values.push(("state".to_owned(), self.state.clone()));
        values
    }
}
