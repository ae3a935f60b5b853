//! `/api/v1/openapi.json`: the API's description, made once from the handlers and from what travels.

use std::sync::LazyLock;

use axum::response::{IntoResponse as _, Response};
use http::header;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, Ref, RefOr, Schema, SecurityRequirement,
        schema::ArrayItems,
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};

use super::{Problem, Refusals, cases, dashboard, documents, hearings, me};
use crate::{
    model::{ErrorCode, PortalError},
    server::http::refuse,
};

/// The cookie that carries a session outside development.
const COOKIE: &str = "__Host-odr";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "odr-portal",
        version = "1",
        description = "Reads of one institution's arbitration portfolio, for the person whose session the cookie names: the same rows, masks and \
                       rights as on that person's pages. Ask at the institution's own host.\n\nMoney is whole paise (one rupee is 100) in members that \
                       end in `_paise`. Dates are ISO 8601; times carry the offset of the institution's zone. An option is its code with the words \
                       for it. Every member described is always there, null where nothing is known; members may be added. Lists go on at `next`. \
                       Whatever is not answered is a problem (RFC 9457); a method other than GET or HEAD is 405 with `Allow`."
    ),
    paths(me::get_me, dashboard::get_dashboard, cases::list_cases, cases::get_case, hearings::list_hearings, documents::get_content, get_openapi),
    components(schemas(Problem)),
    modifiers(&Session, &Always, &Items)
)]
struct Description;

/// Who may ask: a session's cookie, and nothing else.
struct Session;

impl Modify for Session {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
        document.components.get_or_insert_default().add_security_scheme("session", cookie);
        document.security = Some(vec![SecurityRequirement::new("session", Vec::<String>::new())]);
    }
}

/// What is described is always sent, null where there is nothing: a client need not tell "absent" from "null".
struct Always;

impl Modify for Always {
    fn modify(&self, document: &mut openapi::OpenApi) {
        for schema in document.components.iter_mut().flat_map(|components| components.schemas.values_mut()) {
            if let RefOr::T(Schema::Object(object)) = schema {
                object.required = object.properties.keys().cloned().collect();
            }
        }
    }
}

/// A page's items are written out by the macro, which knows no name for a type parameter: they are the schema of that name.
struct Items;

impl Modify for Items {
    fn modify(&self, document: &mut openapi::OpenApi) {
        for (name, schema) in document.components.iter_mut().flat_map(|components| components.schemas.iter_mut()) {
            if let (Some(item), RefOr::T(Schema::Object(page))) = (name.strip_prefix("Page_"), schema)
                && let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items")
            {
                items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(item).into()));
            }
        }
    }
}

/// The description as text; made once a process.
fn text() -> Option<&'static str> {
    static TEXT: LazyLock<Option<String>> = LazyLock::new(|| Description::openapi().to_json().ok());
    TEXT.as_deref()
}

/// What the API answers, in OpenAPI 3.1.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "description", responses((status = 200, description = "This document.", body = serde_json::Value), Refusals))]
pub async fn get_openapi() -> Response {
    match text() {
        Some(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        None => refuse(PortalError::new(ErrorCode::Internal)),
    }
}
