//! One step in a case, in the order that makes it safe: recorded in the audit trail, then what hangs on the case, then the case itself.
//!
//! Owns that order and the keys by which a step that is sent twice is done once: a child is found by its key where a lost answer made
//! it already; the case's own write, which carries the revision that the person saw, decides whether the step took place
//! (`records.md` §6.8). It must not know what a step means.

use serde_json::{Value as Json, json};

use super::{
    super::{Refusal, audit, columns::Named, columns::record, keys, site_time},
    subject::{CaseState, Subject},
};
use crate::{
    model::{AuditKind, Day},
    server::{
        context::scope,
        frappe::{Changes, Condition, Fault, Field, PAGE_MAX, Query, Record as _, RowScope},
    },
};

record! {
    /// An event, as far as writing one needs.
    struct EventKey of "Case Event" {}
}

record! {
    /// A task, as far as writing one needs.
    struct TaskKey of "Case Task" {}
}

/// Who the timeline names for a step of the portal's own.
const BY_PORTAL: &str = "job:CLOCK_SCAN";

/// A line of the timeline.
pub struct Happened {
    /// Option set `event_kind`.
    pub kind: &'static str,
    /// Number of the transition; 0 where it is none.
    pub transition: u8,
    /// A sentence without personal data.
    pub title: String,
    /// The person's words.
    pub note: String,
    /// Status or track before and after.
    pub states: Option<(String, String)>,
    /// Stage before and after, where it changed.
    pub stages: Option<(String, String)>,
    /// DocType and name of the record behind it.
    pub source: (&'static str, String),
}

/// Something for somebody to do.
pub struct ToDo {
    /// Option set `task_kind`.
    pub kind: String,
    /// What is to be done.
    pub title: String,
    /// Whose; empty for whoever has the role and the scope.
    pub assignee: String,
    /// Code of the role.
    pub role: &'static str,
    /// By when.
    pub due_on: Day,
    /// 1 high … 3.
    pub priority: i64,
}

/// A step under way: it is on record, and its children are being written.
pub struct Step<'a> {
    subject: &'a Subject,
    operation: String,
    institution: String,
    written: u32,
    by_portal: bool,
}

impl<'a> Step<'a> {
    /// Begins: the audit trail has it before anything of it is done.
    ///
    /// # Errors
    /// Where it could not be recorded, nothing is done.
    pub async fn begin(
        subject: &'a Subject,
        operation: String,
        kind: AuditKind,
        action: &'static str,
        because: &str,
        (before, after): (Json, Json),
    ) -> Result<Self, Refusal> {
        let entry = audit::Entry::new(kind, action).object(CaseState::DOCTYPE, subject.id.as_str()).case(&subject.id);
        audit::record(entry.because(because).values(Some(before), Some(after))).await?;
        let institution = subject.client.institution().await?.to_string();
        Ok(Self { subject, operation, institution, written: 0, by_portal: false })
    }

    /// The operation that it is.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// Whether the timeline names the portal as who did it.
    pub const fn by_portal(&mut self, it_is: bool) {
        self.by_portal = it_is;
    }

