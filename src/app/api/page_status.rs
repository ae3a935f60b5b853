//! A page's status and redirect, while it renders on the server. The one place that touches `ResponseOptions`.

use std::time::Duration;

use http::{StatusCode, request::Parts};
use leptos::prelude::with_context;
use leptos_axum::ResponseOptions;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::{ErrorCode, PortalError};

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

/// See [`panel`](super::panel).
pub async fn within_panel_deadline<T>(work: impl Future<Output = Result<T, PortalError>>) -> Result<T, PortalError> {
    tokio::time::timeout(PANEL_DEADLINE, work).await.unwrap_or_else(|_elapsed| Err(ErrorCode::Upstream.into()))
}

/// Only pages of ours are come back to. Encoded twice: the router of Leptos 0.8 decodes query values twice.
fn sign_in_address() -> String {
    let path = with_context::<Parts, _>(|parts| parts.uri.path_and_query().map(|path| path.as_str().to_owned())).flatten();
    match path.filter(|path| path == "/cases" || path.starts_with("/cases?")) {
        Some(path) => format!("/sign-in?next={}", utf8_percent_encode(&path, NON_ALPHANUMERIC).to_string().replace('%', "%25")),
        None => "/sign-in".to_owned(),
    }
}
