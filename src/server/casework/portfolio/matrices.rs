//! Open cases by stage and something else, and how long they have been where they are.

use std::ops::RangeInclusive;

use super::{Desk, Refusal, add, wire::LimitPolicy};
use crate::{
    model::{Bottleneck, Bottlenecks, Bound, Day, Filter, Matrix, MatrixLine, Narrowing, Product, Stage, Tally, median},
    server::{
        casework::cases::wire::column,
        frappe::{Condition, Field, Group, Measure, Query, RowScope},
    },
};

/// Days in a stage, or since registration, that stand together; the last one has no end.
const AGES: [(&str, RangeInclusive<i64>); 6] = [
    ("Up to 30 days", 0..=30),
    ("31–60 days", 31..=60),
    ("61–90 days", 61..=90),
    ("91–180 days", 91..=180),
    ("181–365 days", 181..=365),
    ("Over 365 days", 366..=i64::MAX),
];

/// A column of a matrix: its words, and the filters that find its cases where any do.
struct Column {
    label: String,
    filters: Option<Vec<Filter>>,
}

/// Open cases by stage and product.
///
/// # Errors
/// Who may not see cases is refused; otherwise what the upstream's fault means.
pub async fn products(narrowing: Narrowing) -> Result<Matrix, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let groups = desk.by_stage_and(column::PRODUCT).await?;
    let known = Product::ALL.iter().map(|product| product.code().to_owned());
    let codes = in_use(&groups, known.collect());
    let columns = codes.iter().map(|code| {
        let product = Product::from(code.clone());
        let known = !matches!(product, Product::Unknown(_));
        Column { label: named(product.label()), filters: known.then(|| vec![Filter::Product(product)]) }
    });
    let columns = columns.collect();
    Ok(lay_out(&desk, &groups, columns, |key| codes.iter().position(|code| code == key)))
}

/// Open cases by stage and zone.
///
/// # Errors
/// As [`products`].
pub async fn zones(narrowing: Narrowing) -> Result<Matrix, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let groups = desk.by_stage_and(column::ZONE).await?;
    let codes = in_use(&groups, Vec::new());
    let columns = codes.iter().map(|code| {
        let filter = (!code.is_empty() && !code.contains('"')).then(|| vec![Filter::Zone(code.to_uppercase())]);
        Column { label: named(code), filters: filter }
    });
    let columns = columns.collect();
    Ok(lay_out(&desk, &groups, columns, |key| codes.iter().position(|code| code == key)))
}

/// Open cases by stage and the days that they have been in it; and by the days since they were registered.
///
/// # Errors
/// As [`products`].
pub async fn ages(narrowing: Narrowing) -> Result<Matrix, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let today = desk.today();
    let registered = desk.cases(&[Filter::Open(true), Filter::Registered(Bound::AtMost, today)], &[Measure::Sum(column::CLAIM)]);
    let registered = registered.by(column::REGISTERED_ON);
    let (in_stage, since) =
        futures::try_join!(desk.by_stage_and(column::STAGE_SINCE), async { Ok(desk.client.group_by(&registered).await?) })?;
    let columns =
        || AGES.iter().map(|(label, days)| Column { label: (*label).to_owned(), filters: Some(aged(days, today, Filter::StageSince)) });
    let mut matrix = lay_out(&desk, &in_stage, columns().collect(), |since| age(since, today));
    let open = |more: Vec<Filter>| Some(desk.narrowing.href(&[vec![Filter::Open(true)], more].concat()));
    let mut line = MatrixLine {
        label: "Since registration".to_owned(),
        stage: None,
        cells: AGES.iter().map(|(_, days)| Tally { href: open(aged(days, today, Filter::Registered)), ..Tally::default() }).collect(),
        all: Tally { href: open(vec![Filter::Registered(Bound::AtMost, today)]), ..Tally::default() },
    };
    for group in &since {
        add(&mut line.all, group);
        let place = group.keys.first().and_then(|since| age(since, today)).and_then(|index| line.cells.get_mut(index));
        place.into_iter().for_each(|cell| add(cell, group));
    }
    matrix.feet.push(line);
    Ok(matrix)
}

/// How long open cases have been in their stages, against the institution's limits.
///
/// # Errors
/// As [`products`].
pub async fn bottlenecks(narrowing: Narrowing) -> Result<Bottlenecks, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let today = desk.today();
    let (groups, limits) = futures::try_join!(desk.by_stage_and(column::STAGE_SINCE), limits(&desk))?;
    let line = |stage: Stage| {
        let own: Vec<_> = groups.iter().filter(|group| group.keys.first().is_some_and(|code| code == stage.code())).collect();
        let days = |group: &&Group| u32::try_from(days(group.keys.get(1)?, today)?.max(0)).ok();
        let mut histogram: Vec<_> = own.iter().filter_map(|group| Some((days(group)?, group.count(0)))).collect();
        let filters = [Filter::Open(true), Filter::Stage(stage.clone())];
        let known = !matches!(stage, Stage::Unknown(_));
        let href = |filters: &[Filter]| known.then(|| desk.narrowing.href(filters));
        let mut cases = Tally { href: href(&filters), ..Tally::default() };
        own.iter().for_each(|group| add(&mut cases, group));
        let limit_days = limits.iter().find(|(code, _)| code == stage.code()).map(|(_, days)| *days);
        let over = limit_days.map(|limit| {
            let late = Filter::StageSince(Bound::Below, today.later(-i64::from(limit)));
            let mut over = Tally { href: href(&[&filters[..], &[late]].concat()), ..Tally::default() };
            own.iter().filter(|group| days(group).is_some_and(|days| days > limit)).for_each(|group| add(&mut over, group));
            over
        });
        Bottleneck { stage, cases, median_days: median(&mut histogram), limit_days, over }
    };
    let lines = stages(&groups).into_iter().map(line).filter(|line| line.cases.count > 0).collect();
    Ok(Bottlenecks { lines, as_of: desk.now() })
}

