//! Making a campaign of notices over the simulated upstream: a draft, its list frozen and checked, asked for by one person and released by
//! another, and stopped by a hold while it waits.
//!
//! Must not know how a list is frozen, but for what stands at the institution's own server afterwards.

mod list;
mod release;

use odr_portal::{
    cli::{demo::World, serve::Portal},
    config::{PortalConfig, Source},
};
use serde_json::{Value, json};
use sha2::Digest as _;

use crate::{
    browser::{Browser, Seen, person, run, today, until},
    forms::{fill, send},
    upstream,
    work::{rows, world},
};

/// Settings that every draft of these tests has.
const USUAL: [(&str, &str); 9] = [
    ("window_start", "08:00"),
    ("window_end", "19:00"),
    ("day_1", "1"),
    ("day_2", "1"),
    ("day_3", "1"),
    ("day_4", "1"),
    ("day_5", "1"),
    ("day_6", "1"),
    ("day_7", "1"),
];

async fn of(world: &World, local: &str) -> Browser {
    Browser::of(world, person(world, "t000", local)).await
}

/// Cases of the first institution by their names: all but the last in the west, nothing against writing to anybody.
async fn scene(world: &World) -> Vec<String> {
    let cases = rows(world, "Arbitration Case", &["name"], &[]).await;
    let mut names: Vec<String> = cases.iter().map(|case| case["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    for (index, name) in names.iter().enumerate() {
        let zone = if index + 1 < names.len() { "WEST" } else { "NORTH" };
        let change = json!({
            "zone": zone, "stage": "S20", "status": "S21_ISSUED", "is_open": 1, "hold": "NONE", "settlement_track": "NONE",
            "total_dues": 50_000.0, "dues_on": today(), "outcome": null, "closed_on": null, "product": "PERSONAL",
        });
        upstream::change(world, "Arbitration Case", name, &change).await;
    }
    for party in rows(world, "Case Party", &["name", "must_be_served"], &[]).await {
        let change = json!({
            "alive": "ALIVE", "language": "en", "whatsapp_opt_in": 1, "has_mobile": 1, "has_email": 1, "has_address": 1, "pincode": "411001",
            "party_name": "Asha Patil",
        });
        upstream::change(world, "Case Party", party["name"].as_str().unwrap(), &change).await;
    }
    // What the demo has sent of late is no contact of ours.
    for message in rows(world, "Notice Delivery", &["name", "queued_at"], &[]).await {
        if message["queued_at"].as_str().is_some_and(|at| at > "2026-01-01") {
            upstream::change(world, "Notice Delivery", message["name"].as_str().unwrap(), &json!({"queued_at": "2026-01-01 10:00:00"}))
                .await;
        }
    }
    // Nor is the daily look at clocks, which moves cases: it is done.
    let key: String = sha2::Sha256::digest(b"T000\x1fCLOCK_SCAN").iter().map(|byte| format!("{byte:02x}")).collect();
    let looked = json!({
        "institution": "T000", "job_key": key, "job": "CLOCK_SCAN", "made_by": "job:CLOCK_SCAN", "changed_by": "job:CLOCK_SCAN",
        "last_finished_at": "2099-01-01 00:00:00",
    });
    upstream::create(world, "Portal Job", &looked).await;
    for (local, zones) in [("legal.manager", ";WEST;"), ("legal.manager.2", ";NORTH;"), ("collections", ";WEST;")] {
        let scope = json!({"zones": zones, "regions": "", "branches": "", "products": "", "assigned_only": 0});
        upstream::change_portal_user(world, person(world, "t000", local), &scope).await;
    }
    names
}

/// The value of a choice whose words begin so.
fn choice(form: &Seen, field: &str, words: &str) -> String {
    let select = form.text.split(&format!("<select id=\"{field}\"")).nth(1).unwrap_or_else(|| panic!("{field}: {}", form.text));
    let select = select.split("</select>").next().unwrap();
    let option =
        select.split("<option ").find(|option| option.contains(&format!(">{words}"))).unwrap_or_else(|| panic!("{words}: {select}"));
    option.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Enters a campaign of loan recall notices by Speed Post and SMS, and answers with its name.
async fn drafted(browser: &Browser, query: &str, over: &[(&str, &str)]) -> String {
    let form = browser.get("/notices/new/LRN").await;
    assert_eq!(form.status, 200, "{}", form.text);
    let (post, sms) = (choice(&form, "text_1", "Speed Post"), choice(&form, "text_2", "SMS"));
    let mut typed = vec![("title", "Recall, November"), ("query", query), ("text_1", post.as_str()), ("text_2", sms.as_str())];
    typed.extend(USUAL.iter().filter(|(name, _)| !over.iter().any(|(known, _)| known == name)));
    typed.extend(over);
    let seen = send(browser, "/notices/new/LRN", &form, &typed).await;
    assert_eq!(seen.status, 303, "{}", seen.text);
    let id = seen.location().strip_prefix("/notices/").and_then(|rest| rest.strip_suffix("/make")).unwrap().to_owned();
    assert_eq!(send(browser, "/notices/new/LRN", &form, &typed).await.location(), seen.location(), "sent twice, it is one");
    id
}

fn address(id: &str, deed: &str) -> String {
    format!("/notices/{id}/do/{deed}")
}

/// Does a deed, which is taken.
async fn done(browser: &Browser, id: &str, deed: &str, typed: &[(&str, &str)]) {
    let seen = fill(browser, &address(id, deed), typed).await;
    assert_eq!(seen.shape(), format!("303 -> /notices/{id}/make"), "{deed}: {}", seen.text);
}

/// A campaign as it stands.
async fn campaign(world: &World, id: &str) -> Value {
    let fields = [
        "name",
        "state",
        "made_by",
        "targeted",
        "eligible",
        "warned",
        "blocked",
        "audience_query",
        "audience_sha256",
        "frozen_at",
        "preflight",
        "cost_estimate",
        "zone_codes",
        "stop_reason",
        "pause_reason",
        "approved_by",
        "approved_2_by",
        "approval",
        "submitted_by",
        "scheduled_at",
        "window_start",
        "campaign_no",
    ];
    rows(world, "Notice Campaign", &fields, &[("name", id)]).await.pop().unwrap_or_default()
}

/// The list of a campaign.
async fn recipients(world: &World, id: &str) -> Vec<Value> {
    let fields = [
        "name",
        "campaign",
        "case_ref",
        "party",
        "zone",
        "eligibility",
        "findings",
        "block_reason",
        "evidence_level",
        "engagement_level",
        "reached_hour",
        "released",
        "stopped_reason",
        "language",
        "title_text",
        "recipient_key",
        "modified",
        "made_by",
    ];
    let mut found = rows(world, "Notice Recipient", &fields, &[("campaign", id)]).await;
    found.sort_by_key(|row| row["name"].as_str().unwrap().to_owned());
    found
}

/// The respondents of a case who must be served.
async fn respondents(world: &World, case: &str) -> usize {
    let parties = rows(world, "Case Party", &["name", "case_ref", "must_be_served"], &[("case_ref", case)]).await;
    parties.iter().filter(|party| party["must_be_served"] == 1).count()
}

/// Another portal of this world, which does what is scheduled.
async fn working(world: &World) -> Portal {
    let settings = world.portal_settings.iter().map(|(name, value)| {
        let value = if *name == "PORTAL_JOBS_SECONDS" { "1" } else { value };
        (*name, value.to_owned())
    });
    let portal = Portal::start(PortalConfig::from_env(&Source::fixed(settings.collect::<Vec<_>>())).unwrap()).await.unwrap();
    portal.wait_until_ready(std::time::Duration::from_secs(10)).await.unwrap();
    portal
}

/// The portal freezes what waits to be frozen; this campaign comes to the state that it should.
async fn frozen(world: &World, id: &str, state: &str) {
    let portal = working(world).await;
    until("the list is frozen", async || campaign(world, id).await["state"] != "VALIDATING").await;
    portal.stop().await;
    assert_eq!(campaign(world, id).await["state"], state, "{}", campaign(world, id).await);
}

/// A campaign whose list is frozen, made by the manager of the west.
async fn ready(world: &World, manager: &Browser) -> String {
    let id = drafted(manager, "stage:invocation", &[]).await;
    done(manager, &id, "check", &[]).await;
    frozen(world, &id, "READY").await;
    id
}

/// The address of what waits for a decision on a campaign.
async fn request(world: &World, id: &str) -> String {
    let fields = ["name", "object_name", "state", "submit_hash", "amount", "checker", "checker_2", "level"];
    let asked = rows(world, "Case Approval", &fields, &[("object_name", id)]).await;
    let waiting: Vec<_> = asked.iter().filter(|row| row["state"] == "PENDING" || row["state"] == "SECOND_PENDING").collect();
    assert_eq!(waiting.len(), 1, "{asked:?}");
    format!("/approvals/{}", waiting[0]["name"].as_str().unwrap())
}

/// What the trail says was done to a campaign.
async fn trail(world: &World, id: &str) -> Vec<String> {
    let rows = rows(world, "Portal Audit Event", &["kind", "action", "object_name"], &[("object_name", id)]).await;
    rows.iter().map(|row| format!("{} {}", row["kind"].as_str().unwrap(), row["action"].as_str().unwrap())).collect()
}

#[test]
fn a_draft_is_refused_in_place_and_kept_once_and_is_its_makers_alone() {
    run(async {
        let world = world().await;
        let cases = scene(&world).await;
        let manager = of(&world, "legal.manager").await;
        let choose = manager.get("/notices/new").await;
        assert!(choose.status == 200 && choose.text.contains("/notices/new/S21") && choose.text.contains("/notices/new/REMINDER"));
        // Collections remind, and write no legal notice.
        let collections = of(&world, "collections").await;
        let choose = collections.get("/notices/new").await;
        assert!(choose.text.contains("/notices/new/REMINDER") && !choose.text.contains("/notices/new/LRN"), "{}", choose.text);
        assert_eq!(collections.get("/notices/new/LRN").await.shape(), "403 This is not allowed");
        assert_eq!(collections.post("/notices/new/LRN", &[("title", "x")]).await.shape(), "403 This is not allowed");
        assert_eq!(manager.get("/notices/new/GREETING").await.status, 404);

        let form = manager.get("/notices/new/LRN").await;
        assert!(!form.text.contains("<script") && form.text.contains("value=\"08:00\""), "{}", form.text);
        let post = choice(&form, "text_1", "Speed Post");
        let right = [("title", "Recall, November"), ("query", "stage:invocation"), ("text_1", post.as_str())];
        for (over, said) in [
            (("window_end", "19:30"), "never wider"),
            (("window_start", "07:00"), "never wider"),
            (("window_start", "noon"), "Write the time as 08:00."),
            (("query", "asha patil"), "may be a borrower’s name"),
            (("query", ""), "Choose a view, or write filters"),
            (("text_2", post.as_str()), "This channel is among the others already."),
            (("text_1", "0000000000"), "none of the choices"),
            (("scheduled", "2020-01-01T10:00"), "This has passed."),
        ] {
            let mut typed: Vec<(&str, &str)> = right.iter().chain(&USUAL).filter(|(name, _)| *name != over.0).copied().collect();
            typed.push(over);
            let refused = send(&manager, "/notices/new/LRN", &form, &typed).await;
            assert!(refused.status == 422 && refused.text.contains(said), "{said}: {}", refused.text);
            assert!(refused.text.contains("value=\"Recall, November\""), "what was typed stays: {}", refused.text);
            assert!(over.0.starts_with("text") || refused.text.contains(&format!("value=\"{}\"", over.1)), "{over:?}");
        }
        assert!(rows(&world, "Notice Campaign", &["name", "state"], &[("state", "DRAFT")]).await.is_empty());

        let id = drafted(&manager, "stage:invocation", &[("budget", "5,000")]).await;
        let made = campaign(&world, &id).await;
        assert_eq!((made["state"].as_str(), made["made_by"].as_str()), (Some("DRAFT"), Some("legal.manager@t000.example")));
        assert_eq!(rows(&world, "Notice Campaign", &["name", "state"], &[("state", "DRAFT")]).await.len(), 1);
        let page = manager.get(&format!("/notices/{id}/make")).await;
        assert!(page.status == 200 && page.text.contains("Cases that match now"), "{}", page.text);
        let counted = page.text.split("Cases that match now").nth(1).unwrap();
        assert!(counted.contains(&format!(">{}<", cases.len() - 1)), "its maker's own rows are counted: {}", page.text);
        assert!(manager.get("/notices").await.text.contains("Recall, November"), "it is among their campaigns");
        assert_eq!(manager.get(&format!("/notices/{id}")).await.status, 200);

        // Nobody else's is it, nor at another institution; both are told what of nobody's is told.
        let other = of(&world, "legal.manager.2").await;
        let foreign = Browser::of(&world, person(&world, "t001", "legal.manager")).await;
        for browser in [&other, &foreign] {
            for path in ["make", "rendering", "do/edit", "do/check", "do/stop"] {
                let seen = browser.get(&format!("/notices/{id}/{path}")).await;
                let nobodys = browser.get(&format!("/notices/0000000000/{path}")).await;
                assert_eq!(seen.shape(), "404 There is nothing at this address", "{path}");
                assert_eq!(seen.parts(&id), nobodys.parts("0000000000"), "{path}");
                assert_eq!(browser.post(&format!("/notices/{id}/{path}"), &[]).await.status / 100, 4, "{path}");
            }
        }
        // A head sees it and changes nothing of it.
        let head = of(&world, "legal.head").await;
        assert_eq!(head.get(&format!("/notices/{id}/make")).await.status, 200);
        assert_eq!(head.get(&address(&id, "edit")).await.status, 403);
        assert_eq!(campaign(&world, &id).await["state"], "DRAFT");

        // Changed under a revision that is not the last, it stays as it is.
        let (one, two) = (manager.get(&address(&id, "edit")).await, manager.get(&address(&id, "edit")).await);
        let mut typed = vec![("title", "Recall, again"), ("query", "stage:invocation product:pl"), ("text_1", post.as_str())];
        typed.extend(USUAL);
        let changed = send(&manager, &address(&id, "edit"), &one, &typed).await;
        assert_eq!(changed.status, 303, "{}", changed.text);
        let late = send(&manager, &address(&id, "edit"), &two, &typed).await;
        assert!(late.status == 409 && late.text.contains("Somebody changed this campaign"), "{}", late.text);
        assert_eq!(campaign(&world, &id).await["audience_query"], "stage:invocation product:\"personal loan\"");
        done(&manager, &id, "discard", &[("reason", "Nobody wants it")]).await;
        assert_eq!(campaign(&world, &id).await["state"], "CANCELLED");
        let trail = trail(&world, &id).await;
        for said in ["CHANGE campaign.change", "CHANGE campaign.discard"] {
            assert!(trail.iter().any(|line| line == said), "{said}: {trail:?}");
        }
    });
}
