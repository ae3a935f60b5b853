//! What every portfolio must hold, checked against the schema and the invariants of its recipe.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::*;
use crate::demo::schema::{FieldType, doctype};
use crate::model::Role;

pub(super) fn today() -> Day {
    Day::parse("2026-11-21").unwrap()
}

pub(super) fn banyan(cases: usize) -> Portfolio {
    generate(&institutions()[0], today(), 7, cases)
}

/// The large institution whole: generated once for the tests that need its size.
pub(super) static LARGE: LazyLock<(Portfolio, Duration)> = LazyLock::new(|| {
    let start = Instant::now();
    let portfolio = banyan(12_480);
    (portfolio, start.elapsed())
});

/// The same with fewer cases, for what every size must hold.
pub(super) static MEDIUM: LazyLock<Portfolio> = LazyLock::new(|| banyan(1_500));

pub(super) fn text<'a>(row: &'a Record, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn rows<'a>(portfolio: &'a Portfolio, doctype: &str) -> &'a [Record] {
    portfolio.records.iter().find(|(name, _)| *name == doctype).map_or(&[], |(_, rows)| rows)
}

pub(super) fn paise(row: &Record, field: &str) -> i64 {
    (row.get(field).and_then(Value::as_f64).unwrap_or_default() * 100.0).round() as i64
}

/// Every field exists, has its kind and its code; every field that must be filled is; unique is unique; links resolve.
fn check_against_schema(portfolio: &Portfolio) {
    let names: HashMap<&str, HashSet<&str>> =
        portfolio.records.iter().map(|(doctype, rows)| (*doctype, rows.iter().map(|row| text(row, "name")).collect())).collect();
    for (name, rows) in &portfolio.records {
        let schema = doctype(name).unwrap_or_else(|| panic!("no DocType {name}"));
        assert_eq!(names[name].len(), rows.len(), "{name}: a name stands twice");
        let mut seen: HashMap<&str, HashSet<String>> = HashMap::new();
        for row in rows {
            for field in schema.fields {
                let at = || format!("{name} {}.{}", text(row, "name"), field.name);
                let value = row.get(field.name).unwrap_or(&Value::Null);
                assert!(!field.filled || !value.is_null(), "{} is not filled", at());
                if value.is_null() {
                    continue;
                }
                match field.kind {
                    FieldType::Select => assert!(field.options.contains(&value.as_str().unwrap_or_default()), "{}: {value}", at()),
                    FieldType::Link => {
                        let target = names.get(field.options[0]).unwrap_or_else(|| panic!("{}: nothing to link to", at()));
                        assert!(target.contains(value.as_str().unwrap_or_default()), "{}: {value}", at());
                    }
                    FieldType::Data => assert!(value.as_str().is_some_and(|text| text.chars().count() <= 140), "{}: {value}", at()),
                    FieldType::Date => assert!(value.as_str().and_then(Day::parse).is_some(), "{}: {value}", at()),
                    FieldType::Datetime => {
                        let moment = value.as_str().unwrap_or_default();
                        assert!(moment.len() == 19 && moment.get(..10).and_then(Day::parse).is_some(), "{}: {value}", at());
                    }
                    FieldType::Int => assert!(value.as_i64().is_some_and(|n| i32::try_from(n).is_ok()), "{}: {value}", at()),
                    FieldType::Check => assert!(matches!(value.as_i64(), Some(0 | 1)), "{}: {value}", at()),
                    FieldType::Currency | FieldType::Float | FieldType::Percent => assert!(value.is_number(), "{}: {value}", at()),
                    FieldType::Json => assert!(value.as_str().is_some_and(|text| serde_json::from_str::<Value>(text).is_ok()), "{}", at()),
                    FieldType::SmallText | FieldType::LongText => assert!(value.is_string(), "{}: {value}", at()),
                    FieldType::Table => assert!(value.is_array(), "{}: {value}", at()),
                    FieldType::Time | FieldType::Duration | FieldType::Email | FieldType::Html | FieldType::Password => {
                        panic!("{}: the records have no such fields", at());
                    }
                }
                if field.unique && value.as_str() != Some("") {
                    assert!(seen.entry(field.name).or_default().insert(value.to_string()), "{} stands twice: {value}", at());
                }
            }
            for (field, _) in row.iter() {
                let standard = ["name", "creation", "modified"].contains(&field);
                assert!(standard || schema.field(field).is_some(), "{name} has no field {field}");
            }
        }
    }
}

