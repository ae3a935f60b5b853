//! A hearing that the institution schedules itself, until the registry confirms it: scheduled, moved, cancelled.
//!
//! Owns what of the case follows from its hearings, and which hearings are the institution's to change. It must not know what comes of
//! one.

use super::{
    super::{
        Refusal,
        columns::{Check, LocalTime, record, some_text},
        hearings::is_ours,
        keys::operation_of,
    },
    step::{Happened, Step, values},
    subject::{ON, Subject},
};
use crate::{
    model::{
        Answered, AuditKind, Cell, Day, ErrorCode, Fact, Field, FieldKind, Form, Permission, Reading, Stage, Typed, case_draft::choices,
    },
    server::frappe::{Changes, Condition, Direction, Field as Column, Op, Record as _, Revision, Value},
};

/// The word for scheduling one.
pub const SCHEDULE: &str = "schedule-hearing";
/// The word for moving one.
pub const MOVE: &str = "move-hearing";
/// The word for cancelling one.
pub const CANCEL: &str = "cancel-hearing";
const TYPES: [&str; 5] = ["PRELIMINARY", "EVIDENCE", "ARGUMENT", "PRONOUNCEMENT", "CONCILIATION"];
const MODES: [&str; 3] = ["VIRTUAL", "PHYSICAL", "HYBRID"];
const PHYSICAL: &str = "PHYSICAL";
const VIRTUAL: &str = "VIRTUAL";
/// The shortest and the longest hearing, in minutes.
const MINUTES: (i64, i64) = (5, 480);
const USUAL_MINUTES: i64 = 30;
/// The longest purpose and place, in characters.
const TEXT_MAX: usize = 500;
/// The longest address of a room, in characters.
const ROOM_MAX: usize = 500;

record! {
    /// A hearing, as far as changing it goes.
    pub struct HearingState of "Case Hearing" {
        seq: i64,
        purpose: String,
        starts_at: LocalTime,
        minutes: i64,
        mode: String,
        room_url: String,
        place_text: String,
        status: String,
        confirmed: Check,
        outcome: String,
        made_by: String,
        ics_sequence: i64,
    }
}

/// When, how and where, as it was typed.
struct Slot {
    day: Day,
    starts_at: jiff::civil::DateTime,
    minutes: i64,
    mode: String,
    room: String,
    place: String,
}

/// Asks for a new one.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask(case: &str) -> Result<Form, Refusal> {
    Ok(form(&Subject::find(case, Permission::Schedule).await?, None))
}

fn form(subject: &Subject, typed: Option<&Typed>) -> Form {
    let form = subject.form(SCHEDULE, "Schedule a hearing", typed);
    if Stage::from(subject.case.stage.clone()) == Stage::Closed {
        let lead = vec!["The case is closed: no hearing is scheduled in it.".to_owned()];
        return Form { lead, action: String::new(), ..form };
    }
    let what = [
        Field::new("hearing_type", "What kind of hearing", FieldKind::Choice(choices(&TYPES))),
        Field::new("purpose", "What it is for", FieldKind::Line { max: TEXT_MAX }),
    ];
    Form {
        lead: vec!["It counts as your institution’s until the registry confirms it.".to_owned()],
        fields: what.into_iter().chain(slot_fields(None)).collect(),
        submit: "Schedule".to_owned(),
        back: (format!("{}/hearings", subject.address()), "Back to the hearings".to_owned()),
        ..form
    }
}

