//! `/api/v1/hearings`.

use axum::{Json, extract::RawQuery};

use super::{
    Refusals,
    parameters::{Parameters, address},
    wire::{Page, Wire as _, case::Hearing},
};
use crate::{
    model::{HearingsQuery, PortalError},
    server::{casework::hearings_between, context::InTenant},
};

/// Hearings of the cases that the person may see, by time, from one day to another.
///
/// Cancelled and adjourned ones are among them: `status` says how each stands.
///
/// # Errors
/// What casework refuses; [`Invalid`](crate::model::ErrorCode::Invalid) names the parameters that cannot be used.
#[utoipa::path(get, path = "/api/v1/hearings", tag = "hearings",
    params(
        ("from" = Option<String>, Query, format = Date, description = "The first day; today without it.", example = "2026-11-21"),
        ("to" = Option<String>, Query, format = Date, description = "The last day, 365 days after the first at most; seven days after the first without it.", example = "2026-11-28"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Items on a page; 100 without it."),
        ("after" = Option<String>, Query, description = "Opaque: from `next`."),
    ),
    responses(
        (status = 200, description = "A page of hearings.", body = Page<Hearing>),
        (status = 422, description = "A parameter cannot be used; `errors` names it.", body = super::Problem, content_type = "application/problem+json"),
        Refusals,
    ))]
pub async fn list_hearings(InTenant(scope): InTenant, RawQuery(query): RawQuery) -> Result<Json<Page<Hearing>>, PortalError> {
    let mut asked = Parameters::read(query.as_deref(), &["from", "to", "limit", "after"]);
    let limit = asked.limit();
    asked.check()?;
    let found = async {
        let today = hearings_between::today()?;
        let query = HearingsQuery::from_params(asked.text("from"), asked.text("to"), asked.text("after"), today)?;
        let page = hearings_between::between(query.clone(), limit).await?;
        Ok((query, page))
    };
    let (query, page) = scope.enter(found).await?;
    // The days are written out: at midnight, "today" would begin another list.
    let (from, to, limit) = (query.from.iso(), query.to.iso(), limit.to_string());
    let next = page.after.map(|after| address("/api/v1/hearings", &[("from", &from), ("to", &to), ("limit", &limit), ("after", &after)]));
    Ok(Json(Page { items: page.rows.wire(), next, total: page.total }))
}