#[test]
fn every_row_of_every_institution_fits_the_schema() {
    for spec in institutions() {
        check_against_schema(&generate(&spec, today(), 7, spec.cases.min(700)));
    }
}

#[test]
fn the_large_portfolio_fits_the_schema_too() {
    let (portfolio, took) = &*LARGE;
    for (name, rows) in &portfolio.records {
        println!("{name}: {}", rows.len());
    }
    println!("generated in {took:?}");
    assert_eq!(rows(portfolio, "Arbitration Case").len(), 12_480);
    check_against_schema(portfolio);
}

#[test]
fn the_parts_of_the_dues_add_up_and_amounts_have_two_decimals() {
    for case in rows(&banyan(2_000), "Arbitration Case") {
        let parts = ["pos", "interest_overdue", "penal_charges", "bounce_charges", "legal_charges"];
        assert_eq!(parts.iter().map(|part| paise(case, part)).sum::<i64>(), paise(case, "total_dues"));
        assert!(parts.iter().all(|part| paise(case, part) >= 0));
        let award = ["award_principal", "award_interest", "award_costs"].iter().map(|part| paise(case, part)).sum::<i64>();
        assert_eq!(award, paise(case, "award_total"));
        assert!(paise(case, "award_total") <= paise(case, "claim_amount"), "{case:?}");
        for (field, value) in case.iter() {
            if let Some(amount) = value.as_f64().filter(|_| field.ends_with("_amount") || field == "pos") {
                assert!((amount * 100.0 - (amount * 100.0).round()).abs() < 1e-4, "{field}: {amount}");
            }
        }
    }
}

#[test]
fn dates_never_run_backwards_nor_into_the_future() {
    const ORDER: [&str; 13] = [
        "agreement_on",
        "disbursed_on",
        "default_on",
        "lrn_on",
        "s21_on",
        "s21_served_on",
        "filed_on",
        "registered_on",
        "appointed_on",
        "soc_on",
        "pleadings_complete_on",
        "award_on",
        "award_delivered_on",
    ];
    for spec in institutions() {
        for case in rows(&generate(&spec, today(), 3, spec.cases.min(2_000)), "Arbitration Case") {
            let mut last = "0000-00-00";
            for field in ORDER.into_iter().chain(["closed_on"]) {
                let day = text(case, field);
                assert!(day.is_empty() || (day >= last && day <= "2026-11-21"), "{field} {day} after {last}: {case:?}");
                last = if day.is_empty() { last } else { day };
            }
            assert!(text(case, "sod_on").is_empty() || text(case, "sod_on") >= text(case, "soc_on"));
            assert!(text(case, "stage_since_at") <= text(case, "status_since_at"), "{case:?}");
            assert!(text(case, "status_since_at") <= text(case, "modified"));
        }
    }
}

#[test]
fn the_last_day_for_an_award_is_twelve_months_after_the_pleadings() {
    let portfolio = banyan(2_000);
    let with_pleadings: Vec<_> =
        rows(&portfolio, "Arbitration Case").iter().filter(|case| case.contains_key("pleadings_complete_on")).collect();
    assert!(with_pleadings.len() > 300);
    for case in with_pleadings {
        let complete = Day::parse(text(case, "pleadings_complete_on")).unwrap().days_since_epoch();
        assert_eq!(text(case, "s29a_due_on"), row::iso(row::add_months(complete, 12)));
    }
}

#[test]
fn a_case_is_closed_in_one_way_only() {
    for case in rows(&banyan(2_000), "Arbitration Case") {
        let closed = text(case, "stage") == "S90";
        assert_eq!(closed, text(case, "status") == "CLOSED");
        assert_eq!(closed, case["is_open"] == 0);
        assert_eq!(closed, case.contains_key("closed_on") && case.contains_key("outcome"));
        assert_eq!(closed, !case.contains_key("open_lan_key"));
        assert_eq!(case.contains_key("registered_on"), case.contains_key("case_id"), "{case:?}");
    }
}

#[test]
fn the_mix_of_stages_is_the_recipes() {
    let portfolio = banyan(6_000);
    let cases = rows(&portfolio, "Arbitration Case");
    let count = |stage: &str| cases.iter().filter(|case| text(case, "stage") == stage).count() as f64;
    let open = cases.len() as f64 - count("S90");
    assert!((open / cases.len() as f64 - 0.78).abs() < 0.02);
    for (stage, share) in
        [("S00", 6.0), ("S10", 15.0), ("S20", 18.0), ("S30", 6.0), ("S40", 11.0), ("S50", 16.0), ("S60", 15.0), ("S70", 5.0), ("S80", 8.0)]
    {
        assert!((count(stage) / open * 100.0 - share).abs() < 1.6, "{stage}: {}", count(stage) / open * 100.0);
    }
    let at_risk = cases.iter().filter(|case| {
        let due = text(case, "s29a_due_on");
        case["is_open"] == 1 && !due.is_empty() && !case.contains_key("award_on") && due <= "2027-01-20"
    });
    let share = at_risk.count() as f64 / open * 100.0;
    assert!((1.2..3.2).contains(&share), "{share}");
}

