//! Option sets that the process is ruled by: tracks, actors, approvals, clocks, and what a step leaves behind.
//!
//! Server only. Owns the codes; words for them are [`Term`](crate::model::Term)'s, except where a set has its own. It must not
//! know which step leads where.

use serde::{Deserialize, Serialize};

use super::{Stage, Status, same_word};

codes! {
    /// How a case ended.
    Outcome {
        PaidInFull = "PAID_IN_FULL";
        SettledOts = "SETTLED_OTS";
        ConsentAwardSatisfied = "CONSENT_AWARD_SATISFIED";
        AwardSatisfied = "AWARD_SATISFIED";
        Withdrawn = "WITHDRAWN";
        Dismissed = "DISMISSED";
        TerminatedS32 = "TERMINATED_S32";
        SetAside = "SET_ASIDE";
        Barred = "BARRED";
        DeceasedNoEstate = "DECEASED_NO_ESTATE";
        InsolvencyMoratorium = "INSOLVENCY_MORATORIUM";
        MovedForum = "MOVED_FORUM";
        AssignedToArc = "ASSIGNED_TO_ARC";
    }
}

codes! {
    /// How far a settlement has come, beside the main stage.
    SettlementTrack {
        None = "NONE";
        Offered = "OFFERED";
        Countered = "COUNTERED";
        ApprovalPending = "APPROVAL_PENDING";
        Accepted = "ACCEPTED";
        Paying = "PAYING";
        Satisfied = "SATISFIED";
        Broken = "BROKEN";
        Lapsed = "LAPSED";
    }
}

codes! {
    /// How far interim relief has come, beside the main stage.
    InterimTrack {
        None = "NONE";
        S9Filed = "S9_FILED";
        S17Filed = "S17_FILED";
        Granted = "GRANTED";
        Refused = "REFUSED";
        Vacated = "VACATED";
        Complied = "COMPLIED";
    }
}

codes! {
    /// How far service of one notice on one party has come.
    ServiceState {
        NotSent = "NOT_SENT";
        InProgress = "IN_PROGRESS";
        Served = "SERVED";
        DeemedServed = "DEEMED_SERVED";
        Unserved = "UNSERVED";
        Disputed = "DISPUTED";
    }
}

codes! {
    /// A kind of notice. The last two are never evidence of service.
    NoticeType {
        Lrn = "LRN";
        S21 = "S21";
        Hearing = "HEARING";
        Soc = "SOC";
        Award = "AWARD";
        Order = "ORDER";
        SettlementOffer = "SETTLEMENT_OFFER";
        Reminder = "REMINDER";
    }
}

codes! {
    /// By what right the arbitrator is appointed. An award without any is a nullity.
    ConsentBasis {
        NamedInClause = "NAMED_IN_CLAUSE";
        AgreedAfterDispute = "AGREED_AFTER_DISPUTE";
        S11Order = "S11_ORDER";
        None = "NONE";
    }
}

codes! {
    /// Who takes a step of the process.
    Actor {
        Maker = "MK", "Maker";
        Checker = "CK", "Checker";
        Admin = "TA", "Administrator";
        Advocate = "AD", "Advocate";
        Branch = "BR", "Branch";
        Registry = "RG", "Registry";
        Arbitrator = "AR", "Arbitrator";
        Respondent = "RS", "Respondent";
        Job = "SY", "The portal";
    }
}

impl Actor {
    /// Whether they act on the upstream, where this portal has no say.
    pub const fn is_upstream(&self) -> bool {
        matches!(self, Self::Registry | Self::Arbitrator | Self::Respondent)
    }
}

codes! {
    /// What a second person approves.
    ApprovalKind {
        Case = "CASE";
        FilingBatch = "FILING_BATCH";
        BulkChange = "BULK_CHANGE";
        Campaign = "CAMPAIGN";
        Template = "TEMPLATE";
        ServiceRule = "SERVICE_RULE";
        Policy = "POLICY";
        User = "USER";
        Settlement = "SETTLEMENT";
        Payment = "PAYMENT";
        Closure = "CLOSURE";
        Reopen = "REOPEN";
        Hold = "HOLD";
        Release = "RELEASE";
        Withdrawal = "WITHDRAWAL";
        Document = "DOCUMENT";
        ServiceFinding = "SERVICE_FINDING";
    }
}

codes! {
    /// Why a checker sent something back.
    ReturnReason {
        WrongAmount = "WRONG_AMOUNT";
        WrongParty = "WRONG_PARTY";
        MissingDocument = "MISSING_DOCUMENT";
        WrongTemplate = "WRONG_TEMPLATE";
        NotEligible = "NOT_ELIGIBLE";
        Limit = "LIMIT";
        Duplicate = "DUPLICATE";
        Other = "OTHER";
    }
}

