//! Taking the case list away: everything that a query matches, in its order.
//!
//! Owns who may take how much, and that it is recorded before the first row leaves. It must not know file formats.

use serde_json::json;

use super::{page, totals};
use crate::{
    model::{AuditKind, CaseList, CaseQuery, ErrorCode, FieldError, Permission, Position},
    registry::current_tenant,
    server::{
        casework::{Refusal, audit, site_time},
        context::authorise,
    },
};

/// Rows that are asked for at once.
const CHUNK_ROWS: usize = 400;

/// An export that was allowed and recorded.
#[derive(Clone, Debug)]
pub struct Exported {
    /// Who takes it.
    pub user_id: String,
    /// The institution's name.
    pub institution: String,
    /// The institution's time zone.
    pub zone: String,
    /// When it was begun.
    pub at: crate::model::Instant,
}

/// Allows and records the export of what a query matches; `format` is its file's.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for roles that may not export, [`ErrorCode::TooManyRows`] beyond the role's limit,
/// [`ErrorCode::Invalid`] where part of the query could not be read: leaving it out would take away more than was asked for.
/// Whatever keeps the record from being written keeps the rows back.
pub async fn begin_export(query: CaseQuery, format: &'static str) -> Result<Exported, Refusal> {
    let grant = authorise(Permission::Export)?;
    if !query.problems.is_empty() {
        let unread = |_| FieldError { field: "q".to_owned(), problem: "unknown".to_owned() };
        return Err(ErrorCode::Invalid { fields: query.problems.iter().map(unread).collect() }.into());
    }
    let tenant = current_tenant()?;
    let filters: Vec<String> = query.filters.iter().map(crate::model::Filter::text).collect();
    // Words that were searched for may be a borrower's name: that there were some is recorded, not which.
    let what = json!({"format": format, "filters": filters, "words": !query.search.is_empty()});
    let matching = totals(query).await?.cases;
    let rows_max = grant.principal.role.export_rows_max();
    let entry = |kind| audit::Entry::new(kind, Permission::Export.code()).object("Arbitration Case", "");
    let rows = u32::try_from(matching).unwrap_or(u32::MAX);
    if rows > rows_max {
        audit::note(entry(AuditKind::Denied).reason("ROWS"));
        return Err(ErrorCode::TooManyRows { rows_max }.into());
    }
    audit::record(entry(AuditKind::Export).rows(rows).values(None, Some(what))).await?;
    Ok(Exported {
        user_id: grant.principal.user_id.clone(),
        institution: tenant.branding.display_name.clone(),
        zone: tenant.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        at: site_time::now(&tenant),
    })
}

/// The next rows of an export that was begun, and where the rows after them begin.
///
/// # Errors
/// As [`super::list`].
pub async fn export_chunk(query: CaseQuery) -> Result<(CaseList, Option<CaseQuery>), Refusal> {
    authorise(Permission::Export)?;
    let list = page(query.clone(), CHUNK_ROWS).await?;
    let next = list.pages.after.as_deref().and_then(crate::model::Cursor::parse);
    let next = next.map(|cursor| CaseQuery { position: Position::After(cursor), ..query });
    Ok((list, next))
}
