//! What goes wrong with an authority: the table held stays in force, and the portal comes back by itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{body::Body, extract::Request, response::Response};
use secrecy::ExposeSecret as _;
use tokio_util::sync::CancellationToken;

use super::support::{SECRET, authority_that, config, full, portal, pull, real_authority, sealed, spawn, ten_minutes_ahead};
use crate::{
    config::RegistryConfig,
    registry::{
        Registry, TenantStatus,
        cache::Cache,
        link::{SyncFailure, unix_now},
        protocol::Keys,
        sync::Synced,
        testing::{entry, table_of},
    },
};

const NOBODY: &str = "http://127.0.0.1:1";

/// Waits for a condition, for at most ten seconds.
async fn until(condition: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while !condition() {
        assert!(std::time::Instant::now() < deadline, "the condition did not come");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn with_cache(url: &str, folder: &tempfile::TempDir) -> RegistryConfig {
    RegistryConfig { cache: Some(folder.path().join("registry.cache")), ..config(url, &SECRET) }
}

fn cache(folder: &tempfile::TempDir) -> Cache {
    let path = folder.path().join("registry.cache");
    Cache { path, max_age: Duration::from_secs(72 * 3600), node: "portal-1".to_owned(), development: true }
}

#[tokio::test]
async fn f01_without_authority_and_cache_the_portal_is_not_ready_and_comes_by_itself() {
    let up = Arc::new(AtomicU64::new(0));
    let tries = Arc::clone(&up);
    let url = authority_that(move |request: Request| {
        let up = tries.fetch_add(1, Ordering::SeqCst) > 0;
        async move {
            if up { sealed(&request, 5, &full(5, &[entry("bank")])) } else { Response::builder().status(503).body(Body::empty()).unwrap() }
        }
    })
    .await;
    let shutdown = CancellationToken::new();
    let registry = Registry::start(config(&url, &SECRET), shutdown.clone());
    assert!(!registry.readiness().ready && registry.resolve("bank.portal.example").is_none());
    until(|| registry.readiness().ready).await;
    assert!(up.load(Ordering::SeqCst) >= 2 && registry.readiness().last_failure.is_none());
    shutdown.cancel();
}

#[tokio::test]
async fn f02_without_authority_the_portal_starts_from_its_sealed_cache_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut shut = entry("shut");
    shut["status"] = "suspended".into();
    let keys = Keys::derive(&SECRET);
    cache(&folder).write(&keys.cache, &table_of(None, 7, vec![entry("bank"), shut]), unix_now() - 100).unwrap();
    let sealed = std::fs::read(folder.path().join("registry.cache")).unwrap();
    assert!(!sealed.windows(11).any(|window| window == b"secret-bank"));

    let registry = Registry::idle(with_cache(NOBODY, &folder));
    registry.first().await;
    let readiness = registry.readiness();
    assert!(readiness.ready && readiness.from_cache && readiness.version == Some(7));
    assert!(readiness.age.unwrap() >= Duration::from_secs(100) && readiness.last_failure.is_some());
    assert_eq!(registry.resolve("shut.portal.example").unwrap().status, TenantStatus::Suspended);
}

#[tokio::test]
async fn f02_a_cache_that_is_too_old_is_refused_and_its_floor_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::derive(&SECRET);
    cache(&folder).write(&keys.cache, &table_of(None, 7, vec![entry("bank")]), unix_now() - 73 * 3600).unwrap();
    let url = authority_that(|request: Request| async move { sealed(&request, 6, &full(6, &[entry("bank")])) }).await;
    let registry = Registry::idle(with_cache(&url, &folder));
    registry.first().await;
    assert!(!registry.readiness().ready);
    assert_eq!(pull(&registry).await, Err(SyncFailure::VersionLower), "the floor survives a restart");
    Registry::reset(&with_cache(&url, &folder)).unwrap();
    let registry = Registry::idle(with_cache(&url, &folder));
    registry.first().await;
    assert_eq!(registry.readiness().version, Some(6));
}

