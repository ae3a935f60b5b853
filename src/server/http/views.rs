//! The forms by which saved views of the case list are kept, changed and deleted. It must not know what they ask.

use axum::{
    extract::{
        OriginalUri, Path, Query,
        rejection::{PathRejection, QueryRejection},
    },
    response::Response,
};
use serde::Deserialize;

use super::forms::{Pairs, answered, asked};
use crate::server::{casework::views, context::InTenant};

type Address = Result<Path<String>, PathRejection>;

/// What the list shows, in its own parameters.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    q: String,
    sort: String,
    cols: String,
}

/// `GET /views/new`
pub async fn ask_save(InTenant(scope): InTenant, shown: Result<Query<Shown>, QueryRejection>) -> Response {
    let Shown { q, sort, cols } = shown.map(|Query(shown)| shown).unwrap_or_default();
    asked(scope, async move { views::ask_save(&q, &sort, &cols) }).await
}

/// `POST /views/new`
pub async fn save(InTenant(scope): InTenant, uri: OriginalUri, sent: Pairs) -> Response {
    answered(scope, uri, sent, async move |typed| views::save(&typed).await).await
}

/// `GET /views/{id}`
pub async fn ask_change(InTenant(scope): InTenant, address: Address) -> Response {
    let id = id_of(address);
    asked(scope, async move { views::ask_change(&id).await }).await
}

/// `POST /views/{id}`
pub async fn change(InTenant(scope): InTenant, uri: OriginalUri, address: Address, sent: Pairs) -> Response {
    let id = id_of(address);
    answered(scope, uri, sent, async move |typed| views::change(&id, &typed).await).await
}

/// `GET /views/{id}/delete`
pub async fn ask_delete(InTenant(scope): InTenant, address: Address) -> Response {
    let id = id_of(address);
    asked(scope, async move { views::ask_delete(&id).await }).await
}

/// `POST /views/{id}/delete`
pub async fn delete(InTenant(scope): InTenant, uri: OriginalUri, address: Address, sent: Pairs) -> Response {
    let id = id_of(address);
    answered(scope, uri, sent, async move |typed| views::delete(&id, &typed).await).await
}

/// An address that cannot be read is nobody's view.
fn id_of(address: Address) -> String {
    address.map(|Path(id)| id).unwrap_or_default()
}
