//! The case list as a file over the simulated upstream: exactly what the list shows, for who may take it, recorded first, and
//! never cut off in silence.
//!
//! Must not know how a file is written.

use std::{io::Read as _, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
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
    browser::{self, Browser, metric, person, run, unlimited},
    upstream,
};

async fn world(cases: usize) -> World {
    let specs = institutions().into_iter().take(1).collect();
    let mut world = World::start(Plan { specs, cases: Some(cases), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() })
        .await
        .unwrap();
    upstream::administer(&mut world);
    world
}

/// The file's rows: headings, cases, sums, an empty line, the watermark.
async fn file(browser: &Browser, query: &str) -> Vec<Vec<String>> {
    let answer = browser.get(&format!("/cases/export?format=csv&{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    let text = answer.text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Every row of the list, page after page.
async fn list(browser: &Browser, query: &str) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), String::new());
    loop {
        let position = url::form_urlencoded::Serializer::new(String::new()).append_pair("after", &after).finish();
        let page = browser.get(&format!("/api/cases/list?{query}&cols=respondent.due.owner&{position}")).await.listed();
        rows.extend(page["rows"].as_array().unwrap().iter().cloned());
        match page["pages"]["after"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => return rows,
        }
    }
}

async fn trail(world: &World, institution: &str) -> Vec<Value> {
    let fields = ["actor", "action", "kind", "result", "reason_code", "row_total", "request_id", "payload"];
    upstream::rows(world, institution, "Portal Audit Event", &fields).await
}

