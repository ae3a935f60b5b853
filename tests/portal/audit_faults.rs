//! The audit trail over an upstream whose answers get lost: nothing is shown that was not recorded, and no number is skipped
//! or used twice. And a sign-in that cannot be written into the person's record, which keeps nobody out.
//!
//! Must not know how a record is written.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    response::Response,
};
use http::Method;
use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::small_institution,
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Seen, person, run, unlimited, until},
    upstream,
};

const AUDIT: &str = "Portal Audit Event";
/// How long the portal waits for an answer.
const TIMEOUT_MS: u64 = 1_000;

/// What happens to the next audit record on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    /// It arrives, and its answer is lost.
    AnswerLost,
    /// It never arrives.
    Swallowed,
    /// It arrives after the portal has given up.
    Late,
    /// The upstream says no.
    Refused,
}

/// What stands between the portal and the simulated upstream.
#[derive(Default)]
struct Between {
    fates: Mutex<Vec<Fate>>,
    /// Paths of reads, to see what was asked for.
    reads: Mutex<Vec<String>>,
    /// Whether no person's record can be written.
    people_refused: AtomicBool,
}

static BETWEEN_ADDR: OnceLock<SocketAddr> = OnceLock::new();
static UPSTREAM_ADDR: OnceLock<SocketAddr> = OnceLock::new();

impl Between {
    async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        BETWEEN_ADDR.set(listener.local_addr().unwrap()).unwrap();
        let between = Arc::new(Self::default());
        let (own, client) = (Arc::clone(&between), reqwest::Client::builder().no_proxy().build().unwrap());
        let app = axum::Router::new().fallback(async move |request: Request| own.pass(&client, request).await);
        #[expect(clippy::disallowed_methods, reason = "a server of the test")]
        tokio::spawn(async move { axum::serve(listener, app).await });
        between
    }

    async fn pass(&self, client: &reqwest::Client, request: Request) -> Response {
        let is_record = request.method() == Method::POST && request.uri().path().ends_with("/Portal%20Audit%20Event");
        let of_person = request.method() == Method::PUT && request.uri().path().contains("/Portal%20User/");
        let fate = match (is_record, of_person && self.people_refused.load(Ordering::SeqCst)) {
            (true, _) => self.fates.lock().unwrap().pop(),
            (false, refused) => refused.then_some(Fate::Refused),
        };
        self.reads.lock().unwrap().push(format!("{} {}", request.method(), request.uri().path()));
        match fate {
            None => forward(client, request).await,
            Some(Fate::AnswerLost) => {
                forward(client, request).await;
                broken()
            }
            Some(Fate::Swallowed) => broken(),
            Some(Fate::Late) => {
                tokio::time::sleep(Duration::from_millis(TIMEOUT_MS * 3 / 2)).await;
                forward(client, request).await
            }
            Some(Fate::Refused) => Response::builder()
                .status(403)
                .header("content-type", "application/json")
                .body(Body::from(json!({"exc_type": "PermissionError"}).to_string()))
                .unwrap(),
        }
    }
}

