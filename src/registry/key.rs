//! The only maker of keys for caches, sessions, throttles, rate limits and jobs.

use std::fmt;

use super::{Tenant, TenantId};

/// A key that cannot be made without a tenant: two institutions never meet in one entry, whatever else is equal.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TenantKey {
    tenant: TenantId,
    kind: &'static str,
    rest: Box<str>,
}

impl TenantKey {
    /// A key of this tenant: `kind` names the store, `rest` the thing within it.
    pub fn new(tenant: &Tenant, kind: &'static str, rest: &str) -> Self {
        Self { tenant: tenant.id.clone(), kind, rest: rest.into() }
    }

    /// The tenant that it was made for.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }
}

impl fmt::Debug for TenantKey {
    /// Without `rest`, which may be a session's id.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TenantKey({}/{})", self.tenant, self.kind)
    }
}
