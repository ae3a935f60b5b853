//! `/api/v1/me`.

use axum::Json;

use super::{
    Refusals,
    wire::{self, Wire as _},
};
use crate::{
    model::PortalError,
    server::{casework::me, context::InTenant},
};

/// Who is signed in, where, and for how long.
///
/// # Errors
/// What casework refuses.
#[utoipa::path(get, path = "/api/v1/me", tag = "person", responses((status = 200, description = "The person.", body = wire::me::Me), Refusals))]
pub async fn get_me(InTenant(scope): InTenant) -> Result<Json<wire::me::Me>, PortalError> {
    Ok(Json(scope.enter(me::show()).await?.wire()))
}
