//! What a step leaves behind: the case where it then stands, its dates and amounts, tasks, timeline, and what waits for a checker.
//!
//! Carries out what the process says ([`Effect`]); the case is written last. It must not judge whether a step may be taken.

use super::{
    super::{
        Refusal,
        columns::record,
        notices::make::{stop_for, stopped_by},
        site_time,
    },
    asking::{request_record, submitted},
    clocks, facts,
    facts::Known,
    requests::{Requested, decide},
    settlement,
    step::{Happened, Step as Under, ToDo, values},
    subject::{CaseState, Subject},
    transition::Words,
};
use crate::{
    model::{Actor, AuditKind, CaseDate, Day, Effect, FourEyes, Guard, Inr, PreflightCode, Role, Stage, Status, TaskKind, Transition},
    server::{
        casework::keys::natural_key,
        frappe::{Changes, Condition, Direction, Field, Query, Record as _, RowScope, Value},
    },
};

record! {
    /// A cost, as far as writing one needs.
    struct CostKey of "Case Cost" {}
}

/// Days until a task of this kind is due.
const fn days_for(kind: &TaskKind) -> i64 {
    match kind {
        TaskKind::Approve => 2,
        TaskKind::PrepareHearing | TaskKind::Other => 3,
        TaskKind::ReplyDirection => 14,
        _ => 7,
    }
}

/// What a task of this kind asks for, without personal data.
const fn task_title(kind: &TaskKind) -> &'static str {
    match kind {
        TaskKind::Approve => "Approve or return the case",
        TaskKind::CureDefect => "Cure the registry’s defects",
        TaskKind::FixAddress => "Find a new address: the notice is unserved",
        TaskKind::AttendHearing => "Attend the hearing",
        TaskKind::PrepareHearing => "Prepare the hearing",
        TaskKind::ReplyDirection => "Reply to the tribunal’s direction",
        TaskKind::Objection => "Answer the respondent’s objection",
        _ => "Correct the returned case and submit it again",
    }
}

/// Takes the step.
///
/// # Errors
/// Any fault of the calls; before the last of them the step has not taken place.
pub async fn take(subject: &Subject, operation: String, row: &'static Transition, words: &Words, known: &Known) -> Result<(), Refusal> {
    let request = super::transition::request_of(row, known);
    let kind = if matches!(row.four_eyes, FourEyes::Returns(_)) { AuditKind::Approval } else { AuditKind::Change };
    carry_out(subject, operation, kind, row, words, known, request.map(|request| (request, "RETURNED"))).await
}

/// Takes a step that is the portal's own, because somebody asked it to look.
///
/// # Errors
/// As [`take`].
pub async fn take_by_portal(subject: &Subject, operation: String, row: &'static Transition, known: &Known) -> Result<(), Refusal> {
    carry_out(subject, operation, AuditKind::Change, row, &Words::default(), known, None).await
}

/// A task for whoever has the role, or for somebody.
pub fn to_do(subject: &Subject, role: Role, kind: &TaskKind, assignee: &str) -> ToDo {
    let today = site_time::today(&subject.site.tenant);
    ToDo {
        kind: kind.code().to_owned(),
        title: task_title(kind).to_owned(),
        assignee: assignee.to_owned(),
        role: role.code(),
        due_on: today.later(days_for(kind)),
        priority: if *kind == TaskKind::Approve { 1 } else { 2 },
    }
}

