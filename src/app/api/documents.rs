//! Server function of the documents of all cases.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{PortalError, Sheet};

/// One page of documents, newest first. The arguments are the URL's parameters.
///
/// # Errors
/// What casework refuses, as a code; [`Invalid`](crate::model::ErrorCode::Invalid) names the filters that cannot be read.
#[server(prefix = "/api", endpoint = "documents/list", input = GetUrl)]
pub async fn list_documents(
    #[server(default)] kind: String,
    #[server(default)] state: String,
    #[server(default)] q: String,
    #[server(default)] after: String,
) -> Result<Sheet, PortalError> {
    use crate::{
        app::sheets::documents,
        model::DocumentQuery,
        server::{casework::documents as casework, context::in_tenant},
    };
    let asked = async move {
        let query = DocumentQuery::from_params(&kind, &state, &q, &after).map_err(|error| error.code)?;
        casework::list(query).await
    };
    in_tenant(asked).await.map(documents::list)
}
