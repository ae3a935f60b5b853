//! One deed in several cases: which ones are chosen, what it would come to, what came of each; twice sent, broken off, changed meanwhile.
//!
//! Must not know how a deed is carried out: what counts is what stands at the institution's own server afterwards.

use std::time::Duration;

use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::{InstitutionSpec, small_institution},
    },
};
use serde_json::{Value, json};

use crate::{
    browser::{self, Browser, Seen, person, run, unlimited, until},
    forms::{hidden, send},
    upstream,
    work::{case, placed, rows},
};

const BULK: &str = "/cases/bulk";
const CASES: usize = 9;
const REASON: &str = "The borrower has died";

/// Two institutions, the first one's cases all heard and in the manager's zone.
async fn several() -> (World, Vec<String>) {
    let specs = (0..2).map(|index| InstitutionSpec { cases: CASES, ..small_institution(index) }).collect();
    let mut world = World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap();
    upstream::administer(&mut world);
    let mut names = Vec::new();
    for index in 0..CASES {
        names.push(placed(&world, index, "S60", "HEARD").await);
    }
    (world, names)
}

async fn of(world: &World, local: &str) -> Browser {
    Browser::of(world, person(world, "t000", local)).await
}

fn ids(names: &[String]) -> String {
    names.iter().map(|name| format!("id={name}")).collect::<Vec<_>>().join("&")
}

/// Chooses cases and a deed, and fills its questions in: the preview.
async fn preview(browser: &Browser, chosen: &str, action: &str, typed: &[(&str, &str)]) -> Seen {
    let first = browser.get(&format!("{BULK}?{chosen}")).await;
    assert_eq!(first.status, 200, "{}", first.text);
    let asked = send(browser, BULK, &first, &[("action", action)]).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    if typed.is_empty() {
        return asked;
    }
    let shown = send(browser, BULK, &asked, typed).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    shown
}

/// Does what a preview shows.
async fn go(browser: &Browser, shown: &Seen) -> Seen {
    let came = send(browser, BULK, shown, &[]).await;
    assert_eq!(came.status, 200, "{}", came.text);
    came
}

/// The row of a table that names this.
fn row<'a>(page: &'a Seen, what: &str) -> &'a str {
    let table = page.text.split_once("What came of each").map_or(page.text.as_str(), |(_, rest)| rest);
    let mut rows = table.split("<tr").filter_map(|row| row.split("</tr>").next());
    rows.find(|row| row.contains(what)).unwrap_or_else(|| panic!("no row of {what}: {}", page.text))
}

async fn number(world: &World, name: &str) -> String {
    let row = rows(world, "Arbitration Case", &["name", "case_id", "draft_no"], &[("name", name)]).await.remove(0);
    let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
    if text("case_id").is_empty() { text("draft_no") } else { text("case_id") }
}

/// The cases that have a comment of these words, once for each comment.
async fn commented(world: &World, words: &str) -> Vec<String> {
    let rows = rows(world, "Case Comment", &["case_ref", "body_text", "visibility"], &[("body_text", words)]).await;
    assert!(rows.iter().all(|row| row["visibility"] == "PRIVATE"), "{rows:?}");
    let mut cases: Vec<String> = rows.iter().map(|row| row["case_ref"].as_str().unwrap().to_owned()).collect();
    cases.sort();
    cases
}

fn sorted(names: &[String]) -> Vec<String> {
    let mut names = names.to_vec();
    names.sort();
    names
}

