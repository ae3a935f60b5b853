//! What the portal needs to know before it starts.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ipnet::IpNet;
use secrecy::SecretSlice;

use super::{ConfigError, Source};

/// Everything that `odr-portal serve` reads.
#[derive(Debug)]
pub struct PortalConfig {
    /// The public side.
    pub web: WebConfig,
    /// Registry and its sync.
    pub registry: RegistryConfig,
    /// Calls to institutions' servers.
    pub upstream: UpstreamConfig,
    /// Sign-in and sessions.
    pub session: SessionConfig,
    /// Work in the background; `None` where this node does none.
    pub jobs: Option<JobsConfig>,
    /// The log's filter.
    pub log: String,
}

/// The public side: where it listens and whom it believes.
#[derive(Clone, Debug)]
pub struct WebConfig {
    /// The public listener.
    pub site_addr: SocketAddr,
    /// The operator's listener: metrics and health.
    pub admin_addr: SocketAddr,
    /// Folder of the browser's files.
    pub site_root: PathBuf,
    /// Peers whose forwarding headers count.
    pub trusted_proxies: Vec<IpNet>,
    /// Plain HTTP on loopback.
    pub development: bool,
}

/// The registry: who the authority is and how often it is asked.
#[derive(Debug)]
pub struct RegistryConfig {
    /// The authority, and who we are to it.
    pub link: AuthorityLink,
    /// Time between two syncs, before jitter.
    pub interval: Duration,
    /// The sealed last-known-good file, if one is kept.
    pub cache: Option<PathBuf>,
    /// Age beyond which that file is refused.
    pub cache_max_age: Duration,
    /// Whether `http` upstreams on loopback are accepted.
    pub development: bool,
}

/// What it takes to speak to the authority.
#[derive(Debug)]
pub struct AuthorityLink {
    /// Base URL without a trailing slash, exactly as it is signed.
    pub url: String,
    /// This node's name.
    pub node: String,
    /// The shared secret, 32 bytes or more.
    pub secret: SecretSlice<u8>,
}

/// Calls to institutions' servers.
#[derive(Clone, Copy, Debug)]
pub struct UpstreamConfig {
    /// Calls under way to one origin, shared fairly among its tenants.
    pub max_per_origin: usize,
}

/// Work in the background.
#[derive(Clone, Copy, Debug)]
pub struct JobsConfig {
    /// Between two looks at what is to be done.
    pub every: Duration,
    /// How long a lease on a batch holds without being renewed.
    pub lease: Duration,
    /// Whether what is scheduled is done too, or only what people ask for.
    pub scheduled: bool,
}

/// Sign-in and sessions.
#[derive(Clone, Copy, Debug)]
pub struct SessionConfig {
    /// Cookies without `Secure` under another name, for plain HTTP on loopback.
    pub development: bool,
    /// How long a person's record counts before it is read again.
    pub principal_fresh: Duration,
}

/// Who is disabled or changed is so within this long (DESIGN.md): no setting, so that no deploy can stretch it.
const PRINCIPAL_FRESH: Duration = Duration::from_secs(60);

impl PortalConfig {
    /// Reads all of it.
    ///
    /// # Errors
    /// Names the first variable that is missing or cannot be used.
    pub fn from_env(source: &Source) -> Result<Self, ConfigError> {
        let web = WebConfig::from_env(source)?;
        Ok(Self {
            registry: RegistryConfig::from_env(source, web.development)?,
            upstream: UpstreamConfig { max_per_origin: positive(source, "PORTAL_UPSTREAM_MAX_PER_ORIGIN")? },
            session: SessionConfig { development: web.development, principal_fresh: PRINCIPAL_FRESH },
            jobs: JobsConfig::from_env(source)?,
            log: source.required("PORTAL_LOG")?,
            web,
        })
    }
}

