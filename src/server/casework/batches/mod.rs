//! Work over many records as the institution's own records hold it: what is to be done, how far it has come, and which portal does it just
//! now. So a portal that is killed is stood in for by whichever takes the lease next.
//!
//! Owns a batch's record, its lease, and that a batch is gone on with a piece at a time. It must not know when batches are looked for, nor
//! who waits for one.

mod rescope;

use jiff::{SignedDuration, Timestamp};

use super::{
    Refusal,
    columns::{LocalTime, Rupees, Site, record},
    filing,
    jobs::local,
};
use crate::{
    model::ErrorCode,
    server::{
        context::{authorise_job, scope},
        frappe::{Changes, Client, Condition, Direction, Fault, Field, Query, Revision, RowScope, Value},
    },
};

pub(super) use rescope::queue as queue_rescope;

/// In whose name batches are done.
pub const ACTOR: &str = "job:BATCH";
/// Its code in the option set `job_kind`.
pub const JOB: &str = "BATCH";
/// Batches of one institution that are begun at one look.
const AT_A_LOOK: u32 = 20;
/// How often a write is tried where somebody else changes the record at the same time.
const TRIES: u32 = 3;
/// The longest account of what went wrong, in characters.
const ERROR_CHARS: usize = 140;

record! {
    /// A batch.
    pub(super) struct Batch of "Portal Batch" {
        creation: LocalTime,
        batch_no: String,
        kind: String,
        title: String,
        file_name: String,
        file_doc: String,
        rejects_doc: String,
        file_sha256: String,
        state: String,
        mapping: String,
        params: String,
        row_total: i64,
        row_ok: i64,
        row_warned: i64,
        row_bad: i64,
        row_done: i64,
        row_failed: i64,
        row_skipped: i64,
        amount_total: Rupees,
        next_row: i64,
        lease_holder: String,
        lease_until_at: LocalTime,
        made_by: String,
        approved_by: String,
        started_at: LocalTime,
        error_text: String,
    }
}

/// Whether a batch has more pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// There is more to do.
    More,
    /// It is done, or is somebody else's by now.
    Ended,
    /// It cannot go on yet: it is looked at again later.
    Later,
}

/// States in which a batch is the portal's to go on with.
const WORKING: [&str; 3] = ["VALIDATING", "APPROVED", "RUNNING"];
/// Kinds of batch that the portal does.
const KINDS: [&str; 2] = [rescope::KIND, filing::BATCH];

/// A batch that this portal does, and nobody else as long as it is renewed.
pub struct Lease {
    batch: Batch,
    revision: Revision,
    holder: String,
    lasts: SignedDuration,
    site: Site,
    reading: Option<filing::Reading>,
}

/// The institution's batches that wait for a portal, by name.
///
/// # Errors
/// Any fault of the call.
pub async fn waiting() -> Result<Vec<String>, Refusal> {
    let grant = authorise_job()?;
    let client = Client::current()?;
    let working = Query::<Batch>::new(grant.rows).filter(Condition::one_of(Field::new("state"), WORKING));
    let working = working.filter(Condition::one_of(Field::new("kind"), KINDS)).order_by(Field::new("modified"), Direction::Ascending);
    let found = client.list(&working.page(0, AT_A_LOOK)).await?.rows;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let site = Site::current(&client).await?;
    Ok(found.into_iter().filter(|batch| batch.is_free(&site)).map(|batch| batch.name).collect())
}

/// Rings for whoever does batches, so that this one is begun at once; without it, it is found at the next look.
pub fn ring() {
    if let Ok(scope) = scope() {
        scope.services().bell.ring(&scope.tenant().id);
    }
}

impl Batch {
    fn is_free(&self, site: &Site) -> bool {
        self.lease_until_at.instant(site).is_none_or(|until| until.unix_s <= Timestamp::now().as_second())
    }

    fn is_working(&self) -> bool {
        WORKING.contains(&self.state.as_str())
    }

    fn params(&self) -> serde_json::Value {
        serde_json::from_str(&self.params).unwrap_or_default()
    }
}

