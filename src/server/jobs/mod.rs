//! Work that nobody asks for: begun by the clock, done for one institution at a time, in that institution's own scope.
//!
//! Owns who is looked at and when, and that no institution's failure or length is another's. Each piece of a job enters its scope anew, with
//! the credentials that the registry holds at that moment, and ends when the institution is no longer served. State is upstream: a
//! portal that is killed is stood in for by whichever takes the lease next. It must not know what a job does to a record.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Semaphore, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    casework::jobs::{JobKind, Lease, clock_scan},
    context::{Services, TenantScope},
};
use crate::{
    model::{CaseId, ErrorCode, PortalError},
    registry::{TenantId, TenantStatus},
    telemetry::metrics,
};

/// Institutions that are worked for at once: a small part of what a portal may ask of servers at all.
const AT_ONCE: usize = 4;
/// A lease is renewed this often: well within the time that it holds.
const RENEW_EVERY: Duration = Duration::from_secs(30);
/// Cases of one institution in a row whose server did not answer, after which the run is put off.
const FAILURES_MAX: u32 = 5;

/// A job of one institution: there is none without.
struct Job {
    kind: JobKind,
    tenant: TenantId,
    services: Arc<Services>,
    stop: CancellationToken,
}

/// How a run ended.
enum Ended {
    /// All of it is done.
    Done,
    /// The portal stops, or the institution is no longer served: the rest is for whoever comes next.
    Stopped,
}

/// Looks at all institutions again and again until `stop`, then waits for the pieces under way.
pub async fn run(services: Arc<Services>, every: Duration, node: String, stop: CancellationToken) {
    let mut tick = tokio::time::interval(every);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (tasks, places) = (TaskTracker::new(), Arc::new(Semaphore::new(AT_ONCE)));
    let under_way: Arc<Mutex<HashSet<(TenantId, JobKind)>>> = Arc::default();
    let holder: Arc<str> = format!("{node}/{}", uuid::Uuid::new_v4().simple()).into();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = tick.tick() => {}
        }
        let served = services.registry.tenants().into_iter().filter(|tenant| tenant.status == TenantStatus::Active);
        for (tenant, kind) in served.flat_map(|tenant| JobKind::ALL.map(|kind| (tenant.id.clone(), kind))) {
            let begun = under_way.lock().unwrap_or_else(PoisonError::into_inner).insert((tenant.clone(), kind));
            if !begun {
                continue;
            }
            let job = Job { kind, tenant: tenant.clone(), services: Arc::clone(&services), stop: stop.clone() };
            let (places, under_way, holder) = (Arc::clone(&places), Arc::clone(&under_way), Arc::clone(&holder));
            tasks.spawn(async move {
                if let Ok(_place) = places.acquire().await {
                    job.run(&holder).await;
                }
                under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&(tenant, kind));
            });
        }
    }
    tasks.close();
    tasks.wait().await;
}

impl Job {
    /// The institution's scope as the registry has it now; `None` once the institution is not served, or the portal stops.
    fn scope(&self) -> Option<TenantScope> {
        let tenant = self.services.registry.get(&self.tenant).filter(|tenant| tenant.status == TenantStatus::Active)?;
        (!self.stop.is_cancelled()).then(|| TenantScope::job(&self.services, &tenant, self.kind.actor()))
    }

    async fn run(self, holder: &str) {
        let Some(scope) = self.scope() else { return };
        let mut lease = match scope.enter(Lease::take(self.kind, holder)).await {
            Ok(Some(lease)) => lease,
            Ok(None) => return,
            Err(error) => return self.tell("not begun", Some(&error)),
        };
        metrics::job_run(self.kind.code(), "begun");
        match self.work(&mut lease).await {
            Ok(Ended::Done) => {
                let Some(scope) = self.scope() else { return };
                match scope.enter(lease.finish()).await {
                    Ok(()) => self.tell("done", None),
                    Err(error) => self.tell("failed", Some(&error)),
                }
            }
            // Without a scope nothing can be written any more; then the lease ends by itself.
            Ok(Ended::Stopped) => {
                let tenant = self.services.registry.get(&self.tenant).filter(|tenant| tenant.status == TenantStatus::Active);
                if let Some(tenant) = tenant {
                    let _ = TenantScope::job(&self.services, &tenant, self.kind.actor()).enter(lease.leave(None)).await;
                }
                self.tell("stopped", None);
            }
            Err(error) => {
                if let Some(scope) = self.scope() {
                    let _ = scope.enter(lease.leave(Some(&format!("{:?}", error.code)))).await;
                }
                self.tell("failed", Some(&error));
            }
        }
    }

    async fn work(&self, lease: &mut Lease) -> Result<Ended, PortalError> {
        match self.kind {
            JobKind::ClockScan => self.scan_clocks(lease).await,
        }
    }

    async fn scan_clocks(&self, lease: &mut Lease) -> Result<Ended, PortalError> {
        let mut renew_at = Instant::now() + RENEW_EVERY;
        let mut failures = 0;
        loop {
            let Some(scope) = self.scope() else { return Ok(Ended::Stopped) };
            let (cases, next) = scope.enter(clock_scan::cases_after(&lease.cursor)).await?;
            for case in cases {
                let Some(scope) = self.scope() else { return Ok(Ended::Stopped) };
                match self.look_at(scope, &case).await {
                    Ok(()) => failures = 0,
                    // The case's own trouble is its own; a server that does not answer is everybody's.
                    Err(error) if failures >= FAILURES_MAX => return Err(error),
                    Err(_) => failures += 1,
                }
                if renew_at <= Instant::now() {
                    renew_at = Instant::now() + RENEW_EVERY;
                    let Some(scope) = self.scope() else { return Ok(Ended::Stopped) };
                    scope.enter(lease.renew()).await?;
                }
            }
            match next {
                Some(place) => lease.cursor = place,
                None => return Ok(Ended::Done),
            }
        }
    }

    /// A look at one case; an error only where the institution's server is to blame.
    async fn look_at(&self, scope: TenantScope, case: &CaseId) -> Result<(), PortalError> {
        let looked = scope.enter(async move { clock_scan::look_at(case.as_str()).await }).await;
        match &looked {
            Ok(scanned) => {
                metrics::clock_scan("steps", scanned.steps);
                metrics::clock_scan("ended", scanned.ended);
                metrics::clock_scan("warned", scanned.warned);
                metrics::clock_scan("cases", 1);
            }
            Err(error) => {
                metrics::clock_scan("failed", 1);
                tracing::warn!(tenant = %self.tenant, case = case.as_str(), code = ?error.code, "a case's clocks could not be looked at");
            }
        }
        match looked {
            Err(error) if matches!(error.code, ErrorCode::Upstream | ErrorCode::Maintenance | ErrorCode::Busy { .. }) => Err(error),
            _ => Ok(()),
        }
    }

    fn tell(&self, ended: &'static str, error: Option<&PortalError>) {
        metrics::job_run(self.kind.code(), ended);
        match error {
            Some(error) => tracing::warn!(tenant = %self.tenant, job = self.kind.code(), ended, code = ?error.code, "a job"),
            None => tracing::info!(tenant = %self.tenant, job = self.kind.code(), ended, "a job"),
        }
    }
}
