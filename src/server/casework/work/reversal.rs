//! A payment that did not stand: a cheque that bounced, a credit in the wrong case. Its row stays; it counts no more.
//!
//! Owns that what finance has confirmed takes two people to reverse: who asks, and somebody of finance who neither asked nor recorded
//! it. It must not know what follows from the sums.

use super::{
    super::{
        Refusal, audit,
        keys::{REVISION, operation_of},
    },
    payment::{Payment, address, for_finance},
    requests::{self, ApprovalRecord, Asked, Said, not_second},
    step::{Step, values},
    subject::{HasName as _, ON, Subject},
    sums,
    transition::Words,
};
use crate::{
    model::{
        Answered, ApprovalKind, AuditKind, Button, Cell, ErrorCode, Fact, Field, FieldKind, Form, Permission, REASON_MAX_CHARS, Reading,
        Typed,
    },
    server::frappe::{Changes, Field as Column, Record as _, Revision, Value},
};

/// Its word in the address.
pub const DEED: &str = "reverse-payment";
const ACTION: &str = "payment.reverse";
const DECISION: &str = "decision";
const RETURN: &str = "return";

/// What answering the form would be.
enum Next {
    /// It counts for nothing yet: one person reverses it.
    Reverse,
    /// It is confirmed: it is asked for.
    Ask,
    /// It was asked for, and this person decides.
    Decide(Box<ApprovalRecord>),
    /// Nothing, and why.
    Nothing(String),
}

/// What this person may do about it now.
async fn next(subject: &Subject, payment: &Payment) -> Result<Next, Refusal> {
    match payment.state.as_str() {
        "RECORDED" => return Ok(Next::Reverse),
        "CONFIRMED" => {}
        _ => return Ok(Next::Nothing("This payment is reversed already.".to_owned())),
    }
    let Some(request) = requests::waiting_on(subject, ApprovalKind::Payment.code(), payment.name()).await? else { return Ok(Next::Ask) };
    if !subject.grant.principal.role.allows(Permission::ConfirmPayment) {
        return Ok(Next::Nothing(format!("{} has asked for it: somebody of finance decides.", request.submitted_by)));
    }
    Ok(match not_second(subject, &[&request.submitted_by, &payment.made_by]).await? {
        Some(why_not) => Next::Nothing(why_not),
        None => Next::Decide(Box::new(request)),
    })
}

/// Asks for it.
///
/// # Errors
/// As [`super::ask`]; [`ErrorCode::NotFound`] for a payment of another case.
pub async fn ask(case: &str, payment: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::ReversePayment).await?;
    let (payment, revision) = subject.one::<Payment>(payment).await?;
    let next = next(&subject, &payment).await?;
    Ok(form(&subject, &payment, &revision, &next, None))
}

fn form(subject: &Subject, payment: &Payment, revision: &Revision, next: &Next, typed: Option<&Typed>) -> Form {
    let mut form = subject.form(DEED, "Reverse a payment", typed);
    form.hidden.retain(|(name, _)| *name != REVISION);
    form.hidden.extend([(REVISION, revision.0.clone()), (ON, payment.name.clone())]);
    form.facts = payment.facts();
    form.back = (address(subject), "Back to the case’s money".to_owned());
    form.grave = true;
    let reason = |words: &str| Field::new("reason", words, FieldKind::Text { max: REASON_MAX_CHARS });
    match next {
        Next::Reverse => {
            form.lead = vec!["The row stays and says so. It has not been confirmed: no sum changes.".to_owned()];
            form.fields = vec![reason("Why it does not stand")];
            form.submit = "Reverse the payment".to_owned();
        }
        Next::Ask => {
            form.lead = vec!["Finance has confirmed it: it counts until somebody of finance approves the reversal.".to_owned()];
            form.fields = vec![reason("Why it does not stand")];
            form.submit = "Ask for the reversal".to_owned();
            form.grave = false;
        }
        Next::Decide(request) => {
            let fact = |label: &str, text: String| Fact { label: label.to_owned(), cell: Cell::text(text), formula: None };
            form.facts.push(fact("Reversal asked for by", request.submitted_by.clone()));
            form.facts.extend(Said::decode(&request.diff).said.into_iter().map(|(_, words)| fact("Because", words)));
            form.lead = vec!["Approved, it counts no more, here and in every report. The row stays and says so.".to_owned()];
            form.fields = vec![reason("If it stands: why").optional()];
            form.submit = "Approve the reversal".to_owned();
            form.others = vec![Button { name: DECISION, value: RETURN.to_owned(), words: "Refuse, with this reason".to_owned() }];
        }
        Next::Nothing(why) => {
            form.lead = vec![why.clone()];
            form.action = String::new();
        }
    }
    form
}

