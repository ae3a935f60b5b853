//! What is shared by all calls of the process: the connection pools, and per tenant, origin and site what keeps one from
//! drowning another.
//!
//! Owns the HTTP client. It must not know any credential: those are put on each request.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::sync::Cache;
use tokio::{sync::Semaphore, time::Instant};

use super::{
    Fault,
    breaker::Breaker,
    budget::RetryBudget,
    gate::{FairGate, Place},
};
use crate::{
    config::UpstreamConfig,
    registry::{Tenant, TenantId, TenantKey},
};

/// Time for a connection to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Gunicorn closes idle connections after two seconds: ours are gone before.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_millis(1_500);
/// What is kept about a tenant, an origin or a site after its last call.
const KEPT_FOR: Duration = Duration::from_secs(3_600);
/// How long a site's version, time zone and only institution are believed.
const FACTS_FOR: Duration = Duration::from_secs(600);
/// Uploads of one tenant at once; their places at an origin are others' too.
const UPLOADS_MAX: usize = 4;
/// Entries of each of these tables.
const ENTRIES_MAX: u64 = 20_000;

/// The process's way to all upstreams.
pub struct Upstreams {
    pub(super) http: Option<reqwest::Client>,
    tenants: Cache<TenantKey, Arc<TenantGate>>,
    origins: Cache<String, Arc<Origin>>,
    sites: Cache<(String, Option<String>), Arc<Breaker>>,
    facts: Cache<TenantKey, (TenantId, Arc<str>)>,
    max_per_origin: usize,
}

/// What calls of one tenant share.
pub(super) struct TenantGate {
    places: Arc<Semaphore>,
    /// Uploads are as long under way as somebody's line is slow: half the places at most are theirs, so that pages go on.
    uploads: Arc<Semaphore>,
    /// The upstream asked for quiet until then (429).
    closed_until: Mutex<Option<Instant>>,
}

/// What calls to one origin share.
pub(super) struct Origin {
    pub(super) gate: Arc<FairGate<TenantKey>>,
    pub(super) budget: RetryBudget,
}

/// The places that a call holds while it is under way.
pub(super) struct Places {
    _tenant: tokio::sync::OwnedSemaphorePermit,
    _origin: Place<TenantKey>,
}

impl Upstreams {
    /// A way upstream with these limits; one for the process.
    pub fn new(config: UpstreamConfig) -> Arc<Self> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .tcp_nodelay(true)
            .build();
        if let Err(error) = &http {
            tracing::error!(%error, "no HTTP client can be built: every call upstream will fail");
        }
        Arc::new(Self {
            http: http.ok(),
            tenants: Cache::builder().max_capacity(ENTRIES_MAX).time_to_idle(KEPT_FOR).build(),
            origins: Cache::builder().max_capacity(ENTRIES_MAX).time_to_idle(KEPT_FOR).build(),
            sites: Cache::builder().max_capacity(ENTRIES_MAX).time_to_idle(KEPT_FOR).build(),
            facts: Cache::builder().max_capacity(ENTRIES_MAX).time_to_live(FACTS_FOR).build(),
            max_per_origin: config.max_per_origin,
        })
    }

    pub(super) fn tenant(&self, tenant: &Tenant) -> Arc<TenantGate> {
        // The limit is part of the key: a tenant whose limit changes gets a new gate, calls under way keep the old one.
        let places = tenant.upstream.max_concurrency.clamp(1, Semaphore::MAX_PERMITS);
        self.tenants.get_with(TenantKey::new(tenant, "frappe.gate", &places.to_string()), || {
            Arc::new(TenantGate {
                places: Arc::new(Semaphore::new(places)),
                uploads: Arc::new(Semaphore::new((places / 2).clamp(1, UPLOADS_MAX))),
                closed_until: Mutex::new(None),
            })
        })
    }

    pub(super) fn origin(&self, tenant: &Tenant) -> Arc<Origin> {
        self.origins
            .get_with(origin(tenant), || Arc::new(Origin { gate: FairGate::new(self.max_per_origin), budget: RetryBudget::default() }))
    }

    pub(super) fn breaker(&self, tenant: &Tenant) -> Arc<Breaker> {
        let origin = origin(tenant);
        self.sites.get_with((origin.clone(), tenant.upstream.site.clone()), || Arc::new(Breaker::of(&origin)))
    }

    /// A fact about the tenant's site that was read before.
    pub(super) fn fact(&self, tenant: &Tenant, kind: &'static str) -> Option<Arc<str>> {
        // The value says whose it is as well: a key that was made wrongly gives nothing, never another's.
        self.facts.get(&fact_key(tenant, kind)).filter(|(owner, _)| *owner == tenant.id).map(|(_, fact)| fact)
    }

    pub(super) fn remember(&self, tenant: &Tenant, kind: &'static str, fact: &str) -> Arc<str> {
        let fact: Arc<str> = fact.into();
        self.facts.insert(fact_key(tenant, kind), (tenant.id.clone(), Arc::clone(&fact)));
        fact
    }
}

impl TenantGate {
    /// A place for one call: the tenant's own first, then the origin's.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] while the upstream wants quiet, [`Fault::Busy`] at the deadline.
    pub(super) async fn enter(&self, tenant: &Tenant, origin: &Origin, deadline: Instant) -> Result<Places, Fault> {
        self.open()?;
        let waiting = Arc::clone(&self.places).acquire_owned();
        let Ok(Ok(own)) = tokio::time::timeout_at(deadline, waiting).await else { return Err(Fault::Busy) };
        let shared = origin.gate.enter(&TenantKey::new(tenant, "frappe.turn", ""), deadline).await?;
        // It may have closed while this call waited.
        self.open()?;
        Ok(Places { _tenant: own, _origin: shared })
    }

    /// Leave for one upload, which asks for a place afterwards.
    ///
    /// # Errors
    /// [`Fault::Busy`] at the deadline.
    pub(super) async fn upload(&self, deadline: Instant) -> Result<tokio::sync::OwnedSemaphorePermit, Fault> {
        let waiting = Arc::clone(&self.uploads).acquire_owned();
        tokio::time::timeout_at(deadline, waiting).await.ok().and_then(Result::ok).ok_or(Fault::Busy)
    }

    /// Nothing is asked for so long.
    pub(super) fn close_for(&self, seconds: u32) {
        let until = Instant::now() + Duration::from_secs(u64::from(seconds));
        let mut closed = self.closed_until.lock().unwrap_or_else(PoisonError::into_inner);
        *closed = Some(closed.map_or(until, |before| before.max(until)));
    }

    fn open(&self) -> Result<(), Fault> {
        let mut closed = self.closed_until.lock().unwrap_or_else(PoisonError::into_inner);
        match *closed {
            Some(until) if until > Instant::now() => {
                let left_s = until.duration_since(Instant::now()).as_secs_f64().ceil() as u32;
                Err(Fault::RateLimited { retry_after_s: left_s.max(1) })
            }
            _ => {
                *closed = None;
                Ok(())
            }
        }
    }
}

fn origin(tenant: &Tenant) -> String {
    tenant.upstream.base_url.origin().ascii_serialization()
}

/// Facts are the site's, yet kept per tenant: nothing read with one tenant's key is used for another.
fn fact_key(tenant: &Tenant, kind: &'static str) -> TenantKey {
    let site = tenant.upstream.site.as_deref().unwrap_or_default();
    TenantKey::new(tenant, kind, &format!("{} {site}", tenant.upstream.base_url))
}
