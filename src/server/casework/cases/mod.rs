//! The case list: one page by key, and totals over everything that matches; and the one way to a masked value.

mod conditions;
mod keyset;
mod unmask;
mod wire;

pub use unmask::unmask;

use super::{Refusal, site_time};
use crate::{
    model::{CaseList, CaseQuery, CaseTotals, ErrorCode, Inr, Names, Permission},
    registry::current_tenant,
    server::{
        context::authorise,
        frappe::{Aggregate, Client, Measure},
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
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let tenant = current_tenant()?;
    let site_zone = client.time_zone().await?;
    let page = match grant.principal.role.names() {
        Names::Shown => keyset::page::<CaseRecord>(&client, &grant.rows, &query, PAGE_ROWS).await?,
        Names::Hidden => keyset::page::<Nameless>(&client, &grant.rows, &query, PAGE_ROWS).await?,
    };
    let rows = page.rows.into_iter().filter_map(|record| record.into_row(&site_zone, &tenant)).collect();
    Ok(CaseList { rows, pages: page.links, as_of: site_time::now(&tenant), today: site_time::today(&tenant) })
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

/// Paise of an upstream amount in rupees, half away from zero (`records.md` §1).
///
/// # Errors
/// An amount beyond 10¹² rupees is none that the upstream could have kept.
fn inr(rupees: f64) -> Result<Inr, ErrorCode> {
    const LIMIT_RUPEES: f64 = 1e12;
    if !rupees.is_finite() || rupees.abs() >= LIMIT_RUPEES {
        return Err(ErrorCode::Upstream);
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 10^14 paise, checked above")]
    Ok(Inr::from_paise((rupees * 100.0).round() as i64))
}
