//! How rows are put together: fields that are empty stay out, amounts become rupees, days become texts, keys become hashes.
//!
//! Knows the upstream's forms, not the meaning of any field.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::model::Day;

/// One record, as the upstream holds it: fields in the order in which they were written. Of a field that was written twice the
/// last value counts, as in the database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record(Vec<(&'static str, Value)>);

/// Room for the fields of most records.
const FIELDS: usize = 48;

impl Record {
    /// A record without fields.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets a field.
    pub fn insert(&mut self, field: &'static str, value: Value) {
        self.0.push((field, value));
    }

    /// The value of a field that has one.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.iter().rfind(|(name, _)| *name == field).map(|(_, value)| value)
    }

    /// Whether a field has a value.
    pub fn contains_key(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    /// Fields and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> + Clone {
        self.0.iter().map(|(field, value)| (*field, value))
    }

    /// As a JSON object.
    pub fn into_object(self) -> Map<String, Value> {
        self.0.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
    }
}

impl std::ops::Index<&str> for Record {
    type Output = Value;

    fn index(&self, field: &str) -> &Value {
        self.get(field).unwrap_or(&Value::Null)
    }
}

/// A day, counted from 1970-01-01: what dates are while they are computed with.
pub type Date = i64;

/// A record being written. Only what is not empty is kept: a missing text reads back as null upstream, a missing number as 0.
#[derive(Debug)]
pub struct Row(Record);

impl Row {
    /// A record of this name, made at one moment and last changed at another (seconds since 1970-01-01 on the wall clock).
    pub fn new(name: &str, made_at: i64, changed_at: i64) -> Self {
        let stamp = |at| moment(at) + ".000000";
        let row = Self(Record(Vec::with_capacity(FIELDS))).text("name", name);
        row.text("creation", stamp(made_at)).text("modified", stamp(changed_at.max(made_at)))
    }

    /// A text, unless it is empty.
    pub fn text(mut self, field: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.0.insert(field, Value::String(value));
        }
        self
    }

    /// A text that may be missing.
    pub fn maybe(self, field: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(field, value),
            None => self,
        }
    }

    /// A whole number, always written: 0 is a value.
    pub fn int(mut self, field: &'static str, value: i64) -> Self {
        self.0.insert(field, Value::from(value));
        self
    }

    /// A Check, always written.
    pub fn check(self, field: &'static str, value: bool) -> Self {
        self.int(field, i64::from(value))
    }

    /// Paise, written as rupees with two decimals at most.
    pub fn money(mut self, field: &'static str, paise: i64) -> Self {
        self.0.insert(field, Value::from(paise as f64 / 100.0));
        self
    }

    /// A decimal number.
    pub fn float(mut self, field: &'static str, value: f64) -> Self {
        self.0.insert(field, Value::from(value));
        self
    }

    /// A day that may be missing.
    pub fn date(self, field: &'static str, day: impl Into<Option<Date>>) -> Self {
        match day.into() {
            Some(day) => self.text(field, iso(day)),
            None => self,
        }
    }

    /// The `YYYY-MM` of a day that may be missing.
    pub fn month(self, field: &'static str, day: impl Into<Option<Date>>) -> Self {
        match day.into() {
            Some(day) => self.text(field, month(day)),
            None => self,
        }
    }

    /// A moment that may be missing, in seconds since 1970-01-01 on the site's wall clock.
    pub fn moment(self, field: &'static str, at: impl Into<Option<i64>>) -> Self {
        match at.into() {
            Some(at) => self.text(field, moment(at)),
            None => self,
        }
    }

    /// The fields of another record, over this one's.
    pub fn with(mut self, other: &Record) -> Self {
        self.0.0.extend_from_slice(&other.0);
        self
    }

    /// Rows of a child table.
    pub fn rows(mut self, field: &'static str, rows: Vec<Record>) -> Self {
        self.0.insert(field, Value::Array(rows.into_iter().map(|row| Value::Object(row.into_object())).collect()));
        self
    }

    /// The finished record.
    pub fn done(self) -> Record {
        self.0
    }
}

/// `2026-11-21`; the first day of all for one that no calendar has.
pub fn iso(day: Date) -> String {
    Day::from_days_since_epoch(day).map_or_else(|| "0001-01-01".to_owned(), Day::iso)
}

/// `2026-11`.
pub fn month(day: Date) -> String {
    let mut text = iso(day);
    text.truncate(7);
    text
}

