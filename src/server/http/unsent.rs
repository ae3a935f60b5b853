//! A form that is sent when the session has ended: what was typed waits on our side, and is filled in once the same person has signed in
//! again in the same browser.
//!
//! Owns the way there and back. It must not know what any form asks; files are never kept.

use std::sync::PoisonError;

use axum::response::{IntoResponse as _, Redirect, Response};

use crate::{
    model::{Form, LocalPath, Typed, address_with},
    server::{
        context::{Caller, TenantScope},
        session::Unsent,
    },
};

/// Said where it is filled in.
const FILLED_IN: &str = "Your session had ended when you sent this. Nothing of it was done; what you typed is filled in again.";
/// What a form's own address says besides its path, under the names under which the form sends it.
const OF_ADDRESS: [&str; 3] = [ON, "sort", "cols"];
/// The record that a form is about, where one address has forms of several.
const ON: &str = "on";

/// Keeps what was typed, and leads to the sign-in page, which comes back to the form; `None` where somebody is signed in, or nobody was.
pub fn kept(scope: &TenantScope, path: &str, typed: &[(String, String)]) -> Option<Response> {
    let Caller::Anonymous { before: Some(before), .. } = scope.caller() else { return None };
    let (services, tenant) = (scope.services(), scope.tenant());
    let user_id = services.sessions.ended(tenant, before)?;
    services.unsent.keep(tenant, before, Unsent::new(user_id, path, typed.to_vec())?);
    let given = typed.iter().filter(|(name, value)| OF_ADDRESS.contains(&name.as_str()) && !value.is_empty());
    let address = address_with(path, given.map(|(name, value)| (name.as_str(), value.as_str())));
    let sign_in = LocalPath::parse(&address).map_or_else(|| "/sign-in".to_owned(), |next| next.sign_in_address());
    Some(Redirect::to(&sign_in).into_response())
}

/// The form with what was typed into it before; that is given once.
pub fn filled_in(caller: &Caller, form: Form) -> Form {
    let Caller::SignedIn(session) = caller else { return form };
    let mut waiting = session.unsent.lock().unwrap_or_else(PoisonError::into_inner);
    let about = |typed: &Typed| form.hidden.iter().all(|(name, value)| *name != ON || typed.text(name) == value);
    let Some(typed) = waiting.as_ref().and_then(|unsent| Some(Typed::from(unsent.of(&form.action)?.to_vec()))).filter(about) else {
        return form;
    };
    *waiting = None;
    drop(waiting);
    // What travels along unseen is the new form's own: revision and operation are those of now.
    let mut form = form.again(&typed, &[]);
    form.notice.push(FILLED_IN.to_owned());
    form
}
