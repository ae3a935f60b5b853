//! Filters of a list: their JSON forms read into conditions, and what a row must be to pass. Knows no rights.

use std::borrow::Cow;

use jiff::civil::Date;
use serde_json::Value;

use super::cell::{Cell, collate, is_numeric, number_of, plain};
use super::fault::{Fault, Outcome};
use super::like::Pattern;
use super::site::Store;
use super::span;
use super::table::{CREATION, MODIFIED, Row, Table};
use crate::demo::schema::{DocType, FieldType};

const OPERATORS: &str = "=, !=, >, <, >=, <=, like, not like, in, not in, is, between, timespan, previous, next, ancestors of, descendants of, \
not ancestors of, not descendants of, descendants of (inclusive)";

/// One condition on one column.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) column: usize,
    /// What an empty column counts as; `None` where SQL's null never passes.
    empty_as: Option<Cell>,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Equal(Cell),
    Unequal(Cell),
    Less(Cell),
    LessOrEqual(Cell),
    More(Cell),
    MoreOrEqual(Cell),
    Like(Pattern),
    Unlike(Pattern),
    In(Vec<Cell>),
    NotIn(Vec<Cell>),
    Set,
    Unset,
    Between(Cell, Cell),
}

impl Condition {
    pub(super) fn passes(&self, row: &Row) -> bool {
        let cell = &row[self.column];
        let cell = match (cell, &self.empty_as) {
            (Cell::Null, Some(stand_in)) => stand_in,
            (Cell::Null, None) => return matches!(self.test, Test::Unset),
            (present, _) => present,
        };
        match &self.test {
            Test::Equal(wanted) => cell.same(wanted),
            Test::Unequal(wanted) => !cell.same(wanted),
            Test::Less(limit) => cell.order(limit).is_lt(),
            Test::LessOrEqual(limit) => cell.order(limit).is_le(),
            Test::More(limit) => cell.order(limit).is_gt(),
            Test::MoreOrEqual(limit) => cell.order(limit).is_ge(),
            Test::Like(pattern) => pattern.fits(&written(cell)),
            Test::Unlike(pattern) => !pattern.fits(&written(cell)),
            Test::In(set) => set.iter().any(|wanted| cell.same(wanted)),
            Test::NotIn(set) => !set.iter().any(|wanted| cell.same(wanted)),
            Test::Set => !cell.is_unset(),
            Test::Unset => cell.is_unset(),
            Test::Between(from, to) => cell.order(from).is_ge() && cell.order(to).is_le(),
        }
    }

    /// The texts of which the column must hold one, for the choice of an index.
    pub(super) fn texts(&self) -> Option<Vec<&str>> {
        match &self.test {
            Test::Equal(wanted) => Some(vec![wanted.as_str()?]),
            // A set with an empty text takes rows without a value too.
            Test::In(set) if self.empty_as.is_none() => set.iter().map(Cell::as_str).collect(),
            _ => None,
        }
    }
}

fn written(cell: &Cell) -> Cow<'_, str> {
    cell.as_str().map_or_else(|| plain(&cell.json()).into(), Cow::from)
}

/// Reads an argument that is JSON text in a query and may be a real list in a JSON body.
pub(super) fn decoded(argument: Option<&Value>) -> Outcome<Value> {
    match argument {
        None | Some(Value::Null) => Ok(Value::Null),
        Some(Value::String(text)) if text.is_empty() => Ok(Value::Null),
        Some(Value::String(text)) => serde_json::from_str(text).map_err(|error| {
            let text = format!("json.decoder.JSONDecodeError: Expecting value: line {} column {}", error.line(), error.column());
            Fault::crash(500, "JSONDecodeError", text)
        }),
        Some(other) => Ok(other.clone()),
    }
}

/// What `filters` come to.
#[derive(Debug, Default)]
pub(super) struct Filters {
    pub(super) own: Vec<Condition>,
    /// On the rows of one child DocType.
    pub(super) of_children: Vec<Condition>,
    pub(super) children: Option<&'static DocType>,
}

