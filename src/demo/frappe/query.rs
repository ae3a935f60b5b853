//! A list from its arguments to its answer, and counts. Knows rights through the caller only.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::cell::plain;
use super::fault::{Fault, Outcome};
use super::filter::{Condition, Filters, conditions, decoded};
use super::rights::Caller;
use super::select::{Line, Selection};
use super::site::Store;
use super::table::{NAME, Row, Table};
use super::{Site, Version, files, own, users};

/// The arguments of a request, whatever carried them.
pub(super) type Arguments = Map<String, Value>;

/// What a list asks for, decoded.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) fields: Value,
    filters: Value,
    or_filters: Value,
    pub(super) order_by: String,
    pub(super) group_by: String,
    pub(super) start: usize,
    pub(super) size: Option<usize>,
    pub(super) as_lists: bool,
    parent: String,
}

impl Ask {
    pub(super) fn read(arguments: &Arguments) -> Outcome<Self> {
        let text = |key: &str| arguments.get(key).map(plain).unwrap_or_default();
        let number =
            |key: &str| arguments.get(key).filter(|value| !value.is_null()).map(|value| plain(value).trim().parse::<i64>().unwrap_or(0));
        let size = number("limit_page_length").or_else(|| number("limit")).unwrap_or(20);
        let start = number("limit_start").or_else(|| number("start")).unwrap_or(0);
        if size < 0 || start < 0 {
            return Err(Fault::crash(
                500,
                "ProgrammingError",
                "pymysql.err.ProgrammingError: (1064, 'You have an error in your SQL syntax')",
            ));
        }
        Ok(Self {
            fields: decoded(arguments.get("fields"))?,
            filters: decoded(arguments.get("filters"))?,
            or_filters: decoded(arguments.get("or_filters"))?,
            order_by: text("order_by"),
            group_by: text("group_by"),
            start: usize::try_from(start).unwrap_or(usize::MAX),
            size: usize::try_from(size).ok().filter(|size| *size > 0),
            as_lists: matches!(text("as_dict").as_str(), "0" | "false" | "False"),
            parent: text("parent"),
        })
    }
}

/// `/api/resource/X` and `frappe.client.get_list`.
pub(super) fn list(site: &Site, caller: &Caller, doctype: &str, arguments: &Arguments) -> Outcome<Value> {
    let store = site.read();
    let people = (doctype == "User" && !caller.is_guest()).then(|| users::table(site));
    if people.is_none() && store.table(doctype).is_none() && own::is_without_rows(doctype) {
        return Err(if caller.is_guest() { Fault::forbidden("", None) } else { Fault::not_simulated(doctype) });
    }
    let table = match &people {
        Some(table) => table,
        None => store.known(doctype)?,
    };
    let ask = Ask::read(arguments)?;
    if site.options.version == Version::V16 && arguments.contains_key("expand") {
        return Err(Fault::not_simulated("expand"));
    }
    if people.is_none() {
        may_list(&store, caller, table, &ask.parent)?;
    }
    let selection = Selection::read(&store, table, site.options.version, &ask, &caller.hidden(table))?;
    let lines = matching(&store, table, caller, site.today(), &ask)?;
    Ok(selection.answer(&store, table, lines))
}

/// The keys that a list's rows have.
pub(super) fn keys(site: &Site, doctype: &str, arguments: &Arguments) -> Outcome<Value> {
    let store = site.read();
    let table = store.known(doctype)?;
    Ok(Selection::read(&store, table, site.options.version, &Ask::read(arguments)?, &[])?.keys())
}

