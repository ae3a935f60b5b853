//! Rows 1 to 21: from a draft to a registered case.

use super::row;
use crate::model::transition::Effect::*;
use crate::model::transition::FourEyes::{Asked, Carried, Decides, Returns};
use crate::model::transition::{CaseDate, Guard, Need, Start, Transition};
use crate::model::{
    Actor::*,
    ApprovalKind, ClockCode, EventKind, Outcome, Role,
    Stage::{Hearing, Invocation, Pleadings, PreArbitration, Reference, Tribunal},
    Status::{
        Approved, CureExpired, CureRunning, DefectCured, DefectRaised, Draft, Filed, LrnIssued, LrnQueued, ObjectionRaised,
        PendingApproval, Registered, Returned, S21Issued, S21Queued, S21Served, S21Unserved, UnderScrutiny,
    },
    TaskKind,
};

pub(super) const ROWS: &[Transition] = &[
    row(1, "create_case", "Create a case", "Case created")
        .starting(Start::NoCase)
        .goes(&Draft)
        .by(&[Maker], &EventKind::Stage)
        .when(&[Guard::UniqueLoan])
        .leaves(&[HoldLoan]),
    row(2, "submit_draft", "Submit for approval", "Submitted for approval")
        .at(&[Draft])
        .goes(&PendingApproval)
        .by(&[Maker], &EventKind::Approval)
        .when(&[Guard::FieldsComplete, Guard::AgreementWithClause])
        .leaves(&[KeepSubmission, TaskFor(Role::LegalHead, TaskKind::Approve)]),
    row(3, "approve_draft", "Approve", "Approved")
        .at(&[PendingApproval])
        .goes(&Approved)
        .by(&[Checker], &EventKind::Approval)
        .four_eyes(Decides(&ApprovalKind::Case))
        .leaves(&[KeepApproval, TasksDone(TaskKind::Approve)]),
    row(4, "return_draft", "Return with a reason", "Returned to the maker")
        .at(&[PendingApproval])
        .goes(&Returned)
        .by(&[Checker], &EventKind::Approval)
        .four_eyes(Returns(&ApprovalKind::Case))
        .saying(&[Need::ReturnReason, Need::Comment])
        .leaves(&[TasksDone(TaskKind::Approve), TaskFor(Role::LegalManager, TaskKind::Other)]),
    row(5, "resubmit_draft", "Submit again", "Submitted again")
        .at(&[Returned])
        .goes(&PendingApproval)
        .by(&[Maker], &EventKind::Approval)
        .when(&[Guard::FieldsComplete, Guard::AgreementWithClause])
        .leaves(&[KeepSubmission, TasksDone(TaskKind::Other), TaskFor(Role::LegalHead, TaskKind::Approve)]),
    row(6, "queue_lrn", "Queue the recall notice", "Recall notice queued")
        .at(&[Approved])
        .goes(&LrnQueued)
        .by(&[Job, Maker], &EventKind::Service)
        .four_eyes(Carried(&ApprovalKind::Campaign))
        .when(&[Guard::NoHold, Guard::CampaignApproved]),
    row(7, "dispatch_lrn", "Record the recall notice as sent", "Recall notice sent")
        .at(&[LrnQueued])
        .goes(&LrnIssued)
        .by(&[Job], &EventKind::Service)
        .when(&[Guard::LrnDispatched])
        .leaves(&[SetDate(CaseDate::Lrn)]),
    row(8, "serve_lrn", "Start the cure period", "Recall notice served; the cure period runs")
        .at(&[LrnIssued])
        .goes(&CureRunning)
        .by(&[Job], &EventKind::Clock)
        .when(&[Guard::LrnServed])
        .leaves(&[ClockStarts(ClockCode::Cure)]),
    row(9, "end_cure", "End the cure period", "Cure period over, unpaid")
        .at(&[CureRunning])
        .goes(&CureExpired)
        .by(&[Job], &EventKind::Clock)
        .when(&[Guard::CureOver, Guard::DuesOutstanding, Guard::BalanceFresh]),
    row(10, "close_paid", "Close as paid in full", "Closed: paid in full")
        .within(&[PreArbitration, Invocation, Reference, Tribunal, Pleadings, Hearing], &[])
        .closes(&Outcome::PaidInFull)
        .by(&[Job], &EventKind::Money)
        .four_eyes(Asked(&ApprovalKind::Closure))
        .when(&[Guard::DuesCleared, Guard::CreditProved])
        .leaves(&[SetDate(CaseDate::Closed), FreeLoan, ClocksStop, StopNotices]),
    row(11, "queue_s21", "Queue the notice under s. 21", "Notice under s. 21 queued")
        .at(&[CureExpired])
        .goes(&S21Queued)
        .by(&[Maker], &EventKind::Service)
        .four_eyes(Asked(&ApprovalKind::Campaign))
        .when(&[Guard::NoHold])
        .leaves(&[FreezeDuesOnNotice]),
    row(12, "dispatch_s21", "Record the notice under s. 21 as sent", "Notice under s. 21 sent")
        .at(&[S21Queued])
        .goes(&S21Issued)
        .by(&[Job], &EventKind::Service)
        .when(&[Guard::S21Dispatched])
        .leaves(&[SetDate(CaseDate::S21)]),
    row(13, "serve_s21", "Record the notice under s. 21 as served", "Notice under s. 21 served on every respondent")
        .at(&[S21Issued])
        .goes(&S21Served)
        .by(&[Job], &EventKind::Service)
        .when(&[Guard::S21Served])
        .leaves(&[SetDate(CaseDate::S21Served), ClockMet(ClockCode::Limitation), ClockStarts(ClockCode::S21Response)]),
    row(14, "give_up_s21", "Record the notice under s. 21 as unserved", "Notice under s. 21 not served: addresses must be repaired")
        .at(&[S21Issued])
        .goes(&S21Unserved)
        .by(&[Job], &EventKind::Service)
        .when(&[Guard::S21Exhausted])
        .leaves(&[TaskFor(Role::BranchUser, TaskKind::FixAddress)]),
    row(15, "resend_s21", "Send the notice under s. 21 again", "Notice under s. 21 sent again")
        .at(&[S21Unserved])
        .goes(&S21Issued)
        .by(&[Maker], &EventKind::Service)
        .when(&[Guard::AddressUntried, Guard::NoHold])
        .leaves(&[TasksDone(TaskKind::FixAddress)]),
    row(16, "raise_objection", "Record an objection", "Respondent objected")
        .at(&[S21Issued, S21Served])
        .goes(&ObjectionRaised)
        .by(&[Respondent, Registry], &EventKind::Engagement)
        .leaves(&[TaskFor(Role::LegalManager, TaskKind::Objection)]),
    // An objection may come before everybody is served, so the guard asks again.
    row(17, "file_reference", "File the reference", "Reference filed")
        .at(&[S21Served, ObjectionRaised])
        .goes(&Filed)
        .by(&[Maker], &EventKind::Stage)
        .four_eyes(Carried(&ApprovalKind::FilingBatch))
        .when(&[Guard::S21Served, Guard::ConsentBasis, Guard::BatchApproved])
        .leaves(&[SetDate(CaseDate::Filed), FreezeDuesAtFiling, ChargeFilingFee, TasksDone(TaskKind::Objection)]),
    row(18, "scrutinise", "Take up for scrutiny", "Under scrutiny at the registry")
        .at(&[Filed])
        .goes(&UnderScrutiny)
        .by(&[Registry], &EventKind::Tribunal),
    row(19, "raise_defect", "Raise defects", "Registry raised defects")
        .at(&[UnderScrutiny])
        .goes(&DefectRaised)
        .by(&[Registry], &EventKind::Tribunal)
        .leaves(&[TaskFor(Role::LegalManager, TaskKind::CureDefect)]),
    Transition {
        prepared_by: &[Branch],
        ..row(20, "cure_defect", "Submit the cured defects", "Defects cured")
            .at(&[DefectRaised])
            .goes(&DefectCured)
            .by(&[Maker], &EventKind::Document)
            .when(&[Guard::DefectsAnswered])
            .leaves(&[TasksDone(TaskKind::CureDefect)])
    },
    row(21, "register", "Register", "Registered")
        .at(&[UnderScrutiny, DefectCured])
        .goes(&Registered)
        .by(&[Registry], &EventKind::Tribunal)
        .leaves(&[SetDate(CaseDate::Registered), TakeNumber]),
];
