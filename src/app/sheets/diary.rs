//! The diary of hearings, in words: a day's board, a week by the hour, a month by the day, an agenda.

use super::{
    case::{hearing_outcome, hearing_place, hearing_report},
    counted, grouped,
};
use crate::model::{
    Board, Cell, Day, DayCount, Diary, DiaryQuery, DiarySheet, DiaryView, Fact, FileForm, HearingRow, Instant, Sheet, SheetForm, Tone,
};

/// Hearings that an hour of a week names.
const NAMED_IN_AN_HOUR: usize = 3;
/// A hearing that is this near, in days, should be prepared.
const PREPARED_BEFORE_DAYS: i64 = 2;

/// The diary.
pub fn diary(diary: Diary) -> DiarySheet {
    let Diary { query, today, ref days, cut_at, as_of, .. } = diary;
    let figures = figures(days, today);
    let title = title(query);
    let links = vec![
        Cell::text("Earlier").to(query.before().href()),
        Cell::text("Today").to(DiaryQuery { day: today, ..query }.href()),
        Cell::text("Later").to(query.after().href()),
    ];
    let kept = |words: &str, href: String| Cell::text(words).file(href, FileForm::Form);
    let list = format!("/hearings/cause-list?view={}&day={}", query.view.code(), query.day.iso());
    let links = [links, vec![kept("Cause list", list), kept("Calendar feeds", "/hearings/feeds".to_owned())]].concat();
    let remark = cut_at.map(|day| format!("Not every hearing from {} on is listed: open a day to see its own.", day.long()));
    let sheet = match query.view {
        DiaryView::Day => board(diary.hearings, today),
        DiaryView::Week => week(&diary),
        DiaryView::Month => month(&diary),
        DiaryView::Agenda => agenda(diary.hearings, today),
    };
    let board =
        Board { figures, chart: None, sheet: Some(Sheet { title: title.clone(), remark, ..sheet }), as_of: (as_of.clock(), as_of.long()) };
    DiarySheet { title, links, board }
}

fn title(query: DiaryQuery) -> String {
    let (from, until) = query.days();
    match query.view {
        DiaryView::Day => format!("{} {}", from.short(), from.long().rsplit(' ').next().unwrap_or_default()),
        DiaryView::Month => query.day.month(),
        DiaryView::Week | DiaryView::Agenda => format!("{} to {}", from.long(), until.later(-1).long()),
    }
}

fn figures(days: &[(Day, DayCount)], today: Day) -> Vec<Fact> {
    let sum = |part: fn(DayCount) -> u64| days.iter().map(|(_, count)| part(*count)).sum::<u64>();
    let ahead = |part: fn(DayCount) -> u64| days.iter().filter(|(day, _)| *day >= today).map(|(_, count)| part(*count)).sum::<u64>();
    let (scheduled, unprepared) = (ahead(|count| count.scheduled), ahead(|count| count.unprepared));
    let unrecorded = sum(|count| count.scheduled) - scheduled;
    let bad = |fact: Fact, number: u64| Fact { cell: fact.cell.meant(if number > 0 { Tone::Bad } else { Tone::Plain }), ..fact };
    vec![
        counted("To come", scheduled, "Scheduled hearings of these days, from today on"),
        bad(counted("Not prepared", unprepared, "Of those, hearings whose checklist is not done"), unprepared),
        bad(counted("Without outcome", unrecorded, "Hearings of these days before today that are still only scheduled"), unrecorded),
        counted("Held", sum(|count| count.held), "Hearings of these days that were held"),
        counted("Adjourned", sum(|count| count.adjourned), "Hearings of these days that were put off"),
        counted("Cancelled", sum(|count| count.cancelled), "Hearings of these days that were cancelled"),
    ]
}

fn board(hearings: Vec<HearingRow>, today: Day) -> Sheet {
    let headings = ["Time", "Hearing", "Before", "Where", "State", "Report"];
    let headings = if hearings.iter().any(|hearing| hearing.report.is_some()) { &headings[..] } else { &headings[..5] };
    Sheet::new("Hearings", "No hearing on this day", headings).with(hearings.into_iter().map(|hearing| line(hearing, today)))
}

fn agenda(hearings: Vec<HearingRow>, today: Day) -> Sheet {
    let mut last = None;
    let row = |hearing: HearingRow| {
        let day = hearing.starts_at.and_then(Instant::day);
        // A day is named once, at its first hearing; the later rows name it to a screen reader alone.
        let named = day.filter(|day| last.replace(*day) != Some(*day)).map(|day| Cell::text(day.short()).to(on(day).href()));
        let named = named.unwrap_or_else(|| Cell { exact: day.map(Day::long), ..Cell::default() });
        std::iter::once(named).chain(line(hearing, today)).collect()
    };
    let headings = ["Day", "Time", "Hearing", "Before", "Where", "State", "Report"];
    let headings = if hearings.iter().any(|hearing| hearing.report.is_some()) { &headings[..] } else { &headings[..6] };
    Sheet::new("Hearings", "No hearing in these weeks", headings).with(hearings.into_iter().map(row))
}

