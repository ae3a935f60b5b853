//! A case entered by hand, its parties, whose it is, and the answers to the registry's defects.
//!
//! Must not know how any of it is kept: what counts is what stands at the institution's own server, and what a page shows.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::small_institution,
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, person, run, unlimited},
    forms::{deed, fill, send},
    upstream,
};

const NEW: &str = "/cases/new";
/// What nobody may see whole.
const WHOLE: [&str; 3] = ["9000000021", "ramesh@mail.example.in", "12 MG Road"];

async fn world() -> World {
    let specs = (0..2).map(small_institution).collect();
    let mut world = World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap();
    upstream::administer(&mut world);
    world
}

async fn rows(world: &World, doctype: &str, fields: &[&str], of: &[(&str, &str)]) -> Vec<Value> {
    let rows = upstream::rows(world, "t000", doctype, fields).await;
    rows.into_iter().filter(|row| of.iter().all(|(field, value)| row[*field] == **value)).collect()
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

/// The branches of the institution; the last of them is put out of the maker's zone.
async fn branches(world: &World) -> (String, String, String) {
    let all = rows(world, "Institution Branch", &["name", "branch"], &[]).await;
    let last = all.last().unwrap();
    upstream::change(world, "Institution Branch", text(last, "name"), &json!({"zone": "NORTH", "region": "NORTH"})).await;
    (text(&all[0], "branch").to_owned(), text(&all[1], "branch").to_owned(), text(last, "branch").to_owned())
}

fn typed<'a>(lan: &'a str, branch: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("lan", lan),
        ("product", "PERSONAL"),
        ("branch", branch),
        ("agreement_no", "AG-1"),
        ("agreement_on", "2024-01-01"),
        ("clause", "1"),
        ("consent_basis", "NAMED_IN_CLAUSE"),
        ("default_on", "2025-01-01"),
        ("pos", "1,00,000.01"),
        ("legal_charges", "99.99"),
        ("dues_on", "2026-01-01"),
        ("party_name", "Ramesh Kumar"),
        ("entity_type", "INDIVIDUAL"),
        ("mobile", "+91 90000 00021"),
        ("email", "ramesh@mail.example.in"),
        ("address", "12 MG Road"),
        ("town", "Pune"),
        ("pincode", "411001"),
        ("language", "mr"),
    ]
}

/// Creates a case; its name upstream.
async fn created(maker: &Browser, lan: &str, branch: &str) -> String {
    let seen = fill(maker, NEW, &typed(lan, branch)).await;
    assert_eq!(seen.status, 303, "{}", seen.text);
    seen.location().strip_prefix("/cases/").unwrap().to_owned()
}

/// A task of a case, as somebody else made it; its name upstream.
async fn task(world: &World, case: &str, key: &str, branch: &str) -> String {
    let task = json!({
        "institution": "T000", "made_by": "job:test", "changed_by": "job:test", "case_ref": case, "case_id": case, "task_key": key,
        "title_text": "Somebody", "kind": "OTHER", "title": "Correct it", "assignee_role": "LEGAL_MANAGER", "due_on": "2026-12-01",
        "priority": 2, "state": "OPEN", "source_type": "Arbitration Case", "source_name": case, "source_event": key,
        "opened_on": "2026-11-01", "branch": branch, "zone": "WEST",
    });
    upstream::create(world, "Case Task", &task).await
}

/// Everything that the trail says, in clear.
async fn said(world: &World) -> String {
    let rows = rows(world, "Portal Audit Event", &["payload", "action"], &[]).await;
    let payload = |row: &Value| String::from_utf8(STANDARD.decode(text(row, "payload")).unwrap_or_default()).unwrap_or_default();
    rows.iter().map(|row| format!("{} {}\n", text(row, "action"), payload(row))).collect()
}

