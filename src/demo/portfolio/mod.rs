//! Generated portfolios: institutions, their people and their cases, as records that a simulated Frappe can hold.
//!
//! Everything follows from institution, seed and day: the same three give the same bytes. Identifiers are safe by
//! construction (mobiles begin with 5, tax numbers with ZZZP, mail goes to reserved domains). Knows records, not how
//! they are served, and nothing of the portal.

#![allow(clippy::inconsistent_digit_grouping, reason = "rupees are grouped by lakhs, and paise stand apart")]

mod awkward;
mod case;
mod clock;
mod hearing;
mod institution;
mod journey;
mod lending;
mod money;
mod names;
mod papers;
mod particular;
mod party;
mod people;
mod place;
mod plan;
mod random;
mod row;
mod service;
mod tribunal;
mod work;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_followers;

use crate::model::Day;

pub use institution::{InstitutionSpec, LanForm, institutions, small_institution};
pub use people::{DemoPerson, Standing};
pub use row::Record;

use case::Tally;
use plan::Plan;
use random::Random;

/// What one institution has: its records, parents before children, and its people.
#[derive(Debug)]
pub struct Portfolio {
    /// Rows by DocType, in an order in which Links point back (a case's links to its hearings and papers apart).
    pub records: Vec<(&'static str, Vec<Record>)>,
    /// Its people, with the passwords of their Frappe users.
    pub people: Vec<DemoPerson>,
}

/// Generates an institution's portfolio of `cases` cases as of `today`, with everything that hangs on them.
pub fn generate(spec: &InstitutionSpec, today: Day, seed: u64, cases: usize) -> Portfolio {
    build(spec, today, seed, cases, Depth::Everything)
}

/// The same without its papers: the four kinds of which a large portfolio has hundreds of thousands, and which no page of the
/// portal reads yet. Everything else, the cases' own columns included, is what [`generate`] gives.
pub fn generate_without_papers(spec: &InstitutionSpec, today: Day, seed: u64, cases: usize) -> Portfolio {
    build(spec, today, seed, cases, Depth::WithoutPapers)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    WithoutPapers,
    Everything,
}

/// The kinds that [`generate_without_papers`] leaves out.
const PAPERS: [&str; 4] = ["Case Event", "Case Document", "Case Service", "Party Particular"];

fn build(spec: &InstitutionSpec, today: Day, seed: u64, cases: usize, depth: Depth) -> Portfolio {
    let today = today.days_since_epoch();
    let (house, mut records) = people::house(spec, today, seed);
    let mut random = Random::new(seed, &format!("{}/cases", spec.id));
    let mut plans: Vec<Plan> = (0..cases).map(|index| Plan::draw(&house, &mut random, index)).collect();
    if spec.awkward && cases >= awkward::LEAST_CASES {
        awkward::place(&house, &mut Random::new(seed, &format!("{}/awkward", spec.id)), &mut plans);
    }
    number_cases(&mut plans);

    // What hangs on a case draws from that case's own stream, so that no kind of record shifts another case.
    let mut books = Books { depth, by_kind: KINDS.map(|kind| (kind, Vec::new())) };
    for plan in &plans {
        books.write(&house, plan, &mut Random::new(seed, &plan.row));
    }
    records.extend(books.by_kind.into_iter().filter(|(_, rows)| !rows.is_empty()));
    Portfolio { records, people: house.people }
}

/// Every kind that is generated for cases, the case first. Not generated: defects, costs, proceedings, comments,
/// approvals, policies, service rules, batches, and everything of notices (templates to delivery events).
const KINDS: [&str; 14] = [
    "Arbitration Case",
    "Case Party",
    "Case Hearing",
    "Case Clock",
    "Case Settlement",
    "Settlement Instalment",
    "Case Payment",
    "Case Appointment",
    "Case Order",
    "Case Task",
    "Case Event",
    "Case Document",
    "Case Service",
    "Party Particular",
];

/// The rows of those kinds that are kept.
struct Books {
    depth: Depth,
    by_kind: [(&'static str, Vec<Record>); KINDS.len()],
}

impl Books {
    /// Writes everything about one case; the case comes last, when the tally is complete.
    fn write(&mut self, house: &people::House<'_>, plan: &Plan, random: &mut Random) {
        let mut tally = Tally::default();
        let cells = service::cells(plan);
        self.add("Case Party", case::party_rows(house, plan));
        self.write_followers(house, plan, &cells, random, &mut tally);
        self.add("Arbitration Case", vec![case::case_row(house, plan, &cells, &tally)]);
    }

    fn write_followers(&mut self, house: &people::House<'_>, plan: &Plan, cells: &[service::Cell], random: &mut Random, tally: &mut Tally) {
        let hearings = hearing::rows(house, plan, random, tally);
        self.add("Case Clock", clock::rows(house, plan, random, tally));
        let (settlements, instalments) = money::settlement(house, plan, random, tally);
        self.add("Case Settlement", settlements);
        self.add("Settlement Instalment", instalments);
        self.add("Case Payment", money::payments(house, plan, tally));
        let (documents, services, award) = papers::rows(house, plan, cells, random, tally);
        self.add("Case Document", documents);
        self.add("Case Service", services);
        self.add("Party Particular", particular::rows(house, plan, random));
        self.add("Case Appointment", tribunal::appointments(house, plan, random, tally));
        self.add("Case Order", tribunal::orders(house, plan, random, award.as_deref()));
        self.add("Case Task", work::tasks(house, plan, cells, random, tally));
        self.add("Case Event", work::events(house, plan, cells, &hearings, random));
        self.add("Case Hearing", hearings);
    }

    fn add(&mut self, kind: &str, rows: Vec<Record>) {
        if self.depth == Depth::WithoutPapers && PAPERS.contains(&kind) {
            return;
        }
        if let Some((_, book)) = self.by_kind.iter_mut().find(|(name, _)| *name == kind) {
            book.extend(rows);
        }
    }
}

/// Gives every registered case its number, in the order of registration, beginning anew each year.
fn number_cases(plans: &mut [Plan]) {
    let mut registered: Vec<(i64, usize)> =
        plans.iter().enumerate().filter_map(|(index, plan)| Some((plan.journey.registered_on?, index))).collect();
    registered.sort_unstable();
    let (mut year, mut number) = (String::new(), 0);
    for (day, index) in registered {
        let of_day = row::iso(day)[..4].to_owned();
        if of_day != year {
            (year, number) = (of_day, 0);
        }
        number += 1;
        plans[index].number = format!("ARB/{year}/{number:06}");
    }
}
