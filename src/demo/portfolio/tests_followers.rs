//! What hangs on cases, checked against what the cases say of it.

use std::collections::HashMap;

use super::tests::{LARGE, banyan, paise, rows, text};
use super::*;

/// Rows of a kind by the case that they belong to.
fn by_case<'a>(portfolio: &'a Portfolio, doctype: &str) -> HashMap<&'a str, Vec<&'a Record>> {
    let mut found: HashMap<&str, Vec<&Record>> = HashMap::new();
    for row in rows(portfolio, doctype) {
        found.entry(text(row, "case_ref")).or_default().push(row);
    }
    found
}

#[test]
fn what_a_case_says_of_its_records_is_what_they_say() {
    let portfolio = banyan(1_500);
    let kinds = [
        "Case Document",
        "Case Service",
        "Case Hearing",
        "Case Clock",
        "Case Payment",
        "Case Task",
        "Case Event",
        "Case Order",
        "Case Appointment",
        "Case Settlement",
    ];
    let of: HashMap<&str, _> = kinds.into_iter().map(|kind| (kind, by_case(&portfolio, kind))).collect();
    let none = Vec::new();
    for case in rows(&portfolio, "Arbitration Case") {
        let of = |kind: &str| of[kind].get(text(case, "name")).unwrap_or(&none);
        let open = case["is_open"] == 1;
        assert_eq!(of("Case Hearing").len() as i64, case["hearing_count"].as_i64().unwrap());
        let adjourned = of("Case Hearing").iter().filter(|row| text(row, "status") == "ADJOURNED").count();
        assert_eq!(adjourned as i64, case["adjourned_count"].as_i64().unwrap());
        let next = of("Case Hearing").iter().filter(|row| text(row, "status") == "SCHEDULED").map(|row| text(row, "starts_at")).min();
        assert_eq!(next.unwrap_or_default(), text(case, "next_hearing_at"));
        assert_eq!(
            of("Case Task").iter().filter(|row| text(row, "state") == "OPEN").count() as i64,
            case["task_open_count"].as_i64().unwrap()
        );
        assert_eq!(of("Case Document").len() as i64, case["document_count"].as_i64().unwrap());
        for cell in of("Case Service") {
            let served = ["SERVED", "DEEMED_SERVED"].contains(&text(cell, "state"));
            assert_eq!(served, cell["counts_served"] == 1);
            assert_eq!(served, cell.contains_key("proof_doc") && cell.contains_key("served_on"));
        }
        let tasks = of("Case Task").iter().map(|row| text(row, "due_on"));
        let ours = of("Case Clock").iter().filter(|row| text(row, "state") == "RUNNING" && text(row, "owner_side") == "OURS");
        assert_eq!(tasks.chain(ours.map(|row| text(row, "due_on"))).min().unwrap_or_default(), text(case, "next_due_on"));
        let paid: i64 = of("Case Payment").iter().map(|row| paise(row, "amount")).sum();
        assert_eq!(paid, paise(case, "realised_amount"));
        for payment in of("Case Payment") {
            assert_eq!(
                ["to_principal", "to_interest", "to_costs"].iter().map(|part| paise(payment, part)).sum::<i64>(),
                paise(payment, "amount")
            );
        }
        let clock = |code: &str| of("Case Clock").iter().find(|row| text(row, "clock") == code).map_or("", |row| text(row, "due_on"));
        assert_eq!(clock("S29A_AWARD"), text(case, "s29a_due_on"));
        assert_eq!(clock("S34_CHALLENGE"), text(case, "s34_due_on"));
        assert!(open || of("Case Clock").iter().all(|row| text(row, "state") != "RUNNING"));
        let award =
            of("Case Order").iter().filter(|row| row["is_award"] == 1 && row["in_force"] == 1).map(|row| paise(row, "total")).sum::<i64>();
        assert_eq!(award, paise(case, "award_total"));
        let current: Vec<_> =
            of("Case Appointment").iter().filter(|row| row["is_current"] == 1).map(|row| text(row, "arbitrator")).collect();
        assert_eq!(current.first().copied().unwrap_or_default(), text(case, "arbitrator"), "{case:?}");
        assert!(current.len() <= 1);
        let agreed =
            of("Case Settlement").iter().filter(|row| row.contains_key("accepted_on")).map(|row| paise(row, "amount")).sum::<i64>();
        assert_eq!(agreed, paise(case, "settled_amount"));
        let stages: Vec<_> = of("Case Event").iter().filter(|row| text(row, "kind") == "STAGE").map(|row| text(row, "to_stage")).collect();
        assert_eq!(stages.last().copied(), Some(text(case, "stage")));
        assert!(stages.is_sorted());
        assert!(of("Case Event").iter().map(|row| text(row, "at")).is_sorted());
        assert!(of("Case Event").iter().all(|row| text(row, "at") < "2026-11-22"));
    }
}

#[test]
fn instalments_add_up_to_their_settlement() {
    let portfolio = banyan(2_000);
    let mut sums: HashMap<&str, i64> = HashMap::new();
    for row in rows(&portfolio, "Settlement Instalment") {
        *sums.entry(text(row, "settlement")).or_default() += paise(row, "amount");
    }
    assert!(sums.len() > 20);
    for settlement in rows(&portfolio, "Case Settlement") {
        if let Some(sum) = sums.get(text(settlement, "name")) {
            assert_eq!(*sum, paise(settlement, "amount"));
        }
    }
}

#[test]
fn the_large_institution_has_some_thirty_five_hearings_today() {
    let portfolio = &LARGE.0;
    let on = |last: &str| {
        rows(portfolio, "Case Hearing")
            .iter()
            .filter(|row| text(row, "status") == "SCHEDULED" && ("2026-11-21"..=last).contains(&text(row, "starts_on")))
            .count()
    };
    assert!((24..=48).contains(&on("2026-11-21")), "{}", on("2026-11-21"));
    assert!((150..=235).contains(&on("2026-11-27")), "{}", on("2026-11-27"));
    let held = rows(portfolio, "Case Hearing").iter().filter(|row| text(row, "status") != "SCHEDULED");
    let (adjourned, all) = held.fold((0, 0), |(a, n), row| (a + usize::from(text(row, "status") == "ADJOURNED"), n + 1));
    assert!((17..27).contains(&(adjourned * 100 / all)), "{adjourned} of {all}");
}
