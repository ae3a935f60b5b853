//! `frappe.client.*` that writes: one document, some of its values, many at once, its name. Knows no sockets.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::cell::plain;
use super::fault::{self, Fault, Outcome};
use super::filter::decoded;
use super::methods::{needed, object, shown};
use super::query::Arguments;
use super::rights::{Caller, needs};
use super::{Site, documents, naming, table, timeline};

/// `insert_many`: at most 200, all or none; answers with the names.
pub(super) fn insert_many(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let Value::Array(list) = decoded(arguments.get("docs"))? else {
        return Err(Fault::crash(500, "TypeError", "TypeError: insert_many() missing 1 required positional argument: 'docs'"));
    };
    if list.len() > 200 {
        return Err(Fault::invalid("Only 200 inserts allowed in one request"));
    }
    let mut store = site.write();
    let mut done: Vec<(String, u32)> = Vec::new();
    let mut names = Vec::new();
    for entry in &list {
        let outcome = object(Some(entry)).and_then(|document| {
            let doctype = document.get("doctype").map(plain).unwrap_or_default();
            let (slot, _) = documents::create(&mut store, site, caller, &doctype, &document)?;
            Ok((doctype, slot))
        });
        match outcome {
            Ok((doctype, slot)) => {
                let table = store.known(&doctype)?;
                names.push(table.row(slot).map(|row| table.shown(row, table::NAME)).unwrap_or_default());
                done.push((doctype, slot));
            }
            Err(fault) => {
                // One transaction: the last in goes out first.
                for (doctype, slot) in done.into_iter().rev() {
                    documents::remove(&mut store, &doctype, slot);
                }
                return Err(fault);
            }
        }
    }
    Ok(Value::Array(names))
}

/// `bulk_update`: `docs` is a text of JSON; what fails is told in an answer of 200, the rest is done.
pub(super) fn update_many(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Answer> {
    let docs = match arguments.get("docs") {
        Some(Value::String(text)) => decoded(Some(&Value::String(text.clone())))?,
        Some(other) => {
            let kind = if other.is_array() { "list" } else { "dict" };
            let text = format!("TypeError: the JSON object must be str, bytes or bytearray, not {kind}");
            return Err(Fault::crash(500, "TypeError", text));
        }
        None => return Err(Fault::crash(500, "TypeError", "TypeError: bulk_update() missing 1 required positional argument: 'docs'")),
    };
    let mut store = site.write();
    let mut failed = Vec::new();
    let mut beside = Vec::new();
    for entry in docs.as_array().into_iter().flatten() {
        let mut change = object(Some(entry))?;
        let (doctype, name) = (change.remove("doctype"), change.remove("docname"));
        let (doctype, name) = (doctype.as_ref().map(plain).unwrap_or_default(), name.as_ref().map(plain).unwrap_or_default());
        if let Err(fault) = documents::update(&mut store, site, caller, &doctype, &name, &change) {
            failed.push(json!({"doc": entry, "exc": "[\"<traceback>\"]"}));
            beside.extend(fault.side_channels());
        }
    }
    Ok(beside.into_iter().fold(Answer::message(json!({"failed_docs": failed})), |answer, (key, value)| answer.beside(key, value)))
}

/// `set_value`: one value, or several as an object or its text.
pub(super) fn set_value(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let (doctype, name) = (needed(arguments, "set_value", "doctype")?, needed(arguments, "set_value", "name")?);
    let change = match arguments.get("fieldname") {
        Some(Value::String(text)) if !text.trim_start().starts_with('{') => {
            Map::from_iter([(text.clone(), arguments.get("value").cloned().unwrap_or_default())])
        }
        other => object(other)?,
    };
    let standard = ["name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "parent"];
    if change.keys().any(|key| standard.contains(&key.as_str())) {
        return Err(Fault::invalid("Cannot edit standard fields"));
    }
    change_to(site, caller, &doctype, &name, &change)
}

/// `save` and `submit`: the whole document with its `modified`; `to` is the state to reach.
pub(super) fn save(site: &Site, caller: &Caller, arguments: &Arguments, to: Option<i64>) -> Outcome<Value> {
    let mut document = object(arguments.get("doc"))?;
    let (doctype, name) = (document.get("doctype").map(plain).unwrap_or_default(), document.get("name").map(plain).unwrap_or_default());
    document.extend(to.map(|to| ("docstatus".to_owned(), to.into())));
    change_to(site, caller, &doctype, &name, &document)
}

/// `cancel`.
pub(super) fn cancel(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let (doctype, name) = (needed(arguments, "cancel", "doctype")?, needed(arguments, "cancel", "name")?);
    change_to(site, caller, &doctype, &name, &Map::from_iter([("docstatus".to_owned(), 2.into())]))
}

fn change_to(site: &Site, caller: &Caller, doctype: &str, name: &str, change: &Map<String, Value>) -> Outcome<Value> {
    let mut store = site.write();
    let slot = documents::update(&mut store, site, caller, doctype, name, change)?;
    shown(&store, doctype, slot, true)
}

/// `rename_doc`: whoever may change the document; links follow.
pub(super) fn rename(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Answer> {
    let argument = |name: &str| needed(arguments, "rename_doc", name);
    let (doctype, old, new) = (argument("doctype")?, argument("old_name")?, argument("new_name")?);
    let mut store = site.write();
    let table = store.known(&doctype)?;
    let row = table.named(&old).ok_or_else(|| Fault::missing(&doctype, &old))?;
    if !caller.rights(table).write {
        return Err(caller.no_role(table, Some(needs("write", &doctype, &old))));
    }
    documents::allowed(&store, caller, table, row, Some("write"))?;
    naming::rename(&mut store, &doctype, &old, &new)?;
    let told = format!("renamed from <strong>{old}</strong> to <strong>{new}</strong>");
    timeline::remark(&mut store, site, caller, (&doctype, &new), &told);
    let message = json!({"message": format!("Document {told}"), "title": "Message", "indicator": "green", "alert": 1});
    Ok(Answer::message(new.into()).beside("_server_messages", fault::written(&[message])))
}
