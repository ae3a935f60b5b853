//! What the registry found wanting in a filing, and when it was cured.
//!
//! Follows the journey: an open defect only where the case waits for its cure.

use super::case::{Tally, scope};
use super::people::House;
use super::plan::Plan;
use super::random::Random;
use super::row::{Date, Record, at};

const CODES: [((&str, &str), f64); 8] = [
    (("NO_SOA", "The statement of account is missing or older than thirty days"), 22.0),
    (("WRONG_ADDRESS", "The address in the claim differs from the agreement's"), 20.0),
    (("ILLEGIBLE", "Scanned pages cannot be read"), 16.0),
    (("UNSIGNED", "The claim is not signed"), 12.0),
    (("PARTY_MISMATCH", "A guarantor of the agreement is not named"), 11.0),
    (("FEE_SHORT", "The filing fee is short"), 9.0),
    (("NO_AGREEMENT", "The loan agreement is missing"), 6.0),
    (("NO_CLAUSE", "The page with the arbitration clause is missing"), 4.0),
];

/// Whether the registry had raised a defect before it registered the case: one in four, of those that took long enough.
fn had(plan: &Plan, random: &mut Random) -> Option<(Date, Date)> {
    let (filed, registered) = (plan.journey.filed_on?, plan.journey.registered_on?);
    let raised = filed + 2;
    (registered > raised + 1 && random.chance(28.0)).then(|| (raised, raised + random.between(1, registered - raised - 1)))
}

/// Writes a case's defects.
pub(super) fn rows(house: &House<'_>, plan: &Plan, random: &mut Random, batch: Option<&str>, tally: &mut Tally) -> Vec<Record> {
    let journey = &plan.journey;
    let waiting = journey.open() && journey.stage == 3;
    let (raised, cured) = match journey.status {
        "DEFECT_RAISED" if waiting => (journey.status_since, None),
        "DEFECT_CURED" if waiting => (journey.status_since - 3, Some(journey.status_since)),
        _ => match had(plan, random) {
            Some((raised, cured)) => (raised, Some(cured)),
            None => return Vec::new(),
        },
    };
    let count = if random.chance(18.0) { 2 } else { 1 };
    let drawn = *random.weighted(&CODES);
    let first = CODES.iter().position(|(code, _)| *code == drawn).unwrap_or(0);
    (0..count)
        .map(|index| {
            // Two defects of one filing are two different ones.
            let (code, text) = CODES[(first + index) % CODES.len()].0;
            tally.defects += 1;
            tally.defects_open += i64::from(cured.is_none());
            let changed_at = at(cured.unwrap_or(raised), 960);
            let mut row = house
                .row(&random.row_name(), "upstream:registry", at(raised, 680), changed_at)
                .with(&scope(house, plan))
                .text("case_ref", &plan.row)
                .text("code", code)
                .text("defect_text", text)
                .date("raised_on", raised)
                .date("due_on", raised + 7)
                .text("state", if cured.is_some() { "CURED" } else { "OPEN" })
                .text("owner_user", house.legal_owner(&house.branches[plan.branch]))
                .date("cured_on", cured)
                .int("cure_days", cured.map_or(-1, |cured| cured - raised))
                .month("month", raised)
                .maybe("batch", batch);
            if cured.is_some() {
                row = row.text("cure_text", house.mark("Corrected and filed again"));
            }
            row.done()
        })
        .collect()
}
