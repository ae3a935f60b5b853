//! The process's part of every institution's audit trail: its chains, and what waits to be noted.
//!
//! Owns that one institution's records are written one at a time, that notes are gathered for no longer than a second, and
//! that neither a slow upstream nor a flood of one institution touches another's. It must not know what an event is about.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::StreamExt as _;
use tokio::time::Instant;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    chain::{Chain, Way},
    entry::Event,
    seal::chain_key,
};
use crate::{
    registry::{Tenant, TenantId, TenantKey, current_tenant},
    server::{
        context::{Services, TenantScope},
        frappe::{Client, Fault},
    },
    telemetry::metrics,
};

/// How often waiting notes are looked at: none waits longer than a second where its upstream answers.
const TICK: Duration = Duration::from_millis(500);
/// How often other runs' heads are named, and our own written to the log.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(3_600);
/// Notes of one institution that may wait; past that they are dropped, counted and alarmed.
const WAITING_MAX: usize = 2_000;
/// Of these, notes of one person: who is refused again and again must not push out what others did.
const WAITING_OF_ONE_MAX: usize = 500;
/// Institutions with chains or waiting notes in one process. A chain beyond that ends; its institution's next run begins.
const INSTITUTIONS_MAX: usize = 20_000;
/// Longest wait between two tries to write an institution's notes.
const BACK_OFF_MAX: Duration = Duration::from_secs(60);
/// Failures after which a note that the upstream refuses is given up: some databases refuse in passing.
const REFUSALS_MAX: u32 = 5;
/// Institutions whose upstreams are written to at once, at checkpoints and at the end.
const AT_ONCE: usize = 16;
/// How long the end may wait for the last notes.
const DRAIN: Duration = Duration::from_secs(8);
/// The message of the log's lines that say where our runs have come to; the doctor reads them.
pub const HEAD_MESSAGE: &str = "audit head";
/// In whose name the portal writes by itself.
const JOB: &str = "job:audit";

/// Chains and waiting notes of all institutions.
pub struct Trail {
    chains: moka::sync::Cache<TenantKey, Arc<Slot>>,
    waiting: Mutex<HashMap<TenantKey, Arc<Waiting>>>,
}

/// The place of one institution's chain; whoever holds the lock writes.
struct Slot {
    tenant: TenantId,
    chain: tokio::sync::Mutex<Option<Chain>>,
}

/// One institution's notes.
struct Waiting {
    tenant: TenantId,
    state: Mutex<Notes>,
}

struct Notes {
    events: VecDeque<Event>,
    /// Somebody writes them just now.
    busy: bool,
    failures: u32,
    not_before: Instant,
}

impl Default for Trail {
    fn default() -> Self {
        Self { chains: moka::sync::Cache::builder().max_capacity(INSTITUTIONS_MAX as u64).build(), waiting: Mutex::default() }
    }
}

impl Trail {
    /// Writes a record for the tenant in scope and returns when it is known to be there.
    ///
    /// # Errors
    /// Any [`Fault`] of the calls; the record may be there all the same, and is settled before the next.
    pub(super) async fn append(&self, event: &Event) -> Result<(), Fault> {
        let tenant = current_tenant().map_err(|_| Fault::NoTenant)?;
        let client = Client::current()?;
        let institution = client.institution().await?;
        let site = client.time_zone().await?;
        let way = Way { client: &client, institution: &institution, site: &site };
        let slot = self.slot(&tenant, &institution)?;
        let mut place = slot.chain.lock().await;
        let key = chain_key(&tenant);
        let chain = match place.take().filter(|chain| chain.goes_on_with(key.as_ref())) {
            Some(chain) => place.insert(chain),
            None => place.insert(Chain::new(key)),
        };
        chain.append(&way, event).await
    }

