//! Work over many records: a case moves, and whatever hangs on it follows, whoever of several portals brings it and whoever is killed meanwhile.
//!
//! Must not know how a batch is kept.

use odr_portal::{
    cli::demo::World,
    demo::frappe::{Failure, Knob},
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, metric, person, run, until},
    forms::{deed, fill},
    upstream,
    work::{placed, rows, working, working_with, world},
};

/// Tasks of a case, with who sees them.
async fn tasks(world: &World, case: &str) -> Vec<Value> {
    rows(world, "Case Task", &["name", "case_ref", "advocate", "legal_owner", "changed_by", "task_key"], &[("case_ref", case)]).await
}

/// A case on which more hangs than follows in one step.
async fn crowded(world: &World) -> String {
    let name = placed(world, 0, "S50", "SOC_DUE").await;
    for number in 0..60 {
        task(world, "T000", &name, number).await;
    }
    task(world, "T000", rows(world, "Arbitration Case", &["name"], &[]).await[1]["name"].as_str().unwrap(), 99).await;
    task(world, "T001", upstream::rows(world, "t001", "Arbitration Case", &["name"]).await[0]["name"].as_str().unwrap(), 99).await;
    name
}

/// A task of a case, as somebody else made it.
async fn task(world: &World, institution: &str, case: &str, number: u32) {
    let key = format!("{case}-{number}");
    let task = json!({
        "institution": institution, "made_by": "job:test", "changed_by": "job:test", "case_ref": case, "case_id": case, "task_key": key,
        "title_text": "Somebody", "kind": "OTHER", "title": "Do it", "assignee_role": "LEGAL_MANAGER", "due_on": "2026-12-01",
        "priority": 2, "state": "OPEN", "source_type": "Arbitration Case", "source_name": case, "source_event": key,
        "opened_on": "2026-11-01", "branch": "", "zone": "",
    });
    upstream::create(world, "Case Task", &task).await;
}

async fn batch(world: &World) -> Option<Value> {
    rows(world, "Portal Batch", &["name", "kind", "state", "row_done", "lease_holder"], &[("kind", "RESCOPE")]).await.pop()
}

async fn panel(world: &World) -> String {
    upstream::portal_user(world, person(world, "t000", "advocate")).await["advocate"].as_str().unwrap().to_owned()
}

async fn assign(world: &World, case: &str) -> String {
    let (maker, panel) = (Browser::of(world, person(world, "t000", "legal.manager")).await, panel(world).await);
    let typed = [("legal_owner", "legal.manager@t000.example"), ("collections_owner", ""), ("advocate", panel.as_str())];
    let seen = fill(&maker, &deed(case, "assign"), &typed).await;
    assert_eq!(seen.status, 303, "{}", seen.text);
    panel
}

#[test]
fn what_hangs_on_a_case_follows_it_whoever_of_two_portals_brings_it() {
    run(async {
        let world = world().await;
        let name = crowded(&world).await;
        let of_others = |rows: Vec<Value>| rows.into_iter().filter(|row| row["case_ref"] != *name).collect::<Vec<_>>();
        let before = of_others(upstream::rows(&world, "t000", "Case Task", &["name", "case_ref", "modified"]).await);
        let panel = assign(&world, &name).await;
        assert_eq!(batch(&world).await.unwrap()["state"], "APPROVED", "it waits for a portal");
        assert!(tasks(&world, &name).await.iter().any(|task| task["advocate"] != *panel));
        let portals = (working(&world).await, working(&world).await);
        until("the batch is done", || async { batch(&world).await.unwrap()["state"] == "DONE" }).await;
        let followed = tasks(&world, &name).await;
        assert!(followed.len() >= 60 && followed.iter().all(|task| task["advocate"] == *panel), "{followed:?}");
        assert!(followed.iter().any(|task| task["changed_by"] == "job:BATCH"));
        let after = of_others(upstream::rows(&world, "t000", "Case Task", &["name", "case_ref", "modified"]).await);
        assert_eq!(after, before, "nothing of another case is touched");
        let advocate = Browser::of(&world, person(&world, "t000", "advocate")).await;
        assert_eq!(advocate.get(&format!("/api/cases/show?id={name}")).await.status, 200);
        portals.0.stop().await;
        portals.1.stop().await;
    });
}

#[test]
fn a_batch_whose_portal_is_gone_is_gone_on_with_when_its_lease_has_ended() {
    run(async {
        let world = world().await;
        let name = crowded(&world).await;
        let panel = assign(&world, &name).await;
        let held = batch(&world).await.unwrap()["name"].as_str().unwrap().to_owned();
        let by_another = json!({"state": "RUNNING", "lease_holder": "portal-that-was", "lease_until_at": "2099-01-01 00:00:00"});
        upstream::change(&world, "Portal Batch", &held, &by_another).await;
        let portal = working_with(&world, &[("PORTAL_JOBS_LEASE_SECONDS", "5")]).await;
        // The scheduled work of the same look is done meanwhile: the portal has looked.
        until("the portal has looked", || async {
            let jobs = upstream::rows(&world, "t000", "Portal Job", &["job", "last_finished_at"]).await;
            jobs.iter().any(|job| !job["last_finished_at"].is_null())
        })
        .await;
        assert_eq!(batch(&world).await.unwrap()["lease_holder"], "portal-that-was");
        upstream::change(&world, "Portal Batch", &held, &json!({"lease_until_at": "2026-01-01 00:00:00"})).await;
        until("the batch is done", || async { batch(&world).await.unwrap()["state"] == "DONE" }).await;
        assert!(tasks(&world, &name).await.iter().all(|task| task["advocate"] == *panel));
        portal.stop().await;
    });
}

#[test]
fn a_batch_never_touches_a_row_of_another_institution_whatever_its_server_answers() {
    run(async {
        let world = world().await;
        let name = crowded(&world).await;
        assign(&world, &name).await;
        let site = world.sites.iter().find(|((server, _), _)| server == "upstream-a").unwrap().1;
        let before = upstream::rows(&world, "t001", "Case Task", &["name", "modified", "advocate"]).await;
        site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        let violations = metric(&world, "portal_isolation_violations_total").await;
        let portal = working(&world).await;
        until("rows of others have come", || async { metric(&world, "portal_isolation_violations_total").await > violations }).await;
        site.knobs().set_for("api@t000.example", None);
        upstream::change(&world, "Portal Batch", batch(&world).await.unwrap()["name"].as_str().unwrap(), &json!({"lease_until_at": null}))
            .await;
        until("the batch is done", || async { batch(&world).await.unwrap()["state"] == "DONE" }).await;
        portal.stop().await;
        assert_eq!(upstream::rows(&world, "t001", "Case Task", &["name", "modified", "advocate"]).await, before);
    });
}
