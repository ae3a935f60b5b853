//! What is another scope's, another institution's and nobody's is one and the same, to whoever counts, compares or measures. Alone in its
//! program: calls are counted for the whole process.
//!
//! Must not know how anything is looked up.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use http::Method;
use odr_portal::{
    cli::demo::{Plan, SignInPerson, World},
    demo::{
        frappe::Knob,
        portfolio::{InstitutionSpec, small_institution},
    },
    model::{Permission, RowLimit},
};
use serde_json::Value;

use crate::{
    browser::{Browser, Seen, run, unlimited, who_work},
    upstream,
};

/// Addresses by a case's name. Those of pages that are there with or without it are left out: their other parts tell the time, and the
/// part that names it is asked for by its function.
const BY_CASE: [&str; 21] = [
    "/cases/{}",
    "/cases/{}/service",
    "/cases/{}/documents",
    "/cases/{}/audit",
    "/api/cases/show?id={}",
    "/api/cases/glance?id={}",
    "/api/cases/service?id={}",
    "/api/cases/particulars?id={}",
    "/api/cases/clocks?id={}",
    "/api/cases/tasks?id={}",
    "/api/cases/tasks?id={}&every=true",
    "/api/cases/timeline?id={}",
    "/api/cases/hearings?id={}",
    "/api/cases/documents?id={}",
    "/api/cases/money?id={}",
    "/api/cases/tribunal?id={}",
    "/api/cases/audit?id={}",
    "/api/v1/cases/{}",
    "/cases/{}/reveal/{particular}",
    "POST /cases/{}/reveal/{particular}",
    "/api/cases/document?id={}&doc={document}",
];
/// Addresses by a document's name; the case is one that the person may see.
const BY_DOCUMENT: [&str; 4] =
    ["/documents/{}/content", "/documents/{}/content?download=1", "/api/v1/documents/{}/content", "/api/cases/document?id={case}&doc={}"];
/// Addresses by a particular's name.
const BY_PARTICULAR: [&str; 2] = ["/cases/{case}/reveal/{}", "POST /cases/{case}/reveal/{}"];
/// How often each is asked for.
const TIMES: usize = 5;
/// What each call upstream takes at least: a call more or less is then most of an answer's time.
const DELAY: Duration = Duration::from_millis(25);

/// What one name is answered with, whoever it belongs to.
#[derive(Debug, PartialEq)]
struct Told {
    status: u16,
    headers: Vec<String>,
    text: String,
    /// Reads at the institution's server; the middle of all tries, since a part that fails may overtake another's question.
    reads: u64,
}

fn told(seen: &Seen, name: &str, reads: u64) -> Told {
    let mut headers: Vec<_> = seen.headers.keys().map(ToString::to_string).collect();
    headers.sort();
    Told { status: seen.status, headers, text: seen.parts(name), reads }
}

async fn ask(browser: &Browser, address: &str) -> Seen {
    match address.strip_prefix("POST ") {
        Some(path) => browser.post(path, &[("purpose", "CONTACT"), ("reason", "")]).await,
        None => browser.send(browser.request(&Method::GET, address).header("sec-fetch-site", "same-origin")).await,
    }
}

fn median<T: Ord + Copy>(values: &mut [T]) -> T {
    values.sort_unstable();
    values[values.len() / 2]
}

fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

/// Somebody who may open documents and reveal values, and does not see every case; with the cases that they see.
async fn narrowed(world: &World, cases: usize) -> (SignInPerson, Browser, Vec<String>) {
    for somebody in who_work(world, "t000") {
        let role = somebody.person.role;
        if !role.allows(Permission::Unmask) || role.case_rows() == RowLimit::All {
            continue;
        }
        let browser = Browser::of(world, somebody).await;
        let listed = browser.get("/api/cases/list").await.listed();
        let own: Vec<_> = listed["rows"].as_array().unwrap().iter().map(|row| text(row, "id").to_owned()).collect();
        if !own.is_empty() && own.len() < cases {
            return (somebody.clone(), browser, own);
        }
    }
    panic!("nobody sees some cases and not all");
}

