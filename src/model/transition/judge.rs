//! Whether somebody may take a step now, and if not, why not: in types, and in sentences that say what to do.
//!
//! Decides on facts alone. That a person reaches the case at all, and that a request is still of what was submitted, is checked by
//! whoever gathers the facts.

use super::facts::{Caller, Facts, Person, Request, Somebody};
use super::{FourEyes, Guard, Need, Start, Step, Transition};
use crate::model::{Actor, Inr, Role, Stage, Status};

/// Whether a step may be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Allowed,
    /// It may not, for each of these reasons.
    Refused(Vec<WhyNot>),
}

impl Verdict {
    fn of(reasons: Vec<WhyNot>) -> Self {
        if reasons.is_empty() { Self::Allowed } else { Self::Refused(reasons) }
    }

    /// The reasons against it; none where it may be taken.
    pub fn reasons(&self) -> &[WhyNot] {
        match self {
            Self::Allowed => &[],
            Self::Refused(reasons) => reasons,
        }
    }
}

/// Why a step may not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// The case doesn't stand where the step starts; `None` where there is no case.
    WrongStatus(Option<Status>),
    /// Somebody else takes this step: people of these roles, or the portal where there are none.
    WrongActor(Vec<Role>),
    /// The registry, the arbitrator or the respondent take it, where this portal has no say.
    Upstream(Vec<Actor>),
    /// This person only prepares the step for others.
    OnlyPrepares(Vec<Role>),
    /// Nothing was submitted that could be decided on.
    NothingSubmitted,
    /// A second person must decide, and this one is not a second person.
    FourEyes(Same),
    /// The amount is over the limit of this person, and nobody is left to approve after them.
    OverLimit {
        /// What is to be approved.
        amount: Inr,
        /// The most that this person may approve.
        limit: Inr,
    },
    /// Something must be so first.
    Guard(Guard),
    /// Something must be said with it.
    Missing(Need),
}

/// As good as whom the person is who would be the second pair of eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Same {
    /// They submitted it themselves.
    Submitter,
    /// They act for the person who submitted it, or that person for them.
    SubmittersDeputy,
    /// They, or somebody who acts for them, have approved it already.
    FirstChecker,
}

impl WhyNot {
    /// The reason in a sentence that says what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::WrongStatus(None) => "There is no case yet.".to_owned(),
            Self::WrongStatus(Some(status)) => format!("This cannot be done while the case stands at “{}”.", status.label()),
            Self::WrongActor(roles) if roles.is_empty() => "The portal does this by itself as soon as it can.".to_owned(),
            Self::WrongActor(roles) => format!("Only {} may do this.", listed(roles.iter().map(|role| a(*role)))),
            Self::Upstream(actors) => {
                let who = listed(actors.iter().map(|actor| format!("the {}", actor.label().to_lowercase())));
                format!("{} records this on its own side.", capital(&who))
            }
            Self::OnlyPrepares(roles) => {
                format!("Upload what is asked for; {} then submits it.", listed(roles.iter().map(|role| a(*role))))
            }
            Self::NothingSubmitted => "Nothing waits for approval here.".to_owned(),
            Self::FourEyes(Same::Submitter) => "You submitted this yourself: somebody else must decide.".to_owned(),
            Self::FourEyes(Same::SubmittersDeputy) => {
                "You and the person who submitted this act for each other: somebody else must decide.".to_owned()
            }
            Self::FourEyes(Same::FirstChecker) => "You have approved this already, or act for who has: a second person must.".to_owned(),
            Self::OverLimit { amount, limit } => {
                format!("{} is over your limit of {}: somebody with a higher limit must approve.", amount.exact(), limit.exact())
            }
            Self::Guard(guard) => guard.sentence().to_owned(),
            Self::Missing(need) => need.sentence().to_owned(),
        }
    }
}

/// A step that starts where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its code; [`Transition::of`] has the rest.
    pub action: &'static str,
    /// What taking it would be.
    pub step: Step,
    /// Whether it may be taken.
    pub verdict: Verdict,
}

/// What may be done with a case, and what may not and why, of all that starts where it stands.
pub fn actions_for(facts: &Facts, caller: &Caller) -> Vec<Offer> {
    let offer = |row: &'static Transition| Offer { action: row.action, step: row.step(facts, caller), verdict: judge(row, facts, caller) };
    Transition::all().filter(|row| row.starts(facts)).map(offer).collect()
}

