//! The diary of hearings over the simulated upstream: every view counts and lists what is stored, for those who may see it.
//!
//! Must not know how the diary is asked for upstream.

use std::collections::BTreeSet;

use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::institutions,
    },
    model::{Day, DiaryQuery, DiaryView},
};
use serde_json::Value;

use crate::{
    browser::{Browser, metric, person, run, unlimited},
    upstream,
};

const VIEWS: [&str; 4] = ["day", "week", "month", "agenda"];

async fn world() -> World {
    let specs = institutions().into_iter().take(2).collect();
    World::start(Plan { specs, cases: Some(400), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
}

async fn diary(browser: &Browser, view: &str, day: &str) -> Value {
    browser.get(&format!("/api/hearings/diary?view={view}&day={day}")).await.json()
}

/// The figure of this name, as a number.
fn figure(diary: &Value, label: &str) -> usize {
    let figures = diary["board"]["figures"].as_array().unwrap();
    let found = figures.iter().find(|figure| figure["label"] == label).unwrap();
    found["cell"]["text"].as_str().unwrap().replace(',', "").parse().unwrap()
}

fn rows(diary: &Value) -> &Vec<Value> {
    diary["board"]["sheet"]["rows"].as_array().unwrap()
}

#[test]
fn every_view_counts_and_lists_what_is_stored() {
    run(async {
        let world = world().await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let stored = upstream::rows(&world, "banyan", "Case Hearing", &["name", "case_ref", "starts_on", "status", "prepared"]).await;
        let first = diary(&browser, "day", "").await;
        let today = first["links"][1]["href"].as_str().unwrap().rsplit_once('=').unwrap().1.to_owned();
        let mut seen = 0;
        for shift in [-200, -30, -3, 0, 1, 12] {
            let day = Day::parse(&today).unwrap().later(shift);
            for view in VIEWS {
                let shown = diary(&browser, view, &day.iso()).await;
                let (from, until) = DiaryQuery::from_params(view, &day.iso(), day).unwrap().days();
                let (from, until) = (from.iso(), until.iso());
                let within: Vec<&Value> =
                    stored.iter().filter(|row| (from.as_str()..until.as_str()).contains(&row["starts_on"].as_str().unwrap())).collect();
                let of = |status: &str| within.iter().filter(|row| row["status"] == status).count();
                let to_come = |row: &&&Value| row["status"] == "SCHEDULED" && row["starts_on"].as_str().unwrap() >= today.as_str();
                assert_eq!(figure(&shown, "Held"), of("HELD"), "{view} {from}");
                assert_eq!(figure(&shown, "Adjourned"), of("ADJOURNED"), "{view} {from}");
                assert_eq!(figure(&shown, "Cancelled"), of("CANCELLED"), "{view} {from}");
                assert_eq!(figure(&shown, "To come"), within.iter().filter(to_come).count(), "{view} {from}");
                assert_eq!(figure(&shown, "Not prepared"), within.iter().filter(to_come).filter(|row| row["prepared"] != 1).count());
                assert_eq!(figure(&shown, "To come") + figure(&shown, "Without outcome"), of("SCHEDULED"), "{view} {from}");
                seen += within.len();
                if matches!(view, "day" | "agenda") && within.len() < 500 {
                    assert_eq!(rows(&shown).len(), within.len(), "{view} {from}");
                    let cases: BTreeSet<&str> = within.iter().map(|row| row["case_ref"].as_str().unwrap()).collect();
                    let text = shown.to_string();
                    assert!(cases.iter().all(|case| text.contains(case)), "{view} {from}");
                }
                let page = browser.get(&format!("/hearings?view={view}&day={}", day.iso())).await;
                assert!(page.status == 200 && page.text.contains(shown["title"].as_str().unwrap()), "{view} {from}");
                assert!(!page.text.contains("could not be loaded"), "{view} {from}");
            }
        }
        assert!(seen > 100, "the days looked at have hearings: {seen}");
        for query in ["view=year", "day=2026-02-30", "view=week&day=tomorrow"] {
            assert_eq!(browser.get(&format!("/api/hearings/diary?{query}")).await.shape(), "422 invalid");
        }
    });
}

#[test]
fn a_scope_narrows_the_diary_and_no_other_institution_widens_it() {
    run(async {
        let world = world().await;
        let head = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let today = diary(&head, "day", "").await["links"][1]["href"].as_str().unwrap().rsplit_once('=').unwrap().1.to_owned();
        let manager = Browser::of(&world, person(&world, "banyan", "legal.manager")).await;
        let both = [diary(&head, "agenda", &today).await, diary(&manager, "agenda", &today).await];
        let scheduled = |diary: &Value| figure(diary, "To come");
        assert!(scheduled(&both[1]) < scheduled(&both[0]) && rows(&both[1]).len() < rows(&both[0]).len());

        let foreign = upstream::rows(&world, "tamarind", "Case Hearing", &["case_ref", "case_id"]).await;
        for site in world.sites.values() {
            site.knobs().set_for("api@banyan.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        }
        for view in DiaryView::ALL {
            let dropped = metric(&world, "portal_isolation_violations_total").await;
            let answer = head.get(&format!("/api/hearings/diary?view={}&day={today}", view.code())).await;
            let told = |field: &str| {
                foreign.iter().any(|row| row[field].as_str().is_some_and(|text| !text.is_empty() && answer.text.contains(text)))
            };
            assert!(!told("case_ref") && !told("case_id"), "{view:?}: {}", answer.text);
            let dropped_more = metric(&world, "portal_isolation_violations_total").await > dropped;
            assert!(dropped_more || view == DiaryView::Day, "{view:?} was answered with rows of others");
        }
    });
}
