//! What one person asks for in a case and another decides on: a withdrawal, a reversal, a finding.
//!
//! Owns the course that all of these take: the decision's part of the form, what is looked at before anything is written, and the steps.
//! It must not know what is asked for, nor who may ask and who decides: each says so in a file of its own.

use super::{
    super::{
        Refusal, audit,
        columns::Named,
        keys::{REVISION, operation_of},
        second::fact,
    },
    requests::{self, ApprovalRecord, Asked, Said, not_second},
    step::{Happened, Step, ToDo, values},
    subject::{ON, Subject},
    transition::Words,
};
use crate::{
    model::{
        Answered, ApprovalKind, AuditKind, Button, ErrorCode, Fact, Field, FieldKind, Form, Inr, Permission, REASON_MAX_CHARS, Reading,
        Typed,
    },
    server::frappe::{Changes, Field as Column, Revision},
};

const DECISION: &str = "decision";
const RETURN: &str = "return";
const REASON: &str = "reason";

/// What answering the form would be.
pub enum Next {
    /// It takes effect at once: one person is enough.
    Alone,
    /// It is asked for.
    Ask,
    /// It was asked for, and this person decides.
    Decide(Box<Waiting>),
    /// Nothing, and why.
    Nothing(String),
}

/// A request that waits for a decision.
pub struct Waiting {
    /// As it is kept.
    pub request: ApprovalRecord,
    /// What it says.
    pub said: Said,
}

impl Waiting {
    /// What waits on a record of the case, if anything does.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn on<T: ByTwo>(subject: &Subject, record: &T) -> Result<Option<Self>, Refusal> {
        let request = requests::waiting_on(subject, T::KIND.code(), record.name()).await?;
        Ok(request.map(|request| Self { said: Said::decode(&request.diff), request }))
    }

    /// Who asked.
    pub fn by(&self) -> &str {
        &self.request.submitted_by
    }

    /// Why this person is no second pair of eyes, after who asked and after these people, if so.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn shut_to(&self, subject: &Subject, others: &[&str]) -> Result<Option<String>, Refusal> {
        not_second(subject, &[&[self.by()][..], others].concat()).await
    }

    /// Who asked and why, for who decides.
    pub fn facts(&self, by: &str) -> [Fact; 2] {
        [fact(by, self.by()), fact("Because", self.said.of(REASON))]
    }

    /// The end of a form by which somebody decides: approved by one button, or given back by another, with a reason.
    pub fn decided(self, form: &mut Form, [why_not, approve, refuse]: [&str; 3]) -> Next {
        form.fields = vec![reason(why_not).optional()];
        form.submit = approve.to_owned();
        form.others = vec![Button { name: DECISION, value: RETURN.to_owned(), words: refuse.to_owned() }];
        Next::Decide(Box::new(self))
    }
}

/// Where the words go in which it is asked for.
pub fn reason(words: &str) -> Field {
    Field::new(REASON, words, FieldKind::Text { max: REASON_MAX_CHARS })
}

