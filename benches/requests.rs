//! What a request costs: the case page, its server function and a bare Axum handler, against the same simulated upstream, in
//! one run and in turns, so that the ratios mean something on a noisy machine.
//!
//! Each of the three runs on threads of its own; CPU is read from the kernel's account of those threads. The bare handler
//! does the least that anything of this kind must: one call upstream for the same rows, answered as JSON.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a benchmark stops where its set-up fails")]
#![cfg(feature = "demo")]

#[allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "the tests' own, of which this needs a part")]
#[path = "../tests/portal/support/browser.rs"]
mod browser;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{Router, extract::State, routing::get};
use http::Method;
use odr_portal::{
    cli::{
        STACK_BYTES,
        demo::{Plan, World},
        serve::Portal,
    },
    config::{PortalConfig, Source},
    demo::portfolio,
};
use tokio::runtime::Runtime;

const ROUNDS: usize = 5;
const REQUESTS: u64 = 400;
const CALLERS: usize = 8;
const FIELDS: &str = r#"["name","institution","case_id","lan","title_text","stage","status","total_dues","claim_basis_amount","dpd"]"#;

fn main() {
    // `cargo test --benches` and `cargo bench -- --test` only want to know that it starts.
    let rounds = if std::env::args().any(|argument| argument == "--test") { 0 } else { ROUNDS };
    let (backstage, portals, bare, callers) = (runtime("backstage"), runtime("portal"), runtime("bare"), runtime("caller"));
    let world = backstage.block_on(World::start(Plan {
        specs: portfolio::institutions().into_iter().take(1).collect(),
        cases: Some(2_000),
        entry: browser::unlimited,
        ..Plan::default()
    }));
    let world = world.unwrap();
    let settings = Source::fixed(world.portal_settings.clone());
    let portal = portals.block_on(async {
        let portal = Portal::start(PortalConfig::from_env(&settings).unwrap()).await.unwrap();
        portal.wait_until_ready(Duration::from_secs(10)).await.unwrap();
        portal
    });
    let bare_address = bare.block_on(bare_handler(&world));
    let person = browser::person(&world, "banyan", "legal.head").clone();
    let signed_in = callers.block_on(async {
        let browser = browser::Browser::at_address(portal.site_addr, &person.host);
        browser.sign_in(&person).await;
        browser
    });
    let plain = browser::Browser::at_address(bare_address, "bare.localhost");

    println!("{:<34}{:>12}{:>16}{:>12}", "100 rows, 2 threads each", "requests/s", "CPU µs/request", "KB");
    let subjects = [
        ("bare Axum handler", "bare", &plain, "/"),
        ("server function cases/list", "portal", &signed_in, "/api/cases/list?q=&sort=&after=&before="),
        ("case page", "portal", &signed_in, "/cases"),
    ];
    let mut totals = [(0.0_f64, 0.0_f64, 0_u64); 3];
    for _ in 0..rounds {
        for (total, (_, threads, browser, path)) in totals.iter_mut().zip(&subjects) {
            let (seconds, cpu_us, bytes) = callers.block_on(measure(threads, browser, path));
            total.0 += seconds;
            total.1 += cpu_us;
            total.2 = bytes;
        }
    }
    for ((seconds, cpu_us, bytes), (name, ..)) in totals.iter().zip(&subjects) {
        let requests = (REQUESTS * rounds as u64) as f64;
        println!("{name:<34}{:>12.0}{:>16.0}{:>12}", requests / seconds, cpu_us / requests, bytes / 1024);
    }
    backstage.block_on(async {
        portal.stop().await;
        world.stop().await;
    });
}

fn runtime(name: &str) -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name(name)
        .thread_stack_size(STACK_BYTES)
        .enable_all()
        .build()
        .unwrap()
}

/// Sends the requests and says how long they took, what the subject's threads used, and how large an answer is.
async fn measure(threads: &str, browser: &browser::Browser, path: &str) -> (f64, f64, u64) {
    let (next, bytes) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let (before, started) = (cpu_us(threads), Instant::now());
    let callers = (0..CALLERS).map(|_| {
        let (next, bytes, browser, path) = (Arc::clone(&next), Arc::clone(&bytes), browser.clone(), path.to_owned());
        async move {
            while next.fetch_add(1, Ordering::Relaxed) < REQUESTS {
                let request = browser.request(&Method::GET, &path).header("sec-fetch-site", "same-origin");
                let seen = browser.send(request).await;
                assert_eq!(seen.status, 200, "{path}");
                bytes.store(seen.text.len() as u64, Ordering::Relaxed);
            }
        }
    });
    futures::future::join_all(callers).await;
    (started.elapsed().as_secs_f64(), cpu_us(threads) - before, bytes.load(Ordering::Relaxed))
}

/// Microseconds of CPU that threads of this name have used, by the kernel's account (100 ticks a second).
fn cpu_us(name: &str) -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().filter_map(Result::ok);
    let ticks = tasks.filter_map(|task| {
        let stat = std::fs::read_to_string(task.path().join("stat")).ok()?;
        let (head, rest) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        // Fields 14 and 15 of the whole line: user and system time.
        (head.split_once('(')?.1 == name).then(|| Some(fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?))?
    });
    ticks.sum::<f64>() * 10_000.0
}

async fn bare_handler(world: &World) -> SocketAddr {
    let address = world.servers["upstream-a"];
    let key = format!("token {}:{}", world.keys["banyan"].key, world.keys["banyan"].secret);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let call = move |State(client): State<reqwest::Client>| {
        let (url, key) = (format!("http://{address}/api/resource/Arbitration%20Case"), key.clone());
        async move {
            let request =
                client.get(url).header("x-frappe-site-name", "shared").header("authorization", key).header("accept", "application/json");
            let query = [("fields", FIELDS), ("order_by", "next_due_on asc, name asc"), ("limit_page_length", "101")];
            axum::Json(request.query(&query).send().await.unwrap().json::<serde_json::Value>().await.unwrap())
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let bound = listener.local_addr().unwrap();
    #[expect(clippy::disallowed_methods, reason = "a server of the benchmark")]
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", get(call)).with_state(client)).await });
    bound
}
