//! Rows 41 to 56: settlement, the award and what follows it, and the steps that many stages share.
//!
//! A correction may be asked for while the award can still be challenged, a petition may be decided after a stay, and money
//! may come in more than once: those rows are read to start there too, since a case would otherwise be stuck.

use super::row;
use crate::model::transition::Effect::*;
use crate::model::transition::FourEyes::Asked;
use crate::model::transition::{CaseDate, Effect, Guard, Need, Start, To, Transition};
use crate::model::{
    Actor::*,
    ApprovalKind, ClockCode, EventKind, Outcome, SettlementTrack,
    Stage::{self, Award, Hearing, Intake, Invocation, Pleadings, PostAward, PreArbitration, Reference, Tribunal},
    Status::{
        Attachment, AwardDelivered, AwardDispatched, AwardMade, AwardReserved, ChallengeWindow, ChallengedS34, CorrectionPending,
        ExecutionEligible, ExecutionFiled, PartRealised, PleadingsComplete, Reserved, Stayed,
    },
    TaskKind,
};

/// Stages in which a settlement may be reached.
const SETTLING: &[Stage] = &[Invocation, Reference, Tribunal, Pleadings, Hearing, Award];

/// What every closing leaves behind.
const CLOSED: &[Effect] = &[SetDate(CaseDate::Closed), FreeLoan, ClocksStop, StopNotices];

/// What every award leaves behind.
const MADE: &[Effect] = &[SetDate(CaseDate::Award), TakeAward, ClockMet(ClockCode::S29aAward)];

