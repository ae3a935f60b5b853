//! Tables: who is in force when entries are invalid or at odds.

use proptest::prelude::*;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::registry::{
    Table, TenantId, TenantStatus,
    protocol::{Payload, RawEntry},
    table::TableError,
    testing::{entry, registry_of, table_of},
};

fn with(id: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut entry = entry(id);
    change(&mut entry);
    entry
}

fn status(table: &Table, host: &str) -> Option<TenantStatus> {
    table.resolve(host).map(|tenant| tenant.status)
}

fn key(table: &Table, id: &str) -> String {
    table.get(&TenantId::parse(id).unwrap()).unwrap().upstream.credentials.api_key.expose_secret().to_owned()
}

fn in_force(table: &Table) -> Vec<String> {
    let describe = |tenant: &std::sync::Arc<crate::registry::Tenant>| {
        format!("{} {:?} {:?} {}", tenant.id, tenant.status, tenant.hosts, tenant.upstream.credentials.api_key.expose_secret())
    };
    let mut all: Vec<_> = table.tenants().map(describe).collect();
    all.sort();
    all
}

#[test]
fn an_invalid_entry_leaves_the_configuration_that_was_in_force() {
    let first = table_of(None, 1, vec![entry("a"), entry("b")]);
    let broken = with("a", |entry| entry["upstream"]["api_key"] = json!(""));
    let second = table_of(Some(&first), 2, vec![broken.clone(), entry("b"), with("new", |entry| entry["hosts"] = json!([]))]);
    assert_eq!(key(&second, "a"), "key-a");
    assert_eq!(second.tenants().count(), 2);
    let ids: Vec<_> = second.quarantined().iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["a", "new"]);
    let third = table_of(Some(&second), 3, vec![broken, entry("b")]);
    assert_eq!(key(&third, "a"), "key-a");
}

#[test]
fn what_shuts_takes_effect_whatever_else_is_wrong() {
    let first = table_of(None, 1, vec![entry("a"), entry("b"), entry("c"), entry("d")]);
    let second = table_of(
        Some(&first),
        2,
        vec![
            json!({ "id": "a", "status": "suspended", "hosts": 7, "upstream": "garbage" }),
            with("b", |entry| entry["status"] = json!("paused")),
            with("d", |entry| entry["status"] = json!(["suspended"])),
        ],
    );
    for host in ["a.portal.example", "b.portal.example", "d.portal.example"] {
        assert_eq!(status(&second, host), Some(TenantStatus::Suspended), "{host}");
    }
    assert_eq!(status(&second, "c.portal.example"), None);
    let third = table_of(Some(&second), 3, vec![with("a", |entry| entry["name"] = json!(null))]);
    assert_eq!(status(&third, "a.portal.example"), Some(TenantStatus::Suspended), "garbage does not open what was shut");
    let fourth = table_of(Some(&third), 4, vec![entry("a")]);
    assert_eq!(status(&fourth, "a.portal.example"), Some(TenantStatus::Active));
}

#[test]
fn an_id_that_comes_twice_is_quarantined_and_shuts_if_either_does() {
    let first = table_of(None, 1, vec![entry("a")]);
    let other = with("a", |entry| entry["upstream"]["api_key"] = json!("other"));
    let second = table_of(Some(&first), 2, vec![other.clone(), entry("a")]);
    assert_eq!((key(&second, "a").as_str(), second.quarantined().len()), ("key-a", 1));
    let shut = with("a", |entry| entry["status"] = json!("suspended"));
    let third = table_of(Some(&first), 2, vec![other, shut]);
    assert_eq!(status(&third, "a.portal.example"), Some(TenantStatus::Suspended));
}

