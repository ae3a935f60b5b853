//! What holds whatever a row says.

use proptest::prelude::*;

use super::*;
use crate::model::{
    Inr,
    filing::{FIELDS, Repair, check_row, values},
};

/// Cells of every kind, with words that mean something more often than chance would have them.
fn cell() -> impl Strategy<Value = Cell> {
    let words = prop_oneof![
        any::<String>(),
        "[0-9/.,₹()+=@-]{0,14}",
        prop::sample::select(good().into_iter().map(|(_, text)| text.to_owned()).collect::<Vec<_>>()),
        prop::sample::select(vec![
            "Yes",
            "NA",
            "Personal",
            "5-Apr-2026",
            "9000000021",
            "=1+1",
            "'-5",
            "=\"",
            "\"",
            "12:00",
            "T10:00",
            "Cr",
            "1,2"
        ])
        .prop_map(str::to_owned),
    ];
    let day = (0_i64..40_000).prop_map(|days| Day::from_days_since_epoch(days).unwrap());
    prop_oneof![
        4 => words.prop_map(Cell::Text),
        1 => "[0-9]{0,18}(\\.[0-9]{0,12})?(E[+-]?[0-9]{1,4})?".prop_map(Cell::Number),
        1 => day.prop_map(Cell::Day),
        1 => any::<bool>().prop_map(Cell::Truth),
        1 => any::<String>().prop_map(Cell::Formula),
        1 => any::<String>().prop_map(Cell::Wrong),
        1 => Just(Cell::Empty),
    ]
}

fn row() -> impl Strategy<Value = Content> {
    let headings: Vec<String> = FIELDS.iter().map(|field| field.code.to_owned()).chain([String::new(), "Remarks".to_owned()]).collect();
    prop::collection::vec(cell(), 0..headings.len() + 3).prop_map(move |cells| Content::of(&headings, cells))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_row_is_judged_and_judged_the_same_when_it_is_read_back(row in row()) {
        let (mapping, known) = (plain(), known());
        let checked = check_row(&row, &mapping, &known);
        for finding in &checked.findings {
            prop_assert_eq!(Repair::of(finding.code).code(), finding.code);
            prop_assert_eq!(finding.grave, finding.code.starts_with("E_"));
            prop_assert!(!finding.sentence.is_empty());
            prop_assert!(finding.field.is_empty() || FIELDS.iter().any(|field| field.code == finding.field));
        }
        if checked.is_good() {
            prop_assert!(!checked.case.lan.is_empty() && checked.case.dues_on.is_some() && !checked.parties[0].name.is_empty());
        }
        let again = Content::parse(&row.json());
        prop_assert_eq!(again.as_ref(), Some(&row));
        prop_assert_eq!(check_row(&again.unwrap_or_default(), &mapping, &known), checked);
    }

    #[test]
    fn an_amount_is_read_as_it_was_written_in_every_form(paise in 0_i64..1_00_00_00_00_000_00) {
        let exact = Inr::from_paise(paise).exact();
        let grouped = exact.trim_start_matches('₹');
        let plain = grouped.replace(',', "");
        for words in [exact.clone(), grouped.to_owned(), plain.clone(), format!("Rs. {grouped}/-"), format!(" INR {plain} "), format!("₹ {grouped} only")] {
            let cell = Cell::Text(words);
            let said = values::said(&cell).ok().flatten();
            let read = said.map(|said| values::amount(&said).map(|amount| (amount.value.paise(), amount.rounded)));
            prop_assert_eq!(read, Some(Ok((paise, false))), "{:?}", cell);
        }
        let number = Cell::Number(plain);
        let read = values::said(&number).ok().flatten().and_then(|said| values::amount(&said).ok());
        prop_assert_eq!(read.map(|amount| amount.typed()), Some(format!("{}.{:02}", paise / 100, paise % 100)));
    }

    #[test]
    fn a_date_is_read_as_it_was_written_in_every_form(days in 10_957_i64..47_000) {
        let written = Day::from_days_since_epoch(days).unwrap();
        let iso = written.iso();
        let (year, month, of_month) = (&iso[..4], &iso[5..7], &iso[8..]);
        let long = written.long();
        for words in [
            format!("{of_month}/{month}/{year}"),
            format!("{of_month}-{month}-{year}"),
            format!("{of_month}.{month}.{year}"),
            format!("{of_month}/{month}/{}", &year[2..]),
            format!("{of_month}-{month}-{year} 00:00:00"),
            long.replace(' ', "-"),
            format!("{}-{}", long[..long.len() - 5].replace(' ', "-"), &year[2..]),
            long.to_uppercase(),
            iso.clone(),
        ] {
            let cell = Cell::Text(words);
            let said = values::said(&cell).ok().flatten();
            prop_assert_eq!(said.map(|said| values::day(&said)), Some(Ok(written)), "{:?}", cell);
        }
    }

    #[test]
    fn any_headings_are_guessed_and_any_json_is_read_or_not(headings in prop::collection::vec(any::<String>(), 0..20), json in any::<String>()) {
        let guess = Mapping::guess(&headings, &Mapping::default());
        prop_assert_eq!(Mapping::parse(&guess.json()), Some(guess));
        let _ = (Mapping::parse(&json), Content::parse(&json));
    }
}
