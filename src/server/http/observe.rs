//! Request id, span, metrics and the access line: everything an operator needs to follow one request.
//!
//! Logs the route's pattern, never the path, and no query string: a search may hold a borrower's name.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderValue};
use tracing::Instrument as _;

use super::{RequestFacts, choices, peer};
use crate::{config::WebConfig, telemetry::metrics};

/// The longest request id that is taken over from a trusted proxy, in characters.
const MAX_REQUEST_ID: usize = 64;

/// Gives the request its id and its span, counts it and logs it.
pub async fn observe(State(web): State<Arc<WebConfig>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let peer_address = request.extensions().get::<peer::Peer>().map(|peer| peer.0.ip());
    // Without a listener of ours there is no peer: such a request (a test's) is trusted with nothing.
    let peer_ip = peer_address.unwrap_or(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED));
    let from_trusted_proxy = peer_address.is_some_and(|ip| peer::inside(&web.trusted_proxies, ip));
    let facts = RequestFacts {
        request_id: request_id(request.headers(), from_trusted_proxy),
        traceparent: traceparent(request.headers()),
        client: peer::client_address(request.headers(), peer_ip, &web.trusted_proxies),
        from_trusted_proxy,
        theme: choices::theme(request.headers()),
        columns: choices::columns(request.headers()),
    };
    let route: Arc<str> = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).into();
    let method = known_method(request.method());
    let span = tracing::info_span!(
        "request",
        request_id = %facts.request_id,
        route = %route,
        method,
        tenant = tracing::field::Empty,
        user = tracing::field::Empty,
    );
    let request_id = HeaderValue::from_str(&facts.request_id).ok();
    request.extensions_mut().insert(facts);

    metrics::http_in_flight(1.0);
    let in_flight = InFlight;
    let mut response = next.run(request).instrument(span.clone()).await;
    drop(in_flight);

    let status = response.status().as_u16();
    let duration = started.elapsed();
    metrics::http_request(method, &route, status, duration);
    span.in_scope(|| tracing::info!(status, duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX), "answered"));
    if let Some(id) = request_id {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// Takes one from the gauge when the request ends, also when its caller hangs up.
struct InFlight;

impl Drop for InFlight {
    fn drop(&mut self) {
        metrics::http_in_flight(-1.0);
    }
}

/// The id of a trusted proxy where it is short and plain, else a new UUID v7.
fn request_id(headers: &HeaderMap, from_trusted_proxy: bool) -> Arc<str> {
    let given = headers
        .get("x-request-id")
        .and_then(|value| value.to_str().ok())
        .filter(|id| (1..=MAX_REQUEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    match given {
        Some(id) if from_trusted_proxy => id.into(),
        _ => uuid::Uuid::now_v7().to_string().into(),
    }
}

/// A W3C `traceparent` of the right shape; anything else is dropped rather than passed on.
fn traceparent(headers: &HeaderMap) -> Option<Arc<str>> {
    let text = headers.get("traceparent")?.to_str().ok()?;
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let plain = text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    (lengths == [2, 32, 16, 2] && plain).then(|| text.into())
}

/// The method as a label: a client may invent methods without end.
fn known_method(method: &http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_is_taken_over_from_trusted_proxies_alone_and_only_if_plain() {
        let headers =
            |id: &'static str| HeaderMap::from_iter([(http::HeaderName::from_static("x-request-id"), HeaderValue::from_static(id))]);
        assert_eq!(&*request_id(&headers("abc-1"), true), "abc-1");
        assert_ne!(&*request_id(&headers("abc-1"), false), "abc-1");
        assert_ne!(&*request_id(&headers("a b\"}"), true), "a b\"}");
    }

    #[test]
    fn a_trace_context_is_passed_on_only_in_its_own_shape() {
        let headers =
            |text: &'static str| HeaderMap::from_iter([(http::HeaderName::from_static("traceparent"), HeaderValue::from_static(text))]);
        assert!(traceparent(&headers("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")).is_some());
        assert!(traceparent(&headers("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\tx: y")).is_none());
        assert!(traceparent(&headers("evil")).is_none());
    }
}
