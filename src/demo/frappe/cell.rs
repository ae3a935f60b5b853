//! One stored value: how JSON becomes it, how it goes back, how it compares. Knows field types, not DocTypes or rows.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash as _, Hasher};

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::text::Text;
use crate::demo::schema::FieldType;

/// A value of a column in 16 bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Float(f64),
    Text(Text),
}

/// Why a value cannot be stored.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// MariaDB refuses the day or the instant: Frappe answers 500.
    Temporal(String),
    /// Too large for the column.
    Range(String),
}

/// Whether the column holds numbers, which have no null upstream.
pub(super) const fn is_numeric(kind: FieldType) -> bool {
    matches!(kind, FieldType::Int | FieldType::Float | FieldType::Percent | FieldType::Currency | FieldType::Check)
}

impl Cell {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// What Frappe would store for `value` in a column of `kind`.
    pub(super) fn read(kind: FieldType, value: &Value) -> Result<Self, Unfit> {
        match kind {
            FieldType::Int => {
                let number = number_of(value).trunc();
                if number.abs() > 2_147_483_647.0 { Err(Unfit::Range(number.to_string())) } else { Ok(Self::Int(number as i64)) }
            }
            FieldType::Check => Ok(Self::Int(i64::from(number_of(value).trunc() != 0.0))),
            FieldType::Float | FieldType::Percent | FieldType::Currency => {
                let number = number_of(value);
                if number.abs() >= 1e12 { Err(Unfit::Range(number.to_string())) } else { Ok(Self::Float(number)) }
            }
            FieldType::Date => match value {
                Value::Null => Ok(Self::Null),
                Value::String(text) if text.is_empty() => Ok(Self::Null),
                Value::String(text) if is_plain_day(text.as_bytes()) => Ok(Self::text(text)),
                other => {
                    let text = plain(other);
                    day(&text).map(|day| Self::text(&day)).ok_or(Unfit::Temporal(text))
                }
            },
            FieldType::Datetime => match value {
                Value::Null => Ok(Self::Null),
                Value::String(text) if text.is_empty() => Ok(Self::Null),
                Value::String(text) if is_plain_instant(text.as_bytes()) => Ok(Self::text(text)),
                other => {
                    let text = plain(other);
                    instant(&text).map(|instant| Self::text(&instant)).ok_or(Unfit::Temporal(text))
                }
            },
            _ if value.is_null() => Ok(Self::Null),
            FieldType::Duration => Ok(Self::Float(number_of(value))),
            FieldType::Password => Ok(Self::text(&"*".repeat(plain(value).chars().count()))),
            FieldType::Time => match plain(value) {
                text if text.is_empty() => Ok(Self::Null),
                text => time(&text).map(|time| Self::text(&time)).ok_or(Unfit::Temporal(text)),
            },
            _ => Ok(value.as_str().map_or_else(|| Self::text(&plain(value)), Self::text)),
        }
    }

    pub(super) fn json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Int(number) => Value::from(*number),
            Self::Float(number) => Value::from(*number),
            Self::Text(text) => Value::String(text.to_string()),
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Null or an empty text: what `is not set` finds.
    pub(super) fn is_unset(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.as_bytes().is_empty(),
            Self::Int(_) | Self::Float(_) => false,
        }
    }

    pub(super) fn number(&self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Int(number) => *number as f64,
            Self::Float(number) => *number,
            Self::Text(text) => leading_number(text),
        }
    }

    /// What equal cells have in common.
    pub(super) fn hash_into(&self, hasher: &mut impl Hasher) {
        match self {
            Self::Null => hasher.write_u8(0),
            Self::Int(number) => hasher.write_i64(*number),
            Self::Float(number) => hasher.write_u64(number.to_bits()),
            Self::Text(text) => text.hash(hasher),
        }
    }

    /// Whether MariaDB takes both for one.
    pub(super) fn same(&self, other: &Self) -> bool {
        // Most of what is compared is one code with another, written alike.
        let alike = matches!((self, other), (Self::Text(a), Self::Text(b)) if a == b);
        alike || self.order(other).is_eq()
    }

    /// MariaDB's order: null first, numbers by size, texts without regard to case and accents.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Less,
            (_, Self::Null) => Ordering::Greater,
            (Self::Text(a), Self::Text(b)) => ascii_order(a.as_bytes(), b.as_bytes()).unwrap_or_else(|| fold(a).cmp(&fold(b))),
            (a, b) => a.number().total_cmp(&b.number()),
        }
    }
}

/// JSON's scalars as Frappe's `cstr` writes them; objects and lists as compact JSON.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(flag) => i64::from(*flag).to_string(),
        other => other.to_string(),
    }
}

/// Frappe's `flt`: anything is a number, nonsense is 0.
pub(super) fn number_of(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64().unwrap_or(0.0),
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::String(text) => text.replace(',', "").trim().parse().unwrap_or(0.0),
        _ => 0.0,
    }
}

fn leading_number(text: &str) -> f64 {
    text.trim().parse().unwrap_or(0.0)
}

/// Whether a day is written as it is stored, and is one that every month has: what a bulk load brings by the million.
fn is_plain_day(day: &[u8]) -> bool {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = day else { return false };
    let of_a_year = matches!((m0, m1), (b'0', b'1'..) | (b'1', ..=b'2'));
    let of_a_month = matches!((d0, d1), (b'0', b'1'..) | (b'1', _) | (b'2', ..=b'8'));
    [y0, y1, y2, y3, m0, m1, d0, d1].iter().all(u8::is_ascii_digit) && of_a_year && of_a_month
}

