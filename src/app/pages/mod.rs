//! One module a page.

pub mod approvals;
pub mod audit;
pub mod case;
pub mod cases;
pub mod dashboard;
pub mod documents;
pub mod find;
#[cfg(feature = "ssr")]
pub mod form;
pub mod hearings;
#[cfg(feature = "ssr")]
pub mod keys;
pub mod not_found;
pub mod notices;
pub mod portfolio;
#[cfg(feature = "ssr")]
pub mod refusal;
#[cfg(feature = "ssr")]
pub mod reveal;
pub mod sign_in;
