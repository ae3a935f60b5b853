//! Single documents: read, create, change, delete, with Frappe's order of checks. Knows no HTTP.

use std::cell::LazyCell;

use serde_json::{Map, Value};

use super::cell::{Cell, number_of, plain};
use super::fault::{Fault, Outcome};
use super::fields::{self, clashed, fill, validate};
use super::rights::{Caller, needs};
use super::site::{Site, Store};
use super::table::{CREATION, DOCSTATUS, IDX, MODIFIED, MODIFIED_BY, NAME, OWNER, PARENT, PARENTFIELD, PARENTTYPE, Row, Table};
use super::{Version, files, naming, own, submit, timeline, users};
use crate::demo::schema::FieldType;

type Document = Map<String, Value>;

/// A document as JSON with its child rows; nulls are left out unless `nulls`.
pub(super) fn show(store: &Store, table: &Table, row: &Row, nulls: bool) -> Value {
    let mut shown = Map::new();
    for (at, column) in table.columns.iter().enumerate() {
        if nulls || row[at] != Cell::Null {
            shown.insert(column.name.to_owned(), table.shown(row, at));
        }
    }
    shown.insert("doctype".into(), table.doctype.name.into());
    for field in table.doctype.fields.iter().filter(|field| field.kind == FieldType::Table) {
        let children = field.options.first().and_then(|child| store.table(child));
        let rows = children.map(|children| {
            let slots = children.children(row[NAME].as_str().unwrap_or_default(), table.doctype.name, field.name);
            slots.into_iter().filter_map(|slot| children.row(slot)).map(|row| show(store, children, row, nulls)).collect()
        });
        shown.insert(field.name.to_owned(), Value::Array(rows.unwrap_or_default()));
    }
    Value::Object(shown)
}

/// GET one.
pub(super) fn get(site: &Site, store: &Store, caller: &Caller, doctype: &str, name: &str, nulls: bool) -> Outcome<Value> {
    let import = || {
        Fault::crash(
            500,
            "ImportError",
            format!("ImportError: Module import failed for {doctype}, the DocType you're trying to open might be deleted."),
        )
    };
    if doctype == "User" && !caller.is_guest() && store.table(doctype).is_none() {
        return users::get(site, store, caller, name, nulls);
    }
    let table = store.table(doctype).ok_or_else(import)?;
    let row = table.named(name).ok_or_else(|| Fault::missing(doctype, name))?;
    // A child row answers whoever may read some parent; only v14 asks for the right to its own (frappe.md §12).
    if !table.doctype.child && !caller.rights(table).read {
        return Err(caller.no_role(table, Some(needs("read", doctype, name))));
    }
    if caller.is_guest() {
        return Err(caller.no_role(table, None));
    }
    let parent = if table.doctype.child && site.options.version == Version::V14 { parent_of(store, row) } else { None };
    let (judged, of) = parent.unwrap_or((table, row));
    allowed(store, caller, judged, of, None)?;
    let stands_in = caller.foreign.then(|| caller.somebody_elses(table)).flatten();
    let mut shown = show(store, table, stands_in.unwrap_or(row), nulls);
    if let Value::Object(shown) = &mut shown {
        for field in table.doctype.fields.iter().filter(|field| !caller.reaches(field.permlevel)) {
            shown.remove(field.name);
        }
    }
    Ok(shown)
}

fn parent_of<'a>(store: &'a Store, row: &Row) -> Option<(&'a Table, &'a Row)> {
    let table = store.table(row[PARENTTYPE].as_str()?)?;
    Some((table, table.named(row[PARENT].as_str()?)?))
}

/// 403 unless User Permissions, or an upload's own rules, let the caller at `row`.
pub(super) fn allowed(store: &Store, caller: &Caller, table: &Table, row: &Row, right: Option<&str>) -> Outcome<()> {
    caller.check_row(table, row, right)?;
    if table.doctype.name == "File" { files::check(store, caller, table, row, right) } else { Ok(()) }
}

fn known<'a>(store: &'a Store, caller: &Caller, doctype: &str, right: &str, name: &str) -> Outcome<&'a Table> {
    if store.table(doctype).is_none() && own::is_without_rows(doctype) {
        return Err(caller.without_rows(doctype, needs(right, doctype, name)));
    }
    store.known(doctype)
}

