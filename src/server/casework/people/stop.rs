//! What ends at once and by one administrator, since it only takes away: somebody is shut out, or their sessions end. To let them in
//! again takes a second person.
//!
//! It must not give anybody anything.

use serde_json::json;

use super::{
    Person, admins,
    change::last_admin,
    wire::{ACTIVE, PersonRecord, SUSPENDED, WAITING},
};
use crate::{
    model::{Answered, ErrorCode, Field, FieldKind, Form, Permission, REASON_MAX_CHARS, Reading, Typed},
    server::{
        casework::{Refusal, audit, keys::operation_of},
        context::scope,
        frappe::{Changes, Field as Column, Revision},
    },
};

/// Its word in the address.
pub const DISABLE: &str = "disable";
/// Its word in the address.
pub const END_SESSIONS: &str = "end-sessions";

/// What ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// That they may sign in.
    Access,
    /// The sessions that they have.
    Sessions,
}

impl Stop {
    /// By its word.
    pub fn of(deed: &str) -> Self {
        if deed == DISABLE { Self::Access } else { Self::Sessions }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Access => DISABLE,
            Self::Sessions => END_SESSIONS,
        }
    }

    const fn action(self) -> &'static str {
        match self {
            Self::Access => "user.disable",
            Self::Sessions => "user.end_sessions",
        }
    }
}

/// The form.
///
/// # Errors
/// As [`Person::find`].
pub async fn ask(id: &str, stop: Stop) -> Result<Form, Refusal> {
    let person = Person::find(id, Permission::ManagePeople).await?;
    match person.own().await? {
        Some(form) => Ok(form),
        None => Ok(form(&person, stop, None)),
    }
}

fn form(person: &Person, stop: Stop, typed: Option<&Typed>) -> Form {
    let record = &person.record;
    let (heading, lead, submit, may) = match stop {
        Stop::Access => {
            let lead = "It takes effect at once: no sign-in, and every session ends. To let them in again takes a second person.";
            ("Shut somebody out", lead, "Shut out", record.is_on() || record.state == WAITING)
        }
        Stop::Sessions => {
            let lead = "Wherever they are signed in, they must sign in again: here at once, at other replicas within a minute.";
            ("End all sessions", lead, "End all sessions", record.is_on())
        }
    };
    let form = person.form(stop.word(), heading, typed);
    if !may {
        return Form { lead: vec!["This person may not sign in as it is.".to_owned()], action: String::new(), ..form };
    }
    let reason = Field::new("reason", "Why", FieldKind::Text { max: REASON_MAX_CHARS }).help("Kept in the audit trail.");
    Form { lead: vec![lead.to_owned()], fields: vec![reason], submit: submit.to_owned(), grave: stop == Stop::Access, ..form }
}

/// Ends it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(id: &str, stop: Stop, typed: &Typed) -> Result<Answered, Refusal> {
    let person = Person::find(id, Permission::ManagePeople).await?;
    if let Some(form) = person.own().await? {
        return Ok(Answered::Again(form));
    }
    operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let form = form(&person, stop, Some(typed));
    if form.action.is_empty() {
        // Sent a second time: it has ended.
        return Ok(Answered::Done { lead_to: person.address() });
    }
    let mut reading = Reading::of(typed);
    let reason = reading.reason("reason");
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(form.again(typed, &problems)));
    }
    if !person.is_as_seen(typed) {
        return Ok(Answered::Changed(person.changed(form, typed)));
    }
    let was_admin = person.is_admin();
    if stop == Stop::Access && was_admin && !person.has_other_admin().await? {
        return Ok(Answered::Again(form.again(typed, &[last_admin()])));
    }
    let after = if stop == Stop::Access { SUSPENDED } else { person.record.state.as_str() };
    let entry = person.entry(stop.action()).because(&reason);
    audit::record(entry.values(Some(json!({"state": person.record.state})), Some(json!({"state": after})))).await?;
    let mut changes = Changes::new().set(Column::new("sessions_valid_from_at"), person.desk.now());
    if stop == Stop::Access {
        changes = changes.set(Column::new("active"), false).set(Column::new("state"), SUSPENDED);
    }
    let changes = changes.set(Column::new("changed_by"), person.desk.user());
    let revision = person.write(changes).await?;
    end_sessions(&person.record.user_id)?;
    if stop == Stop::Access && was_admin && !keeps_an_admin(&person, &revision).await? {
        return Ok(Answered::Again(form.again(typed, &[last_admin()])));
    }
    Ok(Answered::Done { lead_to: person.address() })
}

/// Ends the sessions that somebody has in this process; others learn of it from the person's record.
pub fn end_sessions(user: &str) -> Result<(), Refusal> {
    let scope = scope()?;
    let ended = scope.services().sessions.end_all_of(scope.tenant(), user);
    tracing::info!(ended, "a person's sessions were ended");
    Ok(())
}

/// Two administrators who shut each other out in the same moment have each seen the other. Whoever finds that nobody is left takes their
/// own change back: at worst both stay.
///
/// # Errors
/// Any fault of the calls.
pub async fn keeps_an_admin(person: &Person, revision: &Revision) -> Result<bool, Refusal> {
    if !admins(&person.desk).await?.is_empty() {
        return Ok(true);
    }
    let entry = person.entry("user.restore").reason("LAST_ADMIN");
    audit::record(entry.values(None, Some(json!({"state": ACTIVE})))).await?;
    let Some(access) = person.record.access() else { return Ok(false) };
    let changes = super::wire::written(&access).set(Column::new("active"), true).set(Column::new("state"), ACTIVE);
    let changes = changes.set(Column::new("changed_by"), person.desk.user());
    person.desk.client.update::<PersonRecord>(&person.record.name, revision, changes).await?;
    Ok(false)
}
