//! Doing it: so many cases a request, a few at a time, each under an operation of its own, until the time is over.
//!
//! Owns that a case is done once however often its form is sent: the deed's own keys are made of the operation and the case, and what
//! came of each case is remembered here for who sends the form again. It must not know what is done.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt as _, future::ready, stream};
use tokio::{sync::Mutex, time::Instant};

use super::super::{
    Refusal, keys,
    work::several::{Action, Chosen, Outcome},
};
use crate::{
    model::{Inr, Typed},
    registry::{Tenant, TenantId, TenantKey},
    server::context::scope,
};

/// The most cases of one request.
pub const SLICE: usize = 200;
/// Cases that are done at the same time.
const AT_ONCE: usize = 4;
/// After so long no further case is begun: what was begun is ended within the request's deadline.
const BEGIN_WITHIN: Duration = Duration::from_secs(20);
/// After so many cases in which the institution's server could not be worked with, no further one is begun.
const FAULTS_MAX: u32 = 3;
/// Operations that are remembered in one process, each with what came of its cases; the longest unused go first.
const KEPT_MAX: u64 = 1_000;
/// How long one is remembered after it was last sent.
const KEPT_FOR: Duration = Duration::from_secs(3_600);

/// What came of one case.
#[derive(Clone, Debug)]
pub struct Line {
    /// The number that people know it by; of a case that is not found, what was sent.
    pub number: String,
    /// Its name, where it was found.
    pub found: bool,
    /// What is owed in it.
    pub dues: Inr,
    /// What came of it.
    pub outcome: Outcome,
}

/// Lines by the case's name.
pub type Lines = BTreeMap<String, Line>;

/// An operation that is being carried out; who sends the same form again meanwhile waits.
pub type UnderWay = Arc<Mutex<Lines>>;

/// What is remembered of the operations of a process. Nothing is done twice where it is lost: then a case that was done is found to be.
pub struct Kept {
    by_key: moka::sync::Cache<TenantKey, (TenantId, UnderWay)>,
}

impl Default for Kept {
    fn default() -> Self {
        Self { by_key: moka::sync::Cache::builder().max_capacity(KEPT_MAX).time_to_idle(KEPT_FOR).build() }
    }
}

impl Kept {
    /// A person's operation, begun or not.
    pub fn of(&self, tenant: &Tenant, user_id: &str, operation: &str) -> UnderWay {
        let key = TenantKey::new(tenant, "bulk", &format!("{user_id}\u{1f}{operation}"));
        let (owner, under_way) = self.by_key.get_with(key, || (tenant.id.clone(), UnderWay::default()));
        // The value says whose it is as well.
        if owner == tenant.id { under_way } else { UnderWay::default() }
    }
}

/// Does it to these cases, as far as it comes, and adds what came of each to the lines.
///
/// # Errors
/// Only a defect of ours: what the institution's server could not do is left for another try.
pub async fn run(
    action: Action,
    typed: &Typed,
    operation: &str,
    cases: Vec<Chosen>,
    tenant: &Tenant,
    lines: &mut Lines,
) -> Result<(), Refusal> {
    let scope = scope()?;
    let until = Instant::now() + BEGIN_WITHIN;
    let faults = AtomicU32::new(0);
    // A session that has ended meanwhile, here or elsewhere, goes no further.
    let goes_on = || Instant::now() < until && faults.load(Ordering::Relaxed) < FAULTS_MAX && scope.stands();
    let faults = &faults;
    let works = stream::iter(cases).take_while(|_| ready(goes_on())).map(|case| {
        let own = operation_of_case(tenant, operation, &case.name);
        // On the heap: what a deed asks the upstream is tens of kilobytes of state.
        Box::pin(async move {
            let outcome = action.carry_out(&case, typed, &own).await;
            let outcome = outcome.inspect_err(|fault| {
                faults.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(%fault, "a case of several could not be worked on");
            });
            (case, outcome)
        })
    });
    let mut works = works.buffer_unordered(AT_ONCE);
    while let Some((case, outcome)) = works.next().await {
        if let Ok(outcome) = outcome {
            let line = Line { number: case.number().to_owned(), found: true, dues: case.dues(), outcome };
            lines.insert(case.name, line);
        }
    }
    Ok(())
}

/// The operation under which one case is done: of the same operation and case always the same, and of the form of every operation.
fn operation_of_case(tenant: &Tenant, operation: &str, case: &str) -> String {
    let key = keys::idem_key(tenant, "bulk", &format!("{operation}/{case}"));
    let mut text = String::with_capacity(36);
    for (index, letter) in key.chars().take(32).enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::testing;

    #[test]
    fn a_cases_operation_is_one_of_ours_and_another_for_every_case_operation_and_institution() {
        let (banyan, tamarind) = (testing::tenant("banyan"), testing::tenant("tamarind"));
        let of = |tenant: &Tenant, operation: &str, case: &str| {
            let own = operation_of_case(tenant, operation, case);
            let typed = Typed::from(vec![(keys::OPERATION.to_owned(), own.clone())]);
            assert_eq!(keys::operation_of(&typed), Some(own.clone()));
            own
        };
        let own = of(&banyan, "one", "a");
        assert_eq!(own, of(&banyan, "one", "a"));
        let others = [of(&banyan, "one", "b"), of(&banyan, "two", "a"), of(&tamarind, "one", "a")];
        assert!(!others.contains(&own), "{others:?}");
    }

    #[tokio::test]
    async fn what_is_remembered_is_one_persons_of_one_institution() {
        let (banyan, tamarind) = (testing::tenant("banyan"), testing::tenant("tamarind"));
        let kept = Kept::default();
        let line = Line { number: "1".to_owned(), found: true, dues: Inr::ZERO, outcome: Outcome::Changed };
        kept.of(&banyan, "a@group.example", "one").lock().await.insert("case".to_owned(), line);
        assert_eq!(kept.of(&banyan, "a@group.example", "one").lock().await.len(), 1);
        for (tenant, user) in [(&banyan, "b@group.example"), (&tamarind, "a@group.example")] {
            assert!(kept.of(tenant, user, "one").lock().await.is_empty());
        }
    }
}
