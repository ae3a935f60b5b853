//! Proceedings beside the arbitration and after it: cheques, securities, courts.
//!
//! Follows the case's status, hold and tracks; decides none of them.

use super::case::scope;
use super::people::House;
use super::plan::Plan;
use super::random::Random;
use super::row::{Date, Record, at, iso};

/// A proceeding before it is a row.
struct Matter {
    kind: &'static str,
    state: &'static str,
    forum: &'static str,
    from: Date,
    amount: i64,
    result: &'static str,
}

/// Writes a case's proceedings.
pub(super) fn rows(house: &House<'_>, plan: &Plan, random: &mut Random) -> Vec<Record> {
    matters(house, plan, random).into_iter().map(|matter| row(house, plan, random, matter)).collect()
}

fn matters(house: &House<'_>, plan: &Plan, random: &mut Random) -> Vec<Matter> {
    let journey = &plan.journey;
    let until = journey.until(house.today);
    let of = |kind, state, forum, from: Date, amount| Matter { kind, state, forum, from: from.min(until), amount, result: "" };
    let mut matters = Vec::new();
    let court = "District Court";
    if journey.stage >= 1 && matches!(plan.terms.code, "PERSONAL" | "MSME" | "TWO_WHEELER" | "USED_VEHICLE") && random.chance(11.0) {
        // A cheque came back soon after the default.
        let state = *random.weighted(&[("NOTICE_SENT", 22.0), ("FILED", 30.0), ("PENDING", 40.0), ("ORDERED", 8.0)]);
        matters.push(of("S138", state, "Magistrate's Court", plan.default_on + 20, plan.dues.total().max(plan.dues_at_filing) / 4));
    }
    if matches!(plan.terms.code, "LAP" | "HOME") && random.chance(45.0) {
        matters.push(of("SARFAESI", "NOTICE_SENT", "Authorised officer", journey.began() + 12, plan.dues.total().max(plan.dues_at_filing)));
    }
    match plan.interim {
        "NONE" | "S17_FILED" => {}
        "S9_FILED" => matters.push(of("S9", "PENDING", court, journey.entered[2].unwrap_or(until) + 4, plan.dues.total())),
        track => {
            let result = if track == "REFUSED" { "Interim protection refused" } else { "Interim protection granted" };
            matters.push(Matter { result, ..of("S9", "ORDERED", court, journey.entered[2].unwrap_or(until) + 4, plan.dues.total()) });
        }
    }
    if plan.basis.consent == "S11_ORDER" || journey.status == "S11_PENDING" {
        let state = if plan.basis.consent == "S11_ORDER" { "CLOSED" } else { "PENDING" };
        matters.push(of("S11", state, "High Court", journey.proposed_on.unwrap_or(until) + 2, 0));
    }
    if matches!(journey.status, "CHALLENGED_S34" | "STAYED") {
        let state = match (journey.outcome, journey.status) {
            ("SET_ASIDE", _) => "CLOSED",
            (_, "STAYED") => "STAYED",
            _ => "PENDING",
        };
        let result = if state == "CLOSED" { "The award was set aside" } else { "" };
        let from = journey.delivered_on.unwrap_or(until) + 28;
        matters.push(Matter { result, ..of("S34", state, court, from, plan.award_total()) });
    }
    if matches!(journey.status, "EXECUTION_FILED" | "ATTACHMENT" | "PART_REALISED") {
        let state = if journey.open() { "PENDING" } else { "CLOSED" };
        matters.push(of("S36", state, court, if journey.open() { journey.status_since } else { until - 60 }, plan.award_total()));
    }
    if plan.hold == "MORATORIUM" {
        matters.push(of("IBC", "PENDING", "National Company Law Tribunal", journey.status_since, plan.dues.total()));
    }
    matters
}

fn row(house: &House<'_>, plan: &Plan, random: &mut Random, matter: Matter) -> Record {
    let made_at = at(matter.from, 735);
    let filed = !matches!(matter.state, "PLANNED" | "NOTICE_SENT");
    let until = plan.journey.until(house.today);
    let closed = (matter.state == "CLOSED").then_some(until);
    let place = house.branches[plan.branch].state().towns[0].0;
    // What came of an execution is what the case realised.
    let realised = if matter.kind == "S36" { plan.realised() } else { 0 };
    let mut row = house
        .row(&random.row_name(), &house.legal_owner(&house.branches[plan.branch]), made_at, made_at)
        .with(&scope(house, plan))
        .text("case_ref", &plan.row)
        .text("kind", matter.kind)
        .text("state", matter.state)
        .text("forum", matter.forum)
        .text("forum_place", place)
        .money("amount", matter.amount)
        .money("realised", realised)
        .date("closed_on", closed)
        .text("result_text", matter.result);
    if matter.kind == "S138" {
        row = row.date("memo_on", matter.from - 12).date("notice_on", matter.from - 3);
    } else if !filed {
        row = row.date("notice_on", matter.from);
    }
    if filed {
        let year = &iso(matter.from)[..4];
        row = row
            .date("filed_on", matter.from)
            .text("number_text", format!("{}/{}/{year}", matter.kind, random.between(100, 9_999)))
            // No state has the letters ZZ.
            .text("cnr", format!("ZZDM01{:06}{year}", random.between(0, 999_999)));
    }
    if plan.journey.open() && matches!(matter.state, "FILED" | "PENDING" | "STAYED") {
        row = row.date("next_on", house.today + random.between(2, 60));
    }
    row.done()
}
