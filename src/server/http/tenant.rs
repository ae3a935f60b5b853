//! Host → tenant: whose portal a request is for.
//!
//! Candidates in order: `X-Tenant-Host`, `X-Forwarded-Host` (both only from a trusted proxy), `Host`. The first that is
//! present decides, whatever it says: there is never a fall through to the next, and never a default institution.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;

use super::{RequestFacts, peer, refuse};
use crate::{
    model::{ErrorCode, PortalError},
    registry::{CanonicalHost, Registry, TenantStatus},
    telemetry::metrics,
};

/// The authority (`host[:port]`) under which the browser sees this portal, as it arrived.
#[derive(Clone, Debug)]
pub struct SeenAuthority(pub Arc<str>);

/// Resolves the tenant and puts it into the request's extensions, or refuses.
pub async fn resolve(State(registry): State<Arc<Registry>>, mut request: Request, next: Next) -> Response {
    let Some(facts) = request.extensions().get::<RequestFacts>() else {
        return refuse(PortalError::new(ErrorCode::Internal));
    };
    let client = facts.client;
    let Some(authority) = deciding_host(request.headers(), request.uri(), facts.from_trusted_proxy) else {
        return refuse(PortalError::new(ErrorCode::BadRequest));
    };
    let tenant = match CanonicalHost::parse(&authority) {
        Err(_) => return refuse(PortalError::new(ErrorCode::BadRequest)),
        Ok(host) => registry.resolve(host.as_str()),
    };
    let Some(tenant) = tenant else {
        let code = if registry.readiness().ready { ErrorCode::NotFound } else { ErrorCode::NotReady };
        return refuse(PortalError::new(code));
    };
    tracing::Span::current().record("tenant", tenant.id.as_str());
    metrics::tenant_request(tenant.id.as_str());
    if tenant.status == TenantStatus::Suspended {
        return refuse(PortalError::new(ErrorCode::Suspended));
    }
    if !tenant.networks.is_empty() && !peer::inside(&tenant.networks, client) {
        return refuse(PortalError::new(ErrorCode::WrongNetwork));
    }
    request.extensions_mut().insert(tenant);
    request.extensions_mut().insert(SeenAuthority(authority));
    next.run(request).await
}

/// The one host that decides; `None` where it is repeated, not ASCII, or where the request line names another.
fn deciding_host(headers: &HeaderMap, uri: &http::Uri, from_trusted_proxy: bool) -> Option<Arc<str>> {
    let forwarded: &[&str] = if from_trusted_proxy { &["x-tenant-host", "x-forwarded-host"] } else { &[] };
    for name in forwarded.iter().copied().chain(["host"]) {
        let mut values = headers.get_all(name).iter();
        let Some(first) = values.next() else { continue };
        if values.next().is_some() {
            return None;
        }
        let host = first.to_str().ok()?;
        // An absolute-form request line (or HTTP/2's :authority) that disagrees with Host is two answers to one question.
        if name == "host" && uri.authority().is_some_and(|authority| !authority.as_str().eq_ignore_ascii_case(host)) {
            return None;
        }
        return Some(host.into());
    }
    // HTTP/2 carries the host in the request line alone.
    uri.authority().map(|authority| authority.as_str().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(headers: &[(&'static str, &'static [u8])], trusted: bool) -> Option<String> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, http::HeaderValue::from_bytes(value).unwrap());
        }
        deciding_host(&map, &http::Uri::from_static("/cases"), trusted).map(|host| host.to_string())
    }

    #[test]
    fn forwarding_headers_count_from_trusted_proxies_alone() {
        let headers: [(&str, &[u8]); 3] = [("host", b"a.example"), ("x-forwarded-host", b"b.example"), ("x-tenant-host", b"c.example")];
        assert_eq!(decide(&headers, false).as_deref(), Some("a.example"));
        assert_eq!(decide(&headers, true).as_deref(), Some("c.example"));
        assert_eq!(decide(&headers[..2], true).as_deref(), Some("b.example"));
    }

    #[test]
    fn the_first_candidate_decides_even_when_it_is_unusable() {
        assert_eq!(decide(&[("host", b"a.example"), ("x-tenant-host", b"\xff")], true), None);
        assert_eq!(decide(&[("host", b"a.example"), ("host", b"b.example")], false), None);
        assert_eq!(decide(&[("host", b"a.example"), ("x-tenant-host", b"")], true).as_deref(), Some(""));
        assert_eq!(decide(&[], false), None);
    }

    #[test]
    fn a_request_line_that_disagrees_with_host_is_refused() {
        let headers = HeaderMap::from_iter([(http::header::HOST, http::HeaderValue::from_static("a.example"))]);
        assert_eq!(deciding_host(&headers, &http::Uri::from_static("http://b.example/cases"), false), None);
        assert!(deciding_host(&headers, &http::Uri::from_static("http://A.example/cases"), false).is_some());
    }

    #[test]
    fn underscore_aliases_are_other_headers() {
        let mut map = HeaderMap::new();
        map.append("host", http::HeaderValue::from_static("a.example"));
        map.append(http::HeaderName::from_bytes(b"x_tenant_host").unwrap(), http::HeaderValue::from_static("b.example"));
        assert_eq!(deciding_host(&map, &http::Uri::from_static("/"), true).as_deref(), Some("a.example"));
    }
}
