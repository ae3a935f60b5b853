//! The JSON API over the simulated upstream: what programs get is what the pages show the same person, no row more and none less.
//!
//! Must not know how anything is asked for upstream, nor what `openapi.json` says (`tests/portal/api_v1_document.rs` does).

use std::collections::BTreeSet;

use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::{InstitutionSpec, institutions, small_institution},
    },
    model::Day,
};
use serde_json::{Value, json};

use crate::{
    browser::{self, Browser, SESSION, Seen, metric, person, run, unlimited, who_work},
    upstream,
};

/// Everything that can be asked for without knowing a case.
const ADDRESSES: [&str; 5] =
    ["/api/v1/me", "/api/v1/dashboard", "/api/v1/cases", "/api/v1/hearings?from=2026-01-01&to=2026-12-31", "/api/v1/openapi.json"];

async fn world() -> World {
    let specs = institutions().into_iter().take(2).collect();
    World::start(Plan { specs, cases: Some(60), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
}

/// Two institutions on one site, every record with its institution's mark.
async fn marked(cases: usize) -> World {
    let specs = (0..2).map(|index| InstitutionSpec { cases, ..small_institution(index) }).collect();
    World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap()
}

/// An answer that is one: JSON, and fresh.
async fn ask(browser: &Browser, address: &str) -> Value {
    // As a program asks: with the cookie, and without what a browser says of a page.
    let seen = browser.send(browser.request(&http::Method::GET, address)).await;
    assert_eq!((seen.status, seen.header("content-type")), (200, "application/json"), "{address}: {}", seen.text);
    assert_eq!(seen.header("cache-control"), "no-store", "{address}");
    seen.json()
}

fn texts(rows: &Value, member: &str) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row[member].as_str().unwrap().to_owned()).collect()
}