const fn on(day: Day) -> DiaryQuery {
    DiaryQuery { view: DiaryView::Day, day }
}

fn line(hearing: HearingRow, today: Day) -> Vec<Cell> {
    let time = Cell::some(hearing.starts_at.map(Instant::clock)).line(format!("{} min", hearing.minutes));
    let what = Cell::text(named(&hearing)).line(format!("{}. {}", hearing.seq, hearing.kind.label)).to(of_case(&hearing));
    let day = hearing.starts_at.and_then(Instant::day);
    let state = match day {
        Some(day) if hearing.status.code == "SCHEDULED" && hearing.reported.is_none() && day < today => {
            Cell::text("No outcome recorded").meant(Tone::Bad)
        }
        Some(day) if hearing.status.code == "SCHEDULED" && day >= today => {
            match (hearing.prepared, day <= today.later(PREPARED_BEFORE_DAYS)) {
                (true, _) => Cell::text("Prepared").meant(Tone::Good),
                (false, true) => Cell::text("Not prepared").meant(Tone::Bad),
                (false, false) => Cell::text("To be prepared").meant(Tone::Waiting),
            }
        }
        _ => hearing_outcome(&hearing),
    };
    let place = hearing_place(&hearing);
    let report = hearing_report(&hearing);
    vec![time, what, Cell::text(hearing.arbitrator), place, state, report]
}

fn named(hearing: &HearingRow) -> String {
    match &hearing.respondent {
        Some(name) => format!("{} {name}", hearing.number),
        None => hearing.number.clone(),
    }
}

fn of_case(hearing: &HearingRow) -> String {
    format!("/cases/{}/hearings", hearing.case)
}

/// Days by hours: an hour names its first hearings and leads to its day.
fn week(diary: &Diary) -> Sheet {
    let monday = diary.query.days().0;
    let days: Vec<Day> = (0..7).map(|days| monday.later(days)).collect();
    let headings: Vec<String> =
        days.iter().map(|day| if *day == diary.today { format!("{}, today", day.short()) } else { day.short() }).collect();
    let headings: Vec<&str> = std::iter::once("Time").chain(headings.iter().map(String::as_str)).collect();
    let whole = std::iter::once(Cell::text("Day")).chain(days.iter().map(|day| summary(diary, *day))).collect();
    let at = |hearing: &HearingRow| {
        let start = hearing.starts_at?;
        Some((start.day()?, start.clock().get(..2)?.parse::<u8>().ok()?))
    };
    let mut hours: Vec<u8> = diary.hearings.iter().filter_map(|hearing| Some(at(hearing)?.1)).collect();
    hours.sort_unstable();
    let hours = hours.first().copied().zip(hours.last().copied()).map_or(0..0, |(first, last)| first..last + 1);
    let row = |hour: u8| {
        let cells =
            days.iter().map(|day| in_hour(diary.hearings.iter().filter(|hearing| at(hearing) == Some((*day, hour))).collect(), *day));
        std::iter::once(Cell::text(format!("{hour:02}:00"))).chain(cells).collect()
    };
    let rows: Vec<Vec<Cell>> = std::iter::once(whole).chain(hours.map(row)).collect();
    let rows = if diary.days.is_empty() { Vec::new() } else { rows };
    Sheet { form: SheetForm::Calendar, ..Sheet::new("Hearings", "No hearing in this week", &headings).with(rows) }
}

fn in_hour(hearings: Vec<&HearingRow>, day: Day) -> Cell {
    let said = |hearing: &HearingRow| format!("{} {}", hearing.starts_at.map(Instant::clock).unwrap_or_default(), hearing.number);
    match hearings.as_slice() {
        [] => Cell::default(),
        [only] => Cell::text(said(only)).some_line(only.respondent.clone()).to(of_case(only)),
        several => {
            let cell = Cell::text(format!("{} hearings", several.len())).to(on(day).href());
            let cell = several.iter().take(NAMED_IN_AN_HOUR).fold(cell, |cell, hearing| cell.line(said(hearing)));
            let more = several.len().saturating_sub(NAMED_IN_AN_HOUR);
            cell.some_line((more > 0).then(|| format!("and {more} more")))
        }
    }
}

/// How many hearings a day has, and what is missing for them.
fn summary(diary: &Diary, day: Day) -> Cell {
    let Some((_, count)) = diary.days.iter().find(|(known, _)| *known == day) else { return Cell::default() };
    let all = count.all();
    let cell = Cell::text(format!("{} {}", grouped(all), if all == 1 { "hearing" } else { "hearings" })).to(on(day).href());
    let (number, what) = if day < diary.today { (count.scheduled, "without outcome") } else { (count.unprepared, "not prepared") };
    cell.some_line((number > 0).then(|| format!("{} {what}", grouped(number))))
}

