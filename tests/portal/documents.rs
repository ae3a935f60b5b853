//! Documents over the simulated upstream: what is given is what the record says, as what it is, and to nobody else; and the list of
//! all of them.
//!
//! Must not know how a file is fetched.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use http::Method;
use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::{InstitutionSpec, small_institution},
    },
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    browser::{Browser, metric, person, run, unlimited, until, who_work},
    upstream,
};

const COLUMNS: [&str; 11] =
    ["name", "case_ref", "title", "mime", "sha256", "size_bytes", "scan_state", "file_url", "doc_type", "creation", "original_name"];

async fn world() -> World {
    let specs = (0..2).map(|index| InstitutionSpec { cases: 40, ..small_institution(index) }).collect();
    World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
}

async fn documents(world: &World, institution: &str) -> Vec<Value> {
    upstream::rows(world, institution, "Case Document", &COLUMNS).await
}

fn clean(rows: &[Value]) -> impl Iterator<Item = &Value> {
    rows.iter().filter(|row| row["scan_state"] == "CLEAN")
}

fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

fn address(row: &Value) -> String {
    format!("/documents/{}/content", text(row, "name"))
}

/// The whole answer; `None` for its bytes where it broke off.
async fn fetch(browser: &Browser, path: &str, headers: &[(&str, &str)]) -> (u16, http::HeaderMap, Option<Vec<u8>>) {
    let request = headers.iter().fold(browser.request(&Method::GET, path), |request, (name, value)| request.header(*name, *value));
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.bytes().await.ok().map(|bytes| bytes.to_vec()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_is_given_is_what_the_record_says_under_headers_that_leave_nothing_to_guess() {
    run(async {
        let world = world().await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let rows = documents(&world, "t000").await;
        let mut kinds = BTreeMap::new();
        for row in clean(&rows).step_by(5) {
            let (status, headers, bytes) = fetch(&browser, &address(row), &[("range", "bytes=0-3"), ("accept-encoding", "gzip, br")]).await;
            let bytes = bytes.unwrap();
            assert_eq!(status, 200, "a range is answered whole");
            assert_eq!(
                (bytes.len() as i64, hex(&Sha256::digest(&bytes)).as_str()),
                (row["size_bytes"].as_i64().unwrap(), text(row, "sha256"))
            );
            let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
            assert_eq!(header("content-length"), bytes.len().to_string());
            assert_eq!(header("content-type"), text(row, "mime"));
            assert_eq!((header("x-content-type-options"), header("cache-control")), ("nosniff", "private, no-store"));
            assert_eq!(header("x-frame-options"), "SAMEORIGIN");
            assert_eq!(
                header("content-disposition"),
                format!("inline; filename=\"{0}\"; filename*=UTF-8''{1}", text(row, "original_name"), text(row, "original_name"))
            );
            let policy = header("content-security-policy");
            assert!(
                policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'self'") && !policy.contains("script-src"),
                "{policy}"
            );
            assert_eq!(policy.contains("sandbox"), text(row, "mime") != "application/pdf", "{policy}");
            for of_the_upstream in ["server", "set-cookie", "etag", "last-modified", "link", "content-encoding"] {
                assert!(!headers.contains_key(of_the_upstream), "{of_the_upstream}: {}", header(of_the_upstream));
            }
            let kept = fetch(&browser, &format!("{}?download=1", address(row)), &[]).await;
            let kept_header = |name: &str| kept.1.get(name).map_or("", |value| value.to_str().unwrap());
            assert!(kept_header("content-disposition").starts_with("attachment; "), "{:?}", kept.1);
            assert!(kept_header("content-security-policy").ends_with("sandbox") && kept_header("x-frame-options") == "DENY");
            assert_eq!(kept.2.unwrap(), bytes);
            *kinds.entry(text(row, "mime").to_owned()).or_insert(0) += 1;
        }
        assert!(kinds.len() == 2 && kinds.values().sum::<usize>() >= 20, "{kinds:?}");
        until("each was noted", async || {
            let audit = upstream::rows(&world, "t000", "Portal Audit Event", &["action"]).await;
            let of = |action: &str| audit.iter().filter(|row| row["action"] == action).count();
            let given: usize = kinds.values().sum();
            (of("document.view"), of("document.download")) == (given, given)
        })
        .await;
    });
}

#[test]
fn a_document_that_a_person_may_not_see_does_not_exist() {
    run(async {
        let world = world().await;
        let (own, foreign) = (documents(&world, "t000").await, documents(&world, "t001").await);
        for somebody in who_work(&world, "t000") {
            let browser = Browser::of(&world, somebody).await;
            let role = somebody.person.role.code();
            let cases = browser.get("/api/cases/list").await.listed();
            let cases: BTreeSet<String> =
                cases["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
            let inside = clean(&own).find(|row| cases.contains(text(row, "case_ref")));
            let outside = clean(&own).find(|row| !cases.contains(text(row, "case_ref")));
            let nobody = browser.get("/documents/0000000000/content").await;
            let expected = if role == "TENANT_ADMIN" { "403 This is not allowed" } else { "404 There is nothing at this address" };
            assert_eq!(nobody.shape(), expected, "{role}");
            let others = [
                Some(address(&foreign[0])),
                outside.map(address),
                Some(address(&own[0]).to_uppercase().replace("/DOCUMENTS/", "/documents/").replace("/CONTENT", "/content")),
            ];
            for path in others.into_iter().flatten().chain(["/documents/%25/content".to_owned(), "/documents/%FF/content".to_owned()]) {
                let answer = browser.get(&path).await;
                assert_eq!((answer.shape(), answer.stable_text()), (nobody.shape(), nobody.stable_text()), "{role} {path}");
            }
            if let Some(row) = inside.filter(|_| role != "TENANT_ADMIN") {
                assert_eq!(browser.get(&address(row)).await.status, 200, "{role}");
            }
        }
        let nobody = Browser::at(&world, "t000.localhost");
        for row in [&own[0], &foreign[0]] {
            assert_eq!(nobody.get(&address(row)).await.shape(), "401 You are signed out");
        }
    });
}

#[test]
fn a_site_that_answers_with_rows_of_others_gives_none_of_their_files() {
    run(async {
        let world = world().await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let own = documents(&world, "t000").await;
        for site in world.sites.values() {
            site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        }
        for row in clean(&own).take(3) {
            let dropped = metric(&world, "portal_isolation_violations_total").await;
            let answer = browser.get(&address(row)).await;
            assert_eq!(answer.shape(), "404 There is nothing at this address");
            let one = browser.get(&format!("/api/cases/document?id={}&doc={}", text(row, "case_ref"), text(row, "name"))).await;
            let list = browser.get("/api/documents/list").await;
            for seen in [&answer, &one, &list] {
                assert!(!seen.text.to_lowercase().contains("mark-t001"), "{}", seen.text);
            }
            assert!(metric(&world, "portal_isolation_violations_total").await > dropped);
        }
    });
}

#[test]
fn what_keeps_a_document_back_is_said_and_noted() {
    run(async {
        let mut world = world().await;
        upstream::administer(&mut world);
        let browser = Browser::of(&world, person(&world, "t000", "collections.2")).await;
        let rows = documents(&world, "t000").await;
        let states = [
            (json!({"scan_state": "NOT_SCANNED"}), "has not been scanned"),
            (json!({"scan_state": "INFECTED"}), "A virus was found"),
            (json!({"state": "WITHDRAWN"}), "was withdrawn"),
            (json!({"state": "REJECTED"}), "was rejected"),
            (json!({"state": "RECEIVING"}), "has not arrived whole"),
            (json!({"size_bytes": 600 * 1024 * 1024}), "larger than the portal passes on"),
        ];
        for (row, (change, words)) in clean(&rows).zip(&states) {
            upstream::change(&world, "Case Document", text(row, "name"), change).await;
            for path in [address(row), format!("{}?download=1", address(row))] {
                let answer = browser.get(&path).await;
                assert_eq!(answer.shape(), "409 This document is not opened", "{change}");
                assert!(answer.text.contains(words) && answer.header("x-frame-options") == "SAMEORIGIN", "{}", answer.text);
            }
            let page = browser.get(&format!("/cases/{}/documents?doc={}", text(row, "case_ref"), text(row, "name"))).await;
            assert!(page.text.contains(words) && !page.text.contains("<iframe") && !page.text.contains("?download=1"), "{change}");
        }
        until("each was noted", async || {
            let audit = upstream::rows(&world, "t000", "Portal Audit Event", &["action", "reason_code"]).await;
            let reasons: BTreeSet<&str> =
                audit.iter().filter(|row| row["action"] == "document.open").map(|row| text(row, "reason_code")).collect();
            reasons.len() == states.len()
        })
        .await;
    });
}

#[test]
fn a_file_is_what_its_bytes_are_whatever_the_upstream_calls_it() {
    run(async {
        let mut world = world().await;
        upstream::administer(&mut world);
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let rows = documents(&world, "t000").await;
        let page = "<html><script>alert(document.domain)</script></html>";
        for (row, ending) in clean(&rows).zip(["pdf", "html", "svg", "png"]) {
            let url = upstream::attach(&world, "t000", text(row, "name"), &format!("{}.{ending}", text(row, "name")), page).await;
            let stated =
                json!({"file_url": url, "size_bytes": page.len(), "sha256": hex(&Sha256::digest(page)), "mime": "application/pdf"});
            upstream::change(&world, "Case Document", text(row, "name"), &stated).await;
            let answer = browser.get(&address(row)).await;
            assert_eq!(
                (answer.status, answer.text.as_str(), answer.header("content-type")),
                (200, page, "application/octet-stream"),
                "{ending}"
            );
            assert!(answer.header("content-disposition").starts_with("attachment; "), "{ending}");
            assert!(answer.header("content-security-policy").ends_with("sandbox"), "{ending}");
        }
    });
}

#[test]
fn what_is_not_the_documents_bytes_never_ends_well() {
    run(async {
        let mut world = world().await;
        upstream::administer(&mut world);
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let rows = documents(&world, "t000").await;
        let mut rows = clean(&rows);
        let sound = rows.next().unwrap();
        // Another content under a record's name: longer, shorter, or of the very same length.
        let size = sound["size_bytes"].as_i64().unwrap();
        for (row, change) in rows.zip([json!({"size_bytes": size * 2}), json!({"size_bytes": 20}), json!({"sha256": "0".repeat(64)})]) {
            upstream::change(&world, "Case Document", text(row, "name"), &change).await;
            let (status, _, bytes) = fetch(&browser, &address(row), &[]).await;
            assert!(status == 502 || status == 200 && bytes.is_none(), "{change}: {status}");
        }
        let site = world.sites.values().next().unwrap();
        let (_, _, whole) = fetch(&browser, &address(sound), &[]).await;
        assert_eq!(whole.unwrap().len() as i64, size);
        // A large file: it must break in its middle, after its record was read.
        let large = vec![b'x'; 3_000_000];
        let url = upstream::attach(&world, "t000", text(sound, "name"), "large.bin", std::str::from_utf8(&large).unwrap()).await;
        let stated = json!({"file_url": url, "size_bytes": large.len(), "sha256": hex(&Sha256::digest(&large))});
        upstream::change(&world, "Case Document", text(sound, "name"), &stated).await;
        let (_, _, whole) = fetch(&browser, &address(sound), &[]).await;
        assert!(whole.unwrap() == large);
        site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: Failure::FilesCut }));
        let (status, _, bytes) = fetch(&browser, &address(sound), &[]).await;
        assert_eq!((status, bytes), (200, None), "a file that broke off came to a clean end");
    });
}

