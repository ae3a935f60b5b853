//! Rows 22 to 40: from the arbitrator's proposal to the last hearing.
//!
//! A lender never proposes or appoints: those rows are the registry's. Where the table leaves a status of the hearing stage
//! without a way on, its row is read to start there too: hearings follow each other.

use super::row;
use crate::model::transition::Effect::*;
use crate::model::transition::{CaseDate, Effect, Guard, Need, To, Transition};
use crate::model::{
    Actor::*,
    ClockCode, EventKind, Role, Stage,
    Status::{
        Adjourned, Appointed, ArbitratorProposed, Arguments, Challenged, ConsentDisclosureAwaited, Evidence, ExParteOrdered, Heard,
        HearingScheduled, PleadingsComplete, Registered, RejoinderDue, Reserved, S11Pending, SocDue, SocFiled, SocServed, SodClosed,
        SodDue, SodFiled, Substitution,
    },
    TaskKind,
};

pub(super) const ROWS: &[Transition] = &[
    row(22, "propose_arbitrator", "Propose an arbitrator", "Arbitrator proposed")
        .at(&[Registered])
        .goes(&ArbitratorProposed)
        .by(&[Registry], &EventKind::Tribunal),
    row(23, "request_disclosure", "Ask for consent and disclosure", "Consent and disclosure asked for; parties may object")
        .at(&[ArbitratorProposed])
        .goes(&ConsentDisclosureAwaited)
        .by(&[Registry], &EventKind::Tribunal),
    row(24, "appoint_arbitrator", "Appoint the arbitrator", "Arbitrator appointed")
        .at(&[ConsentDisclosureAwaited])
        .goes(&Appointed)
        .by(&[Registry], &EventKind::Tribunal)
        .when(&[Guard::DisclosureFiled, Guard::ObjectionTimeOver, Guard::AppointmentModeKnown])
        .leaves(APPOINTED),
    row(25, "challenge_arbitrator", "Challenge the arbitrator", "Arbitrator challenged under s. 13")
        .within(&[Stage::Pleadings, Stage::Hearing], &[Appointed])
        .goes(&Challenged)
        .by(&[Respondent, Maker], &EventKind::Tribunal)
        .when(&[Guard::ChallengeInTime])
        .saying(&[Need::Reason])
        .leaves(&[ClockMet(ClockCode::S13Challenge)]),
    row(26, "reject_challenge", "Reject the challenge", "Challenge rejected: the arbitrator stays")
        .at(&[Challenged])
        .goes(&Appointed)
        .by(&[Arbitrator, Registry], &EventKind::Tribunal),
    row(26, "uphold_challenge", "Uphold the challenge", "Challenge upheld: the arbitrator is replaced")
        .at(&[Challenged])
        .goes(&Substitution)
        .by(&[Arbitrator, Registry], &EventKind::Tribunal),
    row(27, "replace_arbitrator", "Name a replacement", "Replacement named")
        .at(&[Substitution])
        .goes(&ConsentDisclosureAwaited)
        .by(&[Registry], &EventKind::Tribunal),
    row(28, "petition_s11", "Record a petition under s. 11", "Petition under s. 11 filed")
        .at(&[Registered, ArbitratorProposed, ConsentDisclosureAwaited])
        .goes(&S11Pending)
        .by(&[Maker, Advocate], &EventKind::Tribunal)
        .saying(&[Need::Court, Need::PetitionNumber]),
    row(29, "appoint_by_court", "Record the court's appointment", "Arbitrator appointed by order under s. 11")
        .at(&[S11Pending])
        .goes(&Appointed)
        .by(&[Registry], &EventKind::Tribunal)
        .leaves(APPOINTED),
    row(30, "direct_soc", "Direct the statement of claim", "Statement of claim directed")
        .at(&[Appointed])
        .goes(&SocDue)
        .by(&[Arbitrator], &EventKind::Tribunal)
        .leaves(&[TaskFor(Role::LegalManager, TaskKind::ReplyDirection)]),
    row(31, "file_soc", "File the statement of claim", "Statement of claim filed")
        .at(&[SocDue])
        .goes(&SocFiled)
        .by(&[Maker, Advocate], &EventKind::Document)
        .when(&[Guard::AccountAttached, Guard::ClaimStated])
        .leaves(&[SetDate(CaseDate::Soc), TakeClaim, TasksDone(TaskKind::ReplyDirection)]),
    row(32, "serve_soc", "Start the time for the defence", "Statement of claim served; the time for the defence runs")
        .at(&[SocFiled])
        .to(To::Through(&SocServed, &SodDue))
        .by(&[Job], &EventKind::Service)
        .when(&[Guard::SocServed])
        .leaves(&[ClockStarts(ClockCode::Sod), SetDate(CaseDate::SodDue)]),
    row(33, "file_sod", "File the statement of defence", "Statement of defence filed")
        .at(&[SodDue])
        .goes(&SodFiled)
        .by(&[Respondent], &EventKind::Document)
        .leaves(&[SetDate(CaseDate::Sod), ClockMet(ClockCode::Sod)]),
    row(34, "close_sod", "Close the right to a defence", "Right to a statement of defence closed: not an admission")
        .at(&[SodDue])
        .goes(&SodClosed)
        .by(&[Arbitrator], &EventKind::Tribunal)
        .when(&[Guard::SodTimeOver]),
    row(35, "complete_pleadings", "Complete the pleadings", "Pleadings complete; the time for the award runs")
        .at(&[SodFiled, SodClosed, RejoinderDue])
        .goes(&PleadingsComplete)
        .by(&[Arbitrator], &EventKind::Tribunal)
        .leaves(&[SetDate(CaseDate::PleadingsComplete), ClockMet(ClockCode::S23Pleadings), ClockStarts(ClockCode::S29aAward)]),
    row(36, "fix_hearing", "Fix a hearing", "Hearing fixed")
        .within(&[Stage::Pleadings], &[Heard, ExParteOrdered, Evidence, Arguments])
        .goes(&HearingScheduled)
        .by(&[Arbitrator, Registry], &EventKind::Hearing)
        .leaves(&[TaskFor(Role::Advocate, TaskKind::PrepareHearing), TaskFor(Role::Advocate, TaskKind::AttendHearing)]),
    row(37, "hold_hearing", "Record the hearing as held", "Hearing held")
        .at(&[HearingScheduled])
        .goes(&Heard)
        .by(&[Registry, Arbitrator], &EventKind::Hearing)
        .leaves(HEARING_OVER),
    row(38, "adjourn_hearing", "Adjourn the hearing", "Hearing adjourned")
        .at(&[HearingScheduled])
        .to(To::Through(&Adjourned, &HearingScheduled))
        .by(&[Arbitrator], &EventKind::Hearing)
        .leaves(HEARING_OVER),
    row(39, "order_ex_parte", "Proceed ex parte", "Ordered to proceed ex parte")
        .at(&[Heard])
        .goes(&ExParteOrdered)
        .by(&[Arbitrator], &EventKind::Tribunal)
        .when(&[Guard::HearingNoticeServed]),
    row(40, "take_evidence", "Take evidence", "Evidence taken")
        .at(&[Heard, ExParteOrdered, Arguments])
        .goes(&Evidence)
        .by(&[Arbitrator], &EventKind::Hearing),
    row(40, "hear_arguments", "Hear arguments", "Arguments heard")
        .at(&[Heard, ExParteOrdered, Evidence])
        .goes(&Arguments)
        .by(&[Arbitrator], &EventKind::Hearing),
    row(40, "reserve_award", "Reserve the award", "Reserved for the award")
        .at(&[Heard, ExParteOrdered, Evidence, Arguments])
        .goes(&Reserved)
        .by(&[Arbitrator], &EventKind::Hearing),
];

const APPOINTED: &[Effect] = &[
    SetDate(CaseDate::Appointed),
    ClockMet(ClockCode::S21Response),
    ClockStarts(ClockCode::S13Challenge),
    ClockStarts(ClockCode::S23Pleadings),
];

const HEARING_OVER: &[Effect] = &[TasksDone(TaskKind::PrepareHearing), TasksDone(TaskKind::AttendHearing)];