fn month(diary: &Diary) -> Sheet {
    let (from, until) = diary.query.days();
    let of_day = |day: Day| {
        let number = if day == diary.today { format!("{}, today", day.of_month()) } else { day.of_month().to_string() };
        let within = day.first_of_month() == diary.query.day.first_of_month();
        let known = summary(diary, day);
        let lines = std::iter::once(known.text).filter(|text| !text.is_empty()).chain(known.below).collect();
        Cell { below: lines, href: Some(on(day).href()), tone: if within { Tone::Plain } else { Tone::Absent }, ..Cell::text(number) }
    };
    let weeks = (until.days_since_epoch() - from.days_since_epoch()) / 7;
    let rows = (0..weeks).map(|week| (0..7).map(|day| of_day(from.later(week * 7 + day))).collect());
    let headings = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    Sheet { form: SheetForm::Calendar, ..Sheet::new("Hearings", "", &headings).with(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Term;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn hearing(day: &str, hour: i64, prepared: bool, status: &str) -> HearingRow {
        let unix_s = self::day(day).days_since_epoch() * 86_400 + hour * 3600 - 330 * 60;
        HearingRow {
            id: "h1".to_owned(),
            case: "c1".to_owned(),
            number: "ARB/1".to_owned(),
            respondent: Some("Asha".to_owned()),
            seq: 2,
            kind: Term::of("FIRST".to_owned()),
            purpose: String::new(),
            starts_at: Some(Instant { unix_s, offset_minutes: 330 }),
            minutes: 45,
            report: None,
            prepare: None,
            changes: None,
            mode: Term::of("ONLINE".to_owned()),
            room: None,
            place: None,
            arbitrator: "R. Rao".to_owned(),
            status: Term::of(status.to_owned()),
            outcome: None,
            reported: None,
            adjourned: None,
            prepared,
        }
    }

    fn shown(view: DiaryView, hearings: Vec<HearingRow>) -> DiarySheet {
        let today = day("2026-11-21");
        let mut days: Vec<(Day, DayCount)> = Vec::new();
        for hearing in &hearings {
            let day = hearing.starts_at.and_then(Instant::day).unwrap();
            if days.last().is_none_or(|(last, _)| *last != day) {
                days.push((day, DayCount::default()));
            }
            let count = &mut days.last_mut().unwrap().1;
            count.scheduled += 1;
            count.unprepared += u64::from(!hearing.prepared);
        }
        let as_of = Instant { unix_s: 0, offset_minutes: 330 };
        diary(Diary { query: DiaryQuery { view, day: today }, today, days, hearings, cut_at: None, as_of })
    }

    fn rows(sheet: &DiarySheet) -> &[Vec<Cell>] {
        &sheet.board.sheet.as_ref().unwrap().rows
    }

    #[test]
    fn a_day_that_is_near_asks_for_preparation_and_one_that_is_past_for_its_outcome() {
        let of = |on: &str, prepared| rows(&shown(DiaryView::Day, vec![hearing(on, 10, prepared, "SCHEDULED")]))[0][4].text.clone();
        assert_eq!(of("2026-11-21", false), "Not prepared");
        assert_eq!(of("2026-11-30", false), "To be prepared");
        assert_eq!(of("2026-11-30", true), "Prepared");
        assert_eq!(of("2026-11-20", true), "No outcome recorded");
    }

    #[test]
    fn a_week_names_few_and_counts_all() {
        let many = (0..5).map(|_| hearing("2026-11-18", 10, true, "SCHEDULED"));
        let week = shown(DiaryView::Week, many.chain([hearing("2026-11-20", 12, false, "SCHEDULED")]).collect());
        let rows = rows(&week);
        assert_eq!(rows.iter().map(|row| row[0].text.as_str()).collect::<Vec<_>>(), ["Day", "10:00", "11:00", "12:00"]);
        assert_eq!((rows[0][3].text.as_str(), rows[0][5].below.as_slice()), ("5 hearings", ["1 without outcome".to_owned()].as_slice()));
        assert_eq!((rows[1][3].text.as_str(), rows[1][3].below.len()), ("5 hearings", 4));
        assert_eq!((rows[3][5].text.as_str(), rows[3][5].href.as_deref()), ("12:00 ARB/1", Some("/cases/c1/hearings")));
        assert_eq!(week.board.figures[2].cell.text, "6", "all are before today");
    }

    #[test]
    fn a_month_has_every_day_once_and_its_neighbours_pale() {
        let month = shown(DiaryView::Month, vec![hearing("2026-11-23", 10, false, "SCHEDULED")]);
        let cells: Vec<&Cell> = rows(&month).iter().flatten().collect();
        assert_eq!(
            (month.title.as_str(), cells.len(), cells.iter().filter(|cell| cell.tone == Tone::Plain).count()),
            ("November 2026", 42, 30)
        );
        let found: Vec<_> =
            cells.iter().filter(|cell| !cell.below.is_empty()).map(|cell| (cell.text.as_str(), cell.below.join(", "))).collect();
        assert_eq!(found, [("23", "1 hearing, 1 not prepared".to_owned())]);
    }

    #[test]
    fn an_agenda_names_each_day_once() {
        let agenda = shown(DiaryView::Agenda, [9, 10, 11].map(|hour| hearing("2026-11-23", hour, true, "SCHEDULED")).to_vec());
        let days: Vec<_> = rows(&agenda).iter().map(|row| row[0].text.as_str()).collect();
        assert_eq!(days, ["Mon 23 Nov", "", ""]);
    }
}
