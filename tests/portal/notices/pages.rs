//! The pages of notices: filters in the address, the channels of all campaigns, what a panel asks upstream and how it fails.
//!
//! Must not know who sees what.

use odr_portal::{
    demo::frappe::{Failure, Knob},
    model::Role,
};
use serde_json::Value;

use super::{
    PANELS, ask, line, panel, raw,
    raw::{number, part_of},
    rows, scoped, world_of,
};
use crate::{
    browser::{self, Browser, person, run},
    upstream,
};

/// Which messages are meant.
type Fits = Box<dyn Fn(&Value) -> bool>;

#[test]
fn a_filter_is_kept_in_the_address_and_one_that_cannot_be_read_is_refused() {
    run(async {
        let world = world_of(1, 60).await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let list = panel(&browser, "list", "", "").await;
        let all = rows(&list).len() as u64;
        let states: Vec<&Value> =
            list["figures"].as_array().unwrap().iter().filter(|fact| fact["formula"] == "Campaigns in this state").collect();
        assert_eq!(states.iter().map(|fact| number(&fact["cell"])).sum::<u64>(), all);
        for fact in list["figures"].as_array().unwrap() {
            let query = fact["cell"]["href"].as_str().unwrap().split_once('?').unwrap().1;
            let narrowed = browser.get(&format!("/api/notices/panel?panel=list&{query}")).await.json();
            assert_eq!(rows(&narrowed).len() as u64, number(&fact["cell"]), "{query}");
        }
        for (which, q) in [("list", "colour:blue"), ("list", "stage"), ("recipients", "message:failed"), ("performance", "channel:pigeon")]
        {
            assert_eq!(ask(&browser, which, "0000000000", q).await.shape(), "422 invalid", "{which} {q}");
        }
        assert_eq!(ask(&browser, "secrets", "", "").await.shape(), "404 not_found");
        let page = browser.get("/notices?q=state%3Acomplete").await;
        assert!(page.status == 200 && page.text.contains("value=\"state:complete\"") && page.text.contains("Complete"), "{}", page.status);
    });
}

#[test]
fn channels_of_all_campaigns_are_those_of_the_stored_messages_whatever_they_are_narrowed_to() {
    run(async {
        let world = world_of(2, 120).await;
        scoped(&world).await;
        let stored = raw::stored(&world, "banyan").await;
        for local in ["legal.head", "legal.manager", "branch.user"] {
            let somebody = person(&world, "banyan", local);
            let browser = Browser::of(&world, somebody).await;
            let own = stored.of(&upstream::portal_user(&world, somebody).await, somebody.person.role);
            let month = own.some_month();
            for (q, fits) in [
                (String::new(), Box::new(|_: &Value| true) as Fits),
                ("channel:whatsapp".to_owned(), Box::new(|row: &Value| row["channel"] == "WHATSAPP") as Fits),
                (
                    "template:LRN-26 language:en".to_owned(),
                    Box::new(|row: &Value| row["template_code"] == "LRN-26" && row["language"] == "en") as Fits,
                ),
                (format!("month:{month}"), Box::new(move |row: &Value| row["sent_month"] == month.as_str()) as Fits),
            ] {
                let shown = panel(&browser, "performance", "", &q).await;
                let headings = shown["sheet"]["headings"].as_array().unwrap().clone();
                let table = rows(&shown);
                for (channel, label) in own.channels() {
                    let best = |more: &dyn Fn(&Value) -> bool| own.messages(channel, |row| row["is_best"] == 1 && fits(row) && more(row));
                    let tried = best(&|_| true);
                    let Some(index) = headings.iter().position(|head| head["label"] == label) else {
                        assert_eq!(tried, 0, "{local} {q} {channel}");
                        continue;
                    };
                    assert_eq!(number(&line(&table, "Attempted")[index]), tried, "{local} {q} {channel}");
                    let delivered = best(&|row| row["outcome"] == "DELIVERED");
                    assert_eq!(part_of(&line(&table, "Delivered")[index]), Some((delivered, tried)), "{local} {q} {channel}");
                }
                let months = panel(&browser, "months", "", &q).await;
                let headings = months["sheet"]["headings"].as_array().unwrap().clone();
                for row in rows(&months) {
                    for (channel, label) in own.channels() {
                        let Some(index) = headings.iter().position(|head| head["label"] == label) else { continue };
                        let of_month = |wanted: &dyn Fn(&Value) -> bool| {
                            own.messages(channel, |message| {
                                message["is_best"] == 1 && fits(message) && message["sent_month"] == row[0]["text"] && wanted(message)
                            })
                        };
                        let (part, whole) = (of_month(&|row| row["outcome"] == "DELIVERED"), of_month(&|_| true));
                        assert_eq!(part_of(&row[index]), (whole > 0).then_some((part, whole)), "{local} {q} {channel} {}", row[0]["text"]);
                    }
                }
            }
        }
    });
}

#[test]
fn a_panel_asks_the_upstream_no_more_often_than_it_must_and_fails_alone() {
    run(async {
        let world = world_of(1, 120).await;
        scoped(&world).await;
        let (head, branch) = (person(&world, "banyan", "legal.head"), person(&world, "banyan", "branch.user"));
        let id =
            raw::stored(&world, "banyan").await.of(&upstream::portal_user(&world, branch).await, Role::BranchUser).largest_with_failures();
        let asked = async || {
            let metrics = browser::metrics(&world).await;
            let reads = |line: &&str| {
                line.starts_with("portal_upstream_requests_total")
                    && ["list", "group_by", "totals", "count"].iter().any(|read| line.contains(&format!("operation=\"{read}\"")))
            };
            metrics.lines().filter(reads).map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum::<u64>()
        };
        let expected = [
            ("list", 2, 4),
            ("about", 2, 2),
            ("funnels", 1, 1),
            ("channels", 4, 5),
            ("reasons", 1, 1),
            ("failures", 1, 2),
            ("curve", 5, 6),
            ("overlap", 1, 1),
            ("recipients", 4, 5),
            ("performance", 4, 5),
            ("months", 1, 2),
        ];
        for (index, somebody) in [head, branch].into_iter().enumerate() {
            let browser = Browser::of(&world, somebody).await;
            for (which, of_head, of_branch) in expected {
                let mut least = u64::MAX;
                for _ in 0..4 {
                    let before = asked().await;
                    panel(&browser, which, &id, "").await;
                    least = least.min(asked().await - before);
                }
                assert_eq!(least, [of_head, of_branch][index], "{which} {index}");
            }
        }
        let browser = Browser::of(&world, head).await;
        for site in world.sites.values() {
            let failure = Failure::DocType { name: "Notice Delivery", silent: false };
            site.knobs().set_for("api@banyan.example", Some(Knob { delay: None, failure }));
        }
        for which in PANELS {
            let of_messages = ["channels", "failures", "curve"].contains(&which);
            assert_eq!(ask(&browser, which, &id, "").await.status >= 500, of_messages, "{which}");
        }
        let page = browser.get(&format!("/notices/{id}")).await;
        assert!(page.status == 200 && page.text.contains("Hours of sending"), "{}", page.status);
        assert!(page.text.matches("This panel could not be loaded").count() >= 3, "those of messages at least");
    });
}
