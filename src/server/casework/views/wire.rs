//! A saved view as Frappe keeps it.

use serde_json::{Value as Json, json};

use super::form::Draft;
use crate::{
    model::{CaseQuery, SavedView, Sharing, TableLook},
    server::{
        casework::columns::{Check, record},
        frappe::{Changes, Value},
        session::Principal,
    },
};

/// The list that our views are of: option set `view_entity`.
pub const CASE_LIST: &str = "CASE";
/// Words of `density`.
const DENSE: &str = "compact";
const AIRY: &str = "comfortable";

/// Its columns.
pub mod column {
    use crate::server::frappe::Field;

    pub const NAME: Field = Field::new("name");
    pub const USER: Field = Field::new("user_id");
    pub const TITLE: Field = Field::new("title");
    pub const ENTITY: Field = Field::new("entity");
    pub const SHARED: Field = Field::new("shared");
    pub const SHARED_ROLE: Field = Field::new("shared_role");
    pub const PINNED: Field = Field::new("pinned");
    pub const IDEM_KEY: Field = Field::new("idem_key");
    pub const MADE_BY: Field = Field::new("made_by");
    pub const CHANGED_BY: Field = Field::new("changed_by");
    pub const QUERY: Field = Field::new("query_text");
    pub const COLUMNS: Field = Field::new("columns");
    pub const SORT: Field = Field::new("sort_text");
    pub const DENSITY: Field = Field::new("density");
}

record! {
    /// A view.
    pub struct ViewRecord of "Portal Saved View" {
        user_id: String,
        title: String,
        entity: String,
        query_text: String,
        columns: String,
        sort_text: String,
        density: String,
        shared: String,
        shared_role: String,
        pinned: Check,
    }
}

record! {
    /// A view, as far as keeping another one needs.
    pub struct OwnRecord of "Portal Saved View" {
        idem_key: String,
    }
}

impl ViewRecord {
    /// The view, for somebody who may see it; and only if it keeps no words to look for, whoever wrote it.
    pub fn view_for(self, principal: &Principal) -> Option<SavedView> {
        let own = self.user_id == principal.user_id;
        let sharing = Sharing::of_stored(&self.shared, &self.shared_role);
        let read = CaseQuery::from_params(&self.query_text, &self.sort_text, "", "");
        let seen = self.entity == CASE_LIST && (own || sharing.reaches(principal.role)) && read.search.is_empty();
        let query = CaseQuery { columns: look(&self.columns, &self.density), problems: Vec::new(), ..read };
        seen.then_some(SavedView { id: self.name, title: self.title, query, sharing, pinned: self.pinned.0, own })
    }
}

/// The columns, where there are any: a list of their words.
fn look(columns: &str, density: &str) -> Option<TableLook> {
    let words: Vec<String> = serde_json::from_str(columns).ok()?;
    TableLook::parse(&words.join(".")).map(|look| TableLook { dense: density == DENSE, ..look })
}

/// What its owner has decided, as it is written.
pub fn written(draft: &Draft) -> Changes {
    let (shared, shared_role) = draft.sharing.stored();
    let look = draft.query.columns.as_ref();
    let words = look.map(|look| json!(look.columns.iter().map(|column| column.word()).collect::<Vec<_>>()));
    Changes::new()
        .set(column::TITLE, draft.title.as_str())
        .set(column::QUERY, draft.query.text())
        // A JSON text, or nothing.
        .set(column::COLUMNS, words.map_or(Value::Nothing, |words: Json| Value::Text(words.to_string())))
        .set(column::SORT, draft.query.sort_text())
        .set(column::DENSITY, look.map_or("", |look| if look.dense { DENSE } else { AIRY }))
        .set(column::SHARED, shared)
        .set(column::SHARED_ROLE, shared_role)
        .set(column::PINNED, draft.pinned)
}