#[test]
fn a_cache_opens_for_its_own_node_and_secret_alone() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::derive(&SECRET);
    let ours = cache(&folder);
    ours.write(&keys.cache, &table_of(None, 7, vec![entry("bank")]), unix_now()).unwrap();
    assert!(ours.read(&keys.cache, unix_now()).unwrap().table.is_ok());
    assert!(ours.read(&Keys::derive(&[8; 32]).cache, unix_now()).is_err());
    assert!(Cache { node: "portal-2".to_owned(), ..cache(&folder) }.read(&keys.cache, unix_now()).is_err());
    let mut bytes = std::fs::read(&ours.path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&ours.path, &bytes).unwrap();
    assert!(ours.read(&keys.cache, unix_now()).is_err());
    for cut in [0, 10, 25, 40] {
        std::fs::write(&ours.path, &bytes[..cut]).unwrap();
        assert!(ours.read(&keys.cache, unix_now()).is_err());
    }
}

#[tokio::test]
async fn the_configuration_that_a_quarantined_entry_had_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::derive(&SECRET);
    let first = table_of(None, 1, vec![entry("bank")]);
    let second = table_of(Some(&first), 2, vec![serde_json::json!({ "id": "bank", "status": "active" })]);
    cache(&folder).write(&keys.cache, &second, unix_now()).unwrap();
    let remembered = cache(&folder).read(&keys.cache, unix_now()).unwrap();
    let (table, _) = remembered.table.unwrap();
    assert!(table.resolve("bank.portal.example").is_some() && table.quarantined().len() == 1);
}

#[tokio::test]
async fn f03_an_authority_that_goes_away_has_no_effect_but_the_age() {
    let real = real_authority(unix_now).await;
    real.catalog.add_tenant(&entry("bank")).unwrap();
    let registry = portal(&real.url, &real.secret);
    assert_eq!(pull(&registry).await, Ok(Synced::Changed));
    assert_eq!(pull(&registry).await, Ok(Synced::Unchanged));
    let gone = portal(NOBODY, &real.secret);
    gone.table.store(registry.table.load_full());
    assert_eq!(pull(&gone).await, Err(SyncFailure::Unreachable));
    assert!(gone.resolve("bank.portal.example").is_some());
}

#[tokio::test]
async fn f04_garbage_is_refused_whole_and_the_table_kept() {
    let bodies: [&'static [u8]; 7] = [
        b"<html>gateway</html>",
        b"",
        b"{\"v\":1,\"version\":6,",
        b"{\"v\":1,\"version\":6,\"nonce\":\"!\",\"ciphertext\":\"!\"}",
        b"{\"v\":2,\"version\":6,\"nonce\":\"\",\"ciphertext\":\"\"}",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
        b"null",
    ];
    let turn = Arc::new(AtomicU64::new(0));
    let url = authority_that(move |request: Request| {
        let turn = turn.fetch_add(1, Ordering::SeqCst) as usize;
        async move {
            match turn.checked_sub(1).and_then(|turn| bodies.get(turn)) {
                Some(body) => Response::new(Body::from(*body)),
                None => sealed(&request, 5, &full(5, &[entry("bank")])),
            }
        }
    })
    .await;
    let registry = portal(&url, &SECRET);
    assert_eq!(pull(&registry).await, Ok(Synced::Changed));
    for body in bodies {
        assert_eq!(pull(&registry).await, Err(SyncFailure::NotOpened), "{body:?}");
        assert_eq!(registry.readiness().version, Some(5));
    }
    assert_eq!(pull(&registry).await, Ok(Synced::Unchanged));
}

#[tokio::test]
async fn f04_reading_stops_at_the_limit_though_the_body_never_ends() {
    let url = authority_that(|_| async {
        let chunk = bytes::Bytes::from(vec![b' '; 1 << 20]);
        let endless = futures::stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone()));
        Response::new(Body::from_stream(endless))
    })
    .await;
    assert_eq!(pull(&portal(&url, &SECRET)).await, Err(SyncFailure::TooLarge));
}

#[tokio::test]
async fn f05_the_same_version_with_another_content_changes_nothing() {
    let turn = Arc::new(AtomicU64::new(0));
    let url = authority_that(move |request: Request| {
        let id = if turn.fetch_add(1, Ordering::SeqCst) == 0 { "bank" } else { "other" };
        async move { sealed(&request, 5, &full(5, &[entry(id)])) }
    })
    .await;
    let registry = portal(&url, &SECRET);
    assert_eq!(pull(&registry).await, Ok(Synced::Changed));
    assert_eq!(pull(&registry).await, Ok(Synced::Unchanged));
    assert!(registry.resolve("bank.portal.example").is_some() && registry.resolve("other.portal.example").is_none());
}

