//! The site's own limiter: it counts the time that requests take, everybody's together, not their number. Knows no routes.

use std::time::Duration;

use http::HeaderName;

use super::reply::Reply;
use super::{Site, Version};

/// `rate_limit` of a site's configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Time that requests may take in a window.
    pub limit: Duration,
    /// Length of a window, whole seconds.
    pub window: Duration,
}

/// What the current window has cost so far.
#[derive(Debug, Default)]
pub(super) struct Spent {
    window: i64,
    used_us: u64,
}

/// What is left of a window, as the headers tell it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    limit_us: u64,
    remaining_us: u64,
    reset_s: u64,
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// What is left before a request; none on a site without a limiter.
pub(super) fn allowance(site: &Site) -> Option<Allowance> {
    let RateLimit { limit, window } = site.options.rate_limit?;
    let length = i64::try_from(window.as_secs().max(1)).unwrap_or(i64::MAX);
    let now = site.now().as_second();
    let mut spent = site.spent();
    if spent.window != now.div_euclid(length) {
        *spent = Spent { window: now.div_euclid(length), used_us: 0 };
    }
    let reset_s = u64::try_from(length - now.rem_euclid(length)).unwrap_or(1);
    Some(Allowance { limit_us: micros(limit), remaining_us: micros(limit).saturating_sub(spent.used_us), reset_s })
}

impl Allowance {
    /// The one that a knob orders: nothing left until then.
    pub(super) const fn exhausted(reset_s: u64) -> Self {
        Self { limit_us: 1_000_000, remaining_us: 0, reset_s }
    }

    pub(super) const fn is_spent(&self) -> bool {
        self.remaining_us == 0
    }

    /// Counts what a request took, and tells it.
    pub(super) fn told(&self, site: &Site, reply: Reply, took: Duration) -> Reply {
        let used = micros(took);
        let mut spent = site.spent();
        spent.used_us = spent.used_us.saturating_add(used);
        let reply = self.headers(reply);
        if site.options.version == Version::V16 { reply } else { reply.with(HeaderName::from_static("x-ratelimit-used"), used.to_string()) }
    }

    /// The headers of a refusal.
    pub(super) fn refusal(&self, reply: Reply) -> Reply {
        self.headers(reply).with(http::header::RETRY_AFTER, self.reset_s.to_string())
    }

    fn headers(&self, reply: Reply) -> Reply {
        let header = HeaderName::from_static;
        reply
            .with(header("x-ratelimit-reset"), self.reset_s.to_string())
            .with(header("x-ratelimit-limit"), self.limit_us.to_string())
            .with(header("x-ratelimit-remaining"), self.remaining_us.to_string())
    }
}
