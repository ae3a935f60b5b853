//! What an award of a case will be measured by: looked at from what is on file, and what is missing made somebody's task.
//!
//! Must not know how any of it is weighed.

use odr_portal::cli::demo::World;
use serde_json::json;

use crate::{
    browser::{Browser, person, run},
    forms::{deed, fill},
    upstream,
    work::{done, placed, rows, trail, world},
};

const CHECK: &str = "check-enforceability";

async fn kept(world: &World, case: &str) -> (String, i64, String, i64) {
    let fields = ["name", "missing_items", "enforceability_score", "enforceability_band", "missing_count"];
    let row = rows(world, "Arbitration Case", &fields, &[("name", case)]).await.remove(0);
    let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
    (
        text("missing_items"),
        row["enforceability_score"].as_i64().unwrap(),
        text("enforceability_band"),
        row["missing_count"].as_i64().unwrap(),
    )
}

/// Items that are somebody's task, and how it stands.
async fn tasks(world: &World, case: &str) -> Vec<(String, String)> {
    let fields = ["case_ref", "kind", "source_event", "state", "assignee", "made_by"];
    let tasks = rows(world, "Case Task", &fields, &[("case_ref", case), ("kind", "MISSING_ITEM")]).await;
    let ours = tasks.iter().filter(|task| task["made_by"] == "legal.manager@t000.example");
    let mut ours: Vec<_> = ours
        .map(|task| {
            assert_eq!(task["assignee"], "legal.manager@t000.example");
            (task["source_event"].as_str().unwrap().to_owned(), task["state"].as_str().unwrap().to_owned())
        })
        .collect();
    ours.sort();
    ours
}

/// A case before a tribunal, of which nothing was served and nothing disclosed.
async fn bare(world: &World) -> String {
    let name = placed(world, 0, "S60", "HEARD").await;
    for cell in rows(world, "Case Service", &["name", "case_ref"], &[("case_ref", &name)]).await {
        upstream::change(world, "Case Service", cell["name"].as_str().unwrap(), &json!({"required": 0, "counts_served": 0})).await;
    }
    for row in rows(world, "Case Appointment", &["name", "case_ref"], &[("case_ref", &name)]).await {
        upstream::change(world, "Case Appointment", row["name"].as_str().unwrap(), &json!({"disclosure_doc": null, "disclosed_on": null}))
            .await;
    }
    let disclosures = [("case_ref", name.as_str()), ("doc_type", "DISCLOSURE")];
    for paper in rows(world, "Case Document", &["name", "case_ref", "doc_type"], &disclosures).await {
        upstream::change(world, "Case Document", paper["name"].as_str().unwrap(), &json!({"state": "WITHDRAWN"})).await;
    }
    let days = json!({
        "appointed_on": "2026-05-04", "soc_on": "2026-06-01", "award_on": null, "s29a_due_on": "2099-01-01",
        "consent_basis": "S11_ORDER", "missing_items": "", "enforceability_score": 100,
    });
    upstream::change(world, "Arbitration Case", &name, &days).await;
    name
}

async fn serve(world: &World, case: &str, notice: &str, parties: &[(&str, bool)]) {
    for (party, served) in parties {
        let cell = json!({
            "case_ref": case, "party": party, "notice_type": notice, "required": 1, "counts_served": i32::from(*served),
            "state": if *served { "SERVED" } else { "IN_PROGRESS" }, "service_key": format!("{case}-{notice}-{party}"), "institution": "T000", "idem_key": null,
        });
        upstream::copy_first(world, "t000", "Case Service", &cell).await;
    }
}

