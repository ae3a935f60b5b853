//! The isolation of requests from one another: every server-side rendering mode in use, four runtimes, static files, server
//! functions, streams, pages whose upstream answers late.
//!
//! A small application with the portal's own layer and doors runs over an upstream that answers with the institution whose
//! key it saw. Requests of two institutions are interleaved; nothing of one may stand in an answer to the other.

use std::{
    convert::Infallible,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::get,
};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, LeptosRoutes as _, ResponseOptions, generate_route_list};
use leptos_router::{
    SsrMode,
    components::{Route, Router as LeptosRouter, Routes},
    path,
};
use serde::Deserialize;
use tower::ServiceExt as _;

use crate::{
    config::{SessionConfig, UpstreamConfig},
    model::{PortalError, Theme},
    registry::{Tenant, testing},
    server::{
        casework::Refusal,
        context::{Caller, InTenant, Services, in_tenant},
        frappe::{Client, Query, Record, RowScope},
        http::{RequestFacts, isolate},
    },
};

const TENANTS: [&str; 2] = ["banyan", "tamarind"];
/// Interleaved requests in each test.
const REQUESTS: usize = 60;

#[derive(Deserialize)]
struct EchoRecord {
    institution: String,
    title: String,
}

impl Record for EchoRecord {
    const DOCTYPE: &'static str = "Echo";
    const FIELDS: &'static [&'static str] = &["name", "institution", "title"];
    fn institution(&self) -> &str {
        &self.institution
    }
}

/// What casework would do: one call upstream with the tenant in scope.
async fn marker() -> Result<String, Refusal> {
    let rows = Client::current()?.list(&Query::<EchoRecord>::new(RowScope::institution_wide())).await?.rows;
    Ok(rows.into_iter().map(|row| row.title).collect())
}

#[server(prefix = "/api", endpoint = "test/echo", input = server_fn::codec::GetUrl)]
async fn echo(step: u32) -> Result<String, PortalError> {
    Ok(format!("{}/{step}", in_tenant(marker()).await?))
}

/// What a page under way leaves in its context: found from outside only where owners are adopted.
#[derive(Clone)]
struct PageOf(String);

#[server(prefix = "/api", endpoint = "test/leak", input = server_fn::codec::GetUrl)]
async fn leak() -> Result<String, PortalError> {
    tokio::task::yield_now().await;
    Ok(found_page())
}

#[expect(clippy::disallowed_methods, reason = "this is the leak that is looked for")]
fn found_page() -> String {
    use_context::<PageOf>().map_or_else(|| "nothing".to_owned(), |page| page.0)
}

#[component]
fn Page() -> impl IntoView {
    let tenant = with_context::<http::request::Parts, _>(|parts| parts.extensions.get::<Arc<Tenant>>().map(|tenant| tenant.id.to_string()));
    provide_context(PageOf(tenant.flatten().unwrap_or_default()));
    let first = Resource::new(|| (), |()| echo(1));
    let second = Resource::new_blocking(
        || (),
        move |()| async move {
            let before = first.await;
            before.and(echo(2).await)
        },
    );
    let third = OnceResource::new(echo(3));
    let show = |outcome: Result<String, PortalError>| outcome.unwrap_or_else(|error| format!("FAILED {error:?}"));
    view! {
        <Suspense fallback=|| "…">
            <p>{move || Suspend::new(async move { show(first.await) })}</p>
            <Suspense fallback=|| "…">
                <p>{move || Suspend::new(async move { show(second.await) })}</p>
            </Suspense>
            <p>{move || Suspend::new(async move { show(third.await) })}</p>
        </Suspense>
    }
}

/// A page that sets a cookie and then waits: what the stock static-file handler hands to others.
#[component]
fn CookiePage() -> impl IntoView {
    let _ = with_context::<ResponseOptions, _>(|response| {
        response.append_header(header::SET_COOKIE, HeaderValue::from_static("secret=of-somebody-else"));
    });
    let slow = Resource::new_blocking(|| (), |()| echo(4));
    view! { <Suspense fallback=|| "…">{move || Suspend::new(async move { slow.await.unwrap_or_default() })}</Suspense> }
}

