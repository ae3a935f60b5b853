//! The audit trail as people read it: newest first, a page by key, and no more of it than the role may know.

use jiff::{ToSpan as _, tz::TimeZone};

use super::wire::{Addressless, Line, column};
use crate::{
    model::{AuditPage, AuditQuery, AuditReach, AuditRow, CaseId, Day, ErrorCode, Permission, TimeCursor},
    registry::{Tenant, current_tenant},
    server::{
        casework::{Refusal, newest, site_time},
        context::{Grant, authorise},
        frappe::{Client, Condition, Op, Record, RowScope, Value},
    },
    telemetry::metrics,
};

/// Records on a page.
const PAGE_ROWS: usize = 100;

/// One page of the trail, as far as the person may know it.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for roles that may read none of it; otherwise what the upstream's fault means.
pub async fn list(query: AuditQuery) -> Result<AuditPage, Refusal> {
    let grant = authorise(Permission::SeeAudit)?;
    let reach = grant.principal.role.audit_reach();
    let client = Client::current()?;
    let tenant = current_tenant()?;
    let site = client.time_zone().await?;
    let conditions = conditions(&query, &site, &tenant)?;
    let rows = rows_of(reach, &grant);
    let (lines, more) = match reach {
        AuditReach::AllWithAddresses => page::<Line>(&client, &rows, &query, &conditions).await?,
        _ => page::<Addressless>(&client, &rows, &query, &conditions).await?,
    };
    let last = lines.last().map(|line| TimeCursor { at: line.at.chars().take(19).collect(), name: line.name.clone() }.text());
    let with_address = reach == AuditReach::AllWithAddresses;
    let rows = lines.into_iter().filter_map(|line| shown(line, &site, &tenant, with_address)).collect();
    Ok(AuditPage { rows, after: last.filter(|_| more), as_of: site_time::now(&tenant) })
}

/// The part of the trail that a role reaches, as conditions that no filter can replace.
fn rows_of(reach: AuditReach, grant: &Grant) -> RowScope {
    let all = RowScope::institution_wide();
    match reach {
        AuditReach::Nothing => RowScope::nothing(),
        AuditReach::Own => all.and(Condition::eq(column::ACTOR, grant.principal.user_id.as_str())),
        AuditReach::Administration => {
            all.and(Condition::one_of(column::KIND, AuditReach::ADMINISTRATION.map(|kind| kind.code().to_owned())))
        }
        AuditReach::All | AuditReach::AllWithAddresses => all,
    }
}

fn conditions(query: &AuditQuery, site: &TimeZone, tenant: &Tenant) -> Result<Vec<Condition>, Refusal> {
    let mut conditions = Vec::new();
    conditions.extend(query.kind.as_ref().map(|kind| Condition::eq(column::KIND, kind.code())));
    conditions.extend(query.result.as_ref().map(|result| Condition::eq(column::RESULT, result.code())));
    conditions.extend(query.actor.as_deref().map(|actor| Condition::eq(column::ACTOR, actor)));
    conditions.extend(query.case.as_ref().map(|case| Condition::eq(column::CASE_NAME, case.as_str())));
    if let Some(from) = query.from {
        conditions.push(Condition::new(column::AT, Op::Ge, midnight(from, 0, site, tenant)?));
    }
    if let Some(to) = query.to {
        conditions.push(Condition::new(column::AT, Op::Lt, midnight(to, 1, site, tenant)?));
    }
    Ok(conditions)
}

/// The beginning of a day of the institution's, or of one so many days later, on the site's wall clock.
fn midnight(day: Day, days_later: i32, site: &TimeZone, tenant: &Tenant) -> Result<Value, Refusal> {
    let unusable = || Refusal::from(ErrorCode::BadRequest);
    let date: jiff::civil::Date = day.iso().parse().map_err(|_| unusable())?;
    let begins = date.checked_add(days_later.days()).ok().and_then(|date| date.to_zoned(tenant.time_zone.clone()).ok());
    Ok(Value::LocalTime(begins.ok_or_else(unusable)?.with_time_zone(site.clone()).datetime()))
}

async fn page<R: Record + Into<Line>>(
    client: &Client,
    rows: &RowScope,
    query: &AuditQuery,
    conditions: &[Condition],
) -> Result<(Vec<Line>, bool), Refusal> {
    let (found, more) = newest::page::<R>(client, rows, column::AT, query.after.as_ref(), conditions, PAGE_ROWS).await?;
    Ok((found.into_iter().map(Into::into).collect(), more))
}

/// The record in the model's terms. One whose key is not that of its place was put there by other hands: it is not shown.
fn shown(line: Line, site: &TimeZone, tenant: &Tenant, with_address: bool) -> Option<AuditRow> {
    if !line.key_fits() {
        metrics::audit_unfit_row();
        tracing::error!("a row of the audit trail has a key that does not fit and is not shown");
        return None;
    }
    let id = line.name.clone();
    let columns = line.columns();
    Some(AuditRow {
        id,
        at: site_time::instant(&columns.at, site, tenant)?,
        actor: columns.actor,
        actor_role: columns.actor_role,
        action: columns.action,
        kind: columns.kind.into(),
        result: columns.result.into(),
        reason_code: columns.reason_code,
        reason_text: columns.reason_text,
        object_type: columns.object_type,
        object_name: columns.object_name,
        case: CaseId::parse(&columns.case_name),
        row_total: columns.row_total,
        ip_address: with_address.then_some(columns.ip_address),
        request_id: columns.request_id,
    })
}
