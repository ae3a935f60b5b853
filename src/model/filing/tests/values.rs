//! Values in the spellings that files have.

use super::*;
use crate::model::filing::values::{self, Said};

fn amount(cell: &Cell) -> Result<(i64, bool), String> {
    let said = values::said(cell).unwrap().unwrap();
    values::amount(&said).map(|amount| (amount.value.paise(), amount.rounded)).map_err(|problem| problem.sentence)
}

fn date(cell: &Cell) -> Result<String, String> {
    let said = values::said(cell).unwrap().unwrap();
    values::day(&said).map(Day::iso).map_err(|problem| problem.sentence)
}

#[test]
fn amounts_are_read_as_india_writes_them() {
    for (words, paise) in [
        ("1,23,456.78", 1_23_456_78),
        ("₹ 1,23,456/-", 1_23_456_00),
        ("Rs. 12345", 12_345_00),
        ("Rs.12345.5 only", 12_345_50),
        ("INR 1234567890.10", 1_23_45_67_890_10),
        ("123,456,789", 12_34_56_789_00),
        ("999999999", 99_99_99_999_00),
        ("0", 0),
        ("12.", 12_00),
        ("  7 ", 7_00),
        ("10.5000", 10_50),
    ] {
        assert_eq!(amount(&text(words)), Ok((paise, false)), "{words}");
    }
    for (number, paise, rounded) in [
        ("123456.78000000001", 1_23_456_78, false),
        ("123456.77999999999", 1_23_456_78, false),
        ("1.2E+5", 1_20_000_00, false),
        ("1.2345E-1", 12, true),
        ("1E-9", 0, false),
        ("0.005", 1, true),
        ("-0", 0, false),
        ("99.999", 1_00_00, true),
    ] {
        assert_eq!(amount(&Cell::Number(number.to_owned())), Ok((paise, rounded)), "{number}");
    }
}

#[test]
fn amounts_that_mean_two_things_are_refused_with_what_to_write() {
    for (words, told) in [
        ("(1,234)", "brackets"),
        ("-5", "below nothing"),
        ("5-", "below nothing"),
        ("1.5 lakh", "in full"),
        ("5L", "in full"),
        ("2 Cr", "crore or credit"),
        ("100 Dr", "debit"),
        ("1,2345", "commas"),
        ("12,34", "commas"),
        ("1.234,56", "commas"),
        ("1,23,456,789", "commas"),
        ("12 34", "two numbers"),
        ("1.2.3", "commas or points"),
        ("१२३", "no amount"),
        ("1e5", "no amount"),
        ("abc", "no amount"),
        ("₹", "no amount"),
        ("100000000000", "more than a case can hold"),
        ("99999999999999999999999", "no amount"),
    ] {
        assert!(amount(&text(words)).unwrap_err().contains(told), "{words}: {:?}", amount(&text(words)));
    }
    assert!(amount(&Cell::Number("-5".to_owned())).unwrap_err().contains("below nothing"));
    assert!(amount(&Cell::Number("1E+300".to_owned())).is_err());
    assert!(amount(&Cell::Truth(true)).is_err());
}

#[test]
fn dates_have_the_day_before_the_month() {
    for words in ["05/04/2026", "5/4/26", "05-04-2026", "5.4.2026", "5-Apr-26", "05 April 2026", "2026-04-05", "2026/4/5", "5-APR-2026"] {
        assert_eq!(date(&text(words)).as_deref(), Ok("2026-04-05"), "{words}");
    }
    for words in ["05/04/2026 00:00:00", "2026-04-05T10:30:00Z", "5-Apr-2026 12:00:00 AM"] {
        assert_eq!(date(&text(words)).as_deref(), Ok("2026-04-05"), "{words}");
    }
    for (words, told) in [
        ("04/31/2026", "no month 31"),
        ("31/04/2026", "does not exist"),
        ("29-02-2026", "does not exist"),
        ("20260405", "two ways"),
        ("45292", "1 Jan 2024"),
        ("April 2026", "no date"),
        ("5/4/206", "no date"),
        ("yesterday", "no date"),
        ("५/४/२०२६", "no date"),
        ("1/2/3/4", "no date"),
    ] {
        assert!(date(&text(words)).unwrap_err().contains(told), "{words}: {:?}", date(&text(words)));
    }
    assert!(date(&Cell::Number("45292".to_owned())).unwrap_err().contains("Format the column as a date"));
    assert_eq!(date(&Cell::Day(day("2024-02-29"))).as_deref(), Ok("2024-02-29"));
}

