//! The registry as the rest of the portal sees it: the table in force, and how far it can be trusted.
//!
//! Owns the one pointer that requests read. It must not know how the next table comes about (`sync`).

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwapOption;
use tokio::time::Instant;

use super::{Table, Tenant, TenantId, cache::Cache, heal::Heals, link::Link, sync::SyncState};

/// Every institution's configuration, kept true by a loop.
pub struct Registry {
    pub(in crate::registry) table: ArcSwapOption<Table>,
    pub(in crate::registry) trust: Mutex<Trust>,
    /// Held while a sync is under way: there is one at a time.
    pub(in crate::registry) gate: tokio::sync::Mutex<SyncState>,
    pub(in crate::registry) heals: Heals,
    /// `None` where a fixed table is served: in tests.
    pub(in crate::registry) link: Option<Arc<Link>>,
    pub(in crate::registry) cache: Option<Arc<Cache>>,
    pub(in crate::registry) interval: Duration,
    pub(in crate::registry) development: bool,
}

/// How far the table in force can be trusted.
#[derive(Default)]
pub(in crate::registry) struct Trust {
    /// When the authority last confirmed it; for one from the cache, when it was put in force.
    pub confirmed: Option<Instant>,
    /// How old it was already then.
    pub age_then: Duration,
    /// Whether the authority has not confirmed it since the start.
    pub from_cache: bool,
    /// Why the last sync failed, if it did.
    pub last_failure: Option<String>,
}

/// Whether requests can be served, and from what.
#[derive(Clone, Debug)]
pub struct Readiness {
    /// Whether there is a table.
    pub ready: bool,
    /// Its version.
    pub version: Option<u64>,
    /// How long ago the authority last confirmed it.
    pub age: Option<Duration>,
    /// Whether it is the sealed cache's and the authority has not been reached since the start.
    pub from_cache: bool,
    /// Entries not in force as sent: the tenant's id and why.
    pub quarantined: Vec<(String, String)>,
    /// Why the last sync failed; `None` after one that did not. Holds no secret.
    pub last_failure: Option<String>,
}

impl Registry {
    /// The tenant of a canonical host, suspended ones included: one atomic load and one hash lookup, no allocation.
    pub fn resolve(&self, host: &str) -> Option<Arc<Tenant>> {
        self.table.load().as_ref()?.resolve(host).cloned()
    }

    /// The tenant with this id, as it is in force now.
    pub fn get(&self, id: &TenantId) -> Option<Arc<Tenant>> {
        self.table.load().as_ref()?.get(id).cloned()
    }

    /// Every tenant in force, by id.
    pub fn tenants(&self) -> Vec<Arc<Tenant>> {
        let table = self.table.load();
        let mut tenants: Vec<_> = table.iter().flat_map(|table| table.tenants()).cloned().collect();
        tenants.sort_by(|a, b| a.id.cmp(&b.id));
        tenants
    }

    /// Whether requests can be served, and from what.
    pub fn readiness(&self) -> Readiness {
        let table = self.table.load_full();
        let trust = self.trust();
        Readiness {
            ready: table.is_some(),
            version: table.as_ref().map(|table| table.version()),
            age: trust.age(),
            from_cache: trust.from_cache,
            quarantined: table.map(|table| table.quarantined().to_vec()).unwrap_or_default(),
            last_failure: trust.last_failure.clone(),
        }
    }

    /// A registry that serves one table for ever.
    pub(in crate::registry) fn fixed(table: Table) -> Self {
        let trust = Trust { confirmed: Some(Instant::now()), ..Trust::default() };
        Self {
            table: ArcSwapOption::from_pointee(table),
            trust: Mutex::new(trust),
            gate: tokio::sync::Mutex::default(),
            heals: Heals::default(),
            link: None,
            cache: None,
            interval: Duration::from_secs(30),
            development: true,
        }
    }

    /// A registry of [`Table::for_bench`], for benchmarks and black-box tests.
    #[doc(hidden)]
    pub fn for_bench(tenants: usize) -> Option<Self> {
        Table::for_bench(tenants).map(Self::fixed)
    }

    /// Puts another table in force, as a sync does; for benchmarks.
    #[doc(hidden)]
    pub fn swap_for_bench(&self, table: Table) {
        self.table.store(Some(Arc::new(table)));
    }

    pub(in crate::registry) fn trust(&self) -> MutexGuard<'_, Trust> {
        self.trust.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trust {
    pub(in crate::registry) fn age(&self) -> Option<Duration> {
        self.confirmed.map(|confirmed| confirmed.elapsed() + self.age_then)
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Registry({:?})", self.table.load())
    }
}
