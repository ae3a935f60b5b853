//! What a call upstream needs besides the tenant: the way out, the request's id and its deadline.
//!
//! Owns this module's task-local. It must not know who enters it; where nothing was entered there is no client.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::time::Instant;

use super::{Fault, Upstreams};
use crate::registry::Tenant;

/// Asks the registry for a tenant anew after its key was refused: the tenant as it is now, or `None` where it is gone.
/// The registry sees to it that many callers cause one sync.
pub type Heal = Arc<dyn Fn(Arc<Tenant>) -> BoxFuture<'static, Option<Arc<Tenant>>> + Send + Sync>;

/// The surroundings of the calls of one request or job.
#[derive(Clone)]
pub struct CallContext {
    /// The way out.
    pub upstreams: Arc<Upstreams>,
    /// The healing hook.
    pub registry: Heal,
    /// The request's id, passed on as `X-Request-ID`.
    pub request_id: String,
    /// The W3C trace context, passed on as it came.
    pub traceparent: Option<String>,
    /// When an answer is of no more use.
    pub deadline: Instant,
}

tokio::task_local! {
    static CONTEXT: CallContext;
}

/// Runs a future with these surroundings.
pub async fn enter<F: Future>(context: CallContext, future: F) -> F::Output {
    CONTEXT.scope(context, future).await
}

pub(super) fn current() -> Result<CallContext, Fault> {
    CONTEXT.try_with(Clone::clone).map_err(|_| {
        tracing::error!("a call upstream outside a call context");
        Fault::NoTenant
    })
}
