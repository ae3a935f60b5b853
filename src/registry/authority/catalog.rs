//! The catalog: tenants, nodes and versions in one SQLite file, shared by the running authority and its commands.
//!
//! Owns versions and what may enter the table. It must not know how answers travel. Nothing is remembered between calls
//! but the judged table, which is keyed by its version: another process's change is seen at the next call.

use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use serde_json::Value;
use zeroize::Zeroizing;

use super::vault::Vault;
use crate::{
    config::AuthorityConfig,
    registry::{
        Table, TenantId,
        entry::Outline,
        link::unix_now,
        protocol::{Payload, RawEntry, is_node_name},
    },
};

/// How far the last version may be ahead of the clock at a start, in seconds.
const MAX_START_AHEAD_SECONDS: u64 = 60 * 60;
/// How many versions a delta can be asked from.
const LOGGED_VERSIONS: u64 = 10_000;
/// Random bytes of a node's secret.
const SECRET_BYTES: usize = 32;

const SCHEMA: &str = "
    CREATE TABLE tenants (id TEXT PRIMARY KEY, entry BLOB, changed INTEGER NOT NULL) STRICT;
    CREATE INDEX tenants_by_change ON tenants (changed);
    CREATE TABLE nodes (name TEXT PRIMARY KEY, secret BLOB NOT NULL, next_secret BLOB, revoked INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE versions (version INTEGER PRIMARY KEY) STRICT;
    INSERT INTO versions VALUES (0);
    PRAGMA user_version = 1;
";

/// The authority's tenants and nodes.
pub struct Catalog {
    connection: Mutex<Connection>,
    vault: Vault,
    /// Whether `http` upstreams on loopback are accepted: where the authority itself is on one.
    development: bool,
    judged: Mutex<Option<Arc<Table>>>,
}

/// Why the catalog refuses. Holds no secret.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The file.
    #[error("the catalog's file: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A row that does not open.
    #[error("the catalog does not open with this AUTHORITY_MASTER_KEY")]
    MasterKey,
    /// A file of another program or of a later version.
    #[error("the catalog's file has schema {0}, which this version does not know")]
    Schema(i64),
    /// The clock is wrong, or was.
    #[error("the last version is {0} s ahead of this clock: set the clock right before starting")]
    Ahead(u64),
    /// The entry, as a portal would quarantine it.
    #[error("{0}")]
    Entry(String),
    /// No such tenant.
    #[error("there is no tenant {0}")]
    NoTenant(String),
    /// The id is or was another's.
    #[error("the id {0} is taken or was: ids are never used again")]
    Taken(String),
    /// No such node, or it is revoked.
    #[error("there is no node {0}")]
    NoNode(String),
    /// A node that is or was.
    #[error("the node {0} exists or was revoked: choose another name")]
    NodeTaken(String),
    /// A name out of form.
    #[error("a node's name must be 1 to 64 of a-z 0-9 . -")]
    NodeName,
    /// A node with two secrets, or with one.
    #[error("{0}")]
    Rotation(&'static str),
}

/// A tenant as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `active` or `suspended`.
    pub status: String,
    /// Its hosts.
    pub hosts: Vec<String>,
}

impl Catalog {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// It cannot be opened, or its schema is not known.
    pub fn open(config: &AuthorityConfig) -> Result<Self, CatalogError> {
        let connection = connect(&config.db)?;
        let development = url::Url::parse(&config.public_url).is_ok_and(|url| {
            let loopback = match url.host() {
                Some(url::Host::Domain(name)) => name == "localhost",
                Some(url::Host::Ipv4(address)) => address.is_loopback(),
                Some(url::Host::Ipv6(address)) => address.is_loopback(),
                None => false,
            };
            url.scheme() == "http" && loopback
        });
        Ok(Self { connection: Mutex::new(connection), vault: Vault::new(&config.master_key), development, judged: Mutex::new(None) })
    }

