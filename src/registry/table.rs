//! The table of tenants: immutable, built from the one before it and what the authority sent.
//!
//! Owns lookup, and who is in force when entries are invalid, missing or at odds. It must not know how entries travel.
//! What shuts always takes effect; whatever else is wrong leaves the tenant as it was.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
};

use foldhash::fast::RandomState;
use secrecy::{ExposeSecret as _, SecretBox};
use serde::{Deserialize, Serialize};

use super::{
    Tenant, TenantId, TenantStatus, Upstream, UpstreamCredentials,
    conflict::{Tier, host_claims, site_rejections},
    entry::{Fault, Outline, judge},
    protocol::{Payload, RawEntry},
    tenant::Sealed,
};

/// Most tenants in one table.
pub(in crate::registry) const MAX_TENANTS: usize = 100_000;
/// Most entries without a usable id that are reported.
const MAX_NAMELESS: usize = 100;

/// The tenants in force at one version. Looked up without locks or allocation.
pub struct Table {
    version: u64,
    /// With a quick hash instead of one that withstands floods of keys: who asks for a host cannot put one in.
    by_host: HashMap<Box<str>, Arc<Tenant>, RandomState>,
    by_id: HashMap<TenantId, Held>,
    /// Every entry as last sent, in force or not: each is judged again at every swap.
    entries: BTreeMap<TenantId, Sent>,
    quarantined: Vec<(String, String)>,
    nameless: Vec<(String, String)>,
}

/// What is in force for one tenant.
#[derive(Clone)]
pub(in crate::registry) struct Held {
    pub tenant: Arc<Tenant>,
    /// The entry that it was built from, which may be older than the one last sent.
    pub raw: Arc<RawEntry>,
    /// Whether it is exactly what `raw` says: not shut by a later entry, no host lost to another tenant.
    pub whole: bool,
}

/// An entry as last sent.
#[derive(Clone)]
struct Sent {
    raw: Arc<RawEntry>,
    shuts: bool,
    /// Whether the id came more than once in one answer.
    doubled: bool,
}

/// One configuration as the cache keeps it.
pub(in crate::registry) struct Record {
    pub raw: Arc<RawEntry>,
    /// Whether it is what the authority sent last.
    pub sent: bool,
    /// How it is in force, if it is.
    pub in_force: Option<InForce>,
}

/// How a configuration is in force.
#[derive(Deserialize, Serialize)]
pub(in crate::registry) struct InForce {
    /// Shut by a later entry.
    shut: bool,
    /// The hosts that it has, where it does not have all that it claims.
    hosts: Option<Vec<String>>,
}

impl InForce {
    fn of(held: &Held) -> Self {
        let shut = !held.whole && held.tenant.status == TenantStatus::Suspended;
        Self { shut, hosts: (!held.whole).then(|| held.tenant.hosts.clone()) }
    }
}

/// The table is refused whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::registry) enum TableError {
    /// More tenants than the portal takes.
    #[error("the table has more than {MAX_TENANTS} tenants")]
    TooManyTenants,
    /// A delta without the table that it builds on.
    #[error("the answer builds on a version that is not held")]
    NotOurVersion,
}

/// A tenant on its way into the table.
pub(in crate::registry) struct Candidate {
    pub held: Held,
    pub tier: Tier,
}

impl Table {
    /// The tenant of a canonical host: one hash lookup.
    pub fn resolve(&self, host: &str) -> Option<&Arc<Tenant>> {
        self.by_host.get(host)
    }

    /// The tenant with this id.
    pub fn get(&self, id: &TenantId) -> Option<&Arc<Tenant>> {
        self.by_id.get(id).map(|held| &held.tenant)
    }

    /// Every tenant in force, in no order.
    pub fn tenants(&self) -> impl Iterator<Item = &Arc<Tenant>> {
        self.by_id.values().map(|held| &held.tenant)
    }

