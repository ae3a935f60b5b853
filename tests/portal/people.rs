//! People and roles: who lets whom in and changes what they may, by two people; and the rules that nobody gets round.
//!
//! Must not know how a request is kept, but for what others find in its record.

mod requests;

use odr_portal::model::Role;
use serde_json::json;

use crate::{
    browser::{self, Browser, person, run, today, until},
    forms::{fill, hidden, send},
    upstream,
    work::{rows, world},
};
use requests::{asked, become_, change, decide, denials, id_of, of, request, row, typed};

#[test]
fn somebody_is_let_in_by_two_people_and_by_nobody_alone() {
    run(async {
        let world = world().await;
        let (admin, head) = (of(&world, "tenant.admin").await, of(&world, "legal.head").await);
        let guest = person(&world, "t000", "no.record");
        let form = admin.get("/people/new").await;
        assert_eq!((form.status, form.text.contains("<script")), (200, false));
        let new = [
            ("user_id", " No.Record@T000.example "),
            ("display_name", "Nisha Record"),
            ("email", "no.record@t000.example"),
            ("portal_role", "LEGAL_MANAGER"),
            ("zones", "west"),
        ];
        let sent = send(&admin, "/people/new", &form, &new).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        // Sent again because nobody knew what became of it: there is one person, and one request.
        assert_eq!(send(&admin, "/people/new", &form, &new).await.shape(), sent.shape());
        let made = row(&world, "no.record").await;
        assert_eq!(sent.location(), format!("/people/{}", made["name"].as_str().unwrap()));
        assert_eq!((&made["state"], &made["active"], &made["zones"]), (&json!("PENDING_APPROVAL"), &json!(0), &json!(";WEST;")));
        let browser = Browser::at(&world, &guest.host);
        let refused = browser.type_password(&guest.user.user_id, &guest.user.password).await;
        assert!(!refused.text.contains("name=\"code\""), "not before it is approved");
        let waiting = rows(&world, "Case Approval", &["object_kind", "state"], &[("object_kind", "USER"), ("state", "PENDING")]).await;
        assert_eq!(waiting.len(), 1);
        let request = request(&world, "no.record").await;
        // Both see it; one of them decides.
        let (mine, theirs) = (admin.get("/api/approvals/list").await, head.get("/api/approvals/list").await);
        assert!(mine.text.contains("Nisha Record") && !mine.text.contains(&request), "{}", mine.text);
        assert!(theirs.text.contains(&request), "{}", theirs.text);
        assert_eq!(admin.get("/approvals").await.status, 200);
        let shown = head.get(&request).await;
        for said in ["Nisha Record", "Legal manager", "WEST", "tenant.admin@t000.example"] {
            assert!(shown.text.contains(said), "{said}: {}", shown.text);
        }
        let own = fill(&admin, &request, &[("decision", "approve")]).await;
        assert_eq!(own.shape(), "303 -> /people/".to_owned() + made["name"].as_str().unwrap(), "they take it back");
        assert_eq!(asked(&world, "no.record").await["state"], "WITHDRAWN");
        // Submitted again, it is approved.
        let again = fill(&admin, &change(&made), &[&new[1..], &[("regions", "MAHARASHTRA")]].concat()).await;
        assert_eq!(again.status, 303, "{}", again.text);
        let done = decide(&world, &head, "no.record", &[]).await;
        assert_eq!(done.status, 303, "{}", done.text);
        let made = row(&world, "no.record").await;
        assert_eq!((&made["state"], &made["active"], &made["regions"]), (&json!("ACTIVE"), &json!(1), &json!(";MAHARASHTRA;")));
        assert_eq!((&made["created_by"], &made["approved_by"]), (&json!("tenant.admin@t000.example"), &json!("legal.head@t000.example")));
        let browser = Browser::at(&world, &guest.host);
        browser.sign_in(guest).await;
        assert!(browser.is_in().await);
        let trail = rows(&world, "Portal Audit Event", &["action", "kind"], &[("kind", "CONFIG")]).await;
        for action in ["user.invite", "approval.withdraw", "user.ask", "user.approve"] {
            assert!(trail.iter().any(|row| row["action"] == action), "{action}: {trail:?}");
        }
    });
}

