//! What can be done in several cases at once: deeds of one case, each with what it asks, what it would do to a case, and how it is done to
//! one.
//!
//! Owns which deeds these are. Each is carried out by the deed's own function, so every rule, record and check is the same one. It must
//! not know how cases are chosen, nor how many there are.

use std::collections::BTreeSet;

use super::{
    super::{
        Refusal,
        columns::{Rupees, record},
        keys::{OPERATION, REVISION},
        site_time,
    },
    assign::{self, Choices, PEOPLE, People},
    catch_up, comment, task,
    transition::{self, ASKED_ALREADY},
};
use crate::{
    model::{
        Answered, ApprovalKind, Caller, Day, Facts, Field, FieldError, FieldKind, Form, Hold, Inr, Permission, Person, Reading, Role,
        Somebody, Stage, Status, Transition, Typed, WhyNot, judge,
    },
    registry::Tenant,
    server::{
        context::Grant,
        frappe::{Client, Condition, Fault, Field as Column, PAGE_MAX, Query, RowScope},
    },
};

record! {
    /// A case as far as choosing it goes.
    pub struct Chosen of "Arbitration Case" {
        modified: String,
        case_id: String,
        draft_no: String,
        stage: String,
        status: String,
        hold: String,
        zone: String,
        region: String,
        branch: String,
        product: String,
        legal_owner: String,
        collections_owner: String,
        advocate: String,
        total_dues: Rupees,
    }
    names { title_text, }
}

record! {
    /// A request that waits, as far as asking again goes.
    struct Waiting of "Case Approval" {
        case_ref: String,
    }
}

impl Chosen {
    /// The number that people know it by.
    pub fn number(&self) -> &str {
        if self.case_id.is_empty() { &self.draft_no } else { &self.case_id }
    }

    /// What is owed in it.
    pub const fn dues(&self) -> Inr {
        self.total_dues.0
    }

    fn holder(&self, column: &str) -> &str {
        match column {
            "legal_owner" => &self.legal_owner,
            "collections_owner" => &self.collections_owner,
            _ => &self.advocate,
        }
    }
}

/// One of these deeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Says whose they are.
    Assign,
    /// Adds a comment for the institution's people.
    Comment,
    /// Sets a task in each.
    Task,
    /// Puts them on hold.
    Hold,
    /// Asks for the hold to be lifted.
    Release,
    /// Takes what is due of the portal's own steps.
    CatchUp,
}

/// What doing it to a case has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done(&'static str),
    /// It was not, for this reason.
    Not(String),
    /// Somebody has changed the case meanwhile.
    Changed,
}

/// What must be known for judging each case beforehand.
pub struct Foresight {
    today: Day,
    caller: Caller,
    people: Option<People>,
    waiting: BTreeSet<String>,
}

