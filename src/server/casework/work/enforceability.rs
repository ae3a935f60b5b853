//! What an award of a case will be measured by: looked at anew whenever a step moves the case, and when somebody asks. What is missing
//! becomes somebody's task, and the task ends when it is there.
//!
//! Owns where the grounds are found. It must not weigh them.

use std::collections::BTreeSet;

use super::{
    super::{
        Refusal,
        columns::{Check, Date, record},
        keys::operation_of,
        site_time,
    },
    effects::due_next,
    step::{Step, ToDo, values},
    subject::{CaseState, Subject},
};
use crate::{
    model::{
        Answered, AuditKind, CaseDate, Cell, Checklist, ConsentBasis, Deed, Effect, Enforceability, ErrorCode, Form, Grounds, NoticeType,
        Permission, Role, Sheet, Stage, TaskKind, Term, Typed, cure,
    },
    server::frappe::{Changes, Condition, Field, PAGE_MAX, Record as _},
};

/// Its word in the address.
pub const DEED: &str = "check-enforceability";
/// Days until what is missing should be there.
const DUE_DAYS: i64 = 14;

record! {
    /// A cell of the service matrix, as far as being served goes.
    struct ServedCell of "Case Service" {
        party: String,
        notice_type: String,
        required: Check,
        counts_served: Check,
    }
}

record! {
    /// The appointment in force, as far as its disclosure goes.
    struct Disclosure of "Case Appointment" {
        disclosure_doc: String,
        disclosed_on: Date,
    }
}

record! {
    /// A disclosure on file.
    struct DisclosurePaper of "Case Document" {}
}

record! {
    /// The case's own days.
    struct Days of "Arbitration Case" {
        appointed_on: Date,
        soc_on: Date,
        award_on: Date,
        s29a_due_on: Date,
        missing_items: String,
    }
}

record! {
    /// A task for what is missing; `source_event` is the item.
    struct MissingTask of "Case Task" {
        source_event: String,
    }
}

/// The columns of a case that keep it.
pub fn kept(measured: &Enforceability, changes: Changes) -> Changes {
    changes
        .set(Field::new("missing_items"), measured.kept())
        .set(Field::new("missing_count"), i64::try_from(measured.missing.len()).unwrap_or(i64::MAX))
        .set(Field::new("enforceability_score"), i64::from(measured.score))
        .set(Field::new("enforceability_band"), measured.band())
}

/// How the case stands once it is at `stage` and these effects have taken place.
async fn measure(subject: &Subject, stage: &Stage, effects: &[Effect]) -> Result<Enforceability, Refusal> {
    let cells = subject.of_case::<ServedCell>().page(0, PAGE_MAX);
    let current = subject.of_case::<Disclosure>().filter(Condition::eq(Field::new("is_current"), true)).page(0, 1);
    let papers = subject.of_case::<DisclosurePaper>().filter(Condition::eq(Field::new("doc_type"), "DISCLOSURE"));
    let papers = papers.filter(Condition::eq(Field::new("state"), "STORED")).page(0, 1);
    let cells = async { Ok::<_, Refusal>(subject.client.list(&cells).await?.rows) };
    let current = async { Ok::<_, Refusal>(subject.client.list(&current).await?.rows.pop()) };
    let papers = async { Ok::<_, Refusal>(subject.client.list(&papers).await?.rows) };
    let days = async { Ok::<_, Refusal>(subject.client.get::<Days>(subject.id.as_str()).await?) };
    let (cells, current, papers, days) = futures::try_join!(cells, current, papers, days)?;
    let served = |notice: &NoticeType| {
        let required: BTreeSet<&str> =
            cells.iter().filter(|cell| cell.notice_type == notice.code() && cell.required.0).map(|cell| cell.party.as_str()).collect();
        let is_served =
            |party: &&str| cells.iter().any(|cell| cell.party == **party && cell.notice_type == notice.code() && cell.counts_served.0);
        !required.is_empty() && required.iter().all(is_served)
    };
    let sets = |date: CaseDate| effects.contains(&Effect::SetDate(date));
    let today = site_time::today(&subject.site.tenant);
    let awarded_on = if sets(CaseDate::Award) { Some(today) } else { days.award_on.day() };
    let appointed = days.appointed_on.day().is_some() || sets(CaseDate::Appointed);
    let disclosed = current.is_some_and(|row| !row.disclosure_doc.is_empty() || row.disclosed_on.day().is_some());
    let grounds = Grounds {
        stage: stage.clone(),
        clause: subject.case.arbitration_clause.0,
        consent: ConsentBasis::from(subject.case.consent_basis.clone()),
        appointed,
        disclosed: disclosed || !papers.is_empty(),
        s21_served: served(&NoticeType::S21),
        claim_filed: days.soc_on.day().is_some() || sets(CaseDate::Soc),
        hearing_served: served(&NoticeType::Hearing),
        time_over: days.s29a_due_on.day().is_some_and(|due| awarded_on.unwrap_or(today) > due),
        award_served: served(&NoticeType::Award),
    };
    Ok(grounds.measure())
}

