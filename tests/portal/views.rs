//! Saved views of the case list: who keeps, sees, changes and deletes which, and what is never kept.
//!
//! Must not know how a view is stored, but for what others find in its record.

use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::small_institution,
    },
};
use serde_json::{Value, json};

use crate::{
    browser::{self, Browser, Seen, person, run, unlimited, until},
    upstream,
};

const VIEW: &str = "Portal Saved View";
const COLUMNS: &str = "number.stage.dues.dense";

async fn world() -> World {
    let specs = (0..2).map(small_institution).collect();
    let mut world = World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap();
    upstream::administer(&mut world);
    world
}

async fn of(world: &World, local: &str) -> Browser {
    Browser::of(world, person(world, "t000", local)).await
}

/// The views' menu of the list at this query: label and address of each, and whether the list shows it now.
async fn menu(browser: &Browser, params: &str) -> Vec<(String, String, bool)> {
    let table = browser.get(&format!("/api/cases/list?{params}")).await.json();
    let menus = table["menus"].as_array().unwrap();
    let views = menus.iter().find(|menu| menu[0] == "Views").unwrap();
    let text = |choice: &Value, field: &str| choice[field].as_str().unwrap().to_owned();
    let choices = views[1].as_array().unwrap().iter();
    choices.map(|choice| (text(choice, "label"), text(choice, "href"), choice["held"] == true)).collect()
}

/// Whether a view of this title is offered.
async fn offers(browser: &Browser, title: &str) -> bool {
    menu(browser, "").await.iter().any(|(label, ..)| label.split(" · ").next() == Some(title))
}

/// What travels unseen in a form.
fn hidden(form: &Seen, name: &str) -> String {
    let input = form.text.split("<input type=\"hidden\"").find(|input| input.contains(&format!("name=\"{name}\""))).unwrap();
    input.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
}

/// Keeps a view of these filters by the form.
async fn save(browser: &Browser, title: &str, q: &str, more: &[(&str, &str)]) -> Seen {
    let form = browser.get("/views/new").await;
    let operation = hidden(&form, "operation");
    let own = [("title", title), ("q", q), ("operation", operation.as_str())];
    browser.post("/views/new", &[&own[..], more].concat()).await
}

async fn rows(world: &World) -> Vec<Value> {
    let fields =
        ["name", "user_id", "title", "query_text", "columns", "sort_text", "density", "shared", "shared_role", "pinned", "made_by"];
    upstream::rows(world, "t000", VIEW, &fields).await
}

async fn row(world: &World, title: &str) -> Value {
    let mut found: Vec<Value> = rows(world).await.into_iter().filter(|row| row["title"] == title).collect();
    assert_eq!(found.len(), 1, "{title}");
    found.remove(0)
}

fn address(row: &Value) -> String {
    format!("/views/{}", row["name"].as_str().unwrap())
}

/// What the trail has of views, in order: action and object.
async fn trail(world: &World) -> Vec<(String, String)> {
    let mut rows = upstream::rows(world, "t000", "Portal Audit Event", &["seq", "kind", "action", "object_name"]).await;
    rows.sort_by_key(|row| row["seq"].as_i64());
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    rows.iter().filter(|row| row["kind"] == "CHANGE").map(|row| (text(row, "action"), text(row, "object_name"))).collect()
}

