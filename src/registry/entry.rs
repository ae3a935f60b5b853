//! The judgement of one entry, alone: from the authority's JSON to a [`Tenant`], or the reason why not.
//!
//! Owns the fields' forms, defaults and limits. It must not know other tenants: what two entries do to each other is the
//! table's business. No reason ever quotes a value, since a credential could stand in a wrong place.

use std::{fmt, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ipnet::IpNet;
use jiff::tz::TimeZone;
use secrecy::{SecretBox, SecretString};
use serde::Deserialize;
use url::Url;
use zeroize::{Zeroize as _, Zeroizing};

use super::{
    Branding, CanonicalHost, Limits, Placement, SessionPolicy, SignInScheme, Tenant, TenantId, TenantStatus, Upstream, UpstreamCredentials,
    protocol::RawEntry, tenant::Sealed,
};

/// Largest entry, in bytes.
const MAX_ENTRY_BYTES: usize = 256 * 1024;
/// Most hosts of one tenant.
const MAX_HOSTS: usize = 64;
/// Most networks of one tenant.
const MAX_NETWORKS: usize = 256;
/// Longest name of anything, in characters.
const MAX_NAME_CHARS: usize = 200;
/// Longest half of an API key, in bytes.
const MAX_CREDENTIAL_BYTES: usize = 512;
/// Longest URL, in bytes.
const MAX_URL_BYTES: usize = 2048;
/// Longest time that a call upstream may take, in milliseconds.
const MAX_TIMEOUT_MS: u64 = 300_000;
/// Largest of the rates and concurrencies.
const MAX_RATE: u64 = 1_000_000;

/// Why an entry is not in force; names fields, never values.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::registry) struct Fault(pub String);

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn fault<T>(reason: impl Into<String>) -> Result<T, Fault> {
    Err(Fault(reason.into()))
}

/// What an entry says for certain even where the rest of it is garbage.
pub(in crate::registry) struct Outline {
    /// Whose it is.
    pub id: TenantId,
    /// Whether it shuts its tenant: suspended, or a status that this portal does not know.
    pub shuts: bool,
}

impl Outline {
    /// Reads id and status alone. Anything but a status that is exactly `active`, once, shuts where it can be read at
    /// all; a status that is missing is a fault and not a shutting.
    pub fn read(raw: &RawEntry) -> Result<Self, Fault> {
        #[derive(Default)]
        struct Seen {
            id: Option<String>,
            shuts: bool,
            twice: bool,
        }
        impl<'de> Deserialize<'de> for Seen {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields;
                impl<'de> serde::de::Visitor<'de> for Fields {
                    type Value = Seen;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an entry")
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Seen, A::Error> {
                        let mut seen = Seen::default();
                        while let Some(name) = map.next_key::<String>()? {
                            let raw = map.next_value::<&serde_json::value::RawValue>()?.get();
                            match name.as_str() {
                                "id" => {
                                    seen.twice |= seen.id.is_some();
                                    seen.id = serde_json::from_str(raw).ok().or(seen.id);
                                }
                                // Absent and null are faults; whatever else is not `active` is a status we do not know.
                                "status" => {
                                    seen.shuts |=
                                        raw != "null" && serde_json::from_str::<String>(raw).map_or(true, |text| text != "active");
                                }
                                _ => {}
                            }
                        }
                        Ok(seen)
                    }
                }
                deserializer.deserialize_map(Fields)
            }
        }
        let Ok(seen) = serde_json::from_str::<Seen>(raw.text()) else { return fault("the entry is not an object") };
        let Some(id) = seen.id.filter(|_| !seen.twice) else { return fault("id is missing, doubled or not a text") };
        match TenantId::parse(&id) {
            Some(id) => Ok(Self { id, shuts: seen.shuts }),
            None => fault("id must be 1 to 63 of a-z 0-9 - and begin with a letter"),
        }
    }
}

#[derive(Deserialize)]
struct Wire {
    id: String,
    name: String,
    status: String,
    hosts: Vec<String>,
    upstream: WireUpstream,
    sign_in: WireSignIn,
    api: Option<WireApi>,
    branding: Option<WireBranding>,
    limits: Option<WireLimits>,
    access: Option<WireAccess>,
    session: Option<WireSession>,
    audit_key: Option<SecretString>,
    locale: Option<String>,
    time_zone: Option<String>,
}

#[derive(Deserialize)]
struct WireUpstream {
    base_url: String,
    site: Option<String>,
    placement: String,
    institution: Option<String>,
    api_key: SecretString,
    api_secret: SecretString,
    timeout_ms: Option<u64>,
    max_concurrency: Option<u64>,
}

#[derive(Deserialize)]
struct WireSignIn {
    scheme: String,
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<SecretString>,
}

#[derive(Deserialize)]
struct WireApi {
    issuer: String,
    audience: String,
    jwks_url: String,
}

#[derive(Default, Deserialize)]
struct WireBranding {
    display_name: Option<String>,
    logo_url: Option<String>,
    accent: Option<String>,
}

