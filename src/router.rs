//! Every route and the whole middleware stack, in order, in one file: the only place that mounts anything, and the only one
//! that gives a layer's typed refusal a shape.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get, post},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use leptos::{
    nonce::use_nonce,
    prelude::{LeptosOptions, with_context},
};
use leptos_axum::{AxumRouteListing, LeptosRoutes as _, ResponseOptions, generate_route_list};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::NotForContentType},
    limit::RequestBodyLimitLayer,
};

use crate::{
    app::{
        App,
        pages::{form::form_page, keys::keys_page, refusal::refusal_page, reveal::reveal_page},
        shell::{Look, shell},
    },
    config::WebConfig,
    model::{ErrorCode, FormPage, KeysPage, PortalError, RevealPage, Theme},
    registry::Tenant,
    server::{
        api::{self, PROBLEM_JSON, Problem},
        casework::{feeds, frame::brand_of},
        context::Services,
        http::{
            RequestFacts,
            assets::{self, AssetNames},
            brand, calendar, campaigns, choices, deadline, document, export, filing, forms, headers, isolate, keys, limits, observe,
            origin, panics, people, refuse, reveal, session, settings, sign_in, tenant, upload, views,
        },
    },
};

/// The largest body of a form or a server function, in bytes. Uploads have a route and a limit of their own.
const BODY_BYTES: usize = 256 * 1024;
/// An encoded error is never longer than this, in bytes.
const ERROR_BYTES: usize = 16 * 1024;

/// Where a filing's file is taken in, and where its mended rows are.
const NEW_FILING: &str = "/filing/new";
const MENDED: &str = "/filing/{id}/rejects";
/// Where documents are added to a case.
const UPLOAD: &str = "/cases/{id}/documents/new";

/// The whole public side.
pub fn portal(services: Arc<Services>, web: Arc<WebConfig>, assets: &AssetNames) -> Router {
    let pages = pages(assets).route_layer(from_fn(session::require_for_pages));
    let handlers = handlers().into_iter().fold(Router::new(), |routes, (_, path, handler)| routes.route(path, handler));
    let uploads = uploads().into_iter().fold(Router::new(), |routes, (_, path, handler)| routes.route(path, handler));

    let json_api = json_api().into_iter().fold(Router::new(), |routes, (path, handler)| routes.route(path, handler));
    let json_api = json_api.route_layer(from_fn(session::require_for_api));

    // Of an institution: from here inwards a request has a tenant.
    let tenanted = pages
        .merge(handlers)
        .merge(json_api)
        .fallback(|| async { refuse(PortalError::new(ErrorCode::NotFound)) })
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        .merge(uploads.layer(DefaultBodyLimit::disable()).layer(RequestBodyLimitLayer::new(upload::FORM_BYTES)))
        .layer(from_fn_with_state(Arc::clone(&services), session::identify))
        .layer(from_fn_with_state(Arc::clone(&web), origin::check))
        .layer(from_fn_with_state(Arc::new(limits::TenantLimits::default()), limits::enforce))
        .layer(from_fn_with_state(Arc::clone(&services.registry), tenant::resolve));

    // Of everybody: files without a tenant, then the layers around all there is; the last one added is the outermost.
    assets::routes(&web.site_root, assets.hashes.is_some())
        .merge(tenanted)
        .layer(from_fn(deadline::bound_body))
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        .layer(from_fn_with_state(Arc::clone(&assets.stylesheet), show_refusals))
        .layer(CatchPanicLayer::custom(panics::answer))
        .layer(from_fn_with_state(Arc::clone(&assets.stylesheet), show_refusals))
        .layer(from_fn_with_state(Arc::clone(&web), headers::complete))
        .layer(from_fn_with_state(web, observe::observe))
        .layer(from_fn(isolate::isolate))
}

/// Pages and server functions, as the application declares them.
fn pages(assets: &AssetNames) -> Router {
    let options = leptos_options(assets);
    let shell_options = options.clone();
    Router::new()
        .leptos_routes_with_context(&options, page_routes(), page_context, move || shell(shell_options.clone(), look()))
        .with_state(options)
}