    /// The authority's version of it.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Entries that are not in force as sent: tenant's id (or the entry's place, where it has none) and why.
    pub fn quarantined(&self) -> &[(String, String)] {
        &self.quarantined
    }

    /// Everything that a restart must not forget: what was sent, and what is in force.
    pub(in crate::registry) fn records(&self) -> impl Iterator<Item = Record> {
        let sent = self.entries.iter().map(|(id, sent)| {
            let held = self.by_id.get(id).filter(|held| held.raw == sent.raw);
            Record { raw: Arc::clone(&sent.raw), sent: true, in_force: held.map(InForce::of) }
        });
        let held_back = self.by_id.iter().filter_map(|(id, held)| {
            let as_sent = self.entries.get(id).is_some_and(|sent| sent.raw == held.raw);
            (!as_sent).then(|| Record { raw: Arc::clone(&held.raw), sent: false, in_force: Some(InForce::of(held)) })
        });
        sent.chain(held_back)
    }

    /// The table that these records were taken from.
    ///
    /// # Errors
    /// Whatever refuses a payload whole.
    pub(in crate::registry) fn from_records(version: u64, records: Vec<Record>, development: bool) -> Result<Self, TableError> {
        let mut before = Self::empty();
        let mut tenants = Vec::with_capacity(records.len());
        for record in records {
            if record.sent {
                tenants.push(RawEntry::clone(&record.raw));
            }
            let Some(InForce { shut, hosts }) = record.in_force else { continue };
            let Ok(mut tenant) = judge(&record.raw, development) else { continue };
            let whole = !shut && hosts.is_none();
            if shut {
                tenant.status = TenantStatus::Suspended;
            }
            tenant.hosts = hosts.unwrap_or(tenant.hosts);
            before.insert(Held { tenant: Arc::new(tenant), raw: record.raw, whole });
        }
        Self::next(Some(&before), Payload { version, since: None, tenants, removed: Vec::new() }, development)
    }

    fn insert(&mut self, held: Held) {
        for host in &held.tenant.hosts {
            self.by_host.insert(host.as_str().into(), Arc::clone(&held.tenant));
        }
        self.by_id.insert(held.tenant.id.clone(), held);
    }

    fn empty() -> Self {
        let (by_host, by_id, entries) = (HashMap::default(), HashMap::new(), BTreeMap::new());
        Self { version: 0, by_host, by_id, entries, quarantined: Vec::new(), nameless: Vec::new() }
    }

    /// The table after this payload.
    ///
    /// # Errors
    /// Whatever refuses the payload whole.
    pub(in crate::registry) fn next(previous: Option<&Self>, payload: Payload, development: bool) -> Result<Self, TableError> {
        let nothing = Self::empty();
        let base = previous.unwrap_or(&nothing);
        if payload.since.is_some_and(|since| previous.is_none_or(|table| table.version != since)) {
            return Err(TableError::NotOurVersion);
        }
        let mut table = Self { version: payload.version, ..Self::empty() };
        table.take_entries(base, payload)?;
        let candidates = table.judge_each(base, development);
        table.settle(base, candidates);
        table.quarantined.extend(table.nameless.iter().cloned());
        Ok(table)
    }

