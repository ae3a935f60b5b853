//! Spans of days by name, as the filters `timespan`, `previous` and `next` write them. Knows no rows.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// First and last day of a span such as `last month`; weeks begin on Sunday, as on a site that was not told otherwise.
pub(super) fn days(name: &str, today: Date) -> Option<(Date, Date)> {
    let name = name.trim().to_lowercase();
    let moved = |span: Span| today.checked_add(span).ok();
    match name.as_str() {
        "today" => return Some((today, today)),
        "yesterday" => return moved((-1).days()).map(|day| (day, day)),
        "tomorrow" => return moved(1.days()).map(|day| (day, day)),
        _ => {}
    }
    let (way, unit) = name.split_once(' ')?;
    let sign = match way {
        "last" => -1_i64,
        "this" => 0,
        "next" => 1,
        _ => return None,
    };
    if let Some(count) = unit.strip_suffix(" days").and_then(|count| count.parse::<i64>().ok()) {
        let other = moved(Span::new().try_days(sign * count).ok()?)?;
        return Some((today.min(other), today.max(other)));
    }
    match unit {
        "week" => week(moved((sign * 7).days())?),
        "month" => months(moved(sign.months())?, 1),
        "quarter" => months(moved((sign * 3).months())?, 3),
        "year" => months(moved(sign.years())?, 12),
        "6 months" => {
            let (near, far) = (months(moved((sign * 3).months())?, 3)?, months(moved((sign * 6).months())?, 3)?);
            Some((near.0.min(far.0), near.1.max(far.1)))
        }
        _ => None,
    }
}

/// `previous` and `next` say how long, not which.
pub(super) fn neighbour(operator: &str, length: &str) -> Option<String> {
    let way = if operator == "previous" { "last" } else { "next" };
    let unit = match length.trim() {
        "1 week" => "week",
        "1 month" => "month",
        "3 months" => "quarter",
        "6 months" => "6 months",
        "1 year" => "year",
        _ => return None,
    };
    Some(format!("{way} {unit}"))
}

fn week(day: Date) -> Option<(Date, Date)> {
    let first = day.checked_sub(i64::from(day.weekday().to_sunday_zero_offset()).days()).ok()?;
    Some((first, first.checked_add(6.days()).ok()?))
}

/// The block of `length` months of the year that `day` lies in.
fn months(day: Date, length: i8) -> Option<(Date, Date)> {
    let first = Date::new(day.year(), (day.month() - 1) / length * length + 1, 1).ok()?;
    let last = first.checked_add(i64::from(length - 1).months()).ok()?.last_of_month();
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::{days, neighbour};

    #[test]
    fn spans_are_weeks_from_sunday_months_quarters_and_years() {
        let today = jiff::civil::date(2026, 11, 21);
        let of = |name: &str| days(name, today).map(|(from, to)| format!("{from} {to}")).unwrap_or_default();
        assert_eq!(of("last 7 days"), "2026-11-14 2026-11-21");
        assert_eq!(of("this week"), "2026-11-15 2026-11-21");
        assert_eq!(of("last month"), "2026-10-01 2026-10-31");
        assert_eq!(of("next quarter"), "2027-01-01 2027-03-31");
        assert_eq!(of("last 6 months"), "2026-04-01 2026-09-30");
        assert_eq!(of("next year"), "2027-01-01 2027-12-31");
        assert_eq!(of("tomorrow"), "2026-11-22 2026-11-22");
        assert_eq!(neighbour("previous", "3 months").as_deref(), Some("last quarter"));
        assert_eq!(of("last decade"), "");
    }
}