    fn slot(&self, tenant: &Tenant, institution: &str) -> Result<Arc<Slot>, Fault> {
        let key = TenantKey::new(tenant, "audit.chain", institution);
        let slot = self.chains.get_with(key, || Arc::new(Slot { tenant: tenant.id.clone(), chain: tokio::sync::Mutex::default() }));
        // The value says whose it is as well.
        if slot.tenant == tenant.id { Ok(slot) } else { Err(Fault::NoTenant) }
    }

    /// Keeps an event until it is written, within a second where the upstream answers.
    pub(super) fn keep(&self, tenant: &Tenant, event: Event) {
        let mut all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let key = TenantKey::new(tenant, "audit.notes", "");
        if !all.contains_key(&key) && all.len() >= INSTITUTIONS_MAX {
            return dropped(&tenant.id);
        }
        let waiting = all.entry(key).or_insert_with(|| Arc::new(Waiting::of(tenant)));
        if !waiting.notes().take(event) {
            dropped(&tenant.id);
        }
    }

    /// Those whose notes are to be written at this moment, each marked as being written.
    fn due(&self, now: Instant) -> Vec<Arc<Waiting>> {
        let mut all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, waiting| {
            let notes = waiting.notes();
            notes.busy || !notes.events.is_empty()
        });
        all.values().filter(|waiting| waiting.notes().begin(now)).cloned().collect()
    }

    /// Writes our own heads to the log, where no institution's server can change them.
    fn log_heads(&self) {
        for (_, slot) in &self.chains {
            let Ok(place) = slot.chain.try_lock() else { continue };
            if let Some(chain) = place.as_ref().filter(|chain| chain.head().seq > 0) {
                let head = chain.head();
                tracing::info!(tenant = %slot.tenant, run = chain.run(), seq = head.seq, row_hash = head.row_hash, "{HEAD_MESSAGE}");
            }
        }
    }
}

fn dropped(tenant: &TenantId) {
    metrics::audit_event("note", "dropped");
    tracing::error!(%tenant, "an audit note was dropped: too many are waiting, or the institution is gone");
}

impl Waiting {
    fn of(tenant: &Tenant) -> Self {
        let notes = Notes { events: VecDeque::new(), busy: false, failures: 0, not_before: Instant::now() };
        Self { tenant: tenant.id.clone(), state: Mutex::new(notes) }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what waits, in its order, until nothing waits or the upstream fails.
    async fn write(&self, services: &Arc<Services>) {
        // The key may have changed since the event: what is in force now counts, and who is gone is not called any more.
        let Some(tenant) = services.registry.get(&self.tenant) else {
            let mut notes = self.notes();
            notes.events.drain(..).for_each(|_| dropped(&self.tenant));
            notes.busy = false;
            return;
        };
        loop {
            let next = self.notes().events.front().cloned();
            let Some(event) = next else { break };
            let trail = Arc::clone(services);
            let written = TenantScope::job(services, &tenant, JOB).enter(async move {
                match trail.audit.append(&event).await {
                    Ok(()) => Ok(true),
                    Err(fault @ (Fault::Rejected { .. } | Fault::CallerFault { .. } | Fault::TooLarge)) => {
                        tracing::error!(%fault, "an audit note was refused");
                        Ok(false)
                    }
                    Err(fault) => Err(fault.into()),
                }
            });
            match written.await {
                Ok(true) => {
                    metrics::audit_event("note", "ok");
                    let mut notes = self.notes();
                    notes.events.pop_front();
                    notes.failures = 0;
                }
                // It will be refused for ever: the others must not wait behind it.
                Ok(false) if self.notes().failures >= REFUSALS_MAX => {
                    metrics::audit_event("note", "dropped");
                    let mut notes = self.notes();
                    notes.events.pop_front();
                    notes.failures = 0;
                }
                Ok(false) | Err(_) => {
                    metrics::audit_event("note", "failed");
                    let mut notes = self.notes();
                    notes.failures = notes.failures.saturating_add(1);
                    notes.not_before = Instant::now() + TICK.saturating_mul(1 << notes.failures.min(10)).min(BACK_OFF_MAX);
                    break;
                }
            }
        }
        self.notes().busy = false;
    }
}

impl Notes {
    /// Whether there was room for one more.
    fn take(&mut self, event: Event) -> bool {
        let of_the_same = self.events.iter().filter(|waiting| waiting.actor() == event.actor()).count();
        let fits = self.events.len() < WAITING_MAX && of_the_same < WAITING_OF_ONE_MAX;
        if fits {
            self.events.push_back(event);
        }
        fits
    }