/// Whether a moment is written as it is stored, without a fraction.
fn is_plain_instant(moment: &[u8]) -> bool {
    let Some((day, &[b' ', h0, h1, b':', m0, m1, b':', s0, s1])) = moment.split_at_checked(10) else { return false };
    let of_a_day = h0 < b'2' && m0 < b'6' && s0 < b'6';
    [h0, h1, m0, m1, s0, s1].iter().all(u8::is_ascii_digit) && of_a_day && is_plain_day(day)
}

/// `YYYY-MM-DD` of a day written as `2026-01-05`, `2026-1-5`, `20260105` or the start of an instant.
fn day(text: &str) -> Option<String> {
    let text = text.split(['T', ' ']).next()?;
    let format = if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) { "%Y%m%d" } else { "%Y-%m-%d" };
    jiff::civil::Date::strptime(format, text).ok().map(|day| day.to_string())
}

/// `YYYY-MM-DD HH:MM:SS[.ffffff]`; an offset or `Z` is refused, as MariaDB does.
fn instant(text: &str) -> Option<String> {
    let spaced = text.trim().replacen('T', " ", 1);
    let Some((date, time)) = spaced.split_once(' ') else { return day(&spaced).map(|day| format!("{day} 00:00:00")) };
    let time: jiff::civil::Time = time.parse::<jiff::civil::Time>().ok().filter(|_| !time.contains(['Z', '+', '-']))?;
    let clock = time.strftime("%H:%M:%S");
    let micros = time.subsec_nanosecond() / 1000;
    let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
    day(date).map(|day| format!("{day} {clock}{fraction}"))
}

/// A time of day as Frappe writes it, the hour and a second with a fraction unpadded: `9:05:00`, `9:05:5.5`.
fn time(text: &str) -> Option<String> {
    let mut parts = text.trim().split(':');
    let (hour, minute) = (parts.next()?.parse::<u8>().ok()?, parts.next()?.parse::<u8>().ok()?);
    let (second, fraction) = parts.next().unwrap_or("0").split_once('.').unwrap_or((text.rsplit(':').next()?, ""));
    let second = if text.matches(':').count() < 2 { 0 } else { second.parse::<u8>().ok()? };
    let digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
    if hour > 23 || minute > 59 || second > 59 || !digits || parts.next().is_some() {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() { format!("{hour}:{minute:02}:{second:02}") } else { format!("{hour}:{minute:02}:{second}.{fraction}") })
}

/// A text as the collation sees it: the key of every text index.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    let text = text.trim_end_matches(' ');
    if !text.is_ascii() {
        return text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect();
    }
    // Names and keys are folded as they are: by far the most that is asked for.
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { text.to_ascii_lowercase().into() } else { text.into() }
}

/// Order under the collation.
pub(super) fn collate(a: &str, b: &str) -> Ordering {
    ascii_order(a.as_bytes(), b.as_bytes()).unwrap_or_else(|| fold(a).cmp(&fold(b)))
}

/// Order under the collation of texts that are ASCII, which nobody has to fold for that.
fn ascii_order(a: &[u8], b: &[u8]) -> Option<Ordering> {
    fn trimmed(text: &[u8]) -> &[u8] {
        let blanks = text.iter().rev().take_while(|byte| **byte == b' ').count();
        &text[..text.len() - blanks]
    }
    if !a.is_ascii() || !b.is_ascii() {
        return None;
    }
    let (a, b) = (trimmed(a), trimmed(b));
    let differing = a.iter().zip(b).find(|(a, b)| !a.eq_ignore_ascii_case(b));
    Some(differing.map_or_else(|| a.len().cmp(&b.len()), |(a, b)| a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_stored_in_one_form_and_only_if_the_calendar_has_them() {
        let stored = |kind, given: &str| Cell::read(kind, &Value::from(given)).ok().and_then(|cell| cell.as_str().map(str::to_owned));
        let (day, instant) = (|given| stored(FieldType::Date, given), |given| stored(FieldType::Datetime, given));
        for (given, stored) in
            [("2026-02-28", "2026-02-28"), ("2026-1-5", "2026-01-05"), ("20260131", "2026-01-31"), ("2026-01-05 10:00:00", "2026-01-05")]
        {
            assert_eq!(day(given).as_deref(), Some(stored));
        }
        assert!(["2026-02-30", "2026-13-01", "2026-00-10", "2026-01-00", "2026_01_05", "0"].iter().all(|given| day(given).is_none()));
        for (given, stored) in [
            ("2026-02-28 19:59:59", "2026-02-28 19:59:59"),
            ("2026-02-28 23:59:59", "2026-02-28 23:59:59"),
            ("2026-02-28T08:00:00", "2026-02-28 08:00:00"),
            ("2026-02-28 08:00:00.5", "2026-02-28 08:00:00.500000"),
            ("2026-02-28", "2026-02-28 00:00:00"),
        ] {
            assert_eq!(instant(given).as_deref(), Some(stored));
        }
        assert!(
            ["2026-02-28 24:00:00", "2026-02-28 10:60:00", "2026-02-30 10:00:00", "2026-02-28 10:00:00Z"]
                .iter()
                .all(|given| instant(given).is_none())
        );
    }
}
