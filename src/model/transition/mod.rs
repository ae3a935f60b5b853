//! How a case moves: every step of the process as data, and the one function that judges whether somebody may take it now.
//!
//! Owns the steps, who takes them, what must be so before and what they leave behind; a step's number is its row in the
//! institution's process table, so rows with several ways out have several steps. It must not know how a case is stored, which
//! rows a person reaches, or what a form looks like: it is given [`Facts`] and a [`Caller`], and answers a [`Verdict`].

mod facts;
mod guard;
mod judge;
mod table;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_invariants;
mod track;

use super::{Actor, ApprovalKind, ClockCode, EventKind, Outcome, Role, SettlementTrack, Stage, Status, TaskKind};

pub use facts::{Caller, Carrier, Facts, Person, Request, Service, Somebody};
pub use guard::{Guard, Need};
pub use judge::{Offer, Same, Verdict, WhyNot, actions_for, judge};
pub use track::{HOLDS, INTERIM, Move, SERVICE, SETTLEMENT};

/// One step of the process.
#[derive(Debug)]
pub struct Transition {
    /// Its row in the process table, as the timeline records it (`transition_no`).
    pub no: u8,
    /// Its stable code: what addresses, forms and the audit trail name it by.
    pub action: &'static str,
    /// What a person is offered: "Submit for approval".
    pub label: &'static str,
    /// What the timeline says of it, without personal data: "Submitted for approval".
    pub event: &'static str,
    /// The timeline's kind of it while the stage stays; a change of stage is always [`EventKind::Stage`].
    pub kind: &'static EventKind,
    /// Where a case must stand.
    pub start: Start,
    /// Where it then stands.
    pub to: To,
    /// How it ended, where the step closes the case.
    pub ends: Option<&'static Outcome>,
    /// Who takes the step, or asks for it where [`FourEyes::Asked`].
    pub by: &'static [Actor],
    /// Whether a collections officer counts as a maker here.
    pub collections: bool,
    /// Who may prepare the step for those who take it.
    pub prepared_by: &'static [Actor],
    /// Whose record completes an approved step once the registry has the case; until then the stage stays.
    pub completed_by: Option<&'static Actor>,
    /// Where the second pair of eyes is.
    pub four_eyes: FourEyes,
    /// What must be so.
    pub guards: &'static [Guard],
    /// What must be said with it.
    pub needs: &'static [Need],
    /// What it leaves behind, besides stage, status, timeline and audit trail.
    pub effects: &'static [Effect],
}

/// Where a case must stand for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// There must be none yet.
    NoCase,
    /// Any stage but the last.
    AnyOpen,
    /// One of these stages, or one of these statuses.
    In {
        /// Stages, every status of each.
        stages: &'static [Stage],
        /// Statuses of other stages.
        statuses: &'static [Status],
    },
}

/// Where a case stands after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// Where it stood.
    Stays,
    /// Where it stood before it was closed.
    Back,
    /// There.
    Goes(&'static Status),
    /// There by way of another status, in which it does not rest: one that is found there is taken on by the same step.
    Through(&'static Status, &'static Status),
}

/// Where the second pair of eyes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FourEyes {
    /// One person is enough.
    No,
    /// The step itself decides on what somebody else submitted, within the checker's limit.
    Decides(&'static ApprovalKind),
    /// The step sends back what somebody else submitted; no limit applies to a no.
    Returns(&'static ApprovalKind),
    /// Whoever the step is for asks; a checker approves, and only then is it taken.
    Asked(&'static ApprovalKind),
    /// What carries the case, a campaign or a batch, was approved by two people; a guard asks for it.
    Carried(&'static ApprovalKind),
}

impl FourEyes {
    /// The approval that it is recorded as.
    pub const fn kind(self) -> Option<&'static ApprovalKind> {
        match self {
            Self::No => None,
            Self::Decides(kind) | Self::Returns(kind) | Self::Asked(kind) | Self::Carried(kind) => Some(kind),
        }
    }
}

/// What taking the step would be, just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Taking it.
    Take,
    /// Asking for it: a checker decides.
    Ask,
    /// Approving it, and so taking it.
    Approve,
    /// Approving it as the first of two, since it is over this person's limit: it waits for a second checker.
    ApproveFirst,
}

/// What a step leaves behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Sets a date of the case to the day of the step.
    SetDate(CaseDate),
    /// Takes a date of the case away.
    ClearDate(CaseDate),
    /// Claims the loan for this case: no second open case of it can be made.
    HoldLoan,
    /// Lets the loan go.
    FreeLoan,
    /// Keeps who submitted what and when, for the difference at the next submission.
    KeepSubmission,
    /// Keeps who approved and when.
    KeepApproval,
    /// Freezes the dues as the notice states them.
    FreezeDuesOnNotice,
    /// Freezes the dues as they are filed, for recovery rates.
    FreezeDuesAtFiling,
    /// Enters the registry's fee as a cost.
    ChargeFilingFee,
    /// Takes the amount of the statement of claim as the claim.
    TakeClaim,
    /// Takes the number that the registry issued.
    TakeNumber,
    /// Takes the award's amounts from the award in force.
    TakeAward,
    /// Starts a period, for each party where it runs per party.
    ClockStarts(ClockCode),
    /// Ends a running period as met.
    ClockMet(ClockCode),
    /// Ends the first period as extended and starts the second.
    ClockExtends(ClockCode, ClockCode),
    /// Stops every period that still runs.
    ClocksStop,
    /// Makes a task for whoever has the role and the case in scope.
    TaskFor(Role, TaskKind),
    /// Closes such tasks.
    TasksDone(TaskKind),
    /// Moves the settlement.
    Settlement(SettlementTrack),
    /// Sets the hold that was named.
    SetHold,
    /// Takes the hold away.
    LiftHold,
    /// Leaves the case out of notices that are still to be sent.
    StopNotices,
}

