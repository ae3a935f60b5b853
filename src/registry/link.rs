//! One question to the authority and its verified answer.
//!
//! Owns the socket, the deadline and the limit on what is read. It must not know which table is in force: whether an
//! answer may replace it is decided in `sync`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::{StatusCode, header::HeaderMap, redirect};
use secrecy::ExposeSecret as _;

use super::{
    envelope::Envelope,
    protocol::{
        ANSWER_SIGNATURE_HEADER, Keys, MAX_ANSWER_BYTES, NODE_HEADER, PATH, Payload, SIGNATURE_HEADER, TIME_HEADER, TIMESTAMP_HEADER,
        VERSION_HEADER, answer_aad,
    },
    table::TableError,
};
use crate::config::AuthorityLink;

/// When this passes, a try is given up.
pub(in crate::registry) const DEADLINE: Duration = Duration::from_secs(10);

/// Who we ask, and as whom.
pub(in crate::registry) struct Link {
    url: String,
    /// Our name.
    pub node: String,
    /// What our secret derives into.
    pub keys: Keys,
    client: Option<reqwest::Client>,
}

/// An answer that is the authority's, to this very request.
#[derive(Debug)]
pub(in crate::registry) enum Answer {
    /// What we hold is what there is.
    NotModified,
    /// A table or what changed in it.
    Payload(Payload),
}

/// Why a sync came to nothing. The table held stays in force.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::registry) enum SyncFailure {
    /// No connection, or it broke.
    #[error("the authority cannot be reached")]
    Unreachable,
    /// Too slow.
    #[error("the authority did not answer within 10 seconds")]
    TimedOut,
    /// 401: who we are, or when.
    #[error("the authority refuses this node: revoked, unknown, or another secret")]
    Unauthorised,
    /// 401 for our clock: positive where ours is ahead.
    #[error("the authority refuses this node's clock, which differs from its own by {drift_seconds} s")]
    Skewed {
        /// Ours minus theirs.
        drift_seconds: i64,
    },
    /// Another status than the protocol has.
    #[error("the authority answered with status {0}")]
    Status(u16),
    /// More than 64 MiB.
    #[error("the answer is larger than 64 MiB")]
    TooLarge,
    /// Not an envelope, not sealed for this request, or not a payload.
    #[error("the answer does not open")]
    NotOpened,
    /// A 304 that is not signed for this request.
    #[error("the answer \"unchanged\" is not signed for this request")]
    Forged,
    /// Older than what we hold or held.
    #[error("the answer's version is lower than one already held")]
    VersionLower,
    /// More than a day ahead.
    #[error("the answer's version is more than a day ahead of this clock")]
    VersionAhead,
    /// The table as a whole.
    #[error("{0}")]
    Table(#[from] TableError),
    /// A defect of ours.
    #[error("the sync broke off")]
    Broken,
}

impl SyncFailure {
    /// The label in `portal_registry_sync_total`.
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Unreachable | Self::TimedOut | Self::Broken => "unreachable",
            Self::Unauthorised | Self::Skewed { .. } | Self::Status(_) => "refused",
            _ => "rejected",
        }
    }
}

/// Unix time in whole seconds.
pub(in crate::registry) fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Link {
    /// Makes the one client that ever speaks to the authority.
    pub fn new(config: &AuthorityLink) -> Self {
        // No proxy of the environment: credentials travel here, and configuration is read in one place.
        let client = reqwest::Client::builder().redirect(redirect::Policy::none()).no_proxy().tcp_nodelay(true).build();
        if client.is_err() {
            tracing::error!("no HTTP client could be made: the authority will not be asked");
        }
        let keys = Keys::derive(config.secret.expose_secret());
        Self { url: config.url.clone(), node: config.node.clone(), keys, client: client.ok() }
    }

    /// Asks what changed since a version, or for the whole table.
    pub async fn pull(self: &std::sync::Arc<Self>, since: Option<u64>) -> Result<Answer, SyncFailure> {
        let timestamp = unix_now();
        let ask = async {
            let url = match since {
                Some(version) => format!("{}{PATH}?since={version}", self.url),
                None => format!("{}{PATH}", self.url),
            };
            let client = self.client.as_ref().ok_or(SyncFailure::Broken)?;
            let response = client
                .get(&url)
                .header(NODE_HEADER, &self.node)
                .header(TIMESTAMP_HEADER, timestamp)
                .header(SIGNATURE_HEADER, self.keys.sign_request(timestamp, &url, &self.node))
                .send()
                .await
                .map_err(|_| SyncFailure::Unreachable)?;
            match response.status() {
                StatusCode::OK => read(response).await.map(Some),
                StatusCode::NOT_MODIFIED => self.verify_not_modified(response.headers(), timestamp, since).map(|()| None),
                StatusCode::UNAUTHORIZED => Err(refusal(response.headers())),
                status => Err(SyncFailure::Status(status.as_u16())),
            }
        };
        let Some(body) = tokio::time::timeout(DEADLINE, ask).await.map_err(|_| SyncFailure::TimedOut)?? else {
            return Ok(Answer::NotModified);
        };
        // Megabytes of base64, AES and JSON: not on a thread that serves requests.
        let link = std::sync::Arc::clone(self);
        let opened = tokio::task::spawn_blocking(move || link.open(&body, timestamp)).await;
        opened.map_err(|_| SyncFailure::Broken)?.map(Answer::Payload)
    }

    fn open(&self, body: &[u8], timestamp: u64) -> Result<Payload, SyncFailure> {
        open_answer(&self.keys, &self.node, timestamp, body)
    }

    fn verify_not_modified(&self, headers: &HeaderMap, timestamp: u64, since: Option<u64>) -> Result<(), SyncFailure> {
        let since = since.ok_or(SyncFailure::Forged)?;
        let version = text(headers, VERSION_HEADER).and_then(|text| text.parse::<u64>().ok());
        let signature = text(headers, ANSWER_SIGNATURE_HEADER).unwrap_or_default();
        if version == Some(since) && self.keys.verify_not_modified(timestamp, since, &self.node, signature) {
            return Ok(());
        }
        Err(SyncFailure::Forged)
    }
}

/// Opens and reads the body of a 200.
pub(in crate::registry) fn open_answer(keys: &Keys, node: &str, timestamp: u64, body: &[u8]) -> Result<Payload, SyncFailure> {
    let envelope: Envelope = serde_json::from_slice(body).map_err(|_| SyncFailure::NotOpened)?;
    let version = envelope.version;
    let plaintext = envelope.open(&keys.payload, &answer_aad(node, timestamp, version)).map_err(|_| SyncFailure::NotOpened)?;
    let payload = Payload::parse(&plaintext).map_err(|_| SyncFailure::NotOpened)?;
    if payload.version == version { Ok(payload) } else { Err(SyncFailure::NotOpened) }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The time is not signed, so it is told and never acted on.
fn refusal(headers: &HeaderMap) -> SyncFailure {
    match text(headers, TIME_HEADER).and_then(|text| text.parse::<u32>().ok()) {
        Some(theirs) => SyncFailure::Skewed { drift_seconds: (unix_now() as i64).saturating_sub(i64::from(theirs)) },
        None => SyncFailure::Unauthorised,
    }
}

/// Reads a body, and stops at the limit whatever the headers promised.
async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, SyncFailure> {
    if response.content_length().is_some_and(|length| length > MAX_ANSWER_BYTES as u64) {
        return Err(SyncFailure::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| SyncFailure::Unreachable)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(SyncFailure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
