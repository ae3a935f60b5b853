//! The service matrix of a case: who was served with which notice, and what that makes of the case.
//!
//! Reads a decided case; decides nothing new, so that rows and the case's own columns cannot disagree.

use super::party::PartyPlan;
use super::plan::Plan;
use super::row::Date;

/// One cell: a party and a notice type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Index into the case's parties.
    pub party: usize,
    pub notice: &'static str,
    pub state: &'static str,
    pub sent_on: Option<Date>,
    pub served_on: Option<Date>,
}

impl Cell {
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
pub(super) fn cells(plan: &Plan) -> Vec<Cell> {
    let journey = &plan.journey;
    let hearing_on = journey.entered[6];
    let hearing_served = hearing_on.filter(|day| journey.stage > 6 || journey.status_since >= day + 14).map(|day| day + 6);
    let dispatched = journey.award_on.filter(|_| journey.delivered_on.is_some() || journey.status == "AWARD_DISPATCHED").map(|day| day + 2);
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
            let (state, day) = state_of(plan, notice, index, party, sent_on, served_on);
            cells.push(Cell { party: index, notice, state, sent_on, served_on: day });
        }
    }
    cells
}

fn state_of(
    plan: &Plan,
    notice: &str,
    index: usize,
    party: &PartyPlan,
    sent_on: Option<Date>,
    served_on: Option<Date>,
) -> (&'static str, Option<Date>) {
    let bad = party.address_bad && index > 0;
    match (sent_on, served_on) {
        (None, _) => ("NOT_SENT", None),
        // The recall notice needs only one respondent; the first stands for the rest.
        (Some(_), Some(_)) if bad && notice == "LRN" && index > 1 => ("UNSERVED", None),
        (Some(_), Some(day)) if bad => ("DEEMED_SERVED", Some(day)),
        (Some(sent), Some(day)) => ("SERVED", Some((day - i64::from(index > 1)).max(sent))),
        (Some(_), None) if plan.journey.status == "S21_UNSERVED" && notice == "S21" && (bad || index == 1) => ("UNSERVED", None),
        // Others of a case whose first respondent is still out may have had theirs: two days on the way are enough for some.
        (Some(sent), None) if index > 1 && !bad && plan.journey.status_since > sent + 2 => ("SERVED", Some(sent + 2)),
        (Some(_), None) => ("IN_PROGRESS", None),
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
