//! `openapi.json` against what is mounted and what is answered: every address is described with each status that it gives, nothing is
//! described that is not there, and every answer, problems included, is what its schema says.
//!
//! Must not know whether an answer is right (`tests/portal/api_v1.rs` does).

mod schema;

use std::collections::BTreeSet;

use http::{HeaderName, Method};
use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::{institutions, small_institution},
    },
    router,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::browser::{Browser, Seen, person, run, unlimited, until, who_work};

async fn document(world: &World, host: &str) -> Value {
    let somebody = world.people.iter().find(|person| person.host == host && person.user.user_id.starts_with("legal.head")).unwrap();
    Browser::of(world, somebody).await.get("/api/v1/openapi.json").await.json()
}

/// What is wrong with an answer to a GET of an address, by the description of its pattern.
fn faults(document: &Value, pattern: &str, seen: &Seen) -> Vec<String> {
    let kind = seen.header("content-type");
    let described = &document["paths"][pattern]["get"]["responses"][seen.status.to_string()]["content"][kind]["schema"];
    if described.is_null() {
        return vec![format!("{pattern}: {} {kind} is not described", seen.status)];
    }
    schema::faults(document, described, &seen.json())
}

fn mounted() -> BTreeSet<(String, String)> {
    let all = router::endpoints().into_iter().filter(|(_, path)| path.starts_with("/api/v1"));
    all.map(|(method, path)| (method.as_str().to_lowercase(), path)).collect()
}

#[test]
fn what_is_described_is_what_is_mounted() {
    run(async {
        let plan = Plan { specs: vec![small_institution(0)], site_root: "public".to_owned(), entry: unlimited, ..Plan::default() };
        let world = World::start(plan).await.unwrap();
        let document = document(&world, "t000.localhost").await;
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
        let mut described = BTreeSet::new();
        let mut operations = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                described.insert((method.clone(), path.clone()));
                assert!(operations.insert(operation["operationId"].as_str().unwrap().to_owned()), "{operation}");
                let named: Vec<_> = path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let of_path: Vec<_> = parameters.iter().filter(|parameter| parameter["in"] == "path").collect();
                assert_eq!(of_path.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect::<Vec<_>>(), named, "{path}");
                for parameter in &parameters {
                    assert!(parameter["description"].as_str().is_some_and(|text| !text.is_empty()), "{path}: {parameter}");
                }
                for (status, response) in operation["responses"].as_object().unwrap() {
                    assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{path}: {status}");
                    let kinds: Vec<_> = response["content"].as_object().unwrap().keys().collect();
                    let known: &[&str] = match (status.as_str(), path.ends_with("/content")) {
                        ("200", true) => &["application/octet-stream", "application/pdf", "image/jpeg", "image/png"],
                        ("200", false) => &["application/json"],
                        _ => &["application/problem+json"],
                    };
                    assert!(kinds.iter().all(|kind| known.contains(&kind.as_str())) && kinds.len() == known.len(), "{path}: {status}");
                    assert_eq!(response["headers"]["Retry-After"].is_object(), status == "429" || status == "503", "{path}: {status}");
                }
            }
        }
        assert_eq!(described, mounted());
        // What a client is written against changes on purpose.
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for (name, schema) in schemas {
            assert!(schema["description"].as_str().is_some() || name.starts_with("Page_"), "{name} says nothing of itself");
            for (member, of_member) in schema["properties"].as_object().into_iter().flatten() {
                // Of one that may be null, the description stands with the other alternative.
                let said = of_member["oneOf"].as_array().and_then(|both| both.last()).unwrap_or(of_member)["description"].is_string();
                assert!(said, "{name}.{member} says nothing of itself");
            }
        }
        let members = schemas.iter().map(|(name, schema)| {
            let members: Vec<_> = schema["properties"].as_object().into_iter().flatten().map(|(member, _)| member.as_str()).collect();
            format!("{name}: {}", members.join(" "))
        });
        insta::assert_snapshot!("api_v1_schemas", members.collect::<Vec<_>>().join("\n"));
    });
}

