//! `/api/v1/cases` and `/api/v1/cases/{id}`.

use axum::{
    Json,
    extract::{Path, RawQuery, rejection::PathRejection},
};

use super::{
    Refusals,
    parameters::{Parameters, address},
    wire::{Page, Wire as _, case::CaseItem, file::CaseFile},
};
use crate::{
    model::{CaseQuery, ErrorCode, PortalError, Position, TimeCursor},
    server::{
        casework::{cases, file},
        context::InTenant,
    },
};

/// The cases that the person may see, a page at a time.
///
/// Takes what the address of the list's page takes, and reads it the same way. Pages go by key and not by number: a case that comes or
/// goes meanwhile neither repeats nor hides another.
///
/// # Errors
/// What casework refuses; [`ErrorCode::Invalid`] names the parameters that cannot be used.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases",
    params(
        ("q" = Option<String>, Query, description = "The query box's text: words to look for, and filters such as `stage:hearing dues:>5L open:yes`.", example = "open:yes dues:>5L"),
        ("sort" = Option<String>, Query, description = "`due` (as without it), `hearing`, `dues`, `claim`, `dpd`, `stage`, `number` or `changed`; with `-` before it from large to small.", example = "-dues"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Items on a page; 100 without it."),
        ("after" = Option<String>, Query, description = "Opaque: from `next`."),
        ("before" = Option<String>, Query, description = "Opaque: the page before a place of the list; not together with `after`."),
    ),
    responses(
        (status = 200, description = "A page of cases.", body = Page<CaseItem>),
        (status = 422, description = "A parameter cannot be used; `errors` names it.", body = super::Problem, content_type = "application/problem+json"),
        Refusals,
    ))]
pub async fn list_cases(InTenant(scope): InTenant, RawQuery(query): RawQuery) -> Result<Json<Page<CaseItem>>, PortalError> {
    let mut asked = Parameters::read(query.as_deref(), &["q", "sort", "limit", "after", "before"]);
    let limit = asked.limit();
    let query = read(&mut asked);
    asked.check()?;
    let totals = scope.clone().enter(cases::totals(query.clone()));
    let (list, totals) = futures::try_join!(scope.enter(cases::page(query, limit)), totals)?;
    let next = list.pages.after.map(|after| {
        let limit = limit.to_string();
        address("/api/v1/cases", &[("q", asked.text("q")), ("sort", asked.text("sort")), ("limit", &limit), ("after", &after)])
    });
    Ok(Json(Page { items: list.rows.wire(), next, total: totals.cases }))
}

/// The model's query. Where a page shows what could be read and says what could not, a program is refused.
fn read(asked: &mut Parameters) -> CaseQuery {
    let query = CaseQuery::from_params(asked.text("q"), asked.text("sort"), asked.text("after"), asked.text("before"));
    for problem in &query.problems {
        let parameter = if problem.part.starts_with("sort=") { "sort" } else { "q" };
        asked.refuse(parameter, &problem.advice);
    }
    let given = ["after", "before"].map(|side| !asked.text(side).is_empty());
    match given {
        [true, true] => asked.refuse("before", "not_with_after"),
        // A cursor of another sort is none either: the first page again would be walked for ever.
        [true, false] if !matches!(query.position, Position::After(_)) => asked.refuse("after", "not_a_cursor"),
        [false, true] if !matches!(query.position, Position::Before(_)) => asked.refuse("before", "not_a_cursor"),
        _ => {}
    }
    query
}

/// One case, with everything that hangs on it.
///
/// Values that are masked on the pages are masked here, and nothing here unmasks. A case of another institution, one outside the
/// person's rows, and one that does not exist are one and the same answer. Its timeline alone has pages, which go by key.
///
/// # Errors
/// What casework refuses; [`ErrorCode::Invalid`] names the parameters that cannot be used.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases",
    params(
        ("id" = String, Path, description = "The case's opaque name.", example = "0k3v9m2q7a"),
        ("events_after" = Option<String>, Query, description = "Opaque: from `events_next`."),
    ),
    responses(
        (status = 200, description = "The case file.", body = CaseFile),
        (status = 422, description = "A parameter cannot be used; `errors` names it.", body = super::Problem, content_type = "application/problem+json"),
        Refusals,
        (status = 404, description = "There is no such case among what the person may see, or no institution has this host.", body = super::Problem, content_type = "application/problem+json"),
    ))]
pub async fn get_case(
    InTenant(scope): InTenant,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Json<CaseFile>, PortalError> {
    // What is no text is nobody's name.
    let Path(id) = id.map_err(|_| ErrorCode::NotFound)?;
    let mut asked = Parameters::read(query.as_deref(), &["events_after"]);
    let after = TimeCursor::parse(asked.text("events_after"));
    if after.is_none() && !asked.text("events_after").is_empty() {
        asked.refuse("events_after", "not_a_cursor");
    }
    asked.check()?;
    Ok(Json(scope.enter(file::whole(id, after)).await?.wire()))
}
