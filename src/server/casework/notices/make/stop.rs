//! A hold in flight: what becomes of a case takes its respondents out of every campaign that has not reached them yet.
//!
//! Owns which respondents that is, and that they stay stopped: whoever lifts the hold makes another campaign. It must not know why a case is
//! held, nor send anything.

use std::collections::BTreeSet;

use super::wire::{CampaignName, RecipientKey, column};
use crate::{
    model::{CampaignState, CaseId, Hold, PreflightCode, UNENDED},
    server::{
        casework::Refusal,
        frappe::{Changes, Client, Condition, Op, PAGE_MAX, Query, RowScope, Value},
    },
};

/// The highest evidence of a respondent to whom nothing went.
const UNTRIED: i64 = 2;

/// What stops a respondent of a case that is being held for this.
pub fn stopped_by(hold: &str) -> Option<PreflightCode> {
    crate::model::of_hold(&Hold::from(hold.to_owned()))
}

/// Takes a case's respondents out of what has not gone to them, whatever campaign it is in; how many.
///
/// # Errors
/// Any fault of the calls: then the step that stops them has not taken place.
pub async fn stop_for(client: &Client, case: &CaseId, why: &PreflightCode, by: &str) -> Result<usize, Refusal> {
    let of_case = Query::<RecipientKey>::new(RowScope::institution_wide())
        .filter(Condition::eq(column::CASE, case.as_str()))
        .filter(Condition::new(column::EVIDENCE, Op::Le, Value::Int(UNTRIED)))
        .filter(Condition::none_of(column::ELIGIBILITY, ["BLOCKED"]))
        .filter(Condition::not_set(column::STOPPED));
    let waiting = client.list(&of_case.page(0, PAGE_MAX)).await?.rows;
    if waiting.is_empty() {
        return Ok(0);
    }
    let campaigns: BTreeSet<&str> = waiting.iter().map(|row| row.campaign.as_str()).collect();
    let named = Query::<CampaignName>::new(RowScope::institution_wide()).filter(Condition::one_of(column::NAME, campaigns));
    let named = named.filter(Condition::one_of(column::STATE, UNENDED.iter().map(CampaignState::code))).page(0, PAGE_MAX);
    let under_way: BTreeSet<String> = client.list(&named).await?.rows.into_iter().map(|campaign| campaign.name).collect();
    let mut stopped = 0;
    for recipient in waiting.iter().filter(|row| under_way.contains(&row.campaign)) {
        let (_, revision, _) = client.get_with_proof::<RecipientKey>(&recipient.name).await?;
        let changes = Changes::new().set(column::RELEASED, false).set(column::STOPPED, why.code()).set(column::CHANGED_BY, by);
        client.update::<RecipientKey>(&recipient.name, &revision, changes).await?;
        stopped += 1;
    }
    Ok(stopped)
}
