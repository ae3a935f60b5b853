//! The periods as data: start, length, rule, side, end.
//!
//! A length stands here once. Where the law's reading is open the earlier last day is taken when we must act, and the later one
//! when we must wait.

use super::{ClockRule, Length, Side};
use crate::model::ClockCode;

/// The event from which limitation runs where nothing renewed it.
pub(super) const DEFAULT: &str = "DEFAULT";

/// How long a claim may be brought.
pub(super) const LIMITATION: Length = Length::Years(3);

/// A rule for the whole case without extension.
const fn rule(clock: &'static ClockCode, starts: &'static [&'static str], length: Length, side: Side) -> ClockRule {
    ClockRule {
        clock,
        starts,
        length,
        extension: None,
        rule_code: "",
        rule_text: "",
        per_party: false,
        side,
        on_expiry: "",
        brings: None,
        risk_after_days: None,
    }
}

impl ClockRule {
    const fn by(self, rule_code: &'static str, rule_text: &'static str) -> Self {
        Self { rule_code, rule_text, ..self }
    }

    const fn then(self, on_expiry: &'static str) -> Self {
        Self { on_expiry, ..self }
    }

    const fn brings(self, action: &'static str) -> Self {
        Self { brings: Some(action), ..self }
    }

    const fn each_party(self) -> Self {
        Self { per_party: true, ..self }
    }
}

/// Every period, in the order of the set.
pub const CLOCK_RULES: &[ClockRule] = &[
    rule(&ClockCode::Cure, &["LRN_SERVED"], Length::Set { least: 7, usual: 7, most: 15 }, Side::Theirs)
        .by("LRN_CURE", "The borrower may pay within the cure period after the recall notice was served.")
        .then("The notice under s. 21 may be sent.")
        .brings("end_cure"),
    ClockRule {
        risk_after_days: Some(900),
        ..rule(&ClockCode::Limitation, &[DEFAULT, "ACKNOWLEDGEMENT", "LAST_PAYMENT"], LIMITATION, Side::Ours)
    }
    .by("LIMITATION", "A claim is barred three years after the default, or after the last acknowledgement or payment in that time.")
    .then("The claim is barred."),
    rule(&ClockCode::S21Response, &["S21_RECEIVED"], Length::Days(30), Side::Theirs)
        .by("S21", "The respondent has thirty days from receipt to answer the request to arbitrate.")
        .then("The institution named may appoint, or the court may be asked under s. 11.")
        .each_party(),
    rule(&ClockCode::S13Challenge, &["APPOINTED", "GROUNDS_LEARNT"], Length::Days(15), Side::Ours)
        .by("S13(2)", "The arbitrator is challenged within fifteen days of learning of the appointment or of the grounds.")
        .then("The right to challenge lapses."),
    rule(&ClockCode::S23Pleadings, &["APPOINTED"], Length::Months(6), Side::Tribunal)
        .by("S23(4)", "Pleadings are completed within six months of the day on which the arbitrator had notice of the appointment.")
        .then("The pleadings are late."),
    // Not from entering upon the reference: that was the text before 2019.
    rule(&ClockCode::S29aAward, &["PLEADINGS_COMPLETE"], Length::Months(12), Side::Tribunal)
        .by("S29A(1)", "The award is made within twelve months of the completion of pleadings.")
        .then("The mandate ends unless the parties consent to six months more, or the court extends it."),
    rule(&ClockCode::S29aConsent, &["S29A_AWARD_ENDED"], Length::Months(6), Side::Tribunal)
        .by("S29A(3)", "The parties may extend the time for the award by six months.")
        .then("The mandate ends unless the court extends it."),
    rule(&ClockCode::S29aCourt, &["COURT_EXTENDED"], Length::Stated, Side::Tribunal)
        .by("S29A(4)", "The court may extend the time for the award, even after it has run out, until the day that its order states.")
        .then("The mandate ends unless the court extends it again."),
    rule(&ClockCode::S29bFast, &["REFERENCE_ENTERED"], Length::Months(6), Side::Tribunal)
        .by("S29B(4)", "In the fast track the award is made within six months of the reference.")
        .then("The mandate ends unless the parties consent to six months more, or the court extends it."),
    rule(&ClockCode::Sod, &["SOC_SERVED"], Length::Set { least: 14, usual: 21, most: 30 }, Side::Theirs)
        .by("S23(1)", "The defence is due within the time set after the statement of claim was served.")
        .then("The right to a statement of defence may be closed, and the case go on ex parte.")
        .each_party(),
    rule(&ClockCode::S33Correction, &["AWARD_RECEIVED"], Length::Days(30), Side::Party)
        .by("S33(1)", "A party may ask for a correction within thirty days of receiving the award.")
        .then("The award stands as it is.")
        .each_party(),
    ClockRule { extension: Some(Length::Days(30)), ..rule(&ClockCode::S34Challenge, &["AWARD_RECEIVED"], Length::Months(3), Side::Party) }
        .by(
            "S34(3)",
            "A party may challenge the award within three months of receiving its signed copy, and with cause within thirty days more.",
        )
        .then("The award is final, and may be executed once the time of every party is over.")
        .each_party()
        .brings("end_challenge_window"),
    rule(&ClockCode::Execution, &["AWARD_ENFORCEABLE"], Length::Years(12), Side::Ours)
        .by("EXECUTION", "An award is executed within twelve years of becoming enforceable.")
        .then("Execution is barred."),
    rule(&ClockCode::S138Notice, &["MEMO_RECEIVED"], Length::Days(30), Side::Ours)
        .by("S138(B)", "The cheque notice is sent within thirty days of receiving the bank's return memo.")
        .then("The right to complain of this return is lost."),
    rule(&ClockCode::S138Payment, &["S138_NOTICE_RECEIVED"], Length::Days(15), Side::Theirs)
        .by("S138(C)", "The drawer may pay within fifteen days of receiving the cheque notice.")
        .then("The cause of action arises."),
    // From the last of the fifteen days: a day before the courts would count from, since it is we who must act.
    rule(&ClockCode::S138Complaint, &["S138_PAYMENT_ENDED"], Length::Months(1), Side::Ours)
        .by("S142(1)(B)", "The complaint is filed within one month of the end of the fifteen days.")
        .then("The court must first condone the delay."),
    rule(&ClockCode::SarfaesiDemand, &["SARFAESI_NOTICE_RECEIVED"], Length::Days(60), Side::Theirs)
        .by("SARFAESI13(2)", "The borrower may pay within sixty days of the demand under SARFAESI.")
        .then("Measures under s. 13(4) may be taken."),
    rule(&ClockCode::SarfaesiReply, &["SARFAESI_OBJECTION_RECEIVED"], Length::Days(15), Side::Ours)
        .by("SARFAESI13(3A)", "The borrower's objection to the demand is answered within fifteen days of receiving it.")
        .then("Measures under s. 13(4) may be held against us until it is answered."),
    rule(&ClockCode::S9Start, &["S9_ORDER"], Length::Days(90), Side::Ours)
        .by("S9(2)", "After interim relief from the court the arbitration is commenced within ninety days of the order.")
        .then("The court's interim order may fall."),
];
