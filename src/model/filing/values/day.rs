//! Dates as India writes them: day before month, always.

use super::{Problem, Said};
use crate::model::Day;

const MONTHS: [(&str, &str); 12] = [
    ("jan", "january"),
    ("feb", "february"),
    ("mar", "march"),
    ("apr", "april"),
    ("may", "may"),
    ("jun", "june"),
    ("jul", "july"),
    ("aug", "august"),
    ("sep", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
];

fn problem(said: &Said<'_>, why: impl AsRef<str>) -> Problem {
    Problem::new("E_DATE", format!("{} {}", said.quoted(), why.as_ref()))
}

const HOW: &str = "is no date. Write it as 21/11/2026 or 21-Nov-2026.";

/// Days from the spreadsheets' day 0, 1899-12-30, to 1970-01-01.
const SERIAL_EPOCH: i64 = 25_569;

/// A date.
pub(crate) fn day(said: &Said<'_>) -> Result<Day, Problem> {
    let words = match said {
        Said::Day(day) => return Ok(*day),
        Said::Truth(_) => return Err(problem(said, HOW)),
        Said::Number(number) => return Err(of_number(said, number)),
        Said::Words(words) => words,
    };
    if words.len() > 40 {
        return Err(problem(said, HOW));
    }
    if words.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(of_number(said, words));
    }
    let date = without_clock(words);
    let parts: Vec<&str> = date.split(['/', '-', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts.as_slice() else { return Err(problem(said, HOW)) };
    let digits = |part: &str, most: usize| part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
    let number = |part: &str| part.parse::<i16>().ok();
    let (day_of_month, month, year) = if digits(first, 4) && first.len() == 4 && digits(second, 2) && digits(third, 2) {
        (number(third), number(second), number(first))
    } else if digits(first, 2) && digits(third, 4) && matches!(third.len(), 2 | 4) {
        let year = number(third).map(|year| if third.len() == 2 { 2000 + year } else { year });
        let month = if digits(second, 2) { number(second) } else { month_of(second) };
        (number(first), month, year)
    } else {
        return Err(problem(said, HOW));
    };
    let (Some(day_of_month), Some(month), Some(year)) = (day_of_month, month, year) else { return Err(problem(said, HOW)) };
    if !(1..=12).contains(&month) {
        return Err(problem(said, format!("has no month {month}. Dates are read as day/month/year, never month/day/year.")));
    }
    let made = u8::try_from(month).ok().zip(u8::try_from(day_of_month).ok()).and_then(|(month, day)| Day::new(year, month, day));
    made.ok_or_else(|| problem(said, "is a day that does not exist."))
}

/// What a number could mean as a date is told and not assumed: it may as well be something else.
fn of_number(said: &Said<'_>, number: &str) -> Problem {
    let whole = number.split('.').next().unwrap_or_default();
    let serial = whole.parse::<i64>().ok().filter(|serial| (20_000..80_000).contains(serial));
    match serial.and_then(|serial| Day::from_days_since_epoch(serial - SERIAL_EPOCH)) {
        Some(day) => {
            let means = format!("is a number; as a spreadsheet counts days it would be {}. Format the column as a date.", day.long());
            problem(said, means)
        }
        None if whole.len() == 8 => problem(said, "may be read in two ways. Write the date as 21/11/2026."),
        None => problem(said, HOW),
    }
}

/// A date without the time that exports put behind it.
fn without_clock(words: &str) -> &str {
    let Some(at) = words.find(':') else { return words };
    let before = words.get(..at).unwrap_or_default();
    let is_clock = |clock: &str| {
        clock.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | ' ' | '+' | 'a' | 'A' | 'p' | 'P' | 'm' | 'M' | 'Z'))
    };
    match before.rfind(['T', ' ']).and_then(|cut| Some((words.get(..cut)?, words.get(cut + 1..)?))) {
        Some((date, clock)) if is_clock(clock) => date.trim_end(),
        _ => words,
    }
}

fn month_of(word: &str) -> Option<i16> {
    let word = word.to_lowercase();
    let place = MONTHS.iter().position(|(short, long)| word == *short || word == *long || word == "sept" && *short == "sep")?;
    i16::try_from(place + 1).ok()
}
