//! Names of rows: given, counted, drawn by chance, amended, changed. Knows no rights.

use serde_json::{Map, Value};

use super::cell::{Cell, plain};
use super::fault::{Fault, Outcome};
use super::own::NAMING;
use super::site::Store;
use super::table::{DOCSTATUS, NAME, PARENT, Table};
use crate::demo::schema::{Autoname, FieldType};

/// The name of a row to be: of the amended one's with a number, or as the DocType says.
pub(super) fn new_name(store: &mut Store, doctype: &str, given: &Map<String, Value>, stamp: &str) -> Outcome<String> {
    let table = store.table_mut(doctype).ok_or_else(|| Fault::missing("DocType", doctype))?;
    let amended = given.get("amended_from").map(plain).filter(|name| !name.is_empty() && table.doctype.is_submittable());
    if let Some(amended) = amended {
        return amendment(table, &amended);
    }
    match table.doctype.autoname {
        Autoname::Prompt => {
            let name = given.get("name").or_else(|| given.get("__newname")).map(plain).filter(|name| !name.is_empty());
            name.ok_or_else(|| Fault::invalid("Please set the document name"))
        }
        Autoname::Hash => Ok(random_name()),
        Autoname::Increment => {
            // Like the database's own counter: never given back.
            let last = table.series.entry(String::new()).or_default();
            *last += 1;
            Ok(last.to_string())
        }
        Autoname::Series(pattern) => {
            let mut prefix = String::new();
            let mut digits = 5;
            for part in pattern.split('.') {
                match part {
                    "YY" => prefix.push_str(stamp.get(2..4).unwrap_or_default()),
                    "YYYY" => prefix.push_str(stamp.get(..4).unwrap_or_default()),
                    "MM" => prefix.push_str(stamp.get(5..7).unwrap_or_default()),
                    hashes if !hashes.is_empty() && hashes.bytes().all(|byte| byte == b'#') => digits = hashes.len(),
                    text => prefix.push_str(text),
                }
            }
            loop {
                let last = table.series.entry(prefix.clone()).or_default();
                *last += 1;
                let name = format!("{prefix}{last:0digits$}");
                if table.slot(&name).is_none() {
                    return Ok(name);
                }
            }
        }
    }
}

/// `X` is amended as `X-1`, `X-1` as `X-2`.
fn amendment(table: &Table, amended: &str) -> Outcome<String> {
    let row = table.named(amended).ok_or_else(|| Fault::missing(table.doctype.name, amended))?;
    if row[DOCSTATUS].number() as i64 != 2 {
        let text = format!(
            "{} {amended} cannot be amended because it is not cancelled. Please cancel the document before creating an amendment.",
            table.doctype.name
        );
        return Err(Fault::invalid(&text));
    }
    let is_amendment = table.position("amended_from").is_some_and(|at| !row[at].is_unset());
    let counted = amended.rsplit_once('-').and_then(|(base, last)| Some((base, last.parse::<u32>().ok()?)));
    Ok(match counted {
        Some((base, last)) if is_amendment => format!("{base}-{}", last + 1),
        _ => format!("{amended}-1"),
    })
}

/// Ten letters and digits.
pub(super) fn random_name() -> String {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    (0..10).map(|_| char::from(LETTERS[rand::random_range(0..LETTERS.len())])).collect()
}

/// Gives the newest number of a series back: the next row takes it again, as upstream.
pub(super) fn release(table: &mut Table, name: &str) {
    for (prefix, last) in &mut table.series {
        if !prefix.is_empty() && name.strip_prefix(prefix.as_str()).and_then(|number| number.parse::<u64>().ok()) == Some(*last) {
            *last -= 1;
        }
    }
}

/// Gives a row another name, and every row that names it.
pub(super) fn rename(store: &mut Store, doctype: &str, old: &str, new: &str) -> Outcome<()> {
    let table = store.table_mut(doctype).ok_or_else(|| Fault::missing("DocType", doctype))?;
    if table.slot(new).is_some() {
        return Err(Fault::invalid(&format!("Another {doctype} with name {new} exists, select another name")));
    }
    let row = table.slot(old).and_then(|slot| table.remove(slot));
    let mut row = row.ok_or_else(|| Fault::missing(doctype, old))?;
    let old = row[NAME].as_str().unwrap_or_default().to_owned();
    row[NAME] = Cell::text(new);
    // Its unique values were free a moment ago.
    let _kept = table.insert(row);
    for other in store.tables_mut() {
        let own = NAMING.iter().find(|(kind, ..)| *kind == other.doctype.name);
        let own = own.and_then(|(_, kind, name)| Some((other.position(kind)?, other.position(name)?)));
        let holds = |at: usize| other.columns[at].kind == FieldType::Link && other.columns[at].options.first() == Some(&doctype);
        let links: Vec<usize> = (0..other.columns.len()).filter(|at| holds(*at)).collect();
        let is_parent = other.doctype.child;
        if links.is_empty() && own.is_none() && !is_parent {
            continue;
        }
        let mut changed = Vec::new();
        for (slot, row) in other.iter() {
            let mut at: Vec<usize> = links.iter().copied().filter(|at| row[*at].as_str() == Some(&old)).collect();
            at.extend(
                own.filter(|(kind, name)| row[*kind].as_str() == Some(doctype) && row[*name].as_str() == Some(&old)).map(|(_, name)| name),
            );
            if is_parent && row[PARENT].as_str() == Some(&old) && row[super::table::PARENTTYPE].as_str() == Some(doctype) {
                at.push(PARENT);
            }
            if !at.is_empty() {
                let mut row = row.clone();
                at.into_iter().for_each(|at| row[at] = Cell::text(new));
                changed.push((slot, row));
            }
        }
        for (slot, row) in changed {
            // Links are not unique.
            let _kept = other.replace(slot, row);
        }
    }
    Ok(())
}
