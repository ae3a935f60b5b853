//! Server function of the one box for every number.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{PortalError, Sheet};

/// The cases that go by a number, or that have these words. While a page renders on the server, a single case whose whole number was
/// typed is gone to at once.
///
/// # Errors
/// What casework refuses, as a code.
#[server(prefix = "/api", endpoint = "cases/find", input = GetUrl)]
pub async fn find_cases(#[server(default)] q: String) -> Result<Sheet, PortalError> {
    use crate::{
        app::sheets::find,
        server::{casework, context::in_tenant},
    };
    let found = in_tenant(async move { casework::find::find(&q).await }).await?;
    if let [only] = found.as_slice()
        && only.by.is_sure()
    {
        super::page_status::lead_to(&format!("/cases/{}", only.case.id.as_str()));
    }
    Ok(find::sheet(found))
}