#[test]
fn the_file_is_the_list_and_says_who_took_it() {
    run(async {
        let world = world(450).await;
        for (who, query) in [
            ("legal.head", ""),
            ("legal.head", "q=stage%3Ahearing&sort=-dues"),
            ("legal.manager", "sort=number"),
            ("tenant.admin", "q=product%3Apl"),
        ] {
            let browser = Browser::of(&world, person(&world, "banyan", who)).await;
            let (rows, listed) = (file(&browser, query).await, list(&browser, query).await);
            assert!(listed.len() > 5, "{who} {query}");
            assert_eq!(rows.len(), listed.len() + 4, "{who} {query}: headings, cases, sums, an empty line and the watermark");
            for (row, shown) in rows[1..].iter().zip(&listed) {
                assert_eq!(row[0], shown["number"].as_str().unwrap());
                assert_eq!(row[2], shown["lan"].as_str().unwrap());
                assert_eq!(row[3].trim_start_matches('\''), shown["respondent"].as_str().unwrap_or_default());
                assert_eq!(row[16], shown["legal_owner"].as_str().unwrap());
                let due = Day::parse(&row[14]).map(Day::long);
                assert_eq!(due.as_deref(), shown["next_due"].as_str());
            }
            let totals = browser.get(&format!("/api/cases/totals?{query}")).await.json();
            let sums = &rows[rows.len() - 3];
            let paise = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
            assert_eq!(sums[0], format!("Total of {} cases", listed.len()));
            assert_eq!((json!(paise(&sums[9])), json!(paise(&sums[10]))), (totals["claim"].clone(), totals["dues"].clone()));
            let watermark = rows.last().unwrap().join(" ");
            assert!(watermark.contains(&format!("Taken by {who}@banyan.example")) && watermark.contains("Banyan Demo Bank"), "{watermark}");
        }
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let chosen = file(&browser, "q=stage%3Aaward&cols=number.dues.owner").await;
        assert_eq!(chosen[0], ["Number", "Draft", "Loan account", "Dues (INR)", "Legal owner"]);
        let exports: Vec<_> = trail(&world, "banyan").await.into_iter().filter(|row| row["kind"] == "EXPORT").collect();
        assert_eq!(exports.len(), 5);
        let what = |row: &Value| String::from_utf8(STANDARD.decode(row["payload"].as_str().unwrap()).unwrap()).unwrap();
        let filtered = exports.iter().find(|row| what(row).contains(r#""filters":["stage:hearing"]"#)).unwrap();
        assert!(filtered["row_total"].as_u64().unwrap() > 5 && filtered["action"] == "case.export", "{filtered}");
    });
}

#[test]
fn a_workbook_has_the_same_rows() {
    run(async {
        let world = world(120).await;
        let browser = Browser::of(&world, person(&world, "banyan", "finance")).await;
        let answer = browser.bytes("/cases/export?format=xlsx&sort=number").await;
        assert!(answer.0.get("content-disposition").unwrap().to_str().unwrap().starts_with("attachment; filename=\"cases-banyan-"));
        assert_eq!(answer.0.get("content-encoding").unwrap(), "gzip");
        let mut workbook = Vec::new();
        flate2::read::GzDecoder::new(answer.1.as_slice()).read_to_end(&mut workbook).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
        let mut sheet = String::new();
        archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
        let rows = file(&browser, "sort=number").await;
        assert_eq!(sheet.matches("<row ").count(), rows.len(), "{}", rows.len());
        for row in &rows[1..rows.len() - 3] {
            assert!(sheet.contains(&format!(">{}</t>", row[0])), "{row:?}");
        }
    });
}

#[test]
fn who_may_not_export_or_not_so_much_gets_nothing_and_is_noted() {
    run(async {
        let world = world(1_100).await;
        let everywhere = json!({"zones": "", "regions": "", "branches": "", "products": "", "assigned_only": 0});
        upstream::change_portal_user(&world, person(&world, "banyan", "collections"), &everywhere).await;
        for (who, status) in [("viewer", 403), ("branch.user", 403), ("legal.manager", 200), ("collections", 422)] {
            let browser = Browser::of(&world, person(&world, "banyan", who)).await;
            let matching = browser.get("/api/cases/totals").await.json()["cases"].as_u64().unwrap();
            let answer = browser.get("/cases/export?format=csv").await;
            assert_eq!(answer.status, status, "{who} of {matching}: {}", &answer.text[..300.min(answer.text.len())]);
            assert_eq!(browser.get("/api/cases/list").await.listed()["exportable"], status != 403, "{who}");
            if status == 422 {
                assert!(matching > 1_000 && answer.text.contains("which is 1,000") && !answer.text.contains("ARB/"), "{}", answer.text);
                let narrow = browser.get("/cases/export?format=csv&q=stage%3Ahearing+product%3Apl").await;
                assert_eq!(narrow.status, 200);
            }
        }
        browser::until("the refusal's record", async || {
            trail(&world, "banyan").await.iter().any(|row| row["reason_code"] == "ROWS" && row["kind"] == "DENIED")
        })
        .await;
        let head = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        assert_eq!(head.get("/cases/export?format=csv&q=stage%3Anonsense").await.status, 422, "what is not understood is not left out");
        assert_eq!(head.get("/cases/export?format=doc").await.status, 400);
        assert_eq!(Browser::at(&world, "banyan.localhost").get("/cases/export?format=csv").await.status, 401);
    });
}

#[test]
fn no_row_of_another_institution_is_taken_away() {
    run(async {
        let specs = (0..2).map(|index| InstitutionSpec { cases: 60, ..small_institution(index) }).collect();
        let world = World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap();
        let browser = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let whole = browser.get("/cases/export?format=csv").await.text;
        assert!(whole.contains("MARK-t000") && !whole.contains("MARK-t001"));
        for site in world.sites.values() {
            site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        }
        let dropped = metric(&world, "portal_isolation_violations_total").await;
        let answer = browser.get("/cases/export?format=csv").await.text;
        assert!(!answer.contains("MARK-t001"), "{answer}");
        assert!(metric(&world, "portal_isolation_violations_total").await > dropped);
    });
}

#[test]
fn an_export_that_cannot_be_finished_breaks_off() {
    run(async {
        let world = world(900).await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let mood = |delay, failure: &Failure| {
            for site in world.sites.values() {
                site.knobs().set_for("api@banyan.example", Some(Knob { delay, failure: failure.clone() }));
            }
        };
        // Slow, so that the rest has not been read when the first rows arrive.
        let slow = Duration::from_millis(200);
        mood(Some((slow, slow)), &Failure::Sound);
        let (seen, whole) = browser.interrupted("/cases/export?format=csv", async || mood(None, &Failure::Html)).await;
        assert!(!whole && seen.contains("Number") && !seen.contains("Taken by"), "{whole}: {seen}");
    });
}

#[test]
fn an_export_ends_with_its_session_its_persons_membership_or_its_institution() {
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Meanwhile {
        Nothing,
        SignedOutElsewhere,
        Disabled,
        Suspended,
    }
    run(async {
        let specs = institutions().into_iter().take(1).collect();
        let plan = Plan {
            specs,
            cases: Some(1_700),
            sync_seconds: 1,
            // A person's record counts for no longer than one piece.
            principal_fresh: Duration::ZERO,
            site_root: "public".to_owned(),
            entry: unlimited,
            ..Plan::default()
        };
        let mut world = World::start(plan).await.unwrap();
        upstream::administer(&mut world);
        let head = person(&world, "banyan", "legal.head");
        let record = upstream::portal_user(&world, head).await["name"].as_str().unwrap().to_owned();
        let slow = |delay: Option<Duration>| {
            world.sites.values().for_each(|site| site.knobs().set_for("api@banyan.example", Some(Knob::slow(delay))));
        };
        for meanwhile in [Meanwhile::Nothing, Meanwhile::SignedOutElsewhere, Meanwhile::Disabled, Meanwhile::Suspended] {
            let (browser, elsewhere) = (Browser::of(&world, head).await, Browser::of(&world, head).await);
            // Five pieces, each of two calls: what happens after the first is in force before the last.
            slow(Some(Duration::from_millis(500)));
            let then = async || match meanwhile {
                Meanwhile::Nothing => {}
                Meanwhile::SignedOutElsewhere => assert_eq!(elsewhere.post("/sign-out/everywhere", &[]).await.status, 303),
                Meanwhile::Disabled => upstream::change(&world, "Portal User", &record, &json!({"active": 0})).await,
                Meanwhile::Suspended => drop(world.catalog.suspend("banyan").unwrap()),
            };
            let (seen, whole) = browser.interrupted("/cases/export?format=csv", then).await;
            slow(None);
            assert_eq!(whole, meanwhile == Meanwhile::Nothing, "{meanwhile:?}");
            assert_eq!(seen.contains("Taken by"), whole, "{meanwhile:?}");
            let rows = seen.lines().filter(|line| line.contains("ARB/")).count();
            assert!(rows >= 100 && (whole || rows <= 4 * 400), "{meanwhile:?}: {rows} rows");
            if meanwhile == Meanwhile::Disabled {
                upstream::change(&world, "Portal User", &record, &json!({"active": 1})).await;
            }
        }
    });
}
