//! One simulated site: its rows, users, clock and settings, and the bulk load that fills it. Knows no HTTP.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::documents::{self, NewRow};
use super::fault::{Fault, Outcome};
use super::files::{Archive, Uploads};
use super::knobs::Knobs;
use super::limiter::{RateLimit, Spent};
use super::login::SignIns;
use super::own;
use super::table::Table;
use super::user::User;
use crate::demo::schema::DocType;

/// The Frappe version that a site behaves as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// version-14 of late 2024.
    V14,
    /// 15.55.1.
    V15,
    /// The released version 16.
    V16,
}

impl Version {
    /// As `get_versions` tells it.
    pub const fn number(self) -> &'static str {
        match self {
            Self::V14 => "14.91.1",
            Self::V15 => "15.55.1",
            Self::V16 => "16.2.0",
        }
    }
}

/// How a site is set up.
#[derive(Clone, Debug)]
pub struct SiteOptions {
    /// Host name, compared with `X-Frappe-Site-Name` and `Host`; empty: answers to every name.
    pub name: String,
    /// Zone of every datetime in and out.
    pub time_zone: TimeZone,
    /// Whose behaviour is rebuilt.
    pub version: Version,
    /// Whether users with a `totp_secret` are asked for a code.
    pub second_factor: bool,
    /// Whether rows with an empty tenant link are hidden; Frappe's default is no.
    pub strict_user_permissions: bool,
    /// Whether errors tell their exception; Frappe's default is yes.
    pub allow_error_traceback: bool,
    /// Whether pages of other origins may call it: `allow_cors` of the site's configuration.
    pub cross_origin: bool,
    /// How much time requests may take, of everybody together; Frappe's default is no limit.
    pub rate_limit: Option<RateLimit>,
    /// Whether each change leaves a row of `Version`.
    pub track_changes: bool,
    /// The DocTypes of the site, child tables included; those that every Frappe has come of themselves.
    pub doctypes: Vec<&'static DocType>,
}

/// A script of the site's own that runs as a changed record is saved, as Frappe's server scripts do: where the record has these values,
/// a column gets another one.
#[derive(Clone, Copy, Debug)]
pub struct ServerScript {
    /// The DocType.
    pub doctype: &'static str,
    /// Columns and what stands in them.
    pub when: [(&'static str, &'static str); 2],
    /// The column that is set, and to what.
    pub set: (&'static str, &'static str),
}

/// A row that the bulk load could not take.
#[derive(Debug, thiserror::Error)]
#[error("{doctype}: {problem}")]
pub struct LoadError {
    doctype: String,
    problem: String,
}

/// What Frappe takes where its configuration says nothing.
const FILE_MAX_BYTES: usize = 25 * 1024 * 1024;

type Clock = Box<dyn Fn() -> Timestamp + Send + Sync>;

/// One simulated site.
pub struct Site {
    pub(super) options: SiteOptions,
    store: RwLock<Store>,
    /// The same tables, for ever without rows: what a row is read by while others are stored.
    shapes: Store,
    users: RwLock<HashMap<String, User>>,
    sign_ins: Mutex<SignIns>,
    uploads: Mutex<Uploads>,
    archive: OnceLock<Archive>,
    script: OnceLock<ServerScript>,
    spent: Mutex<Spent>,
    file_max_bytes: AtomicUsize,
    knobs: Knobs,
    reads: AtomicU64,
    clock: Clock,
    last_stamp_us: AtomicI64,
}

/// Every table of a site.
#[derive(Debug)]
pub(super) struct Store {
    tables: Vec<Table>,
    by_name: HashMap<&'static str, usize>,
}

impl Store {
    pub(super) fn table(&self, doctype: &str) -> Option<&Table> {
        self.tables.get(*self.by_name.get(doctype)?)
    }

    pub(super) fn table_mut(&mut self, doctype: &str) -> Option<&mut Table> {
        self.tables.get_mut(*self.by_name.get(doctype)?)
    }

    pub(super) fn tables(&self) -> &[Table] {
        &self.tables
    }

    pub(super) fn tables_mut(&mut self) -> &mut [Table] {
        &mut self.tables
    }

    pub(super) fn known(&self, doctype: &str) -> Outcome<&Table> {
        self.table(doctype).ok_or_else(|| Fault::missing("DocType", doctype))
    }
}

impl Site {
    /// An empty site on the system's clock.
    pub fn new(options: SiteOptions) -> Self {
        Self::with_clock(options, Timestamp::now)
    }

    /// An empty site on another clock.
    pub fn with_clock(options: SiteOptions, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let own = [&own::FILE, &own::COMMENT, &own::VERSION];
        let empty = || {
            let tables: Vec<Table> = options.doctypes.iter().copied().chain(own).map(Table::new).collect();
            let by_name = tables.iter().enumerate().map(|(at, table)| (table.doctype.name, at)).collect();
            Store { tables, by_name }
        };
        let (store, shapes) = (RwLock::new(empty()), empty());
        Self {
            options,
            store,
            shapes,
            users: RwLock::default(),
            sign_ins: Mutex::default(),
            uploads: Mutex::default(),
            archive: OnceLock::new(),
            script: OnceLock::new(),
            spent: Mutex::default(),
            file_max_bytes: AtomicUsize::new(FILE_MAX_BYTES),
            knobs: Knobs::default(),
            reads: AtomicU64::new(0),
            clock: Box::new(clock),
            last_stamp_us: AtomicI64::new(0),
        }
    }

