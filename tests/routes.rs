//! Every route against every kind of caller that it must tell apart: the table is the specification, and a route without
//! its row fails.
//!
//! Must not know how a refusal comes about, only what arrives.

#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a black-box test stops where its set-up fails")]

#[path = "support/browser.rs"]
mod browser;

use browser::{Browser, PENDING, SESSION, Seen, metric, person, run, unlimited, until};
use http::Method;
use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::small_institution,
    router,
};

/// A route, an address of it, and what arrives.
struct Row {
    method: &'static str,
    pattern: &'static str,
    address: &'static str,
    /// Without a session; with another institution's the very same.
    nobody: &'static str,
    signed_in: &'static str,
    wrong_origin: &'static str,
    unknown_host: &'static str,
    suspended: &'static str,
}

const PAGE: Row = Row {
    method: "GET",
    pattern: "",
    address: "",
    nobody: "303 -> /sign-in",
    signed_in: "200 text/html",
    // A page may be linked to from anywhere.
    wrong_origin: "303 -> /sign-in",
    unknown_host: "404 There is nothing at this address",
    suspended: "403 Access is suspended",
};
const FUNCTION: Row = Row {
    nobody: "401 signed_out",
    signed_in: "200 application/json",
    wrong_origin: "403 wrong_origin",
    unknown_host: "404 not_found",
    suspended: "403 suspended",
    ..PAGE
};
/// Of the JSON API: read from anywhere that holds the cookie, and every refusal a problem.
const JSON: Row = Row {
    nobody: "401 application/problem+json",
    signed_in: "200 application/json",
    wrong_origin: "401 application/problem+json",
    unknown_host: "404 application/problem+json",
    suspended: "403 application/problem+json",
    ..PAGE
};
const FORM: Row =
    Row { method: "POST", nobody: "303 -> /sign-in", signed_in: "303 -> /sign-in", wrong_origin: "403 This is not allowed", ..PAGE };
/// Sent for a view that is nobody's, which is what anybody else's is too.
const FORM_OF_VIEW: Row = Row { nobody: "401 You are signed out", signed_in: "404 There is nothing at this address", ..FORM };
/// Nobody's in particular: without tenant, cookie or origin.
const FILE: Row = Row {
    nobody: "200 image/svg+xml",
    signed_in: "200 image/svg+xml",
    wrong_origin: "200 image/svg+xml",
    unknown_host: "200 image/svg+xml",
    suspended: "200 image/svg+xml",
    ..PAGE
};
const fn file(kind: &'static str) -> Row {
    Row { nobody: kind, signed_in: kind, wrong_origin: kind, unknown_host: kind, suspended: kind, ..FILE }
}
const fn at(pattern: &'static str, row: Row) -> Row {
    Row { pattern, address: pattern, ..row }
}

/// A section's first page: signing in leads back to it.
const fn section(nobody: &'static str) -> Row {
    Row { nobody, wrong_origin: nobody, ..PAGE }
}

/// Asked for a case that is nobody's, which is what anybody else's case is too.
const fn of_case(pattern: &'static str, address: &'static str) -> Row {
    Row { pattern, address, signed_in: "404 not_found", ..FUNCTION }
}
const fn page_of_case(pattern: &'static str, address: &'static str, nobody: &'static str) -> Row {
    Row { pattern, address, nobody, wrong_origin: nobody, signed_in: "404 There is no such case", ..PAGE }
}

