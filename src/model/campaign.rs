//! What may be done with a campaign, where it stands and by whom: one row for each act, and one function that judges it.
//!
//! Server only. A campaign is made by one person and released by another; whoever may stop it need not be either. It must not know how a
//! campaign is kept, nor who acts for whom: that a second pair of eyes is somebody else's is `decisions`'.

use super::{CampaignState, NoticeType, Permission, Role};

/// What is done with a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CampaignAct {
    /// Settings are entered or changed.
    Edit,
    /// The list is to be frozen and checked.
    Freeze,
    /// It is.
    Frozen,
    /// It could not be.
    Fail,
    /// A second person is asked.
    Submit,
    /// They said no; or it was taken back.
    GiveBack,
    /// They said yes.
    Approve,
    /// The day and hour are set.
    Schedule,
    /// They are taken off again.
    Unschedule,
    /// The first message goes out.
    Start,
    /// It stands still.
    Pause,
    /// It goes on.
    Resume,
    /// It ends before its time.
    Stop,
    /// It is given up before anybody was asked.
    Discard,
    /// The last message went out.
    SendOut,
    /// Providers go on telling.
    Settle,
    /// Nothing more is waited for.
    Complete,
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CampaignBy {
    /// Whoever made it.
    Maker,
    /// A checker who did not.
    Checker,
    /// An administrator, a checker, or a manager in whose rows all of it lies.
    Stopper,
    /// The same without the administrator, who releases nothing.
    Resumer,
    /// The portal, or the program that sends.
    Job,
}

struct Row {
    act: CampaignAct,
    from: &'static [CampaignState],
    to: CampaignState,
    by: CampaignBy,
}

const fn row(act: CampaignAct, from: &'static [CampaignState], to: CampaignState, by: CampaignBy) -> Row {
    Row { act, from, to, by }
}

/// All that can be done.
const TABLE: &[Row] = {
    use CampaignAct::*;
    use CampaignBy::*;
    use CampaignState::{
        Approved, Cancelled, Complete as Done, Draft, Failed, Paused, PendingApproval, Ready, Returned, Running, Scheduled, SentOut,
        Settling, Validating,
    };
    &[
        row(Edit, &[Draft, Ready, Returned, Failed], Draft, Maker),
        row(Freeze, &[Draft, Ready, Returned, Failed], Validating, Maker),
        row(Frozen, &[Validating], Ready, Job),
        row(Fail, &[Validating], Failed, Job),
        row(Submit, &[Ready], PendingApproval, Maker),
        row(GiveBack, &[PendingApproval], Returned, Checker),
        row(Approve, &[PendingApproval], Approved, Checker),
        row(Schedule, &[Approved], Scheduled, Checker),
        row(Unschedule, &[Scheduled], Approved, Checker),
        row(Start, &[Scheduled], Running, Job),
        row(Pause, &[Running], Paused, Stopper),
        row(Resume, &[Paused], Running, Resumer),
        row(Stop, &[Approved, Scheduled, Running, Paused], Cancelled, Stopper),
        row(Discard, &[Draft, Ready, Returned, Failed], Cancelled, Maker),
        row(SendOut, &[Running], SentOut, Job),
        row(Settle, &[SentOut], Settling, Job),
        row(Complete, &[Settling], Done, Job),
    ]
};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CampaignCaller {
    /// Their role; `None` for the portal's own work.
    pub role: Option<Role>,
    /// Whether they made the campaign.
    pub is_maker: bool,
    /// Whether all of its respondents are among their rows.
    pub holds_all: bool,
}

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// Their role does not do it.
    Role(CampaignBy),
    /// Somebody else made it.
    OfAnother,
    /// They made it themselves.
    Own,
    /// Some of it lies outside their rows.
    Scope,
    /// It does not stand where this begins.
    State(CampaignState),
}

