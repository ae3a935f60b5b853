//! The audit trail as people read it: newest first, a page by key, and no more of it than the role may know.

use std::sync::Arc;

use jiff::{ToSpan as _, tz::TimeZone};

use super::wire::{Addressless, Line, column};
use crate::{
    model::{AuditPage, AuditQuery, AuditReach, AuditRow, CaseId, Day, ErrorCode, Permission, TimeCursor},
    registry::{Tenant, current_tenant},
    server::{
        casework::{Refusal, newest, site_time},
        context::{Grant, authorise},
        frappe::{Client, Condition, Op, Query, Record, RowScope, Value},
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
    page_of(&grant, &query, PAGE_ROWS).await
}

/// So many records that a filter shows this person.
///
/// # Errors
/// As [`list`].
pub async fn page_of(grant: &Grant, query: &AuditQuery, rows: usize) -> Result<AuditPage, Refusal> {
    let asked = Shown::of(grant, query).await?;
    let (lines, more) = match asked.reach {
        AuditReach::AllWithAddresses => asked.page::<Line>(query, rows).await?,
        _ => asked.page::<Addressless>(query, rows).await?,
    };
    let last = lines.last().map(|line| TimeCursor { at: line.at.chars().take(19).collect(), name: line.name.clone() }.text());
    let rows = lines.into_iter().filter_map(|line| shown(line, &asked.site, &asked.tenant, asked.with_addresses())).collect();
    let exportable = grant.principal.role.allows(Permission::ExportAudit);
    Ok(AuditPage { rows, after: last.filter(|_| more), as_of: site_time::now(&asked.tenant), exportable })
}

/// What of the trail a filter shows somebody.
pub struct Shown {
    client: Client,
    tenant: Arc<Tenant>,
    site: TimeZone,
    reach: AuditReach,
    rows: RowScope,
    conditions: Vec<Condition>,
}

impl Shown {
    /// For this person.
    ///
    /// # Errors
    /// A day that cannot be asked for; any fault of the call.
    pub async fn of(grant: &Grant, query: &AuditQuery) -> Result<Self, Refusal> {
        let reach = grant.principal.role.audit_reach();
        let client = Client::current()?;
        let tenant = current_tenant()?;
        let site = client.time_zone().await?;
        let conditions = conditions(query, &site, &tenant)?;
        Ok(Self { client, tenant, site, reach, rows: rows_of(reach, grant), conditions })
    }

    /// How many records.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn count(&self) -> Result<u64, Refusal> {
        let asked = self.conditions.iter().cloned().fold(Query::<Addressless>::new(self.rows.clone()), Query::filter);
        Ok(self.client.count(&asked).await?)
    }

    /// Whose trail.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// Whether it tells from where people worked.
    pub fn with_addresses(&self) -> bool {
        self.reach == AuditReach::AllWithAddresses
    }

    async fn page<R: Record + Into<Line>>(&self, query: &AuditQuery, rows: usize) -> Result<(Vec<Line>, bool), Refusal> {
        let (found, more) = newest::page::<R>(&self.client, &self.rows, column::AT, query.after.as_ref(), &self.conditions, rows).await?;
        Ok((found.into_iter().map(Into::into).collect(), more))
    }
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