    /// Merges what was sent into what is known.
    fn take_entries(&mut self, base: &Self, payload: Payload) -> Result<(), TableError> {
        if payload.since.is_some() {
            self.entries = base.entries.clone();
        }
        let mut fresh: BTreeMap<TenantId, Sent> = BTreeMap::new();
        for (index, raw) in payload.tenants.into_iter().enumerate() {
            let outline = match Outline::read(&raw) {
                Ok(outline) => outline,
                Err(Fault(reason)) => {
                    if self.nameless.len() < MAX_NAMELESS {
                        self.nameless.push((format!("entry {index}"), reason));
                    }
                    continue;
                }
            };
            let known = base.entries.get(&outline.id).map(|sent| &sent.raw).filter(|known| ***known == raw);
            let raw = known.map_or_else(|| Arc::new(raw), Arc::clone);
            match fresh.entry(outline.id) {
                std::collections::btree_map::Entry::Vacant(slot) => {
                    slot.insert(Sent { raw, shuts: outline.shuts, doubled: false });
                }
                std::collections::btree_map::Entry::Occupied(mut slot) => {
                    let first = slot.get_mut();
                    if outline.shuts && !first.shuts {
                        first.raw = raw;
                    }
                    first.shuts |= outline.shuts;
                    first.doubled = true;
                }
            }
        }
        self.entries.append(&mut fresh);
        // Last, so that an id that is both sent and removed is removed.
        for id in payload.removed.iter().filter_map(|id| TenantId::parse(id)) {
            self.entries.remove(&id);
        }
        if self.entries.len() > MAX_TENANTS { Err(TableError::TooManyTenants) } else { Ok(()) }
    }

    /// Judges each entry alone; where one is at fault, what was in force goes on, shut if the entry shuts.
    fn judge_each(&mut self, base: &Self, development: bool) -> Vec<Candidate> {
        let mut candidates = Vec::with_capacity(self.entries.len());
        for (id, sent) in &self.entries {
            let before = base.by_id.get(id);
            let judged = match before {
                _ if sent.doubled => Err(Fault("the id appears more than once".to_owned())),
                Some(held) if held.whole && held.raw == sent.raw => {
                    candidates.push(Candidate { held: held.clone(), tier: Tier::Unchanged });
                    continue;
                }
                _ => judge(&sent.raw, development),
            };
            let held = match judged {
                Ok(tenant) => Some(Held { tenant: Arc::new(tenant), raw: Arc::clone(&sent.raw), whole: true }),
                Err(Fault(reason)) => {
                    self.quarantined.push((id.to_string(), reason));
                    before.map(|held| fallback(held, sent.shuts))
                }
            };
            candidates.extend(held.map(|held| {
                let tier = Tier::of(&held.tenant, before.map(|held| &*held.tenant));
                Candidate { held, tier }
            }));
        }
        candidates
    }

    /// Settles what entries do to each other: sites first, then hosts; who loses falls back to what was in force, which
    /// may in turn take a place that somebody else had counted on, so this goes on until nobody loses.
    fn settle(&mut self, base: &Self, mut candidates: Vec<Candidate>) {
        let lost = loop {
            let mut rejected = site_rejections(&candidates);
            let lost = host_claims(&candidates, |host| base.by_host.get(host).map(|tenant| &tenant.id));
            for (index, hosts) in &lost {
                if candidates.get(*index).is_some_and(|candidate| candidate.held.tenant.hosts.len() == hosts.len()) {
                    rejected.insert(*index, "every host is claimed by another tenant".to_owned());
                }
            }
            if rejected.is_empty() {
                break lost;
            }
            let mut kept = Vec::with_capacity(candidates.len());
            for (index, candidate) in candidates.into_iter().enumerate() {
                let Some(reason) = rejected.remove(&index) else {
                    kept.push(candidate);
                    continue;
                };
                let id = &candidate.held.tenant.id;
                self.quarantined.push((id.to_string(), reason));
                let shuts = self.entries.get(id).is_some_and(|sent| sent.shuts);
                // What was in force and loses itself has nothing left to fall back to.
                let before = base.by_id.get(id).filter(|held| held.raw != candidate.held.raw);
                kept.extend(before.map(|held| Candidate { held: fallback(held, shuts), tier: Tier::Unchanged }));
            }
            candidates = kept;
        };
        for (index, hosts) in lost {
            let Some(candidate) = candidates.get_mut(index) else { continue };
            let reason = format!("{} of its hosts claimed by another tenant: {}", hosts.len(), hosts.join(", "));
            self.quarantined.push((candidate.held.tenant.id.to_string(), reason));
            let mut tenant = copy(&candidate.held.tenant);
            tenant.hosts.retain(|host| !hosts.contains(host));
            candidate.held.tenant = Arc::new(tenant);
            candidate.held.whole = false;
        }
        self.by_id.reserve(candidates.len());
        self.by_host.reserve(candidates.len());
        for Candidate { held, .. } in candidates {
            self.insert(held);
        }
    }

