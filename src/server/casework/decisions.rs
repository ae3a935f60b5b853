//! Deciding on a request over what belongs to no case: the form that shows what would change, and the decision.
//!
//! Owns that whoever asked for it, acts for who did, or gains by it does not decide; that what is asked for is void when its object has
//! changed; and the order: the trail, the decision, then its effect. A fault between the last two is mended by sending it again. It must
//! not know what a request asks for.

use super::{
    Refusal, audit,
    filing::{self, SoughtFiling},
    keys::REVISION,
    notices::make::{self, SoughtCampaign},
    people::{self, Sought},
    rules::{self, SoughtRule},
    second::{Decision, Desk, HouseRequest, fact, forbidden, renewed},
};
use crate::{
    model::{
        Answered, AuditKind, Button, ErrorCode, Field, FieldError, FieldKind, Form, Permission, REASON_MAX_CHARS, Reading, ReturnReason,
        Role, Sheet, Term, Typed,
    },
    server::frappe::{Fault, Record as _, Revision},
};

const SECTION: &str = "Approvals";
/// Name of the buttons that do not approve.
const DECISION: &str = "decision";
const RETURN: &str = "return";
const WITHDRAW: &str = "withdraw";

/// The kinds of request that are decided here.
pub const KINDS: [&str; 4] = [people::KIND, rules::KIND, filing::KIND, make::KIND];

/// Who decides on requests of a kind; `None` where nobody does here.
pub fn checks(kind: &str) -> Option<Permission> {
    match kind {
        people::KIND => Some(Permission::CheckPeople),
        rules::KIND => Some(Permission::CheckRules),
        filing::KIND => Some(Permission::CheckFiling),
        make::KIND => Some(Permission::CheckCampaigns),
        _ => None,
    }
}

/// Whether somebody of this role sees the requests of a kind that others have made.
pub fn sees(role: Role, kind: &str) -> bool {
    matches!(role, Role::LegalHead | Role::Auditor) || checks(kind).is_some_and(|permission| role.allows(permission))
}

/// What may be done with a request now.
enum Standing {
    /// Its maker may take it back.
    Own,
    /// It may be decided on.
    Open,
    /// It was approved by this person, and its effect has not come about.
    HalfDone,
    /// Neither, for these reasons.
    Shut(Vec<String>),
}

/// What a request is over.
enum Object {
    Person(Box<Sought>),
    Rule(Box<SoughtRule>),
    Filing(Box<SoughtFiling>),
    Campaign(Box<SoughtCampaign>),
}

impl Object {
    async fn of(request: &HouseRequest) -> Result<Self, Refusal> {
        Ok(match request.object_kind.as_str() {
            people::KIND => Self::Person(Box::new(Sought::of(request).await?)),
            rules::KIND => Self::Rule(Box::new(SoughtRule::of(request).await?)),
            filing::KIND => Self::Filing(Box::new(SoughtFiling::of(request).await?)),
            make::KIND => Self::Campaign(Box::new(Box::pin(SoughtCampaign::of(request)).await?)),
            _ => return Err(ErrorCode::NotFound.into()),
        })
    }

    fn fits(&self) -> bool {
        match self {
            Self::Person(sought) => sought.fits(),
            Self::Rule(sought) => sought.fits(),
            Self::Filing(sought) => sought.fits(),
            Self::Campaign(sought) => sought.fits(),
        }
    }

    /// Who gains by it: none of them decides on it.
    fn whose(&self) -> Vec<&str> {
        match self {
            Self::Person(sought) => sought.whose(),
            Self::Rule(_) | Self::Filing(_) => Vec::new(),
            Self::Campaign(sought) => sought.whose(),
        }
    }

    fn about(&self) -> String {
        match self {
            Self::Person(sought) => sought.about(),
            Self::Rule(sought) => sought.about(),
            Self::Filing(sought) => sought.about(),
            Self::Campaign(sought) => sought.about(),
        }
    }

    fn address(&self) -> String {
        match self {
            Self::Person(sought) => sought.address(),
            Self::Rule(sought) => sought.address(),
            Self::Filing(sought) => sought.address(),
            Self::Campaign(sought) => sought.address(),
        }
    }

