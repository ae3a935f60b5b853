//! The client of the tenant in scope: reading records and numbers, each under the fence.
//!
//! Owns the fence: every query and aggregate carries the tenant's institution, every record that comes back is checked
//! against it. It must not know any DocType but `Institution`, nor take a tenant from anybody.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};
use tokio::time::Instant;

use super::{
    Aggregate, CallContext, Condition, Fault, Group, Page, Query, ReadProof, Record, Revision,
    aggregate::GROUPS_MAX,
    context, path,
    query::Selection,
    record::fence_field,
    transport::{self, Ask, URL_MAX_BYTES},
};
use crate::{
    registry::{Tenant, current_tenant},
    telemetry::metrics,
};

/// The way to the records of the tenant in scope. Cheap to make; made where it is used.
pub struct Client {
    pub(super) tenant: Arc<Tenant>,
    pub(super) context: CallContext,
}

impl Client {
    /// The client of the tenant in scope.
    ///
    /// # Errors
    /// [`Fault::NoTenant`] outside a door.
    pub fn current() -> Result<Self, Fault> {
        let tenant = current_tenant().map_err(|_| Fault::NoTenant)?;
        Ok(Self { tenant, context: context::current()? })
    }

    /// A page of records.
    ///
    /// # Errors
    /// Any [`Fault`] of the call.
    pub async fn list<R: Record>(&self, query: &Query<R>) -> Result<Page<R>, Fault> {
        self.measured("list", async {
            if query.selection().is_nothing() {
                return Ok(Page { rows: Vec::new(), more: false });
            }
            let fence = self.fence::<R>().await?;
            let ask =
                self.list_ask::<R>(query.selection(), &fence, &json!(R::FIELDS), &query.order(), None, query.start(), query.size() + 1);
            let rows: Vec<R> = self.ask(&ask).await.map_err(Fault::of_question)?;
            let more = rows.len() > query.size() as usize;
            let rows = rows.into_iter().take(query.size() as usize).filter(|row| self.is_own(row, &fence.institution)).collect();
            Ok(Page { rows, more })
        })
        .await
    }

    /// How many records there are.
    ///
    /// # Errors
    /// Any [`Fault`] of the call.
    pub async fn count<R: Record>(&self, query: &Query<R>) -> Result<u64, Fault> {
        // Never frappe.client.get_count: it ignores every permission before late 2025.
        const METHOD: &str = "frappe.desk.reportview.get_count";
        self.measured("count", async {
            if query.selection().is_nothing() {
                return Ok(0);
            }
            let fence = self.fence::<R>().await?;
            let mut arguments =
                vec![("doctype", R::DOCTYPE.to_owned()), ("filters", query.selection().filters(&fence.condition).to_string())];
            if let Some(group) = query.selection().or_filters() {
                arguments.push(("or_filters", group.to_string()));
            }
            let count: Json = self.ask(&self.short_or_post(path::method(METHOD), METHOD, arguments)).await.map_err(Fault::of_question)?;
            count.as_u64().ok_or(Fault::BadAnswer("shape"))
        })
        .await
    }

    /// Counts and sums by group, at most [`GROUPS_MAX`] groups, ordered by their columns.
    ///
    /// # Errors
    /// Any [`Fault`] of the call; `BadAnswer("too_many_groups")`.
    pub async fn group_by<R: Record>(&self, aggregate: &Aggregate<R>) -> Result<Vec<Group>, Fault> {
        self.measured("group_by", self.groups(aggregate)).await
    }

    /// Counts and sums over all rows: one group without keys, of zeros where there are no rows.
    ///
    /// # Errors
    /// Any [`Fault`] of the call; `CallerFault` when the aggregate has columns.
    pub async fn totals<R: Record>(&self, aggregate: &Aggregate<R>) -> Result<Group, Fault> {
        if !aggregate.columns().is_empty() {
            return Err(Fault::CallerFault { exc_type: "TotalsByColumn".to_owned() });
        }
        let groups = self.measured("totals", self.groups(aggregate)).await?;
        let none = || Group { keys: Vec::new(), measures: vec![0.0; aggregate.measures_len()] };
        Ok(groups.into_iter().next().unwrap_or_else(none))
    }

    /// One record. Its name is compared exactly, though MariaDB would not.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for another institution's as well.
    pub async fn get<R: Record>(&self, name: &str) -> Result<R, Fault> {
        Ok(self.get_with_proof::<R>(name).await?.0)
    }

    /// One record, its revision, and the proof with which its files can be read.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for another institution's as well.
    pub async fn get_with_proof<R: Record>(&self, name: &str) -> Result<(R, Revision, ReadProof), Fault> {
        self.measured("get", self.read(name)).await
    }

    pub(super) async fn read<R: Record>(&self, name: &str) -> Result<(R, Revision, ReadProof), Fault> {
        let path = path::document(R::DOCTYPE, name)?;
        let fence = self.fence::<R>().await?;
        let raw: Json = self.ask(&Ask::read(path, Vec::new())).await.map_err(|fault| match fault {
            // Frappe says 403 for another institution's record and 404 for none: the difference would be an oracle.
            Fault::Forbidden => {
                tracing::warn!(tenant = %self.tenant.id, doctype = R::DOCTYPE, request_id = %self.context.request_id, "a record was forbidden upstream");
                Fault::NotFound
            }
            other => other,
        })?;
        let same_name = match raw.get("name") {
            Some(Json::String(own)) => own == name,
            Some(Json::Number(own)) => own.to_string() == name,
            _ => false,
        };
        let revision = Revision(raw.get("modified").and_then(Json::as_str).unwrap_or_default().to_owned());
        let proof = ReadProof::new(self.tenant.id.clone(), R::DOCTYPE, name, &raw);
        let record: R = serde_json::from_value(raw).map_err(|_| Fault::BadAnswer("shape"))?;
        if !self.is_own(&record, &fence.institution) || !same_name {
            return Err(Fault::NotFound);
        }
        Ok((record, revision, proof))
    }

