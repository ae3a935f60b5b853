//! What hearings of a span of days are asked for with, and a page of them.

use super::{CaseId, Day, ErrorCode, FieldError, HearingRow};

/// Hearings from one day to another, both included, by time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HearingsQuery {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// The hearing after which the page begins; `None` for the first page.
    pub after: Option<HearingCursor>,
}

/// A place in the order of hearings: the start as its server writes it, and the name, which breaks ties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HearingCursor {
    /// A naive time on the site's wall clock.
    pub starts_at: String,
    /// The hearing's name upstream.
    pub id: String,
}

/// A page of hearings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HearingPage {
    /// The hearings, by time.
    pub rows: Vec<HearingRow>,
    /// All that there are in those days, shown or not.
    pub total: u64,
    /// Value of `after` that shows the next page; `None` on the last.
    pub after: Option<String>,
}

impl HearingsQuery {
    /// The most days of one question: a year's board.
    pub const MAX_DAYS: i64 = 366;
    /// Days after the first one where no last day is named.
    pub const DEFAULT_DAYS: i64 = 7;

    /// Reads an address's parameters; a day that is not named is today, or a week after the first.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] names each parameter that cannot be used.
    pub fn from_params(from: &str, to: &str, after: &str, today: Day) -> Result<Self, ErrorCode> {
        let mut fields = Vec::new();
        let mut refuse = |field: &str, problem: &str| fields.push(FieldError { field: field.to_owned(), problem: problem.to_owned() });
        let mut day = |field: &str, text: &str, otherwise: Option<Day>| {
            let read = if text.is_empty() { otherwise } else { Day::parse(text) };
            read.unwrap_or_else(|| {
                refuse(field, "not_a_day");
                today
            })
        };
        let first = day("from", from, Some(today));
        let last = day("to", to, Day::from_days_since_epoch(first.days_since_epoch().saturating_add(Self::DEFAULT_DAYS)));
        match last.days_since_epoch() - first.days_since_epoch() {
            ..0 => refuse("to", "before_from"),
            0..Self::MAX_DAYS => {}
            _ => refuse("to", "too_far_from_from"),
        }
        let cursor = HearingCursor::parse(after);
        if cursor.is_none() && !after.is_empty() {
            refuse("after", "not_a_cursor");
        }
        if fields.is_empty() { Ok(Self { from: first, to: last, after: cursor }) } else { Err(ErrorCode::Invalid { fields }) }
    }
}

impl HearingCursor {
    /// The cursor as a text for an address.
    pub fn text(&self) -> String {
        format!("{}~{}", self.starts_at, self.id)
    }

    /// Reads what [`HearingCursor::text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (starts_at, id) = text.rsplit_once('~')?;
        // A time that is none would be an error upstream.
        let is_time = starts_at.len() <= 26
            && starts_at.get(..10).is_some_and(|day| Day::parse(day).is_some())
            && starts_at.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b' '));
        // Hearings have names of the same form as cases.
        let id = CaseId::parse(id)?.as_str().to_owned();
        is_time.then(|| Self { starts_at: starts_at.to_owned(), id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(from: &str, to: &str, after: &str) -> Result<HearingsQuery, Vec<String>> {
        let today = Day::parse("2026-11-21").unwrap();
        HearingsQuery::from_params(from, to, after, today).map_err(|code| match code {
            ErrorCode::Invalid { fields } => fields.into_iter().map(|field| format!("{} {}", field.field, field.problem)).collect(),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn a_week_from_today_is_what_nobody_asked_otherwise() {
        let week = read("", "", "").unwrap();
        assert_eq!((week.from.iso(), week.to.iso()), ("2026-11-21".to_owned(), "2026-11-28".to_owned()));
        let later = read("2027-01-01", "", "2027-01-02 10:00:00~abc1").unwrap();
        assert_eq!((later.to.iso(), later.after.unwrap().text()), ("2027-01-08".to_owned(), "2027-01-02 10:00:00~abc1".to_owned()));
    }

    #[test]
    fn a_span_that_cannot_be_asked_for_is_refused_by_name() {
        assert_eq!(read("yesterday", "2026-13-01", "x").unwrap_err(), ["from not_a_day", "to not_a_day", "after not_a_cursor"]);
        assert_eq!(read("2026-11-21", "2026-11-20", "").unwrap_err(), ["to before_from"]);
        assert!(read("2026-01-01", "2027-01-01", "").is_ok());
        assert_eq!(read("2026-01-01", "2027-01-02", "").unwrap_err(), ["to too_far_from_from"]);
        assert_eq!(read("9999-12-31", "", "").unwrap_err(), ["to not_a_day", "to before_from"]);
    }
}
