//! The headers that every answer carries, in one place; a snapshot of them stands in the tests.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderValue, header};

use crate::config::WebConfig;

/// The policy of an answer that runs no script: error pages, JSON, files.
const NO_SCRIPT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    // Not `no-referrer`: the way back after a form without JavaScript is the referrer.
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Unless a handler has said otherwise.
const NO_FRAME: HeaderValue = HeaderValue::from_static("DENY");

/// The policy of a page whose scripts carry this nonce. Frames are for documents of this very portal.
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; frame-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )
}

/// The policy of a form that takes files: the one script with this nonce shows how far they are.
pub fn upload_policy(nonce: &str) -> String {
    format!("{NO_SCRIPT_POLICY}; script-src 'nonce-{nonce}'; connect-src 'self'")
}

/// Adds what is missing; what a handler has set itself (a page's own policy, an asset's caching) stays.
pub async fn complete(State(web): State<Arc<WebConfig>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    if !web.development {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    headers.entry(header::X_FRAME_OPTIONS).or_insert(NO_FRAME);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NO_SCRIPT_POLICY));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.append(header::VARY, HeaderValue::from_static("Cookie, Host"));
    }
    headers.remove(header::SERVER);
    response
}
