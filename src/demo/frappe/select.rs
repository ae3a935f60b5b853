//! What a list asks for: columns, functions, order and page, and the rows that answer it. Knows no rights: it is given the
//! slots that the caller may see.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use serde_json::{Map, Value, json};

use super::Version;
use super::aggregate::{Function, group_key};
use super::cell::Cell;
use super::fault::{Fault, Outcome};
use super::query::{Ask, children_of};
use super::site::Store;
use super::table::{IDX, NAME, Row, Table};
use crate::demo::schema::FieldType;

#[derive(Debug)]
enum Source {
    Column(usize),
    Function(Function, usize),
    /// A column of the row that a link names: nobody asks whether the caller may see that row.
    Linked {
        link: usize,
        target: &'static str,
        at: usize,
    },
    /// A column of the child rows.
    Child(usize),
}

/// The slot of a row, and of one of its children where those make lines of their own.
pub(super) type Line = (u32, Option<u32>);

type Rows<'a> = (&'a Row, Option<&'a Row>);

#[derive(Debug)]
struct Output {
    key: String,
    source: Source,
}

/// A list's columns, order and page, checked against the DocType.
#[derive(Debug)]
pub(super) struct Selection {
    outputs: Vec<Output>,
    /// The child DocType whose columns are asked for.
    children: Option<&'static str>,
    group_by: Vec<usize>,
    order: Vec<(Key, bool)>,
    start: usize,
    size: Option<usize>,
    as_lists: bool,
}

#[derive(Debug)]
enum Key {
    Column(usize),
    Output(usize),
}

fn bare(name: &str, doctype: &str) -> String {
    let name = name.trim().replace('`', "");
    name.strip_prefix(&format!("tab{doctype}.")).unwrap_or(&name).to_owned()
}

fn not_permitted(field: &str) -> Box<Fault> {
    Fault::throw(417, "DataError", &format!("Field not permitted in query: {field}"))
}

impl Selection {
    /// Reads `fields`, `group_by`, `order_by`, the page and `as_dict` of a request.
    /// Columns in `hidden` are left out without a word.
    pub(super) fn read(store: &Store, table: &Table, version: Version, ask: &Ask, hidden: &[usize]) -> Outcome<Self> {
        let mut outputs = Vec::new();
        let mut children = None;
        match &ask.fields {
            Value::Null => outputs.push(Output { key: "name".into(), source: Source::Column(NAME) }),
            Value::Array(fields) if fields.is_empty() => outputs.push(Output { key: "name".into(), source: Source::Column(NAME) }),
            Value::Array(fields) => {
                for field in fields {
                    children = read_field(store, table, version, field, &mut outputs)?.or(children);
                }
            }
            field @ Value::String(_) => children = read_field(store, table, version, field, &mut outputs)?,
            _ => return Err(Fault::crash(500, "TypeError", "TypeError: fields is not a list")),
        }
        outputs.retain(|output| !matches!(&output.source, Source::Column(at) if hidden.contains(at)));
        let illegal = |text: &str| [";", "/*", "*/", "--", "(select"].iter().any(|bad| text.to_lowercase().contains(bad));
        if illegal(&ask.order_by) || illegal(&ask.group_by) {
            return Err(Fault::invalid("Illegal SQL Query"));
        }
        let unknown = |name: &str, clause: &str| {
            let text = format!("pymysql.err.OperationalError: (1054, \"Unknown column '{name}' in '{clause}'\")");
            Fault::crash(500, "OperationalError", text)
        };
        let words = |text: &str| text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let mut group_by = Vec::new();
        for name in words(&ask.group_by) {
            let name = bare(&name, table.doctype.name);
            let aliased = outputs.iter().find(|output| output.key == name).and_then(|output| match output.source {
                Source::Column(at) => Some(at),
                _ => None,
            });
            group_by.push(aliased.or_else(|| table.position(&name)).ok_or_else(|| unknown(&name, "GROUP BY"))?);
        }
        let mut order = Vec::new();
        for part in words(&ask.order_by) {
            let (name, way) = part.rsplit_once(' ').map_or((part.as_str(), "asc"), |(name, way)| (name, way));
            let (name, descending) = match way.to_lowercase().as_str() {
                "asc" => (name, false),
                "desc" => (name, true),
                _ => return Err(Fault::invalid("Illegal SQL Query")),
            };
            let name = bare(name, table.doctype.name);
            let key = outputs.iter().position(|output| output.key == name).map(Key::Output);
            let key = key.or_else(|| table.position(&name).map(Key::Column)).ok_or_else(|| unknown(&name, "ORDER BY"))?;
            order.push((key, descending));
        }
        // Without an order the rows come as the primary key has them; v16 takes the DocType's order.
        if order.is_empty() && ask.group_by.is_empty() && version == Version::V16 {
            order.push((Key::Column(super::table::MODIFIED), true));
        }
        Ok(Self { outputs, children, group_by, order, start: ask.start, size: ask.size, as_lists: ask.as_lists })
    }

