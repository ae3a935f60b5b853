//! What came of the cases: the portfolio's figures, and what was recovered of each month's filings.

use super::{
    Desk, Refusal,
    wire::{OfferRecord, PaidRecord},
};
use crate::{
    model::{
        Bound, Cohort, Cohorts, Day, Filter, Inr, Measured, Measures, Narrowing, Tally, Told, award_at_risk, limitation_at_risk, quantile,
    },
    server::{
        casework::cases::wire::column,
        frappe::{Condition, Field, Group, Measure, Op, Value},
    },
};

/// Months whose filings are followed.
const MONTHS: u32 = 12;
/// Days of one period after filing.
const PERIOD_DAYS: i64 = 30;
/// Days that figures by event look back.
const YEAR_DAYS: i64 = 365;
/// States of an offer that was accepted and stands.
const AGREED: [&str; 3] = ["ACCEPTED", "PAYING", "SATISFIED"];
/// Outcomes that are settlements.
const SETTLED: [&str; 2] = ["SETTLED_OTS", "CONSENT_AWARD_SATISFIED"];

/// The portfolio's figures.
///
/// # Errors
/// Who may not see cases is refused; otherwise what the upstream's fault means.
pub async fn measures(narrowing: Narrowing) -> Result<Measures, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let today = desk.today();
    let year_ago = today.later(-YEAR_DAYS);
    let (cycle_days, dues_at_filing) = (Field::new("cycle_days"), Measure::Sum(Field::new("dues_at_filing")));
    let (claim, realised) = (Measure::Sum(column::CLAIM), Measure::Sum(column::REALISED));
    let open = [Filter::Open(true)];
    let awarded = [Filter::Award(Bound::Above, Inr::ZERO)];
    let closed = [Filter::Open(false), Filter::Closed(Bound::AtLeast, year_ago)];
    let settled = [&closed[..], &SETTLED.map(Filter::Outcome)].concat();
    let recent = [Filter::Awarded(Some((Bound::AtLeast, year_ago)))];
    let filed = [Filter::Filed(Bound::AtLeast, year_ago)];
    let (award_risk, limitation_risk) = (award_at_risk(today), limitation_at_risk(today));
    let desk = &desk;
    let total = |filters: &[Filter], measures: &[Measure]| {
        let asked = desk.cases(filters, measures);
        async move { Ok::<_, Refusal>(desk.client.totals(&asked).await?) }
    };
    let outcomes = desk.cases(&closed, &[claim]).by(column::OUTCOME);
    let cycles = desk.cases(&recent, &[]).filter(Condition::new(cycle_days, Op::Ge, Value::Int(0))).by(cycle_days);
    let offers =
        desk.records::<OfferRecord>([Measure::Count, Measure::Sum(Field::new("amount")), Measure::Sum(Field::new("dues_at_offer"))]);
    let offers = offers.filter(Condition::one_of(Field::new("state"), AGREED));
    let (active, awards, outcomes, cycles, recovered, award_risk_now, limitation_risk_now, agreed) = futures::try_join!(
        total(&open, &[claim]),
        total(&awarded, &[realised, Measure::Sum(column::AWARD)]),
        async { Ok(desk.client.group_by(&outcomes).await?) },
        async { Ok(desk.client.group_by(&cycles).await?) },
        total(&filed, &[realised, dues_at_filing]),
        total(&award_risk, &[claim]),
        total(&limitation_risk, &[claim]),
        async { Ok(desk.client.totals(&offers).await?) },
    )?;
    let sum = |kept: fn(&str) -> bool| {
        let kept = outcomes.iter().filter(|group| group.keys.first().is_some_and(|outcome| kept(outcome)));
        kept.fold((0, Inr::ZERO), |(count, amount), group| (count + group.count(0), amount + group.money(1)))
    };
    let (all_closed, all_settled) = (sum(|_| true), sum(|outcome| SETTLED.contains(&outcome)));
    let mut cycle: Vec<_> = cycles.iter().filter_map(|group| Some((group.keys.first()?.parse().ok()?, group.count(0)))).collect();
    let with_cycle = cycle.iter().map(|(_, often)| often).sum();
    let figure = |label, told, formula, filters: &[Filter]| Measured { label, told, formula, href: Some(desk.narrowing.href(filters)) };
    let cases = |group: &Group| Told::Cases(group.count(0), group.money(1));
    let part = |group: &Group| Told::Part(group.money(1), group.money(2), group.count(0));
    let figures = vec![
        figure(
            "Active cases",
            cases(&active),
            "Cases whose stage is before Closed, and the sum of their claims; of the dues where no claim has been stated",
            &open,
        ),
        figure(
            "Award realisation",
            part(&awards),
            "Confirmed payments in cases with an award, of what their awards in force come to",
            &awarded,
        ),
        figure(
            "Closed in a year",
            Told::Cases(all_closed.0, all_closed.1),
            "Cases closed in the last 365 days, for whatever reason, and the sum of their claims",
            &closed,
        ),
        figure(
            "Settlement rate",
            Told::Share(all_settled.0, all_closed.0),
            "Settled, or consent award satisfied, of all cases closed in the last 365 days",
            &settled,
        ),
        Measured {
            label: "Settlement haircut",
            told: Told::Waived(agreed.money(1), agreed.money(2), agreed.count(0)),
            formula: "What was given up of the dues at the offer, of all settlements that were accepted and stand (accepted, being paid or \
                      paid)",
            // Settlements have no list of their own.
            href: None,
        },
        figure(
            "Cycle time, median",
            Told::Days(quantile(&mut cycle, 500), with_cycle),
            "Days from filing to award that half of the awards of the last 365 days did not exceed",
            &recent,
        ),
        figure(
            "Cycle time, P90",
            Told::Days(quantile(&mut cycle, 900), with_cycle),
            "Days from filing to award that nine in ten of the awards of the last 365 days did not exceed",
            &recent,
        ),
        figure(
            "Recovery rate",
            part(&recovered),
            "Confirmed payments in cases filed in the last 365 days, of their dues when they were filed",
            &filed,
        ),
        figure(
            "S.29A at risk",
            cases(&award_risk_now),
            "Cases without an award whose time for one (s. 29A) ends within 60 days or has ended",
            &award_risk,
        ),
        figure(
            "Limitation at risk",
            cases(&limitation_risk_now),
            "Cases not yet invoked (intake, pre-arbitration) whose limitation ends within 180 days or has ended",
            &limitation_risk,
        ),
    ];
    Ok(Measures { figures, as_of: desk.now() })
}