#[test]
fn nobody_decides_on_what_they_submitted_what_they_may_or_what_their_deputy_submitted() {
    run(async {
        let world = world().await;
        let (admin, head) = (of(&world, "tenant.admin").await, of(&world, "legal.head").await);
        let (ask, raise) = (row(&world, "legal.head").await, [("amount_limit", "9Cr")]);
        assert_eq!(fill(&admin, &change(&ask), &typed(&ask, &raise)).await.status, 303);
        let request = request(&world, "legal.head").await;
        let shown = head.get(&request).await;
        assert!(shown.status == 200 && shown.text.contains("₹9,00,00,000"), "{}", shown.text);
        assert!(!shown.text.contains("name=\"reason_code\""), "whose own limit it is, decides nothing: {}", shown.text);
        assert_eq!(head.post(&request, &hidden_of(&shown)).await.shape(), "403 This is not allowed");
        assert_eq!(admin.post(&request, &[("decision", "")]).await.shape(), "403 This is not allowed");
        // Another head may; unless they act for who submitted it.
        become_(&world, "tenant.admin", &json!({"deputy": "legal.head.2@t000.example", "deputy_until_on": today()})).await;
        let second = of(&world, "legal.head.2").await;
        assert_eq!(second.post(&request, &[]).await.shape(), "403 This is not allowed");
        assert_eq!(row(&world, "legal.head").await["amount_limit"], 5_000_000.0);
        until("the refusals are on record", async || denials(&world, "approval.decide").await >= 3).await;
        become_(&world, "tenant.admin", &json!({"deputy": "", "deputy_until_on": null})).await;
        assert_eq!(decide(&world, &second, "legal.head", &[]).await.status, 303);
        assert_eq!(row(&world, "legal.head").await["amount_limit"], 90_000_000.0);
        // An auditor reads it and decides nothing; whom it is none of is told nothing.
        let auditor = of(&world, "auditor").await;
        assert_eq!(auditor.get(&request).await.status, 200);
        let manager = of(&world, "legal.manager").await;
        assert_eq!(manager.get(&request).await.shape(), manager.get("/approvals/0000000000").await.shape());
        assert_eq!(of(&world, "viewer").await.get(&request).await.status, 403);
    });
}

fn hidden_of(form: &browser::Seen) -> Vec<(&'static str, &'static str)> {
    // Without fields there is no form: what a hand-made one would send is nothing.
    assert!(hidden(form).is_empty());
    Vec::new()
}

#[test]
fn nobody_changes_their_own_access_nor_that_of_whom_they_act_for() {
    run(async {
        let world = world().await;
        let admin = of(&world, "tenant.admin").await;
        let own = id_of(&world, "tenant.admin").await;
        become_(&world, "legal.head", &json!({"deputy": "tenant.admin@t000.example", "deputy_until_on": today()})).await;
        let acted_for = id_of(&world, "legal.head").await;
        for id in [&own, &acted_for] {
            for deed in ["change", "enable", "disable", "end-sessions"] {
                let path = format!("/people/{id}/do/{deed}");
                assert_eq!(admin.get(&path).await.shape(), "403 This is not allowed", "{path}");
                let operation = "00000000-0000-4000-8000-000000000000";
                let sent = admin.post(&path, &[("operation", operation), ("reason", "because of it")]).await;
                assert_eq!(sent.shape(), "403 This is not allowed", "{path}");
            }
        }
        assert!(!admin.get(&format!("/people/{own}")).await.text.contains("/do/"));
        until("each is on record", async || denials(&world, "people.manage").await >= 16).await;
        assert_eq!(row(&world, "legal.head").await["active"], 1);
        assert!(admin.is_in().await);
    });
}

