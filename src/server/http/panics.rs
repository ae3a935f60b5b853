//! A handler that panics answers 500 with the request's id; the process and all other requests go on.

use std::any::Any;

use axum::response::Response;

use super::refuse;
use crate::{
    model::{ErrorCode, PortalError},
    telemetry::metrics,
};

/// Turns a caught panic into a refusal. The payload may hold anything, a borrower's data included: it is not logged; the
/// panic's place is, by the hook of [`log_places`].
pub fn answer(_payload: Box<dyn Any + Send + 'static>) -> Response {
    metrics::panicked();
    refuse(PortalError::new(ErrorCode::Internal))
}

/// Logs where panics happen, without their message.
pub fn log_places() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "unknown".to_owned(), |place| format!("{}:{}", place.file(), place.line()));
        tracing::error!(place, "panicked");
    }));
}
