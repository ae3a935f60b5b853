//! What a case may have much of, a page by key at a time: its tasks, and what was done in it.

use super::{
    Found,
    wire::{DefectRecord, TaskEntryRecord},
};
use crate::{
    model::{AuditPage, AuditQuery, AuditReach, DefectRow, Due, Permission, TaskEntry, TaskPage, TaskRow, Term, TimeCursor},
    server::{
        casework::{Refusal, audit, columns::some_text, newest, site_time},
        frappe::{Condition, Direction, Field, RowScope},
    },
};

/// Tasks on a page.
const TASK_ROWS: usize = 50;

/// A page of its tasks, whatever has become of them, the newest first.
///
/// # Errors
/// As [`show`](super::show); [`ErrorCode::Invalid`](crate::model::ErrorCode::Invalid) for a place that is none.
pub async fn every_task(id: &str, after: &str) -> Result<TaskPage, Refusal> {
    let found = Found::case(id).await?;
    let after = TimeCursor::of_address(after).map_err(|error| error.code)?;
    // Within the case, which was found in the person's rows.
    let (rows, of_case) = (RowScope::institution_wide(), [Condition::eq(Field::new("case_ref"), found.id.as_str())]);
    let creation = Field::new("creation");
    let (tasks, more) = newest::page::<TaskEntryRecord>(&found.client, &rows, creation, after.as_ref(), &of_case, TASK_ROWS).await?;
    let last = tasks.last().filter(|_| more).map(|task| TimeCursor { at: task.creation.as_str().to_owned(), name: task.name.clone() });
    Ok(TaskPage { rows: tasks.into_iter().map(entry).collect(), after: last, today: site_time::today(&found.site.tenant) })
}

fn entry(row: TaskEntryRecord) -> TaskEntry {
    TaskEntry {
        open: row.state == "OPEN",
        state: if row.state == "OPEN" { Term::named("OPEN", "To do") } else { Term::of(row.state) },
        done_on: row.done_on.day(),
        done_by: some_text(row.done_by),
        task: TaskRow {
            case: None,
            title: row.title,
            kind: Term::of(row.kind),
            due_on: row.due_on.day(),
            assignee: some_text(row.assignee).unwrap_or_else(|| Term::of(row.assignee_role).label),
        },
    }
}

/// The registry's defects that nobody has cured, the most pressing first.
///
/// # Errors
/// As [`show`](super::show).
pub async fn defects(id: &str) -> Result<Due<DefectRow>, Refusal> {
    let found = Found::case(id).await?;
    let open = found.of_case::<DefectRecord>().filter(Condition::eq(Field::new("state"), "OPEN"));
    let rows = found.rows(open.order_by(Field::new("due_on"), Direction::Ascending)).await?;
    let may = found.grant.principal.role.allows(Permission::Cure);
    let row = |row: DefectRecord| DefectRow {
        answer: may.then(|| format!("/cases/{}/do/answer-defect?on={}", found.id.as_str(), row.name)),
        code: Term::of(row.code),
        text: some_text(row.defect_text),
        due_on: row.due_on.day(),
        answered: !row.cure_doc.is_empty() || !row.cure_text.is_empty(),
    };
    Ok(Due { rows: rows.into_iter().map(row).collect(), today: site_time::today(&found.site.tenant) })
}

/// A page of what was done in it, newest first, and how much of that the person may know.
///
/// # Errors
/// As [`show`](super::show); [`ErrorCode::Forbidden`](crate::model::ErrorCode::Forbidden) for roles that may know none of it.
pub async fn audit_of(id: &str, after: &str) -> Result<(AuditPage, AuditReach), Refusal> {
    let found = Found::case(id).await?;
    let after = TimeCursor::of_address(after).map_err(|error| error.code)?;
    let page = audit::list(AuditQuery { case: Some(found.id), after, ..AuditQuery::default() }).await?;
    Ok((page, found.grant.principal.role.audit_reach()))
}