    /// A new record that hangs on the case, with the case's scope where its DocType carries one. Sent a second time it is found.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn child<R: Named>(&mut self, body: Changes, scoped: bool) -> Result<R, Refusal> {
        self.written += 1;
        self.part(&self.written.to_string(), body, scoped).await
    }

    /// The same under a word of its own, where how many come before it may differ between one sending and the next.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn part<R: Named>(&self, part: &str, body: Changes, scoped: bool) -> Result<R, Refusal> {
        let tenant = &self.subject.site.tenant;
        let key = keys::idem_key(tenant, R::DOCTYPE, &format!("{}/{part}", self.operation));
        let user = self.subject.grant.principal.user_id.as_str();
        let case = &self.subject.case;
        let mut body = body.set(Field::new("idem_key"), key.as_str()).set(Field::new("case_ref"), self.subject.id.as_str());
        body = body.set(Field::new("made_by"), user).set(Field::new("changed_by"), user);
        if scoped {
            let texts = [
                ("zone", &case.zone),
                ("region", &case.region),
                ("branch", &case.branch),
                ("product", &case.product),
                ("legal_owner", &case.legal_owner),
                ("collections_owner", &case.collections_owner),
                ("advocate", &case.advocate),
            ];
            body = texts.into_iter().fold(body, |body, (field, text)| body.set(Field::new(field), text.as_str()));
        }
        match self.subject.client.create::<R>(body).await {
            Ok(made) => Ok(made),
            // What a lost answer made; or what the same cause has made already, under the record's natural key.
            Err(Fault::Duplicate) => {
                let same =
                    Query::<R>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("idem_key"), key.as_str())).page(0, 1);
                Ok(self.subject.client.list(&same).await?.rows.pop().ok_or(Fault::Duplicate)?)
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// A line of the timeline.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn happened(&mut self, event: Happened) -> Result<(), Refusal> {
        let subject = self.subject;
        let scope = scope()?;
        let today = site_time::today(&subject.site.tenant);
        let (source_type, source_name) = &event.source;
        let key = keys::natural_key(&self.institution, &[subject.id.as_str(), event.kind, source_type, source_name, &self.operation]);
        let (from_stage, to_stage) = event.stages.unwrap_or_default();
        let days_in_from = subject.case.stage_since_on.day().filter(|_| !to_stage.is_empty());
        let days_in_from = days_in_from.map_or(-1, |since| today.days_since_epoch() - since.days_since_epoch());
        let (from_state, to_state) = event.states.unwrap_or_default();
        let mut body = Changes::new()
            .set(Field::new("event_key"), key)
            .set(Field::new("at"), subject.now())
            .set(Field::new("recorded_at"), subject.now())
            .set(Field::new("origin"), if self.by_portal { "CLOCK" } else { "PORTAL" })
            .set(Field::new("actor"), if self.by_portal { BY_PORTAL } else { subject.grant.principal.user_id.as_str() })
            .set(Field::new("actor_role"), if self.by_portal { "SY" } else { subject.grant.principal.role.actor_code() })
            .set(Field::new("kind"), event.kind)
            .set(Field::new("transition_no"), i64::from(event.transition))
            .set(Field::new("title"), event.title)
            .set(Field::new("note_text"), event.note)
            .set(Field::new("ref_type"), *source_type)
            .set(Field::new("ref_name"), source_name.as_str())
            .set(Field::new("week"), today.week())
            .set(Field::new("days_in_from"), days_in_from)
            .set(Field::new("zone"), subject.case.zone.as_str())
            .set(Field::new("product"), subject.case.product.as_str())
            .set(Field::new("request_id"), scope.facts().request_id.to_string())
            .set(Field::new("ip_address"), scope.facts().client.to_string());
        for (field, text) in [("from_stage", from_stage), ("to_stage", to_stage), ("from_state", from_state), ("to_state", to_state)] {
            if !text.is_empty() {
                body = body.set(Field::new(field), text);
            }
        }
        self.child::<EventKey>(body, false).await.map(|_| ())
    }

    /// A task for somebody, once for its cause: one that is there already stays as it is.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn set_task(&mut self, task: ToDo) -> Result<(), Refusal> {
        self.set_task_about(task, (CaseState::DOCTYPE, self.subject.id.as_str())).await
    }

    /// The same, about a record that hangs on the case: DocType and name.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn set_task_about(&mut self, task: ToDo, about: (&'static str, &str)) -> Result<(), Refusal> {
        let operation = self.operation.clone();
        self.set_task_for(task, about, &operation).await
    }

    /// The same, for a cause of this word: while such a task is open, the cause makes no second one.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn set_task_for(&mut self, task: ToDo, about: (&'static str, &str), cause: &str) -> Result<(), Refusal> {
        let subject = self.subject;
        let source = if cause == self.operation { cause.to_owned() } else { format!("{}/{cause}", self.operation) };
        let today = site_time::today(&subject.site.tenant);
        let key = keys::natural_key(&self.institution, &[subject.id.as_str(), &task.kind, &source]);
        let body = Changes::new()
            .set(Field::new("task_key"), key)
            .set(Field::new("case_id"), subject.case.number())
            .set(Field::new("title_text"), subject.case.title_text.as_str())
            .set(Field::new("kind"), task.kind)
            .set(Field::new("title"), task.title)
            .set(Field::new("assignee"), task.assignee)
            .set(Field::new("assignee_role"), task.role)
            .set(Field::new("due_on"), task.due_on)
            .set(Field::new("priority"), task.priority)
            .set(Field::new("state"), "OPEN")
            .set(Field::new("source_type"), about.0)
            .set(Field::new("source_name"), about.1)
            .set(Field::new("source_event"), cause)
            .set(Field::new("opened_on"), today);
        self.child::<TaskKey>(body, true).await.map(|_| ())
    }

    /// Ends this case's open tasks of a kind, or all of them where it is empty: what they asked for has been done, or has no object.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn done(&self, kind: &str, state: &str) -> Result<(), Refusal> {
        let mut open = self.subject.of_case::<TaskKey>().filter(Condition::eq(Field::new("state"), "OPEN"));
        if !kind.is_empty() {
            open = open.filter(Condition::eq(Field::new("kind"), kind));
        }
        self.end(open, state).await
    }

    /// Ends the open tasks about a record that hangs on the case.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn done_about(&self, name: &str) -> Result<(), Refusal> {
        let open = self.subject.of_case::<TaskKey>().filter(Condition::eq(Field::new("state"), "OPEN"));
        self.end(open.filter(Condition::eq(Field::new("source_name"), name)), "DONE").await
    }

    async fn end(&self, open: Query<TaskKey>, state: &str) -> Result<(), Refusal> {
        for task in self.subject.client.list(&open.page(0, PAGE_MAX)).await?.rows {
            self.end_task(&task.name, state).await?;
        }
        Ok(())
    }

    /// Ends the task of this name.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn end_task(&self, task: &str, state: &str) -> Result<(), Refusal> {
        let subject = self.subject;
        let (_, revision, _) = subject.client.get_with_proof::<TaskKey>(task).await?;
        let changes = Changes::new()
            .set(Field::new("state"), state)
            .set(Field::new("done_on"), site_time::today(&subject.site.tenant))
            .set(Field::new("done_by"), subject.grant.principal.user_id.as_str());
        self.change::<TaskKey>(task, &revision, changes).await.map(|_| ())
    }

    /// Changes a record that hangs on the case and is still at this revision.
    ///
    /// # Errors
    /// [`Fault::Conflict`] where it has been changed since; otherwise any fault of the call.
    pub async fn change<R: Named>(&self, name: &str, revision: &crate::server::frappe::Revision, changes: Changes) -> Result<R, Refusal> {
        Ok(self.subject.client.update::<R>(name, revision, self.signed(changes)).await?.0)
    }

    /// The case, last: with it the step has taken place.
    ///
    /// # Errors
    /// [`Fault::Conflict`] where it has been changed since it was read; otherwise any fault of the call.
    pub async fn case(self, changes: Changes) -> Result<(), Refusal> {
        let changes = self.signed(changes);
        self.subject.client.update::<CaseState>(self.subject.id.as_str(), &self.subject.revision, changes).await?;
        Ok(())
    }

    fn signed(&self, changes: Changes) -> Changes {
        changes.set(Field::new("changed_by"), self.subject.grant.principal.user_id.as_str())
    }
}

/// The key of the so-manieth record that an operation makes in a case.
pub fn key_of<R: Named>(subject: &Subject, operation: &str, number: u32) -> String {
    keys::idem_key(&subject.site.tenant, R::DOCTYPE, &format!("{operation}/{number}"))
}

/// What stood and what stands, for the trail: field by field.
pub fn values<const N: usize>(fields: [(&str, &str, String); N]) -> (Json, Json) {
    let (mut before, mut after) = (serde_json::Map::new(), serde_json::Map::new());
    for (field, was, is) in fields {
        before.insert(field.to_owned(), json!(was));
        after.insert(field.to_owned(), json!(is));
    }
    (Json::Object(before), Json::Object(after))
}
