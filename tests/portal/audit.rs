//! The audit trail over the simulated upstream: what is recorded of whom, who may read it, what a masked value takes, and
//! that the doctor sees whatever was done to the rows.
//!
//! Must not know how a record is written.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use odr_portal::{
    cli::{
        demo::{Plan, World},
        serve::Portal,
    },
    config::{PortalConfig, Source},
    demo::portfolio::small_institution,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    browser::{self, Browser, metric, person, run, unlimited, until},
    upstream,
};

const AUDIT: &str = "Portal Audit Event";
const COLUMNS: &[&str] = &[
    "name",
    "institution",
    "event_key",
    "writer_run",
    "seq",
    "prev_hash",
    "row_hash",
    "row_mac",
    "payload",
    "at",
    "actor",
    "actor_role",
    "action",
    "kind",
    "result",
    "reason_code",
    "reason_text",
    "object_type",
    "object_name",
    "case_name",
    "ip_address",
    "request_id",
];
const REASON: &str = "The borrower asked to be called back";

async fn two_institutions() -> World {
    let specs = (0..2).map(small_institution).collect();
    let mut world = World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap();
    upstream::administer(&mut world);
    world
}

/// An institution's audit rows, in the order of each run.
async fn trail(world: &World, institution: &str) -> Vec<Value> {
    let mut rows = upstream::rows(world, institution, AUDIT, COLUMNS).await;
    rows.sort_by_key(|row| (row["writer_run"].as_str().unwrap().to_owned(), row["seq"].as_i64()));
    rows
}

/// Waits until a row is there of which this holds.
async fn noted(world: &World, institution: &str, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
    until(what, async || trail(world, institution).await.iter().any(&holds)).await;
    trail(world, institution).await.into_iter().find(|row| holds(row)).unwrap()
}

