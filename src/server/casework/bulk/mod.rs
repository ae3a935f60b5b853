//! One deed in several cases: which ones, what is done, what it would come to, and then what came of each.
//!
//! Owns the way from one page to the next, and that nothing is done which was not looked at: the cases of the preview travel along with
//! the revision that each had. What is done to a case is the deed's own (`work::several`). It must not know how pages look.

mod chosen;
mod pages;
mod run;

pub use run::Kept;

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    Refusal, audit,
    keys::operation_of,
    work::several::{Action, Chosen, NO_SUCH_CASE, Outcome},
};
use crate::{
    model::{Answered, AuditKind, CaseId, ErrorCode, Field, Filter, Form, Permission, Typed},
    registry::current_tenant,
    server::{
        context::{Grant, authorise, scope},
        frappe::{Client, Record as _},
    },
};
use chosen::{Choice, Found};
use pages::{Foreseen, Page};
use run::{Line, Lines, SLICE};

/// Whoever may do the least of it: who acts in no case has nothing to choose.
pub const PERMISSION: Permission = Permission::Comment;

/// Names of hidden fields: what is done, how far the person has come, and the cases that the preview showed.
const ACTION: &str = "action";
const STEP: &str = "step";
const SEEN: &str = "seen";
/// How far: the deed's own questions were answered; the preview was looked at.
const FILLED: &str = "filled";
const LOOKED: &str = "looked";
/// Said of a case that the query matched before, or that was left out: which of the two, or whether it is there, nobody is told.
const NO_LONGER: &str = "It no longer matches.";

/// The first page: how many are chosen, and what can be done.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for roles that act in no case; otherwise any fault of the calls.
pub async fn ask(sent: &Typed) -> Result<Form, Refusal> {
    let grant = authorise(PERMISSION)?;
    let choice = Choice::of_list(sent);
    let found = find(&choice, &grant).await?;
    Ok(Page::of(&choice, &grant).first(&found))
}

/// The next page of what was sent; after the preview it is done.
///
/// # Errors
/// [`ErrorCode::Forbidden`] where the role may not do the deed in a single case either; otherwise any fault of the calls.
pub async fn answer(typed: &Typed) -> Result<Answered, Refusal> {
    let grant = authorise(PERMISSION)?;
    let choice = Choice::carried(typed);
    let page = Page::of(&choice, &grant);
    let Some(action) = Action::of(typed.text(ACTION)) else {
        let found = find(&choice, &grant).await?;
        let problems = [crate::model::FieldError { field: ACTION.to_owned(), problem: "required".to_owned() }];
        return Ok(Answered::Again(page.first(&found).again(typed, &problems)));
    };
    authorise(action.permission())?;
    let (client, tenant) = (Client::current()?, current_tenant()?);
    let fields = action.fields(&client, &tenant).await?;
    let step = typed.text(STEP);
    if step.is_empty() && !fields.is_empty() {
        return Ok(Answered::Next(page.asking(action, fields)));
    }
    if let Err(problems) = action.check(&fields, typed, &tenant) {
        return Ok(Answered::Again(page.asking(action, fields).again(typed, &problems)));
    }
    if step == LOOKED {
        carry_out(action, &fields, typed, &choice, &grant).await
    } else {
        preview(action, &fields, typed, &choice, &grant).await
    }
}

async fn find(choice: &Choice, grant: &Grant) -> Result<Found, Refusal> {
    // Leaving out what could not be read would act on more than was meant.
    if choice.query.problems.is_empty() { choice.find(&Client::current()?, grant).await } else { Ok(Found::default()) }
}

/// What it would come to, case by case, before anything is done.
async fn preview(action: Action, fields: &[Field], typed: &Typed, choice: &Choice, grant: &Grant) -> Result<Answered, Refusal> {
    let found = find(choice, grant).await?;
    let (client, tenant) = (Client::current()?, current_tenant()?);
    let known = action.foresee(&client, &tenant, grant, &found.cases).await?;
    let (mut will, mut cannot) = (Vec::new(), BTreeMap::<String, Vec<&Chosen>>::new());
    for case in &found.cases {
        match action.would(case, typed, &known) {
            Ok(()) => will.push(case),
            Err(why) => cannot.entry(why).or_default().push(case),
        }
    }
    // All of them travel along, also those that cannot: each gets its line.
    let found_cases = found.cases.iter().map(|case| format!("{}~{}", case.name, digits(&case.modified)));
    let seen = found_cases.chain(found.missing.iter().map(|name| format!("{name}~"))).collect::<Vec<_>>().join(".");
    let page = Page::of(choice, grant);
    Ok(Answered::Next(page.preview(action, typed, &Foreseen { fields, found: &found, will, cannot, seen })))
}

