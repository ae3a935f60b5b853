//! Server function of campaigns of notices: one for all panels of all their pages, since each is words.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{Board, PortalError};

/// A panel by its word; the other arguments are the page's own parameters.
///
/// # Errors
/// What casework refuses, as a code; [`NotFound`](crate::model::ErrorCode::NotFound) for a word that is no panel's and for a campaign
/// that the person may not know of, [`Invalid`](crate::model::ErrorCode::Invalid) for words that cannot be read.
#[server(prefix = "/api", endpoint = "notices/panel", input = GetUrl)]
pub async fn get_notices_panel(
    #[server(default)] panel: String,
    #[server(default)] id: String,
    #[server(default)] q: String,
    #[server(default)] after: String,
) -> Result<Board, PortalError> {
    use crate::{
        app::sheets::notices as sheets,
        model::{CampaignQuery, ChannelQuery, RecipientQuery},
        server::{casework::notices, context::in_tenant},
    };
    in_tenant(async move {
        let channels = || ChannelQuery::read(&q).map_err(|error| error.code);
        Ok(match panel.as_str() {
            "list" => {
                notices::allowed()?;
                let query = CampaignQuery::read(&q, &after).map_err(|error| error.code)?;
                sheets::list(notices::list(query).await?)
            }
            "about" => sheets::about(notices::about(&id).await?),
            "funnels" => sheets::funnels(notices::funnels(&id).await?),
            "channels" => sheets::table(notices::of_campaign(&id).await?),
            "reasons" => sheets::reasons(notices::reasons(&id).await?),
            "failures" => sheets::failures(notices::failures(&id).await?),
            "curve" => sheets::curve(notices::curve(&id).await?),
            "overlap" => sheets::overlap(notices::overlap(&id).await?),
            "recipients" => {
                notices::allowed()?;
                let query = RecipientQuery::read(&id, &q, &after).map_err(|error| error.code)?;
                sheets::recipients(notices::recipients(query).await?)
            }
            "performance" => {
                notices::allowed()?;
                sheets::table(notices::performance(channels()?).await?)
            }
            "months" => {
                notices::allowed()?;
                sheets::months(notices::months(channels()?).await?)
            }
            _ => notices::nothing().await?,
        })
    })
    .await
}
