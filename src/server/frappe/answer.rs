//! Reading a successful answer.
//!
//! Owns the envelope. It must not know what is inside.

use http::header;
use serde::{Deserialize, de::DeserializeOwned};

use super::{Fault, transport::Answer};

#[derive(Deserialize)]
struct Envelope<T> {
    /// `/api/resource`.
    data: Option<T>,
    /// `/api/method`.
    message: Option<T>,
}

/// `data` or `message`. What else Frappe puts beside them (even `exc`, on v14) is not looked at: the status decides.
pub(super) fn payload<T: DeserializeOwned>(answer: &Answer) -> Result<T, Fault> {
    let envelope: Envelope<T> = json(answer)?;
    envelope.data.or(envelope.message).ok_or(Fault::BadAnswer("empty"))
}

/// The whole body, if it is JSON by its own word and in truth.
pub(super) fn json<T: DeserializeOwned>(answer: &Answer) -> Result<T, Fault> {
    let declared = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !declared.trim_start().to_ascii_lowercase().starts_with("application/json") {
        return Err(Fault::BadAnswer("not_json"));
    }
    serde_json::from_slice(&answer.body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Fault::BadAnswer("shape"),
        _ => Fault::BadAnswer("broken_json"),
    })
}
