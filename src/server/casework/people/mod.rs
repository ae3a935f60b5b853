//! People: who may do what at the institution, who let them, and what is changed of it.
//!
//! Owns what is shown of people and which record is meant: a person of another institution is the same answer as nobody. What is changed
//! is `change.rs`'s, what ends at once `stop.rs`'s, what a second person decides `decide.rs`'s. It must not know how a page looks.

mod change;
mod decide;
mod fields;
mod stop;
mod wire;

use super::{
    Refusal, audit,
    keys::{OPERATION, REVISION, operation_for},
    second::{Desk, fact, forbidden, not_for},
};
use crate::{
    model::{
        ACCESS_FIELDS, Access, Answered, AuditKind, AuditReach, Cell, Day, ErrorCode, Fact, FileForm, Form, Permission, Role, Sheet, Term,
        Tone, Typed,
    },
    server::frappe::{Changes, Condition, Direction, Fault, Field as Column, Query, Record as _, Revision, RowScope},
};
pub use decide::Sought;
use wire::{ACTIVE, PersonRecord, WAITING};

/// The section's name.
pub const SECTION: &str = "People and roles";
/// Code of the requests.
pub const KIND: &str = "USER";
/// People on a page.
const PAGE_ROWS: u32 = 100;
/// Requests that a person's page shows.
const REQUEST_ROWS: u32 = 10;
/// What they were when the form was opened: travels with the form, so that what changed meanwhile can be told.
const SEEN: &str = "seen";

/// Shows who may not who may.
///
/// # Errors
/// Those of the form, but for that.
async fn or_told(permission: Permission, form: impl Future<Output = Result<Form, Refusal>>) -> Result<Form, Refusal> {
    match form.await {
        Err(Refusal::Code(ErrorCode::Forbidden)) => Ok(not_for(permission, SECTION)),
        other => other,
    }
}

/// Everybody, a page at a time, and what each role may.
///
/// # Errors
/// Any fault of the call.
pub async fn list(page: u32) -> Result<Form, Refusal> {
    or_told(Permission::SeePeople, Box::pin(listed(page))).await
}

async fn listed(page: u32) -> Result<Form, Refusal> {
    let desk = Desk::of(Permission::SeePeople).await?;
    let people = Query::<PersonRecord>::new(RowScope::institution_wide()).order_by(Column::new("display_name"), Direction::Ascending);
    let found = desk.client.list(&people.page(page.saturating_mul(PAGE_ROWS), PAGE_ROWS)).await?;
    let headings = ["Name", "Role", "Cases", "Approves up to", "State", "Last sign-in", "Deputy"];
    let rows = found.rows.iter().map(|person| row(person, &desk)).collect::<Vec<_>>();
    let next = found.more.then(|| format!("/people?page={}", page.saturating_add(1)));
    let people = Sheet { next, ..Sheet::new("People", "Nobody is here", &headings).with(rows) };
    let manages = desk.grant.principal.role.allows(Permission::ManagePeople);
    Ok(Form {
        section: SECTION,
        heading: SECTION.to_owned(),
        lead: vec!["One person has one role. What somebody may is prepared by a tenant admin and approved by somebody else.".to_owned()],
        links: manages.then(|| ("/people/new".to_owned(), "Let somebody in…".to_owned())).into_iter().collect(),
        sheets: vec![people, matrix()],
        back: ("/".to_owned(), "To the dashboard".to_owned()),
        wide: true,
        ..Form::default()
    })
}

fn row(person: &PersonRecord, desk: &Desk) -> Vec<Cell> {
    let name = Cell::text(person.display_name.as_str()).to(format!("/people/{}", person.name)).line(person.user_id.as_str());
    let mut reach = person.reach().into_iter();
    let reach = reach.next().map_or_else(|| Cell::some(None), |first| reach.fold(Cell::text(first), Cell::line));
    let access = person.access();
    let limit = access.as_ref().filter(|access| access.role == Role::LegalHead);
    let limit = Cell::some(limit.map(|access| access.limit.map_or_else(|| "No limit".to_owned(), |limit| limit.exact())));
    let deputy = access.as_ref().and_then(|access| access.deputy.clone());
    let until = access.as_ref().and_then(|access| access.deputy_until).map(|until| format!("until {}", until.long()));
    let seen = desk.moment(&person.last_sign_in_at);
    vec![
        name,
        role(person),
        reach,
        limit,
        state(person, desk.today()),
        Cell::some((!seen.is_empty()).then_some(seen)),
        Cell::some(deputy).some_line(until),
    ]
}

