//! The query box's language, held against examples and against its own inverse.

use proptest::prelude::*;

use super::*;
use crate::model::{Bucket, CaseId, Checklist, Day, Inr, Product, Stage};

fn read(text: &str) -> CaseQuery {
    CaseQuery::from_params(text, "", "", "")
}

#[test]
fn the_query_box_reads_filters_and_words() {
    let query = read(r#"stage:hearing product:pl dues:>5L zone:west "sharma traders" stage:s70"#);
    assert_eq!(
        query.filters,
        [
            Filter::Stage(Stage::Hearing),
            Filter::Product(Product::Personal),
            Filter::Dues(Bound::Above, Inr::from_rupees(5_00_000)),
            Filter::Zone("WEST".into()),
            Filter::Stage(Stage::Award),
        ]
    );
    assert_eq!(query.search, "sharma traders");
    assert!(query.problems.is_empty());
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_still_counts() {
    let query = read("stage:nowhere colour:blue dues:lots dpd:>ninety due:<soon open:maybe zone: product:gold");
    assert_eq!(query.filters, [Filter::Product(Product::Gold)]);
    let parts: Vec<_> = query.problems.iter().map(|problem| problem.part.as_str()).collect();
    assert_eq!(parts, ["stage:nowhere", "colour:blue", "dues:lots", "dpd:>ninety", "due:<soon", "open:maybe", "zone:"]);
    assert!(query.problems[1].advice.contains("stage, status"), "{:?}", query.problems[1]);
}

#[test]
fn times_and_citations_stay_search_words() {
    assert_eq!(read("10:42 \"S.34: petition\"").search, "10:42 S.34: petition");
}

#[test]
fn a_column_asked_for_twice_turns_around() {
    let query = read("").sorted_by(CaseSort::Dues);
    assert!(query.descending);
    assert_eq!(query.href(), "/cases?sort=-dues");
    assert_eq!(query.sorted_by(CaseSort::Dues).href(), "/cases?sort=dues");
}

#[test]
fn a_percent_sign_is_written_for_a_router_that_decodes_twice() {
    assert_eq!(read("100% Cotton/Ltd").href(), "/cases?q=100%2525%20Cotton%2FLtd");
}

#[test]
fn words_of_the_portfolio_are_read_by_code_or_by_their_label() {
    let query = read(
        r#"missing:disclosure missing:"arbitration clause" band:Red outcome:"paid in full" outcome:moved-forum award:>0 arbitrator:AbC arbitrator:no"#,
    );
    let expected = [
        Filter::Missing("DISCLOSURE"),
        Filter::Missing("CLAUSE"),
        Filter::Band("RED"),
        Filter::Outcome("PAID_IN_FULL"),
        Filter::Outcome("MOVED_FORUM"),
        Filter::Award(Bound::Above, Inr::ZERO),
        Filter::Arbitrator(Some("AbC".into())),
        Filter::Arbitrator(None),
    ];
    assert_eq!((query.filters.as_slice(), query.problems.as_slice()), (expected.as_slice(), [].as_slice()));
    let problems = read("missing:nothing band:blue outcome:won award:much stagesince:soon").problems;
    assert!(problems[0].advice.contains("DISCLOSURE") && problems[1].advice.contains("AMBER") && problems.len() == 5, "{problems:?}");
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic_and_its_meaning_survives_being_written(text in "\\PC{0,80}") {
        let once = read(&text);
        let again = read(&once.text());
        prop_assert_eq!(&once.filters, &again.filters);
        prop_assert_eq!(once.search.replace('"', ""), again.search.replace('"', ""));
    }

    #[test]
    fn filters_written_by_the_portal_are_read_back(stage in 0..10_usize, paise in 0..10_i64.pow(13), days in 0..4000_u32) {
        let filters = vec![
            Filter::Stage(Stage::ALL[stage].clone()),
            Filter::Dues(Bound::AtLeast, Inr::from_paise(paise)),
            Filter::Dpd(Bound::Below, days),
            Filter::Filed(Bound::AtLeast, Day::EPOCH.later(i64::from(days))),
            Filter::Closed(Bound::AtMost, Day::EPOCH.later(i64::from(days) + 6)),
            Filter::Registered(Bound::Above, Day::EPOCH.later(i64::from(days))),
            Filter::StageSince(Bound::Exactly, Day::EPOCH.later(i64::from(days))),
            Filter::ChallengeDue(Bound::AtLeast, Day::EPOCH.later(i64::from(days))),
            Filter::Award(Bound::AtMost, Inr::from_paise(paise)),
            Filter::Missing(Checklist::ITEMS[stage % Checklist::ITEMS.len()].0),
            Filter::Arbitrator(Some(format!("Ab {days}"))),
            Filter::Advocate(format!("aB{days}")),
            Filter::AwardDays(Bound::AtMost, days),
            Filter::LastBucket(Bucket::ALL[stage % Bucket::ALL.len()].clone()),
        ];
        let query = CaseQuery { filters, ..CaseQuery::default() };
        prop_assert_eq!(read(&query.text()).filters, query.filters);
    }

    #[test]
    fn a_cursor_survives_the_url(value in "[ -~]{0,60}", id in "[0-9a-z]{10}") {
        let cursor = Cursor { value: CursorValue::Text(value), id: CaseId::parse(&id).unwrap() };
        prop_assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
    }

    #[test]
    fn any_cursor_text_is_taken_or_refused_without_panic(text in "\\PC{0,60}") {
        let _ = Cursor::parse(&text);
    }
}
