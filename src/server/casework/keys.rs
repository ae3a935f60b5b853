//! Keys by which records are written once (`records.md` §6): natural ones, made of what a record is about, and those of a form that is
//! sent a second time because nobody knows what became of the first.
//!
//! It must not know which record carries which.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::{model::Typed, registry::Tenant, server::session::hex};

/// The revision of the record that a form was opened on.
pub const REVISION: &str = "revision";
/// The operation that a form is: the same however often it is sent.
pub const OPERATION: &str = "operation";
/// The longest operation that is taken, in bytes: a UUID.
const OPERATION_MAX: usize = 36;

/// The operation of a form that was sent, if it is one of ours.
pub fn operation_of(typed: &Typed) -> Option<String> {
    let text = typed.text(OPERATION);
    let ours = text.len() == OPERATION_MAX && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    ours.then(|| text.to_owned())
}

/// The operation of a form that is shown: its own where it was sent before, else a new one.
pub fn operation_for(typed: Option<&Typed>) -> String {
    typed.and_then(operation_of).unwrap_or_else(|| uuid::Uuid::new_v4().to_string())
}

/// A natural key: hex of SHA-256 over institution and parts, each after a unit separator. Parts are trimmed and composed; who needs
/// them in one letter case brings them so.
pub fn natural_key(institution: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(institution.as_bytes());
    for part in parts {
        let part: String = part.trim().nfc().collect();
        hash.update(b"\x1f");
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

/// The key of a record that a form makes: hex of HMAC-SHA256 over DocType and the form's operation. Who cannot know the institution's
/// `audit_key` cannot guess it.
pub fn idem_key(tenant: &Tenant, doctype: &str, operation: &str) -> String {
    let mut key = Zeroizing::new([0_u8; 32]);
    let salt = tenant.id.as_str().as_bytes();
    let made = tenant
        .audit_key
        .as_ref()
        .map(|audit_key| Hkdf::<Sha256>::new(Some(salt), audit_key.expose_secret()).expand(b"odr-portal:idem:v1", &mut *key));
    if !matches!(made, Some(Ok(()))) {
        // Idempotence must hold without an `audit_key` too; secrecy then does not.
        key.copy_from_slice(&Sha256::digest(salt));
    }
    // Fails for no length of key; were it to, the key would be empty and nothing would be written twice under it.
    let mac = Hmac::<Sha256>::new_from_slice(&*key).map(|mac| mac.chain_update(doctype).chain_update(b"\x1f").chain_update(operation));
    mac.map(|mac| hex(&mac.finalize().into_bytes())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_natural_key_is_the_one_of_the_records() {
        // printf 'INST\x1fa\x1fb' | sha256sum
        assert_eq!(natural_key("INST", &["a", " b "]), "f0dd701bce5bce6b122560b8a3f2e30b2886800adf906c8bf3693c9c88e9b2b7");
        assert_ne!(natural_key("INST", &["ab"]), natural_key("INST", &["a", "b"]));
        assert_ne!(natural_key("INST", &["a"]), natural_key("OTHER", &["a"]));
    }
}