#[test]
fn a_case_is_created_once_with_its_parties_and_nothing_whole_is_ever_shown() {
    run(async {
        let world = world().await;
        let (branch, ..) = branches(&world).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let form = maker.get(NEW).await;
        let first = send(&maker, NEW, &form, &typed("NEW-0007", &branch)).await;
        assert_eq!(first.status, 303, "{}", first.text);
        let again = send(&maker, NEW, &form, &typed("NEW-0007", &branch)).await;
        assert_eq!(again.location(), first.location(), "sent twice it is one case");
        let name = first.location().strip_prefix("/cases/").unwrap();

        let fields = [
            "name",
            "lan",
            "draft_no",
            "stage",
            "status",
            "zone",
            "branch",
            "total_dues",
            "dues_band",
            "bucket",
            "claim_basis_amount",
            "respondent_count",
            "title_text",
            "search_text",
            "legal_owner",
            "open_lan_key",
            "enforceability_score",
            "pincode",
        ];
        let cases = rows(&world, "Arbitration Case", &fields, &[("lan", "NEW-0007")]).await;
        assert_eq!(cases.len(), 1, "{cases:?}");
        let case = &cases[0];
        assert_eq!(["stage", "status", "zone"].map(|field| text(case, field)), ["S00", "DRAFT", "WEST"]);
        assert_eq!(["dues_band", "bucket", "title_text"].map(|field| text(case, field)), ["B3", "NPA_180", "Ramesh Kumar"]);
        assert_eq!(["total_dues", "claim_basis_amount"].map(|field| case[field].as_f64()), [Some(100_100.0); 2]);
        assert_eq!((case["respondent_count"].as_i64(), case["enforceability_score"].as_i64()), (Some(1), Some(100)));
        assert_eq!(text(case, "legal_owner"), "legal.manager@t000.example");
        assert_eq!((text(case, "open_lan_key").len(), text(case, "pincode")), (64, "411001"));
        assert_eq!(text(case, "search_text"), format!("ramesh kumar {} new-0007", text(case, "draft_no").to_lowercase()));

        let parties = rows(&world, "Case Party", &["name", "case_ref", "seq", "party_role", "mobile_masked"], &[("case_ref", name)]).await;
        assert_eq!(parties.len(), 2, "{parties:?}");
        let lead = parties.iter().find(|party| party["seq"] == 2).unwrap();
        assert_eq!((text(lead, "party_role"), text(lead, "mobile_masked")), ("BORROWER", "90xxxxxx21"));
        let fields = ["name", "case_ref", "kind", "value_text", "value_masked", "last4", "value_hash", "active"];
        let kept = rows(&world, "Party Particular", &fields, &[("case_ref", name)]).await;
        assert_eq!(kept.len(), 3, "{kept:?}");
        let mobile = kept.iter().find(|row| row["kind"] == "MOBILE").unwrap();
        assert_eq!(["value_text", "value_masked", "last4"].map(|field| text(mobile, field)), ["9000000021", "90xxxxxx21", "0021"]);
        assert_eq!(text(mobile, "value_hash").len(), 64);
        let events = rows(&world, "Case Event", &["case_ref", "transition_no"], &[("case_ref", name)]).await;
        assert_eq!(events.iter().filter(|event| event["transition_no"] == 1).count(), 1, "{events:?}");

        let edit = format!("{}?on={}", deed(name, "edit-party"), text(lead, "name"));
        let addresses = [format!("/cases/{name}"), format!("/cases/{name}/service"), edit.clone(), deed(name, "edit-draft")];
        for address in addresses.into_iter().chain([format!("/api/cases/particulars?id={name}"), format!("/api/cases/deeds?id={name}")]) {
            let page = maker.get(&address).await;
            assert_eq!(page.status, 200, "{address}");
            assert!(WHOLE.iter().all(|whole| !page.text.contains(whole)), "{address}: {}", page.text);
        }
        let said = said(&world).await;
        assert!(said.contains("create_case") && said.contains("90xxxxxx21") && WHOLE.iter().all(|whole| !said.contains(whole)), "{said}");

        // What is left empty stays; what is typed takes the place of what was there, which stays on record.
        let change =
            [("party_role", "BORROWER"), ("party_name", "Ramesh K Kumar"), ("entity_type", "INDIVIDUAL"), ("mobile", "9000000045")];
        let seen = fill(&maker, &edit, &change).await;
        assert_eq!(seen.status, 303, "{}", seen.text);
        let kept = rows(&world, "Party Particular", &fields, &[("case_ref", name)]).await;
        let of = |kind: &str, active: i64| kept.iter().filter(|row| row["kind"] == *kind && row["active"] == active).count();
        assert_eq!((of("MOBILE", 1), of("MOBILE", 0), of("EMAIL", 1), of("ADDRESS", 1)), (1, 1, 1, 1), "{kept:?}");
        let case = rows(&world, "Arbitration Case", &["name", "title_text"], &[("name", name)]).await.remove(0);
        assert_eq!(text(&case, "title_text"), "Ramesh K Kumar");
    });
}

