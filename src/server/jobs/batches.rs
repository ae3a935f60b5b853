//! Batches are looked for and gone on with, each by a run of its own, so that a long one of an institution holds up no short one of it.

use std::time::Duration;

use jiff::SignedDuration;

use super::{
    super::casework::batches::{self, Lease, Progress},
    Ended, Job,
};
use crate::{model::PortalError, registry::TenantKey, telemetry::metrics};

pub(super) use super::super::casework::batches::{ACTOR, JOB};

/// After a batch that could not go on yet, and after one that failed.
const SOON: SignedDuration = SignedDuration::from_secs(2);
const BACK_OFF: SignedDuration = SignedDuration::from_mins(1);
/// Pieces in a row that may fail before a batch is put off.
const FAILURES_MAX: u32 = 3;
/// Between two tries of a piece, for each time that it has failed.
const PAUSE: Duration = Duration::from_millis(500);

impl Job {
    /// Begins every batch of the institution that waits for a portal.
    pub(super) async fn look_for_batches(self) {
        match self.piece(batches::waiting()).await {
            Ok(waiting) => {
                let Some(tenant) = self.desk.services.registry.get(self.key.tenant()) else { return };
                for name in waiting.into_iter().flatten() {
                    let key = TenantKey::new(&tenant, "batch", &name);
                    self.desk.begin(key, JOB, ACTOR, move |job| job.batch(name));
                }
            }
            Err(error) => self.tell("not begun", Some(&error)),
        }
    }

    async fn batch(self, name: String) {
        let lasts = SignedDuration::try_from(self.desk.lease).unwrap_or(SignedDuration::from_mins(2));
        let mut lease = match self.piece(Lease::take(&name, &self.desk.holder, lasts)).await {
            Ok(Some(Some(lease))) => lease,
            Ok(_) => return,
            Err(error) => return self.tell("not begun", Some(&error)),
        };
        metrics::job_run(self.code, "begun");
        // Where the last words cannot be written, the lease ends by itself.
        let (ended, error) = match self.pieces(&mut lease).await {
            Ok((Ended::Done, Progress::Later)) => {
                let _ = self.enter(lease.leave(SOON, None)).await;
                ("stopped", None)
            }
            Ok((Ended::Done, _)) => ("done", None),
            Ok((Ended::Stopped, _)) => {
                let _ = self.enter(lease.leave(SignedDuration::ZERO, None)).await;
                ("stopped", None)
            }
            Err(error) => {
                let _ = self.enter(lease.leave(BACK_OFF, Some(error.code.clone()))).await;
                ("failed", Some(error))
            }
        };
        self.tell(ended, error.as_ref());
    }

    async fn pieces(&self, lease: &mut Lease) -> Result<(Ended, Progress), PortalError> {
        let mut failures = 0;
        loop {
            match self.piece(lease.piece()).await {
                Ok(Some(Progress::More)) => failures = 0,
                Ok(Some(progress)) => return Ok((Ended::Done, progress)),
                Ok(None) => return Ok((Ended::Stopped, Progress::More)),
                Err(error) if failures >= FAILURES_MAX => return Err(error),
                // What a piece has written is found by its keys when it is done again.
                Err(_) => {
                    failures += 1;
                    tokio::time::sleep(PAUSE * failures).await;
                }
            }
        }
    }
}
