//! The form that asks why somebody wants to see a masked value, and the answer that shows it: a plain form that posts, in a page
//! without scripts.
//!
//! Owns that a value is in the answer to a POST and nowhere else: in no address, in no session, in no page that a browser may keep. It
//! must not know how the pages look.

use axum::{
    Form,
    extract::{
        Path,
        rejection::{FormRejection, PathRejection},
    },
    response::Response,
};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::refuse;
use crate::{
    model::{ErrorCode, PortalError, RevealPage, RevealStep, UnmaskReason, Unmasked},
    server::{
        casework::{cases, frame::brand_of},
        context::{InTenant, TenantScope},
    },
};

type Address = Result<Path<(String, String)>, PathRejection>;

/// `POST /cases/{id}/reveal/{particular}`
#[derive(Deserialize)]
pub struct ReasonForm {
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    reason: String,
}

/// Asks for the reason.
pub async fn ask(InTenant(scope): InTenant, address: Address) -> Response {
    again(scope, &address_of(address), StatusCode::OK, (String::new(), String::new()), Vec::new()).await
}

/// Shows the value, once who asked and why is on record; a reason that cannot be taken comes back as it was typed.
pub async fn show(InTenant(scope): InTenant, address: Address, form: Result<Form<ReasonForm>, FormRejection>) -> Response {
    let Ok(Form(form)) = form else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    let (case, particular) = address_of(address);
    let reason = match UnmaskReason::parse(&form.purpose, &form.reason) {
        Ok(reason) => reason,
        Err(problems) => {
            let typed = (form.purpose, form.reason);
            return again(scope, &(case, particular), StatusCode::UNPROCESSABLE_ENTITY, typed, problems).await;
        }
    };
    match scope.clone().enter(async move { cases::unmask(&case, &particular, &reason).await }).await {
        Ok(unmasked) => {
            let back = back_after(&unmasked);
            let mut response = page(&scope, StatusCode::OK, RevealStep::Shown(unmasked));
            if let Ok(back) = HeaderValue::from_str(&back) {
                response.headers_mut().insert(header::REFRESH, back);
            }
            response
        }
        Err(error) => refuse(error),
    }
}

/// An address that cannot be read is nobody's particular: said like every other, to whoever may ask at all.
fn address_of(address: Address) -> (String, String) {
    address.map(|Path(parts)| parts).unwrap_or_default()
}

async fn again(
    scope: TenantScope,
    (case, particular): &(String, String),
    status: StatusCode,
    typed: (String, String),
    problems: Vec<crate::model::FieldError>,
) -> Response {
    match scope.clone().enter(cases::masked(case, particular)).await {
        Ok(of) => page(&scope, status, RevealStep::Ask { of, typed, problems }),
        Err(error) => refuse(error),
    }
}

/// `60; url=/cases/…`: the browser leaves the value by itself, with scripts or without. A header and no `<meta>`: it stands in no page
/// that could be kept.
fn back_after(unmasked: &Unmasked) -> String {
    format!("{}; url={}", unmasked.hide_after_s, unmasked.of.back())
}

/// The page as what it is; the router gives it its shape. No browser may keep it: going back asks again, and after a POST that is a
/// question to the person first.
fn page(scope: &TenantScope, status: StatusCode, step: RevealStep) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(RevealPage { brand: brand_of(scope.tenant()), theme: scope.facts().theme, step });
    response
}
