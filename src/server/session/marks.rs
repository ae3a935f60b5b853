//! What a session last knew to wait for its person, so that not every page asks for it.
//!
//! Must not know how it is counted.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::OwnedMutexGuard, time::Instant};

use crate::model::Waiting;

/// How long an answer counts, and how long after a fault nothing is asked.
const COUNTS_FOR: Duration = Duration::from_secs(30);

/// The last answer of one session, with when it was given.
#[derive(Debug, Default)]
pub struct Marks {
    last: Mutex<Option<(Instant, Option<Waiting>)>>,
    asking: Arc<tokio::sync::Mutex<()>>,
}

impl Marks {
    /// What was known a moment ago, if anything was: nothing where it could not be read.
    pub fn fresh(&self) -> Option<Option<Waiting>> {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.filter(|(at, _)| at.elapsed() < COUNTS_FOR).map(|(_, known)| known)
    }

    /// The one place of who asks now; `None` while somebody has it.
    pub fn asking(&self) -> Option<OwnedMutexGuard<()>> {
        Arc::clone(&self.asking).try_lock_owned().ok()
    }

    /// Keeps an answer.
    pub fn keep(&self, known: Option<Waiting>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), known));
    }

    /// Forgets it: the person has done something, or is somebody else's colleague now.
    pub fn forget(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
