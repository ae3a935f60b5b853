//! What every institution's notices must hold: the invariants of the recipe, checked on rows as others read them.

use std::collections::{HashMap, HashSet};

use super::channel::{rank, tracking_number};
use crate::demo::portfolio::tests::{MEDIUM, rows, text};
use crate::demo::portfolio::{Portfolio, Record};
use crate::model::Day;

fn int(row: &Record, field: &str) -> i64 {
    row.get(field).and_then(serde_json::Value::as_i64).unwrap_or_default()
}

fn by<'a>(portfolio: &'a Portfolio, kind: &str, field: &str) -> HashMap<&'a str, Vec<&'a Record>> {
    let mut found: HashMap<&str, Vec<&Record>> = HashMap::new();
    for row in rows(portfolio, kind) {
        found.entry(text(row, field)).or_default().push(row);
    }
    found
}

fn day(moment: &str) -> i64 {
    Day::parse(&moment[..10]).unwrap().days_since_epoch()
}

#[test]
fn a_campaigns_counters_are_what_its_recipients_add_up_to_and_fall_from_level_to_level() {
    let recipients = by(&MEDIUM, "Notice Recipient", "campaign");
    let deliveries = by(&MEDIUM, "Notice Delivery", "campaign");
    let none = Vec::new();
    for campaign in rows(&MEDIUM, "Notice Campaign") {
        let of = &recipients[text(campaign, "name")];
        let sent = deliveries.get(text(campaign, "name")).unwrap_or(&none);
        let count = |holds: &dyn Fn(&Record) -> bool| of.iter().filter(|row| holds(row)).count() as i64;
        let evidence = |level: i64| count(&|row| int(row, "evidence_level") >= level);
        let engagement = |level: i64| count(&|row| int(row, "engagement_level") >= level);
        let counted = ["targeted", "eligible", "attempted", "concluded", "served"].map(|field| int(campaign, field));
        assert_eq!(counted, [1, 2, 3, 4, 5].map(evidence), "{campaign:?}");
        assert!(counted.is_sorted_by(|a, b| a >= b));
        let counted = ["delivered", "engaged", "responded"].map(|field| int(campaign, field));
        assert_eq!(counted, [1, 2, 3].map(engagement));
        assert!(counted.is_sorted_by(|a, b| a >= b) && counted[0] <= int(campaign, "attempted"));
        assert_eq!(int(campaign, "blocked"), count(&|row| text(row, "eligibility") == "BLOCKED"));
        assert_eq!(int(campaign, "warned"), count(&|row| text(row, "eligibility") == "WARNING"));
        assert_eq!(int(campaign, "repairs_opened"), count(&|row| text(row, "repair_state") != "NONE"));
        assert_eq!(int(campaign, "repairs_recovered"), count(&|row| text(row, "repair_state") == "RECOVERED"));
        assert_eq!(int(campaign, "messages"), sent.len() as i64);
        assert_eq!(int(campaign, "messages_pending"), sent.iter().filter(|row| text(row, "outcome") == "PENDING").count() as i64);
        let paise = |rows: &[&Record], field: &str| rows.iter().map(|row| crate::demo::portfolio::tests::paise(row, field)).sum::<i64>();
        let cost = crate::demo::portfolio::tests::paise(campaign, "cost_total");
        assert_eq!((paise(of, "cost"), paise(sent, "cost")), (cost, cost));
    }
}

#[test]
fn a_recipient_is_what_its_deliveries_and_its_cell_make_of_it() {
    let deliveries = by(&MEDIUM, "Notice Delivery", "recipient");
    let cells: HashMap<&str, &Record> = rows(&MEDIUM, "Case Service").iter().map(|row| (text(row, "name"), row)).collect();
    let none = Vec::new();
    for recipient in rows(&MEDIUM, "Notice Recipient") {
        let of = deliveries.get(text(recipient, "name")).unwrap_or(&none);
        let level = int(recipient, "evidence_level");
        assert_eq!(level >= 2, text(recipient, "eligibility") != "BLOCKED", "{recipient:?}");
        assert_eq!(level >= 2, !recipient.contains_key("block_reason"));
        assert_eq!(level >= 3, !of.is_empty());
        assert_eq!(level == 5, int(recipient, "served") == 1);
        let pending = of.iter().filter(|row| text(row, "outcome") == "PENDING").count() as i64;
        assert_eq!(pending, int(recipient, "pending_count"));
        let reached: std::collections::BTreeSet<char> =
            of.iter().filter(|row| int(row, "was_delivered") == 1).map(|row| letter(text(row, "channel"))).collect();
        assert_eq!(reached.iter().collect::<String>(), text(recipient, "reached_channels"));
        assert_eq!(int(recipient, "engagement_level") >= 1, !reached.is_empty());
        let first = of.iter().filter(|row| row.contains_key("delivered_at")).map(|row| text(row, "delivered_at")).min();
        assert_eq!(first.unwrap_or_default(), text(recipient, "first_reached_at"));
        let failed = of.iter().any(|row| int(row, "is_best") == 1 && text(row, "outcome") == "FAILED");
        assert_eq!(text(recipient, "failure_side") != "NONE", failed && reached.is_empty());
        if let Some(cell) = cells.get(text(recipient, "service")) {
            assert_eq!((text(cell, "party"), text(cell, "notice_type")), (text(recipient, "party"), text(recipient, "notice_type")));
            assert_eq!(int(recipient, "served") == 1, int(cell, "counts_served") == 1 && !of.is_empty());
        } else {
            assert!(matches!(text(recipient, "notice_type"), "REMINDER" | "SETTLEMENT_OFFER") && int(recipient, "served") == 0);
        }
        let mut best: HashMap<&str, i64> = HashMap::new();
        for delivery in of {
            *best.entry(text(delivery, "channel")).or_default() += int(delivery, "is_best");
        }
        assert!(best.values().all(|count| *count == 1), "{of:?}");
    }
}

