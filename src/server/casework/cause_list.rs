//! The cause list: the hearings of a day, a week or an agenda, to be printed and taken along. It must not know how it is printed.

use super::{Refusal, diary};
use crate::{
    model::{Cell, Day, Diary, DiaryView, Form, HearingRow, Instant, Sheet},
    registry::current_tenant,
};

/// The cause list of a view of the diary; a month's is that of its agenda.
///
/// # Errors
/// As [`diary::show`].
pub async fn show(view: String, day: String) -> Result<Form, Refusal> {
    let view = if view == DiaryView::Month.code() { DiaryView::Agenda.code().to_owned() } else { view };
    let Diary { query, hearings, cut_at, as_of, .. } = diary::show(view, day).await?;
    let (from, until) = query.days();
    let span = if query.view == DiaryView::Day { from.long() } else { format!("{} to {}", from.long(), until.later(-1).long()) };
    let tenant = current_tenant()?;
    let listed = hearings.into_iter().filter(|hearing| hearing.status.code != "CANCELLED").collect::<Vec<_>>();
    let about = format!("{} · {} listed · as of {}", tenant.branding.display_name, counted(listed.len()), as_of.long());
    let lead = cut_at.map(|day| format!("Not every hearing from {} on is listed: print single days.", day.long()));
    Ok(Form {
        section: "Hearings",
        heading: format!("Cause list, {span}"),
        about,
        lead: lead.into_iter().collect(),
        sheets: days(listed),
        back: (query.href(), "Back to the hearings".to_owned()),
        ..Form::default()
    })
}

fn counted(hearings: usize) -> String {
    if hearings == 1 { "one hearing".to_owned() } else { format!("{hearings} hearings") }
}

/// A table a day, numbered through the day as a tribunal calls it.
fn days(hearings: Vec<HearingRow>) -> Vec<Sheet> {
    const HEADINGS: [&str; 7] = ["#No.", "Time", "Case", "Respondent", "Hearing", "Before", "Where"];
    let mut days: Vec<(Option<Day>, Vec<HearingRow>)> = Vec::new();
    for hearing in hearings {
        let day = hearing.starts_at.and_then(Instant::day);
        match days.last_mut().filter(|(known, _)| *known == day) {
            Some((_, of_day)) => of_day.push(hearing),
            None => days.push((day, vec![hearing])),
        }
    }
    let sheet = |(day, hearings): (Option<Day>, Vec<HearingRow>)| {
        let rows = hearings.into_iter().zip(1_u32..).map(|(hearing, number)| line(hearing, number));
        Sheet::new(&day.map(Day::long).unwrap_or_default(), "", &HEADINGS).with(rows)
    };
    if days.is_empty() {
        return vec![Sheet::new("Hearings", "No hearing is listed", &HEADINGS)];
    }
    days.into_iter().map(sheet).collect()
}

fn line(hearing: HearingRow, number: u32) -> Vec<Cell> {
    let place = match (hearing.room, hearing.place) {
        (Some(room), place) => Cell::text(hearing.mode.label).line(room).some_line(place),
        (None, Some(place)) => Cell::text(hearing.mode.label).line(place),
        (None, None) => Cell::text(hearing.mode.label),
    };
    vec![
        Cell::text(number.to_string()),
        Cell::some(hearing.starts_at.map(Instant::clock)).line(format!("{} min", hearing.minutes)),
        Cell::text(hearing.number),
        Cell::some(hearing.respondent),
        Cell::text(hearing.kind.label).line(hearing.purpose),
        Cell::text(hearing.arbitrator),
        place,
    ]
}
