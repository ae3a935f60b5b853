//! Who may do what: roles against DocTypes, User Permissions against rows, with the holes that Frappe has. Knows no HTTP.

use super::fault::{Fault, Outcome, label};
use super::filter::is_among;
use super::table::{NAME, Row, Table};
use super::user::User;
use crate::demo::schema::{FieldType, Rights};

/// Who runs a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) user_id: String,
    pub(super) roles: Vec<String>,
    permissions: Vec<(String, String)>,
    strict: bool,
    /// A knob: sees exactly the rows that it should not.
    pub(super) foreign: bool,
}

impl Caller {
    pub(super) fn guest() -> Self {
        Self { user_id: "Guest".into(), roles: Vec::new(), permissions: Vec::new(), strict: false, foreign: false }
    }

    pub(super) fn of(user: &User, strict: bool) -> Self {
        let permissions = if user.user_id == "Administrator" { Vec::new() } else { user.user_permissions.clone() };
        Self { user_id: user.user_id.clone(), roles: user.roles.clone(), permissions, strict, foreign: false }
    }

    pub(super) fn is_guest(&self) -> bool {
        self.user_id == "Guest"
    }

    pub(super) fn rights(&self, table: &Table) -> Rights {
        if self.user_id == "Administrator" {
            Rights { submit: true, ..Rights::CRWD }
        } else if table.doctype.name == "File" && !self.is_guest() {
            // Everybody who is signed in: `files` judges each row.
            Rights::CRWD
        } else if self.roles.iter().any(|role| role == "Portal API") {
            table.doctype.portal_api
        } else {
            Rights::NONE
        }
    }

    /// Whether fields of this level are the caller's to read and write.
    pub(super) fn reaches(&self, permlevel: u8) -> bool {
        permlevel == 0 || self.user_id == "Administrator"
    }

    /// The columns above the caller's level.
    pub(super) fn hidden(&self, table: &Table) -> Vec<usize> {
        let above = table.doctype.fields.iter().filter(|field| !self.reaches(field.permlevel));
        above.filter_map(|field| table.position(field.name)).collect()
    }

    /// A row that the caller should not see, for a site that is told to show one.
    pub(super) fn somebody_elses<'a>(&self, table: &'a Table) -> Option<&'a Row> {
        let bounds = self.bounds(table);
        table.iter().map(|(_, row)| row).find(|row| !bounds.is_empty() && self.sees(&bounds, row))
    }

    /// The refusal of a DocType of Frappe's that no role here opens.
    pub(super) fn without_rows(&self, doctype: &str, error_message: String) -> Box<Fault> {
        if self.user_id == "Administrator" {
            return Fault::not_simulated(doctype);
        }
        let user = &self.user_id;
        let text = format!(
            "User <strong>{user}</strong> does not have doctype access via role permission for document <strong>{doctype}</strong><br>\
             User <strong>{user}</strong> does not have access to this document"
        );
        Fault::forbidden(&text, Some(error_message))
    }

    /// 403 unless the caller may list `table`.
    pub(super) fn may_list(&self, table: &Table) -> Outcome<()> {
        if self.rights(table).read { Ok(()) } else { Err(self.no_role(table, Some(format!("No permission for {}", table.doctype.name)))) }
    }

    pub(super) fn no_role(&self, table: &Table, error_message: Option<String>) -> Box<Fault> {
        let (user, doctype) = (&self.user_id, table.doctype.name);
        let text = format!(
            "User <strong>{user}</strong> does not have doctype access via role permission for document <strong>{doctype}</strong>"
        );
        Fault::forbidden(&text, error_message)
    }

    /// The link columns that User Permissions bind, with the values allowed in each.
    pub(super) fn bounds(&self, table: &Table) -> Vec<(usize, Vec<String>)> {
        // A child row has no permissions of its own: listing it with `parent` shows every tenant's (frappe.md §12).
        if self.permissions.is_empty() || table.doctype.child {
            return Vec::new();
        }
        let mut bounds = Vec::new();
        let allowed = |doctype: &str| -> Vec<String> {
            self.permissions.iter().filter(|(kind, _)| kind == doctype).map(|(_, value)| value.clone()).collect()
        };
        let own = allowed(table.doctype.name);
        if !own.is_empty() {
            bounds.push((NAME, own));
        }
        for (at, column) in table.columns.iter().enumerate() {
            if let (FieldType::Link, Some(target)) = (column.kind, column.options.first()) {
                let values = allowed(target);
                if !values.is_empty() {
                    bounds.push((at, values));
                }
            }
        }
        bounds
    }

    /// The same caller, given what is its own.
    pub(super) fn honest(&self) -> Self {
        Self { foreign: false, ..self.clone() }
    }

    /// Whether User Permissions let `row` pass.
    pub(super) fn sees(&self, bounds: &[(usize, Vec<String>)], row: &Row) -> bool {
        if self.foreign && !bounds.is_empty() {
            return bounds.iter().any(|(at, allowed)| !is_among(row[*at].as_str().unwrap_or_default(), allowed));
        }
        bounds.iter().all(|(at, allowed)| self.within(row, *at, allowed))
    }

    fn within(&self, row: &Row, at: usize, allowed: &[String]) -> bool {
        // An empty link is everyone's, unless the site is strict.
        if row[at].is_unset() { !self.strict } else { is_among(row[at].as_str().unwrap_or_default(), allowed) }
    }

    /// 403 with the text that names the other tenant, as Frappe's does.
    pub(super) fn check_row(&self, table: &Table, row: &Row, right: Option<&str>) -> Outcome<()> {
        if self.foreign {
            return Ok(());
        }
        for (at, allowed) in self.bounds(table) {
            if self.within(row, at, &allowed) {
                continue;
            }
            let (doctype, name) = (table.doctype.name, row[NAME].as_str().unwrap_or("None"));
            let access = format!("User <strong>{}</strong> does not have access to this document: {doctype} - {name}", self.user_id);
            let column = &table.columns[at];
            let text = match column.options.first() {
                Some(target) => format!(
                    "You are not allowed to access this {doctype} record because it is linked to {target} '{}' in field {}<br>{access}",
                    row[at].as_str().unwrap_or_default(),
                    label(column.name)
                ),
                None => format!("Not allowed for {doctype}: {name}<br>{access}"),
            };
            return Err(Fault::forbidden(&text, right.map(|right| needs(right, doctype, row[NAME].as_str().unwrap_or_default()))));
        }
        Ok(())
    }
}

/// The sentence of `_error_message`.
pub(super) fn needs(right: &str, doctype: &str, name: &str) -> String {
    format!("You need the '{right}' permission on <strong>{doctype}</strong> {name} to perform this action.")
}