/// Inserts after Frappe's checks; answers with the slot and what was asked for, completed.
pub(super) fn create(store: &mut Store, site: &Site, caller: &Caller, doctype: &str, document: &Document) -> Outcome<(u32, Document)> {
    let stamp = site.stamp();
    let table = known(store, caller, doctype, "create", &document.get("name").map(plain).unwrap_or_default())?;
    let mut given = document.clone();
    fields::drop_out_of_reach(table, caller, &mut given);
    fields::start(site, table, caller, &mut given);
    let mut row = table.blank();
    row[OWNER] = Cell::text(&caller.user_id);
    row[MODIFIED_BY] = Cell::text(&caller.user_id);
    row[CREATION] = Cell::text(&stamp);
    row[MODIFIED] = Cell::text(&stamp);
    fields::follow_links(store, table, &row, &mut given)?;
    // Rights are judged on what was asked for, before the values are stored.
    for (at, column) in table.columns.iter().enumerate().filter(|(_, column)| column.kind == FieldType::Link) {
        row[at] = given.get(column.name).map_or(Cell::Null, |value| Cell::text(&plain(value)));
    }
    if !caller.rights(table).create {
        return Err(caller.no_role(table, Some(needs("create", doctype, ""))));
    }
    caller.check_row(table, &row, Some("create"))?;
    let to = given.get("docstatus").map_or(0, |state| number_of(state) as i64);
    if to != 0 {
        submit::check_step(table, caller, &row, to)?;
        row[DOCSTATUS] = Cell::Int(to);
    }
    let name = naming::new_name(store, doctype, &given, &stamp)?;
    row[NAME] = Cell::text(&name);
    let slot = store_new(store, caller, doctype, row, &given).inspect_err(|_| {
        if let Some(table) = store.table_mut(doctype) {
            naming::release(table, &name);
        }
    })?;
    Ok((slot, given))
}

fn store_new(store: &mut Store, caller: &Caller, doctype: &str, mut row: Row, given: &Document) -> Outcome<u32> {
    let (name, stamp) = (row[NAME].clone(), row[CREATION].clone());
    let (name, stamp) = (name.as_str().unwrap_or_default(), stamp.as_str().unwrap_or_default());
    let table = store.known(doctype)?;
    fill(table, &mut row, given, Some(name))?;
    validate(table, &row)?;
    let slot = match store.table_mut(doctype).map(|table| table.insert(row)) {
        Some(Ok(slot)) => slot,
        Some(Err(clash)) => return Err(clashed(clash, doctype, name, given)),
        None => return Err(Fault::missing("DocType", doctype)),
    };
    put_children(store, doctype, name, given, &caller.user_id, stamp).inspect_err(|_| remove(store, doctype, slot))?;
    Ok(slot)
}

/// PUT: a partial change.
pub(super) fn update(store: &mut Store, site: &Site, caller: &Caller, doctype: &str, name: &str, change: &Document) -> Outcome<u32> {
    let table = known(store, caller, doctype, "write", name)?;
    let slot = table.slot(name).ok_or_else(|| Fault::missing(doctype, name))?;
    let Some(old) = table.row(slot) else { return Err(Fault::missing(doctype, name)) };
    if let Some(other) = change.get("name").map(plain)
        && other != old[NAME].as_str().unwrap_or_default()
    {
        return Err(Fault::missing(doctype, &other));
    }
    // A child row is judged by its parent.
    let (judged, of) = if table.doctype.child { parent_of(store, old).unwrap_or((table, old)) } else { (table, old) };
    if !caller.rights(judged).write {
        return Err(caller.no_role(judged, Some(needs("write", doctype, name))));
    }
    allowed(store, caller, judged, of, Some("write"))?;
    let mut change = change.clone();
    fields::drop_out_of_reach(table, caller, &mut change);
    let mut row = old.clone();
    for (at, column) in table.columns.iter().enumerate().filter(|(_, column)| column.kind == FieldType::Link) {
        if let Some(value) = change.get(column.name) {
            row[at] = Cell::text(&plain(value));
        }
    }
    caller.check_row(table, &row, Some("write"))?;
    let stored = old[MODIFIED].as_str().unwrap_or_default().to_owned();
    if let Some(sent) = change.get("modified").map(plain).filter(|sent| !sent.is_empty())
        && sent != stored
    {
        let text = format!(
            "Error: Document has been modified after you have opened it ({stored}, {sent}). Please refresh to get the latest document."
        );
        return Err(Fault::throw(417, "TimestampMismatchError", &text));
    }
    let to = change.get("docstatus").map_or(submit::docstatus(old), |state| number_of(state) as i64);
    submit::check_step(table, caller, old, to)?;
    fields::follow_links(store, table, old, &mut change)?;
    fill(table, &mut row, &change, Some(name))?;
    if submit::docstatus(old) == 1 {
        submit::check_unchanged(table, old, &row)?;
    }
    if to == 2 {
        submit::check_unlinked(store, doctype, &old[NAME], true)?;
    }
    row[DOCSTATUS] = Cell::Int(to);
    if let Some(script) = site.script_of(doctype) {
        let has = |(column, value): &(&str, &str)| table.position(column).is_some_and(|at| row[at].as_str() == Some(*value));
        if script.when.iter().all(has)
            && let Some(at) = table.position(script.set.0)
        {
            row[at] = Cell::text(script.set.1);
        }
    }
    validate(table, &row)?;
    let stamp = site.stamp();
    row[MODIFIED] = Cell::text(&stamp);
    row[MODIFIED_BY] = Cell::text(&caller.user_id);
    let name = row[NAME].as_str().unwrap_or_default().to_owned();
    let (before, shown_before) = (old.clone(), site.options.track_changes.then(|| show(store, table, old, true)));
    if let Some(Err(clash)) = store.table_mut(doctype).map(|table| table.replace(slot, row)) {
        return Err(clashed(clash, doctype, &name, &change));
    }
    if let Err(fault) = put_children(store, doctype, &name, &change, &caller.user_id, &stamp) {
        if let Some(table) = store.table_mut(doctype) {
            // Its own values cannot clash: they were there a moment ago, and the store is locked.
            let _restored = table.replace(slot, before);
        }
        return Err(fault);
    }
    if let (Some(before), Some((table, row))) = (shown_before, store.table(doctype).and_then(|table| Some((table, table.row(slot)?)))) {
        let after = show(store, table, row, true);
        timeline::note_change(store, caller, doctype, &before, &after);
    }
    Ok(slot)
}

