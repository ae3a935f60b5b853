//! Simulated Frappe servers and generated portfolios: what `odr-portal demo` runs beside the portal, which knows nothing of it.

pub mod portfolio;
#[cfg(feature = "ssr")]
pub mod frappe;
pub mod schema;
