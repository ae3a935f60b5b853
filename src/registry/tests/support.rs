//! Authorities for tests, on real sockets: the real one, and one that does whatever it is told.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{Router, extract::Request, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::SecretBox;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{AuthorityConfig, AuthorityLink, RegistryConfig},
    registry::{
        Registry,
        authority::Catalog,
        envelope::Envelope,
        link::{SyncFailure, unix_now},
        protocol::{Keys, answer_aad},
        sync::Synced,
    },
};

pub const NODE: &str = "portal-1";
pub const SECRET: [u8; 32] = [7; 32];

/// The real authority, with one node and no tenant.
pub struct Real {
    pub folder: TempDir,
    pub catalog: Arc<Catalog>,
    pub url: String,
    pub secret: Vec<u8>,
    pub shutdown: CancellationToken,
}

pub fn authority_config(folder: &TempDir, url: &str) -> AuthorityConfig {
    let (addr, db) = (([127, 0, 0, 1], 0).into(), folder.path().join("authority.db"));
    AuthorityConfig { addr, public_url: url.to_owned(), db, master_key: SecretBox::new(Box::new([3; 32])) }
}

pub async fn real_authority(clock: fn() -> u64) -> Real {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let catalog = Arc::new(Catalog::open(&authority_config(&folder, &url)).unwrap());
    let secret = STANDARD.decode(catalog.add_node(NODE).unwrap()).unwrap();
    let shutdown = CancellationToken::new();
    let serving = crate::registry::authority::serve_by(listener, Arc::clone(&catalog), url.clone(), shutdown.clone(), clock);
    spawn(async move { serving.await.unwrap() });
    let real = Real { folder, catalog, url, secret, shutdown };
    // The listener is open before the authority has begun: wait until it has.
    let probe = portal(&real.url, &real.secret);
    while pull(&probe).await == Err(SyncFailure::Unreachable) {}
    real
}

/// An authority that answers as it is told; returns its URL.
pub async fn authority_that<F, A>(answer: F) -> String
where
    F: Fn(Request) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Response> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().fallback(move |request: Request| {
        let answer = answer.clone();
        async move { answer(request).await }
    });
    spawn(async move { axum::serve(listener, routes).await.unwrap() });
    url
}

#[allow(clippy::disallowed_methods, reason = "a test's server serves no tenant")]
pub fn spawn(future: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(future);
}

pub fn config(url: &str, secret: &[u8]) -> RegistryConfig {
    RegistryConfig {
        link: AuthorityLink { url: url.to_owned(), node: NODE.to_owned(), secret: secret.to_vec().into() },
        interval: Duration::from_secs(30),
        cache: None,
        cache_max_age: Duration::from_secs(72 * 3600),
        development: true,
    }
}

/// A portal whose loop does not run.
pub fn portal(url: &str, secret: &[u8]) -> Registry {
    Registry::idle(config(url, secret))
}

/// One sync.
pub async fn pull(registry: &Registry) -> Result<Synced, SyncFailure> {
    let mut state = registry.gate.lock().await;
    registry.sync(&mut state).await
}

/// A sealed answer to a request, with any version and plaintext.
pub fn sealed(request: &Request, version: u64, plaintext: &str) -> Response {
    let keys = Keys::derive(&SECRET);
    let aad = answer_aad(NODE, timestamp(request), version);
    let envelope = Envelope::seal(&keys.payload, &aad, version, plaintext.as_bytes()).unwrap();
    Response::new(serde_json::to_string(&envelope).unwrap().into())
}

pub fn timestamp(request: &Request) -> u64 {
    request.headers()["x-portal-timestamp"].to_str().unwrap().parse().unwrap()
}

/// A full plaintext with these entries.
pub fn full(version: u64, tenants: &[serde_json::Value]) -> String {
    serde_json::json!({ "version": version, "since": null, "full": true, "tenants": tenants, "removed": [] }).to_string()
}

/// The clock, ten minutes ahead.
pub fn ten_minutes_ahead() -> u64 {
    unix_now() + 600
}
