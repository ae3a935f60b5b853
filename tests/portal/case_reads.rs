//! What reading a case leaves behind and what its page shows of it: openings are noted once, its trail and its tasks go page by page,
//! and each version of a document can be read.
//!
//! Must not know how anything is kept upstream beyond its records.

use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::{institutions, small_institution},
    },
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, metric, person, run, unlimited, until},
    upstream,
};

const AUDIT: &str = "Portal Audit Event";
const PARTS: [&str; 10] = ["show", "service", "particulars", "clocks", "tasks", "timeline", "hearings", "documents", "money", "tribunal"];

async fn world() -> World {
    let specs = (0..2).map(small_institution).collect();
    let mut world = World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap();
    upstream::administer(&mut world);
    world
}

async fn some_case(browser: &Browser) -> String {
    browser.get("/api/cases/list").await.listed()["rows"][0]["id"].as_str().unwrap().to_owned()
}

/// Who opened which case, in no order.
async fn openings(world: &World) -> Vec<(String, String)> {
    let rows = upstream::rows(world, "t000", AUDIT, &["action", "kind", "result", "actor", "case_name", "object_name"]).await;
    let views = rows.iter().filter(|row| row["action"] == "case.view");
    let opening = |row: &Value| {
        assert_eq!((&row["kind"], &row["result"], &row["object_name"]), (&json!("VIEW"), &json!("OK"), &row["case_name"]));
        (row["actor"].as_str().unwrap().to_owned(), row["case_name"].as_str().unwrap().to_owned())
    };
    views.map(opening).collect()
}

#[test]
fn opening_a_case_is_noted_once_for_each_session_whatever_of_it_is_read() {
    run(async {
        let world = world().await;
        let head = person(&world, "t000", "legal.head");
        let (one, again) = (Browser::of(&world, head).await, Browser::of(&world, head).await);
        let list = one.get("/api/cases/list").await.listed();
        let cases: Vec<&str> = list["rows"].as_array().unwrap().iter().take(3).map(|row| row["id"].as_str().unwrap()).collect();
        let foreign = some_case(&Browser::of(&world, person(&world, "t001", "legal.head")).await).await;
        for path in ["", "/service", "/tasks", "/audit", ""] {
            assert_eq!(one.get(&format!("/cases/{}{path}", cases[0])).await.status, 200);
        }
        for part in PARTS {
            assert_eq!(one.get(&format!("/api/cases/{part}?id={}", cases[0])).await.status, 200, "{part}");
        }
        // One part alone is an opening too, and so is the JSON API's answer; a case that is not there is not opened.
        assert_eq!(one.get(&format!("/api/cases/hearings?id={}", cases[1])).await.status, 200);
        assert_eq!(one.get(&format!("/api/v1/cases/{}", cases[2])).await.status, 200);
        assert_eq!(one.get(&format!("/cases/{foreign}")).await.status, 404);
        assert_eq!(one.get("/cases/0000000000").await.status, 404);
        assert_eq!(again.get(&format!("/cases/{}", cases[0])).await.status, 200);
        let of = |case: &str| ("legal.head@t000.example".to_owned(), case.to_owned());
        let mut expected = vec![of(cases[0]), of(cases[0]), of(cases[1]), of(cases[2])];
        expected.sort();
        until("the openings are noted", async || openings(&world).await.len() >= expected.len()).await;
        // Whatever else was to be noted came before this.
        one.post("/sign-out", &[]).await;
        until("the sign-out is noted", async || {
            upstream::rows(&world, "t000", AUDIT, &["kind"]).await.iter().any(|row| row["kind"] == "SIGN_OUT")
        })
        .await;
        let mut found = openings(&world).await;
        found.sort();
        assert_eq!(found, expected);
    });
}

