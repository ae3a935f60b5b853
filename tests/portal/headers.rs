//! What every answer carries around its body: headers, policy, cookies, and the bounds on what a client may send.
//!
//! Must not know any page's content.

use std::time::{Duration, Instant};

use http::Method;
use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::small_institution,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::browser::{Browser, Seen, person, run, unlimited};

async fn world() -> World {
    let specs = vec![small_institution(0)];
    World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
}

/// The headers of an answer, without what differs between any two.
fn set_of(seen: &Seen) -> String {
    let changing = ["date", "x-request-id", "content-length", "last-modified", "etag", "transfer-encoding"];
    let mut lines: Vec<String> = seen
        .headers
        .iter()
        .filter(|(name, _)| !changing.contains(&name.as_str()))
        .map(|(name, value)| {
            let value = value.to_str().unwrap();
            let value = if seen.nonce().is_empty() { value.to_owned() } else { value.replace(seen.nonce(), "(nonce)") };
            // A token is 64 hex digits after the institution's id.
            match value.split_once("=t000.") {
                Some((name_of, rest)) => format!("{name}: {name_of}=t000.(token){}", &rest[64..]),
                None => format!("{name}: {value}"),
            }
        })
        .collect();
    lines.sort();
    format!("{}\n{}\n", seen.status, lines.join("\n"))
}

#[test]
fn each_kind_of_answer_has_its_headers() {
    run(async {
        let world = world().await;
        let nobody = Browser::at(&world, "t000.localhost");
        let head = person(&world, "t000", "legal.head");
        let inside = Browser::of(&world, head).await;
        let begun = nobody.post("/sign-in", &[("user", &head.user.user_id), ("password", &head.user.password)]).await;
        let link =
            inside.get("/api/documents/list?state=STORED&kind=AGREEMENT").await.json()["rows"][0][0]["href"].as_str().unwrap().to_owned();
        let document = link.split_once("?doc=").unwrap().1;
        let case = inside.get("/api/cases/list").await.listed()["rows"][0]["id"].as_str().unwrap().to_owned();
        let masked = inside.get(&format!("/api/cases/particulars?id={case}")).await.json();
        let reveal = masked["rows"][0][4]["href"].as_str().unwrap().to_owned();
        let deed = format!("/cases/{case}/do/comment");
        let kinds = [
            ("deed", inside.get(&deed).await),
            ("reveal", inside.get(&reveal).await),
            ("revealed", inside.post(&reveal, &[("purpose", "CONTACT")]).await),
            ("document", inside.get(&format!("/documents/{document}/content")).await),
            ("download", inside.get(&format!("/documents/{document}/content?download=1")).await),
            ("no document", inside.get("/documents/0000000000/content").await),
            ("page", inside.get("/cases").await),
            ("refusal", inside.get("/nowhere").await),
            ("function", inside.get("/api/cases/list").await),
            ("api", inside.get("/api/v1/me").await),
            ("problem", nobody.get("/api/v1/me").await),
            ("file", nobody.get("/favicon.svg").await),
            ("sign-in", begun),
            ("code", nobody.type_code(head).await),
            ("sign-out", nobody.post("/sign-out", &[]).await),
        ];
        let text: String = kinds.iter().map(|(kind, seen)| format!("# {kind}\n{}\n", set_of(seen))).collect();
        insta::assert_snapshot!("headers", text);
        for (kind, seen) in kinds.iter().filter(|(kind, _)| !matches!(*kind, "file" | "document" | "download")) {
            assert_eq!(seen.header("cache-control"), "no-store", "{kind}");
        }
    });
}

#[test]
fn each_page_has_a_fresh_nonce_and_no_script_or_style_without_it() {
    run(async {
        let world = world().await;
        let nobody = Browser::at(&world, "t000.localhost");
        let inside = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let mut nonces = std::collections::BTreeSet::new();
        for seen in
            [nobody.get("/sign-in").await, nobody.get("/sign-in").await, inside.get("/cases").await, inside.get("/cases?q=nowhere").await]
        {
            assert_eq!(seen.status, 200);
            assert!(nonces.insert(seen.nonce().to_owned()) && seen.nonce().len() >= 16, "{nonces:?}");
            let scripts: Vec<&str> = seen.text.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
            assert!(!scripts.is_empty());
            assert!(scripts.iter().all(|tag| tag.contains(&format!("nonce=\"{}\"", seen.nonce()))), "{scripts:?}");
            assert!(!seen.header("content-security-policy").contains("unsafe-inline"));
            for inline in [" style=\"", "<style", " onclick=", " onerror=", " onload=", "javascript:"] {
                assert!(!seen.text.contains(inline), "{inline} in {}", seen.text);
            }
        }
    });
}

#[test]
fn what_is_too_large_or_cannot_be_read_is_refused_in_the_askers_shape() {
    run(async {
        let world = world().await;
        let inside = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let post = async |path: &str, body: String| {
            let request = inside.request(&Method::POST, path).header("sec-fetch-site", "same-origin");
            inside.send(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await.shape()
        };
        let large = format!("a={}", "x".repeat(256 * 1024));
        assert_eq!(post("/theme", large.clone()).await, "413 This request was not carried out");
        assert_eq!(post("/api/session/stay", large).await, "413 too_large");
        assert_eq!(post("/api/nowhere", String::new()).await, "404 not_found");
        assert_eq!(inside.get("/api/nowhere").await.shape(), "404 not_found");
        assert_eq!(inside.get("/api/cases/list?q=a&q=b").await.shape(), "400 bad_request");
        assert_eq!(inside.get("/sign-out").await.shape(), "404 There is nothing at this address");
        // Metrics and health are the operator's, on an address of their own.
        for path in ["/metrics", "/healthz", "/readyz"] {
            assert_eq!(inside.get(path).await.status, 404, "{path}");
        }
    });
}

/// What comes back until the other side closes, and after how long.
async fn spoken(world: &World, bytes: &str) -> (String, Duration) {
    let started = Instant::now();
    let mut stream = tokio::net::TcpStream::connect(world.portal.site_addr).await.unwrap();
    // A refusal may close the connection before all is written.
    let _ = stream.write_all(bytes.as_bytes()).await;
    let mut received = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(15), stream.read_to_end(&mut received)).await;
    assert!(closed.is_ok(), "the connection is still open");
    (String::from_utf8_lossy(&received).into_owned(), started.elapsed())
}

#[test]
fn a_head_is_bounded_in_fields_bytes_and_time() {
    run(async {
        let world = world().await;
        let head = "GET /sign-in HTTP/1.1\r\nHost: t000.localhost\r\n";
        let many: String = (0..120).map(|number| format!("x-{number}: y\r\n")).collect();
        let large = format!("x-large: {}\r\n", "y".repeat(64 * 1024));
        for more in [many, large] {
            let (text, _) = spoken(&world, &format!("{head}{more}\r\n")).await;
            assert!(text.is_empty() || text.starts_with("HTTP/1.1 431") || text.starts_with("HTTP/1.1 400"), "{text}");
        }
        let (text, after) = spoken(&world, head).await;
        assert!(!text.contains("200 OK") && after < Duration::from_secs(15), "{after:?}: {text}");
    });
}
