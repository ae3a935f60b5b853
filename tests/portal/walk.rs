//! Every endpoint and every deed, walked by every role, for what is in its scope, in another scope, in another institution, and nobody's:
//! allowed or refused as the access matrix says, and what one may not see is never told from what is not there.
//!
//! A route or a deed without its row here fails; steps are walked as the table of steps has them. Must not know how a refusal comes about.

mod ways;

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use odr_portal::{
    cli::demo::World,
    model::{Permission, Role, RowLimit},
    router,
    server::casework::work::{self as deeds, Act},
};
use serde_json::{Value, json};

use self::ways::{Of, WAYS, Way};
use crate::{
    browser::{Browser, Seen, run, who_work},
    upstream,
    work::world,
};

/// What everybody may ask for, signed in or not, and what ends or begins a session: `tests/portal/routes.rs` and `tests/portal/sign_in.rs` walk them. Files
/// that come in have files of their own, `tests/portal/uploads.rs` and `tests/portal/filing.rs`; deeds are walked below.
const ELSEWHERE: [(&str, &str); 23] = [
    ("GET", "/brand.css"),
    ("GET", "/calendar.ics"),
    ("GET", "/favicon.svg"),
    ("GET", "/fonts/{*path}"),
    ("GET", "/icons.svg"),
    ("GET", "/pkg/{*path}"),
    ("GET", "/robots.txt"),
    ("GET", "/upload.js"),
    ("GET", "/progress.js"),
    ("GET", "/sign-in"),
    ("GET", "/api/sign-in/show"),
    ("POST", "/api/session/stay"),
    ("POST", "/cases/columns"),
    ("POST", "/cases/{id}/documents/new"),
    ("POST", "/filing/new"),
    ("POST", "/filing/{id}/rejects"),
    ("POST", "/sign-in"),
    ("POST", "/sign-in/code"),
    ("POST", "/sign-in/restart"),
    ("POST", "/sign-out"),
    ("POST", "/sign-out/everywhere"),
    ("POST", "/theme"),
    ("GET", "/cases/{id}/do/{deed}"),
];

/// Deeds that are no steps of the process, and what each takes; those about a record of the case are tried with one that is nobody's. One
/// that is not here fails below.
const DEEDS: [(&str, Permission, bool); 23] = [
    ("catch-up", Permission::Work, false),
    ("check-enforceability", Permission::Work, false),
    ("assign", Permission::Assign, false),
    ("task", Permission::Work, false),
    ("withdraw-document", Permission::ReplaceDocuments, true),
    ("service-finding", Permission::FindService, true),
    ("comment", Permission::Comment, false),
    ("answer-defect", Permission::Cure, true),
    ("edit-draft", Permission::Draft, false),
    ("add-party", Permission::Draft, false),
    ("edit-party", Permission::Address, true),
    ("prepare-hearing", Permission::Prepare, true),
    ("schedule-hearing", Permission::Schedule, false),
    ("move-hearing", Permission::Schedule, true),
    ("cancel-hearing", Permission::Schedule, true),
    ("report-outcome", Permission::ReportOutcome, true),
    ("record-payment", Permission::RecordPayment, false),
    ("confirm-payment", Permission::ConfirmPayment, true),
    ("reverse-payment", Permission::ReversePayment, true),
    ("offer-settlement", Permission::OfferSettlement, false),
    ("withdraw-offer", Permission::OfferSettlement, true),
    ("reject-offer", Permission::OfferSettlement, true),
    ("no-such-deed", Permission::SeeCases, true),
];

/// Names to try, and what each is to somebody.
struct Names {
    /// In the scope of everybody who is asked.
    own: String,
    /// In nobody's scope but those who see every row.
    outside: String,
    foreign: String,
}
const NOBODYS: &str = "0000000000";

fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

/// Puts one case into everybody's scope, and another one out of it.
async fn placed(world: &World, advocate: &str) -> Names {
    let name = async |institution: &str, index: usize| {
        text(&upstream::rows(world, institution, "Arbitration Case", &["name"]).await[index], "name").to_owned()
    };
    let names = Names { own: name("t000", 0).await, outside: name("t000", 1).await, foreign: name("t001", 0).await };
    for (case, zone, panel) in [(&names.own, "WEST", json!(advocate)), (&names.outside, "NORTH", Value::Null)] {
        let change = json!({
            "zone": zone, "advocate": panel, "legal_owner": null, "collections_owner": null, "stage": "S60", "status": "HEARD", "is_open": 1,
        });
        upstream::change(world, "Arbitration Case", case, &change).await;
    }
    names
}

