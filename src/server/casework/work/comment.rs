//! A comment on a case: for the institution's people alone, or for the tribunal as well. It is appended and never changed.

use super::{
    super::{Refusal, columns::record, keys::operation_of},
    step::{Happened, Step, values},
    subject::Subject,
};
use crate::{
    model::{Answered, AuditKind, ErrorCode, Field, FieldKind, Form, Permission, Reading, Typed},
    server::frappe::{Changes, Field as Column, Record as _},
};

/// Its word in the address.
pub const DEED: &str = "comment";
/// The longest comment, in characters.
pub const BODY_MAX: usize = 4_000;
pub const PRIVATE: &str = "PRIVATE";
const SHARED: &str = "SHARED";

record! {
    /// A comment, as far as writing one needs.
    struct CommentKey of "Case Comment" {}
}

/// Asks for it.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask(case: &str) -> Result<Form, Refusal> {
    Ok(form(&Subject::find(case, Permission::Comment).await?, None))
}

/// What is written.
pub fn body_field() -> Field {
    Field::new("body", "Comment", FieldKind::Text { max: BODY_MAX })
}

fn form(subject: &Subject, typed: Option<&Typed>) -> Form {
    let readers = [(PRIVATE, "Your institution’s people"), (SHARED, "The tribunal as well")];
    let readers = readers.map(|(code, words)| (code.to_owned(), words.to_owned())).to_vec();
    Form {
        lead: vec!["A comment stays as it was written. To take it back, write another.".to_owned()],
        fields: vec![body_field(), Field::new("visibility", "Who reads it", FieldKind::Pick(readers)).value(PRIVATE)],
        submit: "Add the comment".to_owned(),
        ..subject.form(DEED, "Comment on the case", typed)
    }
}

/// Appends it.
///
/// # Errors
/// As [`super::ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Comment).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let mut reading = Reading::of(typed);
    let body = reading.required("body", |reading| reading.some_text("body", BODY_MAX));
    let known = [PRIVATE, SHARED].map(|code| (code.to_owned(), code));
    let visibility = reading.required("visibility", |reading| reading.some_choice("visibility", known));
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(form(&subject, Some(typed)).again(typed, &problems)));
    }
    // The words stay out of the trail: they may name people.
    let said = values([("visibility", "", visibility.to_owned())]);
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "comment.add", "", said).await?;
    let changes =
        Changes::new().set(Column::new("visibility"), visibility).set(Column::new("body_text"), body).set(Column::new("at"), subject.now());
    let made: CommentKey = step.child(changes, false).await?;
    let title = if visibility == SHARED { "Comment for the tribunal added" } else { "Comment added" };
    step.happened(Happened {
        kind: "COMMENT",
        transition: 0,
        title: title.to_owned(),
        note: String::new(),
        states: None,
        stages: None,
        source: (CommentKey::DOCTYPE, made.name),
    })
    .await?;
    Ok(Answered::Done { lead_to: format!("{}/timeline?kind=COMMENT", subject.address()) })
}
