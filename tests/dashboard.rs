//! The dashboard over the simulated upstream: every figure is that of the list which it opens, for every role, and agrees with the
//! rows as they are stored.
//!
//! Must not know how a figure is asked for upstream.

#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a black-box test stops where its set-up fails")]

#[path = "support/browser.rs"]
mod browser;
#[path = "support/upstream.rs"]
mod upstream;

use browser::{Browser, person, run, unlimited, who_work};
use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::institutions,
};
use serde_json::Value;

async fn world() -> World {
    let specs = institutions().into_iter().take(2).collect();
    World::start(Plan { specs, cases: Some(400), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
}

/// The totals of the list at this address.
async fn totals(browser: &Browser, href: &str) -> Value {
    let query = href.strip_prefix("/cases").unwrap();
    browser.get(&format!("/api/cases/totals{}", if query.is_empty() { "?q=" } else { query })).await.json()
}

async fn panel(browser: &Browser, which: &str) -> Value {
    let answer = browser.get(&format!("/api/dashboard/{which}")).await;
    assert_eq!(answer.status, 200, "{which}: {}", answer.text);
    answer.json()
}

#[test]
fn every_figure_is_that_of_the_list_which_it_opens() {
    run(async {
        let world = world().await;
        for somebody in who_work(&world, "banyan") {
            let browser = Browser::of(&world, somebody).await;
            let role = somebody.person.role;
            let (strip, risk, mix) = (panel(&browser, "portfolio").await, panel(&browser, "clocks").await, panel(&browser, "stages").await);
            let figures = strip["figures"].as_array().unwrap().iter().chain(risk["figures"].as_array().unwrap());
            for figure in figures {
                let listed = totals(&browser, figure["href"].as_str().unwrap()).await;
                let (label, value) = (figure["label"].as_str().unwrap(), &figure["value"]);
                assert!(!figure["formula"].as_str().unwrap().is_empty(), "{label}");
                if let Some(count) = value.get("Count") {
                    assert_eq!(*count, listed["cases"], "{role:?}: {label}");
                } else if let Some(share) = value.get("Share") {
                    assert_eq!(share["part"], listed["cases"], "{role:?}: {label}");
                    assert!(share["part"].as_u64() <= share["whole"].as_u64(), "{role:?}: {label}");
                } else if let Some(amount) = value.get("Money") {
                    let sum = if label == "Realised" { &listed["realised"] } else { &listed["claim"] };
                    assert_eq!(amount, sum, "{role:?}: {label}");
                }
            }
            let active = totals(&browser, "/cases?q=open%3Ayes").await;
            let (mut cases, mut claim) = (0, 0);
            for line in mix["lines"].as_array().unwrap() {
                let listed = totals(&browser, line["href"].as_str().unwrap()).await;
                assert_eq!((&line["cases"], &line["claim"]), (&listed["cases"], &listed["claim"]), "{role:?}: {line}");
                cases += line["cases"].as_u64().unwrap();
                claim += line["claim"].as_i64().unwrap();
            }
            assert_eq!((Value::from(cases), Value::from(claim)), (active["cases"].clone(), active["claim"].clone()), "{role:?}: stages");
            let page = browser.get("/").await;
            assert!(page.status == 200 && !page.text.contains("could not be loaded"), "{role:?}");
        }
    });
}

#[test]
fn queue_hearings_and_ages_are_those_of_the_stored_rows() {
    run(async {
        let world = world().await;
        let head = person(&world, "banyan", "legal.head");
        let browser = Browser::of(&world, head).await;
        let queue = panel(&browser, "queue").await;
        let today = queue["today"].as_str().unwrap().to_owned();
        let tasks = upstream::rows(&world, "banyan", "Case Task", &["state", "assignee", "assignee_role", "due_on"]).await;
        let mine = |row: &&Value| {
            let assignee = row["assignee"].as_str().unwrap_or_default();
            row["state"] == "OPEN" && (assignee == head.user.user_id || (assignee.is_empty() && row["assignee_role"] == "LEGAL_HEAD"))
        };
        assert_eq!(queue["waiting"], tasks.iter().filter(mine).count());
        let late = tasks.iter().filter(mine).filter(|row| row["due_on"].as_str().is_some_and(|day| day < today.as_str()));
        assert_eq!(queue["overdue"], late.count());

        let hearings = upstream::rows(&world, "banyan", "Case Hearing", &["status", "starts_on", "prepared"]).await;
        let of_today: Vec<_> = hearings.iter().filter(|row| row["status"] == "SCHEDULED" && row["starts_on"] == today.as_str()).collect();
        let ahead = panel(&browser, "hearings").await;
        assert_eq!(ahead["today_count"], of_today.len());
        assert_eq!(ahead["unprepared"], of_today.iter().filter(|row| row["prepared"] == 0).count());
        assert_eq!(ahead["today"].as_array().unwrap().len(), of_today.len().min(50));

        let cases = upstream::rows(&world, "banyan", "Arbitration Case", &["stage", "stage_since_on", "is_open"]).await;
        let day = |text: &str| odr_portal::model::Day::parse(text).unwrap().days_since_epoch();
        for line in panel(&browser, "stages").await["lines"].as_array().unwrap() {
            let of_stage = cases.iter().filter(|row| row["is_open"] == 1 && row["stage"] == line["stage"]);
            let mut ages: Vec<i64> = of_stage.map(|row| day(&today) - day(row["stage_since_on"].as_str().unwrap())).collect();
            ages.sort_unstable();
            let median = ages.len().checked_sub(1).map(|last| ages[last / 2]);
            assert_eq!(line["median_days"].as_i64(), median, "{line}");
            assert_eq!(line["oldest_days"].as_i64(), ages.last().copied(), "{line}");
        }
    });
}

#[test]
fn no_panel_shows_another_institution() {
    run(async {
        let world = world().await;
        let foreign = upstream::rows(&world, "tamarind", "Case Hearing", &["case_ref"]).await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        for site in world.sites.values() {
            let knob = odr_portal::demo::frappe::Knob { delay: None, failure: odr_portal::demo::frappe::Failure::ForeignRows };
            site.knobs().set_for("api@banyan.example", Some(knob));
        }
        for which in ["queue", "hearings", "clocks", "portfolio", "stages"] {
            let answer = browser.get(&format!("/api/dashboard/{which}")).await;
            assert!(!foreign.iter().any(|row| answer.text.contains(row["case_ref"].as_str().unwrap())), "{which}");
        }
    });
}
