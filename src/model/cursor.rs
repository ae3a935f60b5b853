//! A place in a list that is read newest first. Must not know what is listed.

use super::{CaseId, Day, ErrorCode, FieldError, PortalError, address::encode};

/// A record's time as its server writes it, and its name, which breaks ties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeCursor {
    /// `YYYY-MM-DD HH:MM:SS` on the site's wall clock, with six decimals where its server keeps them.
    pub at: String,
    /// The record's name.
    pub name: String,
}

impl TimeCursor {
    /// The cursor as a text for the URL.
    pub fn text(&self) -> String {
        format!("{}~{}", self.at, self.name)
    }

    /// The address of what follows this place in the list at that address.
    pub fn href_after(&self, list: &str) -> String {
        format!("{list}?after={}", encode(&self.text()))
    }

    /// The place that an address names in `after`; `None` where it names none.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a place that cannot be one: it is refused and not ignored.
    pub fn of_address(after: &str) -> Result<Option<Self>, PortalError> {
        if after.is_empty() {
            return Ok(None);
        }
        let unknown = || FieldError { field: "after".to_owned(), problem: "unknown".to_owned() };
        Self::parse(after).map(Some).ok_or_else(|| ErrorCode::Invalid { fields: vec![unknown()] }.into())
    }

    /// Reads what [`TimeCursor::text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, name) = text.split_once('~')?;
        let is_time = matches!(at.len(), 19 | 26)
            && at.get(..10).is_some_and(|day| Day::parse(day).is_some())
            && at.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b' '));
        let name = CaseId::parse(name)?.as_str().to_owned();
        is_time.then(|| Self { at: at.to_owned(), name })
    }
}