/// Carries a step out, and writes the decision on it into its request.
///
/// # Errors
/// As [`take`].
pub async fn carry_out(
    subject: &Subject,
    operation: String,
    kind: AuditKind,
    row: &'static Transition,
    words: &Words,
    known: &Known,
    decided: Option<(&Requested, &str)>,
) -> Result<(), Refusal> {
    let case = &subject.case;
    let today = site_time::today(&subject.site.tenant);
    let now = Status::from(case.status.clone());
    let waits = row.waits_for_registry(&Stage::from(case.stage.clone()));
    let target = row.target(Some(&now), known.facts.before.as_ref()).filter(|_| !waits).unwrap_or(&now).clone();
    let stage = target.stage().unwrap_or_else(|| Stage::from(case.stage.clone()));
    let moves = stage.code() != case.stage;
    let said =
        values([("status", case.status.as_str(), target.code().to_owned()), ("stage", case.stage.as_str(), stage.code().to_owned())]);
    let mut under = Under::begin(subject, operation, kind, row.action, words.because(), said).await?;
    // Who only said "now" has not taken the portal's step: the timeline says whose it was.
    under.by_portal(row.by == [Actor::Job]);
    let event_kind = row.event_kind(Some(&Stage::from(case.stage.clone())), Some(&stage));
    under
        .happened(Happened {
            kind: event_kind.code(),
            transition: row.no,
            title: if waits { format!("{}: approved; the registry completes it", row.label) } else { row.event.to_owned() },
            note: note_of(words),
            states: (now != target).then(|| (case.status.clone(), target.code().to_owned())),
            stages: moves.then(|| (case.stage.clone(), stage.code().to_owned())),
            source: (CaseState::DOCTYPE, subject.id.as_str().to_owned()),
        })
        .await?;
    let mut changes = Changes::new();
    if !waits {
        for effect in row.effects {
            changes = leave(subject, &mut under, row, words, known, effect, today, changes).await?;
        }
        if row.guards.contains(&Guard::DefectsAnswered) {
            changes = super::defect::cure(subject, &under, today, changes).await?;
        }
        if row.ends.is_some() {
            under.done("", "CANCELLED").await?;
        }
        Box::pin(stop_notices(subject, row, words)).await?;
    }
    if let Some((request, state)) = decided {
        under.done(TaskKind::Approve.code(), "DONE").await?;
        decide(subject, &under, &request.record, state, words).await?;
    }
    if now != target || moves {
        changes = changes.set(Field::new("status"), target.code()).set(Field::new("status_since_at"), subject.now());
        changes = changes.set(Field::new("status_before"), case.status.as_str()).set(Field::new("stage_before"), case.stage.as_str());
    }
    // What is missing is due from a stage on, so a step that moves the case or sets one of its days is looked at anew.
    let counts = |effect: &Effect| matches!(effect, Effect::SetDate(_) | Effect::ClockExtends(..));
    if !waits && (moves || row.effects.iter().any(counts)) {
        changes = super::enforceability::look_anew(subject, &mut under, &stage, row.effects, changes).await?;
    }
    if moves {
        changes = changes.set(Field::new("stage"), stage.code()).set(Field::new("stage_since_at"), subject.now());
        changes = changes.set(Field::new("stage_since_on"), today).set(Field::new("is_open"), stage != Stage::Closed);
        let outcome = row.ends.filter(|_| !waits).map_or("", |outcome| outcome.code());
        changes = changes.set(Field::new("outcome"), outcome);
    }
    under.case(due_next(subject, changes).await?).await
}

/// Takes the case's respondents out of the notices that have not gone to them, where the step says so: held, settled, or at its end.
async fn stop_notices(subject: &Subject, row: &Transition, words: &Words) -> Result<(), Refusal> {
    if !row.effects.contains(&Effect::StopNotices) {
        return Ok(());
    }
    let why = if row.effects.contains(&Effect::SetHold) {
        stopped_by(words.of("hold"))
    } else if row.ends.is_some() {
        Some(PreflightCode::Closed)
    } else {
        Some(PreflightCode::Settlement)
    };
    let Some(why) = why else { return Ok(()) };
    stop_for(&subject.client, &subject.id, &why, &subject.grant.principal.user_id).await?;
    Ok(())
}

/// What was said with a step, in one line; a reason stands by itself.
fn note_of(words: &Words) -> String {
    let others = words.said.iter().filter(|(name, value)| !value.is_empty() && !matches!(name.as_str(), "reason" | "comment" | "document"));
    let shown = |name: &str, value: &str| match (name, value.parse::<i64>()) {
        ("amount" | "claim" | "fee", Ok(paise)) => Inr::from_paise(paise).exact(),
        _ => crate::model::Term::of(value).label,
    };
    let others = others.map(|(name, value)| format!("{}: {}", crate::model::Term::of(name.to_uppercase()).label, shown(name, value)));
    std::iter::once(words.because().to_owned()).chain(others).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
}