fn letter(channel: &str) -> char {
    if channel == "SPEED_POST" { 'P' } else { channel.chars().next().unwrap() }
}

#[test]
fn a_delivery_is_the_fold_of_its_events() {
    let events = by(&MEDIUM, "Notice Delivery Event", "delivery");
    for delivery in rows(&MEDIUM, "Notice Delivery") {
        let of = &events[text(delivery, "name")];
        assert!(of.is_sorted_by(|a, b| text(a, "at") < text(b, "at") && text(a, "received_at") <= text(b, "received_at")), "{of:?}");
        assert!(
            of.iter().all(|event| text(event, "at") <= text(event, "received_at") && text(event, "received_at") < "2026-11-21 00:11:00")
        );
        let ranks: Vec<i64> = of.iter().map(|event| rank(text(event, "status"))).collect();
        assert!(ranks.is_sorted() && ranks[0] > 0, "{of:?}");
        assert_eq!(ranks.iter().max(), Some(&rank(text(delivery, "state"))));
        let outcome = match ranks.iter().max() {
            Some(..70) => "PENDING",
            Some(70..80) => "FAILED",
            _ => "DELIVERED",
        };
        assert_eq!(text(delivery, "outcome"), outcome);
        assert_eq!(int(delivery, "was_delivered") == 1, outcome == "DELIVERED");
        let told = |status: &str| of.iter().find(|event| text(event, "status") == status).map_or("", |event| text(event, "at"));
        assert_eq!(told("READ"), text(delivery, "read_at"));
        assert_eq!(of[0]["at"], delivery["sent_at"]);
        assert_eq!(of[of.len() - 1]["at"], delivery["last_event_at"]);
        assert_eq!(text(delivery, "normalised_reason").is_empty(), outcome != "FAILED");
        assert!(int(delivery, "delivered_hour") >= -1 && (int(delivery, "deliver_bucket") >= 0) == (outcome == "DELIVERED"));
    }
}

#[test]
fn nothing_is_sent_outside_the_window_or_on_a_national_holiday() {
    let mut hours = HashSet::new();
    for delivery in rows(&MEDIUM, "Notice Delivery") {
        let sent_at = text(delivery, "sent_at");
        assert!(("08:00:00".."19:00:00").contains(&&sent_at[11..]), "{delivery:?}");
        assert!(!["01-26", "08-15", "10-02"].contains(&&sent_at[5..10]), "{delivery:?}");
        assert_eq!(int(delivery, "served_hour_ok"), 1);
        hours.insert(sent_at[11..13].to_owned());
    }
    assert_eq!(hours.len(), 11, "the whole window is used");
}

#[test]
fn the_post_takes_one_to_nine_days_and_its_events_keep_their_order() {
    const ORDER: [&str; 8] =
        ["BOOKED", "IN_TRANSIT", "OUT_FOR_DELIVERY", "INTIMATION_SERVED", "DELIVERED", "RETURN_INITIATED", "RETURNED", "LOST"];
    let events = by(&MEDIUM, "Notice Delivery Event", "delivery");
    let postal = rows(&MEDIUM, "Notice Delivery").iter().filter(|row| matches!(text(row, "channel"), "SPEED_POST" | "COURIER"));
    let mut finished = 0;
    for delivery in postal {
        let of = &events[text(delivery, "name")];
        let places: Vec<usize> = of.iter().map(|event| ORDER.iter().position(|known| *known == text(event, "status")).unwrap()).collect();
        assert!(places[0] == 0 && places.is_sorted_by(|a, b| a < b), "{of:?}");
        if text(delivery, "outcome") != "PENDING" {
            let days = day(text(delivery, "last_event_at")) - day(text(delivery, "sent_at"));
            assert!((1..=9).contains(&days), "{days}: {of:?}");
            finished += 1;
        }
    }
    assert!(finished > 300);
}

