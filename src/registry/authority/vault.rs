//! Secrets at rest: every row is sealed under the master key and bound to its place, so that rows cannot be exchanged.
//!
//! Owns the form of a sealed row. It must not know what a row means.

use secrecy::{ExposeSecret as _, SecretBox};
use zeroize::Zeroizing;

use crate::registry::envelope::{NONCE_BYTES, SealError, open, seal};

/// Seals and opens rows.
pub(super) struct Vault {
    master_key: SecretBox<[u8; 32]>,
}

impl Vault {
    pub fn new(master_key: &SecretBox<[u8; 32]>) -> Self {
        Self { master_key: SecretBox::new(Box::new(*master_key.expose_secret())) }
    }

    /// Nonce and ciphertext of a row's secret; `place` names table, row and column.
    pub fn seal(&self, place: &str, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, ciphertext) = seal(self.master_key.expose_secret(), &aad(place), plaintext)?;
        Ok([&nonce[..], &ciphertext].concat())
    }

    /// What was sealed at this place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE_BYTES).ok_or(SealError)?;
        open(self.master_key.expose_secret(), &aad(place), nonce, ciphertext.to_vec())
    }
}

fn aad(place: &str) -> String {
    format!("odr-authority:v1:{place}")
}
