//! What stands beside a document: comments, the site's own remarks, versions, uploads. Knows no HTTP.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::cell::plain;
use super::documents;
use super::fault::{Fault, Outcome};
use super::methods::needed;
use super::query::Arguments;
use super::rights::{Caller, needs};
use super::site::{Site, Store};
use super::table::{CREATION, NAME};

/// How many versions `docinfo` shows.
const VERSIONS_SHOWN: usize = 10;

/// Keeps a row of Frappe's own. Its values are made here, so that nothing can be refused.
fn keep(store: &mut Store, doctype: &str, row: Value, stamp: &str) -> Option<String> {
    let Value::Object(row) = row else { return None };
    let new = documents::read_new(store.table(doctype)?, row.iter().map(|(field, value)| (field.as_str(), value))).ok()?;
    let slot = documents::load(store, new, || stamp.to_owned()).ok()?;
    store.table(doctype)?.row(slot)?[NAME].as_str().map(str::to_owned)
}

/// Leaves a `Version` of what differs between a document before and after.
pub(super) fn note_change(store: &mut Store, caller: &Caller, doctype: &str, before: &Value, after: &Value) {
    let kept = |key: &str| !["modified", "modified_by", "docstatus"].contains(&key);
    let pairs = |before: &Value, after: &Value| -> Vec<Value> {
        let table = after["doctype"].as_str().and_then(|doctype| store.table(doctype));
        let columns = table.into_iter().flat_map(|table| &table.columns).map(|column| column.name);
        let differs = columns.filter(|key| kept(key) && before[*key] != after[*key]);
        differs.map(|key| json!([key, before[key], after[key]])).collect()
    };
    let (mut added, mut removed, mut row_changed) = (Vec::new(), Vec::new(), Vec::new());
    for (field, rows) in after.as_object().into_iter().flatten().filter_map(|(field, rows)| Some((field, rows.as_array()?))) {
        let old = before[field].as_array().cloned().unwrap_or_default();
        let named = |rows: &[Value], name: &Value| rows.iter().find(|row| row["name"] == *name).cloned();
        for (at, row) in rows.iter().enumerate() {
            match named(&old, &row["name"]) {
                None => added.push(json!([field, row])),
                Some(earlier) => {
                    let changed = pairs(&earlier, row);
                    if !changed.is_empty() {
                        row_changed.push(json!([field, at, row["name"], changed]));
                    }
                }
            }
        }
        removed.extend(old.iter().filter(|row| named(rows, &row["name"]).is_none()).map(|row| json!([field, row])));
    }
    let changed = pairs(before, after);
    if changed.is_empty() && added.is_empty() && removed.is_empty() && row_changed.is_empty() {
        return;
    }
    let data = json!({"added": added, "changed": changed, "data_import": null, "removed": removed, "row_changed": row_changed,
        "updater_reference": null});
    let row = json!({"ref_doctype": doctype, "docname": after["name"], "data": data.to_string(), "owner": caller.user_id});
    let stamp = plain(&after["modified"]);
    keep(store, "Version", row, &stamp);
}

/// A remark of the site's, such as a new name.
pub(super) fn remark(store: &mut Store, site: &Site, caller: &Caller, of: (&str, &str), content: &str) {
    let row = json!({"comment_type": "Edit", "reference_doctype": of.0, "reference_name": of.1, "content": content,
        "comment_email": caller.user_id, "owner": caller.user_id});
    keep(store, "Comment", row, &site.stamp());
}

/// `add_comment`: whoever may read a document may comment on it, under any name.
pub(super) fn comment(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let function = "add_comment";
    let (doctype, name) = (needed(arguments, function, "reference_doctype")?, needed(arguments, function, "reference_name")?);
    let (content, email, by) = (
        needed(arguments, function, "content")?,
        needed(arguments, function, "comment_email")?,
        needed(arguments, function, "comment_by")?,
    );
    let mut store = site.write();
    readable(&store, caller, &doctype, &name)?;
    let row = json!({"comment_type": "Comment", "reference_doctype": doctype, "reference_name": name, "content": content,
        "comment_email": email, "comment_by": by, "owner": caller.user_id});
    let made = keep(&mut store, "Comment", row, &site.stamp()).ok_or_else(Fault::nothing_there)?;
    let table = store.known("Comment")?;
    Ok(table.named(&made).map(|row| documents::show(&store, table, row, false)).unwrap_or_default())
}

