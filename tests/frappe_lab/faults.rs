//! Each way of failing that a portal must live through, met over a socket: slow, silent, reset, limited, broken, refused, cut,
//! huge, mislabelled, in maintenance, somebody else's. Must not know how a failure is made.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use odr_portal::demo::frappe::{Failure, Knob};
use serde_json::{Value, json};

use crate::lab::{Lab, Setting};
use crate::seed;

const CASES: &str = "/api/resource/Arbitration%20Case";

/// What a connection brings until it ends or breaks, and how it ended.
struct Wire {
    text: String,
    end: Result<(), ErrorKind>,
}

impl Wire {
    fn status(&self) -> &str {
        self.text.split(' ').nth(1).unwrap_or("none")
    }

    fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next()?;
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

fn ask(lab: &Lab, accept: &str, patience: Duration) -> Wire {
    let mut stream = TcpStream::connect(lab.address()).unwrap();
    stream.set_read_timeout(Some(patience)).unwrap();
    let key = seed::key("A");
    let request = format!(
        "GET {CASES}?limit=200&fields=%5B%22*%22%5D HTTP/1.1\r\nHost: lab.localhost\r\nAccept: {accept}\r\n\
         Authorization: token {}:{}\r\nConnection: close\r\n\r\n",
        key.key, key.secret
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut received = Vec::new();
    let end = stream.read_to_end(&mut received).map(drop).map_err(|error| error.kind());
    Wire { text: String::from_utf8_lossy(&received).into_owned(), end }
}

fn meet(failure: Failure) -> Wire {
    let lab = Lab::under(Setting::NoTraceback);
    lab.fail(failure);
    ask(&lab, "application/json", Duration::from_secs(10))
}

#[test]
fn a_slow_site_is_slow_for_one_user_alone() {
    let lab = Lab::open();
    let delay = Some((Duration::from_millis(1500), Duration::from_millis(1600)));
    lab.site().knobs().set_for("a.clerk@lab.example", Some(Knob { delay, failure: Failure::Sound }));
    let timed = |who: &str| {
        let started = Instant::now();
        assert_eq!(lab.call(who, "GET", "/api/method/ping", None).status, 200);
        started.elapsed()
    };
    assert!(timed("A") >= Duration::from_millis(1500));
    assert!(timed("B") < Duration::from_millis(1500));
    let failure = Failure::Slow { pause: Duration::from_millis(50), piece_bytes: 8 };
    lab.site().knobs().set_for("a.clerk@lab.example", Some(Knob { delay: None, failure }));
    assert!(timed("A") >= Duration::from_millis(100), "18 bytes in pieces of 8");
}

#[test]
fn a_dead_site_closes_resets_or_says_nothing() {
    let lab = Lab::open();
    lab.fail(Failure::Dead);
    let dead = ask(&lab, "*/*", Duration::from_secs(10));
    assert_eq!((dead.text.as_str(), dead.end), ("", Ok(())));
    lab.fail(Failure::Reset);
    let reset = ask(&lab, "*/*", Duration::from_secs(10));
    assert_eq!((reset.text.as_str(), reset.end), ("", Err(ErrorKind::ConnectionReset)));
    lab.fail(Failure::Silent);
    let silent = ask(&lab, "*/*", Duration::from_millis(300));
    assert_eq!((silent.text.as_str(), silent.end), ("", Err(ErrorKind::WouldBlock)));
    lab.fail(Failure::Sound);
    assert_eq!(ask(&lab, "*/*", Duration::from_secs(10)).status(), "200", "it recovers");
}

#[test]
fn a_limited_site_says_when_to_come_back_and_still_lets_people_sign_in() {
    let lab = Lab::open();
    lab.fail(Failure::TooMany { retry_after_s: 7 });
    let limited = ask(&lab, "application/json", Duration::from_secs(10));
    assert_eq!((limited.status(), limited.header("retry-after"), limited.header("x-ratelimit-remaining")), ("429", Some("7"), Some("0")));
    assert_eq!(lab.sign_in("A", &seed::password("A"), "127.0.0.1").status, 200);
}

#[test]
fn the_sites_own_limiter_counts_time_and_forgets_it_with_the_window() {
    let lab = Lab::under(Setting::Limited);
    let all = format!("{CASES}?limit=0&fields=%5B%22*%22%5D");
    let first = lab.call("A", "GET", &all, None);
    let of = |name: &str| first.values(name).next().unwrap().parse::<u64>().unwrap();
    assert_eq!((first.status, of("x-ratelimit-limit"), of("x-ratelimit-remaining")), (200, 100, 100));
    assert!(of("x-ratelimit-used") > 100, "667 whole rows take longer than a tenth of a millisecond");
    let second = lab.call("B", "GET", "/api/method/ping", None);
    assert_eq!((second.status, second.values("retry-after").count()), (429, 1), "everybody's time together");
    let bad_key = lab.sign_in("A", "wrong", "127.0.0.1");
    assert_eq!(bad_key.status, 401);
    lab.wait(3600);
    assert_eq!(lab.call("B", "GET", "/api/method/ping", None).status, 200);
}

#[test]
fn a_share_of_requests_fails_before_anything_is_done() {
    let lab = Lab::open();
    lab.fail(Failure::Status { status: 502, rate: 0.5 });
    let before = lab.site().row_count("Case Memo");
    let memo = json!({"arbitration_case": "ARB-2026-00001"});
    let statuses: Vec<u16> = (0..80).map(|_| lab.put("A", "POST", "/api/resource/Case%20Memo", &memo).status).collect();
    let failed = statuses.iter().filter(|status| **status == 502).count();
    assert!((15..=65).contains(&failed), "{failed} of 80");
    assert_eq!(lab.site().row_count("Case Memo") - before, 80 - failed);
}

#[test]
fn an_answer_can_be_lost_after_its_work_was_done() {
    let lab = Lab::open();
    lab.fail(Failure::AnswerLost);
    let before = lab.site().row_count("Case Memo");
    assert_eq!(lab.put("A", "POST", "/api/resource/Case%20Memo", &json!({"arbitration_case": "ARB-2026-00001"})).status, 0);
    assert_eq!(lab.site().row_count("Case Memo"), before + 1);
}

#[test]
fn keys_can_be_refused_while_sessions_live() {
    let lab = Lab::open();
    lab.fail(Failure::KeyRefused);
    let refused = lab.call("A", "GET", CASES, None);
    assert_eq!((refused.status, &refused.body["exc_type"]), (401, &json!("AuthenticationError")));
    assert_eq!(lab.sign_in("A", &seed::password("A"), "127.0.0.1").status, 200);
}

#[test]
fn a_body_is_cut_under_a_length_or_between_chunks() {
    let short = meet(Failure::Truncated);
    let told: usize = short.header("content-length").unwrap().parse().unwrap();
    assert!(short.status() == "200" && short.body().len() < told, "{} of {told}", short.body().len());
    let cut = meet(Failure::CutChunk);
    assert_eq!((cut.status(), cut.header("transfer-encoding")), ("200", Some("chunked")));
    assert!(!cut.body().is_empty() && !cut.body().ends_with("0\r\n\r\n"));
}

#[test]
fn a_body_can_be_huge_long_or_deep() {
    let huge = meet(Failure::Huge { bytes: 8_000_000 });
    assert!(huge.status() == "200" && huge.body().len() > 8_000_000);
    let rows = meet(Failure::ManyRows { rows: 100_000 });
    assert_eq!(rows.body().matches("\"row\"").count(), 100_000);
    let deep = meet(Failure::Deep { levels: 10_000 });
    assert_eq!(deep.body().matches('[').count(), 10_000);
}

#[test]
fn an_answer_can_be_mislabelled_a_page_or_a_traceback() {
    let mislabelled = meet(Failure::WrongContentType);
    assert_eq!((mislabelled.status(), mislabelled.header("content-type")), ("200", Some("text/plain; charset=utf-8")));
    assert!(serde_json::from_str::<Value>(mislabelled.body()).is_ok());
    let page = meet(Failure::Html);
    assert_eq!((page.status(), page.header("content-type")), ("200", Some("text/html; charset=utf-8")));
    let traceback = meet(Failure::Traceback);
    let body: Value = serde_json::from_str(traceback.body()).unwrap();
    assert_eq!((traceback.status(), &body["exc_type"], body.get("data")), ("200", &json!("ValidationError"), None));
}

#[test]
fn maintenance_stops_everything_or_writes_alone() {
    let lab = Lab::open();
    lab.fail(Failure::Maintenance);
    let json = ask(&lab, "application/json", Duration::from_secs(10));
    let page = ask(&lab, "text/html", Duration::from_secs(10));
    assert_eq!((json.status(), page.status(), page.header("x-page-name")), ("503", "503", Some("message")));
    assert!(json.body().contains("SessionStopped"));
    assert_eq!(lab.sign_in("A", &seed::password("A"), "127.0.0.1").status, 503);
    lab.fail(Failure::ReadOnly);
    assert_eq!(lab.call("A", "GET", CASES, None).status, 200);
    let write = lab.put("A", "POST", "/api/resource/Case%20Memo", &json!({"arbitration_case": "ARB-2026-00001"}));
    assert_eq!((write.status, &write.body["exc_type"]), (503, &json!("InReadOnlyMode")));
}

#[test]
fn rows_and_documents_can_be_another_institutions() {
    let lab = Lab::open();
    lab.fail(Failure::ForeignRows);
    let own = lab.call("A", "GET", &format!("{CASES}/ARB-2026-00001"), None);
    assert_ne!(own.body["data"]["institution"], "Mumbai Centre for Arbitration");
    let rows = lab.call("A", "GET", &format!("{CASES}?fields=%5B%22institution%22%5D"), None);
    let rows = rows.body["data"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["institution"] != "Mumbai Centre for Arbitration"));
}