/// What was recovered of each month's filings, by the time since filing.
///
/// # Errors
/// As [`measures`].
pub async fn cohorts(narrowing: Narrowing) -> Result<Cohorts, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let today = desk.today();
    let first = first_month(today, MONTHS);
    let (month, period) = (Field::new("filing_month"), Field::new("since_filing_30"));
    let since = || Condition::new(month, Op::Ge, month_code(first));
    let dues = desk.cases(&[], &[Measure::Sum(Field::new("dues_at_filing"))]).filter(since()).by(month);
    let paid = desk.records::<PaidRecord>([Measure::Sum(Field::new("amount"))]).filter(Condition::eq(Field::new("counted"), true));
    let paid = paid.filter(Condition::new(period, Op::Ge, Value::Int(0))).filter(since()).by(month).by(period);
    let (dues, paid) = futures::try_join!(desk.client.group_by(&dues), desk.client.group_by(&paid))?;
    let months = (0..MONTHS).map(|later| first.months_later(later)).filter_map(|month| {
        let code = month_code(month);
        let group = dues.iter().find(|group| group.keys.first() == Some(&code))?;
        let last = month.months_later(1).later(-1);
        let filters = [Filter::Filed(Bound::AtLeast, month), Filter::Filed(Bound::AtMost, last)];
        let own = paid.iter().filter(|group| group.keys.first() == Some(&code));
        let of_period: Vec<(usize, Inr)> = own.filter_map(|group| Some((group.keys.get(1)?.parse().ok()?, group.money(0)))).collect();
        Some(cohort(month, today, desk.tally(group, &filters), &of_period))
    });
    let months = months.collect();
    Ok(Cohorts { months, as_of: desk.now() })
}

/// A month's payments, added up from period to period.
fn cohort(month: Day, today: Day, cases: Tally, paid: &[(usize, Inr)]) -> Cohort {
    let since = |day: Day| usize::try_from((today.days_since_epoch() - day.days_since_epoch()) / PERIOD_DAYS).unwrap_or(0);
    // One more period than are over is running for the first who filed.
    let periods = paid.iter().map(|(period, _)| period + 1).max().unwrap_or(0).max(since(month) + 1);
    let mut sum = Inr::ZERO;
    let added = (0..periods).map(|index| {
        sum = paid.iter().filter(|(period, _)| *period == index).fold(sum, |sum, (_, amount)| sum + *amount);
        sum
    });
    Cohort { month, cases, paid: added.collect(), complete: since(month.months_later(1).later(-1)) }
}

/// The earliest of so many months, the running one included.
pub(super) fn first_month(today: Day, months: u32) -> Day {
    let mut month = today.first_of_month();
    for _ in 1..months {
        month = month.later(-1).first_of_month();
    }
    month
}

/// `2026-11`, as the upstream writes a month.
pub(super) fn month_code(month: Day) -> String {
    month.iso().chars().take(7).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn twelve_months_are_followed_the_running_one_included() {
        assert_eq!(first_month(day("2026-11-26"), MONTHS), day("2025-12-01"));
        assert_eq!(first_month(day("2026-01-31"), MONTHS), day("2025-02-01"));
    }

    #[test]
    fn payments_add_up_and_a_period_is_complete_when_it_is_over_for_the_last_who_filed() {
        let paid = [(0, Inr::from_rupees(5)), (2, Inr::from_rupees(7)), (0, Inr::from_rupees(1))];
        let cohort = cohort(day("2026-09-01"), day("2026-11-28"), Tally::default(), &paid);
        // The first filings are 88 days old, the last 59.
        assert_eq!(cohort.paid, [6, 6, 13].map(Inr::from_rupees));
        assert_eq!(cohort.complete, 1);
    }
}
