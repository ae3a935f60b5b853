//! How many repeats an origin may be burdened with: a tenth of its requests.
//!
//! Owns the count. It must not know what is repeated. When everything fails, everything would be repeated: the budget is
//! what keeps repeats from doubling the load of an upstream that is failing under its load.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a request pays in, in thousandths of a repeat.
const DEPOSIT: u32 = 100;
/// What a repeat costs.
const COST: u32 = 1_000;
/// What can be saved up: a burst of ten repeats.
const SAVED_MAX: u32 = 10_000;

/// One origin's budget.
pub(super) struct RetryBudget(AtomicU32);

impl Default for RetryBudget {
    fn default() -> Self {
        // One repeat at the start: the first stale connection after a quiet night is healed as well.
        Self(AtomicU32::new(COST))
    }
}

impl RetryBudget {
    /// A request was made.
    pub(super) fn deposit(&self) {
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |saved| Some((saved + DEPOSIT).min(SAVED_MAX)));
    }

    /// Whether a repeat may be made; it is then paid for.
    pub(super) fn withdraw(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |saved| saved.checked_sub(COST)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_stay_a_tenth_when_everything_fails() {
        let budget = RetryBudget::default();
        let repeats = (0..1_000).filter(|_| {
            budget.deposit();
            budget.withdraw()
        });
        let repeats = repeats.count();
        assert!((100..=101).contains(&repeats), "{repeats}");
    }
}
