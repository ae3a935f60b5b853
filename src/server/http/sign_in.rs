//! The forms of sign-in and sign-out: plain HTML forms, so that they work before any script has run.
//!
//! Each answers with a redirect. What went wrong and what was typed is kept on the server for the browser that typed it;
//! nothing of it stands in an address.

use axum::{
    Form,
    extract::rejection::FormRejection,
    response::{IntoResponse as _, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::refuse;
use crate::{
    model::{ErrorCode, LocalPath, PortalError, SignInProblem},
    server::{
        casework::{
            membership,
            sign_in::{self, Outcome},
        },
        context::{Caller, InTenant, TenantScope},
        session::{Pending, PendingStep, Principal, Token},
    },
};

/// `POST /sign-in`
#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    user: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in/code`
#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: SecretString,
    #[serde(default)]
    next: String,
}

/// Takes user and password. A session that this browser had before ends: whose code comes next is not who it was.
pub async fn password(InTenant(scope): InTenant, form: Result<Form<PasswordForm>, FormRejection>) -> Response {
    let Ok(Form(form)) = form else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    if let Caller::SignedIn(session) = scope.caller() {
        scope.services().sessions.end(session);
        let _noted = scope.clone().enter(sign_in::ended(false)).await;
    }
    let outcome = scope.clone().enter(sign_in::password(form.user, form.password)).await;
    answer(&scope, outcome, &form.next).await
}

/// Takes the one-time code. The half-done login is taken out first: of two answers at once only one is tried.
pub async fn code(InTenant(scope): InTenant, form: Result<Form<CodeForm>, FormRejection>) -> Response {
    let Ok(Form(form)) = form else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    let pending = token_of(&scope).and_then(|token| scope.services().pending.take(scope.tenant(), &token));
    let pending = pending.unwrap_or(Pending { user: String::new(), problem: None, step: PendingStep::Password });
    let outcome = scope.clone().enter(sign_in::code(pending, form.code)).await;
    answer(&scope, outcome, &form.next).await
}

/// Goes back to user and password; the user stays typed.
pub async fn restart(InTenant(scope): InTenant) -> Response {
    let user = token_of(&scope)
        .and_then(|token| scope.services().pending.take(scope.tenant(), &token))
        .map_or_else(String::new, |pending| pending.user);
    keep(&scope, Pending { user, problem: None, step: PendingStep::Password }, "")
}

/// Ends this browser's session.
pub async fn sign_out(InTenant(scope): InTenant) -> Response {
    if let Caller::SignedIn(session) = scope.caller() {
        scope.services().sessions.end(session);
        tracing::info!("signed out");
        let _noted = scope.clone().enter(sign_in::ended(false)).await;
    }
    signed_out(&scope)
}

/// Ends every session of this person, here and at every other replica.
pub async fn sign_out_everywhere(InTenant(scope): InTenant) -> Response {
    if let Caller::SignedIn(session) = scope.caller() {
        let user_id = session.principal().user_id.clone();
        let ended = scope.services().sessions.end_all_of(scope.tenant(), &user_id);
        tracing::info!(ended, "signed out everywhere");
        let _noted = scope.clone().enter(sign_in::ended(true)).await;
        // Whether other replicas could be told does not change that this browser is signed out; the door logs it.
        let _told = scope.clone().enter(async { membership::end_sessions_everywhere(&user_id).await }).await;
    }
    signed_out(&scope)
}

fn signed_out(scope: &TenantScope) -> Response {
    let pending = Pending { user: String::new(), problem: Some(SignInProblem::SignedOut), step: PendingStep::Password };
    let mut response = keep(scope, pending, "");
    let cookies = scope.services().cookies;
    cookies.clear(response.headers_mut(), cookies.session_name());
    response.headers_mut().insert("clear-site-data", http::HeaderValue::from_static("\"storage\""));
    response
}

async fn answer(scope: &TenantScope, outcome: Result<Outcome, PortalError>, next: &str) -> Response {
    match outcome {
        Ok(Outcome::Member(principal)) => begin(scope, principal, next).await,
        Ok(Outcome::Pending(pending)) => keep(scope, pending, next),
        Err(error) => refuse(error),
    }
}

/// Begins a session under a new id.
async fn begin(scope: &TenantScope, principal: Principal, next: &str) -> Response {
    let (services, tenant) = (scope.services(), scope.tenant());
    let Ok(token) = Token::fresh(tenant) else { return refuse(PortalError::new(ErrorCode::Internal)) };
    let user_id = principal.user_id.clone();
    let session = services.sessions.begin(tenant, &token, principal);
    if let Caller::Anonymous { before: Some(before), .. } = scope.caller() {
        // What they typed when their last session had ended, in this browser; it waits for its form to be opened.
        let unsent = services.unsent.take(tenant, before, &user_id);
        *session.unsent.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = unsent;
    }
    let member = scope.clone().signed_in(session);
    let _noted = member.clone().enter(sign_in::began()).await;
    // Nobody waits for it, and nobody is kept out where it fails; the door logs that.
    #[expect(clippy::disallowed_methods, reason = "the scope goes along by value and is entered inside")]
    tokio::spawn(async move { member.anew().enter(async { membership::note_sign_in(&user_id).await }).await });
    let next = LocalPath::parse(next);
    let mut response = Redirect::to(next.as_ref().map_or("/", LocalPath::as_str)).into_response();
    services.cookies.set(response.headers_mut(), services.cookies.session_name(), &token);
    services.cookies.clear(response.headers_mut(), services.cookies.pending_name());
    if let Some(token) = token_of(scope) {
        services.pending.take(tenant, &token);
    }
    response
}

/// Keeps what this browser has done so far and shows the sign-in page again. Under a new token each time: one that somebody
/// else has planted in this browser must not open its half-done login to them.
fn keep(scope: &TenantScope, pending: Pending, next: &str) -> Response {
    let (services, tenant) = (scope.services(), scope.tenant());
    let Ok(token) = Token::fresh(tenant) else { return refuse(PortalError::new(ErrorCode::Internal)) };
    if let Some(known) = token_of(scope) {
        services.pending.take(tenant, &known);
    }
    services.pending.keep(tenant, &token, pending);
    let address = LocalPath::parse(next).map_or_else(|| "/sign-in".to_owned(), |next| next.sign_in_address());
    let mut response = Redirect::to(&address).into_response();
    services.cookies.set(response.headers_mut(), services.cookies.pending_name(), &token);
    response
}

fn token_of(scope: &TenantScope) -> Option<Token> {
    match scope.caller() {
        Caller::Anonymous { signing_in, .. } => signing_in.clone(),
        Caller::SignedIn(_) | Caller::Job(_) => None,
    }
}
