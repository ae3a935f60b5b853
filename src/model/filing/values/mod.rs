//! What a cell means, brought into the shape in which the forms read it: `₹ 1,23,456/-` as `123456`, `21-Nov-26` as `2026-11-21`. What
//! could mean two things is refused with what to write instead. It must not know which other cells a row has.

mod amount;
mod day;
mod word;

pub(super) use amount::{Amount, amount};
pub(super) use day::day;
pub(super) use word::{branch, consent, entity, lan, language, mobile, one_line, pan, pincode, product, role, state, yes_no};

use std::borrow::Cow;

use super::cell::{Cell, is_blank};
use crate::model::Day;

/// Why a value cannot be taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// The code of its repair.
    pub(super) code: &'static str,
    /// What is wrong and what to write.
    pub(super) sentence: String,
}

impl Problem {
    pub(super) fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into() }
    }
}

/// What a cell says, its blanks cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said<'a> {
    Words(Cow<'a, str>),
    Number(&'a str),
    Day(Day),
    Truth(bool),
}

impl Said<'_> {
    /// As it is quoted in a sentence.
    fn quoted(&self) -> String {
        match self {
            Self::Words(words) => quoted(words),
            Self::Number(number) => quoted(number),
            Self::Day(day) => quoted(&day.long()),
            Self::Truth(truth) => quoted(if *truth { "TRUE" } else { "FALSE" }),
        }
    }
}

/// The longest text that a sentence quotes whole.
const QUOTED_MAX: usize = 40;

/// Words in quotation marks, cut where they are long.
pub(super) fn quoted(words: &str) -> String {
    let short: String = words.chars().filter(|c| !c.is_control()).take(QUOTED_MAX).collect();
    if short.len() < words.len() { format!("“{short}…”") } else { format!("“{short}”") }
}

/// What people write where there is nothing to write.
const NOTHING: &[&str] =
    &["-", "--", "---", "–", "—", ".", "na", "n/a", "n.a", "n.a.", "nil", "null", "none", "nan", "#n/a", "not available", "not applicable"];

/// What a cell says; `None` where it says nothing.
///
/// # Errors
/// Formulas and errors: nobody has said that what they came to is meant.
pub(super) fn said(cell: &Cell) -> Result<Option<Said<'_>>, Problem> {
    Ok(Some(match cell {
        Cell::Empty => return Ok(None),
        Cell::Text(text) => {
            let plain = text.trim_matches(is_blank);
            // How exports keep a spreadsheet from computing a text, and how core banking keeps leading zeros.
            let plain = plain.strip_prefix('\'').map_or(plain, |rest| rest.trim_start_matches(is_blank));
            let plain =
                plain.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).filter(|rest| !rest.contains('"')).unwrap_or(plain);
            if plain.is_empty() {
                return Ok(None);
            }
            Said::Words(Cow::Borrowed(plain))
        }
        Cell::Number(number) => Said::Number(number),
        Cell::Day(day) => Said::Day(*day),
        Cell::Truth(truth) => Said::Truth(*truth),
        Cell::Formula(came_to) => {
            let sentence = format!("A formula stands here; it came to {}. Copy the cells and paste them as values.", quoted(came_to));
            return Err(Problem::new("E_FORMULA", sentence));
        }
        Cell::Wrong(error) => {
            let sentence = format!("The spreadsheet shows the error {} here. Correct it, and paste the cells as values.", quoted(error));
            return Err(Problem::new("E_FORMULA", sentence));
        }
    }))
}

/// Whether words only say that there is nothing.
pub(super) fn is_nothing(said: &Said<'_>) -> bool {
    matches!(said, Said::Words(words) if NOTHING.contains(&words.to_lowercase().as_str()))
}

/// Whether a spreadsheet could take a text for a formula.
pub(super) fn begins_as_formula(said: &Said<'_>) -> bool {
    matches!(said, Said::Words(words) if words.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) && words.len() > 1)
}

/// A whole number as its digits, however a spreadsheet writes it; `None` where digits of it may be lost.
fn whole(number: &str) -> Option<String> {
    /// Digits that every spreadsheet keeps.
    const KEPT: usize = 15;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !number.is_empty() && digits(number) {
        return Some(number.to_owned());
    }
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let exponent = usize::try_from(exponent.trim_start_matches('+').parse::<i32>().ok()?).ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    if whole.is_empty() || !digits(whole) || !digits(fraction) || exponent < fraction.len() || exponent + whole.len() > KEPT {
        return None;
    }
    let zeros = "0".repeat(exponent - fraction.len());
    Some(format!("{whole}{fraction}{zeros}"))
}
