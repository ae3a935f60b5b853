//! Server function of the requests for a second pair of eyes.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{PortalError, Sheet};

/// One page of requests. The arguments are the URL's parameters.
///
/// # Errors
/// [`Forbidden`](crate::model::ErrorCode::Forbidden) for roles that neither ask nor decide.
#[server(prefix = "/api", endpoint = "approvals/list", input = GetUrl)]
pub async fn list_approvals(#[server(default)] show: String, #[server(default)] after: String) -> Result<Sheet, PortalError> {
    use crate::{
        app::sheets::approvals,
        model::ApprovalQuery,
        server::{casework::approvals as casework, context::in_tenant},
    };
    let query = ApprovalQuery::from_params(&show, &after);
    let decided = query.decided;
    in_tenant(casework::list(query)).await.map(|page| approvals::list(page, decided))
}