/// Whether somebody may take a step, or ask for it, or approve it: whichever is next ([`Transition::step`]).
pub fn judge(row: &Transition, facts: &Facts, caller: &Caller) -> Verdict {
    if !row.starts(facts) {
        return Verdict::Refused(vec![WhyNot::WrongStatus(facts.place.as_ref().map(|(_, status)| status.clone()))]);
    }
    let request = row.request(facts);
    let mut reasons: Vec<WhyNot> = wrong_actor(row, request.is_some(), caller).into_iter().collect();
    match (row.four_eyes, request) {
        (FourEyes::Decides(_) | FourEyes::Returns(_), None) => reasons.push(WhyNot::NothingSubmitted),
        (FourEyes::Decides(_) | FourEyes::Returns(_) | FourEyes::Asked(_), Some(request)) => {
            if let Caller::Person(person) = caller {
                let limited = !matches!(row.four_eyes, FourEyes::Returns(_));
                reasons.extend(not_second(request, person).map(WhyNot::FourEyes));
                reasons.extend(over_limit(request, person).filter(|_| limited && request.first.is_some()));
            }
        }
        _ => {}
    }
    reasons.extend(row.guards.iter().filter(|guard| !guard.holds(facts)).map(|guard| WhyNot::Guard(*guard)));
    Verdict::of(reasons)
}

/// Who else, where the caller is the wrong one.
fn wrong_actor(row: &Transition, requested: bool, caller: &Caller) -> Option<WhyNot> {
    if row.is_upstream() {
        return Some(WhyNot::Upstream(row.by.to_vec()));
    }
    let deciding = requested && matches!(row.four_eyes, FourEyes::Asked(_));
    let wanted = if deciding { &[Actor::Checker] } else { row.by };
    let actor = match caller {
        Caller::Person(person) => row.actor(person.role),
        Caller::Job => Some(Actor::Job),
    };
    if actor.as_ref().is_some_and(|actor| wanted.contains(actor)) {
        return None;
    }
    let roles = Role::ALL.into_iter().filter(|role| row.actor(*role).is_some_and(|actor| wanted.contains(&actor))).collect();
    if actor.is_some_and(|actor| row.prepared_by.contains(&actor)) {
        return Some(WhyNot::OnlyPrepares(roles));
    }
    Some(WhyNot::WrongActor(roles))
}

/// As good as whom this person is, who should be another than all before.
fn not_second(request: &Request, person: &Person) -> Option<Same> {
    let is = |other: &Option<Somebody>| other.as_ref().is_some_and(|other| other.is_as_good_as(&person.who));
    match &request.by {
        Some(by) if by.user == person.who.user => Some(Same::Submitter),
        by if is(by) => Some(Same::SubmittersDeputy),
        _ => is(&request.first).then_some(Same::FirstChecker),
    }
}

fn over_limit(request: &Request, person: &Person) -> Option<WhyNot> {
    let limit = person.limit.filter(|limit| request.amount > *limit)?;
    Some(WhyNot::OverLimit { amount: request.amount, limit })
}

impl Transition {
    /// Whether the step starts where the case stands.
    pub fn starts(&self, facts: &Facts) -> bool {
        match &facts.place {
            None => self.start == Start::NoCase,
            // Where a closed case stood must be known, or there is nowhere to go back to.
            Some((stage, status)) => self.starts_at(stage, status) && (*stage != Stage::Closed || facts.before.is_some()),
        }
    }

    /// What taking the step would be for this caller.
    pub fn step(&self, facts: &Facts, caller: &Caller) -> Step {
        let request = self.request(facts);
        let alone = match (request, caller) {
            (Some(request), Caller::Person(person)) => request.first.is_some() || over_limit(request, person).is_none(),
            _ => true,
        };
        match self.four_eyes {
            FourEyes::No | FourEyes::Carried(_) | FourEyes::Returns(_) => Step::Take,
            FourEyes::Asked(_) if request.is_none() => Step::Ask,
            FourEyes::Asked(_) | FourEyes::Decides(_) if alone => Step::Approve,
            FourEyes::Asked(_) | FourEyes::Decides(_) => Step::ApproveFirst,
        }
    }

    /// What the step needs said that was not: a reason for each. An approval repeats nothing that was said when it was asked for.
    pub fn still_needs(&self, step: Step, said: &[Need]) -> Vec<WhyNot> {
        let asked = matches!(step, Step::Take | Step::Ask);
        self.needs.iter().filter(|need| asked && !said.contains(need)).map(|need| WhyNot::Missing(*need)).collect()
    }

    /// What waits for a checker: of this very step, or what the step decides on.
    fn request<'a>(&self, facts: &'a Facts) -> Option<&'a Request> {
        match self.four_eyes {
            FourEyes::No | FourEyes::Carried(_) => None,
            FourEyes::Asked(_) => facts.request(self.action),
            FourEyes::Decides(_) | FourEyes::Returns(_) => facts.request("submit_draft").or_else(|| facts.request("resubmit_draft")),
        }
    }
}

/// "a legal head", "an advocate".
fn a(role: Role) -> String {
    let label = role.label().to_lowercase();
    let article = if label.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {label}")
}

/// "one, two or three".
fn listed(words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<String> = words.collect();
    match words.pop() {
        Some(last) if !words.is_empty() => format!("{} or {last}", words.join(", ")),
        Some(last) => last,
        None => String::new(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
