//! What waits for a second pair of eyes, and what has been decided: as people read it.

use super::{CaseId, Inr, Instant, Term, TimeCursor, address::encode};

/// Which requests are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovalQuery {
    /// Those that were decided, instead of those that wait.
    pub decided: bool,
    /// Those after this place.
    pub after: Option<TimeCursor>,
}

impl ApprovalQuery {
    /// Reads the URL's parameters; what cannot be read is the first page of what waits.
    pub fn from_params(show: &str, after: &str) -> Self {
        Self { decided: show == "decided", after: TimeCursor::parse(after) }
    }

    /// The address of the requests after this place.
    pub fn href_after(&self, after: &TimeCursor) -> String {
        let show = if self.decided { "show=decided&" } else { "" };
        format!("/approvals?{show}after={}", encode(&after.text()))
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalRow {
    /// What is asked for.
    pub title: String,
    /// Of which kind.
    pub kind: Term,
    /// The case, where it is about one, with its number.
    pub case: Option<(CaseId, String)>,
    /// What decides the limit.
    pub amount: Inr,
    /// Who submitted it.
    pub by: String,
    /// When.
    pub at: Option<Instant>,
    /// The first, second … time.
    pub round: u32,
    /// Where it stands.
    pub state: Term,
    /// Who decided, and why it was returned.
    pub decided: Option<String>,
    /// Minutes from submission to decision; until now for what waits.
    pub wait_mins: Option<u64>,
    /// The form on which this person decides, if they may.
    pub decide: Option<String>,
}

/// A page of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalPage {
    /// The requests: those that wait the oldest first, those that were decided the newest first.
    pub rows: Vec<ApprovalRow>,
    /// The address of the next page.
    pub next: Option<String>,
    /// Whether the person decides on requests of others; else these are their own.
    pub checker: bool,
}
