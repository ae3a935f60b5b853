//! What came and went by week: cases filed and closed, and what entered and left each stage (`domain.md` §10.3, throughput).

use super::{
    super::{Refusal, cases::wire::column, columns::Site, site_time},
    figures::{address, aggregate},
    wire::{EVENT_SCOPE, EventRecord, NumberRecord},
};
use crate::{
    model::{Bound, Day, Filter, MoveLine, Permission, Stage, StageMoves, Throughput, WeekFlow},
    server::{
        context::{Grant, authorise},
        frappe::{Aggregate, Client, Condition, Direction, Field, Group, Measure, Op, PAGE_MAX, Query, RowScope, Value},
    },
};

/// Weeks that are told, the running one included.
const WEEKS: i64 = 12;
/// Pages of cases whose events are looked up by case, where events cannot be asked under the person's scope.
const PAGES: u32 = 3;

/// Cases filed and closed in each of the last weeks.
///
/// # Errors
/// As [`queue`](super::queue).
pub async fn throughput() -> Result<Throughput, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let weeks = weeks(site_time::today(&site.tenant));
    let (filed, closed) = futures::try_join!(
        by_day(&client, &grant, Filter::Filed, column::FILED_ON, &weeks),
        by_day(&client, &grant, Filter::Closed, column::CLOSED_ON, &weeks)
    )?;
    let in_week = |days: &[(Day, u64)], monday: Day| days.iter().filter(|(day, _)| day.monday() == monday).map(|(_, cases)| cases).sum();
    let weeks = weeks.into_iter().map(|monday| WeekFlow {
        monday,
        filed: in_week(&filed, monday),
        filed_href: address(span(Filter::Filed, monday, monday.later(6))),
        closed: in_week(&closed, monday),
        closed_href: address(span(Filter::Closed, monday, monday.later(6))),
    });
    Ok(Throughput { weeks: weeks.collect(), as_of: site_time::now(&site.tenant) })
}

/// What entered and left each stage in each of the last weeks.
///
/// # Errors
/// As [`queue`](super::queue).
pub async fn moves() -> Result<StageMoves, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let weeks = weeks(site_time::today(&site.tenant));
    let mut told = StageMoves {
        lines: Stage::ALL.iter().map(|stage| MoveLine { stage: stage.clone(), weeks: vec![(0, 0); weeks.len()] }).collect(),
        weeks,
        only: None,
        as_of: site_time::now(&site.tenant),
    };
    if grant.rows.rests_on(&EVENT_SCOPE) {
        add(&mut told, &client, &grant.rows, None).await?;
        return Ok(told);
    }
    // Events do not say whose branch or whose case they are of. A case that moved in these weeks has been in its stage since then.
    let first = told.weeks.first().copied().unwrap_or(Day::EPOCH);
    for page in 0..PAGES {
        let moved = Query::<NumberRecord>::new(grant.rows.clone());
        let moved = moved.filter(Condition::new(Field::new("stage_since_on"), Op::Ge, Value::from(first)));
        let moved = client.list(&moved.order_by(column::NAME, Direction::Ascending).page(page * PAGE_MAX, PAGE_MAX)).await?;
        let of_these = Condition::one_of(Field::new("case_ref"), moved.rows.iter().map(|case| case.name.as_str()));
        // Cases just read under the person's scope stand for it.
        add(&mut told, &client, &RowScope::institution_wide(), Some(of_these)).await?;
        if !moved.more {
            break;
        }
        told.only = (page + 1 == PAGES).then_some((PAGES * PAGE_MAX) as usize);
    }
    Ok(told)
}

/// Adds the moves of these rows: a call for what entered, one for what left, each of a group for a week and a stage.
async fn add(told: &mut StageMoves, client: &Client, rows: &RowScope, narrower: Option<Condition>) -> Result<(), Refusal> {
    let week = Field::new("week");
    let first = told.weeks.first().map(|monday| monday.week()).unwrap_or_default();
    let by = |stage: Field| {
        let moves = Aggregate::<EventRecord>::new(rows.clone(), [Measure::Count]).filter(Condition::eq(Field::new("kind"), "STAGE"));
        let moves = moves.filter(Condition::new(week, Op::Ge, first.as_str())).filter(Condition::set(stage));
        narrower.iter().cloned().fold(moves, Aggregate::filter).by(week).by(stage)
    };
    let (to, from) = (by(Field::new("to_stage")), by(Field::new("from_stage")));
    let (entered, left) = futures::try_join!(client.group_by(&to), client.group_by(&from))?;
    let weeks: Vec<_> = told.weeks.iter().map(|monday| monday.week()).collect();
    let mut count = |group: &Group, into: fn(&mut (u64, u64)) -> &mut u64| {
        let [week, stage] = group.keys.as_slice() else { return };
        let Some(at) = weeks.iter().position(|known| known == week) else { return };
        let stage = Stage::from(stage.clone());
        let line = match told.lines.iter().position(|line| line.stage == stage) {
            Some(line) => line,
            None => {
                told.lines.push(MoveLine { stage, weeks: vec![(0, 0); weeks.len()] });
                told.lines.len() - 1
            }
        };
        *into(&mut told.lines[line].weeks[at]) += group.count(0);
    };
    entered.iter().for_each(|group| count(group, |week| &mut week.0));
    left.iter().for_each(|group| count(group, |week| &mut week.1));
    Ok(())
}

/// The Mondays of the last weeks on the institution's calendar.
fn weeks(today: Day) -> Vec<Day> {
    (0..WEEKS).rev().map(|ago| today.monday().later(-7 * ago)).collect()
}

fn span(of: fn(Bound, Day) -> Filter, first: Day, last: Day) -> [Filter; 2] {
    [of(Bound::AtLeast, first), of(Bound::AtMost, last)]
}

/// Cases by a day of theirs, within these weeks.
async fn by_day(
    client: &Client,
    grant: &Grant,
    of: fn(Bound, Day) -> Filter,
    day: Field,
    weeks: &[Day],
) -> Result<Vec<(Day, u64)>, Refusal> {
    let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else { return Ok(Vec::new()) };
    let groups = client.group_by(&aggregate(grant, &span(of, *first, last.later(6)), &[]).by(day)).await?;
    Ok(groups.iter().filter_map(|group| Some((Day::parse(group.keys.first()?)?, group.count(0)))).collect())
}