/// Conditions of `filters`, in any of Frappe's forms.
pub(super) fn conditions(store: &Store, table: &Table, today: Date, filters: &Value) -> Outcome<Filters> {
    let condition = |table: &Table, field: &str, operator: &str, value: &Value| condition(table, today, field, operator, value);
    let mut read = Filters::default();
    match filters {
        Value::Null => {}
        Value::Object(pairs) => {
            for (field, value) in pairs {
                read.own.push(match value {
                    Value::Array(pair) if pair.len() == 2 => condition(table, field, &plain(&pair[0]), &pair[1])?,
                    other => condition(table, field, "=", other)?,
                });
            }
        }
        Value::Array(list) => list.iter().try_for_each(|entry| from_list(store, table, today, entry, &mut read))?,
        Value::String(name) => read.own.push(condition(table, "name", "=", &Value::String(name.clone()))?),
        _ => return Err(Fault::crash(500, "TypeError", "TypeError: 'int' object is not iterable")),
    }
    Ok(read)
}

fn from_list(store: &Store, table: &Table, today: Date, entry: &Value, read: &mut Filters) -> Outcome<()> {
    let condition = |table: &Table, field: &str, operator: &str, value: &Value| condition(table, today, field, operator, value);
    match entry {
        Value::Array(parts) => match parts.as_slice() {
            [field, operator, value] => read.own.push(condition(table, &plain(field), &plain(operator), value)?),
            [doctype, field, operator, value] | [doctype, field, operator, value, _] => {
                let (doctype, field, operator) = (plain(doctype), plain(field), plain(operator));
                if doctype == table.doctype.name {
                    read.own.push(condition(table, &field, &operator, value)?);
                    return Ok(());
                }
                let children = store.known(&doctype)?;
                let mut tables = table.doctype.fields.iter().filter(|field| field.kind == FieldType::Table);
                let is_child = tables.any(|field| field.options.first() == Some(&children.doctype.name));
                if !is_child || read.children.is_some_and(|known| known.name != doctype) {
                    return Err(Fault::not_simulated("filters on rows that are not of one child table"));
                }
                read.children = Some(children.doctype);
                read.of_children.push(condition(children, &field, &operator, value)?);
            }
            // Frappe takes the first element of a shorter condition for a DocType.
            [first, ..] => return Err(Fault::missing("DocType", &plain(first))),
            [] => return Err(Fault::crash(500, "IndexError", "IndexError: list index out of range")),
        },
        // Of an object in a list Frappe takes the first pair alone.
        Value::Object(pairs) => match pairs.iter().next() {
            Some((field, Value::Array(pair))) if pair.len() == 2 => read.own.push(condition(table, field, &plain(&pair[0]), &pair[1])?),
            Some((field, value)) => read.own.push(condition(table, field, "=", value)?),
            None => return Err(Fault::crash(500, "StopIteration", "StopIteration")),
        },
        // One flat list: its texts are taken for DocTypes.
        other => return Err(Fault::missing("DocType", &plain(other))),
    }
    Ok(())
}

