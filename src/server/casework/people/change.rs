//! What is asked for of a person and takes effect when somebody else approves it: to be let in, another role or scope, to be let in
//! again.
//!
//! Owns these forms. It must not carry out what they ask for: that is `decide.rs`'s.

use serde_json::{Map, Value as Json, json};

use super::{
    KIND, Person, SECTION,
    fields::{Choices, filled, is_address},
    stop,
    wire::{ACTIVE, PersonRecord, WAITING, written},
};
use crate::{
    model::{Access, Answered, AuditKind, ErrorCode, Field, FieldError, FieldKind, Form, Inr, Permission, Reading, Role, Typed},
    server::{
        casework::{
            Refusal, audit,
            keys::{OPERATION, idem_key, natural_key, operation_for, operation_of},
            second::{Asked, Desk, HouseRequest},
            work::Said,
        },
        frappe::{Condition, Fault, Field as Column, Query, Record as _, RowScope},
    },
};

/// Its word in the address.
pub const CHANGE: &str = "change";
/// Its word in the address.
pub const ENABLE: &str = "enable";
/// What a request asks for: to be let in for the first time, something else, to be let in again.
pub const INVITE: &str = "user.invite";
/// Another role, other scopes, limits or days.
pub const ALTER: &str = "user.change";
/// To be let in again.
pub const READMIT: &str = "user.enable";

/// Where one goes from a person's page: what may be done now.
pub fn links(person: &Person, waits: bool) -> Vec<(String, String)> {
    let record = &person.record;
    if record.user_id == person.desk.user() {
        return Vec::new();
    }
    let to = |deed: &str, words: &str| (format!("{}/do/{deed}", person.address()), words.to_owned());
    let change = (!waits).then(|| to(CHANGE, if record.state == WAITING { "Submit again…" } else { "Change…" }));
    let enable = (!waits && !record.is_on() && record.state != WAITING).then(|| to(ENABLE, "Let in again…"));
    let disable = (record.state == WAITING || record.is_on()).then(|| to(stop::DISABLE, "Shut out…"));
    let sessions = record.is_on().then(|| to(stop::END_SESSIONS, "End all sessions…"));
    [change, enable, disable, sessions].into_iter().flatten().collect()
}

/// The form that lets somebody in.
///
/// # Errors
/// Any fault of the calls.
pub async fn ask_new() -> Result<Form, Refusal> {
    let desk = Desk::of(Permission::ManagePeople).await?;
    Ok(invitation(Choices::of(&desk).await?, None))
}

fn invitation(choices: Choices, typed: Option<&Typed>) -> Form {
    let user = Field::new("user_id", "Sign-in name", FieldKind::Line { max: 140 });
    let user = user.help("As the institution’s own server knows them, an address of mail. The login itself is made there, not here.");
    Form {
        section: SECTION,
        heading: "Let somebody in".to_owned(),
        lead: vec![second_decides()],
        fields: std::iter::once(user).chain(choices.fields()).collect(),
        hidden: vec![(OPERATION, operation_for(typed))],
        action: "/people/new".to_owned(),
        submit: "Ask for approval".to_owned(),
        back: ("/people".to_owned(), "All people".to_owned()),
        ..Form::default()
    }
}

fn second_decides() -> String {
    format!("A second person decides, {}: until then nothing changes.", Permission::CheckPeople.who_may())
}

/// Asks for somebody to be let in: a record that lets nobody in yet, and a request over it.
///
/// # Errors
/// Any fault of the calls.
pub async fn answer_new(typed: &Typed) -> Result<Answered, Refusal> {
    let desk = Desk::of(Permission::ManagePeople).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let choices = Choices::of(&desk).await?;
    let mut reading = Reading::of(typed);
    let user = reading.required("user_id", |reading| reading.some_line("user_id", 140)).to_lowercase();
    if !user.is_empty() && !is_address(&user) {
        reading.refuse("user_id", "This is no address of mail.");
    }
    let mut problems = reading.done().err().unwrap_or_default();
    let access = choices.read(typed, &user, &desk).unwrap_or_else(|more| {
        problems.extend(more);
        None::<Access>
    });
    let form = invitation(choices, Some(typed));
    let (Some(access), true) = (access, problems.is_empty()) else { return Ok(Answered::Again(form.again(typed, &problems))) };
    let institution = desk.client.institution().await?.to_string();
    let user_key = natural_key(&institution, &[&user]);
    let key = idem_key(&desk.site.tenant, PersonRecord::DOCTYPE, &operation);
    let made = match by(&desk, "user_key", &user_key).await? {
        Some(known) if known.idem_key == key => known,
        Some(_) => return Ok(Answered::Again(form.again(typed, &[taken("user_id", "sign-in name")]))),
        None => {
            if by(&desk, "email", &access.email).await?.is_some() {
                return Ok(Answered::Again(form.again(typed, &[taken("email", "address of mail")])));
            }
            let entry = audit::Entry::new(AuditKind::Config, INVITE).object(PersonRecord::DOCTYPE, &user);
            audit::record(entry.values(None, Some(said(&access.values())))).await?;
            let body = written(&access)
                .set(Column::new("user_id"), user.as_str())
                .set(Column::new("user_key"), user_key.as_str())
                .set(Column::new("idem_key"), key.as_str())
                .set(Column::new("made_by"), desk.user())
                .set(Column::new("changed_by"), desk.user())
                .set(Column::new("created_by"), desk.user())
                .set(Column::new("active"), false)
                .set(Column::new("state"), WAITING);
            match desk.client.create::<PersonRecord>(body).await {
                Ok(made) => made,
                Err(Fault::Duplicate) => match by(&desk, "user_key", &user_key).await? {
                    Some(known) if known.idem_key == key => known,
                    _ => return Ok(Answered::Again(form.again(typed, &[taken("user_id", "sign-in name")]))),
                },
                Err(fault) => return Err(fault.into()),
            }
        }
    };
    submit(&desk, &operation, INVITE, &made, &access).await?;
    Ok(Answered::Done { lead_to: format!("/people/{}", made.name) })
}

