//! Server function of the diary of hearings.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{DiarySheet, PortalError};

/// The hearings of a day, a week, a month or an agenda. The arguments are the URL's parameters.
///
/// # Errors
/// What casework refuses, as a code.
#[server(prefix = "/api", endpoint = "hearings/diary", input = GetUrl)]
pub async fn get_diary(#[server(default)] view: String, #[server(default)] day: String) -> Result<DiarySheet, PortalError> {
    use crate::{
        app::sheets,
        server::{casework::diary, context::in_tenant},
    };
    in_tenant(diary::show(view, day)).await.map(sheets::diary::diary)
}
