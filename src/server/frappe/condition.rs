//! One condition of a query: a field that we named, an operator that we know, a value that may be anyone's.
//!
//! Owns how a condition is written for Frappe, always as the list `[field, operator, value]`. It must not know which
//! fields exist. Text from outside can only ever be the third element.

use serde_json::{Value as Json, json};

use crate::model::{Day, Inr};

/// A column's name. Made from a literal of ours only, so no client can name one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field(&'static str);

impl Field {
    /// A column of a DocType of ours.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name, as Frappe knows it.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// A value, typed as the model types it, written as Frappe reads it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing: a cleared field.
    Nothing,
    /// Text, taken as it is.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Paise, written as rupees with two decimals.
    Money(Inr),
    /// A civil date.
    Day(Day),
    /// A Datetime on the *site's* wall clock (`Client::time_zone`), whole seconds.
    LocalTime(jiff::civil::DateTime),
    /// A Check.
    Flag(bool),
    /// A child table or a JSON value, for writing only: a condition with one never matches.
    Json(Json),
}

impl Value {
    pub(super) fn to_json(&self) -> Json {
        match self {
            Self::Nothing => Json::Null,
            Self::Text(text) => json!(text),
            Self::Int(number) => json!(number),
            // At most two decimals: the nearest f64 prints as exactly those below 10^12 rupees.
            Self::Money(amount) => json!(amount.paise() as f64 / 100.0),
            Self::Day(day) => json!(day.iso()),
            Self::LocalTime(at) => json!(at.strftime("%Y-%m-%d %H:%M:%S").to_string()),
            Self::Flag(flag) => json!(u8::from(*flag)),
            Self::Json(value) => value.clone(),
        }
    }

    /// Frappe takes an empty text for "empty or null", which would find rows that nobody has been given yet.
    fn is_blank(&self) -> bool {
        match self {
            Self::Nothing | Self::Json(_) => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}
impl From<Inr> for Value {
    fn from(amount: Inr) -> Self {
        Self::Money(amount)
    }
}
impl From<Day> for Value {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}
impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal; null counts as empty.
    Ne,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// One of several.
    In,
    /// None of several.
    NotIn,
    /// Contains a text.
    Like,
    /// Has a value.
    IsSet,
    /// Has none.
    NotSet,
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    field: Field,
    op: Op,
    values: Vec<Value>,
}

impl Condition {
    /// A comparison with one value. A blank value never matches with [`Op::Eq`]; ask [`Condition::not_set`] for empty
    /// fields. [`Op::In`] and [`Op::NotIn`] take the value as the only one; [`Op::IsSet`] and [`Op::NotSet`] ignore it.
    pub fn new(field: Field, op: Op, value: impl Into<Value>) -> Self {
        Self { field, op, values: vec![value.into()] }
    }

    /// Equality.
    pub fn eq(field: Field, value: impl Into<Value>) -> Self {
        Self::new(field, Op::Eq, value)
    }

    /// One of these. Of none, or of blank ones alone, nothing matches (Frappe itself would match empty fields).
    pub fn one_of<V: Into<Value>>(field: Field, values: impl IntoIterator<Item = V>) -> Self {
        let values = values.into_iter().map(Into::into).filter(|value: &Value| !value.is_blank()).collect();
        Self { field, op: Op::In, values }
    }

    /// None of these; of none: everything matches.
    pub fn none_of<V: Into<Value>>(field: Field, values: impl IntoIterator<Item = V>) -> Self {
        Self { field, op: Op::NotIn, values: values.into_iter().map(Into::into).collect() }
    }

    /// The field contains this text, whatever its case. Frappe offers no way to escape `%`, `_` and `\` in a pattern (it
    /// doubles each backslash before MariaDB sees it), so each of them stands for exactly one character, itself included.
    pub fn contains(field: Field, text: &str) -> Self {
        Self::new(field, Op::Like, text)
    }

    /// The field has a value.
    pub fn set(field: Field) -> Self {
        Self { field, op: Op::IsSet, values: Vec::new() }
    }

    /// The field is empty.
    pub fn not_set(field: Field) -> Self {
        Self { field, op: Op::NotSet, values: Vec::new() }
    }

    pub(super) const fn field(&self) -> Field {
        self.field
    }

    /// Whether no row can match: then nothing is asked.
    pub(super) fn is_never(&self) -> bool {
        match self.op {
            Op::In | Op::Eq => self.values.iter().all(Value::is_blank),
            Op::Ne | Op::Gt | Op::Ge | Op::Lt | Op::Le => self.values.iter().any(|value| matches!(value, Value::Json(_))),
            Op::NotIn | Op::Like | Op::IsSet | Op::NotSet => false,
        }
    }

    /// Whether every row matches, so that it is left out.
    pub(super) fn is_always(&self) -> bool {
        match self.op {
            Op::NotIn => self.values.is_empty(),
            Op::Like => self.values.iter().all(Value::is_blank),
            _ => false,
        }
    }

    pub(super) fn to_json(&self) -> Json {
        let first = || self.values.first().map_or(Json::Null, Value::to_json);
        let all = || Json::Array(self.values.iter().map(Value::to_json).collect());
        let (op, value) = match self.op {
            Op::Eq => ("=", first()),
            Op::Ne => ("!=", first()),
            Op::Gt => (">", first()),
            Op::Ge => (">=", first()),
            Op::Lt => ("<", first()),
            Op::Le => ("<=", first()),
            Op::In => ("in", all()),
            Op::NotIn => ("not in", all()),
            Op::Like => ("like", json!(pattern(self.values.first()))),
            Op::IsSet => ("is", json!("set")),
            Op::NotSet => ("is", json!("not set")),
        };
        json!([self.field.as_str(), op, value])
    }
}

fn pattern(value: Option<&Value>) -> String {
    let text = match value {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let literal: String = text.chars().map(|char| if matches!(char, '%' | '_' | '\\') { '_' } else { char }).collect();
    format!("%{literal}%")
}
