//! A look at the clocks of one case, as the portal has it every day: steps that fall due, periods that are over, warnings before one ends.
//!
//! Owns what is written of it. It must not know when it is looked at, nor which cases are.

use super::{
    super::{
        Refusal,
        columns::{Date, record},
        site_time,
    },
    catch_up,
    effects::due_next,
    step::{Happened, Step, ToDo, values},
    subject::Subject,
};
use crate::{
    model::{AuditKind, ClockCode, ClockSide, Day, Role, Stage, TaskKind, Term, warning_due},
    server::frappe::{Changes, Condition, Field, PAGE_MAX, Record as _},
};

const ACTION: &str = "clock.scan";

record! {
    /// A clock that may end, as far as ending it or warning of it goes.
    struct Running of "Case Clock" {
        clock: String,
        party_label: String,
        due_on: Date,
        owner_side: String,
        warned_level: i64,
    }
}

record! {
    /// An open task about a clock.
    struct WarningTask of "Case Task" {}
}

/// What a look at a case came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Steps that the portal has taken.
    pub steps: usize,
    /// Clocks that have run out.
    pub ended: usize,
    /// Clocks of which somebody was warned.
    pub warned: usize,
}

impl Running {
    fn label(&self) -> String {
        let of = if self.party_label.is_empty() { String::new() } else { format!(" of {}", self.party_label) };
        format!("{}{of}", Term::of(self.clock.as_str()).label)
    }
}

/// Looks at a case. Whatever is left of it after a fault is found by the next look.
///
/// # Errors
/// [`ErrorCode::NotFound`](crate::model::ErrorCode::NotFound) for a case that is not the institution's; otherwise any fault of the calls.
pub async fn look_at(case: &str) -> Result<Scanned, Refusal> {
    // First: a step ends the clocks that it rests on.
    let steps = catch_up::take_by_job(case).await?;
    let subject = Subject::of_job(case).await?;
    if subject.case.stage == Stage::Closed.code() {
        return Ok(Scanned { steps, ..Scanned::default() });
    }
    let running = subject.of_case::<Running>().filter(Condition::one_of(Field::new("state"), ["RUNNING", "EXTENDED"]));
    let running = subject.client.list(&running.page(0, PAGE_MAX)).await?.rows;
    let today = site_time::today(&subject.site.tenant);
    let (mut over, mut soon) = (Vec::new(), Vec::new());
    for clock in running {
        let Some(due_on) = clock.due_on.day() else { continue };
        let given = u16::try_from(clock.warned_level).unwrap_or(0);
        if due_on < today {
            over.push((clock, due_on));
        } else if let Some(level) = warning_due(due_on, today, given) {
            soon.push((clock, due_on, level));
        }
    }
    let scanned = Scanned { steps, ended: over.len(), warned: soon.len() };
    if over.is_empty() && soon.is_empty() {
        return Ok(scanned);
    }
    let said = values([("clocks_over", "", over.len().to_string()), ("warnings", "", soon.len().to_string())]);
    let mut step = Step::begin(&subject, subject.operation_here().await?, AuditKind::Change, ACTION, "", said).await?;
    step.by_portal(true);
    for (clock, due_on) in &over {
        end(&subject, &mut step, clock, *due_on).await?;
    }
    for (clock, due_on, level) in &soon {
        warn(&subject, &mut step, clock, *due_on, *level).await?;
    }
    step.case(due_next(&subject, Changes::new()).await?).await?;
    Ok(scanned)
}

async fn end(subject: &Subject, step: &mut Step<'_>, clock: &Running, due_on: Day) -> Result<(), Refusal> {
    step.happened(Happened {
        kind: "CLOCK",
        transition: 0,
        title: format!("{} ended on {}", clock.label(), due_on.long()),
        note: String::new(),
        states: Some(("RUNNING".to_owned(), "EXPIRED".to_owned())),
        stages: None,
        source: (Running::DOCTYPE, clock.name.clone()),
    })
    .await?;
    let (_, revision, _) = subject.client.get_with_proof::<Running>(&clock.name).await?;
    let changes = Changes::new()
        .set(Field::new("state"), "EXPIRED")
        .set(Field::new("ended_on"), due_on)
        .set(Field::new("ended_by_event"), "TIME_OVER");
    step.change::<Running>(&clock.name, &revision, changes).await.map(|_| ())
}

/// Who must act is told by a task, once for a clock as long as the task is open; that the warning was given stands in the clock.
async fn warn(subject: &Subject, step: &mut Step<'_>, clock: &Running, due_on: Day, level: u16) -> Result<(), Refusal> {
    // What the respondent may let pass is nothing for anybody to do here.
    if ClockSide::from(clock.owner_side.clone()) != ClockSide::Theirs {
        let open = subject.of_case::<WarningTask>().filter(Condition::eq(Field::new("state"), "OPEN"));
        let open = open.filter(Condition::eq(Field::new("source_name"), clock.name.as_str())).page(0, 1);
        if subject.client.list(&open).await?.rows.is_empty() {
            let task = ToDo {
                kind: TaskKind::ClockRisk.code().to_owned(),
                title: format!("{} ends on {}", clock.label(), due_on.long()),
                assignee: subject.case.legal_owner.clone(),
                role: Role::LegalManager.code(),
                due_on,
                priority: if level <= 7 || ClockCode::from(clock.clock.clone()) == ClockCode::S29aAward { 1 } else { 2 },
            };
            step.set_task_for(task, (Running::DOCTYPE, &clock.name), &format!("warned-{level}")).await?;
        }
    }
    let (_, revision, _) = subject.client.get_with_proof::<Running>(&clock.name).await?;
    step.change::<Running>(&clock.name, &revision, Changes::new().set(Field::new("warned_level"), i64::from(level))).await.map(|_| ())
}