#[test]
fn every_answer_of_the_demo_is_as_described_for_everybody() {
    run(async {
        let specs = institutions().into();
        let plan = Plan { specs, cases: Some(60), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() };
        let world = World::start(plan).await.unwrap();
        let document = document(&world, "banyan.localhost").await;
        let mut wrong = Vec::new();
        for institution in ["banyan", "laterite", "monsoon"] {
            for somebody in who_work(&world, institution) {
                let browser = Browser::of(&world, somebody).await;
                let mut check = |pattern: &str, seen: &Seen| wrong.extend(faults(&document, pattern, seen));
                for pattern in ["me", "dashboard", "cases", "openapi.json"].map(|name| format!("/api/v1/{name}")) {
                    check(&pattern, &browser.get(&pattern).await);
                }
                check("/api/v1/hearings", &browser.get("/api/v1/hearings?limit=200&from=2026-06-01&to=2027-05-01").await);
                check("/api/v1/cases", &browser.get("/api/v1/cases?limit=0").await);
                check("/api/v1/hearings", &browser.get("/api/v1/hearings?to=1").await);
                check("/api/v1/cases/{id}", &browser.get("/api/v1/cases/0000000000").await);
                check("/api/v1/cases/{id}", &browser.get("/api/v1/cases/0000000000?events_after=x").await);
                check("/api/v1/documents/{id}/content", &browser.get("/api/v1/documents/0000000000/content").await);
                let cases = browser.get("/api/v1/cases").await.json();
                let step = if somebody.user.user_id.starts_with("legal.head") { 1 } else { 9 };
                for case in cases["items"].as_array().unwrap().iter().step_by(step) {
                    check("/api/v1/cases/{id}", &browser.get(&format!("/api/v1/cases/{}", case["id"].as_str().unwrap())).await);
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong[..wrong.len().min(20)].join("\n"));
    });
}

#[test]
fn the_check_of_this_test_notices_what_is_wrong() {
    let document = json!({"components": {"schemas": {"Day": {"type": "string", "format": "date"}}}});
    let day = json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Day"}]});
    let row = json!({"type": "object", "required": ["on"], "properties": {"on": day, "count": {"type": "integer", "minimum": 0}}});
    let rows = json!({"type": "array", "items": row});
    assert_eq!(schema::faults(&document, &rows, &json!([{"on": null}, {"on": "2026-11-21", "count": 1}])), [""; 0]);
    for wrong in [json!({}), json!([{}]), json!([{"on": "21 Nov"}]), json!([{"on": null, "count": -1}]), json!([{"on": null, "more": 1}])] {
        assert!(!schema::faults(&document, &rows, &wrong).is_empty(), "{wrong}");
    }
}

/// Announces a body that is too large, and sends none: the answer must not wait for it.
async fn announce_a_large_body(world: &World, address: &str, cookie: &str) -> Seen {
    let mut stream = tokio::net::TcpStream::connect(world.portal.site_addr).await.unwrap();
    let head = format!("GET {address} HTTP/1.1\r\nhost: t000.localhost\r\ncookie: {cookie}\r\ncontent-length: 300000\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let lines = head.lines().skip(1).map(|line| line.split_once(": ").unwrap());
    let headers = lines.map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())).collect();
    Seen { status: head.split(' ').nth(1).unwrap().parse().unwrap(), headers, text: body.to_owned() }
}

/// A problem, as described for the address, whatever `described` says of its status.
fn problem(document: &Value, pattern: &str, seen: &Seen, status: u16, kind: &str) {
    assert_eq!((seen.status, seen.header("content-type")), (status, "application/problem+json"), "{pattern}: {}", seen.text);
    assert_eq!(seen.json()["type"], format!("urn:odr-portal:problem:{kind}"), "{pattern}");
    assert_eq!(seen.json()["request_id"], seen.header("x-request-id"), "{pattern}");
    let described = json!({"$ref": "#/components/schemas/Problem"});
    assert_eq!(schema::faults(document, &described, &seen.json()), [""; 0], "{pattern}");
    assert!(!seen.headers.contains_key("location") && !seen.text.contains("MARK-"), "{pattern}");
}

#[test]
fn every_refusal_is_a_problem_that_the_description_knows() {
    run(async {
        let plan = Plan {
            specs: (0..3).map(small_institution).collect(),
            sync_seconds: 1,
            site_root: "public".to_owned(),
            entry: |entry| {
                unlimited(entry);
                if entry["id"] == "t001" {
                    entry["limits"]["requests_per_second"] = 1.into();
                    entry["limits"]["burst"] = 6.into();
                }
            },
            ..Plan::default()
        };
        let world = World::start(plan).await.unwrap();
        let document = document(&world, "t000.localhost").await;
        let inside = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let nobody = Browser::at(&world, "t000.localhost");
        world.catalog.suspend("t002").unwrap();
        let suspended = Browser::at(&world, "t002.localhost");
        until("the suspension is in force", async || suspended.get("/sign-in").await.status == 403).await;
        let hasty = Browser::at(&world, "t001.localhost");
        until("the share is used up", async || hasty.get("/sign-in").await.status == 429).await;
        let described = |pattern: &str, seen: &Seen| assert_eq!(faults(&document, pattern, seen), [""; 0], "{pattern} {}", seen.status);

        for (method, pattern) in mounted() {
            assert_eq!(method, "get");
            let address = pattern.replace("{id}", "0000000000");
            let refusals = [
                (nobody.get(&address).await, 401, "signed_out"),
                (suspended.get(&address).await, 403, "suspended"),
                (Browser::at(&world, "nobody.localhost").get(&address).await, 404, "not_found"),
                (Browser::at(&world, "no body").get(&address).await, 400, "bad_request"),
            ];
            for (seen, status, kind) in refusals {
                problem(&document, &pattern, &seen, status, kind);
                described(&pattern, &seen);
            }
            until("the bucket is empty", async || hasty.get(&address).await.status == 429).await;
            let busy = hasty.get(&address).await;
            problem(&document, &pattern, &busy, 429, "busy");
            described(&pattern, &busy);
            assert!(busy.header("retry-after").parse::<u32>().unwrap() >= 1);
            let large = announce_a_large_body(&world, &address, &inside.cookie_header()).await;
            problem(&document, &pattern, &large, 413, "too_large");
            described(&pattern, &large);

            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
                let here = inside.send(inside.request(&method, &address).header("sec-fetch-site", "same-origin")).await;
                problem(&document, &pattern, &here, 405, "method_not_allowed");
                assert_eq!(here.header("allow"), "GET,HEAD", "{method} {pattern}");
                if method != Method::OPTIONS {
                    // What is no read is another site's business as little as anywhere.
                    for site in [None, Some("cross-site"), Some("same-site")] {
                        let request = inside.request(&method, &address);
                        let request = site.into_iter().fold(request, |request, site| request.header("sec-fetch-site", site));
                        problem(&document, &pattern, &inside.send(request).await, 403, "wrong_origin");
                    }
                }
            }
            let head = inside.send(inside.request(&Method::HEAD, &address)).await;
            assert_eq!((head.status, head.text.as_str()), (inside.get(&address).await.status, ""), "{pattern}");
        }
        for nowhere in ["/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/cases/", "/api/v1/cases/a/b", "/api/v1/me/", "/api/v1/%FF"] {
            for browser in [&inside, &nobody] {
                problem(&document, nowhere, &browser.get(nowhere).await, 404, "not_found");
            }
        }
        // What only begins like it is a page's or a function's.
        assert_eq!(inside.get("/api/v1x").await.shape(), "404 not_found");

        let site = world.sites.values().next().unwrap();
        for (failure, status, kind) in [(Failure::Maintenance, 503, "maintenance"), (Failure::Dead, 502, "upstream")] {
            site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure }));
            for pattern in ["/api/v1/cases", "/api/v1/cases/{id}", "/api/v1/hearings", "/api/v1/dashboard"] {
                let seen = inside.get(&pattern.replace("{id}", "0000000000")).await;
                problem(&document, pattern, &seen, status, kind);
                described(pattern, &seen);
                assert_eq!(seen.headers.contains_key("retry-after"), status == 503);
            }
        }
    });
}
