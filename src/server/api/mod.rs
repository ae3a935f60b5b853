//! The JSON API: what programs of an institution's people ask under `/api/v1`. Each handler is an address: it takes the tenant's scope
//! by the door [`InTenant`](super::context::InTenant), asks casework, which authorises as for any page, and answers in the words of
//! [`wire`]. Reads only. It must not know how anything is found, nor how a refusal looks: errors go out typed, and the router turns
//! them into a [`Problem`].
//!
//! Mounted by the router; described by [`document`], which a test holds against what is mounted and against live answers. Another
//! address of the API is one more handler with its `utoipa::path`, one row in the router, and one in [`document`].

pub mod cases;
pub mod dashboard;
pub mod document;
pub mod documents;
pub mod hearings;
pub mod me;
mod parameters;
mod problem;
pub mod wire;

use problem::Refusals;
pub use problem::{PROBLEM_JSON, Problem};
