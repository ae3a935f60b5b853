//! A task that somebody sets for others: what is to be done in a case, by whom, and by when.
//!
//! It must not know which tasks the process makes by itself.

use super::{
    super::{Refusal, keys::operation_of, site_time},
    effects::due_next,
    step::{Happened, Step, ToDo, values},
    subject::{CaseState, Subject},
};
use crate::{
    model::{Answered, AuditKind, Day, ErrorCode, Field, FieldError, FieldKind, Form, Permission, Reading, Role, TaskKind, Typed},
    server::frappe::{Changes, Record as _},
};

/// Its word in the address.
pub const DEED: &str = "task";
/// The longest line that says what is to be done, in characters: a Data column.
const TITLE_MAX: usize = 140;
/// No task is set for later than this.
const DAYS_MAX: i64 = 366;
/// Who may be set one.
const ROLES: [Role; 5] = [Role::LegalManager, Role::LegalHead, Role::CollectionsOfficer, Role::BranchUser, Role::Advocate];
/// Said of a case in which nothing is left to do.
pub const CLOSED: &str = "The case is closed: nothing is left to be done in it.";

/// Asks for it.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask(case: &str) -> Result<Form, Refusal> {
    Ok(form(&Subject::find(case, Permission::Work).await?, None))
}

/// What is asked.
pub fn fields(today: Day) -> Vec<Field> {
    let roles = ROLES.map(|role| (role.code().to_owned(), role.label().to_owned())).to_vec();
    vec![
        Field::new("title", "What is to be done", FieldKind::Line { max: TITLE_MAX })
            .help("Without names and numbers of people: lists show it."),
        Field::new("role", "By whom", FieldKind::Choice(roles)).help("Whoever has this role and reaches the case sees it."),
        Field::new("due_on", "By when", FieldKind::Day { min: Some(today), max: Some(today.later(DAYS_MAX)) }),
    ]
}

/// What was said of a task.
pub struct Said {
    title: String,
    role: Role,
    due_on: Day,
}

/// Reads it.
///
/// # Errors
/// What cannot be taken of it.
pub fn read(typed: &Typed, today: Day) -> Result<Said, Vec<FieldError>> {
    let mut reading = Reading::of(typed);
    let title = reading.required("title", |reading| reading.some_line("title", TITLE_MAX));
    let known = ROLES.map(|role| (role.code().to_owned(), Some(role)));
    let role = reading.required("role", |reading| reading.some_choice("role", known));
    let due_on = reading.required("due_on", |reading| reading.some_day("due_on", Some(today), Some(today.later(DAYS_MAX))).map(Some));
    reading.done()?;
    // Both were required.
    let (Some(role), Some(due_on)) = (role, due_on) else { return Err(Vec::new()) };
    Ok(Said { title, role, due_on })
}

fn form(subject: &Subject, typed: Option<&Typed>) -> Form {
    let form = subject.form(DEED, "Raise a task", typed);
    if subject.case.stage == "S90" {
        return Form { lead: vec![CLOSED.to_owned()], action: String::new(), ..form };
    }
    Form { fields: fields(site_time::today(&subject.site.tenant)), submit: "Raise the task".to_owned(), ..form }
}

/// Sets it.
///
/// # Errors
/// As [`super::ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Work).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let empty = form(&subject, Some(typed));
    if empty.action.is_empty() {
        return Ok(Answered::Again(empty));
    }
    let said = match read(typed, site_time::today(&subject.site.tenant)) {
        Ok(said) => said,
        Err(problems) => return Ok(Answered::Again(empty.again(typed, &problems))),
    };
    let lead_to = format!("{}/tasks", subject.address());
    let recorded = values([("role", "", said.role.code().to_owned()), ("due_on", "", said.due_on.iso())]);
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "task.raise", "", recorded).await?;
    let kind = TaskKind::Other.code().to_owned();
    let task = ToDo { kind, title: said.title, assignee: String::new(), role: said.role.code(), due_on: said.due_on, priority: 2 };
    step.set_task(task).await?;
    step.happened(Happened {
        kind: "TASK",
        transition: 0,
        title: "Task raised".to_owned(),
        note: String::new(),
        states: None,
        stages: None,
        source: (CaseState::DOCTYPE, subject.id.as_str().to_owned()),
    })
    .await?;
    step.case(due_next(&subject, Changes::new()).await?).await?;
    Ok(Answered::Done { lead_to })
}