    /// Takes a new tenant, as an entry of the protocol; returns the version that brings it.
    ///
    /// # Errors
    /// The id was used before, or a portal would quarantine the entry.
    pub fn add_tenant(&self, entry: &Value) -> Result<u64, CatalogError> {
        let raw = RawEntry::new(entry.to_string());
        let id = Outline::read(&raw).map_err(|fault| CatalogError::Entry(fault.0))?.id;
        let exists = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        let taken = self.lock().query_row("SELECT 1 FROM tenants WHERE id = ?1", [id.as_str()], exists).optional()?;
        if taken.is_some() { Err(CatalogError::Taken(id.to_string())) } else { self.put(&id, &raw) }
    }

    /// Every tenant.
    ///
    /// # Errors
    /// The file, or the master key.
    pub fn list(&self) -> Result<Vec<TenantSummary>, CatalogError> {
        let (_, entries) = self.rows(&mut *self.lock(), None)?;
        let text = |entry: &Value, field: &str| entry.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let hosts = |entry: &Value| {
            let hosts = entry.get("hosts").and_then(Value::as_array);
            hosts.into_iter().flatten().filter_map(|host| host.as_str().map(str::to_owned)).collect()
        };
        let entries = entries.into_iter().filter_map(|(_, raw)| serde_json::from_str::<Value>(raw?.text()).ok());
        Ok(entries
            .map(|entry| TenantSummary {
                id: text(&entry, "id"),
                name: text(&entry, "name"),
                status: text(&entry, "status"),
                hosts: hosts(&entry),
            })
            .collect())
    }

    /// A tenant's entry without its secrets.
    ///
    /// # Errors
    /// There is no such tenant.
    pub fn show(&self, id: &str) -> Result<Value, CatalogError> {
        let mut entry = self.entry(id)?;
        hide_secrets(&mut entry);
        Ok(entry)
    }

    /// Gives a tenant another API key.
    ///
    /// # Errors
    /// There is no such tenant, or a portal would quarantine it with this key.
    pub fn rotate(&self, id: &str, api_key: &str, api_secret: &str) -> Result<u64, CatalogError> {
        self.change(id, |entry| {
            if let Some(upstream) = entry.get_mut("upstream").and_then(Value::as_object_mut) {
                upstream.insert("api_key".to_owned(), api_key.into());
                upstream.insert("api_secret".to_owned(), api_secret.into());
            }
        })
    }

    /// Shuts a tenant's portal, with a page that says so.
    ///
    /// # Errors
    /// There is no such tenant.
    pub fn suspend(&self, id: &str) -> Result<u64, CatalogError> {
        self.change(id, |entry| set_status(entry, "suspended"))
    }

    /// Opens a suspended tenant's portal.
    ///
    /// # Errors
    /// There is no such tenant.
    pub fn resume(&self, id: &str) -> Result<u64, CatalogError> {
        self.change(id, |entry| set_status(entry, "active"))
    }

    /// Removes a tenant for good; its credentials are deleted, its id stays taken.
    ///
    /// # Errors
    /// There is no such tenant.
    pub fn remove(&self, id: &str) -> Result<u64, CatalogError> {
        let mut connection = self.lock();
        let transaction = write(&mut connection)?;
        let version = next_version(&transaction)?;
        let gone = transaction
            .execute("UPDATE tenants SET entry = NULL, changed = ?2 WHERE id = ?1 AND entry IS NOT NULL", params![id, version as i64])?;
        if gone == 0 {
            return Err(CatalogError::NoTenant(id.to_owned()));
        }
        transaction.commit()?;
        Ok(version)
    }

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

    /// Marks a start with a new version, so that portals take the table of a restored backup in full.
    pub(in crate::registry) fn begin(&self, now: u64) -> Result<u64, CatalogError> {
        let mut connection = self.lock();
        let transaction = write(&mut connection)?;
        let last = last_version(&transaction)?;
        if last > now + MAX_START_AHEAD_SECONDS {
            return Err(CatalogError::Ahead(last - now));
        }
        let version = next_version(&transaction)?;
        transaction.commit()?;
        Ok(version)
    }