    fn begin(&mut self, now: Instant) -> bool {
        let begins = !self.busy && !self.events.is_empty() && self.not_before <= now;
        self.busy |= begins;
        begins
    }
}

/// Writes notes and checkpoints until `stop`, then what still waits, for some seconds at most.
pub async fn run(services: Arc<Services>, stop: CancellationToken) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut checkpoint_at = Instant::now() + CHECKPOINT_EVERY;
    let tasks = TaskTracker::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = tick.tick() => {}
        }
        for waiting in services.audit.due(Instant::now()) {
            let services = Arc::clone(&services);
            tasks.spawn(async move { waiting.write(&services).await });
        }
        if checkpoint_at <= Instant::now() {
            checkpoint_at += CHECKPOINT_EVERY;
            let services = Arc::clone(&services);
            tasks.spawn(async move { checkpoint(&services).await });
        }
    }
    tasks.close();
    let drained = tokio::time::timeout(DRAIN, async {
        tasks.wait().await;
        // Once more, also for those whose upstream failed a moment ago.
        let rest = services.audit.due(Instant::now() + BACK_OFF_MAX);
        futures::stream::iter(rest).for_each_concurrent(AT_ONCE, async |waiting| waiting.write(&services).await).await;
    });
    if drained.await.is_err() {
        tracing::error!("some audit notes could not be written before the end");
    }
    services.audit.log_heads();
}

/// Names other runs' heads in every chain of this process, and writes our own to the log.
pub(super) async fn checkpoint(services: &Arc<Services>) {
    let slots: Vec<Arc<Slot>> = services.audit.chains.iter().map(|(_, slot)| slot).collect();
    futures::stream::iter(slots)
        .for_each_concurrent(AT_ONCE, async |slot| {
            let Some(tenant) = services.registry.get(&slot.tenant) else { return };
            let own = Arc::clone(&slot);
            let named = TenantScope::job(services, &tenant, JOB).enter(async move {
                let client = Client::current()?;
                let (institution, site) = (client.institution().await?, client.time_zone().await?);
                let way = Way { client: &client, institution: &institution, site: &site };
                match own.chain.lock().await.as_mut() {
                    Some(chain) => Ok(chain.checkpoint(&way).await?),
                    None => Ok(()),
                }
            });
            metrics::audit_event("checkpoint", if named.await.is_ok() { "ok" } else { "failed" });
        })
        .await;
    services.audit.log_heads();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{SessionConfig, UpstreamConfig},
        model::AuditKind,
        registry::testing,
        server::casework::audit::Entry,
    };

    #[tokio::test]
    async fn a_flood_of_one_persons_notes_leaves_room_for_the_others() {
        let registry = testing::registry_of(vec![testing::entry("banyan")]);
        let tenant = registry.tenants().remove(0);
        let session = SessionConfig { development: true, principal_fresh: Duration::from_secs(60) };
        let services = Services::new(registry, UpstreamConfig { max_per_origin: 4 }, session);
        let event = |who| Event::of(&TenantScope::job(&services, &tenant, who), Entry::new(AuditKind::Denied, "test.denied"));
        let waiting = Waiting::of(&tenant);
        let mut notes = waiting.notes();
        let taken = (0..600).filter(|_| notes.take(event("job:flood"))).count();
        assert_eq!(taken, WAITING_OF_ONE_MAX);
        assert!(notes.take(event("job:quiet")));
        assert!(notes.begin(Instant::now()) && !notes.begin(Instant::now()), "one writes at a time");
    }
}