#[test]
fn what_is_missing_becomes_a_task_and_what_is_there_ends_it() {
    run(async {
        let world = world().await;
        let name = bare(&world).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let form = maker.get(&deed(&name, CHECK)).await;
        assert!(form.text.contains("70 of 100") && form.text.contains("disclosure under s. 12"), "{}", form.text);
        done(&maker, &name, CHECK, &[]).await;
        assert_eq!(kept(&world, &name).await, (";S21;DISCLOSURE;".to_owned(), 70, "AMBER".to_owned(), 2));
        let open = |item: &str| (item.to_owned(), "OPEN".to_owned());
        assert_eq!(tasks(&world, &name).await, [open("DISCLOSURE"), open("S21")]);
        // Asked again, nothing is anybody's twice.
        done(&maker, &name, CHECK, &[]).await;
        assert_eq!(tasks(&world, &name).await, [open("DISCLOSURE"), open("S21")]);

        // One of two respondents is not every one.
        let parties = rows(&world, "Case Party", &["name", "case_ref"], &[]).await;
        let party = |index: usize| parties[index]["name"].as_str().unwrap();
        serve(&world, &name, "S21", &[(party(0), true), (party(1), false)]).await;
        done(&maker, &name, CHECK, &[]).await;
        assert_eq!(kept(&world, &name).await.0, ";S21;DISCLOSURE;");
        let cells = rows(&world, "Case Service", &["name", "case_ref", "counts_served", "required"], &[("case_ref", &name)]).await;
        let late = cells.iter().find(|row| row["counts_served"] == 0 && row["required"] == 1).unwrap()["name"].as_str().unwrap().to_owned();
        upstream::change(&world, "Case Service", &late, &json!({"counts_served": 1, "state": "SERVED"})).await;
        done(&maker, &name, CHECK, &[]).await;
        assert_eq!(kept(&world, &name).await, (";DISCLOSURE;".to_owned(), 90, "GREEN".to_owned(), 1));
        assert_eq!(tasks(&world, &name).await, [open("DISCLOSURE"), ("S21".to_owned(), "DONE".to_owned())]);
        // Lost again, it is a task again.
        upstream::change(&world, "Case Service", &late, &json!({"counts_served": 0, "state": "DISPUTED"})).await;
        done(&maker, &name, CHECK, &[]).await;
        assert_eq!(tasks(&world, &name).await.iter().filter(|task| **task == open("S21")).count(), 1);
        assert!(trail(&world, &name).await.contains(&("CHANGE".to_owned(), "case.check".to_owned())));
    });
}

#[test]
fn without_consent_the_case_is_red_and_a_step_looks_anew() {
    run(async {
        let world = world().await;
        let name = bare(&world).await;
        upstream::change(&world, "Arbitration Case", &name, &json!({"consent_basis": "NONE"})).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        done(&maker, &name, CHECK, &[]).await;
        let (items, score, band, count) = kept(&world, &name).await;
        assert_eq!((items.as_str(), score, band.as_str(), count), (";S21;APPOINTMENT;DISCLOSURE;", 20, "RED", 3));

        // A step that moves the case: closed it keeps what it had, open again it is looked at anew.
        let closed = json!({"stage": "S90", "status": "CLOSED", "status_before": "HEARD", "is_open": 0, "missing_items": ";CLAUSE;"});
        upstream::change(&world, "Arbitration Case", &name, &closed).await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        done(&maker, &name, "reopen", &[("reason", "The cheque has bounced")]).await;
        assert_eq!(kept(&world, &name).await.0, ";CLAUSE;");
        done(&head, &name, "reopen", &[]).await;
        assert_eq!(kept(&world, &name).await.0, ";S21;APPOINTMENT;DISCLOSURE;");
    });
}

#[test]
fn who_does_not_work_in_cases_does_not_check_them_and_a_closed_case_keeps_what_it_had() {
    run(async {
        let world = world().await;
        let name = bare(&world).await;
        for local in ["viewer", "auditor"] {
            let Some(somebody) = world.people.iter().find(|each| each.institution == "t000" && each.user.user_id.starts_with(local)) else {
                continue;
            };
            assert_eq!(Browser::of(&world, somebody).await.get(&deed(&name, CHECK)).await.status, 403, "{local}");
        }
        upstream::change(&world, "Arbitration Case", &name, &json!({"stage": "S90", "status": "CLOSED", "is_open": 0})).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let form = maker.get(&deed(&name, CHECK)).await;
        assert!(form.status == 200 && form.text.contains("keeps what it had come to") && !form.text.contains("class=\"fields\""));
        let foreign = rows(&world, "Arbitration Case", &["name"], &[]).await.len();
        assert!(foreign > 0);
        let theirs = upstream::rows(&world, "t001", "Arbitration Case", &["name"]).await[0]["name"].as_str().unwrap().to_owned();
        let nobodys = maker.get(&deed("0000000000", CHECK)).await;
        assert_eq!(maker.get(&deed(&theirs, CHECK)).await.stable_text(), nobodys.stable_text());
        assert_eq!(fill(&maker, &deed(&name, "comment"), &[("body", "Noted, thank you"), ("visibility", "PRIVATE")]).await.status, 303);
    });
}
