//! Which institution, with which credentials: the table of tenants, how it is looked up, and how it is kept true.
//!
//! Owns hosts, tenants and the Central Authority's protocol on both sides. It must not know what a page, a session or a
//! case is, and nothing outside it can construct a [`Tenant`].

pub mod authority;
mod cache;
mod conflict;
mod current;
mod entry;
mod envelope;
mod heal;
mod host;
mod key;
mod link;
mod live;
mod protocol;
mod sync;
mod table;
mod tenant;

pub use current::{NoTenant, current_tenant, with_tenant};
pub use host::{CanonicalHost, HostError};
pub use key::TenantKey;
pub use live::{Readiness, Registry};
pub use table::Table;
pub use tenant::{Branding, Limits, Placement, SessionPolicy, SignInScheme, Tenant, TenantId, TenantStatus, Upstream, UpstreamCredentials};

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