#[test]
fn what_is_anothers_and_what_is_nobodys_cannot_be_told_apart() {
    run(async {
        let plan = Plan {
            specs: (0..2).map(|index| InstitutionSpec { cases: 40, ..small_institution(index) }).collect(),
            site_root: "public".to_owned(),
            // Read once, so that no answer is the one that reads it.
            principal_fresh: Duration::from_secs(3600),
            entry: unlimited,
            ..Plan::default()
        };
        let world = World::start(plan).await.unwrap();
        let rows = async |institution: &str, doctype: &str| upstream::rows(&world, institution, doctype, &["name", "case_ref"]).await;
        let cases = upstream::rows(&world, "t000", "Arbitration Case", &["name"]).await;
        let foreign_cases = upstream::rows(&world, "t001", "Arbitration Case", &["name"]).await;
        let (person, browser, own) = narrowed(&world, cases.len()).await;
        let role = person.person.role;
        let is_own = |case: &str| own.iter().any(|own| own == case);
        let outside = |rows: &[Value], of: &str| rows.iter().map(|row| text(row, of)).find(|case| !is_own(case)).unwrap().to_owned();
        let name_outside = |rows: &[Value]| {
            text(rows.iter().find(|row| !text(row, "case_ref").is_empty() && !is_own(text(row, "case_ref"))).unwrap(), "name").to_owned()
        };
        let (documents, particulars, hearings) =
            (rows("t000", "Case Document").await, rows("t000", "Party Particular").await, rows("t000", "Case Hearing").await);
        let mut names: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let nobody = || "0000000000".to_owned();
        // A hearing has no address of its own: its name is tried wherever one is taken.
        let hearing = name_outside(&hearings);
        names.insert("case", vec![nobody(), outside(&cases, "name"), text(&foreign_cases[0], "name").to_owned(), hearing.clone()]);
        let foreign = text(&rows("t001", "Case Document").await[0], "name").to_owned();
        names.insert("document", vec![nobody(), name_outside(&documents), foreign, hearing.clone()]);
        let foreign = text(&rows("t001", "Party Particular").await[0], "name").to_owned();
        names.insert("particular", vec![nobody(), name_outside(&particulars), foreign, hearing]);

        let reads = || world.sites.values().map(|site| site.reads()).sum::<u64>();
        for site in world.sites.values() {
            site.knobs().set_for("api@t000.example", Some(Knob::slow(Some(DELAY))));
        }
        // What a session asks for at its first pages (its zone, what waits, where the trail had come to) is nobody's case's.
        for _ in 0..TIMES {
            for name in &names["case"] {
                ask(&browser, &format!("/cases/{name}")).await;
            }
        }
        let patterns = [("case", &BY_CASE[..]), ("document", &BY_DOCUMENT[..]), ("particular", &BY_PARTICULAR[..])];
        for (kind, pattern) in patterns.into_iter().flat_map(|(kind, patterns)| patterns.iter().map(move |pattern| (kind, *pattern))) {
            let names = &names[kind];
            let address = |name: &str| {
                let filled = pattern.replace("{case}", &own[0]).replace("{particular}", text(&particulars[0], "name"));
                filled.replace("{document}", text(&documents[0], "name")).replace("{}", name)
            };
            let mut answers: Vec<Option<Told>> = names.iter().map(|_| None).collect();
            let mut counts = vec![Vec::new(); names.len()];
            let mut times = vec![Vec::new(); names.len()];
            // One after the other and in turn: whatever else the machine does, it does to all of them.
            for _ in 0..TIMES {
                for (index, name) in names.iter().enumerate() {
                    let (before, began) = (reads(), Instant::now());
                    let seen = ask(&browser, &address(name)).await;
                    times[index].push(began.elapsed());
                    counts[index].push(reads() - before);
                    let now = told(&seen, name, 0);
                    let first = answers[index].get_or_insert_with(|| told(&seen, name, 0));
                    assert_eq!(*first, now, "{role:?} {pattern} {name}: twice the same");
                }
            }
            let mut answers: Vec<Told> = answers.into_iter().flatten().collect();
            for (answer, counts) in answers.iter_mut().zip(&mut counts) {
                answer.reads = median(counts);
            }
            // The quickest of each: a busy machine only ever adds.
            let quickest: Vec<Duration> = times.iter().map(|times| *times.iter().min().unwrap()).collect();
            for (answer, name) in answers.iter().zip(names) {
                assert_eq!(*answer, answers[0], "{role:?} {pattern} {name}");
            }
            let (fastest, slowest) = (quickest.iter().min().unwrap(), quickest.iter().max().unwrap());
            assert!(*slowest < *fastest * 5 / 2, "{role:?} {pattern}: {quickest:?}");
            assert_eq!(answers[0].status, 404, "{role:?} {pattern}");
        }
    });
}
