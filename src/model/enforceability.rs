//! What an award is measured by when it comes to be enforced, and what of it is missing (`domain.md` §10.2).
//!
//! Owns when each item is due and what the score is. It must not know where the grounds are found, and promises nothing.

use super::{Checklist, ConsentBasis, Stage};

/// Without consent there is no tribunal, whatever else is in order.
const CAP: u32 = 20;
/// Up to this score a case is red.
const RED_MAX: u32 = 20;
/// From this score on a case is green.
const GREEN_MIN: u32 = 80;

/// What is known of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// Where it stands: what a later stage needs is not missing before.
    pub stage: Stage,
    /// Whether the agreement has an arbitration clause.
    pub clause: bool,
    /// How the respondent agreed to how the arbitrator was appointed.
    pub consent: ConsentBasis,
    /// Whether an arbitrator was appointed.
    pub appointed: bool,
    /// Whether the disclosure under s. 12 is on file.
    pub disclosed: bool,
    /// Whether the notice under s. 21 counts as served on every required respondent.
    pub s21_served: bool,
    /// Whether a statement of claim was filed.
    pub claim_filed: bool,
    /// The same of the notice of hearing.
    pub hearing_served: bool,
    /// Whether the time under s. 29A ran out before an award.
    pub time_over: bool,
    /// Whether the signed award counts as served on every required respondent.
    pub award_served: bool,
}

impl Grounds {
    /// Those of a case in intake, of which nothing but its agreement is known.
    pub const fn of_intake(clause: bool, consent: ConsentBasis) -> Self {
        Self {
            stage: Stage::Intake,
            clause,
            consent,
            appointed: false,
            disclosed: false,
            s21_served: false,
            claim_filed: false,
            hearing_served: false,
            time_over: false,
            award_served: false,
        }
    }

    /// Whether the case has come as far as this stage.
    fn reached(&self, stage: &Stage) -> bool {
        let place = |stage: &Stage| Stage::ALL.iter().position(|known| known == stage);
        place(&self.stage) >= place(stage)
    }

    /// What is missing although the case has come so far that it should be there, and what that leaves.
    pub fn measure(&self) -> Enforceability {
        let is_missing = |item: &str| match item {
            "CLAUSE" => !self.clause,
            "S21" => self.reached(&Stage::Reference) && !self.s21_served,
            "APPOINTMENT" => self.appointed && self.consent == ConsentBasis::None,
            "DISCLOSURE" => self.appointed && !self.disclosed,
            "SOC" => self.reached(&Stage::Hearing) && !self.claim_filed,
            "HEARINGNOTICE" => self.reached(&Stage::Award) && !self.hearing_served,
            "S29A" => self.time_over,
            _ => self.reached(&Stage::PostAward) && !self.award_served,
        };
        let missing: Vec<_> = Checklist::ITEMS.into_iter().filter(|(item, _)| is_missing(item)).collect();
        let score = 100 - missing.iter().map(|(_, weight)| weight).sum::<u32>();
        let score = if self.consent == ConsentBasis::None { score.min(CAP) } else { score };
        Enforceability { missing: missing.into_iter().map(|(item, _)| item).collect(), score }
    }
}

/// How a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enforceability {
    /// Codes of `missing_item`, in the order of the checklist.
    pub missing: Vec<&'static str>,
    /// Points of 100.
    pub score: u32,
}

impl Enforceability {
    /// Option set `score_band`.
    pub const fn band(&self) -> &'static str {
        match self.score {
            ..=RED_MAX => "RED",
            GREEN_MIN.. => "GREEN",
            _ => "AMBER",
        }
    }

    /// The items as a case's record keeps them: `;CLAUSE;S21;`, or nothing.
    pub fn kept(&self) -> String {
        if self.missing.is_empty() { String::new() } else { format!(";{};", self.missing.join(";")) }
    }
}

