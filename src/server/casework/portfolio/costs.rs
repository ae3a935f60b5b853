//! What the cases cost: by kind of cost and how far it is paid, against what was recovered in them; and appearances that were claimed or
//! paid for and that nothing bears out.

use super::{
    Desk, Refusal, add, codes, cross,
    wire::{AppearedRecord, CostRecord},
};
use crate::{
    model::{Costs, Narrowing, Tally},
    server::{
        casework::cases::wire::column,
        frappe::{Condition, Field, Group, Measure},
    },
};

/// Kinds of cost in the order in which they arise.
const KINDS: [&str; 7] = ["FILING_FEE", "ARBITRATOR_FEE", "ADVOCATE_FEE", "APPEARANCE", "NOTICE", "STAMP", "OTHER"];
/// How far a cost is paid.
const STATES: [&str; 4] = ["ACCRUED", "BILLED", "PAID", "DISPUTED"];
/// States of a cost that is still to be paid.
const UNPAID: [&str; 2] = ["ACCRUED", "BILLED"];

/// Costs by kind and state, what was recovered in the same cases, and what of the appearances is verified.
///
/// # Errors
/// Who may not see cases is refused; otherwise what the upstream's fault means.
pub async fn costs(narrowing: Narrowing) -> Result<Costs, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let costs = desk.records::<CostRecord>([Measure::Count, Measure::Sum(Field::new("amount"))]);
    let costs = costs.by(Field::new("kind")).by(Field::new("state")).by(Field::new("verified"));
    let recovered = desk.cases(&[], &[Measure::Sum(column::REALISED)]);
    let claimed = desk.records::<AppearedRecord>([Measure::Count]).filter(Condition::eq(Field::new("appearance_claimed"), true));
    let claimed = claimed.by(Field::new("appearance_verified"));
    let (costs, recovered, claimed) =
        futures::try_join!(desk.client.group_by(&costs), desk.client.totals(&recovered), desk.client.group_by(&claimed))?;
    let sum = |kept: fn(&[String]) -> bool| {
        let mut sum = Tally::default();
        costs.iter().filter(|group| kept(&group.keys)).for_each(|group| add(&mut sum, group));
        sum
    };
    let appearances = |kept: fn(&Group) -> bool| claimed.iter().filter(|group| kept(group)).map(|group| group.count(0)).sum();
    let (lines, columns) = (codes(&costs, 0, &KINDS), codes(&costs, 1, &STATES));
    Ok(Costs {
        // Costs have no list of their own.
        matrix: cross(&costs, &lines, &columns, "All costs", |_, _| None, desk.now()),
        recovered: desk.tally(&recovered, &[]),
        exposure: sum(|keys| keys.get(1).is_some_and(|state| UNPAID.contains(&state.as_str()))),
        fees: sum(|keys| is(keys, 0, "APPEARANCE")),
        fees_unverified: sum(|keys| is(keys, 0, "APPEARANCE") && !is(keys, 2, "1")),
        claimed: appearances(|_| true),
        claimed_unverified: appearances(|group| !is(&group.keys, 0, "1")),
    })
}

fn is(keys: &[String], index: usize, code: &str) -> bool {
    keys.get(index).is_some_and(|key| key == code)
}
