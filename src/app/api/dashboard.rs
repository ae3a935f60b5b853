//! Server functions of the operations dashboard, a panel each.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{ClocksAtRisk, FigureStrip, HearingsAhead, PortalError, Queue, StageMix};

/// What waits for the person.
///
/// # Errors
/// What casework refuses, as a code.
#[server(prefix = "/api", endpoint = "dashboard/queue", input = GetUrl)]
pub async fn get_queue() -> Result<Queue, PortalError> {
    use crate::server::{casework::dashboard, context::in_tenant};
    in_tenant(dashboard::queue()).await
}

/// Hearings of today and of the week.
///
/// # Errors
/// As [`get_queue`].
#[server(prefix = "/api", endpoint = "dashboard/hearings", input = GetUrl)]
pub async fn get_hearings_ahead() -> Result<HearingsAhead, PortalError> {
    use crate::server::{casework::dashboard, context::in_tenant};
    in_tenant(dashboard::hearings()).await
}

/// Clocks that may run out.
///
/// # Errors
/// As [`get_queue`].
#[server(prefix = "/api", endpoint = "dashboard/clocks", input = GetUrl)]
pub async fn get_clocks_at_risk() -> Result<ClocksAtRisk, PortalError> {
    use crate::server::{casework::dashboard, context::in_tenant};
    in_tenant(dashboard::clocks()).await
}

/// How the portfolio stands.
///
/// # Errors
/// As [`get_queue`].
#[server(prefix = "/api", endpoint = "dashboard/portfolio", input = GetUrl)]
pub async fn get_portfolio_strip() -> Result<FigureStrip, PortalError> {
    use crate::server::{casework::dashboard, context::in_tenant};
    in_tenant(dashboard::portfolio()).await
}

/// Open cases by stage.
///
/// # Errors
/// As [`get_queue`].
#[server(prefix = "/api", endpoint = "dashboard/stages", input = GetUrl)]
pub async fn get_stage_mix() -> Result<StageMix, PortalError> {
    use crate::server::{casework::dashboard, context::in_tenant};
    in_tenant(dashboard::stages()).await
}
