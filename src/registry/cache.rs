//! The last good table on disk, sealed: what the portal starts from when the authority cannot be reached.
//!
//! Owns the file and its age. It must not know when it is used. It also carries the floor: the highest version ever held,
//! which holds even where the table itself is too old to be served.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{
    Table,
    envelope::{NONCE_BYTES, open, seal},
    protocol::{Key, MAX_ANSWER_BYTES, RawEntry, cache_aad},
    table::{InForce, Record},
};

const MAGIC: &[u8] = b"odr-portal cache v1\n";
/// Records repeat at most what one answer can hold, once as sent and once as in force.
const MAX_FILE_BYTES: u64 = 3 * MAX_ANSWER_BYTES as u64;

/// Where the sealed table is kept, and for how long it is believed.
#[derive(Debug)]
pub(in crate::registry) struct Cache {
    /// The file.
    pub path: PathBuf,
    /// Age beyond which it is not served.
    pub max_age: Duration,
    /// Whose it is.
    pub node: String,
    /// Whether `http` to loopback is accepted in its entries.
    pub development: bool,
}

/// What the file gave.
#[derive(Debug)]
pub(in crate::registry) struct Remembered {
    /// Never hold a version below this one.
    pub floor: u64,
    /// The table and its age, unless it is too old.
    pub table: Result<(Table, Duration), &'static str>,
}

/// Why there is nothing to start from.
#[derive(Debug, thiserror::Error)]
pub(in crate::registry) enum CacheError {
    /// No file, or not ours to read.
    #[error("the cache could not be read: {0}")]
    Unreadable(#[from] io::Error),
    /// Another secret, another node, or not a cache.
    #[error("the cache does not open with this node's secret")]
    NotOurs,
}

impl Cache {
    /// Reads the file. `now` is Unix time in seconds.
    pub fn read(&self, key: &Key, now: u64) -> Result<Remembered, CacheError> {
        #[derive(Deserialize)]
        struct WireRecord {
            entry: Box<RawValue>,
            sent: bool,
            in_force: Option<InForce>,
        }
        #[derive(Deserialize)]
        struct Wire {
            version: u64,
            written_at: u64,
            records: Vec<WireRecord>,
        }
        if fs::metadata(&self.path)?.len() > MAX_FILE_BYTES {
            return Err(CacheError::NotOurs);
        }
        let bytes = fs::read(&self.path)?;
        let sealed = bytes.strip_prefix(MAGIC).and_then(|rest| rest.split_at_checked(NONCE_BYTES)).ok_or(CacheError::NotOurs)?;
        let plaintext = open(key, &cache_aad(&self.node), sealed.0, sealed.1.to_vec()).map_err(|_| CacheError::NotOurs)?;
        let wire: Wire = serde_json::from_slice(&plaintext).map_err(|_| CacheError::NotOurs)?;
        // A file from the future has no age to go by: the clock was or is wrong.
        let age = now.checked_sub(wire.written_at).map(Duration::from_secs);
        let table = match age {
            None => Err("the cache was written in the future"),
            Some(age) if age > self.max_age => Err("the cache is too old"),
            Some(age) => {
                let record = |wire: WireRecord| Record { raw: RawEntry::from(wire.entry).into(), sent: wire.sent, in_force: wire.in_force };
                let records = wire.records.into_iter().map(record).collect();
                Table::from_records(wire.version, records, self.development)
                    .map(|table| (table, age))
                    .map_err(|_| "the cache holds too many tenants")
            }
        };
        Ok(Remembered { floor: wire.version, table })
    }

    /// Replaces the file, in one step: a crash leaves the old one or the new one.
    pub fn write(&self, key: &Key, table: &Table, now: u64) -> io::Result<()> {
        let plaintext = render(table, now)?;
        let (nonce, sealed) =
            seal(key, &cache_aad(&self.node), &plaintext).map_err(|_| io::Error::other("the cache could not be sealed"))?;
        let temporary = self.path.with_extension("tmp");
        let mut file = create_private(&temporary)?;
        file.write_all(MAGIC)?;
        file.write_all(&nonce)?;
        file.write_all(&sealed)?;
        file.sync_all()?;
        fs::rename(&temporary, &self.path)
    }
}

fn render(table: &Table, now: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let size = table.records().map(|record| record.raw.text().len() + 128).sum::<usize>() + 128;
    let mut text = Zeroizing::new(Vec::with_capacity(size));
    write!(text, r#"{{"version":{},"written_at":{now},"records":["#, table.version())?;
    for (index, record) in table.records().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        let in_force = serde_json::to_string(&record.in_force)?;
        write!(text, r#"{comma}{{"sent":{},"in_force":{in_force},"entry":{}}}"#, record.sent, record.raw.text())?;
    }
    text.extend_from_slice(b"]}");
    Ok(text)
}

/// Readable by us alone, although it is sealed: the less lies about, the better.
fn create_private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
