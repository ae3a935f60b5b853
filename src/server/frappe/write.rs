//! Changing and removing records: each change is sent once, under the revision it was decided on.
//!
//! Owns the order read, check, send, read again (Frappe echoes what it was sent, not what it stored). It must not know what
//! a change means.

use http::Method;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};

use super::{Changes, Client, Fault, Record, Revision, path, transport::Ask};

#[derive(Deserialize)]
struct Made {
    name: Json,
}

impl Client {
    /// A new record of the tenant's institution, as it was stored.
    ///
    /// # Errors
    /// [`Fault::Duplicate`] where a unique value exists (an `idem_key` finds what a lost answer made). After
    /// [`Fault::Timeout`] or [`Fault::Unreachable`] it may exist.
    pub async fn create<R: Record>(&self, body: Changes) -> Result<R, Fault> {
        self.measured("create", async {
            let mut fields = body.into_fields()?;
            if R::TENANTED {
                fields.insert("institution".to_owned(), json!(&*self.institution().await?));
            }
            let made: Made = self.ask(&Ask::write(Method::POST, path::collection(R::DOCTYPE), &Json::Object(fields))).await?;
            let name = made.name.as_str().map_or_else(|| made.name.to_string(), str::to_owned);
            Ok(self.read::<R>(&name).await?.0)
        })
        .await
    }

    /// Changes a record of the tenant's institution that is still at this revision; the record as it was stored, and its
    /// new revision.
    ///
    /// # Errors
    /// [`Fault::Conflict`] where it was changed since, [`Fault::NotFound`] where it is not the tenant's. After
    /// [`Fault::Timeout`] or [`Fault::Unreachable`] it may be changed.
    pub async fn update<R: Record>(&self, name: &str, revision: &Revision, changes: Changes) -> Result<(R, Revision), Fault> {
        self.measured("update", async {
            let mut fields = changes.into_fields()?;
            let path = path::document(R::DOCTYPE, name)?;
            let (_, stored, _) = self.read::<R>(name).await?;
            // Without `modified` the last write would win.
            if stored != *revision || revision.0.is_empty() {
                return Err(Fault::Conflict);
            }
            fields.insert("modified".to_owned(), json!(revision));
            let _echo: Json = self.ask(&Ask::write(Method::PUT, path, &Json::Object(fields))).await?;
            let (record, revision, _) = self.read::<R>(name).await?;
            Ok((record, revision))
        })
        .await
    }

    /// Removes a record of the tenant's institution that is still at this revision. Frappe takes no revision here: what changes between
    /// the check and the removal goes with it.
    ///
    /// # Errors
    /// As [`Self::update`]; [`Fault::Rejected`] where another record links to it.
    pub async fn delete<R: Record>(&self, name: &str, revision: &Revision) -> Result<(), Fault> {
        self.measured("delete", async {
            let path = path::document(R::DOCTYPE, name)?;
            let (_, stored, _) = self.read::<R>(name).await?;
            if stored != *revision || revision.0.is_empty() {
                return Err(Fault::Conflict);
            }
            let _done: Json = self.ask(&Ask::delete(path)).await?;
            Ok(())
        })
        .await
    }

    /// Calls a whitelisted method, once, by POST, and reads its `message`. **Outside the fence**: what it touches and what
    /// it answers is for the caller to check, so it is not for anything that lists records.
    ///
    /// # Errors
    /// Any [`Fault`] of the call; `BadAnswer("empty")` for a method that answers nothing.
    pub async fn call<T: DeserializeOwned>(&self, method: &'static str, args: &impl Serialize) -> Result<T, Fault> {
        let body = serde_json::to_value(args).map_err(|_| Fault::CallerFault { exc_type: "Arguments".to_owned() })?;
        self.measured("call", self.ask(&Ask::write(Method::POST, path::method(method), &body))).await
    }
}