#[derive(Default, Deserialize)]
struct WireLimits {
    requests_per_second: Option<u64>,
    burst: Option<u64>,
    max_concurrency: Option<u64>,
}

#[derive(Default, Deserialize)]
struct WireAccess {
    networks: Option<Vec<String>>,
}

#[derive(Default, Deserialize)]
struct WireSession {
    idle_minutes: Option<u64>,
    absolute_hours: Option<u64>,
}

/// Judges one entry alone. `development` allows `http` to loopback addresses. Any status but `active` is suspended.
pub(in crate::registry) fn judge(raw: &RawEntry, development: bool) -> Result<Tenant, Fault> {
    use secrecy::ExposeSecret as _;

    if raw.text().len() > MAX_ENTRY_BYTES {
        return fault("the entry is larger than 256 KiB");
    }
    // serde_json's own message may quote a value: only the place is told.
    let wire: Wire = serde_json::from_str(raw.text())
        .map_err(|error| Fault(format!("a required field is missing, doubled or of another type (column {})", error.column())))?;
    let Some(id) = TenantId::parse(&wire.id) else { return fault("id must be 1 to 63 of a-z 0-9 - and begin with a letter") };
    let name = named("name", wire.name)?;
    let hosts = hosts(wire.hosts)?;
    let upstream = upstream(wire.upstream, development)?;
    let sign_in = match wire.sign_in.scheme.as_str() {
        "frappe" => SignInScheme::Frappe,
        "oidc" => {
            let Some(issuer) = &wire.sign_in.issuer else { return fault("sign_in.issuer is required with oidc") };
            secure_url("sign_in.issuer", issuer, development)?;
            if wire.sign_in.client_id.as_deref().unwrap_or_default().is_empty() {
                return fault("sign_in.client_id is required with oidc");
            }
            if wire.sign_in.client_secret.is_none_or(|secret| secret.expose_secret().is_empty()) {
                return fault("sign_in.client_secret is required with oidc");
            }
            SignInScheme::Oidc
        }
        _ => return fault("sign_in.scheme must be frappe or oidc"),
    };
    if let Some(api) = wire.api {
        secure_url("api.issuer", &api.issuer, development)?;
        secure_url("api.jwks_url", &api.jwks_url, development)?;
        named("api.audience", api.audience)?;
    }
    let limits = wire.limits.unwrap_or_default();
    let session = wire.session.unwrap_or_default();
    let session = SessionPolicy {
        idle: Duration::from_secs(60 * within("session.idle_minutes", session.idle_minutes, 15, 24 * 60)?),
        absolute: Duration::from_secs(3600 * within("session.absolute_hours", session.absolute_hours, 8, 7 * 24)?),
    };
    Ok(Tenant {
        status: if wire.status == "active" { TenantStatus::Active } else { TenantStatus::Suspended },
        branding: branding(wire.branding.unwrap_or_default(), &name, development)?,
        limits: Limits {
            requests_per_second: within("limits.requests_per_second", limits.requests_per_second, 50, MAX_RATE)? as u32,
            burst: within("limits.burst", limits.burst, 100, MAX_RATE)? as u32,
            max_concurrency: within("limits.max_concurrency", limits.max_concurrency, 64, MAX_RATE)? as usize,
        },
        networks: networks(wire.access.unwrap_or_default().networks.unwrap_or_default())?,
        audit_key: wire.audit_key.map(|key| audit_key(key.expose_secret())).transpose()?,
        locale: locale(wire.locale)?,
        time_zone: time_zone(wire.time_zone.as_deref())?,
        id,
        name,
        hosts,
        upstream,
        sign_in,
        session,
        sealed: Sealed,
    })
}

fn upstream(wire: WireUpstream, development: bool) -> Result<Upstream, Fault> {
    let placement = match wire.placement.as_str() {
        "shared" => Placement::Shared,
        "site" => Placement::Site,
        "dedicated" => Placement::Dedicated,
        _ => return fault("upstream.placement must be shared, site or dedicated"),
    };
    let institution = wire.institution.map(|name| named("upstream.institution", name)).transpose()?;
    if placement == Placement::Shared && institution.is_none() {
        return fault("upstream.institution is required where the placement is shared");
    }
    if wire.site.as_deref().is_some_and(|site| !is_site_name(site)) {
        return fault("upstream.site must be a lower-case name without a port");
    }
    Ok(Upstream {
        base_url: base_url(&wire.base_url, development)?,
        site: wire.site,
        placement,
        institution,
        credentials: UpstreamCredentials {
            api_key: credential("upstream.api_key", wire.api_key)?,
            api_secret: credential("upstream.api_secret", wire.api_secret)?,
        },
        timeout: Duration::from_millis(within("upstream.timeout_ms", wire.timeout_ms, 10_000, MAX_TIMEOUT_MS)?),
        max_concurrency: within("upstream.max_concurrency", wire.max_concurrency, 16, MAX_RATE)? as usize,
    })
}

/// A Frappe site is the name of a folder, mostly but not always a host name.
fn is_site_name(site: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_');
    (1..=253).contains(&site.len()) && site.bytes().all(fits)
}

