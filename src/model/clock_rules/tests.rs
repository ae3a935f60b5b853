//! Every period against dates that were counted by hand on a calendar, and what must hold for all dates.

use proptest::prelude::*;

use super::*;
use crate::model::{Actor, transition::Transition};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Period | day of the start | length | last day without the extension | last day | whose.
const COUNTED: &str = "
CURE            | 2026-11-25 | 7 days             | 2026-12-02 | 2026-12-02 | THEIRS
LIMITATION      | 2023-11-25 | 3 years            | 2026-11-25 | 2026-11-25 | OURS
LIMITATION      | 2024-02-29 | 3 years            | 2027-02-28 | 2027-02-28 | OURS
S21_RESPONSE    | 2026-01-31 | 30 days            | 2026-03-02 | 2026-03-02 | THEIRS
S21_RESPONSE    | 2028-01-31 | 30 days            | 2028-03-01 | 2028-03-01 | THEIRS
S13_CHALLENGE   | 2026-02-20 | 15 days            | 2026-03-07 | 2026-03-07 | OURS
S23_PLEADINGS   | 2025-08-31 | 6 months           | 2026-02-28 | 2026-02-28 | TRIBUNAL
S29A_AWARD      | 2024-02-29 | 12 months          | 2025-02-28 | 2025-02-28 | TRIBUNAL
S29A_AWARD      | 2026-03-15 | 12 months          | 2027-03-15 | 2027-03-15 | TRIBUNAL
S29A_CONSENT    | 2025-02-28 | 6 months           | 2025-08-28 | 2025-08-28 | TRIBUNAL
S29B_FAST       | 2026-11-30 | 6 months           | 2027-05-30 | 2027-05-30 | TRIBUNAL
SOD             | 2026-12-20 | 21 days            | 2027-01-10 | 2027-01-10 | THEIRS
S33_CORRECTION  | 2026-11-25 | 30 days            | 2026-12-25 | 2026-12-25 | THEIRS
S34_CHALLENGE   | 2025-11-30 | 3 months + 30 days | 2026-02-28 | 2026-03-30 | THEIRS
S34_CHALLENGE   | 2026-01-31 | 3 months + 30 days | 2026-04-30 | 2026-05-30 | THEIRS
S34_CHALLENGE   | 2027-11-30 | 3 months + 30 days | 2028-02-29 | 2028-03-30 | THEIRS
EXECUTION       | 2026-03-30 | 12 years           | 2038-03-30 | 2038-03-30 | OURS
EXECUTION       | 2028-02-29 | 12 years           | 2040-02-29 | 2040-02-29 | OURS
S138_NOTICE     | 2026-12-05 | 30 days            | 2027-01-04 | 2027-01-04 | OURS
S138_PAYMENT    | 2026-02-14 | 15 days            | 2026-03-01 | 2026-03-01 | THEIRS
S138_COMPLAINT  | 2026-01-31 | 1 month            | 2026-02-28 | 2026-02-28 | OURS
SARFAESI_DEMAND | 2026-11-25 | 60 days            | 2027-01-24 | 2027-01-24 | THEIRS
SARFAESI_REPLY  | 2026-12-20 | 15 days            | 2027-01-04 | 2027-01-04 | OURS
S9_START        | 2026-11-25 | 90 days            | 2027-02-23 | 2027-02-23 | OURS
";

#[test]
fn periods_end_on_the_days_that_a_calendar_says() {
    let lengths = ClockLengths::default();
    let mut counted = std::collections::BTreeSet::new();
    for line in COUNTED.lines().filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let rule = ClockRule::of(&ClockCode::from(cells[0].to_owned())).unwrap();
        let period = rule.period(day(cells[1]), &lengths).unwrap();
        let seen = [rule.length_text(&lengths), period.plain_until.iso(), period.due_on.iso(), rule.owner(false).code().to_owned()];
        assert_eq!(seen, cells[2..], "{line}");
        counted.insert(cells[0]);
    }
    let left: Vec<&str> = ClockCode::ALL.iter().map(ClockCode::code).filter(|code| !counted.contains(code)).collect();
    assert_eq!(left, ["S29A_COURT"]);
    let court = ClockRule::of(&ClockCode::S29aCourt).unwrap();
    assert_eq!((court.period(day("2026-11-25"), &lengths), court.length_text(&lengths)), (None, "as ordered".to_owned()));
}

