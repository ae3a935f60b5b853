//! The panels of the dashboard, in words.

use super::{counted, due, grouped, money};
use crate::model::{
    Board, Cell, ClocksAtRisk, Day, Fact, Figure, FigureStrip, FigureValue, HearingRow, HearingsAhead, Instant, Queue, RATE_FLOOR, RiskRow,
    Sheet, StageLine, StageMix, TaskRow, Tone,
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
    Board { figures, sheet: Some(sheet), as_of: moment(queue.as_of) }
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
    Board { figures, sheet: Some(Sheet { remark, ..sheet }), as_of: moment(hearings.as_of) }
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
    Board { figures: clocks.figures.into_iter().map(figure).collect(), sheet: Some(sheet), as_of: moment(clocks.as_of) }
}

/// How the portfolio stands.
pub fn portfolio(strip: FigureStrip) -> Board {
    Board { figures: strip.figures.into_iter().map(figure).collect(), sheet: None, as_of: moment(strip.as_of) }
}

/// Open cases by stage.
pub fn stages(mix: StageMix) -> Board {
    let most = mix.lines.iter().map(|line| line.cases).max().unwrap_or(0).max(1);
    let days = |days: Option<u32>| Cell::some(days.map(|days| grouped(u64::from(days))));
    let row = |line: StageLine| {
        let bar = Cell { bar: u16::try_from(line.cases * 1000 / most).ok(), ..Cell::default() };
        let cases = Cell::text(grouped(line.cases)).to(line.href);
        vec![Cell::text(line.stage.label()), cases, bar, money(line.claim), days(line.median_days), days(line.oldest_days)]
    };
    let headings = ["Stage", "#Cases", "Share of the largest", "#Claim", "#Median days in it", "#Longest"];
    let sheet = Sheet::new("Open cases by stage", "No case is open", &headings).with(mix.lines.into_iter().map(row));
    Board { figures: Vec::new(), sheet: Some(sheet), as_of: moment(mix.as_of) }
}

fn moment(at: Instant) -> (String, String) {
    (at.clock(), at.long())
}

fn figure(figure: Figure) -> Fact {
    let cell = match figure.value {
        FigureValue::Count(count) => Cell::text(grouped(count)),
        FigureValue::Money(amount) => money(amount),
        FigureValue::Share { part, whole } if whole < RATE_FLOOR => Cell::text(format!("{} of {}", grouped(part), grouped(whole))),
        FigureValue::Share { part, whole } => {
            // Tenths of a per cent, rounded half up, without floating point.
            let tenths = (part * 2000 + whole) / (whole * 2);
            Cell::text(format!("{}.{} %", tenths / 10, tenths % 10)).line(format!("{} of {}", grouped(part), grouped(whole)))
        }
        FigureValue::Days(Some(days)) => Cell::text(format!("{} days", grouped(u64::from(days)))),
        FigureValue::Days(None) => Cell::text("No award yet").meant(Tone::Absent),
    };
    Fact { label: figure.label, cell: Cell { href: figure.href, ..cell }, formula: Some(figure.formula) }
}
