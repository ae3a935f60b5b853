//! What came of a hearing, as the institution reports it. The registry's own record counts and moves the case; a report that differs
//! from it is marked, so that somebody asks.

use super::{
    super::{
        Refusal,
        columns::{Check, LocalTime, record},
        keys::{REVISION, operation_of},
    },
    step::{Happened, Step, values},
    subject::{ON, Subject},
};
use crate::{
    model::{Answered, AuditKind, Cell, ErrorCode, Fact, Field, FieldKind, Form, Permission, Reading, Term, Typed},
    server::frappe::{Changes, Field as Column, Record as _, Revision, Value},
};

/// Its word in the address.
pub const DEED: &str = "report-outcome";
/// The longest note, in characters.
const NOTE_MAX: usize = 1_000;
const OUTCOMES: [&str; 9] =
    ["HELD", "ADJOURNED", "CANCELLED", "EX_PARTE", "EVIDENCE_CLOSED", "ARGUMENTS_HEARD", "RESERVED", "SETTLED", "PRONOUNCED"];
const ADJOURNED: &str = "ADJOURNED";
const ADJOURNED_BY: [&str; 4] = ["CLAIMANT", "RESPONDENT", "TRIBUNAL", "REGISTRY"];
const ADJOURNED_REASON: [&str; 8] =
    ["TIME_SOUGHT", "COUNSEL_ABSENT", "PARTY_ABSENT", "SETTLEMENT_TALKS", "TECHNICAL", "SERVICE_PENDING", "HOLIDAY", "OTHER"];

record! {
    /// A hearing, as far as reporting on it needs.
    struct HearingState of "Case Hearing" {
        seq: i64,
        hearing_type: String,
        purpose: String,
        starts_at: LocalTime,
        outcome: String,
        reported_outcome: String,
        reported_text: String,
        adjourned_by: String,
        adjourned_reason: String,
        next_purpose: String,
        appearance_claimed: Check,
    }
}

/// Asks for it.
///
/// # Errors
/// As [`super::ask`]; [`ErrorCode::NotFound`] for a hearing of another case.
pub async fn ask(case: &str, hearing: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::ReportOutcome).await?;
    let (hearing, revision) = subject.one::<HearingState>(hearing).await?;
    Ok(form(&subject, &hearing, &revision, None))
}

fn form(subject: &Subject, hearing: &HearingState, revision: &Revision, typed: Option<&Typed>) -> Form {
    let start = hearing.starts_at.instant(&subject.site);
    let begun = start.is_some_and(|start| start.unix_s <= jiff::Timestamp::now().as_second());
    let fact = |label: &str, text: String| Fact {
        label: label.to_owned(),
        cell: Cell::some(Some(text).filter(|text| !text.is_empty())),
        formula: None,
    };
    let choices = |codes: &[&str]| codes.iter().map(|code| (Term::of(*code).code, Term::of(*code).label)).collect::<Vec<_>>();
    let mut form = subject.form(DEED, "Report a hearing’s outcome", typed);
    // What may have changed is the hearing: the case is not touched.
    form.hidden.retain(|(name, _)| *name != REVISION);
    form.hidden.extend([(REVISION, revision.0.clone()), (ON, hearing.name.clone())]);
    form.facts = vec![
        fact("Hearing", format!("{}. {}", hearing.seq, Term::of(hearing.hearing_type.as_str()).label)),
        fact("For", hearing.purpose.clone()),
        fact("When", start.map(|start| start.long()).unwrap_or_default()),
        fact("Recorded by the registry", Term::of_some(&hearing.outcome).map(|term| term.label).unwrap_or_default()),
    ];
    form.back = (format!("{}/hearings", subject.address()), "Back to the hearings".to_owned());
    if !begun {
        form.lead = vec!["This hearing has not begun: there is nothing to report yet.".to_owned()];
        form.action = String::new();
        return form;
    }
    form.lead = vec!["This is your institution’s report. The case moves when the registry or the tribunal records the same.".to_owned()];
    form.fields = vec![
        Field::new("outcome", "What came of it", FieldKind::Pick(choices(&OUTCOMES))).value(hearing.reported_outcome.as_str()),
        Field::new("adjourned_by", "If adjourned: who asked", FieldKind::Choice(choices(&ADJOURNED_BY)))
            .optional()
            .value(hearing.adjourned_by.as_str()),
        Field::new("adjourned_reason", "If adjourned: why", FieldKind::Choice(choices(&ADJOURNED_REASON)))
            .optional()
            .value(hearing.adjourned_reason.as_str()),
        Field::new("next_at", "Next date, if one was given", FieldKind::Moment).optional().help("On your institution’s wall clock."),
        Field::new("next_purpose", "What the next date is for", FieldKind::Line { max: 140 })
            .optional()
            .value(hearing.next_purpose.as_str()),
        Field::new("appeared", "Our advocate appeared", FieldKind::Check).optional().value(if hearing.appearance_claimed.0 {
            "1"
        } else {
            ""
        }),
        Field::new("note", "Note", FieldKind::Text { max: NOTE_MAX }).optional().value(hearing.reported_text.as_str()),
    ];
    form.submit = "Report".to_owned();
    form
}

