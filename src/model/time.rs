//! Days and instants, small enough for the browser: no time-zone tables, no date library.
//!
//! The server resolves zones; what travels is a civil day, or an instant together with the offset that its institution's
//! zone had at that moment, so that the browser can write it without knowing any zone.

use serde::{Deserialize, Serialize};

/// A civil date in the institution's zone, without a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day {
    year: i16,
    month: u8,
    day: u8,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const MONTH_NAMES: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Day {
    /// 1970-01-01.
    pub const EPOCH: Self = Self { year: 1970, month: 1, day: 1 };

    /// A date of the Gregorian calendar, years 1 to 9999; `None` for a day that does not exist.
    pub fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        let exists = (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
        exists.then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD`, the form of the upstream and of URLs.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| -> Option<i16> {
            let part = &bytes[range];
            part.iter().all(u8::is_ascii_digit).then(|| part.iter().fold(0_i16, |sum, digit| sum * 10 + i16::from(digit - b'0')))
        };
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        Self::new(digits(0..4)?, u8::try_from(digits(5..7)?).ok()?, u8::try_from(digits(8..10)?).ok()?)
    }

    /// `2026-11-21`.
    pub fn iso(self) -> String {
        // By hand: a demo writes some ten million of them before it is up.
        let digit = |number: u16| b'0' + (number % 10) as u8;
        let (year, month, day) = (self.year.unsigned_abs(), u16::from(self.month), u16::from(self.day));
        let text = [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
        ];
        std::str::from_utf8(&text).unwrap_or_default().to_owned()
    }

    /// `21 Nov 2026`, the way every screen writes a date.
    pub fn long(self) -> String {
        format!("{} {} {}", self.day, MONTHS[usize::from(self.month - 1)], self.year)
    }

    /// `Sat 21 Nov`, where the year is known from beside it.
    pub fn short(self) -> String {
        format!("{} {} {}", WEEKDAYS[usize::from(self.weekday())], self.day, MONTHS[usize::from(self.month - 1)])
    }

    /// `November 2026`.
    pub fn month(self) -> String {
        format!("{} {}", MONTH_NAMES[usize::from(self.month - 1)], self.year)
    }

    /// The day of its month.
    pub const fn of_month(self) -> u8 {
        self.day
    }

    /// The first day of its month.
    #[must_use]
    pub const fn first_of_month(self) -> Self {
        Self { day: 1, ..self }
    }

    /// Days since the Monday of its week: 0 on a Monday, 6 on a Sunday.
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        u8::try_from((self.days_since_epoch() + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// The Monday of its week.
    #[must_use]
    pub fn monday(self) -> Self {
        self.later(-i64::from(self.weekday()))
    }

    /// Its week by ISO 8601, as the upstream writes it: `2026-W47`.
    pub fn week(self) -> String {
        // A week belongs to the year of its Thursday.
        let thursday = self.monday().later(3);
        let first = Self { year: thursday.year, month: 1, day: 1 };
        format!("{:04}-W{:02}", thursday.year, (thursday.days_since_epoch() - first.days_since_epoch()) / 7 + 1)
    }

    /// The day so many days later, or earlier where negative; itself where years 1 to 9999 have no such day.
    #[must_use]
    pub fn later(self, days: i64) -> Self {
        self.days_since_epoch().checked_add(days).and_then(Self::from_days_since_epoch).unwrap_or(self)
    }

    /// The same day of the month so many months later, or that month's last where it has no such day; itself beyond the year 9999.
    #[must_use]
    pub fn months_later(self, months: u32) -> Self {
        let months = i64::from(self.year) * 12 + i64::from(self.month) - 1 + i64::from(months);
        let (Ok(year), Ok(month)) = (i16::try_from(months / 12), u8::try_from(months % 12 + 1)) else { return self };
        Self::new(year, month, self.day.min(days_in_month(year, month))).unwrap_or(self)
    }

    /// Days since 1970-01-01; negative before it.
    pub fn days_since_epoch(self) -> i64 {
        // The civil-from-days algorithm of H. Hinnant: March-based years of the proleptic Gregorian calendar.
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// The date `days` after 1970-01-01; `None` outside years 1 to 9999.
    pub fn from_days_since_epoch(days: i64) -> Option<Self> {
        let days = days.checked_add(719_468)?;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_shifted + 2) / 5 + 1;
        let month = if month_shifted < 10 { month_shifted + 3 } else { month_shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self::new(i16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }
}

const fn days_in_month(year: i16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl TryFrom<String> for Day {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a date is written YYYY-MM-DD")
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.iso()
    }
}

/// A moment, with the offset from UTC that the institution's zone had then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub unix_s: i64,
    /// Minutes to add to UTC for the institution's wall clock.
    pub offset_minutes: i16,
}

impl Instant {
    /// The day on the institution's wall clock; `None` outside years 1 to 9999.
    pub fn day(self) -> Option<Day> {
        Day::from_days_since_epoch(self.local_s().div_euclid(86_400))
    }

    /// `10:42` on the institution's wall clock.
    pub fn clock(self) -> String {
        let minute_of_day = self.local_s().rem_euclid(86_400) / 60;
        format!("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60)
    }

    /// `21 Nov 2026, 10:42` on the institution's wall clock.
    pub fn long(self) -> String {
        self.day().map_or_else(|| "—".to_owned(), |day| format!("{}, {}", day.long(), self.clock()))
    }

    /// `21 Nov 2026, 10:42:07` on the institution's wall clock.
    pub fn exact(self) -> String {
        format!("{}:{:02}", self.long(), self.local_s().rem_euclid(60))
    }

    fn local_s(self) -> i64 {
        self.unix_s.saturating_add(i64::from(self.offset_minutes) * 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_survive_the_round_trip_through_the_epoch() {
        for days in (-719_162..2_932_897).step_by(97) {
            let day = Day::from_days_since_epoch(days).unwrap();
            assert_eq!(day.days_since_epoch(), days);
            assert_eq!(Day::parse(&day.iso()), Some(day));
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-05", "20260105", "2026-11-31", "+026-11-01", "", "२०२६-११-०१"]
        {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        assert!(Day::parse("2028-02-29").is_some());
    }

    #[test]
    fn a_month_later_is_the_same_day_or_the_months_last() {
        let later = |text: &str, months| Day::parse(text).unwrap().months_later(months).iso();
        assert_eq!([later("2026-01-31", 1), later("2028-01-31", 1), later("2024-02-29", 12)], ["2026-02-28", "2028-02-29", "2025-02-28"]);
        assert_eq!([later("2026-12-15", 1), later("2026-11-30", 3), later("2026-08-31", 6)], ["2027-01-15", "2027-02-28", "2027-02-28"]);
        assert_eq!([later("2026-05-05", 0), later("9999-06-30", 12), later("2024-02-29", 48)], ["2026-05-05", "9999-06-30", "2028-02-29"]);
    }

    #[test]
    fn weeks_are_those_of_iso_8601() {
        let weeks = ["2026-11-21", "2027-01-01", "2024-12-30", "2026-01-01", "2026-11-22", "2026-11-23"];
        let weeks = weeks.map(|text| Day::parse(text).unwrap().week());
        assert_eq!(weeks, ["2026-W47", "2026-W53", "2025-W01", "2026-W01", "2026-W47", "2026-W48"]);
    }

    #[test]
    fn an_instant_reads_as_its_own_zones_wall_clock() {
        // 2026-11-20T18:30:00Z is midnight of the 21st in Kolkata: the awkward hearing.
        let instant = Instant { unix_s: 1_795_199_400, offset_minutes: 330 };
        assert_eq!(instant.long(), "21 Nov 2026, 00:00");
    }
}
