//! A document that should not be on file: the wrong borrower's, an unreadable one. Its row stays and says so; it proves nothing any more.
//!
//! Owns that it takes two people: a legal manager who asks, and a legal head who neither asked nor acts for who did. It must not know who
//! may still open what was withdrawn.

use super::{
    super::{Refusal, columns::record, second::fact},
    by_two::{ByTwo, Next, Waiting, reason},
    effects::{due_next, to_do},
    step::{Step, ToDo},
    subject::Subject,
};
use crate::{
    model::{ApprovalKind, ErrorCode, Form, Inr, Permission, Role, TaskKind, Term},
    server::frappe::{Changes, Condition, Field as Column},
};

/// Its word in the address.
pub const DEED: &str = "withdraw-document";

record! {
    /// A document, as far as withdrawing it goes.
    pub struct Paper of "Case Document" {
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

impl Paper {
    fn kind(&self) -> String {
        Term::of(self.doc_type.clone()).label
    }
}

impl ByTwo for Paper {
    const DEED: &'static str = DEED;
    const HEADING: &'static str = "Withdraw a document";
    const PERMISSION: Permission = Permission::ReplaceDocuments;
    const TRAIL: (&'static str, &'static str) = ("document.withdraw", "document");
    const KIND: &'static ApprovalKind = &ApprovalKind::Document;
    const EVENT: &'static str = "DOCUMENT";
    const TOLD: [&'static str; 3] = [
        "is to be withdrawn: a legal head decides",
        "stays on file: its withdrawal was refused",
        "stays on file: the request to withdraw it is void",
    ];

    async fn next(subject: &Subject, on: Option<&Self>, form: &mut Form) -> Result<Next, Refusal> {
        let paper = on.ok_or(ErrorCode::NotFound)?;
        form.facts = vec![fact("Document", paper.title.as_str()), fact("Kind", paper.kind()), fact("Version", paper.version.to_string())];
        form.back = (format!("{}/documents?doc={}", subject.address(), paper.name), "Back to the document".to_owned());
        match paper.state.as_str() {
            "STORED" => {}
            "WITHDRAWN" => return Ok(Next::Nothing("This document is withdrawn already.".to_owned())),
            _ => return Ok(Next::Nothing("Only a document that is on file can be withdrawn.".to_owned())),
        }
        let role = subject.grant.principal.role;
        let Some(waiting) = Waiting::on(subject, paper).await? else {
            if role != Role::LegalManager {
                return Ok(Next::Nothing("A legal manager asks for it; a legal head then decides.".to_owned()));
            }
            let lead = "It stays on file until a legal head has approved. Its row stays for good, with this reason.";
            form.lead = vec![lead.to_owned()];
            form.fields = vec![reason("Why it must not be on file")];
            form.submit = "Ask for its withdrawal".to_owned();
            return Ok(Next::Ask);
        };
        if let Some(why_not) = waiting.shut_to(subject, &[]).await? {
            return Ok(Next::Nothing(why_not));
        }
        if role != Role::LegalHead {
            return Ok(Next::Nothing(format!("{} has asked for it: a legal head decides.", waiting.by())));
        }
        let lead = "Withdrawn, it proves nothing, goes into no file of all documents, and only legal heads and auditors open it.";
        form.lead = vec![lead.to_owned()];
        form.facts.extend(waiting.facts("Withdrawal asked for by"));
        form.grave = true;
        Ok(waiting.decided(form, ["If it stays on file: why", "Approve the withdrawal", "Refuse, with this reason"]))
    }

    fn state(&self) -> &str {
        &self.state
    }

    fn submitted(&self) -> Vec<(&'static str, String)> {
        vec![("state", self.state.clone()), ("version", self.version.to_string()), ("sha256", self.sha256.clone())]
    }

    fn title(&self, told: &str) -> String {
        format!("{} {told}", self.kind())
    }

    fn wish(&self, subject: &Subject) -> (String, Inr, ToDo) {
        let title = format!("Withdraw a document ({}): {}", self.kind().to_lowercase(), subject.case.number());
        let task = to_do(subject, Role::LegalHead, &TaskKind::Approve, "");
        (title, Inr::ZERO, ToDo { title: "Decide on the withdrawal of a document".to_owned(), ..task })
    }

    async fn done(&self, _: &Subject, waiting: Option<&Waiting>, because: &str) -> Result<(String, String, Changes), Refusal> {
        let approval = waiting.map_or("", |waiting| &waiting.request.name);
        let changes = Changes::new().set(Column::new("withdrawn_reason"), because).set(Column::new("approval"), approval);
        Ok(("withdrawn".to_owned(), "WITHDRAWN".to_owned(), changes))
    }

    async fn follow(subject: &Subject, step: Step<'_>, done: bool) -> Result<(), Refusal> {
        let mut changes = Changes::new();
        if done {
            let stored = subject.of_case::<Counted>().filter(Condition::eq(Column::new("is_latest"), true));
            let count = subject.client.count(&stored.filter(Condition::eq(Column::new("state"), "STORED"))).await?;
            changes = changes.set(Column::new("document_count"), i64::try_from(count).unwrap_or(i64::MAX));
        }
        step.case(due_next(subject, changes).await?).await
    }
}
