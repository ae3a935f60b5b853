//! Work that nobody asks for: begun by the clock, done for one institution at a time, in that institution's own scope.
//!
//! Owns who is looked at and when, and that no institution's failure or length is another's. Each piece of a job enters its scope anew, with
//! the credentials that the registry holds at that moment, and ends when the institution is no longer served. State is upstream: a
//! portal that is killed is stood in for by whichever takes the lease next. It must not know what a job does to a record.

mod batches;
mod bell;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Semaphore, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use bell::Bell;

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

/// What this node does, and how.
#[derive(Clone, Debug)]
pub struct Work {
    /// Between two looks at what is to be done.
    pub every: Duration,
    /// How long a lease on a batch holds without being renewed.
    pub lease: Duration,
    /// Whether what is scheduled is done here, beside what people have asked for.
    pub scheduled: bool,
    /// This node's name.
    pub node: String,
}

/// What a node holds of its work.
#[derive(Clone)]
struct Desk {
    services: Arc<Services>,
    places: Arc<Semaphore>,
    under_way: Arc<Mutex<HashSet<TenantKey>>>,
    tasks: TaskTracker,
    holder: Arc<str>,
    lease: Duration,
    stop: CancellationToken,
}

/// A job of one institution: there is none without.
struct Job {
    code: &'static str,
    actor: &'static str,
    key: TenantKey,
    desk: Desk,
}

/// How a run ended.
enum Ended {
    /// All of it is done.
    Done,
    /// The portal stops, or the institution is no longer served: the rest is for whoever comes next.
    Stopped,
}

/// Looks at all institutions again and again until `stop`, and at once at those that it is rung for; then waits for the pieces under way.
pub async fn run(services: Arc<Services>, work: Work, stop: CancellationToken) {
    let mut tick = tokio::time::interval(work.every);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let desk = Desk {
        services,
        places: Arc::new(Semaphore::new(AT_ONCE)),
        under_way: Arc::default(),
        tasks: TaskTracker::new(),
        holder: format!("{}/{}", work.node, uuid::Uuid::new_v4().simple()).into(),
        lease: work.lease,
        stop,
    };
    loop {
        let rung_for = tokio::select! {
            () = desk.stop.cancelled() => break,
            _ = tick.tick() => None,
            rung_for = desk.services.bell.heard() => Some(rung_for),
        };
        for tenant in desk.services.registry.tenants() {
            if rung_for.as_ref().is_some_and(|rung_for| !rung_for.contains(&tenant.id)) {
                continue;
            }
            for kind in JobKind::ALL {
                // What is daily waits for its day; what people have asked for does not wait.
                if !kind.is_daily() || (work.scheduled && rung_for.is_none()) {
                    desk.begin(TenantKey::new(&tenant, "job", kind.code()), kind.code(), kind.actor(), move |job| job.scheduled(kind));
                }
            }
            let look = if rung_for.is_some() { "rung" } else { "look" };
            desk.begin(TenantKey::new(&tenant, look, batches::JOB), batches::JOB, batches::ACTOR, Job::look_for_batches);
        }
    }
    desk.tasks.close();
    desk.tasks.wait().await;
}

impl Desk {
    /// Begins a job, unless it is under way in this process.
    fn begin<F: Future<Output = ()> + Send + 'static>(
        &self,
        key: TenantKey,
        code: &'static str,
        actor: &'static str,
        work: impl FnOnce(Job) -> F + Send + 'static,
    ) {
        if !self.under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone()) {
            return;
        }
        let (under_way, done) = (Arc::clone(&self.under_way), key.clone());
        let job = Job { code, actor, key, desk: self.clone() };
        self.tasks.spawn(async move {
            work(job).await;
            under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&done);
        });
    }
}

impl Job {
    /// One piece, in the institution's scope as the registry has it now; `None` once it is not served, or the portal stops. Places are had in
    /// turn and for a piece alone, so that a long run holds up no short one.
    async fn piece<T>(&self, work: impl Future<Output = Result<T, Refusal>>) -> Result<Option<T>, PortalError> {
        let Ok(_place) = self.desk.places.acquire().await else { return Ok(None) };
        if self.desk.stop.is_cancelled() {
            return Ok(None);
        }
        self.enter(work).await
    }

    /// The same for what a run that stops still has to write.
    async fn enter<T>(&self, work: impl Future<Output = Result<T, Refusal>>) -> Result<Option<T>, PortalError> {
        let services = &self.desk.services;
        let served = services.registry.get(self.key.tenant()).filter(|tenant| tenant.status == TenantStatus::Active);
        let Some(tenant) = served else { return Ok(None) };
        TenantScope::job(services, &tenant, self.actor).enter(work).await.map(Some)
    }

    async fn scheduled(self, kind: JobKind) {
        let mut lease = match self.piece(Lease::take(kind, &self.desk.holder)).await {
            Ok(Some(Some(lease))) => lease,
            Ok(_) => return,
            Err(error) => return self.tell("not begun", Some(&error)),
        };
        metrics::job_run(self.code, "begun");
        // Where the last words cannot be written, the lease ends by itself.
        let (ended, error) = match self.work(kind, &mut lease).await {
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

    async fn work(&self, kind: JobKind, lease: &mut Lease) -> Result<Ended, PortalError> {
        match kind {
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
        metrics::job_run(self.code, ended);
        match error {
            Some(error) => tracing::warn!(tenant = %self.key.tenant(), job = self.code, ended, code = ?error.code, "a job"),
            None => tracing::info!(tenant = %self.key.tenant(), job = self.code, ended, "a job"),
        }
    }
}

/// Whether the institution's server is to blame, and not what was looked at.
const fn is_of_server(error: &PortalError) -> bool {
    matches!(error.code, ErrorCode::Upstream | ErrorCode::Maintenance | ErrorCode::Busy { .. })
}
