//! A place in the list's order, as the URL carries it.

use super::super::{CaseId, Day, Inr};
use super::CaseSort;

/// Which page of the list, by key and not by offset: rows that come or go meanwhile neither repeat nor hide any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Position {
    /// The first page.
    #[default]
    Start,
    /// The rows after this one.
    After(Cursor),
    /// The rows before this one.
    Before(Cursor),
}

/// A row's place in the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The row's value in the sort column.
    pub value: CursorValue,
    /// The row's name, which breaks ties.
    pub id: CaseId,
}

/// A sort column's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CursorValue {
    /// None: such rows come last whichever way the list is sorted.
    Absent,
    /// A text, a code or a naive time.
    Text(String),
    /// An amount.
    Amount(Inr),
    /// A number.
    Number(i64),
    /// A date.
    Day(Day),
}

impl Cursor {
    /// Whether its value is of the kind that this column has: a cursor of another sort shows the first page.
    pub fn fits(&self, sort: CaseSort) -> bool {
        match (&self.value, sort) {
            (CursorValue::Absent, CaseSort::NextDue | CaseSort::NextHearing | CaseSort::Number)
            | (CursorValue::Day(_), CaseSort::NextDue)
            | (CursorValue::Amount(_), CaseSort::Dues | CaseSort::Claim)
            | (CursorValue::Number(_), CaseSort::Dpd)
            | (CursorValue::Text(_), CaseSort::Stage | CaseSort::Number) => true,
            // A time that is none would be an error upstream.
            (CursorValue::Text(text), CaseSort::NextHearing | CaseSort::Modified) => {
                text.get(..10).is_some_and(|day| Day::parse(day).is_some())
                    && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b' '))
            }
            _ => false,
        }
    }

    /// The cursor as a text for the URL.
    pub fn text(&self) -> String {
        let value = match &self.value {
            CursorValue::Absent => "-".to_owned(),
            CursorValue::Text(text) => format!("t{text}"),
            CursorValue::Amount(amount) => format!("p{}", amount.paise()),
            CursorValue::Number(number) => format!("n{number}"),
            CursorValue::Day(day) => format!("d{}", day.iso()),
        };
        format!("{value}~{}", self.id.as_str())
    }

    /// Reads what [`Cursor::text`] wrote; `None` for anything else, which then shows the first page.
    pub fn parse(text: &str) -> Option<Self> {
        let (value, id) = text.rsplit_once('~')?;
        let id = CaseId::parse(id)?;
        let value = if value == "-" {
            CursorValue::Absent
        } else {
            let rest = value.get(1..)?;
            match value.as_bytes().first()? {
                b't' if rest.len() <= 140 => CursorValue::Text(rest.to_owned()),
                b'p' => CursorValue::Amount(Inr::from_paise(rest.parse().ok()?)),
                b'n' => CursorValue::Number(rest.parse().ok()?),
                b'd' => CursorValue::Day(Day::parse(rest)?),
                _ => return None,
            }
        };
        Some(Self { value, id })
    }
}
