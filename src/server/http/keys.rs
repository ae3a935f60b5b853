//! The page that lists the keys: the same for everybody but for whose portal it is. It must not know how the page looks.

use axum::response::Response;

use crate::{
    model::KeysPage,
    server::{casework::frame::brand_of, context::InTenant},
};

/// `GET /keys`
pub async fn show(InTenant(scope): InTenant) -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(KeysPage { brand: brand_of(scope.tenant()), theme: scope.facts().theme });
    response
}
