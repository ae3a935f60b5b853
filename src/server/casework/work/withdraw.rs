//! A document that should not be on file: the wrong borrower's, an unreadable one. Its row stays and says so; it proves nothing any more.
//!
//! Owns that it takes two people: a legal manager who asks, and a legal head who neither asked nor acts for who did. It must not know who
//! may still open what was withdrawn.

use super::{
    super::{
        Refusal, audit,
        columns::record,
        keys::{REVISION, operation_of},
    },
    effects::{due_next, to_do},
    requests::{self, ApprovalRecord, Asked, Said, not_second},
    step::{Happened, Step, values},
    subject::{HasName, ON, Subject},
    transition::Words,
};
use crate::{
    model::{
        Answered, ApprovalKind, AuditKind, Button, Cell, ErrorCode, Fact, Field, FieldKind, Form, Inr, Permission, REASON_MAX_CHARS,
        Reading, Role, TaskKind, Term, Typed,
    },
    server::frappe::{Changes, Condition, Field as Column, Record as _, Revision},
};

/// Its word in the address.
pub const DEED: &str = "withdraw-document";
const ACTION: &str = "document.withdraw";
const DECISION: &str = "decision";
const RETURN: &str = "return";

record! {
    /// A document, as far as withdrawing it goes.
    struct Paper of "Case Document" {
        doc_type: String,
        title: String,
        version: i64,
        state: String,
        sha256: String,
    }
}

record! {
    /// A document that counts.
    struct Counted of "Case Document" {}
}

impl HasName for Paper {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Paper {
    fn facts(&self) -> Vec<Fact> {
        let fact = |label: &str, text: String| Fact { label: label.to_owned(), cell: Cell::text(text), formula: None };
        let kind = Term::of(self.doc_type.clone()).label;
        vec![fact("Document", self.title.clone()), fact("Kind", kind), fact("Version", self.version.to_string())]
    }

    /// What is submitted of it: a decision is on this very content.
    fn values(&self) -> Vec<(String, String)> {
        let fields = [("state", self.state.clone()), ("version", self.version.to_string()), ("sha256", self.sha256.clone())];
        fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
    }

    fn happened(&self, told: &str, note: &str, states: (&str, &str)) -> Happened {
        Happened {
            kind: "DOCUMENT",
            transition: 0,
            title: format!("{} {told}", Term::of(self.doc_type.clone()).label),
            note: note.to_owned(),
            states: Some((states.0.to_owned(), states.1.to_owned())),
            stages: None,
            source: (Self::DOCTYPE, self.name.clone()),
        }
    }
}

/// What answering the form would be.
enum Next {
    /// It is asked for.
    Ask,
    /// It was asked for, and this person decides.
    Decide(Box<ApprovalRecord>),
    /// Nothing, and why.
    Nothing(String),
}

/// What this person may do about it now.
async fn next(subject: &Subject, paper: &Paper) -> Result<Next, Refusal> {
    match paper.state.as_str() {
        "STORED" => {}
        "WITHDRAWN" => return Ok(Next::Nothing("This document is withdrawn already.".to_owned())),
        _ => return Ok(Next::Nothing("Only a document that is on file can be withdrawn.".to_owned())),
    }
    let role = subject.grant.principal.role;
    let Some(request) = requests::waiting_on(subject, ApprovalKind::Document.code(), paper.name()).await? else {
        return Ok(match role {
            Role::LegalManager => Next::Ask,
            _ => Next::Nothing("A legal manager asks for it; a legal head then decides.".to_owned()),
        });
    };
    if let Some(why_not) = not_second(subject, &[&request.submitted_by]).await? {
        return Ok(Next::Nothing(why_not));
    }
    Ok(match role {
        Role::LegalHead => Next::Decide(Box::new(request)),
        _ => Next::Nothing(format!("{} has asked for it: a legal head decides.", request.submitted_by)),
    })
}

fn address(subject: &Subject, paper: &Paper) -> String {
    format!("{}/documents?doc={}", subject.address(), paper.name)
}

/// Asks for it.
///
/// # Errors
/// As [`super::ask`]; [`ErrorCode::NotFound`] for a document of another case.
pub async fn ask(case: &str, paper: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::ReplaceDocuments).await?;
    let (paper, revision) = subject.one::<Paper>(paper).await?;
    let next = next(&subject, &paper).await?;
    Ok(form(&subject, &paper, &revision, &next, None))
}

fn form(subject: &Subject, paper: &Paper, revision: &Revision, next: &Next, typed: Option<&Typed>) -> Form {
    let mut form = subject.form(DEED, "Withdraw a document", typed);
    // What may have changed is the document.
    form.hidden.retain(|(name, _)| *name != REVISION);
    form.hidden.extend([(REVISION, revision.0.clone()), (ON, paper.name.clone())]);
    form.facts = paper.facts();
    form.back = (address(subject, paper), "Back to the document".to_owned());
    let reason = |words: &str| Field::new("reason", words, FieldKind::Text { max: REASON_MAX_CHARS });
    match next {
        Next::Ask => {
            form.lead = vec!["It stays on file until a legal head has approved. Its row stays for good, with this reason.".to_owned()];
            form.fields = vec![reason("Why it must not be on file")];
            form.submit = "Ask for its withdrawal".to_owned();
        }
        Next::Decide(request) => {
            let fact = |label: &str, text: String| Fact { label: label.to_owned(), cell: Cell::text(text), formula: None };
            form.facts.push(fact("Withdrawal asked for by", request.submitted_by.clone()));
            form.facts.extend(Said::decode(&request.diff).said.into_iter().map(|(_, words)| fact("Because", words)));
            let lead = "Withdrawn, it proves nothing, goes into no file of all documents, and only legal heads and auditors open it.";
            form.lead = vec![lead.to_owned()];
            form.grave = true;
            form.fields = vec![reason("If it stays on file: why").optional()];
            form.submit = "Approve the withdrawal".to_owned();
            form.others = vec![Button { name: DECISION, value: RETURN.to_owned(), words: "Refuse, with this reason".to_owned() }];
        }
        Next::Nothing(why) => {
            form.lead = vec![why.clone()];
            form.action = String::new();
        }
    }
    form
}