/// Every item of a list, by its `next`; no page may be larger than asked for, and each says the same total.
async fn walk(browser: &Browser, address: &str, limit: usize) -> Vec<Value> {
    let joint = if address.contains('?') { '&' } else { '?' };
    let mut next = Some(format!("{address}{joint}limit={limit}"));
    let (mut items, mut totals) = (Vec::new(), BTreeSet::new());
    while let Some(address) = next {
        let page = ask(browser, &address).await;
        let of_page = page["items"].as_array().unwrap();
        assert!(of_page.len() <= limit && (page["next"].is_null() || of_page.len() == limit), "{address}");
        totals.insert(page["total"].as_u64().unwrap());
        items.extend(of_page.iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(totals.into_iter().collect::<Vec<_>>(), [items.len() as u64], "{address}");
    items
}

/// A span that all hearings are in, which the longest question is just long enough for.
fn whole_span() -> String {
    let today = browser::today();
    let today = Day::parse(&today).unwrap().days_since_epoch();
    let day = |days: i64| Day::from_days_since_epoch(today + days).unwrap().iso();
    format!("/api/v1/hearings?from={}&to={}", day(-182), day(182))
}

fn is_problem(seen: &Seen, status: u16, kind: &str) {
    assert_eq!((seen.status, seen.header("content-type")), (status, "application/problem+json"), "{}", seen.text);
    let problem = seen.json();
    assert_eq!(problem["type"], format!("urn:odr-portal:problem:{kind}"), "{problem}");
    assert_eq!(problem["status"], status);
    assert_eq!(problem["request_id"], seen.header("x-request-id"));
    assert!(!problem["title"].as_str().unwrap().is_empty() && !problem["detail"].as_str().unwrap().is_empty(), "{problem}");
    assert!(!seen.headers.contains_key("location") && !seen.headers.contains_key("set-cookie"));
}

#[test]
fn the_list_is_the_pages_list_for_every_role_and_every_question() {
    run(async {
        let world = marked(60).await;
        for institution in ["t000", "t001"] {
            for somebody in who_work(&world, institution) {
                let (browser, role) = (Browser::of(&world, somebody).await, somebody.person.role);
                for query in ["", "?q=open%3Ayes", "?q=mark&sort=-dues", "?q=dues%3A%3E1L+open%3Ayes&sort=number", "?sort=-hearing"] {
                    let page = browser.get(&format!("/api/cases/list{query}")).await.listed();
                    let totals = browser.get(&format!("/api/cases/totals{}", query.split("&sort").next().unwrap())).await;
                    let items = walk(&browser, &format!("/api/v1/cases{query}"), 7).await;
                    assert_eq!(texts(&json!(items), "id"), texts(&page["rows"], "id"), "{role:?} {query}");
                    if !query.starts_with("?sort") {
                        assert_eq!(items.len() as u64, totals.json()["cases"], "{role:?} {query}");
                    }
                    for (item, row) in items.iter().zip(page["rows"].as_array().unwrap()) {
                        let pairs = [
                            ("number", "number"),
                            ("claim_paise", "claim"),
                            ("dues_paise", "dues"),
                            ("dpd", "dpd"),
                            ("respondent", "respondent"),
                        ];
                        assert!(pairs.iter().all(|(of_item, of_row)| item[of_item] == row[of_row]), "{role:?}: {item} {row}");
                        assert_eq!(item["stage"]["label"], row["stage"], "{role:?}");
                    }
                }
            }
        }
    });
}

#[test]
fn paging_by_any_column_shows_every_case_once_and_turns_around() {
    run(async {
        let world = marked(230).await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        for sort in ["due", "-due", "hearing", "-claim", "dpd", "stage", "number", "-changed"] {
            let found = walk(&browser, &format!("/api/v1/cases?sort={sort}"), 90).await;
            let ids: BTreeSet<String> = texts(&json!(found), "id").into_iter().collect();
            assert_eq!((found.len(), ids.len()), (230, 230), "{sort}");
        }
        // A page says how many follow it and not how many precede it; the place before a case is asked for by its cursor.
        let page = browser.get("/api/cases/list?sort=-dues").await.listed();
        let after = page["pages"]["after"].as_str().unwrap();
        let before: String = url::form_urlencoded::byte_serialize(after.as_bytes()).collect();
        let earlier = ask(&browser, &format!("/api/v1/cases?sort=-dues&before={before}&limit=99")).await;
        assert_eq!(texts(&earlier["items"], "id"), texts(&page["rows"], "id")[..99]);
    });
}

#[test]
fn a_parameter_that_cannot_be_used_is_named_and_nothing_is_answered() {
    run(async {
        let world = marked(5).await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let refused = [
            ("cases?sort=name", "sort"),
            ("cases?q=stage%3Anowhere", "q"),
            ("cases?q=pan%3AABCDE1234F", "q"),
            ("cases?limit=0", "limit"),
            ("cases?limit=201", "limit"),
            ("cases?limit=5&limit=6", "limit"),
            ("cases?stage=hearing", "stage"),
            ("cases?after=nonsense", "after"),
            ("cases?sort=dpd&after=d2026-11-21~abc", "after"),
            ("cases?before=nonsense", "before"),
            ("cases?after=-~a&before=-~b", "before"),
            ("hearings?from=today", "from"),
            ("hearings?to=2026-02-30", "to"),
            ("hearings?from=2026-11-21&to=2026-11-20", "to"),
            ("hearings?from=2024-01-01&to=2026-01-01", "to"),
            ("hearings?after=x", "after"),
            ("hearings?limit=many", "limit"),
            ("hearings?q=a", "q"),
        ];
        for (address, parameter) in refused {
            let seen = browser.get(&format!("/api/v1/{address}")).await;
            is_problem(&seen, 422, "invalid");
            assert_eq!(texts(&seen.json()["errors"], "parameter"), [parameter], "{address}: {}", seen.text);
        }
        let seen = browser.get("/api/v1/cases?%3Cscript%3E=1&sort=%3Cscript%3E&q=a%3A%3Cscript%3E").await;
        is_problem(&seen, 422, "invalid");
        assert!(!seen.text.contains("script"), "{}", seen.text);
    });
}

#[test]
fn a_case_file_is_what_its_pages_show() {
    run(async {
        let world = world().await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let names = texts(&json!(walk(&browser, "/api/v1/cases", 100).await), "id");
        for name in names.iter().step_by(5) {
            let file = ask(&browser, &format!("/api/v1/cases/{name}")).await;
            let part = async |which: &str| browser.get(&format!("/api/cases/{which}?id={name}")).await.json();
            let shown = part("show").await;
            assert_eq!(file["case"]["number"], shown["case"]["number"]);
            for (of_file, which) in
                [("parties", "service"), ("clocks", "clocks"), ("tasks", "tasks"), ("hearings", "hearings"), ("documents", "documents")]
            {
                let shown = part(which).await;
                // Tasks stand below the registry's defects, where there are any.
                let sheet = shown.as_array().map_or(&shown, |sheets| sheets.last().unwrap());
                // The last row of the documents is what may be done with them.
                let rows = sheet["rows"].as_array().unwrap().iter().filter(|row| row[0]["file"] != "Form").count();
                assert_eq!(file[of_file].as_array().unwrap().len(), rows, "{which} of {name}");
            }
            let rows = part("timeline").await["rows"].as_array().unwrap().clone();
            let said = |row: &&Value| row[2]["text"].as_str().is_some_and(|text| text.starts_with("Comment"));
            let events = rows.iter().filter(|row| !said(row)).count();
            let latest = file["latest_events"].as_array().unwrap().iter().filter(|event| event["kind"]["code"] != "COMMENT").count();
            assert!(latest == events || (rows.len() >= 50 && latest >= events), "{name}");
            let money = part("money").await;
            for (index, kind) in ["payments", "offers", "instalments", "costs"].into_iter().enumerate() {
                assert_eq!(
                    file["money"][kind].as_array().unwrap().len(),
                    money[index]["rows"].as_array().unwrap().len(),
                    "{kind} of {name}"
                );
            }
            // The same facts, here as values and there in words.
            let (groups, worded) = (file["facts"].as_array().unwrap(), shown["groups"].as_array().unwrap());
            assert_eq!(groups.len(), worded.len());
            let facts = groups.iter().flat_map(|group| group["facts"].as_array().unwrap());
            for (fact, words) in facts.zip(worded.iter().flat_map(|group| group["facts"].as_array().unwrap())) {
                assert_eq!(fact["label"], words["label"]);
                let value = &fact["value"];
                let text = match value["kind"].as_str().unwrap() {
                    "money" => odr_portal::model::Inr::from_paise(value["amount_paise"].as_i64().unwrap()).compact(),
                    "day" => Day::parse(value["day"].as_str().unwrap()).unwrap().long(),
                    _ => value["text"].as_str().unwrap().to_owned(),
                };
                assert_eq!(words["cell"]["text"], text, "{fact}");
            }
        }
    });
}

#[test]
fn a_case_that_a_person_may_not_see_does_not_exist() {
    run(async {
        let world = world().await;
        let of = async |institution: &str| {
            let rows = upstream::rows(&world, institution, "Arbitration Case", &["name"]).await;
            rows.into_iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let (own, foreign) = (of("banyan").await, of("tamarind").await);
        let mut narrowed = 0;
        for somebody in who_work(&world, "banyan") {
            let (browser, role) = (Browser::of(&world, somebody).await, somebody.person.role);
            let rows = texts(&json!(walk(&browser, "/api/v1/cases", 100).await), "id");
            let outside = own.iter().find(|name| !rows.contains(name)).cloned();
            narrowed += usize::from(outside.is_some());
            let nobody = browser.get("/api/v1/cases/0000000000").await;
            is_problem(&nobody, 404, "not_found");
            let odd = ["%25", "%FF", "..%2Fme", "0000%00", "a%2Fb"].map(|name| Some(name.to_owned()));
            let guesses = [Some(foreign[0].clone()), outside, Some(own[0].to_uppercase())].into_iter().chain(odd);
            for name in guesses.flatten() {
                let seen = browser.get(&format!("/api/v1/cases/{name}")).await;
                assert_eq!((seen.status, seen.stable_text()), (404, nobody.stable_text()), "{role:?} {name}");
                assert_eq!(seen.headers.len(), nobody.headers.len(), "{role:?} {name}");
            }
            if let Some(row) = rows.first() {
                assert_eq!(ask(&browser, &format!("/api/v1/cases/{row}")).await["case"]["id"], row.as_str(), "{role:?}");
            }
        }
        assert!(narrowed > 0, "nobody's rows are fewer than all");
    });
}

#[test]
fn hearings_are_those_of_the_persons_cases_in_those_days_by_time() {
    run(async {
        let world = world().await;
        let columns = ["name", "case_ref", "starts_on", "starts_at"];
        let mut stored = upstream::rows(&world, "banyan", "Case Hearing", &columns).await;
        stored.sort_by_key(|row| (row["starts_at"].as_str().unwrap().to_owned(), row["name"].as_str().unwrap().to_owned()));
        for somebody in who_work(&world, "banyan") {
            let (browser, role) = (Browser::of(&world, somebody).await, somebody.person.role);
            let cases: BTreeSet<String> = texts(&json!(walk(&browser, "/api/v1/cases", 100).await), "id").into_iter().collect();
            let span = whole_span();
            let today = browser::today();
            let week = Day::from_days_since_epoch(Day::parse(&today).unwrap().days_since_epoch() + 7).unwrap().iso();
            let (from, to) = (&span["/api/v1/hearings?from=".len()..][..10], &span[span.len() - 10..]);
            for (address, from, to) in [("/api/v1/hearings".to_owned(), today.as_str(), week.as_str()), (span.clone(), from, to)] {
                let within = |row: &&Value| {
                    let day = row["starts_on"].as_str().unwrap();
                    day >= from && day <= to && cases.contains(row["case_ref"].as_str().unwrap())
                };
                let expected: Vec<&str> = stored.iter().filter(within).map(|row| row["name"].as_str().unwrap()).collect();
                let found = walk(&browser, &address, 3).await;
                assert_eq!(texts(&json!(found), "id"), expected, "{role:?} {address}");
            }
        }
    });
}

#[test]
fn each_person_is_told_who_they_are_and_how_far_they_see() {
    run(async {
        let world = marked(5).await;
        for institution in ["t000", "t001"] {
            for somebody in who_work(&world, institution) {
                let browser = Browser::of(&world, somebody).await;
                let me = ask(&browser, "/api/v1/me").await;
                assert_eq!(me["id"], somebody.user.user_id);
                assert_eq!((&me["institution"]["code"], &me["role"]["code"]), (&json!(institution), &json!(somebody.person.role.code())));
                assert_eq!(me["scope"], somebody.person.scopes.in_words(somebody.person.role));
                assert_eq!(me["time_zone"], "Asia/Kolkata");
                assert!(me["session"]["idle_ends_at"].as_str().unwrap() <= me["session"]["ends_at"].as_str().unwrap(), "{me}");
                let may = |what: &str| me["permissions"].as_array().unwrap().contains(&json!(what));
                assert!(may("cases.list"), "{me}");
                assert_eq!(may("case.export"), browser.get("/api/cases/list").await.listed()["exportable"], "{me}");
            }
        }
    });
}

#[test]
fn the_dashboards_figures_are_those_of_the_lists_that_they_open() {
    run(async {
        let world = world().await;
        for somebody in who_work(&world, "banyan") {
            let (browser, role) = (Browser::of(&world, somebody).await, somebody.person.role);
            let board = ask(&browser, "/api/v1/dashboard").await;
            assert_eq!(board["unavailable"], json!([]));
            let figures = board["portfolio"]["figures"].as_array().unwrap().iter().chain(board["clocks"]["figures"].as_array().unwrap());
            let mut codes = Vec::new();
            for figure in figures {
                codes.push(figure["code"].as_str().unwrap());
                let value = &figure["value"];
                if let (Some(count), Some(href)) = (value["count"].as_u64().or(value["part"].as_u64()), figure["href"].as_str()) {
                    assert_eq!(ask(&browser, href).await["total"], count, "{role:?}: {figure}");
                }
            }
            let kept = [
                "active_cases",
                "claim_under_arbitration",
                "realised",
                "fully_served",
                "cycle_time",
                "award_at_risk",
                "limitation_at_risk",
            ];
            assert_eq!(codes, kept);
            let mut open = 0;
            for stage in board["stages"]["stages"].as_array().unwrap() {
                assert_eq!(ask(&browser, stage["href"].as_str().unwrap()).await["total"], stage["cases"], "{role:?}: {stage}");
                open += stage["cases"].as_u64().unwrap();
            }
            assert_eq!(ask(&browser, "/api/v1/cases?q=open%3Ayes&limit=1").await["total"], open, "{role:?}");
            for week in board["throughput"]["weeks"].as_array().unwrap() {
                for (count, href) in [("filed", "filed_href"), ("closed", "closed_href")] {
                    assert_eq!(ask(&browser, week[href].as_str().unwrap()).await["total"], week[count], "{role:?}: {week}");
                }
            }
        }
    });
}

#[test]
fn who_may_not_see_borrowers_gets_no_name_from_any_address() {
    run(async {
        let world = world().await;
        let parties = upstream::rows(&world, "banyan", "Case Party", &["case_ref", "party_role", "party_name"]).await;
        let parties: Vec<_> = parties.iter().filter(|party| party["party_role"] != "CLAIMANT").collect();
        // Arbitrators and advocates are no borrowers, and some have the same name.
        let mut others = String::new();
        for (doctype, column) in [("Case Hearing", "arbitrator_name"), ("Case Cost", "payee"), ("Case Appointment", "arbitrator_name")] {
            others.push_str(&json!(upstream::rows(&world, "banyan", doctype, &[column]).await).to_string());
        }
        let names: BTreeSet<&str> =
            parties.iter().map(|party| party["party_name"].as_str().unwrap()).filter(|name| !others.contains(name)).collect();
        let admin = who_work(&world, "banyan").find(|person| person.person.role.code() == "TENANT_ADMIN").unwrap();
        for (somebody, may) in [(admin, false), (person(&world, "banyan", "legal.head"), true)] {
            let browser = Browser::of(&world, somebody).await;
            let span = whole_span();
            let mut text = String::new();
            for address in ["/api/v1/me", "/api/v1/dashboard", "/api/v1/cases", &format!("{span}&limit=200")] {
                text.push_str(&ask(&browser, address).await.to_string());
            }
            for party in parties.iter().step_by(9) {
                text.push_str(&ask(&browser, &format!("/api/v1/cases/{}", party["case_ref"].as_str().unwrap())).await.to_string());
            }
            let named = names.iter().filter(|name| text.contains(**name)).count();
            assert_eq!(named > 0, may, "{named} names");
            let search: String = url::form_urlencoded::byte_serialize(parties[0]["party_name"].as_str().unwrap().as_bytes()).collect();
            assert_eq!(ask(&browser, &format!("/api/v1/cases?q={search}")).await["total"] != 0, may);
        }
    });
}

#[test]
fn rows_of_another_institution_are_dropped_from_every_answer_and_counted() {
    run(async {
        let mut world = marked(60).await;
        upstream::administer(&mut world);
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let case = ask(&browser, "/api/v1/cases").await["items"][0]["id"].as_str().unwrap().to_owned();
        let claim = json!({"case_ref": case, "event_key": "STRAY"});
        upstream::copy_first(&world, "t001", "Case Event", &claim).await;
        let span = whole_span();
        for site in world.sites.values() {
            site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        }
        for address in ["/api/v1/dashboard", "/api/v1/cases", &format!("/api/v1/cases/{case}"), &span] {
            let dropped = metric(&world, "portal_isolation_violations_total").await;
            let seen = browser.get(address).await;
            assert!(!seen.text.to_lowercase().contains("mark-t001"), "{address}: {}", seen.text);
            assert!(metric(&world, "portal_isolation_violations_total").await > dropped, "{address} was answered with rows of others");
        }
    });
}

#[test]
fn without_a_session_of_this_very_institution_there_is_a_problem_and_no_way_to_a_page() {
    run(async {
        let world = marked(5).await;
        let other = Browser::of(&world, person(&world, "t001", "legal.head")).await.cookie(SESSION).unwrap();
        let nobody = Browser::at(&world, "t000.localhost");
        for address in ADDRESSES.into_iter().chain(["/api/v1/cases/0000000000"]) {
            let seen = nobody.send(nobody.request(&http::Method::GET, address)).await;
            is_problem(&seen, 401, "signed_out");
            for cookie in [other.clone(), other.replace("t001.", "t000."), "t000.x".to_owned()] {
                let foreign = Browser::at(&world, "t000.localhost");
                foreign.set_cookie(SESSION, &cookie);
                let found = foreign.get(address).await;
                assert_eq!((found.status, found.stable_text()), (401, seen.stable_text()), "{address}");
            }
            let page = nobody.send(nobody.request(&http::Method::GET, address).header("accept", "text/html")).await;
            is_problem(&page, 401, "signed_out");
        }
    });
}

#[test]
fn an_upstream_that_fails_is_told_as_a_problem_and_never_shown() {
    run(async {
        let world = marked(5).await;
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let case = ask(&browser, "/api/v1/cases").await["items"][0]["id"].as_str().unwrap().to_owned();
        let site = world.sites.values().next().unwrap();
        for (failure, status, kind) in [
            (Failure::Maintenance, 503, "maintenance"),
            (Failure::Html, 502, "upstream"),
            (Failure::Traceback, 502, "upstream"),
            (Failure::Dead, 502, "upstream"),
        ] {
            site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: failure.clone() }));
            for address in ["/api/v1/dashboard", "/api/v1/cases", "/api/v1/hearings", &format!("/api/v1/cases/{case}")] {
                let seen = browser.get(address).await;
                is_problem(&seen, status, kind);
                for text in ["Welcome", "Server Error", "SessionStopped", "frappe", "Traceback", "127.0.0.1"] {
                    assert!(!seen.text.contains(text), "{failure:?} {address}: {text}");
                }
            }
            // Who somebody is, the portal knows by itself.
            ask(&browser, "/api/v1/me").await;
        }
    });
}