#[test]
fn the_trail_of_a_case_is_shown_as_far_as_the_role_goes_and_no_further_than_the_case() {
    run(async {
        let world = world().await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let manager = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let case = some_case(&manager).await;
        assert_eq!(head.get(&format!("/cases/{case}")).await.status, 200);
        assert_eq!(manager.get(&format!("/cases/{case}")).await.status, 200);
        until("both are noted", async || openings(&world).await.len() == 2).await;
        let shown = async |browser: &Browser| {
            let sheet = browser.get(&format!("/api/cases/audit?id={case}")).await;
            assert_eq!(sheet.status, 200, "{}", sheet.text);
            let rows = sheet.json()["rows"].as_array().unwrap().clone();
            let own = rows.iter().filter(|row| row[3]["href"] == format!("/cases/{case}"));
            assert_eq!(own.count(), rows.len(), "of this case alone: {}", sheet.text);
            let mut who: Vec<_> = rows.iter().map(|row| row[1]["text"].as_str().unwrap().split('@').next().unwrap().to_owned()).collect();
            who.sort();
            (who, sheet.text.contains("127.0.0.1"))
        };
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(shown(&head).await, (names(&["legal.head", "legal.manager"]), false));
        assert_eq!(shown(&manager).await, (names(&["legal.manager"]), false));
        let admin = Browser::of(&world, person(&world, "t000", "tenant.admin")).await;
        assert_eq!(shown(&admin).await, (Vec::new(), false));
        let auditor = Browser::of(&world, person(&world, "t000", "auditor")).await;
        assert!(shown(&auditor).await.1, "an auditor sees where from");
        let page = auditor.get(&format!("/cases/{case}/audit")).await;
        assert!(page.text.contains("case.view") && page.text.contains("legal.manager@t000.example"), "{}", page.text);
        for nobody in ["viewer", "finance"] {
            let browser = Browser::of(&world, person(&world, "t000", nobody)).await;
            let own = some_case(&browser).await;
            assert_eq!(browser.get(&format!("/api/cases/audit?id={own}")).await.shape(), "403 forbidden", "{nobody}");
            let page = browser.get(&format!("/cases/{own}")).await;
            assert!(!page.text.contains(&format!("/cases/{own}/audit")) && page.text.contains(&format!("/cases/{own}/tasks")), "{nobody}");
        }
        let theirs = Browser::of(&world, person(&world, "t001", "auditor")).await;
        assert_eq!(theirs.get(&format!("/api/cases/audit?id={case}")).await.shape(), "404 not_found");
        assert_eq!(auditor.get(&format!("/api/cases/audit?id={case}&after=now")).await.shape(), "422 invalid");

        // Another institution's row that claims the case.
        assert_eq!(theirs.get(&format!("/cases/{}", some_case(&theirs).await)).await.status, 200);
        until("it is noted", async || !upstream::rows(&world, "t001", AUDIT, &["kind"]).await.is_empty()).await;
        upstream::copy_first(&world, "t001", AUDIT, &json!({"case_name": case, "event_key": "STRAY"})).await;
        for site in world.sites.values() {
            site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        }
        let dropped = metric(&world, "portal_isolation_violations_total").await;
        let answer = auditor.get(&format!("/api/cases/audit?id={case}")).await;
        assert!(!answer.text.contains("t001"), "{}", answer.text);
        assert!(metric(&world, "portal_isolation_violations_total").await > dropped);
    });
}

#[test]
fn tasks_go_page_by_page_and_each_is_shown_once() {
    run(async {
        let specs = institutions().into_iter().take(1).collect();
        let plan = Plan { specs, cases: Some(30), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() };
        let mut world = World::start(plan).await.unwrap();
        upstream::administer(&mut world);
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let case = some_case(&browser).await;
        for number in 0..103 {
            let state = ["OPEN", "DONE", "CANCELLED"][number % 3];
            let task = json!({"case_ref": case, "task_key": format!("T{number}"), "title": format!("Task {number:03}"), "state": state});
            upstream::copy_first(&world, "banyan", "Case Task", &task).await;
        }
        let stored = upstream::rows(&world, "banyan", "Case Task", &["title", "case_ref", "creation", "name"]).await;
        let mut stored: Vec<_> = stored.iter().filter(|row| row["case_ref"] == *case).collect();
        let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
        stored.sort_by_key(|row| std::cmp::Reverse((text(row, "creation"), text(row, "name"))));
        let (mut shown, mut pages, mut query) = (Vec::new(), 0, Some(String::new()));
        while let Some(after) = query {
            let sheet = browser.get(&format!("/api/cases/tasks?id={case}&every=true&{after}")).await.json();
            let sheet = sheet.as_array().unwrap().last().unwrap();
            shown.extend(sheet["rows"].as_array().unwrap().iter().map(|row| row[0]["text"].as_str().unwrap().to_owned()));
            query = sheet["next"].as_str().map(|href| href.strip_prefix(&format!("/cases/{case}/tasks?")).unwrap().to_owned());
            pages += 1;
        }
        assert_eq!(shown, stored.iter().map(|row| text(row, "title")).collect::<Vec<_>>());
        assert_eq!(pages, shown.len().div_ceil(50));
        let open = browser.get(&format!("/api/cases/tasks?id={case}")).await.json();
        assert!(open[0]["rows"].as_array().unwrap().len() < shown.len());
        assert_eq!(browser.get(&format!("/api/cases/tasks?id={case}&every=true&after=x")).await.shape(), "422 invalid");
        assert!(browser.get(&format!("/cases/{case}/tasks")).await.text.contains("Next page"));
    });
}