/// What is to be done about a missing item, without personal data.
pub fn cure(item: &str) -> &'static str {
    match item {
        "CLAUSE" => "Put the agreement with its arbitration clause on file",
        "S21" => "Have the notice under s. 21 served on every respondent",
        "APPOINTMENT" => "Have a consent to the appointment, or an order under s. 11, put on file",
        "DISCLOSURE" => "Ask for the arbitrator’s disclosure under s. 12",
        "SOC" => "File the statement of claim",
        "HEARINGNOTICE" => "Have the notice of hearing served on every respondent",
        "S29A" => "Obtain an extension of the time under s. 29A",
        _ => "Have the signed award delivered to every respondent",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(stage: Stage) -> Grounds {
        Grounds {
            appointed: true,
            disclosed: true,
            s21_served: true,
            claim_filed: true,
            hearing_served: true,
            award_served: true,
            stage,
            ..Grounds::of_intake(true, ConsentBasis::AgreedAfterDispute)
        }
    }

    #[test]
    fn a_case_with_everything_on_file_has_every_point_at_every_stage() {
        for stage in Stage::ALL {
            let measured = whole(stage.clone()).measure();
            assert_eq!((measured.score, measured.band(), measured.kept()), (100, "GREEN", String::new()), "{stage:?}");
        }
        assert_eq!(Checklist::ITEMS.iter().map(|(_, weight)| weight).sum::<u32>(), 100);
    }

    #[test]
    fn each_item_costs_its_points_from_the_stage_on_that_needs_it() {
        let at = |stage: Stage, change: fn(&mut Grounds)| {
            let mut grounds = whole(stage);
            change(&mut grounds);
            let measured = grounds.measure();
            (measured.kept(), measured.score)
        };
        let none = (String::new(), 100);
        assert_eq!(at(Stage::Intake, |of| of.clause = false), (";CLAUSE;".into(), 90));
        assert_eq!(at(Stage::Invocation, |of| of.s21_served = false), none);
        assert_eq!(at(Stage::Reference, |of| of.s21_served = false), (";S21;".into(), 80));
        assert_eq!(at(Stage::Pleadings, |of| of.claim_filed = false), none);
        assert_eq!(at(Stage::Hearing, |of| of.claim_filed = false), (";SOC;".into(), 90));
        assert_eq!(at(Stage::Hearing, |of| of.hearing_served = false), none);
        assert_eq!(at(Stage::Award, |of| of.hearing_served = false), (";HEARINGNOTICE;".into(), 85));
        assert_eq!(at(Stage::Award, |of| of.award_served = false), none);
        assert_eq!(at(Stage::PostAward, |of| of.award_served = false), (";AWARDCOPY;".into(), 95));
        assert_eq!(at(Stage::Hearing, |of| of.time_over = true), (";S29A;".into(), 90));
        assert_eq!(at(Stage::Reference, |of| of.disclosed = false), (";DISCLOSURE;".into(), 90));
    }

    #[test]
    fn without_consent_the_score_is_held_at_twenty() {
        let grounds = Grounds { consent: ConsentBasis::None, ..whole(Stage::PostAward) };
        let measured = grounds.measure();
        assert_eq!((measured.missing.as_slice(), measured.score, measured.band()), (&["APPOINTMENT"][..], 20, "RED"));
        let early = Grounds::of_intake(true, ConsentBasis::None).measure();
        assert_eq!((early.kept(), early.score), (String::new(), 20));
    }

    proptest! {
        /// Putting something on file never takes a point, and an item is missing or not, never twice.
        #[test]
        fn what_is_put_on_file_never_costs_a_point(bits in 0_u32..512, stage in 0_usize..10, more in 0_u32..8) {
            let of = |bits: u32| Grounds {
                stage: Stage::ALL[stage].clone(),
                clause: bits & 1 > 0,
                consent: if bits & 2 > 0 { ConsentBasis::AgreedAfterDispute } else { ConsentBasis::None },
                appointed: bits & 256 > 0,
                disclosed: bits & 4 > 0,
                s21_served: bits & 8 > 0,
                claim_filed: bits & 16 > 0,
                hearing_served: bits & 32 > 0,
                time_over: bits & 64 == 0,
                award_served: bits & 128 > 0,
            };
            let (before, after) = (of(bits).measure(), of(bits | 1 << more).measure());
            prop_assert!(after.score >= before.score, "{before:?} {after:?}");
            let mut once = before.missing.clone();
            once.dedup();
            prop_assert_eq!(once, before.missing);
        }
    }
}
