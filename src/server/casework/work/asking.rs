//! Asking for a step that a second person decides on, and deciding: the request as a record of its own, from submission to decision.
//!
//! Owns what a request holds and how a decision is written into it. It must not judge who decides, nor know what the step leaves behind.

use super::{
    super::{Refusal, audit, site_time},
    effects::{carry_out, due_next, to_do},
    facts::{Known, month},
    requests::{ApprovalRecord, Requested, Said},
    step::{Happened, Step as Under, values},
    subject::{CaseState, Subject},
    transition::{Words, title},
};
use crate::{
    model::{AuditKind, Day, Role, Step, TaskKind, Transition},
    server::frappe::{Changes, Condition, Direction, Field, Record as _},
};

/// What is submitted of a case: what a checker decides on, field by field. No masked kind is among them.
pub fn submitted_values(subject: &Subject) -> Vec<(String, String)> {
    let case = &subject.case;
    let day = |day: Option<Day>| day.map(Day::iso).unwrap_or_default();
    let fields = [
        ("lan", case.lan.clone()),
        ("product", case.product.clone()),
        ("branch", case.branch.clone()),
        ("agreement_no", case.agreement_no.clone()),
        ("agreement_on", day(case.agreement_on.day())),
        ("default_on", day(case.default_on.day())),
        ("total_dues", case.total_dues.0.exact()),
        ("claim", case.claim_basis_amount.0.exact()),
        ("respondents", case.respondent_count.to_string()),
        ("consent_basis", case.consent_basis.clone()),
    ];
    fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}

/// What a request says: of a draft all that is submitted, of any other step where the case stands.
pub fn submitted(subject: &Subject, row: &Transition, words: &Words) -> Said {
    let draft = matches!(row.action, "submit_draft" | "resubmit_draft" | "approve_draft" | "return_draft");
    let values = if draft { submitted_values(subject) } else { vec![("status".to_owned(), subject.case.status.clone())] };
    Said { action: row.action.to_owned(), said: words.said.clone(), values, before: Vec::new() }
}

/// That a step was refused, for the trail.
pub fn denied(subject: &Subject, row: &Transition) -> audit::Entry {
    audit::Entry::new(AuditKind::Denied, row.action).object(CaseState::DOCTYPE, subject.id.as_str()).case(&subject.id).reason("STEP")
}

/// Approves it: with the last approval that it needs, the step is taken.
///
/// # Errors
/// As [`take`].
pub async fn approve(
    subject: &Subject,
    operation: String,
    row: &'static Transition,
    request: &Requested,
    step: Step,
    known: &Known,
) -> Result<(), Refusal> {
    let words = Words { said: request.said.said.clone() };
    if step == Step::ApproveFirst {
        let said = values([("approval", request.record.state.as_str(), "SECOND_PENDING".to_owned())]);
        let mut under = Under::begin(subject, operation, AuditKind::Approval, row.action, "", said).await?;
        under.happened(line(row, "First approval given; a second checker decides", subject)).await?;
        return decide(subject, &under, &request.record, "SECOND_PENDING", &Words::default()).await;
    }
    carry_out(subject, operation, AuditKind::Approval, row, &words, known, Some((request, "APPROVED"))).await
}

/// Sends a request back; the case stays where it is.
///
/// # Errors
/// As [`take`].
pub async fn give_back(
    subject: &Subject,
    operation: String,
    row: &'static Transition,
    request: &Requested,
    words: &Words,
) -> Result<(), Refusal> {
    let said = values([("approval", request.record.state.as_str(), "RETURNED".to_owned())]);
    let mut under = Under::begin(subject, operation, AuditKind::Approval, row.action, words.because(), said).await?;
    let told = format!("Returned: {}", row.label.to_lowercase());
    under.happened(Happened { note: words.because().to_owned(), ..line(row, &told, subject) }).await?;
    under.set_task(to_do(subject, Role::LegalManager, &TaskKind::Other, &request.record.submitted_by)).await?;
    under.done(TaskKind::Approve.code(), "DONE").await?;
    decide(subject, &under, &request.record, "RETURNED", words).await
}

/// Marks a request as void: what was submitted is no longer what there is.
///
/// # Errors
/// As [`take`].
pub async fn void(subject: &Subject, operation: String, row: &'static Transition, request: &Requested) -> Result<(), Refusal> {
    let said = values([("approval", request.record.state.as_str(), "VOID".to_owned())]);
    let under = Under::begin(subject, operation, AuditKind::Approval, row.action, "", said).await?;
    decide(subject, &under, &request.record, "VOID", &Words::default()).await
}

