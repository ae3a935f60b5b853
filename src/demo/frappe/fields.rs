//! The values of a row: what a new one starts with, what is taken over from linked rows, what is refused. Knows no rights but
//! the level of a field.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Site;
use super::cell::{Cell, Unfit, plain};
use super::fault::{Fault, Outcome, label};
use super::rights::Caller;
use super::site::Store;
use super::table::{Clash, NAME, Row, Table};
use crate::demo::schema::FieldType;

type Document = Map<String, Value>;

/// Takes out what the caller's level does not reach: Frappe ignores it without a word.
pub(super) fn drop_out_of_reach(table: &Table, caller: &Caller, given: &mut Document) {
    for field in table.doctype.fields.iter().filter(|field| !caller.reaches(field.permlevel)) {
        given.remove(field.name);
    }
}

/// Puts in what a new row has unasked: defaults, the time of day, the only permitted tenant.
pub(super) fn start(site: &Site, table: &Table, caller: &Caller, given: &mut Document) {
    let user = site.user(&caller.user_id);
    let unset = |given: &Document, name: &str| given.get(name).is_none_or(|value| plain(value).is_empty());
    for field in table.doctype.fields {
        if !unset(given, field.name) {
            continue;
        }
        let value = match (field.kind, field.options.first()) {
            (FieldType::Time, _) if field.default.is_none() => Some(time_of_day(site.now(), site)),
            (FieldType::Link, Some(target)) => user.as_ref().and_then(|user| user.only_permitted(target)).map(str::to_owned),
            _ => field.default.map(str::to_owned),
        };
        if let Some(value) = value {
            given.insert(field.name.to_owned(), value.into());
        }
    }
}

fn time_of_day(now: Timestamp, site: &Site) -> String {
    now.to_zoned(site.options.time_zone.clone()).strftime("%H:%M:%S%.6f").to_string()
}

/// Refuses links to nothing, and takes over what fields fetch from the rows they name. `row` is what is stored already.
pub(super) fn follow_links(store: &Store, table: &Table, row: &Row, given: &mut Document) -> Outcome<()> {
    for column in table.columns.iter().filter(|column| column.kind == FieldType::Link) {
        let value = given.get(column.name).map(plain).unwrap_or_default();
        // A link to a DocType that this site does not keep is not judged.
        let Some(target) = column.options.first().and_then(|target| store.table(target)) else { continue };
        if !value.is_empty() && target.slot(&value).is_none() {
            return Err(Fault::throw(417, "LinkValidationError", &format!("Could not find {}: {value}", label(column.name))));
        }
    }
    for field in table.doctype.fields {
        let Some((link, source)) = field.fetch_from else { continue };
        let Some(at) = table.position(link) else { continue };
        let named = given.get(link).map_or_else(|| row[at].as_str().unwrap_or_default().to_owned(), plain);
        let target = table.columns[at].options.first().and_then(|target| store.table(target));
        let found = target.and_then(|target| Some(target.named(&named)?[target.position(source)?].json()));
        if let Some(value) = found {
            given.insert(field.name.to_owned(), value);
        }
    }
    Ok(())
}

/// Stores the given values in `row`.
pub(super) fn fill(table: &Table, row: &mut Row, given: &Document, name: Option<&str>) -> Outcome<()> {
    for (at, column) in table.columns.iter().enumerate().filter(|(at, _)| table.is_own(*at)) {
        let Some(value) = given.get(column.name) else { continue };
        row[at] = stored(table, at, value, name.unwrap_or_default())?;
    }
    Ok(())
}

/// What is stored for `value` in a column.
pub(super) fn stored(table: &Table, at: usize, value: &Value, name: &str) -> Outcome<Cell> {
    let column = &table.columns[at];
    let safe = value.as_str().filter(|_| column.kind == FieldType::Html).map(|text| Value::from(without_scripts(text)));
    Cell::read(column.kind, safe.as_ref().unwrap_or(value)).map_err(|unfit| refused(table, column.name, name, unfit))
}

