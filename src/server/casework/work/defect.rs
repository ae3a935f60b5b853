//! A defect that the registry raised, and the institution's answer to it: a document, words, or both. It stays open until the step that
//! submits all answers, which cures them.
//!
//! It must not know what the registry makes of an answer.

use super::{
    super::{
        Refusal,
        columns::{Date, record, some_text},
        keys::{REVISION, operation_of},
    },
    step::{Happened, Step, values},
    subject::{ON, Subject},
};
use crate::{
    model::{Answered, AuditKind, Cell, Day, ErrorCode, Fact, Field, FieldKind, Form, Permission, Reading, Term, Typed},
    server::frappe::{Changes, Condition, Direction, Field as Column, PAGE_MAX, Record as _, Revision},
};

/// Its word in the address.
pub const DEED: &str = "answer-defect";
/// The longest answer, in characters.
const TEXT_MAX: usize = 2_000;

record! {
    /// A defect, as far as answering it goes.
    struct DefectState of "Case Defect" {
        code: String,
        defect_text: String,
        raised_on: Date,
        due_on: Date,
        state: String,
        cure_doc: String,
        cure_text: String,
    }
}

record! {
    /// A document that an answer may name.
    struct PaperName of "Case Document" {
        doc_type: String,
        title: String,
    }
}

/// Asks for the answer.
///
/// # Errors
/// As [`super::ask`]; [`ErrorCode::NotFound`] for a defect of another case.
pub async fn ask(case: &str, defect: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::Cure).await?;
    let (defect, revision) = subject.one::<DefectState>(defect).await?;
    let papers = papers(&subject).await?;
    Ok(form(&subject, &defect, &revision, papers, None))
}

/// Documents of the case, each in its latest version: name and words.
async fn papers(subject: &Subject) -> Result<Vec<(String, String)>, Refusal> {
    let papers = subject.of_case::<PaperName>().filter(Condition::eq(Column::new("is_latest"), true));
    let papers = papers.filter(Condition::eq(Column::new("state"), "STORED")).order_by(Column::new("doc_type"), Direction::Ascending);
    let rows = subject.client.list(&papers.page(0, PAGE_MAX)).await?.rows;
    Ok(rows.into_iter().map(|row| (row.name, format!("{}: {}", Term::of(row.doc_type).label, row.title))).collect())
}

fn form(subject: &Subject, defect: &DefectState, revision: &Revision, papers: Vec<(String, String)>, typed: Option<&Typed>) -> Form {
    let fact = |label: &str, text: String| Fact { label: label.to_owned(), cell: Cell::some(some_text(text)), formula: None };
    let mut form = subject.form(DEED, "Answer a defect", typed);
    // What may have changed is the defect: the case is not touched.
    form.hidden.retain(|(name, _)| *name != REVISION);
    form.hidden.extend([(REVISION, revision.0.clone()), (ON, defect.name.clone())]);
    form.facts = vec![
        fact("Defect", Term::of(defect.code.as_str()).label),
        fact("In the registry’s words", defect.defect_text.clone()),
        fact("Raised", defect.raised_on.day().map(Day::long).unwrap_or_default()),
        fact("To be cured by", defect.due_on.day().map(Day::long).unwrap_or_default()),
    ];
    form.back = (format!("{}/tasks", subject.address()), "Back to the tasks".to_owned());
    if defect.state != "OPEN" {
        form.lead = vec![format!("This defect is {} already.", Term::of(defect.state.as_str()).label.to_lowercase())];
        form.action = String::new();
        return form;
    }
    form.lead = vec!["The answer goes to the registry with “Submit the cured defects”, once every defect has one.".to_owned()];
    let help = if papers.is_empty() { "None is on file: upload it on the case’s documents first, or answer in words." } else { "" };
    form.fields = vec![
        Field::new("document", "Document that cures it", FieldKind::Choice(papers)).optional().value(defect.cure_doc.as_str()).help(help),
        Field::new("answer", "Answer in words", FieldKind::Text { max: TEXT_MAX }).optional().value(defect.cure_text.as_str()),
    ];
    form.submit = "Keep the answer".to_owned();
    form
}

/// Keeps the answer.
///
/// # Errors
/// As [`ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Cure).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (defect, revision) = subject.one::<DefectState>(typed.text(ON)).await?;
    let papers = papers(&subject).await?;
    let empty = form(&subject, &defect, &revision, papers.clone(), Some(typed));
    if empty.action.is_empty() {
        return Ok(Answered::Again(empty));
    }
    let mut reading = Reading::of(typed);
    let document = reading.some_choice("document", papers.into_iter().map(|(name, _)| (name.clone(), name)));
    let words = reading.some_text("answer", TEXT_MAX);
    let nothing = document.is_none() && words.is_none() && typed.text("document").is_empty() && typed.text("answer").trim().is_empty();
    if nothing {
        reading.refuse("answer", "Choose a document or answer in words.");
    }
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(empty.again(typed, &problems)));
    }
    if typed.text(REVISION) != revision.0 {
        return Ok(Answered::Changed(subject.changed(empty, typed).await?));
    }
    let document = document.unwrap_or_default();
    // The words stay out of the trail: they may name people.
    let said = values([("cure_doc", defect.cure_doc.as_str(), document.clone())]);
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "defect.answer", "", said).await?;
    step.happened(Happened {
        kind: "DOCUMENT",
        transition: 0,
        title: format!("Defect answered: {}", Term::of(defect.code.as_str()).label.to_lowercase()),
        note: words.clone().unwrap_or_default(),
        states: None,
        stages: None,
        source: (DefectState::DOCTYPE, defect.name.clone()),
    })
    .await?;
    let changes = Changes::new()
        .set(Column::new("cure_doc"), if document.is_empty() { crate::server::frappe::Value::Nothing } else { document.into() })
        .set(Column::new("cure_text"), words.unwrap_or_default());
    step.change::<DefectState>(&defect.name, &revision, changes).await?;
    Ok(Answered::Done { lead_to: format!("{}/tasks", subject.address()) })
}

/// Cures the open defects: what the step that submits the answers does to them. What of the case follows is in the changes.
///
/// # Errors
/// Any fault of the calls.
pub async fn cure(subject: &Subject, step: &Step<'_>, today: Day, changes: Changes) -> Result<Changes, Refusal> {
    let open = subject.of_case::<DefectState>().filter(Condition::eq(Column::new("state"), "OPEN"));
    for defect in subject.client.list(&open.page(0, PAGE_MAX)).await?.rows {
        let (current, revision, _) = subject.client.get_with_proof::<DefectState>(&defect.name).await?;
        let days = current.raised_on.day().map_or(0, |raised| today.days_since_epoch() - raised.days_since_epoch());
        let cured = Changes::new()
            .set(Column::new("state"), "CURED")
            .set(Column::new("cured_on"), today)
            .set(Column::new("cure_days"), days.max(0));
        step.change::<DefectState>(&defect.name, &revision, cured).await?;
    }
    Ok(changes.set(Column::new("defect_open_count"), 0_i64))
}
