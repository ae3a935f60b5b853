//! Whose a case is: the people who work on it for the institution, and the advocate. With it an advocate's access begins and ends.
//!
//! It must not know what any of them may do.

use super::{
    super::{
        Refusal,
        columns::{Date, record},
        keys::operation_of,
        site_time,
    },
    draft::differences,
    effects::of_institution,
    followers::Followers,
    step::{Happened, Step},
    subject::{CaseState, Subject},
};
use crate::{
    model::{Answered, AuditKind, CodeSet, ErrorCode, Field, FieldKind, Form, Permission, Reading, Role, Scopes, Typed},
    registry::Tenant,
    server::frappe::{Changes, Client, Condition, Direction, Field as Column, PAGE_MAX, Record as _, Value},
};

/// Its word in the address.
pub const DEED: &str = "assign";

record! {
    /// Somebody whom a case may be given.
    struct PersonRecord of "Portal User" {
        user_id: String,
        display_name: String,
        portal_role: String,
        zones: String,
        regions: String,
        branches: String,
        products: String,
    }
}

record! {
    /// An advocate of the panel.
    struct AdvocateRecord of "Panel Advocate" {
        advocate_name: String,
        firm: String,
        empanelled_until_on: Date,
    }
}

/// The people of a case: column, and words.
pub const PEOPLE: [(&str, &str); 3] =
    [("legal_owner", "Legal owner"), ("collections_owner", "Collections owner"), ("advocate", "Advocate")];

/// Who may be chosen, in the order of [`PEOPLE`]: code and words.
pub type Choices = [Vec<(String, String)>; 3];

/// Who may have cases at all.
pub struct People {
    people: Vec<PersonRecord>,
    panel: Vec<(String, String)>,
}

impl People {
    /// Those of the institution.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn read(client: &Client, tenant: &Tenant) -> Result<Self, Refusal> {
        let active = of_institution::<PersonRecord>().filter(Condition::eq(Column::new("active"), true));
        let active = active.filter(Condition::eq(Column::new("state"), "ACTIVE"));
        let roles = [Role::LegalManager, Role::LegalHead, Role::CollectionsOfficer].map(Role::code);
        let active = active.filter(Condition::one_of(Column::new("portal_role"), roles));
        let active = active.order_by(Column::new("display_name"), Direction::Ascending).page(0, PAGE_MAX);
        let panel = of_institution::<AdvocateRecord>().filter(Condition::eq(Column::new("active"), true));
        let panel = panel.order_by(Column::new("advocate_name"), Direction::Ascending).page(0, PAGE_MAX);
        let people = async { Ok::<_, Refusal>(client.list(&active).await?.rows) };
        let panel = async { Ok::<_, Refusal>(client.list(&panel).await?.rows) };
        let (people, panel) = futures::try_join!(people, panel)?;
        let today = site_time::today(tenant);
        let advocates = panel.into_iter().filter(|advocate| advocate.empanelled_until_on.day().is_none_or(|until| until >= today));
        let advocates = advocates.map(|row| {
            let firm = if row.firm.is_empty() { String::new() } else { format!(", {}", row.firm) };
            (row.name, format!("{}{firm}", row.advocate_name))
        });
        Ok(Self { people, panel: advocates.collect() })
    }

    /// Who may have a case of this zone, region, branch and product: who could not see it cannot have it. Without a place: of any case.
    pub fn choices(&self, place: Option<[&str; 4]>) -> Choices {
        let reaches = |person: &&PersonRecord| {
            let codes = |text: &str| CodeSet::parse(text);
            let scopes = Scopes {
                zones: codes(&person.zones),
                regions: codes(&person.regions),
                branches: codes(&person.branches),
                products: codes(&person.products),
                assigned_only: false,
            };
            place.is_none_or(|[zone, region, branch, product]| scopes.reach(zone, region, branch, product))
        };
        let of = |roles: &[Role]| {
            let within = self.people.iter().filter(|person| Role::from_code(&person.portal_role).is_some_and(|role| roles.contains(&role)));
            within.filter(reaches).map(|person| (person.user_id.clone(), person.display_name.clone())).collect::<Vec<_>>()
        };
        [of(&[Role::LegalManager, Role::LegalHead]), of(&[Role::CollectionsOfficer]), self.panel.clone()]
    }
}

/// Asks for it.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask(case: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::Assign).await?;
    let choices = choices(&subject).await?;
    Ok(form(&subject, choices, None))
}

fn now(case: &CaseState) -> [&str; 3] {
    [&case.legal_owner, &case.collections_owner, &case.advocate]
}

async fn choices(subject: &Subject) -> Result<Choices, Refusal> {
    let case = &subject.case;
    let people = People::read(&subject.client, &subject.site.tenant).await?;
    let mut choices = people.choices(Some([&case.zone, &case.region, &case.branch, &case.product]));
    // Who has it now stays a choice, whatever has become of them.
    for (choices, now) in choices.iter_mut().zip(now(case)) {
        if !now.is_empty() && !choices.iter().any(|(code, _)| code == now) {
            choices.push((now.to_owned(), format!("As it is ({now})")));
        }
    }
    Ok(choices)
}

fn form(subject: &Subject, choices: Choices, typed: Option<&Typed>) -> Form {
    let named = PEOPLE.iter().zip(choices).zip(now(&subject.case));
    Form {
        lead: vec!["An advocate sees the case from the moment it is given to them, and no longer once it is given to another.".to_owned()],
        fields: named
            .map(|(((name, label), choices), now)| Field::new(name, *label, FieldKind::Choice(choices)).optional().value(now))
            .collect(),
        submit: "Assign".to_owned(),
        ..subject.form(DEED, "Assign the case", typed)
    }
}

/// Assigns it.
///
/// # Errors
/// As [`super::ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Assign).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let choices = choices(&subject).await?;
    let empty = form(&subject, choices.clone(), Some(typed));
    let mut reading = Reading::of(typed);
    let mut chosen = Vec::new();
    for ((name, _), choices) in PEOPLE.iter().zip(&choices) {
        let known = choices.iter().map(|(code, _)| (code.clone(), code.clone()));
        chosen.push((*name, reading.some_choice(name, known).unwrap_or_default()));
    }
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(empty.again(typed, &problems)));
    }
    if !subject.is_as_seen(typed) {
        return Ok(Answered::Changed(subject.changed(empty, typed).await?));
    }
    let before: Vec<(&'static str, String)> =
        PEOPLE.iter().zip(now(&subject.case)).map(|((name, _), now)| (*name, now.to_owned())).collect();
    if before == chosen {
        return Ok(Answered::Done { lead_to: subject.address() });
    }
    let followers = Followers::of(&subject).await?;
    let said = differences(&before, &chosen);
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "case.assign", "", said).await?;
    let moved = followers.follow(&subject, &step, &chosen).await?;
    step.happened(Happened {
        kind: "PEOPLE",
        transition: 0,
        title: "Case assigned".to_owned(),
        note: String::new(),
        states: None,
        stages: None,
        source: (CaseState::DOCTYPE, subject.id.as_str().to_owned()),
    })
    .await?;
    let changes = chosen.into_iter().fold(Changes::new(), |changes, (name, who)| {
        // A link to nobody is no link.
        changes.set(Column::new(name), if who.is_empty() { Value::Nothing } else { who.into() })
    });
    step.case(changes).await?;
    moved.ring();
    // Somebody who has given the case away may no longer see it.
    let keeps = super::super::cases::find(&subject.client, &subject.grant, &subject.id).await.is_ok();
    Ok(Answered::Done { lead_to: if keeps { subject.address() } else { "/cases".to_owned() } })
}