    /// The keys of its rows.
    pub(super) fn keys(&self) -> Value {
        self.outputs.iter().map(|output| output.key.clone()).collect()
    }

    /// The answer made of `lines`.
    pub(super) fn answer(&self, store: &Store, table: &Table, lines: Vec<Line>) -> Value {
        let children = self.children.and_then(|children| store.table(children));
        let lines = match children {
            // Each child makes a line; a row without children keeps its own.
            Some(children) if lines.iter().all(|(_, child)| child.is_none()) => {
                let mut joined = Vec::with_capacity(lines.len());
                for (slot, _) in lines {
                    let found = children_of(table, children, slot);
                    if found.is_empty() {
                        joined.push((slot, None))
                    } else {
                        joined.extend(found.into_iter().map(|child| (slot, Some(child))))
                    }
                }
                joined
            }
            _ => lines,
        };
        let row_of = |(slot, child): Line| Some((table.row(slot)?, children.zip(child).and_then(|(children, child)| children.row(child))));
        let rows: Vec<Rows<'_>> = lines.into_iter().filter_map(row_of).collect();
        let aggregated = !self.group_by.is_empty() || self.outputs.iter().any(|output| matches!(output.source, Source::Function(..)));
        if aggregated { self.groups(store, rows) } else { self.rows(store, table, rows) }
    }

    fn rows(&self, store: &Store, table: &Table, rows: Vec<Rows<'_>>) -> Value {
        let by = |a: &Rows<'_>, b: &Rows<'_>| {
            for (key, descending) in &self.order {
                let order = match key {
                    Key::Column(at) => a.0[*at].order(&b.0[*at]),
                    Key::Output(at) => match &self.outputs[*at] {
                        Output { source: Source::Column(at), .. } => a.0[*at].order(&b.0[*at]),
                        output => output.value(store, &[*a]).order(&output.value(store, &[*b])),
                    },
                };
                if order != Ordering::Equal {
                    return if *descending { order.reverse() } else { order };
                }
            }
            let place = |row: &Rows<'_>| row.1.map_or(Cell::Null, |child| child[IDX].clone());
            a.0[NAME].order(&b.0[NAME]).then_with(|| place(a).order(&place(b)))
        };
        let end = self.size.map_or(rows.len(), |size| self.start.saturating_add(size)).min(rows.len());
        let mut rows = first(rows, end, &by);
        rows.sort_unstable_by(by);
        let page = rows.into_iter().skip(self.start);
        page.map(|line| {
            self.shape(self.outputs.iter().map(|output| match output.source {
                Source::Column(at) => table.shown(line.0, at),
                _ => output.value(store, &[line]).json(),
            }))
        })
        .collect()
    }

