//! Portal nodes: who may ask, and with which secrets.
//!
//! Owns rotation and revocation. It must not know what nodes ask for.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rusqlite::{OptionalExtension as _, params};
use zeroize::Zeroizing;

use super::{Catalog, CatalogError};
use crate::registry::protocol::is_node_name;

/// Random bytes of a node's secret.
const SECRET_BYTES: usize = 32;

impl Catalog {
    /// Takes a new portal node; returns its secret, base64, which is shown this once.
    ///
    /// # Errors
    /// The name is out of form or was used before.
    pub fn add_node(&self, name: &str) -> Result<String, CatalogError> {
        if !is_node_name(name) {
            return Err(CatalogError::NodeName);
        }
        let secret = new_secret();
        let sealed = self.seal(&node_place(name), secret.as_slice())?;
        let added =
            self.lock().execute("INSERT INTO nodes (name, secret) VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![name, sealed])?;
        if added == 0 { Err(CatalogError::NodeTaken(name.to_owned())) } else { Ok(STANDARD.encode(secret)) }
    }

    /// Gives a node a second secret, base64; both work until the old one is [cut](Self::cut_node).
    ///
    /// # Errors
    /// There is no such node, or it has two already.
    pub fn rotate_node(&self, name: &str) -> Result<String, CatalogError> {
        let secret = new_secret();
        let sealed = self.seal(&node_place(name), secret.as_slice())?;
        let changed = self
            .lock()
            .execute("UPDATE nodes SET next_secret = ?2 WHERE name = ?1 AND NOT revoked AND next_secret IS NULL", params![name, sealed])?;
        match changed {
            0 if self.node_secrets(name)?.is_empty() => Err(CatalogError::NoNode(name.to_owned())),
            0 => Err(CatalogError::Rotation("the node has two secrets already: cut the old one first")),
            _ => Ok(STANDARD.encode(secret)),
        }
    }

    /// Ends a rotation: the old secret no longer works.
    ///
    /// # Errors
    /// There is no such node, or it has one secret.
    pub fn cut_node(&self, name: &str) -> Result<(), CatalogError> {
        let cut = "UPDATE nodes SET secret = next_secret, next_secret = NULL WHERE name = ?1 AND NOT revoked AND next_secret IS NOT NULL";
        let changed = self.lock().execute(cut, [name])?;
        match changed {
            0 if self.node_secrets(name)?.is_empty() => Err(CatalogError::NoNode(name.to_owned())),
            0 => Err(CatalogError::Rotation("the node has one secret: rotate it first")),
            _ => Ok(()),
        }
    }

    /// Refuses a node from now on; the others are not touched.
    ///
    /// # Errors
    /// There is no such node.
    pub fn revoke_node(&self, name: &str) -> Result<(), CatalogError> {
        let revoke = "UPDATE nodes SET revoked = 1, secret = x'', next_secret = NULL WHERE name = ?1 AND NOT revoked";
        if self.lock().execute(revoke, [name])? == 0 { Err(CatalogError::NoNode(name.to_owned())) } else { Ok(()) }
    }

    /// The secrets with which a node may sign: none where it is unknown or revoked.
    pub(in crate::registry) fn node_secrets(&self, name: &str) -> Result<Vec<Zeroizing<Vec<u8>>>, CatalogError> {
        let select = "SELECT secret, next_secret FROM nodes WHERE name = ?1 AND NOT revoked";
        let columns = |row: &rusqlite::Row<'_>| Ok([row.get::<_, Option<Vec<u8>>>(0)?, row.get(1)?]);
        let sealed = self.lock().query_row(select, [name], columns).optional()?;
        let open = |sealed: Vec<u8>| self.vault.open(&node_place(name), &sealed).map_err(|_| CatalogError::MasterKey);
        sealed.into_iter().flatten().flatten().map(open).collect()
    }
}

fn new_secret() -> Zeroizing<[u8; SECRET_BYTES]> {
    Zeroizing::new(rand::random())
}

fn node_place(name: &str) -> String {
    format!("node:{name}")
}
