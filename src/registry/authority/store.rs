//! The catalog's file: its schema and its log of versions.
//!
//! Owns how versions follow each other. It must not know what changed in one.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::CatalogError;
use crate::registry::link::unix_now;

/// How many versions a delta can be asked from.
const LOGGED_VERSIONS: u64 = 10_000;

const SCHEMA: &str = "
    CREATE TABLE tenants (id TEXT PRIMARY KEY, entry BLOB, changed INTEGER NOT NULL) STRICT;
    CREATE INDEX tenants_by_change ON tenants (changed);
    CREATE TABLE nodes (name TEXT PRIMARY KEY, secret BLOB NOT NULL, next_secret BLOB, revoked INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE versions (version INTEGER PRIMARY KEY) STRICT;
    INSERT INTO versions VALUES (0);
    PRAGMA user_version = 1;
";

/// Opens the file, or makes it.
pub(super) fn connect(path: &Path) -> Result<Connection, CatalogError> {
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

/// A transaction that no other process writes beside.
pub(super) fn write(connection: &mut Connection) -> Result<Transaction<'_>, rusqlite::Error> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// The version that the table is at.
pub(super) fn last_version(connection: &Connection) -> Result<u64, rusqlite::Error> {
    connection.query_row("SELECT max(version) FROM versions", [], |row| row.get::<_, i64>(0)).map(|version| version.max(0) as u64)
}

/// A version above all before it, and not behind the clock: one that a backup never issued.
pub(super) fn next_version(transaction: &Transaction<'_>) -> Result<u64, rusqlite::Error> {
    let version = unix_now().max(last_version(transaction)? + 1);
    transaction.execute("INSERT INTO versions VALUES (?1)", [version as i64])?;
    transaction.execute(
        "DELETE FROM versions WHERE version <= (SELECT version FROM versions ORDER BY version DESC LIMIT 1 OFFSET ?1)",
        [LOGGED_VERSIONS as i64],
    )?;
    Ok(version)
}
