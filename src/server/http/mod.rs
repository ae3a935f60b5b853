//! The layers that every request passes, one a file, and the plain types with which they hand things on.
//!
//! A layer that refuses answers with [`refuse`]: a typed [`PortalError`] in the response's extensions. What a refusal looks
//! like (a page, problem+json, an encoded error for a server function) is the router's business.

pub mod assets;
pub mod brand;
pub mod calendar;
pub mod campaigns;
pub mod choices;
pub mod deadline;
pub mod document;
pub mod export;
pub mod filing;
pub mod forms;
pub mod headers;
pub mod isolate;
pub mod keys;
pub mod limits;
pub mod listener;
pub mod observe;
pub mod operator;
pub mod origin;
pub mod panics;
pub mod peer;
pub mod people;
pub mod reveal;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod tenant;
mod unsent;
pub mod upload;
pub mod views;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};

use crate::model::{ErrorCode, PortalError};

/// What the outer layers found out about a request, for whatever serves it.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// The id that the answer, the log and the upstream carry.
    pub request_id: std::sync::Arc<str>,
    /// The W3C trace context to pass on.
    pub traceparent: Option<std::sync::Arc<str>>,
    /// The client's address: the right-most hop that is not a trusted proxy.
    pub client: std::net::IpAddr,
    /// Whether the connection comes from a trusted proxy.
    pub from_trusted_proxy: bool,
    /// Light, dark, or as the system is set: what this browser has chosen.
    pub theme: crate::model::Theme,
    /// The case list's columns: what this browser has chosen.
    pub columns: crate::model::TableLook,
}

/// An answer that says no: status and, where it applies, `Retry-After`, with the typed error in its extensions.
pub fn refuse(error: PortalError) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let retry_after_s = match error.code {
        ErrorCode::Busy { retry_after_s } => Some(retry_after_s),
        ErrorCode::NotReady | ErrorCode::Maintenance => Some(10),
        _ => None,
    };
    if let Some(seconds) = retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.extensions_mut().insert(error);
    response
}

impl IntoResponse for PortalError {
    /// So that a handler may answer with a `Result`: its error is a refusal like any layer's.
    fn into_response(self) -> Response {
        refuse(self)
    }
}