    fn sheets(&self) -> Vec<Sheet> {
        match self {
            Self::Person(sought) => sought.sheets(),
            Self::Rule(sought) => sought.sheets(),
            Self::Filing(sought) => sought.sheets(),
            Self::Campaign(sought) => sought.sheets(),
        }
    }

    async fn against(&self) -> Result<Vec<String>, Refusal> {
        match self {
            Self::Person(sought) => sought.against().await,
            Self::Rule(sought) => Ok(sought.against()),
            Self::Filing(_) => Ok(Vec::new()),
            Self::Campaign(sought) => Ok(sought.against()),
        }
    }

    async fn record(&self) -> Result<(), Refusal> {
        match self {
            Self::Person(sought) => sought.record().await,
            Self::Rule(sought) => sought.record().await,
            Self::Filing(sought) => sought.record().await,
            Self::Campaign(sought) => sought.record().await,
        }
    }

    /// Carries it out; what of it had to be taken back, if anything had.
    async fn carry_out(&self, desk: &Desk, request: &HouseRequest) -> Result<Option<FieldError>, Refusal> {
        match self {
            Self::Person(sought) => sought.carry_out(desk, request).await,
            Self::Rule(sought) => sought.carry_out(request).await.map(|()| None),
            Self::Filing(sought) => sought.carry_out(request).await.map(|()| None),
            Self::Campaign(sought) => sought.carry_out(desk, request).await.map(|()| None),
        }
    }

    /// What was not approved does not wait any more.
    async fn ended(&self) -> Result<(), Refusal> {
        match self {
            // The person stands as before; who was to be let in can be submitted again.
            Self::Person(_) => Ok(()),
            Self::Rule(sought) => sought.ended().await,
            Self::Filing(sought) => sought.ended().await,
            Self::Campaign(sought) => sought.ended().await,
        }
    }
}

struct Matter {
    desk: Desk,
    request: HouseRequest,
    revision: Revision,
    sought: Object,
}

impl Matter {
    async fn find(id: &str) -> Result<Self, Refusal> {
        let desk = Desk::of(Permission::SeeApprovals).await?;
        let (request, revision) = desk.request(id).await?;
        let seen = sees(desk.grant.principal.role, &request.object_kind) || request.submitted_by == desk.user();
        if !seen || !KINDS.contains(&request.object_kind.as_str()) {
            return Err(ErrorCode::NotFound.into());
        }
        let sought = Object::of(&request).await?;
        Ok(Self { desk, request, revision, sought })
    }

    async fn standing(&self) -> Result<Standing, Refusal> {
        let (request, desk) = (&self.request, &self.desk);
        if request.state == "APPROVED" && request.decider() == desk.user() && self.sought.fits() {
            return Ok(Standing::HalfDone);
        }
        if !request.waits() {
            let by = if request.checker.is_empty() { String::new() } else { format!(" by {}", request.decider()) };
            let mut told = vec![format!("{}{by}.", Term::of(request.state.as_str()).label)];
            told.extend((!request.reason_text.is_empty()).then(|| request.reason_text.clone()));
            return Ok(Standing::Shut(told));
        }
        if request.submitted_by == desk.user() {
            return Ok(Standing::Own);
        }
        let permission = checks(&request.object_kind).unwrap_or(Permission::CheckPeople);
        if !desk.grant.principal.role.allows(permission) {
            return Ok(Standing::Shut(vec![format!("It waits for {}.", permission.who_may())]));
        }
        let mut before = vec![request.submitted_by.as_str()];
        before.extend(self.sought.whose());
        before.extend(Some(request.checker.as_str()).filter(|_| request.waits_for_second()));
        Ok(match desk.counts_as(&before).await? {
            None => Standing::Open,
            Some(user) if user == request.submitted_by => {
                Standing::Shut(vec!["You and the person who submitted this act for each other: somebody else must decide.".to_owned()])
            }
            Some(user) if request.waits_for_second() && user == request.checker => {
                Standing::Shut(vec!["You have approved this already, or act for who has: a second checker must.".to_owned()])
            }
            Some(_) => Standing::Shut(vec!["Nobody decides on what they may themselves: somebody else must.".to_owned()]),
        })
    }

