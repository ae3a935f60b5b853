//! The tenant in scope: a task-local that lives exactly as long as the future it was entered around.
//!
//! A task-local set by a middleware does not survive server-side rendering (resources move to spawned tasks, bodies are
//! polled after the handler returned), so it is entered at the doors of `server::context` and nowhere else. It fails
//! closed: where nothing is in scope there is no tenant, never another's.

use std::sync::Arc;

use super::Tenant;
use crate::telemetry::metrics;

tokio::task_local! {
    static CURRENT: Arc<Tenant>;
}

/// No tenant is in scope: a defect of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no tenant is in scope")]
pub struct NoTenant;

/// The tenant in scope.
///
/// # Errors
/// [`NoTenant`] outside a door; counted, since it must never happen.
pub fn current_tenant() -> Result<Arc<Tenant>, NoTenant> {
    CURRENT.try_with(Arc::clone).map_err(|_| {
        metrics::tenant_context_missing();
        tracing::error!("a tenant was asked for where none is in scope");
        NoTenant
    })
}

/// Runs a future with this tenant in scope. For the doors of `server::context` alone (`tests/tidy.rs` holds it).
pub async fn with_tenant<F: Future>(tenant: Arc<Tenant>, future: F) -> F::Output {
    CURRENT.scope(tenant, future).await
}