fn role(person: &PersonRecord) -> Cell {
    match person.role() {
        Some(role) => Cell::text(role.label()),
        None => Cell::text(person.portal_role.as_str()).line("No role of this portal: may do nothing").meant(Tone::Bad),
    }
}

/// Where somebody stands, with the days within which they are let in.
fn state(person: &PersonRecord, today: Day) -> Cell {
    let (from, until) = (person.allowed_from_on.day(), person.allowed_until_on.day());
    let cell = match (person.state.as_str(), person.is_on()) {
        (ACTIVE, true) if until.is_some_and(|until| until < today) => Cell::text("Over").meant(Tone::Bad),
        (ACTIVE, true) if from.is_some_and(|from| from > today) => Cell::text("Not yet").meant(Tone::Waiting),
        (ACTIVE, true) => Cell::text("Active").meant(Tone::Good),
        (ACTIVE, false) => Cell::text("Shut out").meant(Tone::Bad),
        (WAITING, _) => Cell::text("Waits for approval").meant(Tone::Waiting),
        (code, _) => Cell::text(Term::of(code).label).meant(Tone::Bad),
    };
    cell.some_line(until.map(|until| format!("until {}", until.long())))
}

/// What each role may: the very data by which it is decided.
fn matrix() -> Sheet {
    let headings: Vec<&str> = std::iter::once("May").chain(Role::ALL.into_iter().map(Role::label)).collect();
    let words = |role: Role, permission: Permission| match permission {
        _ if !role.allows(permission) => Cell::some(None),
        Permission::SeeAudit => Cell::text(match role.audit_reach() {
            AuditReach::Own => "Own",
            AuditReach::Administration => "Administration",
            _ => "All",
        }),
        Permission::Export => Cell::text(format!(
            "{} rows",
            crate::model::Inr::from_rupees(i64::from(role.export_rows_max())).exact().trim_start_matches('₹')
        )),
        _ => Cell::text("Yes"),
    };
    let row = |permission: Permission| {
        std::iter::once(Cell::text(permission.label())).chain(Role::ALL.map(|role| words(role, permission))).collect::<Vec<_>>()
    };
    let remark = "Which rows of it, a person’s scopes say. Hidden menu items protect nothing: each is asked for again by the server.";
    Sheet { remark: Some(remark.to_owned()), ..Sheet::new("What each role may", "", &headings).with(Permission::ALL.map(row)) }
}

/// A person, at the revision that was read.
pub struct Person {
    /// Who asks.
    pub desk: Desk,
    /// As they stand.
    pub record: PersonRecord,
    /// At this revision.
    pub revision: Revision,
}

impl Person {
    /// Finds them, for somebody who has this permission.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`], [`ErrorCode::NotFound`] for another institution's as well; otherwise any fault of the calls.
    pub async fn find(id: &str, permission: Permission) -> Result<Self, Refusal> {
        let desk = Desk::of(permission).await?;
        let (record, revision, _) = desk.client.get_with_proof::<PersonRecord>(id).await?;
        Ok(Self { desk, record, revision })
    }

    /// Their page.
    pub fn address(&self) -> String {
        format!("/people/{}", self.record.name)
    }

    /// The page of a form about them.
    fn form(&self, deed: &str, heading: &str, typed: Option<&Typed>) -> Form {
        let seen = super::work::Said { values: self.record.values(), ..super::work::Said::default() };
        Form {
            section: SECTION,
            heading: heading.to_owned(),
            about: format!("{} · {}", self.record.display_name, self.record.user_id),
            hidden: vec![(REVISION, self.revision.0.clone()), (OPERATION, operation_for(typed)), (SEEN, seen.encoded())],
            action: format!("{}/do/{deed}", self.address()),
            back: (self.address(), "Back to the person".to_owned()),
            ..Form::default()
        }
    }

    /// The form, after somebody else was quicker: what they changed, and what was typed still in it.
    fn changed(&self, form: Form, typed: &Typed) -> Form {
        let mut form = super::second::renewed(form.again(typed, &[]));
        form.notice.push(
            "Somebody changed this person after you opened the form. Nothing of yours was done, and what you typed is still here."
                .to_owned(),
        );
        let seen = super::work::Said::decode(typed.text(SEEN)).values;
        let now = self.record.values();
        let told = now.iter().filter_map(|(field, value)| {
            let (_, was) = seen.iter().find(|(known, was)| known == field && was != value)?;
            Some(format!("{}: was {}, is now {}.", label(field), Access::words(field, was), Access::words(field, value)))
        });
        form.notice.extend(told);
        form.notice.push("Send the form again if it is still what you want.".to_owned());
        form
    }

