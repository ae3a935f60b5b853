//! Server function of the audit trail.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{PortalError, Sheet};

/// One page of the audit trail, newest first. The arguments are the URL's parameters.
///
/// # Errors
/// What casework refuses, as a code; [`Invalid`](crate::model::ErrorCode::Invalid) names the filters that cannot be read.
#[server(prefix = "/api", endpoint = "audit/list", input = GetUrl)]
pub async fn list_audit_events(
    #[server(default)] kind: String,
    #[server(default)] result: String,
    #[server(default)] actor: String,
    #[server(default)] case: String,
    #[server(default)] from: String,
    #[server(default)] to: String,
    #[server(default)] after: String,
) -> Result<Sheet, PortalError> {
    use crate::{
        app::sheets,
        model::AuditQuery,
        server::{casework::audit, context::in_tenant},
    };
    in_tenant(async move {
        let query = AuditQuery::from_params(&kind, &result, &actor, &case, &from, &to, &after).map_err(|error| error.code)?;
        let page = audit::list(query.clone()).await?;
        Ok(sheets::audit::trail(page, &query))
    })
    .await
}
