//! Hearings of a span of days in the person's rows, by time, a page by key: a hearing that comes or goes meanwhile neither repeats nor
//! hides another. It must not know who shows them.

use super::{
    Refusal,
    columns::{Site, list},
    hearings::HearingRecord,
    site_time,
};
use crate::{
    model::{Day, HearingCursor, HearingPage, HearingsQuery, Permission},
    registry::current_tenant,
    server::{
        context::authorise,
        frappe::{Aggregate, Client, Condition, Direction, Field, Measure, Op, Query, Value},
    },
};

const STARTS_AT: Field = Field::new("starts_at");
const STARTS_ON: Field = Field::new("starts_on");
const NAME: Field = Field::new("name");

/// One page of the hearings of those days, `rows` at most; cancelled and adjourned ones too: each says how it stands.
///
/// # Errors
/// Who may not see cases is refused; otherwise what the upstream's fault means.
pub async fn between(query: HearingsQuery, rows: usize) -> Result<HearingPage, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let days = [Condition::new(STARTS_ON, Op::Ge, Value::from(query.from)), Condition::new(STARTS_ON, Op::Le, Value::from(query.to))];
    let counted = Aggregate::<HearingRecord>::new(grant.rows.clone(), [Measure::Count]);
    let counted = days.iter().cloned().fold(counted, Aggregate::filter);
    let listed = async {
        let mut found: Vec<HearingRecord> = Vec::with_capacity(rows + 1);
        for phase in phases(query.after.as_ref()) {
            // One row more than the page, to know whether there is a next.
            let wanted = u32::try_from(rows + 1 - found.len()).unwrap_or(u32::MAX);
            let asked = Query::<HearingRecord>::new(grant.rows.clone()).page(0, wanted);
            let asked = asked.order_by(STARTS_AT, Direction::Ascending).order_by(NAME, Direction::Ascending);
            let asked = days.iter().cloned().chain(phase).fold(asked, Query::filter);
            found.extend(list(&client, asked, grant.principal.role.names()).await?.rows);
            if found.len() > rows {
                break;
            }
        }
        Ok::<_, Refusal>(found)
    };
    let (total, mut found) = futures::try_join!(async { Ok(client.totals(&counted).await?.count(0)) }, listed)?;
    let more = found.len() > rows;
    found.truncate(rows);
    let last = found.last().filter(|_| more);
    let after = last.map(|last| HearingCursor { starts_at: last.starts_at.as_str().to_owned(), id: last.name.clone() }.text());
    Ok(HearingPage { rows: found.into_iter().map(|row| row.into_row(&site)).collect(), total, after })
}

/// Today on the institution's wall clock: what a span begins with where nobody names a day.
///
/// # Errors
/// [`ErrorCode::NoTenant`](crate::model::ErrorCode::NoTenant) outside a door.
pub fn today() -> Result<Day, Refusal> {
    Ok(site_time::today(&*current_tenant()?))
}

/// "After (start, name)" in plain conjunctions, the only ones that can be asked: the rest of the ties, then what starts later.
fn phases(after: Option<&HearingCursor>) -> Vec<Vec<Condition>> {
    let Some(cursor) = after else { return vec![Vec::new()] };
    let start = || Value::from(cursor.starts_at.as_str());
    let ties = vec![Condition::new(STARTS_AT, Op::Eq, start()), Condition::new(NAME, Op::Gt, Value::from(cursor.id.as_str()))];
    vec![ties, vec![Condition::new(STARTS_AT, Op::Gt, start())]]
}