/// A date of the case that steps set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseDate {
    /// Recall notice sent.
    Lrn,
    /// Notice under s. 21 sent.
    S21,
    /// That notice served on every respondent.
    S21Served,
    /// Reference filed.
    Filed,
    /// Registered.
    Registered,
    /// Arbitrator appointed.
    Appointed,
    /// Statement of claim filed.
    Soc,
    /// Statement of defence due.
    SodDue,
    /// Statement of defence filed.
    Sod,
    /// Pleadings complete.
    PleadingsComplete,
    /// Award made.
    Award,
    /// Signed copy with every party.
    AwardDelivered,
    /// Closed.
    Closed,
}

impl CaseDate {
    /// The field that keeps it.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Lrn => "lrn_on",
            Self::S21 => "s21_on",
            Self::S21Served => "s21_served_on",
            Self::Filed => "filed_on",
            Self::Registered => "registered_on",
            Self::Appointed => "appointed_on",
            Self::Soc => "soc_on",
            Self::SodDue => "sod_due_on",
            Self::Sod => "sod_on",
            Self::PleadingsComplete => "pleadings_complete_on",
            Self::Award => "award_on",
            Self::AwardDelivered => "award_delivered_on",
            Self::Closed => "closed_on",
        }
    }
}

impl Transition {
    /// Every step, in the order of the process table.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        table::PARTS.iter().copied().flatten()
    }

    /// The step with this code.
    pub fn of(action: &str) -> Option<&'static Self> {
        Self::all().find(|row| row.action == action)
    }

    /// Whether a case may stand where the step starts.
    pub fn starts_at(&self, stage: &Stage, status: &Status) -> bool {
        let passes = matches!(self.to, To::Through(way, _) if way == status);
        passes
            || match self.start {
                Start::NoCase => false,
                Start::AnyOpen => *stage != Stage::Closed,
                Start::In { stages, statuses } => stages.contains(stage) || statuses.contains(status),
            }
    }

    /// Whether only the registry, the arbitrator or the respondent take it, on the upstream.
    pub fn is_upstream(&self) -> bool {
        self.by.iter().all(Actor::is_upstream)
    }

    /// As whom a person takes part in this step; `None` for roles that move no case.
    pub const fn actor(&self, role: Role) -> Option<Actor> {
        match role {
            Role::LegalManager => Some(Actor::Maker),
            Role::CollectionsOfficer if self.collections => Some(Actor::Maker),
            Role::LegalHead => Some(Actor::Checker),
            Role::TenantAdmin => Some(Actor::Admin),
            Role::BranchUser => Some(Actor::Branch),
            Role::Advocate => Some(Actor::Advocate),
            Role::CollectionsOfficer | Role::FinanceMis | Role::Auditor | Role::Viewer => None,
        }
    }

    /// Whether the stage waits, after approval, for the record of [`Transition::completed_by`]: the registry must have the case.
    pub fn waits_for_registry(&self, stage: &Stage) -> bool {
        let before_filing = [Stage::Intake, Stage::PreArbitration, Stage::Invocation];
        self.completed_by.is_some() && !before_filing.contains(stage)
    }

    /// The status after the step; `before` is where a closed case stood. `None` where that is unknown.
    pub fn target<'a>(&self, now: Option<&'a Status>, before: Option<&'a Status>) -> Option<&'a Status> {
        match self.to {
            To::Stays => now,
            To::Back => before.filter(|status| **status != Status::Closed),
            To::Goes(status) | To::Through(_, status) => Some(status),
        }
    }

    /// The timeline's kind of this step, between two stages.
    pub fn event_kind(&self, from: Option<&Stage>, to: Option<&Stage>) -> &'static EventKind {
        if from == to { self.kind } else { &EventKind::Stage }
    }
}
