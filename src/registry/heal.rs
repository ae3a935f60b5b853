//! A sync at once, because an upstream no longer takes a tenant's key.
//!
//! Owns how often that may happen. It must not know what a call upstream is: the caller repeats it, if the credentials
//! that come back differ.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use super::{Registry, Tenant, TenantId, TenantStatus};

/// Least time between two forced syncs, whoever asks.
const BETWEEN_ALL: Duration = Duration::from_secs(1);
/// Least time between two forced syncs for one tenant: an upstream that refuses for good must not become a load.
const BETWEEN_OWN: Duration = Duration::from_secs(10);

/// What has been forced lately.
#[derive(Default)]
pub(in crate::registry) struct Heals {
    /// Syncs begun: whoever waits for one that began after it asked needs none of its own.
    pub begun: AtomicU64,
    lately: Mutex<Lately>,
}

#[derive(Default)]
struct Lately {
    last: Option<Instant>,
    own: HashMap<TenantId, Instant>,
}

impl Heals {
    /// Whether this tenant may force a sync now; if so, it counts as having done so.
    fn admit(&self, id: &TenantId) -> bool {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        lately.own.retain(|_, last| last.elapsed() < BETWEEN_OWN);
        let admitted = !lately.own.contains_key(id);
        if admitted {
            lately.own.insert(id.clone(), Instant::now());
        }
        admitted
    }

    /// How long the next forced sync must wait; zero takes the place.
    fn turn(&self) -> Duration {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = lately.last.map_or(Duration::ZERO, |last| BETWEEN_ALL.saturating_sub(last.elapsed()));
        if wait.is_zero() {
            lately.last = Some(Instant::now());
        }
        wait
    }
}

impl Registry {
    /// After an upstream answered 401 to the tenant's key: syncs at once, unless what is in force already differs from
    /// what was used. Coalesced, at most one forced sync a second in all and one in ten seconds per tenant; past that,
    /// what is in force is returned as it is. `None`: gone or suspended.
    pub async fn heal(&self, tenant: &Tenant) -> Option<Arc<Tenant>> {
        let asked = self.heals.begun.load(Ordering::Acquire);
        if !self.serves_the_same(tenant) || self.link.is_none() || !self.heals.admit(&tenant.id) {
            return self.in_force(&tenant.id);
        }
        loop {
            let mut state = self.gate.lock().await;
            if self.heals.begun.load(Ordering::Acquire) != asked {
                break;
            }
            let wait = self.heals.turn();
            if wait.is_zero() {
                let _ = self.sync(&mut state).await;
                break;
            }
            drop(state);
            tokio::time::sleep(wait).await;
        }
        self.in_force(&tenant.id)
    }

    /// Whether the very configuration that the caller used is still in force.
    fn serves_the_same(&self, tenant: &Tenant) -> bool {
        self.get(&tenant.id).is_some_and(|now| std::ptr::eq(&*now, tenant))
    }

    fn in_force(&self, id: &TenantId) -> Option<Arc<Tenant>> {
        self.get(id).filter(|tenant| tenant.status == TenantStatus::Active)
    }
}
