//! How far a case has come and when: stage, status and every legal date, so that dates never run backwards.
//!
//! Knows the process of arbitration; nothing of parties, amounts or rows. A journey is built from its end: the day on
//! which the present stage was entered, and before it one stay after another.

use super::random::Random;
use super::row::{Date, add_months};

/// Codes of the stages that a case passes through while it is open.
pub(super) const STAGES: [&str; 10] = ["S00", "S10", "S20", "S30", "S40", "S50", "S60", "S70", "S80", "S90"];
/// The usual stay in each stage, in days; a stay is log-normal with 12% of them beyond it.
const USUAL_DAYS: [f64; 9] = [3.0, 21.0, 30.0, 7.0, 30.0, 90.0, 90.0, 30.0, 240.0];
/// The shortest stay after which the stage's steps can have been taken.
const LEAST_DAYS: [i64; 9] = [3, 13, 14, 5, 15, 42, 25, 10, 0];
/// Days for which the borrower may still pay after the recall notice was served.
pub(super) const CURE_DAYS: i64 = 7;
/// Days that a respondent has for the defence after the claim was served.
pub(super) const SOD_DAYS: i64 = 21;

/// Where a case stands and how it came there.
#[derive(Clone, Debug, Default)]
pub(super) struct Journey {
    /// Index into [`STAGES`] of the present stage, or of the last open one of a closed case.
    pub stage: usize,
    /// Status within that stage.
    pub status: &'static str,
    /// Since when it has that status.
    pub status_since: Date,
    /// The day on which each stage began, as far as they were reached.
    pub entered: [Option<Date>; 9],
    pub closed_on: Option<Date>,
    pub outcome: &'static str,
    pub lrn_on: Option<Date>,
    pub lrn_served_on: Option<Date>,
    pub s21_on: Option<Date>,
    pub s21_served_on: Option<Date>,
    pub filed_on: Option<Date>,
    pub registered_on: Option<Date>,
    pub proposed_on: Option<Date>,
    pub appointed_on: Option<Date>,
    pub soc_on: Option<Date>,
    pub soc_served_on: Option<Date>,
    pub sod_due_on: Option<Date>,
    pub sod_on: Option<Date>,
    pub pleadings_on: Option<Date>,
    pub award_on: Option<Date>,
    pub delivered_on: Option<Date>,
}

impl Journey {
    /// Whether the case is open.
    pub fn open(&self) -> bool {
        self.closed_on.is_none()
    }

    /// The first day of all.
    pub fn began(&self) -> Date {
        self.entered[0].unwrap_or_default()
    }

    /// The last day on which anything happened: the close, or the given day.
    pub fn until(&self, today: Date) -> Date {
        self.closed_on.unwrap_or(today)
    }