#[test]
fn what_the_list_shows_is_kept_once_and_its_address_shows_it_again() {
    run(async {
        let world = world().await;
        let head = of(&world, "legal.head").await;
        let params = format!("q=stage:hearing%20dues:%3E5L&sort=-dues&cols={COLUMNS}");
        let (words, href, _) = menu(&head, &params).await.pop().unwrap();
        assert_eq!(words, "Save this view…");
        let form = head.get(&href).await;
        assert_eq!((form.shape(), form.header("cache-control")), ("200 text/html".to_owned(), "no-store"));
        assert!(form.text.contains("value=\"stage:hearing dues:&gt;500000\"") && !form.text.contains("<script"), "{}", form.text);
        let (sort, cols, operation) = (hidden(&form, "sort"), hidden(&form, "cols"), hidden(&form, "operation"));
        let typed = [
            ("title", "  Heard,  large "),
            ("q", "stage:hearing dues:>500000"),
            ("sort", &sort),
            ("cols", &cols),
            ("operation", &operation),
            ("sharing", "PRIVATE"),
        ];
        let saved = head.post("/views/new", &typed).await;
        let shown = format!("/cases?q=stage%3Ahearing%20dues%3A%3E500000&sort=-dues&cols={COLUMNS}");
        assert_eq!(saved.shape(), format!("303 -> {shown}"));
        // Sent again because nobody knew what became of it: it is kept already.
        assert_eq!(head.post("/views/new", &typed).await.shape(), saved.shape());
        let row = row(&world, "Heard, large").await;
        let user = "legal.head@t000.example";
        let expected = json!({
            "name": row["name"], "user_id": user, "title": "Heard, large", "query_text": "stage:hearing dues:>500000",
            "columns": "[\"number\",\"stage\",\"dues\"]", "sort_text": "-dues", "density": "compact", "shared": "PRIVATE",
            "shared_role": row["shared_role"], "pinned": 0, "made_by": user,
        });
        assert_eq!(row, expected);
        let offered = menu(&head, shown.split_once('?').unwrap().1).await;
        assert!(offered.contains(&("Heard, large".to_owned(), shown.clone(), true)), "{offered:?}");
        assert_eq!(offered.last().unwrap(), &("Change this view…".to_owned(), address(&row), false));
        assert!(!menu(&head, "").await.iter().any(|(label, _, held)| *held || label == "Change this view…"));
        assert_eq!(head.get(&shown).await.status, 200);
        assert_eq!(trail(&world).await, [("view.save".to_owned(), String::new())]);
    });
}

#[test]
fn words_to_look_for_are_refused_and_what_was_typed_stays() {
    run(async {
        let world = world().await;
        let head = of(&world, "legal.head").await;
        let before = rows(&world).await.len();
        // Said before anything is typed.
        let form = head.get("/views/new?q=stage:hearing%20sharma").await;
        assert!(form.status == 200 && form.text.contains("Take out “sharma”") && !form.text.contains("Fill this in"), "{}", form.text);
        for (q, said) in [
            ("stage:hearing sharma", "Take out “sharma”"),
            ("branch:\"ramesh kumar\"", "Take out “RAMESH KUMAR”"),
            ("stage:nowhere", "“stage:nowhere” cannot be read"),
            ("", "at least one filter"),
        ] {
            let refused = save(&head, "My <b>title</b> & more", q, &[("sharing", "ALL"), ("pinned", "1")]).await;
            assert!(refused.status == 422 && refused.text.contains(said), "{q}: {}", refused.text);
            for kept in ["value=\"My &lt;b&gt;title&lt;/b&gt; &amp; more\"", "<option value=\"ALL\" selected", "checked"] {
                assert!(refused.text.contains(kept), "{kept}: {}", refused.text);
            }
        }
        for (title, said) in [(" ", "Fill this in."), (&*"x".repeat(61), "Too long: at most 60 characters.")] {
            let refused = save(&head, title, "open:yes", &[("sharing", "PRIVATE")]).await;
            assert!(refused.status == 422 && refused.text.contains(said), "{title}: {}", refused.text);
            assert!(refused.text.contains("value=\"open:yes\""), "{}", refused.text);
        }
        let refused = save(&head, "A", "open:yes", &[("sharing", "SUPERUSER")]).await;
        assert!(refused.status == 422 && refused.text.contains("This is none of the choices."), "{}", refused.text);
        assert_eq!((rows(&world).await.len(), trail(&world).await), (before, Vec::new()));
    });
}

