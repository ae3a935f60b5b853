//! Uploads: rows of `File`, the bytes behind their addresses, and who may read them, with Frappe's holes. Knows no sockets.

use std::collections::HashMap;

use base64::Engine;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::cell::{number_of, plain};
use super::digest::md5;
use super::fault::{Fault, Outcome};
use super::multipart::Part;
use super::query::Arguments;
use super::rights::{Caller, needs};
use super::site::{Site, Store};
use super::table::{OWNER, Row, Table};
use super::{documents, methods};

/// What lies behind each address.
pub(super) type Uploads = HashMap<String, Bytes>;

/// Files that nobody uploaded: those of a DocType's rows, written when they are asked for, so that many of them need no memory.
#[derive(Clone, Copy, Debug)]
pub struct Archive {
    /// Whose rows have them, in `file_url`.
    pub doctype: &'static str,
    /// The field that links a row to what else its file is written from, and the DocType that it links to.
    pub beside: (&'static str, &'static str),
    /// The name of the row that may have the file at this address.
    pub row_of: fn(&str) -> Option<String>,
    /// Writes the file from the row and the one beside it.
    pub write: fn(&Value, &Value) -> Option<Vec<u8>>,
}

/// The archive's file at an address, if the caller may read the row that has it.
fn archived(site: &Site, store: &Store, caller: &Caller, url: &str) -> Option<Bytes> {
    let archive = site.archive()?;
    let table = store.table(archive.doctype)?;
    let row = table.named(&(archive.row_of)(url)?)?;
    let open = text(table, row, "file_url") == url
        && !caller.is_guest()
        && caller.rights(table).read
        && documents::allowed(store, caller, table, row, None).is_ok();
    let (field, doctype) = archive.beside;
    let beside = store.table(doctype).and_then(|table| Some((table, table.named(text(store.table(archive.doctype)?, row, field))?)));
    let beside = beside.map_or(Value::Null, |(table, row)| documents::show(store, table, row, false));
    (archive.write)(&documents::show(store, table, row, false), &beside).filter(|_| open).map(Bytes::from)
}

/// The bytes of a file and how they are sent.
pub(super) struct Download {
    pub(super) content: Bytes,
    pub(super) content_type: &'static str,
    pub(super) disposition: Option<String>,
}

fn text<'a>(table: &Table, row: &'a Row, column: &str) -> &'a str {
    table.position(column).and_then(|at| row[at].as_str()).unwrap_or_default()
}

fn is_private(table: &Table, row: &Row) -> bool {
    table.position("is_private").is_some_and(|at| row[at].number() != 0.0)
}

/// Whether a list of files shows `row`: every public one, one's own, and whatever is attached to a row of a DocType that the caller
/// may read, another institution's rows included.
pub(super) fn is_listed(store: &Store, caller: &Caller, table: &Table, row: &Row) -> bool {
    let doctype = text(table, row, "attached_to_doctype");
    let own = || row[OWNER].as_str() == Some(&caller.user_id);
    let readable = || store.table(doctype).is_some_and(|table| caller.rights(table).read);
    caller.user_id == "Administrator" || !is_private(table, row) || if doctype.is_empty() { own() } else { readable() }
}

/// 403 unless `row` is the caller's, or public and only read, or attached to what the caller may reach.
pub(super) fn check(store: &Store, caller: &Caller, table: &Table, row: &Row, right: Option<&str>) -> Outcome<()> {
    let (doctype, name) = (text(table, row, "attached_to_doctype"), text(table, row, "attached_to_name"));
    let reads = right.is_none();
    if caller.user_id == "Administrator" || reads && !is_private(table, row) || row[OWNER].as_str() == Some(&caller.user_id) {
        return Ok(());
    }
    let may = |table: &Table| if reads { caller.rights(table).read } else { caller.rights(table).write };
    match store.table(doctype).and_then(|table| Some((table, table.named(name)?))) {
        Some((table, attached)) if may(table) => documents::allowed(store, caller, table, attached, right),
        _ => Err(Fault::forbidden("", None)),
    }
}