#[test]
fn every_version_of_a_document_is_listed_beside_it_and_can_be_read() {
    run(async {
        let world = world().await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let fields = ["name", "case_ref", "doc_group", "title", "state", "scan_state"];
        let all = upstream::rows(&world, "t000", "Case Document", &fields).await;
        let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
        let whole = |row: &&Value| row["state"] == "STORED" && row["scan_state"] == "CLEAN" && !text(row, "case_ref").is_empty();
        let first = all.iter().find(whole).unwrap();
        let (case, group, name) = (text(first, "case_ref"), text(first, "doc_group"), text(first, "name"));
        let elsewhere = all.iter().find(|row| whole(row) && row["case_ref"] != *case).unwrap();
        let version = async |number: u32, case: &str, key: &str, latest: bool| {
            let copy = json!({"case_ref": case, "doc_group": group, "doc_version_key": key, "version": number, "is_latest": latest,
                "title": format!("VERSION-{number}-{key}")});
            upstream::copy_first(&world, "t000", "Case Document", &copy).await;
        };
        upstream::change(&world, "Case Document", &name, &json!({"is_latest": 0})).await;
        version(2, &case, "second", false).await;
        version(3, &case, "third", true).await;
        // A group that reaches into another case brings nothing of it.
        version(4, &text(elsewhere, "case_ref"), "stray", true).await;
        let rows = upstream::rows(&world, "t000", "Case Document", &["name", "title"]).await;
        let named = |title: &str| text(rows.iter().find(|row| row["title"] == title).unwrap(), "name");
        let ids = [name.clone(), named("VERSION-2-second"), named("VERSION-3-third")];

        let listed = browser.get(&format!("/api/cases/documents?id={case}")).await.text;
        assert!(listed.contains(&ids[2]) && !listed.contains(&ids[0]) && !listed.contains(&ids[1]), "the latest is listed: {listed}");
        for shown in &ids {
            let exhibit = browser.get(&format!("/api/cases/document?id={case}&doc={shown}")).await.json();
            let facts = exhibit["facts"].as_array().unwrap();
            let links: Vec<_> = facts.iter().filter(|fact| fact["label"].as_str().unwrap().starts_with("Version ")).collect();
            let to: Vec<_> = links.iter().map(|fact| text(&fact["cell"], "href")).collect();
            let others: Vec<_> = ids.iter().rev().filter(|id| *id != shown).map(|id| format!("/cases/{case}/documents?doc={id}")).collect();
            assert_eq!(to, others);
            let replaced =
                facts.iter().find(|fact| fact["label"] == "Version").unwrap()["cell"]["below"] == json!(["Replaced by a later version"]);
            assert_eq!(replaced, *shown != ids[2]);
            let page = browser.get(&format!("/cases/{case}/documents?doc={shown}")).await;
            assert!(page.status == 200 && page.text.contains(&format!("/documents/{shown}/content")), "{}", page.text);
        }
        let (_, bytes) = browser.bytes(&format!("/documents/{name}/content")).await;
        assert!(!bytes.is_empty(), "an earlier version is read like the latest");
        assert_eq!(browser.get(&format!("/documents/{name}/content")).await.status, 200);
    });
}