/// Asks with whatever a form sends along when nothing was filled in.
async fn ask(browser: &Browser, method: &str, address: &str) -> Seen {
    if method == "POST" {
        return browser.post(address, &[]).await;
    }
    browser.send(browser.request(&Method::GET, address).header("sec-fetch-site", "same-origin")).await
}

/// One role's walk; what went otherwise than the matrix says.
struct Walk<'a> {
    role: Role,
    browser: &'a Browser,
    wrong: Vec<String>,
}

impl Walk<'_> {
    /// Tries an address with each name.
    async fn tries(&mut self, method: &str, pattern: &str, names: &Names, may: bool) {
        let sees_all = self.role.case_rows() == RowLimit::All;
        let mut unseen: BTreeMap<String, String> = BTreeMap::new();
        for (what, name) in [("own", names.own.as_str()), ("outside", &names.outside), ("foreign", &names.foreign), ("nobody's", NOBODYS)] {
            let seen = ask(self.browser, method, &pattern.replace("{id}", name)).await;
            let is_there = what == "own" || (what == "outside" && sees_all);
            let fits = match (may, is_there) {
                (false, _) => seen.status == 403,
                (true, true) => !matches!(seen.status, 401 | 403 | 404) && seen.status < 500,
                (true, false) => seen.status == 404,
            };
            if !fits {
                self.wrong.push(format!("{:?} {method} {pattern} of {what}: {}", self.role, seen.shape()));
            }
            if !is_there {
                unseen.insert(seen.parts(name), what.to_owned());
            }
        }
        if unseen.len() > 1 {
            self.wrong.push(format!("{:?} {method} {pattern}: {:?} can be told apart", self.role, unseen.values()));
        }
    }
}

