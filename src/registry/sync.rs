//! How the table is kept true: when the authority is asked, and which of its answers replace what is in force.
//!
//! Owns versions, back-off, and the log of what changed. It must not know how an answer is opened (`link`), nor how
//! entries are judged (`table`).

use std::{
    collections::HashSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use arc_swap::ArcSwapOption;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    Registry, Table, TenantStatus,
    cache::Cache,
    heal::Heals,
    link::{Answer, Link, SyncFailure, unix_now},
    live::Trust,
    protocol::{MAX_AHEAD_SECONDS, Payload},
    table::TableError,
};
use crate::{config::RegistryConfig, telemetry::metrics};

/// How long the first try may take before the cache is served.
const CACHE_AFTER: Duration = Duration::from_secs(1);
/// Longest wait between tries while there is no table.
const MAX_WAIT_WITHOUT_TABLE: Duration = Duration::from_secs(30);
/// Longest wait between tries while there is one.
const MAX_WAIT_WITH_TABLE: Duration = Duration::from_secs(300);
/// First wait while there is no table.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// How often an unchanged table is written again, so that the cache's age is the age of the authority's word.
const CACHE_REFRESH: Duration = Duration::from_secs(15 * 60);
/// How often the age is measured.
const AGE_TICK: Duration = Duration::from_secs(5);

/// What a sync carries to the next; held by the one that is under way.
#[derive(Default)]
pub(in crate::registry) struct SyncState {
    /// Never hold a version below this one.
    floor: u64,
    /// What was in force before a restart: judged against, until there is a table.
    remembered: Option<Arc<Table>>,
    /// Syncs that failed in a row.
    failures: u32,
    cached_at: Option<Instant>,
}

/// What a sync that did not fail came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::registry) enum Synced {
    /// A new table is in force.
    Changed,
    /// What is in force is confirmed.
    Unchanged,
}

