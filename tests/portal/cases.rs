//! The case list over the simulated upstream: every row once whichever way it is paged, totals that agree, and what each
//! role may see.
//!
//! Must not know how a page is asked for upstream.

use std::collections::BTreeSet;

use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::{InstitutionSpec, institutions, small_institution},
    },
    model::CaseSort,
};
use serde_json::Value;

use crate::{
    browser::{Browser, metric, person, run, unlimited, who_work},
    upstream,
};

/// Two institutions on one site, with three pages of cases each.
async fn two_portfolios(cases: usize) -> World {
    let specs = (0..2).map(|index| InstitutionSpec { cases, ..small_institution(index) }).collect();
    let entry = |entry: &mut Value| {
        unlimited(entry);
        entry["upstream"]["timeout_ms"] = 1000.into();
    };
    World::start(Plan { specs, site_root: "public".to_owned(), entry, ..Plan::default() }).await.unwrap()
}

async fn list(browser: &Browser, q: &str, sort: &str, side: &str, cursor: &str) -> Value {
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("q", q)
        .append_pair("sort", sort)
        .append_pair(side, cursor)
        .finish();
    let seen = browser.get(&format!("/api/cases/list?{query}")).await;
    assert_eq!(seen.status, 200, "{query}: {}", seen.text);
    seen.listed()
}

