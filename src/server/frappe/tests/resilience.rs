//! Upstreams that fail, lie, stall or ask for quiet.

use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::SecretString;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::server::frappe::{Changes, Client, Fault, Field, Page, Query, RowScope, SignIn, upstreams::Upstreams};

async fn list(ways: &Arc<Upstreams>, tenant: &Arc<Tenant>, heal: Heal) -> Result<Page<Case>, Fault> {
    run_with(ways, Arc::clone(tenant), heal, async {
        Client::current().unwrap().list::<Case>(&Query::new(RowScope::institution_wide())).await
    })
    .await
}

async fn create(ways: &Arc<Upstreams>, tenant: &Arc<Tenant>, heal: Heal) -> Result<Case, Fault> {
    run_with(ways, Arc::clone(tenant), heal, async {
        Client::current().unwrap().create::<Case>(Changes::new().set(Field::new("status"), "Filed")).await
    })
    .await
}

#[tokio::test]
async fn answers_that_are_no_records_become_typed_faults() {
    let deep = format!("{{\"data\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let wrong = json!({ "data": [{ "name": 1 }] }).to_string();
    let answers: [(&'static str, String, Fault); 5] = [
        ("text/html", "<html>login</html>".to_owned(), Fault::BadAnswer("not_json")),
        ("application/json", "<html>login</html>".to_owned(), Fault::BadAnswer("broken_json")),
        ("application/json", deep, Fault::BadAnswer("shape")),
        ("application/json", wrong, Fault::BadAnswer("shape")),
        ("application/json", "{}".to_owned(), Fault::BadAnswer("empty")),
    ];
    for (kind, body, fault) in answers {
        let upstream =
            TestUpstream::start(move |_, _| Response::builder().header("content-type", kind).body(Body::from(body.clone())).unwrap()).await;
        assert_eq!(list(&upstreams(), &Arc::new(alpha(&upstream.base_url)), no_heal()).await, Err(fault));
        assert_eq!(upstream.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_success_with_an_exception_beside_it_is_a_success() {
    let upstream = TestUpstream::start(|_, _| reply(200, &json!({ "data": [], "exc_type": "DoesNotExistError", "exc": "[]" }))).await;
    assert!(list(&upstreams(), &Arc::new(alpha(&upstream.base_url)), no_heal()).await.is_ok());
}

#[tokio::test]
async fn a_huge_body_is_stopped_at_the_limit() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let upstream = TestUpstream::start(move |_, _| {
        let counted = Arc::clone(&counted);
        let endless = futures::stream::repeat_with(move || {
            counted.fetch_add(65_536, Ordering::Relaxed);
            Ok::<_, std::convert::Infallible>(bytes::Bytes::from_static(&[b' '; 65_536]))
        });
        Response::builder().header("content-type", "application/json").body(Body::from_stream(endless)).unwrap()
    })
    .await;
    let answer = list(&upstreams(), &Arc::new(alpha(&upstream.base_url)), no_heal()).await;
    assert_eq!(answer, Err(Fault::BadAnswer("too_large")));
    let sent = sent.load(Ordering::Relaxed);
    assert!(sent < 4 * crate::server::frappe::JSON_MAX_BYTES, "{sent} bytes were taken from an endless answer");
}

#[tokio::test]
async fn quiet_asked_for_is_kept() {
    let upstream = TestUpstream::start(|_, _| {
        let mut answer = reply(429, &json!({ "exc_type": "TooManyRequestsError" }));
        answer.headers_mut().insert("retry-after", "7".parse().unwrap());
        answer
    })
    .await;
    let (ways, tenant) = (upstreams(), Arc::new(alpha(&upstream.base_url)));
    assert_eq!(list(&ways, &tenant, no_heal()).await, Err(Fault::RateLimited { retry_after_s: 7 }));
    assert!(matches!(create(&ways, &tenant, no_heal()).await, Err(Fault::RateLimited { retry_after_s: 1..=7 })));
    assert_eq!(upstream.seen().len(), 1);
}

#[tokio::test]
async fn a_limit_on_one_persons_logins_closes_nobody_elses_gate() {
    let upstream = TestUpstream::start(|seen, _| {
        let mut refused = reply(429, &json!({ "exc_type": "RateLimitExceededError" }));
        refused.headers_mut().insert("retry-after", "60".parse().unwrap());
        if seen.path.ends_with("/login") { refused } else { reply(200, &json!({ "data": [] })) }
    })
    .await;
    let (ways, tenant) = (upstreams(), Arc::new(alpha(&upstream.base_url)));
    let refused = run_with(&ways, Arc::clone(&tenant), no_heal(), async {
        SignIn::current().unwrap().start("a", &"p".into(), "203.0.113.7".parse().unwrap()).await.err()
    });
    assert_eq!(refused.await, Some(Fault::RateLimited { retry_after_s: 60 }));
    assert!(list(&ways, &tenant, no_heal()).await.is_ok());
}

#[tokio::test]
async fn who_finds_no_place_before_the_deadline_is_told_that_it_is_busy() {
    let (base_url, _, _tasks) = raw(|_, _| Some("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n")).await;
    let mut tenant = alpha(&base_url);
    tenant.upstream.max_concurrency = 1;
    tenant.upstream.timeout = Duration::from_millis(300);
    let (ways, tenant) = (upstreams(), Arc::new(tenant));
    let hurried = async {
        let context = CallContext {
            upstreams: Arc::clone(&ways),
            registry: no_heal(),
            request_id: String::new(),
            traceparent: None,
            deadline: Instant::now() + Duration::from_millis(50),
        };
        let call = async { Client::current().unwrap().list::<Case>(&Query::new(RowScope::institution_wide())).await };
        Box::pin(with_tenant(Arc::clone(&tenant), enter(context, call))).await
    };
    let (first, second) = futures::future::join(list(&ways, &tenant, no_heal()), hurried).await;
    assert_eq!((first, second), (Err(Fault::Timeout), Err(Fault::Busy)));
}

#[tokio::test]
async fn maintenance_is_said_and_not_asked_again() {
    let upstream = TestUpstream::start(|_, _| html(503)).await;
    assert_eq!(list(&upstreams(), &Arc::new(alpha(&upstream.base_url)), no_heal()).await, Err(Fault::Maintenance));
    assert_eq!(upstream.seen().len(), 1);
}

#[tokio::test]
async fn a_refused_key_is_tried_again_only_when_the_registry_has_another() {
    let upstream = TestUpstream::start(|seen, _| match seen.header("authorization") {
        Some("token key-alpha:new") if seen.method == "POST" => reply(200, &json!({ "data": { "name": "c1" } })),
        Some("token key-alpha:new") if seen.path.ends_with("/c1") => reply(200, &json!({ "data": case("c1", "Alpha Bank") })),
        Some("token key-alpha:new") => reply(200, &json!({ "data": [] })),
        _ => reply(401, &json!({ "exc_type": "AuthenticationError" })),
    })
    .await;
    let (ways, tenant) = (upstreams(), Arc::new(alpha(&upstream.base_url)));
    let base_url = upstream.base_url.clone();
    let to = |change: fn(&mut Tenant)| -> Heal {
        let mut renewed = alpha(&base_url);
        renewed.upstream.credentials.api_secret = SecretString::from("new");
        change(&mut renewed);
        let renewed = Arc::new(renewed);
        Arc::new(move |_| {
            let renewed = Arc::clone(&renewed);
            Box::pin(async move { Some(renewed) })
        })
    };
    let same: Heal = Arc::new(|tenant| Box::pin(async move { Some(tenant) }));
    let elsewhere = to(|tenant| tenant.upstream.institution = Some("Beta Bank".to_owned()));
    let moved = to(|tenant| tenant.upstream.base_url = "http://127.0.0.1:9".parse().unwrap());
    for heal in [no_heal(), same, elsewhere, moved] {
        let before = upstream.seen().len();
        assert_eq!(list(&ways, &tenant, heal).await, Err(Fault::AuthRefused));
        assert_eq!(upstream.seen().len(), before + 1);
    }
    let before = upstream.seen().len();
    assert!(list(&ways, &tenant, to(|_| ())).await.is_ok());
    assert_eq!(upstream.seen().len(), before + 2);
    assert_eq!(create(&ways, &tenant, to(|_| ())).await.unwrap().name, "c1");
    let posts: Vec<_> = upstream.seen().into_iter().filter(|seen| seen.method == "POST").collect();
    assert_eq!((posts.len(), posts[0].body == posts[1].body), (2, true));
}

#[tokio::test]
async fn reads_are_repeated_within_the_budget_and_changes_never() {
    const CALLS: usize = 300;
    let upstream = TestUpstream::start(|_, _| reply(502, &json!({}))).await;
    let (ways, tenant) = (upstreams(), Arc::new(alpha(&upstream.base_url)));
    for _ in 0..CALLS {
        let fault = list(&ways, &tenant, no_heal()).await;
        assert_eq!(fault, Err(Fault::Upstream { status: 502, exc_type: None }));
    }
    let attempts = upstream.seen().len();
    assert!(attempts > CALLS && attempts <= CALLS * 11 / 10 + 2, "{attempts} attempts of {CALLS} reads");
    for _ in 0..50 {
        assert!(create(&ways, &tenant, no_heal()).await.is_err());
    }
    assert_eq!(upstream.seen().len(), attempts + 50);
}

#[tokio::test]
async fn a_read_that_fails_once_succeeds() {
    let upstream =
        TestUpstream::start(|_, number| if number == 1 { reply(500, &json!({})) } else { reply(200, &json!({ "data": [] })) }).await;
    assert!(list(&upstreams(), &Arc::new(alpha(&upstream.base_url)), no_heal()).await.is_ok());
}

#[tokio::test]
async fn a_site_that_the_upstream_does_not_know_is_not_an_empty_page() {
    let upstream = TestUpstream::start(|_, _| html(404)).await;
    let fault = list(&upstreams(), &Arc::new(alpha(&upstream.base_url)), no_heal()).await;
    assert_eq!(fault, Err(Fault::Upstream { status: 404, exc_type: None }));
    assert_eq!(upstream.seen().len(), 1);
}

#[tokio::test]
async fn what_a_list_is_refused_for_is_our_own_mistake() {
    for (status, class) in [(417, "DataError"), (404, "DoesNotExistError")] {
        let upstream = TestUpstream::start(move |_, _| reply(status, &json!({ "exc_type": class }))).await;
        let fault = list(&upstreams(), &Arc::new(alpha(&upstream.base_url)), no_heal()).await;
        assert_eq!(fault, Err(Fault::CallerFault { exc_type: class.to_owned() }));
    }
}

#[tokio::test]
async fn a_500_for_our_own_mistake_is_not_asked_again() {
    let upstream = TestUpstream::start(|_, _| reply(500, &json!({ "exc_type": "OperationalError" }))).await;
    let fault = list(&upstreams(), &Arc::new(alpha(&upstream.base_url)), no_heal()).await;
    assert_eq!(fault, Err(Fault::CallerFault { exc_type: "OperationalError".to_owned() }));
    assert_eq!(upstream.seen().len(), 1);
}

/// An upstream of bytes: what connection number `n` does with its request number `m`; `None` closes it. Counts requests.
async fn raw(script: fn(usize, usize) -> Option<&'static str>) -> (String, Arc<AtomicUsize>, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        for connection in 0.. {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut buffer = vec![0; 65_536];
            for request in 0.. {
                if !matches!(socket.read(&mut buffer).await, Ok(1..)) {
                    break;
                }
                counted.fetch_add(1, Ordering::Relaxed);
                let Some(answer) = script(connection, request) else { break };
                socket.write_all(answer.as_bytes()).await.unwrap();
                if !answer.contains("keep-alive") {
                    break;
                }
            }
        }
    });
    (base_url, requests, tasks)
}

const EMPTY: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: keep-alive\r\nContent-Length: 11\r\n\r\n{\"data\":[]}";
const CUT: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"data\":[";

#[tokio::test]
async fn a_stale_pooled_connection_is_replaced_for_a_read_and_reported_for_a_change() {
    let stale = |connection, request| if connection == 0 && request > 0 { None } else { Some(EMPTY) };
    let (base_url, requests, _tasks) = raw(stale).await;
    let (ways, tenant) = (upstreams(), Arc::new(alpha(&base_url)));
    assert!(list(&ways, &tenant, no_heal()).await.is_ok());
    assert!(list(&ways, &tenant, no_heal()).await.is_ok());
    assert_eq!(requests.load(Ordering::Relaxed), 3);

    let (base_url, requests, _tasks) = raw(stale).await;
    let tenant = Arc::new(alpha(&base_url));
    assert!(list(&ways, &tenant, no_heal()).await.is_ok());
    assert_eq!(create(&ways, &tenant, no_heal()).await, Err(Fault::Unreachable));
    assert_eq!(requests.load(Ordering::Relaxed), 2, "a change is delivered at most once");
}

#[tokio::test]
async fn a_truncated_body_is_a_fault_and_the_next_request_is_fine() {
    let (base_url, requests, _tasks) = raw(|connection, _| Some(if connection < 2 { CUT } else { EMPTY })).await;
    let (ways, tenant) = (upstreams(), Arc::new(alpha(&base_url)));
    assert_eq!(list(&ways, &tenant, no_heal()).await, Err(Fault::BadAnswer("truncated")));
    assert_eq!(requests.load(Ordering::Relaxed), 2, "repeated once");
    assert!(list(&ways, &tenant, no_heal()).await.is_ok());
}

#[tokio::test]
async fn a_dead_upstream_is_no_longer_asked_and_the_answer_is_immediate() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let tenant = Arc::new(alpha(&format!("http://{}", listener.local_addr().unwrap())));
    drop(listener);
    let ways = upstreams();
    for _ in 0..5 {
        let _ = create(&ways, &tenant, no_heal()).await;
    }
    let mut fastest = Duration::MAX;
    for _ in 0..20 {
        let began = std::time::Instant::now();
        assert_eq!(list(&ways, &tenant, no_heal()).await, Err(Fault::BreakerOpen));
        fastest = fastest.min(began.elapsed());
    }
    assert!(fastest < Duration::from_millis(5), "{fastest:?}");
}

#[tokio::test]
async fn an_upstream_that_never_answers_is_given_up_at_the_tenants_timeout() {
    let (base_url, _, _tasks) = raw(|_, _| Some("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n")).await;
    let mut tenant = alpha(&base_url);
    tenant.upstream.timeout = Duration::from_millis(80);
    assert_eq!(list(&upstreams(), &Arc::new(tenant), no_heal()).await, Err(Fault::Timeout));
}

#[tokio::test]
async fn no_more_calls_are_under_way_than_the_tenant_may_have() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now_too, most_too) = (Arc::clone(&now), Arc::clone(&most));
    let upstream = TestUpstream::start(move |_, _| {
        most_too.fetch_max(now_too.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let now = Arc::clone(&now_too);
        let body = futures::stream::once(async move {
            for _ in 0..200 {
                tokio::task::yield_now().await;
            }
            now.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, std::convert::Infallible>(bytes::Bytes::from_static(b"{\"data\":[]}"))
        });
        Response::builder().header("content-type", "application/json").body(Body::from_stream(body)).unwrap()
    })
    .await;
    let mut tenant = alpha(&upstream.base_url);
    tenant.upstream.max_concurrency = 3;
    let (ways, tenant) = (upstreams(), Arc::new(tenant));
    let all = futures::future::join_all((0..60).map(|_| list(&ways, &tenant, no_heal()))).await;
    assert!(all.iter().all(Result::is_ok));
    assert!(most.load(Ordering::SeqCst) <= 3, "{most:?} at once");
}