    /// The site's name.
    pub fn name(&self) -> &str {
        &self.options.name
    }

    /// Reads a row for [`Self::load`], past all checks but types, while others are being loaded; `name`, `owner`, `creation` and
    /// `modified` may be given, child rows stand in their table fields.
    ///
    /// # Errors
    /// An unknown DocType, a value that MariaDB would refuse.
    pub fn read_new<'a>(&self, doctype: &str, row: impl Iterator<Item = (&'a str, &'a Value)> + Clone) -> Result<NewRow, LoadError> {
        let table = self.shapes.table(doctype).ok_or_else(|| "no such DocType".to_owned());
        let read = table.and_then(|table| documents::read_new(table, row));
        read.map_err(|problem| LoadError { doctype: doctype.to_owned(), problem })
    }

    /// Loads a row that was read for this site, past all checks but unique names.
    ///
    /// # Errors
    /// A name or unique value that is taken.
    pub fn load(&self, row: NewRow) -> Result<(), LoadError> {
        let doctype = row.doctype;
        let loaded = documents::load(&mut self.write(), row, || self.stamp());
        loaded.map(drop).map_err(|problem| LoadError { doctype: doctype.to_owned(), problem })
    }

    /// Loads a row that is a JSON object.
    ///
    /// # Errors
    /// As for [`Self::read_new`] and [`Self::load`].
    pub fn insert(&self, doctype: &str, row: Map<String, Value>) -> Result<(), LoadError> {
        self.load(self.read_new(doctype, row.iter().map(|(field, value)| (field.as_str(), value)))?)
    }

    /// Adds a user, or replaces the one of the same `user_id`.
    pub fn add_user(&self, user: User) {
        self.users.write().unwrap_or_else(PoisonError::into_inner).insert(user.user_id.clone(), user);
    }

    /// Serves the files of an archive beside what is uploaded; the first archive stays.
    pub fn open_archive(&self, archive: Archive) {
        let _already_open = self.archive.set(archive);
    }

    /// Runs a script at each change from now on; the first one stays.
    pub fn run_script(&self, script: ServerScript) {
        let _already_runs = self.script.set(script);
    }

    /// The script that runs at each change of this DocType.
    pub(super) fn script_of(&self, doctype: &str) -> Option<ServerScript> {
        self.script.get().copied().filter(|script| script.doctype == doctype)
    }

    /// The largest request that it takes, and so the largest file: `max_file_size` of the site's configuration.
    pub fn file_max_bytes(&self) -> usize {
        self.file_max_bytes.load(Ordering::Relaxed)
    }

    /// Changes that limit.
    pub fn take_files_up_to(&self, bytes: usize) {
        self.file_max_bytes.store(bytes, Ordering::Relaxed);
    }

    /// The site's misbehaviour.
    pub const fn knobs(&self) -> &Knobs {
        &self.knobs
    }

    /// How often it was asked for something to read, whatever it answered: what shows where only the number of calls tells two answers
    /// apart.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::SeqCst)
    }

    pub(super) fn count_read(&self) {
        self.reads.fetch_add(1, Ordering::SeqCst);
    }

    /// How many rows a DocType has; 0 for an unknown one.
    pub fn row_count(&self, doctype: &str) -> usize {
        self.read().table(doctype).map_or(0, Table::len)
    }

    pub(super) fn user(&self, user_id: &str) -> Option<User> {
        let users = self.users.read().unwrap_or_else(PoisonError::into_inner);
        users.get(user_id).or_else(|| users.values().find(|user| user.user_id.eq_ignore_ascii_case(user_id))).cloned()
    }

    pub(super) fn users(&self) -> Vec<User> {
        self.users.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    pub(super) fn user_of_key(&self, key: &str, secret: &str) -> Option<User> {
        let users = self.users.read().unwrap_or_else(PoisonError::into_inner);
        users.values().find(|user| user.api_key.as_ref().is_some_and(|pair| pair.key == key && pair.secret == secret)).cloned()
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn sign_ins(&self) -> std::sync::MutexGuard<'_, SignIns> {
        self.sign_ins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn uploads(&self) -> std::sync::MutexGuard<'_, Uploads> {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn archive(&self) -> Option<&Archive> {
        self.archive.get()
    }

    pub(super) fn spent(&self) -> std::sync::MutexGuard<'_, Spent> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The day in the site's zone.
    pub(super) fn today(&self) -> jiff::civil::Date {
        self.now().to_zoned(self.options.time_zone.clone()).date()
    }

    /// The moment as `modified` shows it; no two are alike, so that every write moves it.
    pub(super) fn stamp(&self) -> String {
        let now = self.now().as_microsecond();
        let last = self.last_stamp_us.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(now.max(last + 1))).unwrap_or(now);
        let moment = Timestamp::from_microsecond(now.max(last + 1)).unwrap_or_default();
        moment.to_zoned(self.options.time_zone.clone()).strftime("%Y-%m-%d %H:%M:%S%.6f").to_string()
    }
}