fn slot_fields(now: Option<(&HearingState, String)>) -> [Field; 5] {
    let (starts, minutes, mode, room, place) = match &now {
        Some((hearing, starts)) => {
            (starts.as_str(), hearing.minutes, hearing.mode.as_str(), hearing.room_url.as_str(), hearing.place_text.as_str())
        }
        None => ("", USUAL_MINUTES, VIRTUAL, "", ""),
    };
    [
        Field::new("starts_at", "Starts", FieldKind::Moment).value(starts).help("On your institution’s wall clock."),
        Field::new("minutes", "Minutes", FieldKind::Number { min: MINUTES.0, max: MINUTES.1 }).value(minutes.to_string()),
        Field::new("mode", "How it is held", FieldKind::Choice(choices(&MODES))).value(mode),
        Field::new("room_url", "Address to join by", FieldKind::Line { max: ROOM_MAX })
            .optional()
            .value(room)
            .help("Begins with https://. Needed unless all meet in one place."),
        Field::new("place_text", "Place", FieldKind::Line { max: TEXT_MAX }).optional().value(place).help("Needed unless all join online."),
    ]
}

fn read_slot(subject: &Subject, typed: &Typed, reading: &mut Reading<'_>) -> Option<Slot> {
    let starts = reading.some_moment("starts_at");
    if starts.is_none() && typed.text("starts_at").trim().is_empty() {
        reading.refuse("starts_at", "required");
    }
    let minutes = reading.required("minutes", |reading| reading.some_number("minutes", MINUTES.0, MINUTES.1));
    let modes = choices(&MODES).into_iter().map(|(code, _)| (code.clone(), code));
    let mode = reading.required("mode", |reading| reading.some_choice("mode", modes));
    let room = reading.some_line("room_url", ROOM_MAX).unwrap_or_default();
    let place = reading.some_line("place_text", TEXT_MAX).unwrap_or_default();
    let (has_room, has_place) = (!room.is_empty(), !place.is_empty());
    if has_room && !is_https(&room) {
        reading.refuse("room_url", "This is no address that begins with https://.");
    } else if !has_room && !mode.is_empty() && mode != PHYSICAL {
        reading.refuse("room_url", "required");
    }
    if !has_place && !mode.is_empty() && mode != VIRTUAL {
        reading.refuse("place_text", "required");
    }
    let (day, minute) = starts?;
    let Some(starts_at) = subject.wall_clock(day, minute) else {
        reading.refuse("starts_at", "unknown");
        return None;
    };
    let Value::LocalTime(now) = subject.now() else { return None };
    if starts_at <= now {
        reading.refuse("starts_at", "This is in the past. A hearing is scheduled for a time to come.");
    }
    Some(Slot { day, starts_at, minutes, mode, room, place })
}

/// An `https` address with a host, and nothing in it that no address has.
fn is_https(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic())
        && url::Url::parse(text)
            .is_ok_and(|url| url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none())
}

impl Slot {
    fn columns(&self, changes: Changes) -> Changes {
        changes
            .set(Column::new("starts_at"), Value::LocalTime(self.starts_at))
            .set(Column::new("starts_on"), self.day)
            .set(Column::new("month"), super::facts::month(self.day))
            .set(Column::new("minutes"), self.minutes)
            .set(Column::new("mode"), self.mode.as_str())
            .set(Column::new("room_url"), self.room.as_str())
            .set(Column::new("place_text"), self.place.as_str())
    }

    fn when(&self) -> String {
        self.starts_at.strftime("%Y-%m-%d %H:%M").to_string()
    }
}