    /// What a portal that holds `since` needs: `None` where it has it already, a delta where the version is in the log,
    /// the whole table otherwise.
    pub(in crate::registry) fn answer(&self, since: Option<u64>) -> Result<(u64, Option<Payload>), CatalogError> {
        let mut connection = self.lock();
        let version = last_version(&connection)?;
        if since == Some(version) {
            return Ok((version, None));
        }
        let logged = |since: &u64| {
            let row = connection.query_row("SELECT 1 FROM versions WHERE version = ?1 AND version > 0", [*since as i64], |_| Ok(()));
            matches!(row.optional(), Ok(Some(())))
        };
        let since = since.filter(logged);
        let (version, rows) = self.rows(&mut connection, since)?;
        let (mut tenants, mut removed) = (Vec::with_capacity(rows.len()), Vec::new());
        for (id, raw) in rows {
            match raw {
                Some(raw) => tenants.push(raw),
                None if since.is_some() => removed.push(id),
                None => {}
            }
        }
        Ok((version, Some(Payload { version, since, tenants, removed })))
    }

    /// Rows changed after a version, or all, with the version that they are at; removed tenants have no entry.
    fn rows(&self, connection: &mut Connection, since: Option<u64>) -> Result<(u64, Vec<(String, Option<RawEntry>)>), CatalogError> {
        // One transaction: a change between version and rows would be lost to whoever gets this answer.
        let transaction = connection.transaction()?;
        let version = last_version(&transaction)?;
        let mut statement = transaction.prepare_cached("SELECT id, entry FROM tenants WHERE changed > ?1 ORDER BY id")?;
        let columns = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Option<Vec<u8>>>(1)?));
        let rows = statement.query_map([since.map_or(-1, |since| since as i64)], columns)?;
        let rows: Result<Vec<_>, CatalogError> = rows
            .map(|row| {
                let (id, sealed) = row?;
                let raw = sealed.map(|sealed| self.open_entry(&id, &sealed)).transpose()?;
                Ok((id, raw))
            })
            .collect();
        Ok((version, rows?))
    }

    fn open_entry(&self, id: &str, sealed: &[u8]) -> Result<RawEntry, CatalogError> {
        let mut plaintext = self.vault.open(&tenant_place(id), sealed).map_err(|_| CatalogError::MasterKey)?;
        String::from_utf8(std::mem::take(&mut *plaintext)).map(RawEntry::new).map_err(|_| CatalogError::MasterKey)
    }

    fn entry(&self, id: &str) -> Result<Value, CatalogError> {
        let select = "SELECT entry FROM tenants WHERE id = ?1 AND entry IS NOT NULL";
        let sealed: Option<Vec<u8>> = self.lock().query_row(select, [id], |row| row.get(0)).optional()?;
        let raw = self.open_entry(id, &sealed.ok_or_else(|| CatalogError::NoTenant(id.to_owned()))?)?;
        serde_json::from_str(raw.text()).map_err(|_| CatalogError::MasterKey)
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Value)) -> Result<u64, CatalogError> {
        let mut entry = self.entry(id)?;
        change(&mut entry);
        let tenant = TenantId::parse(id).ok_or_else(|| CatalogError::NoTenant(id.to_owned()))?;
        self.put(&tenant, &RawEntry::new(entry.to_string()))
    }

    /// Writes an entry, if a portal that holds the table as it is would put it in force.
    fn put(&self, id: &TenantId, raw: &RawEntry) -> Result<u64, CatalogError> {
        let mut connection = self.lock();
        let before = self.judged(&mut connection)?;
        let transaction = write(&mut connection)?;
        if last_version(&transaction)? != before.version() {
            return Err(CatalogError::Entry("another process changed the catalog at this moment: try again".to_owned()));
        }
        let version = next_version(&transaction)?;
        let delta = Payload { version, since: Some(before.version()), tenants: vec![raw.clone()], removed: Vec::new() };
        let after = Table::next(Some(&before), delta, self.development).map_err(|error| CatalogError::Entry(error.to_string()))?;
        let news = after.quarantined().iter().find(|fault| !before.quarantined().contains(fault));
        if let Some((tenant, reason)) = news {
            return Err(CatalogError::Entry(format!("{tenant}: {reason}")));
        }
        let sealed = self.seal(&tenant_place(id.as_str()), raw.text().as_bytes())?;
        let upsert = "INSERT INTO tenants (id, entry, changed) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET entry = ?2, changed = ?3";
        transaction.execute(upsert, params![id.as_str(), sealed, version as i64])?;
        transaction.commit()?;
        *self.judged.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(after));
        Ok(version)
    }

    /// The table as a portal has it at the last version.
    fn judged(&self, connection: &mut Connection) -> Result<Arc<Table>, CatalogError> {
        let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        let version = last_version(connection)?;
        if let Some(table) = judged.as_ref().filter(|table| table.version() == version) {
            return Ok(Arc::clone(table));
        }
        let (version, rows) = self.rows(connection, None)?;
        let tenants = rows.into_iter().filter_map(|(_, raw)| raw).collect();
        let whole = Payload { version, since: None, tenants, removed: Vec::new() };
        let table = Table::next(None, whole, self.development).map_err(|error| CatalogError::Entry(error.to_string()))?;
        Ok(Arc::clone(judged.insert(Arc::new(table))))
    }

    fn seal(&self, place: &str, plaintext: &[u8]) -> Result<Vec<u8>, CatalogError> {
        self.vault.seal(place, plaintext).map_err(|_| CatalogError::MasterKey)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Catalog")
    }
}