fn ids(page: &Value) -> Vec<String> {
    page["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// Every row of a query, page by page forward; then back again, which must show the same pages.
async fn walk(browser: &Browser, q: &str, sort: &str) -> Vec<Value> {
    let mut pages = vec![list(browser, q, sort, "after", "").await];
    while let Some(cursor) = pages.last().unwrap()["pages"]["after"].as_str().map(str::to_owned) {
        pages.push(list(browser, q, sort, "after", &cursor).await);
    }
    let mut backwards = pages.last().unwrap().clone();
    for earlier in pages.iter().rev().skip(1) {
        let cursor = backwards["pages"]["before"].as_str().unwrap().to_owned();
        backwards = list(browser, q, sort, "before", &cursor).await;
        assert_eq!(ids(&backwards), ids(earlier), "back through {q:?} by {sort}");
    }
    assert!(backwards["pages"]["before"].is_null());
    pages.iter().flat_map(|page| page["rows"].as_array().unwrap().clone()).collect()
}

#[test]
fn pages_show_every_row_once_in_every_order_and_totals_are_their_sum() {
    run(async {
        let world = two_portfolios(230).await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let columns = ["name", "next_due_on", "next_hearing_at", "total_dues", "claim_basis_amount", "dpd", "stage", "case_id", "modified"];
        let stored = upstream::rows(&world, "t000", "Arbitration Case", &columns).await;
        assert_eq!(stored.len(), 230);
        for ((sort, word), column) in CaseSort::ALL.into_iter().zip(&columns[1..]) {
            for descending in [false, true] {
                let mut expected: Vec<&Value> = stored.iter().collect();
                let absent = |row: &Value| {
                    matches!(sort, CaseSort::NextDue | CaseSort::NextHearing | CaseSort::Number)
                        && row[column].as_str().is_none_or(str::is_empty)
                };
                expected.sort_by(|one, other| {
                    let by_value = match (one[column].as_f64(), other[column].as_f64()) {
                        (Some(one), Some(other)) => one.total_cmp(&other),
                        _ => one[column].as_str().unwrap_or("").to_lowercase().cmp(&other[column].as_str().unwrap_or("").to_lowercase()),
                    };
                    let by_value = if descending { by_value.reverse() } else { by_value };
                    let by_value = if absent(one) && absent(other) { std::cmp::Ordering::Equal } else { by_value };
                    absent(one).cmp(&absent(other)).then(by_value).then(one["name"].as_str().cmp(&other["name"].as_str()))
                });
                let sort = format!("{}{word}", if descending { "-" } else { "" });
                let found: Vec<String> = walk(&browser, "", &sort).await.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
                let expected: Vec<String> = expected.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
                assert_eq!(found, expected, "{sort}");
            }
        }
        let rows = walk(&browser, "", "").await;
        let totals = browser.get("/api/cases/totals").await.json();
        assert_eq!(totals["cases"], 230);
        for amount in ["claim", "dues"] {
            assert_eq!(totals[amount].as_i64().unwrap(), rows.iter().map(|row| row[amount].as_i64().unwrap()).sum::<i64>(), "{amount}");
        }
    });
}

#[test]
fn each_role_sees_its_rows_and_its_columns() {
    run(async {
        let world = two_portfolios(60).await;
        let stored = upstream::rows(
            &world,
            "t000",
            "Arbitration Case",
            &["name", "zone", "region", "branch", "product", "legal_owner", "collections_owner", "advocate", "title_text"],
        )
        .await;
        let advocate = upstream::portal_user(&world, person(&world, "t000", "advocate")).await["advocate"].clone();
        for person in who_work(&world, "t000") {
            let (role, scopes) = (person.person.role.code(), &person.person.scopes);
            let browser = Browser::of(&world, person).await;
            let within = |codes: &odr_portal::model::CodeSet, row: &Value, column: &str| {
                codes.is_empty() || codes.iter().any(|code| row[column] == code)
            };
            let expected: BTreeSet<&str> = stored
                .iter()
                .filter(|row| match role {
                    "TENANT_ADMIN" | "LEGAL_HEAD" | "FINANCE_MIS" | "AUDITOR" => true,
                    "ADVOCATE" => {
                        row["advocate"] == advocate
                            || row["legal_owner"] == person.user.user_id
                            || row["collections_owner"] == person.user.user_id
                    }
                    _ => {
                        within(&scopes.zones, row, "zone")
                            && within(&scopes.regions, row, "region")
                            && within(&scopes.branches, row, "branch")
                            && within(&scopes.products, row, "product")
                    }
                })
                .map(|row| row["name"].as_str().unwrap())
                .collect();
            let page = browser.get("/api/cases/list").await;
            let found = ids(&page.listed());
            assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected, "{role} {}", person.user.user_id);
            assert_eq!(browser.get("/api/cases/totals").await.json()["cases"], expected.len(), "{role}");
            let html = browser.get("/cases").await;
            assert_eq!(html.status, 200);
            assert!(!page.text.contains("MARK-t001") && !html.text.contains("MARK-t001"), "{role}");
            let names: Vec<&str> = stored
                .iter()
                .filter(|row| expected.contains(row["name"].as_str().unwrap()))
                .map(|row| row["title_text"].as_str().unwrap())
                .collect();
            let shown = names.iter().filter(|name| page.text.contains(**name) || html.text.contains(**name)).count();
            assert_eq!(shown, if role == "TENANT_ADMIN" { 0 } else { names.len() }, "{role}");
        }
    });
}

#[test]
fn every_filter_finds_exactly_the_rows_that_have_its_value() {
    run(async {
        let specs = institutions().into_iter().take(2).collect();
        let plan = Plan { specs, cases: Some(60), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() };
        let world = World::start(plan).await.unwrap();
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let columns = [
            ("stage", "stage"),
            ("status", "status"),
            ("product", "product"),
            ("zone", "zone"),
            ("branch", "branch"),
            ("owner", "legal_owner"),
            ("bucket", "bucket"),
            ("hold", "hold"),
            ("service", "service_status"),
            ("open", "is_open"),
            ("dues", "total_dues"),
            ("claim", "claim_basis_amount"),
            ("dpd", "dpd"),
            ("due", "next_due_on"),
            ("served", "fully_served"),
            ("awarded", "award_on"),
            ("awarddue", "s29a_due_on"),
            ("limitation", "limitation_on"),
            ("filed", "filed_on"),
            ("closed", "closed_on"),
        ];
        let stored = upstream::rows(&world, "banyan", "Arbitration Case", &columns.map(|(_, column)| column)).await;
        for (key, column) in columns {
            let values: BTreeSet<String> = stored.iter().filter_map(|row| written(&row[column])).collect();
            assert!(key == "hold" || values.len() > 1, "{key} has nothing to tell apart: {values:?}");
            for value in &values {
                let (bounds, word): (&[_], _) = match key {
                    "dues" | "claim" | "dpd" | "due" | "awarded" | "awarddue" | "limitation" | "filed" | "closed" => {
                        (&["", ">", ">=", "<", "<="], value.clone())
                    }
                    "open" | "served" => (&[""], if value == "1" { "yes".to_owned() } else { "no".to_owned() }),
                    _ => (&[""], value.clone()),
                };
                for bound in bounds {
                    let expected = stored.iter().filter(|row| within(&row[column], bound, value)).count();
                    let query: String = url::form_urlencoded::byte_serialize(format!("{key}:{bound}{word}").as_bytes()).collect();
                    let totals = browser.get(&format!("/api/cases/totals?q={query}")).await.json();
                    assert_eq!(totals["cases"], expected, "{key}:{bound}{word}");
                }
            }
        }
    });
}

/// A stored value as the query box takes it.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a stored value lies on this side of another; dates order as their texts do.
fn within(value: &Value, bound: &str, other: &str) -> bool {
    let order = match (value, other.parse::<f64>()) {
        (Value::Number(number), Ok(other)) => number.as_f64().unwrap().total_cmp(&other),
        (Value::String(text), _) if !text.is_empty() => text.as_str().cmp(other),
        _ => return false,
    };
    match bound {
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        _ => order.is_eq(),
    }
}

#[test]
fn filters_narrow_and_wildcards_are_only_characters() {
    run(async {
        let world = two_portfolios(60).await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let all = walk(&browser, "", "").await;
        let first = &all[0];
        assert_eq!(walk(&browser, first["lan"].as_str().unwrap(), "").await.len(), 1);
        // Frappe cannot escape a pattern's characters: each stands for exactly one character, and never for many or none.
        let endless = "%".repeat(400);
        for nothing in ["mark%0", "mark_0", "mark%t001", "t001", "%' or 1=1", &endless] {
            assert!(ids(&list(&browser, nothing, "", "after", "").await).is_empty(), "{nothing}");
        }
        assert_eq!(walk(&browser, "mark%t000_", "").await.len(), all.len());
    });
}

#[test]
fn a_browser_keeps_the_columns_that_were_chosen_and_an_address_can_name_others() {
    run(async {
        let world = two_portfolios(5).await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let headings = async |address: &str| {
            let table = browser.get(&format!("/api/cases/list{address}")).await.json();
            let headings = table["sheet"]["headings"].as_array().unwrap().iter();
            headings.map(|heading| heading["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(", ")
        };
        let usual = headings("").await;
        assert_eq!(
            browser.post("/cases/columns", &[("owner", "1"), ("dues", "2"), ("claim", ""), ("dense", "1")]).await.location(),
            "/cases"
        );
        assert_eq!(headings("").await, "Number, Legal owner, Dues");
        let page = browser.get("/cases").await.text;
        assert!(page.contains("keyed dense") && page.contains("Legal owner") && !page.contains("Days past due</a>"), "{page}");
        assert!(page.contains("cols=number.owner.dues.dense"), "a file has the same columns");
        assert_eq!(headings("?cols=stage").await, "Number, Stage");
        browser.set_cookie("case-table", "<script>.nowhere");
        assert_eq!(headings("").await, usual);
        browser.post("/cases/columns", &[("owner", "1"), ("usual", "1")]).await;
        assert_eq!(headings("").await, usual);
        let other = Browser::of(&world, person(&world, "t001", "legal.head")).await;
        assert!(other.cookie("case-table").is_none());
    });
}

#[test]
fn an_upstream_that_fails_is_told_as_a_sentence_and_never_shown() {
    run(async {
        let world = two_portfolios(5).await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let site = world.sites.values().next().unwrap();
        let sound = browser.get("/api/cases/list").await.listed()["rows"].as_array().unwrap().len();
        let slow = Failure::Slow { pause: std::time::Duration::from_secs(3), piece_bytes: 10 };
        let failures = [
            (Failure::Maintenance, "503 maintenance"),
            (Failure::Html, "502 upstream"),
            (Failure::Truncated, "502 upstream"),
            (Failure::Status { status: 502, rate: 1.0 }, "502 upstream"),
            (slow, "502 upstream"),
        ];
        for (failure, shape) in failures {
            site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: failure.clone() }));
            let answer = browser.get("/api/cases/list").await;
            assert_eq!(answer.shape(), shape, "{failure:?}");
            assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
            let page = browser.get("/cases").await;
            assert_eq!(page.status, answer.status, "{failure:?}");
            assert!(
                page.text.contains(page.header("x-request-id")) && page.text.contains("The cases could not be loaded"),
                "{}",
                page.text
            );
            for text in ["Welcome", "Server Error", "SessionStopped", "frappe", "gunicorn", "127.0.0.1"] {
                assert!(!page.text.contains(text) && !answer.text.contains(text), "{failure:?}: {text}");
            }
        }
        let counted = metric(&world, "portal_isolation_violations_total").await;
        let other = Browser::of(&world, person(&world, "t001", "legal.head")).await;
        site.knobs().set_for("api@t001.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        let answer = other.get("/api/cases/list").await;
        assert!(!answer.text.contains("MARK-t000"), "{}", answer.text);
        assert!(metric(&world, "portal_isolation_violations_total").await > counted);
        assert_eq!(sound, 5);
    });
}
