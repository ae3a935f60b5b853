//! Who is in a campaign, and when each is written to.
//!
//! Reads decided cases. Nobody whose case was closed by the day of sending is taken, and nobody is written to outside the window.

use std::collections::HashMap;

use super::calendar::{CLOSES_MINS, Intent, OPENS_MINS, Source, holiday};
use crate::demo::portfolio::people::House;
use crate::demo::portfolio::plan::Plan;
use crate::demo::portfolio::random::Random;
use crate::demo::portfolio::row::{Date, at};
use crate::demo::portfolio::service::Cell;

/// A respondent of a campaign.
pub struct Member {
    /// Index of the case.
    pub case: usize,
    /// Index of the party within it.
    pub party: usize,
    /// Index of the cell that the notice serves.
    pub cell: Option<usize>,
    /// When the first message is due.
    pub send_at: i64,
    pub round: i64,
    /// The recipient's row that this one repairs.
    pub repairs: Option<String>,
}

/// The respondents of a campaign, by case.
pub fn members(
    house: &House<'_>,
    intent: &Intent,
    plans: &[Plan],
    cells: &[Vec<Cell>],
    first_rows: &HashMap<String, String>,
    random: &mut Random,
) -> Vec<Member> {
    if let Source::Audience(share) = intent.source {
        return sampled(house, intent, plans, share, random);
    }
    let mut members = Vec::new();
    for (case, plan) in plans.iter().enumerate() {
        for (index, cell) in cells[case].iter().enumerate() {
            if cell.notice != intent.notice || cell.party == 0 {
                continue;
            }
            let day = match intent.source {
                Source::Resent => cell.resent_on.filter(|_| first_rows.contains_key(&cell.row)),
                _ => cell.sent_on,
            };
            let Some(day) = day.filter(|day| (intent.from..=intent.until).contains(day) && !holiday(*day)) else { continue };
            let died = plan.parties[cell.party].died_on.is_some_and(|died| died <= day);
            if plan.journey.closed_on.is_some_and(|closed| closed <= day) || died {
                continue;
            }
            let again = intent.source == Source::Resent;
            let repairs = first_rows.get(&cell.row).filter(|_| again).cloned();
            members.push(Member {
                case,
                party: cell.party,
                cell: Some(index),
                send_at: slot(day, random),
                round: 1 + i64::from(again),
                repairs,
            });
        }
    }
    members
}

/// Respondents of cases that were open throughout, so many as the institution's size allows, drawn evenly.
fn sampled(house: &House<'_>, intent: &Intent, plans: &[Plan], share: f64, random: &mut Random) -> Vec<Member> {
    let last = intent.until.min(house.today) + 3;
    let open =
        |plan: &Plan| plan.journey.lrn_on.is_some_and(|on| on <= intent.from) && plan.journey.closed_on.is_none_or(|closed| closed > last);
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (case, _) in plans.iter().enumerate().filter(|(_, plan)| open(plan)) {
        let parties = plans[case].parties.len();
        all.extend((1..parties).map(|party| (case, party)));
    }
    let wanted = ((plans.len() as f64 * share) as usize).min(all.len());
    for index in 0..wanted {
        let other = index + random.below(all.len() - index);
        all.swap(index, other);
    }
    all.truncate(wanted);
    all.sort_unstable();
    let days: Vec<Date> = (intent.from..=intent.until).filter(|day| !holiday(*day)).collect();
    (all.into_iter())
        .map(|(case, party)| {
            let day = *random.pick(&days);
            Member { case, party, cell: None, send_at: slot(day, random), round: 1, repairs: None }
        })
        .collect()
}

/// A second of the window, early enough that all channels of one respondent fit into it.
fn slot(day: Date, random: &mut Random) -> i64 {
    at(day, 0) + random.between((OPENS_MINS + 1) * 60, (CLOSES_MINS - 40) * 60)
}