impl Registry {
    /// Starts keeping the table true until `shutdown`; returns at once, perhaps without a table yet.
    pub fn start(config: RegistryConfig, shutdown: CancellationToken) -> Arc<Self> {
        let registry = Arc::new(Self::idle(config));
        let running = Arc::clone(&registry);
        #[allow(clippy::disallowed_methods, reason = "the loop belongs to the process and serves every tenant: it has none to lose")]
        tokio::spawn(async move {
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = running.run() => {}
            }
        });
        registry
    }

    /// Forgets the floor and the cached table, so that a lower version may be taken: `--reset-registry`.
    ///
    /// # Errors
    /// The file is there and cannot be removed.
    pub fn reset(config: &RegistryConfig) -> std::io::Result<()> {
        match config.cache.as_deref().map(std::fs::remove_file) {
            Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// A registry whose loop does not run.
    pub(in crate::registry) fn idle(config: RegistryConfig) -> Self {
        let RegistryConfig { link, interval, cache, cache_max_age, development } = config;
        let cache = cache.map(|path| Arc::new(Cache { path, max_age: cache_max_age, node: link.node.clone(), development }));
        Self {
            table: ArcSwapOption::empty(),
            trust: std::sync::Mutex::new(Trust::default()),
            gate: tokio::sync::Mutex::new(SyncState::default()),
            heals: Heals::default(),
            link: Some(Arc::new(Link::new(&link))),
            cache,
            interval,
            development,
        }
    }

    async fn run(&self) {
        self.first().await;
        loop {
            let failures = self.gate.lock().await.failures;
            self.measure_while_waiting(wait(self.interval, failures, self.table.load().is_some())).await;
            let mut state = self.gate.lock().await;
            let _ = self.sync(&mut state).await;
        }
    }

    /// The first try, and the cache where it fails or takes its time.
    pub(in crate::registry) async fn first(&self) {
        let mut state = self.gate.lock().await;
        let cached = self.read_cache(&mut state).await;
        let first = self.sync(&mut state);
        tokio::pin!(first);
        let in_time = tokio::time::timeout(CACHE_AFTER, &mut first).await;
        if !matches!(in_time, Ok(Ok(_)))
            && let Some((table, age)) = cached
            && self.table.load().is_none()
        {
            tracing::warn!(version = table.version(), age_s = age.as_secs(), "the registry starts from its cache");
            self.publish(&table);
            self.table.store(Some(table));
            let mut trust = self.trust();
            (trust.confirmed, trust.age_then, trust.from_cache) = (Some(Instant::now()), age, true);
        }
        if in_time.is_err() {
            let _ = first.await;
        }
    }

    async fn read_cache(&self, state: &mut SyncState) -> Option<(Arc<Table>, Duration)> {
        let (cache, link) = (Arc::clone(self.cache.as_ref()?), Arc::clone(self.link.as_ref()?));
        let read = tokio::task::spawn_blocking(move || cache.read(&link.keys.cache, unix_now())).await.ok()?;
        let remembered = read.inspect_err(|error| tracing::info!("the registry has no cache to start from: {error}")).ok()?;
        state.floor = remembered.floor;
        let (table, age) = remembered.table.inspect_err(|reason| tracing::warn!("the registry's cache is not used: {reason}")).ok()?;
        let table = Arc::new(table);
        state.remembered = Some(Arc::clone(&table));
        Some((table, age))
    }

    async fn measure_while_waiting(&self, wait: Duration) {
        let until = Instant::now() + wait;
        while Instant::now() < until {
            tokio::time::sleep_until(until.min(Instant::now() + AGE_TICK)).await;
            if let Some(age) = self.trust().age() {
                metrics::registry_age(age);
            }
        }
    }

    /// One sync.
    pub(in crate::registry) async fn sync(&self, state: &mut SyncState) -> Result<Synced, SyncFailure> {
        self.heals.begun.fetch_add(1, Ordering::AcqRel);
        let result = self.pull_and_apply(state).await;
        self.note(state, &result);
        if let Ok(synced) = result {
            self.write_cache(state, synced).await;
        }
        result
    }

    /// Counts a result, and logs it where it changes how things stand.
    fn note(&self, state: &mut SyncState, result: &Result<Synced, SyncFailure>) {
        let mut trust = self.trust();
        match result {
            Ok(synced) => {
                metrics::registry_sync(if *synced == Synced::Changed { "changed" } else { "unchanged" });
                metrics::registry_age(Duration::ZERO);
                if trust.last_failure.is_some() || trust.confirmed.is_none() || trust.from_cache {
                    tracing::info!(version = self.table.load().as_ref().map(|table| table.version()), "the registry is in sync");
                }
                *trust = Trust { confirmed: Some(Instant::now()), ..Trust::default() };
                state.failures = 0;
            }
            Err(failure) => {
                metrics::registry_sync(failure.outcome());
                let text = failure.to_string();
                let is_news = match failure {
                    // The seconds differ at every try; that the clock is wrong is told once.
                    SyncFailure::Skewed { .. } => !trust.last_failure.as_ref().is_some_and(|last| last.contains("clock, which")),
                    _ => trust.last_failure.as_ref() != Some(&text),
                };
                if is_news {
                    tracing::warn!(ready = self.table.load().is_some(), "the registry's sync failed: {text}");
                }
                trust.last_failure = Some(text);
                state.failures = state.failures.saturating_add(1);
            }
        }
    }

    async fn pull_and_apply(&self, state: &mut SyncState) -> Result<Synced, SyncFailure> {
        let link = self.link.as_ref().ok_or(SyncFailure::Broken)?;
        let since = self.table.load().as_ref().map(|table| table.version());
        let answer = match link.pull(since).await? {
            Answer::NotModified => return Ok(Synced::Unchanged),
            Answer::Payload(payload) => self.apply(state, payload).await,
        };
        match answer {
            // A delta on something else than what we hold: discarded, and asked again in full.
            Err(SyncFailure::Table(TableError::NotOurVersion)) => match link.pull(None).await? {
                Answer::Payload(payload) => self.apply(state, payload).await,
                Answer::NotModified => Err(SyncFailure::Forged),
            },
            answer => answer,
        }
    }

    async fn apply(&self, state: &mut SyncState, payload: Payload) -> Result<Synced, SyncFailure> {
        let held = self.table.load_full();
        let version = payload.version;
        if version < state.floor || held.as_ref().is_some_and(|table| version < table.version()) {
            return Err(SyncFailure::VersionLower);
        }
        if version > unix_now().saturating_add(MAX_AHEAD_SECONDS) {
            return Err(SyncFailure::VersionAhead);
        }
        if held.as_ref().is_some_and(|table| version == table.version()) {
            return Ok(Synced::Unchanged);
        }
        let (base, development) = (held.or_else(|| state.remembered.clone()), self.development);
        let built = tokio::task::spawn_blocking(move || Table::next(base.as_deref(), payload, development)).await;
        let table = Arc::new(built.map_err(|_| SyncFailure::Broken)??);
        self.publish(&table);
        self.table.store(Some(table));
        state.floor = version;
        state.remembered = None;
        Ok(Synced::Changed)
    }

    /// Counts a table that is about to be in force, and logs by id what is newly quarantined.
    fn publish(&self, table: &Table) {
        let active = table.tenants().filter(|tenant| tenant.status == TenantStatus::Active).count();
        metrics::registry_table(table.version(), active, table.tenants().count() - active, table.quarantined().len());
        let before = self.table.load_full();
        let known: HashSet<_> = before.iter().flat_map(|table| table.quarantined()).collect();
        for quarantined in table.quarantined().iter().filter(|quarantined| !known.contains(quarantined)) {
            tracing::warn!(tenant = quarantined.0, "the registry quarantined an entry: {}", quarantined.1);
        }
    }

    async fn write_cache(&self, state: &mut SyncState, synced: Synced) {
        let recent = state.cached_at.is_some_and(|at| at.elapsed() < CACHE_REFRESH);
        let (Some(cache), Some(link), Some(table)) = (self.cache.clone(), self.link.clone(), self.table.load_full()) else { return };
        if synced == Synced::Unchanged && recent {
            return;
        }
        state.cached_at = Some(Instant::now());
        let written = tokio::task::spawn_blocking(move || cache.write(&link.keys.cache, &table, unix_now())).await;
        if !matches!(written, Ok(Ok(()))) {
            tracing::warn!("the registry's cache could not be written");
        }
    }
}

/// How long to wait for the next try. With a table, never more often than the interval; jittered, so that a fleet that
/// lost its authority at one moment does not come back at one moment.
fn wait(interval: Duration, failures: u32, has_table: bool) -> Duration {
    let doubled = 2_u32.saturating_pow(failures.saturating_sub(1).min(20));
    match (failures, has_table) {
        (0, _) => interval.mul_f64(0.9 + 0.2 * rand::random::<f64>()),
        (_, true) => interval.saturating_mul(doubled).min(MAX_WAIT_WITH_TABLE.max(interval)).mul_f64(0.9 + 0.1 * rand::random::<f64>()),
        (_, false) => FIRST_WAIT.saturating_mul(doubled).min(MAX_WAIT_WITHOUT_TABLE).mul_f64(0.5 + 0.5 * rand::random::<f64>()),
    }
}