/// The days that the institution allows for each stage; none where its policy says nothing that can be read.
async fn limits(desk: &Desk) -> Result<Vec<(String, u32)>, Refusal> {
    let active = Query::<LimitPolicy>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("kind"), "STAGE_LIMITS"));
    let policy = desk.client.list(&active.filter(Condition::eq(Field::new("state"), "ACTIVE")).page(0, 1)).await?.rows.pop();
    let set: serde_json::Map<String, serde_json::Value> =
        policy.and_then(|policy| serde_json::from_str(&policy.content).ok()).unwrap_or_default();
    Ok(set.into_iter().filter_map(|(stage, days)| Some((stage, u32::try_from(days.as_u64()?).ok()?))).collect())
}

/// The second keys in use: those that are known in their order, the others after them.
fn in_use(groups: &[Group], known: Vec<String>) -> Vec<String> {
    let mut others: Vec<_> = groups.iter().filter_map(|group| group.keys.get(1)).filter(|key| !known.contains(key)).cloned().collect();
    others.sort_unstable();
    others.dedup();
    let used = |code: &String| groups.iter().any(|group| group.keys.get(1) == Some(code));
    known.into_iter().filter(used).chain(others).collect()
}

/// The stages of open cases, and whatever else the cases say.
fn stages(groups: &[Group]) -> Vec<Stage> {
    let mut stages: Vec<_> = Stage::ALL.iter().filter(|stage| **stage != Stage::Closed).cloned().collect();
    for code in groups.iter().filter_map(|group| group.keys.first()) {
        let stage = Stage::from(code.clone());
        if !stages.contains(&stage) {
            stages.push(stage);
        }
    }
    stages
}

fn named(label: &str) -> String {
    if label.is_empty() { "None".to_owned() } else { label.to_owned() }
}

/// Groups by stage and another key as a matrix; `place` says in which column a key belongs, if in any.
fn lay_out(desk: &Desk, groups: &[Group], columns: Vec<Column>, place: impl Fn(&str) -> Option<usize>) -> Matrix {
    let empty = |own: Option<Filter>| {
        let cell = |column: Option<&Column>| {
            let more = column.map_or(Some(Vec::new()), |column| column.filters.clone());
            let filters = more.map(|more| [Filter::Open(true)].into_iter().chain(own.clone()).chain(more).collect::<Vec<_>>());
            // A code that this portal does not know is found by no word.
            let known = !matches!(own, Some(Filter::Stage(Stage::Unknown(_))));
            Tally { href: filters.filter(|_| known).map(|filters| desk.narrowing.href(&filters)), ..Tally::default() }
        };
        (columns.iter().map(|column| cell(Some(column))).collect::<Vec<_>>(), cell(None))
    };
    let (cells, all) = empty(None);
    let mut foot = MatrixLine { label: "All open cases".to_owned(), stage: None, cells, all };
    let line = |stage: Stage| {
        let (cells, all) = empty(Some(Filter::Stage(stage.clone())));
        MatrixLine { label: stage.label().to_owned(), stage: Some(stage), cells, all }
    };
    let mut lines: Vec<_> = stages(groups).into_iter().map(line).collect();
    for group in groups {
        let (Some(stage), Some(key)) = (group.keys.first(), group.keys.get(1)) else { continue };
        let index = place(key);
        let own = lines.iter_mut().find(|line| line.stage.as_ref().is_some_and(|known| known.code() == stage));
        for line in own.into_iter().chain([&mut foot]) {
            add(&mut line.all, group);
            index.and_then(|index| line.cells.get_mut(index)).into_iter().for_each(|cell| add(cell, group));
        }
    }
    Matrix { columns: columns.into_iter().map(|column| column.label).collect(), lines, feet: vec![foot], as_of: desk.now() }
}

/// Days since then; fewer than none where it is yet to come.
fn days(since: &str, today: Day) -> Option<i64> {
    Some(today.days_since_epoch() - Day::parse(since)?.days_since_epoch())
}

/// Which of the ages it is.
fn age(since: &str, today: Day) -> Option<usize> {
    let days = days(since, today)?;
    AGES.iter().position(|(_, range)| days <= *range.end())
}

/// The filters of an age; the youngest has no end, the oldest no beginning.
fn aged(days: &RangeInclusive<i64>, today: Day, filter: fn(Bound, Day) -> Filter) -> Vec<Filter> {
    let youngest = (*days.start() > 0).then(|| filter(Bound::AtMost, today.later(-days.start())));
    let oldest = (*days.end() < i64::MAX).then(|| filter(Bound::AtLeast, today.later(-days.end())));
    youngest.into_iter().chain(oldest).collect()
}
