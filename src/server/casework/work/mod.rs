//! What is done in a case: each deed is a form that asks, and an answer that does.
//!
//! Owns which deeds there are: the acts of one list, and the steps of the process. A form is asked for by its deed's word in the address
//! and by the record that it is about; the answer authorises again, reads again, and refuses what has changed meanwhile. It must not know
//! how forms look or travel.

mod arriving;
mod asking;
mod catch_up;
mod assign;
mod by_two;
mod clocks;
mod comment;
mod confirm;
pub mod create;
mod defect;
pub(super) mod draft;
mod effects;
mod enforceability;
mod facts;
mod finding;
mod followers;
mod keeping;
mod offer;
mod offer_end;
mod outcome;
pub(super) mod party;
mod payment;
mod prepare;
mod requests;
mod reversal;
mod scan;
mod schedule;
mod settlement;
pub(in crate::server::casework) mod several;
mod step;
mod subject;
mod sums;
mod task;
mod transition;
pub mod upload;
mod withdraw;

pub use arriving::{Arriving, Piece};
pub(super) use followers::bring;

pub use requests::{Said, decides_on};
pub use scan::{Scanned, look_at};
pub(super) use subject::{CaseState, Subject};

use super::Refusal;
use crate::{
    model::{Answered, Deed, ErrorCode, Form, Permission, Start, Transition, Typed},
    server::frappe::Fault,
};

macro_rules! acts {
    ($($act:ident = $word:expr;)+) => {
        /// What is done in a case besides the steps of the process. Whatever has a word in the address stands here or in the table of
        /// steps: what is missing in either cannot be asked for, and what has no row in the walk of the tests fails there.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each is the word beside it")]
        pub enum Act {
            $($act,)+
        }

        impl Act {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$act,)+];

            /// Its word in the address.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$act => $word,)+
                }
            }

            /// The one of this word.
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|act| act.word() == word)
            }
        }
    };
}

acts! {
    CatchUp = catch_up::DEED;
    Assign = assign::DEED;
    Comment = comment::DEED;
    CheckEnforceability = enforceability::DEED;
    AnswerDefect = defect::DEED;
    EditDraft = draft::DEED;
    FindService = finding::DEED;
    AddParty = party::ADD;
    EditParty = party::EDIT;
    PrepareHearing = prepare::DEED;
    ScheduleHearing = schedule::SCHEDULE;
    RaiseTask = task::DEED;
    MoveHearing = schedule::MOVE;
    CancelHearing = schedule::CANCEL;
    ReportOutcome = outcome::DEED;
    RecordPayment = payment::DEED;
    ConfirmPayment = confirm::DEED;
    ReversePayment = reversal::DEED;
    WithdrawDocument = withdraw::DEED;
    OfferSettlement = offer::DEED;
    WithdrawOffer = offer_end::WITHDRAW;
    RejectOffer = offer_end::REJECT;
}

/// The steps that a case can take. What begins a case is no step of one.
pub fn steps() -> impl Iterator<Item = &'static Transition> {
    Transition::all().filter(|row| row.start != Start::NoCase)
}

/// The step of this word.
fn step(deed: &str) -> Result<&'static Transition, ErrorCode> {
    steps().find(|row| row.action == deed).ok_or(ErrorCode::NotFound)
}

/// What the person may do in a case now, and what not.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a case that is not among the person's rows; otherwise any fault of the calls.
pub async fn deeds(case: &str) -> Result<Vec<Deed>, Refusal> {
    let subject = Subject::find(case, Permission::SeeCases).await?;
    let role = subject.grant.principal.role;
    let address = subject.address();
    let comment = role.allows(Permission::Comment).then(|| Deed {
        label: "Comment on the case".to_owned(),
        href: Some(format!("{address}/do/{}", comment::DEED)),
        why: Vec::new(),
    });
    let steps = if role.allows(Permission::Work) { transition::deeds(&subject).await? } else { Vec::new() };
    let deed = |permission, label: &str, word: &str| {
        let href = || Some(format!("{address}/do/{word}"));
        role.allows(permission).then(|| Deed { label: label.to_owned(), href: href(), why: Vec::new() })
    };
    let draft = deed(Permission::Draft, "Correct the draft", draft::DEED).filter(|_| draft::is_open(&subject.case));
    let parties = party::deeds(&subject).await?;
    let hearing = deed(Permission::Schedule, "Schedule a hearing", schedule::SCHEDULE).filter(|_| subject.case.stage != "S90");
    let task = deed(Permission::Work, "Raise a task", task::DEED).filter(|_| subject.case.stage != "S90");
    let assign = deed(Permission::Assign, "Assign the case", assign::DEED);
    let check = enforceability::deed(&subject);
    let money = [payment::deed(&subject), offer::deed(&subject), finding::deed(&subject)].into_iter().flatten();
    Ok(steps
        .into_iter()
        .chain(money)
        .chain(draft)
        .chain(parties)
        .chain(hearing)
        .chain(task)
        .chain(assign)
        .chain(check)
        .chain(comment)
        .collect())
}

