//! A campaign before a second pair of eyes, and after: approved, returned, void, over a limit; given a time, held up, stopped; and what a hold
//! does to whom it has not reached.
//!
//! Must not know how a list is frozen.

use serde_json::json;

use super::{address, campaign, done, of, ready, recipients, request, scene, trail};
use crate::{
    browser::{person, run, today},
    forms::{deed, fill, send},
    upstream,
    work::{rows, world},
};

/// A day on which every campaign sends: tomorrow, or the day after a national holiday.
fn send_day() -> String {
    let today: jiff::civil::Date = today().parse().unwrap();
    let later = |days: i64| today.checked_add(jiff::Span::new().days(days)).unwrap().to_string();
    (1..3).map(later).find(|day| !["01-26", "08-15", "10-02"].contains(&&day[5..])).unwrap()
}

#[test]
fn one_makes_a_campaign_another_releases_it_and_a_hold_takes_out_whom_it_has_not_reached() {
    run(async {
        let world = world().await;
        let cases = scene(&world).await;
        let (manager, head) = (of(&world, "legal.manager").await, of(&world, "legal.head").await);
        let id = ready(&world, &manager).await;
        done(&manager, &id, "submit", &[]).await;
        let stands = campaign(&world, &id).await;
        assert_eq!((&stands["state"], &stands["submitted_by"]), (&json!("PENDING_APPROVAL"), &json!("legal.manager@t000.example")));
        let waiting = request(&world, &id).await;
        // Its maker takes it back or leaves it; who runs the portal releases nothing.
        assert_eq!(manager.post(&waiting, &[("decision", "approve")]).await.shape(), "403 This is not allowed");
        assert_eq!(of(&world, "tenant.admin").await.get(&waiting).await.status, 404);
        assert_eq!(of(&world, "collections").await.get(&waiting).await.status, 404);
        assert!(head.get("/api/approvals/list").await.text.contains(&waiting));
        let shown = head.get(&waiting).await;
        for said in ["What goes out", "English, ", "Dear Asha Patil,", "stage:invocation", "Hash of the list"] {
            assert!(shown.text.contains(said), "{said}: {}", shown.text);
        }
        let approved = send(&head, &waiting, &shown, &[]).await;
        assert_eq!(approved.shape(), format!("303 -> /notices/{id}/make"), "{}", approved.text);
        let stands = campaign(&world, &id).await;
        assert_eq!((&stands["state"], &stands["approved_by"]), (&json!("APPROVED"), &json!("legal.head@t000.example")));
        assert!(waiting.ends_with(stands["approval"].as_str().unwrap()));
        assert_eq!(stands["approved_2_by"].as_str().unwrap_or_default(), "");

        // Released within its hours alone, and not by who made it.
        assert_eq!(manager.get(&address(&id, "schedule")).await.status, 403);
        let day = send_day();
        for (at, said) in [
            (format!("{day}T07:59"), "outside its hours"),
            (format!("{day}T19:00"), "outside its hours"),
            ("2020-01-01T10:00".to_owned(), "has passed"),
        ] {
            let refused = fill(&head, &address(&id, "schedule"), &[("scheduled", &at)]).await;
            assert!(refused.status == 422 && refused.text.contains(said) && refused.text.contains(&at), "{at}: {}", refused.text);
        }
        done(&head, &id, "schedule", &[("scheduled", &format!("{day}T10:30"))]).await;
        assert_eq!(campaign(&world, &id).await["state"], "SCHEDULED");
        done(&head, &id, "unschedule", &[]).await;
        done(&head, &id, "schedule", &[("scheduled", &format!("{day}T11:00"))]).await;

        // A hold in flight, by the very deed.
        let held = fill(&head, &deed(&cases[1], "hold"), &[("hold", "DECEASED"), ("reason", "The bank was told by the family")]).await;
        assert_eq!(held.status, 303, "{}", held.text);
        let list = recipients(&world, &id).await;
        for row in &list {
            let stopped = row["stopped_reason"].as_str().unwrap_or_default();
            let expected = if row["case_ref"] == cases[1].as_str() { "DECEASED" } else { "" };
            assert_eq!((stopped, &row["released"]), (expected, &json!(0)), "{row}");
        }
        let page = manager.get(&format!("/notices/{id}/make")).await;
        assert!(page.text.contains("Stopped since, by a hold") && page.text.contains("q=stopped%3Ayes"), "{}", page.text);
        // Whom a message has reached is not taken out any more.
        let tried = list.iter().find(|row| row["case_ref"] == cases[2].as_str()).unwrap();
        upstream::change(&world, "Notice Campaign", &id, &json!({"state": "RUNNING"})).await;
        upstream::change(&world, "Notice Recipient", tried["name"].as_str().unwrap(), &json!({"evidence_level": 3, "released": 1})).await;
        let held = fill(&head, &deed(&cases[2], "hold"), &[("hold", "COURT_STAY"), ("reason", "Stayed until further orders")]).await;
        assert_eq!(held.status, 303, "{}", held.text);
        let list = recipients(&world, &id).await;
        let now = list.iter().find(|row| row["name"] == tried["name"]).unwrap();
        assert_eq!((now["stopped_reason"].as_str().unwrap_or_default(), &now["released"]), ("", &json!(1)));

        // Who runs the portal lets it stand still, and lets nothing go on; a manager in whose rows all of it lies does both.
        let admin = of(&world, "tenant.admin").await;
        let silent = fill(&admin, &address(&id, "pause"), &[("reason", "")]).await;
        assert_eq!(silent.status, 422, "a reason is wanted");
        done(&admin, &id, "pause", &[("reason", "The operator refuses the text")]).await;
        let paused = campaign(&world, &id).await;
        assert_eq!((&paused["state"], &paused["pause_reason"]), (&json!("PAUSED"), &json!("The operator refuses the text")));
        assert_eq!(admin.get(&address(&id, "resume")).await.status, 403);
        done(&manager, &id, "resume", &[("reason", "The operator has taken it")]).await;
        assert_eq!(campaign(&world, &id).await["state"], "RUNNING");
        // Not while some of it lies elsewhere.
        upstream::change(&world, "Notice Recipient", list[0]["name"].as_str().unwrap(), &json!({"zone": "NORTH"})).await;
        let elsewhere = manager.get(&address(&id, "stop")).await;
        assert!(elsewhere.status == 403 && elsewhere.text.contains("outside your rows"), "{}", elsewhere.text);
        done(&head, &id, "stop", &[("reason", "Filed by mistake")]).await;
        let ended = campaign(&world, &id).await;
        assert_eq!((&ended["state"], &ended["stop_reason"]), (&json!("CANCELLED"), &json!("Filed by mistake")));
        assert!(head.get(&address(&id, "resume")).await.text.contains("This cannot be done now"));
        let trail = trail(&world, &id).await;
        for said in [
            "campaign.freeze",
            "campaign.frozen",
            "campaign.submit",
            "campaign.schedule",
            "campaign.pause",
            "campaign.resume",
            "campaign.end",
        ] {
            assert!(trail.iter().any(|line| line == &format!("CHANGE {said}")), "{said}: {trail:?}");
        }
        assert!(trail.iter().any(|line| line == "APPROVAL campaign.approve"), "{trail:?}");
    });
}

