//! The pages of a campaign that is being made, and the forms by which it is entered, checked, asked for, released and stopped. It must not
//! know what any form asks.

use axum::{
    extract::{
        OriginalUri, Path, Query,
        rejection::{PathRejection, QueryRejection},
    },
    response::Response,
};
use serde::Deserialize;

use super::forms::{Pairs, answered, asked};
use crate::server::{casework::notices::make, context::InTenant};

type Address = Result<Path<String>, PathRejection>;
type Deed = Result<Path<(String, String)>, PathRejection>;

/// Which respondent is shown, and in which language.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    at: String,
    lang: String,
}

/// `GET /notices/new`
pub async fn choose(InTenant(scope): InTenant) -> Response {
    asked(scope, make::choose()).await
}

/// `GET /notices/new/{notice}`
pub async fn ask_new(InTenant(scope): InTenant, address: Address) -> Response {
    let notice = part(address);
    asked(scope, Box::pin(async move { make::ask_new(&notice).await })).await
}

/// `POST /notices/new/{notice}`
pub async fn answer_new(InTenant(scope): InTenant, uri: OriginalUri, address: Address, sent: Pairs) -> Response {
    let notice = part(address);
    answered(scope, uri, sent, move |typed| Box::pin(async move { make::answer_new(&notice, &typed).await })).await
}

/// `GET /notices/{id}/make`
pub async fn show(InTenant(scope): InTenant, address: Address) -> Response {
    let id = part(address);
    asked(scope, Box::pin(async move { make::show(&id).await })).await
}

/// `GET /notices/{id}/rendering`
pub async fn rendering(InTenant(scope): InTenant, address: Address, shown: Result<Query<Shown>, QueryRejection>) -> Response {
    let id = part(address);
    let Shown { at, lang } = shown.map(|Query(shown)| shown).unwrap_or_default();
    asked(scope, Box::pin(async move { make::rendering(&id, &at, &lang).await })).await
}

/// `GET /notices/{id}/do/{deed}`
pub async fn ask(InTenant(scope): InTenant, address: Deed) -> Response {
    let (id, deed) = address.map(|Path(parts)| parts).unwrap_or_default();
    asked(scope, Box::pin(async move { make::ask(&id, &deed).await })).await
}

/// `POST /notices/{id}/do/{deed}`
pub async fn answer(InTenant(scope): InTenant, uri: OriginalUri, address: Deed, sent: Pairs) -> Response {
    let (id, deed) = address.map(|Path(parts)| parts).unwrap_or_default();
    answered(scope, uri, sent, move |typed| Box::pin(async move { make::answer(&id, &deed, &typed).await })).await
}

/// An address that cannot be read is nobody's.
fn part(address: Address) -> String {
    address.map(|Path(part)| part).unwrap_or_default()
}