#[test]
fn no_identifier_could_be_a_real_persons() {
    let portfolio = banyan(800);
    for (doctype, rows) in &portfolio.records {
        for row in rows {
            for value in row.iter().filter_map(|(_, value)| value.as_str()) {
                for word in value.split(|c: char| !c.is_ascii_alphanumeric()) {
                    let mobile = word.len() == 10 && word.bytes().all(|b| b.is_ascii_digit()) && word.as_bytes()[0] >= b'6';
                    assert!(!mobile || *doctype != "Case Party" && *doctype != "Party Particular", "{doctype}: {value}");
                    let pan = word.len() == 10
                        && word[..5].bytes().all(|b| b.is_ascii_uppercase())
                        && word[5..9].bytes().all(|b| b.is_ascii_digit())
                        && word[9..].bytes().all(|b| b.is_ascii_uppercase());
                    assert!(!pan || word.starts_with("ZZZ"), "{doctype}: {value}");
                }
                if let Some((local, domain)) =
                    value.trim_matches(';').split_once('@').filter(|(local, _)| !local.is_empty() && !value.contains(' '))
                {
                    assert!(domain.ends_with(".example"), "{doctype}: {local}@{domain}");
                }
            }
        }
    }
    let mut random = Random::new(1, "mobiles");
    let party = party::respondent(&house(), &mut random, place_of(0), "BORROWER", names::Name::default(), "INDIVIDUAL");
    assert!(party.mobile.is_empty() || party.mobile.starts_with('5') && party.mobile.len() == 10);
    assert!(party.pan.starts_with("ZZZP"));
}

fn house() -> people::House<'static> {
    let spec = Box::leak(Box::new(institutions()[0].clone()));
    people::house(spec, today().days_since_epoch(), 7).0
}

fn place_of(index: usize) -> &'static place::State {
    &place::STATES[index]
}

#[test]
fn every_awkward_row_is_in_banyans_portfolio() {
    let portfolio = banyan(200);
    let (cases, parties) = (rows(&portfolio, "Arbitration Case"), rows(&portfolio, "Case Party"));
    let named = |name: &str| parties.iter().any(|party| text(party, "party_name") == name);
    assert_eq!(awkward::LONG_COMPANY.chars().count(), 84);
    assert!(named(awkward::LONG_COMPANY));
    assert!(awkward::ODD_NAMES.iter().all(|(name, _)| named(name)));
    let last_four = &awkward::SHARED_MOBILE[6..];
    let shared: HashSet<_> =
        parties.iter().filter(|party| text(party, "mobile_last4") == last_four).map(|party| text(party, "case_ref")).collect();
    assert!(shared.len() >= 6);
    assert!(parties.iter().any(|party| party["must_be_served"] == 1 && party["has_mobile"] == 0 && party["has_email"] == 0));
    assert!(parties.iter().any(|party| text(party, "state_name") != "Kerala" && text(party, "pincode").starts_with("6820")));
    let died_late = |party: &Record| {
        let case = cases.iter().find(|case| case["name"] == party["case_ref"]).unwrap();
        text(party, "alive") == "DECEASED" && text(case, "hold") == "DECEASED" && text(party, "died_on") > text(case, "s21_on")
    };
    assert!(parties.iter().any(|party| party.contains_key("died_on") && died_late(party)));
    let has = |holds: &dyn Fn(&Record) -> bool| cases.iter().any(holds);
    assert!(has(&|case| case["is_open"] == 1 && paise(case, "total_dues") == 0 && paise(case, "realised_amount") > 0));
    assert!(has(&|case| paise(case, "claim_amount") >= 10_00_00_000_00));
    let orders = rows(&portfolio, "Case Order");
    assert!(orders.iter().any(|order| order["is_award"] == 1 && order["in_force"] == 0 && paise(order, "total") > 0));
    assert!(has(&|case| text(case, "outcome") == "SET_ASIDE" && case.contains_key("award_on")));
    assert!(rows(&portfolio, "Case Hearing").iter().any(|hearing| text(hearing, "starts_at").ends_with(" 00:00:00")));
    let mut timeline: HashMap<&str, usize> = HashMap::new();
    for event in rows(&portfolio, "Case Event") {
        *timeline.entry(text(event, "case_ref")).or_default() += 1;
    }
    assert!(timeline.values().any(|count| *count >= 300));
    assert!(has(&|case| case["document_count"] == 41) && has(&|case| case["document_count"] == 0));
    assert!(has(&|case| case.get("substitution_count").is_some_and(|count| count == 2)));
    assert!(has(&|case| text(case, "lan") == awkward::ZEROS_LAN));
    assert!(has(&|case| text(case, "s29a_due_on") < "2026-11-21" && case.contains_key("s29a_due_on") && !case.contains_key("award_on")));
}

