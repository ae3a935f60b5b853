//! The case file over the simulated upstream: each part shows what hangs on the case and nothing else, and a case that a person may
//! not see is one that does not exist.
//!
//! Must not know how the parts are asked for upstream.

use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::{InstitutionSpec, institutions, small_institution},
    },
};
use serde_json::{Value, json};

use crate::{
    browser::{self, Browser, metric, person, run, unlimited, who_work},
    upstream,
};

/// The functions of a case's parts.
const PARTS: [&str; 11] =
    ["show", "glance", "service", "particulars", "clocks", "tasks", "timeline", "hearings", "documents", "money", "tribunal"];
/// Its pages.
const PAGES: [&str; 9] = ["", "/service", "/timeline", "/hearings", "/documents", "/money", "/tribunal", "/tasks", "/audit"];

/// DocTypes of rows that hang on a case, with the field that must be unique among them.
const CLAIMANTS: [(&str, Option<&str>); 14] = [
    ("Case Party", None),
    ("Party Particular", None),
    ("Case Service", Some("service_key")),
    ("Case Clock", Some("clock_key")),
    ("Case Task", Some("task_key")),
    ("Case Event", Some("event_key")),
    ("Case Hearing", Some("ics_uid")),
    ("Case Document", Some("doc_version_key")),
    ("Case Payment", Some("utr_key")),
    ("Case Settlement", None),
    ("Settlement Instalment", None),
    ("Case Cost", None),
    ("Case Appointment", None),
    ("Case Order", None),
];

