//! How far a filing is, for whoever waits for it.

use super::{super::Refusal, Filing};
use crate::model::{Permission, Term};

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// Code of its state.
    pub state: String,
    /// What it is doing, in words.
    pub words: String,
    /// Rows that are done with.
    pub done: i64,
    /// Rows in all; 0 where nobody knows yet.
    pub total: i64,
    /// Whether the portal is at work on it.
    pub working: bool,
    /// Seconds since it was begun.
    pub seconds: i64,
}

/// How far it is.
///
/// # Errors
/// As [`Filing::find`].
pub async fn standing(id: &str) -> Result<Standing, Refusal> {
    let filing = Filing::find(id, Permission::SeeFilings).await?;
    Ok(filing.standing())
}

impl Filing {
    /// How far it is.
    pub(super) fn standing(&self) -> Standing {
        let batch = &self.batch;
        let began = batch.started_at.instant(&self.desk.site).map_or(0, |at| jiff::Timestamp::now().as_second() - at.unix_s);
        let (done, total, words) = match batch.state.as_str() {
            "VALIDATING" if self.noted().phase == super::Phase::Read => (batch.row_total, 0, "Rows are checked".to_owned()),
            "VALIDATING" => (batch.next_row, batch.row_total, "Rows are checked again".to_owned()),
            "APPROVED" | "RUNNING" => {
                let all = batch.row_done + batch.row_failed + batch.row_ok + batch.row_warned;
                (batch.row_done + batch.row_failed, all, "Rows become cases".to_owned())
            }
            state => (batch.row_done, batch.row_total, Term::of(state).label),
        };
        let working = matches!(batch.state.as_str(), "VALIDATING" | "APPROVED" | "RUNNING");
        Standing { state: batch.state.clone(), words, done, total, working, seconds: began.max(0) }
    }
}