#[test]
fn every_period_of_the_set_has_one_rule_and_says_why_and_what_then() {
    let ruled: Vec<&ClockCode> = CLOCK_RULES.iter().map(|rule| rule.clock).collect();
    assert_eq!(ruled, ClockCode::ALL.iter().collect::<Vec<_>>());
    let codes: std::collections::BTreeSet<&str> = CLOCK_RULES.iter().map(|rule| rule.rule_code).collect();
    assert_eq!(codes.len(), CLOCK_RULES.len());
    for rule in CLOCK_RULES {
        let code = rule.clock.code();
        assert!(!rule.starts.is_empty() && rule.rule_text.ends_with('.') && rule.on_expiry.ends_with('.'), "{code}");
        assert!(rule.per_party || rule.side != Side::Party, "{code}");
        // What the end of a period brings by itself is a step of the portal's own.
        if let Some(action) = rule.brings {
            assert!(Transition::of(action).unwrap().by.contains(&Actor::Job), "{code}");
        }
    }
    let each: Vec<&str> = CLOCK_RULES.iter().filter(|rule| rule.per_party).map(|rule| rule.clock.code()).collect();
    assert_eq!(each, ["S21_RESPONSE", "SOD", "S33_CORRECTION", "S34_CHALLENGE"]);
}

#[test]
fn a_partys_own_period_is_ours_where_we_are_the_party_and_then_we_act_without_the_extension() {
    let challenge = ClockRule::of(&ClockCode::S34Challenge).unwrap();
    let period = challenge.period(day("2026-01-31"), &ClockLengths::default()).unwrap();
    let by = [true, false].map(|claimant| period.act_by(&challenge.owner(claimant)).iso());
    assert_eq!(by, ["2026-04-30", "2026-05-30"]);
}

#[test]
fn an_institution_sets_only_its_own_lengths_and_within_bounds() {
    let mut lengths = ClockLengths::default();
    assert_eq!(lengths.set(ClockCode::S34Challenge, 30), Err(LengthProblem::NotOurs));
    assert_eq!(lengths.set(ClockCode::Unknown("TEA".to_owned()), 30), Err(LengthProblem::NotOurs));
    let refused = [(ClockCode::Cure, 6), (ClockCode::Cure, 16), (ClockCode::Sod, 13), (ClockCode::Sod, 31)];
    let refused = refused.map(|(clock, days)| lengths.set(clock, days).unwrap_err().to_string());
    assert_eq!(
        refused,
        ["Choose from 7 to 15 days.", "Choose from 7 to 15 days.", "Choose from 14 to 30 days.", "Choose from 14 to 30 days."]
    );
    assert_eq!(lengths, ClockLengths::default());
    assert_eq!([lengths.set(ClockCode::Cure, 7), lengths.set(ClockCode::Cure, 15), lengths.set(ClockCode::Sod, 30)], [Ok(()); 3]);
    let due = |clock| ClockRule::of(&clock).unwrap().period(day("2026-11-25"), &lengths).unwrap().due_on.iso();
    assert_eq!([due(ClockCode::Cure), due(ClockCode::Sod)], ["2026-12-10", "2026-12-25"]);
    assert_eq!(ClockRule::of(&ClockCode::Cure).unwrap().length_text(&lengths), "15 days");
}

#[test]
fn warnings_come_at_sixty_thirty_and_seven_days_and_once() {
    let (due, today) = (day("2027-01-24"), day("2026-11-25"));
    let levels = [-1, 0, 29, 30, 52, 53, 60, 400].map(|later| warning_level(due, today.later(later)));
    assert_eq!(levels, [0, 60, 60, 30, 30, 7, 7, 7]);
    let given = [(0, 0), (0, 60), (30, 60), (30, 30), (55, 60), (55, 7), (-5, 0), (55, 0)];
    let warned = given.map(|(later, given)| warning_due(due, today.later(later), given));
    assert_eq!(warned, [Some(60), None, Some(30), None, Some(7), None, None, Some(7)]);
}

#[test]
fn limitation_is_a_risk_from_its_nine_hundredth_day() {
    let rule = ClockRule::of(&ClockCode::Limitation).unwrap();
    let start = day("2024-01-01");
    let due = rule.period(start, &ClockLengths::default()).unwrap().due_on;
    assert_eq!([899, 900, 2_000].map(|days| rule.at_risk(start, due, start.later(days))), [false, true, true]);
    let award = ClockRule::of(&ClockCode::S29aAward).unwrap();
    let due = award.period(start, &ClockLengths::default()).unwrap().due_on;
    assert_eq!([61, 60, -3].map(|left| award.at_risk(start, due, due.later(-left))), [false, true, true]);
}

