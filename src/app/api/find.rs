//! Server function of the one box for every number, every page and every action.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{PortalError, Sheet};

/// The pages and actions that go by these words, and the cases that go by a number or have them. While a page renders on the server, a
/// single case whose whole number was typed is gone to at once.
///
/// # Errors
/// What casework refuses, as a code.
#[server(prefix = "/api", endpoint = "cases/find", input = GetUrl)]
pub async fn find_cases(#[server(default)] q: String) -> Result<Vec<Sheet>, PortalError> {
    use crate::{
        app::sheets::find,
        server::{casework, context::in_tenant},
    };
    let text = q.clone();
    let found = in_tenant(async move { casework::find::find(&text).await }).await?;
    if let [only] = found.cases.as_slice()
        && only.by.is_sure()
    {
        super::page_status::lead_to(&format!("/cases/{}", only.case.id.as_str()));
    }
    Ok(find::sheets(found, &q))
}