/// What is answered by plain handlers: the forms, which must work before any script has run, the institution's
/// stylesheet, the files of documents one by one and together, the case list and a campaign's recipients as files, masked values, what is done in a case and in
/// several, saved views, calendar feeds, a cause list, people, campaigns that are being made, requests over what is no case, and the list of keys.
fn handlers() -> Vec<(Method, &'static str, MethodRouter)> {
    const REVEAL: &str = "/cases/{id}/reveal/{particular}";
    const DEED: &str = "/cases/{id}/do/{deed}";
    const FEED_REVOKE: &str = "/hearings/feeds/{id}/revoke";
    const NEW_VIEW: &str = "/views/new";
    const VIEW: &str = "/views/{id}";
    const PERSON_DEED: &str = "/people/{id}/do/{deed}";
    const NEW_RULE: &str = "/settings/rules/{notice}/new";
    const REQUEST: &str = "/approvals/{id}";
    const FILING_DEED: &str = "/filing/{id}/do/{deed}";
    const FILING_ROW: &str = "/filing/{id}/rows/{row}";
    const NEW_CAMPAIGN: &str = "/notices/new/{notice}";
    const CAMPAIGN_DEED: &str = "/notices/{id}/do/{deed}";
    const VIEW_DELETE: &str = "/views/{id}/delete";
    vec![
        (Method::POST, "/sign-in", post(sign_in::password)),
        (Method::POST, "/sign-in/code", post(sign_in::code)),
        (Method::POST, "/sign-in/restart", post(sign_in::restart)),
        (Method::POST, "/sign-out", post(sign_in::sign_out)),
        (Method::POST, "/sign-out/everywhere", post(sign_in::sign_out_everywhere)),
        (Method::POST, "/theme", post(choices::choose_theme)),
        (Method::POST, "/cases/columns", post(choices::choose_columns)),
        (Method::GET, "/brand.css", get(brand::serve)),
        (Method::GET, feeds::CALENDAR, get(calendar::serve)),
        (Method::GET, feeds::FEEDS, get(calendar::ask).layer(from_fn(session::require_for_pages))),
        (Method::POST, feeds::FEEDS, post(calendar::make)),
        (Method::GET, FEED_REVOKE, get(calendar::ask_revoke).layer(from_fn(session::require_for_pages))),
        (Method::POST, FEED_REVOKE, post(calendar::revoke)),
        (Method::GET, "/hearings/cause-list", get(forms::cause_list).layer(from_fn(session::require_for_pages))),
        (Method::GET, "/cases/export", get(export::cases)),
        (Method::GET, "/audit/export", get(export::trail)),
        (Method::GET, "/notices/{id}/recipients/export", get(export::recipients)),
        (Method::GET, "/notices/new", get(campaigns::choose).layer(from_fn(session::require_for_pages))),
        (Method::GET, NEW_CAMPAIGN, get(campaigns::ask_new).layer(from_fn(session::require_for_pages))),
        (Method::POST, NEW_CAMPAIGN, post(campaigns::answer_new)),
        (Method::GET, "/notices/{id}/make", get(campaigns::show).layer(from_fn(session::require_for_pages))),
        (Method::GET, "/notices/{id}/rendering", get(campaigns::rendering).layer(from_fn(session::require_for_pages))),
        (Method::GET, CAMPAIGN_DEED, get(campaigns::ask).layer(from_fn(session::require_for_pages))),
        (Method::POST, CAMPAIGN_DEED, post(campaigns::answer)),
        (Method::GET, "/cases/new", get(forms::ask_new_case).layer(from_fn(session::require_for_pages))),
        (Method::POST, "/cases/new", post(forms::answer_new_case)),
        (Method::GET, "/cases/bulk", get(forms::ask_bulk).layer(from_fn(session::require_for_pages))),
        (Method::POST, "/cases/bulk", post(forms::answer_bulk)),
        (Method::GET, REVEAL, get(reveal::ask).layer(from_fn(session::require_for_pages))),
        (Method::POST, REVEAL, post(reveal::show)),
        (Method::GET, DEED, get(forms::ask_deed).layer(from_fn(session::require_for_pages))),
        (Method::POST, DEED, post(forms::answer_deed)),
        (Method::GET, UPLOAD, get(upload::ask).layer(from_fn(session::require_for_pages))),
        (Method::GET, "/cases/{id}/documents.zip", get(export::documents)),
        (Method::GET, "/documents/{id}/content", get(document::content)),
        (Method::GET, "/keys", get(keys::show).layer(from_fn(session::require_for_pages))),
        (Method::GET, NEW_VIEW, get(views::ask_save).layer(from_fn(session::require_for_pages))),
        (Method::POST, NEW_VIEW, post(views::save)),
        (Method::GET, VIEW, get(views::ask_change).layer(from_fn(session::require_for_pages))),
        (Method::POST, VIEW, post(views::change)),
        (Method::GET, VIEW_DELETE, get(views::ask_delete).layer(from_fn(session::require_for_pages))),
        (Method::POST, VIEW_DELETE, post(views::delete)),
        (Method::GET, "/people", get(people::list).layer(from_fn(session::require_for_pages))),
        (Method::GET, "/people/new", get(people::ask_new).layer(from_fn(session::require_for_pages))),
        (Method::POST, "/people/new", post(people::answer_new)),
        (Method::GET, "/people/{id}", get(people::show).layer(from_fn(session::require_for_pages))),
        (Method::GET, PERSON_DEED, get(people::ask).layer(from_fn(session::require_for_pages))),
        (Method::POST, PERSON_DEED, post(people::answer)),
        (Method::GET, "/settings", get(settings::list).layer(from_fn(session::require_for_pages))),
        (Method::GET, "/settings/rules/{notice}", get(settings::show).layer(from_fn(session::require_for_pages))),
        (Method::GET, NEW_RULE, get(settings::ask_new).layer(from_fn(session::require_for_pages))),
        (Method::POST, NEW_RULE, post(settings::answer_new)),
        (Method::GET, REQUEST, get(people::ask_decision).layer(from_fn(session::require_for_pages))),
        (Method::POST, REQUEST, post(people::decide)),
        (Method::GET, "/filing", get(filing::list).layer(from_fn(session::require_for_pages))),
        (Method::GET, NEW_FILING, get(filing::ask_new).layer(from_fn(session::require_for_pages))),
        (Method::GET, "/filing/{id}", get(filing::show).layer(from_fn(session::require_for_pages))),
        (Method::GET, "/filing/{id}/progress", get(filing::progress)),
        (Method::GET, FILING_DEED, get(filing::ask).layer(from_fn(session::require_for_pages))),
        (Method::POST, FILING_DEED, post(filing::answer)),
        (Method::GET, FILING_ROW, get(filing::ask_row).layer(from_fn(session::require_for_pages))),
        (Method::POST, FILING_ROW, post(filing::answer_row)),
        (Method::GET, MENDED, get(filing::ask_rejects).layer(from_fn(session::require_for_pages))),
        (Method::GET, "/filing/{id}/rejects.xlsx", get(export::rejects)),
        (Method::GET, "/filing/{id}/result.xlsx", get(export::result)),
    ]
}

