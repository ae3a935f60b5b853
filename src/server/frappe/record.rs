//! What the client knows of a record: its DocType, its columns, and whose it is.
//!
//! Owns the contract that casework's wire structs fulfil. It must not know any DocType.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::{Fault, Field, Value};
use crate::registry::TenantId;

/// A record as Frappe sends it. Null fields are left out of a single document and null in lists: optional fields want
/// `Option` or `#[serde(default)]`.
pub trait Record: serde::de::DeserializeOwned + Send + 'static {
    /// The DocType: a constant, never from a client.
    const DOCTYPE: &'static str;
    /// The columns of a list: with `name`, and with `institution` where [`Self::TENANTED`].
    const FIELDS: &'static [&'static str];
    /// Whether it has an `institution` column. False for `Institution` alone, whose own name is the institution.
    const TENANTED: bool = true;
    /// Whose it is: checked against the tenant's institution on every record that comes back.
    fn institution(&self) -> &str;
}

/// The column that the fence stands on.
pub(super) const fn fence_field<R: Record>() -> Field {
    Field::new(if R::TENANTED { "institution" } else { "name" })
}

/// Rows, and whether there are more behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<R> {
    /// At most as many as were asked for.
    pub rows: Vec<R>,
    /// Whether another page follows.
    pub more: bool,
}

/// A record's `modified`, opaque: sent back exactly as it was received.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Revision(pub String);

/// Proof that a record was read and found to be the tenant's own: which one, and the private files that it names.
#[derive(Clone)]
pub struct ReadProof {
    pub(super) tenant: TenantId,
    pub(super) doctype: &'static str,
    pub(super) name: String,
    pub(super) files: BTreeSet<String>,
}

impl ReadProof {
    pub(super) fn new(tenant: TenantId, doctype: &'static str, name: &str, record: &Json) -> Self {
        let mut files = BTreeSet::new();
        collect_files(record, &mut files);
        Self { tenant, doctype, name: name.to_owned(), files }
    }
}

impl std::fmt::Debug for ReadProof {
    /// Without file names, which may carry a borrower's.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReadProof({}, {} files)", self.tenant, self.files.len())
    }
}

pub(super) const PRIVATE_FILES: &str = "/private/files/";

fn collect_files(value: &Json, files: &mut BTreeSet<String>) {
    match value {
        Json::String(text) if text.starts_with(PRIVATE_FILES) => {
            files.insert(text.clone());
        }
        Json::Array(items) => items.iter().for_each(|item| collect_files(item, files)),
        Json::Object(fields) => fields.values().for_each(|item| collect_files(item, files)),
        _ => {}
    }
}

/// Rupees that Frappe's `decimal(21,9)` cannot take from a float (it answers 500), in rupees.
const MONEY_MAX_RUPEES: i64 = 1_000_000_000_000;

/// What a new or changed record is to hold. The tenant, the name and Frappe's own columns cannot be set.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    fields: Map<String, Json>,
    refused: Option<&'static str>,
}

impl Changes {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// This field is to hold this; [`Value::Nothing`] clears it. A child table is given whole, as [`Value::Json`]: rows
    /// that are left out are deleted.
    #[must_use]
    pub fn set(mut self, field: Field, value: impl Into<Value>) -> Self {
        const KEPT: &[&str] =
            &["institution", "name", "owner", "creation", "modified", "modified_by", "doctype", "docstatus", "idx", "parent"];
        let value = value.into();
        if KEPT.contains(&field.as_str()) {
            self.refused = Some("ProtectedField");
        }
        if matches!(value, Value::Money(amount) if amount.paise().unsigned_abs() >= MONEY_MAX_RUPEES.unsigned_abs() * 100) {
            self.refused = Some("AmountTooLarge");
        }
        self.fields.insert(field.as_str().to_owned(), value.to_json());
        self
    }

    /// The body, if nothing in it was refused.
    pub(super) fn into_fields(self) -> Result<Map<String, Json>, Fault> {
        match self.refused {
            Some(reason) => Err(Fault::CallerFault { exc_type: reason.to_owned() }),
            None => Ok(self.fields),
        }
    }
}
