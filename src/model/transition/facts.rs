//! What must be known of a case, and of who asks, for judging a step.
//!
//! Plain values: whoever reads a case fills them in. Nothing here decides.

use crate::model::{ConsentBasis, Day, Hold, Inr, NoticeType, Role, SettlementTrack, Stage, Status};

/// What is known of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Today on the institution's wall clock.
    pub today: Day,
    /// Stage and status; `None` while there is no case.
    pub place: Option<(Stage, Status)>,
    /// Where a closed case stood before.
    pub before: Option<Status>,
    /// How far a settlement has come.
    pub settlement: SettlementTrack,
    /// Whether the respondent agrees to the offer that stands: accepted it, or made it.
    pub respondent_agrees: bool,
    /// What stops notices.
    pub hold: Hold,
    /// By what right an arbitrator would be appointed.
    pub consent_basis: ConsentBasis,
    /// Whether another open case of the same loan exists.
    pub open_duplicate: bool,
    /// Whether every mandatory field is filled in.
    pub fields_complete: bool,
    /// Whether the agreement is attached, with its arbitration clause.
    pub agreement_attached: bool,
    /// All dues.
    pub dues: Inr,
    /// The day as of which the dues are known.
    pub dues_on: Option<Day>,
    /// The claim; zero while none is stated.
    pub claim: Inr,
    /// The award in force; zero while there is none.
    pub award: Inr,
    /// What was realised.
    pub realised: Inr,
    /// Whether a confirmed payment with its proof is on file.
    pub credit_proved: bool,
    /// Whether the campaign that carries the case was approved.
    pub campaign: Carrier,
    /// Whether the filing batch that carries the case was approved.
    pub batch: Carrier,
    /// How far each notice has come.
    pub service: Vec<(NoticeType, Service)>,
    /// Whether there is an address, number or mail that was not tried yet for every unserved respondent.
    pub address_untried: bool,
    /// Defects that are open and have no answer yet.
    pub defects_unanswered: u32,
    /// Whether the arbitrator's disclosure is on file.
    pub disclosure_filed: bool,
    /// Whether the appointment's mode is recorded.
    pub appointment_mode_known: bool,
    /// Until when parties may object to the proposed arbitrator.
    pub objection_until: Option<Day>,
    /// Whether a statement of account is attached.
    pub account_attached: bool,
    /// The cure period's last day.
    pub cure_until: Option<Day>,
    /// The last day for challenging the arbitrator.
    pub s13_until: Option<Day>,
    /// The last day for the defence.
    pub sod_until: Option<Day>,
    /// The last day on which the institution may ask for a correction.
    pub s33_until: Option<Day>,
    /// The latest party's last day for challenging the award.
    pub s34_until: Option<Day>,
    /// The last day for the award.
    pub s29a_until: Option<Day>,
    /// What waits for a checker.
    pub requests: Vec<Request>,
}

/// Whether what carries a case was approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// Nothing carries it.
    None,
    /// It waits for approval.
    Waiting,
    /// Two people stand behind it.
    Approved,
}

/// How far one notice has come, over all parties that it must reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Parties that the service rule asks for.
    pub required: u32,
    /// Those of them that count as served.
    pub served: u32,
    /// Whether a channel has taken it for anybody.
    pub dispatched: bool,
    /// Whether nothing is under way any more and nothing is left to try.
    pub exhausted: bool,
}

impl Service {
    /// Whether every required party is served. Where nobody is required yet nobody is served.
    pub const fn all(self) -> bool {
        self.required > 0 && self.served >= self.required
    }
}

/// What waits for a checker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The step that was asked for.
    pub action: &'static str,
    /// Who submitted it; `None` for the portal itself.
    pub by: Option<Somebody>,
    /// What decides limit and level.
    pub amount: Inr,
    /// Who has approved it as the first of two.
    pub first: Option<Somebody>,
}

/// A person with those who act instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Somebody {
    /// Sign-in name.
    pub user: String,
    /// Sign-in names of their deputies.
    pub deputies: Vec<String>,
}

impl Somebody {
    /// Whether both count as one for four eyes: the same person, or one the other's deputy.
    pub fn is_as_good_as(&self, other: &Self) -> bool {
        self.user == other.user || self.deputies.contains(&other.user) || other.deputies.contains(&self.user)
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Somebody who is signed in.
    Person(Person),
    /// The portal's own job.
    Job,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their role.
    pub role: Role,
    /// Who they are.
    pub who: Somebody,
    /// The largest amount that they may approve alone; `None` for no limit.
    pub limit: Option<Inr>,
}

impl Facts {
    /// What is known of a case where only its place and its hold were read: nothing else is there, which refuses.
    pub const fn of_place(today: Day, stage: Stage, status: Status, hold: Hold) -> Self {
        Self {
            today,
            place: Some((stage, status)),
            before: None,
            settlement: SettlementTrack::None,
            respondent_agrees: false,
            hold,
            consent_basis: ConsentBasis::None,
            open_duplicate: false,
            fields_complete: false,
            agreement_attached: false,
            dues: Inr::ZERO,
            dues_on: None,
            claim: Inr::ZERO,
            award: Inr::ZERO,
            realised: Inr::ZERO,
            credit_proved: false,
            campaign: Carrier::None,
            batch: Carrier::None,
            service: Vec::new(),
            address_untried: false,
            defects_unanswered: 0,
            disclosure_filed: false,
            appointment_mode_known: false,
            objection_until: None,
            account_attached: false,
            cure_until: None,
            s13_until: None,
            sod_until: None,
            s33_until: None,
            s34_until: None,
            s29a_until: None,
            requests: Vec::new(),
        }
    }

    /// How far a notice has come; nowhere where nothing is known of it.
    pub fn service(&self, notice: &NoticeType) -> Service {
        self.service.iter().find(|(of, _)| of == notice).map_or_else(Service::default, |(_, service)| *service)
    }

    /// What waits for a checker of this step.
    pub fn request(&self, action: &str) -> Option<&Request> {
        self.requests.iter().find(|request| request.action == action)
    }
}