#[test]
fn a_page_of_the_list_is_chosen_less_the_ticked_and_all_that_match_less_those_left_out() {
    run(async {
        let (world, names) = several().await;
        let manager = of(&world, "legal.manager").await;
        let list = manager.get("/cases").await;
        assert!(list.text.contains("form=\"several\"") && list.text.contains("action=\"/cases/bulk\""), "{}", list.text);
        let rows = hidden(&list).into_iter().find(|(name, _)| name == "rows").unwrap().1;
        assert_eq!(sorted(&rows.split('.').map(str::to_owned).collect::<Vec<_>>()), sorted(&names));

        let chosen = format!("of=page&rows={rows}&id={}", names[0]);
        let shown = preview(&manager, &chosen, "comment", &[("body", "By the page")]).await;
        assert!(shown.text.contains("It would be done in 8 cases"), "{}", shown.text);
        assert!(commented(&world, "By the page").await.is_empty(), "a preview does nothing");
        let came = go(&manager, &shown).await;
        assert!(came.text.contains("8 done."), "{}", came.text);
        assert_eq!(commented(&world, "By the page").await, sorted(&names[1..]));

        upstream::change(&world, "Arbitration Case", &names[2], &json!({"stage": "S20", "status": "S21_SERVED"})).await;
        let chosen = format!("of=all&q=stage:hearing&id={}&id={}", names[0], names[1]);
        let shown = preview(&manager, &chosen, "comment", &[("body", "All that match")]).await;
        assert!(shown.text.contains("All cases that match stage:hearing, less 2 that you left out"), "{}", shown.text);
        // What no longer matches when it is done is left alone, and nothing is done that was not shown.
        upstream::change(&world, "Arbitration Case", &names[3], &json!({"stage": "S20", "status": "S21_SERVED"})).await;
        upstream::change(&world, "Arbitration Case", &names[2], &json!({"stage": "S60", "status": "HEARD"})).await;
        let came = go(&manager, &shown).await;
        assert!(row(&came, "It no longer matches.").contains(&names[3]), "{}", came.text);
        assert_eq!(commented(&world, "All that match").await, sorted(&names[4..]));

        // Part of a query that cannot be read would act on more than was meant.
        let unread = manager.get(&format!("{BULK}?of=all&q=stage:nowhere")).await;
        assert!(unread.text.contains("cannot be read") && !unread.text.contains("name=\"action\""), "{}", unread.text);
    });
}

#[test]
fn a_case_of_another_scope_of_another_institution_and_of_nobody_is_refused_in_the_same_words() {
    run(async {
        let (world, names) = several().await;
        upstream::change(&world, "Arbitration Case", &names[1], &json!({"zone": "NOWHERE", "region": "NOWHERE"})).await;
        let foreign = upstream::rows(&world, "t001", "Arbitration Case", &["name"]).await[0]["name"].as_str().unwrap().to_owned();
        let chosen = vec![names[0].clone(), names[1].clone(), foreign.clone(), "0000000000".to_owned()];
        let manager = of(&world, "legal.manager").await;
        let shown = preview(&manager, &ids(&chosen), "comment", &[("body", "Mixed")]).await;
        assert!(
            shown.text.contains("It would be done in 1 case,") && shown.text.contains("In 3 cases it cannot be done"),
            "{}",
            shown.text
        );
        let came = go(&manager, &shown).await;
        let words = |name: &str| row(&came, name).replace(name, "");
        assert!(words("0000000000").contains("There is no such case."), "{}", came.text);
        assert_eq!(words(&names[1]), words("0000000000"));
        assert_eq!(words(&foreign), words("0000000000"));
        assert_eq!(commented(&world, "Mixed").await, [names[0].clone()]);
        assert!(upstream::rows(&world, "t001", "Case Comment", &["body_text"]).await.iter().all(|row| row["body_text"] != "Mixed"));

        // A form that was altered finds no more than the person's own rows either.
        let altered = hidden(&shown).into_iter().map(|(name, value)| match name.as_str() {
            "seen" => (name, format!("{}~1.{foreign}~1", names[1])),
            "ids" => (name, format!("{}.{foreign}", names[1])),
            "operation" => (name, "00000000-0000-4000-8000-000000000000".to_owned()),
            _ => (name, value),
        });
        let altered: Vec<(String, String)> = altered.collect();
        let pairs: Vec<(&str, &str)> = altered.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let came = manager.post(BULK, &pairs).await;
        assert!(came.status == 200 && came.text.contains("2 not done"), "{}", came.text);
        assert_eq!(commented(&world, "Mixed").await, [names[0].clone()]);

        let noted = async || {
            let noted = rows(&world, "Portal Audit Event", &["action", "kind", "reason_code"], &[("action", "case.several")]).await;
            noted.iter().filter(|row| row["kind"] == "DENIED" && row["reason_code"] == "NO_CASE").count() == 5
        };
        until("each refusal is noted", noted).await;
    });
}