#[test]
fn every_role_may_do_what_the_matrix_says_to_what_it_sees_and_to_nothing_else() {
    run(async {
        let world = world().await;
        let people: BTreeMap<&str, _> = who_work(&world, "t000").map(|person| (person.person.role.code(), person)).collect();
        assert_eq!(people.len(), Role::ALL.len(), "somebody of each role works here");
        let counsel = upstream::portal_user(&world, people["ADVOCATE"]).await;
        let names = placed(&world, text(&counsel, "advocate")).await;
        let of_case = async |doctype: &str, case: &str, of: &[(&str, &str)]| {
            let fields: Vec<&str> = ["name", "case_ref"].into_iter().chain(of.iter().map(|(field, _)| *field)).collect();
            let rows = upstream::rows(&world, "t000", doctype, &fields).await;
            let fits = |row: &&Value| text(row, "case_ref") == case && of.iter().all(|(field, value)| text(row, field) == *value);
            text(rows.iter().find(fits).unwrap_or_else(|| panic!("{doctype} of {case}")), "name").to_owned()
        };
        let stored = [("state", "STORED")];
        let documents = Names {
            own: of_case("Case Document", &names.own, &stored).await,
            outside: of_case("Case Document", &names.outside, &stored).await,
            foreign: text(&upstream::rows(&world, "t001", "Case Document", &["name"]).await[0], "name").to_owned(),
        };
        for document in [&documents.own, &documents.outside] {
            upstream::change(&world, "Case Document", document, &json!({"scan_state": "CLEAN"})).await;
        }
        let mobile = of_case("Party Particular", &names.own, &[("kind", "MOBILE")]).await;

        let mut wrong = Vec::new();
        for (code, person) in people {
            let role = person.person.role;
            if role.case_rows() == RowLimit::Scoped {
                let scope = json!({"zones": ";WEST;", "regions": "", "branches": "", "products": "", "assigned_only": 0});
                upstream::change_portal_user(&world, person, &scope).await;
            }
            let browser = Browser::of(&world, person).await;
            let mut walk = Walk { role, browser: &browser, wrong: Vec::new() };
            for Way(method, _, address, of, may) in WAYS {
                let address = address.replace("{document}", &documents.own).replace("{mobile}", &mobile);
                let may = may(role);
                match of {
                    Of::Case => {
                        // A record of the one case hangs on no other: it is tried with its own case alone.
                        if address.contains(&mobile) || address.contains(&documents.own) {
                            let own = ask(&browser, method, &address.replace("{id}", &names.own)).await;
                            let fits = if may { !matches!(own.status, 401 | 403 | 404) } else { own.status == 403 };
                            if !fits {
                                walk.wrong.push(format!("{code} {method} {address}: {}", own.shape()));
                            }
                            continue;
                        }
                        walk.tries(method, &address, &names, may).await;
                    }
                    Of::Document => walk.tries(method, &address, &documents, may).await,
                    Of::All | Of::Own => {
                        let seen = ask(&browser, method, &address.replace("{id}", NOBODYS)).await;
                        let fits = match (may, of) {
                            (false, _) => seen.status == 403,
                            (true, Of::Own) => seen.status == 404,
                            (true, _) => !matches!(seen.status, 401 | 403 | 404) && seen.status < 500,
                        };
                        if !fits {
                            walk.wrong.push(format!("{code} {method} {address}: {}", seen.shape()));
                        }
                    }
                }
            }
            for method in ["GET", "POST"] {
                for (deed, permission, about) in DEEDS {
                    let about_nobody = if about && method == "GET" { "?on=0000000000" } else { "" };
                    let address = format!("/cases/{{id}}/do/{deed}{about_nobody}");
                    if about {
                        // A record that is nobody's: not there, whoever's the case is; who may not is told so first.
                        let may = if deed == "no-such-deed" { true } else { role.allows(permission) };
                        for name in [&names.own, &names.outside, &names.foreign] {
                            let seen = ask(&browser, method, &address.replace("{id}", name)).await;
                            let fits = if may { matches!(seen.status, 400 | 404) } else { seen.status == 403 };
                            if !fits {
                                walk.wrong.push(format!("{code} {method} {address}: {}", seen.shape()));
                            }
                        }
                        continue;
                    }
                    walk.tries(method, &address, &names, role.allows(permission)).await;
                }
                for step in deeds::steps().map(|row| row.action).collect::<BTreeSet<_>>() {
                    walk.tries(method, &format!("/cases/{{id}}/do/{step}"), &names, role.allows(Permission::Work)).await;
                }
            }
            wrong.extend(walk.wrong);
        }
        assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
        let denied = upstream::rows(&world, "t000", "Portal Audit Event", &["kind", "actor"]).await;
        let denied: BTreeSet<&str> = denied.iter().filter(|row| row["kind"] == "DENIED").map(|row| text(row, "actor")).collect();
        assert!(denied.len() >= Role::ALL.len() - 1, "refusals are on record: {denied:?}");
    });
}

#[test]
fn every_route_is_walked_here_or_elsewhere() {
    let here = WAYS.iter().map(|Way(method, pattern, ..)| (*method, *pattern));
    let walked: BTreeSet<(String, String)> = here
        .chain(ELSEWHERE)
        .chain([("POST", "/cases/{id}/do/{deed}")])
        .map(|(method, pattern)| (method.to_owned(), pattern.to_owned()))
        .collect();
    let routes: BTreeSet<(String, String)> = router::endpoints().into_iter().map(|(method, path)| (method.to_string(), path)).collect();
    assert_eq!(walked.difference(&routes).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "no such route");
    assert_eq!(routes.difference(&walked).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "walked by nobody");
}

#[test]
fn every_deed_is_walked() {
    let walked: BTreeSet<&str> = DEEDS.into_iter().map(|(word, ..)| word).filter(|word| *word != "no-such-deed").collect();
    let acts: BTreeSet<&str> = Act::ALL.iter().map(|act| act.word()).collect();
    assert_eq!(walked.difference(&acts).collect::<Vec<_>>(), Vec::<&&str>::new(), "no such deed");
    assert_eq!(acts.difference(&walked).collect::<Vec<_>>(), Vec::<&&str>::new(), "walked by nobody");
    assert_eq!(acts.len(), Act::ALL.len(), "two deeds have one word");
    assert_eq!(deeds::steps().map(|row| row.action).find(|action| acts.contains(action)), None, "a deed hides a step");
}