#[test]
fn the_last_admin_is_neither_shut_out_nor_demoted() {
    run(async {
        let world = world().await;
        become_(&world, "viewer", &json!({"portal_role": "TENANT_ADMIN", "zones": "", "products": ""})).await;
        let (first, second, head) = (of(&world, "tenant.admin").await, of(&world, "viewer").await, of(&world, "legal.head").await);
        let (one, two) = (row(&world, "tenant.admin").await, row(&world, "viewer").await);
        // The second asks for the first to be demoted, and is shut out by the first before anybody decides.
        let demoted = fill(&second, &change(&one), &typed(&one, &[("portal_role", "AUDITOR")])).await;
        assert_eq!(demoted.status, 303, "{}", demoted.text);
        let shut_out = |id: &str| format!("/people/{id}/do/disable");
        let why = [("reason", "has left the bank")];
        let shut = fill(&first, &shut_out(two["name"].as_str().unwrap()), &why).await;
        assert_eq!(shut.status, 303, "{}", shut.text);
        let refused = decide(&world, &head, "tenant.admin", &[]).await;
        assert!(refused.status == 422 && refused.text.contains("only tenant admin"), "{}", refused.text);
        assert_eq!(row(&world, "tenant.admin").await["portal_role"], "TENANT_ADMIN");
        assert_eq!(asked(&world, "tenant.admin").await["state"], "PENDING");
        // Both at once, each seeing the other: one is left at least.
        let back = json!({"state": "ACTIVE", "active": 1, "sessions_valid_from_at": null});
        become_(&world, "viewer", &back).await;
        let second = of(&world, "viewer").await;
        let paths = [shut_out(two["name"].as_str().unwrap()), shut_out(one["name"].as_str().unwrap())];
        let (mine, theirs) = (first.get(&paths[0]).await, second.get(&paths[1]).await);
        let both = futures::join!(send(&first, &paths[0], &mine, &why), send(&second, &paths[1], &theirs, &why));
        let left = futures::join!(row(&world, "tenant.admin"), row(&world, "viewer"));
        let on = [left.0, left.1].iter().filter(|row| row["active"] == 1 && row["state"] == "ACTIVE").count();
        assert!(on >= 1, "{} {}", both.0.shape(), both.1.shape());
    });
}

#[test]
fn who_is_shut_out_or_gets_another_role_is_signed_out_at_once() {
    run(async {
        let world = world().await;
        let (admin, head) = (of(&world, "tenant.admin").await, of(&world, "legal.head").await);
        let (viewer, manager) = (of(&world, "viewer").await, of(&world, "legal.manager.2").await);
        let id = id_of(&world, "viewer").await;
        assert!(viewer.is_in().await && manager.is_in().await);
        let path = format!("/people/{id}/do/disable");
        let empty = fill(&admin, &path, &[("reason", "  ")]).await;
        assert!(empty.status == 422 && viewer.is_in().await);
        assert_eq!(fill(&admin, &path, &[("reason", "has left the bank")]).await.status, 303);
        assert!(!viewer.is_in().await);
        let shut = row(&world, "viewer").await;
        assert_eq!((&shut["state"], &shut["active"]), (&json!("SUSPENDED"), &json!(0)));
        assert!(shut["sessions_valid_from_at"].is_string());
        // In again by two people.
        assert_eq!(fill(&admin, &format!("/people/{id}/do/enable"), &[]).await.status, 303);
        assert_eq!(row(&world, "viewer").await["active"], 0);
        assert_eq!(decide(&world, &head, "viewer", &[]).await.status, 303);
        assert!(of(&world, "viewer").await.is_in().await);
        let before = row(&world, "legal.manager.2").await;
        assert_eq!(fill(&admin, &change(&before), &typed(&before, &[("display_name", "Kavya Rao")])).await.status, 303);
        assert_eq!(decide(&world, &head, "legal.manager.2", &[]).await.status, 303);
        assert!(manager.is_in().await, "another name ends nothing");
        let before = row(&world, "legal.manager.2").await;
        assert_eq!(fill(&admin, &change(&before), &typed(&before, &[("portal_role", "COLLECTIONS_OFFICER")])).await.status, 303);
        assert!(manager.is_in().await, "nothing changes before it is approved");
        assert_eq!(decide(&world, &head, "legal.manager.2", &[]).await.status, 303);
        assert!(!manager.is_in().await);
        let officer = of(&world, "collections").await;
        assert_eq!(
            fill(&admin, &format!("/people/{}/do/end-sessions", id_of(&world, "collections").await), &[("reason", "lost laptop")])
                .await
                .status,
            303
        );
        assert!(!officer.is_in().await && of(&world, "collections").await.is_in().await);
    });
}

