//! Whose campaigns are seen by whom: what one may not see is never told from what is not there, and refusals and exports are on record.
//!
//! Must not know any figure.

use std::collections::BTreeSet;

use odr_portal::{
    demo::frappe::{Failure, Knob},
    model::Role,
};
use serde_json::Value;

use super::{PANELS, ask, exported, panel, raw, raw::text, scoped, world_of};
use crate::{
    browser::{self, Browser, person, run, until, who_work},
    upstream,
};

#[test]
fn a_campaign_of_nobodys_another_scope_and_another_institution_are_one_answer() {
    run(async {
        let world = world_of(2, 60).await;
        scoped(&world).await;
        let stored = raw::stored(&world, "banyan").await;
        let branch = person(&world, "banyan", "branch.user");
        let own = stored.of(&upstream::portal_user(&world, branch).await, Role::BranchUser);
        let everything = stored.campaigns_of_all();
        let outside = everything.difference(&own.campaigns(false)).next().expect("a campaign without a respondent of the branch").clone();
        let foreign = text(&upstream::rows(&world, "tamarind", "Notice Campaign", &["name"]).await[0], "name").to_owned();
        let head = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let scoped = Browser::of(&world, branch).await;
        for (browser, unseen) in [(&head, vec![&foreign]), (&scoped, vec![&foreign, &outside])] {
            let nobodys = "0000000000".to_owned();
            for which in PANELS.into_iter().chain(["recipients"]) {
                for id in unseen.iter().copied().chain([&nobodys]) {
                    assert_eq!(ask(browser, which, id, "").await.shape(), "404 not_found", "{which} {id}");
                }
            }
            // The page with one panel is compared whole; of the other, side panels may be late.
            let mut pages = BTreeSet::new();
            for id in unseen.iter().copied().chain([&nobodys]) {
                assert_eq!(browser.get(&format!("/notices/{id}")).await.status, 404, "{id}");
                let page = browser.get(&format!("/notices/{id}/recipients")).await;
                assert_eq!(page.status, 404, "{id}");
                pages.insert(page.parts(id));
            }
            assert_eq!(pages.len(), 1, "{pages:?}");
        }
        for id in [&foreign, &"0000000000".to_owned()] {
            let file = head.get(&format!("/notices/{id}/recipients/export")).await;
            assert_eq!(file.shape(), "404 There is nothing at this address", "{id}");
        }
        // A message's list is fenced like a respondent's.
        assert_eq!(ask(&scoped, "recipients", &outside, "channel:SMS message:failed").await.shape(), "404 not_found");
    });
}

#[test]
fn a_server_that_sends_rows_of_others_has_them_dropped() {
    run(async {
        let world = world_of(2, 60).await;
        let head = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        // Asked for another institution's campaign, whose rows the server now hands out.
        let id = raw::stored(&world, "tamarind").await.largest();
        let foreign = upstream::rows(&world, "tamarind", "Notice Recipient", &["case_ref", "title_text"]).await;
        for site in world.sites.values() {
            site.knobs().set_for("api@banyan.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
        }
        for which in PANELS.into_iter().chain(["list", "recipients", "performance", "months"]) {
            let dropped = browser::metric(&world, "portal_isolation_violations_total").await;
            let answer = ask(&head, which, &id, "").await;
            assert!(browser::metric(&world, "portal_isolation_violations_total").await > dropped, "{which}");
            let of_campaign = !["list", "performance", "months"].contains(&which);
            assert_eq!(answer.status == 404, of_campaign, "{which}: {}", answer.shape());
            let leaked = |row: &Value| {
                ["case_ref", "title_text"].iter().any(|field| !text(row, field).is_empty() && answer.text.contains(text(row, field)))
            };
            assert!(!foreign.iter().any(leaked), "{which}: {}", answer.text);
        }
    });
}

#[test]
fn who_may_not_is_refused_and_it_is_on_record_and_an_export_is_recorded_first() {
    run(async {
        let world = world_of(1, 40).await;
        let counsel = who_work(&world, "banyan").find(|somebody| somebody.person.role == Role::Advocate).unwrap();
        let browser = Browser::of(&world, counsel).await;
        assert_eq!(browser.get("/notices").await.status, 403);
        let trail = async |kind: &str, action: &str, actor: &str| {
            let rows =
                upstream::rows(&world, "banyan", "Portal Audit Event", &["kind", "action", "actor", "row_total", "object_name"]).await;
            rows.into_iter().find(|row| row["kind"] == kind && row["action"] == action && row["actor"] == actor)
        };
        until("the refusal is on record", async || trail("DENIED", "notices.list", &counsel.user.user_id).await.is_some()).await;
        let head = person(&world, "banyan", "legal.head");
        let browser = Browser::of(&world, head).await;
        let id = raw::stored(&world, "banyan").await.campaigns_of_all().into_iter().next().unwrap();
        let taken = exported(&browser, &format!("/notices/{id}/recipients?q=evidence%3A2")).await;
        let entry = trail("EXPORT", "recipients.export", &head.user.user_id).await.expect("it was recorded before the first row");
        assert_eq!((entry["row_total"].as_u64(), text(&entry, "object_name")), (Some(taken), id.as_str()));
        // Who may not take cases away takes no recipients.
        let viewer = who_work(&world, "banyan").find(|somebody| somebody.person.role == Role::Viewer).unwrap();
        let browser = Browser::of(&world, viewer).await;
        assert_eq!(browser.get(&format!("/notices/{id}/recipients/export")).await.status, 403);
        // An administrator is told no respondent's name.
        let admin = who_work(&world, "banyan").find(|somebody| somebody.person.role == Role::TenantAdmin).unwrap();
        let browser = Browser::of(&world, admin).await;
        let page = panel(&browser, "recipients", &id, "").await.to_string();
        let named = upstream::rows(&world, "banyan", "Notice Recipient", &["title_text", "campaign"]).await;
        assert!(named.iter().filter(|row| row["campaign"] == id.as_str()).all(|row| !page.contains(text(row, "title_text"))));
    });
}
