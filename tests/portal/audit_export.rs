//! The audit trail as a file: exactly what its filter shows, for who may take it, recorded first, and never of another institution.
//!
//! Must not know how a file is written.

use std::time::Duration;

use futures::StreamExt as _;
use odr_portal::{
    cli::demo::World,
    demo::frappe::{Failure, Knob},
    model::Role,
};
use serde_json::Value;

use crate::{
    browser::{Browser, metric, person, run, until},
    forms, upstream,
    work::{rows, world},
};

const LOCALS: [&str; 9] =
    ["tenant.admin", "legal.head", "legal.manager", "collections", "branch.user", "advocate", "finance", "auditor", "viewer"];

async fn of(world: &World, local: &str) -> Browser {
    Browser::of(world, person(world, "t000", local)).await
}

/// The file's rows: headings, records, the total, an empty line, the line that says who took it.
async fn file(browser: &Browser, query: &str) -> Vec<Vec<String>> {
    let answer = browser.get(&format!("/audit/export?{query}")).await;
    assert_eq!(answer.shape(), "200 text/csv", "{query}: {}", answer.text);
    let text = answer.text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Request ids of what the page shows, page after page.
async fn shown(browser: &Browser, query: &str) -> Vec<String> {
    let (mut found, mut next) = (Vec::new(), Some(query.to_owned()));
    while let Some(query) = next {
        let page = browser.get(&format!("/api/audit/list?{query}")).await.json();
        let rows = page["rows"].as_array().unwrap().iter();
        found.extend(rows.map(|row| row[5]["text"].as_str().unwrap().to_owned()));
        next = page["next"].as_str().map(|href| href.strip_prefix("/audit?").unwrap().to_owned());
    }
    found
}

async fn trail(world: &World, fields: &[&str], of: &[(&str, &str)]) -> Vec<Value> {
    rows(world, "Portal Audit Event", fields, of).await
}

#[test]
fn the_file_is_what_the_filter_shows_and_says_who_took_it() {
    run(async {
        let world = world().await;
        let (head, auditor) = (of(&world, "legal.head").await, of(&world, "auditor").await);
        for local in ["viewer", "finance"] {
            refused(&world, local, 60).await;
        }
        for actor in ["legal.head@t000.example", "auditor@t000.example"] {
            let signed_in = async || trail(&world, &["actor", "kind"], &[("actor", actor), ("kind", "SIGN_IN")]).await.len();
            until("the sign-in is on record", async || signed_in().await > 0).await;
        }
        let known = ["", "kind=DENIED", "kind=SIGN_IN&result=OK", "actor=viewer%40t000.example", "from=2020-01-01&to=2020-01-02"];
        for query in known {
            let (listed, rows) = (shown(&auditor, query).await, file(&auditor, query).await);
            assert_eq!(rows[0].last().unwrap(), "Address", "{query}");
            let records = &rows[1..rows.len() - 3];
            // What was recorded of taking it may stand in it as well: the first of the whole trail.
            let taken: Vec<&str> =
                records.iter().filter(|row| row[4] != "audit.export" || row[5] != "OK").map(|row| row[12].as_str()).collect();
            let exports = trail(&world, &["action", "result", "request_id"], &[("action", "audit.export"), ("result", "OK")]).await;
            let of_export = |id: &String| exports.iter().any(|row| row["request_id"] == id.as_str());
            let listed: Vec<&str> = listed.iter().filter(|id| !of_export(id)).map(String::as_str).collect();
            assert_eq!(taken, listed, "{query}");
            assert_eq!(rows[rows.len() - 3][0], format!("Total of {} records", records.len()));
            let watermark = rows.last().unwrap().join(" ");
            assert!(watermark.contains("Taken by auditor@t000.example"), "{watermark}");
            assert!(query.is_empty() || watermark.contains("records that match"), "{watermark}");
        }
        // A head takes it without the addresses; each was recorded with what it was of.
        let rows = file(&head, "kind=SIGN_IN").await;
        assert!(rows.iter().flatten().all(|cell| !cell.contains("127.0.0.1")) && rows[0].last().unwrap() == "Reference", "{rows:?}");
        let exports = trail(&world, &["kind", "action", "actor", "row_total"], &[("kind", "EXPORT"), ("action", "audit.export")]).await;
        assert_eq!(exports.len(), known.len() + 1);
        assert!(exports.iter().any(|row| row["actor"] == "legal.head@t000.example" && row["row_total"].as_u64() > Some(3)), "{exports:?}");
        assert_eq!(head.get("/audit/export?kind=nonsense").await.status, 422);
        assert_eq!(head.get("/audit/export?from=yesterday").await.status, 422);
        assert_eq!(Browser::at(&world, "t000.localhost").get("/audit/export").await.status, 401);
    });
}

#[test]
fn nothing_of_the_trail_is_computed_by_a_spreadsheet_and_the_page_offers_the_file_to_whom_it_is_given() {
    run(async {
        let world = world().await;
        for (local, role) in LOCALS.into_iter().zip(Role::ALL) {
            let browser = of(&world, local).await;
            let may = matches!(role, Role::LegalHead | Role::Auditor);
            let answer = browser.get("/audit/export?kind=SIGN_IN").await;
            assert_eq!(answer.status, if may { 200 } else { 403 }, "{role:?}");
            let listed = browser.get("/api/audit/list?kind=SIGN_IN").await;
            assert_eq!(listed.text.contains("/audit/export?kind=SIGN_IN"), may, "{role:?}");
            if may {
                let user = format!("{local}@t000.example");
                let signed_in = async || trail(&world, &["actor", "kind"], &[("actor", &user), ("kind", "SIGN_IN")]).await.len();
                until("the sign-in is on record", async || signed_in().await > 0).await;
                let page = browser.get("/audit?kind=SIGN_IN").await;
                assert!(page.text.contains("href=\"/audit/export?kind=SIGN_IN\""), "{}", page.text);
            }
        }
        let auditor = of(&world, "auditor").await;
        let admin = of(&world, "tenant.admin").await;
        let id = rows(&world, "Portal User", &["name", "user_id"], &[("user_id", "viewer@t000.example")]).await[0]["name"].clone();
        let path = format!("/people/{}/do/end-sessions", id.as_str().unwrap());
        forms::done(&admin, &path, &[("reason", "=HYPERLINK(\"http://x\")")]).await;
        let rows = file(&auditor, "kind=CONFIG").await;
        let reasons: Vec<&String> = rows.iter().filter(|row| row.len() > 7 && row[4] == "user.end_sessions").map(|row| &row[7]).collect();
        assert_eq!(reasons, ["'=HYPERLINK(\"http://x\")"]);
    });
}

#[test]
fn no_record_of_another_institution_is_taken_away_and_an_export_ends_with_its_session() {
    run(async {
        let world = world().await;
        let other = Browser::of(&world, person(&world, "t001", "legal.head")).await;
        other.get("/api/cases/show?id=0000000000").await;
        let auditor = of(&world, "auditor").await;
        let mood = |failure: Failure, delay: Option<Duration>| {
            for site in world.sites.values() {
                site.knobs().set_for("api@t000.example", Some(Knob { delay: delay.map(|delay| (delay, delay)), failure: failure.clone() }));
            }
        };
        let whole = file(&auditor, "").await;
        assert!(whole.iter().flatten().all(|cell| !cell.contains("t001.example")));
        let dropped = metric(&world, "portal_isolation_violations_total").await;
        mood(Failure::ForeignRows, None);
        let text = auditor.get("/audit/export").await.text;
        assert!(!text.contains("t001.example"), "{text}");
        mood(Failure::Sound, None);
        assert!(metric(&world, "portal_isolation_violations_total").await >= dropped);
        // More than one piece, read slowly: who is shut out meanwhile gets no further.
        plant(&world, 850).await;
        let elsewhere = of(&world, "auditor").await;
        mood(Failure::Sound, Some(Duration::from_millis(400)));
        let then = async || assert_eq!(elsewhere.post("/sign-out/everywhere", &[]).await.status, 303);
        let (seen, whole) = auditor.interrupted("/audit/export", then).await;
        assert!(!whole && !seen.contains("Taken by"), "{whole}");
    });
}

/// Somebody asks so many times for what they may not have, until all of it is on record.
async fn refused(world: &World, local: &str, times: usize) {
    let browser = of(world, local).await;
    let user = format!("{local}@t000.example");
    let noted = async || trail(world, &["actor", "action"], &[("actor", &user), ("action", "audit.export")]).await.len();
    for asked in 1..=times {
        assert_eq!(browser.get("/audit/export").await.status, 403);
        // Waiting notes of one person have few places: those before come first.
        if asked % 10 == 0 {
            until("each refusal is on record", async || noted().await >= asked).await;
        }
    }
}

/// More records than two pieces have, put there by hand: none of them is shown, and each has its place.
async fn plant(world: &World, records: usize) {
    let all = upstream::rows(world, "t000", "Portal Audit Event", &["*"]).await;
    let mut row = all[0].as_object().unwrap().clone();
    for kept_by_the_site in ["name", "owner", "creation", "modified", "modified_by", "docstatus", "idx"] {
        row.remove(kept_by_the_site);
    }
    row.retain(|_, value| !value.is_null());
    let create = |index: usize| {
        let mut row = row.clone();
        row.extend([("event_key".to_owned(), format!("planted{index}").into()), ("writer_run".to_owned(), "planted".into())]);
        async move { upstream::create(world, "Portal Audit Event", &Value::Object(row)).await }
    };
    futures::stream::iter((0..records).map(create)).buffer_unordered(8).collect::<Vec<_>>().await;
}
