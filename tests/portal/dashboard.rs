//! The dashboard over the simulated upstream: every figure is that of the list which it opens, for every role, and agrees with the
//! rows as they are stored.
//!
//! Must not know how a figure is asked for upstream.

use odr_portal::{
    cli::demo::{Plan, SignInPerson, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::institutions,
    },
    model::{Day, Inr, Stage},
};
use serde_json::{Value, json};

use crate::{
    browser::{self, Browser, person, run, unlimited, who_work},
    upstream,
};

async fn world() -> World {
    world_of(2, 400).await
}

async fn world_of(institutions_count: usize, cases: usize) -> World {
    let specs = institutions().into_iter().take(institutions_count).collect();
    World::start(Plan { specs, cases: Some(cases), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
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
    Inr::from_paise(paise.as_i64().unwrap()).exact()
}

/// A figure of a panel by its name.
fn figure<'a>(panel: &'a Value, label: &str) -> &'a Value {
    let found = panel["figures"].as_array().unwrap().iter().find(|figure| figure["label"] == label);
    &found.unwrap_or_else(|| panic!("no {label} in {panel}"))["cell"]
}

/// A mark of a chart that leads somewhere.
struct Linked {
    href: String,
    said: String,
}

/// The marks of charts that lead somewhere; none where there is no chart.
fn linked(charts: &Value) -> Vec<Linked> {
    let attribute = |text: &str, name: &str| {
        let value = text.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
        value.replace("&amp;", "&").replace("&#39;", "'")
    };
    let marks = charts.as_str().unwrap_or_default().split("<a ").skip(1);
    marks.map(|mark| Linked { href: attribute(mark, "href"), said: attribute(mark, "aria-label") }).collect()
}

/// Roles that see every row of their institution.
const WIDE: [&str; 4] = ["TENANT_ADMIN", "LEGAL_HEAD", "FINANCE_MIS", "AUDITOR"];

/// The cases that somebody may see, by what their record says.
async fn visible(world: &World, somebody: &SignInPerson) -> Vec<Value> {
    const PEOPLE: [&str; 2] = ["legal_owner", "collections_owner"];
    const AXES: [(&str, &str); 4] = [("zones", "zone"), ("regions", "region"), ("branches", "branch"), ("products", "product")];
    let fields = [
        "name",
        "zone",
        "region",
        "branch",
        "product",
        "legal_owner",
        "collections_owner",
        "advocate",
        "is_open",
        "award_on",
        "cycle_days",
    ];
    let user = upstream::portal_user(world, somebody).await;
    let wide = WIDE.contains(&user["portal_role"].as_str().unwrap());
    let within = |row: &Value| {
        let axes = AXES.iter().all(|(axis, field)| {
            let codes = user[*axis].as_str().unwrap_or_default();
            codes.is_empty() || codes.contains(&format!(";{};", row[*field].as_str().unwrap_or_default()))
        });
        let advocate = user["advocate"].as_str().filter(|own| !own.is_empty()).is_some_and(|own| row["advocate"] == own);
        let own = advocate || PEOPLE.iter().any(|field| row[*field] == user["user_id"]);
        wide || (axes && (own || user["assigned_only"] == 0))
    };
    upstream::rows(world, "banyan", "Arbitration Case", &fields).await.into_iter().filter(within).collect()
}

