//! What tenants do to each other: two on one site, two on one host.
//!
//! Owns who gives way. It must not know where entries come from. Whoever was there first stays, whole; among newcomers
//! at odds nobody wins, since the order of a list says nothing about who is right.

use std::collections::{HashMap, HashSet};

use secrecy::ExposeSecret as _;

use super::{Placement, Tenant, TenantId, table::Candidate};

/// How good a claim a candidate has to its site: the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::registry) enum Tier {
    /// It is on this site already, in just this way.
    Unchanged,
    /// It is on this site already, and changes its institution, key or placement.
    Changed,
    /// It comes to this site.
    Newcomer,
}

impl Tier {
    /// The claim of a tenant, given what was in force for it.
    pub fn of(tenant: &Tenant, before: Option<&Tenant>) -> Self {
        let (new, old) = match before {
            Some(before) if site(before) == site(tenant) => (&tenant.upstream, &before.upstream),
            _ => return Self::Newcomer,
        };
        let same = new.placement == old.placement
            && new.institution == old.institution
            && new.credentials.api_key.expose_secret() == old.credentials.api_key.expose_secret();
        if same { Self::Unchanged } else { Self::Changed }
    }
}

fn site(tenant: &Tenant) -> (&str, Option<&str>) {
    (tenant.upstream.base_url.as_str(), tenant.upstream.site.as_deref())
}

/// Who must give way on a site, by place in the list, and why. All on one site must be `shared`, with distinct
/// institutions and distinct API keys.
pub(in crate::registry) fn site_rejections(candidates: &[Candidate]) -> HashMap<usize, String> {
    let mut sites: HashMap<_, Vec<usize>> = HashMap::with_capacity(candidates.len());
    for (index, candidate) in candidates.iter().enumerate() {
        sites.entry(site(&candidate.held.tenant)).or_default().push(index);
    }
    let mut rejected = HashMap::new();
    for members in sites.into_values().filter(|members| members.len() > 1) {
        let all: Vec<_> = members.iter().filter_map(|index| Some((*index, candidates.get(*index)?))).collect();
        // A valid whole needs no precedence: two tenants may exchange their keys in one answer.
        if clashes(&Accepted::default(), &all).is_empty() {
            continue;
        }
        let mut accepted = Accepted::default();
        for tier in [Tier::Unchanged, Tier::Changed, Tier::Newcomer] {
            let mut here: Vec<_> = all.iter().copied().filter(|(_, candidate)| candidate.tier == tier).collect();
            let clashes = clashes(&accepted, &here);
            here.retain(|(index, _)| !clashes.contains_key(index));
            for (_, candidate) in here {
                accepted.take(candidate);
            }
            rejected.extend(clashes.into_iter().map(|(index, reason)| (index, reason.to_owned())));
        }
    }
    rejected
}

/// Who is on a site already.
#[derive(Default)]
struct Accepted<'a> {
    anyone: bool,
    alone: bool,
    institutions: HashSet<&'a str>,
    keys: HashSet<&'a str>,
}

impl<'a> Accepted<'a> {
    fn take(&mut self, candidate: &'a Candidate) {
        let upstream = &candidate.held.tenant.upstream;
        self.anyone = true;
        self.alone |= upstream.placement != Placement::Shared;
        self.institutions.extend(upstream.institution.as_deref());
        self.keys.insert(upstream.credentials.api_key.expose_secret());
    }
}

/// Who among `here` cannot be on the site with those accepted or with each other.
fn clashes(accepted: &Accepted<'_>, here: &[(usize, &Candidate)]) -> HashMap<usize, &'static str> {
    let (mut institutions, mut keys): (HashMap<&str, usize>, HashMap<&str, usize>) = (HashMap::new(), HashMap::new());
    for (_, candidate) in here {
        let upstream = &candidate.held.tenant.upstream;
        *institutions.entry(upstream.institution.as_deref().unwrap_or_default()).or_default() += 1;
        *keys.entry(upstream.credentials.api_key.expose_secret()).or_default() += 1;
    }
    let mut clashes = HashMap::new();
    for (index, candidate) in here {
        let upstream = &candidate.held.tenant.upstream;
        let institution = upstream.institution.as_deref().unwrap_or_default();
        let key = upstream.credentials.api_key.expose_secret();
        let reason = if accepted.alone {
            "the site belongs to another tenant alone"
        } else if upstream.placement != Placement::Shared && (accepted.anyone || here.len() > 1) {
            "the site has other tenants, and the placement is not shared"
        } else if accepted.institutions.contains(institution) || institutions.get(institution).is_some_and(|count| *count > 1) {
            "another tenant on the site has the same institution"
        } else if accepted.keys.contains(key) || keys.get(key).is_some_and(|count| *count > 1) {
            "another tenant on the site has the same API key"
        } else {
            continue;
        };
        clashes.insert(*index, reason);
    }
    clashes
}

/// Which hosts each candidate loses, by place in the list. A host that two claim stays with the one that held it; where
/// none did, neither gets it.
pub(in crate::registry) fn host_claims<'a>(
    candidates: &'a [Candidate],
    holder: impl Fn(&str) -> Option<&'a TenantId>,
) -> HashMap<usize, Vec<String>> {
    let mut claims: HashMap<&str, usize> = HashMap::with_capacity(candidates.len());
    let mut contested: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        for host in &candidate.held.tenant.hosts {
            if let Some(first) = claims.insert(host, index) {
                contested.entry(host).or_insert_with(|| vec![first]).push(index);
            }
        }
    }
    let mut lost: HashMap<usize, Vec<String>> = HashMap::new();
    for (host, claimants) in contested {
        let holder = holder(host);
        for index in claimants {
            let keeps = candidates.get(index).is_some_and(|candidate| Some(&candidate.held.tenant.id) == holder);
            if !keeps {
                lost.entry(index).or_default().push(host.to_owned());
            }
        }
    }
    for hosts in lost.values_mut() {
        hosts.sort();
    }
    lost
}
