//! Rows: what becomes a case, and what is said of what does not.

use super::*;
use crate::model::{
    Inr,
    filing::{FIELDS, Finding, Repair, Row, Seen, check_row},
};

fn findings(change: &[(&str, Cell)]) -> Vec<(&'static str, &'static str)> {
    let checked = check_row(&content(change), &plain(), &known());
    checked.findings.iter().map(|finding| (finding.code, finding.field)).collect()
}

#[test]
fn a_row_becomes_the_case_that_a_form_would_make() {
    let checked = check_row(&content(&[]), &plain(), &known());
    assert_eq!(checked.findings, []);
    let case = &checked.case;
    assert_eq!((case.lan.as_str(), case.product.as_str(), case.branch.as_str()), ("0012345678901234", "PERSONAL", "MAH-PUN-01"));
    assert_eq!(
        (case.agreement_on, case.default_on, case.npa_on),
        (Some(day("2023-02-01")), Some(day("2025-03-01")), Some(day("2025-06-01")))
    );
    assert_eq!((case.total(), case.dues_on, case.consent_basis.as_str()), (Inr::from_paise(1_24_456_50), Some(day("2026-10-31")), "NONE"));
    let [lead] = checked.parties.as_slice() else { panic!("one respondent") };
    assert_eq!((lead.role.as_str(), lead.name.as_str(), lead.entity.as_str()), ("BORROWER", "Ramesh Kumar", "INDIVIDUAL"));
    assert_eq!((lead.mobile.as_deref(), lead.pan.as_deref()), (Some("9000000021"), Some("ABCPD1234E")));
    let address = lead.address.as_ref().unwrap();
    assert_eq!((address.lines.as_str(), address.town.as_str()), ("12 MG Road\nCamp", "Pune"));
    assert_eq!((address.pincode.as_str(), address.state.as_str()), ("411001", "Maharashtra"));
    assert!(lead.contacts().iter().any(|(kind, value, masked)| kind.code() == "PAN" && value == "ABCPD1234E" && masked == "ABxxxxx34E"));
}

#[test]
fn what_cannot_be_has_one_finding_under_its_field_with_the_code_of_its_repair() {
    let number = |text: &str| Cell::Number(text.to_owned());
    for (field, cell, code) in [
        ("lan", Cell::Empty, "E_REQUIRED"),
        ("lan", text("//"), "E_LAN"),
        ("lan", number("1.2345678901234568E+15"), "E_LAN"),
        ("lan", Cell::Day(day("2024-01-01")), "E_LAN"),
        ("lan", text(&"9".repeat(61)), "E_LENGTH"),
        ("product", text("Home loan"), "E_PRODUCT"),
        ("product", text("Yacht"), "E_PRODUCT"),
        ("branch", text("Camp"), "E_BRANCH"),
        ("branch", text("Nagpur"), "E_BRANCH"),
        ("branch", Cell::Formula("MAH-PUN-01".to_owned()), "E_FORMULA"),
        ("pos", Cell::Wrong("#REF!".to_owned()), "E_FORMULA"),
        ("pos", Cell::Empty, "E_REQUIRED"),
        ("pos", text("0"), "E_AMOUNT"),
        ("pos", text("(500)"), "E_AMOUNT"),
        ("interest_overdue", number("-3"), "E_AMOUNT"),
        ("interest_overdue", text("1.5 lakh"), "E_AMOUNT"),
        ("claim", text("999999999999"), "E_AMOUNT"),
        ("total_dues", text("1,24,456.49"), "E_DUES"),
        ("dues_on", Cell::Empty, "E_REQUIRED"),
        ("dues_on", text("22/11/2026"), "E_DATE"),
        ("dues_on", text("12/31/2025"), "E_DATE"),
        ("dues_on", number("45292"), "E_DATE"),
        ("default_on", text("31/01/2023"), "E_DATE"),
        ("npa_on", text("28/02/2025"), "E_DATE"),
        ("clause", text("perhaps"), "E_YESNO"),
        ("consent_basis", text("surely"), "E_CONSENT"),
        ("name", Cell::Empty, "E_REQUIRED"),
        ("name", text("12345"), "E_NAME"),
        ("entity", text("club"), "E_ENTITY"),
        ("language", text("Latin"), "E_LANGUAGE"),
        ("mobile", text("12345"), "E_MOBILE"),
        ("mobile", text("9000000021 / 9000000022"), "E_MOBILE"),
        ("email", text("ramesh"), "E_EMAIL"),
        ("pan", text("ABCDE12345"), "E_PAN"),
        ("pincode", text("011001"), "E_PIN"),
        ("pincode", Cell::Empty, "E_ADDRESS"),
        ("city", text(&"x".repeat(61)), "E_LENGTH"),
    ] {
        assert_eq!(findings(&[(field, cell.clone())]), [(code, field)], "{field} {cell:?}");
    }
}

