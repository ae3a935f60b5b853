//! Costs, defects, batches, rules and particulars, checked against what other records say of them.

use std::collections::HashMap;

use super::tests::{MEDIUM, paise, rows, text};
use super::*;

fn int(row: &Record, field: &str) -> i64 {
    row.get(field).and_then(serde_json::Value::as_i64).unwrap_or_default()
}

fn by<'a>(kind: &str, field: &str) -> HashMap<&'a str, Vec<&'a Record>> {
    let mut found: HashMap<&str, Vec<&Record>> = HashMap::new();
    for row in rows(&MEDIUM, kind) {
        found.entry(text(row, field)).or_default().push(row);
    }
    found
}

#[test]
fn a_case_knows_its_costs_defects_and_approval() {
    let (costs, defects, approvals) = (by("Case Cost", "case_ref"), by("Case Defect", "case_ref"), by("Case Approval", "object_name"));
    let none = Vec::new();
    let mut kinds = std::collections::HashSet::new();
    for case in rows(&MEDIUM, "Arbitration Case") {
        let name = text(case, "name");
        let of = costs.get(name).unwrap_or(&none);
        assert_eq!(of.iter().map(|row| paise(row, "amount")).sum::<i64>(), paise(case, "cost_total"));
        let unpaid = of.iter().filter(|row| text(row, "state") != "PAID").map(|row| paise(row, "amount")).sum::<i64>();
        assert_eq!(unpaid, paise(case, "cost_unpaid"));
        assert_eq!(text(case, "invoice_status") == "PAID", !of.is_empty() && unpaid == 0, "{case:?}");
        kinds.extend(of.iter().map(|row| text(row, "kind")));
        assert!(of.iter().all(|row| paise(row, "amount") > 0 && text(row, "incurred_on") <= "2026-11-21"));
        let of = defects.get(name).unwrap_or(&none);
        assert_eq!(of.len() as i64, int(case, "defect_count"));
        let open = of.iter().filter(|row| text(row, "state") == "OPEN").count() as i64;
        assert_eq!(open, int(case, "defect_open_count"));
        assert!(open == 0 || text(case, "status") == "DEFECT_RAISED");
        for defect in of {
            assert_eq!(text(defect, "state") == "CURED", defect.contains_key("cured_on") && int(defect, "cure_days") >= 0);
            assert!(!defect.contains_key("cured_on") || text(defect, "cured_on") >= text(defect, "raised_on"));
            assert!(text(defect, "raised_on") >= text(case, "filed_on") && !text(case, "filed_on").is_empty(), "{case:?} {defect:?}");
        }
        let approval = approvals.get(name).and_then(|found| found.first()).map_or("", |row| text(row, "name"));
        assert_eq!(approval, text(case, "approval"));
        assert_eq!(
            text(case, "status") == "PENDING_APPROVAL",
            approvals.get(name).is_some_and(|found| text(found[0], "state") == "PENDING")
        );
    }
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    let all = rows(&MEDIUM, "Case Defect").len() * 100
        / rows(&MEDIUM, "Arbitration Case").iter().filter(|case| case.contains_key("filed_on")).count();
    assert!((15..45).contains(&all), "{all} defects of a hundred filings");
}

#[test]
fn the_notices_that_a_case_pays_for_are_those_that_it_was_sent() {
    let mut sent: HashMap<(&str, &str), i64> = HashMap::new();
    for recipient in rows(&MEDIUM, "Notice Recipient") {
        *sent.entry((text(recipient, "case_ref"), text(recipient, "campaign"))).or_default() += paise(recipient, "cost");
    }
    sent.retain(|_, cost| *cost > 0);
    let notices = rows(&MEDIUM, "Case Cost").iter().filter(|row| text(row, "kind") == "NOTICE");
    let paid: HashMap<(&str, &str), i64> =
        notices.map(|row| ((text(row, "case_ref"), text(row, "campaign")), paise(row, "amount"))).collect();
    assert_eq!(paid, sent);
}

