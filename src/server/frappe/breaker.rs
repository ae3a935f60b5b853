//! Stops asking an upstream that does not answer, and finds out when it is back.
//!
//! Owns the count of consecutive absences (no connection, no answer in time). It must not know why; an answer of any
//! status is a sign of life.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::Fault;
use crate::telemetry::metrics;

/// Consecutive absences after which nothing is asked any more.
pub(super) const OPEN_AFTER: u32 = 5;
/// How long nothing is asked, before one probe is let through.
pub(super) const OPEN_FOR: Duration = Duration::from_secs(2);

/// One upstream site's breaker.
pub(super) struct Breaker {
    /// What operators call the upstream: its origin.
    upstream: Box<str>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    absences: u32,
    /// When it opened last; `None`: closed.
    opened: Option<Instant>,
    /// A probe is under way.
    probing: bool,
}

/// Leave to ask once. Dropped without a verdict (the caller went away), it changes nothing but frees the probe.
pub(super) struct Leave<'a> {
    breaker: &'a Breaker,
    probe: bool,
    judged: bool,
}

impl Breaker {
    /// A closed breaker.
    pub(super) fn of(upstream: &str) -> Self {
        Self { upstream: upstream.into(), state: Mutex::default() }
    }

    /// Leave to ask.
    ///
    /// # Errors
    /// [`Fault::BreakerOpen`], at once.
    pub(super) fn ask(&self) -> Result<Leave<'_>, Fault> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(opened) = state.opened else {
            return Ok(Leave { breaker: self, probe: false, judged: false });
        };
        if state.probing || opened.elapsed() < OPEN_FOR {
            return Err(Fault::BreakerOpen);
        }
        state.probing = true;
        Ok(Leave { breaker: self, probe: true, judged: false })
    }
}

impl Leave<'_> {
    /// The upstream answered, whatever it said.
    pub(super) fn answered(mut self) {
        self.judged = true;
        let before = std::mem::take(&mut *self.breaker.state.lock().unwrap_or_else(PoisonError::into_inner));
        if before.opened.is_some() {
            metrics::upstream_breaker(&self.breaker.upstream, false);
        }
    }

    /// Nobody was there.
    pub(super) fn absent(mut self) {
        self.judged = true;
        let mut state = self.breaker.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.absences = state.absences.saturating_add(1);
        if self.probe {
            state.probing = false;
        }
        let opens = self.probe || (state.opened.is_none() && state.absences >= OPEN_AFTER);
        if opens && state.opened.replace(Instant::now()).is_none() {
            metrics::upstream_breaker(&self.breaker.upstream, true);
        }
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        if self.probe && !self.judged {
            self.breaker.state.lock().unwrap_or_else(PoisonError::into_inner).probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_five_absences_and_lets_one_probe_through() {
        let breaker = Breaker::of("upstream.test");
        for _ in 0..OPEN_AFTER {
            breaker.ask().unwrap().absent();
        }
        assert!(breaker.ask().is_err());
        tokio::time::advance(OPEN_FOR).await;
        let probe = breaker.ask().unwrap();
        assert!(breaker.ask().is_err(), "one probe at a time");
        drop(probe);
        breaker.ask().unwrap().absent();
        assert!(breaker.ask().is_err(), "a failed probe opens it again");
        tokio::time::advance(OPEN_FOR).await;
        breaker.ask().unwrap().answered();
        assert!(breaker.ask().is_ok() && breaker.ask().is_ok());
    }

    #[test]
    fn an_answer_between_absences_keeps_it_closed() {
        let breaker = Breaker::of("upstream.test");
        for _ in 0..20 {
            breaker.ask().unwrap().absent();
            breaker.ask().unwrap().absent();
            breaker.ask().unwrap().answered();
        }
        assert!(breaker.ask().is_ok());
    }
}
