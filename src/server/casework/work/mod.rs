//! What is done in a case: each deed is a form that asks, and an answer that does.
//!
//! Owns which deeds there are. A form is asked for by its deed's word in the address and by the record that it is about; the answer
//! authorises again, reads again, and refuses what has changed meanwhile. It must not know how forms look or travel.

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
mod draft;
mod effects;
mod enforceability;
mod facts;
mod finding;
mod followers;
mod keeping;
mod offer;
mod offer_end;
mod outcome;
mod party;
mod payment;
mod prepare;
mod requests;
mod reversal;
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

pub use requests::{Said, decides_on};

use super::Refusal;
use crate::{
    model::{Answered, Deed, ErrorCode, Form, Permission, Start, Transition, Typed},
    server::frappe::Fault,
};
use subject::Subject;

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
    match deed {
        catch_up::DEED => catch_up::ask(case).await,
        assign::DEED => assign::ask(case).await,
        comment::DEED => comment::ask(case).await,
        enforceability::DEED => enforceability::ask(case).await,
        defect::DEED => defect::ask(case, on).await,
        draft::DEED => draft::ask(case).await,
        finding::DEED => by_two::ask::<finding::CellState>(case, on).await,
        party::ADD => party::ask_for_another(case).await,
        party::EDIT => party::ask_to_edit(case, on).await,
        prepare::DEED => prepare::ask(case, on).await,
        schedule::SCHEDULE => schedule::ask(case).await,
        task::DEED => task::ask(case).await,
        schedule::MOVE => schedule::ask_to_change(case, on, false).await,
        schedule::CANCEL => schedule::ask_to_change(case, on, true).await,
        outcome::DEED => outcome::ask(case, on).await,
        payment::DEED => payment::ask(case).await,
        confirm::DEED => confirm::ask(case, on).await,
        reversal::DEED => by_two::ask::<payment::Payment>(case, on).await,
        withdraw::DEED => by_two::ask::<withdraw::Paper>(case, on).await,
        offer::DEED => offer::ask(case).await,
        offer_end::WITHDRAW | offer_end::REJECT => offer_end::ask(case, offer_end::End::of(deed), on).await,
        _ => transition::ask(case, step(deed)?).await,
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
    match deed {
        catch_up::DEED => catch_up::answer(case, typed).await,
        assign::DEED => assign::answer(case, typed).await,
        comment::DEED => comment::answer(case, typed).await,
        enforceability::DEED => enforceability::answer(case, typed).await,
        defect::DEED => defect::answer(case, typed).await,
        draft::DEED => draft::answer(case, typed).await,
        finding::DEED => by_two::answer::<finding::CellState>(case, typed).await,
        party::ADD => party::add(case, typed).await,
        party::EDIT => party::edit(case, typed).await,
        prepare::DEED => prepare::answer(case, typed).await,
        schedule::SCHEDULE => schedule::answer(case, typed).await,
        task::DEED => task::answer(case, typed).await,
        schedule::MOVE => schedule::change(case, typed, false).await,
        schedule::CANCEL => schedule::change(case, typed, true).await,
        outcome::DEED => outcome::answer(case, typed).await,
        payment::DEED => payment::answer(case, typed).await,
        confirm::DEED => confirm::answer(case, typed).await,
        reversal::DEED => by_two::answer::<payment::Payment>(case, typed).await,
        withdraw::DEED => by_two::answer::<withdraw::Paper>(case, typed).await,
        offer::DEED => offer::answer(case, typed).await,
        offer_end::WITHDRAW | offer_end::REJECT => offer_end::answer(case, offer_end::End::of(deed), typed).await,
        _ => transition::answer(case, step(deed)?, typed).await,
    }
}

/// The step of this word. What begins a case is no step of one.
fn step(deed: &str) -> Result<&'static Transition, ErrorCode> {
    Transition::of(deed).filter(|row| row.start != Start::NoCase).ok_or(ErrorCode::NotFound)
}
