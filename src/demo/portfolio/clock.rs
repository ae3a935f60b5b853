//! The legal periods of a case, each with its start, its rule and what became of it.
//!
//! Reads the journey's dates; a clock never moves a case.

use super::case::{Tally, scope};
use super::journey::CURE_DAYS;
use super::people::House;
use super::plan::Plan;
use super::random::Random;
use super::row::{Date, Record, add_months, at, natural_key};

/// One period.
struct Clock {
    code: &'static str,
    party: Option<usize>,
    start: &'static str,
    from: Date,
    due: Date,
    length: &'static str,
    rule: (&'static str, &'static str),
    side: &'static str,
    /// The day on which what was waited for happened, and what it was.
    met: Option<(Date, &'static str)>,
}

/// Writes a case's clocks and tells the tally what the institution must do soonest.
pub(super) fn rows(house: &House<'_>, plan: &Plan, random: &mut Random, tally: &mut Tally) -> Vec<Record> {
    let shared = scope(house, plan);
    clocks(plan).iter().map(|clock| row(house, plan, random, tally, &shared, clock)).collect()
}

fn clocks(plan: &Plan) -> Vec<Clock> {
    let journey = &plan.journey;
    let mut clocks = vec![Clock {
        code: "LIMITATION",
        party: None,
        start: "DEFAULT",
        from: plan.default_on,
        due: add_months(plan.default_on, 36),
        length: "3 years",
        rule: ("LIMITATION", "A claim is barred three years after the default"),
        side: "OURS",
        met: journey.s21_served_on.map(|day| (day, "S21_RECEIVED")),
    }];
    if let Some(from) = journey.lrn_served_on {
        let (due, rule) = (from + CURE_DAYS, ("LRN_CURE", "The borrower may pay within the cure period after the recall notice"));
        clocks.push(Clock { code: "CURE", party: None, start: "LRN_SERVED", from, due, length: "7 days", rule, side: "THEIRS", met: None });
    }
    if let Some(from) = journey.s21_served_on {
        let met = journey.appointed_on.map(|day| (day, "APPOINTED")).filter(|(day, _)| *day <= from + 30);
        let rule = ("S21", "The respondent has thirty days to answer the request to arbitrate");
        clocks.push(Clock {
            code: "S21_RESPONSE",
            party: Some(1),
            start: "S21_RECEIVED",
            from,
            due: from + 30,
            length: "30 days",
            rule,
            side: "THEIRS",
            met,
        });
    }
    if let Some(from) = journey.appointed_on {
        let met = journey.pleadings_on.map(|day| (day, "PLEADINGS_COMPLETE"));
        let rule = ("S23(4)", "Pleadings are completed within six months of the tribunal's notice of appointment");
        clocks.push(Clock {
            code: "S23_PLEADINGS",
            party: None,
            start: "APPOINTED",
            from,
            due: add_months(from, 6),
            length: "6 months",
            rule,
            side: "TRIBUNAL",
            met,
        });
    }
    if let (Some(from), Some(due)) = (journey.soc_served_on, journey.sod_due_on) {
        let met = journey.sod_on.map(|day| (day, "SOD_FILED"));
        let rule = ("S23(1)", "The defence is due within the time that the tribunal set");
        clocks.push(Clock { code: "SOD", party: Some(1), start: "SOC_SERVED", from, due, length: "21 days", rule, side: "THEIRS", met });
    }
    if let (Some(from), Some(due)) = (journey.pleadings_on, journey.s29a_due_on()) {
        let met = journey.award_on.map(|day| (day, "AWARD_MADE"));
        let rule = ("S29A(1)", "The award is made within twelve months of the completion of pleadings");
        clocks.push(Clock {
            code: "S29A_AWARD",
            party: None,
            start: "PLEADINGS_COMPLETE",
            from,
            due,
            length: "12 months",
            rule,
            side: "TRIBUNAL",
            met,
        });
    }
    if let (Some(from), Some(due)) = (journey.delivered_on, journey.s34_due_on()) {
        let rule = ("S33", "A correction is asked for within thirty days of receipt");
        clocks.push(Clock {
            code: "S33_CORRECTION",
            party: Some(0),
            start: "AWARD_RECEIVED",
            from,
            due: from + 30,
            length: "30 days",
            rule,
            side: "OURS",
            met: None,
        });
        let challenged = matches!(journey.status, "CHALLENGED_S34" | "STAYED") && journey.status_since <= due;
        for party in 1..plan.parties.len() {
            let met = (challenged && party == 1).then_some((journey.status_since, "S34_FILED"));
            let rule = ("S34(3)", "The award may be challenged within three months and thirty days of receipt by that party");
            clocks.push(Clock {
                code: "S34_CHALLENGE",
                party: Some(party),
                start: "AWARD_RECEIVED",
                from,
                due,
                length: "3 months + 30 days",
                rule,
                side: "THEIRS",
                met,
            });
        }
    }
    clocks
}

fn row(house: &House<'_>, plan: &Plan, random: &mut Random, tally: &mut Tally, shared: &Record, clock: &Clock) -> Record {
    let journey = &plan.journey;
    let closed = journey.closed_on.map(|day| (day, "CASE_CLOSED"));
    let (state, ended) = match (clock.met, closed) {
        (Some(met), _) => ("MET", Some(met)),
        _ if clock.due < journey.until(house.today) => ("EXPIRED", Some((clock.due, "TIME_OVER"))),
        (None, Some(closed)) => ("STOPPED", Some(closed)),
        (None, None) => ("RUNNING", None),
    };
    if state == "RUNNING" && clock.side == "OURS" && tally.next_due.is_none_or(|(due, _)| clock.due < due) {
        tally.next_due = Some((clock.due, clock.code));
    }
    let left = clock.due - house.today;
    let warned = match left {
        ..=7 => 7,
        8..=30 => 30,
        31..=60 => 60,
        _ => 0,
    };
    let party = clock.party.map(|index| &plan.parties[index]);
    let label = clock.party.map_or_else(String::new, |index| if index == 0 { "C1".to_owned() } else { format!("R{index}") });
    let parts = [plan.row.as_str(), clock.code, party.map_or("-", |party| &party.row), "1"];
    let made_at = at(clock.from, 10);
    let mut row = house
        .row(&random.row_name(), "job:CLOCK_SCAN", made_at, ended.map_or(made_at, |(day, _)| at(day, 10)))
        .with(shared)
        .text("clock_key", natural_key(&house.spec.record, &parts))
        .text("case_ref", &plan.row)
        .text("clock", clock.code)
        .text("party_label", label)
        .text("start_event", clock.start)
        .text("start_type", "Arbitration Case")
        .text("start_name", &plan.row)
        .date("starts_on", clock.from)
        .date("due_on", clock.due)
        .text("length_text", clock.length)
        .text("rule_code", clock.rule.0)
        .text("rule_text", clock.rule.1)
        .text("state", state)
        .int("warned_level", if state == "RUNNING" { warned } else { 0 })
        .text("owner_side", clock.side)
        .maybe("party", party.map(|party| party.row.as_str()));
    if let Some((day, event)) = ended {
        row = row.date("ended_on", day).text("ended_by_event", event);
    }
    row.done()
}