#[test]
fn tracking_numbers_have_the_shape_of_s10_and_a_prefix_that_nobody_has() {
    // The standard's own example.
    assert_eq!(&tracking_number(47_312_482)[2..11], "473124829");
    let mut seen = HashSet::new();
    for delivery in rows(&MEDIUM, "Notice Delivery").iter().filter(|row| text(row, "channel") == "SPEED_POST") {
        let number = text(delivery, "tracking_no");
        assert!(number.len() == 13 && number.starts_with("ZZ") && number.ends_with("IN"), "{number}");
        let digits: Vec<u32> = number[2..11].chars().map(|digit| digit.to_digit(10).unwrap()).collect();
        let sum: u32 = digits.iter().zip([8, 6, 4, 2, 3, 5, 9, 7]).map(|(digit, weight)| digit * weight).sum();
        // By what the weighted sum leaves over eleven.
        let check = [5, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1][sum as usize % 11];
        assert_eq!(digits[8], check, "{number}");
        assert!(seen.insert(number), "{number} twice");
    }
}

#[test]
fn a_served_cell_has_its_proof_and_the_delivery_that_decided_it() {
    let documents: HashMap<&str, &Record> = rows(&MEDIUM, "Case Document").iter().map(|row| (text(row, "name"), row)).collect();
    let deliveries: HashMap<&str, &Record> = rows(&MEDIUM, "Notice Delivery").iter().map(|row| (text(row, "name"), row)).collect();
    let mut decided = 0;
    for cell in rows(&MEDIUM, "Case Service").iter().filter(|cell| int(cell, "counts_served") == 1) {
        let proof = documents[text(cell, "proof_doc")];
        assert_eq!((text(proof, "case_ref"), text(proof, "doc_type")), (text(cell, "case_ref"), "POD"));
        let Some(best) = deliveries.get(text(cell, "best_delivery")) else { continue };
        assert_eq!((text(best, "channel"), &best["proof_doc"]), (text(cell, "best_channel"), &cell["proof_doc"]), "{cell:?}");
        let decided_at = match (text(cell, "state"), text(best, "channel")) {
            ("SERVED", "WHATSAPP") => text(best, "read_at"),
            ("SERVED", _) => text(best, "delivered_at"),
            _ => {
                assert!(matches!(text(best, "state"), "RETURNED" | "RETURN_INITIATED"), "{best:?}");
                decided += 1;
                continue;
            }
        };
        assert_eq!(&decided_at[..10], text(cell, "served_on"), "{cell:?} {best:?}");
        decided += 1;
    }
    assert!(decided > 200, "{decided}");
}

#[test]
fn no_closed_or_deceased_respondent_is_in_a_later_campaign() {
    let cases: HashMap<&str, &Record> = rows(&MEDIUM, "Arbitration Case").iter().map(|row| (text(row, "name"), row)).collect();
    let parties: HashMap<&str, &Record> = rows(&MEDIUM, "Case Party").iter().map(|row| (text(row, "name"), row)).collect();
    let campaigns: HashMap<&str, &Record> = rows(&MEDIUM, "Notice Campaign").iter().map(|row| (text(row, "name"), row)).collect();
    for recipient in rows(&MEDIUM, "Notice Recipient") {
        let (case, campaign) = (cases[text(recipient, "case_ref")], campaigns[text(recipient, "campaign")]);
        let closed = text(case, "closed_on");
        assert!(closed.is_empty() || closed > &text(campaign, "started_at")[..10], "{case:?}");
    }
    for delivery in rows(&MEDIUM, "Notice Delivery") {
        let closed = text(cases[text(delivery, "case_ref")], "closed_on");
        assert!(closed.is_empty() || closed >= &text(delivery, "sent_at")[..10], "{delivery:?}");
    }
    for recipient in rows(&MEDIUM, "Notice Recipient").iter().filter(|row| int(row, "evidence_level") >= 3) {
        let died = text(parties[text(recipient, "party")], "died_on");
        let sent = text(campaigns[text(recipient, "campaign")], "started_at");
        assert!(died.is_empty() || died >= &sent[..10], "{recipient:?}");
    }
}

#[test]
fn nobody_approves_what_they_submitted() {
    let mut kinds = HashSet::new();
    for approval in rows(&MEDIUM, "Case Approval") {
        assert_ne!(text(approval, "submitted_by"), text(approval, "checker"), "{approval:?}");
        assert!(!approval.contains_key("checker_2") || approval["checker_2"] != approval["checker"]);
        let decided = text(approval, "state") != "PENDING";
        assert_eq!(decided, approval.contains_key("checker") && approval.contains_key("decided_at"));
        assert_eq!(decided, int(approval, "wait_mins") >= 0);
        assert_eq!(text(approval, "state") == "RETURNED", approval.contains_key("reason_code"));
        kinds.insert(text(approval, "object_kind"));
    }
    assert_eq!(kinds.len(), 6, "{kinds:?}");
}
