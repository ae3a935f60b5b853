//! Lists that are read newest first, a page by key: a page begins after a record, not after a number of records.
//!
//! Knows that "after (time, name)" is asked in two plain conjunctions, since Frappe ANDs its filters; not what is listed.

use jiff::civil::DateTime;

use super::Refusal;
use crate::{
    model::{ErrorCode, TimeCursor},
    server::frappe::{Client, Condition, Direction, Field, Op, Query, Record, RowScope, Value},
};

/// At most `rows` records by a time, the newest first, after a place in that order; and whether more follow.
///
/// # Errors
/// [`ErrorCode::BadRequest`] for a place at no time; any fault of the calls.
pub async fn page<R: Record>(
    client: &Client,
    scope: &RowScope,
    by: Field,
    after: Option<&TimeCursor>,
    conditions: &[Condition],
    rows: usize,
) -> Result<(Vec<R>, bool), Refusal> {
    const NAME: Field = Field::new("name");
    let phases = match after {
        None => vec![Vec::new()],
        Some(place) => {
            // A time that is none would be an error upstream. It goes back as it came: a server's microseconds count.
            let _: DateTime = place.at.parse().map_err(|_| ErrorCode::BadRequest)?;
            let at = || Value::from(place.at.as_str());
            let tie = vec![Condition::eq(by, at()), Condition::new(NAME, Op::Lt, Value::from(place.name.as_str()))];
            vec![tie, vec![Condition::new(by, Op::Lt, at())]]
        }
    };
    let mut found = Vec::with_capacity(rows + 1);
    for phase in phases {
        // One more than the page, to know whether there is a next.
        let wanted = rows + 1 - found.len();
        let asked = Query::<R>::new(scope.clone()).order_by(by, Direction::Descending).order_by(NAME, Direction::Descending);
        let asked = asked.page(0, u32::try_from(wanted).unwrap_or(u32::MAX));
        let asked = conditions.iter().cloned().chain(phase).fold(asked, Query::filter);
        found.extend(client.list(&asked).await?.rows);
        if found.len() > rows {
            break;
        }
    }
    let more = found.len() > rows;
    found.truncate(rows);
    Ok((found, more))
}
