//! Requests for a second pair of eyes: what waits for a checker, what became of the rest, and for makers what became of their own.
//!
//! Owns which requests a person sees. It must not decide on any: that is the step's form (`work`).

use super::{
    Refusal,
    columns::{LocalTime, Rupees, Site, record, some_text},
    decisions, newest,
    work::{Said, decides_on},
};
use crate::{
    model::{ApprovalPage, ApprovalQuery, ApprovalRow, CaseId, Permission, Role, Term, TimeCursor},
    server::{
        context::{Grant, authorise},
        frappe::{Client, Condition, Direction, Field, Query, RowScope},
    },
};

/// Requests on a page.
const PAGE_ROWS: usize = 100;
const STATE: Field = Field::new("state");
const SUBMITTED_AT: Field = Field::new("submitted_at");
const WAITING: [&str; 2] = ["PENDING", "SECOND_PENDING"];

record! {
    /// A request as it is listed.
    struct RequestRecord of "Case Approval" {
        object_kind: String,
        object_name: String,
        case_ref: String,
        case_id: String,
        title: String,
        amount: Rupees,
        round: i64,
        submitted_by: String,
        submitted_at: LocalTime,
        diff: String,
        state: String,
        checker: String,
        checker_2: String,
        reason_code: String,
        wait_mins: i64,
    }
}

/// One page of requests.
///
/// # Errors
/// [`ErrorCode::Forbidden`](crate::model::ErrorCode::Forbidden) for roles that neither ask nor decide; otherwise any fault of the calls.
pub async fn list(query: ApprovalQuery) -> Result<ApprovalPage, Refusal> {
    let grant = authorise(Permission::SeeApprovals)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let asked = vec![if query.decided { Condition::none_of(STATE, WAITING) } else { Condition::one_of(STATE, WAITING) }];
    // Requests carry their case's scope, where they are about one.
    let rows = seen_by(&grant);
    let (found, next) = if query.decided {
        let (found, more) = newest::page::<RequestRecord>(&client, &rows, SUBMITTED_AT, query.after.as_ref(), &asked, PAGE_ROWS).await?;
        let last = found.last().filter(|_| more).map(|row| TimeCursor { at: row.submitted_at.as_str().to_owned(), name: row.name.clone() });
        (found, last.map(|last| query.href_after(&last)))
    } else {
        // What has waited longest stands first; whoever has more than a page of it sees the rest as they decide.
        let oldest = asked.into_iter().fold(Query::<RequestRecord>::new(rows), Query::filter).order_by(SUBMITTED_AT, Direction::Ascending);
        let page = client.list(&oldest.page(0, u32::try_from(PAGE_ROWS).unwrap_or(u32::MAX))).await?;
        (page.rows, None)
    };
    let checker = matches!(grant.principal.role, Role::LegalHead | Role::TenantAdmin);
    let row = |record: RequestRecord| row(record, &site, &grant);
    Ok(ApprovalPage { rows: found.into_iter().map(row).collect(), next, checker })
}

/// How many requests wait for the person's decision.
///
/// # Errors
/// Any fault of the call.
pub(super) async fn to_decide(client: &Client, grant: &Grant) -> Result<u64, Refusal> {
    if !matches!(grant.principal.role, Role::LegalHead | Role::TenantAdmin) {
        return Ok(0);
    }
    let user = grant.principal.user_id.as_str();
    let of_others = Query::<RequestRecord>::new(seen_by(grant))
        .filter(Condition::one_of(STATE, WAITING))
        .filter(Condition::none_of(Field::new("submitted_by"), [user]))
        .filter(Condition::none_of(Field::new("checker"), [user]));
    Ok(client.count(&of_others).await?)
}

/// Who neither decides nor audits sees what they submitted themselves; an administrator besides what is asked of people.
fn seen_by(grant: &Grant) -> RowScope {
    let own = || Condition::eq(Field::new("submitted_by"), grant.principal.user_id.as_str());
    match grant.principal.role {
        Role::LegalHead | Role::Auditor => grant.rows.clone(),
        Role::TenantAdmin => {
            let kinds = decisions::KINDS.into_iter().filter(|kind| decisions::sees(Role::TenantAdmin, kind));
            grant.rows.clone().any_of([Condition::one_of(Field::new("object_kind"), kinds), own()])
        }
        _ => grant.rows.clone().and(own()),
    }
}

fn row(record: RequestRecord, site: &Site, grant: &Grant) -> ApprovalRow {
    let case = CaseId::parse(&record.case_ref);
    let waits = WAITING.contains(&record.state.as_str());
    let at = record.submitted_at.instant(site);
    let own =
        record.submitted_by == grant.principal.user_id || (record.state == "SECOND_PENDING" && record.checker == grant.principal.user_id);
    let step = decides_on(&record.object_kind, &Said::decode(&record.diff), &record.object_name);
    let role = grant.principal.role;
    let decide = match &case {
        Some(case) => step.filter(|_| role == Role::LegalHead).map(|step| format!("/cases/{}/do/{step}", case.as_str())),
        None => decisions::checks(&record.object_kind).filter(|check| role.allows(*check)).map(|_| format!("/approvals/{}", record.name)),
    };
    let decide = decide.filter(|_| waits && !own);
    let since = at.map(|at| u64::try_from(jiff::Timestamp::now().as_second() - at.unix_s).unwrap_or(0) / 60);
    let checkers: Vec<String> = [record.checker, record.checker_2].into_iter().filter_map(some_text).collect();
    let decided = (!checkers.is_empty()).then(|| {
        let reason = Term::of_some(&record.reason_code).map(|reason| format!(": {}", reason.label.to_lowercase())).unwrap_or_default();
        format!("{}{reason}", checkers.join(", "))
    });
    ApprovalRow {
        title: record.title,
        kind: Term::of(record.object_kind),
        case: case.map(|case| (case, record.case_id)),
        amount: record.amount.0,
        by: record.submitted_by,
        at,
        round: u32::try_from(record.round).unwrap_or(1),
        state: Term::of(record.state),
        decided,
        wait_mins: if waits { since } else { u64::try_from(record.wait_mins).ok() },
        decide,
    }
}
