//! Configuration: one struct per concern, each with `from_env`. Nothing else in the crate reads the environment.
//!
//! Every setting stands once, in [`SETTINGS`]: its variable, its command-line flag, its default and its meaning. A flag
//! wins over the variable; a variable marked as a secret may also be given as `NAME_FILE`, the path of a mounted file.
//! A missing or unusable value stops the start with one line that names the variable and says what it wants.

mod authority;
mod portal;

pub use authority::AuthorityConfig;
pub use portal::{AuthorityLink, JobsConfig, PortalConfig, RegistryConfig, SessionConfig, UpstreamConfig, WebConfig};

use std::collections::BTreeMap;

/// One setting, as the command line, the README and the readers below know it.
#[derive(Debug)]
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// The command-line flag, without its dashes.
    pub flag: &'static str,
    /// Which command takes it.
    pub of: Concern,
    /// What holds when it is not given; `None` where it is required or absent by default.
    pub default: Option<&'static str>,
    /// Whether it is a secret: then `NAME_FILE` is read too, and its value is never shown.
    pub secret: bool,
    /// What it means.
    pub help: &'static str,
}

/// The command that a setting belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// `odr-portal serve`.
    Portal,
    /// `odr-portal authority …`.
    Authority,
}

const fn portal(name: &'static str, flag: &'static str, default: Option<&'static str>, help: &'static str) -> Setting {
    Setting { name, flag, of: Concern::Portal, default, secret: false, help }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    portal("LEPTOS_SITE_ADDR", "site-addr", Some("127.0.0.1:3000"), "address on which the portal listens"),
    portal("PORTAL_SITE_ROOT", "site-root", Some("target/site"), "folder of the browser's files"),
    portal("PORTAL_ADMIN_ADDR", "admin-addr", Some("127.0.0.1:9464"), "address of /metrics, /healthz and /readyz; never the public one"),
    portal("PORTAL_AUTHORITY_URL", "authority-url", None, "the authority's base URL, without a trailing slash"),
    Setting {
        name: "PORTAL_AUTHORITY_SECRET",
        flag: "authority-secret",
        of: Concern::Portal,
        default: None,
        secret: true,
        help: "this node's shared secret: base64 of 32 bytes or more",
    },
    portal("PORTAL_NODE", "node", None, "this node's name: 1 to 64 of a-z 0-9 . - (required outside development)"),
    portal("PORTAL_SYNC_SECONDS", "sync-seconds", Some("30"), "seconds between registry syncs, each jittered by a tenth"),
    portal(
        "PORTAL_JOBS_SECONDS",
        "jobs-seconds",
        Some("60"),
        "seconds between looks at what is to be done in the background; 0 leaves it to other nodes",
    ),
    portal(
        "PORTAL_JOBS_SCHEDULED",
        "jobs-scheduled",
        Some("true"),
        "false: this node does what people ask for, and leaves what is scheduled to other nodes",
    ),
    portal(
        "PORTAL_JOBS_LEASE_SECONDS",
        "jobs-lease-seconds",
        Some("120"),
        "seconds after which another node goes on with a batch whose node is gone",
    ),
    portal("PORTAL_REGISTRY_CACHE", "registry-cache", None, "path of the sealed last-known-good registry"),
    portal("PORTAL_REGISTRY_CACHE_MAX_HOURS", "registry-cache-max-hours", Some("72"), "age in hours beyond which that file is refused"),
    portal("PORTAL_TRUSTED_PROXIES", "trusted-proxies", Some(""), "comma-separated CIDRs whose forwarding headers count"),
    portal("PORTAL_UPSTREAM_MAX_PER_ORIGIN", "upstream-max-per-origin", Some("64"), "calls under way to one upstream origin"),
    portal(
        "PORTAL_DEVELOPMENT",
        "development",
        Some("false"),
        "true: plain HTTP on loopback, cookies without Secure, http upstreams on loopback",
    ),
    portal("PORTAL_LOG", "log", Some("info"), "tracing filter of the JSON log on stdout"),
    authority("AUTHORITY_ADDR", "addr", Some("127.0.0.1:4000"), "address on which the authority listens"),
    authority(
        "AUTHORITY_PUBLIC_URL",
        "public-url",
        Some("http://127.0.0.1:4000"),
        "the base URL that portals are configured with: it is signed",
    ),
    authority("AUTHORITY_DB", "db", Some("authority.db"), "path of the catalog, a SQLite file"),
    Setting {
        name: "AUTHORITY_MASTER_KEY",
        flag: "master-key",
        of: Concern::Authority,
        default: None,
        secret: true,
        help: "key that seals the catalog's secrets: base64 of 32 bytes",
    },
];