/// DELETE, unless it is submitted or another row links to it; its uploads go with it.
pub(super) fn delete(store: &mut Store, caller: &Caller, doctype: &str, name: &str) -> Outcome<()> {
    let table = known(store, caller, doctype, "delete", name)?;
    let found = table.slot(name).and_then(|slot| table.row(slot).map(|row| (slot, row)));
    let (slot, row) = found.ok_or_else(Fault::nothing_there)?;
    if !caller.rights(table).delete || allowed(store, caller, table, row, Some("delete")).is_err() {
        let access = format!("User <strong>{}</strong> does not have access to this document: {doctype} - {name}", caller.user_id);
        let text = format!("User not allowed to delete {doctype}: {name}");
        return Err(Fault::throw(403, "PermissionError", &text).after_plain_message(&access));
    }
    if submit::docstatus(row) == 1 {
        let text = format!("{doctype} {name}: Submitted Record cannot be deleted. You must Cancel it first.");
        return Err(Fault::invalid(&text));
    }
    submit::check_unlinked(store, doctype, &row[NAME], false)?;
    remove(store, doctype, slot);
    Ok(())
}

/// Takes a row, its children and its uploads away, and gives the newest series number back.
pub(super) fn remove(store: &mut Store, doctype: &str, slot: u32) {
    let Some(table) = store.table_mut(doctype) else { return };
    let Some(row) = table.remove(slot) else { return };
    let name = row[NAME].as_str().unwrap_or_default();
    naming::release(table, name);
    let doctype = table.doctype;
    for field in doctype.fields.iter().filter(|field| field.kind == FieldType::Table) {
        if let Some(children) = field.options.first().and_then(|child| store.table_mut(child)) {
            for slot in children.children(name, doctype.name, field.name) {
                children.remove(slot);
            }
        }
    }
    files::remove_of(store, doctype.name, name);
}

/// A row of the bulk load, read from what was given and not yet stored.
#[derive(Debug)]
pub struct NewRow {
    pub(super) doctype: &'static str,
    row: Row,
    /// All that was given, where the row alone does not say it: it has children, or no name yet.
    given: Option<Document>,
}

/// The bulk load's first half: types only. Of a field that is given twice the last value counts. Of `table` only the columns matter.
pub(super) fn read_new<'a>(table: &Table, given: impl Iterator<Item = (&'a str, &'a Value)> + Clone) -> Result<NewRow, String> {
    let mut row = table.blank();
    let mut has_children = false;
    for (field, value) in given.clone() {
        has_children |= value.is_array();
        match table.position(field) {
            Some(at @ (NAME | OWNER | MODIFIED_BY)) => row[at] = Cell::read(FieldType::Data, value).unwrap_or(Cell::Null),
            Some(at @ (CREATION | MODIFIED)) => row[at] = Cell::text(&in_microseconds(plain(value))),
            Some(at) if table.is_own(at) => {
                row[at] = fields::stored(table, at, value, "").map_err(|fault| format!("{:?}: {fault:?}", row[NAME]))?;
            }
            _ => {}
        }
    }
    let given = (has_children || row[NAME].is_unset()).then(|| document(given));
    Ok(NewRow { doctype: table.doctype.name, row, given })
}

