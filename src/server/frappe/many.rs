//! Records made and changed many at a time: Frappe takes at most [`MANY_MAX`] in one request.
//!
//! Making them is all or nothing upstream, changing them is each for itself. Owns that nothing leaves or comes into the tenant's institution
//! by the way. It must not know what a record means.

use http::Method;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{Changes, Client, Condition, Fault, Field, PAGE_MAX, Query, Record, RowScope, path, transport::Ask};

/// Records in one request at most.
pub const MANY_MAX: usize = 200;

/// What `bulk_update` says.
#[derive(Deserialize)]
struct Changed {
    #[serde(default)]
    failed_docs: Vec<Json>,
}

impl Client {
    /// New records of the tenant's institution, all of them or none; their names, in the order in which they were given.
    ///
    /// # Errors
    /// [`Fault::Duplicate`] where a unique value of one exists: then none is made. After [`Fault::Timeout`] or [`Fault::Unreachable`] all
    /// may exist. More than [`MANY_MAX`] are the caller's fault.
    pub async fn create_many<R: Record>(&self, bodies: Vec<Changes>) -> Result<Vec<String>, Fault> {
        if bodies.is_empty() {
            return Ok(Vec::new());
        }
        self.measured("create_many", async {
            if bodies.len() > MANY_MAX || !R::TENANTED {
                return Err(Fault::CallerFault { exc_type: "TooMany".to_owned() });
            }
            let institution = self.institution().await?;
            let count = bodies.len();
            let mut docs = Vec::with_capacity(count);
            for body in bodies {
                let mut fields = body.into_fields()?;
                fields.insert("doctype".to_owned(), json!(R::DOCTYPE));
                fields.insert("institution".to_owned(), json!(&*institution));
                docs.push(Json::Object(fields));
            }
            let asked = json!({ "docs": docs });
            let names: Vec<Json> = self.ask(&Ask::write(Method::POST, path::method("frappe.client.insert_many"), &asked)).await?;
            if names.len() != count {
                return Err(Fault::BadAnswer("shape"));
            }
            Ok(names.into_iter().map(|name| name.as_str().map_or_else(|| name.to_string(), str::to_owned)).collect())
        })
        .await
    }

    /// Changes records of the tenant's institution, whatever their revision is: for rows that one holder of a lease alone writes, and for
    /// values that follow from another record. Each is for itself; the number of those that were not changed.
    ///
    /// # Errors
    /// [`Fault::NotFound`] where one of them is not the tenant's: then none is changed. After any other [`Fault`] some may be changed. More
    /// than [`MANY_MAX`] are the caller's fault.
    pub async fn update_many<R: Record>(&self, changes: Vec<(String, Changes)>) -> Result<usize, Fault> {
        if changes.is_empty() {
            return Ok(0);
        }
        self.measured("update_many", async {
            if changes.len() > MANY_MAX || !R::TENANTED {
                return Err(Fault::CallerFault { exc_type: "TooMany".to_owned() });
            }
            let named = Condition::one_of(Field::new("name"), changes.iter().map(|(name, _)| name.as_str()));
            let own = Query::<R>::new(RowScope::institution_wide()).filter(named).page(0, PAGE_MAX);
            // Frappe takes any name here, so each is looked for among the institution's own first.
            if self.list(&own).await?.rows.len() != changes.len() {
                return Err(Fault::NotFound);
            }
            let mut docs = Vec::with_capacity(changes.len());
            for (name, change) in changes {
                let mut fields: Map<String, Json> = change.into_fields()?;
                fields.insert("doctype".to_owned(), json!(R::DOCTYPE));
                fields.insert("docname".to_owned(), json!(name));
                docs.push(Json::Object(fields));
            }
            // A text even inside JSON: a list is a TypeError upstream.
            let asked = json!({ "docs": Json::Array(docs).to_string() });
            let changed: Changed = self.ask(&Ask::write(Method::POST, path::method("frappe.client.bulk_update"), &asked)).await?;
            Ok(changed.failed_docs.len())
        })
        .await
    }
}
