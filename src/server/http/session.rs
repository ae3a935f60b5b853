//! The session layer: who a request comes from, read again from the person's record once a minute, for as long as
//! an answer to them takes; and the gate in front of pages and of the JSON API.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use http::Method;

use super::{origin::SERVER_FUNCTIONS, refuse};
use crate::{
    model::{ErrorCode, LocalPath, PortalError},
    registry::Tenant,
    server::{
        casework::membership,
        context::{Caller, InTenant, Services, TenantScope},
        session::{Found, Session, Token},
    },
    telemetry::metrics,
};

/// Between two looks at whether a file under way may go on.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// Puts the [`Caller`] into the request's extensions: always, so that its absence is a defect.
pub async fn identify(State(services): State<Arc<Services>>, mut request: Request, next: Next) -> Response {
    let Some(tenant) = request.extensions().get::<Arc<Tenant>>().cloned() else {
        return refuse(PortalError::new(ErrorCode::NoTenant));
    };
    let signing_in = services.cookies.pending(request.headers(), &tenant);
    let found = services.cookies.session(request.headers(), &tenant);
    let anonymous = |before: Option<Token>| Caller::Anonymous { signing_in: signing_in.clone(), ended: before.is_some(), before };
    let mut own = None;
    let caller = match found {
        Found::Nothing => anonymous(None),
        Found::Foreign => {
            metrics::wrong_tenant_session();
            tracing::warn!("a session cookie of another institution was sent here");
            anonymous(None)
        }
        Found::Own(token) => {
            own = Some(token.clone());
            services.sessions.find(&tenant, &token).map_or_else(|| anonymous(Some(token)), Caller::SignedIn)
        }
    };
    request.extensions_mut().insert(Arc::clone(&services));
    request.extensions_mut().insert(caller.clone());
    if let Caller::SignedIn(session) = &caller {
        if session.principal_is_stale() {
            request = reread(session, request).await;
            if session.is_ended() {
                services.sessions.end(session);
                request.extensions_mut().insert(anonymous(own));
            }
        }
        tracing::Span::current().record("user", session.principal().user_id.as_str());
    }
    next.run(request).await
}

/// Reads the person's record again, under this very request's tenant.
async fn reread(session: &Arc<Session>, request: Request) -> Request {
    let (mut parts, body) = request.into_parts();
    if let Ok(InTenant(scope)) = axum::RequestPartsExt::extract::<InTenant>(&mut parts).await {
        renew(session, scope).await;
    }
    Request::from_parts(parts, body)
}

/// Reads it unless somebody else has just done so. Who is no longer a member, or whose record ends older sessions, is signed out. When
/// the upstream does not answer, the last word stands for a few minutes more and the next request asks again; after that casework
/// refuses (`context::authorise`) until the record can be read. Signing out always works.
async fn renew(session: &Arc<Session>, scope: TenantScope) {
    let _one_at_a_time = session.rereading.lock().await;
    if !session.principal_is_stale() {
        return;
    }
    let user_id = session.principal().user_id.clone();
    match scope.enter(membership::find(&user_id)).await {
        Ok(Some(member)) => {
            if !session.renew(member.principal) {
                session.mark_ended();
            }
        }
        Ok(None) => session.mark_ended(),
        Err(_) => tracing::warn!("a person's record could not be read again"),
    }
}

/// Whether an answer that is sent piece by piece may send its next one: asked before each, since such an answer outlives what the
/// layers found out when it was asked for.
pub async fn goes_on(scope: &TenantScope) -> bool {
    if let Caller::SignedIn(session) = scope.caller()
        && session.principal_is_stale()
    {
        renew(session, scope.anew()).await;
        if session.is_ended() {
            scope.services().sessions.end(session);
        }
    }
    scope.stands()
}

/// The same for an answer whose pieces must not wait for the person's record: returns when it may not go on.
pub async fn until_over(scope: &TenantScope) {
    while goes_on(scope).await {
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// The gate in front of pages: who is not signed in goes to the sign-in page and comes back afterwards. Server functions pass:
/// casework refuses for each, with an error that the page which called it understands, and a redirect is none.
pub async fn require_for_pages(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with(SERVER_FUNCTIONS) {
        return next.run(request).await;
    }
    let signed_in = matches!(request.extensions().get::<Caller>(), Some(Caller::SignedIn(_)));
    match (signed_in, path) {
        (true, "/sign-in") => Redirect::to("/").into_response(),
        (true, _) | (false, "/sign-in") => next.run(request).await,
        (false, _) if *request.method() == Method::GET || *request.method() == Method::HEAD => {
            let wanted = request.uri().path_and_query().map_or("/", |target| target.as_str());
            // The list is where one arrives anyway: its bare address need not be carried along.
            let next = LocalPath::parse(wanted).filter(|next| next.as_str() != "/");
            let address = next.map_or_else(|| "/sign-in".to_owned(), |next| next.sign_in_address());
            Redirect::to(&address).into_response()
        }
        _ => refuse(PortalError::new(ErrorCode::SignedOut)),
    }
}

/// The gate in front of the JSON API: who is not signed in is told so, and never sent anywhere. Casework asks again, for each.
pub async fn require_for_api(request: Request, next: Next) -> Response {
    match request.extensions().get::<Caller>() {
        Some(Caller::SignedIn(_)) => next.run(request).await,
        _ => refuse(PortalError::new(ErrorCode::SignedOut)),
    }
}
