//! Everything that a demo or a test needs to run the portal for real: authority, upstreams, people, portal.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};

use secrecy::SecretBox;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::backstage::{self, Backstage, Institution};
use super::upstreams::{Upstreams, api_user, host_of};
use crate::{
    cli::{Failure, serve::Portal},
    config::{AuthorityConfig, PortalConfig, Source},
    demo::{
        frappe::{ApiKey, Site, User},
        portfolio::{DemoPerson, InstitutionSpec},
    },
    registry::authority::{self, Catalog},
};

/// Whom a site asks for no permission.
pub const ADMINISTRATOR: &str = "Administrator";

/// What is to be started.
pub struct Plan {
    /// The institutions.
    pub specs: Vec<InstitutionSpec>,
    /// Cases of each, instead of its own number.
    pub cases: Option<usize>,
    /// Cases of some by their id, whatever their own number is.
    pub cases_of: BTreeMap<String, usize>,
    /// Seed of the portfolios.
    pub seed: u64,
    /// Where the portal listens.
    pub site_addr: SocketAddr,
    /// Where its metrics are.
    pub admin_addr: SocketAddr,
    /// Where the page behind the scenes is: one-time codes, servers' behaviour.
    pub codes_addr: SocketAddr,
    /// Folder of the browser's files.
    pub site_root: String,
    /// Networks whose forwarding headers count.
    pub trusted_proxies: String,
    /// Requests a second that each institution may make; twice as many in a burst.
    pub requests_per_second: u32,
    /// How long every simulated server takes for each answer, beside its own work.
    pub upstream_delay: Option<Duration>,
    /// Whether the simulated servers scan what comes in, and find it clean.
    pub scanner: bool,
    /// Seconds between two syncs.
    pub sync_seconds: u32,
    /// Seconds between two looks at what is to be done in the background; 0 for none.
    pub jobs_seconds: u32,
    /// Whether what is scheduled is done too.
    pub jobs_scheduled: bool,
    /// How long a person's record counts before the portal reads it again.
    pub principal_fresh: Duration,
    /// What of each institution's registry entry is to differ.
    pub entry: fn(&mut serde_json::Value),
}

impl Default for Plan {
    fn default() -> Self {
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            specs: Vec::new(),
            cases: None,
            cases_of: BTreeMap::new(),
            seed: 2026,
            site_addr: anywhere,
            admin_addr: anywhere,
            codes_addr: anywhere,
            site_root: "target/site".to_owned(),
            trusted_proxies: String::new(),
            requests_per_second: 200,
            upstream_delay: None,
            scanner: false,
            sync_seconds: 5,
            jobs_seconds: 0,
            jobs_scheduled: true,
            principal_fresh: Duration::from_secs(60),
            entry: |_| {},
        }
    }
}

impl Plan {
    pub(super) fn cases_of(&self, spec: &InstitutionSpec) -> usize {
        let most = self.cases.unwrap_or(usize::MAX);
        self.cases_of.get(&spec.id).copied().unwrap_or_else(|| spec.cases.min(most))
    }
}

/// Somebody who may try to sign in.
#[derive(Clone)]
pub struct SignInPerson {
    /// The institution's id in the registry.
    pub institution: String,
    /// The institution's name on its pages.
    pub institution_name: String,
    /// The institution's host.
    pub host: String,
    /// The person as generated.
    pub person: DemoPerson,
    /// Their user at the upstream, which knows their one-time code.
    pub user: User,
}