/// `upload_file`: with a part named `file`, or with the address of something elsewhere.
pub(super) fn upload(site: &Site, caller: &Caller, arguments: &Arguments, file: Option<&Part>) -> Outcome<Value> {
    if caller.is_guest() {
        return Err(Fault::forbidden("", None));
    }
    let content = file.map(|part| part.content.clone());
    let name = arguments.get("file_name").map(plain).or_else(|| file.and_then(|part| part.file_name.clone()));
    let mut given = arguments.clone();
    given.insert("folder".into(), arguments.get("folder").cloned().unwrap_or_else(|| "Home".into()));
    keep(site, caller, &given, name.unwrap_or_default(), content)
}

/// `frappe.client.attach_file`: the content as text, or as Base64.
pub(super) fn attach(site: &Site, caller: &Caller, arguments: &Arguments) -> Outcome<Value> {
    let content = methods::needed(arguments, "attach_file", "filedata")?;
    let decode = arguments.get("decode_base64").is_some_and(|flag| number_of(flag) != 0.0);
    let bytes = if decode { base64::engine::general_purpose::STANDARD.decode(&content).ok() } else { Some(content.into_bytes()) };
    let bytes = bytes.ok_or_else(|| Fault::crash(500, "Error", "binascii.Error: Incorrect padding"))?;
    let mut given = arguments.clone();
    given.insert("folder".into(), "Home/Attachments".into());
    given.insert("fieldname".into(), arguments.get("docfield").cloned().unwrap_or_default());
    let name = methods::needed(arguments, "attach_file", "filename")?;
    keep(site, caller, &given, name, Some(Bytes::from(bytes)))
}

/// Pictures whose name says that they are JPEG are written anew, without what a camera noted (System Settings,
/// `strip_exif_metadata_from_uploaded_images`, on by default): other bytes than those that came. Here a comment stands for all of that.
fn written_anew(file_name: &str, content: Bytes) -> Bytes {
    let is_named_so =
        file_name.rsplit_once('.').is_some_and(|(_, ending)| ["jpg", "jpeg", "jpe"].contains(&ending.to_lowercase().as_str()));
    match content.strip_prefix(b"\xff\xd8") {
        Some(rest) if is_named_so => [b"\xff\xd8\xff\xfe\x00\x06anew", rest].concat().into(),
        _ => content,
    }
}

fn keep(site: &Site, caller: &Caller, given: &Arguments, file_name: String, content: Option<Bytes>) -> Outcome<Value> {
    let content = content.map(|content| written_anew(&file_name, content));
    let value = |key: &str| given.get(key).map(plain).filter(|text| !text.is_empty());
    let mut store = site.write();
    let attached = value("doctype").zip(value("docname"));
    // What a name that leads nowhere is attached to is not asked.
    if let Some((doctype, name)) = &attached
        && let Some((table, row)) = store.table(doctype).and_then(|table| Some((table, table.named(name)?)))
    {
        if !caller.rights(table).write {
            return Err(caller.no_role(table, Some(needs("write", doctype, name))));
        }
        documents::allowed(&store, caller, table, row, Some("write"))?;
    }
    let is_private = given.get("is_private").is_some_and(|flag| number_of(flag) != 0.0);
    let mut row = Map::new();
    let (url, size) = match (&content, value("file_url")) {
        (Some(bytes), _) => {
            let hash = md5(bytes);
            let url = address(site, &store, &file_name, &hash, is_private);
            row.insert("content_hash".into(), hash.into());
            site.uploads().insert(url.clone(), bytes.clone());
            (url, bytes.len())
        }
        (None, Some(url)) => (url, 0),
        (None, None) => return Err(Fault::mandatory("File", "None", &["file_url"])),
    };
    let ending = file_name.rsplit_once('.').map(|(_, ending)| ending.to_uppercase());
    row.extend(object(json!({"file_name": file_name, "file_url": url, "file_size": size, "is_private": u8::from(is_private)})));
    row.extend(ending.map(|ending| ("file_type".to_owned(), ending.into())));
    row.extend(value("folder").map(|folder| ("folder".to_owned(), folder.into())));
    row.extend(value("fieldname").map(|field| ("attached_to_field".to_owned(), field.into())));
    if let Some((doctype, name)) = attached {
        row.extend(object(json!({"attached_to_doctype": doctype, "attached_to_name": name})));
    }
    let (slot, _) = documents::create(&mut store, site, caller, "File", &row)?;
    methods::shown(&store, "File", slot, false)
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(object) = value { object } else { Map::new() }
}