impl Action {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Assign, Self::Comment, Self::Task, Self::Hold, Self::Release, Self::CatchUp];

    /// The one with this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }

    /// Its word in forms and in the trail: the deed's.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Assign => assign::DEED,
            Self::Comment => comment::DEED,
            Self::Task => task::DEED,
            Self::Hold => "hold",
            Self::Release => "release",
            Self::CatchUp => catch_up::DEED,
        }
    }

    /// What a person is offered.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Assign => "Assign them",
            Self::Comment => "Add a comment for your institution’s people",
            Self::Task => "Raise a task in each",
            Self::Hold => "Put them on hold",
            Self::Release => "Ask for their holds to be lifted",
            Self::CatchUp => "Bring them up to date",
        }
    }

    /// What the single deed asks of a role.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Assign => Permission::Assign,
            Self::Comment => Permission::Comment,
            Self::Task | Self::Hold | Self::Release | Self::CatchUp => Permission::Work,
        }
    }

    fn row(self) -> Option<&'static Transition> {
        if matches!(self, Self::Hold | Self::Release) { Transition::of(self.word()) } else { None }
    }

    /// Whether it is offered to a role; who sends it all the same is judged for each case.
    pub fn is_for(self, role: Role) -> bool {
        let takes = |row: &Transition| row.actor(role).is_some_and(|actor| row.by.contains(&actor));
        role.allows(self.permission()) && self.row().is_none_or(takes)
    }

    /// Whether what it does rests on how the case stands: then a case that has changed since it was looked at is left alone.
    pub const fn rests_on_revision(self) -> bool {
        matches!(self, Self::Assign | Self::Hold | Self::Release)
    }

    /// What it says where it was done.
    const fn done(self) -> &'static str {
        match self {
            Self::Assign => "Assigned",
            Self::Comment => "Comment added",
            Self::Task => "Task raised",
            Self::Hold => "Put on hold",
            Self::Release => "Approval asked for",
            Self::CatchUp => "Brought up to date",
        }
    }

    /// What it asks.
    ///
    /// # Errors
    /// Any fault of asking who there is.
    pub async fn fields(self, client: &Client, tenant: &Tenant) -> Result<Vec<Field>, Refusal> {
        Ok(match self {
            Self::Assign => people_fields(People::read(client, tenant).await?.choices(None)),
            Self::Comment => vec![comment::body_field()],
            Self::Task => task::fields(site_time::today(tenant)),
            Self::Hold => vec![transition::hold_field(), transition::reason_field()],
            Self::Release => vec![transition::reason_field()],
            Self::CatchUp => Vec::new(),
        })
    }

    /// What is wrong with what was typed, before any case is looked at.
    ///
    /// # Errors
    /// The problems.
    pub fn check(self, fields: &[Field], typed: &Typed, tenant: &Tenant) -> Result<(), Vec<FieldError>> {
        match self {
            Self::Assign => {
                let mut reading = Reading::of(typed);
                let mut chosen = 0;
                for field in fields {
                    if let FieldKind::Choice(choices) = &field.kind {
                        let known = choices.iter().map(|(code, _)| (code.clone(), ()));
                        chosen += usize::from(reading.some_choice(field.name, known).is_some());
                    }
                }
                reading.done()?;
                let nobody = FieldError { field: String::new(), problem: "Choose at least one person.".to_owned() };
                if chosen == 0 { Err(vec![nobody]) } else { Ok(()) }
            }
            Self::Comment => {
                let mut reading = Reading::of(typed);
                reading.required("body", |reading| reading.some_text("body", comment::BODY_MAX));
                reading.done()
            }
            Self::Task => task::read(typed, site_time::today(tenant)).map(|_| ()),
            Self::Hold | Self::Release => transition::read(fields, typed).map(|_| ()),
            Self::CatchUp => Ok(()),
        }
    }

    /// Gathers what judging these cases takes.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn foresee(self, client: &Client, tenant: &Tenant, grant: &Grant, cases: &[Chosen]) -> Result<Foresight, Refusal> {
        let who = Somebody { user: grant.principal.user_id.clone(), deputies: Vec::new() };
        let caller = Caller::Person(Person { role: grant.principal.role, who, limit: None });
        let people = if self == Self::Assign { Some(People::read(client, tenant).await?) } else { None };
        let mut waiting = BTreeSet::new();
        if self == Self::Release {
            for some in cases.chunks(PAGE_MAX as usize / 2) {
                // Of cases that were found in the person's rows.
                let asked = Query::<Waiting>::new(RowScope::institution_wide())
                    .filter(Condition::one_of(Column::new("case_ref"), some.iter().map(|case| case.name.as_str())))
                    .filter(Condition::eq(Column::new("object_kind"), ApprovalKind::Release.code()))
                    .filter(Condition::one_of(Column::new("state"), ["PENDING", "SECOND_PENDING"]));
                waiting.extend(client.list(&asked.page(0, PAGE_MAX)).await?.rows.into_iter().map(|row| row.case_ref));
            }
        }
        Ok(Foresight { today: site_time::today(tenant), caller, people, waiting })
    }

    /// Whether it can be done to a case as it stands, as far as its own record says.
    ///
    /// # Errors
    /// Why not, in a sentence.
    pub fn would(self, case: &Chosen, typed: &Typed, known: &Foresight) -> Result<(), String> {
        let (stage, status) = (Stage::from(case.stage.clone()), Status::from(case.status.clone()));
        match self {
            Self::Comment => Ok(()),
            Self::Task if stage == Stage::Closed => Err(task::CLOSED.to_owned()),
            Self::Task => Ok(()),
            Self::CatchUp if catch_up::may_fall_due(&stage, &status) => Ok(()),
            Self::CatchUp => Err(NOTHING_DUE.to_owned()),
            Self::Assign => {
                let people =
                    known.people.as_ref().map(|people| people.choices(Some([&case.zone, &case.region, &case.branch, &case.product])));
                let mut anything = false;
                for ((column, label), choices) in PEOPLE.iter().zip(people.unwrap_or_default()) {
                    let wanted = typed.text(column);
                    let changes = !wanted.is_empty() && wanted != case.holder(column);
                    if changes && !choices.iter().any(|(code, _)| code == wanted) {
                        return Err(format!("The {} does not reach this case.", label.to_lowercase()));
                    }
                    anything |= changes;
                }
                if anything { Ok(()) } else { Err("It is theirs already.".to_owned()) }
            }
            Self::Hold | Self::Release => {
                if known.waiting.contains(&case.name) {
                    return Err(ASKED_ALREADY.to_owned());
                }
                let facts = Facts::of_place(known.today, stage, status, Hold::from(case.hold.clone()));
                let verdict = self.row().map(|row| judge(row, &facts, &known.caller));
                let why: Vec<String> = verdict.iter().flat_map(|verdict| verdict.reasons()).map(WhyNot::sentence).collect();
                if why.is_empty() { Ok(()) } else { Err(why.join(" ")) }
            }
        }
    }

    /// Does it to one case, under an operation of its own.
    ///
    /// # Errors
    /// A fault after which it can be tried again; whatever the deed itself refuses is an [`Outcome`].
    pub async fn carry_out(self, case: &Chosen, typed: &Typed, operation: &str) -> Result<Outcome, Fault> {
        let typed = self.typed_for(case, typed, operation);
        let id = case.name.as_str();
        let answered = match self {
            Self::Assign => assign::answer(id, &typed).await,
            Self::Comment => comment::answer(id, &typed).await,
            Self::Task => task::answer(id, &typed).await,
            Self::Hold | Self::Release => match self.row() {
                Some(row) => transition::take(id, row, &typed).await,
                None => return Ok(Outcome::Not(NO_SUCH_CASE.to_owned())),
            },
            Self::CatchUp => match catch_up::take(id, operation).await {
                Ok(0) => return Ok(Outcome::Not(NOTHING_DUE.to_owned())),
                Ok(_) => return Ok(Outcome::Done(self.done())),
                Err(refusal) => Err(refusal),
            },
        };
        match answered {
            Ok(Answered::Done { .. } | Answered::Next(_)) => Ok(Outcome::Done(self.done())),
            Ok(Answered::Changed(_)) | Err(Refusal::Fault(Fault::Conflict)) => Ok(Outcome::Changed),
            Ok(Answered::Again(form)) => Ok(Outcome::Not(why_not(&form))),
            Err(Refusal::Code(crate::model::ErrorCode::NotFound) | Refusal::Fault(Fault::NotFound)) => {
                Ok(Outcome::Not(NO_SUCH_CASE.to_owned()))
            }
            Err(Refusal::Code(code)) => Ok(Outcome::Not(crate::model::PortalError::new(code).sentence())),
            Err(Refusal::Fault(Fault::Rejected { .. } | Fault::Duplicate | Fault::TooLarge)) => {
                Ok(Outcome::Not("Your institution’s server did not take it.".to_owned()))
            }
            Err(Refusal::Fault(fault)) => Err(fault),
        }
    }

    /// What is typed into the deed's own form for this case. Who stays whose it is has that said, since the single form says all three.
    fn typed_for(self, case: &Chosen, typed: &Typed, operation: &str) -> Typed {
        let mut pairs = vec![(REVISION.to_owned(), case.modified.clone()), (OPERATION.to_owned(), operation.to_owned())];
        let copied: &[&str] = match self {
            Self::Assign | Self::CatchUp => &[],
            Self::Comment => &["body"],
            Self::Task => &["title", "role", "due_on"],
            Self::Hold => &["hold", "reason"],
            Self::Release => &["reason"],
        };
        pairs.extend(copied.iter().map(|name| ((*name).to_owned(), typed.text(name).to_owned())));
        match self {
            Self::Comment => pairs.push(("visibility".to_owned(), comment::PRIVATE.to_owned())),
            Self::Assign => pairs.extend(PEOPLE.iter().map(|(name, _)| {
                let wanted = typed.text(name);
                ((*name).to_owned(), if wanted.is_empty() { case.holder(name) } else { wanted }.to_owned())
            })),
            _ => {}
        }
        Typed::from(pairs)
    }
}

/// Said of a case that is nobody's, or not among the person's rows: which of the two, nobody is told.
pub const NO_SUCH_CASE: &str = "There is no such case.";
const NOTHING_DUE: &str = "Nothing is due in it.";

fn people_fields(choices: Choices) -> Vec<Field> {
    let field = |((name, label), choices): (&(&'static str, &str), Vec<(String, String)>)| {
        Field::new(name, *label, FieldKind::Choice(choices)).optional().help("Left empty, it stays as it is in each case.")
    };
    PEOPLE.iter().zip(choices).map(field).collect()
}

/// Why a deed has shown its form again.
fn why_not(form: &Form) -> String {
    let of_fields = form.fields.iter().filter_map(|field| Some(format!("{}: {}", field.label, field.problem.as_ref()?)));
    // What cannot be done at all says so first, and then why.
    let lead = form.lead.iter().skip(usize::from(form.lead.len() > 1)).filter(|_| form.action.is_empty());
    let mut why: Vec<String> = form.notice.iter().chain(lead).cloned().chain(of_fields).collect();
    why.dedup();
    why.join(" ")
}
