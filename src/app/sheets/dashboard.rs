//! The panels of the dashboard, in words.

use super::{counted, due, grouped, money};
use crate::{
    app::charts::{Bars, Mark, bars},
    model::{
        Board, Cell, Change, ClocksAtRisk, Day, Difference, Fact, Figure, FigureStrip, FigureValue, HearingRow, HearingsAhead, Inr,
        Instant, Queue, RATE_FLOOR, RiskRow, Sheet, Stage, StageLine, StageMix, TaskRow, Tone,
    },
};

/// Hearings of today that are listed.
const HEARINGS_SHOWN: usize = 8;

/// What waits for the person.
pub fn queue(queue: Queue) -> Board {
    let today = queue.today;
    let overdue = if queue.overdue > 0 { Tone::Bad } else { Tone::Plain };
    let mut figures = vec![
        counted("Waiting", queue.waiting, "Open tasks of yours, and those of whoever has your role"),
        Fact { cell: Cell::text(grouped(queue.overdue)).meant(overdue), ..counted("Overdue", 0, "Those whose day has passed") },
    ];
    figures.extend(queue.kinds.into_iter().map(|(kind, number)| counted(&kind.label, number, "Waiting tasks of this kind")));
    let sheet = Sheet::new("Soonest", "Nothing waits for you", &["Task", "By"]).with(queue.first.into_iter().map(|row| task(row, today)));
    Board { figures, chart: None, sheet: Some(sheet), as_of: moment(queue.as_of) }
}

fn task(task: TaskRow, today: Day) -> Vec<Cell> {
    let what = match task.case {
        Some((case, number)) => Cell::text(task.title).line(number).to(format!("/cases/{case}")),
        None => Cell::text(task.title),
    };
    vec![what, due(task.due_on, today)]
}

/// Hearings of today and of the week.
pub fn hearings(hearings: HearingsAhead) -> Board {
    let unready = if hearings.unprepared > 0 { Tone::Bad } else { Tone::Plain };
    let figures = vec![
        counted("Today", hearings.today_count, "Scheduled hearings that start today"),
        Fact {
            cell: Cell::text(grouped(hearings.unprepared)).meant(unready),
            ..counted("Not prepared", 0, "Hearings of today whose checklist is not done")
        },
        counted("Seven days", hearings.week_count, "Scheduled hearings from today on in seven days"),
    ];
    let more = hearings.today_count.saturating_sub(HEARINGS_SHOWN as u64);
    let sheet =
        Sheet::new("Today", "No hearing today", &["Time", "Hearing"]).with(hearings.today.into_iter().take(HEARINGS_SHOWN).map(hearing));
    let remark = (more > 0).then(|| format!("The first {HEARINGS_SHOWN}, and {} more.", grouped(more)));
    Board { figures, chart: None, sheet: Some(Sheet { remark, ..sheet }), as_of: moment(hearings.as_of) }
}

fn hearing(row: HearingRow) -> Vec<Cell> {
    let time = Cell::some(row.starts_at.map(Instant::clock));
    let what = match row.respondent {
        Some(name) => Cell::text(format!("{} {name}", row.number)),
        None => Cell::text(row.number),
    };
    let what = what.line(row.kind.label).some_line((!row.prepared).then(|| "Not prepared".to_owned()));
    vec![time, what.to(format!("/cases/{}/hearings", row.case))]
}

/// Clocks that may run out.
pub fn clocks(clocks: ClocksAtRisk) -> Board {
    let today = clocks.today;
    let row = |row: RiskRow| {
        let what = Cell::text(row.clock.label).line(row.number).some_line(row.party.map(|party| format!("for {party}")));
        vec![what.to(format!("/cases/{}", row.case.as_str())), due(row.due_on, today)]
    };
    let sheet = Sheet::new("Soonest on which we must act", "No clock runs on which you must act", &["Clock", "Ends"]);
    let sheet = sheet.with(clocks.first.into_iter().map(row));
    Board { figures: clocks.figures.into_iter().map(figure).collect(), chart: None, sheet: Some(sheet), as_of: moment(clocks.as_of) }
}

/// How the portfolio stands.
pub fn portfolio(strip: FigureStrip) -> Board {
    Board { figures: strip.figures.into_iter().map(figure).collect(), chart: None, sheet: None, as_of: moment(strip.as_of) }
}

/// Open cases by stage, and how long they have been in it.
pub fn stages(mix: StageMix) -> Board {
    let all: u64 = mix.lines.iter().map(|line| line.cases).sum();
    let most = mix.lines.iter().map(|line| line.cases).max().unwrap_or(0).max(1);
    let days = |days: Option<u32>| Cell::some(days.map(|days| grouped(u64::from(days))));
    let chart = (all > 0).then(|| mix_chart(&mix.lines, all) + &age_chart(&mix.lines));
    let row = |line: StageLine| {
        let bar = Cell { bar: u16::try_from(line.cases * 1000 / most).ok(), ..Cell::default() };
        let cases = Cell::text(grouped(line.cases)).to(line.href);
        vec![Cell::text(line.stage.label()), cases, bar, money(line.claim), days(line.median_days), days(line.oldest_days)]
    };
    let headings = ["Stage", "#Cases", "Share of the largest", "#Claim", "#Median days in it", "#Longest"];
    let sheet = Sheet::new("Open cases by stage", "No case is open", &headings).with(mix.lines.into_iter().map(row));
    Board { figures: Vec::new(), chart, sheet: Some(sheet), as_of: moment(mix.as_of) }
}

