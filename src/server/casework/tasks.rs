//! Tasks: of one case, and of whoever looks.

use super::columns::{Date, record, some_text};
use crate::model::{TaskRow, Term};

record! {
    /// A task as Frappe writes it.
    pub struct TaskRecord of "Case Task" {
        case_ref: String,
        case_id: String,
        kind: String,
        title: String,
        assignee: String,
        assignee_role: String,
        due_on: Date,
    }
}

impl TaskRecord {
    /// The task in the model's terms.
    pub fn into_row(self) -> TaskRow {
        TaskRow {
            case: some_text(self.case_ref).map(|name| (name, self.case_id)),
            title: self.title,
            kind: Term::of(self.kind),
            due_on: self.due_on.day(),
            assignee: some_text(self.assignee).unwrap_or_else(|| Term::of(self.assignee_role).label),
        }
    }
}