impl JobsConfig {
    fn from_env(source: &Source) -> Result<Option<Self>, ConfigError> {
        let seconds = |name| source.parsed::<u32>(name, "a whole number").map(|seconds| Duration::from_secs(seconds.into()));
        let (every, lease) = (seconds("PORTAL_JOBS_SECONDS")?, seconds("PORTAL_JOBS_LEASE_SECONDS")?);
        if lease.is_zero() {
            return Err(ConfigError::wants("PORTAL_JOBS_LEASE_SECONDS", "at least 1"));
        }
        let scheduled = source.parsed("PORTAL_JOBS_SCHEDULED", "true or false")?;
        Ok((!every.is_zero()).then_some(Self { every, lease, scheduled }))
    }
}

impl WebConfig {
    fn from_env(source: &Source) -> Result<Self, ConfigError> {
        const ADDRESS: &str = "an address and port such as 127.0.0.1:3000";
        let site_addr: SocketAddr = source.parsed("LEPTOS_SITE_ADDR", ADDRESS)?;
        let admin_addr: SocketAddr = source.parsed("PORTAL_ADMIN_ADDR", ADDRESS)?;
        let development = source.parsed("PORTAL_DEVELOPMENT", "true or false")?;
        if development && !site_addr.ip().is_loopback() {
            return Err(ConfigError::new("PORTAL_DEVELOPMENT", "may be true only where LEPTOS_SITE_ADDR is a loopback address"));
        }
        if site_addr == admin_addr && site_addr.port() != 0 {
            return Err(ConfigError::new("PORTAL_ADMIN_ADDR", "must differ from LEPTOS_SITE_ADDR: metrics are never public"));
        }
        Ok(Self {
            site_addr,
            admin_addr,
            site_root: source.required("PORTAL_SITE_ROOT")?.into(),
            trusted_proxies: trusted_proxies(source)?,
            development,
        })
    }
}

impl RegistryConfig {
    fn from_env(source: &Source, development: bool) -> Result<Self, ConfigError> {
        Ok(Self {
            link: AuthorityLink::from_env(source, development)?,
            interval: Duration::from_secs(positive(source, "PORTAL_SYNC_SECONDS")? as u64),
            cache: source.get("PORTAL_REGISTRY_CACHE")?.map(PathBuf::from),
            cache_max_age: Duration::from_secs(3600 * positive(source, "PORTAL_REGISTRY_CACHE_MAX_HOURS")? as u64),
            development,
        })
    }
}

impl AuthorityLink {
    fn from_env(source: &Source, development: bool) -> Result<Self, ConfigError> {
        let url = source.required("PORTAL_AUTHORITY_URL")?.trim_end_matches('/').to_owned();
        let parsed = url::Url::parse(&url).map_err(|_| ConfigError::new("PORTAL_AUTHORITY_URL", "must be a URL"))?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
            return Err(ConfigError::new("PORTAL_AUTHORITY_URL", "must be an http or https URL with a host"));
        }
        let node = match source.get("PORTAL_NODE")? {
            Some(node) => node,
            None if development => "portal-dev".to_owned(),
            None => return Err(ConfigError::new("PORTAL_NODE", "is required outside development: this node's name")),
        };
        let fits = (1..=64).contains(&node.len())
            && node.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
        if !fits {
            return Err(ConfigError::new("PORTAL_NODE", "must be 1 to 64 of a-z 0-9 . -"));
        }
        const SECRET: &str = "PORTAL_AUTHORITY_SECRET";
        let secret = STANDARD.decode(source.required(SECRET)?.trim()).map_err(|_| ConfigError::new(SECRET, "must be base64"))?;
        if secret.len() < 32 {
            return Err(ConfigError::new(SECRET, "must be base64 of 32 bytes or more"));
        }
        Ok(Self { url, node, secret: secret.into() })
    }
}

fn positive(source: &Source, name: &'static str) -> Result<usize, ConfigError> {
    let number: u32 = source.parsed(name, "a whole number above 0")?;
    if number == 0 {
        return Err(ConfigError::new(name, "must be a whole number above 0"));
    }
    Ok(number as usize)
}