#[test]
fn words_that_stand_for_one_of_a_set_are_recognised() {
    let words = |text: &'static str| Said::Words(text.into());
    for (word, yes) in [("Yes", true), ("y", true), ("TRUE", true), ("1", true), ("हाँ", true), ("No", false), ("0", false), ("नहीं", false)]
    {
        assert_eq!(values::yes_no(&words(word)), Ok(yes), "{word}");
    }
    let known = known();
    for (word, code) in [
        ("PL", "PERSONAL"),
        ("personal", "PERSONAL"),
        ("TWO_WHEELER", "TWO_WHEELER"),
        ("Two-wheeler", "TWO_WHEELER"),
        ("2W", "TWO_WHEELER"),
    ] {
        assert_eq!(values::product(&words(word), &known).as_deref(), Ok(code), "{word}");
    }
    for (word, code) in [("Surat", "GUJ-01"), ("guj-01", "GUJ-01"), ("Camp · DEL-01", "DEL-01"), ("PUNE", "MAH-PUN-01")] {
        assert_eq!(values::branch(&words(word), &known).as_deref(), Ok(code), "{word}");
    }
    assert!(values::branch(&words("Camp"), &known).unwrap_err().sentence.contains("several branches"));
    for (word, code) in [("S.11 order", "S11_ORDER"), ("Named in clause", "NAMED_IN_CLAUSE"), ("NONE", "NONE")] {
        assert_eq!(values::consent(&words(word)).as_deref(), Ok(code), "{word}");
    }
    for (word, code) in [("Pvt. Ltd.", "COMPANY"), ("individual", "INDIVIDUAL"), ("LLP", "PARTNERSHIP"), ("HUF", "OTHER")] {
        assert_eq!(values::entity(&words(word)).as_deref(), Ok(code), "{word}");
    }
    for (word, code) in [("Co-Borrower", "CO_BORROWER"), ("guarantor", "GUARANTOR"), ("Legal heir", "LEGAL_HEIR"), ("POA", "POA_HOLDER")] {
        assert_eq!(values::role(&words(word)).as_deref(), Ok(code), "{word}");
    }
    for (word, code) in [("Marathi", "mr"), ("HI", "hi"), ("हिन्दी", "hi"), ("Oriya", "or")] {
        assert_eq!(values::language(&words(word)).as_deref(), Ok(code), "{word}");
    }
    for (word, name) in [("MH", "Maharashtra"), ("Jammu & Kashmir", "Jammu and Kashmir"), ("tamilnadu", "Tamil Nadu"), ("Orissa", "Odisha")]
    {
        assert_eq!(values::state(word), Some(name), "{word}");
    }
}

#[test]
fn mobiles_come_with_prefixes_blanks_and_as_numbers() {
    for words in ["9000000021", "+91-90000 00021", "0 9000000021", "0091 9000000021", "91\u{a0}9000000021"] {
        assert_eq!(values::mobile(&Said::Words(words.into())).as_deref(), Ok("9000000021"), "{words}");
    }
    for number in ["9000000021", "919000000021", "9000000021.0", "9.000000021E+9", "9.000000021E9"] {
        assert_eq!(values::mobile(&Said::Number(number)).as_deref(), Ok("9000000021"), "{number}");
    }
}