/// A revision, as short as it can be told from another.
fn digits(revision: &str) -> String {
    revision.chars().filter(char::is_ascii_digit).collect()
}

/// Does it to as many of the cases that were looked at as one request takes.
async fn carry_out(action: Action, fields: &[Field], typed: &Typed, choice: &Choice, grant: &Grant) -> Result<Answered, Refusal> {
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let seen: BTreeMap<String, String> =
        typed.text(SEEN).split('.').filter_map(|one| one.split_once('~')).map(|(name, at)| (name.to_owned(), at.to_owned())).collect();
    if seen.is_empty() || seen.len() > chosen::CASES_MAX || !choice.query.problems.is_empty() {
        return Err(ErrorCode::BadRequest.into());
    }
    let (client, tenant) = (Client::current()?, current_tenant()?);
    let under_way = scope()?.services().bulk.of(&tenant, &grant.principal.user_id, &operation);
    // Who sends the form twice waits here for the first of the two, and then sees what came of it.
    let mut lines = under_way.lock().await;
    let left = |lines: &Lines| seen.keys().filter(|name| !lines.contains_key(*name)).cloned().collect::<Vec<_>>();
    let now: Vec<String> = left(&lines).into_iter().take(SLICE).collect();
    if !now.is_empty() {
        audit::record(said(action, &operation, choice, &now)).await?;
        let found = choice.find_again(&client, grant, &now).await?;
        let missing = if choice.all.is_some() { NO_LONGER } else { NO_SUCH_CASE };
        for name in &found.missing {
            let line =
                Line { number: name.clone(), found: false, dues: crate::model::Inr::ZERO, outcome: Outcome::Not(missing.to_owned()) };
            lines.insert(name.clone(), line);
        }
        let known = action.foresee(&client, &tenant, grant, &found.cases).await?;
        let mut cases = Vec::new();
        for case in found.cases {
            let as_seen = !action.rests_on_revision() || seen.get(&case.name) == Some(&digits(&case.modified));
            let outcome = match action.would(&case, typed, &known) {
                _ if !as_seen => Outcome::Changed,
                Ok(()) => {
                    cases.push(case);
                    continue;
                }
                Err(why) => Outcome::Not(why),
            };
            lines.insert(case.name.clone(), Line { number: case.number().to_owned(), found: true, dues: case.dues(), outcome });
        }
        run::run(action, typed, &operation, cases, &tenant, &mut lines).await?;
        for name in &now {
            note(name, lines.get(name));
        }
    }
    let rest = left(&lines);
    // Of the whole operation: what was done before as well.
    let done: Vec<(String, Line)> = lines.iter().map(|(name, line)| (name.clone(), line.clone())).collect();
    let rest: Vec<String> = rest.iter().filter_map(|name| Some(format!("{name}~{}", seen.get(name)?))).collect();
    Ok(Answered::Next(Page::of(choice, grant).came_of(action, fields, typed, done, &rest)))
}

/// That it is done, for the trail: what and to how many; each case's own record follows.
fn said(action: Action, operation: &str, choice: &Choice, now: &[String]) -> audit::Entry {
    let filters: Vec<String> = choice.all.iter().flat_map(|query| &query.filters).map(Filter::text).collect();
    // Words that were searched for may be a borrower's name: that there were some is recorded, not which.
    let words = choice.all.as_ref().is_some_and(|query| !query.search.is_empty());
    let what = json!({
        "action": action.word(), "operation": operation, "all": choice.all.is_some(), "filters": filters, "words": words,
        "left_out": choice.left_out(),
    });
    let entry = audit::Entry::new(AuditKind::Change, "case.several").object(Chosen::DOCTYPE, "");
    entry.rows(u32::try_from(now.len()).unwrap_or(u32::MAX)).values(None, Some(what))
}

/// Notes a case in which it was refused.
fn note(name: &str, line: Option<&Line>) {
    let Some(line) = line else { return };
    let reason = match &line.outcome {
        Outcome::Done(_) => return,
        Outcome::Not(_) if !line.found => "NO_CASE",
        Outcome::Not(_) => "REFUSED",
        Outcome::Changed => "CHANGED",
    };
    let entry = audit::Entry::new(AuditKind::Denied, "case.several").object(Chosen::DOCTYPE, name).reason(reason);
    audit::note(match CaseId::parse(name).filter(|_| line.found) {
        Some(case) => entry.case(&case),
        None => entry,
    });
}