/// Where files come in, under a limit of its own: they are passed on while they come.
fn uploads() -> [(Method, &'static str, MethodRouter); 3] {
    [
        (Method::POST, UPLOAD, post(upload::answer)),
        (Method::POST, NEW_FILING, post(filing::take)),
        (Method::POST, MENDED, post(filing::take_rejects)),
    ]
}

/// The JSON API, behind a gate of its own. An address that is added here is described in `server/api/document.rs`.
fn json_api() -> [(&'static str, MethodRouter); 7] {
    [
        ("/api/v1/cases", get(api::cases::list_cases)),
        ("/api/v1/cases/{id}", get(api::cases::get_case)),
        ("/api/v1/dashboard", get(api::dashboard::get_dashboard)),
        ("/api/v1/documents/{id}/content", get(api::documents::get_content)),
        ("/api/v1/hearings", get(api::hearings::list_hearings)),
        ("/api/v1/me", get(api::me::get_me)),
        ("/api/v1/openapi.json", get(api::document::get_openapi)),
    ]
}

/// Documents are packed already, and go out with the length that their record states.
fn worth_compressing() -> impl Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/octet-stream"))
}

/// Every address of the public side with its method, in order: what the tests walk, so that none is forgotten.
pub fn endpoints() -> Vec<(Method, String)> {
    let pages = page_routes().into_iter().map(|page| (Method::GET, page.path().to_owned()));
    let functions = server_fn::axum::server_fn_paths().map(|(path, method)| (method, path.to_owned()));
    let handlers = handlers().into_iter().chain(uploads()).map(|(method, path, _)| (method, path.to_owned()));
    let json_api = json_api().into_iter().map(|(path, _)| (Method::GET, path.to_owned()));
    let files = assets::patterns().map(|path| (Method::GET, path));
    let mut all: Vec<_> = pages.chain(functions).chain(handlers).chain(json_api).chain(files).collect();
    all.sort_by(|one, other| (&one.1, one.0.as_str()).cmp(&(&other.1, other.0.as_str())));
    all
}

/// The application's pages. Listed once a process: listing them stops every resource of the process from loading meanwhile
/// (a global flag of Leptos 0.8), so that a second listing could leave pages under way waiting for ever.
pub fn page_routes() -> Vec<AxumRouteListing> {
    static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));
    PAGES.clone()
}