#[test]
fn what_cannot_be_taken_is_said_under_its_field_and_what_was_typed_stays() {
    run(async {
        let world = world().await;
        let (branch, _, elsewhere) = branches(&world).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let of_scope = maker.get(NEW).await;
        assert!(of_scope.text.contains(&branch) && !of_scope.text.contains(&elsewhere), "{}", of_scope.text);
        for (name, value, told) in [
            ("branch", elsewhere.as_str(), "This is none of the choices."),
            ("mobile", "12345", "ten digits that begin with 6"),
            ("pincode", "011001", "the first of them not 0"),
            ("default_on", "2023-01-01", "Dates never run backwards."),
            ("lan", "", "Fill this in."),
            ("pos", "lots", "This is no amount."),
        ] {
            let mut pairs = typed("NEW-0008", &branch);
            pairs.iter_mut().filter(|(known, _)| *known == name).for_each(|pair| pair.1 = value);
            pairs.iter_mut().filter(|(known, _)| *known == "party_name").for_each(|pair| pair.1 = "<b>Ramesh</b>");
            let seen = fill(&maker, NEW, &pairs).await;
            assert!(seen.status == 422 && seen.text.contains(told), "{name}: {}", seen.text);
            assert!(
                seen.text.contains("&lt;b&gt;Ramesh") && seen.text.contains("ramesh@mail.example.in"),
                "what was typed is gone: {name}"
            );
        }
        assert!(rows(&world, "Arbitration Case", &["lan"], &[("lan", "NEW-0008")]).await.is_empty());
        for local in ["legal.head", "branch.user", "collections", "auditor", "tenant.admin"] {
            let browser = Browser::of(&world, person(&world, "t000", local)).await;
            let posted = browser.post(NEW, &typed("NEW-0008", &branch)).await;
            assert_eq!((browser.get(NEW).await.status, posted.status), (403, 403), "{local}");
        }
    });
}

#[test]
fn a_second_case_of_a_loan_is_refused_and_named_only_to_those_whose_it_is() {
    run(async {
        let world = world().await;
        let (branch, ..) = branches(&world).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let name = created(&maker, "LAN-7", &branch).await;
        let number = text(&rows(&world, "Arbitration Case", &["name", "draft_no"], &[("name", &name)]).await[0], "draft_no").to_owned();
        let seen = fill(&maker, NEW, &typed("lan-7", &branch)).await;
        assert!(seen.status == 422 && seen.text.contains(&number) && seen.text.contains(&format!("/cases/{name}")), "{}", seen.text);
        upstream::change(&world, "Arbitration Case", &name, &json!({"zone": "NORTH"})).await;
        let seen = fill(&maker, NEW, &typed("LAN-7", &branch)).await;
        assert!(seen.status == 422 && seen.text.contains("outside your rows"), "{}", seen.text);
        assert!(!seen.text.contains(&number) && !seen.text.contains(&name), "{}", seen.text);
        // Another institution's loan of the same number is nobody's business here.
        let other = Browser::of(&world, person(&world, "t001", "legal.manager")).await;
        let theirs = upstream::rows(&world, "t001", "Institution Branch", &["branch"]).await;
        created(&other, "LAN-7", text(&theirs[0], "branch")).await;
    });
}

