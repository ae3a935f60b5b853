//! What is done in a case: each deed is a form that asks, and an answer that does.
//!
//! Owns which deeds there are. A form is asked for by its deed's word in the address and by the record that it is about; the answer
//! authorises again, reads again, and refuses what has changed meanwhile. It must not know how forms look or travel.

mod clocks;
mod comment;
mod confirm;
mod effects;
mod facts;
mod offer;
mod offer_end;
mod outcome;
mod payment;
mod requests;
mod reversal;
mod settlement;
mod step;
mod subject;
mod sums;
mod transition;

use super::Refusal;
use crate::model::{Answered, Deed, ErrorCode, Form, Permission, Start, Transition, Typed};
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
    let money = [payment::deed(&subject), offer::deed(&subject)].into_iter().flatten();
    Ok(steps.into_iter().chain(money).chain(comment).collect())
}

/// The form of a deed in a case, on the record of this name where it is about one.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a deed that does not exist and a case that is not among the person's rows;
/// [`ErrorCode::Forbidden`] where the role does not grant it; otherwise any fault of the calls.
pub async fn ask(case: &str, deed: &str, on: &str) -> Result<Form, Refusal> {
    match deed {
        comment::DEED => comment::ask(case).await,
        outcome::DEED => outcome::ask(case, on).await,
        payment::DEED => payment::ask(case).await,
        confirm::DEED => confirm::ask(case, on).await,
        reversal::DEED => reversal::ask(case, on).await,
        offer::DEED => offer::ask(case).await,
        offer_end::WITHDRAW | offer_end::REJECT => offer_end::ask(case, offer_end::End::of(deed), on).await,
        _ => transition::ask(case, step(deed)?).await,
    }
}

/// Does it, as it was typed.
///
/// # Errors
/// As [`ask`].
pub async fn answer(case: &str, deed: &str, typed: &Typed) -> Result<Answered, Refusal> {
    match deed {
        comment::DEED => comment::answer(case, typed).await,
        outcome::DEED => outcome::answer(case, typed).await,
        payment::DEED => payment::answer(case, typed).await,
        confirm::DEED => confirm::answer(case, typed).await,
        reversal::DEED => reversal::answer(case, typed).await,
        offer::DEED => offer::answer(case, typed).await,
        offer_end::WITHDRAW | offer_end::REJECT => offer_end::answer(case, offer_end::End::of(deed), typed).await,
        _ => transition::answer(case, step(deed)?, typed).await,
    }
}

/// The step of this word. What begins a case is no step of one.
fn step(deed: &str) -> Result<&'static Transition, ErrorCode> {
    Transition::of(deed).filter(|row| row.start != Start::NoCase).ok_or(ErrorCode::NotFound)
}