/// Schedules it.
///
/// # Errors
/// As [`super::ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Schedule).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let empty = form(&subject, Some(typed));
    if empty.action.is_empty() {
        return Ok(Answered::Again(empty));
    }
    let mut reading = Reading::of(typed);
    let types = choices(&TYPES).into_iter().map(|(code, _)| (code.clone(), code));
    let kind = reading.required("hearing_type", |reading| reading.some_choice("hearing_type", types));
    let purpose = reading.required("purpose", |reading| reading.some_line("purpose", TEXT_MAX));
    let slot = read_slot(&subject, typed, &mut reading);
    let slot = match (reading.done(), slot) {
        (Ok(()), Some(slot)) => slot,
        (problems, _) => return Ok(Answered::Again(empty.again(typed, &problems.err().unwrap_or_default()))),
    };
    if !subject.is_as_seen(typed) {
        return Ok(Answered::Changed(subject.changed(empty, typed).await?));
    }
    let last = subject.of_case::<HearingState>().order_by(Column::new("seq"), Direction::Descending).page(0, 1);
    let seq = subject.client.list(&last).await?.rows.pop().map_or(0, |last| last.seq) + 1;
    let said = values([("hearing_type", "", kind.clone()), ("starts_at", "", slot.when()), ("mode", "", slot.mode.clone())]);
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "hearing.schedule", "", said).await?;
    let body = slot
        .columns(Changes::new())
        .set(Column::new("case_id"), subject.case.number())
        .set(Column::new("title_text"), subject.case.title_text.as_str())
        .set(Column::new("lan"), subject.case.lan.as_str())
        .set(Column::new("seq"), seq)
        .set(Column::new("hearing_type"), kind)
        .set(Column::new("purpose"), purpose)
        .set(Column::new("status"), "SCHEDULED")
        .set(Column::new("confirmed"), false)
        .set(Column::new("ics_uid"), uuid::Uuid::new_v4().to_string())
        .set(Column::new("ics_sequence"), 0_i64);
    let made: HearingState = step.part("hearing", body, true).await?;
    step.happened(told(format!("Hearing {} scheduled", made.seq), String::new(), made.name)).await?;
    let changes = onto_case(&subject).await?;
    step.case(changes).await?;
    Ok(Answered::Done { lead_to: format!("{}/hearings", subject.address()) })
}

fn told(title: String, note: String, hearing: String) -> Happened {
    Happened { kind: "HEARING", transition: 0, title, note, states: None, stages: None, source: (HearingState::DOCTYPE, hearing) }
}

/// What of the case follows from its hearings: how many there are, and which comes next.
async fn onto_case(subject: &Subject) -> Result<Changes, Refusal> {
    let all = subject.of_case::<HearingState>();
    let ahead = all.clone().filter(Condition::eq(Column::new("status"), "SCHEDULED"));
    let ahead = ahead.filter(Condition::new(Column::new("starts_at"), Op::Ge, subject.now()));
    let next = ahead.order_by(Column::new("starts_at"), Direction::Ascending).page(0, 1);
    let count = async { Ok::<_, Refusal>(subject.client.count(&all).await?) };
    let next = async { Ok::<_, Refusal>(subject.client.list(&next).await?.rows.pop()) };
    let (count, next) = futures::try_join!(count, next)?;
    let starts = next.as_ref().and_then(|next| next.starts_at.as_str().parse().ok());
    Ok(Changes::new()
        .set(Column::new("hearing_count"), i64::try_from(count).unwrap_or(i64::MAX))
        .set(Column::new("next_hearing"), next.map_or(Value::Nothing, |next| Value::Text(next.name)))
        .set(Column::new("next_hearing_at"), starts.map_or(Value::Nothing, Value::LocalTime)))
}

/// Asks where a hearing is moved to, or whether it is cancelled.
///
/// # Errors
/// As [`super::ask`]; [`ErrorCode::NotFound`] for a hearing of another case.
pub async fn ask_to_change(case: &str, hearing: &str, cancels: bool) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::Schedule).await?;
    let (hearing, _) = subject.one::<HearingState>(hearing).await?;
    Ok(form_of_change(&subject, &hearing, cancels, None))
}

