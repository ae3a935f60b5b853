//! How the portfolio's figures have changed, asked of records that carry the day of what happened. Where no record does, no change
//! is told: what a claim or a service was a month ago, the institution's server does not say.

use std::time::Duration;

use jiff::civil::Date;

use super::{
    super::{Refusal, columns::Site},
    figures::cycle_days,
    wire::{EVENT_SCOPE, EventRecord, PaidRecord},
};
use crate::{
    model::{Bound, Change, Day, Difference, FigureValue, Filter, Inr, Stage},
    server::{
        context::Grant,
        frappe::{Aggregate, Client, Condition, Field, Measure, Op, Value},
    },
};

/// Since when changes are told.
const DAYS: i64 = 30;
/// How long the figures wait for their changes; then they are shown without.
const PATIENCE: Duration = Duration::from_millis(800);

/// What has changed, as far as it could be had.
pub(super) struct Changes {
    since: Day,
    active: Option<i64>,
    realised: Option<Inr>,
    /// What the cycle time was then.
    cycle: Option<u32>,
}

impl Changes {
    /// The change of this figure, whose value is now this.
    pub(super) fn of(&self, code: &str, now: FigureValue) -> Option<Change> {
        let by = match (code, now) {
            ("active_cases", _) => Difference::Count(self.active?),
            ("realised", _) => Difference::Money(self.realised?),
            ("cycle_time", FigureValue::Days(now)) => Difference::Days(i64::from(now?) - i64::from(self.cycle?)),
            _ => return None,
        };
        Some(Change { by, since: self.since, days: DAYS })
    }
}

/// What has changed since the beginning of a day a month ago. One that fails or is late takes no figure with it.
pub(super) async fn changes(client: &Client, grant: &Grant, site: &Site, today: Day) -> Changes {
    let since = today.later(-DAYS);
    let then = [Filter::Awarded(Some((Bound::AtLeast, since.later(-365)))), Filter::Awarded(Some((Bound::Below, since)))];
    let (active, realised, cycle) = futures::join!(
        in_time(active(client, grant, site, since)),
        in_time(realised(client, grant, since)),
        in_time(cycle_days(client, grant, &then))
    );
    Changes { since, active: active.flatten(), realised, cycle: cycle.flatten() }
}

async fn in_time<T>(asked: impl Future<Output = Result<T, Refusal>>) -> Option<T> {
    tokio::time::timeout(PATIENCE, asked).await.ok()?.ok()
}

/// Cases that became active less those that ceased to be, by their timelines: a timeline's lines name zone and product alone, so it is
/// told to those whose rows depend on nothing else.
async fn active(client: &Client, grant: &Grant, site: &Site, since: Day) -> Result<Option<i64>, Refusal> {
    let (true, Some(since)) = (grant.rows.rests_on(&EVENT_SCOPE), at_site(since, site)) else { return Ok(None) };
    let (from, to) = (Field::new("from_stage"), Field::new("to_stage"));
    let moves = Aggregate::<EventRecord>::new(grant.rows.clone(), [Measure::Count]).filter(Condition::eq(Field::new("kind"), "STAGE"));
    let moves = moves.filter(Condition::new(Field::new("at"), Op::Ge, since)).by(from).by(to);
    let active = |stage: &String| i64::from(!stage.is_empty() && stage != Stage::Closed.code());
    let change = |keys: &[String]| keys.get(1).map_or(0, active) - keys.first().map_or(0, active);
    let groups = client.group_by(&moves).await?;
    Ok(Some(groups.iter().map(|group| change(&group.keys) * i64::try_from(group.count(0)).unwrap_or(0)).sum()))
}

/// Confirmed payments made since then.
async fn realised(client: &Client, grant: &Grant, since: Day) -> Result<Inr, Refusal> {
    let paid = Aggregate::<PaidRecord>::new(grant.rows.clone(), [Measure::Sum(Field::new("amount"))]);
    let paid = paid.filter(Condition::eq(Field::new("counted"), true));
    let paid = paid.filter(Condition::new(Field::new("paid_on"), Op::Ge, Value::from(since)));
    Ok(client.totals(&paid).await?.money(0))
}

/// The beginning of an institution's day on its site's wall clock.
fn at_site(day: Day, site: &Site) -> Option<String> {
    let midnight = day.iso().parse::<Date>().ok()?.to_zoned(site.tenant.time_zone.clone()).ok()?;
    Some(midnight.with_time_zone(site.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string())
}
