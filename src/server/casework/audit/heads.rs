//! Where every run of an institution has come to: what the first record of a run names, and one each hour, so that a chain
//! that is cut at its end shows too.
//!
//! Reads little: the newest record that names heads, and only those runs that have written since. It must not know what else
//! a record says.

use std::collections::BTreeMap;

use jiff::{SignedDuration, civil::DateTime};

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

/// The heads of all runs but this one.
pub async fn known(client: &Client, key: Option<&ChainKey>, own_run: &str) -> Result<BTreeMap<String, Head>, Fault> {
    let newest = Query::<Link>::new(RowScope::institution_wide())
        .filter(Condition::one_of(column::ACTION, NAMING))
        .order_by(column::CREATION, Direction::Descending)
        .page(0, 1);
    let newest = client.list(&newest).await?.rows.into_iter().next();
    let (mut heads, since) = newest.map_or_else(Default::default, |link| named_by(&link, key));
    let mut moved = Aggregate::<Link>::new(RowScope::institution_wide(), [Measure::Count]).by(column::WRITER_RUN);
    if let Some(since) = since {
        moved = moved.filter(Condition::new(column::CREATION, Op::Ge, Value::LocalTime(since)));
    }
    for group in client.group_by(&moved).await? {
        let Some(run) = group.keys.into_iter().next().filter(|run| run != own_run) else { continue };
        let last = Query::<Link>::new(RowScope::institution_wide())
            .filter(Condition::eq(column::WRITER_RUN, run.as_str()))
            .order_by(column::SEQ, Direction::Descending)
            .page(0, 1);
        if let Some(link) = client.list(&last).await?.rows.into_iter().next()
            && let Ok(seq) = u64::try_from(link.line.seq)
        {
            heads.insert(run, Head { row_hash: link.row_hash, seq });
        }
    }
    heads.remove(own_run);
    // A run's id begins with its time: the smallest is the oldest.
    while heads.len() > NAMED_MAX {
        heads.pop_first();
    }
    Ok(heads)
}

/// What a record names, if it is whole, and from when on runs may have moved since. One that is not whole is believed in
/// nothing: then every run is looked at.
fn named_by(link: &Link, key: Option<&ChainKey>) -> (BTreeMap<String, Head>, Option<DateTime>) {
    let is_whole =
        link.line.key_fits() && row_hash(&link.prev_hash, &link.payload) == link.row_hash && row_mac(key, &link.row_hash) == link.row_mac;
    let since = link.creation.parse::<DateTime>().ok().and_then(|creation| creation.checked_sub(OVERLAP).ok());
    match (Payload::decode(&link.payload).and_then(|payload| payload.heads), since) {
        (Some(heads), Some(since)) if is_whole => (heads, Some(since)),
        _ => Default::default(),
    }
}
