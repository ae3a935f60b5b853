//! The panel's advocates by what came of their cases in a year: closures, time to award, adjournments they asked for, and costs.
//!
//! Their names are read for those alone who stand in the person's rows, and for nobody to whom names are hidden.

use std::collections::BTreeMap;

use super::{
    Desk, Refusal, add,
    wire::{AppearedRecord, CostRecord, PanelRecord},
};
use crate::{
    model::{AdvocateScore, Bound, Filter, Names, Narrowing, Scorecard, quantile},
    server::{
        casework::{cases::wire::column, columns::some_text},
        frappe::{Aggregate, Condition, Fault, Field, Group, Measure, Op, RowScope, Value},
    },
};

/// Advocates that are listed.
const LISTED: usize = 30;
/// Of so many advocates the days to award are asked for at once, where those of all are too many.
const AT_ONCE: usize = 5;
/// Days that the scorecard looks back.
const YEAR_DAYS: i64 = 365;
/// Outcomes by which something was paid.
const PAID: [&str; 4] = ["PAID_IN_FULL", "SETTLED_OTS", "CONSENT_AWARD_SATISFIED", "AWARD_SATISFIED"];
/// Costs that are the advocate's own.
const OWN: [&str; 2] = ["ADVOCATE_FEE", "APPEARANCE"];

