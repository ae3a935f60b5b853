//! A document that is withdrawn by two people: it stays in sight with its reason, proves nothing, goes into no archive, and is opened by
//! those alone who decide and audit.
//!
//! Must not know how a request is kept: what counts is what stands at the institution's own server, and what a browser is given.

use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::{InstitutionSpec, small_institution},
};
use serde_json::{Value, json};

use crate::{
    browser::{self, Browser, person, run, unlimited},
    forms::{fill, send},
    upstream,
    work::{placed, rows},
};

const REASON: &str = "It is another borrower’s agreement";
const PROOF: &str = "Attach proof of the credit to a payment that finance has confirmed.";

/// An institution, one of its documents that can be opened, and its case, which the manager reaches.
async fn with_document() -> (World, String, String) {
    let specs = (0..2).map(|index| InstitutionSpec { cases: 12, ..small_institution(index) }).collect();
    let mut world = World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap();
    upstream::administer(&mut world);
    let clean = [("scan_state", "CLEAN"), ("state", "STORED")];
    let papers = rows(&world, "Case Document", &["name", "case_ref", "scan_state", "state", "is_latest"], &clean).await;
    let paper = papers.iter().find(|row| row["is_latest"] == 1 && !row["case_ref"].as_str().unwrap_or_default().is_empty()).unwrap();
    let (paper, case) = (paper["name"].as_str().unwrap().to_owned(), paper["case_ref"].as_str().unwrap().to_owned());
    let names = rows(&world, "Arbitration Case", &["name"], &[]).await;
    let index = names.iter().position(|row| row["name"] == *case).unwrap();
    assert_eq!(placed(&world, index, "S60", "HEARD").await, case);
    (world, case, paper)
}

fn form(case: &str, paper: &str) -> String {
    format!("/cases/{case}/do/withdraw-document?on={paper}")
}

async fn of(world: &World, local: &str) -> Browser {
    Browser::of(world, person(world, "t000", local)).await
}

async fn document(world: &World, paper: &str) -> Value {
    rows(world, "Case Document", &["name", "state", "withdrawn_reason", "approval"], &[("name", paper)]).await.remove(0)
}

/// How many documents the last archive of the case was recorded with.
async fn archived(world: &World, browser: &Browser, case: &str) -> i64 {
    let (headers, bytes) = browser.bytes(&format!("/cases/{case}/documents.zip")).await;
    assert!(!bytes.is_empty(), "{headers:?}");
    let fields = ["action", "kind", "row_total", "seq"];
    let mut taken = rows(world, "Portal Audit Event", &fields, &[("action", "document.bundle"), ("kind", "DOWNLOAD")]).await;
    taken.sort_by_key(|row| row["seq"].as_i64());
    taken.last().unwrap()["row_total"].as_i64().unwrap()
}

#[test]
fn a_document_is_withdrawn_by_two_people_and_then_only_they_who_decide_and_audit_open_it() {
    run(async {
        let (world, case, paper) = with_document().await;
        let (manager, head, auditor) = (of(&world, "legal.manager").await, of(&world, "legal.head").await, of(&world, "auditor").await);
        let content = format!("/documents/{paper}/content");
        let page = manager.get(&format!("/api/cases/document?id={case}&doc={paper}")).await;
        assert!(page.text.contains("Withdraw this version"), "{}", page.text);
        let before = archived(&world, &manager, &case).await;

        let unsaid = fill(&manager, &form(&case, &paper), &[("reason", "no")]).await;
        assert!(unsaid.status == 422 && unsaid.text.contains("Too short"), "{}", unsaid.text);
        let asked = fill(&manager, &form(&case, &paper), &[("reason", REASON)]).await;
        assert_eq!(asked.status, 303, "{}", asked.text);
        assert_eq!(document(&world, &paper).await["state"], "STORED", "nothing happens until somebody else has decided");
        assert_eq!(manager.get(&content).await.status, 200);

        // Nobody decides on what they, or who they act for, have asked for.
        let own = manager.get(&form(&case, &paper)).await;
        assert!(own.text.contains("You submitted this yourself") && !own.text.contains("class=\"fields\""), "{}", own.text);
        let forced = [("on", paper.as_str()), ("operation", "00000000-0000-4000-8000-000000000000"), ("revision", "")];
        let forced = manager.post(&format!("/cases/{case}/do/withdraw-document"), &forced).await;
        assert!(forced.status == 422 && forced.text.contains("You submitted this yourself"), "{}", forced.text);
        let asker = person(&world, "t000", "legal.manager");
        upstream::change_portal_user(&world, asker, &json!({"deputy": "legal.head@t000.example"})).await;
        let deputy = head.get(&form(&case, &paper)).await;
        assert!(deputy.text.contains("act for each other") && !deputy.text.contains("class=\"fields\""), "{}", deputy.text);
        upstream::change_portal_user(&world, asker, &json!({"deputy": ""})).await;
        assert_eq!(document(&world, &paper).await["state"], "STORED");

        let waiting = head.get("/api/approvals/list").await;
        assert!(waiting.text.contains(&form(&case, &paper)), "{}", waiting.text);
        let decide = head.get(&form(&case, &paper)).await;
        assert!(decide.text.contains(REASON), "{}", decide.text);
        assert_eq!(send(&head, &form(&case, &paper), &decide, &[]).await.status, 303);
        let withdrawn = document(&world, &paper).await;
        assert_eq!((withdrawn["state"].as_str(), withdrawn["withdrawn_reason"].as_str()), (Some("WITHDRAWN"), Some(REASON)));
        let fields = ["name", "state", "checker", "object_kind"];
        let approval = rows(&world, "Case Approval", &fields, &[("name", withdrawn["approval"].as_str().unwrap())]).await.remove(0);
        let decided = ["state", "checker", "object_kind"].map(|field| approval[field].as_str().unwrap().to_owned());
        assert_eq!(decided, ["APPROVED", "legal.head@t000.example", "DOCUMENT"]);

        let listed = manager.get(&format!("/api/cases/documents?id={case}")).await;
        assert!(listed.text.contains(&paper) && listed.text.contains("Withdrawn") && listed.text.contains(REASON), "{}", listed.text);
        assert_eq!(manager.get(&content).await.status, 409);
        assert_eq!(head.get(&content).await.status, 200);
        assert_eq!(auditor.get(&content).await.status, 200);
        let shown = |browser: Browser| {
            let address = format!("/api/cases/document?id={case}&doc={paper}");
            async move { browser.get(&address).await.text }
        };
        assert!(shown(manager.clone()).await.contains("This document was withdrawn and cannot be opened."));
        assert!(shown(auditor.clone()).await.contains(&content));
        assert_eq!(archived(&world, &manager, &case).await, before - 1);
        assert_eq!(archived(&world, &auditor, &case).await, before - 1, "into no archive, whoever takes it");
        let again = manager.get(&form(&case, &paper)).await;
        assert!(again.text.contains("withdrawn already"), "{}", again.text);
    });
}