codes! {
    /// What somebody is asked to do.
    TaskKind {
        Approve = "APPROVE";
        CureDefect = "CURE_DEFECT";
        UploadDoc = "UPLOAD_DOC";
        FixAddress = "FIX_ADDRESS";
        AttendHearing = "ATTEND_HEARING";
        PrepareHearing = "PREPARE_HEARING";
        ReportOutcome = "REPORT_OUTCOME";
        ReplyDirection = "REPLY_DIRECTION";
        Sign = "SIGN";
        Extension = "EXTENSION";
        SettlementDecision = "SETTLEMENT_DECISION";
        Resend = "RESEND";
        MissingItem = "MISSING_ITEM";
        Objection = "OBJECTION";
        ClockRisk = "CLOCK_RISK";
        Other = "OTHER";
    }
}

codes! {
    /// What a line of the timeline tells of.
    EventKind {
        Stage = "STAGE";
        Hearing = "HEARING";
        Document = "DOCUMENT";
        Service = "SERVICE";
        Engagement = "ENGAGEMENT";
        Money = "MONEY";
        Settlement = "SETTLEMENT";
        Task = "TASK";
        Comment = "COMMENT";
        Hold = "HOLD";
        People = "PEOPLE";
        Clock = "CLOCK";
        Approval = "APPROVAL";
        Tribunal = "TRIBUNAL";
    }
}

codes! {
    /// A period that runs by law or by the institution's rule.
    ClockCode {
        Cure = "CURE";
        Limitation = "LIMITATION";
        S21Response = "S21_RESPONSE";
        S13Challenge = "S13_CHALLENGE";
        S23Pleadings = "S23_PLEADINGS";
        S29aAward = "S29A_AWARD";
        S29aConsent = "S29A_CONSENT";
        S29aCourt = "S29A_COURT";
        S29bFast = "S29B_FAST";
        Sod = "SOD";
        S33Correction = "S33_CORRECTION";
        S34Challenge = "S34_CHALLENGE";
        Execution = "EXECUTION";
        S138Notice = "S138_NOTICE";
        S138Payment = "S138_PAYMENT";
        S138Complaint = "S138_COMPLAINT";
        SarfaesiDemand = "SARFAESI_DEMAND";
        SarfaesiReply = "SARFAESI_REPLY";
        S9Start = "S9_START";
    }
}

codes! {
    /// What became of a period.
    ClockState {
        Running = "RUNNING";
        Met = "MET";
        Expired = "EXPIRED";
        Extended = "EXTENDED";
        Stopped = "STOPPED";
    }
}

codes! {
    /// Who must act before a period ends.
    ClockSide {
        Ours = "OURS";
        Theirs = "THEIRS";
        Tribunal = "TRIBUNAL";
    }
}

impl Status {
    /// The stage that a status stands in; `None` for one that this version does not know.
    pub const fn stage(&self) -> Option<Stage> {
        use Status::*;
        Some(match self {
            Draft | PendingApproval | Returned | Approved => Stage::Intake,
            LrnQueued | LrnIssued | CureRunning | CureExpired => Stage::PreArbitration,
            S21Queued | S21Issued | S21Served | S21Unserved | ObjectionRaised => Stage::Invocation,
            Filed | UnderScrutiny | DefectRaised | DefectCured | Registered => Stage::Reference,
            ArbitratorProposed | ConsentDisclosureAwaited | Appointed | Challenged | S11Pending | Substitution => Stage::Tribunal,
            SocDue | SocFiled | SocServed | SodDue | SodFiled | SodClosed | RejoinderDue | PleadingsComplete => Stage::Pleadings,
            HearingScheduled | Heard | Adjourned | ExParteOrdered | Evidence | Arguments | Reserved => Stage::Hearing,
            AwardReserved | AwardMade | AwardDispatched | AwardDelivered | CorrectionPending => Stage::Award,
            ChallengeWindow | ChallengedS34 | Stayed | ExecutionEligible | ExecutionFiled | Attachment | PartRealised => Stage::PostAward,
            Status::Closed => Stage::Closed,
            Unknown(_) => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_without_words_of_their_own_take_them_from_the_one_list() {
        assert_eq!(ConsentBasis::S11Order.term().label, "Order under s. 11");
        assert_eq!(TaskKind::CureDefect.term().label, "Cure defect");
        assert_eq!(Outcome::from("PARDONED".to_owned()).term().code, "PARDONED");
    }

    #[test]
    fn every_known_status_stands_in_a_stage_and_in_the_stages_order() {
        let stages: Vec<String> = Status::ALL.iter().map(|status| status.stage().map_or_else(String::new, String::from)).collect();
        assert!(stages.is_sorted() && !stages.contains(&String::new()));
        assert_eq!(Status::from("MEDIATION".to_owned()).stage(), None);
    }
}
