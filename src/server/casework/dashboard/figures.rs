//! The figures: each one is the total of a list's own query, and opens that list.

use super::{
    super::{
        Refusal,
        cases::{
            conditions,
            wire::{CaseRecord, column},
        },
        columns::Site,
        site_time,
    },
    change::changes,
};
use crate::{
    model::{Bound, CaseQuery, Day, Figure, FigureValue, Filter, Names, award_at_risk, limitation_at_risk, median},
    server::{
        context::Grant,
        frappe::{Aggregate, Client, Condition, Field, Group, Measure, Op, Value},
    },
};

/// The address of the cases that these filters find.
pub(super) fn address(filters: impl IntoIterator<Item = Filter>) -> String {
    CaseQuery { filters: filters.into_iter().collect(), ..CaseQuery::default() }.href()
}

/// Cases whose award or limitation is at risk.
pub(super) async fn at_risk(client: &Client, grant: &Grant, today: Day) -> Result<Vec<Figure>, Refusal> {
    let (award, limitation) = (award_at_risk(today), limitation_at_risk(today));
    let (awards, limitations) = futures::try_join!(counted(client, grant, &award, &[]), counted(client, grant, &limitation, &[]))?;
    Ok(vec![
        Figure {
            code: "award_at_risk",
            label: "Award at risk, s. 29A".to_owned(),
            value: FigureValue::Count(awards.count(0)),
            formula: "Cases without an award whose time for one (s. 29A) ends within 60 days or has ended".to_owned(),
            href: Some(address(award)),
            change: None,
        },
        Figure {
            code: "limitation_at_risk",
            label: "Limitation at risk".to_owned(),
            value: FigureValue::Count(limitations.count(0)),
            formula: "Cases not yet invoked (intake, pre-arbitration) whose limitation ends within 180 days or has ended".to_owned(),
            href: Some(address(limitation)),
            change: None,
        },
    ])
}

/// How the portfolio stands.
pub(super) async fn strip(client: &Client, grant: &Grant, site: &Site) -> Result<Vec<Figure>, Refusal> {
    let today = site_time::today(&site.tenant);
    let open = [Filter::Open(true)];
    let served = [Filter::Open(true), Filter::Served(true)];
    let year_ago = today.later(-365);
    let awarded = [Filter::Awarded(Some((Bound::AtLeast, year_ago)))];
    let sums = [Measure::Sum(column::CLAIM)];
    // Those for whom nothing has to be served yet are no part of the whole.
    let due = aggregate(grant, &open, &[]).filter(Condition::new(column::SERVICE_STATUS, Op::Ne, Value::from("NOT_DUE")));
    let (active, realised, served_now, due, cycle, changes) = futures::try_join!(
        counted(client, grant, &open, &sums),
        counted(client, grant, &[], &[Measure::Sum(column::REALISED)]),
        counted(client, grant, &served, &[]),
        async { Ok(client.totals(&due).await?) },
        cycle_days(client, grant, &awarded),
        async { Ok(changes(client, grant, site, today).await) },
    )?;
    let figure = |code, label: &str, value, formula: &str, href| {
        let (label, formula) = (label.to_owned(), formula.to_owned());
        Figure { code, label, value, formula, href, change: changes.of(code, value) }
    };
    Ok(vec![
        figure(
            "active_cases",
            "Active cases",
            FigureValue::Count(active.count(0)),
            "Cases whose stage is before Closed",
            Some(address(open.clone())),
        ),
        figure(
            "claim_under_arbitration",
            "Claim under arbitration",
            FigureValue::Money(active.money(1)),
            "Sum over active cases of the claim, or of the dues where no claim has been stated",
            Some(address(open)),
        ),
        figure(
            "realised",
            "Realised",
            FigureValue::Money(realised.money(1)),
            "Sum over all cases of confirmed payments",
            Some(address([])),
        ),
        figure(
            "fully_served",
            "Fully served",
            FigureValue::Share { part: served_now.count(0), whole: due.count(0) },
            "Active cases in which every respondent has been served with the notice that the stage needs, of those for which one is due",
            Some(address(served)),
        ),
        figure(
            "cycle_time",
            "Cycle time",
            FigureValue::Days(cycle),
            "Median days from filing to award, of awards in the last 365 days",
            Some(address(awarded)),
        ),
    ])
}

/// The median of the days from filing to award, of the cases that these filters find; `None` where there is none.
pub(super) async fn cycle_days(client: &Client, grant: &Grant, awarded: &[Filter]) -> Result<Option<u32>, Refusal> {
    let days = Field::new("cycle_days");
    let groups = client.group_by(&aggregate(grant, awarded, &[]).filter(Condition::new(days, Op::Ge, Value::Int(0))).by(days)).await?;
    let mut days: Vec<_> = groups.iter().filter_map(|group| Some((group.keys.first()?.parse().ok()?, group.count(0)))).collect();
    Ok(median(&mut days))
}

pub(super) fn aggregate(grant: &Grant, filters: &[Filter], measures: &[Measure]) -> Aggregate<CaseRecord> {
    let query = CaseQuery { filters: filters.to_vec(), ..CaseQuery::default() };
    let measures = [&[Measure::Count], measures].concat();
    let hidden = grant.principal.role.names() == Names::Hidden;
    conditions::of(&query, hidden).into_iter().fold(Aggregate::new(grant.rows.clone(), measures), Aggregate::filter)
}

async fn counted(client: &Client, grant: &Grant, filters: &[Filter], measures: &[Measure]) -> Result<Group, Refusal> {
    Ok(client.totals(&aggregate(grant, filters, measures)).await?)
}
