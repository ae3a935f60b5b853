//! Server functions of the frame around every page: who is signed in where, for how long, and the sign-in page itself.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{Frame, PortalError, SignInPage};

/// The frame of a signed-in page.
///
/// # Errors
/// [`SignedOut`](crate::model::ErrorCode::SignedOut) without a session.
#[server(prefix = "/api", endpoint = "frame/show", input = GetUrl)]
pub async fn get_frame() -> Result<Frame, PortalError> {
    use crate::server::{casework::frame, context::in_tenant};
    in_tenant(frame::show()).await
}

/// What the sign-in page shows this browser.
///
/// # Errors
/// Only a defect of ours.
#[server(prefix = "/api", endpoint = "sign-in/show", input = GetUrl)]
pub async fn get_sign_in_page(#[server(default)] next: String) -> Result<SignInPage, PortalError> {
    use crate::server::{casework::frame, context::in_tenant};
    in_tenant(frame::sign_in_page(next)).await
}

/// Counts as activity; answers with the seconds that the session now has.
///
/// # Errors
/// [`SignedOut`](crate::model::ErrorCode::SignedOut) when it is too late.
#[server(prefix = "/api", endpoint = "session/stay")]
pub async fn stay_signed_in() -> Result<u32, PortalError> {
    use crate::server::{casework::frame, context::in_tenant};
    in_tenant(frame::stay()).await
}
