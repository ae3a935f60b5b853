//! Asking for a step that a second person decides on, and deciding: the request as a record of its own, from submission to decision.
//!
//! Owns what a request holds and how a decision is written into it. It must not judge who decides, nor know what the step leaves behind.

use super::{
    super::{Refusal, audit},
    effects::{carry_out, due_next, to_do},
    facts::Known,
    requests::{self, ApprovalRecord, Asked, Requested, Said, decide},
    settlement::{self, Offer},
    step::{Happened, Step as Under, values},
    subject::{CaseState, Subject},
    transition::{Words, title},
};
use crate::{
    model::{AuditKind, Day, Inr, Role, Step, TaskKind, Transition},
    server::frappe::{Changes, Record as _},
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
pub fn submitted(subject: &Subject, row: &Transition, words: &Words, known: &Known) -> Said {
    let draft = matches!(row.action, "submit_draft" | "resubmit_draft" | "approve_draft" | "return_draft");
    let mut values = if draft { submitted_values(subject) } else { vec![("status".to_owned(), subject.case.status.clone())] };
    values.extend(settlement::of_step(row, known).map(Offer::submitted).unwrap_or_default());
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
    known: &Known,
) -> Result<(), Refusal> {
    let said = values([("approval", request.record.state.as_str(), "RETURNED".to_owned())]);
    let mut under = Under::begin(subject, operation, AuditKind::Approval, row.action, words.because(), said).await?;
    let told = format!("Returned: {}", row.label.to_lowercase());
    under.happened(Happened { note: words.because().to_owned(), ..line(row, &told, subject) }).await?;
    under.set_task(to_do(subject, Role::LegalManager, &TaskKind::Other, &request.record.submitted_by)).await?;
    under.done(TaskKind::Approve.code(), "DONE").await?;
    decide(subject, &under, &request.record, "RETURNED", words).await?;
    match settlement::of_step(row, known) {
        Some(offer) => {
            let changes = settlement::returned(subject, &under, offer).await?;
            under.case(changes).await
        }
        None => Ok(()),
    }
}

/// Marks a request as void: what was submitted is no longer what there is.
///
/// # Errors
/// As [`take`].
pub async fn void(
    subject: &Subject,
    operation: String,
    row: &'static Transition,
    request: &Requested,
    known: &Known,
) -> Result<(), Refusal> {
    let said = values([("approval", request.record.state.as_str(), "VOID".to_owned())]);
    let under = Under::begin(subject, operation, AuditKind::Approval, row.action, "", said).await?;
    decide(subject, &under, &request.record, "VOID", &Words::default()).await?;
    match settlement::of_step(row, known) {
        Some(offer) => {
            let changes = settlement::returned(subject, &under, offer).await?;
            under.case(changes).await
        }
        None => Ok(()),
    }
}

/// Asks for a step that a second person decides on.
///
/// # Errors
/// As [`take`].
pub async fn ask_for(subject: &Subject, operation: String, row: &'static Transition, words: &Words, known: &Known) -> Result<(), Refusal> {
    let said = values([("approval", "", "PENDING".to_owned())]);
    let mut under = Under::begin(subject, operation, AuditKind::Change, row.action, words.because(), said).await?;
    let told = format!("Approval asked for: {}", row.label.to_lowercase());
    under.happened(Happened { note: words.because().to_owned(), ..line(row, &told, subject) }).await?;
    under.set_task(to_do(subject, Role::LegalHead, &TaskKind::Approve, "")).await?;
    let said = submitted(subject, row, words, known);
    let offer = settlement::of_step(row, known);
    // Of a settlement what is given up decides who may approve, not what was claimed.
    let amount = offer.map_or(subject.case.claim_basis_amount.0, Offer::waived);
    let request = request_record(subject, &mut under, row, &said, amount).await?;
    let changes = match offer {
        Some(offer) => settlement::asked(subject, &under, offer, &request.name).await?,
        None => Changes::new(),
    };
    let changes = due_next(subject, changes).await?;
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
///
/// # Errors
/// Any fault of the call.
pub async fn request_record(
    subject: &Subject,
    under: &mut Under<'_>,
    row: &Transition,
    said: &Said,
    amount: Inr,
) -> Result<ApprovalRecord, Refusal> {
    let kind = row.four_eyes.kind().map_or("CASE", |kind| kind.code());
    let object = (CaseState::DOCTYPE, subject.id.as_str());
    requests::keep(subject, under, Asked { kind, object, title: title(row, subject.case.number()), amount }, said).await
}
