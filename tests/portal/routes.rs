//! Every route against every kind of caller that it must tell apart: the table is the specification, and a route without
//! its row fails.
//!
//! Must not know how a refusal comes about, only what arrives.

mod rows;

use http::Method;
use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::small_institution,
    router,
};
use rows::{ROWS, Row};

use crate::browser::{Browser, PENDING, SESSION, Seen, metric, person, run, unlimited, until};

const WRONG_ORIGINS: [&[(&str, &str)]; 6] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site"), ("origin", "http://t001.localhost")],
    &[("origin", "http://t001.localhost")],
    &[("origin", "http://evil.example")],
    &[("origin", "null")],
    &[],
];

async fn ask(browser: &Browser, row: &Row, headers: &[(&str, &str)]) -> Seen {
    let method = row.method.parse::<Method>().unwrap();
    let mut request = browser.request(&method, row.address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if method == Method::POST {
        request = request.header("content-type", "application/x-www-form-urlencoded").body("");
    }
    browser.send(request).await
}

const HERE: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];

async fn three_institutions() -> World {
    let plan = Plan {
        specs: (0..3).map(small_institution).collect(),
        sync_seconds: 1,
        site_root: "public".to_owned(),
        entry: unlimited,
        ..Plan::default()
    };
    World::start(plan).await.unwrap()
}

#[test]
fn every_route_answers_every_kind_of_caller_as_its_row_says() {
    run(async {
        let world = three_institutions().await;
        world.catalog.suspend("t002").unwrap();
        let suspended = Browser::at(&world, "t002.localhost");
        until("the suspension is in force", async || suspended.get("/sign-in").await.status == 403).await;
        let other = Browser::of(&world, person(&world, "t001", "legal.head")).await.cookie(SESSION).unwrap();
        let counted = metric(&world, "portal_wrong_tenant_session_total").await;

        let mut wrong = Vec::new();
        for row in ROWS {
            let mut check = |caller: &str, expected: &str, found: &Seen| {
                if found.shape() != expected {
                    wrong.push(format!("{} {} {caller}: expected {expected}, found {}", row.method, row.address, found.shape()));
                }
            };
            let nobody = ask(&Browser::at(&world, "t000.localhost"), row, HERE).await;
            check("nobody", row.nobody, &nobody);

            let foreign = Browser::at(&world, "t000.localhost");
            foreign.set_cookie(SESSION, &other);
            let foreign = ask(&foreign, row, HERE).await;
            check("another institution's session", row.nobody, &foreign);
            // A function's answer may tell the time; nothing else may differ.
            assert_eq!(foreign.stable_text(), nobody.stable_text(), "{} {}", row.method, row.address);
            assert_eq!(header_names(&foreign), header_names(&nobody), "{} {}", row.method, row.address);

            let signed_in = Browser::of(&world, person(&world, "t000", "legal.head")).await;
            for headers in WRONG_ORIGINS {
                check("wrong origin", row.wrong_origin, &ask(&Browser::at(&world, "t000.localhost"), row, headers).await);
                if row.wrong_origin.starts_with("403") {
                    check("wrong origin with a session", row.wrong_origin, &ask(&signed_in, row, headers).await);
                }
            }
            check("signed in", row.signed_in, &ask(&signed_in, row, HERE).await);
            check("unknown host", row.unknown_host, &ask(&Browser::at(&world, "nobody.localhost"), row, HERE).await);
            check("suspended", row.suspended, &ask(&suspended, row, HERE).await);
        }
        assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
        // Files know no tenant; everything else has seen the other institution's cookie.
        let files = ROWS.iter().filter(|row| row.unknown_host == row.nobody).count();
        let seen = metric(&world, "portal_wrong_tenant_session_total").await - counted;
        // The recorder is the process's: other tests count too.
        assert!(seen >= (ROWS.len() - files) as f64, "{seen}");
    });
}

fn header_names(seen: &Seen) -> Vec<String> {
    seen.headers.keys().map(ToString::to_string).collect()
}

#[test]
fn every_route_has_its_row_and_every_row_its_route() {
    run(async {
        let routes: Vec<(String, String)> = router::endpoints().into_iter().map(|(method, path)| (path, method.to_string())).collect();
        let mut rows: Vec<(String, String)> = ROWS.iter().map(|row| (row.pattern.to_owned(), row.method.to_owned())).collect();
        rows.sort();
        assert_eq!(rows, routes);
        let text: Vec<String> = routes.iter().map(|(path, method)| format!("{method} {path}")).collect();
        insta::assert_snapshot!("endpoints", text.join("\n"));
    });
}

#[test]
fn what_is_refused_before_any_institution_names_nobody_and_reflects_nothing() {
    run(async {
        let world = three_institutions().await;
        for host in ["nobody.localhost", "canary-host.evil.example"] {
            for path in ["/sign-in", "/cases", "/api/cases/list", "/api/v1/cases", "/api/v1/nowhere", "/brand.css", "/nowhere"] {
                let seen = Browser::at(&world, host).get(path).await;
                assert_eq!(seen.status, 404, "{host}{path}");
                assert!(!seen.text.contains("MARK-") && !seen.text.contains("canary-host"), "{}", seen.text);
                assert!(!seen.headers.contains_key("set-cookie"));
            }
        }
    });
}

#[test]
fn a_half_done_sign_in_and_a_session_open_nothing_at_another_institution() {
    run(async {
        let world = three_institutions().await;
        let own = person(&world, "t001", "legal.head");
        let one = Browser::at(&world, &own.host);
        one.type_password(&own.user.user_id, &own.user.password).await;
        let pending = one.cookie(PENDING).unwrap();
        for value in [pending.clone(), pending.replace("t001.", "t000.")] {
            let there = Browser::at(&world, "t000.localhost");
            there.set_cookie(PENDING, &value);
            assert!(!there.get("/sign-in").await.text.contains("One-time code"));
            assert_ne!(there.type_code(own).await.location(), "/cases");
            assert!(!there.is_in().await);
        }
        one.sign_in(own).await;
        let session = one.cookie(SESSION).unwrap();
        for value in [session.clone(), session.replace("t001.", "t000.")] {
            let there = Browser::at(&world, "t000.localhost");
            there.set_cookie(SESSION, &value);
            assert!(!there.is_in().await);
        }
        assert!(one.is_in().await);
    });
}
