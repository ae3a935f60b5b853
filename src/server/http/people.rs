//! The pages of people and roles, and the forms by which what somebody may is asked for, decided on and ended. It must not know what any
//! form asks.

use axum::{
    extract::{
        OriginalUri, Path, Query,
        rejection::{PathRejection, QueryRejection},
    },
    response::Response,
};
use serde::Deserialize;

use super::forms::{Pairs, answered, asked};
use crate::server::{
    casework::{decisions, people},
    context::InTenant,
};

type Address = Result<Path<String>, PathRejection>;
type Deed = Result<Path<(String, String)>, PathRejection>;

/// Which page of a list.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Listed {
    page: u32,
}

/// `GET /people`
pub async fn list(InTenant(scope): InTenant, page: Result<Query<Listed>, QueryRejection>) -> Response {
    let Listed { page } = page.map(|Query(page)| page).unwrap_or_default();
    asked(scope, people::list(page)).await
}

/// `GET /people/{id}`
pub async fn show(InTenant(scope): InTenant, address: Address) -> Response {
    let id = id_of(address);
    asked(scope, async move { people::show(&id).await }).await
}

/// `GET /people/new`
pub async fn ask_new(InTenant(scope): InTenant) -> Response {
    asked(scope, people::ask_new()).await
}

/// `POST /people/new`
pub async fn answer_new(InTenant(scope): InTenant, uri: OriginalUri, sent: Pairs) -> Response {
    answered(scope, uri, sent, async move |typed| people::answer_new(&typed).await).await
}

/// `GET /people/{id}/do/{deed}`
pub async fn ask(InTenant(scope): InTenant, address: Deed) -> Response {
    let (id, deed) = deed_of(address);
    asked(scope, async move { people::ask(&id, &deed).await }).await
}

/// `POST /people/{id}/do/{deed}`
pub async fn answer(InTenant(scope): InTenant, uri: OriginalUri, address: Deed, sent: Pairs) -> Response {
    let (id, deed) = deed_of(address);
    answered(scope, uri, sent, async move |typed| people::answer(&id, &deed, &typed).await).await
}

/// `GET /approvals/{id}`
pub async fn ask_decision(InTenant(scope): InTenant, address: Address) -> Response {
    let id = id_of(address);
    asked(scope, Box::pin(async move { decisions::ask(&id).await })).await
}

/// `POST /approvals/{id}`
pub async fn decide(InTenant(scope): InTenant, uri: OriginalUri, address: Address, sent: Pairs) -> Response {
    let id = id_of(address);
    answered(scope, uri, sent, move |typed| Box::pin(async move { decisions::answer(&id, &typed).await })).await
}

/// An address that cannot be read is nobody's.
fn id_of(address: Address) -> String {
    address.map(|Path(id)| id).unwrap_or_default()
}

fn deed_of(address: Deed) -> (String, String) {
    address.map(|Path(parts)| parts).unwrap_or_default()
}