#[expect(clippy::too_many_arguments, reason = "what an effect may need, each named at its one caller")]
async fn leave(
    subject: &Subject,
    under: &mut Under<'_>,
    row: &Transition,
    words: &Words,
    known: &Known,
    effect: &Effect,
    today: Day,
    changes: Changes,
) -> Result<Changes, Refusal> {
    let case = &subject.case;
    let amount = |name: &str| words.of(name).parse().map_or(Inr::ZERO, Inr::from_paise);
    let user = subject.grant.principal.user_id.as_str();
    let changes = match facts::month_field(effect) {
        Some(month) => {
            let set = matches!(effect, Effect::SetDate(_));
            changes.set(Field::new(month), if set { Value::from(facts::month(today)) } else { Value::Nothing })
        }
        None => changes,
    };
    Ok(match effect {
        Effect::SetDate(date) => spans(subject, *date, today, changes.set(Field::new(date.field()), today)),
        Effect::ClearDate(date) => changes.set(Field::new(date.field()), Value::Nothing),
        Effect::HoldLoan => {
            let institution = subject.client.institution().await?;
            changes.set(Field::new("open_lan_key"), natural_key(&institution, &[&case.lan.to_uppercase()]))
        }
        Effect::FreeLoan => changes.set(Field::new("open_lan_key"), Value::Nothing),
        Effect::KeepSubmission => {
            let said = submitted(subject, row, words, known);
            let request = request_record(subject, under, row, &said, case.claim_basis_amount.0).await?;
            let changes = changes.set(Field::new("approval"), request.name).set(Field::new("submit_hash"), said.hash());
            changes.set(Field::new("submitted_by"), user).set(Field::new("submitted_at"), subject.now())
        }
        Effect::KeepApproval => changes.set(Field::new("approved_by"), user).set(Field::new("approved_at"), subject.now()),
        Effect::FreezeDuesAtFiling => changes.set(Field::new("dues_at_filing"), case.total_dues.0),
        Effect::ChargeFilingFee => {
            let body = Changes::new()
                .set(Field::new("kind"), "FILING_FEE")
                .set(Field::new("amount"), amount("fee"))
                .set(Field::new("incurred_on"), today)
                .set(Field::new("month"), facts::month(today))
                .set(Field::new("state"), "ACCRUED");
            under.child::<CostKey>(body, true).await?;
            changes
        }
        Effect::TakeClaim => {
            let claim = amount("claim");
            changes.set(Field::new("claim_amount"), claim).set(Field::new("claim_basis_amount"), claim)
        }
        Effect::ClockStarts(code) => {
            let due = clocks::start(subject, under, code, row, today).await?;
            clocks::onto_case(code, due, changes)
        }
        Effect::ClockMet(code) => {
            clocks::end(subject, under, Some(code), "MET", row, today).await?;
            changes
        }
        Effect::ClockExtends(from, to) => {
            let due = clocks::extend(subject, under, from, to, row, words.of("document"), today).await?;
            clocks::onto_case(from, due, changes)
        }
        Effect::ClocksStop => {
            clocks::end(subject, under, None, "STOPPED", row, today).await?;
            changes
        }
        Effect::TaskFor(role, kind) => {
            under.set_task(to_do(subject, *role, kind, "")).await?;
            changes
        }
        Effect::TasksDone(kind) => {
            under.done(kind.code(), "DONE").await?;
            changes
        }
        Effect::Settlement(track) => {
            if let Some(offer) = &known.offer {
                settlement::accept(subject, under, offer, words, today).await?;
            }
            let settled = known.offer.as_ref().map_or(Inr::ZERO, |offer| offer.amount.0);
            changes
                .set(Field::new("settlement_track"), track.code())
                .set(Field::new("settled_amount"), settled)
                .set(Field::new("offer_open"), false)
        }
        Effect::SetHold => {
            let changes = changes.set(Field::new("hold"), words.of("hold")).set(Field::new("hold_reason"), words.of("reason"));
            changes.set(Field::new("hold_since_on"), today)
        }
        Effect::LiftHold => {
            let changes = changes.set(Field::new("hold"), "NONE").set(Field::new("hold_reason"), "");
            changes.set(Field::new("hold_since_on"), Value::Nothing)
        }
        // Notices that have not gone out are stopped once for the step; whoever sends looks at hold, settlement and stage again.
        Effect::StopNotices | Effect::FreezeDuesOnNotice | Effect::TakeNumber | Effect::TakeAward => changes,
    })
}

/// Days between the case's dates, once both are there (`records.md` §8).
fn spans(subject: &Subject, date: CaseDate, today: Day, changes: Changes) -> Changes {
    let since = |day: Option<Day>| day.map(|day| today.days_since_epoch() - day.days_since_epoch());
    match date {
        CaseDate::Closed => match since(subject.case.filed_on.day()) {
            Some(days) => changes.set(Field::new("closed_days"), days),
            None => changes,
        },
        _ => changes,
    }
}

record! {
    /// An open task's last day.
    struct DueTask of "Case Task" {
        kind: String,
        due_on: super::super::columns::Date,
    }
}

/// What the case must mind next, after what was written: the soonest of its open tasks and of its own running clocks.
pub async fn due_next(subject: &Subject, changes: Changes) -> Result<Changes, Refusal> {
    let tasks = subject.of_case::<DueTask>().filter(Condition::eq(Field::new("state"), "OPEN"));
    let soonest = tasks.clone().order_by(Field::new("due_on"), Direction::Ascending).page(0, 1);
    let clock = clocks::soonest_of_ours(subject);
    let task = async { Ok::<_, Refusal>(subject.client.list(&soonest).await?.rows.pop()) };
    let open = async { Ok::<_, Refusal>(subject.client.count(&tasks).await?) };
    let (clock, task, open) = futures::try_join!(clock, task, open)?;
    let task = task.and_then(|task| Some((task.due_on.day()?, task.kind)));
    let next = [clock, task].into_iter().flatten().min_by_key(|(day, _)| *day);
    let changes = changes.set(Field::new("task_open_count"), i64::try_from(open).unwrap_or(i64::MAX));
    Ok(match next {
        Some((day, code)) => changes.set(Field::new("next_due_on"), day).set(Field::new("next_due_code"), code),
        None => changes.set(Field::new("next_due_on"), Value::Nothing).set(Field::new("next_due_code"), ""),
    })
}

/// Any row of the institution, for what does not hang on a case.
pub fn of_institution<R: super::super::columns::Named>() -> Query<R> {
    Query::new(RowScope::institution_wide())
}
