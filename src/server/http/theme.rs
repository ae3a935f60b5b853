//! Light or dark, as a person chose it: a cookie that says nothing else, so that the first byte of a page is right.

use axum::{
    Form,
    extract::rejection::FormRejection,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use super::refuse;
use crate::{
    model::{ErrorCode, LocalPath, PortalError, Theme},
    server::context::InTenant,
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
pub async fn choose(InTenant(scope): InTenant, headers: HeaderMap, form: Result<Form<ThemeForm>, FormRejection>) -> Response {
    let Ok(Form(form)) = form else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    let theme = Theme::from_code(&form.theme);
    let mut response = Redirect::to(&way_back(&headers)).into_response();
    let secure = if scope.services().cookies.development { "" } else { "; Secure" };
    let cookie = format!("{}={}; Path=/; SameSite=Lax; Max-Age={KEPT_S}{secure}", Theme::COOKIE, theme.code());
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The choice among a request's cookies.
pub fn of(headers: &HeaderMap) -> Theme {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let code = lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(Theme::COOKIE)?.strip_prefix('='));
    code.map(Theme::from_code).unwrap_or_default()
}

/// The path of the referring page, if it is one of ours; the origin check has seen that the request is.
fn way_back(headers: &HeaderMap) -> String {
    let referrer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).and_then(|text| url::Url::parse(text).ok());
    let path = referrer.map(|url| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()).unwrap_or_default();
    if path == "/sign-in" { path } else { LocalPath::parse(&path).map_or_else(|| "/".to_owned(), |path| path.as_str().to_owned()) }
}
