//! Which numbers a workbook shows as dates. It must not know cells.

use std::{collections::HashMap, io::Read};

use super::{
    super::Unreadable,
    xml::{Node, Xml, attribute},
};
use crate::model::Day;

/// Formats of a workbook at most; more than a spreadsheet can make.
const STYLES_MAX: usize = 1 << 17;

/// Formats of cells.
#[derive(Default)]
pub struct Styles {
    /// Of each format, whether it shows a date.
    dates: Vec<bool>,
    from_1904: bool,
}

impl Styles {
    /// Of a workbook that has none.
    pub const fn none(from_1904: bool) -> Self {
        Self { dates: Vec::new(), from_1904 }
    }

    /// Reads them.
    pub fn read<R: Read>(mut xml: Xml<R>, from_1904: bool) -> Result<Self, Unreadable> {
        let (mut own, mut dates, mut within) = (HashMap::new(), Vec::new(), false);
        loop {
            match xml.node()? {
                Node::Open(element) => match element.local_name().into_inner() {
                    "numFmt" if own.len() < STYLES_MAX => {
                        if let (Some(id), Some(code)) = (attribute(&element, "numFmtId"), attribute(&element, "formatCode")) {
                            own.insert(id, shows_date(&code));
                        }
                    }
                    "cellXfs" => within = true,
                    "xf" if within && dates.len() < STYLES_MAX => {
                        let id = attribute(&element, "numFmtId").unwrap_or_default();
                        dates.push(own.get(&id).copied().unwrap_or_else(|| is_date(&id)));
                    }
                    _ => {}
                },
                Node::Close(element) if element.local_name().into_inner() == "cellXfs" => within = false,
                Node::End => return Ok(Self { dates, from_1904 }),
                Node::Close(_) | Node::Text(_) | Node::Other => {}
            }
        }
    }

    /// The day that a number of this format shows; `None` where it shows none, or a time alone.
    pub fn day(&self, style: usize, number: &str) -> Option<Day> {
        /// Days from the spreadsheets' day 0, 1899-12-30, to 1970-01-01; from that of 1904.
        const EPOCH: i64 = 25_569;
        const EPOCH_1904: i64 = 24_107;
        if !self.dates.get(style).copied().unwrap_or(false) {
            return None;
        }
        let serial: i64 = number.split('.').next()?.parse().ok().filter(|serial| (1..=2_958_465).contains(serial))?;
        let epoch = if self.from_1904 { EPOCH_1904 } else { EPOCH };
        // Spreadsheets have a 29 February 1900, which never was: days before it are one further on.
        let early = i64::from(!self.from_1904 && serial < 60);
        Day::from_days_since_epoch(serial - epoch + early)
    }
}

/// Whether a format that every spreadsheet has shows a date.
fn is_date(id: &str) -> bool {
    matches!(id.parse::<u16>(), Ok(14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58))
}

/// Whether a format's code has a day or a year in it, outside quoted words, colours and languages.
fn shows_date(code: &str) -> bool {
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                characters.by_ref().find(|c| *c == '"');
            }
            '[' => {
                characters.by_ref().find(|c| *c == ']');
            }
            '\\' | '_' | '*' => {
                characters.next();
            }
            'y' | 'Y' | 'd' | 'D' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_shows_a_date_where_it_has_a_day_or_a_year() {
        for code in ["dd/mm/yyyy", "d mmm yyyy hh:mm", "[$-409]d-mmm-yy;@", "yyyy\\-mm\\-dd"] {
            assert!(shows_date(code), "{code}");
        }
        for code in ["General", "0.00", "[Red]0", "\"day\" 0", "#,##0_d", "hh:mm:ss", "[$₹-4009] #,##0.00"] {
            assert!(!shows_date(code), "{code}");
        }
    }

    #[test]
    fn days_are_counted_from_the_year_that_the_workbook_says() {
        let styles = |from_1904| Styles { dates: vec![false, true], from_1904 };
        let day = |from_1904, number| styles(from_1904).day(1, number).map(Day::iso);
        assert_eq!(day(false, "45292").as_deref(), Some("2024-01-01"));
        assert_eq!(day(false, "45292.75").as_deref(), Some("2024-01-01"));
        assert_eq!(day(true, "43830").as_deref(), Some("2024-01-01"));
        assert_eq!((day(false, "1").as_deref(), day(false, "61").as_deref()), (Some("1900-01-01"), Some("1900-03-01")));
        assert_eq!((day(false, "0.5"), day(false, "-3"), styles(false).day(0, "45292")), (None, None, None));
    }
}
