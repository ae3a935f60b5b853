//! Single documents: read, create, change, delete, with Frappe's order of checks. Knows no HTTP.

use serde_json::{Map, Value};

use super::cell::{Cell, Unfit, is_numeric, plain};
use super::fault::{Fault, Outcome, label};
use super::rights::{Caller, needs};
use super::site::{Site, Store};
use super::table::{CREATION, Clash, IDX, MODIFIED, MODIFIED_BY, NAME, OWNER, PARENT, PARENTFIELD, PARENTTYPE, Row, Table};
use crate::demo::schema::{Autoname, FieldType};

type Document = Map<String, Value>;

/// A document as JSON with its child rows; nulls are left out unless `nulls`.
pub(super) fn show(store: &Store, table: &Table, row: &Row, nulls: bool) -> Value {
    let mut shown = Map::new();
    for (cell, column) in row.iter().zip(&table.columns) {
        if nulls || *cell != Cell::Null {
            shown.insert(column.name.to_owned(), cell.json());
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
pub(super) fn get(store: &Store, caller: &Caller, doctype: &str, name: &str, nulls: bool) -> Outcome<Value> {
    let import = || {
        Fault::crash(
            500,
            "ImportError",
            format!("ImportError: Module import failed for {doctype}, the DocType you're trying to open might be deleted."),
        )
    };
    let table = store.table(doctype).ok_or_else(import)?;
    let row = table.named(name).ok_or_else(|| Fault::missing(doctype, name))?;
    // A child row answers whoever may read some parent (frappe.md §12).
    if !table.doctype.child && !caller.rights(table).read {
        return Err(caller.no_role(table, Some(needs("read", doctype, name))));
    }
    if caller.is_guest() {
        return Err(caller.no_role(table, None));
    }
    caller.check_row(table, row, None)?;
    Ok(show(store, table, row, nulls))
}

/// Inserts after Frappe's checks; answers with the slot.
pub(super) fn create(store: &mut Store, site: &Site, caller: &Caller, doctype: &str, document: &Document) -> Outcome<u32> {
    let stamp = site.stamp();
    let table = store.known(doctype)?;
    let mut given = document.clone();
    for column in &table.columns {
        // The only permitted tenant fills an empty link.
        if let (FieldType::Link, Some(target)) = (column.kind, column.options.first())
            && given.get(column.name).is_none_or(|value| plain(value).is_empty())
            && let Some(only) = site.user(&caller.user_id).as_ref().and_then(|user| user.only_permitted(target))
        {
            given.insert(column.name.to_owned(), only.into());
        }
    }
    let mut row = blank(table);
    row[OWNER] = Cell::text(&caller.user_id);
    row[MODIFIED_BY] = Cell::text(&caller.user_id);
    row[CREATION] = Cell::text(&stamp);
    row[MODIFIED] = Cell::text(&stamp);
    check_links(store, table, &given)?;
    // Rights are judged on what was asked for, before the values are stored.
    for (at, column) in table.columns.iter().enumerate().filter(|(_, column)| column.kind == FieldType::Link) {
        row[at] = given.get(column.name).map_or(Cell::Null, |value| Cell::text(&plain(value)));
    }
    if !caller.rights(table).create {
        return Err(caller.no_role(table, Some(needs("create", doctype, ""))));
    }
    caller.check_row(table, &row, Some("create"))?;
    let name = new_name(store, doctype, &given, &stamp)?;
    row[NAME] = Cell::text(&name);
    let table = store.known(doctype)?;
    fill(table, &mut row, &given, Some(&name))?;
    validate(table, &row)?;
    let slot = match store.table_mut(doctype).map(|table| table.insert(row)) {
        Some(Ok(slot)) => slot,
        Some(Err(clash)) => return Err(clashed(clash, doctype, &name, &given)),
        None => return Err(Fault::missing("DocType", doctype)),
    };
    if let Err(fault) = put_children(store, doctype, &name, &given, &caller.user_id, &stamp) {
        remove(store, doctype, slot);
        return Err(fault);
    }
    Ok(slot)
}

/// PUT: a partial change.
pub(super) fn update(store: &mut Store, site: &Site, caller: &Caller, doctype: &str, name: &str, change: &Document) -> Outcome<u32> {
    let table = store.known(doctype)?;
    let slot = table.slot(name).ok_or_else(|| Fault::missing(doctype, name))?;
    let Some(old) = table.row(slot) else { return Err(Fault::missing(doctype, name)) };
    if let Some(other) = change.get("name").map(plain)
        && other != old[NAME].as_str().unwrap_or_default()
    {
        return Err(Fault::missing(doctype, &other));
    }
    if !caller.rights(table).write {
        return Err(caller.no_role(table, Some(needs("write", doctype, name))));
    }
    caller.check_row(table, old, Some("write"))?;
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
    check_links(store, table, change)?;
    fill(table, &mut row, change, Some(name))?;
    validate(table, &row)?;
    let stamp = site.stamp();
    row[MODIFIED] = Cell::text(&stamp);
    row[MODIFIED_BY] = Cell::text(&caller.user_id);
    let name = row[NAME].as_str().unwrap_or_default().to_owned();
    let before = old.clone();
    if let Some(Err(clash)) = store.table_mut(doctype).map(|table| table.replace(slot, row)) {
        return Err(clashed(clash, doctype, &name, change));
    }
    if let Err(fault) = put_children(store, doctype, &name, change, &caller.user_id, &stamp) {
        if let Some(table) = store.table_mut(doctype) {
            // Its own values cannot clash: they were there a moment ago, and the store is locked.
            let _restored = table.replace(slot, before);
        }
        return Err(fault);
    }
    Ok(slot)
}

/// DELETE, unless another row links to it.
pub(super) fn delete(store: &mut Store, caller: &Caller, doctype: &str, name: &str) -> Outcome<()> {
    let table = store.known(doctype)?;
    let found = table.slot(name).and_then(|slot| table.row(slot).map(|row| (slot, row)));
    let (slot, row) = found.ok_or_else(Fault::nothing_there)?;
    if !caller.rights(table).delete {
        return Err(caller.no_role(table, Some(needs("delete", doctype, name))));
    }
    caller.check_row(table, row, Some("delete"))?;
    for other in store.tables() {
        let links = |at: &usize| other.columns[*at].kind == FieldType::Link && other.columns[*at].options.first() == Some(&doctype);
        for at in (0..other.columns.len()).filter(links) {
            if let Some((_, holder)) = other.iter().find(|(_, holder)| holder[at].order(&row[NAME]).is_eq()) {
                let (kind, holder) = (other.doctype.name, holder[NAME].as_str().unwrap_or_default());
                let text = format!("Cannot delete or cancel because {doctype} {name} is linked with {kind} {holder}");
                return Err(Fault::throw(417, "LinkExistsError", &text));
            }
        }
    }
    remove(store, doctype, slot);
    Ok(())
}

/// Takes a row and its children away, and gives the newest series number back.
pub(super) fn remove(store: &mut Store, doctype: &str, slot: u32) {
    let Some(table) = store.table_mut(doctype) else { return };
    let Some(row) = table.remove(slot) else { return };
    let name = row[NAME].as_str().unwrap_or_default();
    for (prefix, last) in &mut table.series {
        if name.strip_prefix(prefix.as_str()).and_then(|number| number.parse::<u64>().ok()) == Some(*last) {
            *last -= 1;
        }
    }
    let doctype = table.doctype;
    for field in doctype.fields.iter().filter(|field| field.kind == FieldType::Table) {
        if let Some(children) = field.options.first().and_then(|child| store.table_mut(child)) {
            for slot in children.children(name, doctype.name, field.name) {
                children.remove(slot);
            }
        }
    }
}

/// The bulk load: types and unique values only.
pub(super) fn load(store: &mut Store, doctype: &str, given: Document, stamp: &str) -> Result<String, String> {
    let text = |key: &str| given.get(key).map(plain).filter(|text| !text.is_empty());
    let name = match text("name") {
        Some(name) => name,
        None => new_name(store, doctype, &given, stamp).map_err(|fault| fault.exc_type.to_owned())?,
    };
    let table = store.table(doctype).ok_or("no such DocType")?;
    let mut row = blank(table);
    let whole = |text: String| if text.len() == 19 { format!("{text}.000000") } else { text };
    row[NAME] = Cell::text(&name);
    row[OWNER] = Cell::text(&text("owner").unwrap_or_else(|| "Administrator".into()));
    row[MODIFIED_BY] = Cell::text(&text("modified_by").or_else(|| text("owner")).unwrap_or_else(|| "Administrator".into()));
    row[CREATION] = Cell::text(&text("creation").map_or_else(|| stamp.to_owned(), whole));
    row[MODIFIED] = Cell::text(&text("modified").map_or_else(|| stamp.to_owned(), whole));
    fill(table, &mut row, &given, None).map_err(|fault| format!("{name}: {fault:?}"))?;
    let owner = row[OWNER].as_str().unwrap_or_default().to_owned();
    let inserted = store.table_mut(doctype).map(|table| table.insert(row));
    if let Some(Err(clash)) = inserted {
        return Err(format!("{name}: {clash:?} is taken"));
    }
    put_children(store, doctype, &name, &given, &owner, stamp).map_err(|fault| format!("{name}: {fault:?}"))?;
    Ok(name)
}

fn blank(table: &Table) -> Row {
    let zero = |kind| match kind {
        FieldType::Int | FieldType::Check => Cell::Int(0),
        _ if is_numeric(kind) => Cell::Float(0.0),
        _ => Cell::Null,
    };
    table.columns.iter().map(|column| zero(column.kind)).collect()
}

fn fill(table: &Table, row: &mut Row, given: &Document, name: Option<&str>) -> Outcome<()> {
    let start = if table.doctype.child { PARENTTYPE + 1 } else { IDX + 1 };
    for (at, column) in table.columns.iter().enumerate().skip(start) {
        let Some(value) = given.get(column.name) else { continue };
        row[at] = Cell::read(column.kind, value).map_err(|unfit| refused(table, column.name, name.unwrap_or_default(), unfit))?;
    }
    Ok(())
}

fn refused(table: &Table, column: &str, name: &str, unfit: Unfit) -> Box<Fault> {
    let doctype = table.doctype.name;
    match unfit {
        Unfit::Temporal(value) => Fault::crash(
            500,
            "OperationalError",
            format!(
                "pymysql.err.OperationalError: (1292, \"Incorrect date value: '{value}' for column `tab{doctype}`.`{column}` at row 1\")"
            ),
        ),
        Unfit::Range(value) if table.position(column).is_some_and(|at| table.columns[at].kind == FieldType::Int) => {
            let text = format!("{doctype} {name}: '<strong>{}</strong>' ({value}) is out of range", label(column));
            Fault::throw(417, "CharacterLengthExceededError", &text)
        }
        Unfit::Range(_) => {
            Fault::crash(500, "DataError", format!("pymysql.err.DataError: (1264, \"Out of range value for column '{column}' at row 1\")"))
        }
    }
}

fn check_links(store: &Store, table: &Table, given: &Document) -> Outcome<()> {
    for column in table.columns.iter().filter(|column| column.kind == FieldType::Link) {
        let value = given.get(column.name).map(plain).unwrap_or_default();
        // A link to a DocType that this site does not keep is not judged.
        let Some(target) = column.options.first().and_then(|target| store.table(target)) else { continue };
        if !value.is_empty() && target.slot(&value).is_none() {
            return Err(Fault::throw(417, "LinkValidationError", &format!("Could not find {}: {value}", label(column.name))));
        }
    }
    Ok(())
}

fn validate(table: &Table, row: &Row) -> Outcome<()> {
    let (doctype, name) = (table.doctype.name, row[NAME].as_str().unwrap_or_default());
    let missing: Vec<&str> =
        row.iter().zip(&table.columns).filter(|(cell, column)| column.required && cell.is_unset()).map(|(_, column)| column.name).collect();
    if !missing.is_empty() {
        return Err(Fault::mandatory(doctype, name, &missing));
    }
    for (cell, column) in row.iter().zip(&table.columns) {
        let Some(text) = cell.as_str().filter(|text| !text.is_empty()) else { continue };
        if column.kind == FieldType::Select && !column.options.is_empty() && !column.options.contains(&text) {
            let allowed: Vec<String> = column.options.iter().map(|option| format!("\"{option}\"")).collect();
            return Err(Fault::invalid(&format!(
                " {} cannot be \"{text}\". It should be one of {}",
                label(column.name),
                allowed.join(", ")
            )));
        }
        if matches!(column.kind, FieldType::Data | FieldType::Link | FieldType::Select) && text.chars().count() > 140 {
            let text = format!(
                "{doctype} {name}: '<strong>{}</strong>' ({text}) will get truncated, as max characters allowed is 140",
                label(column.name)
            );
            return Err(Fault::throw(417, "CharacterLengthExceededError", &text));
        }
    }
    Ok(())
}

fn clashed(clash: Clash, doctype: &str, name: &str, given: &Document) -> Box<Fault> {
    match clash {
        Clash::Name => {
            let text = format!("('{doctype}', '{name}', IntegrityError(1062, \"Duplicate entry '{name}' for key 'PRIMARY'\"))");
            Fault::crash(409, "DuplicateEntryError", format!("frappe.exceptions.DuplicateEntryError: {text}"))
                .with_plain_message(&format!("{doctype} <strong>{name}</strong> already exists"))
        }
        Clash::Unique(field) => {
            let value = given.get(field).map(plain).unwrap_or_default();
            let text = format!("('{doctype}', '{name}', IntegrityError(1062, \"Duplicate entry '{value}' for key '{field}'\"))");
            Fault::crash(417, "UniqueValidationError", format!("frappe.exceptions.UniqueValidationError: {text}"))
                .with_plain_message(&format!("{} must be unique", label(field)))
        }
    }
}

fn new_name(store: &mut Store, doctype: &str, given: &Document, stamp: &str) -> Outcome<String> {
    let table = store.table_mut(doctype).ok_or_else(|| Fault::missing("DocType", doctype))?;
    match table.doctype.autoname {
        Autoname::Prompt => {
            let name = given.get("name").or_else(|| given.get("__newname")).map(plain).filter(|name| !name.is_empty());
            name.ok_or_else(|| Fault::invalid("Please set the document name"))
        }
        Autoname::Hash => Ok(random_name()),
        Autoname::Increment => {
            // Like the database's own counter: never given back.
            let last = table.series.entry(String::new()).or_default();
            *last += 1;
            Ok(last.to_string())
        }
        Autoname::Series(pattern) => {
            let mut prefix = String::new();
            let mut digits = 5;
            for part in pattern.split('.') {
                match part {
                    "YY" => prefix.push_str(stamp.get(2..4).unwrap_or_default()),
                    "YYYY" => prefix.push_str(stamp.get(..4).unwrap_or_default()),
                    "MM" => prefix.push_str(stamp.get(5..7).unwrap_or_default()),
                    hashes if !hashes.is_empty() && hashes.bytes().all(|byte| byte == b'#') => digits = hashes.len(),
                    text => prefix.push_str(text),
                }
            }
            loop {
                let last = table.series.entry(prefix.clone()).or_default();
                *last += 1;
                let name = format!("{prefix}{last:0digits$}");
                if table.slot(&name).is_none() {
                    return Ok(name);
                }
            }
        }
    }
}

fn random_name() -> String {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    (0..10).map(|_| char::from(LETTERS[rand::random_range(0..LETTERS.len())])).collect()
}

/// Replaces the child rows of every table field that `given` has; rows with a known `name` keep it.
fn put_children(store: &mut Store, doctype: &str, parent: &str, given: &Document, user: &str, stamp: &str) -> Outcome<()> {
    let fields = store.known(doctype)?.doctype.fields.iter().filter(|field| field.kind == FieldType::Table);
    for field in fields.collect::<Vec<_>>() {
        let (Some(Value::Array(rows)), Some(child)) = (given.get(field.name), field.options.first()) else { continue };
        let table = store.known(child)?;
        let old = table.children(parent, doctype, field.name);
        let mut built = Vec::new();
        for (entry, at) in rows.iter().zip(1_i64..) {
            let Value::Object(entry) = entry else { return Err(Fault::crash(500, "TypeError", "TypeError: child row is not a dict")) };
            let kept = entry
                .get("name")
                .map(plain)
                .and_then(|name| old.iter().filter_map(|slot| table.row(*slot)).find(|row| row[NAME].as_str() == Some(&name)));
            let mut row = kept.cloned().unwrap_or_else(|| {
                let mut row = blank(table);
                row[NAME] = Cell::text(&random_name());
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
