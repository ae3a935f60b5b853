//! Forms that stand on pages of their own: asked for with GET, sent with POST, answered with a redirect or with the same form again,
//! what was typed still in it.
//!
//! Owns how a form travels. It must not know what any form asks, nor how it looks.

use std::time::Duration;

use axum::{
    Form as Sent,
    extract::{
        OriginalUri, Path, Query,
        rejection::{FormRejection, PathRejection, QueryRejection},
    },
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::{headers, refuse, unsent};
use crate::{
    model::{Answered, ErrorCode, FieldKind, Form, FormPage, PortalError, Typed},
    server::{
        casework::{Refusal, bulk, cause_list, frame, work},
        context::{Caller, InTenant, TenantScope},
    },
};

/// The longest that a piece of work over several cases may take: what was begun ends within it, and nginx waits longer (60 s).
const BULK_DEADLINE: Duration = Duration::from_secs(45);

type Address = Result<Path<(String, String)>, PathRejection>;
pub(super) type Pairs = Result<Sent<Vec<(String, String)>>, FormRejection>;

/// What a deed is done to besides the case, where it is not the case itself.
#[derive(Deserialize)]
pub struct On {
    #[serde(default)]
    on: String,
}

/// `GET /cases/{id}/do/{deed}`
pub async fn ask_deed(InTenant(scope): InTenant, address: Address, on: Result<Query<On>, QueryRejection>) -> Response {
    let (case, deed) = address_of(address);
    let on = on.map(|Query(on)| on.on).unwrap_or_default();
    // On the heap, here and below: what a deed asks the upstream is tens of kilobytes of state.
    asked(scope, Box::pin(async move { work::ask(&case, &deed, &on).await })).await
}

/// `POST /cases/{id}/do/{deed}`
pub async fn answer_deed(InTenant(scope): InTenant, uri: OriginalUri, address: Address, sent: Pairs) -> Response {
    let (case, deed) = address_of(address);
    answered(scope, uri, sent, move |typed| Box::pin(async move { work::answer(&case, &deed, &typed).await })).await
}

/// What a cause list is of: a view of the diary and a day of it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Span {
    view: String,
    day: String,
}

/// `GET /hearings/cause-list`
pub async fn cause_list(InTenant(scope): InTenant, span: Result<Query<Span>, QueryRejection>) -> Response {
    let Span { view, day } = span.map(|Query(span)| span).unwrap_or_default();
    asked(scope, cause_list::show(view, day)).await
}

/// `GET /cases/new`
pub async fn ask_new_case(InTenant(scope): InTenant) -> Response {
    asked(scope, work::create::ask()).await
}

/// `POST /cases/new`
pub async fn answer_new_case(InTenant(scope): InTenant, uri: OriginalUri, sent: Pairs) -> Response {
    answered(scope, uri, sent, async move |typed| work::create::answer(&typed).await).await
}

/// `GET /cases/bulk`
pub async fn ask_bulk(InTenant(scope): InTenant, sent: Result<Query<Vec<(String, String)>>, QueryRejection>) -> Response {
    let sent = sent.map(|Query(pairs)| Typed::from(pairs)).unwrap_or_default();
    asked(scope, Box::pin(async move { bulk::ask(&sent).await })).await
}

/// `POST /cases/bulk`
pub async fn answer_bulk(InTenant(scope): InTenant, sent: Pairs) -> Response {
    let Ok(Sent(pairs)) = sent else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    let answer = Box::pin(async move { bulk::answer(&Typed::from(pairs)).await });
    told(scope.clone(), scope.lasting(BULK_DEADLINE).enter(answer).await).await
}

/// An address that cannot be read is nobody's case.
fn address_of(address: Address) -> (String, String) {
    address.map(|Path(parts)| parts).unwrap_or_default()
}

/// The form, empty; or with what its person typed into it before their session ended.
pub(super) async fn asked(scope: TenantScope, form: impl Future<Output = Result<Form, Refusal>>) -> Response {
    let caller = scope.caller().clone();
    let with_unsent = async move { Ok(unsent::filled_in(&caller, form.await?)) };
    show(scope, StatusCode::OK, with_unsent).await
}

/// What became of it.
pub(super) async fn answered<F: Future<Output = Result<Answered, Refusal>>>(
    scope: TenantScope,
    uri: OriginalUri,
    sent: Pairs,
    answer: impl FnOnce(Typed) -> F,
) -> Response {
    let Ok(Sent(pairs)) = sent else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    if let Some(to_sign_in) = unsent::kept(&scope, uri.0.path(), &pairs) {
        return to_sign_in;
    }
    done(scope, answer(Typed::from(pairs))).await
}

/// The same, of what was read already.
pub(super) async fn done(scope: TenantScope, answer: impl Future<Output = Result<Answered, Refusal>>) -> Response {
    let answer = scope.anew().enter(answer).await;
    told(scope, answer).await
}

/// The same, with so much time for it.
pub(super) async fn done_within(
    scope: TenantScope,
    longest: Duration,
    answer: impl Future<Output = Result<Answered, Refusal>>,
) -> Response {
    let answer = scope.lasting(longest).enter(answer).await;
    told(scope, answer).await
}

async fn told(scope: TenantScope, answer: Result<Answered, PortalError>) -> Response {
    if let Caller::SignedIn(session) = scope.caller() {
        // What waited may be done now.
        session.waiting.forget();
    }
    match answer {
        Ok(Answered::Done { lead_to }) => Redirect::to(&lead_to).into_response(),
        Ok(Answered::Next(form)) => show(scope, StatusCode::OK, async { Ok(form) }).await,
        Ok(Answered::Again(form)) => show(scope, StatusCode::UNPROCESSABLE_ENTITY, async { Ok(form) }).await,
        Ok(Answered::Changed(form)) => show(scope, StatusCode::CONFLICT, async { Ok(form) }).await,
        Err(error) => refuse(error),
    }
}

async fn show(scope: TenantScope, status: StatusCode, form: impl Future<Output = Result<Form, Refusal>>) -> Response {
    // A scope of its own: what came before may have used up its time.
    match scope.anew().enter(async { Ok(FormPage { form: form.await?, frame: frame::show().await?, nonce: None }) }).await {
        Ok(mut page) => {
            let mut response = Response::default();
            let takes_files = page.form.fields.iter().any(|field| matches!(field.kind, FieldKind::Files { .. }));
            let nonce = (takes_files || page.form.live.is_some()).then(|| uuid::Uuid::new_v4().simple().to_string());
            if let Some(policy) = nonce.as_deref().and_then(|nonce| HeaderValue::from_str(&headers::upload_policy(nonce)).ok()) {
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
                page.nonce = nonce;
            }
            *response.status_mut() = if page.form.forbidden { StatusCode::FORBIDDEN } else { status };
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response.extensions_mut().insert(page);
            response
        }
        Err(error) => refuse(error),
    }
}