impl Lease {
    /// Takes a batch, if it is to be gone on with and nobody does it.
    ///
    /// # Errors
    /// Any fault of the calls but a lost race, which is `None`.
    pub async fn take(name: &str, holder: &str, lasts: SignedDuration) -> Result<Option<Self>, Refusal> {
        authorise_job()?;
        let client = Client::current()?;
        let site = Site::current(&client).await?;
        let (batch, revision, _) = client.get_with_proof::<Batch>(name).await?;
        if !batch.is_working() || !batch.is_free(&site) || !KINDS.contains(&batch.kind.as_str()) {
            return Ok(None);
        }
        let mut lease = Self { batch, revision, holder: holder.to_owned(), lasts, site, reading: None };
        let mut changes = Changes::new().set(Field::new("lease_holder"), holder);
        if lease.batch.started_at.as_str().is_empty() {
            changes = changes.set(Field::new("started_at"), local(Timestamp::now(), &lease.site.zone));
        }
        if lease.batch.state == "APPROVED" {
            changes = changes.set(Field::new("state"), "RUNNING");
        }
        match lease.put(&client, lease.renewed(changes)).await {
            Ok(()) => Ok(Some(lease)),
            Err(Refusal::Fault(Fault::Conflict)) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// Does the next piece of it.
    ///
    /// # Errors
    /// Any fault of the calls: what is done stays so, and the piece can be done again.
    pub async fn piece(&mut self) -> Result<Progress, Refusal> {
        match self.batch.kind.as_str() {
            rescope::KIND => Box::pin(rescope::piece(self)).await,
            filing::BATCH if self.batch.state == "VALIDATING" => {
                let mut reading = self.reading.take();
                let progress = Box::pin(filing::validate(self, &mut reading)).await;
                // What was read and not written down is read again.
                self.reading = reading.filter(|_| progress.is_ok());
                progress
            }
            filing::BATCH => Box::pin(filing::carry(self)).await,
            _ => Ok(Progress::Ended),
        }
    }

    /// Writes down how far it has come, and keeps it for as long again; whether it is still this portal's to go on with.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub(super) async fn checkpoint(&mut self, changes: Changes) -> Result<bool, Refusal> {
        let client = Client::current()?;
        for _ in 0..TRIES {
            match self.put(&client, self.renewed(changes.clone())).await {
                Ok(()) => return Ok(true),
                Err(Refusal::Fault(Fault::Conflict)) => {
                    // Somebody has paused or ended it, or another portal has it by now.
                    let (batch, revision, _) = client.get_with_proof::<Batch>(&self.batch.name).await?;
                    if batch.lease_holder != self.holder || !batch.is_working() {
                        return Ok(false);
                    }
                    self.revision = revision;
                }
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(false)
    }

    /// Ends it in this state.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub(super) async fn end(&mut self, state: &'static str, changes: Changes) -> Result<Progress, Refusal> {
        let finished = local(Timestamp::now(), &self.site.zone);
        self.hand_over(state, changes.set(Field::new("finished_at"), finished)).await
    }

    /// Hands it to whoever goes on with it in this state.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub(super) async fn hand_over(&mut self, state: &'static str, changes: Changes) -> Result<Progress, Refusal> {
        let ended = changes.set(Field::new("state"), state);
        let client = Client::current()?;
        match self.put(&client, given_back(ended)).await {
            // Whoever has it by now ends it.
            Ok(()) | Err(Refusal::Fault(Fault::Conflict)) => Ok(Progress::Ended),
            Err(refusal) => Err(refusal),
        }
    }

    /// Leaves it where it stands: at once for the next portal where nothing was wrong, else after a while.
    ///
    /// # Errors
    /// Any fault of the calls; then the lease ends by itself.
    pub async fn leave(mut self, wait: SignedDuration, error: Option<ErrorCode>) -> Result<(), Refusal> {
        let client = Client::current()?;
        let mut changes = given_back(Changes::new());
        if !wait.is_zero() {
            changes = changes.set(Field::new("lease_until_at"), local(Timestamp::now() + wait, &self.site.zone));
        }
        if let Some(error) = error {
            let told: String = crate::model::PortalError::new(error).sentence().chars().take(ERROR_CHARS).collect();
            changes = changes.set(Field::new("error_text"), told);
        }
        self.put(&client, changes).await
    }

    /// The batch, as it was last read.
    pub(super) const fn batch(&self) -> &Batch {
        &self.batch
    }

    fn renewed(&self, changes: Changes) -> Changes {
        let until = local(Timestamp::now() + self.lasts, &self.site.zone);
        changes.set(Field::new("lease_until_at"), until)
    }

    async fn put(&mut self, client: &Client, changes: Changes) -> Result<(), Refusal> {
        let changes = changes.set(Field::new("changed_by"), ACTOR);
        let (batch, revision) = client.update::<Batch>(&self.batch.name, &self.revision, changes).await?;
        (self.batch, self.revision) = (batch, revision);
        Ok(())
    }
}

fn given_back(changes: Changes) -> Changes {
    changes.set(Field::new("lease_holder"), "").set(Field::new("lease_until_at"), Value::Nothing)
}

/// `B-2026-7K3M9Q`.
pub(super) fn batch_number(today: &str) -> String {
    let year = today.get(..4).unwrap_or_default();
    let letters = uuid::Uuid::new_v4().into_bytes().into_iter().take(6);
    let letters = letters.filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|letter| char::from(*letter));
    format!("B-{year}-{}", letters.collect::<String>())
}

/// Letters and digits of a batch's number (RFC 4648 base32).
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new batch; the same operation makes one.
///
/// # Errors
/// Any fault of the calls.
pub(super) async fn create(client: &Client, body: Changes, key: &str) -> Result<Batch, Refusal> {
    let counters = ["row_total", "row_ok", "row_warned", "row_bad", "row_done", "row_failed", "row_skipped", "next_row", "defect_free"];
    let body = counters.into_iter().fold(body, |body, counter| body.set(Field::new(counter), 0_i64));
    match client.create::<Batch>(body.set(Field::new("idem_key"), key)).await {
        Ok(made) => Ok(made),
        Err(Fault::Duplicate) => {
            let same = Query::<Batch>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("idem_key"), key)).page(0, 1);
            Ok(client.list(&same).await?.rows.pop().ok_or(Fault::Duplicate)?)
        }
        Err(fault) => Err(fault.into()),
    }
}
