//! Brakes on guessing: failures alone count, by user and by address, within one institution.
//!
//! A user with many failures must wait. An address with many failures is *slowed*, never refused: a whole office shares one
//! address, and a right password from it must always get in. Both forget with time.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    registry::{Tenant, TenantKey},
    telemetry::metrics,
};

/// Failures of one user that have no consequence.
const FREE_USER_FAILURES: u32 = 5;
/// Failures from one address that have no consequence.
const FREE_ADDRESS_FAILURES: u32 = 20;
/// The first wait of a user; each further failure doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// The longest wait of a user.
const LONGEST_WAIT: Duration = Duration::from_secs(900);
/// What each failure beyond the free ones adds to every try from an address.
const ADDRESS_STEP: Duration = Duration::from_millis(250);
/// The longest delay of a try from an address.
const ADDRESS_LONGEST: Duration = Duration::from_secs(4);
/// After this long without a failure all is forgotten.
const FORGET: Duration = Duration::from_secs(1800);
/// Users and addresses remembered; the longest untouched go first.
const MAX_ENTRIES: u64 = 200_000;

/// What the throttle says to a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on, after this delay.
    After(Duration),
    /// The user must wait this long; nothing is sent upstream.
    Wait(Duration),
}

/// Failure counts of users and addresses.
pub struct Throttle {
    counts: moka::sync::Cache<TenantKey, Arc<Mutex<Count>>>,
}

#[derive(Default)]
struct Count {
    failures: u32,
    blocked_until: Option<Instant>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { counts: moka::sync::Cache::builder().max_capacity(MAX_ENTRIES).time_to_idle(FORGET).build() }
    }
}

impl Throttle {
    /// Asks before a try.
    pub fn ask(&self, tenant: &Tenant, user: &str, address: IpAddr) -> Verdict {
        let now = Instant::now();
        if let Some(count) = self.counts.get(&user_key(tenant, user))
            && let Some(until) = count.lock().unwrap_or_else(PoisonError::into_inner).blocked_until
            && until > now
        {
            metrics::rate_limited("sign_in_user");
            return Verdict::Wait(until - now);
        }
        let failures =
            self.counts.get(&address_key(tenant, address)).map_or(0, |count| count.lock().unwrap_or_else(PoisonError::into_inner).failures);
        let beyond = failures.saturating_sub(FREE_ADDRESS_FAILURES);
        if beyond > 0 {
            metrics::rate_limited("sign_in_address");
        }
        Verdict::After((ADDRESS_STEP * beyond).min(ADDRESS_LONGEST))
    }

    /// Counts a failure.
    pub fn failed(&self, tenant: &Tenant, user: &str, address: IpAddr) {
        let count = self.counts.get_with(user_key(tenant, user), Arc::default);
        let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
        count.failures = count.failures.saturating_add(1);
        if let Some(beyond) = count.failures.checked_sub(FREE_USER_FAILURES) {
            let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(beyond)).min(LONGEST_WAIT);
            count.blocked_until = Some(Instant::now() + wait);
        }
        let address = self.counts.get_with(address_key(tenant, address), Arc::default);
        let mut address = address.lock().unwrap_or_else(PoisonError::into_inner);
        address.failures = address.failures.saturating_add(1);
    }

    /// Forgets a user's failures after a success. The address keeps its own: one right password does not excuse a spray.
    pub fn succeeded(&self, tenant: &Tenant, user: &str) {
        self.counts.invalidate(&user_key(tenant, user));
    }
}

fn user_key(tenant: &Tenant, user: &str) -> TenantKey {
    TenantKey::new(tenant, "throttle-user", &user.trim().to_lowercase())
}

fn address_key(tenant: &Tenant, address: IpAddr) -> TenantKey {
    // One household or office of IPv6 is a /64.
    let network = match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x?}", &address.segments()[..4]),
    };
    TenantKey::new(tenant, "throttle-address", &network)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::testing;

    const OFFICE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));

    #[tokio::test(start_paused = true)]
    async fn a_user_with_many_failures_waits_longer_each_time_and_is_let_in_again() {
        let (throttle, tenant) = (Throttle::default(), testing::tenant("banyan"));
        for _ in 0..FREE_USER_FAILURES - 1 {
            throttle.failed(&tenant, "a@banyan.example", OFFICE);
            assert_eq!(throttle.ask(&tenant, "a@banyan.example", OFFICE), Verdict::After(Duration::ZERO));
        }
        throttle.failed(&tenant, "A@banyan.example ", OFFICE);
        assert_eq!(throttle.ask(&tenant, "a@banyan.example", OFFICE), Verdict::Wait(FIRST_WAIT));
        tokio::time::advance(FIRST_WAIT).await;
        assert_eq!(throttle.ask(&tenant, "a@banyan.example", OFFICE), Verdict::After(Duration::ZERO));
        throttle.failed(&tenant, "a@banyan.example", OFFICE);
        assert_eq!(throttle.ask(&tenant, "a@banyan.example", OFFICE), Verdict::Wait(FIRST_WAIT * 2));
        throttle.succeeded(&tenant, "a@banyan.example");
        assert_eq!(throttle.ask(&tenant, "a@banyan.example", OFFICE), Verdict::After(Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn a_shared_office_address_slows_a_right_password_and_never_stops_it() {
        let (throttle, tenant) = (Throttle::default(), testing::tenant("banyan"));
        for number in 0..10_000 {
            throttle.failed(&tenant, &format!("user{number}@banyan.example"), OFFICE);
        }
        assert_eq!(throttle.ask(&tenant, "honest@banyan.example", OFFICE), Verdict::After(ADDRESS_LONGEST));
    }

    #[tokio::test(start_paused = true)]
    async fn one_institutions_failures_are_not_anothers() {
        let (throttle, banyan, tamarind) = (Throttle::default(), testing::tenant("banyan"), testing::tenant("tamarind"));
        for _ in 0..50 {
            throttle.failed(&banyan, "same@group.example", OFFICE);
        }
        assert!(matches!(throttle.ask(&banyan, "same@group.example", OFFICE), Verdict::Wait(_)));
        assert_eq!(throttle.ask(&tamarind, "same@group.example", OFFICE), Verdict::After(Duration::ZERO));
    }
}