/// A running demo.
pub struct World {
    /// The portal.
    pub portal: Portal,
    /// The authority's catalog: a change here reaches the portal at its next sync.
    pub catalog: Arc<Catalog>,
    /// The authority's address.
    pub authority_addr: SocketAddr,
    /// The page behind the scenes.
    pub codes_addr: SocketAddr,
    /// The simulated sites by server and name.
    pub sites: BTreeMap<(String, String), Arc<Site>>,
    /// The simulated servers' addresses by name.
    pub servers: BTreeMap<String, SocketAddr>,
    /// Server and site of each institution by its id.
    pub homes: BTreeMap<String, (String, String)>,
    /// Each institution's API key by its id: what only the portal and an institution's own server know.
    pub keys: BTreeMap<String, ApiKey>,
    /// Everybody who may try to sign in.
    pub people: Vec<SignInPerson>,
    /// What a second portal of this demo would be started with.
    pub portal_settings: Vec<(&'static str, String)>,
    /// Institutions: host and name.
    pub institutions: Vec<(String, String)>,
    /// How long every simulated server takes for each answer.
    pub upstream_delay: Option<Duration>,
    stop: CancellationToken,
    tasks: TaskTracker,
    // Holds the catalog's file; removed with the demo.
    _folder: Folder,
}

impl World {
    /// Starts all of it and returns when the portal has its first table.
    ///
    /// # Errors
    /// What could not be started.
    pub async fn start(plan: Plan) -> Result<Self, Failure> {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let folder = Folder::new()?;
        let upstreams = Upstreams::generate(&plan)?;
        let servers = upstreams.serve(&stop, &tasks).await?;

        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let authority_addr = listener.local_addr()?;
        let public_url = format!("http://{authority_addr}");
        let catalog = Arc::new(Catalog::open(&AuthorityConfig {
            addr: authority_addr,
            public_url: public_url.clone(),
            db: folder.0.join("authority.db"),
            master_key: SecretBox::new(Box::new(random_bytes()?)),
        })?);
        for spec in &plan.specs {
            let server = servers.get(spec.server).ok_or("an institution names a server that does not exist")?;
            let mut entry = upstreams.registry_entry(spec, *server);
            entry["limits"] = json!({"requests_per_second": plan.requests_per_second, "burst": plan.requests_per_second * 2});
            (plan.entry)(&mut entry);
            catalog.add_tenant(&entry)?;
        }
        let node_secret = catalog.add_node("demo-portal")?;
        let (serving, url, stopped) = (Arc::clone(&catalog), public_url.clone(), stop.clone());
        tasks.spawn(async move {
            if let Err(error) = authority::serve(listener, serving, url, stopped).await {
                tracing::error!(%error, "the demo's authority ended");
            }
        });

        let portal_settings = portal_settings(&plan, public_url, node_secret);
        let mut config = PortalConfig::from_env(&Source::fixed(portal_settings.clone()))?;
        config.session.principal_fresh = plan.principal_fresh;
        let portal = Portal::start(config).await?;
        portal.wait_until_ready(Duration::from_secs(10)).await?;
        let people = upstreams.people;
        let codes = TcpListener::bind(plan.codes_addr).await?;
        let codes_addr = codes.local_addr()?;
        let institutions = plan.specs.iter().filter_map(|spec| {
            let site = upstreams.sites.get(&(spec.server.to_owned(), spec.site.clone()))?;
            Some(Institution { id: spec.id.clone(), name: spec.display_name.clone(), api_user: api_user(spec), site: Arc::clone(site) })
        });
        let backstage = Backstage {
            people: people.clone(),
            institutions: institutions.collect(),
            catalog: Arc::clone(&catalog),
            upstream_delay: plan.upstream_delay,
        };
        tasks.spawn(backstage::serve(codes, backstage, stop.clone()));
        tasks.close();
        Ok(Self {
            portal,
            catalog,
            authority_addr,
            codes_addr,
            sites: upstreams.sites,
            servers,
            homes: plan.specs.iter().map(|spec| (spec.id.clone(), (spec.server.to_owned(), spec.site.clone()))).collect(),
            keys: upstreams.keys,
            people,
            portal_settings,
            institutions: plan.specs.iter().map(|spec| (host_of(&spec.id), spec.display_name.clone())).collect(),
            upstream_delay: plan.upstream_delay,
            stop,
            tasks,
            _folder: folder,
        })
    }

    /// Gives every site's administrator a key, kept with the institutions' under the administrator's name: what the registry, an arbitrator or
    /// a respondent does comes about with it. Nothing else of a demo has it.
    ///
    /// # Errors
    /// The system has no random bytes.
    pub fn administer(&mut self) -> Result<ApiKey, Failure> {
        let random = || random_bytes().map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        let key = ApiKey { key: random()?, secret: random()? };
        for site in self.sites.values() {
            site.add_user(User {
                user_id: ADMINISTRATOR.to_owned(),
                password: random()?,
                full_name: ADMINISTRATOR.to_owned(),
                enabled: true,
                roles: Vec::new(),
                api_key: Some(key.clone()),
                totp_secret: None,
                user_permissions: Vec::new(),
            });
        }
        self.keys.insert(ADMINISTRATOR.to_owned(), key.clone());
        Ok(key)
    }

    /// Stops everything, the portal first.
    pub async fn stop(self) {
        self.portal.stop().await;
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

fn portal_settings(plan: &Plan, authority_url: String, node_secret: String) -> Vec<(&'static str, String)> {
    vec![
        ("LEPTOS_SITE_ADDR", plan.site_addr.to_string()),
        ("PORTAL_ADMIN_ADDR", plan.admin_addr.to_string()),
        ("PORTAL_SITE_ROOT", plan.site_root.clone()),
        ("PORTAL_TRUSTED_PROXIES", plan.trusted_proxies.clone()),
        ("PORTAL_AUTHORITY_URL", authority_url),
        ("PORTAL_AUTHORITY_SECRET", node_secret),
        ("PORTAL_NODE", "demo-portal".to_owned()),
        ("PORTAL_SYNC_SECONDS", plan.sync_seconds.to_string()),
        ("PORTAL_JOBS_SECONDS", plan.jobs_seconds.to_string()),
        ("PORTAL_JOBS_SCHEDULED", plan.jobs_scheduled.to_string()),
        ("PORTAL_DEVELOPMENT", "true".to_owned()),
    ]
}

fn random_bytes() -> Result<[u8; 32], Failure> {
    use rand::TryRngCore as _;
    let mut bytes = [0; 32];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes)?;
    Ok(bytes)
}

/// A folder of the demo's own, removed when the demo ends.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("odr-portal-demo-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
