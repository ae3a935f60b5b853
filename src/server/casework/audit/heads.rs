//! Where every run of an institution has come to: what the first record of a run names, and one each hour, so that a chain
//! that is cut at its end shows too.
//!
//! Reads little: the newest record that names heads, and only those runs that have written since. It must not know what else
//! a record says.

use std::collections::BTreeMap;

use futures::{StreamExt as _, TryStreamExt as _};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};

use super::{
    seal::{ChainKey, Head, Payload, row_hash, row_mac},
    wire::{Link, column},
};
use crate::server::frappe::{Aggregate, Client, Condition, Direction, Fault, Measure, Op, Query, RowScope, Value};

/// Actions of the records that name heads.
pub const NAMING: [&str; 2] = ["audit.open", "audit.checkpoint"];
/// Runs that one record names at most, the newest: older ones stand in older records.
const NAMED_MAX: usize = 1_000;
/// How far before the newest naming record other runs are looked at again: it may have been overtaken on its way.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);

/// How far back runs are looked for where no record names them, or none that can be believed: under another key, say. What is
/// older stands in older records.
const LOOKED_BACK: SignedDuration = SignedDuration::from_hours(62 * 24);
/// Runs that are looked at, the newest, and how many at once.
const LOOKED_AT_MAX: usize = 100;
const AT_ONCE: usize = 8;

/// The heads of all runs but this one, on this site's wall clock.
pub async fn known(client: &Client, key: Option<&ChainKey>, site: &TimeZone, own_run: &str) -> Result<BTreeMap<String, Head>, Fault> {
    let newest = Query::<Link>::new(RowScope::institution_wide())
        .filter(Condition::one_of(column::ACTION, NAMING))
        .order_by(column::CREATION, Direction::Descending)
        .page(0, 1);
    let newest = client.list(&newest).await?.rows.into_iter().next();
    let (mut heads, since) = newest.and_then(|link| named_by(&link, key)).unwrap_or_else(|| {
        let now = Timestamp::now().to_zoned(site.clone()).datetime();
        (BTreeMap::new(), now.saturating_sub(LOOKED_BACK))
    });
    let moved = Aggregate::<Link>::new(RowScope::institution_wide(), [Measure::Count]).by(column::WRITER_RUN).filter(Condition::new(
        column::CREATION,
        Op::Ge,
        Value::LocalTime(since),
    ));
    let mut runs: Vec<String> = client.group_by(&moved).await?.into_iter().filter_map(|group| group.keys.into_iter().next()).collect();
    runs.sort_unstable_by(|one, other| other.cmp(one));
    let runs = runs.into_iter().filter(|run| run != own_run).take(LOOKED_AT_MAX);
    let looked_at = futures::stream::iter(runs.map(|run| last_of(client, run))).buffer_unordered(AT_ONCE);
    heads.extend(looked_at.try_collect::<Vec<_>>().await?.into_iter().flatten());
    heads.remove(own_run);
    // A run's id begins with its time: the smallest is the oldest.
    while heads.len() > NAMED_MAX {
        heads.pop_first();
    }
    Ok(heads)
}

/// A run and its last record.
async fn last_of(client: &Client, run: String) -> Result<Option<(String, Head)>, Fault> {
    let last = Query::<Link>::new(RowScope::institution_wide())
        .filter(Condition::eq(column::WRITER_RUN, run.as_str()))
        .order_by(column::SEQ, Direction::Descending)
        .page(0, 1);
    let link = client.list(&last).await?.rows.into_iter().next();
    Ok(link.and_then(|link| Some((run, Head { seq: u64::try_from(link.line.seq).ok()?, row_hash: link.row_hash }))))
}

/// What a record names, and from when on runs may have moved since; `None` for one that is not whole, which is believed in
/// nothing.
fn named_by(link: &Link, key: Option<&ChainKey>) -> Option<(BTreeMap<String, Head>, DateTime)> {
    let is_whole =
        link.line.key_fits() && row_hash(&link.prev_hash, &link.payload) == link.row_hash && row_mac(key, &link.row_hash) == link.row_mac;
    let heads = Payload::decode(&link.payload)?.heads?;
    let since = link.creation.parse::<DateTime>().ok()?.checked_sub(OVERLAP).ok()?;
    is_whole.then_some((heads, since))
}
