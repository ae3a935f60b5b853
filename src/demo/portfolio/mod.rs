//! Generated portfolios: institutions, their people and their cases, as records that a simulated Frappe can hold.
//!
//! Everything follows from institution, seed and day: the same three give the same bytes. Identifiers are safe by
//! construction (mobiles begin with 5, tax numbers with ZZZP, mail goes to reserved domains). Knows records, not how
//! they are served, and nothing of the portal.

#![allow(clippy::inconsistent_digit_grouping, reason = "rupees are grouped by lakhs, and paise stand apart")]

mod approval;
mod awkward;
mod batch;
mod case;
mod clock;
mod comment;
mod cost;
mod defect;
mod desk;
mod file;
mod hearing;
mod institution;
mod journey;
mod lending;
mod money;
mod names;
mod notices;
mod papers;
mod particular;
mod party;
mod people;
mod place;
mod plan;
mod proceeding;
mod random;
mod row;
mod rules;
mod service;
mod tribunal;
mod work;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_followers;
#[cfg(test)]
mod tests_work;

use crate::model::Day;

pub use institution::{InstitutionSpec, LanForm, institutions, small_institution};
pub use papers::{document_of_file, file_of_document};
pub use people::{DemoPerson, Standing};
pub use row::Record;

use case::Tally;
use plan::Plan;
use random::Random;
use service::Cell;

/// What one institution has: its records and its people.
#[derive(Debug)]
pub struct Portfolio {
    /// Rows by DocType. Links may point to rows that stand later.
    pub records: Vec<(&'static str, Vec<Record>)>,
    /// Its people, with the passwords of their Frappe users.
    pub people: Vec<DemoPerson>,
}

/// So many cases of an institution have everything that hangs on a case: some seventy records each. With more than that a
/// portfolio of 150,000 cases would take ten gigabytes.
pub const CASES_WITH_ALL: usize = 12_500;

/// Where records go as they are made, each with its DocType.
pub type Sink<'a> = dyn FnMut(&'static str, Record) + 'a;

/// Generates an institution's portfolio of `cases` cases as of `today`, with everything that hangs on them.
pub fn generate(spec: &InstitutionSpec, today: Day, seed: u64, cases: usize) -> Portfolio {
    let mut records: Vec<(&'static str, Vec<Record>)> = Vec::new();
    let people = generate_into(spec, today, seed, cases, &mut |kind, record| match records.iter_mut().find(|(name, _)| *name == kind) {
        Some((_, rows)) => rows.push(record),
        None => records.push((kind, vec![record])),
    });
    Portfolio { records, people }
}

/// The same, record by record, so that nobody has to hold a large portfolio twice. Links point to records that may come later.
/// Cases beyond [`CASES_WITH_ALL`] come with their parties and clocks alone.
pub fn generate_into(spec: &InstitutionSpec, today: Day, seed: u64, cases: usize, sink: &mut Sink<'_>) -> Vec<DemoPerson> {
    generate_sizes(spec, today, seed, (cases, CASES_WITH_ALL.min(cases)), sink)
}

/// So many cases, and so many of them with everything.
fn generate_sizes(spec: &InstitutionSpec, today: Day, seed: u64, (cases, full): (usize, usize), sink: &mut Sink<'_>) -> Vec<DemoPerson> {
    let today = today.days_since_epoch();
    let (house, records) = people::house(spec, today, seed);
    for (kind, rows) in records {
        rows.into_iter().for_each(|row| sink(kind, row));
    }
    rules::write(&house, sink);
    desk::write(&house, seed, sink);
    let mut random = Random::new(seed, &format!("{}/cases", spec.id));
    let mut plans: Vec<Plan> = (0..cases).map(|index| Plan::draw(&house, &mut random, index)).collect();
    if spec.awkward && cases >= awkward::LEAST_CASES {
        awkward::place(&house, &mut Random::new(seed, &format!("{}/awkward", spec.id)), &mut plans);
    }
    number_cases(&mut plans);

    let mut cells: Vec<Vec<Cell>> = plans.iter().map(|plan| service::cells(plan, today)).collect();
    let mut told = notices::write(&house, seed, &plans[..full], &mut cells[..full], sink);
    told.resize(plans.len(), notices::OfCase::default());
    for (plan, told) in plans.iter_mut().zip(&told) {
        notices::mark_bad_addresses(plan, &told.trials);
    }
    let mut origins = batch::origins(&house, &plans[..full]);
    origins.resize(plans.len(), None);
    let mut defective = Vec::with_capacity(plans.len());
    for (index, plan) in plans.iter().enumerate() {
        // What hangs on a case draws from that case's own stream, so that no kind of record shifts another case.
        let random = &mut Random::new(seed, &plan.row);
        let mut tally = Tally { engaged_at: told[index].engaged_at, origin: origins[index].clone(), ..Tally::default() };
        if index < full {
            write_case(&house, plan, &cells[index], &told[index], random, &mut tally, sink);
        } else {
            write_bare_case(&house, plan, &cells[index], random, &mut tally, sink);
        }
        defective.push(tally.defects > 0);
    }
    batch::write(&house, seed, &plans[..full], &origins[..full], &defective[..full], sink);
    house.people
}

/// Writes everything about one case; the case comes last, when the tally is complete.
fn write_case(
    house: &people::House<'_>,
    plan: &Plan,
    cells: &[Cell],
    notices: &notices::OfCase,
    random: &mut Random,
    tally: &mut Tally,
    sink: &mut Sink<'_>,
) {
    let mut add = |kind: &'static str, rows: Vec<Record>| rows.into_iter().for_each(|row| sink(kind, row));
    add("Case Party", case::party_rows(house, plan));
    let hearings = hearing::rows(house, plan, random, tally);
    add("Case Clock", clock::rows(house, plan, random, tally));
    let (settlements, instalments) = money::settlement(house, plan, random, tally);
    add("Case Settlement", settlements);
    add("Settlement Instalment", instalments);
    add("Case Payment", money::payments(house, plan, tally));
    let (documents, services, award) = papers::rows(house, plan, cells, random, tally);
    add("Case Document", documents);
    add("Case Service", services);
    add("Party Particular", particular::rows(house, plan, &notices.trials));
    add("Case Appointment", tribunal::appointments(house, plan, random, tally));
    add("Case Order", tribunal::orders(house, plan, random, award.as_deref()));
    add("Case Task", work::tasks(house, plan, cells, random, tally));
    add("Case Event", work::events(house, plan, cells, &hearings, random));
    add("Case Cost", cost::rows(house, plan, &hearings, &notices.costs, random, tally));
    let batch = tally.origin.as_ref().map(|origin| origin.batch.clone());
    add("Case Defect", defect::rows(house, plan, random, batch.as_deref(), tally));
    add("Case Proceeding", proceeding::rows(house, plan, random));
    add("Case Comment", comment::rows(house, plan, random));
    add("Case Hearing", hearings);
    tally.approval = approval::of_case(house, plan, sink);
    sink("Arbitration Case", case::case_row(house, plan, cells, tally));
}

/// Writes a case with its parties and clocks, and nothing else that would hang on it.
fn write_bare_case(house: &people::House<'_>, plan: &Plan, cells: &[Cell], random: &mut Random, tally: &mut Tally, sink: &mut Sink<'_>) {
    case::party_rows(house, plan).into_iter().for_each(|row| sink("Case Party", row));
    clock::rows(house, plan, random, tally).into_iter().for_each(|row| sink("Case Clock", row));
    sink("Arbitration Case", case::case_row(house, plan, cells, tally));
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
