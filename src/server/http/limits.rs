//! Each tenant's own share: a token bucket for its rate, a gate for what is under way. A noisy institution is told to wait;
//! the others do not notice.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter, clock::Clock as _};
use tokio::sync::Semaphore;

use super::refuse;
use crate::{
    model::{ErrorCode, PortalError},
    registry::{Limits, Tenant, TenantId},
    telemetry::metrics,
};

/// Seconds after which another try makes sense when too much is under way.
const BUSY_RETRY_S: u32 = 1;

/// The buckets and gates of all tenants seen.
#[derive(Default)]
pub struct TenantLimits {
    shares: Mutex<HashMap<TenantId, Arc<Share>>>,
}

struct Share {
    limits: Limits,
    rate: DefaultDirectRateLimiter,
    under_way: Arc<Semaphore>,
}

impl TenantLimits {
    fn share(&self, tenant: &Tenant) -> Arc<Share> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let share = shares.entry(tenant.id.clone()).or_insert_with(|| Arc::new(Share::new(tenant.limits)));
        if share.limits != tenant.limits {
            *share = Arc::new(Share::new(tenant.limits));
        }
        Arc::clone(share)
    }
}

impl Share {
    fn new(limits: Limits) -> Self {
        let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(limits.requests_per_second)).allow_burst(at_least_one(limits.burst));
        Self { limits, rate: RateLimiter::direct(quota), under_way: Arc::new(Semaphore::new(limits.max_concurrency.max(1))) }
    }
}

/// Lets the request through within its tenant's limits.
pub async fn enforce(State(limits): State<Arc<TenantLimits>>, request: Request, next: Next) -> Response {
    let Some(tenant) = request.extensions().get::<Arc<Tenant>>() else {
        return refuse(PortalError::new(ErrorCode::NoTenant));
    };
    let share = limits.share(tenant);
    if let Err(not_until) = share.rate.check() {
        metrics::rate_limited("tenant_rate");
        let wait = not_until.wait_time_from(governor::clock::DefaultClock::default().now());
        let retry_after_s = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        return refuse(PortalError::new(ErrorCode::Busy { retry_after_s }));
    }
    let Ok(_permit) = Arc::clone(&share.under_way).try_acquire_owned() else {
        metrics::rate_limited("tenant_concurrency");
        return refuse(PortalError::new(ErrorCode::Busy { retry_after_s: BUSY_RETRY_S }));
    };
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::get};
    use http::{StatusCode, header};
    use tower::ServiceExt as _;

    use super::*;
    use crate::registry::testing;

    fn tenant(id: &str) -> Arc<Tenant> {
        testing::tenant_with(id, |entry| {
            entry["limits"] = serde_json::json!({"requests_per_second": 1, "burst": 3, "max_concurrency": 2});
        })
    }

    fn routes() -> Router {
        let handler = || async { tokio::task::yield_now().await };
        Router::new().route("/", get(handler)).layer(from_fn_with_state(Arc::new(TenantLimits::default()), enforce))
    }

    async fn ask(routes: &Router, tenant: &Arc<Tenant>) -> Response {
        let mut request = Request::new(Body::empty());
        request.extensions_mut().insert(Arc::clone(tenant));
        routes.clone().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn a_noisy_institution_is_told_to_wait_and_the_others_do_not_notice() {
        let (routes, noisy, quiet) = (routes(), tenant("banyan"), tenant("tamarind"));
        for _ in 0..3 {
            assert_eq!(ask(&routes, &noisy).await.status(), StatusCode::OK);
        }
        let refused = ask(&routes, &noisy).await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "1");
        assert_eq!(ask(&routes, &quiet).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn more_under_way_than_allowed_is_refused_and_new_limits_count_at_once() {
        let (routes, narrow) = (routes(), tenant("banyan"));
        let answers = futures::future::join_all((0..3).map(|_| ask(&routes, &narrow))).await;
        let refused = answers.iter().filter(|answer| answer.status() == StatusCode::TOO_MANY_REQUESTS).count();
        assert_eq!(refused, 1);
        let wide = testing::tenant("banyan");
        assert_eq!(ask(&routes, &wide).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_request_without_a_tenant_is_refused() {
        assert_eq!(routes().oneshot(Request::new(Body::empty())).await.unwrap().status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
