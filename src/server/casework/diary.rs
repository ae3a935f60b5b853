//! The diary: the hearings of days and weeks, over all cases that a person may see.
//!
//! Owns which hearings a view lists and how a day is counted. It must not know how a calendar looks.

use super::{
    Refusal,
    columns::{Site, list},
    hearings::{HearingRecord, reported_by},
    site_time,
};
use crate::{
    model::{Day, DayCount, Diary, DiaryQuery, DiaryView, ErrorCode, FieldError, HearingRow, Permission},
    server::{
        context::{Grant, authorise},
        frappe::{Aggregate, Client, Condition, Direction, Field, Group, Measure, Op, PAGE_MAX, Query, Value},
    },
};

const STARTS_ON: Field = Field::new("starts_on");
const STATUS: Field = Field::new("status");
const PREPARED: Field = Field::new("prepared");

/// The days that a view shows: counted for each, and listed up to [`PAGE_MAX`] hearings.
///
/// # Errors
/// [`ErrorCode::Invalid`] for a view or day that cannot be read; otherwise what the upstream's fault means.
pub async fn show(view: String, day: String) -> Result<Diary, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let today = site_time::today(&site.tenant);
    let unreadable = || ErrorCode::Invalid { fields: vec![FieldError { field: "day".to_owned(), problem: "unknown".to_owned() }] };
    let query = DiaryQuery::from_params(&view, &day, today).ok_or_else(unreadable)?;
    let (days, (hearings, more)) = futures::try_join!(counts(&client, &grant, query), listed(&client, &grant, &site, query))?;
    // The last day that was begun may go on: it is the first that is not whole.
    let cut_at = hearings.last().filter(|_| more).and_then(|row| row.starts_at).and_then(crate::model::Instant::day);
    Ok(Diary { query, today, days, hearings, cut_at, as_of: site_time::now(&site.tenant) })
}

/// Conditions of the view's days.
fn within(query: DiaryQuery) -> [Condition; 2] {
    let (from, until) = query.days();
    [Condition::new(STARTS_ON, Op::Ge, Value::from(from)), Condition::new(STARTS_ON, Op::Lt, Value::from(until))]
}

async fn counts(client: &Client, grant: &Grant, query: DiaryQuery) -> Result<Vec<(Day, DayCount)>, Refusal> {
    let asked = Aggregate::<HearingRecord>::new(grant.rows.clone(), [Measure::Count]).by(STARTS_ON).by(STATUS).by(PREPARED);
    let groups = client.group_by(&within(query).into_iter().fold(asked, Aggregate::filter)).await?;
    let mut days: Vec<(Day, DayCount)> = Vec::new();
    for group in groups {
        let Some((day, status, prepared)) = keys(&group) else { continue };
        let at = days.iter().position(|(known, _)| *known == day).unwrap_or_else(|| {
            days.push((day, DayCount::default()));
            days.len() - 1
        });
        let Some((_, count)) = days.get_mut(at) else { continue };
        let number = group.count(0);
        match status {
            "HELD" => count.held += number,
            "ADJOURNED" => count.adjourned += number,
            "CANCELLED" => count.cancelled += number,
            // A status that is not known yet is not known to be over.
            _ => {
                count.scheduled += number;
                count.unprepared += if prepared { 0 } else { number };
            }
        }
    }
    days.sort_by_key(|(day, _)| *day);
    Ok(days)
}

fn keys(group: &Group) -> Option<(Day, &str, bool)> {
    let [day, status, prepared] = group.keys.as_slice() else { return None };
    Some((Day::parse(day)?, status, prepared == "1"))
}

/// The hearings by time, and whether there are more than are listed.
async fn listed(client: &Client, grant: &Grant, site: &Site, query: DiaryQuery) -> Result<(Vec<HearingRow>, bool), Refusal> {
    if query.view == DiaryView::Month {
        return Ok((Vec::new(), false));
    }
    let asked = within(query).into_iter().fold(Query::<HearingRecord>::new(grant.rows.clone()), Query::filter);
    let asked = asked.order_by(Field::new("starts_at"), Direction::Ascending).order_by(Field::new("name"), Direction::Ascending);
    let answer = list(client, asked.page(0, PAGE_MAX), grant.principal.role.names()).await?;
    let role = grant.principal.role;
    Ok((answer.rows.into_iter().map(|row| reported_by(role, row.into_row(site))).collect(), answer.more))
}
