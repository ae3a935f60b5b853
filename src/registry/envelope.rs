//! Sealing and opening with AES-256-GCM: of answers, of the cache file and of the catalog's rows.
//!
//! Owns nonces and the form of an answer. It must not know what is inside, nor where the keys come from.

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{AeadInOut as _, Nonce},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Length of a nonce, in bytes.
pub(in crate::registry) const NONCE_BYTES: usize = 12;

/// Why something could not be sealed or opened; on purpose without detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it does not open")]
pub(in crate::registry) struct SealError;

/// An answer with a payload, as it travels.
#[derive(Debug, Deserialize, Serialize)]
pub(in crate::registry) struct Envelope {
    v: u8,
    /// The table's version, also part of what the tag covers.
    pub version: u64,
    nonce: String,
    ciphertext: String,
}

impl Envelope {
    /// Seals a payload under a fresh random nonce.
    pub fn seal(key: &[u8; 32], aad: &str, version: u64, plaintext: &[u8]) -> Result<Self, SealError> {
        let (nonce, ciphertext) = seal(key, aad, plaintext)?;
        Ok(Self { v: 1, version, nonce: STANDARD.encode(nonce), ciphertext: STANDARD.encode(ciphertext) })
    }

    /// Opens it.
    pub fn open(self, key: &[u8; 32], aad: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
        if self.v != 1 {
            return Err(SealError);
        }
        let nonce = STANDARD.decode(&self.nonce).map_err(|_| SealError)?;
        let ciphertext = STANDARD.decode(self.ciphertext).map_err(|_| SealError)?;
        open(key, aad, &nonce, ciphertext)
    }
}

/// Seals bytes under a fresh random nonce, which is returned beside them.
pub(in crate::registry) fn seal(key: &[u8; 32], aad: &str, plaintext: &[u8]) -> Result<([u8; NONCE_BYTES], Vec<u8>), SealError> {
    let nonce: [u8; NONCE_BYTES] = rand::random();
    // With room for the tag, so that no copy of the plaintext is left behind by growing.
    let mut buffer = Vec::with_capacity(plaintext.len() + 16);
    buffer.extend_from_slice(plaintext);
    Aes256Gcm::new(key.into()).encrypt_in_place(&Nonce::<Aes256Gcm>::from(nonce), aad.as_bytes(), &mut buffer).map_err(|_| SealError)?;
    Ok((nonce, buffer))
}

/// Opens bytes; what comes out is wiped when it is dropped.
pub(in crate::registry) fn open(key: &[u8; 32], aad: &str, nonce: &[u8], ciphertext: Vec<u8>) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealError)?;
    let mut buffer = Zeroizing::new(ciphertext);
    Aes256Gcm::new(key.into()).decrypt_in_place(&Nonce::<Aes256Gcm>::from(nonce), aad.as_bytes(), &mut *buffer).map_err(|_| SealError)?;
    Ok(buffer)
}