/// The bulk load's second half: unique values only.
pub(super) fn load(store: &mut Store, new: NewRow, stamp: impl FnOnce() -> String) -> Result<u32, String> {
    let NewRow { doctype, mut row, given } = new;
    let stamp = LazyCell::new(stamp);
    if row[NAME].is_unset() {
        let given = given.as_ref().ok_or("no name, and nothing to make one of")?;
        row[NAME] = Cell::text(&naming::new_name(store, doctype, given, &stamp).map_err(|fault| fault.exc_type.to_owned())?);
    }
    for at in [CREATION, MODIFIED] {
        if row[at].is_unset() {
            row[at] = Cell::text(&stamp);
        }
    }
    if row[OWNER].is_unset() {
        row[OWNER] = Cell::text("Administrator");
    }
    if row[MODIFIED_BY].is_unset() {
        row[MODIFIED_BY] = row[OWNER].clone();
    }
    let table = store.table_mut(doctype).ok_or("no such DocType")?;
    let slot = table.insert(row).map_err(|clash| format!("{clash:?} is taken"))?;
    if let Some((row, given)) = table.row(slot).zip(given) {
        let [name, owner] = [NAME, OWNER].map(|at| row[at].as_str().unwrap_or_default().to_owned());
        put_children(store, doctype, &name, &given, &owner, &stamp).map_err(|fault| format!("{name}: {fault:?}"))?;
    }
    Ok(slot)
}

fn document<'a>(given: impl Iterator<Item = (&'a str, &'a Value)>) -> Document {
    given.map(|(field, value)| (field.to_owned(), value.clone())).collect()
}

/// A stamp as it is stored: always with six digits.
fn in_microseconds(moment: String) -> String {
    if moment.len() == 19 { moment + ".000000" } else { moment }
}

/// Replaces the child rows of every table field that `given` has; rows with a known `name` keep it.
fn put_children(store: &mut Store, doctype: &str, parent: &str, given: &Document, user: &str, stamp: &str) -> Outcome<()> {
    let fields = store.known(doctype)?.doctype.fields.iter().filter(|field| field.kind == FieldType::Table);
    for field in fields.collect::<Vec<_>>() {
        let Some(child) = field.options.first() else { continue };
        let table = store.known(child)?;
        let old = table.children(parent, doctype, field.name);
        let Some(Value::Array(rows)) = given.get(field.name) else {
            touch(store, child, &old, user, stamp);
            continue;
        };
        let mut built = Vec::new();
        for (entry, at) in rows.iter().zip(1_i64..) {
            let Value::Object(entry) = entry else { return Err(Fault::crash(500, "TypeError", "TypeError: child row is not a dict")) };
            let kept = entry
                .get("name")
                .map(plain)
                .and_then(|name| old.iter().filter_map(|slot| table.row(*slot)).find(|row| row[NAME].as_str() == Some(&name)));
            let mut row = kept.cloned().unwrap_or_else(|| {
                let mut row = table.blank();
                row[NAME] = Cell::text(&naming::random_name());
                row[OWNER] = Cell::text(user);
                row[CREATION] = Cell::text(stamp);
                row[PARENT] = Cell::text(parent);
                row[PARENTFIELD] = Cell::text(field.name);
                row[PARENTTYPE] = Cell::text(doctype);
                row
            });
            row[MODIFIED] = Cell::text(stamp);
            row[MODIFIED_BY] = Cell::text(user);
            row[IDX] = Cell::Int(at);
            fill(table, &mut row, entry, Some(parent))?;
            validate(table, &row)?;
            built.push(row);
        }
        let Some(table) = store.table_mut(child) else { continue };
        for slot in old {
            table.remove(slot);
        }
        for row in built {
            table.insert(row).map_err(|clash| clashed(clash, child, parent, given))?;
        }
    }
    Ok(())
}

/// The rows of a parent that is saved are saved with it.
fn touch(store: &mut Store, child: &str, slots: &[u32], user: &str, stamp: &str) {
    let Some(table) = store.table_mut(child) else { return };
    for slot in slots {
        if let Some(mut row) = table.row(*slot).cloned() {
            row[MODIFIED] = Cell::text(stamp);
            row[MODIFIED_BY] = Cell::text(user);
            // Nothing unique changes.
            let _kept = table.replace(*slot, row);
        }
    }
}
