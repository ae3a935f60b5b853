//! What the Central Authority needs to know before it starts.

use std::{net::SocketAddr, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::SecretBox;

use super::{ConfigError, Source};

/// Configuration of `odr-portal authority`.
#[derive(Debug)]
pub struct AuthorityConfig {
    /// Where it listens.
    pub addr: SocketAddr,
    /// The base URL that portals are configured with, without a trailing slash: requests are signed over it.
    pub public_url: String,
    /// The catalog's SQLite file.
    pub db: PathBuf,
    /// The key that seals secrets in the catalog.
    pub master_key: SecretBox<[u8; 32]>,
}

impl AuthorityConfig {
    /// Reads it.
    ///
    /// # Errors
    /// Names the first variable that is missing or cannot be used.
    pub fn from_env(source: &Source) -> Result<Self, ConfigError> {
        const KEY: &str = "AUTHORITY_MASTER_KEY";
        let bytes = STANDARD.decode(source.required(KEY)?.trim()).map_err(|_| ConfigError::new(KEY, "must be base64"))?;
        let key: [u8; 32] = bytes.try_into().map_err(|_| ConfigError::new(KEY, "must be base64 of exactly 32 bytes"))?;
        Ok(Self {
            addr: source.parsed("AUTHORITY_ADDR", "an address and port such as 127.0.0.1:4000")?,
            public_url: source.required("AUTHORITY_PUBLIC_URL")?.trim_end_matches('/').to_owned(),
            db: source.required("AUTHORITY_DB")?.into(),
            master_key: SecretBox::new(Box::new(key)),
        })
    }
}
