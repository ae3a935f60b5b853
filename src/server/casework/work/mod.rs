//! What is done in a case: each deed is a form that asks, and an answer that does.
//!
//! Owns which deeds there are. A form is asked for by its deed's word in the address and by the record that it is about; the answer
//! authorises again, reads again, and refuses what has changed meanwhile. It must not know how forms look or travel.

mod comment;
mod outcome;
mod step;
mod subject;

use super::Refusal;
use crate::model::{Answered, Deed, ErrorCode, Form, Permission, Typed};
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
    Ok(comment.into_iter().collect())
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
        _ => Err(ErrorCode::NotFound.into()),
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
        _ => Err(ErrorCode::NotFound.into()),
    }
}