#[test]
fn a_view_reaches_whom_it_is_shared_with_and_pinned_ones_stand_first() {
    run(async {
        let world = world().await;
        let head = of(&world, "legal.head").await;
        for (title, sharing, pinned) in [
            ("Zeta of all", "ALL", Some("1")),
            ("Of the viewers", "VIEWER", None),
            ("Of mine", "PRIVATE", None),
            ("Alpha of mine", "PRIVATE", Some("1")),
        ] {
            let pinned: Vec<_> = pinned.map(|value| ("pinned", value)).into_iter().collect();
            assert_eq!(save(&head, title, "open:yes", &[&[("sharing", sharing)][..], &pinned].concat()).await.status, 303, "{title}");
        }
        for (local, seen) in [
            ("legal.head", [true, true, true]),
            ("viewer", [true, true, false]),
            ("legal.manager", [true, false, false]),
            ("tenant.admin", [true, false, false]),
        ] {
            let browser = of(&world, local).await;
            for (title, seen) in ["Zeta of all", "Of the viewers", "Of mine"].into_iter().zip(seen) {
                assert_eq!(offers(&browser, title).await, seen, "{local} {title}");
            }
        }
        let foreign = Browser::of(&world, person(&world, "t001", "legal.head")).await;
        let offered = menu(&foreign, "").await;
        assert!(
            offered.len() > 1 && !format!("{offered:?}").contains("of all") && !format!("{offered:?}").contains("MARK-t000"),
            "{offered:?}"
        );

        let titles: Vec<String> = menu(&head, "").await.into_iter().map(|(label, ..)| label).collect();
        let place = |title: &str| titles.iter().position(|label| label == title).unwrap_or_else(|| panic!("{title}: {titles:?}"));
        assert_eq!([place("Alpha of mine"), place("Zeta of all · shared")], [0, 1]);
        // The demo's own two are pinned and somebody else's.
        assert_eq!(place("MARK-t000-In the tribunal's hands · shared"), 2);
        assert!(place("MARK-t000-Waiting for a hearing · shared") < place("Of mine"));
        // Whatever a record says besides: nobody's role opens what is private.
        let private = row(&world, "Of mine").await;
        upstream::change(&world, VIEW, private["name"].as_str().unwrap(), &json!({"shared_role": "VIEWER"})).await;
        assert!(!offers(&of(&world, "viewer").await, "Of mine").await);
        // And words that somebody has written into a record themselves are shown to nobody.
        let shared = row(&world, "Zeta of all").await;
        upstream::change(&world, VIEW, shared["name"].as_str().unwrap(), &json!({"query_text": "open:yes sharma"})).await;
        assert!(!offers(&of(&world, "tenant.admin").await, "Zeta of all").await);
    });
}

#[test]
fn a_role_that_may_not_share_keeps_views_for_itself() {
    run(async {
        let world = world().await;
        let viewer = of(&world, "viewer").await;
        let form = viewer.get("/views/new?q=open:yes").await;
        assert!(!form.text.contains("name=\"sharing\""), "{}", form.text);
        assert!(form.text.contains("Who may share one with others: tenant admin, legal head, legal manager."), "{}", form.text);
        for sharing in ["ALL", "VIEWER", "LEGAL_HEAD"] {
            assert_eq!(save(&viewer, "Everybody look", "open:yes", &[("sharing", sharing)]).await.shape(), "403 This is not allowed");
        }
        until("the refusal is noted", async || {
            let rows = upstream::rows(&world, "t000", "Portal Audit Event", &["kind", "actor", "action", "reason_code"]).await;
            rows.contains(&json!({"kind": "DENIED", "actor": "viewer@t000.example", "action": "view.share", "reason_code": "ROLE"}))
        })
        .await;
        assert!(!rows(&world).await.iter().any(|row| row["title"] == "Everybody look"));
        assert_eq!(save(&viewer, "For me", "open:yes", &[]).await.status, 303);
        let row = row(&world, "For me").await;
        assert_eq!(row["shared"], "PRIVATE");
        let revision = hidden(&viewer.get(&address(&row)).await, "revision");
        let shared = [("title", "For me"), ("q", "open:yes"), ("sharing", "ALL"), ("revision", revision.as_str())];
        assert_eq!(viewer.post(&address(&row), &shared).await.shape(), "403 This is not allowed");
    });
}