/// A record about which one asks and another decides.
pub trait ByTwo: Named + Sync {
    /// Its word in the address.
    const DEED: &'static str;
    /// The heading of its form.
    const HEADING: &'static str;
    /// What both must have.
    const PERMISSION: Permission;
    /// What the audit trail calls what is done, and the record.
    const TRAIL: (&'static str, &'static str);
    /// The kind of the request.
    const KIND: &'static ApprovalKind;
    /// The kind of its lines in the timeline.
    const EVENT: &'static str;
    /// What they say when it is asked for, when it is refused, and when what was submitted has changed.
    const TOLD: [&'static str; 3];
    /// Said of the last to who was about to decide.
    const VOID: &'static str = "What was submitted has changed since: the request is void. It can be asked for again.";
    /// Whether the form is opened on the case, and the record chosen in it.
    const OF_CASE: bool = false;

    /// What this person may do about it now. Fills in the form: facts, the way back, what is asked. The record is there unless it is still
    /// to be chosen.
    fn next(subject: &Subject, on: Option<&Self>, form: &mut Form) -> impl Future<Output = Result<Next, Refusal>> + Send;

    /// Reads what it asks for besides the reason.
    fn read(_form: &Form, _reading: &mut Reading<'_>, _typed: &Typed) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Where it stands.
    fn state(&self) -> &str;

    /// What is submitted of it: the decision is on this very content.
    fn submitted(&self) -> Vec<(&'static str, String)>;

    /// A line of the timeline.
    fn title(&self, told: &str) -> String;

    /// When it is asked for: how a list names it, what decides who may, and who is to look at it.
    fn wish(&self, subject: &Subject) -> (String, Inr, ToDo);

    /// What the audit trail has of the asking: field, before and after.
    fn asked(&self, _said: &Said) -> (&'static str, String, String) {
        ("approval", String::new(), "PENDING".to_owned())
    }

    /// When it is carried out: the line of the timeline, the state of the record, and what else is written into it.
    fn done(
        &self,
        subject: &Subject,
        waiting: Option<&Waiting>,
        because: &str,
    ) -> impl Future<Output = Result<(String, String, Changes), Refusal>> + Send;

    /// Ends a step with what follows for the case; `done` when it was carried out.
    fn follow(subject: &Subject, step: Step<'_>, done: bool) -> impl Future<Output = Result<(), Refusal>> + Send;
}

/// The record that was asked for and its revision, unless it is still to be chosen; what this person may do, and the form.
async fn find<T: ByTwo>(subject: &Subject, on: &str, typed: Option<&Typed>) -> Result<(Option<(T, Revision)>, Next, Form), Refusal> {
    let found = if T::OF_CASE && on.is_empty() { None } else { Some(subject.one::<T>(on).await?) };
    let mut form = subject.form(T::DEED, T::HEADING, typed);
    let next = T::next(subject, found.as_ref().map(|(record, _)| record), &mut form).await?;
    if let Next::Nothing(why) = &next {
        form.lead = vec![why.clone()];
        form.action = String::new();
    }
    if let Some((record, revision)) = &found {
        if !T::OF_CASE {
            // What may have changed is the record.
            form.hidden.retain(|(name, _)| *name != REVISION);
            form.hidden.push((REVISION, revision.0.clone()));
        }
        if form.fields.iter().all(|field| field.name != ON) {
            form.hidden.push((ON, record.name().to_owned()));
        }
    }
    Ok((found, next, form))
}

/// Asks for it, or for a decision on it.
///
/// # Errors
/// As [`super::ask`]; [`ErrorCode::NotFound`] for a record of another case.
pub async fn ask<T: ByTwo>(case: &str, on: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, T::PERMISSION).await?;
    Ok(find::<T>(&subject, on, None).await?.2)
}

/// Asks for it, decides on it, or does it, as it was typed.
///
/// # Errors
/// As [`ask`].
pub async fn answer<T: ByTwo>(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, T::PERMISSION).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (found, next, mut form) = find::<T>(&subject, typed.text(ON), Some(typed)).await?;
    if form.action.is_empty() {
        let entry = audit::Entry::new(AuditKind::Denied, T::TRAIL.0).object(T::DOCTYPE, typed.text(ON));
        audit::note(entry.case(&subject.id).reason("FOUR_EYES"));
        return Ok(Answered::Again(form.again(typed, &[])));
    }
    let deciding = matches!(next, Next::Decide(_));
    let refusing = deciding && typed.text(DECISION) == RETURN;
    let mut reading = Reading::of(typed);
    let mut said = if deciding { Vec::new() } else { T::read(&form, &mut reading, typed) };
    let reason = if deciding && !refusing { String::new() } else { reading.reason(REASON) };
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(form.again(typed, &problems)));
    }
    let (record, revision) = found.ok_or(ErrorCode::NotFound)?;
    let seen = if T::OF_CASE { &subject.revision } else { &revision };
    if typed.text(REVISION) != seen.0 {
        return Ok(Answered::Changed(subject.changed(form, typed).await?));
    }
    let course = Course { subject: &subject, operation, record: &record };
    let [_, refused, void] = T::TOLD;
    match next {
        Next::Ask => {
            said.push((REASON.to_owned(), reason.clone()));
            course.ask_for(said, &reason).await?;
        }
        Next::Decide(waiting) if refusing => course.end(&waiting.request, "RETURNED", refused, &reason).await?,
        Next::Decide(waiting) if waiting.said.values != submitted(&record) || waiting.request.submit_hash != waiting.said.hash() => {
            course.end(&waiting.request, "VOID", void, "").await?;
            form.action = String::new();
            form.notice.push(T::VOID.to_owned());
            return Ok(Answered::Changed(form));
        }
        Next::Decide(waiting) => course.carry_out(&revision, Some(&waiting), waiting.said.of(REASON)).await?,
        Next::Alone => course.carry_out(&revision, None, &reason).await?,
        Next::Nothing(_) => {}
    }
    Ok(Answered::Done { lead_to: form.back.0 })
}

