//! Steps that the portal takes by itself, on demand: a notice has been served, a period is over. A person only says "now"; what is done is
//! what the process says, and the timeline says that the portal did it.
//!
//! Owns how far it goes at once. It must not judge: a step whose guards do not hold is not due.

use super::{
    super::{Refusal, keys::operation_of},
    asking, effects,
    facts::Known,
    subject::Subject,
    transition::Words,
};
use crate::{
    model::{
        Actor, Answered, Caller, Cell, Deed, ErrorCode, Form, FourEyes, Permission, Sheet, Stage, Status, Transition, Typed, Verdict, judge,
    },
    server::frappe::Fault,
};

/// Its word in the address.
pub const DEED: &str = "catch-up";
/// The most steps that are taken at once: no case has more in a row without somebody else's part.
const STEPS_MAX: usize = 6;

/// Whether anything of the portal's own can start where a case stands.
pub fn may_fall_due(stage: &Stage, status: &Status) -> bool {
    let of_portal = |row: &&Transition| row.by.contains(&Actor::Job) && !matches!(row.four_eyes, FourEyes::Carried(_));
    Transition::all().filter(of_portal).any(|row| row.starts_at(stage, status))
}

/// The step that is due next, if one is: the portal's own, with everything that it asks for.
fn due(known: &Known) -> Option<&'static Transition> {
    Transition::all().find(|row| {
        let unasked = !known.facts.requests.iter().any(|request| request.action == row.action);
        row.by.contains(&Actor::Job)
            && !matches!(row.four_eyes, FourEyes::Carried(_))
            && unasked
            && judge(row, &known.facts, &Caller::Job) == Verdict::Allowed
    })
}

/// The deed, where something is due.
pub fn deed(subject: &Subject, known: &Known) -> Option<Deed> {
    let row = due(known)?;
    Some(Deed {
        label: "Bring the case up to date".to_owned(),
        href: Some(format!("{}/do/{DEED}", subject.address())),
        why: vec![format!("Due: {}.", row.event.to_lowercase())],
    })
}

/// Asks for it.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask(case: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::Work).await?;
    let known = subject.known().await?;
    Ok(form(&subject, &known, None))
}

fn form(subject: &Subject, known: &Known, typed: Option<&Typed>) -> Form {
    let form = subject.form(DEED, "Bring the case up to date", typed);
    match due(known) {
        Some(row) => Form {
            lead: vec!["The portal takes the steps whose conditions are met, as its clock would.".to_owned()],
            sheets: vec![Sheet::new("Due now", "", &["Step", "It will say"]).with([vec![Cell::text(row.label), Cell::text(row.event)]])],
            submit: "Bring up to date".to_owned(),
            ..form
        },
        None => Form { lead: vec!["Nothing is due: the case is up to date.".to_owned()], action: String::new(), ..form },
    }
}

/// Takes what is due.
///
/// # Errors
/// As [`super::ask`]; what was taken before a fault stays taken.
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    // Who may not is told so, whatever they sent.
    Subject::find(case, Permission::Work).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    take(case, &operation).await?;
    let subject = Subject::find(case, Permission::Work).await?;
    Ok(Answered::Done { lead_to: subject.address() })
}

/// The same; answers with how many steps were taken.
///
/// # Errors
/// As [`answer`].
pub async fn take(case: &str, operation: &str) -> Result<usize, Refusal> {
    let mut steps = 0;
    for number in 0..STEPS_MAX {
        let subject = Subject::find(case, Permission::Work).await?;
        match step(&subject, format!("{operation}.{number}")).await? {
            Took::Nothing => break,
            Took::Step => steps += 1,
            Took::Overtaken => {}
        }
    }
    Ok(steps)
}

/// Takes what is due in the portal's own name; answers with how many steps were taken.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a case that is not the institution's; otherwise any fault of the calls.
pub async fn take_by_job(case: &str) -> Result<usize, Refusal> {
    let mut steps = 0;
    for _ in 0..STEPS_MAX {
        let subject = Subject::of_job(case).await?;
        // The same however often it is begun on the case as it now stands: what a run that was broken off has written is found.
        let operation = subject.operation_here().await?;
        match step(&subject, operation).await? {
            Took::Nothing => break,
            Took::Step => steps += 1,
            Took::Overtaken => {}
        }
    }
    Ok(steps)
}

/// What became of a look at what is due.
enum Took {
    /// Nothing was due.
    Nothing,
    /// A step was taken.
    Step,
    /// Somebody else was quicker: the next look sees what they did.
    Overtaken,
}

async fn step(subject: &Subject, operation: String) -> Result<Took, Refusal> {
    let known = subject.known().await?;
    let Some(row) = due(&known) else { return Ok(Took::Nothing) };
    let taken = match row.four_eyes {
        FourEyes::Asked(_) => asking::ask_for(subject, operation, row, &Words::default(), &known).await,
        _ => effects::take_by_portal(subject, operation, row, &known).await,
    };
    match taken {
        Err(Refusal::Fault(Fault::Conflict)) => Ok(Took::Overtaken),
        other => other.map(|()| Took::Step),
    }
}