#[test]
fn an_owner_changes_a_view_under_the_revision_that_they_saw() {
    run(async {
        let world = world().await;
        let head = of(&world, "legal.head").await;
        save(&head, "Before", "open:yes", &[("sharing", "PRIVATE"), ("sort", "-dues"), ("cols", COLUMNS)]).await;
        let row = row(&world, "Before").await;
        let path = address(&row);
        let form = head.get(&path).await;
        assert_eq!(form.heading(), "Change a view");
        assert!(form.text.contains("value=\"Before\"") && form.text.contains("<option value=\"PRIVATE\" selected"), "{}", form.text);
        let (revision, sort, cols) = (hidden(&form, "revision"), hidden(&form, "sort"), hidden(&form, "cols"));
        assert_eq!((sort.as_str(), cols.as_str()), ("-dues", COLUMNS));
        let typed = |title: &'static str, sharing: &'static str, revision: &str| {
            let texts = [("title", title), ("q", "open:yes"), ("sharing", sharing), ("pinned", "1"), ("sort", &sort), ("cols", &cols)];
            let mut typed: Vec<(String, String)> = texts.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
            typed.push(("revision".to_owned(), revision.to_owned()));
            typed
        };
        let post = async |typed: Vec<(String, String)>| {
            let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            head.post(&path, &typed).await
        };
        let changed = post(typed("After", "LEGAL_MANAGER", &revision)).await;
        assert_eq!(changed.shape(), format!("303 -> /cases?q=open%3Ayes&sort=-dues&cols={COLUMNS}"));
        // Sent again: it is so already.
        assert_eq!(post(typed("After", "LEGAL_MANAGER", &revision)).await.shape(), changed.shape());
        let after = self::row(&world, "After").await;
        assert_eq!([&after["shared"], &after["shared_role"], &after["pinned"]], [&json!("ROLE"), &json!("LEGAL_MANAGER"), &json!(1)]);
        assert!(offers(&of(&world, "legal.manager").await, "After").await);
        // From a form that was opened before: said, nothing done, nothing typed lost, and it can be sent again.
        let late = post(typed("Later", "ALL", &revision)).await;
        assert!(
            late.status == 409 && late.text.contains("is now called “After”") && late.text.contains("value=\"Later\""),
            "{}",
            late.text
        );
        assert_eq!(post(typed("Later", "ALL", &hidden(&late, "revision"))).await.status, 303);
        assert_eq!(self::row(&world, "Later").await["shared"], "ALL");
        let name = row["name"].as_str().unwrap().to_owned();
        let expected = [("view.save", ""), ("view.change", &name), ("view.change", &name)];
        assert_eq!(trail(&world).await, expected.map(|(action, object)| (action.to_owned(), object.to_owned())));
    });
}

#[test]
fn a_view_is_deleted_after_it_was_asked_for_twice_and_by_its_owner_alone() {
    run(async {
        let world = world().await;
        let head = of(&world, "legal.head").await;
        save(&head, "Short-lived", "open:yes", &[("sharing", "ALL")]).await;
        let row = row(&world, "Short-lived").await;
        let (path, confirm) = (address(&row), format!("{}/delete", address(&row)));
        // Somebody who sees it may not.
        let manager = of(&world, "legal.manager").await;
        assert!(offers(&manager, "Short-lived").await);
        for seen in
            [manager.get(&path).await, manager.get(&confirm).await, manager.post(&path, &[]).await, manager.post(&confirm, &[]).await]
        {
            assert_eq!(seen.shape(), "403 This is not allowed");
        }
        let button = head.post(&path, &[("delete", "1"), ("title", "")]).await;
        assert_eq!(button.shape(), format!("303 -> {confirm}"));
        let form = head.get(&confirm).await;
        assert!(form.heading() == "Delete a view" && form.text.contains("Short-lived") && form.text.contains("everybody loses it as well"));
        let stale = head.post(&confirm, &[("revision", "2026-01-01 00:00:00.000000")]).await;
        assert_eq!(stale.status, 409, "{}", stale.text);
        assert!(offers(&head, "Short-lived").await);
        let revision = hidden(&stale, "revision");
        assert_eq!(head.post(&confirm, &[("revision", &revision)]).await.shape(), "303 -> /cases");
        assert!(!offers(&head, "Short-lived").await && !rows(&world).await.iter().any(|row| row["title"] == "Short-lived"));
        assert_eq!(head.post(&confirm, &[("revision", &revision)]).await.shape(), "404 There is nothing at this address");
        let name = row["name"].as_str().unwrap().to_owned();
        assert_eq!(trail(&world).await, [("view.save".to_owned(), String::new()), ("view.delete".to_owned(), name)]);
    });
}