fn refused(table: &Table, column: &str, name: &str, unfit: Unfit) -> Box<Fault> {
    let doctype = table.doctype.name;
    match unfit {
        Unfit::Temporal(value) => Fault::crash(
            500,
            "OperationalError",
            format!(
                "pymysql.err.OperationalError: (1292, \"Incorrect date value: '{value}' for column `tab{doctype}`.`{column}` at row 1\")"
            ),
        ),
        Unfit::Range(value) if table.position(column).is_some_and(|at| table.columns[at].kind == FieldType::Int) => {
            let text = format!("{doctype} {name}: '<strong>{}</strong>' ({value}) is out of range", label(column));
            Fault::titled(417, "CharacterLengthExceededError", &text, "Value too big")
        }
        Unfit::Range(_) => {
            Fault::crash(500, "DataError", format!("pymysql.err.DataError: (1264, \"Out of range value for column '{column}' at row 1\")"))
        }
    }
}

/// Refuses missing, unknown, malformed and too long values, in Frappe's order.
pub(super) fn validate(table: &Table, row: &Row) -> Outcome<()> {
    let (doctype, name) = (table.doctype.name, row[NAME].as_str().unwrap_or_default());
    let missing: Vec<&str> =
        row.iter().zip(&table.columns).filter(|(cell, column)| column.required && cell.is_unset()).map(|(_, column)| column.name).collect();
    if !missing.is_empty() {
        return Err(Fault::mandatory(doctype, name, &missing));
    }
    for (cell, column) in row.iter().zip(&table.columns) {
        let Some(text) = cell.as_str().filter(|text| !text.is_empty()) else { continue };
        if column.kind == FieldType::Email && !text.split(',').all(|one| is_address(one.trim())) {
            return Err(Fault::throw(417, "InvalidEmailAddressError", &format!("{text} is not a valid Email Address")));
        }
        if column.kind == FieldType::Select && !column.options.is_empty() && !column.options.contains(&text) {
            let allowed: Vec<String> = column.options.iter().map(|option| format!("\"{option}\"")).collect();
            return Err(Fault::invalid(&format!(
                " {} cannot be \"{text}\". It should be one of {}",
                label(column.name),
                allowed.join(", ")
            )));
        }
        let short = matches!(column.kind, FieldType::Data | FieldType::Link | FieldType::Select | FieldType::Email);
        if short && text.chars().count() > 140 {
            let text = format!(
                "{doctype} {name}: '<strong>{}</strong>' ({text}) will get truncated, as max characters allowed is 140",
                label(column.name)
            );
            return Err(Fault::titled(417, "CharacterLengthExceededError", &text, "Value too big"));
        }
    }
    Ok(())
}

/// One part, an at sign, and a host with a dot: what Frappe's pattern comes to for ordinary addresses.
fn is_address(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| !part.is_empty() && !part.contains([' ', '@', '<', '>', '(', ')', ',', ';']);
    plain(local) && plain(host) && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
}

/// A name or a unique value that another row has.
pub(super) fn clashed(clash: Clash, doctype: &str, name: &str, given: &Document) -> Box<Fault> {
    match clash {
        Clash::Name => {
            let text = format!("('{doctype}', '{name}', IntegrityError(1062, \"Duplicate entry '{name}' for key 'PRIMARY'\"))");
            Fault::crash(409, "DuplicateEntryError", format!("frappe.exceptions.DuplicateEntryError: {text}"))
                .with_plain_message(&format!("{doctype} <strong>{name}</strong> already exists"))
        }
        Clash::Unique(field) => {
            let value = given.get(field).map(plain).unwrap_or_default();
            let text = format!("('{doctype}', '{name}', IntegrityError(1062, \"Duplicate entry '{value}' for key '{field}'\"))");
            Fault::crash(417, "UniqueValidationError", format!("frappe.exceptions.UniqueValidationError: {text}"))
                .with_plain_message(&format!("{} must be unique", label(field)))
        }
    }
}

/// Frappe's sanitiser as far as anybody here could be hurt: scripts become text.
pub(super) fn without_scripts(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        safe.push_str(&rest[..at]);
        let tag = rest[at + 1..].trim_start_matches('/');
        let is_script = tag.get(..6).is_some_and(|name| name.eq_ignore_ascii_case("script"));
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        let whole = &rest[at..end];
        if is_script {
            safe.push_str(&whole.replace('<', "&lt;").replace('>', "&gt;"))
        } else {
            safe.push_str(whole)
        }
        rest = &rest[end..];
    }
    safe + rest
}
