//! What one cell of a file says, and where it stands. It must not know what kind of file it came from, nor what its column means.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::Day;

/// A cell as the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept", into = "Kept")]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number exactly as the file writes it: a float would lose the end of a loan's number.
    Number(String),
    /// A number that the file shows as a date.
    Day(Day),
    /// TRUE or FALSE.
    Truth(bool),
    /// What a formula came to when the file was saved; nobody says that it still does.
    Formula(String),
    /// An error of the spreadsheet, `#REF!`.
    Wrong(String),
    /// Nothing.
    #[default]
    Empty,
}

impl Cell {
    /// As a person reads it in the spreadsheet.
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Formula(text) | Self::Wrong(text) => Cow::Borrowed(text),
            Self::Day(day) => {
                let iso = day.iso();
                Cow::Owned(iso.rsplit('-').collect::<Vec<_>>().join("/"))
            }
            Self::Truth(true) => Cow::Borrowed("TRUE"),
            Self::Truth(false) => Cow::Borrowed("FALSE"),
            Self::Empty => Cow::Borrowed(""),
        }
    }

    /// Whether nothing stands there that could be read: nothing, or blanks.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(is_blank),
            Self::Number(_) | Self::Day(_) | Self::Truth(_) | Self::Formula(_) | Self::Wrong(_) => false,
        }
    }
}

/// Blanks of every kind that spreadsheets and core banking leave behind.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace() || character.is_control() || matches!(character, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}')
}

/// A row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number as a spreadsheet shows it: from 1, headings and blank rows counted.
    pub number: u32,
    /// Its cells, in the order of the columns.
    pub cells: Vec<Cell>,
}

/// A column's letters: 0 is `A`, 26 is `AA`.
pub fn column_name(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index;
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

/// A cell as JSON: words as a string, TRUE and FALSE as they are, the rest under the name of its kind.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    Text(String),
    Truth(bool),
    Kind(Kind),
    Nothing(()),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Number(String),
    Day(Day),
    Formula(String),
    Wrong(String),
}

impl From<Cell> for Kept {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Text(text) => Self::Text(text),
            Cell::Truth(truth) => Self::Truth(truth),
            Cell::Number(text) => Self::Kind(Kind::Number(text)),
            Cell::Day(day) => Self::Kind(Kind::Day(day)),
            Cell::Formula(text) => Self::Kind(Kind::Formula(text)),
            Cell::Wrong(text) => Self::Kind(Kind::Wrong(text)),
            Cell::Empty => Self::Nothing(()),
        }
    }
}

impl From<Kept> for Cell {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Text(text) => Self::Text(text),
            Kept::Truth(truth) => Self::Truth(truth),
            Kept::Kind(Kind::Number(text)) => Self::Number(text),
            Kept::Kind(Kind::Day(day)) => Self::Day(day),
            Kept::Kind(Kind::Formula(text)) => Self::Formula(text),
            Kept::Kind(Kind::Wrong(text)) => Self::Wrong(text),
            Kept::Nothing(()) => Self::Empty,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_a_spreadsheet_names_them() {
        assert_eq!([0, 5, 25, 26, 51, 52, 701, 702].map(column_name), ["A", "F", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_day_is_shown_as_india_writes_it() {
        assert_eq!(Cell::Day(Day::parse("2026-11-21").unwrap()).shown(), "21/11/2026");
        assert!(Cell::Text(" \u{a0}\u{200b}".to_owned()).is_blank());
    }
}
