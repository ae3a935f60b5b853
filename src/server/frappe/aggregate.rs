//! Counts and sums by group, in the syntax that the upstream's version reads.
//!
//! Owns the two spellings of an aggregate. It must not know what is counted.

use std::marker::PhantomData;

use serde_json::{Value as Json, json};

use super::{Condition, Field, Record, RowScope, query::Selection};
use crate::model::Inr;

/// The most groups that one aggregate may have.
pub const GROUPS_MAX: u32 = 5_000;

/// What is computed for each group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How many rows.
    Count,
    /// The sum of a number or a Currency.
    Sum(Field),
}

/// An aggregate over a DocType's rows.
#[derive(Clone, Debug)]
pub struct Aggregate<R> {
    selection: Selection,
    by: Vec<Field>,
    measures: Vec<Measure>,
    record: PhantomData<fn() -> R>,
}

impl<R: Record> Aggregate<R> {
    /// These measures over the rows of this scope.
    pub fn new(scope: RowScope, measures: impl IntoIterator<Item = Measure>) -> Self {
        Self { selection: Selection::new(scope), by: Vec::new(), measures: measures.into_iter().collect(), record: PhantomData }
    }

    /// For each value of this column; several are allowed.
    #[must_use]
    pub fn by(mut self, column: Field) -> Self {
        self.by.push(column);
        self
    }

    /// Only rows that match this as well.
    #[must_use]
    pub fn filter(mut self, condition: Condition) -> Self {
        self.selection.filter(condition);
        self
    }

    pub(super) const fn selection(&self) -> &Selection {
        &self.selection
    }

    pub(super) fn columns(&self) -> &[Field] {
        &self.by
    }

    pub(super) const fn measures_len(&self) -> usize {
        self.measures.len()
    }

    /// The columns, then the measures as `m0`, `m1`, …; `dicts`: v16 and later refuse functions in strings, v14 and v15
    /// answer 500 to the object form.
    pub(super) fn fields(&self, fence: Field, dicts: bool) -> Json {
        let columns = std::iter::once(fence).chain(self.by.iter().copied()).map(|field| json!(field.as_str()));
        let measures = self.measures.iter().enumerate().map(|(index, measure)| {
            let (function, column) = match measure {
                Measure::Count => ("count", "name"),
                Measure::Sum(field) => ("sum", field.as_str()),
            };
            if dicts {
                let mut object = serde_json::Map::new();
                object.insert(function.to_uppercase(), json!(column));
                object.insert("as".to_owned(), json!(format!("m{index}")));
                Json::Object(object)
            } else {
                json!(format!("{function}({column}) as m{index}"))
            }
        });
        Json::Array(columns.chain(measures).collect())
    }

    pub(super) fn group_by(&self, fence: Field) -> String {
        std::iter::once(fence).chain(self.by.iter().copied()).map(Field::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// One group: the values of its columns, and its measures, both in the order asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The columns' values as text; an empty field is empty text.
    pub keys: Vec<String>,
    pub(super) measures: Vec<f64>,
}

impl Group {
    /// A count; 0 for a measure that was not asked for.
    pub fn count(&self, index: usize) -> u64 {
        self.number(index).max(0.0) as u64
    }

    /// A sum, as Frappe sends it.
    pub fn number(&self, index: usize) -> f64 {
        self.measures.get(index).copied().unwrap_or(0.0)
    }

    /// A sum of rupees, rounded to paise once, half away from zero.
    pub fn money(&self, index: usize) -> Inr {
        Inr::from_paise((self.number(index) * 100.0).round() as i64)
    }

    pub(super) fn read(row: &serde_json::Map<String, Json>, columns: &[Field], measures: usize) -> Self {
        let text = |value: &Json| match value {
            Json::String(text) => text.clone(),
            Json::Null => String::new(),
            other => other.to_string(),
        };
        let keys = columns.iter().map(|column| row.get(column.as_str()).map_or_else(String::new, text)).collect();
        let measures = (0..measures).map(|index| row.get(&format!("m{index}")).and_then(Json::as_f64).unwrap_or(0.0)).collect();
        Self { keys, measures }
    }
}