fn taken(field: &str, what: &str) -> FieldError {
    FieldError { field: field.to_owned(), problem: format!("Somebody has this {what} already.") }
}

/// The person whose column holds this.
async fn by(desk: &Desk, column: &'static str, value: &str) -> Result<Option<PersonRecord>, Refusal> {
    let same = Query::<PersonRecord>::new(RowScope::institution_wide()).filter(Condition::eq(Column::new(column), value)).page(0, 1);
    Ok(desk.client.list(&same).await?.rows.pop())
}

/// Values for the trail.
pub fn said(values: &[(String, String)]) -> Json {
    Json::Object(values.iter().map(|(field, value)| (field.clone(), json!(value))).collect::<Map<_, _>>())
}

/// What a request over this person holds: what stands, and what is asked for.
pub fn submitted(action: &str, record: &PersonRecord, asked: &[(String, String)]) -> Said {
    let values = record.values().into_iter().chain(asked.iter().map(|(field, value)| (format!("asked.{field}"), value.clone())));
    Said { action: action.to_owned(), said: asked.to_vec(), values: values.collect(), before: Vec::new() }
}

async fn submit(desk: &Desk, operation: &str, action: &'static str, record: &PersonRecord, access: &Access) -> Result<(), Refusal> {
    let what = match action {
        INVITE => "Let in",
        READMIT => "Let in again",
        _ => "Change",
    };
    let title = format!("{what}: {}, {}", access.name, access.role.label().to_lowercase());
    let asked = Asked { kind: KIND, object: (PersonRecord::DOCTYPE, &record.name), title, amount: Inr::ZERO };
    desk.ask_for(operation, asked, &submitted(action, record, &access.values())).await
}

/// A person of whom something may be asked for just now; the form that says why not otherwise.
async fn open(id: &str, deed: &str, heading: &str) -> Result<Result<Person, Form>, Refusal> {
    let person = Person::find(id, Permission::ManagePeople).await?;
    if let Some(form) = person.own().await? {
        return Ok(Err(form));
    }
    let waiting = person.desk.requests_over(KIND, &person.record.name, 1).await?;
    if waiting.iter().any(HouseRequest::waits) {
        let lead = "Something is asked for of this person already. Once it is decided, or taken back, something else can be.";
        let form = person.form(deed, heading, None);
        return Ok(Err(Form { lead: vec![lead.to_owned()], action: String::new(), ..form }));
    }
    Ok(Ok(person))
}

const HEADING: &str = "Change what somebody may";

/// The form that asks for something else.
///
/// # Errors
/// As [`Person::find`].
pub async fn ask(id: &str) -> Result<Form, Refusal> {
    match open(id, CHANGE, HEADING).await? {
        Ok(person) => {
            let choices = Choices::of(&person.desk).await?;
            let stands = person.record.access().map(|access| filled(&access)).unwrap_or_default();
            Ok(altering(&person, choices, None).again(&stands, &[]))
        }
        Err(form) => Ok(form),
    }
}

fn altering(person: &Person, choices: Choices, typed: Option<&Typed>) -> Form {
    let ends = "Another role, other cases or days end the sessions that the person has.".to_owned();
    Form {
        lead: vec![second_decides(), ends],
        fields: choices.fields(),
        submit: "Ask for approval".to_owned(),
        ..person.form(CHANGE, HEADING, typed)
    }
}