#[test]
fn an_access_that_breaks_a_rule_is_refused_under_its_field_and_stays_typed() {
    run(async {
        let world = world().await;
        let admin = of(&world, "tenant.admin").await;
        let viewer = row(&world, "viewer").await;
        for (change_of, said) in [
            (&[("portal_role", "ADVOCATE"), ("zones", "")][..], "choose which"),
            (&[("portal_role", "TENANT_ADMIN")], "runs the portal and nothing besides"),
            (&[("portal_role", "LEGAL_HEAD"), ("zones", ""), ("products", ""), ("deputy", "legal.head@t000.example")], "say until when"),
            (&[("amount_limit", "5L")], "Only a legal head approves amounts"),
            (&[("zones", "ATLANTIS")], "has no ATLANTIS"),
            (&[("branches", "<b>x</b>")], "has no &lt;b&gt;x&lt;/b&gt;"),
            (&[("allowed_until_on", "2020-01-01")], "This day has passed"),
            (&[("email", "legal.head@t000.example")], "Somebody has this address of mail already"),
            (&[("portal_role", "SUPERUSER")], "none of the choices"),
            (&[], "Nothing of it is different"),
        ] {
            let refused = fill(&admin, &change(&viewer), &typed(&viewer, change_of)).await;
            assert!(refused.status == 422 && refused.text.contains(said), "{change_of:?}: {}", refused.text);
        }
        let fields = typed(&viewer, &[("display_name", "Typed <i>name</i>"), ("zones", "ATLANTIS")]);
        assert!(fill(&admin, &change(&viewer), &fields).await.text.contains("value=\"Typed &lt;i&gt;name&lt;/i&gt;\""));
        let taken = [("user_id", "viewer@t000.example"), ("display_name", "B"), ("email", "b@t000.example"), ("portal_role", "AUDITOR")];
        let refused = fill(&admin, "/people/new", &taken).await;
        assert!(refused.status == 422 && refused.text.contains("Somebody has this sign-in name already"), "{}", refused.text);
        assert!(rows(&world, "Case Approval", &["object_kind"], &[("object_kind", "USER")]).await.is_empty());
        // An advocate sees what is assigned, whatever was ticked.
        let advocate = row(&world, "advocate").await;
        let sent = fill(&admin, &change(&advocate), &typed(&advocate, &[("display_name", "Adv. N. Rao"), ("assigned_only", "")])).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        assert_eq!(decide(&world, &of(&world, "legal.head").await, "advocate", &[]).await.status, 303);
        assert_eq!(row(&world, "advocate").await["assigned_only"], 1);
    });
}

