//! What the portal does by the clock: due steps, warnings and ended periods, once, for each institution by itself, whoever of several portals
//! does it.
//!
//! Must not know how a job is shared out: what counts is what stands at the institution's own server afterwards.

use odr_portal::{
    cli::demo::World,
    demo::frappe::{Failure, Knob},
};
use serde_json::{Value, json};

use crate::{
    browser::{metric, run, today, until},
    upstream,
    work::{case, placed, rows, working, world},
};

const JOB: &str = "job:CLOCK_SCAN";

/// So many days from today.
fn day(from_today: i64) -> String {
    let today: jiff::civil::Date = today().parse().unwrap();
    today.checked_add(jiff::Span::new().days(from_today)).unwrap().to_string()
}

/// A clock of a case, running.
async fn clock(world: &World, case: &str, code: &str, side: &str, due_on: &str) {
    let clock = json!({
        "case_ref": case, "clock": code, "clock_key": format!("{case}-{code}"), "party": null, "party_label": "", "due_on": due_on, "state": "RUNNING",
        "ended_on": null, "ended_by_event": "", "warned_level": 0, "owner_side": side, "institution": "T000", "zone": "WEST", "extended_doc": null,
    });
    upstream::copy_first(world, "t000", "Case Clock", &clock).await;
}

/// The case's clock of this code.
async fn clock_of(world: &World, case: &str, code: &str) -> Value {
    let fields = ["case_ref", "clock", "clock_key", "state", "ended_on", "warned_level", "changed_by"];
    rows(world, "Case Clock", &fields, &[("clock_key", &format!("{case}-{code}"))]).await.remove(0)
}

/// Where an institution's job stands, once there is one.
async fn job(world: &World, institution: &str) -> Option<Value> {
    let fields = ["name", "job", "last_finished_at", "lease_holder", "run_count", "cursor_text", "last_error"];
    upstream::rows(world, institution, "Portal Job", &fields).await.into_iter().find(|row| row["job"] == "CLOCK_SCAN")
}

/// The job's day's work is done.
async fn is_done(world: &World, institution: &str) {
    until("the day's work is done", || async { job(world, institution).await.is_some_and(|job| !job["last_finished_at"].is_null()) }).await;
}

/// A case whose time to challenge is over, with a clock to warn of, one that has ended, and one that is the respondent's.
async fn due(world: &World) -> String {
    let name = placed(world, 0, "S80", "CHALLENGE_WINDOW").await;
    for known in rows(world, "Case Clock", &["name", "case_ref"], &[("case_ref", &name)]).await {
        upstream::remove(world, "Case Clock", known["name"].as_str().unwrap()).await;
    }
    clock(world, &name, "S34_CHALLENGE", "THEIRS", "2026-01-05").await;
    clock(world, &name, "EXECUTION", "OURS", &day(20)).await;
    clock(world, &name, "SARFAESI_REPLY", "OURS", &day(-1)).await;
    clock(world, &name, "S33_CORRECTION", "THEIRS", &day(5)).await;
    name
}

async fn warnings(world: &World, case: &str) -> Vec<Value> {
    let fields = ["case_ref", "kind", "title", "state", "due_on", "made_by", "source_event"];
    rows(world, "Case Task", &fields, &[("case_ref", case), ("kind", "CLOCK_RISK"), ("made_by", JOB)]).await
}

/// How often the timeline says that a clock has ended.
async fn ended(world: &World, case: &str, code: &str) -> usize {
    let clock = rows(world, "Case Clock", &["name", "clock_key"], &[("clock_key", &format!("{case}-{code}"))]).await.remove(0);
    let of_clock = [("ref_name", clock["name"].as_str().unwrap()), ("actor", JOB)];
    rows(world, "Case Event", &["case_ref", "ref_name", "actor"], &of_clock).await.len()
}

#[test]
fn what_falls_due_is_done_once_in_the_portals_own_name() {
    run(async {
        let world = world().await;
        let name = due(&world).await;
        let portals = (working(&world).await, working(&world).await);
        is_done(&world, "t000").await;
        let state = case(&world, &name).await;
        assert_eq!((state["stage"].as_str(), state["status"].as_str()), (Some("S80"), Some("EXECUTION_ELIGIBLE")));
        let events =
            rows(&world, "Case Event", &["case_ref", "transition_no", "actor", "origin"], &[("case_ref", &name), ("actor", JOB)]).await;
        assert!(events.iter().any(|event| event["transition_no"] != 0 && event["origin"] == "CLOCK"), "{events:?}");

        let warned = warnings(&world, &name).await;
        assert_eq!(warned.len(), 1, "{warned:?}");
        assert_eq!((warned[0]["state"].as_str(), warned[0]["due_on"].as_str()), (Some("OPEN"), Some(day(20).as_str())));
        assert_eq!(clock_of(&world, &name, "EXECUTION").await["warned_level"], 30);
        let over = clock_of(&world, &name, "SARFAESI_REPLY").await;
        assert_eq!(
            (over["state"].as_str(), over["ended_on"].as_str(), over["changed_by"].as_str()),
            (Some("EXPIRED"), Some(day(-1).as_str()), Some(JOB))
        );
        assert_eq!(ended(&world, &name, "SARFAESI_REPLY").await, 1);

        let done = job(&world, "t000").await.unwrap();
        assert_eq!(done["run_count"], 1, "one of two portals did it: {done}");
        assert_eq!(done["lease_holder"].as_str().unwrap_or_default(), "");
        portals.0.stop().await;
        portals.1.stop().await;

        // The next day's look finds what stands and adds nothing to it.
        upstream::change(&world, "Portal Job", done["name"].as_str().unwrap(), &json!({"last_finished_at": "2026-01-01 00:00:00"})).await;
        let again = working(&world).await;
        until("it was looked at again", || async { job(&world, "t000").await.unwrap()["run_count"] == 2 }).await;
        again.stop().await;
        assert_eq!((warnings(&world, &name).await.len(), ended(&world, &name, "SARFAESI_REPLY").await), (1, 1));
        let steps = |events: &[Value]| events.iter().filter(|event| event["transition_no"] != 0).count();
        let after = rows(&world, "Case Event", &["case_ref", "transition_no", "actor"], &[("case_ref", &name), ("actor", JOB)]).await;
        assert_eq!(steps(&after), steps(&events));
    });
}

