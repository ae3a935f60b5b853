//! One box for every number: each kind of number finds its case, and none finds a case that the person may not see.
//!
//! Must not know how a number is looked up.

use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::{InstitutionSpec, small_institution},
    },
};
use serde_json::Value;

use crate::{
    browser::{self, Browser, metric, person, run, unlimited},
    upstream,
};

async fn world() -> World {
    let specs = (0..2).map(|index| InstitutionSpec { cases: 60, ..small_institution(index) }).collect();
    World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
}

fn asked(path: &str, text: &str) -> String {
    format!("{path}?{}", url::form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish())
}

/// The rows of a part of what was found; none where it is not there.
fn rows(answer: &browser::Seen, title: &str) -> Vec<Value> {
    let sheets = answer.json();
    let sheet = sheets.as_array().unwrap().iter().find(|sheet| sheet["title"] == title);
    sheet.map_or_else(Vec::new, |sheet| sheet["rows"].as_array().unwrap().clone())
}

/// Cases that a text finds, as their names, and by what.
async fn found(browser: &Browser, text: &str) -> Vec<(String, String)> {
    let answer = browser.get(&asked("/api/cases/find", text)).await;
    assert_eq!(answer.status, 200, "{text}: {}", answer.text);
    let row = |row: &Value| {
        let name = row[0]["href"].as_str().unwrap().strip_prefix("/cases/").unwrap();
        (name.to_owned(), row[3]["text"].as_str().unwrap().to_owned())
    };
    rows(&answer, "Cases").iter().map(row).collect()
}

/// A number of each kind, with the case that goes by it and what it is called.
async fn numbers(world: &World, institution: &str) -> Vec<(String, String, &'static str)> {
    let kinds = [
        ("Arbitration Case", "case_id", "name", "Case number"),
        ("Arbitration Case", "draft_no", "name", "Draft number"),
        ("Arbitration Case", "lan", "name", "Loan account"),
        ("Arbitration Case", "agreement_no", "name", "Agreement"),
        ("Notice Delivery", "tracking_no", "case_ref", "Tracking number"),
        ("Case Proceeding", "cnr", "case_ref", "CNR of a proceeding"),
    ];
    let mut numbers = Vec::new();
    for (doctype, column, case, label) in kinds {
        let rows = upstream::rows(world, institution, doctype, &["name", column, case]).await;
        let row = rows.iter().find(|row| row[column].as_str().is_some_and(|text| !text.is_empty()));
        let row = row.unwrap_or_else(|| panic!("no {doctype} has a {column}"));
        numbers.push((row[column].as_str().unwrap().to_owned(), row[case].as_str().unwrap().to_owned(), label));
    }
    numbers
}

#[test]
fn each_number_finds_its_case_and_nobody_elses() {
    run(async {
        let world = world().await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        for (number, case, label) in numbers(&world, "t000").await {
            assert_eq!(found(&head, &number).await, [(case.clone(), label.to_owned())], "{number}");
            assert_eq!(found(&head, &format!(" {} ", number.to_lowercase())).await, [(case.clone(), label.to_owned())], "{number}");
            // As a page it leads straight there.
            let page = head.get(&asked("/find", &number)).await;
            assert_eq!((page.status, page.location()), (303, format!("/cases/{case}").as_str()), "{number}");
        }
        let own = upstream::rows(&world, "t000", "Arbitration Case", &["name"]).await;
        for (number, case, _) in numbers(&world, "t001").await {
            // Two institutions may give the same number: each finds its own case by it.
            let hits = found(&head, &number).await;
            assert!(hits.iter().all(|(name, _)| *name != case && own.iter().any(|row| row["name"] == **name)), "{number}: {hits:?}");
            let page = head.get(&asked("/find", &number)).await;
            assert!(!page.text.contains("MARK-t001") || number.contains("MARK-t001"), "{}", page.text);
        }
        for nothing in ["", " ", "%", "_", "a%", "no such number", &"9".repeat(10_000)] {
            assert_eq!(found(&head, nothing).await, [], "{nothing}");
        }
        let site = world.sites.values().next().unwrap();
        let counted = metric(&world, "portal_isolation_violations_total").await;
        site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        let (number, ..) = numbers(&world, "t001").await.swap_remove(4);
        assert!(!head.get(&asked("/api/cases/find", &number)).await.text.contains("MARK-t001"));
        assert!(metric(&world, "portal_isolation_violations_total").await > counted);
    });
}