    fn groups(&self, store: &Store, rows: Vec<Rows<'_>>) -> Value {
        let mut order_of_groups: Vec<Vec<Rows<'_>>> = Vec::new();
        if self.group_by.is_empty() && !rows.is_empty() {
            order_of_groups.push(rows);
        } else {
            let mut known: HashMap<Vec<Cow<'_, str>>, usize> = HashMap::new();
            // Rows that hold the very same values need not be folded to be told apart.
            let mut alike: HashMap<u64, (&Row, usize), FixedState> = HashMap::default();
            for row in rows {
                let mut hasher = FixedState::default().build_hasher();
                self.group_by.iter().for_each(|at| row.0[*at].hash_into(&mut hasher));
                let hash = hasher.finish();
                let found = alike.get(&hash).filter(|(other, _)| self.group_by.iter().all(|at| other[*at] == row.0[*at]));
                let at = found.map(|(_, at)| *at).unwrap_or_else(|| {
                    let key = self.group_by.iter().map(|at| group_key(&row.0[*at])).collect();
                    let at = *known.entry(key).or_insert_with(|| {
                        order_of_groups.push(Vec::new());
                        order_of_groups.len() - 1
                    });
                    alike.insert(hash, (row.0, at));
                    at
                });
                order_of_groups[at].push(row);
            }
        }
        // SQL without group_by answers one row even over nothing.
        if self.group_by.is_empty() && order_of_groups.is_empty() {
            order_of_groups.push(Vec::new());
        }
        let mut answers: Vec<(Vec<Cell>, Vec<Cell>)> = order_of_groups
            .iter()
            .map(|rows| {
                let values: Vec<Cell> = self.outputs.iter().map(|output| output.value(store, rows)).collect();
                let first = |at: usize| rows.first().map_or(Cell::Null, |row| row.0[at].clone());
                let keys = self.order.iter().map(|(key, _)| match key {
                    Key::Column(at) => first(*at),
                    Key::Output(at) => values[*at].clone(),
                });
                (keys.chain(self.group_by.iter().map(|at| first(*at))).collect(), values)
            })
            .collect();
        answers.sort_by(|(a, _), (b, _)| {
            let mut ways = self.order.iter().map(|(_, descending)| *descending).chain(std::iter::repeat(false));
            a.iter()
                .zip(b)
                .map(|(a, b)| if ways.next() == Some(true) { b.order(a) } else { a.order(b) })
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        let page = answers.into_iter().skip(self.start).take(self.size.unwrap_or(usize::MAX));
        page.map(|(_, values)| self.shape(values.iter().map(Cell::json))).collect()
    }

    fn shape(&self, values: impl Iterator<Item = Value>) -> Value {
        if self.as_lists {
            return values.collect();
        }
        Value::Object(self.outputs.iter().map(|output| output.key.clone()).zip(values).collect::<Map<_, _>>())
    }
}

impl Output {
    fn value(&self, store: &Store, rows: &[Rows<'_>]) -> Cell {
        let first = rows.first();
        match self.source {
            Source::Column(at) => first.map_or(Cell::Null, |row| row.0[at].clone()),
            Source::Child(at) => first.and_then(|row| row.1).map_or(Cell::Null, |row| row[at].clone()),
            Source::Linked { link, target, at } => {
                let named = first.and_then(|row| store.table(target)?.named(row.0[link].as_str()?));
                named.map_or(Cell::Null, |row| row[at].clone())
            }
            Source::Function(function, at) => function.of(rows.iter().map(|row| row.0), at),
        }
    }
}

/// The first `end` rows of an order, in none among themselves: once as many have been seen, the others are held against the last of
/// them before anything else is done with them.
fn first<'a>(rows: Vec<Rows<'a>>, end: usize, by: &impl Fn(&Rows<'a>, &Rows<'a>) -> Ordering) -> Vec<Rows<'a>> {
    if end == 0 || end == rows.len() {
        return if end == 0 { Vec::new() } else { rows };
    }
    let mut kept: Vec<Rows<'a>> = Vec::new();
    let mut last: Option<Rows<'a>> = None;
    let cut = |kept: &mut Vec<Rows<'a>>| {
        let last = *kept.select_nth_unstable_by(end - 1, by).1;
        kept.truncate(end);
        last
    };
    for row in rows {
        if last.as_ref().is_none_or(|last| by(&row, last).is_lt()) {
            kept.push(row);
        }
        if kept.len() >= end.saturating_mul(2) {
            last = Some(cut(&mut kept));
        }
    }
    if kept.len() > end {
        cut(&mut kept);
    }
    kept
}

