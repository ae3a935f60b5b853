//! A page's status and redirect, while it renders on the server. The one place that touches `ResponseOptions`.

use std::time::Duration;

use http::{HeaderValue, StatusCode, header::LOCATION, request::Parts};
use leptos::prelude::with_context;
use leptos_axum::ResponseOptions;

use crate::model::{ErrorCode, LocalPath, PortalError};

/// How long a side panel may hold up a page.
const PANEL_DEADLINE: Duration = Duration::from_millis(1500);

/// Sets the status that says the same as the error.
pub fn set(error: &PortalError) {
    if error.code == ErrorCode::SignedOut {
        return leptos_axum::redirect(&sign_in_address());
    }
    if let Ok(status) = StatusCode::from_u16(error.status()) {
        let _ = with_context::<ResponseOptions, _>(|response| response.set_status(status));
    }
}

/// Leads on to another page of the portal, while this one renders on the server; nothing, where a function is asked by itself: then
/// its answer is wanted.
pub fn lead_to(address: &str) {
    let is_page = with_context::<Parts, _>(|parts| !parts.uri.path().starts_with("/api/")).unwrap_or(false);
    if let (true, Ok(address)) = (is_page, HeaderValue::from_str(address)) {
        let _ = with_context::<ResponseOptions, _>(|response| {
            response.set_status(StatusCode::SEE_OTHER);
            response.insert_header(LOCATION, address);
        });
    }
}

/// See [`panel`](super::panel).
pub async fn within_panel_deadline<T>(work: impl Future<Output = Result<T, PortalError>>) -> Result<T, PortalError> {
    tokio::time::timeout(PANEL_DEADLINE, work).await.unwrap_or_else(|_elapsed| Err(ErrorCode::Upstream.into()))
}

/// Only pages of ours are come back to.
fn sign_in_address() -> String {
    let path = with_context::<Parts, _>(|parts| parts.uri.path_and_query().and_then(|path| LocalPath::parse(path.as_str()))).flatten();
    path.map_or_else(|| "/sign-in".to_owned(), |path| path.sign_in_address())
}