#[test]
fn over_a_checkers_limit_a_second_one_decides_and_never_the_same() {
    run(async {
        let world = world().await;
        scene(&world).await;
        let (manager, head, second) = (of(&world, "legal.manager").await, of(&world, "legal.head").await, of(&world, "legal.head.2").await);
        let id = ready(&world, &manager).await;
        done(&manager, &id, "submit", &[]).await;
        upstream::change_portal_user(&world, person(&world, "t000", "legal.head"), &json!({"amount_limit": 1.0})).await;
        let waiting = request(&world, &id).await;
        let first = fill(&head, &waiting, &[]).await;
        assert_eq!(first.status, 303, "{}", first.text);
        let of_request = async || {
            rows(&world, "Case Approval", &["object_name", "state", "checker", "checker_2", "level"], &[("object_name", &id)]).await
        };
        let kept = of_request().await;
        assert_eq!(
            (&kept[0]["state"], &kept[0]["checker"], &kept[0]["level"]),
            (&json!("SECOND_PENDING"), &json!("legal.head@t000.example"), &json!(2))
        );
        assert_eq!(campaign(&world, &id).await["state"], "PENDING_APPROVAL");
        let again = head.get(&waiting).await;
        assert!(again.text.contains("a second checker must"), "{}", again.text);
        head.post(&waiting, &[]).await;
        assert_eq!(of_request().await[0]["state"], "SECOND_PENDING");
        assert!(second.get("/api/approvals/list").await.text.contains(&waiting));
        // One whose limit is as low cannot be the last.
        upstream::change_portal_user(&world, person(&world, "t000", "legal.head.2"), &json!({"amount_limit": 1.0})).await;
        let low = fill(&second, &waiting, &[]).await;
        assert!(low.status == 422 && low.text.contains("over your limit"), "{}", low.text);
        upstream::change_portal_user(&world, person(&world, "t000", "legal.head.2"), &json!({"amount_limit": -1.0})).await;
        assert_eq!(fill(&second, &waiting, &[]).await.status, 303);
        let stands = campaign(&world, &id).await;
        assert_eq!(
            (&stands["state"], &stands["approved_by"], &stands["approved_2_by"]),
            (&json!("APPROVED"), &json!("legal.head@t000.example"), &json!("legal.head.2@t000.example"))
        );
    });
}