    fn form(&self, standing: &Standing) -> Form {
        let request = &self.request;
        let again = if request.round > 1 { format!("{}, for the {}. time", request.title, request.round) } else { request.title.clone() };
        let form = Form {
            section: SECTION,
            heading: again,
            about: self.sought.about(),
            facts: vec![
                fact("Submitted by", request.submitted_by.as_str()),
                fact("Submitted", self.desk.moment(&request.submitted_at)),
                fact("State", Term::of(request.state.as_str()).label),
            ],
            sheets: self.sought.sheets(),
            hidden: vec![(REVISION, self.revision.0.clone())],
            action: format!("/approvals/{}", request.name),
            back: ("/approvals".to_owned(), "All approvals".to_owned()),
            ..Form::default()
        };
        let button = |value: &str, words: &str| Button { name: DECISION, value: value.to_owned(), words: words.to_owned() };
        match standing {
            Standing::Shut(why) => Form { lead: why.clone(), action: String::new(), ..form },
            Standing::Own => {
                let mut form = form;
                form.hidden.push((DECISION, WITHDRAW.to_owned()));
                let lead = "You asked for this: somebody else decides. You can take it back.".to_owned();
                Form { lead: vec![lead], submit: "Take it back".to_owned(), grave: true, ..form }
            }
            Standing::HalfDone => {
                let lead = "You approved this, but it was not carried out: the institution’s server failed in between.".to_owned();
                Form { lead: vec![lead], submit: "Carry it out".to_owned(), ..form }
            }
            Standing::Open => {
                let reasons = ReturnReason::ALL.iter().map(|reason| (reason.code().to_owned(), reason.term().label)).collect();
                let second = request.waits_for_second();
                let lead =
                    second.then(|| format!("{} has approved it; it is over their limit, so a second checker decides.", request.checker));
                let code = Field::new("reason_code", "Why it is sent back", FieldKind::Choice(reasons)).optional();
                let comment = Field::new("comment", "What must be changed", FieldKind::Text { max: REASON_MAX_CHARS }).optional();
                Form {
                    lead: lead.into_iter().collect(),
                    fields: vec![code, comment],
                    submit: "Approve".to_owned(),
                    others: vec![button(RETURN, "Return with this reason")],
                    ..form
                }
            }
        }
    }

    fn changed(&self, form: Form, typed: &Typed, words: &str) -> Answered {
        let mut form = renewed(form.again(typed, &[]));
        form.notice.push(words.to_owned());
        Answered::Changed(form)
    }

    fn entry(&self, action: &'static str) -> audit::Entry {
        // Of the portal's own affairs, which who runs it reads; what is filed and what is released to borrowers are none of them.
        let kind = if matches!(self.sought, Object::Campaign(_) | Object::Filing(_)) { AuditKind::Approval } else { AuditKind::Config };
        audit::Entry::new(kind, action).object(HouseRequest::DOCTYPE, &self.request.name)
    }

    async fn end(&self, action: &'static str, state: &'static str, why: Option<(&str, &str)>) -> Result<(), Refusal> {
        let words = why.map_or("", |(_, words)| words);
        audit::record(self.entry(action).because(words)).await?;
        self.desk.decide(&self.request, &self.revision, Decision { state, why }).await?;
        self.sought.ended().await
    }
}

/// The form of a request.
///
/// # Errors
/// [`ErrorCode::NotFound`] for one of another institution, of a case, and of others where the role does not see it; otherwise any fault
/// of the calls.
pub async fn ask(id: &str) -> Result<Form, Refusal> {
    let matter = Matter::find(id).await?;
    let standing = matter.standing().await?;
    Ok(matter.form(&standing))
}

