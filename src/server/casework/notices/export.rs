//! Taking the recipients of a figure away: exactly those that its list shows.
//!
//! Owns who may take how many, and that it is recorded before the first row leaves. It must not know file formats.

use serde_json::json;

use super::{Desk, recipients};
use crate::{
    model::{AuditKind, ErrorCode, Instant, Names, Permission, Recipient, RecipientQuery},
    server::{
        casework::{Refusal, audit},
        context::authorise,
    },
};

/// Rows that are asked for at once.
const CHUNK_ROWS: u32 = 400;
/// The code under which it is recorded.
const ACTION: &str = "recipients.export";

/// An export that was allowed and recorded.
pub struct RecipientsTaken {
    /// Who takes it.
    pub user_id: String,
    /// The institution's name.
    pub institution: String,
    /// The institution's time zone.
    pub zone: String,
    /// When it was begun.
    pub at: Instant,
    /// The campaign's title.
    pub title: String,
    /// Whether respondents are named.
    pub with_names: bool,
}

/// Allows and records the export of what a query lists.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for roles that may not export or see campaigns, [`ErrorCode::TooManyRows`] beyond the role's limit; whatever
/// keeps the record from being written keeps the rows back.
pub async fn begin_export(query: &RecipientQuery) -> Result<RecipientsTaken, Refusal> {
    let desk = Desk::open().await?;
    let grant = authorise(Permission::Export)?;
    let (title, matching) = futures::try_join!(desk.title(&query.campaign), recipients::count(&desk, query))?;
    let rows_max = grant.principal.role.export_rows_max();
    let entry = |kind| audit::Entry::new(kind, ACTION).object("Notice Campaign", query.campaign.as_str());
    let rows = u32::try_from(matching).unwrap_or(u32::MAX);
    if rows > rows_max {
        audit::note(entry(AuditKind::Denied).reason("ROWS"));
        return Err(ErrorCode::TooManyRows { rows_max }.into());
    }
    let what = json!({"format": "csv", "filters": query.text()});
    audit::record(entry(AuditKind::Export).rows(rows).values(None, Some(what))).await?;
    let tenant = &desk.site.tenant;
    Ok(RecipientsTaken {
        user_id: grant.principal.user_id.clone(),
        institution: tenant.branding.display_name.clone(),
        zone: tenant.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        at: desk.now(),
        title,
        with_names: grant.principal.role.names() == Names::Shown,
    })
}

/// The next rows of an export that was begun, and where those after them begin.
///
/// # Errors
/// As [`recipients::recipients`].
pub async fn export_chunk(query: RecipientQuery) -> Result<(Vec<Recipient>, Option<RecipientQuery>), Refusal> {
    let desk = Desk::open().await?;
    authorise(Permission::Export)?;
    let (rows, next) = recipients::page(&desk, &query, CHUNK_ROWS).await?;
    Ok((rows, next.map(|place| RecipientQuery { after: Some(place), ..query })))
}
