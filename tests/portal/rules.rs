//! Service rules in versions, and findings of service by hand: proposed by one person, approved by another, and named where they decided.
//!
//! Must not know how a request is kept, but for what others find in its record.

use odr_portal::{cli::demo::World, model::Role};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Seen, person, run, today, until},
    forms::{deed, fill, send},
    upstream,
    work::{placed, rows, trail, world},
};

const RULE: &str = "/settings/rules/S21";
const NEW: &str = "/settings/rules/S21/new";

async fn of(world: &World, local: &str) -> Browser {
    Browser::of(world, person(world, "t000", local)).await
}

/// Every version of the rule for notices under s. 21, by its number.
async fn versions(world: &World) -> Vec<Value> {
    let fields =
        ["name", "notice_type", "version", "state", "accepts", "approved_by", "approval", "made_by", "effective_from_at", "min_channels"];
    let mut found = rows(world, "Service Rule", &fields, &[("notice_type", "S21")]).await;
    found.sort_by_key(|row| row["version"].as_i64());
    found
}

/// What stands in the form, with some of it typed over.
fn typed(form: &Seen, over: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    const FIELDS: [&str; 11] = [
        "speed_post_delivered",
        "speed_post_returned",
        "courier_delivered",
        "courier_returned",
        "hand_delivered",
        "email_delivered",
        "whatsapp_delivered",
        "whatsapp_read",
        "sms_delivered",
        "refused_counts",
        "unclaimed_counts",
    ];
    let chosen = |field: &str| {
        let select = form.text.split(&format!("<select id=\"{field}\"")).nth(1).unwrap().split("</select>").next().unwrap();
        let option = select.split("<option ").find(|option| option.contains(" selected")).unwrap();
        ["NOT_SERVED", "DEEMED_SERVED", "SERVED"].into_iter().find(|code| option.contains(&format!("value=\"{code}\""))).unwrap()
    };
    let free = |field: &&str| !over.iter().any(|(name, _)| name == field);
    let stands = FIELDS.into_iter().filter(free).map(|field| (field, chosen(field)));
    let rest = [("min_channels", "1")].into_iter().filter(|(field, _)| free(field));
    stands.chain(rest).chain(over.iter().copied()).collect()
}

/// The address of what waits for approval of this kind.
async fn request(world: &World, kind: &str) -> String {
    let waiting = rows(world, "Case Approval", &["name", "object_kind", "state"], &[("object_kind", kind), ("state", "PENDING")]).await;
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    format!("/approvals/{}", waiting[0]["name"].as_str().unwrap())
}

