//! Revealing one masked value of a case's party.
//!
//! Owns the order: role, case within the person's rows, kind within the role, record, value. It must not let the value go
//! anywhere but into the answer.

use serde::Deserialize;
use serde_json::json;

use super::wire::column;
use crate::{
    model::{AuditKind, CaseId, ErrorCode, ParticularId, ParticularKind, Permission, UnmaskReason, Unmasked},
    server::{
        casework::{Refusal, audit},
        context::authorise,
        frappe::{Client, Condition, Field, Query, Record, RowScope},
    },
};

/// After so long the browser hides the value again (`records.md` §3.9).
const HIDE_AFTER_S: u32 = 60;

/// A particular as it is shown masked.
#[derive(Debug, Deserialize)]
struct Masked {
    name: String,
    institution: String,
    case_ref: String,
    party: String,
    kind: String,
    #[serde(default)]
    value_masked: Option<String>,
}

impl Record for Masked {
    const DOCTYPE: &'static str = "Party Particular";
    const FIELDS: &'static [&'static str] = &["name", "institution", "case_ref", "party", "kind", "value_masked"];

    fn institution(&self) -> &str {
        &self.institution
    }
}

/// A particular whole: read alone, and only here.
#[derive(Deserialize)]
struct Whole {
    institution: String,
    case_ref: String,
    kind: String,
    value_text: String,
}

impl Record for Whole {
    const DOCTYPE: &'static str = Masked::DOCTYPE;
    const FIELDS: &'static [&'static str] = &["name", "institution", "case_ref", "kind", "value_text"];

    fn institution(&self) -> &str {
        &self.institution
    }
}

/// The whole value of a particular, after it was recorded who asked for it and why.
///
/// # Errors
/// [`ErrorCode::Invalid`] without a reason, [`ErrorCode::Forbidden`] where the role may not reveal this kind, [`ErrorCode::NotFound`] where the case is none of the
/// person's or the particular none of the case's; whatever keeps the record from being written keeps the value back.
pub async fn unmask(case: &str, particular: &str, reason: &str) -> Result<Unmasked, Refusal> {
    let grant = authorise(Permission::Unmask)?;
    let case = CaseId::parse(case).ok_or(ErrorCode::NotFound)?;
    let particular = ParticularId::parse(particular).ok_or(ErrorCode::NotFound)?;
    let reason = UnmaskReason::parse(reason).map_err(|error| error.code)?;
    let client = Client::current()?;
    super::find(&client, &grant, &case).await?;
    // The case has been checked against the person's rows; the particular is read as part of that case.
    let masked = Query::<Masked>::new(RowScope::institution_wide())
        .filter(Condition::eq(column::NAME, particular.as_str()))
        .filter(Condition::eq(Field::new("case_ref"), case.as_str()))
        .page(0, 1);
    let found = client.list(&masked).await?.rows.into_iter().next();
    let masked = found.filter(|row| row.name == particular.as_str() && row.case_ref == case.as_str()).ok_or(ErrorCode::NotFound)?;
    let kind = ParticularKind::from(masked.kind);
    let entry =
        |audit_kind| audit::Entry::new(audit_kind, Permission::Unmask.code()).object(Masked::DOCTYPE, particular.as_str()).case(&case);
    if !grant.principal.role.unmasks(&kind) {
        audit::note(entry(AuditKind::Denied).reason("KIND"));
        return Err(ErrorCode::Forbidden.into());
    }
    let what = json!({"kind": kind.code(), "party": masked.party, "value_masked": masked.value_masked});
    audit::record(entry(AuditKind::Unmask).because(reason.as_str()).values(None, Some(what))).await?;
    let whole: Whole = client.get(particular.as_str()).await?;
    if whole.case_ref != case.as_str() || whole.kind != kind.code() {
        return Err(ErrorCode::Conflict.into());
    }
    Ok(Unmasked { particular, kind, value: whole.value_text, hide_after_s: HIDE_AFTER_S })
}
