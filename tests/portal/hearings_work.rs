//! Hearings that an institution schedules itself, until the registry holds them.
//!
//! Must not know how any of it is kept: what counts is what stands at the institution's own server, and what a page shows.

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

const FIELDS: [&str; 12] =
    ["name", "case_ref", "seq", "status", "starts_at", "starts_on", "ics_uid", "ics_sequence", "confirmed", "made_by", "prepared", "lan"];

async fn hearings(world: &World, case: &str) -> Vec<Value> {
    let rows = upstream::rows(world, "t000", "Case Hearing", &FIELDS).await;
    rows.into_iter().filter(|row| row["case_ref"] == *case && row["made_by"] == "legal.manager@t000.example").collect()
}

async fn case(world: &World, name: &str) -> Value {
    let fields = ["name", "next_hearing", "next_hearing_at", "hearing_count"];
    upstream::rows(world, "t000", "Arbitration Case", &fields).await.into_iter().find(|row| row["name"] == *name).unwrap()
}

#[test]
fn a_hearing_is_scheduled_moved_prepared_and_cancelled_until_the_registry_holds_it() {
    run(async {
        let specs = (0..2).map(small_institution).collect();
        let plan = Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() };
        let mut world = World::start(plan).await.unwrap();
        upstream::administer(&mut world);
        let all = upstream::rows(&world, "t000", "Arbitration Case", &["name"]).await;
        let name = all[0]["name"].as_str().unwrap().to_owned();
        let place = json!({"stage": "S60", "status": "HEARD", "is_open": 1, "zone": "WEST"});
        upstream::change(&world, "Arbitration Case", &name, &place).await;
        let count =
            upstream::rows(&world, "t000", "Case Hearing", &["case_ref"]).await.iter().filter(|row| row["case_ref"] == *name).count();
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let path = deed(&name, "schedule-hearing");
        let typed = |starts: &'static str, mode: &'static str, room: &'static str| {
            [
                ("hearing_type", "EVIDENCE"),
                ("purpose", "Evidence <of> the bank"),
                ("starts_at", starts),
                ("minutes", "45"),
                ("mode", mode),
                ("room_url", room),
                ("place_text", ""),
            ]
        };
        for (pairs, told) in [
            (typed("2026-01-05T10:30", "VIRTUAL", "https://rooms.example/a"), "This is in the past."),
            (typed("2099-01-05T10:30", "VIRTUAL", "http://rooms.example/a"), "begins with https://"),
            (typed("2099-01-05T10:30", "VIRTUAL", "javascript:alert(1)"), "begins with https://"),
            (typed("2099-01-05T10:30", "PHYSICAL", ""), "Fill this in."),
            (typed("soon", "VIRTUAL", "https://rooms.example/a"), "This is no date and time."),
        ] {
            let seen = fill(&maker, &path, &pairs).await;
            assert!(
                seen.status == 422 && seen.text.contains(told) && seen.text.contains("Evidence &lt;of&gt; the bank"),
                "{told}: {}",
                seen.text
            );
        }
        assert!(hearings(&world, &name).await.is_empty());
        let form = maker.get(&path).await;
        for status in [303, 409] {
            let seen = send(&maker, &path, &form, &typed("2099-01-05T10:30", "VIRTUAL", "https://rooms.example/a")).await;
            assert_eq!(seen.status, status, "{}", seen.text);
        }
        let made = hearings(&world, &name).await;
        assert_eq!(made.len(), 1, "sent twice it is one hearing: {made:?}");
        let hearing = made[0]["name"].as_str().unwrap().to_owned();
        assert_eq!((made[0]["starts_at"].as_str(), made[0]["status"].as_str()), (Some("2099-01-05 10:30:00"), Some("SCHEDULED")));
        assert!(made[0]["confirmed"] == 0 && made[0]["ics_sequence"] == 0 && made[0]["ics_uid"].as_str().unwrap().len() == 36);
        let stands = case(&world, &name).await;
        assert_eq!(stands["hearing_count"].as_u64(), Some(count as u64 + 1));

        let on = |word: &str| format!("{}?on={hearing}", deed(&name, word));
        let listed = maker.get(&format!("/api/cases/hearings?id={name}")).await;
        for word in ["move-hearing", "cancel-hearing", "prepare-hearing"] {
            assert!(listed.text.contains(&on(word)), "{word}: {}", listed.text);
        }
        let mut moved = typed("2099-02-06T11:00", "VIRTUAL", "https://rooms.example/a").to_vec();
        moved.push(("reason", "The witness is away"));
        let seen = fill(&maker, &on("move-hearing"), &moved).await;
        assert_eq!(seen.shape(), format!("303 -> /cases/{name}/hearings"), "{}", seen.text);
        let row = hearings(&world, &name).await.remove(0);
        assert_eq!((row["starts_on"].as_str(), row["ics_sequence"].as_i64()), (Some("2099-02-06"), Some(1)));

        let items = ["notice_served", "bundle_ready", "dues_current", "advocate_briefed", "way_tried"].map(|item| (item, "1"));
        for (ticked, prepared) in [(&items[..4], 0), (&items[..], 1), (&items[1..], 0)] {
            let seen = fill(&maker, &on("prepare-hearing"), ticked).await;
            assert_eq!(seen.status, 303, "{}", seen.text);
            assert_eq!(hearings(&world, &name).await[0]["prepared"], prepared);
        }

        // Hearings of another case, of another institution and of nobody are one and the same; so are other people's roles refused.
        let theirs = upstream::rows(&world, "t001", "Case Hearing", &["name"]).await;
        let other = all[1]["name"].as_str().unwrap();
        upstream::change(&world, "Arbitration Case", other, &json!({"zone": "WEST"})).await;
        for word in ["move-hearing", "cancel-hearing", "prepare-hearing"] {
            let nothing = maker.get(&format!("{}?on=0000000000", deed(&name, word))).await;
            assert_eq!(nothing.status, 404);
            assert_eq!(maker.get(&format!("{}?on={hearing}", deed(other, word))).await.stable_text(), nothing.stable_text());
            if let Some(foreign) = theirs.first() {
                let seen = maker.get(&format!("{}?on={}", deed(&name, word), foreign["name"].as_str().unwrap())).await;
                assert_eq!(seen.stable_text(), nothing.stable_text());
            }
        }
        let viewer = Browser::of(&world, person(&world, "t000", "collections")).await;
        assert_eq!(viewer.get(&path).await.status, 403);

        upstream::change(&world, "Case Hearing", &hearing, &json!({"confirmed": 1})).await;
        let held = maker.get(&on("move-hearing")).await;
        assert!(held.text.contains("only the registry moves or cancels it") && !held.text.contains("class=\"fields\""), "{}", held.text);
        upstream::change(&world, "Case Hearing", &hearing, &json!({"confirmed": 0})).await;
        let seen = fill(&maker, &on("cancel-hearing"), &[("reason", "Settled over the telephone")]).await;
        assert_eq!(seen.status, 303, "{}", seen.text);
        let row = hearings(&world, &name).await.remove(0);
        assert_eq!((row["status"].as_str(), row["ics_sequence"].as_i64()), (Some("CANCELLED"), Some(2)));
        assert_ne!(case(&world, &name).await["next_hearing"], *hearing);
        let trail = upstream::rows(&world, "t000", "Portal Audit Event", &["action"]).await;
        for action in ["hearing.schedule", "hearing.move", "hearing.cancel", "hearing.prepare"] {
            assert!(trail.iter().any(|row| row["action"] == action), "{action}");
        }
    });
}