const fn authority(name: &'static str, flag: &'static str, default: Option<&'static str>, help: &'static str) -> Setting {
    Setting { name, flag, of: Concern::Authority, default, secret: false, help }
}

/// Why the configuration cannot be used: always one line that names the variable.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{name} {problem}")]
pub struct ConfigError {
    name: &'static str,
    problem: String,
}

impl ConfigError {
    /// The variable's value cannot be used; says what it wants.
    pub fn wants(name: &'static str, wanted: &str) -> Self {
        Self::new(name, format!("must be {wanted}"))
    }

    pub(crate) fn new(name: &'static str, problem: impl Into<String>) -> Self {
        Self { name, problem: problem.into() }
    }
}

/// Where settings come from: flags first, then the process's environment, then mounted files, then defaults.
#[derive(Debug, Default)]
pub struct Source {
    flags: BTreeMap<&'static str, String>,
    environment: Environment,
}

#[derive(Debug, Default)]
enum Environment {
    #[default]
    Process,
    Fixed(BTreeMap<&'static str, String>),
}

impl Source {
    /// Flags by the *variable's* name, over the process's environment.
    pub fn process(flags: BTreeMap<&'static str, String>) -> Self {
        Self { flags, environment: Environment::Process }
    }

    /// Exactly these values and nothing of the process's environment: for the demo and for tests.
    pub fn fixed(values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self { flags: BTreeMap::new(), environment: Environment::Fixed(values.into_iter().collect()) }
    }

    /// Whether `cargo leptos watch` started this process.
    pub fn under_watch() -> bool {
        std::env::var_os("LEPTOS_WATCH").is_some()
    }

    /// The value of a setting, or its default; an empty value counts as not given.
    pub(crate) fn get(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let setting = SETTINGS.iter().find(|setting| setting.name == name);
        if let Some(value) = self.flags.get(name).cloned().or_else(|| self.variable(name)) {
            return Ok(Some(value).filter(|value| !value.is_empty()));
        }
        if setting.is_some_and(|setting| setting.secret)
            && let Some(path) = self.variable(&format!("{name}_FILE"))
        {
            let text = std::fs::read_to_string(&path)
                .map_err(|error| ConfigError::new(name, format!("could not be read from the file that {name}_FILE names: {error}")))?;
            return Ok(Some(text.trim().to_owned()).filter(|value| !value.is_empty()));
        }
        Ok(setting.and_then(|setting| setting.default).filter(|value| !value.is_empty()).map(str::to_owned))
    }

    pub(crate) fn required(&self, name: &'static str) -> Result<String, ConfigError> {
        self.get(name)?.ok_or_else(|| {
            let help = SETTINGS.iter().find(|setting| setting.name == name).map_or("", |setting| setting.help);
            ConfigError::new(name, format!("is required: {help}"))
        })
    }

    pub(crate) fn parsed<T: std::str::FromStr>(&self, name: &'static str, wants: &str) -> Result<T, ConfigError> {
        self.required(name)?.parse().map_err(|_| ConfigError::new(name, format!("must be {wants}")))
    }

    fn variable(&self, name: &str) -> Option<String> {
        match &self.environment {
            Environment::Process => std::env::var(name).ok(),
            Environment::Fixed(values) => values.get(name).cloned(),
        }
    }
}