#[test]
fn a_view_that_is_not_ones_to_see_is_one_that_does_not_exist() {
    run(async {
        let world = world().await;
        let (head, manager) = (of(&world, "legal.head").await, of(&world, "legal.manager").await);
        let foreign = Browser::of(&world, person(&world, "t001", "legal.head")).await;
        save(&manager, "CANARY of a colleague", "open:yes", &[("sharing", "PRIVATE")]).await;
        save(&manager, "CANARY of a role", "open:yes", &[("sharing", "LEGAL_MANAGER")]).await;
        save(&foreign, "CANARY of elsewhere", "open:yes", &[("sharing", "ALL")]).await;
        let elsewhere = upstream::rows(&world, "t001", VIEW, &["name", "title"]).await;
        let elsewhere = elsewhere.into_iter().find(|row| row["title"] == "CANARY of elsewhere").unwrap();
        let own = [row(&world, "CANARY of a colleague").await, row(&world, "CANARY of a role").await];
        let shouted = json!({"name": own[0]["name"].as_str().unwrap().to_uppercase()});
        let nothing = head.get("/views/0000000000").await;
        assert_eq!(nothing.shape(), "404 There is nothing at this address");
        let typed = [("title", "Mine"), ("q", "open:yes"), ("sharing", "PRIVATE"), ("revision", "x"), ("delete", "1")];
        let addresses = own.iter().chain([&elsewhere, &shouted]).map(address).chain(["/views/%ff".to_owned(), "/views/..%2F..".to_owned()]);
        for path in addresses {
            let confirm = format!("{path}/delete");
            let seen = [
                head.get(&path).await,
                head.get(&confirm).await,
                head.post(&path, &typed).await,
                head.post(&path, &typed[..4]).await,
                head.post(&confirm, &typed).await,
            ];
            for seen in seen {
                assert_eq!((seen.shape(), seen.stable_text()), (nothing.shape(), nothing.stable_text()), "{path}");
            }
        }
        let still = rows(&world).await;
        assert_eq!(still.iter().filter(|row| row["title"].as_str().unwrap().starts_with("CANARY")).count(), 2);
        assert!(!trail(&world).await.iter().any(|(action, _)| action != "view.save"));
        assert_eq!(browser::metric(&world, "portal_isolation_violations_total").await, 0.0);
    });
}

#[test]
fn the_list_neither_fails_with_its_views_nor_waits_for_them() {
    run(async {
        let world = world().await;
        let head = of(&world, "legal.head").await;
        let site = world.sites.values().next().unwrap();
        for silent in [false, true] {
            let knob = Knob { delay: None, failure: Failure::DocType { name: VIEW, silent } };
            site.knobs().set_for("api@t000.example", Some(knob));
            let began = std::time::Instant::now();
            let listed = head.get("/api/cases/list").await;
            assert!(began.elapsed().as_secs() < 4, "silent {silent}: {:?}", began.elapsed());
            assert!(!listed.listed()["rows"].as_array().unwrap().is_empty());
            let offered = menu(&head, "q=open:yes").await;
            assert_eq!(offered[0].0, "The views could not be loaded. Try again", "silent {silent}");
        }
        site.knobs().set_for("api@t000.example", None);
        until("they are there again", async || menu(&head, "").await.len() > 3).await;
    });
}

#[test]
fn nobody_keeps_views_without_end() {
    run(async {
        let world = world().await;
        let viewer = of(&world, "viewer").await;
        for number in 0..50 {
            assert_eq!(save(&viewer, &format!("View {number}"), "open:yes", &[]).await.status, 303);
        }
        let refused = save(&viewer, "One too many", "open:yes", &[]).await;
        assert!(refused.status == 422 && refused.text.contains("You keep 50 views already."), "{}", refused.text);
        assert!(refused.text.contains("value=\"One too many\""));
        assert_eq!(save(&of(&world, "legal.head").await, "Of another person", "open:yes", &[("sharing", "PRIVATE")]).await.status, 303);
    });
}
