//! Simulated Frappe servers and generated portfolios: what `odr-portal demo` runs beside the portal, which knows nothing of it.

pub mod portfolio;
pub mod schema;