#[test]
fn what_is_returned_is_made_anew_and_what_has_changed_since_is_void() {
    run(async {
        let world = world().await;
        scene(&world).await;
        let (manager, head) = (of(&world, "legal.manager").await, of(&world, "legal.head").await);
        let id = ready(&world, &manager).await;
        done(&manager, &id, "submit", &[]).await;
        let waiting = request(&world, &id).await;
        let silent = fill(&head, &waiting, &[("decision", "return")]).await;
        assert_eq!(silent.status, 422, "a reason is wanted: {}", silent.text);
        let returned =
            fill(&head, &waiting, &[("decision", "return"), ("reason_code", "WRONG_TEMPLATE"), ("comment", "Name the branch")]).await;
        assert_eq!(returned.status, 303, "{}", returned.text);
        assert_eq!(campaign(&world, &id).await["state"], "RETURNED");
        done(&manager, &id, "check", &[]).await;
        super::frozen(&world, &id, "READY").await;
        done(&manager, &id, "submit", &[]).await;
        let waiting = request(&world, &id).await;
        let shown = head.get(&waiting).await;
        assert!(shown.text.contains("for the 2. time"), "{}", shown.text);
        // A text that is another by now was never seen by who made it.
        let texts =
            rows(&world, "Notice Template", &["name", "code", "channel", "language", "state"], &[("code", "LRN-26"), ("state", "ACTIVE")])
                .await;
        let sms = texts.iter().find(|row| row["channel"] == "SMS" && row["language"] == "hi").unwrap();
        upstream::change(&world, "Notice Template", sms["name"].as_str().unwrap(), &json!({"body_sha256": "0".repeat(64)})).await;
        let void = send(&head, &waiting, &shown, &[]).await;
        assert!(void.status == 409 && void.text.contains("the request is void"), "{}", void.text);
        assert_eq!(campaign(&world, &id).await["state"], "RETURNED");
        let states = rows(&world, "Case Approval", &["object_name", "state"], &[("object_name", &id)]).await;
        assert!(states.iter().any(|row| row["state"] == "VOID") && states.iter().any(|row| row["state"] == "RETURNED"), "{states:?}");

        // Over its budget, or with nobody to write to, it is not even asked for.
        let form = manager.get(&address(&id, "edit")).await;
        let post = super::choice(&form, "text_1", "Speed Post");
        let mut typed = vec![("title", "Dear"), ("query", "stage:invocation"), ("text_1", post.as_str()), ("budget", "10")];
        typed.extend(super::USUAL);
        assert_eq!(send(&manager, &address(&id, "edit"), &form, &typed).await.status, 303);
        assert_eq!(campaign(&world, &id).await["state"], "DRAFT");
        done(&manager, &id, "check", &[]).await;
        super::frozen(&world, &id, "READY").await;
        let dear = fill(&manager, &address(&id, "submit"), &[]).await;
        assert!(dear.status == 422 && dear.text.contains("more than the budget"), "{}", dear.text);
        assert_eq!(campaign(&world, &id).await["state"], "READY");
    });
}
