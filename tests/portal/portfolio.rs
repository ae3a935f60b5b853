//! The portfolio summary over the simulated upstream: every figure is that of the list which it opens and of that list's export, for
//! every role and narrowing, and nobody sees rows that are not theirs.
//!
//! Must not know how a figure is asked for upstream.

use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::{InstitutionSpec, institutions, small_institution},
    },
    model::{Day, Inr},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    browser::{self, Browser, person, run, unlimited, who_work},
    upstream,
};

const PANELS: [&str; 17] = [
    "cover",
    "measures",
    "products",
    "zones",
    "ages",
    "bottlenecks",
    "awards",
    "cohorts",
    "notices",
    "promises",
    "rolls",
    "costs",
    "workload",
    "advocates",
    "enforceability",
    "proceedings",
    "litigation",
];
/// Panels whose first column is followed by counts that open cases.
const MATRICES: [&str; 3] = ["products", "zones", "ages"];
/// Panels whose rows lead to lists by nothing but counts of cases.
const COUNTING: [&str; 6] = ["products", "zones", "ages", "awards", "rolls", "advocates"];

pub async fn world_of(institutions_count: usize, cases: usize) -> World {
    let specs = institutions().into_iter().take(institutions_count).collect();
    World::start(Plan { specs, cases: Some(cases), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
}

pub async fn panel(browser: &Browser, which: &str, q: &str) -> Value {
    let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
    let answer = browser.get(&format!("/api/portfolio/panel?panel={which}&q={q}")).await;
    assert_eq!(answer.status, 200, "{which} {q}: {}", answer.text);
    answer.json()
}

/// The totals of the list at this address.
pub async fn totals(browser: &Browser, href: &str) -> Value {
    let query = href.strip_prefix("/cases").unwrap_or_else(|| panic!("{href} is no list"));
    browser.get(&format!("/api/cases/totals{}", if query.is_empty() { "?q=" } else { query })).await.json()
}

/// The exported file's row of sums: how many cases, and the paise of their claims.
async fn exported(browser: &Browser, href: &str) -> (u64, i64) {
    let q = href.split_once("?q=").map_or("", |(_, q)| q);
    // The router of pages reads an address's values twice, the handler of files once.
    let answer = browser.get(&format!("/cases/export?format=csv&q={}", q.replace("%25", "%"))).await;
    assert_eq!(answer.status, 200, "{href}: {}", answer.text);
    let text = answer.text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let sums = rows.iter().find(|row| row[0].starts_with("Total of ")).unwrap();
    let claim = rows[0].iter().position(|heading| heading == "Claim (INR)").unwrap();
    (sums[0].split(' ').nth(2).unwrap().parse().unwrap(), sums[claim].replace('.', "").parse().unwrap())
}

pub fn number(text: &str) -> u64 {
    text.replace(',', "").parse().unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What a cell of a matrix tells: a count, an amount in full, where it leads.
pub fn told(cell: &Value) -> (u64, String, Option<&str>) {
    let count = number(cell["text"].as_str().unwrap());
    let exact =
        cell["exact"].as_str().and_then(|exact| exact.split_once(", ")).map_or_else(|| Inr::ZERO.exact(), |(_, amount)| amount.to_owned());
    (count, exact, cell["href"].as_str())
}

fn exact(paise: &Value) -> String {
    Inr::from_paise(paise.as_i64().unwrap()).exact()
}

pub fn rows(panel: &Value) -> Vec<Vec<Value>> {
    let rows = panel["sheet"]["rows"].as_array().unwrap().iter();
    rows.map(|row| row.as_array().unwrap().clone()).collect()
}

/// Whether a count is that of the list which it opens; a count of nothing opens none.
pub async fn opens_its_rows(browser: &Browser, cell: &Value, where_: &str) {
    let (count, amount, href) = told(cell);
    match href {
        Some(href) => {
            let listed = totals(browser, href).await;
            assert_eq!((json!(count), amount), (listed["cases"].clone(), exact(&listed["claim"])), "{where_}: {href}");
        }
        None => assert_eq!(count, 0, "{where_}: {cell}"),
    }
}

#[test]
fn every_figure_is_that_of_the_list_which_it_opens_for_every_role() {
    run(async {
        let world = world_of(2, 350).await;
        for somebody in who_work(&world, "banyan") {
            let browser = Browser::of(&world, somebody).await;
            let role = format!("{:?}", somebody.person.role);
            let all = totals(&browser, "/cases?q=open%3Ayes").await;
            for which in MATRICES {
                let rows = rows(&panel(&browser, which, "").await);
                for cell in rows.iter().flat_map(|row| &row[1..]) {
                    opens_its_rows(&browser, cell, &format!("{role} {which}")).await;
                }
                // The line of sums adds up, down and across.
                let stages: Vec<_> = rows.iter().filter(|row| row[0]["stage"].is_string()).collect();
                let foot = rows.iter().find(|row| row[0]["text"] == "All open cases").unwrap();
                for index in 1..foot.len() {
                    assert_eq!(stages.iter().map(|row| told(&row[index]).0).sum::<u64>(), told(&foot[index]).0, "{role} {which}");
                }
                for row in stages.iter().chain([&foot]) {
                    let across: u64 = row[1..row.len() - 1].iter().map(|cell| told(cell).0).sum();
                    assert_eq!(across, told(row.last().unwrap()).0, "{role} {which}");
                }
                let (count, amount, _) = told(foot.last().unwrap());
                assert_eq!((json!(count), amount), (all["cases"].clone(), exact(&all["claim"])), "{role} {which}");
            }
            for row in rows(&panel(&browser, "bottlenecks", "").await) {
                opens_its_rows(&browser, &row[1], &role).await;
                if row[4]["text"] != "—" {
                    opens_its_rows(&browser, &row[4], &role).await;
                    assert!(told(&row[4]).0 <= told(&row[1]).0, "{role}: {row:?}");
                }
            }
            let workload = rows(&panel(&browser, "workload", "").await);
            for row in &workload {
                opens_its_rows(&browser, &row[1], &role).await;
            }
            assert_eq!(json!(workload.iter().map(|row| told(&row[1]).0).sum::<u64>()), all["cases"], "{role}: workload");
            let enforceability = panel(&browser, "enforceability", "").await;
            let bands = &enforceability["figures"].as_array().unwrap()[..3];
            for band in bands {
                opens_its_rows(&browser, &band["cell"], &role).await;
            }
            assert_eq!(json!(bands.iter().map(|band| told(&band["cell"]).0).sum::<u64>()), all["cases"], "{role}: bands");
            for row in rows(&enforceability) {
                opens_its_rows(&browser, &row[2], &role).await;
            }
            for row in rows(&panel(&browser, "measures", "").await) {
                let label = row[0]["text"].as_str().unwrap();
                let Some(href) = row[1]["href"].as_str() else {
                    assert_eq!(label, "Settlement haircut", "a figure that opens nothing");
                    continue;
                };
                let listed = totals(&browser, href).await;
                let made_of = row[2]["exact"].as_str().unwrap_or_default();
                match label {
                    "Active cases" | "Closed in a year" | "S.29A at risk" | "Limitation at risk" => {
                        assert_eq!(json!(number(row[1]["text"].as_str().unwrap())), listed["cases"], "{role}: {label}");
                        assert_eq!(made_of, exact(&listed["claim"]), "{role}: {label}");
                    }
                    "Award realisation" | "Recovery rate" => {
                        assert_eq!(made_of.split(" of ").next().unwrap(), exact(&listed["realised"]), "{role}: {label}");
                        let cases = row[2]["below"][0].as_str().unwrap().trim_end_matches(" cases");
                        assert_eq!(json!(number(cases)), listed["cases"], "{role}: {label}");
                    }
                    "Settlement rate" => {
                        let part = row[2]["text"].as_str().unwrap().split(" of ").next().unwrap();
                        assert_eq!(json!(number(part)), listed["cases"], "{role}: {label}");
                    }
                    _ => assert!(label.starts_with("Cycle time"), "{label} is held by nothing"),
                }
                assert!(row[3]["text"].as_str().is_some_and(|formula| formula.len() > 20), "{label}");
            }
            for row in rows(&panel(&browser, "cohorts", "").await) {
                let listed = totals(&browser, row[1]["href"].as_str().unwrap()).await;
                assert_eq!(json!(number(row[1]["text"].as_str().unwrap())), listed["cases"], "{role}: {row:?}");
            }
            let page = browser.get("/portfolio").await;
            assert!(page.status == 200 && !page.text.contains("could not be loaded"), "{role}");
            assert!(PANELS.iter().all(|word| page.text.contains(&format!("id=\"{word}\""))), "{role}");
        }
    });
}

#[test]
fn ages_recovery_and_proceedings_are_those_of_the_stored_rows() {
    run(async {
        let world = world_of(1, 300).await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let today = Day::parse(&browser::today()).unwrap();
        let fields = ["is_open", "stage", "stage_since_on", "filing_month", "dues_at_filing", "name"];
        let cases = upstream::rows(&world, "banyan", "Arbitration Case", &fields).await;
        let days = |row: &Value| today.days_since_epoch() - Day::parse(row["stage_since_on"].as_str().unwrap()).unwrap().days_since_epoch();
        for row in rows(&panel(&browser, "ages", "").await) {
            let Some(stage) = row[0]["stage"].as_str().map(str::to_uppercase) else { continue };
            let of_stage: Vec<i64> =
                cases.iter().filter(|case| case["is_open"] == 1 && case["stage"] == stage.as_str()).map(days).collect();
            let within = |from: i64, to: i64| of_stage.iter().filter(|days| (from..=to).contains(*days)).count() as u64;
            let expected = [(-9999, 30), (31, 60), (61, 90), (91, 180), (181, 365), (366, 99_999)].map(|(from, to)| within(from, to));
            assert_eq!(row[1..7].iter().map(|cell| told(cell).0).collect::<Vec<_>>(), expected, "{stage}");
        }
        let limits = [("s00", 3), ("s10", 21), ("s20", 30), ("s30", 7), ("s40", 30), ("s50", 90), ("s60", 90), ("s70", 30)];
        for row in rows(&panel(&browser, "bottlenecks", "").await) {
            let stage = row[0]["stage"].as_str().unwrap();
            let limit = limits.iter().find(|(known, _)| *known == stage).map(|(_, limit)| *limit);
            assert_eq!(row[3]["text"], limit.map_or_else(|| "—".to_owned(), |limit: i64| limit.to_string()), "{stage}");
            let Some(limit) = limit else { continue };
            let over =
                cases.iter().filter(|case| case["is_open"] == 1 && case["stage"] == stage.to_uppercase().as_str() && days(case) > limit);
            assert_eq!(told(&row[4]).0, over.count() as u64, "{stage}");
        }
        let payments = upstream::rows(&world, "banyan", "Case Payment", &["counted", "filing_month", "since_filing_30", "amount"]).await;
        let cohorts = rows(&panel(&browser, "cohorts", "").await);
        let months = (0..12).rev().map(|ago| (0..ago).fold(today.first_of_month(), |month, _| month.later(-1).first_of_month()));
        let mut looked_at = 0;
        for month in months {
            let code = &month.iso()[..7];
            let Some(row) = cohorts.iter().find(|row| row[0]["text"] == month.month().as_str()) else {
                assert!(cases.iter().all(|case| case["filing_month"] != code), "{code}");
                continue;
            };
            let paid_by = |period: i64| {
                let own = payments.iter().filter(|row| row["counted"] == 1 && row["filing_month"] == code);
                let own = own.filter(|row| (0..=period).contains(&row["since_filing_30"].as_i64().unwrap()));
                own.map(|row| (row["amount"].as_f64().unwrap() * 100.0).round() as i64).sum::<i64>()
            };
            for (period, cell) in (0..).zip(row[3..].iter().filter(|cell| cell["text"] != "—")) {
                let shown = cell["exact"].as_str().unwrap().split(" of ").next().unwrap();
                assert_eq!(shown, Inr::from_paise(paid_by(period)).exact(), "{code} {period}");
                looked_at += i64::from(paid_by(period) > 0);
            }
        }
        assert!(looked_at > 3, "nothing was paid");
        let stored = upstream::rows(&world, "banyan", "Case Proceeding", &["case_ref", "kind", "state", "amount"]).await;
        let running: Vec<_> = stored.iter().filter(|row| row["state"] != "CLOSED").collect();
        let matrix = rows(&panel(&browser, "proceedings", "").await);
        let foot = matrix.last().unwrap().last().unwrap();
        let amount: i64 = running.iter().map(|row| (row["amount"].as_f64().unwrap() * 100.0).round() as i64).sum();
        assert_eq!((told(foot).0, told(foot).1), (running.len() as u64, Inr::from_paise(amount).exact()));
        // Each figure opens its proceedings, page by page, every one with its case.
        for cell in matrix.iter().flat_map(|row| &row[1..]).filter(|cell| cell["href"].is_string()) {
            let mut address = cell["href"].as_str().unwrap().to_owned();
            let mut listed = 0;
            loop {
                let query = address.strip_prefix("/portfolio").unwrap().trim_end_matches("#litigation").trim_start_matches('?');
                let page = browser.get(&format!("/api/portfolio/panel?panel=litigation&{query}")).await.json();
                let rows = rows(&page);
                assert!(rows.iter().all(|row| row[0]["href"].as_str().unwrap().starts_with("/cases/")), "{address}");
                listed += rows.len() as u64;
                match page["sheet"]["next"].as_str() {
                    Some(next) => next.clone_into(&mut address),
                    None => break,
                }
            }
            assert_eq!(listed, told(cell).0, "{cell}");
        }
    });
}

#[test]
fn no_panel_shows_another_institution_and_a_scoped_person_sees_their_own_rows() {
    run(async {
        let mut world = world_of(2, 250).await;
        upstream::administer(&mut world);
        let somebody = person(&world, "banyan", "legal.manager");
        upstream::change_portal_user(
            &world,
            somebody,
            &json!({"zones": ";WEST;", "regions": "", "branches": "", "products": "", "assigned_only": 0}),
        )
        .await;
        let fields = ["name", "zone", "is_open", "total_dues"];
        let cases = upstream::rows(&world, "banyan", "Arbitration Case", &fields).await;
        let zone = cases.iter().find_map(|case| case["zone"].as_str()).unwrap().to_owned();
        upstream::change_portal_user(&world, somebody, &json!({"zones": format!(";{zone};")})).await;
        let elsewhere = cases.iter().filter_map(|case| case["zone"].as_str()).find(|other| *other != zone).unwrap().to_owned();
        let own = cases.iter().filter(|case| case["is_open"] == 1 && case["zone"] == zone.as_str()).count() as u64;
        let open = cases.iter().filter(|case| case["is_open"] == 1).count() as u64;
        assert!(own > 0 && own < open, "{own} of {open}");
        let head = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let scoped = Browser::of(&world, somebody).await;
        // What the head sees when narrowed to the zone is all that the scoped person ever sees, whatever they ask for.
        for which in PANELS.into_iter().filter(|which| *which != "cover") {
            let narrowed = panel(&head, which, &format!("zone:{zone}")).await;
            for q in ["".to_owned(), format!("zone:{elsewhere}")] {
                let seen = panel(&scoped, which, &q).await;
                match q.as_str() {
                    "" => assert_eq!(figures(&seen), figures(&narrowed), "{which}"),
                    _ => assert!(figures(&seen).iter().all(|figure| NOTHING.contains(&figure.as_str())), "{which}: {seen}"),
                }
            }
        }
        let zones = panel(&scoped, "zones", "").await;
        assert_eq!(zones["sheet"]["headings"].as_array().unwrap().len(), 3, "{zones}");
        let foot = rows(&zones).into_iter().find(|row| row[0]["text"] == "All open cases").unwrap();
        assert_eq!(told(foot.last().unwrap()).0, own);
        let cover = panel(&scoped, "cover", "zone:west stage:hearing").await;
        assert!(cover.to_string().contains(&format!("Cases of zones {zone}")) && cover.to_string().contains("stage:hearing"), "{cover}");
        assert!(cover.to_string().contains("Banyan Demo Bank"), "{cover}");

        for site in world.sites.values() {
            site.knobs().set_for("api@banyan.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        }
        let foreign = upstream::rows(&world, "tamarind", "Arbitration Case", &["name"]).await;
        for which in PANELS.into_iter().filter(|which| *which != "cover") {
            let dropped = browser::metric(&world, "portal_isolation_violations_total").await;
            let answer = head.get(&format!("/api/portfolio/panel?panel={which}")).await;
            assert!(
                browser::metric(&world, "portal_isolation_violations_total").await > dropped,
                "{which} was answered with rows of others"
            );
            assert!(!foreign.iter().any(|row| answer.text.contains(row["name"].as_str().unwrap())), "{which}");
        }
    });
}

/// How a panel says that there is nothing.
const NOTHING: [&str; 5] = ["0", "0 of 0", "₹0", "₹0 of ₹0", "No award yet"];

/// What the rows and figures of a panel say, without where they lead.
fn figures(panel: &Value) -> Vec<String> {
    let said = |cell: &Value| {
        let text = cell["text"].as_str().unwrap_or_default();
        // A count leads to its rows, an amount is told in full as well; names and formulas are not compared.
        if cell["href"].is_string() || cell["exact"].is_string() { text.to_owned() } else { String::new() }
    };
    let facts = panel["figures"].as_array().unwrap().iter().map(|fact| said(&fact["cell"])).collect::<Vec<_>>();
    let rows = rows(panel).into_iter().flatten().map(|cell| said(&cell));
    facts.into_iter().chain(rows).filter(|said| !said.is_empty()).collect()
}

#[test]
fn a_panel_that_fails_takes_no_other_with_it_and_a_word_that_is_no_panels_is_nothing() {
    run(async {
        let world = world_of(1, 60).await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        for silent in [false, true] {
            for site in world.sites.values() {
                let failure = Failure::DocType { name: "Case Proceeding", silent };
                site.knobs().set_for("api@banyan.example", Some(Knob { delay: None, failure }));
            }
            let page = browser.get("/portfolio").await;
            assert_eq!(page.status, 200);
            assert_eq!(page.text.matches("This panel could not be loaded").count(), 2, "the two of proceedings, silent: {silent}");
            assert!(page.text.contains("All open cases") && page.text.contains("Average score"), "silent: {silent}");
        }
        assert_eq!(browser.get("/api/portfolio/panel?panel=secrets").await.shape(), "404 not_found");
        assert_eq!(browser.get("/api/portfolio/panel").await.shape(), "404 not_found");
    });
}

#[test]
fn the_lists_menu_has_views_by_clock_and_they_show_what_the_dashboard_counts() {
    run(async {
        let world = world_of(1, 200).await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let menus = browser.get("/api/cases/list").await.json()["menus"].clone();
        let views = menus.as_array().unwrap().iter().find(|menu| menu[0] == "Clocks").unwrap()[1].clone();
        let href = |label: &str| {
            let view =
                views.as_array().unwrap().iter().find(|view| view["label"] == label).unwrap_or_else(|| panic!("no {label}: {views}"));
            view["href"].as_str().unwrap().to_owned()
        };
        let risk = browser.get("/api/dashboard/clocks").await.json();
        for (index, label) in ["S.29A at risk", "Limitation at risk"].into_iter().enumerate() {
            assert_eq!(risk["figures"][index]["cell"]["href"], href(label).as_str());
        }
        let today = browser::today();
        let cases = upstream::rows(&world, "banyan", "Arbitration Case", &["is_open", "s34_due_on", "next_due_on"]).await;
        let week = Day::parse(&today).unwrap().later(7).iso();
        let open = |row: &&Value| row["is_open"] == 1;
        let window = cases.iter().filter(open).filter(|row| row["s34_due_on"].as_str().is_some_and(|day| day >= today.as_str())).count();
        let due = cases
            .iter()
            .filter(open)
            .filter(|row| row["next_due_on"].as_str().is_some_and(|day| day >= today.as_str() && day < week.as_str()));
        assert_eq!(totals(&browser, &href("S.34 window")).await["cases"], window);
        assert_eq!(totals(&browser, &href("Due this week")).await["cases"], due.count());
    });
}

/// A narrowing that may or may not find anything.
fn narrowing() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "product:pl",
        "product:msme",
        "product:\"credit card\"",
        "zone:west",
        "zone:north",
        "zone:nowhere",
        "branch:br001",
        "owner:legal.manager@t000.example",
    ]);
    prop::collection::vec(word, 0..4).prop_map(|words| words.join(" "))
}

#[test]
fn totals_of_matrices_are_the_lists_and_the_exports_whatever_the_portfolio_and_the_narrowing() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(odr_portal::cli::STACK_BYTES)
        .enable_all()
        .build()
        .unwrap();
    // Portfolios of several sizes: an institution's cases are drawn from its number.
    let worlds: Vec<(World, Browser)> = runtime.block_on(async {
        let mut worlds = Vec::new();
        for cases in [1, 17, 90] {
            let specs = vec![InstitutionSpec { cases, ..small_institution(0) }];
            let world = World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap();
            let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
            worlds.push((world, browser));
        }
        worlds
    });
    let config = ProptestConfig { cases: 36, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(which in 0..3_usize, which_panel in 0..COUNTING.len(), q in narrowing(), pick in any::<prop::sample::Index>())| {
        let browser = &worlds[which].1;
        runtime.block_on(async {
            let word = COUNTING[which_panel];
            let rows = rows(&panel(browser, word, &q).await);
            let foot = MATRICES.contains(&word).then(|| rows.iter().find(|row| row[0]["text"] == "All open cases").unwrap().last().unwrap());
            let linked: Vec<&Value> = rows.iter().flat_map(|row| &row[1..]).filter(|cell| cell["href"].is_string()).collect();
            let some = (!linked.is_empty()).then(|| *pick.get(&linked));
            for cell in foot.into_iter().chain(some) {
                let (count, amount, href) = told(cell);
                let Some(href) = href else {
                    assert_eq!(count, 0);
                    continue;
                };
                let listed = totals(browser, href).await;
                let (cases, claim) = exported(browser, href).await;
                assert_eq!((json!(count), amount.clone()), (listed["cases"].clone(), exact(&listed["claim"])), "{q}: {href}");
                assert_eq!((count, amount), (cases, Inr::from_paise(claim).exact()), "{q}: {href}");
            }
        });
    });
}