    /// Whether the form was opened on the person as they stand. A sign-in moves the revision, and is no change of what a form is about.
    fn is_as_seen(&self, typed: &Typed) -> bool {
        typed.text(REVISION) == self.revision.0 || super::work::Said::decode(typed.text(SEEN)).values == self.record.values()
    }

    /// Writes a change of the person as they were read; a sign-in in between is no reason to refuse it.
    ///
    /// # Errors
    /// [`Fault::Conflict`] where something else of them was changed; otherwise any fault of the calls.
    async fn write(&self, changes: Changes) -> Result<Revision, Refusal> {
        let (client, name) = (&self.desk.client, self.record.name.as_str());
        match client.update::<PersonRecord>(name, &self.revision, changes.clone()).await {
            Err(Fault::Conflict) => {
                let (now, revision, _) = client.get_with_proof::<PersonRecord>(name).await?;
                if now.values() != self.record.values() {
                    return Err(Fault::Conflict.into());
                }
                Ok(client.update::<PersonRecord>(name, &revision, changes).await?.1)
            }
            written => Ok(written?.1),
        }
    }

    /// Why this person changes nothing of that person, if so: nobody changes their own access, and who acts for somebody counts as them.
    async fn own(&self) -> Result<Option<Form>, Refusal> {
        let user = self.record.user_id.as_str();
        let Some(_) = self.desk.counts_as(&[user]).await? else { return Ok(None) };
        let entry = audit::Entry::new(AuditKind::Denied, Permission::ManagePeople.code()).object(PersonRecord::DOCTYPE, &self.record.name);
        audit::note(entry.reason("OWN"));
        let who = if user == self.desk.user() { "Nobody changes their own access" } else { "You and this person act for each other" };
        let mut form = forbidden(SECTION, vec![format!("{who}: another tenant admin must do this.")]);
        form.back = (self.address(), "Back to the person".to_owned());
        Ok(Some(form))
    }

    /// Whether the institution would have a tenant admin without this one, today and from now on.
    async fn has_other_admin(&self) -> Result<bool, Refusal> {
        let admins = admins(&self.desk).await?;
        Ok(admins.iter().any(|admin| admin.name != self.record.name))
    }

    /// Whether they are a tenant admin who may sign in today.
    fn is_admin(&self) -> bool {
        is_admin(&self.record, self.desk.today())
    }

    fn entry(&self, action: &'static str) -> audit::Entry {
        audit::Entry::new(AuditKind::Config, action).object(PersonRecord::DOCTYPE, &self.record.name)
    }
}

fn is_admin(person: &PersonRecord, today: Day) -> bool {
    let within =
        person.allowed_from_on.day().is_none_or(|from| from <= today) && person.allowed_until_on.day().is_none_or(|until| today <= until);
    person.is_on() && person.role() == Some(Role::TenantAdmin) && within
}

/// The tenant admins who may sign in today.
async fn admins(desk: &Desk) -> Result<Vec<PersonRecord>, Refusal> {
    let admins = Query::<PersonRecord>::new(RowScope::institution_wide());
    let admins = admins.filter(Condition::eq(Column::new("portal_role"), Role::TenantAdmin.code())).page(0, PAGE_ROWS);
    let today = desk.today();
    Ok(desk.client.list(&admins).await?.rows.into_iter().filter(|person| is_admin(person, today)).collect())
}

/// What a field is called.
fn label(field: &str) -> String {
    let known = ACCESS_FIELDS.iter().find(|(known, _)| *known == field).map(|(_, label)| (*label).to_owned());
    known.unwrap_or_else(|| Term::of(field.to_uppercase()).label)
}

/// One person: what they may, who let them, what waits, and what may be done.
///
/// # Errors
/// [`ErrorCode::NotFound`] for somebody of another institution as for nobody; otherwise any fault of the calls.
pub async fn show(id: &str) -> Result<Form, Refusal> {
    or_told(Permission::SeePeople, Box::pin(shown(id))).await
}

