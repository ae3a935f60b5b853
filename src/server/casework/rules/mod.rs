//! Service rules: what counts as service of each notice, in versions. A version is proposed by one person and approved by the legal head;
//! with that it takes the place of the one before it, from its day on.
//!
//! Owns which version is in force on a day, and how a version comes about. It must not know what evidence a case has.

mod propose;
mod wire;

use std::collections::{BTreeSet, HashMap};

use super::{
    Refusal,
    columns::Site,
    second::{Desk, fact, not_for},
};
use crate::{
    model::{Answered, Cell, Day, ErrorCode, Fact, Form, Instant, Permission, RULED_NOTICES, ServiceTerms, Sheet, Term, Tone, Typed},
    server::frappe::{Client, Condition, Direction, Field as Column, PAGE_MAX, Query, RowScope},
};
pub use propose::SoughtRule;
use wire::{ACTIVE, RETURNED, RuleRecord, WAITING};

/// The section's name.
pub const SECTION: &str = "Settings";
/// Code of the requests.
pub const KIND: &str = "SERVICE_RULE";

/// Every version of the rules of these notices, the newest first.
async fn versions(desk: &Desk, notices: &[&str]) -> Result<Vec<RuleRecord>, Refusal> {
    let rules = Query::<RuleRecord>::new(RowScope::institution_wide());
    let rules = rules.filter(Condition::one_of(Column::new("notice_type"), notices.iter().copied()));
    let rules = rules.order_by(Column::new("version"), Direction::Descending).page(0, PAGE_MAX);
    Ok(desk.client.list(&rules).await?.rows)
}

/// The version in force now, of versions of one notice with the newest first: the newest that was approved and whose day has come.
fn in_force<'a>(versions: impl IntoIterator<Item = &'a RuleRecord>, desk: &Desk) -> Option<&'a RuleRecord> {
    let now = jiff::Timestamp::now().as_second();
    let begun = |rule: &&RuleRecord| rule.effective_from_at.instant(&desk.site).is_none_or(|from| from.unix_s <= now);
    versions.into_iter().filter(|rule| rule.was_approved()).find(begun)
}

/// The rule of a notice in force at the end of a day: the name of its version.
///
/// # Errors
/// Any fault of the call.
pub async fn in_force_on(client: &Client, site: &Site, notice: &str, day: Day) -> Result<Option<String>, Refusal> {
    let rules = Query::<RuleRecord>::new(RowScope::institution_wide()).filter(Condition::eq(Column::new("notice_type"), notice));
    let rules = client.list(&rules.order_by(Column::new("version"), Direction::Descending).page(0, PAGE_MAX)).await?.rows;
    let begun = |rule: &RuleRecord| rule.effective_from_at.instant(site).and_then(Instant::day).is_none_or(|from| from <= day);
    let approved = rules.into_iter().filter(RuleRecord::was_approved);
    Ok(approved.filter(begun).map(|rule| rule.name).next())
}

/// The numbers of these versions, by their names.
///
/// # Errors
/// Any fault of the call, which is made where there are any.
pub async fn versions_of(client: &Client, names: impl Iterator<Item = &str>) -> Result<HashMap<String, i64>, Refusal> {
    let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
    // Of none nothing is asked.
    let named =
        Query::<RuleRecord>::new(RowScope::institution_wide()).filter(Condition::one_of(Column::new("name"), names)).page(0, PAGE_MAX);
    Ok(client.list(&named).await?.rows.into_iter().map(|rule| (rule.name, rule.version)).collect())
}

async fn or_told(permission: Permission, form: impl Future<Output = Result<Form, Refusal>>) -> Result<Form, Refusal> {
    match form.await {
        Err(Refusal::Code(ErrorCode::Forbidden)) => Ok(not_for(permission, SECTION)),
        other => other,
    }
}

/// The settings: of each notice the rule in force.
///
/// # Errors
/// Any fault of the call.
pub async fn list() -> Result<Form, Refusal> {
    let form = async {
        let desk = Desk::of(Permission::SeeSettings).await?;
        let all = versions(&desk, &RULED_NOTICES).await?;
        let row = |notice: &&str| {
            let of_notice: Vec<&RuleRecord> = all.iter().filter(|rule| rule.notice_type == **notice).collect();
            let rule = in_force(of_notice.iter().copied(), &desk);
            let waits = of_notice.iter().find(|rule| rule.state == WAITING);
            let name = Cell::text(Term::of(*notice).label).to(address(notice));
            let known = |text: Option<String>| Cell::some(text.filter(|text| !text.is_empty()));
            vec![
                name,
                known(rule.map(|rule| format!("Version {}", rule.version))),
                known(rule.map(|rule| desk.moment(&rule.effective_from_at))),
                known(rule.map(|rule| rule.approved_by.clone())),
                waits.map_or_else(Cell::default, |rule| Cell::text(format!("Version {}", rule.version)).meant(Tone::Waiting)),
            ]
        };
        let headings = ["Notice", "In force", "Since", "Approved by", "Waits for approval"];
        Ok(Form {
            section: SECTION,
            heading: SECTION.to_owned(),
            lead: vec!["What counts as service of a notice. A version never changes: another one takes its place.".to_owned()],
            sheets: vec![Sheet::new("Service rules", "There is no rule", &headings).with(RULED_NOTICES.iter().map(row))],
            back: ("/".to_owned(), "To the dashboard".to_owned()),
            wide: true,
            ..Form::default()
        })
    };
    or_told(Permission::SeeSettings, Box::pin(form)).await
}

