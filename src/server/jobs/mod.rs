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
    casework::{
        Refusal,
        jobs::{JobKind, Lease, campaigns, clock_scan},
    },
    context::{Services, TenantScope},
};
use crate::{
    model::{CaseId, ErrorCode, PortalError},
    registry::{TenantKey, TenantStatus},
    telemetry::metrics,
};

/// Pieces of jobs under way at once: a small part of what a portal may ask of servers at all.
const AT_ONCE: usize = 4;
/// A lease is renewed this often: well within the time that it holds.
const RENEW_EVERY: Duration = Duration::from_secs(30);
/// Cases of one institution in a row whose server did not answer, after which the run is put off.
const FAILURES_MAX: u32 = 5;

/// A job of one institution: there is none without.
struct Job {
    kind: JobKind,
    key: TenantKey,
    services: Arc<Services>,
    places: Arc<Semaphore>,
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
    let under_way: Arc<Mutex<HashSet<TenantKey>>> = Arc::default();
    let holder: Arc<str> = format!("{node}/{}", uuid::Uuid::new_v4().simple()).into();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = tick.tick() => {}
        }
        for tenant in services.registry.tenants() {
            for kind in JobKind::ALL {
                let key = TenantKey::new(&tenant, "job", kind.code());
                if !under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone()) {
                    continue;
                }
                let (services, places, stop) = (Arc::clone(&services), Arc::clone(&places), stop.clone());
                let job = Job { kind, key: key.clone(), services, places, stop };
                let (under_way, holder) = (Arc::clone(&under_way), Arc::clone(&holder));
                tasks.spawn(async move {
                    job.run(&holder).await;
                    under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
                });
            }
        }
    }
    tasks.close();
    tasks.wait().await;
}

impl Job {
    /// One piece, in the institution's scope as the registry has it now; `None` once it is not served, or the portal stops. Places are had in
    /// turn and for a piece alone, so that a long run holds up no short one.
    async fn piece<T>(&self, work: impl Future<Output = Result<T, Refusal>>) -> Result<Option<T>, PortalError> {
        let Ok(_place) = self.places.acquire().await else { return Ok(None) };
        if self.stop.is_cancelled() {
            return Ok(None);
        }
        self.enter(work).await
    }

    /// The same for what a run that stops still has to write.
    async fn enter<T>(&self, work: impl Future<Output = Result<T, Refusal>>) -> Result<Option<T>, PortalError> {
        let served = self.services.registry.get(self.key.tenant()).filter(|tenant| tenant.status == TenantStatus::Active);
        let Some(tenant) = served else { return Ok(None) };
        TenantScope::job(&self.services, &tenant, self.kind.actor()).enter(work).await.map(Some)
    }

    async fn run(self, holder: &str) {
        let mut lease = match self.piece(Lease::take(self.kind, holder)).await {
            Ok(Some(Some(lease))) => lease,
            Ok(_) => return,
            Err(error) => return self.tell("not begun", Some(&error)),
        };
        metrics::job_run(self.kind.code(), "begun");
        // Where the last words cannot be written, the lease ends by itself.
        let (ended, error) = match self.work(&mut lease).await {
            Ok(Ended::Done) => match self.enter(lease.finish()).await {
                Ok(_) => ("done", None),
                Err(error) => ("failed", Some(error)),
            },
            Ok(Ended::Stopped) => {
                let _ = self.enter(lease.leave(None)).await;
                ("stopped", None)
            }
            Err(error) => {
                let _ = self.enter(lease.leave(Some(&format!("{:?}", error.code)))).await;
                ("failed", Some(error))
            }
        };
        self.tell(ended, error.as_ref());
    }

    async fn work(&self, lease: &mut Lease) -> Result<Ended, PortalError> {
        match self.kind {
            JobKind::ClockScan => self.scan_clocks(lease).await,
            JobKind::Campaign => self.freeze_lists(lease).await,
        }
    }

    /// Lists of campaigns, a piece at a time. A campaign's own trouble holds up no other: it is come back to at the next look.
    async fn freeze_lists(&self, lease: &mut Lease) -> Result<Ended, PortalError> {
        let mut renew_at = Instant::now() + RENEW_EVERY;
        loop {
            match self.piece(Box::pin(campaigns::go_on(&lease.cursor))).await {
                Ok(Some(Some(place))) => lease.cursor = place,
                Ok(Some(None)) => return Ok(Ended::Done),
                Ok(None) => return Ok(Ended::Stopped),
                Err(error) if is_of_server(&error) => return Err(error),
                Err(error) => {
                    tracing::warn!(tenant = %self.key.tenant(), code = ?error.code, "a campaign's list could not be frozen");
                    let past = campaigns::past(&lease.cursor);
                    if past == lease.cursor {
                        return Err(error);
                    }
                    lease.cursor = past;
                }
            }
            if renew_at <= Instant::now() {
                renew_at = Instant::now() + RENEW_EVERY;
                if self.piece(lease.renew()).await?.is_none() {
                    return Ok(Ended::Stopped);
                }
            }
        }
    }

    async fn scan_clocks(&self, lease: &mut Lease) -> Result<Ended, PortalError> {
        let mut renew_at = Instant::now() + RENEW_EVERY;
        let mut failures = 0;
        loop {
            let Some((cases, next)) = self.piece(clock_scan::cases_after(&lease.cursor)).await? else { return Ok(Ended::Stopped) };
            for case in cases {
                match self.look_at(&case).await {
                    Ok(true) => failures = 0,
                    Ok(false) => return Ok(Ended::Stopped),
                    // A case's own trouble is its own; a server that does not answer is everybody's.
                    Err(error) if failures >= FAILURES_MAX => return Err(error),
                    Err(_) => failures += 1,
                }
                if renew_at <= Instant::now() {
                    renew_at = Instant::now() + RENEW_EVERY;
                    if self.piece(lease.renew()).await?.is_none() {
                        return Ok(Ended::Stopped);
                    }
                }
            }
            match next {
                Some(place) => lease.cursor = place,
                None => return Ok(Ended::Done),
            }
        }
    }

    /// A look at one case, and whether the run goes on; an error only where the institution's server is to blame.
    async fn look_at(&self, case: &CaseId) -> Result<bool, PortalError> {
        match self.piece(Box::pin(clock_scan::look_at(case.as_str()))).await {
            Ok(Some(scanned)) => {
                metrics::clock_scan("steps", scanned.steps);
                metrics::clock_scan("ended", scanned.ended);
                metrics::clock_scan("warned", scanned.warned);
                metrics::clock_scan("cases", 1);
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(error) => {
                metrics::clock_scan("failed", 1);
                tracing::warn!(tenant = %self.key.tenant(), case = case.as_str(), code = ?error.code, "a case's clocks could not be looked at");
                if is_of_server(&error) { Err(error) } else { Ok(true) }
            }
        }
    }

    fn tell(&self, ended: &'static str, error: Option<&PortalError>) {
        metrics::job_run(self.kind.code(), ended);
        match error {
            Some(error) => tracing::warn!(tenant = %self.key.tenant(), job = self.kind.code(), ended, code = ?error.code, "a job"),
            None => tracing::info!(tenant = %self.key.tenant(), job = self.kind.code(), ended, "a job"),
        }
    }
}

/// Whether the institution's server is to blame, and not what was looked at.
const fn is_of_server(error: &PortalError) -> bool {
    matches!(error.code, ErrorCode::Upstream | ErrorCode::Maintenance | ErrorCode::Busy { .. })
}
