//! Finance confirms a payment that somebody else recorded: from then on it counts.
//!
//! Owns that nobody confirms what they recorded, nor for whom they act. It must not know what follows from the sums.

use super::{
    super::{
        Refusal, audit,
        keys::{REVISION, operation_of},
    },
    facts::month,
    payment::{Payment, address},
    requests::not_second,
    settlement,
    step::{Step, values},
    subject::{ON, Subject},
    sums,
};
use crate::{
    model::{Answered, AuditKind, ErrorCode, Form, Permission, Typed, settlement::thirties},
    server::frappe::{Changes, Field as Column, Record as _, Revision},
};

/// Its word in the address.
pub const DEED: &str = "confirm-payment";

/// Asks for it.
///
/// # Errors
/// As [`super::ask`]; [`ErrorCode::NotFound`] for a payment of another case.
pub async fn ask(case: &str, payment: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::ConfirmPayment).await?;
    let (payment, revision) = subject.one::<Payment>(payment).await?;
    form(&subject, &payment, &revision, None).await
}

async fn form(subject: &Subject, payment: &Payment, revision: &Revision, typed: Option<&Typed>) -> Result<Form, Refusal> {
    let mut form = subject.form(DEED, "Confirm a payment", typed);
    // What may have changed is the payment: the case's sums are taken anew.
    form.hidden.retain(|(name, _)| *name != REVISION);
    form.hidden.extend([(REVISION, revision.0.clone()), (ON, payment.name.clone())]);
    form.facts = payment.facts();
    form.back = (address(subject), "Back to the case’s money".to_owned());
    let why_not = match payment.state.as_str() {
        "RECORDED" => not_second(subject, &[&payment.made_by]).await?,
        "CONFIRMED" => Some("This payment is confirmed already.".to_owned()),
        _ => Some("This payment was reversed: there is nothing to confirm.".to_owned()),
    };
    match why_not {
        Some(why_not) => {
            form.lead = vec![why_not];
            form.action = String::new();
        }
        None => {
            form.lead =
                vec!["Confirm it once it is on the institution’s account. From then on it counts, here and in every report.".to_owned()];
            form.submit = "Confirm the payment".to_owned();
        }
    }
    Ok(form)
}

/// Confirms it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::ConfirmPayment).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (payment, revision) = subject.one::<Payment>(typed.text(ON)).await?;
    let me = subject.grant.principal.user_id.clone();
    // Sent again after an answer that was lost: it counts, and only its sums may be missing.
    let again = payment.state == "CONFIRMED" && payment.confirmed_by == me;
    let asked = form(&subject, &payment, &revision, Some(typed)).await?;
    if asked.action.is_empty() && !again {
        let entry = audit::Entry::new(AuditKind::Denied, "payment.confirm").object(Payment::DOCTYPE, &payment.name);
        audit::note(entry.case(&subject.id).reason("FOUR_EYES"));
        return Ok(Answered::Again(asked.again(typed, &[])));
    }
    if !again && typed.text(REVISION) != revision.0 {
        return Ok(Answered::Changed(subject.changed(asked, typed).await?));
    }
    let said = values([("payment", &payment.name, payment.name.clone()), ("state", &payment.state, "CONFIRMED".to_owned())]);
    let mut step = Step::begin(&subject, operation, AuditKind::Approval, "payment.confirm", "", said).await?;
    step.happened(payment.happened("confirmed", "", ("RECORDED", "CONFIRMED"))).await?;
    if !again {
        step.change::<Payment>(&payment.name, &revision, counts(&subject, &payment, &me).await?).await?;
    }
    step.done_about(&payment.name).await?;
    sums::follow(&subject, &step).await?;
    Ok(Answered::Done { lead_to: address(&subject) })
}

/// What makes a payment count: the cohort of its case, and the settlement that it is paid under.
async fn counts(subject: &Subject, payment: &Payment, me: &str) -> Result<Changes, Refusal> {
    let (paid_on, filed_on) = (payment.paid_on.day(), subject.case.filed_on.day());
    let mut changes = Changes::new()
        .set(Column::new("state"), "CONFIRMED")
        .set(Column::new("counted"), true)
        .set(Column::new("confirmed_by"), me)
        .set(Column::new("filing_month"), filed_on.map(month).unwrap_or_default())
        .set(Column::new("since_filing_30"), paid_on.map_or(-1, |paid_on| thirties(paid_on, filed_on)));
    if payment.settlement.is_empty() && matches!(subject.case.settlement_track.as_str(), "ACCEPTED" | "PAYING") {
        let offer = settlement::accepted(subject).await?;
        if let Some(offer) = offer.filter(|offer| offer.accepted_on.day() <= paid_on) {
            changes = changes.set(Column::new("settlement"), offer.name);
        }
    }
    Ok(changes)
}