/// The address of a notice's rule.
pub fn address(notice: &str) -> String {
    format!("/settings/rules/{notice}")
}

/// A notice of which service is decided.
fn notice_of(text: &str) -> Result<&'static str, Refusal> {
    Ok(RULED_NOTICES.into_iter().find(|notice| *notice == text).ok_or(ErrorCode::NotFound)?)
}

/// The rule of a notice with all its versions.
///
/// # Errors
/// [`ErrorCode::NotFound`] for what is no such notice; otherwise any fault of the call.
pub async fn show(notice: &str) -> Result<Form, Refusal> {
    or_told(Permission::SeeSettings, Box::pin(shown(notice))).await
}

async fn shown(notice: &str) -> Result<Form, Refusal> {
    let desk = Desk::of(Permission::SeeSettings).await?;
    let notice = notice_of(notice)?;
    let all = versions(&desk, &[notice]).await?;
    let rule = in_force(&all, &desk);
    let row = |version: &RuleRecord| {
        let held = rule.is_some_and(|rule| rule.name == version.name);
        let state = match version.state.as_str() {
            _ if held => Cell::text("In force").meant(Tone::Good),
            ACTIVE => Cell::text("Approved, not yet in force").meant(Tone::Waiting),
            WAITING => Cell::text("Waits for approval").meant(Tone::Waiting),
            RETURNED => Cell::text("Returned").meant(Tone::Bad),
            code => Cell::text(Term::of(code).label),
        };
        let some = |text: &str| Cell::some((!text.is_empty()).then(|| text.to_owned()));
        let said = version.terms().values().into_iter().map(|(name, _, value)| ServiceTerms::words(name, &value));
        let mut cells = vec![
            Cell::text(format!("Version {}", version.version)),
            state,
            some(&desk.moment(&version.effective_from_at)),
            some(&version.made_by),
            some(&version.approved_by).some_line(Some(desk.moment(&version.approved_at)).filter(|at| !at.is_empty())),
        ];
        cells.extend(said.map(Cell::text));
        cells
    };
    let names = ServiceTerms::of("", "", "", 0, false, false).values();
    let headings: Vec<&str> =
        ["Version", "State", "From", "Proposed by", "Approved by"].into_iter().chain(names.iter().map(|(_, label, _)| *label)).collect();
    let facts: Vec<Fact> = rule.map(|rule| terms_as_facts(&rule.terms())).unwrap_or_default();
    let waits = all.iter().any(|rule| rule.state == WAITING);
    let proposes = desk.grant.principal.role.allows(Permission::ProposeRules) && !waits;
    Ok(Form {
        section: SECTION,
        heading: format!("Service of {}", lower(&Term::of(notice).label)),
        about: rule.map_or_else(|| "No rule is in force".to_owned(), |rule| format!("Version {} is in force", rule.version)),
        facts,
        links: proposes.then(|| (format!("{}/new", address(notice)), "Propose another version…".to_owned())).into_iter().collect(),
        sheets: vec![Sheet::new("Versions", "There is no version", &headings).with(all.iter().map(row))],
        back: ("/settings".to_owned(), "All settings".to_owned()),
        wide: true,
        ..Form::default()
    })
}

fn lower(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn terms_as_facts(terms: &ServiceTerms) -> Vec<Fact> {
    let known = terms.values().into_iter().map(|(name, label, value)| fact(label, ServiceTerms::words(name, &value)));
    // Carried and shown as it is: another program has decided it.
    let others = terms.others.iter().map(|(channel, event, decided)| {
        let reads = decided.get("reads").and_then(serde_json::Value::as_str).unwrap_or_default();
        fact(&format!("{}, {}", Term::of(channel.as_str()).label, Term::of(event.as_str()).label), Term::of(reads).label)
    });
    known.chain(others).collect()
}

/// The form that proposes another version.
///
/// # Errors
/// As [`show`].
pub async fn ask_new(notice: &str) -> Result<Form, Refusal> {
    or_told(Permission::ProposeRules, Box::pin(propose::ask(notice))).await
}

/// Proposes it.
///
/// # Errors
/// As [`show`].
pub async fn answer_new(notice: &str, typed: &Typed) -> Result<Answered, Refusal> {
    match Box::pin(propose::answer(notice, typed)).await {
        Err(Refusal::Code(ErrorCode::Forbidden)) => Ok(Answered::Again(not_for(Permission::ProposeRules, SECTION))),
        other => other,
    }
}
