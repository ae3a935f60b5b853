//! What followed on what: awards within so many days of registration, payments within so many days of a notice.

use super::{
    Desk, Refusal, add,
    money::{first_month, month_code},
    wire::ServedRecord,
};
use crate::{
    model::{AwardCohort, AwardRates, AwardsOver, AwardsWithin, Bound, Day, Filter, Narrowing, NoticePaid, PaidAfterNotice, Tally, Term},
    server::{
        casework::cases::wire::column,
        frappe::{Condition, Field, Group, Measure, Op, Value},
    },
};

/// Months whose registrations are followed: a year has passed for the earlier half of them.
const MONTHS: u32 = 24;
/// Days from registration within which awards are counted.
const AWARD_DAYS: [u32; 2] = [180, 365];
/// Days from service within which a payment is counted, the fewer first.
const PAID_DAYS: [i64; 2] = [15, 30];
/// Notices in the order in which they are sent.
const NOTICES: [&str; 8] = ["LRN", "S21", "SOC", "HEARING", "ORDER", "AWARD", "SETTLEMENT_OFFER", "REMINDER"];

/// Awards within 180 and 365 days, by month of registration.
///
/// # Errors
/// Who may not see cases is refused; otherwise what the upstream's fault means.
pub async fn awards(narrowing: Narrowing) -> Result<AwardRates, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let today = desk.today();
    let first = first_month(today, MONTHS);
    let month = Field::new("registered_month");
    let asked = |more: &[Filter]| {
        let cases = desk.cases(more, &[Measure::Sum(column::CLAIM)]);
        cases.filter(Condition::new(month, Op::Ge, month_code(first))).by(month)
    };
    let [sooner, later] = AWARD_DAYS.map(|days| asked(&[Filter::AwardDays(Bound::AtMost, days)]));
    let all = asked(&[]);
    let (all, sooner, later) = futures::try_join!(desk.client.group_by(&all), desk.client.group_by(&sooner), desk.client.group_by(&later))?;
    let within = [(AWARD_DAYS[0], sooner), (AWARD_DAYS[1], later)];
    let mut told = AwardRates {
        over: AWARD_DAYS.map(|days| AwardsOver { days, ..AwardsOver::default() }).into(),
        months: Vec::new(),
        as_of: desk.now(),
    };
    for month in (0..MONTHS).map(|later| first.months_later(later)) {
        let code = month_code(month);
        let of_month = |groups: &[Group], filters: &[Filter]| {
            let mut tally = Tally { href: Some(desk.narrowing.href(filters)), ..Tally::default() };
            groups.iter().filter(|group| group.keys.first() == Some(&code)).for_each(|group| add(&mut tally, group));
            tally
        };
        let last = month.months_later(1).later(-1);
        let registered = [Filter::Registered(Bound::AtLeast, month), Filter::Registered(Bound::AtMost, last)];
        let cases = of_month(&all, &registered);
        let within = within.iter().map(|(days, groups)| AwardsWithin {
            awards: of_month(groups, &[&registered[..], &[Filter::AwardDays(Bound::AtMost, *days)]].concat()),
            complete: passed(last, *days, today),
        });
        let within: Vec<_> = within.collect();
        for (sum, own) in told.over.iter_mut().zip(&within).filter(|(_, own)| own.complete) {
            let until = [Filter::Registered(Bound::AtLeast, first), Filter::Registered(Bound::AtMost, last)];
            let awarded = [&until[..], &[Filter::AwardDays(Bound::AtMost, sum.days)]].concat();
            sum.last = Some(month);
            sum.cases = joined(&sum.cases, &cases, desk.narrowing.href(&until));
            sum.awards = joined(&sum.awards, &own.awards, desk.narrowing.href(&awarded));
        }
        if cases.count > 0 {
            told.months.push(AwardCohort { month, cases, within });
        }
    }
    Ok(told)
}

/// Whether so many days have passed since then, that day's own included.
fn passed(since: Day, days: u32, today: Day) -> bool {
    today.days_since_epoch() - since.days_since_epoch() > i64::from(days)
}

fn joined(one: &Tally, other: &Tally, href: String) -> Tally {
    Tally { count: one.count + other.count, amount: one.amount + other.amount, href: Some(href) }
}

/// Payments within 15 and 30 days of a notice's service, by kind of notice.
///
/// # Errors
/// As [`awards`].
pub async fn notices(narrowing: Narrowing) -> Result<PaidAfterNotice, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let (notice, days) = (Field::new("notice_type"), Field::new("paid_days_after"));
    let served = || {
        let served = desk.records::<ServedRecord>([Measure::Count]).filter(Condition::eq(Field::new("counts_served"), true));
        served.by(notice)
    };
    let [_, most] = PAID_DAYS;
    let paid = served().filter(Condition::new(days, Op::Ge, Value::Int(0))).filter(Condition::new(days, Op::Le, Value::Int(most))).by(days);
    let served = served();
    let (served, paid) = futures::try_join!(desk.client.group_by(&served), desk.client.group_by(&paid))?;
    let line = |group: &Group| {
        let code = group.keys.first()?;
        let within = PAID_DAYS.map(|most| {
            let own = paid.iter().filter(|paid| paid.keys.first() == Some(code));
            let own = own.filter(|paid| paid.keys.get(1).and_then(|days| days.parse::<i64>().ok()).is_some_and(|days| days <= most));
            own.map(|paid| paid.count(0)).sum()
        });
        Some(NoticePaid { notice: Term::of(code.as_str()), served: group.count(0), within })
    };
    let mut lines: Vec<_> = served.iter().filter_map(line).collect();
    lines.sort_by_key(|line| NOTICES.iter().position(|known| *known == line.notice.code).unwrap_or(NOTICES.len()));
    Ok(PaidAfterNotice { lines, as_of: desk.now() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_over_when_the_last_who_were_registered_have_had_their_days() {
        let day = |text: &str| Day::parse(text).unwrap();
        // An award on the 180th day still counts.
        assert!(!passed(day("2026-05-31"), 180, day("2026-11-27")));
        assert!(passed(day("2026-05-31"), 180, day("2026-11-28")));
    }
}