#[test]
fn a_withdrawal_that_is_refused_leaves_the_document_on_file() {
    run(async {
        let (world, case, paper) = with_document().await;
        let (manager, head) = (of(&world, "legal.manager").await, of(&world, "legal.head").await);
        let early = head.get(&form(&case, &paper)).await;
        assert!(early.text.contains("A legal manager asks for it"), "{}", early.text);
        assert_eq!(fill(&manager, &form(&case, &paper), &[("reason", REASON)]).await.status, 303);
        let no = [("decision", "return"), ("reason", "It is the right one after all")];
        assert_eq!(fill(&head, &form(&case, &paper), &no).await.status, 303);
        assert_eq!(document(&world, &paper).await["state"], "STORED");
        assert_eq!(manager.get(&format!("/documents/{paper}/content")).await.status, 200);
        for local in ["branch.user", "auditor", "finance"] {
            assert!([403, 404].contains(&of(&world, local).await.get(&form(&case, &paper)).await.status), "{local}");
        }
    });
}

#[test]
fn what_was_withdrawn_proves_no_credit() {
    run(async {
        let (world, case, paper) = with_document().await;
        let (manager, head) = (of(&world, "legal.manager").await, of(&world, "legal.head").await);
        upstream::change(&world, "Arbitration Case", &case, &json!({"total_dues": 0})).await;
        for payment in rows(&world, "Case Payment", &["name", "case_ref"], &[("case_ref", &case)]).await {
            upstream::change(&world, "Case Payment", payment["name"].as_str().unwrap(), &json!({"counted": 0})).await;
        }
        let credit = json!({
            "case_ref": case, "proof_doc": paper, "counted": 1, "state": "CONFIRMED", "paid_on": browser::today(), "utr_key": "proved-credit",
            "idem_key": "proved-credit",
        });
        upstream::copy_first(&world, "t000", "Case Payment", &credit).await;
        let reasons = async || manager.get(&format!("/api/cases/deeds?id={case}")).await.text;
        assert!(!reasons().await.contains(PROOF), "{}", reasons().await);
        assert_eq!(fill(&manager, &form(&case, &paper), &[("reason", REASON)]).await.status, 303);
        assert_eq!(fill(&head, &form(&case, &paper), &[]).await.status, 303);
        assert!(reasons().await.contains(PROOF), "{}", reasons().await);
    });
}

#[test]
fn a_document_of_another_case_or_institution_is_nobodys_here() {
    run(async {
        let (world, case, _) = with_document().await;
        let manager = of(&world, "legal.manager").await;
        let others = rows(&world, "Case Document", &["name", "case_ref"], &[]).await;
        let other = others.iter().find(|row| row["case_ref"].as_str().is_some_and(|of| of != case)).unwrap();
        let foreign = upstream::rows(&world, "t001", "Case Document", &["name"]).await[0]["name"].as_str().unwrap().to_owned();
        for paper in [other["name"].as_str().unwrap(), &foreign, "0000000000"] {
            assert_eq!(manager.get(&form(&case, paper)).await.status, 404, "{paper}");
        }
    });
}
