//! How an offer ends without a settlement: the institution withdraws its own, or rejects the respondent's.
//!
//! Owns which offer may end so. It must not know how one is made or accepted.

use super::{
    super::{Refusal, keys::operation_of},
    effects::due_next,
    payment::address,
    settlement::{self, Offer},
    step::{Happened, Step, values},
    subject::{ON, Subject},
};
use crate::{
    model::{
        Answered, AuditKind, ErrorCode, Field, FieldKind, Form, Move, Permission, REASON_MAX_CHARS, Reading, SETTLEMENT, SettlementTrack,
        TaskKind, Typed,
    },
    server::frappe::{Changes, Field as Column, Record as _},
};

/// Their words in the address.
pub const WITHDRAW: &str = "withdraw-offer";
/// Likewise.
pub const REJECT: &str = "reject-offer";

/// Which end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Of the institution's own offer.
    Withdrawn,
    /// Of the respondent's.
    Rejected,
}

impl End {
    const fn deed(self) -> &'static str {
        match self {
            Self::Withdrawn => WITHDRAW,
            Self::Rejected => REJECT,
        }
    }

    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Withdrawn => ("Withdraw the offer", "settlement.withdraw", "WITHDRAWN"),
            Self::Rejected => ("Reject the offer", "settlement.reject", "REJECTED"),
        }
    }

    const fn side(self) -> &'static str {
        match self {
            Self::Withdrawn => "CLAIMANT",
            Self::Rejected => "RESPONDENT",
        }
    }

    /// The step of the track that it is.
    const fn step(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdraw",
            Self::Rejected => "reject",
        }
    }
}

/// Why this offer cannot end so now, if it cannot.
async fn why_not(subject: &Subject, end: End, offer: &Offer) -> Result<Option<String>, Refusal> {
    let standing = settlement::standing(subject).await?;
    let now = SettlementTrack::from(subject.case.settlement_track.clone());
    let why = match standing {
        Some(standing) if standing.name == offer.name => match end {
            _ if offer.offered_by != end.side() && end == End::Withdrawn => "The respondent made this offer: reject it instead.",
            _ if offer.offered_by != end.side() => "Your institution made this offer: withdraw it instead.",
            _ if now == SettlementTrack::ApprovalPending => "This offer waits for a checker: it must be decided or returned first.",
            _ if Move::after(SETTLEMENT, &now).any(|step| step.action == end.step()) => return Ok(None),
            _ => "No offer stands in this case.",
        },
        _ => "This offer does not stand any more.",
    };
    Ok(Some(why.to_owned()))
}

/// Asks for it.
///
/// # Errors
/// As [`super::ask`]; [`ErrorCode::NotFound`] for an offer of another case.
pub async fn ask(case: &str, end: End, offer: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::OfferSettlement).await?;
    let (offer, _) = subject.one::<Offer>(offer).await?;
    form(&subject, end, &offer, None).await
}

async fn form(subject: &Subject, end: End, offer: &Offer, typed: Option<&Typed>) -> Result<Form, Refusal> {
    let (heading, _, _) = end.words();
    let mut form = subject.form(end.deed(), heading, typed);
    form.hidden.push((ON, offer.name.clone()));
    form.facts = settlement::facts(offer);
    form.back = (address(subject), "Back to the case’s money".to_owned());
    if let Some(why) = why_not(subject, end, offer).await? {
        form.lead = vec![why];
        form.action = String::new();
        return Ok(form);
    }
    form.lead = vec!["The row stays and says so. Another offer can follow.".to_owned()];
    form.fields = vec![Field::new("reason", "Reason", FieldKind::Text { max: REASON_MAX_CHARS })];
    form.submit = heading.to_owned();
    form.grave = true;
    Ok(form)
}

/// Ends it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(case: &str, end: End, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::OfferSettlement).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (offer, revision) = subject.one::<Offer>(typed.text(ON)).await?;
    let asked = form(&subject, end, &offer, Some(typed)).await?;
    if !subject.is_as_seen(typed) {
        return Ok(Answered::Changed(subject.changed(asked, typed).await?));
    }
    if asked.action.is_empty() {
        return Ok(Answered::Again(asked.again(typed, &[])));
    }
    let mut reading = Reading::of(typed);
    let reason = reading.reason("reason");
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(asked.again(typed, &problems)));
    }
    let (_, action, state) = end.words();
    let said = values([("offer", &offer.name, offer.name.clone()), ("state", &offer.state, state.to_owned())]);
    let mut step = Step::begin(&subject, operation, AuditKind::Change, action, &reason, said).await?;
    let track = SettlementTrack::Lapsed;
    step.happened(Happened {
        kind: "SETTLEMENT",
        transition: 0,
        title: format!("Offer of {} {}", offer.amount.0.exact(), state.to_lowercase()),
        note: reason,
        states: Some((subject.case.settlement_track.clone(), track.code().to_owned())),
        stages: None,
        source: (Offer::DOCTYPE, offer.name.clone()),
    })
    .await?;
    step.change::<Offer>(&offer.name, &revision, Changes::new().set(Column::new("state"), state)).await?;
    step.done(TaskKind::SettlementDecision.code(), "DONE").await?;
    let changes = settlement::onto_case(&subject, &track, Changes::new().set(Column::new("offer_open"), false));
    step.case(due_next(&subject, changes).await?).await?;
    Ok(Answered::Done { lead_to: address(&subject) })
}
