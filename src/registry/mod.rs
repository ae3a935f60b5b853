//! Which institution, with which credentials: the table of tenants, how it is looked up, and how it is kept true.
//!
//! Owns hosts, tenants and the Central Authority's protocol on both sides. It must not know what a page, a session or a
//! case is, and nothing outside it can construct a [`Tenant`].

mod current;
mod key;
mod tenant;

pub use current::{NoTenant, current_tenant, with_tenant};
pub use key::TenantKey;
#[cfg(test)]
pub(crate) use tenant::tenant_for_tests;
pub use tenant::{Branding, Limits, Placement, SessionPolicy, SignInScheme, Tenant, TenantId, TenantStatus, Upstream, UpstreamCredentials};