fn leptos_options(assets: &AssetNames) -> LeptosOptions {
    let builder = LeptosOptions::builder().output_name("odr-portal").site_pkg_dir("pkg");
    match &assets.hashes {
        Some(path) => builder.hash_files(true).hash_file(Arc::<str>::from(path.display().to_string())).build(),
        None => builder.build(),
    }
}

/// What every page render and every server function gets: an end with its request, and a policy with this page's nonce.
fn page_context() {
    isolate::dispose_with_request();
    let policy = use_nonce().and_then(|nonce| HeaderValue::from_str(&headers::page_policy(&nonce)).ok());
    if let Some(policy) = policy {
        let _ = with_context::<ResponseOptions, _>(|response| response.insert_header(header::CONTENT_SECURITY_POLICY, policy));
    }
}

/// How a page looks before anything is known of its content: whose it is, and light or dark.
fn look() -> Look {
    with_context::<http::request::Parts, _>(|parts| Look {
        theme: choices::theme(&parts.headers),
        lang: "en-IN",
        style_version: parts.extensions.get::<Arc<Tenant>>().map(|tenant| brand_of(tenant).style_version).unwrap_or_default(),
    })
    .unwrap_or(Look { theme: Theme::System, lang: "en-IN", style_version: String::new() })
}

/// Gives typed refusals and pages of plain handlers their shape, and server functions' errors their status.
async fn show_refusals(State(stylesheet): State<Arc<str>>, request: Request, next: Next) -> Response {
    let shape = Shape::of(request.uri().path(), request.headers());
    let request_id = request.extensions().get::<RequestFacts>().map(|facts| facts.request_id.to_string());
    let mut response = next.run(request).await;
    if let Some(page) = response.extensions_mut().remove::<RevealPage>() {
        return written(reveal_page(page, &stylesheet), response);
    }
    if let Some(page) = response.extensions_mut().remove::<FormPage>() {
        return written(form_page(page, &stylesheet), response);
    }
    if let Some(page) = response.extensions_mut().remove::<KeysPage>() {
        return written(keys_page(page, &stylesheet), response);
    }
    // What the inner one of the two has shaped is shaped.
    let is_problem = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM_JSON);
    let plain = || if is_problem { None } else { plain_refusal(response.status(), shape) };
    let refusal = response.extensions().get::<PortalError>().cloned().or_else(plain);
    response.extensions_mut().remove::<PortalError>();
    match refusal {
        Some(mut error) => {
            error.request_id = error.request_id.or(request_id);
            shaped(&error, shape, &stylesheet, response)
        }
        None if shape == Shape::Function && response.status().is_server_error() => with_status_of_error(response).await,
        None => response,
    }
}

/// An answer whose handler has said what it shows, as a page.
fn written(page: String, answer: Response) -> Response {
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Response::from_parts(parts, Body::from(page))
}