#[test]
fn a_document_under_way_ends_with_its_session_its_persons_membership_or_its_institution() {
    const SIZE_BYTES: usize = 500_000;
    run(async {
        let plan = Plan {
            specs: vec![InstitutionSpec { cases: 10, ..small_institution(0) }],
            sync_seconds: 1,
            // A person's record counts for no longer than one look.
            principal_fresh: Duration::ZERO,
            site_root: "public".to_owned(),
            entry: unlimited,
            ..Plan::default()
        };
        let mut world = World::start(plan).await.unwrap();
        upstream::administer(&mut world);
        let head = person(&world, "t000", "legal.head");
        let user = upstream::portal_user(&world, head).await["name"].as_str().unwrap().to_owned();
        let rows = documents(&world, "t000").await;
        let row = clean(&rows).next().unwrap();
        let large = "x".repeat(SIZE_BYTES);
        let url = upstream::attach(&world, "t000", text(row, "name"), "large.bin", &large).await;
        let stated = json!({"file_url": url, "size_bytes": SIZE_BYTES, "sha256": hex(&Sha256::digest(&large))});
        upstream::change(&world, "Case Document", text(row, "name"), &stated).await;
        let trickle = |pause_ms: Option<u64>| {
            let failure = pause_ms
                .map_or(Failure::Sound, |pause| Failure::Slow { pause: Duration::from_millis(pause), piece_bytes: SIZE_BYTES / 100 });
            world
                .sites
                .values()
                .for_each(|site| site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: failure.clone() })));
        };
        for (what, pause_ms) in [("nothing", 20), ("signed out", 80), ("signed out elsewhere", 80), ("disabled", 80), ("suspended", 80)] {
            let (browser, elsewhere) = (Browser::of(&world, head).await, Browser::of(&world, head).await);
            let here = browser.clone();
            trickle(Some(pause_ms));
            let then = async || match what {
                "signed out" => assert_eq!(here.post("/sign-out", &[]).await.status, 303),
                "signed out elsewhere" => assert_eq!(elsewhere.post("/sign-out/everywhere", &[]).await.status, 303),
                "disabled" => upstream::change(&world, "Portal User", &user, &json!({"active": 0})).await,
                "suspended" => drop(world.catalog.suspend("t000").unwrap()),
                _ => {}
            };
            let (seen, whole) = browser.interrupted(&address(row), then).await;
            trickle(None);
            assert_eq!(whole, what == "nothing", "{what}");
            assert!(!seen.is_empty() && (whole || seen.len() < SIZE_BYTES - SIZE_BYTES / 100), "{what}: {}", seen.len());
            if what == "disabled" {
                upstream::change(&world, "Portal User", &user, &json!({"active": 1})).await;
            }
        }
    });
}

