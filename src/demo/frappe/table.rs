//! The rows of one DocType and their indexes: by name, by unique column, by institution, by parent. Knows no rights and no HTTP.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::cell::{Cell, fold};
use super::row::Heads;
pub(super) use super::row::Row;
use super::slots::Slots;
use super::text::Text;
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

/// From a folded text to where it stands.
type Index<T> = HashMap<Box<str>, T>;

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
    positions: HashMap<&'static str, usize>,
    rows: Vec<Option<Row>>,
    names: Slots,
    count: usize,
    uniques: Vec<(usize, Slots)>,
    /// Institution of the row, or parent of a child row: the column that nearly every query narrows by.
    groups: Option<(usize, Index<BTreeSet<u32>>)>,
    texts: HashSet<Arc<Box<str>>>,
    heads: Heads,
    /// By column: whether its values are few.
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
        let positions: HashMap<_, _> = columns.iter().enumerate().map(|(at, column)| (column.name, at)).collect();
        let unique = doctype.fields.iter().filter(|field| field.unique);
        let uniques = unique.filter_map(|field| positions.get(field.name).map(|at| (*at, Slots::default()))).collect();
        let group = if doctype.child { Some(PARENT) } else { positions.get("institution").copied() };
        let repeats = columns.iter().map(few_values).collect();
        Self {
            doctype,
            columns,
            positions,
            rows: Vec::new(),
            names: Slots::default(),
            count: 0,
            uniques,
            groups: group.map(|at| (at, HashMap::new())),
            texts: HashSet::new(),
            heads: Heads::default(),
            repeats,
            series: HashMap::new(),
        }
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

    /// The column that rows are grouped by, when there is one.
    pub(super) fn group_column(&self) -> Option<usize> {
        self.groups.as_ref().map(|(at, _)| *at)
    }

    /// Rows of one institution, or children of one parent.
    pub(super) fn group(&self, value: &str) -> Vec<u32> {
        let found = self.groups.as_ref().and_then(|(_, groups)| groups.get(&fold(value)));
        found.map(|slots| slots.iter().copied().collect()).unwrap_or_default()
    }

    /// The row that holds `value` in a unique column; the outer `None` where the column is not unique.
    pub(super) fn by_unique(&self, column: usize, value: &str) -> Option<Option<u32>> {
        let (_, taken) = self.uniques.iter().find(|(at, _)| *at == column)?;
        let value = fold(value);
        Some(taken.get(&value, |slot| self.holds(slot, column, &value)))
    }

    fn holds(&self, slot: u32, column: usize, folded: &str) -> bool {
        self.row(slot).is_some_and(|row| *key(&row[column]) == *folded)
    }

    /// The children of `parent`'s field, in their order.
    pub(super) fn children(&self, parent: &str, parenttype: &str, field: &str) -> Vec<u32> {
        let belongs = |row: &Row| row[PARENTTYPE].as_str() == Some(parenttype) && row[PARENTFIELD].as_str() == Some(field);
        let mut found: Vec<u32> = self.group(parent).into_iter().filter(|slot| self.row(*slot).is_some_and(belongs)).collect();
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
        self.names.insert(&name, slot);
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
        for (at, column) in self.columns.iter().enumerate() {
            let shared = repeats(column).then(|| shared_form(&row[at])).flatten();
            if let Some(text) = shared {
                let text = self.texts.get(&text).cloned().unwrap_or_else(|| {
                    self.texts.insert(Arc::clone(&text));
                    text
                });
                row[at] = Cell::Text(Text::sharing(text));
            }
        }
        Ok(self.heads.pack(&row, |at| self.repeats[at]))
    }

    fn note(&mut self, row: &Row, slot: u32) {
        for (at, taken) in &mut self.uniques {
            if !row[*at].is_unset() {
                taken.insert(&key(&row[*at]), slot);
            }
        }
        if let Some((at, groups)) = &mut self.groups {
            groups.entry(key(&row[*at])).or_default().insert(slot);
        }
    }

    fn forget(&mut self, row: &Row, slot: u32) {
        for (at, taken) in &mut self.uniques {
            if !row[*at].is_unset() {
                taken.remove(&key(&row[*at]), slot);
            }
        }
        if let Some((at, groups)) = &mut self.groups
            && let Some(slots) = groups.get_mut(&key(&row[*at]))
        {
            slots.remove(&slot);
        }
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

fn shared_form(cell: &Cell) -> Option<Arc<Box<str>>> {
    if let Cell::Text(text) = cell { text.shared() } else { None }
}

fn key(cell: &Cell) -> Box<str> {
    match cell {
        Cell::Text(text) => fold(text),
        Cell::Null => "".into(),
        other => other.json().to_string().into(),
    }
}