/// `reportview.get_count`; with `caller` absent `frappe.client.get_count`, which asks nobody before v16.
pub(super) fn count(site: &Site, caller: Option<&Caller>, doctype: &str, arguments: &Arguments) -> Outcome<Value> {
    let store = site.read();
    let ask = Ask::read(arguments)?;
    let limit = arguments.get("limit").and_then(|limit| plain(limit).parse::<usize>().ok()).filter(|limit| *limit > 0);
    let Some(table) = store.table(doctype) else {
        return Err(match caller {
            Some(_) => Fault::missing("DocType", doctype),
            None => Fault::crash(
                500,
                "ProgrammingError",
                format!("pymysql.err.ProgrammingError: (1146, \"Table 'tab{doctype}' doesn't exist\")"),
            ),
        });
    };
    let found = match caller {
        Some(caller) => {
            may_list(&store, caller, table, &ask.parent)?;
            matching(&store, table, caller, site.today(), &ask)?.len()
        }
        None => matching(&store, table, &Caller::guest(), site.today(), &ask)?.len(),
    };
    Ok(Value::from(limit.filter(|_| caller.is_some()).map_or(found, |limit| found.min(limit))))
}

/// Whether `frappe.client.get_count` asks for rights: fixed late in 2025.
pub(super) const fn client_count_asks(version: Version) -> bool {
    matches!(version, Version::V16)
}

fn may_list(store: &Store, caller: &Caller, table: &Table, parent: &str) -> Outcome<()> {
    if !table.doctype.child || caller.user_id == "Administrator" {
        return caller.may_list(table);
    }
    let Some(parent) = store.table(parent) else { return Err(Fault::forbidden("", None)) };
    caller.may_list(parent)
}

/// The rows that the caller may see and the filters pass, once for each of their children that passes where any is filtered.
fn matching(store: &Store, table: &Table, caller: &Caller, today: Date, ask: &Ask) -> Outcome<Vec<Line>> {
    let Filters { own: mut all, of_children, children } = conditions(store, table, today, &ask.filters)?;
    let Filters { own: any, of_children: any_child, .. } = conditions(store, table, today, &ask.or_filters)?;
    if !any_child.is_empty() {
        return Err(Fault::not_simulated("or_filters on the rows of a child table"));
    }
    let bounds = caller.bounds(table);
    if caller.foreign {
        all.retain(|condition| !bounds.iter().any(|(at, _)| *at == condition.column));
    }
    let files = table.doctype.name == "File";
    let found = |bounds: &[(usize, Vec<String>)], caller: &Caller| -> Vec<u32> {
        let passes = |row: &Row| {
            all.iter().all(|condition| condition.passes(row))
                && (any.is_empty() || any.iter().any(|condition| condition.passes(row)))
                && caller.sees(bounds, row)
                && (!files || files::is_listed(store, caller, table, row))
        };
        match narrow(table, &all) {
            Some(slots) => slots.into_iter().filter(|slot| table.row(*slot).is_some_and(passes)).collect(),
            None => table.iter().filter(|(_, row)| passes(row)).map(|(slot, _)| slot).collect(),
        }
    };
    let mut slots = found(&bounds, caller);
    if caller.foreign && slots.is_empty() {
        // Nobody else has such a row: the caller's own, so that what hangs on it is asked for.
        slots = found(&bounds, &caller.honest());
    }
    let Some(children) = children.and_then(|children| store.table(children.name)) else {
        return Ok(slots.into_iter().map(|slot| (slot, None)).collect());
    };
    let passing = |child: &u32| children.row(*child).is_some_and(|row| of_children.iter().all(|condition| condition.passes(row)));
    let of = |slot: u32| children_of(table, children, slot).into_iter().filter(passing).map(move |child| (slot, Some(child)));
    Ok(slots.into_iter().flat_map(of).collect())
}

/// The rows of `children` that belong to the row at `slot`.
pub(super) fn children_of(table: &Table, children: &Table, slot: u32) -> Vec<u32> {
    let name = table.row(slot).and_then(|row| row[NAME].as_str()).unwrap_or_default();
    let fields = table.doctype.fields.iter().filter(|field| field.options.first() == Some(&children.doctype.name));
    fields.flat_map(|field| children.children(name, table.doctype.name, field.name)).collect()
}

/// The fewest slots that an index can promise to hold every match.
fn narrow(table: &Table, all: &[Condition]) -> Option<Vec<u32>> {
    let found = all.iter().filter_map(|condition| table.holding(condition.column, &condition.texts()?));
    found.min_by_key(Vec::len)
}