#[test]
fn the_case_shows_one_document_beside_the_list_without_any_script() {
    run(async {
        let world = world().await;
        let rows = documents(&world, "t000").await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        for (mime, tag) in [("application/pdf", "<iframe"), ("image/png", "<img")] {
            let row = clean(&rows).find(|row| row["mime"] == mime).unwrap();
            let list = format!("/cases/{}/documents", text(row, "case_ref"));
            let closed = head.get(&list).await;
            let link = format!("{list}?doc={}", text(row, "name"));
            assert!(
                closed.text.contains(&format!("href=\"{link}\""))
                    && closed.text.contains("No document is open")
                    && !closed.text.contains(tag)
            );
            let open = head.get(&link).await;
            let shown = open.text.split(tag).nth(1).and_then(|rest| rest.split('>').next()).unwrap();
            assert!(shown.contains(&format!("src=\"{}\"", address(row))), "{shown}");
            assert!(open.text.contains(&format!("{}?download=1", address(row))) && open.text.contains(text(row, "sha256")));
            assert!(open.header("content-security-policy").contains("frame-src 'self'"));
        }
        // Of another case, though the person may see both.
        let case = text(&rows[0], "case_ref");
        let stray = rows.iter().find(|row| row["case_ref"] != case).unwrap();
        let answer = head.get(&format!("/api/cases/document?id={case}&doc={}", text(stray, "name"))).await;
        assert_eq!(answer.shape(), "404 not_found");
        let admin = who_work(&world, "t000").find(|person| person.person.role.code() == "TENANT_ADMIN").unwrap();
        let admin = Browser::of(&world, admin).await;
        let row = clean(&rows).next().unwrap();
        let page = admin.get(&format!("/cases/{}/documents?doc={}", text(row, "case_ref"), text(row, "name"))).await;
        assert!(page.status == 200 && page.text.contains("Your role does not open documents") && !page.text.contains("/content"));
    });
}