/// Reports it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::ReportOutcome).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (hearing, revision) = subject.one::<HearingState>(typed.text(ON)).await?;
    let empty = form(&subject, &hearing, &revision, Some(typed));
    if empty.action.is_empty() {
        return Ok(Answered::Again(empty));
    }
    let mut reading = Reading::of(typed);
    let codes = |codes: &'static [&'static str]| codes.iter().map(|code| ((*code).to_owned(), *code));
    let outcome = reading.required("outcome", |reading| reading.some_choice("outcome", codes(&OUTCOMES)));
    let by = reading.some_choice("adjourned_by", codes(&ADJOURNED_BY));
    let why = reading.some_choice("adjourned_reason", codes(&ADJOURNED_REASON));
    if outcome == ADJOURNED {
        for (field, given) in [("adjourned_by", by), ("adjourned_reason", why)] {
            if given.is_none() && typed.text(field).is_empty() {
                reading.refuse(field, "required");
            }
        }
    }
    let next = reading.some_moment("next_at");
    let purpose = reading.some_line("next_purpose", 140);
    let note = reading.some_text("note", NOTE_MAX).unwrap_or_default();
    let next_at = next.and_then(|(day, minute)| subject.wall_clock(day, minute));
    let starts_at = hearing.starts_at.as_str().parse::<jiff::civil::DateTime>().ok();
    if let (Some(next), Some(start)) = (next_at, starts_at)
        && next <= start
    {
        reading.refuse("next_at", "The next date is before this hearing. Dates never run backwards.");
    }
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(empty.again(typed, &problems)));
    }
    if typed.text(REVISION) != revision.0 {
        return Ok(Answered::Changed(subject.changed(empty, typed).await?));
    }
    let differs = !hearing.outcome.is_empty() && hearing.outcome != outcome;
    let said = values([("reported_outcome", hearing.reported_outcome.as_str(), outcome.to_owned())]);
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "hearing.report", &note, said).await?;
    step.happened(Happened {
        kind: "HEARING",
        transition: 0,
        title: format!("Outcome of hearing {} reported: {}", hearing.seq, Term::of(outcome).label.to_lowercase()),
        note: note.clone(),
        states: Some((hearing.reported_outcome.clone(), outcome.to_owned())),
        stages: None,
        source: (HearingState::DOCTYPE, hearing.name.clone()),
    })
    .await?;
    step.done("REPORT_OUTCOME", "DONE").await?;
    let mut changes = Changes::new()
        .set(Column::new("reported_outcome"), outcome)
        .set(Column::new("reported_by"), subject.grant.principal.user_id.as_str())
        .set(Column::new("reported_at"), subject.now())
        .set(Column::new("reported_text"), note)
        .set(Column::new("outcome_differs"), differs)
        .set(Column::new("appearance_claimed"), typed.has("appeared"))
        .set(Column::new("next_purpose"), purpose.unwrap_or_default())
        .set(Column::new("next_at"), next_at.map_or(Value::Nothing, Value::LocalTime));
    // Who adjourned it is the registry's to say, once it has.
    if hearing.outcome.is_empty() && outcome == ADJOURNED {
        changes =
            changes.set(Column::new("adjourned_by"), by.unwrap_or_default()).set(Column::new("adjourned_reason"), why.unwrap_or_default());
    }
    step.change::<HearingState>(&hearing.name, &revision, changes).await?;
    Ok(Answered::Done { lead_to: format!("{}/hearings", subject.address()) })
}