#[component]
fn App() -> impl IntoView {
    view! {
        <LeptosRouter>
            <Routes fallback=|| "nothing here">
                <Route path=path!("/out-of-order") view=Page ssr=SsrMode::OutOfOrder />
                <Route path=path!("/partially-blocked") view=Page ssr=SsrMode::PartiallyBlocked />
                <Route path=path!("/in-order") view=Page ssr=SsrMode::InOrder />
                <Route path=path!("/async") view=Page ssr=SsrMode::Async />
                <Route path=path!("/cookie") view=CookiePage ssr=SsrMode::Async />
            </Routes>
        </LeptosRouter>
    }
}

/// A stream that outlives its handler: each item enters the scope that was captured by value.
async fn stream(InTenant(scope): InTenant) -> Response {
    let items = futures::stream::unfold((scope, 0), |(scope, number)| async move {
        if number == 5 {
            return None;
        }
        let item = scope.clone().enter(marker()).await.unwrap_or_else(|error| format!("FAILED {error:?}"));
        Some((Ok::<_, Infallible>(format!("{item};")), (scope, number + 1)))
    });
    Response::new(Body::from_stream(items))
}

/// An upstream that answers late, with a row of the institution whose key it saw.
async fn upstream() -> std::net::SocketAddr {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let answer = |request: Request| async move {
        let key = request.headers()[header::AUTHORIZATION].to_str().unwrap().to_owned();
        // Late, and each call differently so.
        tokio::time::sleep(Duration::from_millis(CALLS.fetch_add(1, Ordering::Relaxed) as u64 * 7 % 23)).await;
        let tenant = TENANTS.into_iter().find(|tenant| key.contains(tenant)).unwrap_or("unknown");
        axum::Json(serde_json::json!({"data": [{"name": "e1", "institution": tenant.to_uppercase(), "title": format!("MARK-{tenant}")}]}))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    #[expect(clippy::disallowed_methods, reason = "a server of the test")]
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    address
}

#[derive(Clone)]
struct World {
    services: Arc<Services>,
    tenants: Arc<Vec<Arc<Tenant>>>,
}

/// Stands for the tenant and session layers: whose request it is comes from a header of the test.
async fn place(State(world): State<World>, mut request: Request, next: Next) -> Response {
    let wanted = request.headers().get("x-test-tenant").and_then(|value| value.to_str().ok()).map(str::to_owned);
    if let Some(tenant) = wanted.and_then(|id| world.tenants.iter().find(|tenant| tenant.id.as_str() == id)) {
        let facts = RequestFacts {
            request_id: "test".into(),
            traceparent: None,
            client: std::net::Ipv4Addr::LOCALHOST.into(),
            from_trusted_proxy: false,
            theme: Theme::System,
            columns: crate::model::TableLook::default(),
        };
        let extensions = request.extensions_mut();
        extensions.insert(Arc::clone(tenant));
        extensions.insert(Caller::Anonymous { signing_in: None, ended: false, before: None });
        extensions.insert(facts);
        extensions.insert(Arc::clone(&world.services));
    }
    next.run(request).await
}

/// Listed once: a second listing would stop the resources of tests under way (see `router::page_routes`).
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

async fn routes() -> Router {
    let upstream = upstream().await;
    let tenant = |id: &str| {
        testing::tenant_with(id, |entry| {
            entry["upstream"]["base_url"] = format!("http://{upstream}").into();
            entry["upstream"]["placement"] = "shared".into();
            entry["upstream"]["institution"] = id.to_uppercase().into();
            entry["upstream"]["api_key"] = format!("key-of-{id}").into();
            entry["upstream"]["max_concurrency"] = 64.into();
        })
    };
    let tenants: Vec<_> = TENANTS.map(tenant).into();
    let session = SessionConfig { development: true, principal_fresh: Duration::from_secs(60) };
    let services = Services::new(testing::registry_of(Vec::new()), UpstreamConfig { max_per_origin: 256 }, session);
    let files = tempfile::tempdir().unwrap();
    std::fs::write(files.path().join("a.css"), "body{}").unwrap();
    let options = LeptosOptions::builder().output_name("test").build();
    Router::new()
        .leptos_routes(&options, PAGES.clone(), || view! { <App /> })
        .with_state::<()>(options)
        .route("/stream", get(stream))
        .nest_service("/files", tower_http::services::ServeDir::new(files.keep()))
        .layer(from_fn_with_state(World { services, tenants: Arc::new(tenants) }, place))
        .layer(from_fn(isolate::isolate))
}

struct Answer {
    status: StatusCode,
    cookies: usize,
    body: String,
}

async fn ask(routes: Router, tenant: Option<&str>, path: &str) -> Answer {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    if let Some(tenant) = tenant {
        request.headers_mut().insert("x-test-tenant", HeaderValue::from_str(tenant).unwrap());
    }
    let response = routes.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    // The body is polled by another task than the handler was, as hyper does it.
    #[expect(clippy::disallowed_methods, reason = "this is the connection's task of the test")]
    let bytes = tokio::spawn(axum::body::to_bytes(body, 1 << 20)).await.unwrap().unwrap();
    Answer {
        status: parts.status,
        cookies: parts.headers.get_all(header::SET_COOKIE).iter().count(),
        body: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

/// Runs a test on four runtimes: what leaks depends on who shares a thread with whom.
fn on_four_runtimes<F: Future<Output = ()>>(test: impl Fn() -> F) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test());
    for workers in [1, 2, 4] {
        tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build().unwrap().block_on(test());
    }
}

async fn interleaved(path: &'static str, markers: usize) {
    let routes = routes().await;
    let asked = (0..REQUESTS).map(|number| {
        let (routes, own) = (routes.clone(), TENANTS[number % 2]);
        async move { (own, ask(routes, Some(own), path).await) }
    });
    for (own, answer) in futures::future::join_all(asked).await {
        let other = TENANTS.into_iter().find(|tenant| *tenant != own).unwrap();
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.body.contains(&format!("MARK-{other}")), "{path}: {other} in an answer to {own}");
        assert!(!answer.body.contains("FAILED"), "{path}: {}", answer.body);
        let found = answer.body.matches(&format!("MARK-{own}")).count();
        assert!(found >= markers, "{path}: {found} of {markers} markers: {}", answer.body);
    }
}

