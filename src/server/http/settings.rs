//! The pages of the institution's own rules, and the form by which another version is proposed. It must not know what the form asks.

use axum::{
    extract::{OriginalUri, Path, rejection::PathRejection},
    response::Response,
};

use super::forms::{Pairs, answered, asked};
use crate::server::{casework::rules, context::InTenant};

type Address = Result<Path<String>, PathRejection>;

/// `GET /settings`
pub async fn list(InTenant(scope): InTenant) -> Response {
    asked(scope, rules::list()).await
}

/// `GET /settings/rules/{notice}`
pub async fn show(InTenant(scope): InTenant, address: Address) -> Response {
    let notice = notice_of(address);
    asked(scope, async move { rules::show(&notice).await }).await
}

/// `GET /settings/rules/{notice}/new`
pub async fn ask_new(InTenant(scope): InTenant, address: Address) -> Response {
    let notice = notice_of(address);
    asked(scope, async move { rules::ask_new(&notice).await }).await
}

/// `POST /settings/rules/{notice}/new`
pub async fn answer_new(InTenant(scope): InTenant, uri: OriginalUri, address: Address, sent: Pairs) -> Response {
    let notice = notice_of(address);
    answered(scope, uri, sent, async move |typed| rules::answer_new(&notice, &typed).await).await
}

/// An address that cannot be read is no notice's.
fn notice_of(address: Address) -> String {
    address.map(|Path(notice)| notice).unwrap_or_default()
}
