//! The Central Authority protocol's words: keys, signatures, limits and the payload, the same for both sides.
//!
//! Owns what is exact to the byte. It must not know when a portal asks, nor how the authority keeps its table.

use std::{fmt, fmt::Write as _};

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The path that portals ask for.
pub(in crate::registry) const PATH: &str = "/v1/tenants";
/// The request's header with the node's name.
pub(in crate::registry) const NODE_HEADER: &str = "x-portal-node";
/// The request's header with its time, in Unix seconds.
pub(in crate::registry) const TIMESTAMP_HEADER: &str = "x-portal-timestamp";
/// The request's header with its signature.
pub(in crate::registry) const SIGNATURE_HEADER: &str = "x-portal-signature";
/// The header with which a skew refusal tells the authority's time, in Unix seconds.
pub(in crate::registry) const TIME_HEADER: &str = "x-authority-time";
/// The 304's header with the table's version.
pub(in crate::registry) const VERSION_HEADER: &str = "x-authority-version";
/// The 304's header with its signature.
pub(in crate::registry) const ANSWER_SIGNATURE_HEADER: &str = "x-authority-signature";
/// How far a request's time may be from the authority's, in seconds.
pub(in crate::registry) const MAX_SKEW_SECONDS: u64 = 60;
/// The largest answer, in bytes.
pub(in crate::registry) const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;
/// How far ahead of our clock a version may be, in seconds.
pub(in crate::registry) const MAX_AHEAD_SECONDS: u64 = 24 * 60 * 60;

/// A 32-byte key that is wiped when it is dropped.
pub(in crate::registry) type Key = Zeroizing<[u8; 32]>;

/// What one shared secret derives into, and the secret itself.
pub(in crate::registry) struct Keys {
    request: Zeroizing<Vec<u8>>,
    /// Seals answers.
    pub payload: Key,
    /// Signs answers without a payload.
    response: Key,
    /// Seals the portal's cache.
    pub cache: Key,
}

impl Keys {
    /// Derives them.
    pub fn derive(secret: &[u8]) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, secret);
        let derive = |info: &str| {
            let mut key = Zeroizing::new([0; 32]);
            // 32 bytes is one block of SHA-256: far below what HKDF can give, so this cannot fail.
            let _ = hkdf.expand(info.as_bytes(), &mut *key);
            key
        };
        Self {
            request: Zeroizing::new(secret.to_vec()),
            payload: derive("odr-portal payload v1"),
            response: derive("odr-portal response v1"),
            cache: derive("odr-portal cache v1"),
        }
    }

    /// The signature of a request, in lower-case hex. `url` is the base URL, path and query exactly as sent.
    pub fn sign_request(&self, timestamp: u64, url: &str, node: &str) -> String {
        hex(&mac(&self.request, &request_message(timestamp, url, node)).finalize().into_bytes())
    }

    /// Whether a request's signature is right; compares in constant time.
    pub fn verify_request(&self, timestamp: u64, url: &str, node: &str, signature: &str) -> bool {
        verify(mac(&self.request, &request_message(timestamp, url, node)), signature)
    }

    /// The signature of a 304, in lower-case hex.
    pub fn sign_not_modified(&self, timestamp: u64, version: u64, node: &str) -> String {
        hex(&mac(&*self.response, &format!("{timestamp}:304:{version}:{node}")).finalize().into_bytes())
    }

    /// Whether a 304's signature is right; compares in constant time.
    pub fn verify_not_modified(&self, timestamp: u64, version: u64, node: &str, signature: &str) -> bool {
        verify(mac(&*self.response, &format!("{timestamp}:304:{version}:{node}")), signature)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

fn request_message(timestamp: u64, url: &str, node: &str) -> String {
    format!("{timestamp}:GET:{url}:{node}")
}

/// What an answer's tag covers besides the payload: only the request that it answers can open it.
pub(in crate::registry) fn answer_aad(node: &str, timestamp: u64, version: u64) -> String {
    format!("odr-portal:v1:{node}:{timestamp}:{version}")
}

/// What the cache file's tag covers besides its content.
pub(in crate::registry) fn cache_aad(node: &str) -> String {
    format!("odr-portal:cache:v1:{node}")
}

/// Whether a node's name keeps the form: 1 to 64 of `a-z 0-9 . -`.
pub(in crate::registry) fn is_node_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
}

#[allow(clippy::expect_used, reason = "HMAC takes a key of any length: its error type is shared with ciphers")]
fn mac(key: &[u8], message: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message.as_bytes());
    mac
}

fn verify(mac: Hmac<Sha256>, signature: &str) -> bool {
    unhex(signature).is_some_and(|bytes| mac.verify_slice(&bytes).is_ok())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// 32 bytes from 64 lower-case hexadecimal digits; nothing else is a signature.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

/// What an answer says, with its entries still unread: each is judged alone.
#[derive(Debug)]
pub(in crate::registry) struct Payload {
    /// The table's version.
    pub version: u64,
    /// The version that it builds on; `None` where it is the whole table.
    pub since: Option<u64>,
    /// Entries, as sent.
    pub tenants: Vec<RawEntry>,
    /// Ids that are gone.
    pub removed: Vec<String>,
}

/// One tenant's entry as the authority sent it: JSON that holds credentials, so it is wiped and never printed.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::registry) struct RawEntry(Zeroizing<String>);

impl RawEntry {
    /// Takes JSON text.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The JSON text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl From<Box<RawValue>> for RawEntry {
    fn from(raw: Box<RawValue>) -> Self {
        Self::new(Box::<str>::from(raw).into_string())
    }
}

impl fmt::Debug for RawEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawEntry")
    }
}

/// The payload does not parse or contradicts itself. Says nothing of its content, which holds credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payload does not parse")]
pub(in crate::registry) struct PayloadError;

impl Payload {
    /// Reads a plaintext.
    pub fn parse(plaintext: &[u8]) -> Result<Self, PayloadError> {
        #[derive(Deserialize)]
        struct Wire {
            version: u64,
            #[serde(default)]
            since: Option<u64>,
            full: bool,
            tenants: Vec<Box<RawValue>>,
            #[serde(default)]
            removed: Option<Vec<String>>,
        }
        let wire: Wire = serde_json::from_slice(plaintext).map_err(|_| PayloadError)?;
        if wire.full == wire.since.is_some() {
            return Err(PayloadError);
        }
        Ok(Self {
            version: wire.version,
            since: wire.since,
            tenants: wire.tenants.into_iter().map(RawEntry::from).collect(),
            removed: wire.removed.unwrap_or_default(),
        })
    }

    /// Writes a plaintext.
    pub fn write(&self, issued_at: &str) -> Zeroizing<Vec<u8>> {
        let size = self.tenants.iter().map(|entry| entry.text().len() + 1).sum::<usize>() + 70 * self.removed.len() + 256;
        let mut text = Zeroizing::new(String::with_capacity(size));
        let since = self.since.map_or_else(|| "null".to_owned(), |since| since.to_string());
        let _ = write!(
            text,
            r#"{{"version":{},"issued_at":"{issued_at}","since":{since},"full":{},"tenants":["#,
            self.version,
            self.since.is_none()
        );
        for (index, entry) in self.tenants.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(entry.text());
        }
        text.push_str(r#"],"removed":["#);
        for (index, id) in self.removed.iter().enumerate() {
            // An id is `a-z 0-9 -`: nothing to escape.
            let _ = write!(text, "{}\"{id}\"", if index > 0 { "," } else { "" });
        }
        text.push_str("]}");
        Zeroizing::new(std::mem::take(&mut *text).into_bytes())
    }
}