#[test]
fn the_same_seed_gives_the_same_portfolio_and_another_gives_another() {
    let print = |seed: u64| {
        let portfolio = generate(&institutions()[1], today(), seed, 120);
        let all: Vec<String> = portfolio
            .records
            .iter()
            .flat_map(|(_, rows)| rows.iter().map(|row| Value::Object(row.clone().into_object()).to_string()))
            .collect();
        row::sha256(&all.concat())
    };
    assert_eq!(print(5), print(5));
    assert_ne!(print(5), print(6));
}

#[test]
fn people_hold_every_role_and_some_are_there_to_be_refused() {
    for spec in institutions() {
        let portfolio = generate(&spec, today(), 7, 3);
        let works = |role: Role| portfolio.people.iter().any(|person| person.role == role && person.active && person.password.is_some());
        assert!(Role::ALL.into_iter().all(works));
        let records = rows(&portfolio, "Portal User");
        for person in &portfolio.people {
            let record = records.iter().find(|row| text(row, "user_id") == person.user_id);
            assert_eq!(record.is_some(), person.portal_user, "{}", person.user_id);
            let admits = record.is_some_and(|row| {
                let until = text(row, "allowed_until_on");
                row["active"] == 1 && text(row, "state") == "ACTIVE" && (until.is_empty() || until >= "2026-11-21")
            });
            assert_eq!(admits, person.active, "{}", person.user_id);
            if let Some(row) = record {
                assert_ne!(text(row, "created_by"), text(row, "approved_by"));
                let last = text(row, "last_sign_in_at");
                assert!(if admits { ("2026-11-17".."2026-11-21").contains(&last) } else { last.is_empty() }, "{}: {last}", person.user_id);
            }
        }
        let standings: Vec<_> = portfolio.people.iter().map(|person| person.standing).collect();
        assert!([Standing::NoRecord, Standing::Suspended, Standing::Expired].iter().all(|standing| standings.contains(standing)));
    }
}

#[test]
fn small_institutions_carry_their_own_marker_and_nobody_elses() {
    for index in [0, 7, 49] {
        let spec = small_institution(index);
        let marker = format!("MARK-t{index:03}-");
        let portfolio = generate(&spec, today(), 7, spec.cases);
        check_against_schema(&portfolio);
        for case in rows(&portfolio, "Arbitration Case") {
            assert!(["lan", "title_text", "agreement_no", "institution_ref"].iter().all(|field| text(case, field).starts_with(&marker)));
            assert!(text(case, "search_text").contains(&marker.to_lowercase()));
            assert_eq!(text(case, "institution"), format!("T{index:03}"));
        }
        for party in rows(&portfolio, "Case Party") {
            assert!(text(party, "party_name").starts_with(&marker));
        }
        assert!(portfolio.people.iter().all(|person| person.display_name.starts_with(&marker)));
    }
}

#[test]
fn cases_beyond_those_with_everything_have_their_parties_and_clocks_alone() {
    let mut named: HashMap<&str, HashSet<String>> = HashMap::new();
    generate_sizes(&institutions()[0], today(), 7, (40, 10), &mut |kind, row| {
        let of = if kind == "Arbitration Case" { "name" } else { "case_ref" };
        named.entry(kind).or_default().insert(text(&row, of).to_owned());
    });
    let cases = named["Arbitration Case"].len();
    assert_eq!((cases, named["Case Party"].len()), (40, 40));
    assert!(named["Case Clock"].len() > 10, "open cases have clocks, whichever they are");
    for kind in ["Case Document", "Case Event", "Case Cost", "Notice Recipient"] {
        let cases: usize = named[kind].iter().filter(|case| !case.is_empty()).count();
        assert!((1..=10).contains(&cases), "{kind} of {cases} cases");
    }
}