#[test]
fn what_is_only_odd_does_not_stop_a_row() {
    for (field, cell, code, told) in [
        ("pincode", text("560001"), "W_PIN_STATE", "pincode"),
        ("state", text("Bavaria"), "W_STATE", "state"),
        ("claim", Cell::Number("1000.123".to_owned()), "W_ROUNDED", "claim"),
        ("lan", Cell::Number("1234567890123456".to_owned()), "W_LAN_DIGITS", "lan"),
        ("name", text("=Ramesh"), "W_FORMULA_TEXT", "name"),
        ("address_2", text("+ back gate"), "W_FORMULA_TEXT", "address_2"),
    ] {
        assert_eq!(findings(&[(field, cell.clone())]), [(code, told)], "{field} {cell:?}");
        assert!(check_row(&content(&[(field, cell)]), &plain(), &known()).is_good());
    }
    let kept = |cell| check_row(&content(&[("lan", cell)]), &plain(), &known()).case.lan;
    assert_eq!(kept(Cell::Number("1234567890123456".to_owned())), "1234567890123456");
    assert_eq!(kept(text("=\"000123\"")), "000123", "core banking keeps zeros so");
    assert_eq!(kept(text("'000123")), "000123");
}

#[test]
fn a_total_is_the_sum_of_the_parts_that_have_columns() {
    let mapping = Mapping::of(
        FIELDS
            .iter()
            .map(|field| field.code)
            .filter(|code| !code.contains("interest") && !code.contains("charges"))
            .map(|code| (code, code)),
    );
    let told = |total: &str| {
        let checked = check_row(&content(&[("total_dues", text(total))]), &mapping, &known());
        checked.findings.first().map(|finding| finding.sentence.clone())
    };
    assert_eq!(told("1,23,456.50"), None);
    assert!(told("1,24,456.50").is_some_and(|sentence| sentence.contains("no column is chosen for interest")));
}

#[test]
fn others_are_respondents_where_anything_but_their_role_is_said() {
    let checked = |change: &[(&str, Cell)]| check_row(&content(change), &plain(), &known());
    assert_eq!(checked(&[("co1_role", text("Guarantor"))]).parties.len(), 1);
    let both = checked(&[
        ("co1_name", text("Asha")),
        ("co2_name", text("Vijay")),
        ("co2_role", text("co-applicant")),
        ("co2_mobile", text("9000000022")),
    ]);
    assert_eq!(both.findings, []);
    let roles: Vec<_> = both.parties.iter().map(|party| (party.role.as_str(), party.name.as_str())).collect();
    assert_eq!(roles, [("BORROWER", "Ramesh Kumar"), ("CO_BORROWER", "Asha"), ("CO_BORROWER", "Vijay")]);
    assert_eq!(findings(&[("co1_mobile", text("9000000022"))]), [("E_REQUIRED", "co1_name")]);
    assert_eq!(findings(&[("co2_name", text("Asha")), ("co2_address", text("12 MG Road"))]), [("E_ADDRESS", "co2_pincode")]);
    let mut mapping = plain();
    mapping.put("co2_name", "");
    mapping.put("Guarantor's name", "co2_name");
    let guarantor = check_row(&content(&[("Guarantor's name", text("Asha"))]), &mapping, &known());
    assert_eq!(guarantor.parties.last().map(|party| party.role.as_str()), Some("GUARANTOR"));
}

#[test]
fn cells_without_a_heading_are_told_and_kept() {
    let headings = ["lan".to_owned(), String::new()];
    let row = Row { number: 2, cells: vec![text("1"), text("stray"), Cell::Empty, text("shifted")] };
    let content = Content::of(&headings, row.cells);
    let again = Content::parse(&content.json()).unwrap();
    assert_eq!(again, content);
    let told = check_row(&again, &plain(), &known()).findings;
    let columns: Vec<&Finding> = told.iter().filter(|finding| finding.code == "E_COLUMN").collect();
    assert_eq!(columns.len(), 2);
    assert!(columns[0].sentence.starts_with("Column B says “stray”"));
}

#[test]
fn a_row_is_mended_in_words() {
    let mut row = content(&[("pos", Cell::Formula("5".to_owned())), ("mobile", text("12"))]);
    row.put("pos", "1,23,456.50");
    row.put("mobile", "  ");
    row.put("claim", "500");
    let checked = check_row(&row, &plain(), &known());
    assert_eq!((checked.findings, checked.case.claim, row.cell("mobile")), (vec![], Inr::from_rupees(500), &Cell::Empty));
}

#[test]
fn the_same_loan_twice_names_the_first_row() {
    let mut seen = Seen::default();
    assert_eq!(
        [seen.note("ab-1", 2), seen.note(" AB-1 ", 3), seen.note("ab-2", 4), seen.note("", 5), seen.note("", 6)],
        [None, Some(2), None, None, None]
    );
    assert_eq!(seen.note("ab-1", 2), None, "a row is not its own double");
    let finding = seen.finding("Ab-1", 9).unwrap();
    assert!(finding.grave && finding.sentence.starts_with("Row 2 of the file"));
}

#[test]
fn every_code_has_words_for_what_to_do() {
    for repair in Repair::ALL {
        assert_eq!(Repair::of(repair.code()), *repair);
        assert!(!repair.label().is_empty() && repair.help().ends_with('.'), "{}", repair.code());
    }
    assert_eq!(Repair::of("E_UNHEARD_OF").code(), "W_OTHER");
}