#[test]
fn a_form_that_is_sent_twice_is_done_once_and_says_the_same_both_times() {
    run(async {
        let (world, names) = several().await;
        let manager = of(&world, "legal.manager").await;
        let shown = preview(&manager, &ids(&names), "hold", &[("hold", "DECEASED"), ("reason", REASON)]).await;
        assert!(shown.text.contains("Do it in 9 cases") && shown.text.contains(REASON), "{}", shown.text);
        let (first, second) = futures::join!(go(&manager, &shown), go(&manager, &shown));
        let third = go(&manager, &shown).await;
        for seen in [first, second, third] {
            assert!(seen.text.contains("9 done."), "{}", seen.text);
        }
        let shown = preview(&manager, &ids(&names), "task", &task()).await;
        futures::join!(go(&manager, &shown), go(&manager, &shown));
        for name in &names {
            assert_eq!(case(&world, name).await["hold"], "DECEASED");
            let held = rows(&world, "Case Event", &["case_ref", "title"], &[("case_ref", name), ("title", "Put on hold")]).await;
            assert_eq!(held.len(), 1, "{held:?}");
            let tasks =
                rows(&world, "Case Task", &["case_ref", "title", "state"], &[("case_ref", name), ("title", "Ask the branch")]).await;
            assert!(tasks.len() == 1 && tasks[0]["state"] == "OPEN", "{tasks:?}");
        }
        let recorded = rows(&world, "Portal Audit Event", &["action", "kind", "row_total"], &[("action", "case.several")]).await;
        let recorded: Vec<_> = recorded.iter().filter(|row| row["kind"] == "CHANGE").map(|row| row["row_total"].as_i64()).collect();
        assert_eq!(recorded, [Some(9), Some(9)]);
    });
}

fn task() -> [(&'static str, &'static str); 3] {
    let due: &'static str = Box::leak(browser::today().into_boxed_str());
    [("title", "Ask the branch"), ("role", "BRANCH_USER"), ("due_on", due)]
}

#[test]
fn a_case_that_somebody_changes_meanwhile_is_left_alone_and_stops_no_other() {
    run(async {
        let (world, names) = several().await;
        let manager = of(&world, "legal.manager").await;
        let shown = preview(&manager, &ids(&names[..4]), "hold", &[("hold", "DECEASED"), ("reason", REASON)]).await;
        upstream::change(&world, "Arbitration Case", &names[2], &json!({"dpd": 999})).await;
        let came = go(&manager, &shown).await;
        assert!(came.text.contains("3 done, 1 changed meanwhile"), "{}", came.text);
        assert!(row(&came, &names[2]).contains("Changed meanwhile"), "{}", came.text);
        let holds = futures::future::join_all(names[..4].iter().map(|name| case(&world, name))).await;
        let holds: Vec<&str> = holds.iter().map(|case| case["hold"].as_str().unwrap()).collect();
        assert_eq!(holds, ["DECEASED", "DECEASED", "NONE", "DECEASED"]);
    });
}

