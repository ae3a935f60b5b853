//! Taking the trail away: exactly the records that a filter shows, newest first.
//!
//! Owns who may, and that it is recorded before the first record leaves. It must not know file formats.

use serde_json::json;

use super::{
    Entry,
    list::{Shown, page_of},
    record,
};
use crate::{
    model::{AuditKind, AuditQuery, AuditResult, AuditRow, CaseId, Day, Instant, Permission, TimeCursor},
    server::{
        casework::{Refusal, site_time},
        context::authorise,
    },
};

/// Records that are asked for at once.
const CHUNK_ROWS: usize = 400;

/// An export that was allowed and recorded.
pub struct TrailTaken {
    /// Who takes it.
    pub user_id: String,
    /// The institution's name.
    pub institution: String,
    /// The institution's time zone.
    pub zone: String,
    /// When it was begun.
    pub at: Instant,
    /// Whether the addresses from which people worked are in it.
    pub with_addresses: bool,
}

/// Allows and records the export of what a filter shows.
///
/// # Errors
/// [`Forbidden`](crate::model::ErrorCode::Forbidden) for roles that may not; whatever keeps the record from being written keeps the
/// records back.
pub async fn begin_export(query: &AuditQuery) -> Result<TrailTaken, Refusal> {
    let grant = authorise(Permission::ExportAudit)?;
    let shown = Shown::of(&grant, query).await?;
    let rows = u32::try_from(shown.count().await?).unwrap_or(u32::MAX);
    let day = |day: Option<Day>| day.map(Day::iso).unwrap_or_default();
    let filters = json!({
        "format": "csv",
        "kind": query.kind.as_ref().map(AuditKind::code),
        "result": query.result.as_ref().map(AuditResult::code),
        "actor": query.actor,
        "case": query.case.as_ref().map(CaseId::as_str),
        "from": day(query.from),
        "to": day(query.to),
    });
    record(
        Entry::new(AuditKind::Export, Permission::ExportAudit.code())
            .object("Portal Audit Event", "")
            .rows(rows)
            .values(None, Some(filters)),
    )
    .await?;
    let tenant = shown.tenant();
    Ok(TrailTaken {
        user_id: grant.principal.user_id.clone(),
        institution: tenant.branding.display_name.clone(),
        zone: tenant.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        at: site_time::now(tenant),
        with_addresses: shown.with_addresses(),
    })
}

/// The next records of an export that was begun, and where those after them begin.
///
/// # Errors
/// As [`super::list`].
pub async fn export_chunk(query: AuditQuery) -> Result<(Vec<AuditRow>, Option<AuditQuery>), Refusal> {
    let grant = authorise(Permission::ExportAudit)?;
    let page = page_of(&grant, &query, CHUNK_ROWS).await?;
    let after = page.after.as_deref().and_then(TimeCursor::parse);
    let next = after.map(|after| AuditQuery { after: Some(after), ..query });
    Ok((page.rows, next))
}