pub(super) const ROWS: &[Transition] = &[
    Transition {
        collections: true,
        ..row(41, "settle", "Accept the settlement", "Settlement accepted")
            .within(SETTLING, &[])
            .by(&[Maker], &EventKind::Settlement)
            .four_eyes(Asked(&ApprovalKind::Settlement))
            .when(&[Guard::OfferStands, Guard::RespondentAgrees])
            .leaves(&[Settlement(SettlementTrack::Accepted), StopNotices, TasksDone(TaskKind::SettlementDecision)])
    },
    row(42, "record_consent_award", "Record the settlement as an award", "Consent award made")
        .within(SETTLING, &[])
        .goes(&AwardMade)
        .by(&[Arbitrator], &EventKind::Settlement)
        .when(&[Guard::SettlementAccepted])
        .leaves(MADE),
    row(42, "record_settled_withdrawal", "Record the withdrawal after settlement", "Closed: withdrawn after settlement")
        .within(SETTLING, &[])
        .closes(&Outcome::Withdrawn)
        .by(&[Arbitrator], &EventKind::Settlement)
        .when(&[Guard::SettlementAccepted])
        .leaves(CLOSED),
    row(43, "make_award", "Make the award", "Award made")
        .at(&[Reserved, AwardReserved])
        .goes(&AwardMade)
        .by(&[Arbitrator], &EventKind::Tribunal)
        .leaves(MADE),
    row(44, "dispatch_award", "Send the signed copies", "Signed copies of the award sent")
        .at(&[AwardMade])
        .goes(&AwardDispatched)
        .by(&[Registry], &EventKind::Service),
    row(45, "deliver_award", "Open the challenge window", "Award delivered; the challenge window is open")
        .at(&[AwardDispatched])
        .to(To::Through(&AwardDelivered, &ChallengeWindow))
        .by(&[Job], &EventKind::Service)
        .when(&[Guard::AwardServed])
        .leaves(&[SetDate(CaseDate::AwardDelivered), ClockStarts(ClockCode::S33Correction), ClockStarts(ClockCode::S34Challenge)]),
    row(46, "ask_correction", "Ask for a correction of the award", "Correction of the award asked for under s. 33")
        .at(&[AwardMade, AwardDispatched, AwardDelivered, ChallengeWindow])
        .goes(&CorrectionPending)
        .by(&[Maker, Respondent, Arbitrator], &EventKind::Tribunal)
        .when(&[Guard::CorrectionInTime])
        .saying(&[Need::Reason])
        .leaves(&[ClockMet(ClockCode::S33Correction)]),
    row(46, "decide_correction", "Decide on the correction", "Correction of the award decided")
        .at(&[CorrectionPending])
        .goes(&AwardMade)
        .by(&[Arbitrator], &EventKind::Tribunal)
        .leaves(&[TakeAward]),
    row(47, "challenge_award", "Record a petition under s. 34", "Award challenged under s. 34")
        .at(&[ChallengeWindow])
        .goes(&ChallengedS34)
        .by(&[Respondent, Advocate], &EventKind::Tribunal)
        .saying(&[Need::Court, Need::PetitionNumber])
        .leaves(&[ClockMet(ClockCode::S34Challenge)]),
    row(48, "stay_award", "Record a stay", "Award stayed")
        .at(&[ChallengedS34])
        .goes(&Stayed)
        .by(&[Advocate], &EventKind::Tribunal)
        .saying(&[Need::OrderDocument]),
    row(48, "set_award_aside", "Record the award as set aside", "Closed: award set aside")
        .at(&[ChallengedS34, Stayed])
        .closes(&Outcome::SetAside)
        .by(&[Advocate], &EventKind::Tribunal)
        .saying(&[Need::OrderDocument])
        .leaves(CLOSED),
    row(48, "dismiss_challenge", "Record the petition as dismissed", "Petition under s. 34 dismissed")
        .at(&[ChallengedS34, Stayed])
        .goes(&ExecutionEligible)
        .by(&[Advocate], &EventKind::Tribunal)
        .saying(&[Need::OrderDocument])
        .leaves(&[ClockStarts(ClockCode::Execution)]),
    row(49, "end_challenge_window", "End the challenge window", "Challenge window over: the award may be executed")
        .at(&[ChallengeWindow])
        .goes(&ExecutionEligible)
        .by(&[Job], &EventKind::Clock)
        .when(&[Guard::ChallengeTimeOver])
        .leaves(&[ClockStarts(ClockCode::Execution)]),
    row(50, "file_execution", "Record the execution petition", "Execution petition filed")
        .at(&[ExecutionEligible])
        .goes(&ExecutionFiled)
        .by(&[Advocate], &EventKind::Tribunal)
        .saying(&[Need::Court, Need::Cnr])
        .leaves(&[ClockMet(ClockCode::Execution)]),
    row(51, "attach", "Record an attachment", "Property attached")
        .at(&[ExecutionFiled, PartRealised])
        .goes(&Attachment)
        .by(&[Advocate], &EventKind::Money)
        .saying(&[Need::Amount]),
    row(51, "realise_in_part", "Record a part realisation", "Realised in part")
        .at(&[ExecutionFiled, Attachment])
        .goes(&PartRealised)
        .by(&[Advocate], &EventKind::Money)
        .saying(&[Need::Amount]),
    row(52, "close_satisfied", "Close as satisfied", "Closed: award satisfied")
        .within(&[PostAward], &[])
        .closes(&Outcome::AwardSatisfied)
        .by(&[Maker], &EventKind::Money)
        .four_eyes(Asked(&ApprovalKind::Closure))
        .when(&[Guard::AwardRealised])
        .leaves(CLOSED),
    Transition {
        completed_by: Some(&Registry),
        ..row(53, "withdraw", "Withdraw the case", "Closed: withdrawn")
            .within(&[Intake, PreArbitration, Invocation, Reference, Tribunal, Pleadings, Hearing], &[])
            .closes(&Outcome::Withdrawn)
            .by(&[Maker], &EventKind::Approval)
            .four_eyes(Asked(&ApprovalKind::Withdrawal))
            .saying(&[Need::Reason])
            .leaves(CLOSED)
    },
    row(54, "hold", "Put on hold", "Put on hold")
        .starting(Start::AnyOpen)
        .by(&[Maker, Checker], &EventKind::Hold)
        .saying(&[Need::HoldKind, Need::Reason])
        .leaves(&[SetHold, StopNotices]),
    row(54, "release", "Release the hold", "Hold released")
        .starting(Start::AnyOpen)
        .by(&[Maker], &EventKind::Hold)
        .four_eyes(Asked(&ApprovalKind::Release))
        .when(&[Guard::OnHold])
        .saying(&[Need::Reason])
        .leaves(&[LiftHold]),
    row(55, "extend_award_time", "Record the parties' consent to more time", "Time for the award extended by consent")
        .within(&[Hearing], &[PleadingsComplete, AwardReserved])
        .by(&[Maker], &EventKind::Clock)
        .when(&[Guard::AwardTimeShort])
        .saying(&[Need::ConsentDocument])
        .leaves(&[ClockExtends(ClockCode::S29aAward, ClockCode::S29aConsent), TasksDone(TaskKind::Extension)]),
    row(56, "reopen", "Reopen the case", "Reopened")
        .within(&[Stage::Closed], &[])
        .to(To::Back)
        .by(&[Maker], &EventKind::Approval)
        .four_eyes(Asked(&ApprovalKind::Reopen))
        .when(&[Guard::UniqueLoan])
        .saying(&[Need::Reason])
        .leaves(&[HoldLoan, ClearDate(CaseDate::Closed)]),
];
