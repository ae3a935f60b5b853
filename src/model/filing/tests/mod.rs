//! Filing files, judged: values, headings, rows, and what holds whatever a row says.

mod headings;
mod properties;
mod rows;
mod values;

use super::{Cell, Content, Known, Mapping};
use crate::model::{Day, case_draft::CaseChoices};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn known() -> Known {
    let branches = [("MAH-PUN-01", "Pune"), ("MAH-PUN-02", "Camp"), ("DEL-01", "Camp"), ("GUJ-01", "Surat")];
    let choices = CaseChoices {
        products: CaseChoices::products(["PERSONAL", "TWO_WHEELER"].into_iter()),
        branches: branches.map(|(code, name)| (code.to_owned(), format!("{name} · {code}"))).to_vec(),
    };
    Known::of(choices, day("2026-11-21"))
}

/// A row that becomes a case, under the codes of its fields as headings.
fn good() -> Vec<(&'static str, &'static str)> {
    vec![
        ("lan", "0012345678901234"),
        ("product", "Personal Loan"),
        ("branch", "mah-pun-01"),
        ("agreement_on", "01/02/2023"),
        ("default_on", "1-Mar-25"),
        ("npa_on", "2025-06-01"),
        ("pos", "₹ 1,23,456.50"),
        ("interest_overdue", "1000"),
        ("penal_charges", "nil"),
        ("total_dues", "1,24,456.50"),
        ("dues_on", "31.10.2026"),
        ("name", "Ramesh  Kumar"),
        ("mobile", "+91 90000 00021"),
        ("email", "ramesh@example.in"),
        ("pan", "abcpd1234e"),
        ("address", "12 MG Road"),
        ("address_2", "Camp"),
        ("city", "Pune"),
        ("state", "Maharashtra"),
        ("pincode", "411 001"),
    ]
}

/// Each heading is its field's code.
fn plain() -> Mapping {
    Mapping::of(super::FIELDS.iter().map(|field| (field.code, field.code)))
}

fn content(change: &[(&str, Cell)]) -> Content {
    let mut pairs: Vec<(String, Cell)> = good().into_iter().map(|(code, text)| (code.to_owned(), Cell::Text(text.to_owned()))).collect();
    for (code, cell) in change {
        pairs.retain(|(known, _)| known != code);
        pairs.push(((*code).to_owned(), cell.clone()));
    }
    let (headings, cells): (Vec<String>, Vec<Cell>) = pairs.into_iter().unzip();
    Content::of(&headings, cells)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}
