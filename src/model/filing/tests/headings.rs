//! Headings: what they are guessed to mean, and which mappings can be used.

use super::*;
use crate::model::filing::FIELDS;

fn guessed(heading: &str) -> Option<&'static str> {
    let heading = heading.to_owned();
    Mapping::guess(std::slice::from_ref(&heading), &Mapping::default()).field(&heading).map(|field| field.code)
}

#[test]
fn headings_of_real_files_are_known() {
    for (heading, code) in [
        ("Loan No", "lan"),
        ("Loan A/c No.", "lan"),
        ("LAN", "lan"),
        ("LOAN_ACCOUNT_NUMBER", "lan"),
        ("POS", "pos"),
        ("Principal O/S", "pos"),
        ("Principal Outstanding (Rs.)", "pos"),
        ("POS Amt", "pos"),
        ("Cust Name", "name"),
        ("Borrower’s name", "name"),
        ("Date of Default (dd/mm/yyyy)", "default_on"),
        ("As on Date", "dues_on"),
        ("Mobile No.", "mobile"),
        ("E-mail ID", "email"),
        ("PIN Code", "pincode"),
        ("Address Line 2", "address_2"),
        ("Co-applicant Name", "co1_name"),
        ("Guarantor Name", "co2_name"),
        ("Total Outstanding INR", "total_dues"),
        ("co2_pincode", "co2_pincode"),
        ("शाखा", "branch"),
    ] {
        assert_eq!(guessed(heading), Some(code), "{heading}");
    }
    for heading in ["DOB", "Date", "Date of birth", "Disbursal date", "Remarks", "EMI", "Sanctioned amount", "(Rs.)", "Amount", ""] {
        assert_eq!(guessed(heading), None, "{heading}");
    }
}

#[test]
fn what_was_said_before_comes_first_and_a_field_is_guessed_once() {
    let headings = ["Loan No", "Old Loan No", "Dues", "Balance  prin."].map(str::to_owned);
    let remembered = Mapping::of([("Old Loan No", "lan"), ("balance prin", "pos"), ("Gone", "claim")]);
    let guess = Mapping::guess(&headings, &remembered);
    let pairs: Vec<_> = guess.pairs().collect();
    assert_eq!(pairs, [("Balance  prin.", "pos"), ("Dues", "total_dues"), ("Old Loan No", "lan")]);
}

#[test]
fn no_heading_means_two_fields() {
    let mut seen = std::collections::HashMap::new();
    for field in FIELDS {
        for alias in field.aliases.split(' ').filter(|alias| !alias.is_empty()) {
            assert_eq!(seen.insert(alias, field.code), None, "{alias}");
            assert_eq!(guessed(alias), Some(field.code), "{alias}");
        }
        assert_eq!(guessed(field.label), Some(field.code), "{}", field.label);
    }
}

#[test]
fn a_mapping_says_what_it_lacks_and_what_it_has_twice() {
    assert_eq!(plain().check(), Ok(()));
    let told = |mapping: &Mapping| mapping.check().unwrap_err().into_iter().map(|problem| problem.field).collect::<Vec<_>>();
    assert_eq!(told(&Mapping::default()), ["lan", "product", "branch", "pos", "dues_on", "name"]);
    let mut twice = plain();
    twice.put("Loan", "lan");
    let problems = twice.check().unwrap_err();
    assert_eq!((problems.len(), problems[0].sentence.contains("“Loan” and “lan”")), (1, true));
    let mut half = plain();
    half.put("pincode", "");
    half.put("co1_name", "");
    assert_eq!(told(&half), ["address", "co1_role", "co1_mobile", "co1_email", "co1_address", "co1_pincode"]);
}

#[test]
fn a_mapping_is_kept_as_words() {
    let mapping = Mapping::of([("Loan \"No\"", "lan"), ("POS", "pos"), ("Nothing", "no such field")]);
    assert_eq!(mapping.json(), r#"{"Loan \"No\"":"lan","POS":"pos"}"#);
    assert_eq!(Mapping::parse(&mapping.json()), Some(mapping));
    assert_eq!(Mapping::parse(r#"{"Age":"age"}"#), Some(Mapping::default()), "fields that are gone are left out");
    assert_eq!([Mapping::parse("[]"), Mapping::parse("{\"a\":1}"), Mapping::parse("")], [None, None, None]);
}