/// The form of a deed in a case, on the record of this name where it is about one.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a deed that does not exist and a case that is not among the person's rows;
/// [`ErrorCode::Forbidden`] where the role does not grant it; otherwise any fault of the calls.
pub async fn ask(case: &str, deed: &str, on: &str) -> Result<Form, Refusal> {
    let Some(act) = Act::of(deed) else { return transition::ask(case, step(deed)?).await };
    match act {
        Act::CatchUp => catch_up::ask(case).await,
        Act::Assign => assign::ask(case).await,
        Act::Comment => comment::ask(case).await,
        Act::CheckEnforceability => enforceability::ask(case).await,
        Act::AnswerDefect => defect::ask(case, on).await,
        Act::EditDraft => draft::ask(case).await,
        Act::FindService => by_two::ask::<finding::CellState>(case, on).await,
        Act::AddParty => party::ask_for_another(case).await,
        Act::EditParty => party::ask_to_edit(case, on).await,
        Act::PrepareHearing => prepare::ask(case, on).await,
        Act::ScheduleHearing => schedule::ask(case).await,
        Act::RaiseTask => task::ask(case).await,
        Act::MoveHearing => schedule::ask_to_change(case, on, false).await,
        Act::CancelHearing => schedule::ask_to_change(case, on, true).await,
        Act::ReportOutcome => outcome::ask(case, on).await,
        Act::RecordPayment => payment::ask(case).await,
        Act::ConfirmPayment => confirm::ask(case, on).await,
        Act::ReversePayment => by_two::ask::<payment::Payment>(case, on).await,
        Act::WithdrawDocument => by_two::ask::<withdraw::Paper>(case, on).await,
        Act::OfferSettlement => offer::ask(case).await,
        Act::WithdrawOffer => offer_end::ask(case, offer_end::End::Withdrawn, on).await,
        Act::RejectOffer => offer_end::ask(case, offer_end::End::Rejected, on).await,
    }
}

/// Does it, as it was typed. Where somebody else was quicker between our reading and our writing, nothing that was typed is lost: the form
/// comes back as it would be opened now, and says what has happened.
///
/// # Errors
/// As [`ask`].
pub async fn answer(case: &str, deed: &str, typed: &Typed) -> Result<Answered, Refusal> {
    match Box::pin(carry_out(case, deed, typed)).await {
        Err(Refusal::Fault(Fault::Conflict)) => {
            let form = Box::pin(ask(case, deed, typed.text(subject::ON))).await?;
            let subject = Subject::find(case, Permission::SeeCases).await?;
            Ok(Answered::Changed(subject.changed(form, typed).await?))
        }
        other => other,
    }
}

async fn carry_out(case: &str, deed: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let Some(act) = Act::of(deed) else { return transition::answer(case, step(deed)?, typed).await };
    match act {
        Act::CatchUp => catch_up::answer(case, typed).await,
        Act::Assign => assign::answer(case, typed).await,
        Act::Comment => comment::answer(case, typed).await,
        Act::CheckEnforceability => enforceability::answer(case, typed).await,
        Act::AnswerDefect => defect::answer(case, typed).await,
        Act::EditDraft => draft::answer(case, typed).await,
        Act::FindService => by_two::answer::<finding::CellState>(case, typed).await,
        Act::AddParty => party::add(case, typed).await,
        Act::EditParty => party::edit(case, typed).await,
        Act::PrepareHearing => prepare::answer(case, typed).await,
        Act::ScheduleHearing => schedule::answer(case, typed).await,
        Act::RaiseTask => task::answer(case, typed).await,
        Act::MoveHearing => schedule::change(case, typed, false).await,
        Act::CancelHearing => schedule::change(case, typed, true).await,
        Act::ReportOutcome => outcome::answer(case, typed).await,
        Act::RecordPayment => payment::answer(case, typed).await,
        Act::ConfirmPayment => confirm::answer(case, typed).await,
        Act::ReversePayment => by_two::answer::<payment::Payment>(case, typed).await,
        Act::WithdrawDocument => by_two::answer::<withdraw::Paper>(case, typed).await,
        Act::OfferSettlement => offer::answer(case, typed).await,
        Act::WithdrawOffer => offer_end::answer(case, offer_end::End::Withdrawn, typed).await,
        Act::RejectOffer => offer_end::answer(case, offer_end::End::Rejected, typed).await,
    }
}
