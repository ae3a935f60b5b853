//! The full values of parties, kept apart from everything that lists and pages read.
//!
//! The only rows with a whole number, address or account in them; their masked forms agree with the party's.

use super::case::{last_four, mask_email, mask_mobile, mask_pan};
use super::notices::Trial;
use super::party::PartyPlan;
use super::people::House;
use super::plan::Plan;
use super::random::derived_name;
use super::row::{Record, at};

/// Writes the particulars of a case's respondents.
pub(super) fn rows(house: &House<'_>, plan: &Plan, trials: &[Trial]) -> Vec<Record> {
    let mut rows = Vec::new();
    for (index, party) in plan.parties.iter().enumerate().skip(1) {
        let address = format!("{}\n{} {}\n{}", party.street, party.town, party.pin, party.state);
        let masked_address = mask_address(party);
        let values = [
            ("MOBILE", party.mobile.clone(), mask_mobile(&party.mobile)),
            ("EMAIL", party.email.clone(), mask_email(&party.email)),
            ("ADDRESS", address, masked_address),
            ("PAN", party.pan.clone(), mask_pan(&party.pan)),
            ("ACCOUNT", party.account.clone(), last_four(&party.account)),
        ];
        for (kind, value, masked) in values.into_iter().filter(|(_, value, _)| !value.is_empty()) {
            let trials: Vec<&Trial> = trials.iter().filter(|trial| trial.party == index && trial.kind == kind).collect();
            rows.push(row(house, plan, party, &trials, (kind, &value, &masked)));
        }
    }
    rows
}

/// Name of the row that holds a party's mobile, mail, address …
pub(super) fn name(party: &PartyPlan, kind: &str) -> String {
    derived_name(&format!("{}/{kind}", party.row))
}

/// `xxxxx, Pune 41xxxx`.
pub(super) fn mask_address(party: &PartyPlan) -> String {
    format!("xxxxx, {} {}xxxx", party.town, &party.pin[..2])
}

fn row(house: &House<'_>, plan: &Plan, party: &PartyPlan, trials: &[&Trial], (kind, value, masked): (&str, &str, &str)) -> Record {
    let made_at = at(plan.journey.began(), 612);
    let last = |of: &dyn Fn(&Trial) -> bool| trials.iter().filter(|trial| of(trial)).map(|trial| trial.on).max();
    let (ok_on, failed_on) = (last(&|trial| trial.arrived), last(&|trial| !trial.arrived));
    let bad = if kind == "ADDRESS" { party.address_bad } else { ok_on.is_none() && trials.iter().any(|trial| trial.bad) };
    let changed_at = ok_on.max(failed_on).map_or(made_at, |day| at(day, 1_300));
    let mut row = house
        .row(&name(party, kind), &house.legal_owner(&house.branches[plan.branch]), made_at, changed_at)
        .text("case_ref", &plan.row)
        .text("party", &party.row)
        .text("kind", kind)
        .text("value_text", value)
        .text("value_masked", masked)
        .check("is_primary", true)
        .check("verified", false)
        .check("active", true)
        .text("source", "LOAN_FILE")
        .text(
            "delivery_state",
            if bad {
                "BAD"
            } else if ok_on.is_some() {
                "OK"
            } else {
                "UNTRIED"
            },
        )
        .date("last_ok_on", ok_on)
        .date("last_failed_on", failed_on);
    if matches!(kind, "MOBILE" | "ACCOUNT") {
        row = row.text("last4", last_four(value));
    }
    if kind == "ADDRESS" {
        row = row.text("address_kind", "RESIDENCE").text("pincode", &party.pin);
    }
    row.done()
}
