//! Tests of the client over real sockets: what leaves, what is believed of what comes back, and what is done when nothing
//! does.

mod fence;
mod headers;
mod recordings;
mod records;
mod resilience;
mod sign_in;
mod widening;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    response::Response,
};
use serde::Deserialize;
use tokio::{net::TcpListener, task::JoinSet, time::Instant};

use super::{CallContext, Heal, Record, Upstreams, enter};
use crate::{
    config::UpstreamConfig,
    registry::{Placement, Tenant, testing, with_tenant},
};

/// A record as casework would declare one.
#[derive(Debug, Deserialize, PartialEq)]
struct Case {
    name: String,
    institution: String,
    #[serde(default)]
    status: String,
}

impl Record for Case {
    const DOCTYPE: &'static str = "Arbitration Case";
    const FIELDS: &'static [&'static str] = &["name", "institution", "status"];
    fn institution(&self) -> &str {
        &self.institution
    }
}

/// One request, as it arrived.
#[derive(Clone, Debug)]
struct Seen {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn argument(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes()).find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// An upstream on a free port, for as long as it is held.
struct TestUpstream {
    base_url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    _tasks: JoinSet<()>,
}

impl TestUpstream {
    /// Answers each request with what `answer` makes of it and of its number.
    async fn start(answer: impl Fn(&Seen, usize) -> Response + Clone + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let log = Arc::clone(&seen);
        let app = axum::Router::new().fallback(async move |request: Request| {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            let headers = parts.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
            let one = Seen {
                method: parts.method.to_string(),
                path: parts.uri.path().to_owned(),
                query: parts.uri.query().unwrap_or_default().to_owned(),
                headers,
                body: String::from_utf8(body.to_vec()).unwrap(),
            };
            let number = {
                let mut log = log.lock().unwrap();
                log.push(one.clone());
                log.len()
            };
            answer(&one, number)
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base_url, seen, _tasks: tasks }
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn reply(status: u16, body: &serde_json::Value) -> Response {
    Response::builder().status(status).header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
}

fn html(status: u16) -> Response {
    Response::builder().status(status).header("content-type", "text/html").body(Body::from("<html>tabSecret</html>")).unwrap()
}

fn case(name: &str, institution: &str) -> serde_json::Value {
    serde_json::json!({ "name": name, "institution": institution, "status": "Filed", "modified": "2026-11-21 08:37:13.352827" })
}

fn upstreams() -> Arc<Upstreams> {
    Upstreams::new(UpstreamConfig { max_per_origin: 64 })
}

/// A tenant of this id at this upstream, with key `key-<id>` and secret `secret-<id>`: judged as the registry judges all.
fn tenant_for_tests(id: &str, base_url: &str, placement: Placement, institution: Option<&str>) -> Tenant {
    let tenant = testing::tenant_with(id, |entry| {
        entry["upstream"]["base_url"] = base_url.into();
        entry["upstream"]["site"] = format!("{id}.site").into();
        entry["upstream"]["placement"] = if placement == Placement::Shared { "shared" } else { "site" }.into();
        entry["upstream"]["institution"] = institution.into();
        entry["upstream"]["timeout_ms"] = 5_000.into();
        entry["upstream"]["max_concurrency"] = 32.into();
    });
    Arc::into_inner(tenant).expect("nobody else holds it")
}

/// Tenant `alpha` of institution `Alpha Bank`, on a shared site.
fn alpha(base_url: &str) -> Tenant {
    tenant_for_tests("alpha", base_url, Placement::Shared, Some("Alpha Bank"))
}

fn no_heal() -> Heal {
    Arc::new(|_| Box::pin(async { None }))
}

/// Runs a call as this tenant, with a new way upstream.
async fn run<F: Future>(tenant: Tenant, call: F) -> F::Output {
    Box::pin(run_with(&upstreams(), Arc::new(tenant), no_heal(), call)).await
}

async fn run_with<F: Future>(upstreams: &Arc<Upstreams>, tenant: Arc<Tenant>, registry: Heal, call: F) -> F::Output {
    let context = CallContext {
        upstreams: Arc::clone(upstreams),
        registry,
        request_id: "0198-request".to_owned(),
        traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned()),
        deadline: Instant::now() + Duration::from_secs(20),
    };
    Box::pin(with_tenant(tenant, enter(context, Box::pin(call)))).await
}
