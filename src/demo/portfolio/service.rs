//! The service matrix of a case: who was served with which notice, and what that makes of the case.
//!
//! Reads a decided case; decides nothing new, so that rows and the case's own columns cannot disagree.

use super::notices::calendar;
use super::party::PartyPlan;
use super::plan::Plan;
use super::random::{Random, derived_name};
use super::row::Date;

/// One cell: a party and a notice type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Name of its row.
    pub row: String,
    /// Index into the case's parties.
    pub party: usize,
    pub notice: &'static str,
    pub state: &'static str,
    /// What decided the state, or will not.
    pub finding: Finding,
    pub sent_on: Option<Date>,
    /// The day on which it was sent anew, to a better address, after the first one came back.
    pub resent_on: Option<Date>,
    pub served_on: Option<Date>,
    /// What a campaign's deliveries have to say; without one the notice went out on its own.
    pub evidence: Option<Evidence>,
}

/// What the post or a screen told of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// Nothing yet.
    Open,
    /// The post delivered it.
    Delivered,
    /// It was read on WhatsApp, where the agreement allows electronic notice.
    Read,
    /// It came back: refused.
    Refused,
    /// It came back: not claimed after an intimation.
    Unclaimed,
    /// It came back: moved, insufficient address, cannot be located.
    BadAddress,
    /// It came back: door locked.
    Absent,
}

/// The deliveries behind a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Evidence {
    /// The delivery that decided.
    pub best: Option<String>,
    pub attempts: i64,
    /// Sorted letters of the channels that were tried.
    pub tried: String,
}

impl Cell {
    /// The document that proves it, where it is served.
    pub fn proof(&self) -> String {
        derived_name(&format!("{}/proof", self.row))
    }

    /// The channel whose delivery decided it.
    pub fn best_channel(&self) -> &'static str {
        if self.finding == Finding::Read { "WHATSAPP" } else { "SPEED_POST" }
    }

    /// Whether it counts as served.
    pub fn served(&self) -> bool {
        matches!(self.state, "SERVED" | "DEEMED_SERVED")
    }
}

/// The notice type that a stage needs.
pub(super) fn needed(stage: &str) -> Option<&'static str> {
    match stage {
        "S10" => Some("LRN"),
        "S20" | "S30" | "S40" => Some("S21"),
        "S50" => Some("SOC"),
        "S60" => Some("HEARING"),
        "S70" | "S80" => Some("AWARD"),
        _ => None,
    }
}

/// Every cell of a case: those of notices that were sent, and those that its present stage waits for.
pub(super) fn cells(plan: &Plan, today: Date) -> Vec<Cell> {
    let journey = &plan.journey;
    let hearing_on = journey.entered[6];
    let hearing_served = hearing_on.filter(|day| journey.stage > 6 || journey.status_since >= day + 14).map(|day| day + 6);
    let dispatched = journey.award_on.filter(|_| journey.delivered_on.is_some() || journey.status == "AWARD_DISPATCHED").map(|day| {
        // The copies leave when the last of them can still arrive within nine days.
        journey.delivered_on.map_or(day + 2, |delivered| (day + 2).max(delivered - 7))
    });
    let notices = [
        ("LRN", journey.lrn_on, journey.lrn_served_on),
        ("S21", journey.s21_on, journey.s21_served_on),
        ("SOC", journey.soc_on, journey.soc_served_on),
        ("HEARING", hearing_on, hearing_served),
        ("AWARD", dispatched, journey.delivered_on),
    ];
    let mut cells = Vec::new();
    for (notice, sent_on, served_on) in notices {
        if sent_on.is_none() && needed(journey.stage_code()) != Some(notice) {
            continue;
        }
        for (index, party) in plan.parties.iter().enumerate() {
            // The claimant gets no notice but its own signed copy of the award.
            if index == 0 && notice != "AWARD" {
                continue;
            }
            let row = derived_name(&format!("{}/{notice}", party.row));
            // Luck of the cell's own: what befalls one notice shifts nothing else.
            let mut random = Random::new(0, &row);
            let luck = random.unit();
            let (state, day, resent_on) = state_of(plan, notice, index, party, (sent_on, served_on), luck);
            let mut cell =
                Cell { row, party: index, notice, state, finding: Finding::Open, sent_on, resent_on, served_on: day, evidence: None };
            cell.finding = finding(plan, party, &cell, &mut random, today);
            cells.push(cell);
        }
    }
    cells
}