const ROWS: &[Row] = &[
    at("/", PAGE),
    at("/api/approvals/list", FUNCTION),
    at("/api/audit/list", FUNCTION),
    of_case("/api/cases/audit", "/api/cases/audit?id=0000000000"),
    of_case("/api/cases/clocks", "/api/cases/clocks?id=0000000000"),
    of_case("/api/cases/deeds", "/api/cases/deeds?id=0000000000"),
    of_case("/api/cases/document", "/api/cases/document?id=0000000000&doc=0000000000"),
    of_case("/api/cases/documents", "/api/cases/documents?id=0000000000"),
    at("/api/cases/find", FUNCTION),
    of_case("/api/cases/glance", "/api/cases/glance?id=0000000000"),
    of_case("/api/cases/hearings", "/api/cases/hearings?id=0000000000"),
    at("/api/cases/list", FUNCTION),
    of_case("/api/cases/money", "/api/cases/money?id=0000000000"),
    of_case("/api/cases/particulars", "/api/cases/particulars?id=0000000000"),
    of_case("/api/cases/service", "/api/cases/service?id=0000000000"),
    of_case("/api/cases/show", "/api/cases/show?id=0000000000"),
    of_case("/api/cases/tasks", "/api/cases/tasks?id=0000000000"),
    of_case("/api/cases/timeline", "/api/cases/timeline?id=0000000000"),
    at("/api/cases/totals", FUNCTION),
    of_case("/api/cases/tribunal", "/api/cases/tribunal?id=0000000000"),
    at("/api/dashboard/clocks", FUNCTION),
    at("/api/dashboard/hearings", FUNCTION),
    at("/api/dashboard/moves", FUNCTION),
    at("/api/dashboard/portfolio", FUNCTION),
    at("/api/dashboard/queue", FUNCTION),
    at("/api/dashboard/stages", FUNCTION),
    at("/api/dashboard/throughput", FUNCTION),
    at("/api/documents/list", FUNCTION),
    at("/api/frame/show", FUNCTION),
    at("/api/hearings/diary", FUNCTION),
    Row { address: "/api/portfolio/panel?panel=products", ..at("/api/portfolio/panel", FUNCTION) },
    at("/api/session/stay", Row { method: "POST", ..FUNCTION }),
    at("/api/sign-in/show", Row { nobody: "200 application/json", ..FUNCTION }),
    at("/api/v1/cases", JSON),
    Row { pattern: "/api/v1/cases/{id}", address: "/api/v1/cases/0000000000", signed_in: "404 application/problem+json", ..JSON },
    at("/api/v1/dashboard", JSON),
    Row {
        pattern: "/api/v1/documents/{id}/content",
        address: "/api/v1/documents/0000000000/content",
        signed_in: "404 application/problem+json",
        ..JSON
    },
    at("/api/v1/hearings", JSON),
    at("/api/v1/me", JSON),
    at("/api/v1/openapi.json", JSON),
    at("/approvals", section("303 -> /sign-in?next=%2Fapprovals")),
    Row {
        pattern: "/approvals/{id}",
        address: "/approvals/0000000000",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fapprovals%2F0000000000")
    },
    Row { pattern: "/approvals/{id}", address: "/approvals/0000000000", ..FORM_OF_VIEW },
    at("/audit", section("303 -> /sign-in?next=%2Faudit")),
    Row {
        nobody: "401 You are signed out",
        signed_in: "200 text/csv",
        wrong_origin: "401 You are signed out",
        ..at("/audit/export", PAGE)
    },
    at("/brand.css", Row { nobody: "200 text/css", signed_in: "200 text/css", wrong_origin: "200 text/css", ..PAGE }),
    Row {
        nobody: "404 There is nothing at this address",
        signed_in: "404 There is nothing at this address",
        wrong_origin: "404 There is nothing at this address",
        ..at("/calendar.ics", PAGE)
    },
    at("/cases", section("303 -> /sign-in?next=%2Fcases")),
    at("/cases/bulk", section("303 -> /sign-in?next=%2Fcases%2Fbulk")),
    // Sent for no case.
    at("/cases/bulk", Row { nobody: "401 You are signed out", signed_in: "422 Act on several cases", ..FORM }),
    at("/cases/columns", Row { nobody: "303 -> /cases", signed_in: "303 -> /cases", ..FORM }),
    Row {
        address: "/cases/export?format=csv",
        nobody: "401 You are signed out",
        signed_in: "200 text/csv",
        wrong_origin: "401 You are signed out",
        ..at("/cases/export", PAGE)
    },
    Row {
        signed_in: "403 This is not allowed",
        nobody: "303 -> /sign-in?next=%2Fcases%2Fnew",
        wrong_origin: "303 -> /sign-in?next=%2Fcases%2Fnew",
        ..at("/cases/new", PAGE)
    },
    at("/cases/new", Row { nobody: "401 You are signed out", signed_in: "403 This is not allowed", ..FORM }),
    page_of_case("/cases/{id}", "/cases/0000000000", "303 -> /sign-in?next=%2Fcases%2F0000000000"),
    Row {
        signed_in: "404 There is nothing at this address",
        ..page_of_case("/cases/{id}/do/{deed}", "/cases/0000000000/do/hold", "303 -> /sign-in?next=%2Fcases%2F0000000000%2Fdo%2Fhold")
    },
    Row {
        pattern: "/cases/{id}/do/{deed}",
        address: "/cases/0000000000/do/hold",
        nobody: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..FORM
    },
    Row {
        pattern: "/cases/{id}/documents.zip",
        address: "/cases/0000000000/documents.zip",
        nobody: "401 You are signed out",
        wrong_origin: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..PAGE
    },
    Row {
        signed_in: "404 There is nothing at this address",
        ..page_of_case(
            "/cases/{id}/documents/new",
            "/cases/0000000000/documents/new",
            "303 -> /sign-in?next=%2Fcases%2F0000000000%2Fdocuments%2Fnew",
        )
    },
    Row {
        pattern: "/cases/{id}/documents/new",
        address: "/cases/0000000000/documents/new",
        nobody: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..FORM
    },
    Row {
        signed_in: "404 There is nothing at this address",
        ..page_of_case(
            "/cases/{id}/reveal/{particular}",
            "/cases/0000000000/reveal/0000000000",
            "303 -> /sign-in?next=%2Fcases%2F0000000000%2Freveal%2F0000000000",
        )
    },
    Row {
        pattern: "/cases/{id}/reveal/{particular}",
        address: "/cases/0000000000/reveal/0000000000",
        nobody: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..FORM
    },
    page_of_case("/cases/{id}/{part}", "/cases/0000000000/money", "303 -> /sign-in?next=%2Fcases%2F0000000000%2Fmoney"),
    at("/documents", Row { nobody: "303 -> /sign-in?next=%2Fdocuments", wrong_origin: "303 -> /sign-in?next=%2Fdocuments", ..PAGE }),
    Row {
        pattern: "/documents/{id}/content",
        address: "/documents/0000000000/content",
        nobody: "401 You are signed out",
        wrong_origin: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..PAGE
    },
    at("/favicon.svg", FILE),
    Row { pattern: "/fonts/{*path}", address: "/fonts/inter-latin-5.woff2", ..file("200 font/woff2") },
    at("/find", section("303 -> /sign-in?next=%2Ffind")),
    at("/hearings", section("303 -> /sign-in?next=%2Fhearings")),
    at("/hearings/cause-list", section("303 -> /sign-in?next=%2Fhearings%2Fcause-list")),
    at("/hearings/feeds", section("303 -> /sign-in?next=%2Fhearings%2Ffeeds")),
    at("/hearings/feeds", Row { nobody: "401 You are signed out", signed_in: "400 This request was not carried out", ..FORM }),
    Row {
        pattern: "/hearings/feeds/{id}/revoke",
        address: "/hearings/feeds/0000000000/revoke",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fhearings%2Ffeeds%2F0000000000%2Frevoke")
    },
    Row { pattern: "/hearings/feeds/{id}/revoke", address: "/hearings/feeds/0000000000/revoke", ..FORM_OF_VIEW },
    at("/icons.svg", FILE),
    at("/keys", section("303 -> /sign-in")),
    at("/people", section("303 -> /sign-in?next=%2Fpeople")),
    // A head decides on people and prepares nothing.
    at("/people/new", Row { signed_in: "403 This is not allowed", ..section("303 -> /sign-in?next=%2Fpeople%2Fnew") }),
    at("/people/new", Row { nobody: "401 You are signed out", signed_in: "403 This is not allowed", ..FORM }),
    Row {
        pattern: "/people/{id}",
        address: "/people/0000000000",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fpeople%2F0000000000")
    },
    Row {
        pattern: "/people/{id}/do/{deed}",
        address: "/people/0000000000/do/disable",
        signed_in: "403 This is not allowed",
        ..section("303 -> /sign-in?next=%2Fpeople%2F0000000000%2Fdo%2Fdisable")
    },
    Row {
        pattern: "/people/{id}/do/{deed}",
        address: "/people/0000000000/do/disable",
        nobody: "401 You are signed out",
        signed_in: "403 This is not allowed",
        ..FORM
    },
    Row { pattern: "/pkg/{*path}", address: "/pkg/nothing.js", ..file("404") },
    at("/portfolio", section("303 -> /sign-in?next=%2Fportfolio")),
    at("/robots.txt", file("200 text/plain")),
    at("/settings", section("303 -> /sign-in?next=%2Fsettings")),
    Row {
        pattern: "/settings/rules/{notice}",
        address: "/settings/rules/S21",
        ..section("303 -> /sign-in?next=%2Fsettings%2Frules%2FS21")
    },
    // A head approves rules and proposes none.
    Row {
        pattern: "/settings/rules/{notice}/new",
        address: "/settings/rules/S21/new",
        signed_in: "403 This is not allowed",
        ..section("303 -> /sign-in?next=%2Fsettings%2Frules%2FS21%2Fnew")
    },
    Row {
        pattern: "/settings/rules/{notice}/new",
        address: "/settings/rules/S21/new",
        nobody: "401 You are signed out",
        signed_in: "403 This is not allowed",
        ..FORM
    },
    at("/sign-in", Row { nobody: "200 text/html", signed_in: "303 -> /", wrong_origin: "200 text/html", ..PAGE }),
    at("/sign-in", FORM),
    at("/sign-in/code", FORM),
    at("/sign-in/restart", FORM),
    at("/sign-out", FORM),
    at("/sign-out/everywhere", FORM),
    at("/theme", Row { nobody: "303 -> /", signed_in: "303 -> /", ..FORM }),
    at("/upload.js", file("200 text/javascript")),
    at("/views/new", section("303 -> /sign-in?next=%2Fviews%2Fnew")),
    // Of no form that the portal has shown.
    at("/views/new", Row { nobody: "401 You are signed out", signed_in: "400 This request was not carried out", ..FORM }),
    Row {
        pattern: "/views/{id}",
        address: "/views/0000000000",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fviews%2F0000000000")
    },
    Row { pattern: "/views/{id}", address: "/views/0000000000", ..FORM_OF_VIEW },
    Row {
        pattern: "/views/{id}/delete",
        address: "/views/0000000000/delete",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fviews%2F0000000000%2Fdelete")
    },
    Row { pattern: "/views/{id}/delete", address: "/views/0000000000/delete", ..FORM_OF_VIEW },
];

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