fn hex(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn payload_of(row: &Value) -> Value {
    serde_json::from_slice(&STANDARD.decode(row["payload"].as_str().unwrap()).unwrap()).unwrap()
}

async fn particulars(world: &World, institution: &str) -> Vec<Value> {
    let fields = ["name", "institution", "case_ref", "party", "kind", "value_text", "value_masked"];
    upstream::rows(world, institution, "Party Particular", &fields).await
}

async fn unmask(browser: &Browser, particular: &Value, reason: &str) -> browser::Seen {
    let text = |field: &str| particular[field].as_str().unwrap();
    let address = format!("/cases/{}/reveal/{}", text("case_ref"), text("name"));
    browser.post(&address, &[("purpose", "OTHER"), ("reason", reason)]).await
}

/// The lines of a value as its page writes them; nothing of a case is such that HTML would write it otherwise.
fn shows(page: &browser::Seen, value: &str) -> bool {
    value.lines().all(|line| page.text.contains(&format!("<span>{line}</span>")))
}

#[test]
fn a_masked_value_is_shown_to_whom_the_matrix_says_and_recorded_first() {
    run(async {
        let world = two_institutions().await;
        let all = particulars(&world, "t000").await;
        let foreign = particulars(&world, "t001").await;
        let cases = upstream::rows(&world, "t000", "Arbitration Case", &["name", "zone", "region", "advocate", "legal_owner"]).await;
        for (who, role, shown) in [
            ("legal.head", "LEGAL_HEAD", &["MOBILE", "EMAIL", "ADDRESS", "PAN", "ACCOUNT"][..]),
            ("legal.manager", "LEGAL_MANAGER", &["MOBILE", "EMAIL", "ADDRESS", "PAN", "ACCOUNT"]),
            ("collections.2", "COLLECTIONS_OFFICER", &["MOBILE"]),
            ("advocate", "ADVOCATE", &["ADDRESS"]),
            ("auditor", "AUDITOR", &[]),
            ("tenant.admin", "TENANT_ADMIN", &[]),
            ("viewer", "VIEWER", &[]),
        ] {
            let somebody = person(&world, "t000", who);
            let browser = Browser::of(&world, somebody).await;
            let listed = browser.get("/api/cases/list").await.listed();
            let own: BTreeSet<&str> = listed["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
            assert!(own.len() <= cases.len());
            for particular in &all {
                let kind = particular["kind"].as_str().unwrap();
                let within = own.contains(particular["case_ref"].as_str().unwrap());
                let seen = unmask(&browser, particular, REASON).await;
                let expected = match (shown.is_empty(), within, shown.contains(&kind)) {
                    (true, ..) | (false, true, false) => "403 This is not allowed",
                    (false, false, _) => "404 There is nothing at this address",
                    (false, true, true) => "200 text/html",
                };
                assert_eq!(seen.shape(), expected, "{role} {kind}");
                let whole = particular["value_text"].as_str().unwrap();
                if seen.status == 200 {
                    assert!(shows(&seen, whole), "{role} {kind}: {}", seen.text);
                    let back = format!("60; url=/cases/{}/service", particular["case_ref"].as_str().unwrap());
                    assert_eq!((seen.header("cache-control"), seen.header("refresh")), ("no-store", back.as_str()));
                    // Recorded first: it is there when the value is.
                    let rows = trail(&world, "t000").await;
                    let row = rows.iter().find(|row| row["request_id"] == seen.header("x-request-id")).expect("recorded");
                    let told = ["kind", "result", "actor", "actor_role", "reason_code", "reason_text", "object_name", "case_name"]
                        .map(|name| &row[name]);
                    let expected = [
                        &json!("UNMASK"),
                        &json!("OK"),
                        &json!(somebody.user.user_id),
                        &json!(role),
                        &json!("OTHER"),
                        &json!(REASON),
                        &particular["name"],
                        &particular["case_ref"],
                    ];
                    assert_eq!(told, expected);
                    assert_eq!(row["ip_address"], "127.0.0.1");
                    assert_eq!(payload_of(row)["after"]["value_masked"], particular["value_masked"]);
                } else {
                    assert!(!shows(&seen, whole) && !seen.text.contains(whole), "{role} {kind}");
                }
            }
            for particular in &foreign {
                let seen = unmask(&browser, particular, REASON).await;
                assert!(matches!(seen.status, 403 | 404) && !shows(&seen, particular["value_text"].as_str().unwrap()));
            }
        }
        let denied =
            noted(&world, "t000", "a refusal by role", |row| row["actor"] == "auditor@t000.example" && row["kind"] == "DENIED").await;
        assert_eq!((&denied["action"], &denied["reason_code"]), (&json!("particular.unmask"), &json!("ROLE")));
        noted(&world, "t000", "a refusal by kind", |row| row["actor"] == "collections.2@t000.example" && row["reason_code"] == "KIND")
            .await;
        let written = trail(&world, "t000").await.iter().map(|row| format!("{row}{}", payload_of(row))).collect::<String>();
        for particular in all.iter().filter(|particular| particular["kind"] != "ADDRESS") {
            assert!(!written.contains(particular["value_text"].as_str().unwrap()), "a whole value is in the trail");
        }
    });
}

#[test]
fn a_reason_is_needed_and_a_particular_belongs_to_its_case() {
    run(async {
        let world = two_institutions().await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let all = particulars(&world, "t000").await;
        for reason in ["", "   ", "abc", &"x".repeat(301)] {
            let seen = unmask(&browser, &all[0], reason).await;
            assert!(seen.status == 422 && !shows(&seen, all[0]["value_text"].as_str().unwrap()), "{}", seen.text);
        }
        let other = all.iter().find(|other| other["case_ref"] != all[0]["case_ref"]).unwrap();
        let mut mixed = all[0].clone();
        mixed["case_ref"] = other["case_ref"].clone();
        let mut shouted = all[0].clone();
        shouted["name"] = all[0]["name"].as_str().unwrap().to_uppercase().into();
        for wrong in [mixed, shouted] {
            for reason in [REASON, ""] {
                assert_eq!(unmask(&browser, &wrong, reason).await.shape(), "404 There is nothing at this address");
            }
        }
        assert!(!trail(&world, "t000").await.iter().any(|row| row["kind"] == "UNMASK"));
    });
}

#[test]
fn signing_in_and_out_is_noted_and_what_was_typed_is_not() {
    run(async {
        let world = two_institutions().await;
        let head = person(&world, "t000", "legal.head");
        let browser = Browser::at(&world, &head.host);
        browser.type_password(&head.user.user_id, "CANARY-password").await;
        browser.type_password("CANARY-user", "whatever").await;
        browser.sign_in(head).await;
        browser.post("/sign-out", &[]).await;
        let of_head = |kind: &'static str| move |row: &Value| row["kind"] == kind && row["actor"] == "legal.head@t000.example";
        let failed = noted(&world, "t000", "the wrong password", of_head("SIGN_IN_FAILED")).await;
        assert_eq!((&failed["result"], &failed["reason_code"]), (&json!("FAILED"), &json!("wrong")));
        let out = noted(&world, "t000", "the sign-out", of_head("SIGN_OUT")).await;
        let began = noted(&world, "t000", "the sign-in", of_head("SIGN_IN")).await;
        assert_eq!((&began["actor_role"], &began["ip_address"]), (&json!("LEGAL_HEAD"), &json!("127.0.0.1")));
        assert!(out["seq"].as_i64() > began["seq"].as_i64());
        noted(&world, "t000", "the unknown user", |row| row["kind"] == "SIGN_IN_FAILED" && row["actor"] == "unknown").await;
        for row in trail(&world, "t000").await {
            assert!(!row.to_string().contains("CANARY") && !payload_of(&row).to_string().contains("CANARY"), "{row}");
        }
    });
}

#[test]
fn each_institution_has_its_own_chain_that_its_key_can_only_add_to() {
    run(async {
        let world = two_institutions().await;
        for institution in ["t000", "t001"] {
            let browser = Browser::of(&world, person(&world, institution, "legal.head")).await;
            for particular in particulars(&world, institution).await.iter().take(3) {
                assert_eq!(unmask(&browser, particular, REASON).await.status, 200);
            }
        }
        let (mine, theirs) = (trail(&world, "t000").await, trail(&world, "t001").await);
        for (institution, rows) in [("T000", &mine), ("T001", &theirs)] {
            let mut before = "0".repeat(64);
            for (index, row) in rows.iter().enumerate() {
                let (run, seq) = (row["writer_run"].as_str().unwrap(), index + 1);
                assert_eq!((row["institution"].as_str().unwrap(), row["seq"].as_u64()), (institution, Some(seq as u64)));
                assert_eq!(row["event_key"], hex(Sha256::digest(format!("{institution}\u{1f}{run}\u{1f}{seq}"))));
                assert_eq!(row["prev_hash"], before);
                before = hex(Sha256::digest(format!("{before}{}", row["payload"].as_str().unwrap())));
                assert_eq!((row["row_hash"].as_str(), row["row_mac"].as_str().unwrap().len()), (Some(before.as_str()), 64));
            }
            assert_eq!((&rows[0]["action"], rows.iter().filter(|row| row["kind"] == "UNMASK").count()), (&json!("audit.open"), 3));
        }
        let both = |rows: &[Value]| rows.iter().map(|row| row["writer_run"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
        assert!(both(&mine).is_disjoint(&both(&theirs)));
        let auditor = Browser::of(&world, person(&world, "t001", "auditor")).await;
        let page = auditor.get("/api/audit/list").await;
        assert!(page.text.contains("t001.example") && !page.text.contains("t000"), "{}", page.text);
        let name = mine[1]["name"].as_str().unwrap();
        for method in [Method::PUT, Method::DELETE] {
            for institution in ["t000", "t001"] {
                assert_eq!(upstream::refusal(&world, institution, method.clone(), AUDIT, name).await, 403, "{method} {institution}");
            }
        }
    });
}

#[test]
fn the_trail_is_read_as_far_as_the_role_goes() {
    run(async {
        let world = two_institutions().await;
        let head = person(&world, "t000", "legal.head");
        let manager = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let browser = Browser::of(&world, head).await;
        let all = particulars(&world, "t000").await;
        for particular in all.iter().cycle().take(120) {
            assert_eq!(unmask(&browser, particular, REASON).await.status, 200);
        }
        noted(&world, "t000", "the manager's sign-in", |row| row["actor"] == "legal.manager@t000.example").await;
        let auditor = Browser::of(&world, person(&world, "t000", "auditor")).await;
        noted(&world, "t000", "the auditor's sign-in", |row| row["actor"] == "auditor@t000.example").await;

        // Every row once, newest first, whatever ties there are within a second.
        let (mut found, mut query): (Vec<Value>, Option<String>) = (Vec::new(), Some(String::new()));
        while let Some(asked) = query {
            let page = auditor.get(&format!("/api/audit/list?{asked}")).await.json();
            found.extend(page["rows"].as_array().unwrap().iter().cloned());
            query = page["next"].as_str().map(|href| href.strip_prefix("/audit?").unwrap().to_owned());
        }
        // Of every record: what was done, and the request that did it.
        let mut stored = trail(&world, "t000").await;
        stored.sort_by_key(|row| std::cmp::Reverse((row["at"].as_str().unwrap().to_owned(), row["name"].as_str().unwrap().to_owned())));
        let told: Vec<_> = found.iter().map(|row| (row[2]["below"][0].as_str().unwrap(), row[5]["text"].as_str().unwrap())).collect();
        let kept: Vec<_> =
            stored.iter().map(|row| (row["action"].as_str().unwrap(), row["request_id"].as_str().unwrap_or_default())).collect();
        assert_eq!(told, kept);
        assert!(found.len() > 100);
        assert!(found.iter().filter(|row| row[2]["text"] == "Unmasking").all(|row| row[5]["below"] == json!(["127.0.0.1"])));

        let count = async |browser: &Browser, query: &str| {
            let page = browser.get(&format!("/api/audit/list?{query}")).await;
            assert_eq!(page.status, 200, "{query}: {}", page.text);
            assert!(std::ptr::eq(browser, &raw const auditor) || !page.text.contains("127.0.0.1"));
            page.json()["rows"].as_array().unwrap().iter().map(|row| row[1]["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let case = all[0]["case_ref"].as_str().unwrap();
        let of_case = stored.iter().filter(|row| row["case_name"] == case).count();
        assert_eq!(count(&auditor, &format!("case={case}")).await.len(), of_case);
        assert_eq!(count(&auditor, "actor=legal.manager%40t000.example").await.len(), 1);
        assert_eq!(count(&auditor, "kind=sign_in&result=ok").await.len(), 3);
        assert!(count(&auditor, "to=2020-01-01").await.is_empty() && !count(&auditor, "from=2020-01-01").await.is_empty());
        assert_eq!(auditor.get("/api/audit/list?kind=nonsense").await.shape(), "422 invalid");
        // Who may see their own cannot ask for another's.
        assert_eq!(count(&manager, "").await, ["legal.manager@t000.example"]);
        assert!(count(&manager, "actor=legal.head%40t000.example").await.is_empty());
        let admin = Browser::of(&world, person(&world, "t000", "tenant.admin")).await;
        assert!(count(&admin, "kind=UNMASK").await.is_empty() && !count(&admin, "").await.is_empty());
        for nobody in ["viewer", "finance"] {
            let browser = Browser::of(&world, person(&world, "t000", nobody)).await;
            assert_eq!(browser.get("/api/audit/list").await.shape(), "403 forbidden");
        }

        let unfit = metric(&world, "portal_audit_unfit_rows_total").await;
        let row = stored.iter().find(|row| row["kind"] == "SIGN_IN" && row["actor"] == "legal.head@t000.example").unwrap();
        upstream::change(&world, AUDIT, row["name"].as_str().unwrap(), &json!({"seq": 4711})).await;
        assert_eq!(count(&auditor, "kind=SIGN_IN&actor=legal.head%40t000.example").await.len(), 0);
        assert!(metric(&world, "portal_audit_unfit_rows_total").await > unfit);
    });
}

/// What the doctor says, and whether it is content.
async fn doctor(world: &World, more: &[&str]) -> (bool, String) {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_odr-portal"));
    command.env_clear().envs(world.portal_settings.iter().map(|(name, value)| (*name, value.as_str())));
    let output = command.args(["doctor", "audit"]).args(more).output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.success(), said)
}

#[test]
fn the_doctor_finds_whatever_was_done_to_the_rows() {
    run(async {
        let world = two_institutions().await;
        let head = person(&world, "t000", "legal.head");
        let browser = Browser::of(&world, head).await;
        let all = particulars(&world, "t000").await;
        for particular in &all[..6] {
            assert_eq!(unmask(&browser, particular, REASON).await.status, 200);
        }
        noted(&world, "t000", "the sign-in", |row| row["kind"] == "SIGN_IN").await;
        // A second portal's run names where the first had come to, and writes its notes down before it ends.
        let second = Portal::start(PortalConfig::from_env(&Source::fixed(world.portal_settings.clone())).unwrap()).await.unwrap();
        second.wait_until_ready(std::time::Duration::from_secs(10)).await.unwrap();
        let there = Browser::at_address(second.site_addr, &head.host);
        there.sign_in(head).await;
        second.stop().await;
        let rows = trail(&world, "t000").await;
        let later = rows.last().unwrap()["writer_run"].as_str().unwrap().to_owned();
        let first: Vec<&Value> = rows.iter().filter(|row| row["writer_run"] != *later).collect();
        assert!(rows.iter().any(|row| row["writer_run"] == *later && row["kind"] == "SIGN_IN"), "drained at the end");
        let opened = rows.iter().find(|row| row["writer_run"] == *later && row["seq"] == 1).unwrap();
        let last = first.last().unwrap();
        let named = &payload_of(opened)["heads"][last["writer_run"].as_str().unwrap()];
        assert_eq!((&named["seq"], &named["row_hash"]), (&last["seq"], &last["row_hash"]));

        let (sound, said) = doctor(&world, &[]).await;
        assert!(sound && said.contains("t000: ") && said.contains("in 2 runs: whole") && said.contains("t001: "), "{said}");

        let name = |row: &Value| row["name"].as_str().unwrap().to_owned();
        let finds = async |expected: &str| {
            let (sound, said) = doctor(&world, &["--tenant", "t000"]).await;
            assert!(!sound && said.contains(expected) && !said.contains("t001"), "expected {expected}: {said}");
        };
        let victim = first[2];
        let mut forged = payload_of(victim);
        forged["reason_text"] = "Another reason".into();
        let forged = STANDARD.encode(forged.to_string());
        let tail = first[first.len() - 1];
        let mut forged_tail = payload_of(tail);
        forged_tail["actor"] = "somebody.else@t000.example".into();
        let forged_tail = STANDARD.encode(forged_tail.to_string());
        let tail_hash = hex(Sha256::digest(format!("{}{forged_tail}", tail["prev_hash"].as_str().unwrap())));
        for (row, change, expected) in [
            (victim, json!({"reason_text": "Another reason"}), "row 3: differs from its payload in reason_text"),
            (victim, json!({"ip_address": "203.0.113.9"}), "differs from its payload in ip_address"),
            (victim, json!({"at": "2026-01-01 00:00:00"}), "differs from its payload in at"),
            (victim, json!({"payload": forged, "reason_text": "Another reason"}), "row 3: row_hash does not fit prev_hash and payload"),
            (
                tail,
                json!({"payload": forged_tail, "row_hash": tail_hash, "actor": "somebody.else@t000.example"}),
                "row_mac does not fit row_hash",
            ),
            (victim, json!({"row_mac": ""}), "row 3: row_mac does not fit row_hash"),
            (victim, json!({"payload": "bm90aGluZw=="}), "row 3: payload cannot be read"),
        ] {
            let before: Value = change
                .as_object()
                .unwrap()
                .keys()
                .map(|column| (column.clone(), row[column].clone()))
                .collect::<serde_json::Map<_, _>>()
                .into();
            upstream::change(&world, AUDIT, &name(row), &change).await;
            finds(expected).await;
            upstream::change(&world, AUDIT, &name(row), &before).await;
        }
        let (sound, said) = doctor(&world, &["--tenant", "t000"]).await;
        assert!(sound, "{said}");

        // Two rows change places, keys and all.
        let (one, two) = (first[3], first[4]);
        let place = |row: &Value| json!({"seq": row["seq"], "event_key": row["event_key"]});
        upstream::change(&world, AUDIT, &name(one), &json!({"event_key": "aside"})).await;
        upstream::change(&world, AUDIT, &name(two), &place(one)).await;
        upstream::change(&world, AUDIT, &name(one), &place(two)).await;
        finds("row 4: differs from its payload in seq").await;
        finds("row 5: prev_hash is not the hash of the row before").await;
        upstream::change(&world, AUDIT, &name(one), &json!({"event_key": "aside"})).await;
        upstream::change(&world, AUDIT, &name(two), &place(two)).await;
        upstream::change(&world, AUDIT, &name(one), &place(one)).await;

        // The end of the first run is cut off: the second one's first row remembers it.
        upstream::remove(&world, AUDIT, &name(tail)).await;
        finds(&format!("row {}: was there according to run {later} row 1, and is gone", tail["seq"])).await;
        upstream::remove(&world, AUDIT, &name(victim)).await;
        finds("row 3: is gone").await;
        // A whole run is gone, and only the log remembers it.
        for row in rows.iter().filter(|row| row["writer_run"] == *later) {
            upstream::remove(&world, AUDIT, &name(row)).await;
        }
        let log = std::env::temp_dir().join(format!("audit-heads-{later}.log"));
        let line = json!({"message": "audit head", "tenant": "t000", "run": later, "seq": 2, "row_hash": "ab"});
        std::fs::write(&log, format!("not JSON\n{{\"message\":\"other\"}}\n{line}\n")).unwrap();
        let (sound, said) = doctor(&world, &["--heads", log.to_str().unwrap()]).await;
        std::fs::remove_file(&log).unwrap();
        assert!(!sound && said.contains(&format!("run {later} row 2: was there according to the log, and is gone")), "{said}");
        assert!(said.contains("the audit trails of 1 institutions are not whole"), "{said}");
    });
}