type Decided = (&'static str, Option<Date>, Option<Date>);

/// State, day of service and day of a second sending.
fn state_of(
    plan: &Plan,
    notice: &str,
    index: usize,
    party: &PartyPlan,
    (sent_on, served_on): (Option<Date>, Option<Date>),
    luck: f64,
) -> Decided {
    let bad = party.address_bad && index > 0;
    let last = plan.journey.closed_on.unwrap_or(plan.journey.status_since);
    // The process waits for the first respondent; of the others some cannot be found, or only at the second try.
    let follower = index > 1 && notice != "AWARD";
    match (sent_on, served_on) {
        (None, _) => ("NOT_SENT", None, None),
        // The recall notice needs only one respondent; the first stands for the rest.
        (Some(_), Some(_)) if bad && notice == "LRN" && index > 1 => ("UNSERVED", None, None),
        (Some(_), Some(day)) if bad => ("DEEMED_SERVED", Some(day), None),
        (Some(_), Some(_)) if follower && luck < 0.43 => ("UNSERVED", None, None),
        (Some(sent), Some(_)) if follower && luck < 0.64 && sent + 20 < last => ("SERVED", Some(sent + 16), Some(sent + 12)),
        (Some(_), Some(day)) if luck > 0.89 && notice != "AWARD" => ("DEEMED_SERVED", Some(day), None),
        (Some(sent), Some(day)) => ("SERVED", Some((day - i64::from(index > 1)).max(sent + 1).min(day)), None),
        (Some(_), None) if plan.journey.status == "S21_UNSERVED" && notice == "S21" && (bad || index == 1) => ("UNSERVED", None, None),
        // Others of a case whose first respondent is still out may have had theirs: two days on the way are enough for some.
        (Some(sent), None) if index > 1 && !bad && plan.journey.status_since > sent + 2 => ("SERVED", Some(sent + 2), None),
        (Some(_), None) => ("IN_PROGRESS", None, None),
    }
}

/// What decided a cell.
fn finding(plan: &Plan, party: &PartyPlan, cell: &Cell, random: &mut Random, today: Date) -> Finding {
    match cell.state {
        "SERVED" => {
            let paused = cell.sent_on.is_some_and(|day| calendar::template_paused(today, day));
            let readable = party.whatsapp && plan.electronic && !party.mobile.is_empty() && !paused && cell.resent_on.is_none();
            if readable && cell.notice != "AWARD" && random.chance(16.0) { Finding::Read } else { Finding::Delivered }
        }
        "DEEMED_SERVED" if party.address_bad => Finding::BadAddress,
        "DEEMED_SERVED" => *random.weighted(&[(Finding::Unclaimed, 22.0), (Finding::Refused, 14.0)]),
        "UNSERVED" if party.address_bad => Finding::BadAddress,
        "UNSERVED" => *random.weighted(&[(Finding::BadAddress, 66.0), (Finding::Absent, 34.0)]),
        _ => Finding::Open,
    }
}

/// What the cells of the needed notice make of the case.
pub(super) fn status(stage: &str, cells: &[Cell]) -> &'static str {
    let Some(notice) = needed(stage) else { return "NOT_DUE" };
    let states: Vec<&str> = cells.iter().filter(|cell| cell.notice == notice).map(|cell| cell.state).collect();
    let served = states.iter().filter(|state| matches!(**state, "SERVED" | "DEEMED_SERVED")).count();
    if states.iter().all(|state| *state == "NOT_SENT") {
        "NOT_SENT"
    } else if states.contains(&"DISPUTED") {
        "DISPUTED"
    } else if served == states.len() {
        "FULLY_SERVED"
    } else if served > 0 {
        "PARTLY_SERVED"
    } else if states.contains(&"UNSERVED") {
        "UNSERVED"
    } else {
        "IN_PROGRESS"
    }
}
