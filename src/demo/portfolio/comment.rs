//! What the institution's people said to one another about a case, and to the tribunal.
//!
//! Plain texts without personal data; the timeline knows nothing of them.

use super::people::House;
use super::plan::Plan;
use super::random::Random;
use super::row::{Record, at};

const PRIVATE: [&str; 10] = [
    "Spoke to the branch: the agreement is in the strong room, scan follows tomorrow.",
    "Respondent asks for a month. Holding the next step until Friday.",
    "Dues checked against the core system, they agree.",
    "Please look at the second address before the notice goes out.",
    "Advocate confirmed for the next date.",
    "The guarantor has moved; field visit asked for.",
    "Statement of account is older than thirty days, new one requested.",
    "Offer discussed with collections, below the grid for now.",
    "Original cheque is with the advocate.",
    "No reply to the last two calls.",
];
const SHARED: [&str; 4] = [
    "The claimant's evidence is on file as directed.",
    "We request that the next hearing be held by video.",
    "The claimant has no objection to the time sought.",
    "Proof of service of the notice is attached to the case.",
];

/// Writes a case's comments, the oldest first.
pub(super) fn rows(house: &House<'_>, plan: &Plan, random: &mut Random) -> Vec<Record> {
    let branch = &house.branches[plan.branch];
    let (manager, collections) = (house.legal_owner(branch), house.collections_owner(branch));
    let (first, last) = (plan.journey.began() + 1, plan.journey.until(house.today) - 1);
    let count = *random.weighted(&[(0, 34.0), (1, 26.0), (2, 18.0), (3, 12.0), (5, 10.0)]);
    let mut days: Vec<i64> = (0..count).map(|_| random.between(first, last.max(first))).filter(|day| *day < house.today).collect();
    days.sort_unstable();
    let mut rows: Vec<Record> = Vec::new();
    let mut before: Option<String> = None;
    for day in days {
        let said_at = at(day, random.between(570, 1_110));
        let shared = plan.journey.appointed_on.is_some_and(|appointed| appointed <= day) && random.chance(20.0);
        let by = if !shared && random.chance(35.0) { &collections } else { &manager };
        let name = random.row_name();
        let mut row = house
            .row(&name, by, said_at, said_at)
            .text("case_ref", &plan.row)
            .text("visibility", if shared { "SHARED" } else { "PRIVATE" })
            .text("body_text", house.mark(random.pick::<&str>(if shared { &SHARED } else { &PRIVATE })))
            .moment("at", said_at);
        if !shared && random.chance(25.0) {
            row = row.text("mentions", format!(";{};", if *by == manager { &collections } else { &manager }));
        }
        if random.chance(30.0) {
            row = row.maybe("reply_to", before.as_deref());
        }
        rows.push(row.done());
        // Nobody answers to the tribunal's side in private.
        before = (!shared).then_some(name);
    }
    rows
}