fn connect(path: &Path) -> Result<Connection, CatalogError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    let transaction = write(&mut connection)?;
    let schema: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match schema {
        0 => transaction.execute_batch(SCHEMA)?,
        1 => {}
        unknown => return Err(CatalogError::Schema(unknown)),
    }
    transaction.commit()?;
    Ok(connection)
}

fn write(connection: &mut Connection) -> Result<Transaction<'_>, rusqlite::Error> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

fn last_version(connection: &Connection) -> Result<u64, rusqlite::Error> {
    connection.query_row("SELECT max(version) FROM versions", [], |row| row.get::<_, i64>(0)).map(|version| version.max(0) as u64)
}

/// A version above all before it, and not behind the clock: one that a backup never issued.
fn next_version(transaction: &Transaction<'_>) -> Result<u64, rusqlite::Error> {
    let version = unix_now().max(last_version(transaction)? + 1);
    transaction.execute("INSERT INTO versions VALUES (?1)", [version as i64])?;
    transaction.execute(
        "DELETE FROM versions WHERE version <= (SELECT version FROM versions ORDER BY version DESC LIMIT 1 OFFSET ?1)",
        [LOGGED_VERSIONS as i64],
    )?;
    Ok(version)
}

fn new_secret() -> Zeroizing<[u8; SECRET_BYTES]> {
    Zeroizing::new(rand::random())
}

fn tenant_place(id: &str) -> String {
    format!("tenant:{id}")
}

fn node_place(name: &str) -> String {
    format!("node:{name}")
}

fn set_status(entry: &mut Value, status: &str) {
    if let Some(entry) = entry.as_object_mut() {
        entry.insert("status".to_owned(), status.into());
    }
}

/// Replaces whatever a credential could stand in, at any depth: an unknown field is hidden rather than shown.
fn hide_secrets(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let secret = ["key", "secret", "token", "password"].iter().any(|part| name.contains(part));
                if secret && !value.is_null() {
                    *value = "(hidden)".into();
                } else {
                    hide_secrets(value);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(hide_secrets),
        _ => {}
    }
}