#[test]
fn somebody_who_was_quicker_is_told_of_and_what_was_asked_over_something_else_is_void() {
    run(async {
        let world = world().await;
        let (admin, head) = (of(&world, "tenant.admin").await, of(&world, "legal.head").await);
        let viewer = row(&world, "viewer").await;
        let form = admin.get(&change(&viewer)).await;
        become_(&world, "viewer", &json!({"portal_role": "AUDITOR", "zones": "", "products": ""})).await;
        let quick = send(&admin, &change(&viewer), &form, &typed(&viewer, &[("display_name", "My own words")])).await;
        assert_eq!(quick.status, 409, "{}", quick.text);
        for said in ["Role: was Viewer, is now Auditor.", "value=\"My own words\""] {
            assert!(quick.text.contains(said), "{said}: {}", quick.text);
        }
        let again = send(&admin, &change(&viewer), &quick, &typed(&viewer, &[("display_name", "My own words")])).await;
        assert_eq!(again.status, 303, "{}", again.text);
        let other = fill(&admin, &change(&viewer), &[]).await;
        assert!(other.status == 422 && other.text.contains("asked for of this person already"), "{}", other.text);
        become_(&world, "viewer", &json!({"display_name": "Changed upstream"})).await;
        let void = decide(&world, &head, "viewer", &[]).await;
        assert!(void.status == 409 && void.text.contains("void"), "{}", void.text);
        assert_eq!(asked(&world, "viewer").await["state"], "VOID");
        assert_eq!(row(&world, "viewer").await["display_name"], "Changed upstream");
        // Returned with a reason, mended, and shown with what was changed.
        let now = row(&world, "viewer").await;
        let ask = async |name: &str| fill(&admin, &change(&now), &typed(&now, &[("display_name", name)])).await.status;
        assert_eq!(ask("Name one").await, 303);
        let unsaid = decide(&world, &head, "viewer", &[("decision", "return")]).await;
        assert!(unsaid.status == 422 && unsaid.text.contains("Choose one."), "{}", unsaid.text);
        let why = [("decision", "return"), ("reason_code", "OTHER"), ("comment", "Write the family name")];
        assert_eq!(decide(&world, &head, "viewer", &why).await.status, 303);
        assert!(admin.get(&format!("/people/{}", now["name"].as_str().unwrap())).await.text.contains("Write the family name"));
        assert_eq!(ask("Name two").await, 303);
        let shown = head.get(&request(&world, "viewer").await).await;
        assert!(
            shown.text.contains("for the 2. time") && shown.text.contains("Name one") && shown.text.contains("Name two"),
            "{}",
            shown.text
        );
        // Two decide at once: one of them is told.
        let (head_2, path) = (of(&world, "legal.head.2").await, request(&world, "viewer").await);
        let (one, two) = (head.get(&path).await, head_2.get(&path).await);
        let (one, two) = futures::join!(send(&head, &path, &one, &[]), send(&head_2, &path, &two, &why));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "{} {}", one.text, two.text);
        let approved = asked(&world, "viewer").await["state"] == "APPROVED";
        assert_eq!(row(&world, "viewer").await["display_name"], if approved { "Name two" } else { "Changed upstream" });
    });
}

#[test]
fn each_role_sees_and_does_what_the_matrix_says_and_others_are_told_who_may() {
    run(async {
        let world = world().await;
        let id = id_of(&world, "finance").await;
        let locals =
            ["tenant.admin", "legal.head", "legal.manager", "collections", "branch.user", "advocate", "finance", "auditor", "viewer"];
        for (local, role) in locals.iter().zip(Role::ALL) {
            let browser = of(&world, local).await;
            let sees = matches!(role, Role::TenantAdmin | Role::LegalHead | Role::Auditor);
            let manages = role == Role::TenantAdmin;
            let person = format!("/people/{id}");
            for (path, may, who) in [
                ("/people".to_owned(), sees, "a tenant admin, a legal head or an auditor"),
                (person.clone(), sees, "a tenant admin, a legal head or an auditor"),
                ("/people/new".to_owned(), manages, "Only a tenant admin may do this"),
                (format!("{person}/do/change"), manages, "Only a tenant admin may do this"),
                (format!("{person}/do/disable"), manages, "Only a tenant admin may do this"),
                (format!("{person}/do/end-sessions"), manages, "Only a tenant admin may do this"),
            ] {
                let seen = browser.get(&path).await;
                assert_eq!(seen.status, if may { 200 } else { 403 }, "{role:?} {path}");
                assert!(may || seen.text.contains(who), "{role:?} {path}: {}", seen.text);
            }
            assert_eq!(browser.get(&person).await.text.contains("/do/"), manages, "{role:?}");
            if !manages {
                let sent = browser.post(&format!("{person}/do/disable"), &[("reason", "because of it")]).await;
                assert_eq!(sent.shape(), "403 This is not allowed", "{role:?}");
            }
        }
        until("refusals are on record", async || denials(&world, "people.manage").await >= 8 * 5).await;
        let listed = of(&world, "auditor").await.get("/people?page=0").await;
        for said in ["Farida Shaikh", "What each role may", "Approve changes of people", "No limit", "₹50,00,000"] {
            assert!(listed.text.contains(said), "{said}: {}", listed.text);
        }
        assert!(!listed.text.contains("<script") && !listed.text.contains("t001.example"), "{}", listed.text);
    });
}

