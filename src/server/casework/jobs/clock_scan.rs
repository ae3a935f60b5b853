//! The daily look at clocks: what falls due by itself is done, a clock that has run out says so, and who must act is warned in time.
//!
//! Owns which cases are looked at; what a look does is work in a case. It must not know which portal looks, nor when.

pub use super::super::work::{Scanned, look_at};
use super::super::{
    Refusal,
    columns::{Site, record},
    site_time,
};
use crate::{
    model::{CaseId, WARNING_DAYS},
    server::{
        context::authorise_job,
        frappe::{Client, Condition, Direction, Field, Op, Query, Value},
    },
};

/// Clocks read at once.
const PAGE: u32 = 100;

record! {
    /// A clock that runs out soon.
    struct SoonOut of "Case Clock" {
        case_ref: String,
    }
}

/// The cases of a page of clocks that have run out or will within the longest warning, from a place on; and the next place, if there is one.
///
/// # Errors
/// Any fault of the calls.
pub async fn cases_after(cursor: &str) -> Result<(Vec<CaseId>, Option<String>), Refusal> {
    const NAME: Field = Field::new("name");
    let grant = authorise_job()?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let [longest, ..] = WARNING_DAYS;
    let horizon = site_time::today(&site.tenant).later(i64::from(longest));
    let soon = Query::<SoonOut>::new(grant.rows)
        .filter(Condition::one_of(Field::new("state"), ["RUNNING", "EXTENDED"]))
        .filter(Condition::new(Field::new("due_on"), Op::Le, Value::Day(horizon)))
        .filter(Condition::new(NAME, Op::Gt, Value::from(cursor)));
    let page = client.list(&soon.order_by(NAME, Direction::Ascending).page(0, PAGE)).await?;
    let next = page.rows.last().filter(|_| page.more).map(|clock| clock.name.clone());
    let mut cases: Vec<CaseId> = page.rows.iter().filter_map(|clock| CaseId::parse(&clock.case_ref)).collect();
    cases.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
    cases.dedup();
    Ok((cases, next))
}
