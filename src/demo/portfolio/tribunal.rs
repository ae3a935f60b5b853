//! Who decides a case and what was decided: appointments and orders, as the registry keeps them.
//!
//! Writes what the plan holds; the lender appoints nobody here either.

use super::case::{Tally, repeat_count, scope};
use super::people::House;
use super::plan::Plan;
use super::random::Random;
use super::row::{Date, Record, at};

/// Writes the appointments of a case: those that were replaced, then the one that was made or is being made.
pub(super) fn appointments(house: &House<'_>, plan: &Plan, random: &mut Random, tally: &Tally) -> Vec<Record> {
    let journey = &plan.journey;
    let Some(proposed) = journey.proposed_on.filter(|_| journey.status != "S11_PENDING") else { return Vec::new() };
    let mut rows = Vec::new();
    for seq in 1..=plan.substitutions {
        let arbitrator = plan.arbitrator.unwrap_or(0) + usize::try_from(seq).unwrap_or(1);
        let row = appointment(house, plan, random, arbitrator, seq, proposed)
            .text("state", "REPLACED")
            .check("is_current", false)
            .date("ended_on", journey.appointed_on)
            .text("ended_reason", "Withdrew after a party raised a doubt")
            .int("repeat_count_3y", -1);
        rows.push(row.done());
    }
    let arbitrator = plan.arbitrator.unwrap_or_else(|| random.below(house.arbitrators.len()));
    let state = match (journey.status, journey.appointed_on) {
        _ if !journey.open() => "ENDED",
        ("ARBITRATOR_PROPOSED", _) => "PROPOSED",
        ("CHALLENGED" | "SUBSTITUTION", _) => "CHALLENGED",
        (_, Some(_)) => "APPOINTED",
        _ => "DISCLOSURE_AWAITED",
    };
    let disclosed = journey.appointed_on.filter(|_| plan.disclosed);
    let mut row = appointment(house, plan, random, arbitrator, plan.substitutions + 1, proposed)
        .text("state", state)
        .check("is_current", journey.appointed_on.is_some())
        .date("disclosed_on", disclosed)
        .date("appointed_on", journey.appointed_on)
        .maybe("disclosure_doc", tally.disclosure_doc.as_deref())
        .maybe("consent_doc", tally.consent_doc.as_deref())
        .int("repeat_count_3y", if plan.disclosed { repeat_count(plan) } else { -1 });
    if state == "ENDED" {
        row = row.date("ended_on", journey.closed_on);
    }
    if journey.status == "CHALLENGED" && journey.open() {
        row = row.text("challenge_by", "RESPONDENT").date("challenge_on", journey.status_since);
    }
    rows.push(row.done());
    rows
}

fn appointment(house: &House<'_>, plan: &Plan, random: &mut Random, arbitrator: usize, seq: i64, proposed: Date) -> super::row::Row {
    let arbitrator = &house.arbitrators[arbitrator % house.arbitrators.len()];
    let made_at = at(proposed, 900 + seq);
    house
        .row(&random.row_name(), "upstream:registry", made_at, made_at)
        .text("case_ref", &plan.row)
        .text("arbitrator", &arbitrator.name)
        .text("arbitrator_name", &arbitrator.title)
        .int("seq", seq)
        .text("appointment_mode", plan.basis.mode)
        .text("consent_basis", plan.basis.consent)
        .text("appointed_by", plan.basis.by)
        .text("tribunal_institution", "Saral ODR Centre (demo)")
        .date("proposed_on", proposed)
}

/// Writes the orders of a case: its award, the termination, the court's order that set an award aside.
pub(super) fn orders(house: &House<'_>, plan: &Plan, random: &mut Random, award_doc: Option<&str>) -> Vec<Record> {
    let journey = &plan.journey;
    let mut order = |kind: &str, on: Date| {
        let made_at = at(on, 960);
        house
            .row(&random.row_name(), "upstream:tribunal", made_at, made_at)
            .with(&scope(house, plan))
            .text("case_ref", &plan.row)
            .text("kind", kind)
            .date("order_on", on)
            .month("month", on)
            .maybe("arbitrator", plan.arbitrator.map(|index| house.arbitrators[index].name.as_str()))
    };
    let mut rows = Vec::new();
    if let (Some(award), Some(on)) = (plan.award, journey.award_on) {
        let by_consent = journey.outcome == "CONSENT_AWARD_SATISFIED";
        let row = order(if by_consent { "CONSENT_AWARD" } else { "AWARD" }, on)
            .check("is_award", true)
            .check("in_force", journey.outcome != "SET_ASIDE")
            .check("ex_parte", plan.ex_parte)
            .check("by_consent", by_consent)
            .money("principal", award[0])
            .money("interest", award[1])
            .money("costs", award[2])
            .money("total", plan.award_total())
            .float("interest_pct", 12.0)
            .date("interest_from_on", on)
            .check("stamp_paid", true)
            .check("within_s29a", journey.s29a_due_on().is_none_or(|due| on <= due))
            .text("operative_text", house.mark("The respondents shall pay the sum awarded, with interest until realisation."))
            .maybe("document", award_doc)
            .date("received_on", journey.delivered_on);
        rows.push(row.done());
    }
    if let Some(on) = journey.closed_on {
        match journey.outcome {
            "DISMISSED" => rows.push(order("TERMINATION", on).check("is_award", false).check("in_force", true).done()),
            "SET_ASIDE" => rows.push(order("COURT_ORDER", on).check("is_award", false).check("in_force", true).done()),
            _ => {}
        }
    }
    rows
}
