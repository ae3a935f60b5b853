//! What an institution's people do, as functions: authorise, call, answer in the model's terms.
//!
//! Runs inside a door of `server::context` and takes tenant and person from there, never as an argument. Frappe's shapes
//! stay in each area's `wire.rs`. It must not know about headers, cookies or pages.

pub mod approvals;
pub mod audit;
pub mod batches;
pub mod bulk;
pub mod cases;
pub mod cause_list;
mod columns;
pub mod dashboard;
pub mod decisions;
pub mod diary;
pub mod documents;
pub mod feeds;
pub mod file;
pub mod filing;
pub mod find;
pub mod frame;
mod hearings;
pub mod hearings_between;
pub mod jobs;
mod keys;
pub mod me;
pub mod membership;
mod newest;
pub mod notices;
pub mod portfolio;
pub mod people;
pub mod rules;
mod second;
pub mod sign_in;
mod site_time;
mod tasks;
pub mod views;
mod waiting;
pub mod work;

use std::sync::Arc;

use super::frappe::Fault;
use crate::{
    model::{ErrorCode, PortalError},
    registry::NoTenant,
};

/// Why casework did not do what it was asked: a refusal of ours, or a fault of a call upstream.
#[derive(Debug)]
pub enum Refusal {
    /// Our own rules say no.
    Code(ErrorCode),
    /// The call upstream failed.
    Fault(Fault),
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self::Code(code)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<NoTenant> for Refusal {
    fn from(_: NoTenant) -> Self {
        Self::Code(ErrorCode::NoTenant)
    }
}

impl Refusal {
    /// What the caller is told; the story goes to the log under the request's id. For the doors alone.
    pub(in crate::server) fn into_portal_error(self, request_id: &Arc<str>) -> PortalError {
        let code = match self {
            Self::Code(code) => {
                match code {
                    ErrorCode::Internal | ErrorCode::NoTenant => tracing::error!(?code, "casework failed"),
                    _ => tracing::info!(?code, "casework refused"),
                }
                code
            }
            Self::Fault(fault) => {
                tracing::warn!(fault = %fault, outcome = fault.outcome(), "a call upstream failed");
                ErrorCode::from(fault)
            }
        };
        PortalError { code, request_id: Some(request_id.to_string()) }
    }
}