/// Axum's own refusals come as plain text. To a program, whatever is not an answer is a problem.
fn plain_refusal(status: StatusCode, shape: Shape) -> Option<PortalError> {
    match status {
        StatusCode::METHOD_NOT_ALLOWED if shape == Shape::Api => Some(ErrorCode::MethodNotAllowed.into()),
        StatusCode::NOT_FOUND if shape == Shape::Api => Some(ErrorCode::NotFound.into()),
        status if shape == Shape::Api && status.is_server_error() => Some(ErrorCode::Internal.into()),
        StatusCode::PAYLOAD_TOO_LARGE => Some(ErrorCode::TooLarge.into()),
        StatusCode::METHOD_NOT_ALLOWED => Some(ErrorCode::NotFound.into()),
        status if shape == Shape::Api && status.is_client_error() => Some(ErrorCode::BadRequest.into()),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Page,
    Function,
    Api,
}

impl Shape {
    fn of(path: &str, headers: &HeaderMap) -> Self {
        if origin::is_json_api(path) {
            return Self::Api;
        }
        // A form that posts to a function without JavaScript asks for a page.
        let wants_page =
            headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
        if path.starts_with(origin::SERVER_FUNCTIONS) && !wants_page { Self::Function } else { Self::Page }
    }
}

fn shaped(error: &PortalError, shape: Shape, stylesheet: &str, refused: Response) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match shape {
        Shape::Page => {
            // An unknown host, and one that is refused, is told nothing of anybody.
            let page = refusal_page(error, None, stylesheet);
            (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
        }
        Shape::Function => {
            let body = serde_json::to_vec(error).unwrap_or_default();
            (status, [(header::CONTENT_TYPE, "application/json"), (SERVER_FN_ERROR, "1")], body).into_response()
        }
        Shape::Api => {
            let body = serde_json::to_vec(&Problem::of(error)).unwrap_or_default();
            (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response()
        }
    };
    if error.code == ErrorCode::TooLarge {
        // What is still being sent is not read: the connection ends with this answer, and nobody should send another request on it.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    // What the layer that refused has to say of how its answer may be shown stays as well.
    for name in [header::RETRY_AFTER, header::ALLOW, header::X_FRAME_OPTIONS, header::CONTENT_SECURITY_POLICY] {
        if let Some(value) = refused.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

/// The header by which `server_fn` marks an encoded error.
const SERVER_FN_ERROR: header::HeaderName = header::HeaderName::from_static("serverfnerror");

/// `leptos_axum` 0.8 answers every typed error with 500: the status is read from the error itself. Redirects of the path
/// without JavaScript are no server errors and pass untouched.
async fn with_status_of_error(response: Response) -> Response {
    if !response.headers().contains_key(SERVER_FN_ERROR) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, ERROR_BYTES).await else {
        return refuse(ErrorCode::Internal.into());
    };
    if let Ok(error) = serde_json::from_slice::<PortalError>(&bytes) {
        parts.status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let ErrorCode::Busy { retry_after_s } = error.code {
            parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
        }
    }
    Response::from_parts(parts, Body::from(bytes))
}

#[cfg(test)]
mod tests {
    use tower::ServiceExt as _;

    use super::*;

    fn web(development: bool) -> Arc<WebConfig> {
        Arc::new(WebConfig {
            site_addr: ([127, 0, 0, 1], 0).into(),
            admin_addr: ([127, 0, 0, 1], 0).into(),
            site_root: "target/site".into(),
            trusted_proxies: Vec::new(),
            development,
        })
    }

    /// The outer layers in their order around a handler of the test.
    async fn answer(path: &str, development: bool) -> Response {
        async fn broken() -> &'static str {
            panic!("CANARY: a borrower's name")
        }
        let stylesheet: Arc<str> = "/pkg/odr-portal.css".into();
        let routes = Router::new()
            .route("/cases", get(broken))
            .route("/api/cases/list", get(broken))
            .route("/api/v1/cases", get(broken))
            .route("/whole", get(|| async { "whole" }))
            .layer(CatchPanicLayer::custom(panics::answer))
            .layer(from_fn_with_state(stylesheet, show_refusals))
            .layer(from_fn_with_state(web(development), headers::complete))
            .layer(from_fn_with_state(web(development), observe::observe));
        routes.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_a_500_with_an_id_and_says_nothing_of_its_cause() {
        for (path, kind) in
            [("/cases", "text/html; charset=utf-8"), ("/api/cases/list", "application/json"), ("/api/v1/cases", "application/problem+json")]
        {
            let response = answer(path, true).await;
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(response.headers()[header::CONTENT_TYPE], kind);
            let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
            let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
            let text = String::from_utf8(body.to_vec()).unwrap();
            assert!(text.contains(&id) && !text.contains("CANARY"), "{text}");
        }
    }

    #[tokio::test]
    async fn browsers_are_held_to_https_outside_development() {
        let strict = answer("/whole", false).await;
        assert!(strict.headers()[header::STRICT_TRANSPORT_SECURITY].to_str().unwrap().starts_with("max-age=63072000"));
        assert!(!answer("/whole", true).await.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