/// Asks for a step that a second person decides on.
///
/// # Errors
/// As [`take`].
pub async fn ask_for(subject: &Subject, operation: String, row: &'static Transition, words: &Words) -> Result<(), Refusal> {
    let said = values([("approval", "", "PENDING".to_owned())]);
    let mut under = Under::begin(subject, operation, AuditKind::Change, row.action, words.because(), said).await?;
    let told = format!("Approval asked for: {}", row.label.to_lowercase());
    under.happened(Happened { note: words.because().to_owned(), ..line(row, &told, subject) }).await?;
    under.set_task(to_do(subject, Role::LegalHead, &TaskKind::Approve, "")).await?;
    let said = submitted(subject, row, words);
    request_record(subject, &mut under, row, &said).await?;
    let changes = due_next(subject, Changes::new()).await?;
    under.case(changes).await
}

fn line(row: &Transition, told: &str, subject: &Subject) -> Happened {
    Happened {
        kind: "APPROVAL",
        transition: row.no,
        title: told.to_owned(),
        note: String::new(),
        states: None,
        stages: None,
        source: (CaseState::DOCTYPE, subject.id.as_str().to_owned()),
    }
}

/// A request as a record of its own.
pub async fn request_record(subject: &Subject, under: &mut Under<'_>, row: &Transition, said: &Said) -> Result<ApprovalRecord, Refusal> {
    let kind = row.four_eyes.kind().map_or("CASE", |kind| kind.code());
    let last = last_round(subject, kind).await?;
    let (round, before) = last.map_or((1, Vec::new()), |last| (last.round + 1, Said::decode(&last.diff).values));
    let said = Said { before, ..said.clone() };
    let amount = subject.case.claim_basis_amount.0;
    let today = site_time::today(&subject.site.tenant);
    let body = Changes::new()
        .set(Field::new("object_kind"), kind)
        .set(Field::new("object_type"), CaseState::DOCTYPE)
        .set(Field::new("object_name"), subject.id.as_str())
        .set(Field::new("case_id"), subject.case.number())
        .set(Field::new("title"), title(row, subject.case.number()))
        .set(Field::new("amount"), amount)
        .set(Field::new("level"), 1_i64)
        .set(Field::new("levels_needed"), 1_i64)
        .set(Field::new("round"), round)
        .set(Field::new("submitted_by"), subject.grant.principal.user_id.as_str())
        .set(Field::new("submitted_at"), subject.now())
        .set(Field::new("submit_hash"), said.hash())
        .set(Field::new("diff"), said.encoded())
        .set(Field::new("state"), "PENDING")
        .set(Field::new("wait_mins"), -1_i64)
        .set(Field::new("month"), month(today));
    under.child(body, true).await
}

async fn last_round(subject: &Subject, kind: &str) -> Result<Option<ApprovalRecord>, Refusal> {
    let last = subject.of_case::<ApprovalRecord>().filter(Condition::eq(Field::new("object_kind"), kind));
    let last = last.order_by(Field::new("round"), Direction::Descending).page(0, 1);
    Ok(subject.client.list(&last).await?.rows.pop())
}

/// Writes a decision into its request.
pub async fn decide(subject: &Subject, under: &Under<'_>, request: &ApprovalRecord, state: &str, words: &Words) -> Result<(), Refusal> {
    let user = subject.grant.principal.user_id.as_str();
    let (current, revision, _) = subject.client.get_with_proof::<ApprovalRecord>(&request.name).await?;
    let second = current.state == "SECOND_PENDING";
    let waited = request.submitted_at.instant(&subject.site).map_or(-1, |at| (jiff::Timestamp::now().as_second() - at.unix_s) / 60);
    let mut changes =
        Changes::new().set(Field::new("state"), state).set(Field::new("wait_mins"), if state == "SECOND_PENDING" { -1 } else { waited });
    changes = if second {
        changes.set(Field::new("checker_2"), user).set(Field::new("decided_2_at"), subject.now())
    } else {
        changes.set(Field::new("checker"), user).set(Field::new("decided_at"), subject.now())
    };
    if state == "SECOND_PENDING" {
        changes = changes.set(Field::new("level"), 2_i64).set(Field::new("levels_needed"), 2_i64);
    }
    if state == "RETURNED" {
        changes = changes.set(Field::new("reason_code"), words.of("reason_code")).set(Field::new("reason_text"), words.of("comment"));
    }
    under.change::<ApprovalRecord>(&request.name, &revision, changes).await.map(|_| ())
}
