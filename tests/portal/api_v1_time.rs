//! What the JSON API tells by time: the dashboard's weeks and changes, and the events of a case, page by page.
//!
//! Must not know how anything is asked for upstream.

use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::institutions,
    model::Day,
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, person, run, unlimited, who_work},
    upstream,
};

async fn world(cases: usize) -> World {
    let specs = institutions().into_iter().take(1).collect();
    World::start(Plan { specs, cases: Some(cases), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
}

async fn ask(browser: &Browser, address: &str) -> Value {
    let seen = browser.get(address).await;
    assert_eq!(seen.status, 200, "{address}: {}", seen.text);
    seen.json()
}

fn texts(rows: &Value, member: &str) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row[member].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_dashboards_weeks_and_changes_are_those_of_the_page() {
    run(async {
        let world = world(60).await;
        let (mut moved, mut changed) = (0, 0);
        for somebody in who_work(&world, "banyan") {
            let (browser, role) = (Browser::of(&world, somebody).await, somebody.person.role);
            let board = ask(&browser, "/api/v1/dashboard").await;
            let panel = async |which: &str| browser.get(&format!("/api/dashboard/{which}")).await.json();
            let words = |cell: &Value| cell["text"].as_str().unwrap().replace(',', "");
            let (flow, shown) = (&board["throughput"]["weeks"], panel("throughput").await);
            let mut rows: Vec<_> = shown["sheet"]["rows"].as_array().unwrap().iter().map(|row| (words(&row[1]), words(&row[2]))).collect();
            rows.reverse();
            let weeks: Vec<_> =
                flow.as_array().unwrap().iter().map(|week| (week["filed"].to_string(), week["closed"].to_string())).collect();
            assert_eq!(weeks, rows, "{role:?}");

            let (moves, shown) = (&board["moves"], panel("moves").await);
            assert_eq!(moves["weeks"], json!(flow.as_array().unwrap().iter().map(|week| &week["monday"]).collect::<Vec<_>>()), "{role:?}");
            let rows = shown["sheet"]["rows"].as_array().unwrap();
            let stages = moves["stages"].as_array().unwrap();
            assert_eq!(stages.len(), rows.len(), "{role:?}");
            for (stage, row) in stages.iter().zip(rows) {
                assert_eq!(stage["stage"]["label"], row[0]["text"], "{role:?}");
                let counts = |which: &str| stage[which].as_array().unwrap().iter().map(|count| count.as_u64().unwrap()).collect::<Vec<_>>();
                let (entered, left) = (counts("entered"), counts("left"));
                let of_weeks: Vec<_> = row.as_array().unwrap()[4..].iter().map(words).collect();
                assert_eq!(entered.iter().zip(&left).map(|(entered, left)| format!("{entered} / {left}")).collect::<Vec<_>>(), of_weeks);
                let sums = [entered, left].map(|counts| counts.iter().sum::<u64>());
                assert_eq!(sums.map(|sum| sum.to_string()), [words(&row[1]), words(&row[2])], "{role:?}");
                moved += sums[0];
            }

            let shown = panel("portfolio").await;
            for (figure, shown) in board["portfolio"]["figures"].as_array().unwrap().iter().zip(shown["figures"].as_array().unwrap()) {
                let said = shown["cell"]["below"].as_array().and_then(|lines| lines.last()).and_then(Value::as_str);
                let change = &figure["change"];
                let since = change["since"].as_str().map(|day| Day::parse(day).unwrap().long());
                assert_eq!(since.is_some(), said.is_some_and(|said| said.contains(" since ")), "{role:?}: {figure} {shown}");
                let (Some(since), Some(said)) = (since, said) else { continue };
                assert!(said.ends_with(&format!(" since {since} ({} days)", change["days"])), "{role:?}: {figure} {said}");
                assert_eq!(change["by"]["kind"], figure["value"]["kind"], "{role:?}: {figure}");
                let by = change["by"].as_object().unwrap().values().find_map(Value::as_i64).unwrap();
                let sign = [("Unchanged", 0), ("+", 1), ("−", -1)].into_iter().find(|(sign, _)| said.starts_with(sign)).unwrap().1;
                assert_eq!(by.signum(), sign, "{role:?}: {figure} {said}");
                changed += 1;
            }
        }
        assert!(moved > 0 && changed > 0, "{moved} moves and {changed} changes");
    });
}

#[test]
fn the_events_of_a_case_go_on_at_the_next_address_and_each_comes_once() {
    run(async {
        let mut world = world(20).await;
        upstream::administer(&mut world);
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let case = ask(&browser, "/api/v1/cases").await["items"][0]["id"].as_str().unwrap().to_owned();
        for number in 0..103 {
            // Many at one moment: a page may end among them.
            let at = format!("2026-11-{:02} 10:00:00", 1 + number / 60);
            let event = json!({"case_ref": case, "event_key": format!("E{number}"), "title": format!("Event {number:03}"), "at": at});
            upstream::copy_first(&world, "banyan", "Case Event", &event).await;
        }
        let stored = upstream::rows(&world, "banyan", "Case Event", &["name", "case_ref", "at", "title"]).await;
        let mut stored: Vec<_> = stored.iter().filter(|row| row["case_ref"] == *case).collect();
        let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
        stored.sort_by_key(|row| std::cmp::Reverse((text(row, "at"), text(row, "name"))));
        let expected: Vec<_> = stored.iter().map(|row| text(row, "title")).collect();
        let (mut found, mut next) = (Vec::new(), Some(format!("/api/v1/cases/{case}")));
        while let Some(address) = next {
            let file = ask(&browser, &address).await;
            let of_page = texts(&file["latest_events"], "title");
            assert!(of_page.len() <= 50 && (file["events_next"].is_null() || of_page.len() == 50), "{address}");
            assert_eq!(file["case"]["id"], case.as_str(), "each page is the case's whole file");
            found.extend(of_page);
            next = file["events_next"].as_str().map(str::to_owned);
        }
        assert_eq!(found, expected);
        let (mut shown, mut next) = (Vec::new(), Some(String::new()));
        while let Some(query) = next {
            let sheet = browser.get(&format!("/api/cases/timeline?id={case}&{query}")).await.json();
            // The page has people's comments among the events.
            let events = sheet["rows"].as_array().unwrap().iter().filter(|row| !row[2]["text"].as_str().unwrap().starts_with("Comment"));
            shown.extend(events.map(|row| row[1]["text"].as_str().unwrap().to_owned()));
            next = sheet["next"].as_str().map(|href| href.split_once('?').unwrap().1.to_owned());
        }
        assert_eq!(shown, expected, "the page walks the same way");
        for (query, parameter) in [("events_after=x", "events_after"), ("page=1", "page")] {
            let seen = browser.get(&format!("/api/v1/cases/{case}?{query}")).await;
            assert_eq!((seen.status, texts(&seen.json()["errors"], "parameter")), (422, vec![parameter.to_owned()]));
        }
    });
}