#[test]
fn a22_a_host_claimed_twice_stays_with_its_holder_and_otherwise_goes_to_nobody() {
    let claim = |id: &str| with(id, |entry| entry["hosts"] = json!([format!("{id}.portal.example"), "x.example"]));
    let first = table_of(None, 1, vec![claim("a"), claim("b")]);
    assert!(first.resolve("x.example").is_none() && first.resolve("a.portal.example").is_some());
    assert_eq!(first.quarantined().len(), 2);
    let second = table_of(Some(&first), 2, vec![claim("b"), entry("a")]);
    assert_eq!(second.resolve("x.example").unwrap().id.as_str(), "b");
    let third = table_of(Some(&second), 3, vec![claim("a"), claim("b")]);
    assert_eq!(third.resolve("x.example").unwrap().id.as_str(), "b");
    assert_eq!(third.resolve("a.portal.example").unwrap().id.as_str(), "a");
    let all = table_of(Some(&third), 4, vec![with("a", |entry| entry["hosts"] = json!(["x.example"])), claim("b")]);
    assert_eq!(all.resolve("a.portal.example").unwrap().id.as_str(), "a", "who loses every host falls back");
}

#[test]
fn on_a_shared_site_institutions_and_keys_are_distinct_and_the_newcomer_gives_way() {
    let first = table_of(None, 1, vec![entry("a"), entry("b")]);
    let same_institution = with("c", |entry| entry["upstream"]["institution"] = json!("A"));
    let same_key = with("d", |entry| entry["upstream"]["api_key"] = json!("key-a"));
    let alone = with("e", |entry| entry["upstream"]["placement"] = json!("dedicated"));
    let spelling = with("f", |entry| {
        entry["upstream"]["base_url"] = json!("https://SHARED.frappe.example:443/");
        entry["upstream"]["institution"] = json!("B");
    });
    let second = table_of(Some(&first), 2, vec![entry("a"), entry("b"), same_institution, same_key, alone, spelling]);
    let ids: Vec<_> = second.quarantined().iter().map(|(id, _)| id.clone()).collect();
    assert_eq!((second.tenants().count(), ids.len()), (2, 4), "{:?}", second.quarantined());

    let thief = with("b", |entry| entry["upstream"]["institution"] = json!("A"));
    let third = table_of(Some(&first), 2, vec![entry("a"), thief]);
    let b = third.get(&TenantId::parse("b").unwrap()).unwrap();
    assert_eq!(b.upstream.institution.as_deref(), Some("B"));
}

#[test]
fn two_tenants_may_exchange_their_keys_in_one_answer() {
    let first = table_of(None, 1, vec![entry("a"), entry("b")]);
    let a = with("a", |entry| entry["upstream"]["api_key"] = json!("key-b"));
    let b = with("b", |entry| entry["upstream"]["api_key"] = json!("key-a"));
    let second = table_of(Some(&first), 2, vec![a, b]);
    assert_eq!((key(&second, "a").as_str(), second.quarantined().len()), ("key-b", 0));
}

#[test]
fn a_delta_builds_only_on_the_version_it_names() {
    let first = table_of(None, 5, vec![entry("a")]);
    let delta = |since| Payload { version: 9, since: Some(since), tenants: Vec::new(), removed: Vec::new() };
    assert_eq!(Table::next(Some(&first), delta(4), true).unwrap_err(), TableError::NotOurVersion);
    assert_eq!(Table::next(None, delta(5), true).unwrap_err(), TableError::NotOurVersion);
    assert_eq!(Table::next(Some(&first), delta(5), true).unwrap().tenants().count(), 1);
}