/// The advocates of the person's rows.
///
/// # Errors
/// Who may not see cases is refused; otherwise what the upstream's fault means.
pub async fn advocates(narrowing: Narrowing) -> Result<Scorecard, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let today = desk.today();
    let year_ago = today.later(-YEAR_DAYS);
    let closed = [Filter::Open(false), Filter::Closed(Bound::AtLeast, year_ago)];
    let awarded = [Filter::Awarded(Some((Bound::AtLeast, year_ago)))];
    let (claim, someone) = (Measure::Sum(column::CLAIM), || Condition::set(column::ADVOCATE));
    let (status, asked_by, days) = (Field::new("status"), Field::new("adjourned_by"), Field::new("cycle_days"));
    let closures = desk.cases(&closed, &[claim]).filter(someone()).by(column::ADVOCATE).by(column::OUTCOME);
    let cycles = |whose: Condition| {
        let cases = desk.cases(&awarded, &[claim]).filter(Condition::new(days, Op::Ge, Value::Int(0))).filter(whose);
        cases.by(column::ADVOCATE).by(days)
    };
    let hearings = desk.records::<AppearedRecord>([Measure::Count]).filter(Condition::one_of(status, ["HELD", "ADJOURNED"]));
    let hearings = hearings.filter(Condition::new(Field::new("starts_on"), Op::Ge, Value::from(year_ago))).filter(someone());
    let hearings = hearings.by(column::ADVOCATE).by(status).by(asked_by);
    let costs = desk.records::<CostRecord>([Measure::Count, Measure::Sum(Field::new("amount"))]).filter(someone());
    let costs = costs.filter(Condition::new(Field::new("incurred_on"), Op::Ge, Value::from(year_ago)));
    let costs = costs.by(column::ADVOCATE).by(Field::new("kind"));
    let of_all = cycles(someone());
    let (closures, cycles_of_all, hearings, costs) = futures::try_join!(
        desk.client.group_by(&closures),
        async {
            match desk.client.group_by(&of_all).await {
                Err(Fault::BadAnswer("too_many_groups")) => Ok(None),
                groups => groups.map(Some),
            }
        },
        desk.client.group_by(&hearings),
        desk.client.group_by(&costs),
    )?;
    let mut scores = BTreeMap::new();
    for group in &closures {
        let outcome = group.keys.get(1).map(String::as_str).unwrap_or_default();
        with(&mut scores, group, |score| {
            add(&mut score.closed, group);
            if PAID.contains(&outcome) {
                add(&mut score.paid, group);
            }
        });
    }
    for group in &hearings {
        let asked = group.keys.get(1).is_some_and(|status| status == "ADJOURNED") && group.keys.get(2).is_some_and(|by| by == "CLAIMANT");
        with(&mut scores, group, |score| {
            score.hearings += group.count(0);
            score.adjourned += if asked { group.count(0) } else { 0 };
        });
    }
    for group in &costs {
        with(&mut scores, group, |score| {
            add(&mut score.costs, group);
            if group.keys.get(1).is_some_and(|kind| OWN.contains(&kind.as_str())) {
                score.own_costs = score.own_costs + group.money(1);
            }
        });
    }
    // Who had an award and nothing else stands in the card as well.
    cycles_of_all.iter().flatten().for_each(|group| with(&mut scores, group, |score| add(&mut score.awards, group)));
    let mut listed: Vec<(String, AdvocateScore)> = scores.into_iter().collect();
    let rank = |score: &AdvocateScore| std::cmp::Reverse((score.closed.count, score.hearings));
    listed.sort_by(|one, other| rank(&one.1).cmp(&rank(&other.1)).then_with(|| one.0.cmp(&other.0)));
    let more = listed.len().saturating_sub(LISTED);
    listed.truncate(LISTED);
    let ids: Vec<String> = listed.iter().map(|(id, _)| id.clone()).collect();
    let cycles = match cycles_of_all {
        Some(groups) => groups,
        None => {
            let parts: Vec<_> = ids.chunks(AT_ONCE).map(|ids| cycles(Condition::one_of(column::ADVOCATE, ids.iter().cloned()))).collect();
            let groups = futures::future::try_join_all(parts.iter().map(|part| desk.client.group_by(part))).await?;
            let groups: Vec<Group> = groups.into_iter().flatten().collect();
            for (id, score) in &mut listed {
                groups.iter().filter(|group| group.keys.first() == Some(id)).for_each(|group| add(&mut score.awards, group));
            }
            groups
        }
    };
    let names = names(&desk, &ids).await?;
    for (id, score) in &mut listed {
        let own = cycles.iter().filter(|group| group.keys.first() == Some(id));
        let mut histogram: Vec<_> = own.filter_map(|group| Some((group.keys.get(1)?.parse().ok()?, group.count(0)))).collect();
        score.median_days = quantile(&mut histogram, 500);
        score.name = names.get(id).cloned().unwrap_or_else(|| id.clone());
        let href =
            |filters: &[Filter]| (!id.contains('"')).then(|| desk.narrowing.href(&[filters, &[Filter::Advocate(id.clone())]].concat()));
        score.closed.href = href(&closed);
        score.paid.href = href(&[&closed[..], &PAID.map(Filter::Outcome)].concat());
        score.awards.href = href(&awarded);
    }
    Ok(Scorecard { lines: listed.into_iter().map(|(_, score)| score).collect(), more, as_of: desk.now() })
}

/// Puts a group to its advocate's score.
fn with(scores: &mut BTreeMap<String, AdvocateScore>, group: &Group, put: impl FnOnce(&mut AdvocateScore)) {
    if let Some(id) = group.keys.first().cloned().and_then(some_text) {
        put(scores.entry(id).or_default());
    }
}

/// What these advocates are called, for whom names are shown.
async fn names(desk: &Desk, ids: &[String]) -> Result<BTreeMap<String, String>, Refusal> {
    if desk.grant.principal.role.names() == Names::Hidden {
        return Ok(BTreeMap::new());
    }
    // The panel has no scope of its own: those who stand in the person's rows are asked for, and nobody else.
    let panel = Aggregate::<PanelRecord>::new(RowScope::institution_wide(), [Measure::Count]);
    let panel = panel.filter(Condition::one_of(column::NAME, ids.iter().cloned())).by(column::NAME).by(Field::new("advocate_name"));
    let named = |group: Group| {
        let mut keys = group.keys.into_iter();
        Some((keys.next()?, some_text(keys.next()?)?))
    };
    Ok(desk.client.group_by(&panel).await?.into_iter().filter_map(named).collect::<BTreeMap<_, _>>())
}