#[test]
fn a_hold_is_lifted_by_two_people_in_several_cases_too_and_the_preview_says_what_stands_in_the_way() {
    run(async {
        let (world, names) = several().await;
        for name in &names[..3] {
            upstream::change(&world, "Arbitration Case", name, &json!({"hold": "LEGAL_HOLD"})).await;
        }
        let manager = of(&world, "legal.manager").await;
        let reason = [("reason", "Counsel has advised")];
        let shown = preview(&manager, &ids(&names[..5]), "release", &reason).await;
        assert!(shown.text.contains("It would be done in 3 cases") && shown.text.contains("What stands in the way"), "{}", shown.text);
        assert!(row(&shown, &number(&world, &names[3]).await).contains("hold"), "{}", shown.text);
        let came = go(&manager, &shown).await;
        assert!(came.text.contains("3 done, 2 not done"), "{}", came.text);
        assert!(row(&came, &names[0]).contains("Approval asked for"), "{}", came.text);
        for name in &names[..3] {
            assert_eq!(case(&world, name).await["hold"], "LEGAL_HOLD", "nothing happens until somebody else has decided");
        }
        // Who checks decides on each case's own page: nobody approves in several cases what they have not looked at.
        let head = of(&world, "legal.head").await;
        let again = preview(&head, &ids(&names[..3]), "release", &reason).await;
        assert!(again.text.contains("Somebody has asked for this already") && !again.text.contains("Do it in"), "{}", again.text);
        let waiting = rows(&world, "Case Approval", &["object_kind", "state"], &[("object_kind", "RELEASE"), ("state", "PENDING")]).await;
        assert_eq!(waiting.len(), 3, "{waiting:?}");
    });
}

#[test]
fn several_cases_are_given_to_somebody_and_who_does_not_reach_one_does_not_get_it() {
    run(async {
        let (world, names) = several().await;
        let head = of(&world, "legal.head").await;
        upstream::change(&world, "Arbitration Case", &names[1], &json!({"zone": "NOWHERE", "region": "NOWHERE"})).await;
        let before = rows(&world, "Arbitration Case", &["name", "collections_owner"], &[("name", &names[0])]).await.remove(0);
        let typed = [("legal_owner", "legal.head@t000.example"), ("collections_owner", ""), ("advocate", "")];
        let nobody = [("legal_owner", ""), ("collections_owner", ""), ("advocate", "")];
        let first = head.get(&format!("{BULK}?{}", ids(&names[..3]))).await;
        let asked = send(&head, BULK, &first, &[("action", "assign")]).await;
        let refused = send(&head, BULK, &asked, &nobody).await;
        assert!(refused.status == 422 && refused.text.contains("Choose at least one person."), "{}", refused.text);
        let manager_of_west = [("legal_owner", "legal.manager@t000.example"), ("collections_owner", ""), ("advocate", "")];
        upstream::change(&world, "Arbitration Case", &names[1], &json!({"legal_owner": "legal.head.2@t000.example"})).await;
        let shown = send(&head, BULK, &asked, &manager_of_west).await;
        assert!(
            shown.text.contains("The legal owner does not reach this case.") && shown.text.contains("It is theirs already."),
            "{}",
            shown.text
        );
        let came = go(&head, &send(&head, BULK, &asked, &typed).await).await;
        assert!(came.text.contains("3 done."), "{}", came.text);
        let given = rows(&world, "Arbitration Case", &["name", "legal_owner", "collections_owner"], &[]).await;
        for row in given.iter().filter(|row| names[..3].iter().any(|name| row["name"] == **name)) {
            assert_eq!(row["legal_owner"], "legal.head@t000.example");
        }
        let after = given.iter().find(|row| row["name"] == *names[0]).unwrap();
        assert_eq!(after["collections_owner"], before["collections_owner"], "what was left empty stays");
    });
}

