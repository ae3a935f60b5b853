//! Attacks on the link between portal and authority, by the names that the update-security literature gives them.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use axum::{extract::Request, http::StatusCode, response::Response};

use super::support::{SECRET, authority_that, full, portal, pull, real_authority, sealed};
use crate::registry::{
    link::{SyncFailure, unix_now},
    protocol::Keys,
    sync::Synced,
    testing::entry,
};

/// An authority that answers with these versions in turn, the last one for ever.
async fn versions(list: &'static [u64]) -> String {
    let turn = Arc::new(AtomicU64::new(0));
    authority_that(move |request: Request| {
        let turn = turn.fetch_add(1, Ordering::SeqCst) as usize;
        let version = list[turn.min(list.len() - 1)];
        async move { sealed(&request, version, &full(version, &[entry("bank")])) }
    })
    .await
}

#[tokio::test]
async fn a17_rollback_a_stored_answer_does_not_open_again() {
    let stored: Arc<Mutex<Option<String>>> = Arc::default();
    let url = authority_that(move |request: Request| {
        let stored = Arc::clone(&stored);
        async move {
            let fresh = sealed(&request, 5, &full(5, &[entry("bank")]));
            let body = axum::body::to_bytes(fresh.into_body(), usize::MAX).await.unwrap();
            // The seal is over whole seconds: a replay within one second would be the same request.
            let body = stored.lock().unwrap().get_or_insert_with(|| String::from_utf8(body.to_vec()).unwrap()).clone();
            Response::new(body.into())
        }
    })
    .await;
    let registry = portal(&url, &SECRET);
    assert_eq!(pull(&registry).await, Ok(Synced::Changed));
    let begun = unix_now();
    let mut last = Ok(Synced::Unchanged);
    while unix_now() <= begun {
        last = pull(&registry).await;
    }
    last = if last.is_ok() { pull(&registry).await } else { last };
    assert_eq!(last, Err(SyncFailure::NotOpened));
    assert_eq!(SyncFailure::NotOpened.outcome(), "rejected");
    assert_eq!(registry.readiness().version, Some(5));
}

#[tokio::test]
async fn a17_rollback_a_lower_version_is_refused_though_it_is_sealed() {
    let registry = portal(&versions(&[5, 4]).await, &SECRET);
    assert_eq!(pull(&registry).await, Ok(Synced::Changed));
    assert_eq!(pull(&registry).await, Err(SyncFailure::VersionLower));
    assert_eq!(registry.readiness().version, Some(5));
}

#[tokio::test]
async fn a18_freeze_an_unsigned_or_wrong_304_is_a_failed_sync() {
    for forged in 0..4 {
        let url = authority_that(move |request: Request| async move {
            if request.uri().query().is_none() {
                return sealed(&request, 5, &full(5, &[entry("bank")]));
            }
            let keys = Keys::derive(&SECRET);
            let time = super::support::timestamp(&request);
            let builder = Response::builder().status(StatusCode::NOT_MODIFIED);
            let builder = match forged {
                0 => builder,
                1 => builder.header("x-authority-version", 5),
                2 => builder
                    .header("x-authority-version", 5)
                    .header("x-authority-signature", keys.sign_not_modified(time - 1, 5, "portal-1")),
                _ => builder.header("x-authority-version", 4).header("x-authority-signature", keys.sign_not_modified(time, 4, "portal-1")),
            };
            builder.body(axum::body::Body::empty()).unwrap()
        })
        .await;
        let registry = portal(&url, &SECRET);
        assert_eq!(pull(&registry).await, Ok(Synced::Changed));
        assert_eq!(pull(&registry).await, Err(SyncFailure::Forged), "{forged}");
        assert!(registry.readiness().last_failure.is_some());
    }
}

#[tokio::test]
async fn a18_freeze_a_304_to_a_portal_without_a_table_is_a_failed_sync() {
    let url = authority_that(|_| async { Response::builder().status(304).body(axum::body::Body::empty()).unwrap() }).await;
    assert_eq!(pull(&portal(&url, &SECRET)).await, Err(SyncFailure::Forged));
}

#[tokio::test]
async fn a19_fast_forward_a_version_beyond_a_day_ahead_is_refused() {
    for version in [u64::MAX, i64::MAX as u64] {
        let url = authority_that(move |request: Request| async move { sealed(&request, version, &full(version, &[entry("bank")])) }).await;
        let registry = portal(&url, &SECRET);
        assert_eq!(pull(&registry).await, Err(SyncFailure::VersionAhead));
        assert!(!registry.readiness().ready);
    }
}

#[tokio::test]
async fn a20_mix_and_match_another_nodes_or_versions_answer_does_not_open() {
    let url = authority_that(|request: Request| async move {
        let keys = Keys::derive(&SECRET);
        let aad = crate::registry::protocol::answer_aad("portal-2", super::support::timestamp(&request), 5);
        let sealed = crate::registry::envelope::Envelope::seal(&keys.payload, &aad, 5, full(5, &[]).as_bytes()).unwrap();
        Response::new(serde_json::to_string(&sealed).unwrap().into())
    })
    .await;
    assert_eq!(pull(&portal(&url, &SECRET)).await, Err(SyncFailure::NotOpened));
    let url = authority_that(|request: Request| async move { sealed(&request, 6, &full(5, &[])) }).await;
    assert_eq!(pull(&portal(&url, &SECRET)).await, Err(SyncFailure::NotOpened), "the versions outside and inside differ");
}

#[tokio::test]
async fn a21_request_replay_gives_a_sealed_answer_and_another_query_nothing() {
    let real = real_authority(unix_now).await;
    real.catalog.add_tenant(&entry("bank")).unwrap();
    let (keys, time) = (Keys::derive(&real.secret), unix_now());
    let url = format!("{}/v1/tenants", real.url);
    let signature = keys.sign_request(time, &url, "portal-1");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = |url: String, node: &'static str, time: String, signature: String| {
        let client = client.clone();
        async move {
            let request = client.get(url).header("x-portal-node", node).header("x-portal-timestamp", time);
            let response = request.header("x-portal-signature", signature).send().await.unwrap();
            let drift = response.headers().contains_key("x-authority-time");
            (response.status().as_u16(), drift, response.text().await.unwrap())
        }
    };
    for _ in 0..2 {
        let (status, _, body) = ask(url.clone(), "portal-1", time.to_string(), signature.clone()).await;
        assert!(status == 200 && !body.contains("secret-bank"));
    }
    let refused = (401, false, r#"{"error":"unauthorised"}"#.to_owned());
    assert_eq!(ask(format!("{url}?since=1"), "portal-1", time.to_string(), signature.clone()).await, refused);
    assert_eq!(ask(url.clone(), "portal-2", time.to_string(), signature.clone()).await, refused);
    assert_eq!(ask(url.clone(), "portal-1", (time - 1).to_string(), signature.clone()).await, refused);
    assert_eq!(ask(url.clone(), "portal-1", format!("+{time}"), signature.clone()).await, refused);
    assert_eq!(ask(url.clone(), "portal-1", time.to_string(), signature.to_uppercase()).await, refused);
    assert_eq!(ask(url.clone(), "PORTAL", time.to_string(), signature).await, refused);
    let old = time - 61;
    let (status, drift, _) = ask(url.clone(), "portal-1", old.to_string(), keys.sign_request(old, &url, "portal-1")).await;
    assert!(status == 401 && drift, "the authority's time is told where the signature is right");
    assert_eq!(ask(url, "portal-1", old.to_string(), "0".repeat(64)).await, refused);
}
