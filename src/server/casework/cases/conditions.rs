//! From the query box's filters to conditions upstream: each filter has exactly one column, and no other can be named.

use super::wire::column;
use crate::{
    model::{Bound, CaseQuery, Day, Filter},
    server::frappe::{Condition, Field, Op, Value},
};

/// The conditions of a query. Codes of one kind are alternatives; everything else must hold together. Where names are
/// hidden, free text looks in numbers alone: a search that finds by name would say whose case it is.
pub fn of(query: &CaseQuery, names_hidden: bool) -> Vec<Condition> {
    let mut alternatives: Vec<(Field, Vec<String>)> = Vec::new();
    let mut conditions = Vec::new();
    for filter in &query.filters {
        match part(filter) {
            Part::Code(field, code) => match alternatives.iter_mut().find(|(held, _)| *held == field) {
                Some((_, codes)) => codes.push(code),
                None => alternatives.push((field, vec![code])),
            },
            Part::Value(field, op, value) => conditions.push(Condition::new(field, op, value)),
            Part::Date(field, bound, day) => {
                // Frappe takes a date that is not set for the earliest of all.
                if matches!(bound, Bound::Below | Bound::AtMost) {
                    conditions.push(Condition::set(field));
                }
                conditions.push(Condition::new(field, op(bound), Value::from(day)));
                if field == column::CLOSED_ON {
                    // The day has no index upstream, its month has: the months narrow, the day decides.
                    let month = day.iso().chars().take(7).collect::<String>();
                    conditions.push(Condition::new(column::CLOSED_MONTH, op(bound.inclusive()), month));
                }
            }
            Part::Days(field, bound, days) => {
                // Less than none stands where there are none.
                conditions.push(Condition::new(field, Op::Ge, Value::Int(0)));
                conditions.push(Condition::new(field, op(bound), Value::Int(i64::from(days))));
            }
            Part::Absent(field) => conditions.push(Condition::not_set(field)),
            Part::Contains(field, text) => conditions.push(Condition::contains(field, &text)),
        }
    }
    conditions.extend(alternatives.into_iter().map(|(field, codes)| Condition::one_of(field, codes)));
    if !query.search.is_empty() {
        let column = if names_hidden { column::LAN } else { column::SEARCH_TEXT };
        // `search_text` is kept in lower case with single blanks.
        let words: Vec<String> = query.search.split_whitespace().map(str::to_lowercase).collect();
        conditions.push(Condition::contains(column, &words.join(" ")));
    }
    conditions
}

enum Part {
    Code(Field, String),
    Value(Field, Op, Value),
    Date(Field, Bound, Day),
    Days(Field, Bound, u32),
    Absent(Field),
    /// Of several at once: each of them must be among what the column holds.
    Contains(Field, String),
}

fn part(filter: &Filter) -> Part {
    match filter {
        Filter::Stage(code) => Part::Code(column::STAGE, code.code().to_owned()),
        Filter::Status(code) => Part::Code(column::STATUS, code.code().to_owned()),
        Filter::Product(code) => Part::Code(column::PRODUCT, code.code().to_owned()),
        Filter::Zone(code) => Part::Code(column::ZONE, code.clone()),
        Filter::Branch(code) => Part::Code(column::BRANCH, code.clone()),
        Filter::Owner(user) => Part::Code(column::LEGAL_OWNER, user.clone()),
        Filter::Bucket(code) => Part::Code(column::BUCKET, code.code().to_owned()),
        Filter::Hold(code) => Part::Code(column::HOLD, code.code().to_owned()),
        Filter::Service(code) => Part::Code(column::SERVICE_STATUS, code.code().to_owned()),
        Filter::Open(open) => Part::Value(column::IS_OPEN, Op::Eq, Value::from(*open)),
        Filter::Dues(bound, amount) => Part::Value(column::DUES, op(*bound), Value::from(*amount)),
        Filter::Claim(bound, amount) => Part::Value(column::CLAIM, op(*bound), Value::from(*amount)),
        Filter::Dpd(bound, days) => Part::Value(column::DPD, op(*bound), Value::Int(i64::from(*days))),
        Filter::Due(bound, day) => Part::Date(column::NEXT_DUE, *bound, *day),
        Filter::Served(served) => Part::Value(column::FULLY_SERVED, Op::Eq, Value::from(*served)),
        Filter::Awarded(None) => Part::Absent(column::AWARD_ON),
        Filter::Awarded(Some((bound, day))) => Part::Date(column::AWARD_ON, *bound, *day),
        Filter::AwardDue(bound, day) => Part::Date(column::AWARD_DUE, *bound, *day),
        Filter::Limitation(bound, day) => Part::Date(column::LIMITATION, *bound, *day),
        Filter::Filed(bound, day) => Part::Date(column::FILED_ON, *bound, *day),
        Filter::Closed(bound, day) => Part::Date(column::CLOSED_ON, *bound, *day),
        Filter::Registered(bound, day) => Part::Date(column::REGISTERED_ON, *bound, *day),
        Filter::StageSince(bound, day) => Part::Date(column::STAGE_SINCE, *bound, *day),
        Filter::ChallengeDue(bound, day) => Part::Date(column::CHALLENGE_DUE, *bound, *day),
        Filter::Award(bound, amount) => Part::Value(column::AWARD, op(*bound), Value::from(*amount)),
        Filter::Outcome(code) => Part::Code(column::OUTCOME, (*code).to_owned()),
        Filter::Band(code) => Part::Code(column::BAND, (*code).to_owned()),
        Filter::Missing(code) => Part::Contains(column::MISSING, format!(";{code};")),
        Filter::Arbitrator(None) => Part::Absent(column::ARBITRATOR),
        Filter::Arbitrator(Some(name)) => Part::Code(column::ARBITRATOR, name.clone()),
        Filter::Advocate(name) => Part::Code(column::ADVOCATE, name.clone()),
        Filter::AwardDays(bound, days) => Part::Days(column::AWARD_DAYS, *bound, *days),
        Filter::LastBucket(code) => Part::Code(column::LAST_BUCKET, code.code().to_owned()),
    }
}

const fn op(bound: Bound) -> Op {
    match bound {
        Bound::Above => Op::Gt,
        Bound::AtLeast => Op::Ge,
        Bound::Below => Op::Lt,
        Bound::AtMost => Op::Le,
        Bound::Exactly => Op::Eq,
    }
}