#[test]
fn a_batchs_counters_are_counts_of_its_rows_and_every_row_done_has_its_case() {
    let (lines, cases) = (by("Portal Batch Row", "batch"), by("Arbitration Case", "batch"));
    for batch in rows(&MEDIUM, "Portal Batch") {
        let of = &lines[text(batch, "name")];
        let count = |states: &[&str]| of.iter().filter(|row| states.contains(&text(row, "state"))).count() as i64;
        assert_eq!(int(batch, "row_total"), of.len() as i64);
        assert_eq!(int(batch, "row_ok"), count(&["OK", "DONE"]));
        assert_eq!((int(batch, "row_bad"), int(batch, "row_done")), (count(&["BAD"]), count(&["DONE"])));
        assert!(of.iter().map(|row| int(row, "row_no")).eq(1..=of.len() as i64));
        for line in of {
            assert_eq!(text(line, "state") == "DONE", line.contains_key("case_ref"));
            assert_eq!(text(line, "state") == "BAD", line.contains_key("repair_group"));
        }
        for case in cases.get(text(batch, "name")).into_iter().flatten() {
            let line = of[usize::try_from(int(case, "source_row")).unwrap() - 1];
            assert_eq!((&line["case_ref"], &line["lan"]), (&case["name"], &case["lan"]));
        }
        assert_ne!(batch.get("submitted_by"), batch.get("approved_by").or(Some(&serde_json::Value::from("nobody"))));
    }
    let states: std::collections::BTreeSet<&str> = rows(&MEDIUM, "Portal Batch").iter().map(|row| text(row, "state")).collect();
    assert!(states.is_superset(&["DONE_WITH_ERRORS", "PENDING_APPROVAL", "READY", "RETURNED"].into()), "{states:?}");
}

#[test]
fn one_version_of_each_rule_and_policy_is_in_force() {
    for (kind, of) in [("Service Rule", "notice_type"), ("Portal Policy", "kind")] {
        for (what, versions) in by(kind, of) {
            assert_eq!(versions.iter().filter(|row| text(row, "state") == "ACTIVE").count(), 1, "{what}");
            assert!(versions.iter().all(|row| row.get("approved_by") != row.get("made_by")));
        }
    }
    assert_eq!(by("Portal Policy", "kind").len(), 13);
    let rules: HashMap<&str, &Record> = rows(&MEDIUM, "Service Rule").iter().map(|row| (text(row, "name"), row)).collect();
    for cell in rows(&MEDIUM, "Case Service").iter().filter(|cell| cell.contains_key("rule")) {
        let rule = rules[text(cell, "rule")];
        assert_eq!((text(rule, "notice_type"), text(rule, "state")), (text(cell, "notice_type"), "ACTIVE"));
    }
}

#[test]
fn an_address_is_bad_for_the_party_the_case_and_the_particular_alike() {
    let addresses: HashMap<&str, &Record> = rows(&MEDIUM, "Party Particular")
        .iter()
        .filter(|row| text(row, "kind") == "ADDRESS")
        .map(|row| (text(row, "party"), row))
        .collect();
    let parties = by("Case Party", "case_ref");
    let mut delivered: std::collections::HashSet<&str> = std::collections::HashSet::new();
    for delivery in rows(&MEDIUM, "Notice Delivery").iter().filter(|row| int(row, "was_delivered") == 1) {
        delivered.insert(text(delivery, "particular"));
    }
    for case in rows(&MEDIUM, "Arbitration Case") {
        let bad = |party: &&&Record| addresses.get(text(party, "name")).is_some_and(|row| text(row, "delivery_state") == "BAD");
        let of = &parties[text(case, "name")];
        assert_eq!(int(case, "address_failed") == 1, of.iter().any(|party| bad(&party)));
        assert!(of.iter().all(|party| bad(&party) == (text(party, "address_state") == "ALL_BAD")));
    }
    for particular in rows(&MEDIUM, "Party Particular") {
        let ok = text(particular, "delivery_state") == "OK";
        assert_eq!(ok, delivered.contains(text(particular, "name")), "{particular:?}");
        assert_eq!(ok, particular.contains_key("last_ok_on"));
    }
}

#[test]
fn proceedings_follow_the_case() {
    let cases: HashMap<&str, &Record> = rows(&MEDIUM, "Arbitration Case").iter().map(|row| (text(row, "name"), row)).collect();
    let mut kinds = std::collections::HashSet::new();
    for proceeding in rows(&MEDIUM, "Case Proceeding") {
        let case = cases[text(proceeding, "case_ref")];
        kinds.insert(text(proceeding, "kind"));
        assert_eq!(text(proceeding, "state") == "CLOSED", proceeding.contains_key("closed_on"));
        assert!(text(proceeding, "filed_on") <= "2026-11-21", "{proceeding:?}");
        assert!(text(proceeding, "filed_on").is_empty() || text(proceeding, "filed_on") >= text(case, "default_on"), "{proceeding:?}");
        assert!(!proceeding.contains_key("next_on") || text(proceeding, "next_on") > "2026-11-21" && case["is_open"] == 1);
    }
    for status in ["CHALLENGED_S34", "EXECUTION_FILED"] {
        let kind = if status == "CHALLENGED_S34" { "S34" } else { "S36" };
        for case in cases.values().filter(|case| text(case, "status") == status) {
            assert!(rows(&MEDIUM, "Case Proceeding").iter().any(|row| row["case_ref"] == case["name"] && text(row, "kind") == kind));
        }
    }
    assert!(kinds.len() >= 7, "{kinds:?}");
}