    /// A read of one of the upstream's own methods. **Outside the fence**: for facts about the site and its user only.
    pub(super) async fn call_read<T: DeserializeOwned>(&self, method: &'static str) -> Result<T, Fault> {
        self.measured("call", self.ask(&Ask::read(path::method(method), Vec::new()))).await
    }

    async fn groups<R: Record>(&self, aggregate: &Aggregate<R>) -> Result<Vec<Group>, Fault> {
        if aggregate.selection().is_nothing() {
            return Ok(Vec::new());
        }
        let fence = self.fence::<R>().await?;
        let fields = aggregate.fields(fence_field::<R>(), self.wants_dicts().await?);
        // The fence's own column is grouped by as well: so each group says whose it is and is checked like a record.
        let group_by = aggregate.group_by(fence_field::<R>());
        let order = group_by.clone();
        let ask = self.list_ask::<R>(aggregate.selection(), &fence, &fields, &order, Some(&group_by), 0, GROUPS_MAX + 1);
        let rows: Vec<Map<String, Json>> = self.ask(&ask).await.map_err(Fault::of_question)?;
        if rows.len() > GROUPS_MAX as usize {
            return Err(Fault::BadAnswer("too_many_groups"));
        }
        let own = rows.iter().filter(|row| {
            let whose = row.get(fence_field::<R>().as_str()).and_then(Json::as_str).unwrap_or_default();
            self.is_ours(whose, &fence.institution, R::DOCTYPE)
        });
        Ok(own.map(|row| Group::read(row, aggregate.columns(), aggregate.measures_len())).collect())
    }

    #[expect(clippy::too_many_arguments, reason = "the parameters of Frappe's list, each named at both of its callers")]
    fn list_ask<R: Record>(
        &self,
        selection: &Selection,
        fence: &Fence,
        fields: &Json,
        order: &str,
        group_by: Option<&str>,
        start: u32,
        length: u32,
    ) -> Ask<'static> {
        let mut arguments = vec![
            ("fields", fields.to_string()),
            ("filters", selection.filters(&fence.condition).to_string()),
            ("order_by", order.to_owned()),
            ("limit_start", start.to_string()),
            ("limit_page_length", length.to_string()),
        ];
        if let Some(group) = selection.or_filters() {
            arguments.push(("or_filters", group.to_string()));
        }
        if let Some(columns) = group_by {
            arguments.push(("group_by", columns.to_owned()));
        }
        let short = Ask::read(path::collection(R::DOCTYPE), arguments);
        if short.url(&self.tenant.upstream.base_url).as_str().len() <= URL_MAX_BYTES {
            return short;
        }
        let mut arguments = short.query;
        arguments.push(("doctype", R::DOCTYPE.to_owned()));
        post("frappe.client.get_list", arguments)
    }

    fn short_or_post(&self, path: String, method: &'static str, arguments: Vec<(&'static str, String)>) -> Ask<'static> {
        let short = Ask::read(path, arguments);
        if short.url(&self.tenant.upstream.base_url).as_str().len() <= URL_MAX_BYTES { short } else { post(method, short.query) }
    }

    /// Sends and reads `data` or `message`.
    pub(super) async fn ask<T: DeserializeOwned>(&self, ask: &Ask<'_>) -> Result<T, Fault> {
        let answer = transport::send(&self.context, &self.tenant, ask).await?;
        super::answer::payload(&answer)
    }

    pub(super) async fn measured<T>(&self, operation: &'static str, call: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        let began = Instant::now();
        // Boxed: a call's future is some kilobytes, and casework joins many of them.
        let result = Box::pin(call).await;
        metrics::upstream_call(operation, result.as_ref().map_or_else(Fault::outcome, |_| "ok"), began.elapsed());
        result
    }

    async fn fence<R: Record>(&self) -> Result<Fence, Fault> {
        let institution = self.institution().await?;
        Ok(Fence { condition: Condition::eq(fence_field::<R>(), &*institution), institution })
    }

    fn is_own<R: Record>(&self, record: &R, institution: &str) -> bool {
        self.is_ours(record.institution(), institution, R::DOCTYPE)
    }

    fn is_ours(&self, whose: &str, institution: &str, doctype: &'static str) -> bool {
        let own = whose == institution;
        if !own {
            metrics::isolation_violation();
            tracing::error!(tenant = %self.tenant.id, doctype, request_id = %self.context.request_id, "a row of another institution was dropped");
        }
        own
    }
}

/// The tenant's own institution, as a condition and as what records are compared with.
struct Fence {
    condition: Condition,
    institution: Arc<str>,
}

/// A read that is too long for a URL. Its arguments stay texts, as they are in a query.
fn post(method: &'static str, arguments: Vec<(&'static str, String)>) -> Ask<'static> {
    let body: Map<String, Json> = arguments.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    Ask::write(http::Method::POST, path::method(method), &Json::Object(body)).repeatable()
}