/// `2026-11-21 10:42:00`.
pub fn moment(at: i64) -> String {
    let second = at.rem_euclid(86_400);
    // With room for microseconds.
    let mut text = String::with_capacity(26);
    text.push_str(&iso(at.div_euclid(86_400)));
    for (before, part) in [(' ', second / 3600), (':', second / 60 % 60), (':', second % 60)] {
        text.extend([before, digit(part / 10), digit(part)]);
    }
    text
}

/// The last digit of a number.
fn digit(number: i64) -> char {
    char::from(b'0' + (number % 10) as u8)
}

/// The moment `minutes` after midnight of a day.
pub fn at(day: Date, minutes: i64) -> i64 {
    day * 86_400 + minutes * 60
}

/// The same day of the month `months` later, or the last day of that month where it has no such day.
pub fn add_months(day: Date, months: i64) -> Date {
    let text = iso(day);
    let number = |part: Option<&str>| part.and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(1);
    let (year, month_of_year, day_of_month) = (number(text.get(0..4)), number(text.get(5..7)), number(text.get(8..10)));
    let target = year * 12 + month_of_year - 1 + months;
    let (year, month_of_year) = (i16::try_from(target.div_euclid(12)).unwrap_or(1), target.rem_euclid(12) + 1);
    let found = (0..4).find_map(|back| Day::new(year, u8::try_from(month_of_year).ok()?, u8::try_from(day_of_month - back).ok()?));
    found.map_or(day, Day::days_since_epoch)
}

/// ISO week of a day, `2026-W47`.
pub fn week(day: Date) -> String {
    // 1970-01-01 was a Thursday; a week belongs to the year of its Thursday.
    let thursday = day - (day + 3).rem_euclid(7) + 3;
    let year = iso(thursday).get(0..4).unwrap_or("1970").to_owned();
    let first = Day::parse(&format!("{year}-01-01")).map_or(thursday, Day::days_since_epoch);
    format!("{year}-W{:02}", (thursday - first) / 7 + 1)
}

/// ISO weekday: 1 is Monday, 7 is Sunday.
pub fn weekday(day: Date) -> i64 {
    (day + 3).rem_euclid(7) + 1
}

/// A natural key (records §6.2): SHA-256 over institution and parts, joined by 0x1f, in lower-case hex. The caller folds
/// letter case as the field asks.
pub fn natural_key(institution: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(institution.as_bytes());
    for part in parts {
        hash.update([0x1f]);
        hash.update(part.trim().as_bytes());
    }
    hex(&hash.finalize())
}

/// SHA-256 of a text, in lower-case hex.
pub fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Bytes in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Day::parse(text).unwrap().days_since_epoch()
    }

    #[test]
    fn months_end_where_the_calendar_ends_them() {
        assert_eq!(iso(add_months(day("2026-11-30"), 3)), "2027-02-28");
        assert_eq!(iso(add_months(day("2028-02-29"), 12)), "2029-02-28");
        assert_eq!(iso(add_months(day("2026-11-21"), 12)), "2027-11-21");
        assert_eq!(iso(add_months(day("2026-01-15"), -2)), "2025-11-15");
    }

    #[test]
    fn of_a_field_that_is_written_twice_the_last_value_counts() {
        let other = Row::new("b", 0, 0).text("town", "Pune").done();
        let row = Row::new("a", 0, 0).text("town", "Nashik").text("state", "MH").with(&other).text("state", "").done();
        assert_eq!((&row["name"], &row["town"], &row["state"]), (&"b".into(), &"Pune".into(), &"MH".into()));
        assert_eq!(row.clone().into_object()["town"], "Pune");
    }

    #[test]
    fn a_moment_has_two_digits_in_every_part() {
        let midnight = at(day("2026-11-01"), 0);
        assert_eq!(
            [0, 3_723, 86_399, -1].map(|second| moment(midnight + second)),
            ["2026-11-01 00:00:00", "2026-11-01 01:02:03", "2026-11-01 23:59:59", "2026-10-31 23:59:59"]
        );
    }

    #[test]
    fn weeks_are_those_of_iso_8601() {
        assert_eq!(
            ["2026-11-21", "2027-01-01", "2024-12-30", "2026-01-01"].map(|text| week(day(text))),
            ["2026-W47", "2026-W53", "2025-W01", "2026-W01"]
        );
        assert_eq!((weekday(day("2026-11-21")), weekday(day("2026-11-22"))), (6, 7));
    }

    #[test]
    fn a_natural_key_joins_its_parts_with_unit_separators() {
        assert_eq!(natural_key("BANYAN", &["a", " b "]), sha256("BANYAN\u{1f}a\u{1f}b"));
    }
}