#[tokio::test(start_paused = true)]
async fn f06_a_slow_authority_is_given_up_after_ten_seconds() {
    let url = authority_that(|_| std::future::pending()).await;
    let begun = tokio::time::Instant::now();
    assert_eq!(pull(&portal(&url, &SECRET)).await, Err(SyncFailure::TimedOut));
    assert_eq!(begun.elapsed().as_secs(), 10);
}

#[tokio::test]
async fn f07_a_wrong_secret_is_refused_and_its_value_not_told() {
    let real = real_authority(unix_now).await;
    let registry = portal(&real.url, &SECRET);
    assert_eq!(pull(&registry).await, Err(SyncFailure::Unauthorised));
    assert!(!registry.readiness().ready && registry.readiness().last_failure.unwrap().contains("refuses this node"));
    real.catalog.revoke_node("portal-1").unwrap();
    assert_eq!(pull(&portal(&real.url, &real.secret)).await, Err(SyncFailure::Unauthorised));
}

#[tokio::test]
async fn f08_a_wrong_clock_is_named_with_its_drift() {
    let real = real_authority(ten_minutes_ahead).await;
    let failure = pull(&portal(&real.url, &real.secret)).await.unwrap_err();
    assert!(matches!(failure, SyncFailure::Skewed { drift_seconds: -602..=-598 }), "{failure}");
}

#[tokio::test]
async fn f09_both_secrets_work_until_the_old_one_is_cut() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let real = real_authority(unix_now).await;
    let new = STANDARD.decode(real.catalog.rotate_node("portal-1").unwrap()).unwrap();
    assert!(real.catalog.rotate_node("portal-1").is_err());
    assert!(pull(&portal(&real.url, &real.secret)).await.is_ok());
    assert!(pull(&portal(&real.url, &new)).await.is_ok());
    real.catalog.cut_node("portal-1").unwrap();
    assert_eq!(pull(&portal(&real.url, &real.secret)).await, Err(SyncFailure::Unauthorised));
    assert!(pull(&portal(&real.url, &new)).await.is_ok());
}

#[tokio::test]
async fn a_delta_that_builds_on_something_else_is_discarded_and_asked_again_in_full() {
    let url = authority_that(|request: Request| async move {
        if request.uri().query().is_none() {
            let version = 5 + u64::from(request.headers().contains_key("x-second"));
            return sealed(&request, version, &full(version, &[entry("bank")]));
        }
        let delta = serde_json::json!({ "version": 9, "since": 4, "full": false, "tenants": [entry("evil")], "removed": ["bank"] });
        sealed(&request, 9, &delta.to_string())
    })
    .await;
    let registry = portal(&url, &SECRET);
    assert_eq!(pull(&registry).await, Ok(Synced::Changed));
    assert_eq!(pull(&registry).await, Ok(Synced::Unchanged));
    assert!(registry.resolve("bank.portal.example").is_some() && registry.resolve("evil.portal.example").is_none());
}

#[tokio::test]
async fn a_rotated_key_heals_at_once_and_syncs_are_coalesced() {
    let real = real_authority(unix_now).await;
    real.catalog.add_tenant(&entry("bank")).unwrap();
    let registry = Arc::new(portal(&real.url, &real.secret));
    pull(&registry).await.unwrap();
    let used = registry.resolve("bank.portal.example").unwrap();
    real.catalog.rotate("bank", "key-new", "secret-new").unwrap();
    let before = registry.heals.begun.load(Ordering::SeqCst);
    let done = Arc::new(AtomicU64::new(0));
    for _ in 0..20 {
        let (registry, used, done) = (Arc::clone(&registry), Arc::clone(&used), Arc::clone(&done));
        spawn(async move {
            let _ = registry.heal(&used).await;
            done.fetch_add(1, Ordering::SeqCst);
        });
    }
    until(|| done.load(Ordering::SeqCst) == 20).await;
    assert_eq!(registry.heals.begun.load(Ordering::SeqCst), before + 1);
    let now = registry.heal(&used).await.unwrap();
    assert_eq!(now.upstream.credentials.api_key.expose_secret(), "key-new");
    assert_eq!(registry.heals.begun.load(Ordering::SeqCst), before + 1, "what differs already needs no sync");
    real.catalog.suspend("bank").unwrap();
    pull(&registry).await.unwrap();
    assert!(registry.heal(&now).await.is_none(), "a suspended tenant has nothing to heal with");
}
