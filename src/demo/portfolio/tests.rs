//! What every portfolio must hold, checked against the schema and the invariants of its recipe.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use serde_json::Value;

use super::*;
use crate::demo::schema::{FieldType, doctype};

fn today() -> Day {
    Day::parse("2026-11-21").unwrap()
}

fn banyan(cases: usize) -> Portfolio {
    generate(&institutions()[0], today(), 7, cases)
}

fn text<'a>(row: &'a Record, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn rows<'a>(portfolio: &'a Portfolio, doctype: &str) -> &'a [Record] {
    portfolio.records.iter().find(|(name, _)| *name == doctype).map_or(&[], |(_, rows)| rows)
}

fn paise(row: &Record, field: &str) -> i64 {
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
                }
                if field.unique && value.as_str() != Some("") {
                    assert!(seen.entry(field.name).or_default().insert(value.to_string()), "{} stands twice: {value}", at());
                }
            }
            for field in row.keys() {
                let standard = ["name", "creation", "modified"].contains(&field.as_str());
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
fn the_large_portfolio_comes_in_seconds() {
    let start = Instant::now();
    let portfolio = banyan(12_480);
    for (name, rows) in &portfolio.records {
        println!("{name}: {}", rows.len());
    }
    println!("generated in {:?}", start.elapsed());
    assert_eq!(rows(&portfolio, "Arbitration Case").len(), 12_480);
    check_against_schema(&portfolio);
    println!("checked in {:?}", start.elapsed());
}
