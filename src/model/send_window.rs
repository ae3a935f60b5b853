//! When notices may go out: the hours of the conduct rules, which a campaign may narrow and never widen, its days of the week, and the days on
//! which nobody sends. It must not know any campaign.

use super::Day;

/// The earliest, in minutes after midnight where the institution is: lenders write and call from 08:00 on.
const OPENS: u16 = 8 * 60;
/// The latest: until 19:00.
const CLOSES: u16 = 19 * 60;
/// Republic Day, Independence Day and Gandhi Jayanti: month and day.
const NATIONAL_HOLIDAYS: [&str; 3] = ["01-26", "08-15", "10-02"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The hours in which a campaign sends: in minutes after midnight, the last not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendWindow {
    from: u16,
    until: u16,
}

impl SendWindow {
    /// The widest that there is.
    pub const WIDEST: Self = Self { from: OPENS, until: CLOSES };

    /// Reads two times such as `08:00`.
    ///
    /// # Errors
    /// In a sentence, what is wrong with them.
    pub fn read(from: &str, until: &str) -> Result<Self, &'static str> {
        let (Some(from), Some(until)) = (minute(from), minute(until)) else { return Err("Write the time as 08:00.") };
        if from < OPENS || until > CLOSES {
            return Err("Nothing is sent before 08:00 or after 19:00: the hours can be narrower, never wider.");
        }
        if from >= until {
            return Err("Sending must end after it begins.");
        }
        Ok(Self { from, until })
    }

    /// Whether something may be sent at this minute of the day.
    pub const fn holds(self, minute: u16) -> bool {
        self.from <= minute && minute < self.until
    }

    /// Both ends, as they are written.
    pub fn texts(self) -> (String, String) {
        let text = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        (text(self.from), text(self.until))
    }
}

/// `08:30` as minutes after midnight.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |part: &str, most: u16| {
        let plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u16>().ok().filter(|number| plain && *number < most)
    };
    Some(digits(hour, 24)? * 60 + digits(minute, 60)?)
}

/// The days of the week on which a campaign sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendDays([bool; 7]);

impl SendDays {
    /// Reads numbers of weekdays by ISO 8601, `1` for Monday; `None` for anything else, and for none at all.
    pub fn read(text: &str) -> Option<Self> {
        let mut days = [false; 7];
        for letter in text.chars() {
            let number = letter.to_digit(10).filter(|number| (1..=7).contains(number))?;
            *days.get_mut(usize::try_from(number - 1).ok()?)? = true;
        }
        days.contains(&true).then_some(Self(days))
    }

    /// Whether something may be sent on this day: never on a national holiday.
    pub fn holds(self, day: Day) -> bool {
        self.0.get(usize::from(day.weekday())).copied().unwrap_or(false) && !is_national_holiday(day)
    }

    /// As it is kept: `12345`.
    pub fn text(self) -> String {
        (1..=7).zip(self.0).filter(|(_, sends)| *sends).map(|(number, _)| number.to_string()).collect()
    }

    /// As people say it: `Mon, Tue`.
    pub fn words(self) -> String {
        if self.0 == [true; 7] {
            return "every day".to_owned();
        }
        WEEKDAYS.into_iter().zip(self.0).filter(|(_, sends)| *sends).map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    }
}

/// Whether nobody sends on this day.
fn is_national_holiday(day: Day) -> bool {
    day.iso().get(5..).is_some_and(|day| NATIONAL_HOLIDAYS.contains(&day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_can_be_narrower_than_the_rules_and_never_wider() {
        assert_eq!(SendWindow::read("08:00", "19:00"), Ok(SendWindow::WIDEST));
        assert_eq!(SendWindow::read(" 10:30", "17:05 ").map(SendWindow::texts), Ok(("10:30".to_owned(), "17:05".to_owned())));
        for (from, until) in [("07:59", "19:00"), ("08:00", "19:01"), ("00:00", "23:59"), ("12:00", "12:00"), ("15:00", "09:00")] {
            assert!(SendWindow::read(from, until).is_err(), "{from} {until}");
        }
        for text in ["8:00", "0800", "", "24:00", "12:60", "१२:००", "+8:00", "-1:00"] {
            assert_eq!(SendWindow::read(text, "19:00"), Err("Write the time as 08:00."), "{text}");
        }
        let window = SendWindow::read("09:00", "18:00").unwrap();
        assert_eq!([539, 540, 1_079, 1_080].map(|minute| window.holds(minute)), [false, true, true, false]);
    }

    #[test]
    fn days_are_those_of_the_week_less_the_national_holidays() {
        let days = SendDays::read("12345").unwrap();
        assert_eq!((days.text(), days.words()), ("12345".to_owned(), "Mon, Tue, Wed, Thu, Fri".to_owned()));
        let holds = |text: &str| days.holds(Day::parse(text).unwrap());
        // A Thursday, a Saturday, and Gandhi Jayanti on a Friday.
        assert_eq!([holds("2026-11-26"), holds("2026-11-28"), holds("2026-10-02")], [true, false, false]);
        assert_eq!(SendDays::read("7654321").unwrap().words(), "every day");
        for text in ["", "0", "8", "1 2", "x"] {
            assert_eq!(SendDays::read(text), None, "{text}");
        }
    }
}
