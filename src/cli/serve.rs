//! `odr-portal serve`: builds the parts, listens, and stops when told to.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Failure;
use crate::{
    config::{ConfigError, JobsConfig, PortalConfig, Source},
    registry::Registry,
    router,
    server::{
        casework::audit,
        context::Services,
        http::{
            assets::AssetNames,
            listener,
            operator::{self, Operator},
            panics,
        },
        jobs::{self, Work},
    },
    telemetry,
};

/// Between saying "not ready" and closing the door: time for a load balancer to look elsewhere.
const LEAVE: Duration = Duration::from_secs(2);

/// Serves until the process is told to stop.
///
/// # Errors
/// One line that says what to mend: a variable, an address in use, a missing file.
pub async fn run(source: &Source, reset_registry: bool) -> Result<(), Failure> {
    let config = PortalConfig::from_env(source)?;
    if reset_registry {
        Registry::reset(&config.registry)?;
    }
    telemetry::init_log(&config.log)
        .map_err(|_| ConfigError::wants("PORTAL_LOG", "a tracing filter such as info or odr_portal=debug,info"))?;
    panics::log_places();
    let portal = Portal::start(config).await?;
    tracing::info!(site = %portal.site_addr, admin = %portal.admin_addr, "serving");
    told_to_stop().await;
    tracing::info!("stopping");
    portal.stop().await;
    Ok(())
}

/// A running portal.
pub struct Portal {
    /// Where it listens.
    pub site_addr: SocketAddr,
    /// Where the operator's side listens.
    pub admin_addr: SocketAddr,
    registry: Arc<Registry>,
    leaving: CancellationToken,
    closed: CancellationToken,
    tasks: tokio_util::task::TaskTracker,
    audit_stop: CancellationToken,
    audit_tasks: tokio_util::task::TaskTracker,
}

impl Portal {
    /// Builds every part and begins to listen; returns as soon as both addresses are open.
    ///
    /// # Errors
    /// An address that cannot be listened on, or a missing file of the browser's half.
    pub async fn start(config: PortalConfig) -> Result<Self, Failure> {
        let assets = AssetNames::find(&config.web.site_root)?;
        let site = bind("LEPTOS_SITE_ADDR", config.web.site_addr).await?;
        let admin = bind("PORTAL_ADMIN_ADDR", config.web.admin_addr).await?;
        let (site_addr, admin_addr) = (site.local_addr()?, admin.local_addr()?);
        let (leaving, closed) = (CancellationToken::new(), CancellationToken::new());
        let metrics = telemetry::metrics::install();
        let node = config.registry.link.node.clone();
        let registry = Registry::start(config.registry, closed.clone());
        let services = Services::new(Arc::clone(&registry), config.upstream, config.session);
        let (audit_stop, audit_tasks) = (CancellationToken::new(), tokio_util::task::TaskTracker::new());
        audit_tasks.spawn(audit::run(Arc::clone(&services), audit_stop.clone()));
        audit_tasks.close();
        let tasks = tokio_util::task::TaskTracker::new();
        if let Some(JobsConfig { every, lease, scheduled }) = config.jobs {
            tasks.spawn(jobs::run(Arc::clone(&services), Work { every, lease, scheduled, node }, leaving.clone()));
        }
        let routes = router::portal(services, Arc::new(config.web), &assets);
        let operator = operator::routes(Operator { metrics, registry: Arc::clone(&registry), stopping: leaving.clone() });
        tasks.spawn(listener::serve(site, routes, closed.clone()));
        tasks.spawn(listener::serve(admin, operator, closed.clone()));
        tasks.close();
        Ok(Self { site_addr, admin_addr, registry, leaving, closed, tasks, audit_stop, audit_tasks })
    }

    /// Waits until there is a table of tenants.
    ///
    /// # Errors
    /// When there is none in time; the log says why.
    pub async fn wait_until_ready(&self, at_most: Duration) -> Result<(), Failure> {
        let ready = async {
            while !self.registry.readiness().ready {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(at_most, ready).await.map_err(|_| "the registry was not there in time".into())
    }

    /// Says "not ready", waits for the load balancer, closes the door, lets requests under way finish, and writes down what
    /// they did.
    pub async fn stop(self) {
        self.leaving.cancel();
        tokio::time::sleep(LEAVE).await;
        self.closed.cancel();
        self.tasks.wait().await;
        self.audit_stop.cancel();
        self.audit_tasks.wait().await;
    }
}

async fn bind(name: &'static str, address: SocketAddr) -> Result<TcpListener, ConfigError> {
    TcpListener::bind(address).await.map_err(|error| ConfigError::wants(name, &format!("an address that is free here: {address}: {error}")))
}

/// Waits for SIGTERM or Ctrl-C.
pub async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        },
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