/// Reverses it, asks for it, or decides on it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::ReversePayment).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (payment, revision) = subject.one::<Payment>(typed.text(ON)).await?;
    let next = next(&subject, &payment).await?;
    let asked = form(&subject, &payment, &revision, &next, Some(typed));
    if asked.action.is_empty() {
        let entry = audit::Entry::new(AuditKind::Denied, ACTION).object(Payment::DOCTYPE, &payment.name);
        audit::note(entry.case(&subject.id).reason("FOUR_EYES"));
        return Ok(Answered::Again(asked.again(typed, &[])));
    }
    let refusing = matches!(next, Next::Decide(_)) && typed.text(DECISION) == RETURN;
    let mut reading = Reading::of(typed);
    let reason = if matches!(next, Next::Decide(_)) && !refusing { String::new() } else { reading.reason("reason") };
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(asked.again(typed, &problems)));
    }
    if typed.text(REVISION) != revision.0 {
        return Ok(Answered::Changed(subject.changed(asked, typed).await?));
    }
    match next {
        Next::Ask => ask_for(&subject, operation, &payment, &reason).await?,
        Next::Decide(request) if refusing => refuse(&subject, operation, &payment, &request, &reason).await?,
        Next::Decide(request) => {
            let because = Said::decode(&request.diff).said.into_iter().map(|(_, words)| words).next().unwrap_or_default();
            reverse(&subject, operation, &payment, &revision, &because, Some(&request)).await?;
        }
        _ => reverse(&subject, operation, &payment, &revision, &reason, None).await?,
    }
    Ok(Answered::Done { lead_to: address(&subject) })
}

async fn ask_for(subject: &Subject, operation: String, payment: &Payment, reason: &str) -> Result<(), Refusal> {
    let said = values([("payment", &payment.name, payment.name.clone()), ("approval", "", "PENDING".to_owned())]);
    let mut step = Step::begin(subject, operation, AuditKind::Change, ACTION, reason, said).await?;
    let told = payment.happened("is to be reversed: finance decides", reason, ("CONFIRMED", "CONFIRMED"));
    step.happened(told).await?;
    let said = Said {
        action: DEED.to_owned(),
        said: vec![("reason".to_owned(), reason.to_owned())],
        values: vec![("state".to_owned(), payment.state.clone()), ("amount".to_owned(), payment.amount.0.exact())],
        before: Vec::new(),
    };
    let title = format!("Reverse a payment of {}: {}", payment.amount.0.exact(), subject.case.number());
    let asked = Asked { kind: ApprovalKind::Payment.code(), object: (Payment::DOCTYPE, &payment.name), title, amount: payment.amount.0 };
    requests::keep(subject, &mut step, asked, &said).await?;
    step.set_task_about(for_finance(subject, "Decide on the reversal of a payment"), (Payment::DOCTYPE, &payment.name)).await?;
    sums::follow(subject, &step).await
}

async fn refuse(subject: &Subject, operation: String, payment: &Payment, request: &ApprovalRecord, reason: &str) -> Result<(), Refusal> {
    let said = values([("payment", &payment.name, payment.name.clone()), ("approval", &request.state, "RETURNED".to_owned())]);
    let mut step = Step::begin(subject, operation, AuditKind::Approval, ACTION, reason, said).await?;
    step.happened(payment.happened("stands: its reversal was refused", reason, ("CONFIRMED", "CONFIRMED"))).await?;
    let words = [("reason_code", "OTHER"), ("comment", reason)].map(|(name, value)| (name.to_owned(), value.to_owned()));
    requests::decide(subject, &step, request, "RETURNED", &Words { said: words.to_vec() }).await?;
    step.done_about(&payment.name).await?;
    sums::follow(subject, &step).await
}

async fn reverse(
    subject: &Subject,
    operation: String,
    payment: &Payment,
    revision: &Revision,
    reason: &str,
    request: Option<&ApprovalRecord>,
) -> Result<(), Refusal> {
    let said = values([("payment", &payment.name, payment.name.clone()), ("state", &payment.state, "REVERSED".to_owned())]);
    let kind = if request.is_some() { AuditKind::Approval } else { AuditKind::Change };
    let mut step = Step::begin(subject, operation, kind, ACTION, reason, said).await?;
    step.happened(payment.happened("reversed", reason, (&payment.state, "REVERSED"))).await?;
    // The key is of payments that stand: what was recorded in the wrong case must be recorded in the right one.
    let changes = Changes::new().set(Column::new("state"), "REVERSED").set(Column::new("counted"), false);
    let changes = changes.set(Column::new("utr_key"), Value::Nothing).set(Column::new("instalment"), Value::Nothing);
    step.change::<Payment>(&payment.name, revision, changes).await?;
    if let Some(request) = request {
        requests::decide(subject, &step, request, "APPROVED", &Words::default()).await?;
    }
    step.done_about(&payment.name).await?;
    sums::follow(subject, &step).await
}
