//! The authority's HTTP side: who asks, and the sealed answer.
//!
//! Owns authentication of nodes. It must not know how versions come about (`catalog`). A refusal says nothing.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri},
    response::{IntoResponse as _, Response},
    routing::get,
};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Catalog, CatalogError};
use crate::registry::{
    envelope::Envelope,
    link::unix_now,
    protocol::{
        ANSWER_SIGNATURE_HEADER, Keys, MAX_SKEW_SECONDS, NODE_HEADER, PATH, SIGNATURE_HEADER, TIME_HEADER, TIMESTAMP_HEADER,
        VERSION_HEADER, answer_aad, is_node_name,
    },
};

/// Serves portals until `shutdown`. `public_url` is the base URL that they are configured with, without a trailing slash.
///
/// # Errors
/// The catalog's last version is more than an hour ahead of the clock, its file fails, or the listener does.
pub async fn serve(
    listener: TcpListener,
    catalog: Arc<Catalog>,
    public_url: String,
    shutdown: CancellationToken,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    serve_by(listener, catalog, public_url, shutdown, unix_now).await
}

/// The same, by another clock (Unix seconds).
pub(in crate::registry) async fn serve_by(
    listener: TcpListener,
    catalog: Arc<Catalog>,
    public_url: String,
    shutdown: CancellationToken,
    clock: fn() -> u64,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let version = catalog.begin(clock())?;
    tracing::info!(version, "the authority serves {public_url}");
    let authority = Arc::new(Authority { catalog, public_url, clock });
    let routes = Router::new().route(PATH, get(tenants)).with_state(authority);
    axum::serve(listener, routes).with_graceful_shutdown(shutdown.cancelled_owned()).await?;
    Ok(())
}

struct Authority {
    catalog: Arc<Catalog>,
    public_url: String,
    clock: fn() -> u64,
}

/// A request whose signature is right.
struct Asked {
    node: String,
    timestamp: u64,
    keys: Keys,
}

enum Refusal {
    Unauthorised,
    /// The signature is right and the time is not.
    Skewed,
    Failed(CatalogError),
}

impl From<CatalogError> for Refusal {
    fn from(error: CatalogError) -> Self {
        Self::Failed(error)
    }
}

async fn tenants(State(authority): State<Arc<Authority>>, uri: Uri, headers: HeaderMap) -> Response {
    // SQLite and AES: not on a thread that accepts connections.
    let answered = tokio::task::spawn_blocking(move || {
        let asked = authority.authenticate(&uri, &headers);
        asked.and_then(|asked| authority.answer(&asked, &uri)).unwrap_or_else(|refusal| authority.refuse(refusal))
    });
    answered.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

impl Authority {
    fn authenticate(&self, uri: &Uri, headers: &HeaderMap) -> Result<Asked, Refusal> {
        let node = only(headers, NODE_HEADER).filter(|name| is_node_name(name)).ok_or(Refusal::Unauthorised)?;
        let timestamp = only(headers, TIMESTAMP_HEADER).and_then(decimal).ok_or(Refusal::Unauthorised)?;
        let signature = only(headers, SIGNATURE_HEADER).ok_or(Refusal::Unauthorised)?;
        let url = match uri.query() {
            Some(query) => format!("{}{PATH}?{query}", self.public_url),
            None => format!("{}{PATH}", self.public_url),
        };
        let mut secrets = self.catalog.node_secrets(node)?;
        if secrets.is_empty() {
            // An unknown node costs what a known one does.
            secrets.push(zeroize::Zeroizing::new(vec![0; 32]));
            let _ = Keys::derive(&secrets[0]).verify_request(timestamp, &url, node, signature);
            return Err(Refusal::Unauthorised);
        }
        let mut right =
            secrets.iter().map(|secret| Keys::derive(secret)).filter(|keys| keys.verify_request(timestamp, &url, node, signature));
        let keys = right.next().ok_or(Refusal::Unauthorised)?;
        if timestamp.abs_diff((self.clock)()) > MAX_SKEW_SECONDS {
            return Err(Refusal::Skewed);
        }
        Ok(Asked { node: node.to_owned(), timestamp, keys })
    }

    fn answer(&self, asked: &Asked, uri: &Uri) -> Result<Response, Refusal> {
        let since = uri.query().into_iter().flat_map(|query| query.split('&')).find_map(|pair| pair.strip_prefix("since="));
        // What is not a version is in no log: the answer is the whole table.
        let (version, payload) = self.catalog.answer(since.and_then(decimal))?;
        let Some(payload) = payload else {
            let signature = asked.keys.sign_not_modified(asked.timestamp, version, &asked.node);
            let headers = [(VERSION_HEADER, version.to_string()), (ANSWER_SIGNATURE_HEADER, signature)];
            return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
        };
        let issued_at = Timestamp::from_second((self.clock)() as i64).map(|time| time.to_string()).unwrap_or_default();
        let aad = answer_aad(&asked.node, asked.timestamp, version);
        let envelope =
            Envelope::seal(&asked.keys.payload, &aad, version, &payload.write(&issued_at)).map_err(|_| CatalogError::MasterKey)?;
        Ok(Json(envelope).into_response())
    }

    fn refuse(&self, refusal: Refusal) -> Response {
        let body = |text: &str| Json(serde_json::json!({ "error": text }));
        match refusal {
            Refusal::Failed(error) => {
                tracing::error!("the authority cannot answer: {error}");
                (StatusCode::INTERNAL_SERVER_ERROR, body("unavailable")).into_response()
            }
            Refusal::Unauthorised => (StatusCode::UNAUTHORIZED, body("unauthorised")).into_response(),
            Refusal::Skewed => {
                let mut response = (StatusCode::UNAUTHORIZED, body("unauthorised")).into_response();
                response.headers_mut().insert(HeaderName::from_static(TIME_HEADER), HeaderValue::from((self.clock)()));
                response
            }
        }
    }
}

/// A header's value, if it came exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then(|| first.to_str().ok()).flatten()
}

/// Digits alone: `parse` would take a sign too.
fn decimal(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
