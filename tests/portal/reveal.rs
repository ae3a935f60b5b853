//! Revealing a masked value from the case's page: who is offered it, what the form takes, and where the value must not be found.
//!
//! Must not know how a record is written; that it is written first is tested with the trail (`audit.rs`, `audit_faults.rs`).

use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::small_institution,
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Seen, person, run, unlimited, until, who_work},
    upstream,
};

async fn world() -> World {
    let specs = (0..2).map(small_institution).collect();
    World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
}

async fn particulars(world: &World, institution: &str) -> Vec<Value> {
    let fields = ["name", "case_ref", "party", "kind", "value_text", "value_masked"];
    upstream::rows(world, institution, "Party Particular", &fields).await
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap()
}

fn address(particular: &Value) -> String {
    format!("/cases/{}/reveal/{}", text(particular, "case_ref"), text(particular, "name"))
}

/// Whether a line of the value stands anywhere in an answer.
fn tells(seen: &Seen, particular: &Value) -> bool {
    let whole = text(particular, "value_text");
    let told = |line: &str| seen.text.contains(line) || seen.headers.values().any(|value| value.to_str().unwrap().contains(line));
    // The town of an address is no secret: its first line is.
    whole.lines().next().is_some_and(told)
}

#[test]
fn only_what_a_role_may_reveal_leads_to_the_form_and_only_that_form_is_given() {
    run(async {
        let world = world().await;
        let all = particulars(&world, "t000").await;
        for somebody in who_work(&world, "t000") {
            let role = somebody.person.role;
            let browser = Browser::of(&world, somebody).await;
            let listed = browser.get("/api/cases/list").await.listed();
            let cases: Vec<&str> = listed["rows"].as_array().unwrap().iter().map(|row| text(row, "id")).collect();
            let kinds: &[&str] = match role.code() {
                "LEGAL_HEAD" | "LEGAL_MANAGER" => &["MOBILE", "EMAIL", "ADDRESS", "PAN", "ACCOUNT"],
                "COLLECTIONS_OFFICER" => &["MOBILE"],
                "ADVOCATE" => &["ADDRESS"],
                _ => &[],
            };
            for case in cases.iter().step_by(4) {
                let of_case: Vec<_> = all.iter().filter(|row| row["case_ref"] == **case).collect();
                let page = browser.get(&format!("/cases/{case}/service")).await;
                let sheet = browser.get(&format!("/api/cases/particulars?id={case}")).await;
                assert_eq!(sheet.json()["rows"].as_array().unwrap().len(), of_case.len(), "{role:?} {case}");
                for particular in of_case {
                    assert!(!tells(&page, particular) && !tells(&sheet, particular), "{role:?} {particular}");
                    let offered = kinds.contains(&text(particular, "kind"));
                    assert!(page.text.contains(text(particular, "value_masked")), "{role:?} {particular}");
                    for seen in [&page, &sheet] {
                        assert_eq!(seen.text.contains(&address(particular)), offered, "{role:?} {particular}");
                    }
                    let form = browser.get(&address(particular)).await;
                    assert_eq!(form.shape(), if offered { "200 text/html" } else { "403 This is not allowed" }, "{role:?} {particular}");
                    assert_eq!(form.text.contains("<form"), offered);
                    assert!(!tells(&form, particular), "{role:?} {particular}");
                }
            }
        }
    });
}

#[test]
fn a_reason_that_cannot_be_taken_is_said_and_comes_back_as_it_was_typed() {
    run(async {
        let world = world().await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let particular = particulars(&world, "t000").await.remove(0);
        for (purpose, reason, said) in [
            ("", "<b>\"call\" & write", "Choose what it is for."),
            ("NONSENSE", "", "Choose what it is for."),
            ("OTHER", " ", "Say in your own words what it is for, in at least 5 characters."),
            ("CONTACT", "hm &", "Your own words are too short: at least 5 characters."),
            ("CONTACT", &"x".repeat(301), "Your own words are too long: at most 300 characters."),
        ] {
            let seen = browser.post(&address(&particular), &[("purpose", purpose), ("reason", reason)]).await;
            assert!(seen.status == 422 && seen.text.contains(said) && !tells(&seen, &particular), "{purpose} {reason}: {}", seen.text);
            let typed = reason.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
            assert!(seen.text.contains(&format!("value=\"{typed}\"")), "{typed}: {}", seen.text);
            let chosen = format!("<option value=\"{purpose}\" selected");
            assert_eq!(seen.text.contains(&chosen), matches!(purpose, "OTHER" | "CONTACT"), "{purpose}: {}", seen.text);
        }
        for broken in ["purpose=%ff", "reason=%ff"] {
            let request = browser.request(&http::Method::POST, &address(&particular)).header("sec-fetch-site", "same-origin");
            let seen = browser.send(request.header("content-type", "application/x-www-form-urlencoded").body(broken)).await;
            assert!((400..500).contains(&seen.status) && !tells(&seen, &particular), "{broken}: {}", seen.text);
        }
        assert!(recorded(&world).await.is_empty());
        // A purpose that says enough needs no words.
        let seen = browser.post(&address(&particular), &[("purpose", "CONTACT")]).await;
        assert!(seen.status == 200 && tells(&seen, &particular), "{}", seen.text);
        assert_eq!(recorded(&world).await, [("CONTACT".to_owned(), String::new())]);
    });
}