fn broken() -> Response {
    let body = futures::stream::once(async { Err::<&'static str, _>(std::io::Error::other("lost")) });
    Response::builder().header("content-type", "application/json").body(Body::from_stream(body)).unwrap()
}

async fn forward(client: &reqwest::Client, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().unwrap().as_str();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let answer = client
        .request(parts.method, format!("http://{}{path}", UPSTREAM_ADDR.get().unwrap()))
        .headers(parts.headers)
        .body(body)
        .send()
        .await
        .unwrap();
    let mut response = Response::builder().status(answer.status());
    let carried = answer.headers().iter().filter(|(name, _)| *name == "content-type" || *name == "set-cookie");
    for (name, value) in carried {
        response.headers_mut().unwrap().append(name, value.clone());
    }
    response.body(Body::from(answer.bytes().await.unwrap())).unwrap()
}

async fn world() -> World {
    let entry = |entry: &mut Value| {
        unlimited(entry);
        entry["upstream"]["base_url"] = format!("http://{}", BETWEEN_ADDR.get().unwrap()).into();
        entry["upstream"]["timeout_ms"] = TIMEOUT_MS.into();
    };
    let world =
        World::start(Plan { specs: vec![small_institution(0)], site_root: "public".to_owned(), entry, ..Plan::default() }).await.unwrap();
    UPSTREAM_ADDR.set(world.servers["upstream-a"]).unwrap();
    world
}

/// The numbers of the trail, and of which reasons it tells, in its order.
async fn trail(world: &World) -> (Vec<i64>, Vec<String>) {
    let mut rows = upstream::rows(world, "t000", AUDIT, &["seq", "reason_text", "kind"]).await;
    rows.sort_by_key(|row| row["seq"].as_i64());
    let reasons = rows.iter().filter(|row| row["kind"] == "UNMASK").map(|row| row["reason_text"].as_str().unwrap().to_owned());
    (rows.iter().map(|row| row["seq"].as_i64().unwrap()).collect(), reasons.collect())
}

#[test]
fn what_is_not_recorded_is_not_shown_and_a_lost_answer_breaks_no_chain() {
    run(async {
        let between = Between::start().await;
        let world = world().await;
        let head = person(&world, "t000", "legal.head");
        let browser = Browser::of(&world, head).await;
        until("the sign-in is noted", async || !trail(&world).await.0.is_empty()).await;
        let particular = upstream::rows(&world, "t000", "Party Particular", &["name", "case_ref", "value_text"]).await.remove(0);
        let text = |field: &str| particular[field].as_str().unwrap().to_owned();
        let whole = format!("GET /api/resource/Party%20Particular/{}", text("name"));
        let unmask = async |reason: &str, fate: Option<Fate>| -> Seen {
            between.fates.lock().unwrap().extend(fate);
            between.reads.lock().unwrap().clear();
            let address = format!("/cases/{}/reveal/{}", text("case_ref"), text("name"));
            let seen = browser.post(&address, &[("purpose", "CONTACT"), ("reason", reason)]).await;
            let was_read = between.reads.lock().unwrap().contains(&whole);
            assert_eq!(was_read, seen.status == 200, "{reason}: the value is read when it may be shown, and only then");
            let shown = text("value_text").lines().all(|line| seen.text.contains(&format!("<span>{line}</span>")));
            assert_eq!(shown, seen.status == 200, "{reason}");
            assert!(between.fates.lock().unwrap().is_empty(), "{reason}");
            seen
        };
        assert_eq!(unmask("the answer is lost", Some(Fate::AnswerLost)).await.shape(), "200 text/html");
        assert_eq!(unmask("it is refused", Some(Fate::Refused)).await.shape(), "502 Not available just now");
        assert_eq!(unmask("it is swallowed", Some(Fate::Swallowed)).await.shape(), "502 Not available just now");
        assert_eq!(unmask("it is whole", None).await.shape(), "200 text/html");
        assert_eq!(unmask("it is late", Some(Fate::Late)).await.shape(), "502 Not available just now");
        assert_eq!(unmask("it is last", None).await.shape(), "200 text/html");
        let (numbers, reasons) = trail(&world).await;
        assert_eq!(numbers, (1..=i64::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
        // What was swallowed or late was sent again before anything else: recorded, though it was not shown.
        assert_eq!(reasons, ["the answer is lost", "it is swallowed", "it is whole", "it is late", "it is last"]);
    });
}

#[test]
fn a_sign_in_that_cannot_be_written_down_keeps_nobody_out() {
    run(async {
        let between = Between::start().await;
        let world = world().await;
        between.people_refused.store(true, Ordering::SeqCst);
        let head = person(&world, "t000", "legal.head");
        let before = upstream::portal_user(&world, head).await;
        let browser = Browser::of(&world, head).await;
        let path = format!("PUT /api/resource/Portal%20User/{}", before["name"].as_str().unwrap());
        until("it was tried", async || between.reads.lock().unwrap().contains(&path)).await;
        assert!(browser.is_in().await);
        assert_eq!(upstream::portal_user(&world, head).await["last_sign_in_at"], before["last_sign_in_at"]);
    });
}