    /// The code of the stage as stored.
    pub fn stage_code(&self) -> &'static str {
        if self.open() { STAGES[self.stage] } else { "S90" }
    }

    /// The day on which the stage as stored began.
    pub fn stage_since(&self) -> Date {
        self.closed_on.or(self.entered[self.stage]).unwrap_or_default()
    }

    /// The last day for an award, S.29A(1): twelve months from the completion of pleadings.
    pub fn s29a_due_on(&self) -> Option<Date> {
        self.pleadings_on.map(|day| add_months(day, 12))
    }

    /// The last day for a petition to set the award aside: three months and thirty days from delivery.
    pub fn s34_due_on(&self) -> Option<Date> {
        self.delivered_on.map(|day| add_months(day, 3) + 30)
    }

    /// An open case's journey until today.
    pub fn open_case(random: &mut Random, today: Date, tribunal_delay: f64) -> Self {
        // The share of the slow stage grows with the time that cases wait in it.
        let tribunal = 11.0 * (1.0 + (tribunal_delay - 1.0) * 0.6);
        let stage = *random.weighted(&[(0, 6.0), (1, 15.0), (2, 18.0), (3, 6.0), (4, tribunal), (5, 16.0), (6, 15.0), (7, 5.0), (8, 8.0)]);
        let mut stay = stay(random, stage, tribunal_delay);
        if stage == 6 {
            // 2.1% of open cases have less than 60 days left for the award, 0.4% none: all of them wait in the hearing stage.
            let days = random.unit() * 100.0;
            stay = match days {
                ..2.7 => random.between(368, 420),
                2.7..14.0 => random.between(308, 362),
                _ => stay.min(250),
            };
        }
        Self::ending(random, today, stage, stay, tribunal_delay)
    }

    /// A closed case's journey: its outcome, the stage from which it closed, and when.
    pub fn closed_case(random: &mut Random, today: Date, tribunal_delay: f64) -> Self {
        let outcome = *random.weighted(&[
            ("SETTLED_OTS", 41.0),
            ("PAID_IN_FULL", 17.0),
            ("AWARD_SATISFIED", 11.0),
            ("CONSENT_AWARD_SATISFIED", 9.0),
            ("WITHDRAWN", 14.0),
            ("SET_ASIDE", 1.5),
            ("DISMISSED", 2.0),
            ("MOVED_FORUM", 3.0),
            ("DECEASED_NO_ESTATE", 0.8),
            ("INSOLVENCY_MORATORIUM", 0.7),
        ]);
        let closed_on = today - random.between(1, 420);
        Self::closing(random, closed_on, outcome, tribunal_delay)
    }

    /// The journey of a case that closed on a day with an outcome.
    pub fn closing(random: &mut Random, closed_on: Date, outcome: &'static str, tribunal_delay: f64) -> Self {
        let (first, last) = match outcome {
            "AWARD_SATISFIED" | "CONSENT_AWARD_SATISFIED" | "SET_ASIDE" => (8, 8),
            "DISMISSED" => (6, 6),
            "SETTLED_OTS" => (2, 6),
            "MOVED_FORUM" => (2, 5),
            "WITHDRAWN" => (0, 6),
            _ => (1, 6),
        };
        let stage = usize::try_from(random.between(first, last)).unwrap_or(0);
        let stay = match outcome {
            "AWARD_SATISFIED" => random.between(130, 420),
            "SET_ASIDE" => random.between(60, 300),
            "CONSENT_AWARD_SATISFIED" => random.between(20, 90),
            _ => stay(random, stage, tribunal_delay).max(2),
        };
        let mut journey = Self::ending(random, closed_on, stage, stay, tribunal_delay);
        match outcome {
            "SET_ASIDE" => journey.status = "CHALLENGED_S34",
            "AWARD_SATISFIED" => journey.status = "EXECUTION_FILED",
            _ => {}
        }
        journey.closed_on = Some(closed_on);
        journey.outcome = outcome;
        journey
    }

    /// A journey that has spent `stay` days in `stage` on the day `end`.
    pub fn ending(random: &mut Random, end: Date, stage: usize, days_in_stage: i64, tribunal_delay: f64) -> Self {
        let mut journey = Self { stage, ..Self::default() };
        let mut day = end - days_in_stage.max(0);
        journey.entered[stage] = Some(day);
        for earlier in (0..stage).rev() {
            day -= stay(random, earlier, tribunal_delay).max(LEAST_DAYS[earlier]);
            journey.entered[earlier] = Some(day);
        }
        for passed in 0..=stage {
            journey.take_steps(random, passed, end);
        }
        journey
    }

    /// Takes the steps of one stage: all of them when it was left again, else those that its stay until `end` allows.
    fn take_steps(&mut self, random: &mut Random, stage: usize, end: Date) {
        let Some(start) = self.entered[stage] else { return };
        let left = if stage < self.stage { self.entered[stage + 1] } else { None };
        let stay = left.unwrap_or(end) - start;
        // A day of this stage, when it has come: `Some` for every day of a stage that was left.
        let reached = |offset: i64| (left.is_some() || offset <= stay).then_some(start + offset.min(stay));
        let mut stand = |offset: i64, status: &'static str| {
            if left.is_none() && offset <= stay {
                self.status = status;
                self.status_since = start + offset;
            }
        };
        match stage {
            0 => {
                stand(0, "DRAFT");
                let later = *random.weighted(&[("DRAFT", 2.0), ("PENDING_APPROVAL", 3.0), ("RETURNED", 1.0)]);
                stand(1, later);
            }
            1 => {
                stand(0, "LRN_QUEUED");
                stand(1, "LRN_ISSUED");
                stand(3, "CURE_RUNNING");
                stand(3 + CURE_DAYS + 1, "CURE_EXPIRED");
                self.lrn_on = reached(1);
                self.lrn_served_on = reached(3);
            }
            2 => {
                let unserved = left.is_none() && stay > 12 && random.chance(16.0);
                stand(0, "S21_QUEUED");
                stand(1, "S21_ISSUED");
                if unserved {
                    stand(12, "S21_UNSERVED");
                } else {
                    stand(6, "S21_SERVED");
                    if random.chance(8.0) {
                        stand(11, "OBJECTION_RAISED");
                    }
                }
                self.s21_on = reached(1);
                self.s21_served_on = if unserved { None } else { reached(6) };
            }
            3 => {
                stand(0, "FILED");
                stand(1, "UNDER_SCRUTINY");
                let defect = random.chance(25.0);
                if defect {
                    stand(2, "DEFECT_RAISED");
                    stand(5, "DEFECT_CURED");
                }
                // Some wait long for their number: those are what the stage's limit shows.
                let registered = if left.is_some() { stay - 1 } else { 5 + i64::from(defect) * 2 };
                stand(registered, "REGISTERED");
                self.filed_on = reached(0);
                self.registered_on = reached(registered);
            }
            4 => self.take_tribunal_steps(random, start, left, stay),
            5 => self.take_pleading_steps(random, start, left, stay),
            6 => {
                stand(0, "HEARING_SCHEDULED");
                let later = *random.weighted(&[
                    ("HEARING_SCHEDULED", 38.0),
                    ("HEARD", 14.0),
                    ("ADJOURNED", 8.0),
                    ("EX_PARTE_ORDERED", 13.0),
                    ("EVIDENCE", 11.0),
                    ("ARGUMENTS", 9.0),
                    ("RESERVED", 7.0),
                ]);
                stand(14.max(stay - stay / 4 - 5), later);
            }
            7 => {
                stand(0, "AWARD_RESERVED");
                stand(6, "AWARD_MADE");
                stand(8, "AWARD_DISPATCHED");
                self.award_on = reached(6);
            }
            _ => self.take_award_steps(random, start, stay),
        }
    }

    fn take_tribunal_steps(&mut self, random: &mut Random, start: Date, left: Option<Date>, stay: i64) {
        self.proposed_on = Some(start);
        if left.is_some() {
            self.appointed_on = Some(start + stay - 2);
            return;
        }
        (self.status, self.status_since) = match stay {
            ..2 => ("ARBITRATOR_PROPOSED", start),
            2..16 => ("CONSENT_DISCLOSURE_AWAITED", start + 2),
            _ => {
                let slow = if stay > 36 { 80.0 } else { 34.0 };
                let status = *random.weighted(&[
                    ("CONSENT_DISCLOSURE_AWAITED", slow),
                    ("APPOINTED", 46.0),
                    ("CHALLENGED", 5.0),
                    ("S11_PENDING", 11.0),
                    ("SUBSTITUTION", 4.0),
                ]);
                (status, start + if status == "CONSENT_DISCLOSURE_AWAITED" { 2 } else { 15 })
            }
        };
        if matches!(self.status, "APPOINTED" | "CHALLENGED" | "SUBSTITUTION") {
            self.appointed_on = Some(start + 13);
        }
    }

    fn take_pleading_steps(&mut self, random: &mut Random, start: Date, left: Option<Date>, stay: i64) {
        let answered = random.chance(35.0);
        let reached = |offset: i64| (left.is_some() || offset <= stay).then_some(start + offset);
        self.soc_on = reached(10);
        self.soc_served_on = reached(13);
        self.sod_due_on = reached(13).map(|served| served + SOD_DAYS);
        self.sod_on = if answered { reached(30) } else { None };
        let complete = if left.is_some() { stay - 2 } else { 40 };
        let (steps, late): (&[(i64, &'static str)], bool) = if answered {
            (&[(0, "SOC_DUE"), (10, "SOC_FILED"), (14, "SOD_DUE"), (30, "SOD_FILED"), (31, "REJOINDER_DUE")], random.chance(45.0))
        } else {
            (&[(0, "SOC_DUE"), (10, "SOC_FILED"), (14, "SOD_DUE"), (35, "SOD_CLOSED")], random.chance(35.0))
        };
        if left.is_none() {
            for (offset, status) in steps.iter().filter(|(offset, _)| *offset <= stay) {
                (self.status, self.status_since) = (status, start + offset);
            }
        }
        // Pleadings that are complete wait for a first hearing in this stage; others have not come so far.
        if left.is_some() || (stay >= complete && !late) {
            self.pleadings_on = Some(start + complete);
            if left.is_none() {
                (self.status, self.status_since) = ("PLEADINGS_COMPLETE", start + complete);
            }
        }
    }

    fn take_award_steps(&mut self, random: &mut Random, start: Date, stay: i64) {
        // The last party's signed copy is what begins the stage.
        self.delivered_on = Some(start);
        let window = self.s34_due_on().unwrap_or(start) - start;
        (self.status, self.status_since) = if stay <= window {
            if stay > 30 && random.chance(7.0) { ("CHALLENGED_S34", start + 28) } else { ("CHALLENGE_WINDOW", start) }
        } else {
            let status = *random.weighted(&[
                ("EXECUTION_ELIGIBLE", 40.0),
                ("EXECUTION_FILED", 30.0),
                ("ATTACHMENT", 9.0),
                ("PART_REALISED", 12.0),
                ("CHALLENGED_S34", 6.0),
                ("STAYED", 3.0),
            ]);
            let since = if matches!(status, "CHALLENGED_S34" | "STAYED") { 70 } else { window + 1 };
            (status, start + since)
        };
    }
}

/// How long a stage takes: log-normal, 12% of the stays beyond the usual length.
fn stay(random: &mut Random, stage: usize, tribunal_delay: f64) -> i64 {
    let usual = USUAL_DAYS[stage] * if stage == 4 { tribunal_delay } else { 1.0 };
    // 0.62 of the limit as median and 0.407 as deviation put 12% beyond the limit.
    let days = usual * 0.62 * (0.407 * random.normal()).exp();
    (days as i64).min(usual as i64 * 4)
}