    /// A table of `count` tenants with the hosts `bank0.example`…, for benchmarks and black-box tests.
    #[doc(hidden)]
    pub fn for_bench(count: usize) -> Option<Self> {
        Self::bench_payload(1, None, 0..count, "k").and_then(|payload| Self::next(None, payload, false).ok())
    }

    /// The table after the keys of the first `changed` tenants of [`Table::for_bench`] were rotated, by a delta.
    #[doc(hidden)]
    pub fn rotated_for_bench(&self, changed: usize) -> Option<Self> {
        let key = format!("k{}-", self.version);
        let payload = Self::bench_payload(self.version + 1, Some(self.version), 0..changed, &key)?;
        Self::next(Some(self), payload, false).ok()
    }

    fn bench_payload(version: u64, since: Option<u64>, which: std::ops::Range<usize>, key: &str) -> Option<Payload> {
        let entry = |n: usize| {
            format!(
                r##"{{"id":"bank{n}","name":"Bank {n}","status":"active","hosts":["bank{n}.example"],"upstream":{{"base_url":"https://site{}.frappe.example","site":null,"placement":"shared","institution":"BANK{n}","api_key":"{key}{n}","api_secret":"secret{n}","timeout_ms":10000,"max_concurrency":16}},"sign_in":{{"scheme":"frappe"}},"branding":{{"display_name":"Bank {n}","logo_url":null,"accent":"#0b5fff"}},"access":{{"networks":["203.0.113.0/24"]}}}}"##,
                n / 50
            )
        };
        let text = format!(
            r#"{{"version":{version},"since":{},"full":{},"tenants":[{}],"removed":[]}}"#,
            since.map_or_else(|| "null".to_owned(), |since| since.to_string()),
            since.is_none(),
            which.map(entry).collect::<Vec<_>>().join(",")
        );
        Payload::parse(text.as_bytes()).ok()
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({}, {} tenants, {} quarantined)", self.version, self.by_id.len(), self.quarantined.len())
    }
}

/// What was in force, shut where the entry that replaces it shuts.
fn fallback(held: &Held, shuts: bool) -> Held {
    if !shuts {
        return Held { whole: false, ..held.clone() };
    }
    Held { tenant: Arc::new(suspended(&held.tenant)), raw: Arc::clone(&held.raw), whole: false }
}

fn suspended(tenant: &Tenant) -> Tenant {
    Tenant { status: TenantStatus::Suspended, ..copy(tenant) }
}

/// A copy. Tenants are not `Clone`, so that nothing outside can take one and change it.
fn copy(tenant: &Tenant) -> Tenant {
    let upstream = &tenant.upstream;
    Tenant {
        id: tenant.id.clone(),
        name: tenant.name.clone(),
        status: tenant.status,
        hosts: tenant.hosts.clone(),
        upstream: Upstream {
            base_url: upstream.base_url.clone(),
            site: upstream.site.clone(),
            placement: upstream.placement,
            institution: upstream.institution.clone(),
            credentials: UpstreamCredentials {
                api_key: upstream.credentials.api_key.clone(),
                api_secret: upstream.credentials.api_secret.clone(),
            },
            timeout: upstream.timeout,
            max_concurrency: upstream.max_concurrency,
        },
        sign_in: tenant.sign_in.clone(),
        branding: tenant.branding.clone(),
        limits: tenant.limits,
        networks: tenant.networks.clone(),
        session: tenant.session,
        audit_key: tenant.audit_key.as_ref().map(|key| SecretBox::new(Box::new(*key.expose_secret()))),
        locale: tenant.locale.clone(),
        time_zone: tenant.time_zone.clone(),
        sealed: Sealed,
    }
}
