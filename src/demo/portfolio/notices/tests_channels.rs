//! The large institution's campaigns and rates, against the recipe's numbers.

use std::collections::HashMap;

use super::calendar::template_paused;
use crate::demo::portfolio::Record;
use crate::demo::portfolio::tests::{LARGE, rows, text};
use crate::model::Day;

fn flag(row: &Record, field: &str) -> bool {
    row.get(field).is_some_and(|value| value == 1)
}

fn share(of: &[&Record], holds: impl Fn(&Record) -> bool) -> f64 {
    of.iter().filter(|row| holds(row)).count() as f64 / of.len().max(1) as f64 * 100.0
}

#[test]
fn the_campaigns_of_a_year_stand_where_the_recipe_has_them() {
    let campaigns = rows(&LARGE.0, "Notice Campaign");
    for campaign in campaigns {
        println!("{} {} {} {}", text(campaign, "title"), text(campaign, "state"), campaign["targeted"], campaign["served"]);
    }
    let count = |state: &str| campaigns.iter().filter(|row| text(row, "state") == state).count();
    assert_eq!(campaigns.len(), 46);
    assert_eq!(["RUNNING", "PAUSED", "PENDING_APPROVAL", "RETURNED", "CANCELLED"].map(count), [3, 1, 2, 1, 1]);
    let waiting: Vec<&str> =
        campaigns.iter().filter(|row| text(row, "state") == "PENDING_APPROVAL").map(|row| text(row, "submitted_by")).collect();
    assert!(waiting.contains(&"legal.head@banyan.example"), "one was made by somebody who may approve others' campaigns");
    let sizes: Vec<i64> = campaigns.iter().map(|row| row["targeted"].as_i64().unwrap()).collect();
    assert!(sizes.iter().all(|size| (100..=9_800).contains(size)), "{sizes:?}");
    assert!(sizes.iter().max() >= Some(&9_000) && sizes.iter().sum::<i64>() > 45_000, "{sizes:?}");
    let first = campaigns.iter().map(|row| text(row, "started_at")).filter(|at| !at.is_empty()).min().unwrap();
    assert!(first >= "2025-11-15", "{first}");
}

#[test]
fn channels_do_what_they_do_with_defaulters() {
    let paused = |row: &Record| template_paused(today(), Day::parse(&text(row, "sent_at")[..10]).unwrap().days_since_epoch());
    let mut of: HashMap<&str, Vec<&Record>> = HashMap::new();
    let stopped: Vec<&str> = rows(&LARGE.0, "Notice Campaign")
        .iter()
        .filter(|row| matches!(text(row, "state"), "PAUSED" | "RUNNING"))
        .map(|row| text(row, "name"))
        .collect();
    for row in rows(&LARGE.0, "Notice Delivery").iter().filter(|row| flag(row, "is_best") && !stopped.contains(&text(row, "campaign"))) {
        // The second step of a waterfall reaches fewer: it goes to those whom the first did not reach.
        let second = text(row, "notice_type") == "REMINDER" && text(row, "channel") != "WHATSAPP";
        if !paused(row) && !second {
            of.entry(text(row, "channel")).or_default().push(row);
        }
    }
    for (channel, rows) in &of {
        let state = |wanted: &'static str| share(rows, |row| text(row, "outcome") == wanted);
        println!("{channel}: {} {:.1} {:.1} {:.1}", rows.len(), state("DELIVERED"), state("FAILED"), state("PENDING"));
    }
    for (channel, low, high) in
        [("SMS", 84.0, 91.0), ("WHATSAPP", 64.0, 78.0), ("EMAIL", 87.0, 93.0), ("SPEED_POST", 61.0, 72.0), ("COURIER", 60.0, 74.0)]
    {
        let pending = share(&of[channel], |row| text(row, "outcome") == "PENDING");
        assert!(channel != "SPEED_POST" || (3.0..=8.0).contains(&pending), "{pending}");
        let delivered = share(&of[channel], |row| flag(row, "was_delivered"));
        assert!((low..=high).contains(&delivered), "{channel}: {delivered}");
    }
    let returned: Vec<&Record> = of["SPEED_POST"].iter().copied().filter(|row| text(row, "outcome") == "FAILED").collect();
    for (reason, low, high) in [("BAD_ADDRESS", 40.0, 60.0), ("UNCLAIMED", 14.0, 28.0), ("REFUSED", 8.0, 20.0), ("ABSENT", 5.0, 16.0)] {
        let found = share(&returned, |row| text(row, "normalised_reason") == reason);
        println!("{reason}: {found:.1}");
        assert!((low..=high).contains(&found), "{reason}: {found}");
    }
    let read =
        share(&of["WHATSAPP"].iter().copied().filter(|row| flag(row, "was_delivered")).collect::<Vec<_>>(), |row| flag(row, "was_read"));
    println!("read: {read:.1}");
    assert!((45.0..=68.0).contains(&read), "{read}");
}

#[test]
fn legal_notices_reach_nine_of_ten_and_serve_three_of_four() {
    let sent: Vec<&Record> = rows(&LARGE.0, "Notice Recipient")
        .iter()
        .filter(|row| row["evidence_level"].as_i64() >= Some(3) && row.contains_key("service") && row["round"] == 1)
        .filter(|row| text(row, "sent_month") < "2026-11")
        .collect();
    let all: Vec<&Record> = (rows(&LARGE.0, "Notice Recipient").iter())
        .filter(|row| row["evidence_level"].as_i64() >= Some(4) && text(row, "sent_month") < "2026-11")
        .collect();
    let reached = share(&all, |row| row.contains_key("reached_channels"));
    // Served is a case whose respondents all are.
    let mut whole: HashMap<(&str, &str), bool> = HashMap::new();
    for row in &sent {
        *whole.entry((text(row, "campaign"), text(row, "case_ref"))).or_insert(true) &= flag(row, "served");
    }
    let served = whole.values().filter(|served| **served).count() as f64 / whole.len() as f64 * 100.0;
    println!("{} reached {reached:.1} served {served:.1}", sent.len());
    assert!((88.0..=93.0).contains(&reached), "{reached}");
    assert!((74.0..=81.0).contains(&served), "{served}");
}

#[test]
fn a_paused_template_shows_as_six_days_without_whatsapp() {
    let (mut during, mut around) = (Vec::new(), Vec::new());
    for row in rows(&LARGE.0, "Notice Delivery").iter().filter(|row| text(row, "channel") == "WHATSAPP") {
        let day = Day::parse(&text(row, "sent_at")[..10]).unwrap().days_since_epoch();
        if template_paused(today(), day) {
            during.push(row);
        } else if (today() - 150..today() - 125).contains(&day) {
            around.push(row);
        }
    }
    assert!(during.len() > 500 && around.len() > 500, "{} {}", during.len(), around.len());
    assert!(during.iter().all(|row| !flag(row, "was_delivered") && text(row, "normalised_reason") == "TEMPLATE"));
    assert!(share(&around, |row| flag(row, "was_delivered")) > 60.0);
}

#[test]
fn month_ends_are_the_busiest_days() {
    let (mut ends, mut all) = (0, 0);
    for row in rows(&LARGE.0, "Notice Delivery") {
        let day = text(row, "sent_at")[8..10].parse::<i64>().unwrap();
        all += 1;
        ends += i64::from(day >= 28 || day == 1);
    }
    // Five of some thirty days.
    assert!(ends * 100 / all > 40, "{ends} of {all}");
}

fn today() -> i64 {
    crate::demo::portfolio::tests::today().days_since_epoch()
}
