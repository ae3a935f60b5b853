//! The Central Authority: the one place that knows every institution's credentials.
//!
//! Owns the catalog and the answers to portals. It must not know who asks a portal for what: it never sees a request of
//! an institution's people.

mod catalog;
mod http;
mod vault;

pub use catalog::{Catalog, CatalogError, TenantSummary};
pub use http::serve;
#[cfg(test)]
pub(in crate::registry) use http::serve_by;
