//! Calendar feeds and the cause list: what a calendar program is given for a token, and for how long.
//!
//! Must not know how a feed is kept, but for what others find in its record.

use std::collections::{BTreeMap, BTreeSet};

use odr_portal::cli::demo::World;
use serde_json::json;

use crate::{
    browser::{self, Browser, Seen, person, run},
    forms::{fill, send},
    upstream,
    work::world,
};

const FEEDS: &str = "/hearings/feeds";

/// Makes a feed by the form; answers with path and query of its address.
async fn make(browser: &Browser, title: &str, shows: &str) -> String {
    address(&fill(browser, FEEDS, &[("title", title), ("shows", shows)]).await)
}

fn address(shown: &Seen) -> String {
    assert_eq!(shown.status, 200, "{}", shown.text);
    let from = shown.text.split("/calendar.ics?token=").nth(1).unwrap_or_else(|| panic!("{}", shown.text));
    format!("/calendar.ics?token={}", &from[..64])
}

/// Events by the last part of their address, which names the case and nothing else; each as its lines, unfolded.
async fn events(world: &World, host: &str, path: &str) -> Vec<BTreeMap<String, String>> {
    let seen = Browser::at(world, host).get(path).await;
    assert_eq!((seen.status, seen.header("content-type")), (200, "text/calendar; charset=utf-8"), "{}", seen.text);
    assert_eq!(seen.header("cache-control"), "no-store");
    let text = seen.text.replace("\r\n ", "");
    let event = |event: &str| {
        let lines = event.split("END:VEVENT").next().unwrap().lines();
        lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    text.split("BEGIN:VEVENT").skip(1).map(event).collect()
}

async fn status(world: &World, host: &str, path: &str) -> u16 {
    Browser::at(world, host).get(path).await.status
}

async fn stored(world: &World, institution: &str) -> Vec<serde_json::Value> {
    let fields = ["name", "case_ref", "case_id", "title_text", "starts_on", "ics_uid", "zone", "legal_owner", "status"];
    upstream::rows(world, institution, "Case Hearing", &fields).await
}

/// The first day that a feed shows.
fn since() -> String {
    let today: jiff::civil::Date = browser::today().parse().unwrap();
    today.checked_sub(jiff::Span::new().days(30)).unwrap().to_string()
}

#[test]
fn a_token_shows_the_hearings_that_its_person_may_see_and_no_borrower() {
    run(async {
        let world = world().await;
        let all = stored(&world, "t000").await;
        let shown: Vec<_> = all.iter().filter(|row| row["starts_on"].as_str().unwrap() >= since().as_str()).collect();
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let form = head.get(FEEDS).await;
        assert!(form.text.contains("You have no feed") && !form.text.contains("<script"), "{}", form.text);
        let typed = [("title", "Outlook <at> work"), ("shows", "all")];
        let made = send(&head, FEEDS, &form, &typed).await;
        let path = address(&made);
        let again = send(&head, FEEDS, &form, &typed).await;
        assert!(again.status == 422 && again.text.contains("has made a feed already") && !again.text.contains("token="), "{}", again.text);

        let events = events(&world, "t000.localhost", &path).await;
        assert!(!events.is_empty());
        let mut uids: Vec<&str> = events.iter().map(|event| event["UID"].as_str()).collect();
        let mut expected: Vec<&str> = shown.iter().map(|row| row["ics_uid"].as_str().unwrap()).collect();
        uids.sort_unstable();
        expected.sort_unstable();
        assert_eq!(uids, expected);
        let whole = Browser::at(&world, "t000.localhost").get(&path).await.text;
        assert!(all.iter().all(|row| !whole.contains(row["title_text"].as_str().unwrap())), "names a borrower: {whole}");
        assert!(!whole.contains("https://rooms"), "{whole}");
        let foreign = stored(&world, "t001").await;
        assert!(!foreign.is_empty() && foreign.iter().all(|row| !whole.contains(row["ics_uid"].as_str().unwrap())));

        // What the record holds opens nothing, and the list says that the feed is used.
        let kept = upstream::rows(&world, "t000", "Portal Calendar Feed", &["token_hash", "user_id", "last_used_at"]).await;
        assert_eq!(kept.len(), 1);
        let hash = kept[0]["token_hash"].as_str().unwrap();
        assert!(kept[0]["user_id"] == "legal.head@t000.example" && kept[0]["last_used_at"].is_string());
        assert_eq!(status(&world, "t000.localhost", &format!("/calendar.ics?token={hash}")).await, 404);
        let listed = head.get(FEEDS).await;
        assert!(listed.text.contains("Outlook &lt;at&gt; work") && !listed.text.contains(hash), "{}", listed.text);
        // The same token at another institution's address opens nothing.
        assert_eq!(status(&world, "t001.localhost", &path).await, 404);
    });
}

/// A server gives 500 rows at most at once; what a calendar does not show, nobody attends.
#[test]
fn a_feed_goes_on_where_one_answer_of_the_institutions_server_ends() {
    run(async {
        let world = world().await;
        let day = browser::today();
        for n in 0..501 {
            let hearing = json!({"starts_on": day, "starts_at": format!("{day} 10:00:00"), "ics_uid": format!("copy-{n}")});
            upstream::copy_first(&world, "t000", "Case Hearing", &hearing).await;
        }
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let path = make(&head, "All of them", "all").await;
        let events = events(&world, "t000.localhost", &path).await;
        let copies: BTreeSet<&str> = events.iter().map(|event| event["UID"].as_str()).filter(|uid| uid.starts_with("copy-")).collect();
        assert_eq!(copies.len(), 501);
    });
}

#[test]
fn a_feed_of_a_scope_shows_the_scope_and_one_of_own_cases_those() {
    run(async {
        let world = world().await;
        let scoped = person(&world, "t000", "legal.manager");
        upstream::change_portal_user(&world, scoped, &json!({"zones": ";WEST;"})).await;
        let manager = Browser::of(&world, scoped).await;
        let uids = |events: Vec<BTreeMap<String, String>>| {
            let mut uids: Vec<String> = events.into_iter().map(|event| event["UID"].clone()).collect();
            uids.sort();
            uids
        };
        let all = stored(&world, "t000").await;
        // One of them is the manager's own, in the zone.
        let since = since();
        let west = |row: &&serde_json::Value| row["zone"] == "WEST" && row["starts_on"].as_str().unwrap() >= since.as_str();
        let first = all.iter().find(west).unwrap()["name"].as_str().unwrap();
        upstream::change(&world, "Case Hearing", first, &json!({"legal_owner": scoped.user.user_id})).await;
        let all = stored(&world, "t000").await;
        let of = |own: bool| {
            let own = |row: &&serde_json::Value| !own || row["legal_owner"] == *scoped.user.user_id;
            let mut uids: Vec<String> =
                all.iter().filter(west).filter(own).map(|row| row["ics_uid"].as_str().unwrap().to_owned()).collect();
            uids.sort();
            uids
        };
        for (shows, own) in [("all", false), ("own", true)] {
            let path = make(&manager, shows, shows).await;
            let expected = of(own);
            assert!(!expected.is_empty() && expected.len() < all.len());
            assert_eq!(uids(events(&world, "t000.localhost", &path).await), expected, "{shows}");
        }
    });
}

#[test]
fn a_feed_ends_when_it_is_revoked_and_while_its_person_may_not_sign_in() {
    run(async {
        let world = world().await;
        let somebody = person(&world, "t000", "collections");
        let browser = Browser::of(&world, somebody).await;
        let path = make(&browser, "Phone", "all").await;
        let host = "t000.localhost";
        assert_eq!(status(&world, host, &path).await, 200);
        for shut in [json!({"active": 0}), json!({"allowed_until_on": "2020-01-01"}), json!({"state": "SUSPENDED"})] {
            let before = upstream::change_portal_user(&world, somebody, &shut).await;
            assert_eq!(status(&world, host, &path).await, 404, "{shut}");
            upstream::change_portal_user(&world, somebody, &before).await;
            assert_eq!(status(&world, host, &path).await, 200);
        }
        let feed = upstream::rows(&world, "t000", "Portal Calendar Feed", &["name"]).await[0]["name"].as_str().unwrap().to_owned();
        let revoke = format!("{FEEDS}/{feed}/revoke");
        let other = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let nothing = other.get(&format!("{FEEDS}/0000000000/revoke")).await;
        assert_eq!(nothing.status, 404);
        assert_eq!(other.get(&revoke).await.stable_text(), nothing.stable_text(), "a colleague's feed is nobody's");
        assert_eq!(other.post(&revoke, &[]).await.status, 404);
        assert_eq!(status(&world, host, &path).await, 200);
        assert_eq!(fill(&browser, &revoke, &[]).await.shape(), format!("303 -> {FEEDS}"));
        assert_eq!(status(&world, host, &path).await, 404);
        assert!(browser.get(&revoke).await.text.contains("revoked already"));
        let trail = upstream::rows(&world, "t000", "Portal Audit Event", &["action", "actor"]).await;
        for action in ["calendar.make", "calendar.revoke"] {
            assert!(trail.iter().any(|row| row["action"] == action && row["actor"] == *somebody.user.user_id), "{action}");
        }
        for token in ["", "0", &"0".repeat(64), &"z".repeat(64), "%00"] {
            assert_eq!(status(&world, host, &format!("/calendar.ics?token={token}")).await, 404, "{token}");
        }
    });
}

#[test]
fn a_hearing_keeps_its_uid_and_carries_its_changes() {
    run(async {
        let world = world().await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let path = make(&head, "Desk", "all").await;
        let host = "t000.localhost";
        let of_registry = json!({
            "case_id": "ARB/2026/REG", "starts_at": "2099-03-04 10:30:00", "starts_on": "2099-03-04", "status": "SCHEDULED",
            "ics_uid": null, "ics_sequence": 0, "hearing_type": "EVIDENCE", "minutes": 30,
        });
        upstream::copy_first(&world, "t000", "Case Hearing", &of_registry).await;
        let find = |events: Vec<BTreeMap<String, String>>| {
            let mut found: Vec<_> = events.into_iter().filter(|event| event["SUMMARY"].contains("ARB/2026/REG")).collect();
            assert_eq!(found.len(), 1);
            found.remove(0)
        };
        let first = find(events(&world, host, &path).await);
        assert_eq!((first["DTSTART"].as_str(), first["SEQUENCE"].as_str()), ("20990304T050000Z", "0"));
        assert_eq!(first["UID"].len(), 36, "the registry gave it none");
        let row = stored(&world, "t000").await.into_iter().find(|row| row["case_id"] == "ARB/2026/REG").unwrap();
        let moved = json!({"starts_at": "2099-03-05 12:00:00", "starts_on": "2099-03-05", "ics_sequence": 1});
        upstream::change(&world, "Case Hearing", row["name"].as_str().unwrap(), &moved).await;
        let second = find(events(&world, host, &path).await);
        assert_eq!(second["UID"], first["UID"]);
        assert_eq!((second["DTSTART"].as_str(), second["SEQUENCE"].as_str()), ("20990305T063000Z", "1"));
        upstream::change(&world, "Case Hearing", row["name"].as_str().unwrap(), &json!({"status": "CANCELLED", "ics_sequence": 2})).await;
        let third = find(events(&world, host, &path).await);
        assert_eq!((third["STATUS"].as_str(), third["SEQUENCE"].as_str(), &third["UID"]), ("CANCELLED", "2", &first["UID"]));
    });
}

#[test]
fn a_person_has_ten_feeds_at_most() {
    run(async {
        let world = world().await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        for number in 0..10 {
            make(&head, &number.to_string(), "all").await;
        }
        let seen = fill(&head, FEEDS, &[("title", "One more"), ("shows", "all")]).await;
        assert!(seen.status == 422 && seen.text.contains("Revoke one") && seen.text.contains("value=\"One more\""), "{}", seen.text);
    });
}

#[test]
fn a_cause_list_is_of_the_days_asked_for_and_of_the_rows_that_one_sees() {
    run(async {
        let world = world().await;
        for (index, status) in [(0, "SCHEDULED"), (1, "CANCELLED")] {
            let name = stored(&world, "t000").await[index]["name"].as_str().unwrap().to_owned();
            let placed = json!({"status": status, "starts_at": "2099-03-04 10:30:00", "starts_on": "2099-03-04", "case_id": format!("ARB/2099/{index}")});
            upstream::change(&world, "Case Hearing", &name, &placed).await;
        }
        let all = stored(&world, "t000").await;
        let ahead = all.iter().find(|row| row["starts_on"] == "2099-03-04" && row["status"] == "SCHEDULED").unwrap();
        let day = ahead["starts_on"].as_str().unwrap();
        let of_day: Vec<_> = all.iter().filter(|row| row["starts_on"] == day).collect();
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let list = head.get(&format!("/hearings/cause-list?day={day}")).await;
        assert_eq!(list.status, 200, "{}", list.text);
        for row in &of_day {
            let listed = row["status"] != "CANCELLED";
            assert_eq!(list.text.contains(row["case_id"].as_str().unwrap()), listed, "{row}");
        }
        let agenda = head.get(&format!("/hearings/cause-list?view=month&day={day}")).await;
        assert!(agenda.text.contains(ahead["case_id"].as_str().unwrap()), "{}", agenda.text);
        assert_eq!(head.get("/hearings/cause-list?day=soon").await.status, 422);
        let nobody = person(&world, "t000", "legal.manager");
        upstream::change_portal_user(&world, nobody, &json!({"zones": ";NOWHERE;"})).await;
        let narrow = Browser::of(&world, nobody).await.get(&format!("/hearings/cause-list?view=agenda&day={day}")).await;
        assert!(narrow.status == 200 && narrow.text.contains("No hearing is listed"), "{}", narrow.text);
    });
}