async fn shown(id: &str) -> Result<Form, Refusal> {
    let person = Person::find(id, Permission::SeePeople).await?;
    let requests = person.desk.requests_over(KIND, &person.record.name, REQUEST_ROWS).await?;
    let (desk, record) = (&person.desk, &person.record);
    let values = record.values();
    let known = ACCESS_FIELDS.iter().skip(1).filter_map(|(field, label)| {
        let (_, value) = values.iter().find(|(known, _)| known == field)?;
        Some(fact(label, Access::words(field, value)))
    });
    let state = Fact { label: "State".to_owned(), cell: state(record, desk.today()), formula: None };
    let role = Fact { label: "Role".to_owned(), cell: role(record), formula: None };
    let by = [
        fact("Last sign-in", desk.moment(&record.last_sign_in_at)),
        fact("Prepared by", record.created_by.as_str()),
        fact("Approved by", record.approved_by.as_str()),
        fact("Approved", desk.moment(&record.approved_at)),
    ];
    let manages = desk.grant.principal.role.allows(Permission::ManagePeople);
    let row = |request: &super::second::HouseRequest| {
        let tone = match request.state.as_str() {
            "APPROVED" => Tone::Good,
            "PENDING" => Tone::Waiting,
            _ => Tone::Bad,
        };
        let reason = (!request.reason_text.is_empty()).then(|| request.reason_text.clone());
        let what = Cell::text(request.title.as_str()).file(format!("/approvals/{}", request.name), FileForm::OnPage);
        let checker = (!request.checker.is_empty()).then(|| request.checker.clone());
        vec![
            what,
            Cell::text(desk.moment(&request.submitted_at)).line(request.submitted_by.as_str()),
            Cell::text(Term::of(request.state.as_str()).label).some_line(checker).some_line(reason).meant(tone),
        ]
    };
    let asked = Sheet::new("Asked for", "Nothing has been asked for", &["What", "Submitted", "State"]);
    let waits = requests.iter().any(super::second::HouseRequest::waits);
    Ok(Form {
        section: SECTION,
        heading: record.display_name.clone(),
        about: record.user_id.clone(),
        facts: [state, role].into_iter().chain(known.filter(|fact| fact.label != "Role")).chain(by).collect(),
        links: if manages { change::links(&person, waits) } else { Vec::new() },
        sheets: vec![asked.with(requests.iter().map(row).collect::<Vec<_>>())],
        back: ("/people".to_owned(), "All people".to_owned()),
        ..Form::default()
    })
}

/// The form that lets somebody in.
///
/// # Errors
/// Any fault of the calls.
pub async fn ask_new() -> Result<Form, Refusal> {
    or_told(Permission::ManagePeople, Box::pin(change::ask_new())).await
}

/// Asks for it.
///
/// # Errors
/// Any fault of the calls.
pub async fn answer_new(typed: &Typed) -> Result<Answered, Refusal> {
    told(Permission::ManagePeople, Box::pin(change::answer_new(typed))).await
}

/// The form of what is done to a person.
///
/// # Errors
/// [`ErrorCode::NotFound`] for somebody of another institution as for nobody, and for what cannot be done at all.
pub async fn ask(id: &str, deed: &str) -> Result<Form, Refusal> {
    let form = async {
        match deed {
            change::CHANGE => change::ask(id).await,
            change::ENABLE => change::ask_enable(id).await,
            stop::DISABLE | stop::END_SESSIONS => stop::ask(id, stop::Stop::of(deed)).await,
            _ => Err(ErrorCode::NotFound.into()),
        }
    };
    or_told(Permission::ManagePeople, Box::pin(form)).await
}

/// Does it, or asks for it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(id: &str, deed: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let done = async {
        match deed {
            change::CHANGE => change::answer(id, typed).await,
            change::ENABLE => change::answer_enable(id, typed).await,
            stop::DISABLE | stop::END_SESSIONS => stop::answer(id, stop::Stop::of(deed), typed).await,
            _ => Err(ErrorCode::NotFound.into()),
        }
    };
    match told(Permission::ManagePeople, Box::pin(done)).await {
        // Somebody was quicker between our reading and our writing: what was typed stays.
        Err(Refusal::Fault(Fault::Conflict)) => {
            let form = ask(id, deed).await?;
            let person = Person::find(id, Permission::ManagePeople).await?;
            Ok(Answered::Changed(person.changed(form, typed)))
        }
        other => other,
    }
}

async fn told(permission: Permission, answer: impl Future<Output = Result<Answered, Refusal>>) -> Result<Answered, Refusal> {
    match answer.await {
        Err(Refusal::Code(ErrorCode::Forbidden)) => Ok(Answered::Again(not_for(permission, SECTION))),
        other => other,
    }
}