/// Every row of a list, page by page.
async fn walk(browser: &Browser, query: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut next = Some(format!("/documents?{query}"));
    while let Some(address) = next {
        let page = browser.get(&address.replace("/documents?", "/api/documents/list?")).await.json();
        let of_page = page["rows"].as_array().unwrap();
        assert!(of_page.len() == 100 || page["next"].is_null(), "a page was thinned out: {}", of_page.len());
        rows.extend(of_page.iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
    }
    rows
}

#[test]
fn the_list_shows_every_document_of_the_persons_cases_once_newest_first() {
    run(async {
        let world = world().await;
        let rows = documents(&world, "t000").await;
        assert!(rows.len() > 200, "{} documents are less than three pages", rows.len());
        let links = |rows: &[Value]| rows.iter().map(|row| row[0]["href"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let link = |row: &Value| format!("/cases/{}/documents?doc={}", text(row, "case_ref"), text(row, "name"));
        for somebody in who_work(&world, "t000") {
            let browser = Browser::of(&world, somebody).await;
            let cases = browser.get("/api/cases/list").await.listed();
            let cases: BTreeMap<&str, &str> =
                cases["rows"].as_array().unwrap().iter().map(|row| (row["id"].as_str().unwrap(), row["lan"].as_str().unwrap())).collect();
            let mut expected: Vec<&Value> = rows.iter().filter(|row| cases.contains_key(text(row, "case_ref"))).collect();
            expected.sort_by_key(|row| std::cmp::Reverse((text(row, "creation"), text(row, "name"))));
            let expected: Vec<&Value> = expected;
            let found = links(&walk(&browser, "").await);
            assert_eq!(found, expected.iter().map(|row| link(row)).collect::<Vec<_>>(), "{}", somebody.user.user_id);
            assert_eq!(browser.get("/documents").await.status, 200);
            let of_kind = expected.iter().filter(|row| row["doc_type"] == "SOC").map(|row| link(row));
            assert_eq!(links(&walk(&browser, "kind=SOC").await), of_kind.collect::<Vec<_>>());
            let waiting = expected.iter().filter(|row| row["scan_state"] == "NOT_SCANNED").map(|row| link(row));
            assert_eq!(links(&walk(&browser, "state=NOT_SCANNED").await), waiting.collect::<Vec<_>>());
            if let Some((case, lan)) = cases.first_key_value() {
                let of_case = expected.iter().filter(|row| text(row, "case_ref") == *case).map(|row| link(row));
                assert_eq!(links(&walk(&browser, &format!("q={lan}")).await), of_case.collect::<Vec<_>>());
            }
            // Whatever is typed is a value: it narrows, or it is refused.
            for nothing in ["nobody-is-called-this", "mark%t001", "t001", "%' or 1=1", "]],[[institution,!=,", "' or_filters"] {
                let q: String = url::form_urlencoded::byte_serialize(nothing.replace('%', "%25").as_bytes()).collect();
                assert!(walk(&browser, &format!("q={q}")).await.is_empty(), "{nothing}");
            }
            let widened = walk(&browser, "institution=T001&filters=[]&limit=0&kind=SOC").await;
            assert_eq!(links(&widened), links(&walk(&browser, "kind=SOC").await));
            assert!(widened.iter().all(|row| !row.to_string().to_lowercase().contains("mark-t001")));
        }
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        for unreadable in ["kind=x", "state=%25", "q=stage%3Anowhere", "after=yesterday"] {
            assert_eq!(browser.get(&format!("/api/documents/list?{unreadable}")).await.shape(), "422 invalid", "{unreadable}");
            assert_eq!(browser.get(&format!("/documents?{unreadable}")).await.status, 422, "{unreadable}");
        }
    });
}
