//! What came and went by week, in words and as charts.

use super::{
    dashboard::{moment, stage_class},
    grouped,
};
use crate::{
    app::charts::{Bars, Columns, Mark, Series, bars, columns},
    model::{Board, Cell, Day, MoveLine, Sheet, StageMoves, Throughput, WeekFlow},
};

/// Cases filed and closed by week.
pub fn throughput(flow: Throughput) -> Board {
    let weeks = &flow.weeks;
    let sums = weeks.iter().fold((0, 0), |(filed, closed), week| (filed + week.filed, closed + week.closed));
    let series = |name: &str, what: &str, of: fn(&WeekFlow) -> (u64, &String)| {
        let marks = weeks.iter().enumerate().map(|(index, week)| {
            let (cases, href) = of(week);
            let unfinished = index + 1 == weeks.len();
            let label = day_and_month(week.monday);
            let so_far = if unfinished { " so far" } else { "" };
            let spoken = format!("Week from {}: {} {what}{so_far}", week.monday.long(), grouped(cases));
            Mark { label, value: cases, spoken, href: Some(href.clone()), class: "", unfinished }
        });
        Series { name: name.to_owned(), marks: marks.collect() }
    };
    let drawn = [
        series("Filed", "filed", |week| (week.filed, &week.filed_href)),
        series("Closed", "closed", |week| (week.closed, &week.closed_href)),
    ];
    let title = "References filed and cases closed, by week";
    let description = format!(
        "A column for each of {} weeks, named by their Mondays: {} filed and {} closed in all. The last week is still running.",
        weeks.len(),
        grouped(sums.0),
        grouped(sums.1)
    );
    let chart =
        (sums != (0, 0)).then(|| columns(&Columns { id: "throughput", title, description: &description, series: &drawn })).flatten();
    let last = weeks.len().saturating_sub(1);
    let row = |(index, week): (usize, WeekFlow)| {
        let named = Cell::text(format!("From {}", week.monday.long())).some_line((index == last).then(|| "so far".to_owned()));
        let figure = |cases, href| Cell::text(grouped(cases)).to(href);
        let net = Cell::text(signed(week.filed, week.closed));
        vec![named, figure(week.filed, week.filed_href), figure(week.closed, week.closed_href), net]
    };
    let sheet = Sheet::new("Throughput by week", "There is no week", &["Week", "#Filed", "#Closed", "#Filed less closed"]);
    let remark = "By week, Monday to Sunday: references filed in it, and cases closed in it, for whatever reason.".to_owned();
    let sheet = Sheet { remark: Some(remark), ..sheet.with(flow.weeks.into_iter().enumerate().rev().map(row)) };
    Board { figures: Vec::new(), chart, sheet: Some(sheet), as_of: moment(flow.as_of) }
}

/// What entered and left each stage by week.
pub fn moves(told: StageMoves) -> Board {
    let most = told.lines.iter().map(MoveLine::sums).map(|(entered, left)| entered.max(left)).max().unwrap_or(0);
    let weeks = told.weeks.len();
    let drawn = |id, title: &str, which: &str, of: fn(&MoveLine) -> u64| {
        let mark = |line: &MoveLine| Mark {
            label: line.stage.label().to_owned(),
            value: of(line),
            spoken: format!("{}: {} {which} in {weeks} weeks", line.stage.label(), grouped(of(line))),
            class: stage_class(&line.stage),
            ..Mark::default()
        };
        let marks: Vec<_> = told.lines.iter().map(mark).collect();
        let description = format!("A bar for each stage, as long as the number of cases that {which} it in the last {weeks} weeks.");
        bars(&Bars { id, title, description: &description, unit: "cases", least: most, marks: &marks })
    };
    let entered = drawn("moves-in", "Entered the stage in 12 weeks", "entered", |line| line.sums().0);
    let left = drawn("moves-out", "Left the stage in 12 weeks", "left", |line| line.sums().1);
    let chart = (most > 0).then(|| entered.unwrap_or_default() + &left.unwrap_or_default());
    let named = told.weeks.iter().map(|monday| format!("#{}", day_and_month(*monday)));
    let headings: Vec<_> = ["Stage", "#Entered", "#Left", "#Entered less left"].map(str::to_owned).into_iter().chain(named).collect();
    let headings: Vec<_> = headings.iter().map(String::as_str).collect();
    let row = |line: MoveLine| {
        let (entered, left) = line.sums();
        let sums =
            [Cell::text(line.stage.label()), Cell::text(grouped(entered)), Cell::text(grouped(left)), Cell::text(signed(entered, left))];
        let week = |(entered, left): (u64, u64)| Cell::text(format!("{} / {}", grouped(entered), grouped(left)));
        sums.into_iter().chain(line.weeks.into_iter().map(week)).collect()
    };
    let sheet = Sheet::new("Entered and left by stage and week", "No case moved", &headings);
    let bound = told.only.map(|cases| format!(" Only the first {} of your cases that moved are counted.", grouped(cases as u64)));
    let remark = format!(
        "Entered / left in the week from each Monday, by the cases’ timelines; a case that comes back counts again. The last week is still \
         running.{}",
        bound.unwrap_or_default()
    );
    let sheet = Sheet { remark: Some(remark), ..sheet.with(told.lines.into_iter().map(row)) };
    Board { figures: Vec::new(), chart, sheet: Some(sheet), as_of: moment(told.as_of) }
}

/// `16 Nov`.
fn day_and_month(day: Day) -> String {
    day.short().split_once(' ').map(|(_, day)| day.to_owned()).unwrap_or_default()
}

/// `+3`, `−3`, `0`.
fn signed(more: u64, less: u64) -> String {
    match more.cmp(&less) {
        std::cmp::Ordering::Greater => format!("+{}", grouped(more - less)),
        std::cmp::Ordering::Less => format!("−{}", grouped(less - more)),
        std::cmp::Ordering::Equal => "0".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Instant, Stage};

    const AS_OF: Instant = Instant { unix_s: 0, offset_minutes: 330 };

    #[test]
    fn a_bound_that_was_hit_is_said_where_it_is_seen_and_one_that_was_not_is_not() {
        for (only, said) in [(None, false), (Some(1500), true)] {
            let lines = vec![MoveLine { stage: Stage::Hearing, weeks: vec![(3, 1)] }];
            let board = moves(StageMoves { weeks: vec![Day::EPOCH], lines, only, as_of: AS_OF });
            let remark = board.sheet.and_then(|sheet| sheet.remark).unwrap();
            assert_eq!(remark.contains("Only the first 1,500 of your cases"), said, "{remark}");
            assert!(board.chart.is_some_and(|chart| chart.contains("Hearing: 3 entered in 1 weeks")));
        }
    }

    #[test]
    fn weeks_in_which_nothing_happened_are_rows_and_no_chart() {
        let week = |monday| WeekFlow { monday, filed: 0, filed_href: String::new(), closed: 0, closed_href: String::new() };
        let board = throughput(Throughput { weeks: vec![week(Day::EPOCH), week(Day::EPOCH.later(7))], as_of: AS_OF });
        assert_eq!((board.chart, board.sheet.map(|sheet| sheet.rows.len())), (None, Some(2)));
    }

    #[test]
    fn differences_carry_their_sign() {
        assert_eq!([signed(5, 2), signed(2, 1_00_002), signed(4, 4)], ["+3", "−1,00,000", "0"]);
    }
}