#[test]
fn another_version_takes_the_place_of_the_one_before_when_the_head_approves_it() {
    run(async {
        let world = world().await;
        let (manager, head) = (of(&world, "legal.manager").await, of(&world, "legal.head").await);
        assert_eq!(versions(&world).await.iter().map(|row| row["state"].clone()).collect::<Vec<_>>(), [json!("RETIRED"), json!("ACTIVE")]);
        let form = manager.get(NEW).await;
        assert!(form.status == 200 && !form.text.contains("<script"), "{}", form.text);
        let day = today();
        let day: &'static str = day.leak();
        let same = send(
            &manager,
            NEW,
            &form,
            &typed(&form, &[("all_respondents", "1"), ("needs_electronic_clause", "1"), ("effective_from", day)]),
        )
        .await;
        assert!(same.status == 422 && same.text.contains("Nothing of it is different"), "{}", same.text);
        for (over, said) in [
            (&[("min_channels", "6"), ("effective_from", day)][..], "More channels than there are"),
            (&[("effective_from", "2020-01-01")], "days that have passed"),
            (&[("hand_delivered", "MAYBE"), ("effective_from", day)], "none of the choices"),
        ] {
            let refused = send(&manager, NEW, &form, &typed(&form, over)).await;
            assert!(refused.status == 422 && refused.text.contains(said), "{said}: {}", refused.text);
        }
        let change = [("hand_delivered", "NOT_SERVED"), ("min_channels", "2"), ("all_respondents", "1"), ("effective_from", day)];
        let sent = send(&manager, NEW, &form, &typed(&form, &change)).await;
        assert_eq!(sent.shape(), format!("303 -> {RULE}"), "{}", sent.text);
        // Sent a second time, it is the same version and the same request.
        assert_eq!(send(&manager, NEW, &form, &typed(&form, &change)).await.shape(), sent.shape());
        let waiting = request(&world, "SERVICE_RULE").await;
        let all = versions(&world).await;
        assert_eq!((all.len(), &all[2]["state"], &all[1]["state"]), (3, &json!("PENDING_APPROVAL"), &json!("ACTIVE")));
        assert!(manager.get(RULE).await.text.contains("Waits for approval"));
        assert!(manager.get(NEW).await.text.contains("was proposed by legal.manager@t000.example"));
        // Who proposed it takes it back or leaves it; an administrator does not decide on the law.
        let admin = of(&world, "tenant.admin").await;
        assert_eq!(admin.post(&waiting, &[]).await.status, 404, "it is none of theirs");
        let own = manager.get(&waiting).await;
        assert!(own.status == 200 && own.text.contains("Take it back"), "{}", own.text);
        assert_eq!(manager.post(&waiting, &[("decision", "approve")]).await.shape(), "403 This is not allowed");
        assert!(head.get("/api/approvals/list").await.text.contains(&waiting));
        let shown = head.get(&waiting).await;
        for said in ["By hand (acknowledgement)", "What would change of version 2", "Channels with evidence, at least"] {
            assert!(shown.text.contains(said), "{said}: {}", shown.text);
        }
        assert_eq!(send(&head, &waiting, &shown, &[]).await.shape(), format!("303 -> {RULE}"));
        let all = versions(&world).await;
        let states: Vec<&str> = all.iter().map(|row| row["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["RETIRED", "RETIRED", "ACTIVE"]);
        assert_eq!((&all[2]["approved_by"], &all[2]["made_by"]), (&json!("legal.head@t000.example"), &json!("legal.manager@t000.example")));
        assert!(waiting.ends_with(all[2]["approval"].as_str().unwrap()) && all[2]["min_channels"] == 2);
        let accepts: Value = serde_json::from_str(all[2]["accepts"].as_str().unwrap()).unwrap();
        assert!(accepts["HAND"].is_null() && accepts["SPEED_POST"]["DELIVERED"]["reads"] == "SERVED", "{accepts}");
        let page = head.get("/settings").await;
        assert!(page.text.contains("Version 3"), "{}", page.text);
        // Two at once of the same number: one is told, and nothing of theirs is lost.
        let other = of(&world, "legal.manager.2").await;
        let (one, two) = (manager.get(NEW).await, other.get(NEW).await);
        let again = [("hand_delivered", "SERVED"), ("min_channels", "2"), ("effective_from", day)];
        let (mine, theirs) = (typed(&one, &again), typed(&two, &again));
        let (one, two) = futures::join!(send(&manager, NEW, &one, &mine), send(&other, NEW, &two, &theirs));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "{} {}", one.text, two.text);
        let told = if one.status == 409 { one } else { two };
        assert!(told.text.contains("Somebody else was quicker"), "{}", told.text);
        // Returned, it does not wait any more.
        let why = [("decision", "return"), ("reason_code", "OTHER"), ("comment", "Not without a court’s word")];
        assert_eq!(fill(&head, &request(&world, "SERVICE_RULE").await, &why).await.status, 303);
        assert_eq!(versions(&world).await[3]["state"], "RETURNED");
        assert!(manager.get(NEW).await.text.contains("Ask for approval"));
    });
}

#[test]
fn a_version_of_a_later_day_is_approved_and_not_yet_in_force() {
    run(async {
        let world = world().await;
        let (admin, head) = (of(&world, "tenant.admin").await, of(&world, "legal.head").await);
        let later = jiff::Timestamp::now().in_tz("Asia/Kolkata").unwrap().date().checked_add(jiff::Span::new().days(9)).unwrap();
        let later: &'static str = later.to_string().leak();
        let form = admin.get(NEW).await;
        let sent = send(&admin, NEW, &form, &typed(&form, &[("min_channels", "2"), ("effective_from", later)])).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        assert_eq!(fill(&head, &request(&world, "SERVICE_RULE").await, &[]).await.status, 303);
        let page = head.get(RULE).await;
        assert!(page.text.contains("Version 2 is in force") && page.text.contains("Approved, not yet in force"), "{}", page.text);
        assert_eq!(versions(&world).await[2]["state"], "ACTIVE");
    });
}

#[test]
fn settings_are_seen_and_changed_by_whom_the_matrix_says_and_are_each_institutions_own() {
    run(async {
        let world = world().await;
        let locals =
            ["tenant.admin", "legal.head", "legal.manager", "collections", "branch.user", "advocate", "finance", "auditor", "viewer"];
        for (local, role) in locals.into_iter().zip(Role::ALL) {
            let browser = of(&world, local).await;
            let sees = matches!(role, Role::TenantAdmin | Role::LegalHead | Role::LegalManager | Role::Auditor);
            let proposes = matches!(role, Role::TenantAdmin | Role::LegalManager);
            for (path, may) in [("/settings", sees), (RULE, sees), (NEW, proposes)] {
                let seen = browser.get(path).await;
                assert_eq!(seen.status, if may { 200 } else { 403 }, "{role:?} {path}");
                assert!(may || seen.text.contains("Only a tenant admin"), "{role:?} {path}: {}", seen.text);
            }
            assert_eq!(browser.get(RULE).await.text.contains(NEW), proposes, "{role:?}");
            if !proposes {
                assert_eq!(browser.post(NEW, &[]).await.shape(), "403 This is not allowed", "{role:?}");
            }
        }
        let head = of(&world, "legal.head").await;
        for nothing in ["REMINDER", "s21", "..", "<b>"] {
            assert_eq!(head.get(&format!("/settings/rules/{nothing}")).await.status, 404, "{nothing}");
        }
        until("refusals are on record", async || {
            let denied = rows(&world, "Portal Audit Event", &["kind", "action"], &[("kind", "DENIED")]).await;
            denied.iter().filter(|row| row["action"] == "rule.propose").count() >= 14
        })
        .await;
        // Another institution's version is none of theirs.
        let theirs = upstream::rows(&world, "t001", "Service Rule", &["name", "notice_type", "state"]).await;
        let theirs = theirs.iter().find(|row| row["notice_type"] == "S21" && row["state"] == "ACTIVE").unwrap()["name"].clone();
        upstream::change(&world, "Service Rule", theirs.as_str().unwrap(), &json!({"version": 77})).await;
        assert!(!head.get(RULE).await.text.contains("77") && !head.get("/settings").await.text.contains("77"));
    });
}

/// A case with a cell of the notice under s. 21 and a document that shows something: case, cell, document.
async fn case_with_cell(world: &World) -> (String, String, String) {
    let case = placed(world, 0, "S20", "S21_ISSUED").await;
    let mut cells = rows(world, "Case Service", &["name", "case_ref", "party_seq", "notice_type"], &[("case_ref", &case)]).await;
    cells.retain(|cell| cell["party_seq"] == 2);
    // The one that is of this notice already, where there is one: a party has one cell a notice.
    cells.sort_by_key(|cell| cell["notice_type"] != "S21");
    let cell = cells[0]["name"].as_str().unwrap().to_owned();
    let change =
        json!({"notice_type": "S21", "state": "IN_PROGRESS", "counts_served": 0, "served_on": null, "proof_doc": null, "required": 1});
    upstream::change(world, "Case Service", &cell, &change).await;
    let paper = json!({
        "case_ref": case, "doc_type": "POD", "title": "Acknowledgement", "state": "STORED", "is_latest": 1, "version": 1,
        "doc_group": format!("pod-{case}"), "doc_version_key": format!("pod-{case}"), "institution": "T000",
    });
    upstream::copy_first(world, "t000", "Case Document", &paper).await;
    let fields = ["name", "case_ref", "doc_type", "title"];
    let papers = rows(world, "Case Document", &fields, &[("case_ref", &case), ("title", "Acknowledgement")]).await;
    (case, cell, papers[0]["name"].as_str().unwrap().to_owned())
}

async fn cell_of(world: &World, name: &str) -> Value {
    let fields =
        ["name", "state", "counts_served", "served_on", "proof_doc", "rule", "rule_text", "decided_by", "approval", "evidence_kind"];
    rows(world, "Case Service", &fields, &[("name", name)]).await.remove(0)
}

#[test]
fn service_is_found_by_hand_with_a_document_a_reason_and_a_second_person() {
    run(async {
        let world = world().await;
        let (case, cell, paper) = case_with_cell(&world).await;
        let (manager, head) = (of(&world, "legal.manager").await, of(&world, "legal.head").await);
        let path = deed(&case, "service-finding");
        assert!(manager.get(&format!("/api/cases/deeds?id={case}")).await.text.contains(&path));
        let day = today();
        let found = [
            ("on", cell.as_str()),
            ("found", "SERVED"),
            ("served_on", &day),
            ("evidence", "HAND"),
            ("proof", &paper),
            ("reason", "Signed for by the borrower at the branch"),
        ];
        let without = |name: &str| found.iter().copied().filter(|(known, _)| *known != name).collect::<Vec<_>>();
        for missing in ["on", "found", "served_on", "evidence", "proof", "reason"] {
            let refused = fill(&manager, &path, &without(missing)).await;
            assert_eq!(refused.status, 422, "{missing}: {}", refused.text);
            assert!(missing == "reason" || refused.text.contains("Signed for by the borrower"), "{missing}: {}", refused.text);
        }
        let other_paper = [&without("proof")[..], &[("proof", "0000000000")]].concat();
        assert_eq!(fill(&manager, &path, &other_paper).await.status, 422);
        let sent = fill(&manager, &path, &found).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        assert_eq!(cell_of(&world, &cell).await["state"], "IN_PROGRESS", "until it is approved");
        let link = format!("{path}?on={cell}");
        assert!(head.get("/api/approvals/list").await.text.contains(&link));
        assert!(manager.get(&link).await.text.contains("a legal head decides"));
        let shown = head.get(&link).await;
        for said in ["Signed for by the borrower", "Handed over, and received", "Acknowledgement", "legal.manager@t000.example"] {
            assert!(shown.text.contains(said), "{said}: {}", shown.text);
        }
        // Returned it stays as it is; asked for again it is approved, and names its rule.
        let back = send(&head, &link, &shown, &[("decision", "return"), ("reason", "The signature is not theirs")]).await;
        assert_eq!(back.status, 303, "{}", back.text);
        assert_eq!(cell_of(&world, &cell).await["state"], "IN_PROGRESS");
        assert_eq!(fill(&manager, &path, &found).await.status, 303);
        assert_eq!(fill(&head, &link, &[]).await.status, 303);
        let after = cell_of(&world, &cell).await;
        let rule = versions(&world).await[1]["name"].clone();
        assert_eq!((&after["state"], &after["counts_served"], &after["served_on"]), (&json!("SERVED"), &json!(1), &json!(day)));
        assert_eq!((&after["rule"], &after["proof_doc"], &after["evidence_kind"]), (&rule, &json!(paper), &json!("HAND")));
        assert_eq!(after["decided_by"], "legal.manager@t000.example");
        assert_eq!(after["rule_text"], "Found by hand: handed over, and received");
        assert!(
            head.get(&format!("/api/cases/service?id={case}")).await.text.contains("handed over, and received (version 2 of the rule)")
        );
        let approvals =
            rows(&world, "Case Approval", &["name", "object_kind", "state", "checker"], &[("object_kind", "SERVICE_FINDING")]).await;
        let mut states: Vec<&str> = approvals.iter().map(|row| row["state"].as_str().unwrap()).collect();
        states.sort_unstable();
        assert_eq!(states, ["APPROVED", "RETURNED"]);
        let finds = trail(&world, &case).await.into_iter().filter(|(_, action)| action == "service.find").count();
        assert_eq!(finds, 4);
    });
}

#[test]
fn a_finding_is_not_for_everybody_nor_decided_by_who_asked_nor_over_another_cell_than_was_seen() {
    run(async {
        let world = world().await;
        let (case, cell, paper) = case_with_cell(&world).await;
        let path = deed(&case, "service-finding");
        for local in ["tenant.admin", "collections", "branch.user", "advocate", "finance", "auditor", "viewer"] {
            assert_eq!(of(&world, local).await.get(&path).await.status, 403, "{local}");
        }
        let (manager, head) = (of(&world, "legal.manager").await, of(&world, "legal.head").await);
        let not = [
            ("on", cell.as_str()),
            ("found", "UNSERVED"),
            ("evidence", "RETURN_REMARK"),
            ("proof", &paper),
            ("reason", "Came back: no such person"),
        ];
        assert_eq!(fill(&manager, &path, &not).await.status, 303);
        let link = format!("{path}?on={cell}");
        // A head who acts for who asked is no second person.
        let user = person(&world, "t000", "legal.manager");
        let deputy = json!({"deputy": "legal.head@t000.example", "deputy_until_on": today()});
        upstream::change_portal_user(&world, user, &deputy).await;
        let shut = head.get(&link).await;
        assert!(shut.status == 200 && shut.text.contains("act for each other"), "{}", shut.text);
        upstream::change_portal_user(&world, user, &json!({"deputy": "", "deputy_until_on": null})).await;
        upstream::change(&world, "Case Service", &cell, &json!({"state": "DISPUTED"})).await;
        let void = fill(&head, &link, &[]).await;
        assert!(void.status == 409 && void.text.contains("void"), "{}", void.text);
        assert_eq!(cell_of(&world, &cell).await["state"], "DISPUTED");
        // A cell of another case is nobody's.
        let all = rows(&world, "Case Service", &["name", "case_ref"], &[]).await;
        let other = all.iter().find(|row| row["case_ref"] != case.as_str()).unwrap()["name"].as_str().unwrap().to_owned();
        let shape = async |cell: &str| head.get(&format!("{path}?on={cell}")).await.shape();
        assert_eq!(shape(&other).await, shape("0000000000").await);
        assert!(shape(&other).await.starts_with("404"));
    });
}
