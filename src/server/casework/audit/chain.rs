//! One chain: the records of one institution that this process has written, each bound to the one before.
//!
//! Owns that numbers have no gap and that a record whose fate is unclear is settled before the next is written: its key is
//! asked for, and where it is not there the very same record is sent again, which a unique key makes safe. It must not know
//! who waits for a record, nor hold any lock: its caller writes one at a time.

use std::{collections::VecDeque, time::Duration};

use jiff::tz::TimeZone;
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    entry::Event,
    heads,
    seal::{ChainKey, Head, NO_HASH, event_key, row_hash, row_mac},
    wire::{Link, Sealed, column},
};
use crate::server::frappe::{Client, Condition, Fault, Query, RowScope};

/// Settled events that are remembered: those who will come back do so within a minute or so.
const SETTLED_MAX: usize = 256;
/// How long a record may stay unsettled while its upstream answers: longer than any request of ours can be under way.
const UNSETTLED_MAX: Duration = Duration::from_secs(600);

/// A writer run of this process at one institution.
pub struct Chain {
    run: String,
    key: Option<ChainKey>,
    head: Head,
    /// Sent, and not known to be there.
    pending: Option<Pending>,
    /// Events that were settled while another was being written, the latest last: who comes back with one is done.
    settled: VecDeque<u64>,
    /// Something else stands where a record of ours belongs: nothing can be added any more.
    broken: bool,
}

/// A record whose fate is unclear.
#[derive(Clone)]
struct Pending {
    /// Of which event it is.
    number: u64,
    row: Sealed,
    /// When it was sent first.
    since: Instant,
}

/// What every write needs.
pub struct Way<'a> {
    pub client: &'a Client,
    pub institution: &'a str,
    pub site: &'a TimeZone,
}

impl Chain {
    /// A new run under this key; its first record is written with the first event.
    pub fn new(key: Option<ChainKey>) -> Self {
        let head = Head { row_hash: NO_HASH.to_owned(), seq: 0 };
        Self { run: Uuid::now_v7().to_string(), key, head, pending: None, settled: VecDeque::new(), broken: false }
    }

    /// Whether it can go on under this key. After another key has come into force a new run begins.
    pub fn goes_on_with(&self, key: Option<&ChainKey>) -> bool {
        !self.broken && self.key.as_ref().map(|own| **own) == key.map(|key| **key)
    }

    /// The run's id.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Where it has come to.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Adds a record of this event, after whatever is still unsettled. Returns when it is known to be there.
    ///
    /// # Errors
    /// What the upstream's fault was. The record may be there all the same; the next call finds out.
    pub async fn append(&mut self, way: &Way<'_>, event: &Event) -> Result<(), Fault> {
        self.settle(way).await?;
        if let Some(at) = self.settled.iter().position(|number| *number == event.number()) {
            self.settled.remove(at);
            return Ok(());
        }
        if self.head.seq == 0 {
            let others = heads::known(way.client, self.key.as_ref(), way.site, &self.run).await?;
            self.put(way, &Event::of_chain("audit.open", others)).await?;
        }
        self.put(way, event).await
    }

    /// Adds a record that names where all other runs have come to; nothing where this run has not begun.
    ///
    /// # Errors
    /// As [`Chain::append`].
    pub async fn checkpoint(&mut self, way: &Way<'_>) -> Result<(), Fault> {
        self.settle(way).await?;
        if self.head.seq == 0 {
            return Ok(());
        }
        let others = heads::known(way.client, self.key.as_ref(), way.site, &self.run).await?;
        self.put(way, &Event::of_chain("audit.checkpoint", others)).await
    }

    /// Finds out about a record whose answer was lost, and sends it again where it did not arrive.
    async fn settle(&mut self, way: &Way<'_>) -> Result<(), Fault> {
        let Some(Pending { number, row, since }) = self.pending.clone() else { return Ok(()) };
        let settled = match find(way.client, &row.event_key).await? {
            Some(stored) => self.take(&stored),
            None => self.send(way).await,
        };
        if settled.is_err() && since.elapsed() > UNSETTLED_MAX {
            // The upstream answers, and will not have this one: others must not wait behind it for ever.
            self.broken = true;
            tracing::error!(run = self.run, seq = row.seq, "an audit record cannot be written: this run ends without it");
        }
        settled?;
        if self.settled.len() == SETTLED_MAX {
            self.settled.pop_front();
        }
        self.settled.push_back(number);
        Ok(())
    }

    async fn put(&mut self, way: &Way<'_>, event: &Event) -> Result<(), Fault> {
        let seq = self.head.seq + 1;
        let payload = event.clone().placed(way.institution, &self.run, seq, way.site);
        let columns = payload.columns(way.site).ok_or(Fault::BadAnswer("audit_time"))?;
        let payload = payload.encoded();
        let row_hash = row_hash(&self.head.row_hash, &payload);
        let sealed = Sealed {
            event_key: event_key(way.institution, &self.run, seq),
            writer_run: self.run.clone(),
            seq,
            prev_hash: self.head.row_hash.clone(),
            row_mac: row_mac(self.key.as_ref(), &row_hash),
            row_hash,
            payload,
            columns,
        };
        // Before the first await: a request that is dropped meanwhile leaves it here to be settled.
        self.pending = Some(Pending { number: event.number(), row: sealed, since: Instant::now() });
        self.send(way).await
    }

    async fn send(&mut self, way: &Way<'_>) -> Result<(), Fault> {
        let Some(Pending { row, .. }) = self.pending.clone() else { return Ok(()) };
        let key = row.event_key.clone();
        match way.client.create::<Link>(row.into_changes()).await {
            Ok(stored) => self.take(&stored),
            Err(fault) => match find(way.client, &key).await {
                Ok(Some(stored)) => self.take(&stored),
                Ok(None) if was_refused(&fault) => {
                    self.pending = None;
                    Err(fault)
                }
                _ => Err(fault),
            },
        }
    }

    /// What is stored under the pending record's key is that record, or the chain is broken.
    fn take(&mut self, stored: &Link) -> Result<(), Fault> {
        let Some(Pending { row, .. }) = self.pending.take() else { return Ok(()) };
        if stored.row_hash != row.row_hash || stored.payload != row.payload {
            self.broken = true;
            tracing::error!(run = self.run, seq = row.seq, "an audit record is not what was written: this run ends");
            return Err(Fault::BadAnswer("audit_altered"));
        }
        self.head = Head { row_hash: row.row_hash, seq: row.seq };
        Ok(())
    }
}

async fn find(client: &Client, event_key: &str) -> Result<Option<Link>, Fault> {
    let query = Query::<Link>::new(RowScope::institution_wide()).filter(Condition::eq(column::EVENT_KEY, event_key)).page(0, 1);
    Ok(client.list(&query).await?.rows.into_iter().next())
}

/// Whether the upstream, or we ourselves, said no: then a record that is not there will not arrive later either.
fn was_refused(fault: &Fault) -> bool {
    !matches!(fault, Fault::Timeout | Fault::Unreachable | Fault::BadAnswer(_) | Fault::Upstream { .. } | Fault::Duplicate)
}