async fn world() -> World {
    let specs = institutions().into_iter().take(2).collect();
    World::start(Plan { specs, cases: Some(60), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
}

async fn part(browser: &Browser, part: &str, case: &str) -> browser::Seen {
    browser.get(&format!("/api/cases/{part}?id={case}")).await
}

#[test]
fn each_part_shows_everything_that_hangs_on_the_case_and_nothing_else() {
    run(async {
        let world = world().await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let cases = upstream::rows(&world, "banyan", "Arbitration Case", &["name", "case_id", "draft_no"]).await;
        let count = async |doctype: &str, more: &[&str]| upstream::rows(&world, "banyan", doctype, &[&["case_ref"], more].concat()).await;
        let hearings = count("Case Hearing", &[]).await;
        let documents = count("Case Document", &["is_latest"]).await;
        let clocks = count("Case Clock", &[]).await;
        let tasks = count("Case Task", &["state"]).await;
        let events = count("Case Event", &["kind"]).await;
        let comments = count("Case Comment", &[]).await;
        let payments = count("Case Payment", &[]).await;
        let parties = count("Case Party", &[]).await;
        let particulars = count("Party Particular", &[]).await;
        for case in cases.iter().step_by(7) {
            let name = case["name"].as_str().unwrap();
            let of = |rows: &[Value]| rows.iter().filter(|row| row["case_ref"] == name).count();
            let shown = async |which: &str| part(&browser, which, name).await.json();
            // The last row of the documents is what may be done with them.
            let rows =
                async |which: &str| shown(which).await["rows"].as_array().unwrap().iter().filter(|row| row[0]["file"] != "Form").count();
            let number = case["case_id"].as_str().filter(|id| !id.is_empty()).or(case["draft_no"].as_str()).unwrap();
            assert_eq!(shown("show").await["case"]["number"], number);
            assert_eq!(rows("hearings").await, of(&hearings), "hearings of {name}");
            assert_eq!(rows("clocks").await, of(&clocks), "clocks of {name}");
            assert_eq!(rows("service").await, of(&parties), "parties of {name}");
            assert_eq!(rows("particulars").await, of(&particulars), "particulars of {name}");
            assert_eq!(shown("money").await[0]["rows"].as_array().unwrap().len(), of(&payments), "payments of {name}");
            let latest: Vec<_> = documents.iter().filter(|row| row["is_latest"] == 1).cloned().collect();
            assert_eq!(rows("documents").await, of(&latest), "documents of {name}");
            let open: Vec<_> = tasks.iter().filter(|row| row["state"] == "OPEN").cloned().collect();
            assert_eq!(shown("tasks").await[0]["rows"].as_array().unwrap().len(), of(&open), "tasks of {name}");
            let every = browser.get(&format!("/api/cases/tasks?id={name}&every=true")).await.json();
            let every = every.as_array().unwrap().last().unwrap();
            assert_eq!(every["rows"].as_array().unwrap().len(), of(&tasks), "all tasks of {name}");
            let mut seen = 0;
            let mut query = Some(format!("id={name}"));
            while let Some(asked) = query {
                let timeline = browser.get(&format!("/api/cases/timeline?{asked}")).await.json();
                seen += timeline["rows"].as_array().unwrap().len();
                query = timeline["next"].as_str().map(|href| format!("id={name}&{}", href.split_once('?').unwrap().1));
            }
            // What was said stands among what happened, instead of the events that somebody spoke.
            let happened: Vec<_> = events.iter().filter(|row| row["kind"] != "COMMENT").cloned().collect();
            assert_eq!(seen, of(&happened) + of(&comments), "events and comments of {name}");
            for path in PAGES {
                let page = browser.get(&format!("/cases/{name}{path}")).await;
                assert!(page.status == 200 && page.text.contains(number) && !page.text.contains("could not be loaded"), "{name}{path}");
                assert!(page.text.contains(&format!("<title>{number} · Cases · Banyan Demo Bank</title>")), "{name}{path}");
            }
        }
    });
}

#[test]
fn a_case_that_a_person_may_not_see_does_not_exist() {
    run(async {
        let world = world().await;
        let of = async |institution: &str| {
            let rows = upstream::rows(&world, institution, "Arbitration Case", &["name", "zone", "legal_owner", "collections_owner"]).await;
            rows.into_iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let (own, foreign) = (of("banyan").await, of("tamarind").await);
        for somebody in who_work(&world, "banyan") {
            let browser = Browser::of(&world, somebody).await;
            let list = browser.get("/api/cases/list").await.listed();
            let rows: Vec<_> = list["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
            let outside = own.iter().find(|name| !rows.contains(name));
            let role = somebody.person.role;
            for which in PARTS {
                let nobody = part(&browser, which, "0000000000").await;
                assert_eq!(nobody.shape(), "404 not_found", "{role:?} {which}");
                let others = [Some(&foreign[0]), outside, Some(&own[0].to_uppercase()), Some(&"%25".to_owned())].map(|name| name.cloned());
                for name in others.into_iter().flatten() {
                    let answer = part(&browser, which, &name).await;
                    assert_eq!((answer.shape(), answer.stable_text()), (nobody.shape(), nobody.stable_text()), "{role:?} {which} {name}");
                }
                if let Some(row) = rows.first() {
                    assert_eq!(part(&browser, which, row).await.status, 200, "{role:?} {which}");
                }
            }
            for path in PAGES {
                let page = browser.get(&format!("/cases/{}{path}", foreign[0])).await;
                assert_eq!(page.status, 404, "{role:?} {path}");
            }
        }
    });
}

#[test]
fn who_may_not_see_borrowers_gets_no_name_from_any_part() {
    run(async {
        let world = world().await;
        let parties = upstream::rows(&world, "banyan", "Case Party", &["case_ref", "party_role", "party_name"]).await;
        let admin = who_work(&world, "banyan").find(|person| person.person.role.code() == "TENANT_ADMIN").unwrap();
        let browser = Browser::of(&world, admin).await;
        let names: Vec<_> = parties.iter().filter(|party| party["party_role"] != "CLAIMANT").collect();
        for party in names.iter().step_by(9) {
            let (case, name) = (party["case_ref"].as_str().unwrap(), party["party_name"].as_str().unwrap());
            for which in PARTS {
                let answer = part(&browser, which, case).await;
                assert!(answer.status == 200 && !answer.text.contains(name), "{which} of {case}: {name}");
            }
        }
    });
}

#[test]
fn rows_of_another_institution_are_dropped_from_every_part() {
    run(async {
        // Every record of these institutions carries its institution's mark.
        let specs = (0..2).map(|index| InstitutionSpec { cases: 60, ..small_institution(index) }).collect();
        let plan = Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() };
        let mut world = World::start(plan).await.unwrap();
        upstream::administer(&mut world);
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let case = browser.get("/api/cases/list").await.listed()["rows"][0]["id"].as_str().unwrap().to_owned();
        // Frappe checks that a linked record exists, not whose it is: another institution's rows may claim the case.
        for (doctype, key) in CLAIMANTS {
            let mut claim = json!({"case_ref": case});
            key.iter().for_each(|key| claim[*key] = json!("STRAY"));
            upstream::copy_first(&world, "t001", doctype, &claim).await;
        }
        for site in world.sites.values() {
            site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        }
        for which in PARTS {
            let dropped = metric(&world, "portal_isolation_violations_total").await;
            let answer = part(&browser, which, &case).await;
            assert!(!answer.text.to_lowercase().contains("mark-t001"), "{which}: {}", answer.text);
            let has_dropped = metric(&world, "portal_isolation_violations_total").await > dropped;
            assert_eq!(has_dropped, !matches!(which, "show" | "glance"), "{which} was answered with rows of others");
        }
    });
}