#[test]
fn a_draft_is_corrected_until_it_is_submitted_and_what_hangs_on_it_follows() {
    run(async {
        let world = world().await;
        let (branch, second, _) = branches(&world).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let name = created(&maker, "LAN-8", &branch).await;
        let task = task(&world, &name, "one", &branch).await;
        let path = deed(&name, "edit-draft");
        let mut pairs = typed("ANOTHER", &second);
        pairs.retain(|(field, _)| *field != "clause");
        pairs.push(("penal_charges", "900"));
        let seen = fill(&maker, &path, &pairs).await;
        assert_eq!(seen.status, 303, "{}", seen.text);
        let fields = ["name", "lan", "branch", "total_dues", "arbitration_clause", "missing_items"];
        let case = rows(&world, "Arbitration Case", &fields, &[("name", &name)]).await.remove(0);
        assert_eq!((text(&case, "lan"), text(&case, "branch"), case["total_dues"].as_f64()), ("LAN-8", second.as_str(), Some(101_000.0)));
        assert_eq!((case["arbitration_clause"].as_i64(), text(&case, "missing_items")), (Some(0), ";CLAUSE;"));
        let task = rows(&world, "Case Task", &["name", "branch"], &[("name", &task)]).await.remove(0);
        assert_eq!(text(&task, "branch"), second);

        let another = [("party_role", "GUARANTOR"), ("party_name", "Sita Devi"), ("entity_type", "INDIVIDUAL")];
        let form = maker.get(&deed(&name, "add-party")).await;
        for _ in 0..2 {
            send(&maker, &deed(&name, "add-party"), &form, &another).await;
        }
        let parties = rows(&world, "Case Party", &["name", "case_ref", "seq"], &[("case_ref", &name)]).await;
        assert_eq!(parties.len(), 3, "sent twice it is one party: {parties:?}");
        let case = rows(&world, "Arbitration Case", &["name", "respondent_count", "search_text"], &[("name", &name)]).await.remove(0);
        assert!(case["respondent_count"] == 2 && text(&case, "search_text").contains("sita devi"), "{case}");

        // Parties of another case, of another institution and of nobody are one and the same.
        let of_another =
            rows(&world, "Case Party", &["name", "case_ref"], &[]).await.into_iter().find(|row| row["case_ref"] != *name).unwrap();
        let theirs = upstream::rows(&world, "t001", "Case Party", &["name"]).await;
        let edit = |on: &str| format!("{}?on={on}", deed(&name, "edit-party"));
        let nothing = maker.get(&edit("0000000000")).await;
        assert_eq!(nothing.status, 404);
        for on in [text(&of_another, "name"), text(&theirs[0], "name")] {
            assert_eq!(maker.get(&edit(on)).await.stable_text(), nothing.stable_text());
        }
        upstream::change(&world, "Arbitration Case", &name, &json!({"status": "PENDING_APPROVAL"})).await;
        for word in ["edit-draft", "add-party"] {
            let shut = maker.get(&deed(&name, word)).await;
            assert!(shut.text.contains("stands at “Pending approval”") && !shut.text.contains("class=\"fields\""), "{}", shut.text);
        }
    });
}