impl NotDone {
    /// In words.
    pub fn sentence(&self) -> String {
        match self {
            Self::Role(CampaignBy::Maker) => format!("Only {} may do this.", Permission::MakeCampaigns.who_may()),
            Self::Role(CampaignBy::Checker) => format!("Only {} may do this.", Permission::CheckCampaigns.who_may()),
            Self::Role(CampaignBy::Stopper) => format!("Only {} may do this.", Permission::StopCampaigns.who_may()),
            Self::Role(CampaignBy::Resumer) => "Only a legal head or a legal manager may do this: it releases messages.".to_owned(),
            Self::Role(CampaignBy::Job) => "The portal does this by itself.".to_owned(),
            Self::OfAnother => "Only who made this campaign may do this.".to_owned(),
            Self::Own => "You made this campaign yourself: somebody else must decide.".to_owned(),
            Self::Scope => "Some of its respondents are outside your rows: ask a legal head.".to_owned(),
            Self::State(state) => format!("It stands at “{}”: this cannot be done now.", state.label()),
        }
    }

    /// Whether it is a matter of who asks, and not of where the campaign stands.
    pub const fn is_of_person(&self) -> bool {
        !matches!(self, Self::State(_))
    }
}

/// Whether somebody of this role makes campaigns of this notice: collections remind, and write no legal notice.
pub const fn makes(role: Role, notice: &NoticeType) -> bool {
    role.allows(Permission::MakeCampaigns) && (!matches!(role, Role::CollectionsOfficer) || matches!(notice, NoticeType::Reminder))
}

/// Whether rights run by a notice: those that are never evidence of service are none.
pub const fn is_legal(notice: &NoticeType) -> bool {
    !matches!(notice, NoticeType::Reminder | NoticeType::SettlementOffer)
}

/// The state that an act leads to, or why it is not done.
///
/// # Errors
/// The first thing that stands against it: who asks comes before where the campaign stands.
pub fn judge_campaign(
    act: CampaignAct,
    state: &CampaignState,
    notice: &NoticeType,
    caller: CampaignCaller,
) -> Result<CampaignState, NotDone> {
    let Some(row) = TABLE.iter().find(|row| row.act == act) else { return Err(NotDone::State(state.clone())) };
    let allowed = |permission: Permission| caller.role.is_some_and(|role| role.allows(permission));
    let fits = match row.by {
        CampaignBy::Maker => caller.role.is_some_and(|role| makes(role, notice)),
        CampaignBy::Checker => allowed(Permission::CheckCampaigns),
        CampaignBy::Stopper => allowed(Permission::StopCampaigns),
        CampaignBy::Resumer => allowed(Permission::StopCampaigns) && caller.role != Some(Role::TenantAdmin),
        CampaignBy::Job => caller.role.is_none(),
    };
    if !fits {
        return Err(NotDone::Role(row.by));
    }
    match row.by {
        CampaignBy::Maker if !caller.is_maker => return Err(NotDone::OfAnother),
        CampaignBy::Checker if caller.is_maker => return Err(NotDone::Own),
        CampaignBy::Stopper | CampaignBy::Resumer if caller.role == Some(Role::LegalManager) && !caller.holds_all => {
            return Err(NotDone::Scope);
        }
        _ => {}
    }
    if row.from.contains(state) { Ok(row.to.clone()) } else { Err(NotDone::State(state.clone())) }
}

/// Whether nothing of a campaign in this state has been asked of anybody: it is its maker's alone.
pub const fn is_makers_own(state: &CampaignState) -> bool {
    matches!(state, CampaignState::Draft | CampaignState::Validating | CampaignState::Ready | CampaignState::Failed)
}

/// The states in which a campaign may still send to somebody.
pub const UNENDED: &[CampaignState] = &[
    CampaignState::Validating,
    CampaignState::Ready,
    CampaignState::PendingApproval,
    CampaignState::Returned,
    CampaignState::Approved,
    CampaignState::Scheduled,
    CampaignState::Running,
    CampaignState::Paused,
];

#[cfg(test)]
mod tests;
