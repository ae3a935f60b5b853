//! Server function of the portfolio summary: one for all of its panels, since each is words.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{Board, PortalError};

/// A panel by its word; the other arguments are the page's own parameters.
///
/// # Errors
/// What casework refuses, as a code; [`NotFound`](crate::model::ErrorCode::NotFound) for a word that is no panel's.
#[server(prefix = "/api", endpoint = "portfolio/panel", input = GetUrl)]
pub async fn get_portfolio_panel(
    #[server(default)] panel: String,
    #[server(default)] q: String,
    #[server(default)] kind: String,
    #[server(default)] state: String,
    #[server(default)] page: String,
) -> Result<Board, PortalError> {
    use crate::{
        app::sheets::{portfolio as sheets, portfolio_outcome as outcome},
        model::{Narrowing, ProceedingsAsked},
        server::{casework::portfolio, context::in_tenant},
    };
    let asked = ProceedingsAsked { kind, state, page: page.parse().unwrap_or(0) };
    in_tenant(async move {
        let narrowing = Narrowing::read(&q);
        Ok(match panel.as_str() {
            "cover" => sheets::cover(portfolio::cover(narrowing).await?),
            "measures" => sheets::measures(portfolio::measures(narrowing).await?),
            "products" => sheets::products(portfolio::products(narrowing).await?),
            "zones" => sheets::zones(portfolio::zones(narrowing).await?),
            "ages" => sheets::ages(portfolio::ages(narrowing).await?),
            "bottlenecks" => sheets::bottlenecks(portfolio::bottlenecks(narrowing).await?),
            "awards" => outcome::awards(portfolio::awards(narrowing).await?),
            "notices" => outcome::notices(portfolio::notices(narrowing).await?),
            "cohorts" => sheets::cohorts(portfolio::cohorts(narrowing).await?),
            "promises" => outcome::promises(portfolio::promises(narrowing).await?),
            "rolls" => outcome::rolls(portfolio::rolls(narrowing).await?),
            "costs" => outcome::costs(portfolio::costs(narrowing).await?),
            "advocates" => outcome::advocates(portfolio::advocates(narrowing).await?),
            "workload" => sheets::workload(portfolio::workload(narrowing).await?),
            "enforceability" => sheets::enforceability(portfolio::enforceability(narrowing).await?),
            "proceedings" => sheets::proceedings(portfolio::proceedings(narrowing).await?),
            "litigation" => sheets::litigation(portfolio::litigation(narrowing, asked).await?),
            _ => portfolio::nothing().await?,
        })
    })
    .await
}
