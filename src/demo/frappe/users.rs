//! The DocType `User`, made of the site's users when somebody asks: any person who is signed in may list names and addresses,
//! and read their own. Knows no HTTP.

use serde_json::{Map, Value, json};

use super::Site;
use super::cell::Cell;
use super::documents;
use super::fault::{Fault, Outcome};
use super::fields;
use super::own;
use super::rights::{Caller, needs};
use super::site::Store;
use super::table::{CREATION, MODIFIED, MODIFIED_BY, NAME, OWNER, Table};

/// A table of the users as they are now.
pub(super) fn table(site: &Site) -> Table {
    let mut table = Table::new(&own::USER);
    let stamp = site.stamp();
    for user in site.users() {
        let given = json!({"email": user.user_id, "full_name": user.full_name, "enabled": user.enabled, "user_type": "System User",
            "api_key": user.api_key.map(|pair| pair.key)});
        let mut row = table.blank();
        row[NAME] = Cell::text(&user.user_id);
        row[OWNER] = Cell::text("Administrator");
        row[MODIFIED_BY] = Cell::text("Administrator");
        row[CREATION] = Cell::text(&stamp);
        row[MODIFIED] = Cell::text(&stamp);
        let given: &Map<String, Value> = if let Value::Object(given) = &given { given } else { continue };
        // Names are unique where they come from, and nothing here can be out of range.
        if fields::fill(&table, &mut row, given, None).is_ok() {
            let _kept = table.insert(row);
        }
    }
    table
}

/// One's own; another's is the Administrator's to read.
pub(super) fn get(site: &Site, store: &Store, caller: &Caller, name: &str, nulls: bool) -> Outcome<Value> {
    let table = table(site);
    let row = table.named(name).ok_or_else(|| Fault::missing("User", name))?;
    if caller.user_id != "Administrator" && row[NAME].as_str() != Some(&caller.user_id) {
        return Err(caller.no_role(&table, Some(needs("read", "User", name))));
    }
    let mut shown = documents::show(store, &table, row, nulls);
    if let Value::Object(shown) = &mut shown {
        for field in table.doctype.fields.iter().filter(|field| !caller.reaches(field.permlevel)) {
            shown.remove(field.name);
        }
    }
    Ok(shown)
}
