//! `/api/method/*`: which method is asked for, what it needs, and the shapes of those that do not exist. Knows no sockets.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::cell::plain;
use super::fault::{Fault, Outcome};
use super::filter::decoded;
use super::query::{self, Arguments};
use super::rights::Caller;
use super::{Site, Version, bulk, desk, documents, files, login, timeline};

/// Refused unless posted.
const ONLY_POST: &[&str] = &[
    "frappe.client.insert",
    "frappe.client.insert_many",
    "frappe.client.set_value",
    "frappe.client.delete",
    "frappe.client.save",
    "frappe.client.bulk_update",
    "frappe.client.submit",
    "frappe.client.cancel",
    "frappe.client.rename_doc",
    "frappe.client.attach_file",
    "frappe.desk.form.utils.add_comment",
    "frappe.core.doctype.user.user.generate_keys",
];

/// Known to exist, and left out.
const LEFT_OUT: &[&str] = &["frappe.desk.", "frappe.model.", "frappe.handler.", "frappe.core.", "frappe.integrations."];

pub(super) fn needed(arguments: &Arguments, function: &str, name: &str) -> Outcome<String> {
    let value = arguments.get(name).filter(|value| !value.is_null()).map(plain);
    value.ok_or_else(|| Fault::crash(500, "TypeError", format!("TypeError: {function}() missing 1 required positional argument: '{name}'")))
}

pub(super) fn object(value: Option<&Value>) -> Outcome<Map<String, Value>> {
    match decoded(value)? {
        Value::Object(object) => Ok(object),
        _ => Err(Fault::crash(500, "TypeError", "TypeError: document is not a dict")),
    }
}

/// The body of the answer; empty for a method that returns nothing.
pub(super) fn call(site: &Site, caller: &Caller, method: &str, post: bool, arguments: &Arguments) -> Outcome<Answer> {
    match method {
        "ping" | "frappe.ping" => return Ok(Answer::message("pong".into())),
        "frappe.client.get_time_zone" => {
            let zone = site.options.time_zone.iana_name().unwrap_or("UTC");
            return Ok(Answer::message(json!({"time_zone": zone})));
        }
        "frappe.core.api.file.get_max_file_size" => return Ok(Answer::message(site.file_max_bytes().into())),
        _ => {}
    }
    if !method.starts_with("frappe.") {
        return Err(unknown(method));
    }
    if caller.is_guest() {
        return Err(Fault::not_whitelisted(method));
    }
    if !post && ONLY_POST.contains(&method) {
        return Err(Fault::throw(403, "PermissionError", "Not permitted"));
    }
    let argument = |name: &str| needed(arguments, method.rsplit('.').next().unwrap_or_default(), name);
    let answer = match method {
        "frappe.client.bulk_update" => return bulk::update_many(site, caller, arguments),
        "frappe.client.rename_doc" => return bulk::rename(site, caller, arguments),
        "frappe.client.delete" => {
            let mut store = site.write();
            documents::delete(&mut store, caller, &argument("doctype")?, &argument("name")?)?;
            files::sweep(site, &store);
            return Ok(Answer::default());
        }
        "frappe.desk.form.load.getdoc" => {
            let (doctype, name) = (argument("doctype")?, argument("name")?);
            let docinfo = timeline::docinfo(site, caller, &doctype, &name)?;
            let document = documents::get(site, &site.read(), caller, &doctype, &name, false)?;
            return Ok(Answer::default().beside("docs", json!([document])).beside("docinfo", docinfo).beside("_link_titles", json!({})));
        }
        "frappe.desk.form.load.get_docinfo" => {
            let docinfo = timeline::docinfo(site, caller, &argument("doctype")?, &argument("name")?)?;
            return Ok(Answer::default().beside("docinfo", docinfo));
        }
        "frappe.desk.search.search_link" => {
            let key = if site.options.version == Version::V14 { "results" } else { "message" };
            return Ok(Answer::default().beside(key, desk::search_link(site, caller, arguments)?));
        }
        "frappe.auth.get_logged_user" => caller.user_id.as_str().into(),
        "frappe.core.doctype.user.user.get_roles" => desk::roles(site, caller, arguments)?,
        "frappe.core.doctype.user.user.generate_keys" => login::generate_keys(site, caller, &argument("user")?)?,
        "frappe.core.doctype.user_permission.user_permission.get_user_permissions" => desk::permissions(site, caller),
        "frappe.utils.change_log.get_versions" => {
            json!({"frappe": {"title": "Frappe Framework", "description": "Full stack web framework", "branch": "version", "version": site.options.version.number()}})
        }
        "frappe.client.get_list" => query::list(site, caller, &argument("doctype")?, arguments)?,
        "frappe.client.get_count" => {
            let asks = query::client_count_asks(site.options.version);
            query::count(site, Some(caller).filter(|_| asks), &argument("doctype")?, arguments)?
        }
        "frappe.client.get_value" => desk::value(site, caller, arguments)?,
        "frappe.desk.reportview.get_count" => query::count(site, Some(caller), &argument("doctype")?, arguments)?,
        "frappe.desk.reportview.get_list" => desk::report_list(site, caller, arguments)?,
        "frappe.desk.reportview.get" => desk::report(site, caller, arguments)?,
        "frappe.client.get" => {
            let doctype = argument("doctype")?;
            let name = match arguments.get("filters").filter(|_| !arguments.contains_key("name")) {
                Some(_) => desk::first_name(site, caller, &doctype, arguments)?,
                None => argument("name")?,
            };
            documents::get(site, &site.read(), caller, &doctype, &name, true)?
        }
        "frappe.client.insert" => {
            let document = object(arguments.get("doc"))?;
            let doctype = document.get("doctype").map(plain).unwrap_or_default();
            let mut store = site.write();
            let (slot, _) = documents::create(&mut store, site, caller, &doctype, &document)?;
            shown(&store, &doctype, slot, true)?
        }
        "frappe.client.insert_many" => bulk::insert_many(site, caller, arguments)?,
        "frappe.client.set_value" => bulk::set_value(site, caller, arguments)?,
        "frappe.client.save" => bulk::save(site, caller, arguments, None)?,
        "frappe.client.submit" => bulk::save(site, caller, arguments, Some(1))?,
        "frappe.client.cancel" => bulk::cancel(site, caller, arguments)?,
        "frappe.client.attach_file" => files::attach(site, caller, arguments)?,
        "frappe.client.validate_link" => desk::validate_link(site, caller, &argument("doctype")?, &argument("docname")?)?,
        "frappe.desk.form.utils.add_comment" => timeline::comment(site, caller, arguments)?,
        "frappe.get_site_config" | "frappe.client.get_site_config" => return Err(Fault::not_whitelisted(method)),
        "frappe.client.get_password" => return Err(Fault::forbidden("", None)),
        known if LEFT_OUT.iter().any(|part| known.starts_with(part)) => return Err(Fault::not_simulated(known)),
        _ => return Err(unknown(method)),
    };
    Ok(Answer::message(answer))
}

fn unknown(method: &str) -> Box<Fault> {
    let module = method.rsplit_once('.').map_or(method, |(module, _)| module);
    Fault::invalid(&format!("Failed to get method for command {method} with No module named '{module}'"))
}

/// A stored document as JSON.
pub(super) fn shown(store: &super::site::Store, doctype: &str, slot: u32, nulls: bool) -> Outcome<Value> {
    let table = store.known(doctype)?;
    let row = table.row(slot).ok_or_else(Fault::nothing_there)?;
    Ok(documents::show(store, table, row, nulls))
}