#[test]
fn a_case_of_another_scope_is_found_by_none_of_its_numbers() {
    run(async {
        let world = world().await;
        let cases = upstream::rows(&world, "t000", "Arbitration Case", &["name", "lan", "title_text"]).await;
        let parties = upstream::rows(&world, "t000", "Case Party", &["case_ref", "mobile_last4"]).await;
        let digits = |case: &str| {
            let party =
                parties.iter().find(|row| row["case_ref"] == case && row["mobile_last4"].as_str().is_some_and(|text| text.len() == 4));
            party.map(|row| row["mobile_last4"].as_str().unwrap().to_owned())
        };
        for who in ["legal.head", "branch.user", "advocate", "tenant.admin"] {
            let browser = Browser::of(&world, person(&world, "t000", who)).await;
            let listed = browser.get("/api/cases/list").await.listed();
            let own: Vec<&str> = listed["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
            assert!(!own.is_empty(), "{who}");
            let mut by_digits = 0;
            for case in &cases {
                let name = case["name"].as_str().unwrap();
                let holds = |found: &[(String, String)]| found.iter().any(|(found, _)| found == name);
                assert_eq!(holds(&found(&browser, case["lan"].as_str().unwrap()).await), own.contains(&name), "{who} {name}");
                if let Some(digits) = digits(name).filter(|_| by_digits < 5) {
                    by_digits += 1;
                    let hits = found(&browser, &digits).await;
                    assert!(hits.iter().all(|(found, _)| own.contains(&found.as_str())), "{who} {digits}");
                    assert_eq!(holds(&hits), own.contains(&name) && who != "tenant.admin", "{who} {digits}");
                }
            }
            // A name finds for who may know names, and for nobody else.
            let mine = cases.iter().find(|case| own.contains(&case["name"].as_str().unwrap())).unwrap();
            let name_of_borrower = mine["title_text"].as_str().unwrap();
            assert_eq!(found(&browser, name_of_borrower).await.is_empty(), who == "tenant.admin", "{who}");
        }
    });
}

#[test]
fn pages_and_actions_are_found_by_words_as_far_as_the_role_goes() {
    run(async {
        let world = world().await;
        for somebody in browser::who_work(&world, "t000") {
            let (browser, role) = (Browser::of(&world, somebody).await, somebody.person.role);
            let places = async |text: &str| {
                let answer = browser.get(&asked("/api/cases/find", text)).await;
                rows(&answer, "Pages and actions").iter().map(|row| row[0]["href"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
            };
            assert_eq!(places("hear").await, ["/hearings"], "{role:?}");
            assert_eq!(places("no-such-number").await, [""; 0], "{role:?}");
            let all = places("").await;
            for href in &all {
                // What is offered can be opened, by this very person.
                assert_eq!(browser.get(href).await.status, 200, "{role:?} {href}");
            }
            let audit = browser.get("/audit").await.status;
            assert_eq!(all.iter().any(|href| href == "/audit"), audit == 200, "{role:?}: {audit}");
            let export = browser.get("/cases/export?format=csv").await.status;
            assert_eq!(all.iter().filter(|href| href.starts_with("/cases/export")).count() == 2, export == 200, "{role:?}: {export}");
            let page = browser.get(&asked("/find", "hear")).await;
            assert!(page.status == 200 && page.text.contains("Hearings by day, week and month"), "{role:?}: {}", page.text);
        }
    });
}

#[test]
fn the_list_of_keys_is_a_page_without_scripts() {
    run(async {
        let world = world().await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let page = browser.get("/keys").await;
        assert!(page.status == 200 && page.text.contains("<h1>Keys</h1>") && !page.text.contains("<script"), "{}", page.text);
        assert!(browser.get("/cases").await.text.contains("href=\"/keys\""));
    });
}