fn readable(store: &Store, caller: &Caller, doctype: &str, name: &str) -> Outcome<()> {
    let table = store.known(doctype)?;
    let row = table.named(name).ok_or_else(|| Fault::missing(doctype, name))?;
    if !caller.rights(table).read {
        return Err(caller.no_role(table, Some(needs("read", doctype, name))));
    }
    documents::allowed(store, caller, table, row, Some("read"))
}

/// `get_docinfo`, which shows old and new values of fields that the caller may not read.
pub(super) fn docinfo(site: &Site, caller: &Caller, doctype: &str, name: &str) -> Outcome<Value> {
    let store = site.read();
    readable(&store, caller, doctype, name)?;
    let table = store.known(doctype)?;
    let name = table.named(name).and_then(|row| row[NAME].as_str()).unwrap_or(name);
    let rows = |kind: &str, of: (&str, &str), fields: &[&str]| -> Vec<Map<String, Value>> {
        let Some(own) = store.table(kind) else { return Vec::new() };
        let text =
            |row: &super::table::Row, column: &str| own.position(column).and_then(|at| row[at].as_str()).unwrap_or_default().to_owned();
        let mut found: Vec<_> =
            own.iter().map(|(_, row)| row).filter(|row| text(row, of.0) == doctype && text(row, of.1) == name).collect();
        found.sort_by(|a, b| a[CREATION].order(&b[CREATION]));
        let value = |row: &super::table::Row, field: &str| own.position(field).map(|at| row[at].json()).unwrap_or_default();
        found.into_iter().map(|row| fields.iter().map(|field| ((*field).to_owned(), value(row, field))).collect()).collect()
    };
    let remarks = rows("Comment", ("reference_doctype", "reference_name"), &["name", "creation", "content", "owner", "comment_type"]);
    let of_type = |kind: &str| remarks.iter().filter(|row| row["comment_type"] == kind).cloned().collect::<Vec<_>>();
    let mut versions = rows("Version", ("ref_doctype", "docname"), &["name", "owner", "creation", "data"]);
    versions.reverse();
    versions.truncate(VERSIONS_SHOWN);
    let attachments = rows("File", ("attached_to_doctype", "attached_to_name"), &["name", "file_name", "file_url", "is_private"]);
    let owners: BTreeSet<String> = remarks.iter().chain(&versions).map(|row| plain(&row["owner"])).collect();
    let zone = site.options.time_zone.iana_name().unwrap_or("UTC");
    let people: Map<String, Value> = owners
        .into_iter()
        .filter_map(|owner| site.user(&owner))
        .map(|user| {
            let shown = json!({"fullname": user.full_name, "image": null, "name": user.user_id, "email": user.user_id, "time_zone": zone});
            (user.user_id, shown)
        })
        .collect();
    let rights = caller.rights(table);
    let flag = u8::from;
    let (read, submit) = (flag(rights.read), flag(rights.submit));
    let permissions = json!({"if_owner": {}, "has_if_owner_enabled": false, "select": read, "read": read, "write": flag(rights.write),
        "create": flag(rights.create), "delete": flag(rights.delete), "submit": submit, "cancel": submit, "amend": submit, "print": read,
        "email": read, "report": read, "import": 0, "export": read, "share": 0});
    Ok(json!({
        "user_info": people, "comments": of_type("Comment"), "shared": [], "assignment_logs": [], "attachment_logs": [],
        "info_logs": of_type("Edit"), "like_logs": [], "workflow_logs": [], "doctype": doctype, "name": name, "attachments": attachments,
        "communications": [], "automated_messages": [], "versions": versions, "assignments": [], "permissions": permissions, "views": [],
        "energy_point_logs": [], "additional_timeline_content": [], "milestones": [], "is_document_followed": null, "tags": "",
        "document_email": null
    }))
}
