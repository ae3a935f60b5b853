//! What a case may have much of, a page by key at a time: its timeline, its tasks, and what was done in it.

use super::{
    Found,
    wire::{CommentRecord, DefectRecord, EventRecord, TaskEntryRecord},
};
use crate::{
    model::{
        AuditPage, AuditQuery, AuditReach, CommentRow, Comments, DefectRow, Due, ErrorCode, EventRow, Names, Permission, TaskEntry,
        TaskPage, TaskRow, Term, TimeCursor, Timeline,
    },
    server::{
        casework::{Refusal, audit, columns::some_text, newest, site_time},
        context::authorise,
        frappe::{Condition, Direction, Field, RowScope},
    },
};

/// Tasks on a page.
const TASK_ROWS: usize = 50;
/// Events on a page.
const EVENT_ROWS: usize = 50;

/// A page of its timeline, newest first; of one kind of event, if one is named.
///
/// # Errors
/// As [`show`](super::show); [`ErrorCode::Invalid`](crate::model::ErrorCode::Invalid) for a place that is none.
pub async fn timeline(id: &str, kind: &str, after: &str) -> Result<Timeline, Refusal> {
    let found = Found::case(id).await?;
    let after = TimeCursor::of_address(after).map_err(|error| error.code)?;
    if !kind.is_empty() || found.names() == Names::Hidden {
        return timeline_of(&found, kind, after.as_ref()).await;
    }
    // What people said stands among what happened, in their own words; that somebody spoke is not told beside it.
    let not_comments = [Condition::none_of(Field::new("kind"), ["COMMENT"])];
    let (events, comments) = futures::try_join!(events_of(&found, &not_comments, after.as_ref()), said_of(&found, after.as_ref()))?;
    let key = |at: &str, name: &str| (at.to_owned(), name.to_owned());
    let happened = events.0.into_iter().map(|row| (key(row.at.as_str(), &row.name), event(row, &found)));
    let said = comments.0.into_iter().map(|row| (key(row.at.as_str(), &row.name), as_event(comment(row, &found))));
    let mut both: Vec<_> = happened.chain(said).collect();
    both.sort_by(|one, other| other.0.cmp(&one.0));
    let more = events.1 || comments.1 || both.len() > EVENT_ROWS;
    both.truncate(EVENT_ROWS);
    let last = both.last().filter(|_| more).map(|((at, name), _)| TimeCursor { at: at.clone(), name: name.clone() });
    Ok(Timeline { events: both.into_iter().map(|(_, event)| event).collect(), after: last })
}

/// A comment as a line of the timeline: what was said, who said it, and who reads it.
fn as_event(comment: CommentRow) -> EventRow {
    let (first, rest) = comment.text.trim().split_once('\n').unwrap_or((comment.text.trim(), ""));
    EventRow {
        at: comment.at,
        kind: Term::named("COMMENT", "Comment"),
        title: first.trim().to_owned(),
        origin: Term::named("COMMENT", &format!("{}, {}", comment.by, comment.visibility.label.to_lowercase())),
        note: some_text(rest.split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}

pub(super) async fn timeline_of(found: &Found, kind: &str, after: Option<&TimeCursor>) -> Result<Timeline, Refusal> {
    let of_kind = (!kind.is_empty()).then(|| Condition::eq(Field::new("kind"), kind));
    let (events, more) = events_of(found, of_kind.as_slice(), after).await?;
    let last = events.last().filter(|_| more).map(|event| TimeCursor { at: event.at.as_str().to_owned(), name: event.name.clone() });
    Ok(Timeline { events: events.into_iter().map(|row| event(row, found)).collect(), after: last })
}

/// Events of the case that these conditions leave, a page of them.
async fn events_of(found: &Found, of: &[Condition], after: Option<&TimeCursor>) -> Result<(Vec<EventRecord>, bool), Refusal> {
    // Within the case, which was found in the person's rows.
    let asked = [&[Condition::eq(Field::new("case_ref"), found.id.as_str())], of].concat();
    newest::page(&found.client, &RowScope::institution_wide(), Field::new("at"), after, &asked, EVENT_ROWS).await
}

fn event(row: EventRecord, found: &Found) -> EventRow {
    EventRow {
        at: row.at.instant(&found.site),
        kind: Term::of(row.kind),
        title: row.title,
        origin: Term::of(row.origin),
        note: some_text(row.note_text),
    }
}

/// Comments on the case, a page of them.
async fn said_of(found: &Found, after: Option<&TimeCursor>) -> Result<(Vec<CommentRecord>, bool), Refusal> {
    // Within the case, which was found in the person's rows.
    let asked = [Condition::eq(Field::new("case_ref"), found.id.as_str())];
    newest::page(&found.client, &RowScope::institution_wide(), Field::new("at"), after, &asked, EVENT_ROWS).await
}

fn comment(row: CommentRecord, found: &Found) -> CommentRow {
    CommentRow { at: row.at.instant(&found.site), by: row.made_by, text: row.body_text, visibility: Term::of(row.visibility) }
}

/// A page of what people have said of it, newest first.
///
/// # Errors
/// As [`timeline`]; [`ErrorCode::Forbidden`] for roles that do not see borrowers: a comment may name them.
pub async fn comments(id: &str, after: &str) -> Result<Comments, Refusal> {
    let found = Found::case(id).await?;
    let after = TimeCursor::of_address(after).map_err(|error| error.code)?;
    if found.names() == Names::Hidden {
        return Err(ErrorCode::Forbidden.into());
    }
    let (said, more) = said_of(&found, after.as_ref()).await?;
    let last = said.last().filter(|_| more).map(|row| TimeCursor { at: row.at.as_str().to_owned(), name: row.name.clone() });
    Ok(Comments { rows: said.into_iter().map(|row| comment(row, &found)).collect(), after: last })
}

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
    // Before the case is looked for: the refusal is the same whatever is asked for.
    authorise(Permission::SeeAudit)?;
    let found = Found::case(id).await?;
    let after = TimeCursor::of_address(after).map_err(|error| error.code)?;
    let page = audit::list(AuditQuery { case: Some(found.id), after, ..AuditQuery::default() }).await?;
    Ok((page, found.grant.principal.role.audit_reach()))
}