/// Asks for it, or decides on it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::ReplaceDocuments).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (paper, revision) = subject.one::<Paper>(typed.text(ON)).await?;
    let next = next(&subject, &paper).await?;
    let asked = form(&subject, &paper, &revision, &next, Some(typed));
    if asked.action.is_empty() {
        let entry = audit::Entry::new(AuditKind::Denied, ACTION).object(Paper::DOCTYPE, &paper.name);
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
    let lead_to = address(&subject, &paper);
    match next {
        Next::Decide(request) if refusing => refuse(&subject, operation, &paper, &request, &reason).await?,
        Next::Decide(request) => {
            let now = Said { values: paper.values(), ..Said::default() }.hash();
            if request.submit_hash != now {
                let said = values([("document", &paper.name, paper.name.clone()), ("approval", &request.state, "VOID".to_owned())]);
                let step = Step::begin(&subject, operation, AuditKind::Approval, ACTION, "", said).await?;
                requests::decide(&subject, &step, &request, "VOID", &Words::default()).await?;
                let mut form = asked;
                form.notice.push("What was submitted has changed since: the request is void. It can be asked for again.".to_owned());
                return Ok(Answered::Changed(form));
            }
            withdraw(&subject, operation, &paper, &revision, &request).await?;
        }
        _ => ask_for(&subject, operation, &paper, &reason).await?,
    }
    Ok(Answered::Done { lead_to })
}

async fn ask_for(subject: &Subject, operation: String, paper: &Paper, reason: &str) -> Result<(), Refusal> {
    let said = values([("document", &paper.name, paper.name.clone()), ("approval", "", "PENDING".to_owned())]);
    let mut step = Step::begin(subject, operation, AuditKind::Change, ACTION, reason, said).await?;
    step.happened(paper.happened("is to be withdrawn: a legal head decides", reason, ("STORED", "STORED"))).await?;
    let said =
        Said { action: DEED.to_owned(), said: vec![("reason".to_owned(), reason.to_owned())], values: paper.values(), before: Vec::new() };
    let title = format!("Withdraw a document ({}): {}", Term::of(paper.doc_type.clone()).label.to_lowercase(), subject.case.number());
    let asked = Asked { kind: ApprovalKind::Document.code(), object: (Paper::DOCTYPE, &paper.name), title, amount: Inr::ZERO };
    requests::keep(subject, &mut step, asked, &said).await?;
    let mut task = to_do(subject, Role::LegalHead, &TaskKind::Approve, "");
    task.title = "Decide on the withdrawal of a document".to_owned();
    step.set_task_about(task, (Paper::DOCTYPE, &paper.name)).await?;
    step.case(due_next(subject, Changes::new()).await?).await
}

async fn refuse(subject: &Subject, operation: String, paper: &Paper, request: &ApprovalRecord, reason: &str) -> Result<(), Refusal> {
    let said = values([("document", &paper.name, paper.name.clone()), ("approval", &request.state, "RETURNED".to_owned())]);
    let mut step = Step::begin(subject, operation, AuditKind::Approval, ACTION, reason, said).await?;
    step.happened(paper.happened("stays on file: its withdrawal was refused", reason, ("STORED", "STORED"))).await?;
    let words = [("reason_code", "OTHER"), ("comment", reason)].map(|(name, value)| (name.to_owned(), value.to_owned()));
    requests::decide(subject, &step, request, "RETURNED", &Words { said: words.to_vec() }).await?;
    step.done_about(&paper.name).await?;
    step.case(due_next(subject, Changes::new()).await?).await
}

async fn withdraw(
    subject: &Subject,
    operation: String,
    paper: &Paper,
    revision: &Revision,
    request: &ApprovalRecord,
) -> Result<(), Refusal> {
    let because = Said::decode(&request.diff).said.into_iter().map(|(_, words)| words).next().unwrap_or_default();
    let said = values([("document", &paper.name, paper.name.clone()), ("state", &paper.state, "WITHDRAWN".to_owned())]);
    let mut step = Step::begin(subject, operation, AuditKind::Approval, ACTION, &because, said).await?;
    step.happened(paper.happened("withdrawn", &because, ("STORED", "WITHDRAWN"))).await?;
    // Before the document: a decision that somebody else has taken meanwhile is found here.
    requests::decide(subject, &step, request, "APPROVED", &Words::default()).await?;
    let changes = Changes::new().set(Column::new("state"), "WITHDRAWN").set(Column::new("withdrawn_reason"), because);
    step.change::<Paper>(&paper.name, revision, changes.set(Column::new("approval"), request.name.as_str())).await?;
    step.done_about(&paper.name).await?;
    let stored = subject.of_case::<Counted>().filter(Condition::eq(Column::new("is_latest"), true));
    let count = subject.client.count(&stored.filter(Condition::eq(Column::new("state"), "STORED"))).await?;
    let changes = Changes::new().set(Column::new("document_count"), i64::try_from(count).unwrap_or(i64::MAX));
    step.case(due_next(subject, changes).await?).await
}
