//! Rupees as India writes them. Never a lakh, a crore, a minus or a bracket: each has been meant in two ways by somebody.

use super::{Problem, Said};
use crate::model::{Inr, form::AMOUNT_MAX_RUPEES};

/// An amount as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amount {
    /// The amount.
    pub(crate) value: Inr,
    /// Whether parts of a paisa were rounded away that the file means.
    pub(crate) rounded: bool,
}

impl Amount {
    /// As a form takes it.
    pub(crate) fn typed(self) -> String {
        let paise = self.value.paise().unsigned_abs();
        format!("{}.{:02}", paise / 100, paise % 100)
    }
}

const HOW: &str = "Write rupees in digits, as 1,23,456.78.";

fn problem(said: &Said<'_>, why: &str) -> Problem {
    Problem::new("E_AMOUNT", format!("{} {why}", said.quoted()))
}

/// An amount that is not below nothing.
pub(crate) fn amount(said: &Said<'_>) -> Result<Amount, Problem> {
    let amount = match said {
        Said::Number(number) => of_number(said, number),
        Said::Words(words) => of_words(said, words),
        Said::Day(_) => Err(problem(said, "is a date to the spreadsheet. Format the column as a number, and look at the amounts again.")),
        Said::Truth(_) => Err(problem(said, &format!("is no amount. {HOW}"))),
    }?;
    if amount.value >= Inr::from_rupees(AMOUNT_MAX_RUPEES) {
        return Err(problem(said, "is more than a case can hold, which is less than ₹10,000 Cr."));
    }
    Ok(amount)
}

/// A number as a spreadsheet stores it: a decimal fraction, maybe with an exponent.
fn of_number(said: &Said<'_>, number: &str) -> Result<Amount, Problem> {
    let no_amount = || problem(said, &format!("is no amount. {HOW}"));
    if number.starts_with('-') && number.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        return Err(negative(said));
    }
    let number = number.trim_start_matches('-');
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let exponent: i32 = exponent.trim_start_matches('+').parse().map_err(|_| no_amount())?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    paise(whole, fraction, exponent).ok_or_else(no_amount)
}

fn of_words(said: &Said<'_>, words: &str) -> Result<Amount, Problem> {
    let no_amount = || problem(said, &format!("is no amount. {HOW}"));
    let text: String = words.to_lowercase().chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if text.starts_with('(') && text.ends_with(')') {
        return Err(problem(said, "stands in brackets, which means below nothing. Write what is owed without brackets."));
    }
    if text.starts_with(['-', '−', '–']) || text.ends_with(['-', '−']) && !text.ends_with("/-") {
        return Err(negative(said));
    }
    let mut plain = text.as_str();
    for sign in ["₹", "rs.", "rs", "inr"] {
        plain = plain.strip_prefix(sign).map_or(plain, str::trim_start);
    }
    for end in ["only", "/-", "/", "rupees", "inr", "₹"] {
        plain = plain.strip_suffix(end).map_or(plain, str::trim_end);
    }
    let letters = plain.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | ' '));
    match letters.trim_end_matches('.') {
        "" => {}
        "cr" => return Err(problem(said, "may mean crore or credit. Write the rupees in full, as 1,20,00,000.")),
        "dr" => return Err(problem(said, "is marked as a debit. Write what is owed without the mark.")),
        "l" | "lac" | "lacs" | "lakh" | "lakhs" | "k" | "crore" | "crores" | "thousand" | "m" | "mn" => {
            return Err(problem(said, "is shortened. Write the rupees in full, as 1,50,000."));
        }
        _ => return Err(no_amount()),
    }
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    if fraction.contains([',', '.']) {
        return Err(problem(said, "has commas or points where none can be. Write the rupees as 1,23,456.78."));
    }
    if whole.contains(' ') || fraction.contains(' ') {
        return Err(problem(said, "has blanks between its digits, so that it may be two numbers. Write it without."));
    }
    let whole = ungrouped(whole).ok_or_else(|| problem(said, "has commas where none can be. Write the rupees as 1,23,456.78."))?;
    paise(&whole, fraction, 0).ok_or_else(no_amount)
}

fn negative(said: &Said<'_>) -> Problem {
    problem(said, "is below nothing. Write what is owed; what was paid too much is no part of the dues.")
}

/// Digits without their commas, where these stand as in India or as elsewhere: by pairs or by threes, the last group always of three.
fn ungrouped(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split(',').collect();
    if let [_, middle @ .., last] = groups.as_slice() {
        let first = groups.first().map_or(0, |group| group.len());
        let by = |length: usize| middle.iter().all(|group| group.len() == length);
        let fits = last.len() == 3 && ((1..=2).contains(&first) && by(2) || (1..=3).contains(&first) && by(3));
        if !fits {
            return None;
        }
    }
    Some(groups.concat())
}

/// To the paisa, half a paisa up; `None` for what is no decimal fraction, and for what no record could hold.
fn paise(whole: &str, fraction: &str, exponent: i32) -> Option<Amount> {
    /// Digits of paise that a sum has at most.
    const MOST: usize = 17;
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if whole.is_empty() || digits.len() > 400 || exponent.unsigned_abs() > 400 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Where the paise end among the digits.
    let end = i64::try_from(whole.len()).ok()? + i64::from(exponent) + 2;
    let digit = |at: i64| usize::try_from(at).ok().and_then(|at| digits.get(at)).map_or(0, |digit| i64::from(digit - b'0'));
    let first = i64::try_from(digits.iter().position(|digit| *digit != b'0').unwrap_or(digits.len())).ok()?;
    if usize::try_from(end - first).is_ok_and(|length| length > MOST) && first < i64::try_from(digits.len()).ok()? {
        return None;
    }
    let mut value = 0_i64;
    for at in first..end.max(first) {
        value = value.checked_mul(10)?.checked_add(digit(at))?;
    }
    let rest: Vec<i64> = (end..i64::try_from(digits.len()).ok()?).map(digit).collect();
    let up = digit(end) >= 5;
    // What a float leaves behind is far smaller than what anybody means.
    let float = rest.len() >= 4 && (rest.iter().take(4).all(|digit| *digit == 0) || rest.iter().take(4).all(|digit| *digit == 9));
    let rounded = !float && rest.iter().any(|digit| *digit != 0);
    Some(Amount { value: Inr::from_paise(value.checked_add(i64::from(up))?), rounded })
}