#[test]
fn who_may_not_do_it_in_one_case_may_not_in_several() {
    run(async {
        let (world, names) = several().await;
        for local in ["finance", "auditor", "viewer", "tenant.admin"] {
            let browser = of(&world, local).await;
            assert_eq!(browser.get(&format!("{BULK}?{}", ids(&names))).await.status, 403, "{local}");
            assert_eq!(browser.post(BULK, &[("action", "comment"), ("ids", &names[0]), ("body", "No")]).await.status, 403, "{local}");
            assert!(!browser.get("/cases").await.text.contains("form=\"several\""), "{local}");
        }
        let collections = of(&world, "collections.2").await;
        let first = collections.get(&format!("{BULK}?{}", ids(&names))).await;
        assert!(
            first.text.contains("value=\"comment\"") && !first.text.contains("value=\"assign\"") && !first.text.contains("value=\"hold\"")
        );
        assert_eq!(send(&collections, BULK, &first, &[("action", "assign")]).await.status, 403);
        let shown = preview(&collections, &ids(&names), "hold", &[("hold", "DECEASED"), ("reason", REASON)]).await;
        assert!(
            shown.text.contains("Only a legal head or a legal manager may do this.") || shown.text.contains("may do this."),
            "{}",
            shown.text
        );
        assert!(!shown.text.contains("Do it in"), "{}", shown.text);
        let denied = async || {
            let rows = rows(&world, "Portal Audit Event", &["action", "kind", "actor"], &[("kind", "DENIED")]).await;
            let by = |row: &&Value| row["action"] == "case.assign" && row["actor"] == "collections.2@t000.example";
            rows.iter().filter(by).count() == 1
        };
        until("the refusal is noted", denied).await;
    });
}

#[test]
fn what_was_broken_off_is_gone_on_with_and_nothing_is_done_twice() {
    run(async {
        let (world, names) = several().await;
        let manager = of(&world, "legal.manager").await;
        let site = world.sites.values().next().unwrap();
        let behave = |failure, delay_ms: u64| {
            let delay = Some((Duration::from_millis(delay_ms), Duration::from_millis(delay_ms)));
            site.knobs().set_for("api@t000.example", Some(Knob { delay, failure }));
        };
        let shown = preview(&manager, &ids(&names), "comment", &[("body", "Broken off")]).await;
        behave(Failure::Sound, 40);
        let breaking = async {
            until("the first is written", async || !commented(&world, "Broken off").await.is_empty()).await;
            behave(Failure::ReadOnly, 0);
        };
        let (mut came, ()) = futures::join!(go(&manager, &shown), breaking);
        assert!(came.text.contains("not reached yet") && came.text.contains("Go on with"), "{}", came.text);
        assert!(commented(&world, "Broken off").await.len() < CASES);
        behave(Failure::Sound, 0);
        // The way to the server may be left alone for a moment after it has failed.
        let until_done = std::time::Instant::now() + Duration::from_secs(60);
        while came.text.contains("Go on with") {
            assert!(std::time::Instant::now() < until_done, "{}", came.text);
            let next = send(&manager, BULK, &came, &[]).await;
            if next.status == 200 {
                came = next;
            }
        }
        assert!(came.text.contains("9 done."), "{}", came.text);
        assert_eq!(commented(&world, "Broken off").await, sorted(&names));
        let events = rows(&world, "Case Event", &["case_ref", "title"], &[("title", "Comment added")]).await;
        for name in &names {
            assert_eq!(events.iter().filter(|event| event["case_ref"] == **name).count(), 1, "{name}: {events:?}");
        }
    });
}

#[test]
fn several_cases_are_brought_up_to_date_and_where_nothing_is_due_it_says_so() {
    run(async {
        let (world, names) = several().await;
        upstream::change(&world, "Arbitration Case", &names[0], &json!({"stage": "S90", "status": "CLOSED", "is_open": 0})).await;
        let manager = of(&world, "legal.manager").await;
        let shown = preview(&manager, &ids(&names[..2]), "catch-up", &[]).await;
        assert!(shown.text.contains("Nothing is due in it."), "{}", shown.text);
        let closed = case(&world, &names[0]).await;
        if shown.text.contains("Do it in") {
            let came = go(&manager, &shown).await;
            assert!(row(&came, &names[0]).contains("Nothing is due in it."), "{}", came.text);
        }
        assert_eq!(case(&world, &names[0]).await["modified"], closed["modified"]);
    });
}