#[test]
fn limitation_runs_anew_from_what_came_in_time_and_from_nothing_else() {
    let default_on = day("2020-03-31");
    let start = |renewed: &[(Day, &'static str)]| limitation_start(default_on, renewed);
    assert_eq!(start(&[]), (default_on, "DEFAULT"));
    assert_eq!(start(&[(day("2019-01-01"), "LAST_PAYMENT")]), (default_on, "DEFAULT"));
    assert_eq!(start(&[(day("2023-03-31"), "LAST_PAYMENT")]), (day("2023-03-31"), "LAST_PAYMENT"));
    assert_eq!(start(&[(day("2023-04-01"), "ACKNOWLEDGEMENT")]), (default_on, "DEFAULT"));
    // In whatever order they are known.
    let renewed = [(day("2025-12-01"), "ACKNOWLEDGEMENT"), (day("2022-12-31"), "LAST_PAYMENT")];
    assert_eq!(start(&renewed), (day("2025-12-01"), "ACKNOWLEDGEMENT"));
    let known = ClockRule::of(&ClockCode::Limitation).unwrap().starts;
    assert_eq!(known, ["DEFAULT", "ACKNOWLEDGEMENT", "LAST_PAYMENT"]);
}

#[test]
fn what_happens_on_the_last_day_is_in_time_and_what_happens_after_it_is_not() {
    let (last, next, early) = (day("2026-11-25"), day("2026-11-26"), day("2026-11-01"));
    let states = [
        state(last, last, None),
        state(last, next, None),
        state(last, next, Some(Ended::Met(last))),
        state(last, next, Some(Ended::Met(next))),
        state(last, last, Some(Ended::Stopped(early))),
        state(last, next, Some(Ended::Stopped(next))),
        state(last, next, Some(Ended::Extended(next))),
    ];
    let codes: Vec<&str> = states.iter().map(ClockState::code).collect();
    assert_eq!(codes, ["RUNNING", "EXPIRED", "MET", "EXPIRED", "STOPPED", "EXPIRED", "EXTENDED"]);
}

#[test]
fn a_case_minds_the_soonest_of_our_running_periods() {
    let row = |clock: ClockCode, side: ClockSide, state: ClockState, due: &str| CaseClock { clock, side, state, due_on: day(due) };
    use ClockSide::{Ours, Theirs, Tribunal};
    use ClockState::{Met, Running};
    let mut rows = vec![
        row(ClockCode::Cure, Theirs, Running, "2026-11-26"),
        row(ClockCode::S29aAward, Tribunal, Running, "2026-11-27"),
        row(ClockCode::S13Challenge, Ours, Met, "2026-11-28"),
        row(ClockCode::S138Notice, Ours, Running, "2026-12-10"),
        row(ClockCode::Limitation, Ours, Running, "2026-12-10"),
    ];
    assert_eq!(next_due(&rows).map(|row| row.clock.code()), Some("LIMITATION"));
    rows.truncate(3);
    assert_eq!(next_due(&rows), None);
    let parties = ["2026-03-30", "2026-05-30", "2026-04-02"].map(|due| row(ClockCode::S34Challenge, Theirs, Running, due));
    assert_eq!(last_due(&parties, &ClockCode::S34Challenge), Some(day("2026-05-30")));
    assert_eq!(last_due(&parties, &ClockCode::Sod), None);
}

/// A day from 1970 to about 2106.
fn any_day() -> impl Strategy<Value = Day> {
    (0_i64..50_000).prop_map(|days| Day::from_days_since_epoch(days).unwrap())
}

proptest! {
    #[test]
    fn a_later_start_never_ends_earlier_and_nothing_ends_before_it_starts(start in any_day(), gap in 0_i64..800) {
        let lengths = ClockLengths::default();
        for rule in CLOCK_RULES.iter().filter(|rule| rule.length != Length::Stated) {
            let (one, other) = (rule.period(start, &lengths).unwrap(), rule.period(start.later(gap), &lengths).unwrap());
            prop_assert!(one.due_on <= other.due_on && one.plain_until <= other.plain_until, "{}", rule.rule_code);
            prop_assert!(one.starts_on < one.plain_until, "{}", rule.rule_code);
            // An extension never shortens, and what has none has one last day.
            prop_assert!(one.plain_until <= one.due_on && (rule.extension.is_some() || one.plain_until == one.due_on), "{}", rule.rule_code);
        }
    }

    #[test]
    fn months_are_as_long_as_months_are(start in any_day(), months in 1_u16..200) {
        let end = Length::Months(months).after(start).unwrap();
        let days = end.days_since_epoch() - start.days_since_epoch();
        prop_assert!((i64::from(months) * 28..=i64::from(months) * 31).contains(&days));
        prop_assert!(end.of_month() == start.of_month() || end.later(1).of_month() == 1);
    }

    #[test]
    fn more_days_set_never_end_earlier(start in any_day(), cure in 7_u16..15, sod in 14_u16..30) {
        for (clock, days) in [(ClockCode::Cure, cure), (ClockCode::Sod, sod)] {
            let due = |days: u16| {
                let mut lengths = ClockLengths::default();
                lengths.set(clock.clone(), days).unwrap();
                ClockRule::of(&clock).unwrap().period(start, &lengths).unwrap().due_on
            };
            prop_assert_eq!(due(days).later(1), due(days + 1));
        }
    }

    #[test]
    fn a_warning_only_tightens_as_days_pass(due in any_day(), left in -10_i64..90) {
        let (today, tomorrow) = (due.later(-left), due.later(1 - left));
        let rank = |level: u16| WARNING_DAYS.iter().position(|known| *known == level).map_or(0, |at| at + 1);
        prop_assert!(rank(warning_level(due, today)) <= rank(warning_level(due, tomorrow)));
    }
}