#[test]
fn an_advocate_sees_a_case_from_the_assignment_to_its_end() {
    run(async {
        let world = world().await;
        let (branch, ..) = branches(&world).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let name = created(&maker, "LAN-9", &branch).await;
        let counsel = person(&world, "t000", "advocate");
        let advocate = Browser::of(&world, counsel).await;
        let panel = text(&upstream::portal_user(&world, counsel).await, "advocate").to_owned();
        assert!(!panel.is_empty());
        let page = format!("/api/cases/show?id={name}");
        assert_eq!(advocate.get(&page).await.status, 404);
        let path = deed(&name, "assign");
        let owner = ("legal_owner", "legal.manager@t000.example");
        let unknown = fill(&maker, &path, &[owner, ("advocate", "0000000000")]).await;
        assert!(unknown.status == 422 && unknown.text.contains("This is none of the choices."), "{}", unknown.text);
        let seen = fill(&maker, &path, &[owner, ("advocate", &panel)]).await;
        assert_eq!(seen.status, 303, "{}", seen.text);
        assert_eq!(advocate.get(&page).await.status, 200);
        let seen = fill(&maker, &path, &[owner, ("advocate", "")]).await;
        assert_eq!(seen.status, 303, "{}", seen.text);
        assert_eq!(advocate.get(&page).await.status, 404);
        assert_eq!(advocate.get(&path).await.status, 403);
    });
}

#[test]
fn a_defect_is_answered_and_cured_with_the_step_that_submits_the_answers() {
    run(async {
        let world = world().await;
        let (branch, ..) = branches(&world).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let name = created(&maker, "LAN-10", &branch).await;
        upstream::change(&world, "Arbitration Case", &name, &json!({"stage": "S30", "status": "DEFECT_RAISED", "defect_open_count": 1}))
            .await;
        let defect = json!({
            "institution": "T000", "made_by": "upstream:registry", "changed_by": "upstream:registry", "case_ref": name, "code": "NO_SOA",
            "defect_text": "The account is missing", "raised_on": "2026-11-01", "due_on": "2026-12-01", "state": "OPEN", "cure_days": -1,
        });
        let defect = upstream::create(&world, "Case Defect", &defect).await;
        let path = format!("{}?on={defect}", deed(&name, "answer-defect"));
        let tasks = maker.get(&format!("/api/cases/tasks?id={name}&every=true")).await;
        assert!(tasks.text.contains("The account is missing") && tasks.text.contains(&path), "{}", tasks.text);
        let shut = maker.get(&deed(&name, "cure_defect")).await;
        assert!(!shut.text.contains("class=\"fields\""), "{}", shut.text);
        let empty = fill(&maker, &path, &[("document", ""), ("answer", "  ")]).await;
        assert!(empty.status == 422 && empty.text.contains("Choose a document or answer in words."), "{}", empty.text);
        let seen = fill(&maker, &path, &[("document", ""), ("answer", "It is annexed as A-3")]).await;
        assert_eq!(seen.shape(), format!("303 -> /cases/{name}/tasks"), "{}", seen.text);
        let nobody = maker.get(&format!("{}?on=0000000000", deed(&name, "answer-defect"))).await;
        let other = created(&maker, "LAN-11", &branch).await;
        let of_another = maker.get(&format!("{}?on={defect}", deed(&other, "answer-defect"))).await;
        assert_eq!((nobody.status, of_another.stable_text()), (404, nobody.stable_text()));

        let seen = fill(&maker, &deed(&name, "cure_defect"), &[]).await;
        assert_eq!(seen.status, 303, "{}", seen.text);
        let cured =
            rows(&world, "Case Defect", &["name", "state", "cured_on", "cure_days", "cure_text"], &[("name", &defect)]).await.remove(0);
        assert_eq!((text(&cured, "state"), text(&cured, "cure_text")), ("CURED", "It is annexed as A-3"));
        assert!(cured["cure_days"].as_i64() > Some(0) && !text(&cured, "cured_on").is_empty(), "{cured}");
        let case = rows(&world, "Arbitration Case", &["name", "status", "defect_open_count"], &[("name", &name)]).await.remove(0);
        assert_eq!((text(&case, "status"), case["defect_open_count"].as_i64()), ("DEFECT_CURED", Some(0)));
    });
}