/// Looks at it anew in a step under way: the columns of the case, and a task for each item that is missing and is nobody's yet.
///
/// # Errors
/// Any fault of the calls.
pub async fn look_anew(
    subject: &Subject,
    under: &mut Step<'_>,
    stage: &Stage,
    effects: &[Effect],
    changes: Changes,
) -> Result<Changes, Refusal> {
    if *stage == Stage::Closed {
        // It keeps what it had come to.
        return Ok(changes);
    }
    let measured = measure(subject, stage, effects).await?;
    set_tasks(subject, under, &measured).await?;
    Ok(kept(&measured, changes))
}

async fn set_tasks(subject: &Subject, under: &mut Step<'_>, measured: &Enforceability) -> Result<(), Refusal> {
    let open = subject.of_case::<MissingTask>().filter(Condition::eq(Field::new("state"), "OPEN"));
    let open = open.filter(Condition::eq(Field::new("kind"), TaskKind::MissingItem.code())).page(0, PAGE_MAX);
    let open = subject.client.list(&open).await?.rows;
    let today = site_time::today(&subject.site.tenant);
    for item in measured.missing.iter().filter(|item| !open.iter().any(|task| task.source_event == **item)) {
        let task = ToDo {
            kind: TaskKind::MissingItem.code().to_owned(),
            title: cure(item).to_owned(),
            assignee: subject.case.legal_owner.clone(),
            role: Role::LegalManager.code(),
            due_on: today.later(DUE_DAYS),
            priority: 2,
        };
        under.set_task_for(task, (CaseState::DOCTYPE, subject.id.as_str()), item).await?;
    }
    // Tasks of items that are no items of ours were made by somebody else, who ends them.
    let is_there = |task: &&MissingTask| {
        let known = Checklist::ITEMS.iter().any(|(item, _)| *item == task.source_event);
        known && !measured.missing.iter().any(|item| *item == task.source_event)
    };
    for task in open.iter().filter(is_there) {
        under.end_task(&task.name, "DONE").await?;
    }
    Ok(())
}

/// The deed, for who works in a case that is open.
pub fn deed(subject: &Subject) -> Option<Deed> {
    let may = subject.grant.principal.role.allows(Permission::Work) && subject.case.stage != Stage::Closed.code();
    may.then(|| Deed { label: "Check enforceability".to_owned(), href: Some(format!("{}/do/{DEED}", subject.address())), why: Vec::new() })
}

/// Shows how it stands.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask(case: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::Work).await?;
    form(&subject, None).await
}

async fn form(subject: &Subject, typed: Option<&Typed>) -> Result<Form, Refusal> {
    let form = subject.form(DEED, "Check enforceability", typed);
    let stage = Stage::from(subject.case.stage.clone());
    if stage == Stage::Closed {
        return Ok(Form { lead: vec!["The case is closed: it keeps what it had come to.".to_owned()], action: String::new(), ..form });
    }
    let measured = measure(subject, &stage, &[]).await?;
    let weight = |item: &str| Checklist::ITEMS.iter().find(|(known, _)| *known == item).map_or(0, |(_, weight)| *weight);
    let row = |item: &&'static str| vec![Cell::text(Term::of(*item).label), Cell::text(cure(item)), Cell::text(weight(item).to_string())];
    let headings = ["Missing", "What is to be done", "#Points"];
    let missing = Sheet::new(&format!("{} of 100", measured.score), "Nothing is missing at this stage", &headings);
    Ok(Form {
        lead: vec![
            "Looked at just now, from what is on file. It is no opinion on whether an award will be enforced.".to_owned(),
            "Whatever is missing becomes a task of the case’s legal owner; tasks of what is there by now are ended.".to_owned(),
        ],
        sheets: vec![missing.with(measured.missing.iter().map(row))],
        submit: "Keep this and set the tasks".to_owned(),
        ..form
    })
}

/// Keeps what is found, and sets the tasks.
///
/// # Errors
/// As [`super::ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Work).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let asked = form(&subject, Some(typed)).await?;
    if asked.action.is_empty() {
        return Ok(Answered::Again(asked));
    }
    if !subject.is_as_seen(typed) {
        return Ok(Answered::Changed(subject.changed(asked, typed).await?));
    }
    let stage = Stage::from(subject.case.stage.clone());
    let measured = measure(&subject, &stage, &[]).await?;
    let before = subject.client.get::<Days>(subject.id.as_str()).await?.missing_items;
    let said = values([("missing_items", before.as_str(), measured.kept())]);
    let mut under = Step::begin(&subject, operation, AuditKind::Change, "case.check", "", said).await?;
    set_tasks(&subject, &mut under, &measured).await?;
    under.case(due_next(&subject, kept(&measured, Changes::new())).await?).await?;
    Ok(Answered::Done { lead_to: format!("{}/tribunal", subject.address()) })
}