/// Asks for it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(id: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let person = match open(id, CHANGE, HEADING).await? {
        Ok(person) => person,
        Err(form) => return sent_before(id, typed, form).await,
    };
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let choices = Choices::of(&person.desk).await?;
    let read = choices.read(typed, &person.record.user_id, &person.desk);
    let form = altering(&person, choices, Some(typed));
    if !person.is_as_seen(typed) {
        return Ok(Answered::Changed(person.changed(form, typed)));
    }
    let access = match read {
        Ok(Some(access)) => access,
        Ok(None) => return Ok(Answered::Again(form.again(typed, &[]))),
        Err(problems) => return Ok(Answered::Again(form.again(typed, &problems))),
    };
    let first = person.record.state == WAITING;
    let stands = person.record.access();
    if stands.as_ref() == Some(&access) && !first {
        let mut form = form.again(typed, &[]);
        form.notice.push("Nothing of it is different from what the person may already.".to_owned());
        return Ok(Answered::Again(form));
    }
    if person.is_admin() && !access.stays_admin(person.desk.today()) && !person.has_other_admin().await? {
        return Ok(Answered::Again(form.again(typed, &[last_admin()])));
    }
    if stands.as_ref().is_none_or(|stands| stands.email != access.email) {
        let other = by(&person.desk, "email", &access.email).await?;
        if other.is_some_and(|other| other.name != person.record.name) {
            return Ok(Answered::Again(form.again(typed, &[taken("email", "address of mail")])));
        }
    }
    let before = stands.map(|stands| said(&stands.values()));
    audit::record(person.entry("user.ask").values(before, Some(said(&access.values())))).await?;
    submit(&person.desk, &operation, if first { INVITE } else { ALTER }, &person.record, &access).await?;
    Ok(Answered::Done { lead_to: person.address() })
}

/// That an institution would be without an administrator.
pub fn last_admin() -> FieldError {
    let problem = "This is the only tenant admin who may sign in: the institution would have none. Let another one in first.";
    FieldError { field: String::new(), problem: problem.to_owned() }
}

/// A form that was sent twice has been answered: what waits is what it asked for. Anything else is told why not.
async fn sent_before(id: &str, typed: &Typed, form: Form) -> Result<Answered, Refusal> {
    if !form.forbidden && operation_of(typed).is_some() {
        let desk = Desk::of(Permission::ManagePeople).await?;
        let key = idem_key(&desk.site.tenant, "Case Approval", &format!("{}/request", typed.text(OPERATION)));
        let same = Query::<HouseRequest>::new(RowScope::institution_wide()).filter(Condition::eq(Column::new("idem_key"), key.as_str()));
        if !desk.client.list(&same.page(0, 1)).await?.rows.is_empty() {
            return Ok(Answered::Done { lead_to: format!("/people/{id}") });
        }
    }
    Ok(Answered::Again(form))
}

/// The form that asks for somebody to be let in again.
///
/// # Errors
/// As [`Person::find`].
pub async fn ask_enable(id: &str) -> Result<Form, Refusal> {
    Ok(match open(id, ENABLE, "Let somebody in again").await? {
        Ok(person) => readmission(&person, None),
        Err(form) => form,
    })
}

fn readmission(person: &Person, typed: Option<&Typed>) -> Form {
    let form = person.form(ENABLE, "Let somebody in again", typed);
    let may = !person.record.is_on() && person.record.state != WAITING;
    let lead = if may { second_decides() } else { "This person is not shut out.".to_owned() };
    let role = person.record.role().map_or("", Role::label);
    Form {
        lead: vec![lead],
        facts: vec![super::fact("Role", role)],
        action: if may { form.action } else { String::new() },
        submit: "Ask for approval".to_owned(),
        ..form
    }
}

/// Asks for it.
///
/// # Errors
/// As [`ask_enable`].
pub async fn answer_enable(id: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let person = match open(id, ENABLE, "Let somebody in again").await? {
        Ok(person) => person,
        Err(form) => return sent_before(id, typed, form).await,
    };
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let form = readmission(&person, Some(typed));
    if form.action.is_empty() {
        return Ok(Answered::Again(form));
    }
    if !person.is_as_seen(typed) {
        return Ok(Answered::Changed(person.changed(form, typed)));
    }
    let Some(access) = person.record.access() else {
        let mut form = form;
        form.notice.push("The person’s role is none of this portal’s: change it first.".to_owned());
        return Ok(Answered::Again(form));
    };
    let problems = access.problems(&person.record.user_id, person.desk.today());
    if !problems.is_empty() {
        // What is wrong with the record has no field in this form.
        return Ok(Answered::Again(form.again(typed, &problems)));
    }
    audit::record(person.entry("user.ask").values(Some(json!({"state": person.record.state})), Some(json!({"state": ACTIVE})))).await?;
    submit(&person.desk, &operation, READMIT, &person.record, &access).await?;
    Ok(Answered::Done { lead_to: person.address() })
}