/// The address of a content: that of the same content, else the name's, with the hash's end where that is taken.
fn address(site: &Site, store: &Store, file_name: &str, hash: &str, private: bool) -> String {
    let same = store.table("File").and_then(|table| {
        let mut rows = table.iter().map(|(_, row)| row);
        rows.find(|row| text(table, row, "content_hash") == hash && is_private(table, row) == private)
            .map(|row| text(table, row, "file_url").to_owned())
    });
    let folder = if private { "/private/files/" } else { "/files/" };
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    same.unwrap_or_else(|| {
        let plain = format!("{folder}{name}");
        if !site.uploads().contains_key(&plain) {
            return plain;
        }
        let (stem, ending) = name.rsplit_once('.').map_or((name, String::new()), |(stem, ending)| (stem, format!(".{ending}")));
        format!("{folder}{stem}{}{ending}", &hash[hash.len() - 6..])
    })
}

/// The file at an address, if any row with it is open to the caller; else the refusal of the first.
pub(super) fn download(site: &Site, caller: &Caller, url: &str) -> Outcome<Download> {
    let store = site.read();
    let table = store.known("File")?;
    let mut refusal = None;
    let mut open = false;
    for (_, row) in table.iter().filter(|(_, row)| text(table, row, "file_url") == url) {
        if !caller.is_guest() || !is_private(table, row) {
            match check(&store, caller, table, row, None) {
                Ok(()) => open = true,
                Err(fault) => refusal = refusal.or(Some(fault)),
            }
        } else {
            refusal = refusal.or_else(|| Some(Fault::forbidden("", None)));
        }
    }
    let content = site.uploads().get(url).filter(|_| open).cloned();
    let content =
        content.or_else(|| archived(site, &store, caller, url)).ok_or_else(|| refusal.unwrap_or_else(|| Fault::missing("File", url)))?;
    let name = url.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let runs = ["svg", "html", "htm", "xml"].contains(&ending.as_str());
    Ok(Download {
        content,
        content_type: media_type(&ending),
        disposition: runs.then(|| format!("attachment; filename=\"{}\"", name.replace('"', ""))),
    })
}

fn media_type(ending: &str) -> &'static str {
    match ending {
        "txt" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "html" | "htm" => "text/html; charset=utf-8",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

/// Takes away the rows of a document's uploads.
pub(super) fn remove_of(store: &mut Store, doctype: &str, name: &str) {
    let Some(table) = store.table_mut("File").filter(|table| table.len() > 0) else { return };
    let of = |row: &Row| text(table, row, "attached_to_doctype") == doctype && text(table, row, "attached_to_name") == name;
    let slots: Vec<u32> = table.iter().filter(|(_, row)| of(row)).map(|(slot, _)| slot).collect();
    for slot in slots {
        table.remove(slot);
    }
}

/// Forgets the contents that no row leads to any more.
pub(super) fn sweep(site: &Site, store: &Store) {
    let Some(table) = store.table("File") else { return };
    let mut uploads = site.uploads();
    if !uploads.is_empty() {
        uploads.retain(|url, _| table.iter().any(|(_, row)| text(table, row, "file_url") == url));
    }
}