fn condition(table: &Table, today: Date, field: &str, operator: &str, value: &Value) -> Outcome<Condition> {
    let operator = operator.trim().to_lowercase();
    if !OPERATORS.split(", ").any(|known| known == operator) {
        return Err(Fault::invalid(&format!("Operator must be one of {OPERATORS}")));
    }
    let column = table.position(field).ok_or_else(|| Fault::throw(417, "DataError", &format!("Field not permitted in query: {field}")))?;
    let kind = table.columns[column].kind;
    let stamp = column == CREATION || column == MODIFIED;
    let operand = |value: &Value| operand(kind, stamp, value);
    let empty = match kind {
        _ if is_numeric(kind) => Cell::Int(0),
        FieldType::Date => Cell::text("0001-01-01"),
        FieldType::Datetime => Cell::text("0001-01-01 00:00:00"),
        _ => Cell::text(""),
    };
    let (test, empty_as) = match operator.as_str() {
        "=" if value.is_null() || plain(value).is_empty() && !is_numeric(kind) => (Test::Unset, None),
        "=" => (Test::Equal(operand(value)), None),
        "!=" if matches!(kind, FieldType::Date | FieldType::Datetime) && plain(value).is_empty() => (Test::Set, None),
        "!=" => (Test::Unequal(operand(value)), Some(empty)),
        "<" => (Test::Less(operand(value)), Some(empty).filter(|_| !stamp)),
        "<=" => (Test::LessOrEqual(operand(value)), Some(empty).filter(|_| !stamp)),
        ">" => (Test::More(operand(value)), Some(empty).filter(|_| !stamp)),
        ">=" => (Test::MoreOrEqual(operand(value)), Some(empty).filter(|_| !stamp)),
        "like" => (Test::Like(Pattern::read(&plain(value))), None),
        "not like" => (Test::Unlike(Pattern::read(&plain(value))), Some(Cell::text(""))),
        "in" => {
            let set = members(value, &operand);
            let with_empty = set.is_empty() || set.iter().any(Cell::is_unset);
            (Test::In(set), Some(Cell::text("")).filter(|_| with_empty))
        }
        "not in" => (Test::NotIn(members(value, &operand)), Some(Cell::text(""))),
        "is" => match plain(value).to_lowercase().as_str() {
            "set" => (Test::Set, None),
            "not set" => (Test::Unset, None),
            _ => return Err(Fault::invalid("Invalid value for operator is: use set or not set")),
        },
        "between" => {
            let bounds = if let Value::Array(bounds) = value { bounds.clone() } else { plain(value).split(',').map(Value::from).collect() };
            let [from, to] = bounds.as_slice() else { return Err(Fault::crash(500, "IndexError", "IndexError: list index out of range")) };
            (Test::Between(operand(from), last(kind, to, &operand)), None)
        }
        "timespan" | "previous" | "next" => {
            let text = plain(value);
            let name = if operator == "timespan" { Some(text.clone()) } else { span::neighbour(&operator, &text) };
            let unknown = || Fault::crash(500, "KeyError", format!("KeyError: '{text}'"));
            let (from, to) = name.and_then(|name| span::days(&name, today)).ok_or_else(unknown)?;
            let (from, to) = (Value::from(from.to_string()), Value::from(to.to_string()));
            (Test::Between(operand(&from), last(kind, &to, &operand)), None)
        }
        other => return Err(Fault::not_simulated(&format!("the operator {other}"))),
    };
    Ok(Condition { column, empty_as, test })
}

/// The end of a span: a day without a time is meant whole.
fn last(kind: FieldType, to: &Value, operand: &dyn Fn(&Value) -> Cell) -> Cell {
    let whole_day = kind == FieldType::Datetime && plain(to).len() == 10;
    if whole_day { Cell::text(&format!("{} 23:59:59.999999", plain(to))) } else { operand(to) }
}

fn members(value: &Value, operand: &dyn Fn(&Value) -> Cell) -> Vec<Cell> {
    match value {
        Value::Array(list) => list.iter().map(operand).collect(),
        Value::Null => Vec::new(),
        other => plain(other).split(',').map(|part| operand(&Value::from(part.trim()))).collect(),
    }
}

fn operand(kind: FieldType, stamp: bool, value: &Value) -> Cell {
    if is_numeric(kind) {
        return Cell::Float(number_of(value));
    }
    let text = plain(value);
    if matches!(kind, FieldType::Date | FieldType::Datetime)
        && let Ok(Cell::Text(read)) = Cell::read(kind, value)
    {
        // Stamps always carry six digits, so that comparing texts compares instants.
        let whole = stamp && !read.contains('.');
        return if whole { Cell::text(&format!("{read}.000000")) } else { Cell::Text(read) };
    }
    Cell::text(&text)
}

/// Whether `value` is one of `allowed` under the collation.
pub(super) fn is_among(value: &str, allowed: &[String]) -> bool {
    allowed.iter().any(|one| value == one || collate(value, one).is_eq())
}
