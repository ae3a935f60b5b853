//! The portal's metrics: names are stable, dashboards and alarms in `deploy/` use them, a snapshot holds them.
//!
//! Every label is bounded: a route is its pattern, an outcome is one of an enum, a tenant is one of the busiest or `other`.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};

use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// How many tenants are named in `portal_tenant_requests_total`.
const NAMED_TENANTS: usize = 20;

/// How many upstreams have a series of their own in `portal_upstream_breaker_state`.
const NAMED_UPSTREAMS: usize = 20;

/// Every metric with the labels that it has, for the snapshot.
pub const METRICS: &[(&str, &[&str])] = &[
    ("portal_http_requests_total", &["method", "route", "status"]),
    ("portal_http_request_duration_seconds", &["method", "route"]),
    ("portal_http_requests_in_flight", &[]),
    ("portal_upstream_requests_total", &["operation", "outcome"]),
    ("portal_upstream_duration_seconds", &["operation"]),
    ("portal_upstream_breaker_state", &["upstream"]),
    ("portal_tenant_requests_total", &["tenant"]),
    ("portal_registry_version", &[]),
    ("portal_registry_tenants", &["status"]),
    ("portal_registry_sync_total", &["outcome"]),
    ("portal_registry_age_seconds", &[]),
    ("portal_registry_quarantined", &[]),
    ("portal_rate_limited_total", &["reason"]),
    ("portal_isolation_violations_total", &[]),
    ("portal_tenant_context_missing_total", &[]),
    ("portal_panics_total", &[]),
    ("portal_sign_in_total", &["outcome"]),
    ("portal_wrong_tenant_session_total", &[]),
    ("portal_audit_events_total", &["way", "outcome"]),
    ("portal_audit_unfit_rows_total", &[]),
    ("portal_jobs_total", &["kind", "state"]),
    ("portal_clock_scan_total", &["what"]),
];

/// Installs the process-wide recorder; later calls return the same handle.
pub fn install() -> Option<PrometheusHandle> {
    static HANDLE: LazyLock<Option<PrometheusHandle>> = LazyLock::new(|| {
        const SECONDS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("duration_seconds".to_owned()), SECONDS)
            .and_then(PrometheusBuilder::install_recorder)
            .ok()?;
        // What must stay 0 is there from the start: an alarm on an absent series never fires.
        counter!("portal_isolation_violations_total").absolute(0);
        counter!("portal_tenant_context_missing_total").absolute(0);
        counter!("portal_panics_total").absolute(0);
        counter!("portal_audit_unfit_rows_total").absolute(0);
        Some(handle)
    });
    HANDLE.clone()
}

/// Everything in the Prometheus text format.
pub fn render(handle: &PrometheusHandle) -> String {
    handle.run_upkeep();
    let mut text = handle.render();
    TENANTS.lock().unwrap_or_else(PoisonError::into_inner).render(&mut text);
    text
}

