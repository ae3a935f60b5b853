//! Server functions of the operations dashboard, a panel each.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{Board, PortalError};

/// What waits for the person.
///
/// # Errors
/// What casework refuses, as a code.
#[server(prefix = "/api", endpoint = "dashboard/queue", input = GetUrl)]
pub async fn get_queue() -> Result<Board, PortalError> {
    use crate::{
        app::sheets,
        server::{casework::dashboard, context::in_tenant},
    };
    in_tenant(dashboard::queue()).await.map(sheets::dashboard::queue)
}

/// Hearings of today and of the week.
///
/// # Errors
/// As [`get_queue`].
#[server(prefix = "/api", endpoint = "dashboard/hearings", input = GetUrl)]
pub async fn get_hearings_ahead() -> Result<Board, PortalError> {
    use crate::{
        app::sheets,
        server::{casework::dashboard, context::in_tenant},
    };
    in_tenant(dashboard::hearings()).await.map(sheets::dashboard::hearings)
}

/// Clocks that may run out.
///
/// # Errors
/// As [`get_queue`].
#[server(prefix = "/api", endpoint = "dashboard/clocks", input = GetUrl)]
pub async fn get_clocks_at_risk() -> Result<Board, PortalError> {
    use crate::{
        app::sheets,
        server::{casework::dashboard, context::in_tenant},
    };
    in_tenant(dashboard::clocks()).await.map(sheets::dashboard::clocks)
}

/// How the portfolio stands.
///
/// # Errors
/// As [`get_queue`].
#[server(prefix = "/api", endpoint = "dashboard/portfolio", input = GetUrl)]
pub async fn get_portfolio_strip() -> Result<Board, PortalError> {
    use crate::{
        app::sheets,
        server::{casework::dashboard, context::in_tenant},
    };
    in_tenant(dashboard::portfolio()).await.map(sheets::dashboard::portfolio)
}

/// Open cases by stage.
///
/// # Errors
/// As [`get_queue`].
#[server(prefix = "/api", endpoint = "dashboard/stages", input = GetUrl)]
pub async fn get_stage_mix() -> Result<Board, PortalError> {
    use crate::{
        app::sheets,
        server::{casework::dashboard, context::in_tenant},
    };
    in_tenant(dashboard::stages()).await.map(sheets::dashboard::stages)
}

/// Cases filed and closed by week.
///
/// # Errors
/// As [`get_queue`].
#[server(prefix = "/api", endpoint = "dashboard/throughput", input = GetUrl)]
pub async fn get_throughput() -> Result<Board, PortalError> {
    use crate::{
        app::sheets,
        server::{casework::dashboard, context::in_tenant},
    };
    in_tenant(dashboard::throughput()).await.map(sheets::flow::throughput)
}

/// What entered and left each stage by week.
///
/// # Errors
/// As [`get_queue`].
#[server(prefix = "/api", endpoint = "dashboard/moves", input = GetUrl)]
pub async fn get_moves() -> Result<Board, PortalError> {
    use crate::{
        app::sheets,
        server::{casework::dashboard, context::in_tenant},
    };
    in_tenant(dashboard::moves()).await.map(sheets::flow::moves)
}