fn mix_chart(lines: &[StageLine], all: u64) -> String {
    let mark = |line: &StageLine| Mark {
        label: line.stage.label().to_owned(),
        value: line.cases,
        spoken: format!("{}: {}", line.stage.label(), share(line.cases, all)),
        href: Some(line.href.clone()),
        class: stage_class(&line.stage),
        unfinished: false,
    };
    let marks: Vec<_> = lines.iter().map(mark).collect();
    let description = format!("A bar for each stage, as long as the number of its cases, of {} open cases.", grouped(all));
    bars(&Bars { id: "stage-mix", title: "Cases in each stage", description: &description, unit: "cases", least: 0, marks: &marks })
        .unwrap_or_default()
}

/// Stages whose ages could not be had, or in which there is no case, have no bar.
fn age_chart(lines: &[StageLine]) -> String {
    let mark = |line: &StageLine| {
        let (median, oldest) = (line.median_days?, line.oldest_days?);
        Some(Mark {
            label: line.stage.label().to_owned(),
            value: u64::from(median),
            spoken: format!(
                "{}: half of {} cases for {} days or more, the longest for {}",
                line.stage.label(),
                grouped(line.cases),
                grouped(u64::from(median)),
                grouped(u64::from(oldest))
            ),
            href: Some(line.href.clone()),
            class: stage_class(&line.stage),
            unfinished: false,
        })
    };
    let marks: Vec<_> = lines.iter().filter_map(mark).collect();
    let description = "A bar for each stage that has cases, as long as the median of the days that they have been in it.";
    bars(&Bars { id: "stage-age", title: "Median days in the stage", description, unit: "days", least: 0, marks: &marks })
        .unwrap_or_default()
}

/// The class of a stage's colour, the same in every place that shows it.
pub(super) const fn stage_class(stage: &Stage) -> &'static str {
    match stage {
        Stage::Intake => "stage-s00",
        Stage::PreArbitration => "stage-s10",
        Stage::Invocation => "stage-s20",
        Stage::Reference => "stage-s30",
        Stage::Tribunal => "stage-s40",
        Stage::Pleadings => "stage-s50",
        Stage::Hearing => "stage-s60",
        Stage::Award => "stage-s70",
        Stage::PostAward => "stage-s80",
        Stage::Closed => "stage-s90",
        Stage::Unknown(_) => "",
    }
}

pub(super) fn moment(at: Instant) -> (String, String) {
    (at.clock(), at.long())
}

fn figure(figure: Figure) -> Fact {
    let cell = match figure.value {
        FigureValue::Count(count) => Cell::text(grouped(count)),
        FigureValue::Money(amount) => money(amount),
        FigureValue::Share { part, whole } => match rate(part, whole) {
            Some(rate) => Cell::text(rate).line(of(part, whole)),
            None => Cell::text(of(part, whole)),
        },
        FigureValue::Days(Some(days)) => Cell::text(format!("{} days", grouped(u64::from(days)))),
        FigureValue::Days(None) => Cell::text("No award yet").meant(Tone::Absent),
    };
    let cell = Cell { href: figure.href, ..cell }.some_line(figure.change.map(change));
    Fact { label: figure.label, cell, formula: Some(figure.formula) }
}

/// `+42 since 22 Oct 2026 (30 days)`.
fn change(change: Change) -> String {
    let (way, by) = match change.by {
        Difference::Count(cases) => (cases.signum(), grouped(cases.unsigned_abs())),
        Difference::Money(amount) => (amount.paise().signum(), Inr::from_paise(amount.paise().saturating_abs()).compact()),
        Difference::Days(days) => (days.signum(), format!("{} days", grouped(days.unsigned_abs()))),
    };
    let by = match way {
        1 => format!("+{by}"),
        -1 => format!("−{by}"),
        _ => "Unchanged".to_owned(),
    };
    format!("{by} since {} ({} days)", change.since.long(), change.days)
}

pub(super) fn of(part: u64, whole: u64) -> String {
    format!("{} of {}", grouped(part), grouped(whole))
}

/// A share as a rate, where the whole is large enough for one.
pub(super) fn rate(part: u64, whole: u64) -> Option<String> {
    // Tenths of a per cent, rounded half up, without floating point.
    let tenths = (whole >= RATE_FLOOR).then(|| (part * 2000 + whole) / (whole * 2))?;
    Some(format!("{}.{} %", tenths / 10, tenths % 10))
}

/// A share in words: counts, and the rate where there is one.
pub(super) fn share(part: u64, whole: u64) -> String {
    match rate(part, whole) {
        Some(rate) => format!("{}, {rate}", of(part, whole)),
        None => of(part, whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_than_thirty_are_told_as_counts_everywhere() {
        assert_eq!([share(3, 29), share(3, 30), share(0, 0)], ["3 of 29", "3 of 30, 10.0 %", "0 of 0"]);
    }

    #[test]
    fn a_change_says_its_way_and_since_when() {
        let since = Day::parse("2026-10-22").unwrap();
        let said = |by| change(Change { by, since, days: 30 });
        assert_eq!(said(Difference::Count(42)), "+42 since 22 Oct 2026 (30 days)");
        assert_eq!(said(Difference::Days(-3)), "−3 days since 22 Oct 2026 (30 days)");
        assert_eq!(said(Difference::Money(Inr::from_rupees(61_30_000))), "+₹61.3 L since 22 Oct 2026 (30 days)");
        assert_eq!(said(Difference::Count(0)), "Unchanged since 22 Oct 2026 (30 days)");
    }
}