#[test]
fn somebody_of_another_institution_is_nobody() {
    run(async {
        let world = world().await;
        let (admin, head) = (of(&world, "tenant.admin").await, of(&world, "legal.head").await);
        let (own, other) = (id_of(&world, "viewer").await, upstream::rows(&world, "t001", "Portal User", &["name"]).await);
        let other = other[0]["name"].as_str().unwrap().to_owned();
        assert_ne!(own, other);
        let theirs = upstream::rows(&world, "t001", "Case Approval", &["name", "case_ref"]).await;
        let theirs =
            theirs.iter().find(|row| row["case_ref"].is_null() || row["case_ref"] == "").unwrap()["name"].as_str().unwrap().to_owned();
        let named = |text: &str, id: &str| text.replace(id, "(name)");
        for pattern in ["/people/{}", "/people/{}/do/change", "/people/{}/do/disable", "/people/{}/do/enable", "/people/{}/do/end-sessions"]
        {
            let ask = async |id: &str| {
                let seen = admin.get(&pattern.replace("{}", id)).await;
                (seen.status, named(&seen.stable_text(), id))
            };
            assert_eq!(ask(&other).await, ask("0000000000").await, "{pattern}");
            assert_eq!(ask(&other).await.0, 404);
        }
        let sent = admin.post(&format!("/people/{other}/do/disable"), &[("reason", "because of it")]).await;
        assert_eq!(sent.shape(), admin.post("/people/0000000000/do/disable", &[("reason", "because of it")]).await.shape());
        assert_eq!(head.get(&format!("/approvals/{theirs}")).await.shape(), head.get("/approvals/0000000000").await.shape());
        assert_eq!(head.post(&format!("/approvals/{theirs}"), &[]).await.status, 404);
        // A request over a case is decided in its case.
        let of_case = upstream::rows(&world, "t000", "Case Approval", &["name", "case_ref"]).await;
        let of_case = of_case.iter().find(|row| row["case_ref"].as_str().is_some_and(|case| !case.is_empty())).unwrap()["name"].clone();
        assert_eq!(head.get(&format!("/approvals/{}", of_case.as_str().unwrap())).await.status, 404);
    });
}

/// A server gives 500 rows at most at once; what is not offered cannot be chosen, and a code that is not known is refused.
#[test]
fn what_stands_beyond_one_answer_of_the_institutions_server_can_be_chosen_too() {
    run(async {
        let world = world().await;
        let branch = |n| json!({"branch": format!("ZZ{n:03}"), "branch_key": format!("zz-{n}"), "zone": format!("ZZ-{n:03}")});
        upstream::copies(&world, "t000", "Institution Branch", (0..501).map(branch)).await;
        let counsel = |n| json!({"advocate_name": format!("Zz Counsel {n:03}")});
        upstream::copies(&world, "t000", "Panel Advocate", (0..501).map(counsel)).await;
        let (admin, viewer) = (of(&world, "tenant.admin").await, row(&world, "viewer").await);
        let form = admin.get(&change(&viewer)).await;
        for said in ["Zz Counsel 500", "are known: the institution’s own list names them"] {
            assert!(form.text.contains(said), "{said}");
        }
        assert!(!form.text.contains("than can be chosen here"));
        let sent = send(&admin, &change(&viewer), &form, &typed(&viewer, &[("branches", "zz500"), ("zones", "ZZ-500")])).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let head = of(&world, "legal.head").await;
        assert!(head.get(&request(&world, "viewer").await).await.text.contains("ZZ500"));
        assert_eq!(decide(&world, &head, "viewer", &[]).await.status, 303);
        assert_eq!(row(&world, "viewer").await["branches"], ";ZZ500;");
    });
}
