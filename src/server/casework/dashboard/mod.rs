//! The operations dashboard: each panel a function of its own, so that one that fails or is late takes no other with it.
//!
//! Every figure is asked of the upstream under the person's rows, with the very filter of the list that it opens.

mod change;
mod figures;
mod flow;
mod wire;

pub use flow::{moves, throughput};

use super::{
    Refusal,
    cases::wire::{CaseRecord, column},
    columns::{Site, list, some_text},
    hearings::HearingRecord,
    site_time,
    tasks::TaskRecord,
};
use crate::{
    model::{
        CaseId, ClocksAtRisk, Day, FigureStrip, Filter, HearingsAhead, Permission, Queue, RiskRow, Stage, StageLine, StageMix, Term, median,
    },
    server::{
        context::{Grant, authorise},
        frappe::{Aggregate, Client, Condition, Direction, Field, Measure, Op, Query, Value},
    },
};
use figures::{address, at_risk, strip};
use wire::ClockRecord;
pub(super) use wire::NumberRecord;

/// Tasks, hearings and clocks that are listed; the counts beside them are of all.
const LISTED: u32 = 8;
/// Today's hearings that are listed: a day's board has more, and shows them all.
const HEARINGS_LISTED: u32 = 50;

/// What waits for the person, and for whoever has their role.
///
/// # Errors
/// Who may not see cases is refused; otherwise what the upstream's fault means.
pub async fn queue() -> Result<Queue, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let today = site_time::today(&site.tenant);
    let mut queue = Queue { waiting: 0, overdue: 0, kinds: Vec::new(), first: Vec::new(), today, as_of: site_time::now(&site.tenant) };
    for conditions in waiting_for(&grant) {
        let with = |conditions: &[Condition]| {
            let by_kind = Aggregate::<TaskRecord>::new(grant.rows.clone(), [Measure::Count]).by(Field::new("kind"));
            conditions.iter().cloned().fold(by_kind, Aggregate::filter)
        };
        let late = [conditions.clone(), vec![Condition::new(Field::new("due_on"), Op::Lt, Value::from(today))]].concat();
        let (by_kind, overdue) = (with(&conditions), with(&late));
        let first = conditions.into_iter().fold(Query::<TaskRecord>::new(grant.rows.clone()).page(0, LISTED), Query::filter);
        let first = first.order_by(Field::new("due_on"), Direction::Ascending).order_by(Field::new("priority"), Direction::Ascending);
        let first = list(&client, first, grant.principal.role.names());
        let (kinds, overdue, first) = futures::try_join!(client.group_by(&by_kind), client.group_by(&overdue), first)?;
        queue.overdue += overdue.iter().map(|group| group.count(0)).sum::<u64>();
        for group in kinds {
            let (code, number) = (group.keys.first().cloned().unwrap_or_default(), group.count(0));
            queue.waiting += number;
            match queue.kinds.iter_mut().find(|(kind, _)| kind.code == code) {
                Some((_, held)) => *held += number,
                None => queue.kinds.push((Term::of(code), number)),
            }
        }
        queue.first.extend(first.rows.into_iter().map(TaskRecord::into_row));
    }
    queue.kinds.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.code.cmp(&other.0.code)));
    queue.first.sort_by_key(|task| task.due_on);
    queue.first.truncate(LISTED as usize);
    Ok(queue)
}

/// Open tasks of the person, and of whoever has their role: a task of a role is anybody's who has it, until somebody takes it.
fn waiting_for(grant: &Grant) -> [Vec<Condition>; 2] {
    let open = Condition::eq(Field::new("state"), "OPEN");
    let own = vec![open.clone(), Condition::eq(Field::new("assignee"), grant.principal.user_id.as_str())];
    let role = Condition::eq(Field::new("assignee_role"), grant.principal.role.code());
    [own, vec![open, role, Condition::not_set(Field::new("assignee"))]]
}

/// How many tasks [`queue`] would list.
///
/// # Errors
/// Any fault of the calls.
pub(super) async fn open_tasks(client: &Client, grant: &Grant) -> Result<u64, Refusal> {
    let count = async |conditions: Vec<Condition>| {
        client.count(&conditions.into_iter().fold(Query::<TaskRecord>::new(grant.rows.clone()), Query::filter)).await
    };
    let [own, of_role] = waiting_for(grant);
    let (own, of_role) = futures::try_join!(count(own), count(of_role))?;
    Ok(own + of_role)
}

