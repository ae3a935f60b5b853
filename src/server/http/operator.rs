//! The operator's side, on an address of its own: metrics and health. Never on the public port.

use std::sync::Arc;

use axum::{Json, Router, extract::State, response::IntoResponse, routing::get};
use http::{StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::{registry::Registry, telemetry::metrics};

/// What the operator's routes need.
#[derive(Clone)]
pub struct Operator {
    /// Renders the metrics.
    pub metrics: Option<PrometheusHandle>,
    /// Says whether there is a table, how old it is and why.
    pub registry: Arc<Registry>,
    /// Cancelled when the process begins to stop.
    pub stopping: tokio_util::sync::CancellationToken,
}

/// `/metrics`, `/healthz`, `/readyz`.
pub fn routes(operator: Operator) -> Router {
    Router::new()
        .route("/metrics", get(render))
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .with_state(operator)
}

async fn render(State(operator): State<Operator>) -> impl IntoResponse {
    if let Some(age) = operator.registry.readiness().age {
        metrics::registry_age(age);
    }
    let text = operator.metrics.as_ref().map(metrics::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

async fn ready(State(operator): State<Operator>) -> impl IntoResponse {
    let state = operator.registry.readiness();
    let stopping = operator.stopping.is_cancelled();
    let quarantined: Vec<_> = state.quarantined.iter().map(|(id, reason)| serde_json::json!({"tenant": id, "reason": reason})).collect();
    let body = serde_json::json!({
        "ready": state.ready && !stopping,
        "stopping": stopping,
        "registry": {
            "version": state.version,
            "age_seconds": state.age.map(|age| age.as_secs()),
            "from_cache": state.from_cache,
            "last_failure": state.last_failure,
            "quarantined": quarantined,
        },
    });
    (if state.ready && !stopping { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(body))
}
