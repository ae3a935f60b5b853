//! The full values of parties, kept apart from everything that lists and pages read.
//!
//! The only rows with a whole number, address or account in them; their masked forms agree with the party's.

use super::case::{last_four, mask_email, mask_mobile, mask_pan};
use super::party::PartyPlan;
use super::people::House;
use super::plan::Plan;
use super::random::derived_name;
use super::row::{Record, at};

/// Writes the particulars of a case's respondents.
pub(super) fn rows(house: &House<'_>, plan: &Plan) -> Vec<Record> {
    let mut rows = Vec::new();
    for party in plan.respondents() {
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
            rows.push(row(house, plan, party, kind, &value, &masked));
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

fn row(house: &House<'_>, plan: &Plan, party: &PartyPlan, kind: &str, value: &str, masked: &str) -> Record {
    let made_at = at(plan.journey.began(), 612);
    let bad = kind == "ADDRESS" && party.address_bad;
    let mut row = house
        .row(&name(party, kind), &house.legal_owner(&house.branches[plan.branch]), made_at, made_at)
        .text("case_ref", &plan.row)
        .text("party", &party.row)
        .text("kind", kind)
        .text("value_text", value)
        .text("value_masked", masked)
        .check("is_primary", true)
        .check("verified", false)
        .check("active", true)
        .text("source", "LOAN_FILE")
        .text("delivery_state", if bad { "BAD" } else { "UNTRIED" });
    if matches!(kind, "MOBILE" | "ACCOUNT") {
        row = row.text("last4", last_four(value));
    }
    if kind == "ADDRESS" {
        row = row.text("address_kind", "RESIDENCE").text("pincode", &party.pin);
    }
    row.done()
}
