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
use serde_json::{Value, json};

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

/// A count as it is shown.
fn number(text: &Value) -> u64 {
    text.as_str().unwrap().replace(',', "").parse().unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// An amount of the totals as it is shown in full.
fn exact(paise: &Value) -> String {
    odr_portal::model::Inr::from_paise(paise.as_i64().unwrap()).exact()
}

/// A figure of a panel by its name.
fn figure<'a>(panel: &'a Value, label: &str) -> &'a Value {
    let found = panel["figures"].as_array().unwrap().iter().find(|figure| figure["label"] == label);
    &found.unwrap_or_else(|| panic!("no {label} in {panel}"))["cell"]
}

#[test]
fn every_figure_is_that_of_the_list_which_it_opens() {
    run(async {
        let world = world().await;
        for somebody in who_work(&world, "banyan") {
            let browser = Browser::of(&world, somebody).await;
            let role = somebody.person.role;
            let (strip, risk, mix) = (panel(&browser, "portfolio").await, panel(&browser, "clocks").await, panel(&browser, "stages").await);
            for (panel, label) in [(&strip, "Active cases"), (&risk, "Award at risk, s. 29A"), (&risk, "Limitation at risk")] {
                let cell = figure(panel, label);
                assert_eq!(number(&cell["text"]), totals(&browser, cell["href"].as_str().unwrap()).await["cases"], "{role:?}: {label}");
            }
            for (label, sum) in [("Claim under arbitration", "claim"), ("Realised", "realised")] {
                let cell = figure(&strip, label);
                assert_eq!(cell["exact"], exact(&totals(&browser, cell["href"].as_str().unwrap()).await[sum]), "{role:?}: {label}");
            }
            // Under thirty, counts are told; from there on a rate, with its counts below.
            let served = figure(&strip, "Fully served");
            let told = served["below"].get(0).unwrap_or(&served["text"]).as_str().unwrap();
            let part = told.split(" of ").next().unwrap().replace(',', "").parse::<u64>().unwrap();
            assert_eq!(part, totals(&browser, served["href"].as_str().unwrap()).await["cases"], "{role:?}: {told}");
            for figure in strip["figures"].as_array().unwrap().iter().chain(risk["figures"].as_array().unwrap()) {
                assert!(!figure["formula"].as_str().unwrap().is_empty(), "{figure}");
            }
            let mut cases = 0;
            for row in mix["sheet"]["rows"].as_array().unwrap() {
                let listed = totals(&browser, row[1]["href"].as_str().unwrap()).await;
                assert_eq!(number(&row[1]["text"]), listed["cases"], "{role:?}: {row}");
                assert_eq!(row[3]["exact"], exact(&listed["claim"]), "{role:?}: {row}");
                cases += number(&row[1]["text"]);
            }
            assert_eq!(cases, totals(&browser, "/cases?q=open%3Ayes").await["cases"], "{role:?}: stages");
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
        let today = browser::today();
        let queue = panel(&browser, "queue").await;
        let tasks = upstream::rows(&world, "banyan", "Case Task", &["state", "assignee", "assignee_role", "due_on"]).await;
        let mine = |row: &&Value| {
            let assignee = row["assignee"].as_str().unwrap_or_default();
            row["state"] == "OPEN" && (assignee == head.user.user_id || (assignee.is_empty() && row["assignee_role"] == "LEGAL_HEAD"))
        };
        let late = tasks.iter().filter(mine).filter(|row| row["due_on"].as_str().is_some_and(|day| day < today.as_str()));
        assert_eq!(number(&figure(&queue, "Waiting")["text"]), tasks.iter().filter(mine).count() as u64);
        assert_eq!(number(&figure(&queue, "Overdue")["text"]), late.count() as u64);

        let hearings = upstream::rows(&world, "banyan", "Case Hearing", &["status", "starts_on", "prepared"]).await;
        let of_today: Vec<_> = hearings.iter().filter(|row| row["status"] == "SCHEDULED" && row["starts_on"] == today.as_str()).collect();
        let ahead = panel(&browser, "hearings").await;
        assert_eq!(number(&figure(&ahead, "Today")["text"]), of_today.len() as u64);
        let unready = of_today.iter().filter(|row| row["prepared"] == 0).count();
        assert_eq!(number(&figure(&ahead, "Not prepared")["text"]), unready as u64);
        assert_eq!(ahead["sheet"]["rows"].as_array().unwrap().len(), of_today.len().min(8));

        let cases = upstream::rows(&world, "banyan", "Arbitration Case", &["stage", "stage_since_on", "is_open"]).await;
        let day = |text: &str| odr_portal::model::Day::parse(text).unwrap().days_since_epoch();
        let mix = panel(&browser, "stages").await;
        for (row, stage) in mix["sheet"]["rows"].as_array().unwrap().iter().zip(odr_portal::model::Stage::ALL) {
            let of_stage = cases.iter().filter(|row| row["is_open"] == 1 && row["stage"] == stage.code());
            let mut ages: Vec<i64> = of_stage.map(|row| day(&today) - day(row["stage_since_on"].as_str().unwrap())).collect();
            ages.sort_unstable();
            let shown = |days: Option<&i64>| days.map_or_else(|| "—".to_owned(), ToString::to_string);
            let median = ages.len().checked_sub(1).and_then(|last| ages.get(last / 2));
            assert_eq!(row[4]["text"].as_str().unwrap().replace(',', ""), shown(median), "{row}");
            assert_eq!(row[5]["text"].as_str().unwrap().replace(',', ""), shown(ages.last()), "{row}");
        }
    });
}

#[test]
fn no_panel_shows_another_institution() {
    run(async {
        let mut world = world().await;
        upstream::administer(&mut world);
        let foreign = upstream::rows(&world, "tamarind", "Case Hearing", &["case_ref"]).await;
        let head = person(&world, "banyan", "legal.head");
        let task = json!({"task_key": "STRAY", "assignee": head.user.user_id, "state": "OPEN"});
        upstream::copy_first(&world, "tamarind", "Case Task", &task).await;
        let browser = Browser::of(&world, head).await;
        for site in world.sites.values() {
            let knob = odr_portal::demo::frappe::Knob { delay: None, failure: odr_portal::demo::frappe::Failure::ForeignRows };
            site.knobs().set_for("api@banyan.example", Some(knob));
        }
        for which in ["queue", "hearings", "clocks", "portfolio", "stages"] {
            let dropped = browser::metric(&world, "portal_isolation_violations_total").await;
            let answer = browser.get(&format!("/api/dashboard/{which}")).await;
            assert!(
                browser::metric(&world, "portal_isolation_violations_total").await > dropped,
                "{which} was answered with rows of others"
            );
            assert!(!foreign.iter().any(|row| answer.text.contains(row["case_ref"].as_str().unwrap())), "{which}");
        }
    });
}
