//! The origin check: every unsafe request and every call of a server function must come from this very portal; reads of the JSON
//! API need not.
//!
//! `SameSite=Lax` is no defence here: tenants may share a registrable domain, so a sibling's page is "same site", and
//! server functions have no protection of their own. Accepted is `Sec-Fetch-Site: same-origin`, or, from browsers that do
//! not send it, an `Origin` equal to our own. Everything else is refused, a request without either included.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, Method, header};

use super::{refuse, tenant::SeenAuthority};
use crate::{
    config::WebConfig,
    model::{ErrorCode, PortalError},
};

/// Where server functions live; what is below [`JSON_API`] is none.
pub const SERVER_FUNCTIONS: &str = "/api/";
/// Where the JSON API lives. It may be read from anywhere that holds the session's cookie: a program sends neither header, and a
/// page of another site cannot read the answer, since none carries a permission to. What is not a read is checked like any other.
pub const JSON_API: &str = "/api/v1";

/// Whether an address is the JSON API's.
pub fn is_json_api(path: &str) -> bool {
    path.strip_prefix(JSON_API).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Refuses what another site sent.
pub async fn check(State(web): State<Arc<WebConfig>>, request: Request, next: Next) -> Response {
    let unsafe_method = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let upgrade = request.headers().contains_key(header::UPGRADE);
    let path = request.uri().path();
    let needs_check = unsafe_method || upgrade || (path.starts_with(SERVER_FUNCTIONS) && !is_json_api(path));
    if needs_check {
        let authority = request.extensions().get::<SeenAuthority>().map(|seen| seen.0.clone());
        if !authority.is_some_and(|authority| from_here(request.headers(), &authority, web.development)) {
            tracing::warn!("refused a request from another origin");
            return refuse(PortalError::new(ErrorCode::WrongOrigin));
        }
    }
    next.run(request).await
}

fn from_here(headers: &HeaderMap, authority: &str, development: bool) -> bool {
    let single = |name: &str| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
            _ => Err(()),
        }
    };
    match (single("sec-fetch-site"), single("origin")) {
        (Ok(Some(site)), _) => site == "same-origin",
        (Ok(None), Ok(Some(origin))) => {
            let scheme = if development { "http://" } else { "https://" };
            origin.strip_prefix(scheme).is_some_and(|host| host.eq_ignore_ascii_case(authority))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, http::HeaderValue::from_static(value));
        }
        from_here(&headers, "banyan.example", false)
    }

    #[test]
    fn what_only_begins_like_the_json_api_is_none_of_it() {
        assert!(["/api/v1", "/api/v1/", "/api/v1/cases"].into_iter().all(is_json_api));
        assert!(!["/api/v11", "/api/v1x/cases", "/api/cases/list", "/x/api/v1/"].into_iter().any(is_json_api));
    }

    #[test]
    fn only_this_very_origin_is_accepted() {
        assert!(accepted(&[("sec-fetch-site", "same-origin")]));
        assert!(accepted(&[("origin", "https://banyan.example")]));
        let refused: [&[(&str, &str)]; 9] = [
            &[],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://banyan.example")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
            &[("origin", "null")],
            &[("origin", "http://banyan.example")],
            &[("origin", "https://banyan.example.evil.example")],
        ];
        for headers in refused {
            assert!(!accepted(headers), "{headers:?}");
        }
    }
}
