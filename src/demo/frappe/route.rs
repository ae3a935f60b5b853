//! From a path and its arguments to an answer: which resource, method, file or page is meant. Knows no sockets.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CONTENT_TYPE, ORIGIN,
};
use http::{HeaderMap, Method};
use serde_json::{Map, Value, json};

use super::cell::plain;
use super::fault::{Cookies, Fault, Outcome};
use super::login::{self, Step};
use super::multipart;
use super::query::{self, Arguments};
use super::reply::{Content, Reply, Session};
use super::rights::Caller;
use super::user::User;
use super::{Site, Version, documents, files, methods};
use crate::demo::schema::FieldType;

/// A request that was read whole.
pub(super) struct Asked<'a> {
    pub(super) parts: &'a http::request::Parts,
    pub(super) body: &'a [u8],
    pub(super) session: Option<&'a Session>,
}

pub(super) fn header_of<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn form(text: &str, into: &mut Arguments) {
    for (key, value) in url::form_urlencoded::parse(text.as_bytes()) {
        if !into.contains_key(key.as_ref()) {
            into.insert(key.into_owned(), Value::String(value.into_owned()));
        }
    }
}

impl Asked<'_> {
    fn content_type(&self) -> &str {
        header_of(&self.parts.headers, CONTENT_TYPE.as_str())
    }

    fn form_parts(&self) -> Vec<multipart::Part> {
        if self.content_type().starts_with("multipart/form-data") { multipart::parts(self.content_type(), self.body) } else { Vec::new() }
    }

    /// JSON bodies replace the query; forms join it.
    fn arguments(&self) -> Outcome<Arguments> {
        let mut read = Map::new();
        if self.content_type().starts_with("application/json") && !self.body.is_empty() {
            return match serde_json::from_slice(self.body) {
                Ok(Value::Object(object)) => Ok(object),
                Ok(Value::Array(_)) => Err(Fault::crash(500, "TypeError", "TypeError: pop expected at most 1 argument, got 2")),
                Ok(_) => Err(Fault::invalid("Invalid request arguments").without_cookies()),
                Err(error) => {
                    let text = format!("json.decoder.JSONDecodeError: Expecting value: line {} column {}", error.line(), error.column());
                    Err(Fault::crash(500, "JSONDecodeError", text).without_cookies())
                }
            };
        }
        let parts = self.form_parts();
        if parts.is_empty() {
            form(&String::from_utf8_lossy(self.body), &mut read);
        }
        for part in parts.into_iter().filter(|part| part.file_name.is_none()) {
            read.entry(part.name).or_insert_with(|| String::from_utf8_lossy(&part.content).into_owned().into());
        }
        form(self.parts.uri.query().unwrap_or_default(), &mut read);
        Ok(read)
    }

    fn writes(&self) -> bool {
        !matches!(self.parts.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
}

/// Whether a request is a login, which comes before the limits of the site.
pub(super) fn is_login(parts: &http::request::Parts) -> bool {
    ["/api/method/login", "/api/v1/method/login"].contains(&parts.uri.path().trim_end_matches('/'))
}

/// OPTIONS, which asks nobody who they are.
pub(super) fn preflight(site: &Site, headers: &HeaderMap) -> Reply {
    let reply = Reply::of(200, Content::Plain(""), Cookies::Absent, None);
    if !site.options.cross_origin || !headers.contains_key(ORIGIN) {
        return reply;
    }
    reply
        .with(ACCESS_CONTROL_ALLOW_METHODS, header_of(headers, ACCESS_CONTROL_REQUEST_METHOD.as_str()))
        .with(ACCESS_CONTROL_ALLOW_HEADERS, header_of(headers, ACCESS_CONTROL_REQUEST_HEADERS.as_str()))
        .with(ACCESS_CONTROL_MAX_AGE, "86400")
}

/// The answer to a request of `caller`.
pub(super) fn route(site: &Site, caller: &Caller, asked: &Asked<'_>) -> Outcome<Reply> {
    let (parts, session) = (asked.parts, asked.session);
    let path = parts.uri.path().trim_end_matches('/');
    let post = parts.method == Method::POST || parts.method == Method::PUT;
    if path.is_empty() && post && asked.arguments()?.get("cmd").map(plain).as_deref() == Some("login") {
        return sign_in(site, &asked.arguments()?, parts);
    }
    if let (Some(Session::Live { sid, .. }), true) = (session, asked.writes()) {
        let sent = header_of(&parts.headers, "x-frappe-csrf-token");
        let in_form = if sent.is_empty() { asked.arguments()?.get("csrf_token").map(plain) } else { None };
        login::check_csrf(site, sid, in_form.as_deref().unwrap_or(sent))?;
    }
    let rest = match path.strip_prefix("/api/") {
        Some(rest) if site.options.version != Version::V14 && rest.starts_with("v1/") => &rest[3..],
        Some(rest) if rest.starts_with("v2/") && site.options.version != Version::V14 => return Err(Fault::not_simulated("/api/v2")),
        Some(rest) => rest,
        None => return Ok(outside(site, caller, path, session)),
    };
    match rest.split_once('/') {
        Some(("method", "login")) => sign_in(site, &asked.arguments()?, parts),
        Some(("method", "logout")) => {
            if let Some(Session::Live { sid, .. }) = session {
                login::logout(site, sid);
            }
            let v14 = site.options.version == Version::V14;
            let body = if v14 { json!({}) } else { json!({"message": "No App", "home_page": "/login", "full_name": "Guest"}) };
            Ok(Reply { cookies: Cookies::Cleared, ..Reply::json(body, None) })
        }
        Some(("method", "upload_file" | "frappe.handler.upload_file")) => {
            let parts = asked.form_parts();
            let file = parts.iter().find(|part| part.name == "file" && part.file_name.is_some());
            Ok(Reply::json(json!({"message": files::upload(site, caller, &asked.arguments()?, file)?}), session))
        }
        Some(("method", "download_file" | "frappe.handler.download_file")) => {
            let url = methods::needed(&asked.arguments()?, "download_file", "file_url")?;
            let file = files::download(site, caller, &url)?;
            let name = url.rsplit('/').next().unwrap_or_default().replace('"', "");
            let disposition = Some(format!("filename=\"{name}\""));
            let file = files::Download { content_type: "application/octet-stream", disposition, ..file };
            Ok(Reply::of(200, Content::File(file), Cookies::Usual, session))
        }
        Some(("method", method)) => {
            let answer = methods::call(site, caller, method, post, &asked.arguments()?)?;
            Ok(Reply::json(Value::Object(answer.0), session))
        }
        Some(("resource", resource)) => {
            let (doctype, name) = resource.split_once('/').map_or((resource, None), |(doctype, name)| (doctype, Some(decode(name))));
            resource_call(site, caller, &parts.method, &decode(doctype), name.as_deref(), &asked.arguments()?, session)
        }
        _ => Err(Fault::nothing_there()),
    }
}

/// Files and pages. Public files are sent by the server in front, not by Frappe.
fn outside(site: &Site, caller: &Caller, path: &str, session: Option<&Session>) -> Reply {
    if path.starts_with("/private/files/") {
        // Not there and not permitted look alike, and neither sets a cookie.
        return match files::download(site, caller, &decode(path)) {
            Ok(file) => Reply::of(200, Content::File(file), Cookies::Usual, session),
            Err(_) => Reply::html(403, "Forbidden"),
        };
    }
    let desk = if site.options.version == Version::V16 { "/desk" } else { "/app" };
    match session {
        Some(Session::Live { sid, .. }) if path == desk || path.starts_with(&format!("{desk}/")) => {
            let page = format!("<script>frappe.csrf_token = \"{}\";</script>", login::csrf_token(site, sid));
            Reply::page(200, "app", &page, session)
        }
        _ => Reply::page(404, "404", "Not Found", session),
    }
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn resource_call(
    site: &Site,
    caller: &Caller,
    method: &Method,
    doctype: &str,
    name: Option<&str>,
    arguments: &Arguments,
    session: Option<&Session>,
) -> Outcome<Reply> {
    let text_of_document = arguments.get("data").and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
    let document: &Map<String, Value> = if let Some(Value::Object(object)) = &text_of_document { object } else { arguments };
    let wrapped = |value: Value| Ok(Reply::json(json!({"data": value}), session));
    match (method, name) {
        (&Method::GET | &Method::HEAD, None) => {
            let rows = query::list(site, caller, doctype, arguments)?;
            let debug = arguments.get("debug").is_some_and(|flag| !["", "0", "false"].contains(&plain(flag).as_str()));
            if !debug {
                return wrapped(rows);
            }
            let sql = format!("select `name` from `tab{doctype}` for {}", caller.user_id);
            let key = if site.options.version == Version::V14 { "exc" } else { "_debug_messages" };
            Ok(Reply::json(json!({"data": rows, key: json!([sql]).to_string()}), session))
        }
        (&Method::GET | &Method::HEAD, Some(name)) => wrapped(documents::get(site, &site.read(), caller, doctype, name, false)?),
        (&Method::POST, None) => {
            let mut store = site.write();
            let (slot, given) = documents::create(&mut store, site, caller, doctype, document)?;
            let mut shown = echo(&store, doctype, methods::shown(&store, doctype, slot, false)?, &given);
            for row in shown.as_object_mut().into_iter().flatten().filter_map(|(_, rows)| rows.as_array_mut()).flatten() {
                row["__unsaved"] = 1.into();
            }
            wrapped(shown)
        }
        (&Method::POST, Some(name)) => {
            let method = arguments.get("run_method").map(plain).unwrap_or_default();
            let to = match method.as_str() {
                "submit" => 1,
                "cancel" => 2,
                other => return Err(Fault::not_whitelisted(&format!("frappe.model.document.{other}"))),
            };
            let mut store = site.write();
            let change = Map::from_iter([("docstatus".to_owned(), to.into())]);
            let slot = documents::update(&mut store, site, caller, doctype, name, &change)?;
            wrapped(methods::shown(&store, doctype, slot, false)?)
        }
        (&Method::PUT, Some(name)) => {
            let mut store = site.write();
            let slot = documents::update(&mut store, site, caller, doctype, name, document)?;
            wrapped(echo(&store, doctype, methods::shown(&store, doctype, slot, false)?, document))
        }
        (&Method::DELETE, Some(name)) => {
            let mut store = site.write();
            documents::delete(&mut store, caller, doctype, name)?;
            files::sweep(site, &store);
            let key = if site.options.version == Version::V14 { "message" } else { "data" };
            Ok(Reply { status: 202, ..Reply::json(json!({key: "ok"}), session) })
        }
        _ if site.options.version == Version::V14 => Ok(Reply::json(json!({}), session)),
        (_, None) => Ok(Reply::html(405, "Method Not Allowed").with(ALLOW, "POST, HEAD, GET")),
        (_, Some(_)) => Ok(Reply::html(405, "Method Not Allowed").with(ALLOW, "PUT, HEAD, GET, DELETE")),
    }
}

/// A write's answer shows flags, days, times and instants as they were sent, not as they are stored.
fn echo(store: &super::site::Store, doctype: &str, mut shown: Value, sent: &Map<String, Value>) -> Value {
    let fields = store.table(doctype).into_iter().flat_map(|table| table.doctype.fields);
    for field in fields {
        let (Some(value), Some(stored)) = (sent.get(field.name), shown.get_mut(field.name)) else { continue };
        let as_sent = match field.kind {
            FieldType::Date | FieldType::Datetime | FieldType::Time => value.is_string() && stored.is_string(),
            FieldType::Duration => value.is_number(),
            _ => value.is_boolean(),
        };
        if as_sent {
            *stored = value.clone();
        }
    }
    shown
}

fn sign_in(site: &Site, arguments: &Arguments, parts: &http::request::Parts) -> Outcome<Reply> {
    let address = header_of(&parts.headers, "x-forwarded-for").split(',').next().unwrap_or_default().trim();
    let address = if address.is_empty() { "127.0.0.1" } else { address };
    match login::login(site, |key| arguments.get(key).map(plain), address)? {
        Step::CodeAsked(body) => Ok(Reply { cookies: Cookies::Pending, ..Reply::json(body, None) }),
        Step::Done { user: User { user_id, full_name, .. }, sid } => {
            let home = if site.options.version == Version::V16 { "/desk" } else { "/app" };
            let body = json!({"message": "Logged In", "home_page": home, "full_name": full_name});
            Ok(Reply::json(body, Some(&Session::Live { sid, user_id, full_name })))
        }
    }
}
