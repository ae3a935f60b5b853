//! A campaign's list: its maker's rows and nobody else's, each respondent judged, nothing written twice, and each text as somebody gets it.
//!
//! Must not know who releases a campaign.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{address, campaign, choice, done, drafted, frozen, of, ready, recipients, respondents, scene, working};
use crate::{
    browser::{Browser, person, run, until},
    forms::send,
    upstream,
    work::{rows, world},
};

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

#[test]
fn a_list_is_its_makers_rows_and_the_same_however_often_it_is_frozen() {
    run(async {
        let world = world().await;
        let cases = scene(&world).await;
        let (own, outside) = cases.split_at(cases.len() - 1);
        let manager = of(&world, "legal.manager").await;
        let id = ready(&world, &manager).await;
        let list = recipients(&world, &id).await;
        let mut expected = 0;
        for case in own {
            expected += respondents(&world, case).await;
        }
        assert_eq!(list.len(), expected);
        let of_cases: BTreeSet<&str> = list.iter().map(|row| text(row, "case_ref")).collect();
        assert_eq!(of_cases, own.iter().map(String::as_str).collect::<BTreeSet<_>>());
        assert!(respondents(&world, &outside[0]).await > 0 && list.iter().all(|row| row["zone"] == "WEST"), "nobody of another scope");
        for row in &list {
            let levels = (&row["evidence_level"], &row["engagement_level"], &row["reached_hour"], &row["released"]);
            assert_eq!(levels, (&json!(2), &json!(0), &json!(-1), &json!(0)), "{row}");
            assert_eq!((text(row, "eligibility"), text(row, "made_by"), text(row, "language")), ("OK", "job:CAMPAIGN", "en"), "{row}");
        }
        let stands = campaign(&world, &id).await;
        let names: Vec<&str> = list.iter().map(|row| text(row, "name")).collect();
        let hash: String = Sha256::digest(names.join("\n").as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((text(&stands, "audience_sha256"), text(&stands, "zone_codes")), (hash.as_str(), ";WEST;"));
        assert_eq!((stands["targeted"].as_u64(), stands["blocked"].as_u64()), (u64::try_from(expected).ok(), Some(0)));
        // Speed Post and SMS to each.
        assert_eq!(stands["cost_estimate"].as_f64().map(|rupees| (rupees * 100.0).round()), Some(expected as f64 * 6_116.0));

        // As if the portal had been killed and another one went on: nothing is written twice, nothing anew.
        upstream::change(&world, "Notice Campaign", &id, &json!({"state": "VALIDATING"})).await;
        frozen(&world, &id, "READY").await;
        assert_eq!(recipients(&world, &id).await, list);
        assert_eq!(campaign(&world, &id).await["audience_sha256"], stands["audience_sha256"]);

        // Frozen again after its cases have changed, nobody stays who is not meant any more.
        upstream::change(&world, "Arbitration Case", &own[0], &json!({"stage": "S30", "status": "FILED"})).await;
        upstream::change(&world, "Arbitration Case", &own[1], &json!({"zone": "NORTH"})).await;
        upstream::change(&world, "Arbitration Case", &own[2], &json!({"hold": "DISPUTE_GRIEVANCE"})).await;
        done(&manager, &id, "check", &[]).await;
        frozen(&world, &id, "READY").await;
        let again = recipients(&world, &id).await;
        assert!(again.iter().all(|row| text(row, "case_ref") != own[0] && text(row, "case_ref") != own[1]), "{again:?}");
        let held: Vec<&Value> = again.iter().filter(|row| text(row, "case_ref") == own[2]).collect();
        assert!(!held.is_empty() && held.iter().all(|row| row["block_reason"] == "DISPUTE" && row["evidence_level"] == 1), "{held:?}");
        let kept = |row: &&Value| text(row, "case_ref") == own[3];
        assert_eq!(again.iter().filter(kept).collect::<Vec<_>>(), list.iter().filter(kept).collect::<Vec<_>>());
    });
}

#[test]
fn what_is_found_of_a_respondent_is_counted_and_each_count_opens_them() {
    run(async {
        let world = world().await;
        let cases = scene(&world).await;
        let change = async |index: usize, change: Value| upstream::change(&world, "Arbitration Case", &cases[index], &change).await;
        change(0, json!({"hold": "MORATORIUM", "total_dues": 0.0})).await;
        change(1, json!({"settlement_track": "ACCEPTED"})).await;
        let of_case = rows(&world, "Case Party", &["name", "case_ref", "must_be_served"], &[("case_ref", &cases[2])]).await;
        for party in of_case.iter().filter(|party| party["must_be_served"] == 1) {
            upstream::change(&world, "Case Party", text(party, "name"), &json!({"has_mobile": 0, "language": "ta"})).await;
        }
        let of_case = rows(&world, "Case Party", &["name", "case_ref", "must_be_served"], &[("case_ref", &cases[3])]).await;
        for party in of_case.iter().filter(|party| party["must_be_served"] == 1) {
            let change = json!({"has_address": 0, "party_name": "A name that is longer than the thirty characters of an SMS"});
            upstream::change(&world, "Case Party", text(party, "name"), &change).await;
        }
        let manager = of(&world, "legal.manager").await;
        let id = ready(&world, &manager).await;
        let of = async |case: &str| {
            let list = recipients(&world, &id).await;
            let mut found: Vec<(String, String)> = list
                .iter()
                .filter(|row| text(row, "case_ref") == case)
                .map(|row| (text(row, "findings").to_owned(), text(row, "block_reason").to_owned()))
                .collect();
            found.dedup();
            assert_eq!(found.len(), 1, "{found:?}");
            found.remove(0)
        };
        assert_eq!(of(&cases[0]).await, (";PAID;MORATORIUM;".to_owned(), "PAID".to_owned()));
        assert_eq!(of(&cases[1]).await, (";SETTLEMENT;".to_owned(), "SETTLEMENT".to_owned()));
        // Post is left.
        assert_eq!(of(&cases[2]).await, (";NO_MOBILE;NO_LANGUAGE;".to_owned(), String::new()));
        // The SMS does not name them: it goes out where the letter cannot.
        assert_eq!(of(&cases[3]).await, (";NO_ADDRESS;VARIABLE_LENGTH;".to_owned(), String::new()));
        let stands = campaign(&world, &id).await;
        let stored: Value = serde_json::from_str(text(&stands, "preflight")).unwrap();
        let page = manager.get(&format!("/notices/{id}/make")).await;
        for (code, count) in stored.as_object().unwrap() {
            let href = format!("/notices/{id}/recipients?q=finding%3A{code}");
            assert!(page.text.contains(&href), "{href}: {}", page.text);
            let listed = manager.get(&format!("/api/notices/panel?panel=recipients&id={id}&q=finding%3A{code}")).await.json();
            let told = listed["figures"].as_array().unwrap().iter().find(|fact| fact["label"] == "Respondents").unwrap();
            assert_eq!(told["cell"]["text"], count.to_string().as_str(), "{code}");
        }
        for word in ["warned:yes", "blocked:SETTLEMENT"] {
            let q = word.replace(':', "%3A");
            let listed = manager.get(&format!("/api/notices/panel?panel=recipients&id={id}&q={q}")).await;
            assert!(listed.status == 200 && !listed.json()["sheet"]["rows"].as_array().unwrap().is_empty(), "{word}");
        }
    });
}

#[test]
fn whoever_may_not_make_it_any_more_makes_no_list() {
    run(async {
        let world = world().await;
        scene(&world).await;
        let manager = of(&world, "legal.manager").await;
        let id = drafted(&manager, "stage:invocation", &[]).await;
        done(&manager, &id, "check", &[]).await;
        let somebody = person(&world, "t000", "legal.manager");
        upstream::change_portal_user(&world, somebody, &json!({"active": 0, "state": "SUSPENDED"})).await;
        frozen(&world, &id, "FAILED").await;
        assert!(recipients(&world, &id).await.is_empty());
        assert!(text(&campaign(&world, &id).await, "stop_reason").contains("may not make this campaign any more"));
        // A question that cannot be read is no question for everything.
        upstream::change_portal_user(&world, somebody, &json!({"active": 1, "state": "ACTIVE"})).await;
        upstream::change(&world, "Notice Campaign", &id, &json!({"state": "VALIDATING", "audience_query": "stage:nowhere"})).await;
        frozen(&world, &id, "FAILED").await;
        assert!(recipients(&world, &id).await.is_empty());
    });
}

#[test]
fn each_text_is_shown_as_somebody_gets_it_with_where_its_values_come_from() {
    run(async {
        let world = world().await;
        let cases = scene(&world).await;
        let manager = of(&world, "legal.manager").await;
        let id = ready(&world, &manager).await;
        let list = recipients(&world, &id).await;
        let first = manager.get(&format!("/notices/{id}/rendering")).await;
        for said in ["Dear Asha Patil,", "Rs 50,000 are due", "party_name", "total_dues", "In Hindi", "The next one"] {
            assert!(first.text.contains(said), "{said}: {}", first.text);
        }
        assert!(!first.text.contains("<script") && !first.text.contains("The one before"), "{}", first.text);
        let last = manager.get(&format!("/notices/{id}/rendering?at={}&lang=hi", text(list.last().unwrap(), "name"))).await;
        assert!(last.text.contains("रुपये बकाया हैं") && last.text.contains("The one before") && !last.text.contains("The next one"));
        // A value is text, and one that is not there says so.
        let party = text(&list[0], "party");
        upstream::change(&world, "Case Party", party, &json!({"party_name": "A & B"})).await;
        let shown = manager.get(&format!("/notices/{id}/rendering?at={}", text(&list[0], "name"))).await;
        assert!(shown.text.contains("Dear A &amp; B,"), "{}", shown.text);
        upstream::change(&world, "Case Party", party, &json!({"party_name": "Asha Patil"})).await;
        let texts = rows(&world, "Notice Template", &["name", "code", "channel", "language", "state"], &[("code", "LRN-26")]).await;
        let post = texts.iter().find(|row| row["channel"] == "SPEED_POST" && row["language"] == "en" && row["state"] == "ACTIVE").unwrap();
        let post = text(post, "name");
        let taken = rows(&world, "Notice Template", &["name", "variables"], &[("name", post)]).await.remove(0);
        let strange = text(&taken, "variables").replace("party_name", "nickname");
        upstream::change(&world, "Notice Template", post, &json!({"variables": strange})).await;
        let shown = manager.get(&format!("/notices/{id}/rendering?at={}", text(&list[0], "name"))).await;
        assert!(shown.text.contains("Dear [name: missing],") && shown.text.contains(">Missing<"), "{}", shown.text);
        upstream::change(&world, "Notice Template", post, &json!({"variables": text(&taken, "variables")})).await;
        // An administrator sees no borrower; nobody sees one whose case is not theirs now.
        let admin = of(&world, "tenant.admin").await;
        let masked = admin.get(&format!("/notices/{id}/rendering")).await;
        assert!(masked.status == 200 && !masked.text.contains("Asha Patil") && masked.text.contains("•••"), "{}", masked.text);
        let moved: Vec<&Value> = list.iter().filter(|row| text(row, "case_ref") == cases[0]).collect();
        upstream::change(&world, "Arbitration Case", &cases[0], &json!({"zone": "NORTH"})).await;
        let there = manager.get(&format!("/notices/{id}/rendering?at={}", text(moved[0], "name"))).await;
        assert_eq!(there.shape(), "404 There is nothing at this address");
        assert_eq!(manager.get(&format!("/notices/{id}/rendering?at=0000000000")).await.shape(), there.shape());
        // A text that was tampered with goes to nobody.
        upstream::change(&world, "Notice Template", post, &json!({"body": "UGF5IG5vdyE="})).await;
        let shown = manager.get(&format!("/notices/{id}/rendering")).await;
        assert!(!shown.text.contains("Pay now!") && shown.text.contains("not what its hash says"), "{}", shown.text);
    });
}

#[test]
fn reminders_go_from_channel_to_channel_and_a_list_is_frozen_by_one_of_two_portals() {
    run(async {
        let world = world().await;
        scene(&world).await;
        let collections = of(&world, "collections").await;
        let form = collections.get("/notices/new/REMINDER").await;
        let (first, second) = (choice(&form, "text_1", "WhatsApp"), choice(&form, "text_2", "SMS"));
        let mut typed = vec![
            ("title", "Please pay"),
            ("query", "stage:invocation"),
            ("plan", "WATERFALL"),
            ("text_1", first.as_str()),
            ("text_2", second.as_str()),
            ("wait_2", "24"),
            ("when_2", "UNREAD"),
        ];
        typed.extend(super::USUAL);
        let made = send(&collections, "/notices/new/REMINDER", &form, &typed).await;
        let id = made.location().split('/').nth(2).unwrap().to_owned();
        let page = collections.get(&format!("/notices/{id}/make")).await;
        for said in ["One channel after the other", "If nothing was read", "24 h", "Paused"] {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
        done(&collections, &id, "check", &[]).await;
        let portals = (working(&world).await, working(&world).await);
        until("the list is frozen", async || campaign(&world, &id).await["state"] == "READY").await;
        portals.0.stop().await;
        portals.1.stop().await;
        let list = recipients(&world, &id).await;
        let keys: BTreeSet<&str> = list.iter().map(|row| text(row, "recipient_key")).collect();
        assert!(!list.is_empty() && keys.len() == list.len());
        // The provider lets the SMS through to nobody: it is said of each, and WhatsApp is left.
        assert!(list.iter().all(|row| text(row, "findings").contains(";TEMPLATE_STATE;") && row["eligibility"] == "WARNING"), "{list:?}");
        // While the portal works on it, nobody changes it.
        upstream::change(&world, "Notice Campaign", &id, &json!({"state": "VALIDATING"})).await;
        let busy = collections.get(&address(&id, "edit")).await;
        assert!(busy.status == 200 && busy.text.contains("This cannot be done now"), "{}", busy.text);
        let foreign = Browser::of(&world, person(&world, "t001", "collections")).await;
        assert_eq!(foreign.get(&address(&id, "edit")).await.status, 404);
    });
}
