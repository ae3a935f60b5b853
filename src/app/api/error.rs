//! Ties [`PortalError`] to Leptos's server functions. Server text never passes: whatever the framework reports becomes a
//! code, and a body that is not ours (a proxy's page, say) becomes [`ErrorCode::Internal`].

use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

use crate::model::{ErrorCode, PortalError};

impl FromServerFnError for PortalError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => ErrorCode::BadRequest.into(),
            _ => ErrorCode::Internal.into(),
        }
    }
}