/// The default is empty on purpose, and "everybody" is refused: an over-wide trusted set is how forwarded host headers
/// from outside came to choose the tenant elsewhere (CVE-2026-40575 and its incomplete fix).
fn trusted_proxies(source: &Source) -> Result<Vec<IpNet>, ConfigError> {
    const NAME: &str = "PORTAL_TRUSTED_PROXIES";
    let text = source.get(NAME)?.unwrap_or_default();
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let network = part
                .parse::<IpNet>()
                .or_else(|_| part.parse::<std::net::IpAddr>().map(IpNet::from))
                .map_err(|_| ConfigError::new(NAME, "must be comma-separated networks such as 10.0.0.0/8"))?;
            if network.prefix_len() == 0 {
                return Err(ConfigError::new(NAME, "may not trust everybody: 0.0.0.0/0 and ::/0 are refused"));
            }
            Ok(network)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(changes: &[(&'static str, &str)]) -> Source {
        let mut values = vec![
            ("PORTAL_AUTHORITY_URL", "https://authority.example/".to_owned()),
            ("PORTAL_AUTHORITY_SECRET", STANDARD.encode([7; 32])),
            ("PORTAL_NODE", "portal-1".to_owned()),
        ];
        values.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
        Source::fixed(values)
    }

    #[test]
    fn the_least_configuration_is_enough() {
        let config = PortalConfig::from_env(&source(&[])).unwrap();
        assert_eq!(config.registry.link.url, "https://authority.example");
        assert!(config.web.trusted_proxies.is_empty());
    }

    #[test]
    fn every_wrong_value_is_refused_with_the_variables_name() {
        let wrong = [
            ("PORTAL_AUTHORITY_URL", ""),
            ("PORTAL_AUTHORITY_URL", "authority"),
            ("PORTAL_AUTHORITY_SECRET", "c2hvcnQ="),
            ("PORTAL_AUTHORITY_SECRET", "not base64"),
            ("PORTAL_NODE", "Portal_1"),
            ("PORTAL_SYNC_SECONDS", "0"),
            ("PORTAL_SYNC_SECONDS", "soon"),
            ("PORTAL_JOBS_SECONDS", "-1"),
            ("PORTAL_TRUSTED_PROXIES", "0.0.0.0/0"),
            ("PORTAL_TRUSTED_PROXIES", "::/0"),
            ("PORTAL_TRUSTED_PROXIES", "nginx"),
            ("PORTAL_DEVELOPMENT", "maybe"),
            ("LEPTOS_SITE_ADDR", "3000"),
            ("PORTAL_ADMIN_ADDR", "127.0.0.1:3000"),
        ];
        for (name, value) in wrong {
            let line = PortalConfig::from_env(&source(&[(name, value)])).unwrap_err().to_string();
            assert!(line.starts_with(name), "{line}");
            assert!(!line.contains('\n') && (value.is_empty() || !name.contains("SECRET") || !line.contains(value)), "{line}");
        }
    }

    #[test]
    fn development_never_listens_beyond_loopback() {
        let settings = [("PORTAL_DEVELOPMENT", "true"), ("LEPTOS_SITE_ADDR", "0.0.0.0:3000")];
        assert!(PortalConfig::from_env(&source(&settings)).unwrap_err().to_string().starts_with("PORTAL_DEVELOPMENT"));
    }

    #[test]
    fn a_secret_may_come_from_a_mounted_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, format!("{}\n", STANDARD.encode([9; 40]))).unwrap();
        let source = Source::fixed([
            ("PORTAL_AUTHORITY_URL", "https://authority.example".to_owned()),
            ("PORTAL_AUTHORITY_SECRET_FILE", path.display().to_string()),
            ("PORTAL_NODE", "portal-1".to_owned()),
        ]);
        assert!(PortalConfig::from_env(&source).is_ok());
    }
}
