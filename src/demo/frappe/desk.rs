//! What Frappe's own desk asks for, and clients with it: reports' lists, searching for a link, roles and permissions. Knows no
//! sockets.

use serde_json::{Map, Value, json};

use super::cell::plain;
use super::fault::{Fault, Outcome};
use super::filter::decoded;
use super::like::Pattern;
use super::methods::needed;
use super::query::{self, Arguments};
use super::rights::Caller;
use super::table::NAME;
use super::{Site, Version};
use crate::demo::schema::FieldType;

/// `get_roles`: anyone who is signed in may ask about anyone.
pub(super) fn roles(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let uid = match arguments.get("uid").map(plain) {
        Some(uid) => uid,
        None if site.options.version == Version::V16 => caller.user_id.clone(),
        None => return Err(Fault::crash(500, "KeyError", "KeyError: 'uid'")),
    };
    let own = site.user(&uid).map(|user| user.roles).unwrap_or_default();
    Ok(own.into_iter().chain(["All", "Guest", "Desk User"].map(str::to_owned)).map(Value::from).collect())
}

/// `get_user_permissions`, one's own.
pub(super) fn permissions(site: &Site, caller: &Caller) -> Value {
    let mut answer = Map::new();
    for (doctype, value) in site.user(&caller.user_id).map(|user| user.user_permissions).unwrap_or_default() {
        let entry = answer.entry(doctype).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = entry {
            list.push(json!({"doc": value, "applicable_for": null, "is_default": 0}));
        }
    }
    Value::Object(answer)
}

/// `reportview.get_list`: a list without a usual size, whose aggregate is asked for apart.
pub(super) fn report_list(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let mut arguments = arguments.clone();
    let size = arguments.remove("page_length").unwrap_or_else(|| 0.into());
    arguments.insert("limit_page_length".into(), size);
    if let Some(function) = arguments.get("aggregate_function").map(plain).filter(|name| !name.is_empty()) {
        if !["count", "sum", "avg"].contains(&function.as_str()) {
            return Err(Fault::invalid(&format!("Aggregate function {function} is not allowed")));
        }
        let field = arguments.get("aggregate_on_field").map_or_else(|| "name".to_owned(), plain);
        let column = match site.options.version {
            Version::V16 => json!({function.to_uppercase(): field, "as": "_aggregate_column"}),
            _ => format!("{function}({field}) as _aggregate_column").into(),
        };
        let mut fields = decoded(arguments.get("fields"))?.as_array().cloned().unwrap_or_default();
        fields.push(column);
        arguments.insert("fields".into(), Value::Array(fields));
    }
    query::list(site, caller, &needed(&arguments, "get_list", "doctype")?, &arguments)
}

/// `reportview.get`: keys once, values in their order; an empty list for no rows.
pub(super) fn report(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let mut as_lists = arguments.clone();
    as_lists.insert("as_dict".into(), "0".into());
    let rows = report_list(site, caller, &as_lists)?;
    if rows.as_array().is_none_or(Vec::is_empty) {
        return Ok(json!([]));
    }
    let keys = query::keys(site, &needed(arguments, "get", "doctype")?, arguments)?;
    Ok(json!({"keys": keys, "values": rows, "user_info": {}}))
}

/// `search_link`: names that hold the text, each with its first own text.
pub(super) fn search_link(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let (doctype, text) = (needed(arguments, "search_link", "doctype")?, needed(arguments, "search_link", "txt")?);
    let size = arguments.get("page_length").and_then(|size| plain(size).parse::<usize>().ok()).unwrap_or(10);
    let store = site.read();
    let table = store.known(&doctype)?;
    caller.may_list(table)?;
    let bounds = caller.bounds(table);
    let own = table.columns.iter().skip(super::table::IDX + 1).find(|column| column.kind == FieldType::Data);
    let own = own.and_then(|column| table.position(column.name));
    let pattern = Pattern::read(&format!("%{text}%"));
    let mut found: Vec<_> = table
        .iter()
        .map(|(_, row)| row)
        .filter(|row| caller.sees(&bounds, row) && pattern.fits(row[NAME].as_str().unwrap_or_default()))
        .collect();
    found.sort_by(|a, b| a[NAME].order(&b[NAME]));
    let described = |row: &super::table::Row| own.and_then(|at| row[at].as_str()).unwrap_or_default().to_owned();
    Ok(found.into_iter().take(size).map(|row| json!({"value": table.shown(row, NAME), "description": described(row)})).collect())
}

/// `get_value`: not permitted and not found look alike.
pub(super) fn value(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let (doctype, fieldname) = (needed(arguments, "get_value", "doctype")?, needed(arguments, "get_value", "fieldname")?);
    let fields = match serde_json::from_str(&fieldname) {
        Ok(Value::Array(fields)) => Value::Array(fields),
        _ => json!([fieldname]),
    };
    let filters = match arguments.get("filters") {
        Some(Value::String(name)) if !name.trim_start().starts_with(['{', '[']) => json!({"name": name}),
        other => decoded(other)?,
    };
    let ask = Map::from_iter([("fields".to_owned(), fields), ("filters".to_owned(), filters), ("limit_page_length".to_owned(), 1.into())]);
    let rows = query::list(site, caller, &doctype, &ask)?;
    Ok(rows.get(0).cloned().unwrap_or_else(|| json!({})))
}

/// The first name that filters find; 404 where they find none.
pub(super) fn first_name(site: &Site, caller: &Caller, doctype: &str, arguments: &Arguments) -> Outcome<String> {
    let filters = arguments.get("filters").cloned().unwrap_or_default();
    let ask = Map::from_iter([("filters".to_owned(), filters), ("limit_page_length".to_owned(), 1.into())]);
    let rows = query::list(site, caller, doctype, &ask)?;
    rows.pointer("/0/name").map(plain).ok_or_else(|| Fault::missing(doctype, "None"))
}

/// `validate_link`: whoever may read the DocType learns of any row that it exists, with its name as it is written.
pub(super) fn validate_link(site: &Site, caller: &Caller, doctype: &str, name: &str) -> Outcome<Value> {
    let store = site.read();
    let table = store.known(doctype)?;
    if !caller.rights(table).read {
        let text = format!("You do not have Read or Select Permissions for {doctype}");
        return Err(Fault::throw(403, "PermissionError", &text));
    }
    Ok(json!({"name": table.named(name).map(|row| table.shown(row, NAME))}))
}
