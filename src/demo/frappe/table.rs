//! The rows of one DocType and their indexes: by name, by unique column, by parent, by indexed texts. Knows no rights and no
//! HTTP.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::FixedState;
use serde_json::Value;

use super::cell::{Cell, fold, is_numeric};
use super::lookup::Lookup;
use super::row::Heads;
pub(super) use super::row::Row;
use super::slots::Slots;
use super::text::Copies;
use crate::demo::schema::{Autoname, DocType, FieldType};

/// Positions of the columns that every DocType has.
pub(super) const NAME: usize = 0;
pub(super) const OWNER: usize = 1;
pub(super) const CREATION: usize = 2;
pub(super) const MODIFIED: usize = 3;
pub(super) const MODIFIED_BY: usize = 4;
pub(super) const DOCSTATUS: usize = 5;
pub(super) const IDX: usize = 6;
pub(super) const PARENT: usize = 7;
pub(super) const PARENTFIELD: usize = 8;
pub(super) const PARENTTYPE: usize = 9;

const STANDARD: [(&str, FieldType); 7] = [
    ("name", FieldType::Data),
    ("owner", FieldType::Data),
    ("creation", FieldType::Datetime),
    ("modified", FieldType::Datetime),
    ("modified_by", FieldType::Data),
    ("docstatus", FieldType::Int),
    ("idx", FieldType::Int),
];
const OF_CHILDREN: [&str; 3] = ["parent", "parentfield", "parenttype"];

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: FieldType,
    pub(super) required: bool,
    pub(super) options: &'static [&'static str],
}

/// Why a row was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Clash {
    Name,
    Unique(&'static str),
}

#[derive(Debug)]
pub(super) struct Table {
    pub(super) doctype: &'static DocType,
    pub(super) columns: Vec<Column>,
    positions: HashMap<&'static str, usize, FixedState>,
    rows: Vec<Option<Row>>,
    names: Slots,
    count: usize,
    uniques: Vec<(usize, Slots)>,
    /// By parent of a child row, and by each text that the schema says is indexed.
    lookups: Vec<Lookup>,
    /// A row of nothing but zeros and nulls.
    blank: Row,
    texts: Copies,
    heads: Heads,
    /// By column: whether its values are few.
    few: Vec<bool>,
    /// By column: whether many rows share its values, few or not.
    repeats: Vec<bool>,
    /// Last number given by each series prefix.
    pub(super) series: HashMap<String, u64>,
}

impl Table {
    pub(super) fn new(doctype: &'static DocType) -> Self {
        let plain = |name, kind| Column { name, kind, required: false, options: &[] };
        let mut columns: Vec<Column> = STANDARD.iter().map(|(name, kind)| plain(*name, *kind)).collect();
        if doctype.child {
            columns.extend(OF_CHILDREN.iter().map(|name| plain(*name, FieldType::Data)));
        }
        let own = doctype.fields.iter().filter(|field| field.kind != FieldType::Table);
        columns.extend(own.map(|field| Column { name: field.name, kind: field.kind, required: field.required, options: field.options }));
        let positions: HashMap<_, _, _> = columns.iter().enumerate().map(|(at, column)| (column.name, at)).collect();
        let unique = doctype.fields.iter().filter(|field| field.unique);
        let uniques = unique.filter_map(|field| positions.get(field.name).map(|at| (*at, Slots::default()))).collect();
        let texts = |kind| matches!(kind, FieldType::Link | FieldType::Select | FieldType::Data | FieldType::Date);
        let indexed = doctype.fields.iter().filter(|field| field.indexed && !field.unique && texts(field.kind));
        let indexed = indexed.filter_map(|field| positions.get(field.name).copied());
        let lookups = doctype.child.then_some(PARENT).into_iter().chain(indexed).map(Lookup::of).collect();
        Self {
            blank: columns.iter().map(|column| zero(column.kind)).collect(),
            few: columns.iter().map(few_values).collect(),
            repeats: columns.iter().map(repeats).collect(),
            doctype,
            columns,
            positions,
            rows: Vec::new(),
            names: Slots::default(),
            count: 0,
            uniques,
            lookups,
            texts: Copies::default(),
            heads: Heads::default(),
            series: HashMap::new(),
        }
    }

    /// A row of nothing but zeros and nulls.
    pub(super) fn blank(&self) -> Row {
        self.blank.clone()
    }

    /// Whether a column is the DocType's own, not one that every DocType has.
    pub(super) fn is_own(&self, at: usize) -> bool {
        at > if self.doctype.child { PARENTTYPE } else { IDX }
    }

    pub(super) fn position(&self, column: &str) -> Option<usize> {
        self.positions.get(column).copied()
    }