#[test]
fn an_institution_whose_server_fails_holds_up_nobody_and_is_come_back_to() {
    run(async {
        let world = world().await;
        let name = due(&world).await;
        let site = world.sites.iter().find(|((server, _), _)| server == "upstream-a").unwrap().1;
        site.knobs().set_for("api@t001.example", Some(Knob { delay: None, failure: Failure::Dead }));
        let portal = working(&world).await;
        is_done(&world, "t000").await;
        assert_eq!(case(&world, &name).await["status"], "EXECUTION_ELIGIBLE");
        site.knobs().set_for("api@t001.example", None);
        assert!(job(&world, "t001").await.is_none_or(|job| job["last_finished_at"].is_null()));
        is_done(&world, "t001").await;
        portal.stop().await;
    });
}

/// The institution's job as somebody else holds it.
async fn held(world: &World, until: &str) -> String {
    let key = {
        use sha2::Digest as _;
        let hash = sha2::Sha256::digest(b"T000\x1fCLOCK_SCAN");
        hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let job = json!({
        "institution": "T000", "job_key": key, "job": "CLOCK_SCAN", "made_by": "job:CLOCK_SCAN", "changed_by": "job:CLOCK_SCAN",
        "lease_holder": "portal-that-was", "lease_until_at": until,
    });
    upstream::create(world, "Portal Job", &job).await
}

#[test]
fn a_job_that_another_portal_holds_is_left_to_it_until_its_lease_has_ended() {
    run(async {
        let world = world().await;
        let name = due(&world).await;
        let record = held(&world, "2099-01-01 00:00:00").await;
        let portal = working(&world).await;
        // The other institution's is done meanwhile: the portal has looked.
        is_done(&world, "t001").await;
        let left = job(&world, "t000").await.unwrap();
        assert_eq!((left["lease_holder"].as_str(), left["last_finished_at"].is_null()), (Some("portal-that-was"), true), "{left}");
        assert_eq!(case(&world, &name).await["status"], "CHALLENGE_WINDOW");
        upstream::change(&world, "Portal Job", &record, &json!({"lease_until_at": "2026-01-01 00:00:00"})).await;
        is_done(&world, "t000").await;
        assert_eq!(case(&world, &name).await["status"], "EXECUTION_ELIGIBLE");
        portal.stop().await;
    });
}

#[test]
fn a_run_ends_between_two_cases_when_its_institution_is_suspended() {
    run(async {
        let world = world().await;
        due(&world).await;
        let site = world.sites.iter().find(|((server, _), _)| server == "upstream-a").unwrap().1;
        site.knobs().set_for("api@t000.example", Some(Knob::slow(Some(std::time::Duration::from_millis(300)))));
        let portal = working(&world).await;
        let looked = "portal_clock_scan_total{what=\"cases\"}";
        until("the run has begun", || async {
            job(&world, "t000").await.is_some_and(|job| !job["lease_holder"].as_str().unwrap_or_default().is_empty())
        })
        .await;
        world.catalog.suspend("t000").unwrap();
        let stopped = "portal_jobs_total{kind=\"CLOCK_SCAN\",state=\"stopped\"}";
        until("the run has stopped", || async { metric(&world, stopped).await == 1.0 }).await;
        let before = metric(&world, looked).await;
        assert!(job(&world, "t000").await.unwrap()["last_finished_at"].is_null(), "it is not done");
        portal.stop().await;
        assert_eq!(metric(&world, looked).await, before, "nothing goes on");
    });
}

#[test]
fn a_job_never_touches_a_case_of_another_institution_whatever_its_server_answers() {
    run(async {
        let world = world().await;
        let name = due(&world).await;
        // Only the second institution is worked for, and its server answers with rows of both.
        world.catalog.suspend("t000").unwrap();
        let site = world.sites.iter().find(|((server, _), _)| server == "upstream-a").unwrap().1;
        site.knobs().set_for("api@t001.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        let before = (case(&world, &name).await["modified"].clone(), metric(&world, "portal_isolation_violations_total").await);
        let portal = working(&world).await;
        until("rows of others have come", || async { metric(&world, "portal_isolation_violations_total").await > before.1 }).await;
        site.knobs().set_for("api@t001.example", None);
        is_done(&world, "t001").await;
        portal.stop().await;
        assert_eq!(case(&world, &name).await["modified"], before.0);
        assert!(job(&world, "t000").await.is_none(), "who is not served is not worked for");
        let written = upstream::rows(&world, "t000", "Case Event", &["actor"]).await;
        assert!(written.iter().all(|event| event["actor"] != JOB));
    });
}
