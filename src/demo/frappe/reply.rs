//! An answer before it is bytes, and its writing: bodies, cookies, the headers that each version sends. Knows no routes.

use axum::body::Body;
use bytes::Bytes;
use http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, SET_COOKIE, VARY};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;

use super::cookies::{self, Identity};
use super::fault::{Cookies, Fault};
use super::files::Download;
use super::knobs::{Failure, Knob};
use super::{Site, Version};

/// The session that a request came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Session {
    Live { sid: String, user_id: String, full_name: String },
    Expired,
}

/// What an answer holds.
pub(super) enum Content {
    Json(Value),
    /// A short page of the server in front.
    Html(String),
    /// A page of Frappe's website, by its name; `text` stands in it.
    Page {
        name: &'static str,
        text: String,
    },
    Plain(&'static str),
    File(Download),
}

/// An answer.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Content,
    pub(super) cookies: Cookies,
    pub(super) identity: Identity,
    pub(super) headers: Vec<(HeaderName, String)>,
}

pub(super) fn identity_of(session: Option<&Session>) -> Identity {
    match session {
        Some(Session::Live { sid, user_id, full_name }) => {
            Identity { sid: sid.clone(), user_id: user_id.clone(), full_name: full_name.clone(), desk: true }
        }
        _ => Identity { sid: "Guest".into(), user_id: "Guest".into(), full_name: "Guest".into(), desk: false },
    }
}

impl Reply {
    pub(super) fn of(status: u16, body: Content, cookies: Cookies, session: Option<&Session>) -> Self {
        Self { status, body, cookies, identity: identity_of(session), headers: Vec::new() }
    }

    pub(super) fn json(body: Value, session: Option<&Session>) -> Self {
        Self::of(200, Content::Json(body), Cookies::Usual, session)
    }

    pub(super) fn html(status: u16, text: &str) -> Self {
        Self::of(status, Content::Html(text.to_owned()), Cookies::Absent, None)
    }

    pub(super) fn page(status: u16, name: &'static str, text: &str, session: Option<&Session>) -> Self {
        Self::of(status, Content::Page { name, text: text.to_owned() }, Cookies::Usual, session)
    }

    pub(super) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// An error, as JSON or as the page that a reader of HTML gets.
    pub(super) fn fault(site: &Site, fault: &Fault, session: Option<&Session>, wants_html: bool) -> Self {
        let content = match (wants_html, fault.status) {
            (true, 429) => Content::Plain("Too Many Requests"),
            (true, _) => Content::Page { name: "message", text: fault.exc_type.to_owned() },
            (false, _) => Content::Json(fault.body(site.options.version, site.options.allow_error_traceback)),
        };
        Self::of(fault.status, content, fault.cookies, session)
    }
}

/// A short page of the server in front.
pub(super) fn html(status: StatusCode, text: &str) -> Response<Body> {
    finish(status, "text/html; charset=utf-8", page(text).into())
}

fn page(text: &str) -> String {
    format!("<!doctype html>\n<html lang=en>\n<title>{text}</title>\n<h1>{text}</h1>\n")
}

/// A response with a body and what every answer has.
pub(super) fn finish(status: StatusCode, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(http::header::SERVER, HeaderValue::from_static("gunicorn"));
    response
}

/// The answer as it is sent, cut, slowed or mislabelled as the knob says.
pub(super) fn written(site: &Site, reply: Reply, knob: &Knob, origin: Option<HeaderValue>) -> Response<Body> {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match reply.body {
        Content::Html(text) => html(status, &text),
        Content::Plain(text) => finish(status, "text/plain; charset=utf-8", text.into()),
        Content::Page { name, text } => {
            let mut response = html(status, &text);
            website(response.headers_mut(), name);
            response
        }
        Content::File(file) => sent(file, knob),
        Content::Json(value) => {
            let text = ascii(&value.to_string());
            let content_type = if knob.failure == Failure::WrongContentType { "text/plain; charset=utf-8" } else { "application/json" };
            super::knobs::body_of(text.into(), knob, |body| finish(status, content_type, body))
        }
    };
    let headers = response.headers_mut();
    for cookie in cookies::lines(reply.cookies, &reply.identity) {
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(SET_COOKIE, cookie);
        }
    }
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    if site.options.version == Version::V16 {
        headers.insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store,no-cache,must-revalidate,max-age=0"));
    }
    if let Some(origin) = origin.filter(|_| site.options.cross_origin) {
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(VARY, HeaderValue::from_static("Origin"));
    }
    response
}

/// Private files come in chunks, without a length.
fn sent(file: Download, knob: &Knob) -> Response<Body> {
    let shape = |body| finish(StatusCode::OK, file.content_type, body);
    let cut = Knob { failure: Failure::CutChunk, ..Knob::default() };
    let knob = if knob.failure == Failure::FilesCut { &cut } else { knob };
    let mut response = if knob.failure == Failure::Sound {
        let pieces: Vec<Result<Bytes, std::io::Error>> =
            file.content.chunks(64 * 1024).map(|piece| Ok(file.content.slice_ref(piece))).collect();
        shape(Body::from_stream(futures::stream::iter(pieces)))
    } else {
        super::knobs::body_of(file.content.clone(), knob, shape)
    };
    if let Some(value) = file.disposition.and_then(|value| HeaderValue::from_str(&value).ok()) {
        response.headers_mut().insert(http::header::CONTENT_DISPOSITION, value);
    }
    response
}

fn website(headers: &mut HeaderMap, name: &'static str) {
    headers.insert("x-page-name", HeaderValue::from_static(name));
    headers.insert("x-from-cache", HeaderValue::from_static("False"));
    let preload = "</website.bundle.css>; rel=preload; as=style,</frappe-web.bundle.js>; rel=preload; as=script,</website_script.js>; rel=preload; as=script";
    headers.insert(http::header::LINK, HeaderValue::from_static(preload));
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