/// A request was answered.
pub fn http_request(method: &str, route: &str, status: u16, duration: Duration) {
    let (method, route) = (method.to_owned(), route.to_owned());
    counter!("portal_http_requests_total", "method" => method.clone(), "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    histogram!("portal_http_request_duration_seconds", "method" => method, "route" => route).record(duration.as_secs_f64());
}

/// A request began (`1.0`) or ended (`-1.0`).
pub fn http_in_flight(change: f64) {
    gauge!("portal_http_requests_in_flight").increment(change);
}

/// A call to an institution's server ended.
pub fn upstream_call(operation: &'static str, outcome: &'static str, duration: Duration) {
    counter!("portal_upstream_requests_total", "operation" => operation, "outcome" => outcome).increment(1);
    histogram!("portal_upstream_duration_seconds", "operation" => operation).record(duration.as_secs_f64());
}

/// An upstream's breaker opened (1) or closed (0). The first upstreams that ever failed have a series each; of the others
/// `other` says how many are open.
pub fn upstream_breaker(upstream: &str, open: bool) {
    static NAMED: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
    let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
    if named.len() < NAMED_UPSTREAMS && !named.contains(upstream) {
        named.insert(upstream.to_owned());
    }
    if named.contains(upstream) {
        gauge!("portal_upstream_breaker_state", "upstream" => upstream.to_owned()).set(f64::from(u8::from(open)));
    } else {
        gauge!("portal_upstream_breaker_state", "upstream" => "other").increment(if open { 1.0 } else { -1.0 });
    }
}

/// A sync with the authority ended.
pub fn registry_sync(outcome: &'static str) {
    counter!("portal_registry_sync_total", "outcome" => outcome).increment(1);
}

/// A new table is in force.
pub fn registry_table(version: u64, active: usize, suspended: usize, quarantined: usize) {
    gauge!("portal_registry_version").set(version as f64);
    gauge!("portal_registry_tenants", "status" => "active").set(active as f64);
    gauge!("portal_registry_tenants", "status" => "suspended").set(suspended as f64);
    gauge!("portal_registry_quarantined").set(quarantined as f64);
}

/// How long ago the authority last confirmed the table.
pub fn registry_age(age: Duration) {
    gauge!("portal_registry_age_seconds").set(age.as_secs_f64());
}

/// A request or a try was refused for its rate.
pub fn rate_limited(reason: &'static str) {
    counter!("portal_rate_limited_total", "reason" => reason).increment(1);
}

/// A record of another institution came back from an upstream and was dropped. Alarmed.
pub fn isolation_violation() {
    counter!("portal_isolation_violations_total").increment(1);
}

/// Something asked for a tenant where none was in scope. Alarmed.
pub fn tenant_context_missing() {
    counter!("portal_tenant_context_missing_total").increment(1);
}

/// A handler panicked and the panic was turned into a 500.
pub fn panicked() {
    counter!("portal_panics_total").increment(1);
}

/// A try to sign in ended.
pub fn sign_in(outcome: &'static str) {
    counter!("portal_sign_in_total", "outcome" => outcome).increment(1);
}

/// A session cookie of one institution was sent to another's address.
pub fn wrong_tenant_session() {
    counter!("portal_wrong_tenant_session_total").increment(1);
}

/// A record of the audit trail was to be written: on which way (`record`, `note`, `checkpoint`), and whether it was (`ok`,
/// `failed`, `dropped`). A note that failed is tried again; one that was dropped is lost.
pub fn audit_event(way: &'static str, outcome: &'static str) {
    counter!("portal_audit_events_total", "way" => way, "outcome" => outcome).increment(1);
}

/// A run of a job was `begun`, or ended: `done`, `stopped`, `failed`, or `not begun` where its record could not be read or taken.
pub fn job_run(kind: &'static str, state: &'static str) {
    counter!("portal_jobs_total", "kind" => kind, "state" => state).increment(1);
}

/// The daily look at clocks came to so many `cases`, `steps` taken, clocks `ended`, people `warned`, or `failed` for a case.
pub fn clock_scan(what: &'static str, count: usize) {
    counter!("portal_clock_scan_total", "what" => what).increment(u64::try_from(count).unwrap_or(u64::MAX));
}

/// A row of the audit trail whose key is not that of its place was found and not shown. Alarmed.
pub fn audit_unfit_row() {
    counter!("portal_audit_unfit_rows_total").increment(1);
}

/// A request of this tenant was served.
pub fn tenant_request(tenant: &str) {
    TENANTS.lock().unwrap_or_else(PoisonError::into_inner).count(tenant);
}

static TENANTS: LazyLock<Mutex<BusiestTenants>> = LazyLock::new(|| Mutex::new(BusiestTenants::default()));

/// Requests per tenant with a bounded number of series. A request counts either for its tenant's own series or for
/// `other`, once and for good, so every series only grows and their sum is the total, whoever enters or leaves the top.
#[derive(Default)]
struct BusiestTenants {
    all: HashMap<String, TenantCount>,
    other: u64,
}

#[derive(Default)]
struct TenantCount {
    requests: u64,
    /// Of `requests`, those that count for the tenant's own series; `None` while it is not among the named.
    named: Option<u64>,
}

impl BusiestTenants {
    fn count(&mut self, tenant: &str) {
        if !self.all.contains_key(tenant) {
            let named = (self.all.values().filter(|count| count.named.is_some()).count() < NAMED_TENANTS).then_some(0);
            self.all.insert(tenant.to_owned(), TenantCount { requests: 0, named });
        }
        if let Some(count) = self.all.get_mut(tenant) {
            count.requests += 1;
            match &mut count.named {
                Some(own) => *own += 1,
                None => self.other += 1,
            }
        }
    }

    fn render(&mut self, text: &mut String) {
        self.choose_named();
        let mut named: Vec<_> = self.all.iter().filter_map(|(tenant, count)| Some((tenant, count.named?))).collect();
        named.sort();
        let _ = writeln!(text, "# TYPE portal_tenant_requests_total counter");
        for (tenant, own) in named {
            // A tenant id is `a-z 0-9 -`: nothing to escape.
            let _ = writeln!(text, "portal_tenant_requests_total{{tenant=\"{tenant}\"}} {own}");
        }
        let _ = writeln!(text, "portal_tenant_requests_total{{tenant=\"other\"}} {}", self.other);
    }

    fn choose_named(&mut self) {
        let mut totals: Vec<u64> = self.all.values().map(|count| count.requests).collect();
        totals.sort_unstable_by(|a, b| b.cmp(a));
        let bar = totals.get(NAMED_TENANTS).copied().unwrap_or(0);
        for count in self.all.values_mut() {
            match count.named {
                Some(own) if count.requests <= bar && bar > 0 => {
                    self.other += own;
                    count.named = None;
                }
                None if count.requests > bar => count.named = Some(0),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenant_series_are_bounded_monotonic_and_sum_to_the_total() {
        let mut tenants = BusiestTenants::default();
        let mut total = 0;
        let mut other_before = 0;
        for round in 0..5_u64 {
            for tenant in 0..200_u64 {
                for _ in 0..(tenant * (round + 1)) % 37 + 1 {
                    tenants.count(&format!("tenant-{tenant}"));
                    total += 1;
                }
            }
            let mut text = String::new();
            tenants.render(&mut text);
            let values: Vec<u64> = text.lines().skip(1).filter_map(|line| line.rsplit(' ').next()?.parse().ok()).collect();
            assert!(values.len() <= NAMED_TENANTS + 1, "{}", values.len());
            assert_eq!(values.iter().sum::<u64>(), total);
            assert!(tenants.other >= other_before);
            other_before = tenants.other;
        }
    }

    #[test]
    fn metric_names_are_a_contract() {
        let names: Vec<String> = METRICS.iter().map(|(name, labels)| format!("{name}{{{}}}", labels.join(","))).collect();
        insta::assert_snapshot!(names.join("\n"));
    }
}
