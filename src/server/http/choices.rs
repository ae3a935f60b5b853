//! What a person chose for this browser: light or dark, the columns of the case list. Each is a cookie that says nothing else, so that
//! the first byte of a page is right.

use axum::{
    Form,
    extract::rejection::FormRejection,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use super::refuse;
use crate::{
    model::{ErrorCode, LocalPath, PortalError, TableLook, Theme},
    server::context::{InTenant, TenantScope},
};

/// How long the choice is kept: a year, in seconds.
const KEPT_S: u32 = 31_536_000;

/// `POST /theme`
#[derive(Deserialize)]
pub struct ThemeForm {
    #[serde(default)]
    theme: String,
}

/// Keeps the choice and goes back to the page that it was made on.
pub async fn choose_theme(InTenant(scope): InTenant, headers: HeaderMap, form: Result<Form<ThemeForm>, FormRejection>) -> Response {
    let Ok(Form(form)) = form else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    keep(&scope, Theme::COOKIE, Theme::from_code(&form.theme).code(), &way_back(&headers, "/"))
}

/// `POST /cases/columns`: each column's place under the column's word, and whether rows are dense. Keeps them and goes back; `usual`,
/// or a form without any place, takes the choice back.
pub async fn choose_columns(
    InTenant(scope): InTenant,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    let has = |name: &str| form.iter().any(|(known, _)| known == name);
    let places = form.iter().map(|(word, place)| (word.as_str(), place.as_str()));
    let look = scope.facts().columns.with_places(places, has("dense")).filter(|_| !has("usual")).unwrap_or_default();
    keep(&scope, TableLook::COOKIE, &look.text(), &way_back(&headers, "/cases"))
}

/// Light or dark, as chosen among a request's cookies.
pub fn theme(headers: &HeaderMap) -> Theme {
    chosen(headers, Theme::COOKIE).map(Theme::from_code).unwrap_or_default()
}

/// The case list's columns, as chosen among a request's cookies.
pub fn columns(headers: &HeaderMap) -> TableLook {
    chosen(headers, TableLook::COOKIE).and_then(TableLook::parse).unwrap_or_default()
}

fn chosen<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

fn keep(scope: &TenantScope, name: &str, value: &str, back: &str) -> Response {
    let mut response = Redirect::to(back).into_response();
    let secure = if scope.services().cookies.development { "" } else { "; Secure" };
    if let Ok(cookie) = HeaderValue::from_str(&format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={KEPT_S}{secure}")) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The path of the referring page, if it is one of ours; the origin check has seen that the request is.
fn way_back(headers: &HeaderMap, otherwise: &str) -> String {
    let referrer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).and_then(|text| url::Url::parse(text).ok());
    let path = referrer.map(|url| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()).unwrap_or_default();
    if path == "/sign-in" { path } else { LocalPath::parse(&path).map_or_else(|| otherwise.to_owned(), |path| path.as_str().to_owned()) }
}