fn submitted<T: ByTwo>(record: &T) -> Vec<(String, String)> {
    record.submitted().into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}

/// One answer on its way.
struct Course<'a, T> {
    subject: &'a Subject,
    operation: String,
    record: &'a T,
}

impl<'a, T: ByTwo> Course<'a, T> {
    async fn begin(&self, kind: AuditKind, because: &str, recorded: (&'static str, &str, String)) -> Result<Step<'a>, Refusal> {
        let ((action, what), name) = (T::TRAIL, self.record.name());
        let recorded = values([(what, name, name.to_owned()), recorded]);
        Step::begin(self.subject, self.operation.clone(), kind, action, because, recorded).await
    }

    fn happened(&self, told: &str, note: &str, states: Option<(String, String)>) -> Happened {
        let (title, source) = (self.record.title(told), (T::DOCTYPE, self.record.name().to_owned()));
        Happened { kind: T::EVENT, transition: 0, title, note: note.to_owned(), states, stages: None, source }
    }

    async fn ask_for(&self, said: Vec<(String, String)>, reason: &str) -> Result<(), Refusal> {
        let said = Said { action: T::DEED.to_owned(), said, values: submitted(self.record), before: Vec::new() };
        let ((field, was, is), [told, ..]) = (self.record.asked(&said), T::TOLD);
        let mut step = self.begin(AuditKind::Change, reason, (field, &was, is)).await?;
        step.happened(self.happened(told, reason, None)).await?;
        let ((title, amount, task), object) = (self.record.wish(self.subject), (T::DOCTYPE, self.record.name()));
        requests::keep(self.subject, &mut step, Asked { kind: T::KIND.code(), object, title, amount }, &said).await?;
        step.set_task_about(task, object).await?;
        T::follow(self.subject, step, false).await
    }

    /// Ends the request without what it asks for.
    async fn end(&self, request: &ApprovalRecord, state: &'static str, told: &str, reason: &str) -> Result<(), Refusal> {
        let mut step = self.begin(AuditKind::Approval, reason, ("approval", &request.state, state.to_owned())).await?;
        step.happened(self.happened(told, reason, None)).await?;
        let words = [("reason_code", "OTHER"), ("comment", reason)].map(|(name, value)| (name.to_owned(), value.to_owned()));
        requests::decide(self.subject, &step, request, state, &Words { said: words.to_vec() }).await?;
        step.done_about(self.record.name()).await?;
        T::follow(self.subject, step, false).await
    }

    async fn carry_out(&self, revision: &Revision, waiting: Option<&Waiting>, because: &str) -> Result<(), Refusal> {
        let (name, was) = (self.record.name(), self.record.state());
        let (told, state, changes) = self.record.done(self.subject, waiting, because).await?;
        let kind = if waiting.is_some() { AuditKind::Approval } else { AuditKind::Change };
        let mut step = self.begin(kind, because, ("state", was, state.clone())).await?;
        step.happened(self.happened(&told, because, Some((was.to_owned(), state.clone())))).await?;
        if let Some(waiting) = waiting {
            // Before the record: a decision that somebody else has taken meanwhile is found here.
            requests::decide(self.subject, &step, &waiting.request, "APPROVED", &Words::default()).await?;
        }
        step.change::<T>(name, revision, changes.set(Column::new("state"), state)).await?;
        step.done_about(name).await?;
        T::follow(self.subject, step, true).await
    }
}
