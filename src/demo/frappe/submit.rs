//! Draft, submitted, cancelled: which way a document may go, and what may still change. Knows no HTTP.

use super::cell::Cell;
use super::fault::{Fault, Outcome, label};
use super::rights::{Caller, needs};
use super::site::Store;
use super::table::{DOCSTATUS, IDX, NAME, Row, Table};
use crate::demo::schema::FieldType;

const NAMES: [&str; 3] = ["Draft", "Submitted", "Cancelled"];

/// The state of a row.
pub(super) fn docstatus(row: &Row) -> i64 {
    row[DOCSTATUS].number() as i64
}

/// Refuses a step that documents do not take, or that the caller may not.
pub(super) fn check_step(table: &Table, caller: &Caller, row: &Row, to: i64) -> Outcome<()> {
    let (doctype, name, from) = (table.doctype.name, row[NAME].as_str().unwrap_or_default(), docstatus(row));
    if from == 2 {
        return Err(Fault::crash(417, "ValidationError", "frappe.exceptions.ValidationError: Cannot edit cancelled document"));
    }
    let named = |state: i64| usize::try_from(state).ok().and_then(|state| NAMES.get(state)).copied().unwrap_or("Unknown");
    if !matches!((from, to), (0, 0 | 1) | (1, 1 | 2)) {
        let text = format!("Cannot change docstatus from {from} ({}) to {to} ({})", named(from), named(to));
        return Err(Fault::crash(417, "DocstatusTransitionError", format!("frappe.exceptions.DocstatusTransitionError: {text}")));
    }
    if from == to {
        return Ok(());
    }
    if !table.doctype.is_submittable() {
        let text = format!("frappe.exceptions.DocstatusTransitionError: Cannot submit {doctype}: it is not submittable");
        return Err(Fault::crash(417, "DocstatusTransitionError", text));
    }
    if !caller.rights(table).submit {
        return Err(caller.no_role(table, Some(needs(if to == 1 { "submit" } else { "cancel" }, doctype, name))));
    }
    Ok(())
}

/// Refuses a changed value of a submitted document.
pub(super) fn check_unchanged(table: &Table, old: &Row, new: &Row) -> Outcome<()> {
    for (at, column) in table.columns.iter().enumerate().skip(IDX + 1) {
        if old[at] != new[at] && !(old[at].is_unset() && new[at].is_unset()) {
            let shown = |cell: &Cell| cell.as_str().map_or_else(|| cell.json().to_string(), str::to_owned);
            let text = format!(
                " Not allowed to change <strong>{}</strong> after submission from <strong>{}</strong> to <strong>{}</strong>",
                label(column.name),
                shown(&old[at]),
                shown(&new[at])
            );
            return Err(Fault::titled(417, "UpdateAfterSubmitError", &text, "Cannot Update After Submit"));
        }
    }
    Ok(())
}

/// Refuses to take away or to cancel what other rows link to; of a cancelled document only submitted ones count.
pub(super) fn check_unlinked(store: &Store, doctype: &str, name: &Cell, submitted: bool) -> Outcome<()> {
    for other in store.tables() {
        let links = |at: &usize| other.columns[*at].kind == FieldType::Link && other.columns[*at].options.first() == Some(&doctype);
        for at in (0..other.columns.len()).filter(links) {
            // A row may name itself.
            let holds = |row: &Row| {
                row[at].order(name).is_eq() && (other.doctype.name != doctype || row[NAME] != *name) && (!submitted || docstatus(row) == 1)
            };
            if let Some((_, holder)) = other.iter().find(|(_, holder)| holds(holder)) {
                let name = name.as_str().unwrap_or_default();
                let (kind, holder) = (other.doctype.name, holder[NAME].as_str().unwrap_or_default());
                let anchor = |kind: &str, name: &str| format!("<a href=\"/app/Form/{kind}/{name}\">{name}</a>");
                let text = format!(
                    "Cannot delete or cancel because {doctype} {} is linked with {kind} {} ",
                    anchor(doctype, name),
                    anchor(kind, holder)
                );
                return Err(Fault::throw(417, "LinkExistsError", &text));
            }
        }
    }
    Ok(())
}