/// Decides.
///
/// # Errors
/// As [`ask`].
pub async fn answer(id: &str, typed: &Typed) -> Result<Answered, Refusal> {
    match carry_out(id, typed).await {
        Err(Refusal::Fault(Fault::Conflict)) => {
            let matter = Matter::find(id).await?;
            let form = matter.form(&matter.standing().await?);
            Ok(matter.changed(form, typed, "Somebody else was quicker. This is how it stands now."))
        }
        other => other,
    }
}

async fn carry_out(id: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let matter = Matter::find(id).await?;
    let standing = matter.standing().await?;
    let form = matter.form(&standing);
    let done = Answered::Done { lead_to: matter.sought.address() };
    let (back, withdrawn) = (typed.text(DECISION) == RETURN, typed.text(DECISION) == WITHDRAW);
    match standing {
        Standing::Shut(why) => {
            // What this person has decided is decided, however often it is sent.
            let (request, user) = (&matter.request, matter.desk.user());
            if request.checker == user && (!request.waits() || request.waits_for_second()) || request.checker_2 == user {
                return Ok(done);
            }
            if matter.request.waits() {
                audit::note(audit::Entry::new(AuditKind::Denied, "approval.decide").object(HouseRequest::DOCTYPE, id).reason("FOUR_EYES"));
                return Ok(Answered::Again(forbidden(SECTION, why)));
            }
            return Ok(matter.changed(form, typed, "Somebody else was quicker. This is how it stands now."));
        }
        Standing::Own if withdrawn => {
            matter.end("approval.withdraw", "WITHDRAWN", None).await?;
            return Ok(done);
        }
        Standing::Own => {
            audit::note(audit::Entry::new(AuditKind::Denied, "approval.decide").object(HouseRequest::DOCTYPE, id).reason("OWN"));
            let why = "You submitted this yourself: somebody else must decide.".to_owned();
            return Ok(Answered::Again(forbidden(SECTION, vec![why])));
        }
        Standing::Open if typed.text(REVISION) != matter.revision.0 => {
            return Ok(matter.changed(form, typed, "This was changed after you opened the form. Look at it again."));
        }
        Standing::Open if back => return give_back(&matter, form, typed, done).await,
        Standing::Open if !matter.sought.fits() => {
            matter.end("approval.void", "VOID", None).await?;
            let matter = Matter::find(id).await?;
            let form = matter.form(&matter.standing().await?);
            let words = "What this was asked over has changed since: the request is void. Ask for it to be submitted again.";
            return Ok(matter.changed(form, typed, words));
        }
        Standing::Open => {
            let against = matter.sought.against().await?;
            if !against.is_empty() {
                let mut form = form.again(typed, &[]);
                form.notice.extend(against);
                return Ok(Answered::Again(form));
            }
            let (request, desk) = (&matter.request, &matter.desk);
            let over = desk.is_over_limit(request.amount.0).await?;
            if over && request.waits_for_second() {
                let mut form = form.again(typed, &[]);
                form.notice.push(format!("{} is over your limit: somebody with a higher limit must approve.", request.amount.0.exact()));
                return Ok(Answered::Again(form));
            }
            if over {
                audit::record(matter.entry("approval.first")).await?;
                desk.decide(request, &matter.revision, Decision { state: "SECOND_PENDING", why: None }).await?;
                return Ok(done);
            }
            matter.sought.record().await?;
            desk.decide(request, &matter.revision, Decision { state: "APPROVED", why: None }).await?;
        }
        Standing::HalfDone => matter.sought.record().await?,
    }
    match matter.sought.carry_out(&matter.desk, &matter.request).await? {
        None => Ok(done),
        Some(problem) => Ok(Answered::Again(form.again(typed, &[problem]))),
    }
}

async fn give_back(matter: &Matter, form: Form, typed: &Typed, done: Answered) -> Result<Answered, Refusal> {
    let mut reading = Reading::of(typed);
    let known = ReturnReason::ALL.iter().map(|reason| (reason.code().to_owned(), reason.code().to_owned()));
    let code = reading.required("reason_code", |reading| reading.some_choice("reason_code", known));
    let words = reading.reason("comment");
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(form.again(typed, &problems)));
    }
    matter.end("approval.return", "RETURNED", Some((&code, &words))).await?;
    Ok(done)
}