#[test]
fn a22_more_tenants_than_the_limit_are_refused_whole() {
    let tenants = (0..=crate::registry::table::MAX_TENANTS).map(|n| RawEntry::new(format!(r#"{{"id":"b{n}"}}"#))).collect();
    let payload = Payload { version: 1, since: None, tenants, removed: Vec::new() };
    assert_eq!(Table::next(None, payload, true).unwrap_err(), TableError::TooManyTenants);
}

#[test]
fn f10_one_invalid_among_ten_thousand_stops_nobody() {
    let first = Table::for_bench(10_000).unwrap();
    let broken = RawEntry::new(r#"{"id":"bank7","status":"active"}"#.to_owned());
    let payload = Payload { version: 2, since: Some(1), tenants: vec![broken], removed: Vec::new() };
    let second = Table::next(Some(&first), payload, false).unwrap();
    assert_eq!((second.tenants().count(), second.quarantined().len()), (10_000, 1));
    assert!(second.resolve("bank7.example").is_some());
}

#[test]
fn f11_swaps_and_lookups_at_once_never_mix_tenants() {
    let registry = registry_of(vec![entry("a"), entry("b")]);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for id in ["a", "b"] {
            let (registry, done) = (&registry, &done);
            scope.spawn(move || {
                let host = format!("{id}.portal.example");
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let tenant = registry.resolve(&host).unwrap();
                    let (key, secret) = (&tenant.upstream.credentials.api_key, &tenant.upstream.credentials.api_secret);
                    let (key, secret) = (key.expose_secret(), secret.expose_secret());
                    assert_eq!(tenant.id.as_str(), id);
                    assert!(key.starts_with(&format!("key-{id}")) && key.strip_prefix("key-") == secret.strip_prefix("secret-"));
                }
            });
        }
        for version in 2..150 {
            let rotated = |id: &str| {
                with(id, |entry| {
                    entry["upstream"]["api_key"] = json!(format!("key-{id}{version}"));
                    entry["upstream"]["api_secret"] = json!(format!("secret-{id}{version}"));
                })
            };
            let table = table_of(registry.table.load().as_deref(), version, vec![rotated("a"), rotated("b")]);
            registry.swap_for_bench(table);
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

proptest! {
    #[test]
    fn a_delta_leads_to_the_same_table_as_the_whole(steps in proptest::collection::vec((0_usize..5, 0_u8..6, 0_u8..3), 1..25)) {
        let mut now: std::collections::BTreeMap<String, Value> = std::collections::BTreeMap::new();
        let mut by_delta = table_of(None, 1, Vec::new());
        let mut by_full = table_of(None, 1, Vec::new());
        for (step, (who, what, host)) in steps.into_iter().enumerate() {
            let (id, version) = (format!("t{who}"), step as u64 + 2);
            let changed = match what {
                0 => None,
                1 => Some(with(&id, |entry| entry["hosts"] = json!([format!("h{host}.example")]))),
                2 => Some(json!({ "id": id, "status": "suspended" })),
                3 => Some(with(&id, |entry| entry["name"] = json!(7))),
                4 => Some(with(&id, |entry| entry["upstream"]["institution"] = json!(format!("I{host}")))),
                _ => Some(with(&id, |entry| entry["upstream"]["api_key"] = json!(format!("k{step}")))),
            };
            let raw = changed.iter().map(|entry| RawEntry::new(entry.to_string())).collect();
            let removed = if changed.is_none() { vec![id.clone()] } else { Vec::new() };
            match changed {
                Some(entry) => now.insert(id, entry),
                None => now.remove(&id),
            };
            let delta = Payload { version, since: Some(version - 1), tenants: raw, removed };
            by_delta = Table::next(Some(&by_delta), delta, true).unwrap();
            by_full = table_of(Some(&by_full), version, now.values().cloned().collect());
            prop_assert_eq!(in_force(&by_delta), in_force(&by_full));
            prop_assert_eq!(by_delta.quarantined(), by_full.quarantined());
            let restarted = Table::from_records(version, by_full.records().collect(), true).unwrap();
            prop_assert_eq!(in_force(&restarted), in_force(&by_full));
            // One host never leads to two tenants, and no two on the site have one institution.
            let mut institutions: Vec<_> = by_full.tenants().map(|tenant| tenant.upstream.institution.clone()).collect();
            institutions.sort();
            institutions.dedup();
            prop_assert_eq!(institutions.len(), by_full.tenants().count());
        }
    }
}
