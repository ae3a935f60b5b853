//! Notices: templates, campaigns, their respondents, what was sent to each, and what the providers told of it.
//!
//! A legal campaign is made of cells of the service matrix that were sent in its days, so that its figures and the
//! matrix cannot disagree; a reminder has an audience of its own. Decides nothing about a case: it leaves on the cells what
//! proves them, and with each case what its notices cost and when a respondent last showed a sign of life.

mod audience;
pub(super) mod calendar;
mod campaign;
mod channel;
mod delivery;
mod recipient;
mod template;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_channels;

use std::collections::HashMap;

use super::Sink;
use super::people::House;
use super::plan::Plan;
use super::random::{Random, derived_name};
use super::row::Date;
use super::service::Cell;
use calendar::{Intent, Source};
use recipient::Counters;
pub(super) use recipient::Trial;

/// What one campaign cost a case.
#[derive(Clone, Debug)]
pub(super) struct NoticeCost {
    pub campaign: String,
    pub on: Date,
    pub paise: i64,
}

/// What a case has to know of its notices.
#[derive(Clone, Debug, Default)]
pub(super) struct OfCase {
    pub costs: Vec<NoticeCost>,
    pub engaged_at: Option<i64>,
    /// What its messages told of the respondents' numbers and addresses.
    pub trials: Vec<Trial>,
}

/// A campaign on its way to becoming rows.
struct Campaign {
    row: String,
    number: String,
    intent: Intent,
}

/// Writes everything of notices to the sink, leaves its evidence on the cells, and tells what each case has to know.
pub(super) fn write(house: &House<'_>, seed: u64, plans: &[Plan], cells: &mut [Vec<Cell>], sink: &mut Sink<'_>) -> Vec<OfCase> {
    let mut told = vec![OfCase::default(); plans.len()];
    if plans.is_empty() {
        return told;
    }
    template::write(house, sink);
    let mut intents = calendar::intents(house.today, house.spec.cases > 5_000);
    // First sendings before second ones, which repair them.
    intents.sort_by_key(|intent| intent.source == Source::Resent);
    let resends: Vec<(&'static str, Date, Date)> = (intents.iter().filter(|intent| intent.source == Source::Resent))
        .map(|intent| (intent.notice, intent.from, intent.until))
        .collect();
    let mut first_rows: HashMap<String, String> = HashMap::new();
    for (index, intent) in intents.into_iter().enumerate() {
        let label = format!("{}/campaign/{index}", house.spec.id);
        let row = derived_name(&format!("{seed}/{label}"));
        let campaign = Campaign { number: number_of(&row), row, intent };
        let mut random = Random::new(seed, &label);
        let members = audience::members(house, &campaign.intent, plans, cells, &first_rows, &mut random);
        if members.is_empty() {
            continue;
        }
        let mut counters = Counters::default();
        for member in &members {
            let mut random = Random::new(seed, &format!("{}/{}/{}", campaign.row, member.case, member.party));
            let plan = &plans[member.case];
            let cell = member.cell.map(|at| &cells[member.case][at]);
            let resent = cell.is_some_and(|cell| {
                cell.resent_on.is_some_and(|day| {
                    resends.iter().any(|(notice, from, until)| *notice == cell.notice && (*from..=*until).contains(&day))
                })
            });
            let outcome = recipient::write(house, &campaign, plan, cell, member, resent, &mut random, sink);
            counters.add(house, plan, &outcome);
            let of_case = &mut told[member.case];
            of_case.trials.extend(&outcome.trials);
            of_case.engaged_at = of_case.engaged_at.max(outcome.engaged_at);
            if outcome.cost > 0 {
                match of_case.costs.iter_mut().find(|cost| cost.campaign == campaign.row) {
                    Some(cost) => cost.paise += outcome.cost,
                    None => of_case.costs.push(NoticeCost {
                        campaign: campaign.row.clone(),
                        on: member.send_at.div_euclid(86_400),
                        paise: outcome.cost,
                    }),
                }
            }
            if let Some(at) = member.cell {
                let cell = &mut cells[member.case][at];
                if member.round == 1 {
                    first_rows.insert(cell.row.clone(), outcome.row.clone());
                }
                outcome.leave_evidence(cell);
            }
        }
        campaign::write(house, &campaign, &members, &counters, sink);
    }
    told
}

/// Marks the respondents to whose address the post never came through, and said so.
pub(super) fn mark_bad_addresses(plan: &mut Plan, trials: &[Trial]) {
    for (index, party) in plan.parties.iter_mut().enumerate().skip(1) {
        let of = || trials.iter().filter(|trial| trial.party == index && trial.kind == "ADDRESS");
        party.address_bad |= of().any(|trial| trial.bad) && !of().any(|trial| trial.arrived);
    }
}

/// `N-2026-` and six characters of the row's name in base 32.
fn number_of(row: &str) -> String {
    let code: String = row.bytes().take(6).map(|byte| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[usize::from(byte) % 32])).collect();
    format!("N-2026-{code}")
}