/// The reasons of what was revealed.
async fn recorded(world: &World) -> Vec<(String, String)> {
    let rows = upstream::rows(world, "t000", "Portal Audit Event", &["kind", "reason_code", "reason_text"]).await;
    let words = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let unmasked = rows.iter().filter(|row| row["kind"] == "UNMASK");
    unmasked.map(|row| (words(row, "reason_code"), words(row, "reason_text"))).collect()
}

#[test]
fn a_value_is_in_one_answer_that_no_browser_keeps_and_nowhere_after_it() {
    run(async {
        let world = world().await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let mobile = particulars(&world, "t000").await.into_iter().find(|row| row["kind"] == "MOBILE").unwrap();
        let seen = browser.post(&address(&mobile), &[("purpose", "CONTACT"), ("reason", "call back today")]).await;
        let case = format!("/cases/{}/service", text(&mobile, "case_ref"));
        assert!(seen.status == 200 && tells(&seen, &mobile));
        assert_eq!((seen.header("cache-control"), seen.header("refresh")), ("no-store", format!("60; url={case}").as_str()));
        assert!(!seen.text.contains("<script") && seen.nonce().is_empty(), "no program of ours gets the value: {}", seen.text);
        assert!(!seen.headers.values().any(|value| value.to_str().unwrap().contains(text(&mobile, "value_text"))));
        assert!(seen.header("set-cookie").is_empty());
        // Back to the form, forward to its address, and where the answer leads by itself.
        for path in [address(&mobile), case] {
            let page = browser.get(&path).await;
            assert!(page.status == 200 && !tells(&page, &mobile), "{path}");
            assert_eq!(page.header("cache-control"), "no-store", "{path}");
        }
    });
}

#[test]
fn a_form_that_is_posted_by_hand_is_refused_and_noted_or_finds_nothing() {
    run(async {
        let world = world().await;
        let (own, foreign) = (particulars(&world, "t000").await, particulars(&world, "t001").await);
        let mobile = own.iter().find(|row| row["kind"] == "MOBILE").unwrap();
        let reason = [("purpose", "CONTACT"), ("reason", "call back today")];
        let viewer = Browser::of(&world, person(&world, "t000", "viewer")).await;
        assert_eq!(viewer.post(&address(mobile), &reason).await.shape(), "403 This is not allowed");
        until("the refusal is noted", async || {
            let rows = upstream::rows(&world, "t000", "Portal Audit Event", &["kind", "actor", "action", "reason_code"]).await;
            let denied = json!({"kind": "DENIED", "actor": "viewer@t000.example", "action": "particular.unmask", "reason_code": "ROLE"});
            rows.contains(&denied)
        })
        .await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let other = own.iter().find(|other| other["case_ref"] != mobile["case_ref"]).unwrap();
        let of_another_case = format!("/cases/{}/reveal/{}", text(other, "case_ref"), text(mobile, "name"));
        let by_another_case = format!("/cases/{}/reveal/{}", text(mobile, "case_ref"), text(&foreign[0], "name"));
        let nothing = head.get("/cases/0000000000/reveal/0000000000").await;
        for path in [of_another_case, by_another_case, address(&foreign[0]), "/cases/%ff/reveal/%ff".to_owned()] {
            for form in [&reason[..], &[]] {
                let seen = head.post(&path, form).await;
                assert_eq!((seen.shape(), seen.stable_text()), (nothing.shape(), nothing.stable_text()), "{path}");
                assert!(!tells(&seen, mobile) && !tells(&seen, &foreign[0]));
            }
            assert_eq!(head.get(&path).await.stable_text(), nothing.stable_text(), "{path}");
        }
        assert!(recorded(&world).await.is_empty());
        let elsewhere = head.request(&http::Method::POST, &address(mobile)).header("sec-fetch-site", "same-site").form(&reason);
        assert_eq!(head.send(elsewhere).await.shape(), "403 This is not allowed");
        assert_eq!(Browser::at(&world, "t000.localhost").post(&address(mobile), &reason).await.shape(), "401 You are signed out");
    });
}
