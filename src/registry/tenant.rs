//! A tenant: one institution, as the authority describes it.

use std::{fmt, time::Duration};

use ipnet::IpNet;
use jiff::tz::TimeZone;
use secrecy::{SecretBox, SecretString};

/// One institution's configuration. Immutable: a new table brings new values, and requests under way keep the ones they
/// started with. Only this module can build one, which is what makes every other isolation rule checkable.
pub struct Tenant {
    /// The authority's id of it: never reused, safe in logs, metrics and keys.
    pub id: TenantId,
    /// Its registered name.
    pub name: String,
    /// Whether it is served.
    pub status: TenantStatus,
    /// The canonical hosts that lead to it; the first is the one that absolute addresses are made with.
    pub hosts: Vec<String>,
    /// Its Frappe server.
    pub upstream: Upstream,
    /// How its people prove who they are.
    pub sign_in: SignInScheme,
    /// How it looks.
    pub branding: Branding,
    /// What it may use at once.
    pub limits: Limits,
    /// Networks that it may be reached from; empty means every network.
    pub networks: Vec<IpNet>,
    /// How long a session lasts.
    pub session: SessionPolicy,
    /// The key behind the audit chain and the keyed hashes of its records.
    pub audit_key: Option<SecretBox<[u8; 32]>>,
    /// Its language, for example `en-IN`.
    pub locale: String,
    /// Its wall clock.
    pub time_zone: TimeZone,
    /// Keeps construction inside this module.
    #[allow(dead_code, reason = "it is there so that nobody else can write this struct down")]
    pub(in crate::registry) sealed: Sealed,
}

/// A value that only the registry can make.
pub(in crate::registry) struct Sealed;

/// A tenant's id: 1 to 63 of `a-z 0-9 -`, beginning with a letter.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(Box<str>);

impl TenantId {
    /// Takes an id that keeps the form.
    pub(in crate::registry) fn parse(text: &str) -> Option<Self> {
        let fits = (1..=63).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        fits.then(|| Self(text.into()))
    }

    /// The id itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a tenant is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenantStatus {
    /// Served.
    Active,
    /// Known, and refused with a page that says so.
    Suspended,
}

/// The Frappe server that holds a tenant's records.
pub struct Upstream {
    /// `https://host[:port]`, possibly with a path; never with a trailing slash.
    pub base_url: url::Url,
    /// The site's name, sent as `X-Frappe-Site-Name`; `None`: not sent.
    pub site: Option<String>,
    /// Whether other tenants' records live on the same site.
    pub placement: Placement,
    /// The `name` of the site's Institution record; `None` only where the site holds this tenant alone.
    pub institution: Option<String>,
    /// The API key pair.
    pub credentials: UpstreamCredentials,
    /// How long one call may take.
    pub timeout: Duration,
    /// Calls under way for this tenant.
    pub max_concurrency: usize,
}

/// An API key pair of a Frappe user.
pub struct UpstreamCredentials {
    /// The public half.
    pub api_key: SecretString,
    /// The secret half.
    pub api_secret: SecretString,
}

/// Where a tenant's records live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// On a site with other tenants: rows are told apart by institution.
    Shared,
    /// On a site of its own.
    Site,
    /// On a server of its own.
    Dedicated,
}

/// How people prove who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInScheme {
    /// By the upstream's own login.
    Frappe,
    /// By an OpenID Connect provider; carried, not offered yet.
    Oidc,
}

/// How an institution looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branding {
    /// Its name on screens.
    pub display_name: String,
    /// Address of its logo.
    pub logo_url: Option<String>,
    /// Its accent as `#rrggbb`, before it is corrected for contrast.
    pub accent: Option<String>,
}

/// What a tenant may use at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sustained requests a second.
    pub requests_per_second: u32,
    /// Requests above that in one burst.
    pub burst: u32,
    /// Requests under way.
    pub max_concurrency: usize,
}

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPolicy {
    /// Ends after this long without a request.
    pub idle: Duration,
    /// Ends after this long whatever happens.
    pub absolute: Duration,
}

impl fmt::Debug for Tenant {
    /// The id alone: whatever holds a tenant may be printed, and no credential or address of it ever is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tenant({})", self.id)
    }
}
