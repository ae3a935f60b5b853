//! A `Portal Audit Event` as Frappe writes it, and as it is written.
//!
//! Owns the columns' names. It must not know why a record is read or written.

use serde::{Deserialize, Deserializer};

use super::seal::{Columns, event_key};
use crate::server::frappe::{Changes, Field, Record, Value};

/// The columns that casework may filter and sort by.
pub mod column {
    use crate::server::frappe::Field;

    pub const NAME: Field = Field::new("name");
    pub const CREATION: Field = Field::new("creation");
    pub const EVENT_KEY: Field = Field::new("event_key");
    pub const WRITER_RUN: Field = Field::new("writer_run");
    pub const SEQ: Field = Field::new("seq");
    pub const AT: Field = Field::new("at");
    pub const ACTOR: Field = Field::new("actor");
    pub const ACTION: Field = Field::new("action");
    pub const KIND: Field = Field::new("kind");
    pub const RESULT: Field = Field::new("result");
    pub const CASE_NAME: Field = Field::new("case_name");
}

macro_rules! columns {
    ($($more:literal),*) => {
        &[
            "name", "institution", "event_key", "writer_run", "seq", "at", "month", "actor", "actor_role", "action", "kind",
            "result", "reason_code", "reason_text", "object_type", "object_name", "case_name", "row_total", "request_id",
            $($more),*
        ]
    };
}

/// A record as the trail shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    pub name: String,
    institution: String,
    #[serde(default, deserialize_with = "text")]
    event_key: String,
    #[serde(default, deserialize_with = "text")]
    pub writer_run: String,
    #[serde(default)]
    pub seq: i64,
    #[serde(default, deserialize_with = "text")]
    pub at: String,
    #[serde(default, deserialize_with = "text")]
    month: String,
    #[serde(default, deserialize_with = "text")]
    actor: String,
    #[serde(default, deserialize_with = "text")]
    actor_role: String,
    #[serde(default, deserialize_with = "text")]
    action: String,
    #[serde(default, deserialize_with = "text")]
    kind: String,
    #[serde(default, deserialize_with = "text")]
    result: String,
    #[serde(default, deserialize_with = "text")]
    reason_code: String,
    #[serde(default, deserialize_with = "text")]
    reason_text: String,
    #[serde(default, deserialize_with = "text")]
    object_type: String,
    #[serde(default, deserialize_with = "text")]
    object_name: String,
    #[serde(default, deserialize_with = "text")]
    case_name: String,
    #[serde(default)]
    row_total: i64,
    #[serde(default, deserialize_with = "text")]
    ip_address: String,
    #[serde(default, deserialize_with = "text")]
    request_id: String,
}

impl Record for Line {
    const DOCTYPE: &'static str = "Portal Audit Event";
    const FIELDS: &'static [&'static str] = columns!("ip_address");

    fn institution(&self) -> &str {
        &self.institution
    }
}

impl Line {
    /// Whether its key is that of its institution, run and number: one that was put there by other hands does not fit.
    pub fn key_fits(&self) -> bool {
        u64::try_from(self.seq).is_ok_and(|seq| event_key(&self.institution, &self.writer_run, seq) == self.event_key)
    }

    /// What its columns say.
    pub fn columns(self) -> Columns {
        Columns {
            // Some versions write microseconds.
            at: self.at.chars().take(19).collect(),
            month: self.month,
            actor: self.actor,
            actor_role: self.actor_role,
            action: self.action,
            kind: self.kind,
            result: self.result,
            reason_code: self.reason_code,
            reason_text: self.reason_text,
            object_type: self.object_type,
            object_name: self.object_name,
            case_name: self.case_name,
            row_total: u32::try_from(self.row_total).unwrap_or(u32::MAX),
            ip_address: self.ip_address,
            request_id: self.request_id,
        }
    }
}

/// The same for people who may not know from where others work: the column is not asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Addressless(Line);

impl Record for Addressless {
    const DOCTYPE: &'static str = Line::DOCTYPE;
    const FIELDS: &'static [&'static str] = columns!();

    fn institution(&self) -> &str {
        self.0.institution()
    }
}

impl From<Addressless> for Line {
    fn from(row: Addressless) -> Self {
        row.0
    }
}

/// A record with all that chains it.
#[derive(Clone, Debug, Deserialize)]
pub struct Link {
    #[serde(flatten)]
    pub line: Line,
    #[serde(default, deserialize_with = "text")]
    pub creation: String,
    #[serde(default, deserialize_with = "text")]
    pub prev_hash: String,
    #[serde(default, deserialize_with = "text")]
    pub row_hash: String,
    #[serde(default, deserialize_with = "text")]
    pub row_mac: String,
    #[serde(default, deserialize_with = "text")]
    pub payload: String,
}

impl Record for Link {
    const DOCTYPE: &'static str = Line::DOCTYPE;
    const FIELDS: &'static [&'static str] = columns!("ip_address", "creation", "prev_hash", "row_hash", "row_mac", "payload");

    fn institution(&self) -> &str {
        self.line.institution()
    }
}

/// A record before it is there.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub event_key: String,
    pub writer_run: String,
    pub seq: u64,
    pub prev_hash: String,
    pub row_hash: String,
    pub row_mac: String,
    pub payload: String,
    pub columns: Columns,
}

impl Sealed {
    /// The body of its creation. Columns without a value are left out.
    pub fn into_changes(self) -> Changes {
        let own = [
            ("event_key", self.event_key),
            ("writer_run", self.writer_run),
            ("prev_hash", self.prev_hash),
            ("row_hash", self.row_hash),
            ("row_mac", self.row_mac),
            ("payload", self.payload),
        ];
        let Columns { at, month, actor, actor_role, action, kind, result, reason_code, reason_text, .. } = self.columns;
        let Columns { object_type, object_name, case_name, ip_address, request_id, row_total, .. } = self.columns;
        let projected = [
            ("at", at),
            ("month", month),
            ("made_by", actor.clone()),
            ("actor", actor),
            ("actor_role", actor_role),
            ("action", action),
            ("kind", kind),
            ("result", result),
            ("reason_code", reason_code),
            ("reason_text", reason_text),
            ("object_type", object_type),
            ("object_name", object_name),
            ("case_name", case_name),
            ("ip_address", ip_address),
            ("request_id", request_id),
        ];
        let numbers = Changes::new()
            .set(column::SEQ, Value::Int(i64::try_from(self.seq).unwrap_or(i64::MAX)))
            .set(Field::new("row_total"), i64::from(row_total));
        own.into_iter()
            .chain(projected)
            .filter(|(_, text)| !text.is_empty())
            .fold(numbers, |changes, (name, text)| changes.set(Field::new(name), text))
    }
}

/// Null counts as empty, which is how Frappe keeps an empty column.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
}