fn form_of_change(subject: &Subject, hearing: &HearingState, cancels: bool, typed: Option<&Typed>) -> Form {
    let (word, heading) = if cancels { (CANCEL, "Cancel the hearing") } else { (MOVE, "Move the hearing") };
    let mut form = subject.form(word, heading, typed);
    let starts = hearing.starts_at.instant(&subject.site);
    let fact = |label: &str, text: String| Fact { label: label.to_owned(), cell: Cell::some(some_text(text)), formula: None };
    form.hidden.push((ON, hearing.name.clone()));
    form.facts = vec![
        fact("Hearing", format!("{}. {}", hearing.seq, hearing.purpose)),
        fact("When", starts.map(|start| start.long()).unwrap_or_default()),
    ];
    form.back = (format!("{}/hearings", subject.address()), "Back to the hearings".to_owned());
    let begun = starts.is_none_or(|start| start.unix_s <= jiff::Timestamp::now().as_second());
    let why_not = if !is_ours(&hearing.made_by, hearing.confirmed.0) {
        Some("The registry holds this hearing: only the registry moves or cancels it.")
    } else if hearing.status != "SCHEDULED" || !hearing.outcome.is_empty() {
        Some("This hearing is no longer to come.")
    } else if begun {
        Some("This hearing has begun: report what came of it.")
    } else {
        None
    };
    if let Some(why_not) = why_not {
        form.lead = vec![why_not.to_owned()];
        form.action = String::new();
        return form;
    }
    form.grave = cancels;
    form.submit = if cancels { "Cancel the hearing".to_owned() } else { "Move it".to_owned() };
    form.fields = if cancels { Vec::new() } else { slot_fields(Some((hearing, local(subject, hearing)))).into() };
    form.fields.push(Field::new("reason", "Reason", FieldKind::Text { max: TEXT_MAX }));
    form
}

/// A hearing's start as a form field holds it, on the institution's wall clock.
fn local(subject: &Subject, hearing: &HearingState) -> String {
    let naive = hearing.starts_at.as_str().parse::<jiff::civil::DateTime>().ok();
    let there = naive.and_then(|naive| naive.to_zoned(subject.site.zone.clone()).ok());
    there.map(|at| at.with_time_zone(subject.site.tenant.time_zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

/// Moves or cancels it.
///
/// # Errors
/// As [`ask_to_change`].
pub async fn change(case: &str, typed: &Typed, cancels: bool) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Schedule).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (hearing, revision) = subject.one::<HearingState>(typed.text(ON)).await?;
    let empty = form_of_change(&subject, &hearing, cancels, Some(typed));
    if empty.action.is_empty() {
        return Ok(Answered::Again(empty));
    }
    let mut reading = Reading::of(typed);
    let slot = if cancels { None } else { read_slot(&subject, typed, &mut reading) };
    let reason = reading.reason("reason");
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(empty.again(typed, &problems)));
    }
    if !subject.is_as_seen(typed) {
        return Ok(Answered::Changed(subject.changed(empty, typed).await?));
    }
    write_change(&subject, operation, (&hearing, &revision), slot, &reason).await?;
    Ok(Answered::Done { lead_to: format!("{}/hearings", subject.address()) })
}

/// With a time it is moved there; without one it is cancelled. The registry knows nothing of it either way.
async fn write_change(
    subject: &Subject,
    operation: String,
    (hearing, revision): (&HearingState, &Revision),
    slot: Option<Slot>,
    reason: &str,
) -> Result<(), Refusal> {
    let moved = values([("starts_at", hearing.starts_at.as_str(), slot.as_ref().map(Slot::when).unwrap_or_default())]);
    let cancelled = values([("status", hearing.status.as_str(), "CANCELLED".to_owned())]);
    let (action, verb, said) = if slot.is_some() { ("hearing.move", "moved", moved) } else { ("hearing.cancel", "cancelled", cancelled) };
    let mut step = Step::begin(subject, operation, AuditKind::Change, action, reason, said).await?;
    let changes = Changes::new().set(Column::new("ics_sequence"), hearing.ics_sequence + 1);
    let changes = match slot {
        Some(slot) => slot.columns(changes),
        None => changes.set(Column::new("status"), "CANCELLED"),
    };
    step.change::<HearingState>(&hearing.name, revision, changes).await?;
    step.happened(told(format!("Hearing {} {verb}", hearing.seq), reason.to_owned(), hearing.name.clone())).await?;
    let changes = onto_case(subject).await?;
    step.case(changes).await
}