/// Reads one of `fields`; answers with the child DocType whose column it is.
fn read_field(store: &Store, table: &Table, version: Version, field: &Value, outputs: &mut Vec<Output>) -> Outcome<Option<&'static str>> {
    let text = match field {
        Value::String(text) => text.trim(),
        Value::Object(object) if version == Version::V16 => return read_object(table, object, outputs).map(|()| None),
        Value::Object(_) => return Err(Fault::crash(500, "TypeError", "TypeError: unhashable type: 'dict'")),
        other => return Err(not_permitted(&other.to_string())),
    };
    let doctype = table.doctype.name;
    if text == "*" || text.replace('`', "") == format!("tab{doctype}.*") {
        outputs.extend(
            table.columns.iter().enumerate().map(|(at, column)| Output { key: column.name.to_owned(), source: Source::Column(at) }),
        );
        return Ok(None);
    }
    let at = text.to_lowercase().find(" as ");
    let (expression, alias) = at.map_or((text, None), |at| (text[..at].trim(), Some(bare(&text[at + 4..], doctype))));
    let Some((function, inner)) = expression.strip_suffix(')').and_then(|open| open.split_once('(')) else {
        let name = bare(expression, doctype);
        if let Some((of, column)) = name.split_once('.') {
            let (source, children) = joined(store, table, of, column).ok_or_else(|| not_permitted(&name))?;
            outputs.push(Output { key: alias.unwrap_or_else(|| column.to_owned()), source });
            return Ok(children);
        }
        let at = table.position(&name).ok_or_else(|| not_permitted(&name))?;
        outputs.push(Output { key: alias.unwrap_or(name), source: Source::Column(at) });
        return Ok(None);
    };
    if version == Version::V16 {
        let text = format!("SQL functions are not allowed as strings in SELECT: {text}. Use dict syntax like {{'COUNT': '*'}} instead.");
        return Err(Fault::invalid(&text));
    }
    let lower = function.trim().to_lowercase();
    let distinct = inner.trim().to_lowercase().strip_prefix("distinct ").is_some();
    let inner_name = if distinct { &inner.trim()[9..] } else { inner };
    let name = bare(inner_name, doctype);
    let function = match (lower.as_str(), distinct) {
        ("count", false) => Function::Count,
        ("sum", false) => Function::Sum,
        ("avg", false) => Function::Avg,
        ("count", true) if version == Version::V15 => Function::CountDistinct,
        ("min", false) if version == Version::V15 => Function::Min,
        ("max", false) if version == Version::V15 => Function::Max,
        ("date_format" | "year" | "month", false) if version == Version::V15 => {
            return Err(Fault::not_simulated("date functions in fields"));
        }
        _ => return Err(Fault::throw(417, "DataError", &format!("Use of function {lower} in field is restricted"))),
    };
    let at = table.position(&name).ok_or_else(|| not_permitted(&name))?;
    outputs.push(Output { key: alias.unwrap_or_else(|| expression.to_owned()), source: Source::Function(function, at) });
    Ok(None)
}

/// `link.column` or `table.column`.
fn joined(store: &Store, table: &Table, of: &str, column: &str) -> Option<(Source, Option<&'static str>)> {
    let field = table.doctype.field(of)?;
    let target = store.table(field.options.first()?)?;
    let (name, at) = (target.doctype.name, target.position(column)?);
    match field.kind {
        FieldType::Table => Some((Source::Child(at), Some(name))),
        FieldType::Link => Some((Source::Linked { link: table.position(of)?, target: name, at }, None)),
        _ => None,
    }
}

/// `{"COUNT": "name", "as": "n"}`.
fn read_object(table: &Table, object: &Map<String, Value>, outputs: &mut Vec<Output>) -> Outcome<()> {
    let alias = object.get("as").and_then(Value::as_str);
    let call = object.iter().find(|(key, _)| key.as_str() != "as");
    let Some((function, Value::String(field))) = call else {
        return Err(Fault::invalid(&format!("Invalid field format in SELECT: {}", json!(object))));
    };
    let known = match function.to_uppercase().as_str() {
        "COUNT" => Function::Count,
        "SUM" => Function::Sum,
        "AVG" => Function::Avg,
        "MIN" => Function::Min,
        "MAX" => Function::Max,
        _ => return Err(Fault::invalid(&format!("Unsupported function or invalid field name: {function}"))),
    };
    let at = if field == "*" && known == Function::Count { Some(NAME) } else { table.position(field) };
    let at = at.ok_or_else(|| not_permitted(field))?;
    let key = alias.map_or_else(|| format!("{}({field})", function.to_uppercase()), str::to_owned);
    outputs.push(Output { key, source: Source::Function(known, at) });
    Ok(())
}