fn depends_on_more_than_zone_and_product(user: &Value) -> bool {
    let limited = ["regions", "branches"].iter().any(|axis| !user[*axis].as_str().unwrap_or_default().is_empty());
    !WIDE.contains(&user["portal_role"].as_str().unwrap()) && (limited || user["assigned_only"] == 1 || user["portal_role"] == "ADVOCATE")
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
            for bar in linked(&mix["chart"]).iter().filter(|bar| bar.said.contains(" of ")) {
                let said = bar.said.split_once(": ").and_then(|(_, said)| said.split_once(" of ")).map(|(part, _)| part.to_owned());
                if let Some(part) = said.filter(|part| !part.starts_with("half")) {
                    assert_eq!(number(&json!(part)), totals(&browser, &bar.href).await["cases"], "{role:?}: {}", bar.said);
                }
            }
            let flow = panel(&browser, "throughput").await;
            let columns = linked(&flow["chart"]);
            let rows = flow["sheet"]["rows"].as_array().unwrap();
            assert!(rows.len() == 12 && (flow["chart"].is_null() || columns.len() == 24), "{role:?}");
            for cell in rows.iter().flat_map(|row| [&row[1], &row[2]]) {
                let href = cell["href"].as_str().unwrap();
                assert_eq!(number(&cell["text"]), totals(&browser, href).await["cases"], "{role:?}: {cell}");
                let told = format!(": {} ", cell["text"].as_str().unwrap());
                assert!(columns.iter().filter(|column| column.href == href).all(|column| column.said.contains(&told)), "{role:?}: {cell}");
            }
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
        let day = |text: &str| Day::parse(text).unwrap().days_since_epoch();
        let mix = panel(&browser, "stages").await;
        for (row, stage) in mix["sheet"]["rows"].as_array().unwrap().iter().zip(Stage::ALL) {
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
            let knob = Knob { delay: None, failure: Failure::ForeignRows };
            site.knobs().set_for("api@banyan.example", Some(knob));
        }
        for which in ["queue", "hearings", "clocks", "portfolio", "stages", "throughput", "moves"] {
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

#[test]
fn moves_and_changes_are_those_of_the_stored_rows_that_somebody_may_see() {
    run(async {
        let world = world_of(1, 250).await;
        let events = upstream::rows(&world, "banyan", "Case Event", &["case_ref", "kind", "at", "week", "from_stage", "to_stage"]).await;
        let payments = upstream::rows(&world, "banyan", "Case Payment", &["case_ref", "paid_on", "counted", "amount"]).await;
        let stages: Vec<_> = events.iter().filter(|row| row["kind"] == "STAGE").collect();
        let mut told = 0;
        for somebody in who_work(&world, "banyan") {
            let browser = Browser::of(&world, somebody).await;
            let role = somebody.person.role;
            let today = Day::parse(&browser::today()).unwrap();
            let cases = visible(&world, somebody).await;
            assert_eq!(cases.len() as u64, totals(&browser, "/cases").await["cases"], "{role:?}");
            let own = |row: &Value| cases.iter().any(|case| case["name"] == row["case_ref"]);

            let moves = panel(&browser, "moves").await;
            let weeks: Vec<_> = (0..12).rev().map(|ago| today.monday().later(-7 * ago).week()).collect();
            for (row, stage) in moves["sheet"]["rows"].as_array().unwrap().iter().zip(Stage::ALL) {
                let count = |field: &str, week: &String| {
                    stages.iter().filter(|row| row[field] == stage.code() && row["week"] == week.as_str() && own(row)).count()
                };
                for (cell, week) in row.as_array().unwrap()[4..].iter().zip(&weeks) {
                    let expected = format!("{} / {}", count("to_stage", week), count("from_stage", week));
                    assert_eq!(cell["text"], expected, "{role:?}: {week} {}", stage.code());
                }
                let entered: usize = weeks.iter().map(|week| count("to_stage", week)).sum();
                assert_eq!(number(&row[1]["text"]), entered as u64, "{role:?}: {}", stage.code());
                told += entered;
            }
            // What is told of closed cases and what their timelines tell is the same, week by week.
            let flow = panel(&browser, "throughput").await;
            let closed = moves["sheet"]["rows"].as_array().unwrap().last().unwrap().as_array().unwrap()[4..].iter().rev();
            for (week, cell) in flow["sheet"]["rows"].as_array().unwrap().iter().zip(closed) {
                assert_eq!(week[2]["text"].as_str(), cell["text"].as_str().unwrap().split(" / ").next(), "{role:?}: {week}");
            }

            let strip = panel(&browser, "portfolio").await;
            let since = today.later(-30);
            let changed = |label: &str| {
                let below = figure(&strip, label)["below"].as_array().cloned().unwrap_or_default();
                let end = format!(" since {} (30 days)", since.long());
                below.iter().find_map(|line| line.as_str().unwrap().strip_suffix(&end).map(str::to_owned))
            };
            let paid =
                payments.iter().filter(|row| row["counted"] == 1 && row["paid_on"].as_str().unwrap() >= since.iso().as_str() && own(row));
            let paid: f64 = paid.map(|row| row["amount"].as_f64().unwrap()).sum();
            let paid = Inr::from_paise((paid * 100.0).round() as i64);
            let expected = if paid == Inr::ZERO { "Unchanged".to_owned() } else { format!("+{}", paid.compact()) };
            assert_eq!(changed("Realised"), Some(expected), "{role:?}");

            // A case was active then if the last line before that day did not close it.
            let was_active = |case: &&Value| {
                let before =
                    stages.iter().filter(|row| row["case_ref"] == case["name"] && row["at"].as_str().unwrap() < since.iso().as_str());
                before.max_by_key(|row| row["at"].as_str()).is_some_and(|row| row["to_stage"] != "S90")
            };
            let then = cases.iter().filter(was_active).count() as i64;
            let now = cases.iter().filter(|case| case["is_open"] == 1).count() as i64;
            let expected = match now - then {
                0 => "Unchanged".to_owned(),
                more @ 1.. => format!("+{more}"),
                fewer => format!("−{}", -fewer),
            };
            // Lines do not say whose branch or whose case they are of: who sees a part by those is told no change.
            let narrow = depends_on_more_than_zone_and_product(&upstream::portal_user(&world, somebody).await);
            assert_eq!(changed("Active cases"), (!narrow).then_some(expected), "{role:?}");

            let median = |from: Day, until: Day| {
                let (from, until) = (from.iso(), until.iso());
                let awarded = |case: &&Value| case["award_on"].as_str().is_some_and(|day| day >= from.as_str() && day < until.as_str());
                let mut days: Vec<_> =
                    cases.iter().filter(awarded).map(|case| case["cycle_days"].as_i64().unwrap()).filter(|days| *days >= 0).collect();
                days.sort_unstable();
                days.len().checked_sub(1).map(|last| days[last / 2])
            };
            let expected = median(since.later(-365), since).and_then(|then| Some(median(today.later(-365), today.later(1))? - then)).map(
                |difference| match difference {
                    0 => "Unchanged".to_owned(),
                    more @ 1.. => format!("+{more} days"),
                    fewer => format!("−{} days", -fewer),
                },
            );
            assert_eq!(changed("Cycle time"), expected, "{role:?}");
            assert_eq!(changed("Claim under arbitration").or(changed("Fully served")), None, "{role:?}");
        }
        assert!(told > 100, "{told} moves are too few to tell anything");
    });
}

#[test]
fn a_panel_that_fails_or_is_slow_leaves_the_others() {
    run(async {
        let world = world_of(1, 40).await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        for silent in [false, true] {
            for site in world.sites.values() {
                site.knobs()
                    .set_for("api@banyan.example", Some(Knob { delay: None, failure: Failure::DocType { name: "Case Event", silent } }));
            }
            let page = browser.get("/").await;
            assert_eq!(page.status, 200);
            assert_eq!(page.text.matches("could not be loaded").count(), 1, "silent: {silent}");
            assert!(page.text.contains("The moves could not be loaded"), "silent: {silent}");
            assert!(
                page.text.contains("<svg viewBox=") && page.text.contains("References filed and cases closed, by week"),
                "silent: {silent}"
            );
            // Its figures stand without the one change that could not be had.
            let strip = panel(&browser, "portfolio").await;
            assert!(figure(&strip, "Active cases")["below"].is_null(), "silent: {silent}");
            assert_eq!(figure(&strip, "Realised")["below"].as_array().unwrap().len(), 1, "silent: {silent}");
        }
    });
}
