//! `/api/method/*`: the methods that the portal calls, and the shapes of those that do not exist. Knows no sockets.

use serde_json::{Map, Value, json};

use super::cell::plain;
use super::fault::{Fault, Outcome};
use super::filter::decoded;
use super::query::{self, Arguments};
use super::rights::Caller;
use super::{Site, documents};

fn needed(arguments: &Arguments, function: &str, name: &str) -> Outcome<String> {
    let value = arguments.get(name).filter(|value| !value.is_null()).map(plain);
    value.ok_or_else(|| Fault::crash(500, "TypeError", format!("TypeError: {function}() missing 1 required positional argument: '{name}'")))
}

fn object(value: Option<&Value>) -> Outcome<Map<String, Value>> {
    match decoded(value)? {
        Value::Object(object) => Ok(object),
        _ => Err(Fault::crash(500, "TypeError", "TypeError: document is not a dict")),
    }
}

/// The value of `message`; `None` for a method that returns nothing.
pub(super) fn call(site: &Site, caller: &Caller, method: &str, post: bool, arguments: &Arguments) -> Outcome<Option<Value>> {
    match method {
        "ping" | "frappe.ping" => return Ok(Some("pong".into())),
        "frappe.client.get_time_zone" => {
            return Ok(Some(json!({"time_zone": site.options.time_zone.iana_name().unwrap_or("UTC")})));
        }
        _ => {}
    }
    if !method.starts_with("frappe.") {
        return Err(unknown(method));
    }
    if caller.is_guest() {
        return Err(Fault::not_whitelisted(method));
    }
    let only_post = ["insert", "insert_many", "set_value", "delete", "save", "bulk_update", "submit", "cancel", "rename_doc"];
    let client = method.strip_prefix("frappe.client.");
    if !post && client.is_some_and(|name| only_post.contains(&name)) {
        return Err(Fault::throw(403, "PermissionError", "Not permitted"));
    }
    let answer = match method {
        "frappe.auth.get_logged_user" => caller.user_id.as_str().into(),
        "frappe.core.doctype.user.user.get_roles" => roles(site, caller, arguments)?,
        "frappe.core.doctype.user_permission.user_permission.get_user_permissions" => permissions(site, caller),
        "frappe.utils.change_log.get_versions" => {
            json!({"frappe": {"title": "Frappe Framework", "description": "Full stack web framework", "branch": "version", "version": site.options.version.number()}})
        }
        "frappe.client.get_list" => query::list(site, caller, &needed(arguments, "get_list", "doctype")?, arguments)?,
        "frappe.client.get_count" => {
            let doctype = needed(arguments, "get_count", "doctype")?;
            query::count(site, Some(caller).filter(|_| query::client_count_asks(site.options.version)), &doctype, arguments)?
        }
        "frappe.desk.reportview.get_count" => query::count(site, Some(caller), &needed(arguments, "get_count", "doctype")?, arguments)?,
        "frappe.desk.reportview.get_list" => {
            let mut arguments = arguments.clone();
            let size = arguments.remove("page_length").unwrap_or_else(|| 0.into());
            arguments.insert("limit_page_length".into(), size);
            if arguments.contains_key("aggregate_function") {
                return Err(Fault::not_simulated("aggregates of reportview"));
            }
            query::list(site, caller, &needed(&arguments, "get_list", "doctype")?, &arguments)?
        }
        "frappe.client.get" => {
            let doctype = needed(arguments, "get", "doctype")?;
            documents::get(&site.read(), caller, &doctype, &needed(arguments, "get", "name")?, true)?
        }
        "frappe.client.insert" => {
            let document = object(arguments.get("doc"))?;
            let doctype = document.get("doctype").map(plain).unwrap_or_default();
            let mut store = site.write();
            let slot = documents::create(&mut store, site, caller, &doctype, &document)?;
            shown(&store, &doctype, slot, true)?
        }
        "frappe.client.insert_many" => insert_many(site, caller, arguments)?,
        "frappe.client.set_value" => set_value(site, caller, arguments)?,
        "frappe.client.delete" => {
            let (doctype, name) = (needed(arguments, "delete", "doctype")?, needed(arguments, "delete", "name")?);
            documents::delete(&mut site.write(), caller, &doctype, &name)?;
            return Ok(None);
        }
        "frappe.client.save"
        | "frappe.client.bulk_update"
        | "frappe.client.submit"
        | "frappe.client.cancel"
        | "frappe.client.get_value"
        | "frappe.client.rename_doc"
        | "frappe.client.attach_file"
        | "frappe.client.validate_link" => {
            return Err(Fault::not_simulated(method));
        }
        known if ["frappe.desk.", "frappe.model.", "frappe.handler.", "frappe.core."].iter().any(|part| known.starts_with(part)) => {
            return Err(Fault::not_simulated(known));
        }
        "frappe.get_site_config" | "frappe.client.get_site_config" => return Err(Fault::not_whitelisted(method)),
        "frappe.client.get_password" => return Err(Fault::forbidden("", None)),
        _ => return Err(unknown(method)),
    };
    Ok(Some(answer))
}

fn unknown(method: &str) -> Box<Fault> {
    let module = method.rsplit_once('.').map_or(method, |(module, _)| module);
    Fault::invalid(&format!("Failed to get method for command {method} with No module named '{module}'"))
}

fn roles(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let uid = match arguments.get("uid").map(plain) {
        Some(uid) => uid,
        None if site.options.version == super::Version::V16 => caller.user_id.clone(),
        None => return Err(Fault::crash(500, "KeyError", "KeyError: 'uid'")),
    };
    // Anyone who is signed in may ask about anyone.
    let own = site.user(&uid).map(|user| user.roles).unwrap_or_default();
    Ok(own.into_iter().chain(["All", "Guest", "Desk User"].map(str::to_owned)).map(Value::from).collect())
}

fn permissions(site: &Site, caller: &Caller) -> Value {
    let mut answer = Map::new();
    for (doctype, value) in site.user(&caller.user_id).map(|user| user.user_permissions).unwrap_or_default() {
        let entry = answer.entry(doctype).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = entry {
            list.push(json!({"doc": value, "applicable_for": null, "is_default": 0}));
        }
    }
    Value::Object(answer)
}

pub(super) fn shown(store: &super::site::Store, doctype: &str, slot: u32, nulls: bool) -> Outcome<Value> {
    let table = store.known(doctype)?;
    let row = table.row(slot).ok_or_else(Fault::nothing_there)?;
    Ok(documents::show(store, table, row, nulls))
}

fn insert_many(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
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
            let slot = documents::create(&mut store, site, caller, &doctype, &document)?;
            Ok((doctype, slot))
        });
        match outcome {
            Ok((doctype, slot)) => {
                let name = store.known(&doctype)?.row(slot).map(|row| row[super::table::NAME].json());
                names.push(name.unwrap_or_default());
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

fn set_value(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let (doctype, name) = (needed(arguments, "set_value", "doctype")?, needed(arguments, "set_value", "name")?);
    let change = match arguments.get("fieldname") {
        Some(Value::String(text)) if !text.trim_start().starts_with('{') => {
            Map::from_iter([(text.clone(), arguments.get("value").cloned().unwrap_or_default())])
        }
        other => object(other)?,
    };
    if change
        .keys()
        .any(|key| ["name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "parent"].contains(&key.as_str()))
    {
        return Err(Fault::invalid("Cannot edit standard fields"));
    }
    let mut store = site.write();
    let slot = documents::update(&mut store, site, caller, &doctype, &name, &change)?;
    shown(&store, &doctype, slot, true)
}