/// Today's hearings, and how many the week has.
///
/// # Errors
/// As [`queue`].
pub async fn hearings() -> Result<HearingsAhead, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let today = site_time::today(&site.tenant);
    let (status, day) = (Field::new("status"), Field::new("starts_on"));
    let scheduled = || Aggregate::<HearingRecord>::new(grant.rows.clone(), [Measure::Count]).filter(Condition::eq(status, "SCHEDULED"));
    let prepared = scheduled().filter(Condition::eq(day, today)).by(Field::new("prepared"));
    let week = scheduled().filter(Condition::new(day, Op::Ge, Value::from(today)));
    let week = week.filter(Condition::new(day, Op::Lt, Value::from(today.later(7))));
    let board =
        Query::<HearingRecord>::new(grant.rows.clone()).filter(Condition::eq(status, "SCHEDULED")).filter(Condition::eq(day, today));
    let board = board.order_by(Field::new("starts_at"), Direction::Ascending).page(0, HEARINGS_LISTED);
    let board = list(&client, board, grant.principal.role.names());
    let (prepared, week, board) = futures::try_join!(client.group_by(&prepared), client.totals(&week), board)?;
    let count =
        |which: &str| prepared.iter().filter(|group| group.keys.first().is_some_and(|key| key == which)).map(|group| group.count(0)).sum();
    let unprepared: u64 = count("0");
    Ok(HearingsAhead {
        today: board.rows.into_iter().map(|row| row.into_row(&site)).collect(),
        today_count: unprepared + count("1"),
        unprepared,
        week_count: week.count(0),
        as_of: site_time::now(&site.tenant),
    })
}

/// Clocks that may run out.
///
/// # Errors
/// As [`queue`].
pub async fn clocks() -> Result<ClocksAtRisk, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let today = site_time::today(&site.tenant);
    let running = Condition::one_of(Field::new("state"), ["RUNNING", "EXTENDED"]);
    let ours = Query::<ClockRecord>::new(grant.rows.clone()).filter(running).filter(Condition::eq(Field::new("owner_side"), "OURS"));
    let ours = ours.filter(Condition::new(Field::new("due_on"), Op::Ge, Value::from(today)));
    let ours = ours.order_by(Field::new("due_on"), Direction::Ascending).page(0, LISTED);
    let (figures, first) = futures::try_join!(at_risk(&client, &grant, today), async { Ok(client.list(&ours).await?) })?;
    // A clock does not carry its case's number.
    let names = first.rows.iter().map(|clock| clock.case_ref.as_str());
    let numbered = Query::<NumberRecord>::new(grant.rows.clone()).filter(Condition::one_of(column::NAME, names)).page(0, LISTED);
    let numbers = client.list(&numbered).await?.rows;
    let row = |clock: ClockRecord| {
        let case = CaseId::parse(&clock.case_ref)?;
        let number = numbers.iter().find(|row| row.name == clock.case_ref).map(NumberRecord::number).unwrap_or_default();
        Some(RiskRow { case, number, clock: Term::of(clock.clock), party: some_text(clock.party_label), due_on: clock.due_on.day() })
    };
    Ok(ClocksAtRisk { figures, first: first.rows.into_iter().filter_map(row).collect(), today, as_of: site_time::now(&site.tenant) })
}

/// How the portfolio stands.
///
/// # Errors
/// As [`queue`].
pub async fn portfolio() -> Result<FigureStrip, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let figures = strip(&client, &grant, &site).await?;
    Ok(FigureStrip { figures, as_of: site_time::now(&site.tenant) })
}

/// Open cases by stage, with how long they have been in it.
///
/// # Errors
/// As [`queue`].
pub async fn stages() -> Result<StageMix, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let today = site_time::today(&site.tenant).days_since_epoch();
    let open = || {
        let measures = [Measure::Count, Measure::Sum(column::CLAIM)];
        Aggregate::<CaseRecord>::new(grant.rows.clone(), measures).filter(Condition::eq(column::IS_OPEN, true)).by(column::STAGE)
    };
    let (by_stage, by_age) = (open(), open().by(Field::new("stage_since_on")));
    let (stages, ages) = futures::join!(client.group_by(&by_stage), client.group_by(&by_age));
    // More groups of age than can be asked for at once: the stages are shown without them.
    let ages = ages.unwrap_or_default();
    let known = Stage::ALL.iter().filter(|stage| **stage != Stage::Closed).cloned();
    let lines = stages?.into_iter().fold(known.map(|stage| line(stage, 0)).collect::<Vec<_>>(), |mut lines, group| {
        let stage = Stage::from(group.keys.first().cloned().unwrap_or_default());
        let of_stage = ages.iter().filter(|age| age.keys.first().is_some_and(|code| code == stage.code()));
        let days = |since: &String| u32::try_from(today - Day::parse(since)?.days_since_epoch()).ok();
        let mut histogram: Vec<_> = of_stage.filter_map(|age| Some((days(age.keys.get(1)?)?, age.count(0)))).collect();
        let filled = StageLine {
            claim: group.money(1),
            median_days: median(&mut histogram),
            oldest_days: histogram.last().map(|(days, _)| *days),
            ..line(stage, group.count(0))
        };
        match lines.iter_mut().find(|line| line.stage == filled.stage) {
            Some(line) => *line = filled,
            None => lines.push(filled),
        }
        lines
    });
    Ok(StageMix { lines, as_of: site_time::now(&site.tenant) })
}

fn line(stage: Stage, cases: u64) -> StageLine {
    let href = address([Filter::Open(true), Filter::Stage(stage.clone())]);
    StageLine { stage, cases, claim: crate::model::Inr::ZERO, median_days: None, oldest_days: None, href }
}
