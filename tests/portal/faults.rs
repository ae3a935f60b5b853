//! Faults of the surroundings, over real sockets: an upstream that goes away and comes back, and a process that is told to
//! stop under load.
//!
//! Must not know how either is noticed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::StreamExt as _;
use odr_portal::{
    cli::{
        demo::{Plan, World},
        serve::Portal,
    },
    config::{PortalConfig, Source},
    demo::{
        frappe::{Failure, Knob},
        portfolio::{InstitutionSpec, small_institution},
    },
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::browser::{Browser, metrics, person, run, unlimited, until};

async fn world(cases: usize) -> World {
    let plan = Plan {
        specs: (0..2).map(|index| InstitutionSpec { cases, ..small_institution(index) }).collect(),
        site_root: "public".to_owned(),
        entry: unlimited,
        ..Plan::default()
    };
    World::start(plan).await.unwrap()
}

#[test]
fn f13_an_upstream_that_goes_away_is_left_alone_and_found_again() {
    run(async {
        let world = world(5).await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let site = world.sites.values().next().unwrap();
        let behave = |failure| site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure }));
        let left_alone = || async {
            let text = metrics(&world).await;
            let series = text.lines().filter(|line| line.starts_with("portal_upstream_requests_total") && line.contains("breaker_open"));
            series.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum::<f64>()
        };

        behave(Failure::Dead);
        for _ in 0..6 {
            assert_eq!(browser.get("/api/cases/list").await.shape(), "502 upstream");
        }
        let before = left_alone().await;
        for _ in 0..20 {
            assert_eq!(browser.get("/api/cases/list").await.shape(), "502 upstream");
        }
        // All but a probe or two were answered without a call.
        assert!(left_alone().await - before >= 18.0, "{before} before, {} after", left_alone().await);

        behave(Failure::Sound);
        until("the upstream is found again", || async { browser.get("/api/cases/list").await.status == 200 }).await;
    });
}

/// Pages that are given up on before it is looked whether any stay.
const GIVEN_UP: usize = 600;

#[test]
fn f28_pages_whose_callers_hang_up_leave_nothing_behind() {
    run(async {
        // A full page is more than a socket holds: it is cut in the middle.
        let world = world(120).await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let request = format!("GET /cases HTTP/1.1\r\nHost: t000.localhost\r\nCookie: {}\r\n\r\n", browser.cookie_header());
        let give_up = async |number: u64| {
            let mut socket = tokio::net::TcpStream::connect(world.portal.site_addr).await.unwrap();
            socket.write_all(request.as_bytes()).await.unwrap();
            // At every point of a page's life, from before it is asked for upstream to after its first bytes; read by nobody.
            tokio::time::sleep(Duration::from_millis(number % 60)).await;
        };
        let before = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        let hang_up = async || {
            futures::stream::iter(0..GIVEN_UP as u64).for_each_concurrent(8, &give_up).await;
            let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
            until("every page's tasks have ended", || async { tasks() <= before + 5 }).await;
            resident_kb()
        };
        hang_up().await;
        let (first, second, third) = (hang_up().await, hang_up().await, hang_up().await);
        // A page that stayed would hold some 80 KB.
        let left = third.saturating_sub(first) / GIVEN_UP / 2;
        assert!(left < 20, "{left} KB are left of each page: {first}, {second}, {third} KB");
    });
}

/// Memory of this process that is in use, in KB.
fn resident_kb() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn f22_a_process_told_to_stop_finishes_what_is_under_way() {
    run(async {
        let world = world(5).await;
        let settings = Source::fixed(world.portal_settings.clone());
        let portal = Portal::start(PortalConfig::from_env(&settings).unwrap()).await.unwrap();
        portal.wait_until_ready(Duration::from_secs(10)).await.unwrap();
        let (address, admin) = (portal.site_addr, portal.admin_addr);
        let somebody = person(&world, "t000", "legal.head").clone();
        let browser = Browser::at_address(address, &somebody.host);
        browser.sign_in(&somebody).await;
        let slow = Duration::from_millis(100);
        let site = world.sites.values().next().unwrap();
        site.knobs().set_for("api@t000.example", Some(Knob { delay: Some((slow, slow)), failure: Failure::Sound }));

        // One that never ends its head: it must not hold the process up.
        let mut stuck = tokio::net::TcpStream::connect(address).await.unwrap();
        stuck.write_all(b"GET /cases HTTP/1.1\r\nHost: ").await.unwrap();

        let (answered, closing) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let callers = (0..64).map(|_| {
            let (host, cookies) = (somebody.host.clone(), browser.cookie_header());
            let (answered, closing) = (Arc::clone(&answered), Arc::clone(&closing));
            async move {
                while !closing.load(Ordering::Relaxed) {
                    // A connection each, so that every request is either taken whole or not at all.
                    let Ok(mut socket) = tokio::net::TcpStream::connect(address).await else { return 0 };
                    let request = format!("GET /api/cases/list HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\r\n");
                    let mut answer = Vec::new();
                    // Refused or reset before the portal took it is the load balancer's to repeat; a cut answer is not.
                    let whole = socket.write_all(request.as_bytes()).await.is_ok() && socket.read_to_end(&mut answer).await.is_ok();
                    if whole && !answer.is_empty() {
                        let text = String::from_utf8_lossy(&answer);
                        assert!(text.starts_with("HTTP/1.1 200") && text.trim_end().ends_with(['}', '0']), "{text}");
                        answered.fetch_add(1, Ordering::Relaxed);
                    } else if !answer.is_empty() {
                        return 1;
                    }
                }
                0
            }
        });
        let stopping = async {
            until("requests are under way", || async { answered.load(Ordering::Relaxed) > 200 }).await;
            let stop = portal.stop();
            tokio::pin!(stop);
            let told = async {
                until("it says that it is not ready", || async {
                    reqwest::get(format!("http://{admin}/readyz")).await.is_ok_and(|answer| answer.status() == 503)
                })
                .await;
            };
            tokio::select! {
                () = &mut stop => panic!("it was gone before it said so"),
                () = told => {}
            }
            let ended = tokio::time::timeout(Duration::from_secs(30), stop).await;
            closing.store(true, Ordering::Relaxed);
            assert!(ended.is_ok(), "it did not stop in 30 seconds");
        };
        let (cut, ()) = tokio::join!(futures::future::join_all(callers), stopping);
        assert_eq!(cut.into_iter().sum::<usize>(), 0, "answers were cut");
        assert!(tokio::net::TcpStream::connect(address).await.is_err(), "the door is closed");
    });
}
