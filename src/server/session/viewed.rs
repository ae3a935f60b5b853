//! Which cases a session has opened of late, so that reading one is noted once and not with every part of its page.
//!
//! Must not know what a note is.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::model::CaseId;

/// How long an opening counts: opened again after that, a case has been read again.
const COUNTS_FOR: Duration = Duration::from_secs(3_600);
/// Cases that a session remembers. Past that it forgets the one opened longest ago, which is then noted once too often.
const REMEMBERED_MAX: usize = 1_000;

/// The cases of one session, with when each was opened.
#[derive(Debug, Default)]
pub struct Viewed(Mutex<HashMap<CaseId, Instant>>);

impl Viewed {
    /// Whether the case has not been opened within the hour; it now has. Of several askers at once one is told so.
    pub fn is_new(&self, case: &CaseId) -> bool {
        let now = Instant::now();
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.get(case).is_some_and(|at| now.duration_since(*at) < COUNTS_FOR) {
            return false;
        }
        if opened.len() >= REMEMBERED_MAX {
            opened.retain(|_, at| now.duration_since(*at) < COUNTS_FOR);
        }
        if opened.len() >= REMEMBERED_MAX
            && let Some(oldest) = opened.iter().min_by_key(|(_, at)| **at).map(|(case, _)| case.clone())
        {
            opened.remove(&oldest);
        }
        opened.insert(case.clone(), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(number: usize) -> CaseId {
        CaseId::parse(&format!("case{number}")).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn an_opening_counts_for_an_hour() {
        let viewed = Viewed::default();
        assert!(viewed.is_new(&case(1)) && !viewed.is_new(&case(1)) && viewed.is_new(&case(2)));
        tokio::time::advance(COUNTS_FOR - Duration::from_secs(1)).await;
        assert!(!viewed.is_new(&case(1)));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(viewed.is_new(&case(1)) && !viewed.is_new(&case(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_session_remembers_is_bounded() {
        let viewed = Viewed::default();
        for number in 0..REMEMBERED_MAX + 10 {
            tokio::time::advance(Duration::from_millis(1)).await;
            assert!(viewed.is_new(&case(number)));
        }
        assert_eq!(viewed.0.lock().unwrap().len(), REMEMBERED_MAX);
        assert!(viewed.is_new(&case(0)) && !viewed.is_new(&case(REMEMBERED_MAX)));
    }
}
