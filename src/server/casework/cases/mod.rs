//! The case list: one page by key, and totals over everything that matches; and the one way to a masked value.

pub(super) mod conditions;
mod export;
mod keyset;
mod unmask;
pub(super) mod wire;

pub use export::{Exported, begin_export, export_chunk};
pub use unmask::{masked, unmask};

use super::{Refusal, site_time};
use crate::{
    model::{CaseId, CaseList, CaseQuery, CaseTotals, ErrorCode, Names, Permission, TableLook},
    registry::current_tenant,
    server::{
        context::{Grant, authorise, scope},
        frappe::{Aggregate, Client, Condition, Measure, Page, Query},
    },
};
use wire::{CaseRecord, Nameless, column};

/// Rows on a page.
pub const PAGE_ROWS: usize = 100;

/// One page of the cases that the person may see.
///
/// # Errors
/// Who is not signed in is refused; otherwise what the upstream's fault means.
pub async fn list(query: CaseQuery) -> Result<CaseList, Refusal> {
    page(query, PAGE_ROWS).await
}

/// The same, with so many rows at most.
///
/// # Errors
/// As [`list`].
pub async fn page(query: CaseQuery, rows: usize) -> Result<CaseList, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let tenant = current_tenant()?;
    let site_zone = client.time_zone().await?;
    let page = match grant.principal.role.names() {
        Names::Shown => keyset::page::<CaseRecord>(&client, &grant.rows, &query, rows).await?,
        Names::Hidden => keyset::page::<Nameless>(&client, &grant.rows, &query, rows).await?,
    };
    let rows = page.rows.into_iter().filter_map(|record| record.into_row(&site_zone, &tenant)).collect();
    let exportable = grant.principal.role.allows(Permission::Export);
    let creatable = grant.principal.role.allows(Permission::Draft);
    let several = grant.principal.role.allows(super::bulk::PERMISSION);
    Ok(CaseList {
        rows,
        pages: page.links,
        exportable,
        creatable,
        several,
        as_of: site_time::now(&tenant),
        today: site_time::today(&tenant),
    })
}

/// The columns that the person's browser has chosen.
///
/// # Errors
/// Only a defect of ours.
pub fn look() -> Result<TableLook, Refusal> {
    Ok(scope()?.facts().columns.clone())
}

/// The case of this name, if it is among the person's rows.
///
/// # Errors
/// [`ErrorCode::NotFound`] where it is not; otherwise any fault of the call.
pub(super) async fn find(client: &Client, grant: &Grant, id: &CaseId) -> Result<CaseRecord, Refusal> {
    let row = some(client, grant, vec![Condition::eq(column::NAME, id.as_str())], 1).await?.rows.pop();
    // MariaDB compares without regard to case; a name is compared exactly.
    row.filter(|row| row.name == id.as_str()).ok_or_else(|| ErrorCode::NotFound.into())
}

/// Some of the person's cases, at most `rows` of them: names are asked for only where the role may know them.
pub(super) async fn some(client: &Client, grant: &Grant, conditions: Vec<Condition>, rows: u32) -> Result<Page<CaseRecord>, Refusal> {
    let asked = conditions.into_iter().fold(Query::<CaseRecord>::new(grant.rows.clone()).page(0, rows), Query::filter);
    match grant.principal.role.names() {
        Names::Shown => Ok(client.list(&asked).await?),
        Names::Hidden => {
            let page = client.list(&asked.reshaped::<Nameless>()).await?;
            Ok(Page { rows: page.rows.into_iter().map(CaseRecord::from).collect(), more: page.more })
        }
    }
}

/// Totals over every case that matches and that the person may see.
///
/// # Errors
/// As [`list`].
pub async fn totals(query: CaseQuery) -> Result<CaseTotals, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let tenant = current_tenant()?;
    let measures = [Measure::Count, Measure::Sum(column::CLAIM), Measure::Sum(column::DUES), Measure::Sum(column::REALISED)];
    let mut sums = Aggregate::<CaseRecord>::new(grant.rows.clone(), measures);
    let hidden = grant.principal.role.names() == Names::Hidden;
    for condition in conditions::of(&query, hidden) {
        sums = sums.filter(condition);
    }
    let group = client.totals(&sums).await?;
    Ok(CaseTotals {
        cases: group.count(0),
        claim: group.money(1),
        dues: group.money(2),
        realised: group.money(3),
        as_of: site_time::now(&tenant),
    })
}