/// A base URL in one spelling, so that two entries on one site are seen to be.
fn base_url(text: &str, development: bool) -> Result<Url, Fault> {
    const FIELD: &str = "upstream.base_url";
    let url = secure_url(FIELD, text, development)?;
    if url.query().is_some() || url.fragment().is_some() {
        return fault(format!("{FIELD} has a query or a fragment"));
    }
    if url.path().ends_with('/') && url.path() != "/" {
        return fault(format!("{FIELD} ends with a slash"));
    }
    Ok(url)
}

/// An absolute URL: `https`, or in development `http` to a loopback address.
fn secure_url(field: &str, text: &str, development: bool) -> Result<Url, Fault> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= MAX_URL_BYTES);
    let Some(url) = url else { return fault(format!("{field} is not a URL")) };
    if !url.username().is_empty() || url.password().is_some() {
        return fault(format!("{field} carries a user"));
    }
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) if name.ends_with('.') => return fault(format!("{field} ends with a dot")),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => return fault(format!("{field} has no host")),
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if development && loopback => Ok(url),
        _ => fault(format!("{field} must be https")),
    }
}

fn hosts(hosts: Vec<String>) -> Result<Vec<String>, Fault> {
    if hosts.is_empty() {
        return fault("hosts is empty");
    }
    if hosts.len() > MAX_HOSTS {
        return fault("hosts has more than 64 names");
    }
    for (index, host) in hosts.iter().enumerate() {
        if CanonicalHost::parse(host).map_or(true, |canonical| canonical.as_str() != host) {
            return fault("hosts must be lower-case ASCII names without port, wildcard or trailing dot");
        }
        if hosts.iter().take(index).any(|other| other == host) {
            return fault("hosts has one name twice");
        }
    }
    Ok(hosts)
}

fn branding(wire: WireBranding, name: &str, development: bool) -> Result<Branding, Fault> {
    if let Some(logo) = &wire.logo_url {
        let own = logo.starts_with('/') && !logo.starts_with("//") && !logo.contains('\\') && logo.len() <= MAX_URL_BYTES;
        if !own {
            secure_url("branding.logo_url", logo, development)?;
        }
    }
    let is_colour = |text: &String| {
        text.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    };
    if wire.accent.as_ref().is_some_and(|accent| !is_colour(accent)) {
        return fault("branding.accent must be #rrggbb");
    }
    let display_name = named("branding.display_name", wire.display_name.unwrap_or_else(|| name.to_owned()))?;
    Ok(Branding { display_name, logo_url: wire.logo_url, accent: wire.accent })
}

fn networks(texts: Vec<String>) -> Result<Vec<IpNet>, Fault> {
    if texts.len() > MAX_NETWORKS {
        return fault("access.networks has more than 256 networks");
    }
    // An entry that cannot be read must not open the door: the whole tenant is in fault, not the one network.
    texts.iter().map(|text| text.parse().map_err(|_| Fault("access.networks must be CIDRs".to_owned()))).collect()
}

fn audit_key(text: &str) -> Result<SecretBox<[u8; 32]>, Fault> {
    let bytes = STANDARD.decode(text).map(Zeroizing::new);
    let key: Option<[u8; 32]> = bytes.ok().and_then(|bytes| bytes.as_slice().try_into().ok());
    let Some(mut key) = key else { return fault("audit_key must be base64 of 32 bytes") };
    let boxed = SecretBox::new(Box::new(key));
    key.zeroize();
    Ok(boxed)
}

fn locale(text: Option<String>) -> Result<String, Fault> {
    let text = text.unwrap_or_else(|| "en-IN".to_owned());
    let fits = (2..=35).contains(&text.len())
        && text.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if fits { Ok(text) } else { fault("locale must be a language tag such as en-IN") }
}

fn time_zone(name: Option<&str>) -> Result<TimeZone, Fault> {
    TimeZone::get(name.unwrap_or("Asia/Kolkata")).map_err(|_| Fault("time_zone is not in the time zone database".to_owned()))
}

fn named(field: &str, text: String) -> Result<String, Fault> {
    if text.trim().is_empty() || text.chars().count() > MAX_NAME_CHARS || text.chars().any(char::is_control) {
        return fault(format!("{field} must have 1 to {MAX_NAME_CHARS} printable characters"));
    }
    Ok(text)
}

/// A half of an API key goes into a header: visible ASCII without the colon that joins the halves.
fn credential(field: &str, secret: SecretString) -> Result<SecretString, Fault> {
    use secrecy::ExposeSecret as _;
    let text = secret.expose_secret();
    let fits = (1..=MAX_CREDENTIAL_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
    if fits { Ok(secret) } else { fault(format!("{field} must be 1 to {MAX_CREDENTIAL_BYTES} visible characters without a colon")) }
}

fn within(field: &str, number: Option<u64>, default: u64, max: u64) -> Result<u64, Fault> {
    match number.unwrap_or(default) {
        number if (1..=max).contains(&number) => Ok(number),
        _ => fault(format!("{field} must be 1 to {max}")),
    }
}