#[test]
fn pages_out_of_order_show_their_own_institution_alone() {
    on_four_runtimes(|| interleaved("/out-of-order", 3));
}

#[test]
fn pages_partially_blocked_show_their_own_institution_alone() {
    on_four_runtimes(|| interleaved("/partially-blocked", 3));
}

#[test]
fn pages_in_order_show_their_own_institution_alone() {
    on_four_runtimes(|| interleaved("/in-order", 3));
}

#[test]
fn pages_rendered_whole_show_their_own_institution_alone() {
    on_four_runtimes(|| interleaved("/async", 3));
}

#[test]
fn server_functions_answer_for_their_own_institution_alone() {
    on_four_runtimes(|| interleaved("/api/test/echo?step=9", 1));
}

#[test]
fn streams_that_outlive_their_handler_stay_with_their_institution() {
    on_four_runtimes(|| interleaved("/stream", 5));
}

#[test]
fn a_function_without_a_tenant_is_refused_while_anothers_page_is_rendered() {
    on_four_runtimes(|| async {
        let routes = routes().await;
        let pages = futures::future::join_all((0..REQUESTS).map(|_| ask(routes.clone(), Some("banyan"), "/in-order")));
        let functions = futures::future::join_all((0..REQUESTS).map(|_| ask(routes.clone(), None, "/api/test/echo?step=1")));
        for answer in futures::future::join(pages, functions).await.1 {
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
            assert!(answer.body.contains("no_tenant") && !answer.body.contains("MARK"), "{}", answer.body);
        }
    });
}

#[test]
fn a_function_never_finds_the_context_of_a_page_under_way() {
    on_four_runtimes(|| async {
        let routes = routes().await;
        let pages = futures::future::join_all((0..REQUESTS).map(|_| ask(routes.clone(), Some("banyan"), "/in-order")));
        let functions = futures::future::join_all((0..REQUESTS).map(|_| ask(routes.clone(), Some("tamarind"), "/api/test/leak")));
        for answer in futures::future::join(pages, functions).await.1 {
            assert_eq!(answer.body, "\"nothing\"");
        }
    });
}

#[test]
fn a_file_never_carries_the_cookie_of_a_page_under_way() {
    on_four_runtimes(|| async {
        let routes = routes().await;
        let pages = futures::future::join_all((0..REQUESTS).map(|_| ask(routes.clone(), Some("banyan"), "/cookie")));
        let files = futures::future::join_all((0..REQUESTS).map(|_| ask(routes.clone(), Some("tamarind"), "/files/a.css")));
        let (pages, files) = futures::future::join(pages, files).await;
        assert!(pages.iter().all(|page| page.cookies == 1));
        assert!(files.iter().all(|file| file.cookies == 0 && file.body == "body{}"));
    });
}
