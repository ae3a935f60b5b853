//! What operators see: every metric name and every log field is declared here and nowhere else.
//!
//! Knows nothing of HTTP, tenants' secrets or cases; takes plain values and writes them out.

mod log;
pub mod metrics;

pub use log::init as init_log;