    /// A value as JSON; counted names are numbers.
    pub(super) fn shown(&self, row: &Row, at: usize) -> Value {
        let counted = at == NAME && self.doctype.autoname == Autoname::Increment;
        let number = if counted { row[at].as_str().and_then(|name| name.parse::<u64>().ok()) } else { None };
        number.map_or_else(|| row[at].json(), Value::from)
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn slot(&self, name: &str) -> Option<u32> {
        let name = fold(name);
        self.names.get(&name, |slot| self.holds(slot, NAME, &name))
    }

    pub(super) fn row(&self, slot: u32) -> Option<&Row> {
        self.rows.get(slot as usize)?.as_ref()
    }

    pub(super) fn named(&self, name: &str) -> Option<&Row> {
        self.row(self.slot(name)?)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &Row)> {
        self.rows.iter().zip(0_u32..).filter_map(|(row, slot)| row.as_ref().map(|row| (slot, row)))
    }

    /// The rows that hold one of `texts` in a column, in their order; `None` where no index tells.
    pub(super) fn holding(&self, column: usize, texts: &[&str]) -> Option<Vec<u32>> {
        let mut found: Vec<u32> = if column == NAME {
            texts.iter().filter_map(|text| self.slot(text)).collect()
        } else if let Some((_, taken)) = self.uniques.iter().find(|(at, _)| *at == column) {
            let slot = |text: &str| taken.get(text, |slot| self.holds(slot, column, text));
            texts.iter().filter_map(|text| slot(&fold(text))).collect()
        } else {
            let lookup = self.lookups.iter().find(|lookup| lookup.column == column)?;
            texts.iter().flat_map(|text| lookup.get(&fold(text), self.iter())).copied().collect()
        };
        if texts.len() > 1 {
            found.sort_unstable();
            found.dedup();
        }
        Some(found)
    }

    fn holds(&self, slot: u32, column: usize, folded: &str) -> bool {
        self.row(slot).is_some_and(|row| *key(&row[column]) == *folded)
    }

    /// The children of `parent`'s field, in their order.
    pub(super) fn children(&self, parent: &str, parenttype: &str, field: &str) -> Vec<u32> {
        let belongs = |row: &Row| row[PARENTTYPE].as_str() == Some(parenttype) && row[PARENTFIELD].as_str() == Some(field);
        let mut found = self.holding(PARENT, &[parent]).unwrap_or_default();
        found.retain(|slot| self.row(*slot).is_some_and(belongs));
        found.sort_by(|a, b| match (self.row(*a), self.row(*b)) {
            (Some(a), Some(b)) => a[IDX].order(&b[IDX]),
            _ => std::cmp::Ordering::Equal,
        });
        found
    }

    pub(super) fn insert(&mut self, row: Row) -> Result<u32, Clash> {
        let name = fold(row[NAME].as_str().unwrap_or_default());
        if self.names.get(&name, |slot| self.holds(slot, NAME, &name)).is_some() {
            return Err(Clash::Name);
        }
        let slot = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let row = self.fit(row, slot)?;
        self.names.insert(&fold(row[NAME].as_str().unwrap_or_default()), slot);
        self.count += 1;
        self.note(&row, slot);
        self.rows.push(Some(row));
        Ok(slot)
    }

    /// Puts `row` in the place of `slot`'s; its name stays.
    pub(super) fn replace(&mut self, slot: u32, row: Row) -> Result<(), Clash> {
        let row = self.fit(row, slot)?;
        if let Some(old) = self.rows.get_mut(slot as usize).and_then(Option::take) {
            self.forget(&old, slot);
        }
        self.note(&row, slot);
        if let Some(place) = self.rows.get_mut(slot as usize) {
            *place = Some(row);
        }
        Ok(())
    }

    pub(super) fn remove(&mut self, slot: u32) -> Option<Row> {
        let row = self.rows.get_mut(slot as usize)?.take()?;
        self.names.remove(&fold(row[NAME].as_str().unwrap_or_default()), slot);
        self.count -= 1;
        self.forget(&row, slot);
        if slot as usize + 1 == self.rows.len() {
            self.rows.pop();
        }
        Some(row)
    }

    /// Empty unique values become null, repeated texts are shared; refuses a value that another row has.
    fn fit(&mut self, mut row: Row, slot: u32) -> Result<Row, Clash> {
        for (at, taken) in &self.uniques {
            if row[*at].is_unset() {
                row[*at] = Cell::Null;
                continue;
            }
            let value = key(&row[*at]);
            if taken.get(&value, |other| other != slot && self.holds(other, *at, &value)).is_some() {
                return Err(Clash::Unique(self.columns[*at].name));
            }
        }
        for at in 0..self.columns.len() {
            if self.repeats[at]
                && let Cell::Text(text) = &mut row[at]
            {
                text.share(&mut self.texts);
            }
        }
        Ok(self.heads.pack(row, &self.few))
    }

    fn note(&mut self, row: &Row, slot: u32) {
        for (at, taken) in &mut self.uniques {
            if !row[*at].is_unset() {
                taken.insert(&key(&row[*at]), slot);
            }
        }
        self.lookups.iter_mut().for_each(|lookup| lookup.insert(row, slot));
    }

    fn forget(&mut self, row: &Row, slot: u32) {
        for (at, taken) in &mut self.uniques {
            if !row[*at].is_unset() {
                taken.remove(&key(&row[*at]), slot);
            }
        }
        self.lookups.iter_mut().for_each(|lookup| lookup.remove(row, slot));
    }
}

/// Columns whose values many rows share, few or not: worth one copy for all.
fn repeats(column: &Column) -> bool {
    let kind = matches!(column.kind, FieldType::Link | FieldType::Select | FieldType::Date);
    kind || few_values(column) || column.name.ends_with("_by") || column.name.ends_with("_owner")
}

/// Columns with a few values in all the table, so that rows fall into a few kinds by them.
fn few_values(column: &Column) -> bool {
    matches!(column.kind, FieldType::Select | FieldType::Check)
        || matches!(
            column.name,
            "institution"
                | "owner"
                | "modified_by"
                | "made_by"
                | "changed_by"
                | "docstatus"
                | "parentfield"
                | "parenttype"
                | "provider"
                | "mime"
        )
}

fn zero(kind: FieldType) -> Cell {
    match kind {
        FieldType::Int | FieldType::Check => Cell::Int(0),
        _ if is_numeric(kind) => Cell::Float(0.0),
        _ => Cell::Null,
    }
}

/// A value as an index knows it.
pub(super) fn key(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => fold(text),
        Cell::Null => "".into(),
        other => other.json().to_string().into(),
    }
}
