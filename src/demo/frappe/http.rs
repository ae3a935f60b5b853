//! The sockets: which site is meant, what a request says, and how an answer is written, cookies and knobs included.

use std::sync::Arc;

use axum::body::Body;
use http::header::{ACCEPT, ALLOW, AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::cell::plain;
use super::cookies::{self, Identity};
use super::fault::{Cookies, Fault, Outcome};
use super::knobs::{Failure, Knob};
use super::login::{self, Step};
use super::query::{self, Arguments};
use super::rights::Caller;
use super::{Site, Version, documents, methods};
use crate::demo::frappe::user::User;

const BODY_BYTES_MAX: usize = 25 * 1024 * 1024;
const REQUEST_LINE_BYTES_MAX: usize = 4094;

/// Serves `sites` on `listener` until `shutdown`. A request goes to the site named by `X-Frappe-Site-Name`, else by `Host`, else to
/// the site without a name.
pub async fn serve(listener: tokio::net::TcpListener, sites: Vec<Arc<Site>>, shutdown: CancellationToken) {
    let sites: Arc<[Arc<Site>]> = sites.into();
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { continue };
        let sites = Arc::clone(&sites);
        connections.spawn(async move {
            let service = hyper::service::service_fn(move |request| {
                let sites = Arc::clone(&sites);
                async move { answer(&sites, request).await }
            });
            let mut builder = hyper::server::conn::http1::Builder::new();
            // gunicorn closes idle connections after two seconds.
            builder.timer(TokioTimer::new()).header_read_timeout(std::time::Duration::from_secs(2));
            // A client that goes away is no event here.
            let _gone = builder.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// The connection is closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the simulated site is dead")]
struct Dead;

async fn answer(sites: &[Arc<Site>], request: Request<Incoming>) -> Result<Response<Body>, Dead> {
    let target = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    if request.method().as_str().len() + target.len() + " HTTP/1.1 ".len() > REQUEST_LINE_BYTES_MAX {
        return Ok(html(StatusCode::BAD_REQUEST, "Request Line is too large"));
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let asked = Some(header("x-frappe-site-name")).filter(|name| !name.is_empty()).unwrap_or_else(|| header(HOST.as_str()));
    let name = asked.split(':').next().unwrap_or_default().to_owned();
    let site = sites.iter().find(|site| site.name() == name).or_else(|| sites.iter().find(|site| site.name().is_empty()));
    let Some(site) = site.cloned() else {
        return Ok(html(StatusCode::NOT_FOUND, &format!("{name} does not exist")));
    };
    let (parts, body) = request.into_parts();
    let (mut caller, session) = match identify(&site, &parts.headers) {
        Ok(found) => found,
        Err(fault) => (Err(fault), None),
    };
    let knob = site.knobs().of(caller.as_ref().map_or("Guest", |caller| caller.user_id.as_str()));
    if let Some((from, to)) = knob.delay {
        let extra = to.saturating_sub(from).mul_f64(rand::random::<f64>());
        tokio::time::sleep(from + extra).await;
    }
    let wants_html = header_of(&parts.headers, ACCEPT.as_str()).starts_with("text");
    match &knob.failure {
        Failure::Dead => return Err(Dead),
        Failure::Status { status, rate } if rand::random::<f64>() < *rate => {
            return Ok(html(StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY), "Server Error"));
        }
        Failure::Maintenance => {
            caller = Err(Fault::crash(503, "SessionStopped", "frappe.exceptions.SessionStopped: Session Stopped").without_cookies());
        }
        Failure::TooMany { .. } => {
            caller = Err(Fault::crash(429, "TooManyRequestsError", "frappe.exceptions.TooManyRequestsError"));
        }
        Failure::Html => return Ok(html(StatusCode::OK, "Welcome")),
        Failure::Huge { bytes } => {
            let text = format!("{{\"data\":\"{}\"}}", "x".repeat(bytes.saturating_sub(11)));
            return Ok(finish(StatusCode::OK, "application/json", text.into()));
        }
        Failure::ForeignRows => {
            if let Ok(caller) = &mut caller {
                caller.foreign = true;
            }
        }
        _ => {}
    }
    let collected = Limited::new(body, BODY_BYTES_MAX).collect().await;
    let Ok(body) = collected.map(http_body_util::Collected::to_bytes) else {
        return Ok(html(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"));
    };
    let caller_error_expired = session == Some(Session::Expired);
    let reply = caller.and_then(|caller| route(&site, &caller, &parts, &body, session.as_ref()));
    let reply = reply.unwrap_or_else(|mut fault| {
        if caller_error_expired {
            (fault.session_expired, fault.cookies) = (true, Cookies::Cleared);
        }
        if wants_html {
            return Reply::html(fault.status, fault.exc_type);
        }
        let body = fault.body(site.options.version, site.options.allow_error_traceback);
        Reply {
            status: fault.status,
            body: Content::Json(body),
            cookies: fault.cookies,
            identity: identity_of(session.as_ref()),
            allow: None,
        }
    });
    Ok(written(reply, &knob))
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Session {
    Live { sid: String, user_id: String, full_name: String },
    Expired,
}

fn header_of<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

type Identified = (Outcome<Caller>, Option<Session>);

/// Who asks: a live session before a key (as Frappe has it), nobody else is Guest.
fn identify(site: &Site, headers: &HeaderMap) -> Outcome<Identified> {
    let strict = site.options.strict_user_permissions;
    let sid = header_of(headers, COOKIE.as_str()).split(';').find_map(|pair| pair.trim().strip_prefix("sid=")).unwrap_or_default();
    let keyed = login::of_header(site, header_of(headers, AUTHORIZATION.as_str()))?;
    if !sid.is_empty() && sid != "Guest" && sid != "Administrator" {
        return Ok(match login::of_session(site, sid) {
            Some(user) => {
                let session = Session::Live { sid: sid.into(), user_id: user.user_id.clone(), full_name: user.full_name.clone() };
                (Ok(Caller::of(&user, strict)), Some(session))
            }
            None => (Ok(keyed.map_or_else(Caller::guest, |user| Caller::of(&user, strict))), Some(Session::Expired)),
        });
    }
    Ok((Ok(keyed.map_or_else(Caller::guest, |user| Caller::of(&user, strict))), None))
}

fn identity_of(session: Option<&Session>) -> Identity {
    match session {
        Some(Session::Live { sid, user_id, full_name }) => {
            Identity { sid: sid.clone(), user_id: user_id.clone(), full_name: full_name.clone(), desk: true }
        }
        _ => Identity { sid: "Guest".into(), user_id: "Guest".into(), full_name: "Guest".into(), desk: false },
    }
}

enum Content {
    Json(Value),
    Html(String),
}

struct Reply {
    status: u16,
    body: Content,
    cookies: Cookies,
    identity: Identity,
    allow: Option<&'static str>,
}

impl Reply {
    fn json(body: Value, session: Option<&Session>) -> Self {
        Self { status: 200, body: Content::Json(body), cookies: Cookies::Usual, identity: identity_of(session), allow: None }
    }

    fn html(status: u16, text: &str) -> Self {
        Self { status, body: Content::Html(text.to_owned()), cookies: Cookies::Absent, identity: identity_of(None), allow: None }
    }
}

fn form(text: &str, into: &mut Arguments) {
    for (key, value) in url::form_urlencoded::parse(text.as_bytes()) {
        if !into.contains_key(key.as_ref()) {
            into.insert(key.into_owned(), Value::String(value.into_owned()));
        }
    }
}

/// JSON bodies replace the query; forms join it.
fn arguments(parts: &http::request::Parts, body: &[u8]) -> Outcome<Arguments> {
    let mut read = Map::new();
    let json_body = header_of(&parts.headers, CONTENT_TYPE.as_str()).starts_with("application/json") && !body.is_empty();
    if json_body {
        return match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(Value::Array(_)) => Err(Fault::crash(500, "TypeError", "TypeError: pop expected at most 1 argument, got 2")),
            Ok(_) => Err(Fault::invalid("Invalid request arguments").without_cookies()),
            Err(error) => {
                let text = format!("json.decoder.JSONDecodeError: Expecting value: line {} column {}", error.line(), error.column());
                Err(Fault::crash(500, "JSONDecodeError", text).without_cookies())
            }
        };
    }
    form(&String::from_utf8_lossy(body), &mut read);
    form(parts.uri.query().unwrap_or_default(), &mut read);
    Ok(read)
}

fn route(site: &Site, caller: &Caller, parts: &http::request::Parts, body: &[u8], session: Option<&Session>) -> Outcome<Reply> {
    let path = parts.uri.path().trim_end_matches('/');
    let post = parts.method == Method::POST || parts.method == Method::PUT;
    let arguments = || arguments(parts, body);
    if parts.method == Method::OPTIONS {
        return Ok(Reply { body: Content::Html(String::new()), ..Reply::json(Value::Null, session) });
    }
    if path.is_empty() && post && arguments()?.get("cmd").map(plain).as_deref() == Some("login") {
        return sign_in(site, &arguments()?, parts);
    }
    let rest = match path.strip_prefix("/api/") {
        Some(rest) if site.options.version != Version::V14 && rest.starts_with("v1/") => &rest[3..],
        Some(rest) if rest.starts_with("v2/") && site.options.version != Version::V14 => return Err(Fault::not_simulated("/api/v2")),
        Some(rest) => rest,
        None => return Ok(Reply::html(404, "Not Found")),
    };
    match rest.split_once('/') {
        Some(("method", "login")) => sign_in(site, &arguments()?, parts),
        Some(("method", "logout")) => {
            if let Some(Session::Live { sid, .. }) = session {
                login::logout(site, sid);
            }
            let v14 = site.options.version == Version::V14;
            let body = if v14 { json!({}) } else { json!({"message": "No App", "home_page": "/login", "full_name": "Guest"}) };
            Ok(Reply { cookies: Cookies::Cleared, ..Reply::json(body, None) })
        }
        Some(("method", method)) => {
            let answer = methods::call(site, caller, method, post, &arguments()?)?;
            Ok(Reply::json(answer.map_or_else(|| json!({}), |message| json!({"message": message})), session))
        }
        Some(("resource", resource)) => {
            let (doctype, name) = resource.split_once('/').map_or((resource, None), |(doctype, name)| (doctype, Some(decode(name))));
            resource_call(site, caller, &parts.method, &decode(doctype), name.as_deref(), &arguments()?, session)
        }
        _ => Err(Fault::nothing_there()),
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
        (&Method::GET | &Method::HEAD, None) => wrapped(query::list(site, caller, doctype, arguments)?),
        (&Method::GET | &Method::HEAD, Some(name)) => wrapped(documents::get(&site.read(), caller, doctype, name, false)?),
        (&Method::POST, None) => {
            let mut store = site.write();
            let slot = documents::create(&mut store, site, caller, doctype, document)?;
            wrapped(echo(methods::shown(&store, doctype, slot, false)?, document))
        }
        (&Method::PUT, Some(name)) => {
            let mut store = site.write();
            let slot = documents::update(&mut store, site, caller, doctype, name, document)?;
            wrapped(echo(methods::shown(&store, doctype, slot, false)?, document))
        }
        (&Method::DELETE, Some(name)) => {
            documents::delete(&mut site.write(), caller, doctype, name)?;
            let key = if site.options.version == Version::V14 { "message" } else { "data" };
            Ok(Reply { status: 202, ..Reply::json(json!({key: "ok"}), session) })
        }
        _ if site.options.version == Version::V14 => Ok(Reply::json(json!({}), session)),
        (_, None) => Ok(Reply { allow: Some("POST, HEAD, GET"), ..Reply::html(405, "Method Not Allowed") }),
        (_, Some(_)) => Ok(Reply { allow: Some("PUT, HEAD, GET, DELETE"), ..Reply::html(405, "Method Not Allowed") }),
    }
}

/// A write's answer shows flags, days and instants as they were sent, not as they are stored.
fn echo(mut shown: Value, sent: &Map<String, Value>) -> Value {
    if let Value::Object(shown) = &mut shown {
        for (key, value) in sent.iter().filter(|(key, _)| !["name", "modified", "owner", "creation"].contains(&key.as_str())) {
            if let Some(stored) = shown.get_mut(key)
                && (value.is_boolean() || value.is_string() && stored.is_string())
            {
                *stored = value.clone();
            }
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

fn html(status: StatusCode, text: &str) -> Response<Body> {
    finish(status, "text/html; charset=utf-8", format!("<!doctype html>\n<html lang=en>\n<title>{text}</title>\n<h1>{text}</h1>\n").into())
}

fn finish(status: StatusCode, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static(content_type));
    response.headers_mut().insert(http::header::SERVER, http::HeaderValue::from_static("gunicorn"));
    response
}

fn written(reply: Reply, knob: &Knob) -> Response<Body> {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match reply.body {
        Content::Html(text) if text.is_empty() => finish(status, "text/html; charset=utf-8", Body::empty()),
        Content::Html(text) => html(status, &text),
        Content::Json(value) => {
            let text = ascii(&value.to_string());
            let content_type = if knob.failure == Failure::WrongContentType { "text/plain; charset=utf-8" } else { "application/json" };
            super::knobs::body_of(text, knob, |body| finish(status, content_type, body))
        }
    };
    let headers = response.headers_mut();
    for cookie in cookies::lines(reply.cookies, &reply.identity) {
        if let Ok(cookie) = http::HeaderValue::from_str(&cookie) {
            headers.append(SET_COOKIE, cookie);
        }
    }
    if let Some(allow) = reply.allow {
        headers.insert(ALLOW, http::HeaderValue::from_static(allow));
    }
    if let Failure::TooMany { retry_after_s } = knob.failure {
        let reset = http::HeaderValue::from(retry_after_s);
        headers.insert(RETRY_AFTER, reset.clone());
        headers.insert("x-ratelimit-reset", reset);
        headers.insert("x-ratelimit-limit", http::HeaderValue::from_static("1000000"));
        headers.insert("x-ratelimit-remaining", http::HeaderValue::from_static("0"));
    }
    response
}

/// Frappe's JSON is ASCII.
fn ascii(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            escaped.push(letter);
        } else {
            letter.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}")));
        }
    }
    escaped
}
