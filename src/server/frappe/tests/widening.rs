//! Whatever a person types is a value: never a condition, a column, a path or an argument.

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::server::{
    frappe::{
        Condition, Fault, Field, Op, Value, path,
        query::{RowScope, Selection},
        transport::Ask,
    },
    tests::hostile::hostile,
};

const OPS: [Op; 11] = [Op::Eq, Op::Ne, Op::Gt, Op::Ge, Op::Lt, Op::Le, Op::In, Op::NotIn, Op::Like, Op::IsSet, Op::NotSet];

proptest! {
    #[test]
    fn no_input_widens_a_filter(text in hostile(), search in hostile(), list in prop::collection::vec(hostile(), 0..4), op in 0..OPS.len()) {
        let scope = RowScope::institution_wide()
            .and(Condition::one_of(Field::new("zone"), ["N", "S"]))
            .any_of([Condition::eq(Field::new("legal_owner"), "u1"), Condition::eq(Field::new("advocate"), "u1")]);
        let mut selection = Selection::new(scope);
        selection.filter(Condition::new(Field::new("status"), OPS[op], text));
        selection.filter(Condition::one_of(Field::new("branch"), list));
        selection.filter(Condition::contains(Field::new("case_ref"), &search));
        let fence = Condition::eq(Field::new("institution"), "Alpha Bank");
        let query = vec![("filters", selection.filters(&fence).to_string()), ("or_filters", selection.or_filters().unwrap().to_string())];
        let url = Ask::read(path::collection("Arbitration Case"), query).url(&"https://upstream.test/".parse().unwrap());

        let arguments: Vec<(String, String)> = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        prop_assert_eq!(arguments.len(), 2);
        prop_assert_eq!((arguments[0].0.as_str(), arguments[1].0.as_str()), ("filters", "or_filters"));
        let filters: Vec<Vec<Json>> = serde_json::from_str(&arguments[0].1).unwrap();
        prop_assert_eq!(Json::from(filters[0].clone()), json!(["institution", "=", "Alpha Bank"]));
        prop_assert_eq!(Json::from(filters[1].clone()), json!(["zone", "in", ["N", "S"]]));
        prop_assert!(filters.len() <= 5);
        let known = ["=", "!=", ">", ">=", "<", "<=", "in", "not in", "like", "is"];
        for condition in &filters[2..] {
            prop_assert_eq!(condition.len(), 3);
            prop_assert!(["status", "branch", "case_ref"].contains(&condition[0].as_str().unwrap()));
            prop_assert!(known.contains(&condition[1].as_str().unwrap()));
            prop_assert!(!condition[2].is_object());
        }
        let group: Json = serde_json::from_str(&arguments[1].1).unwrap();
        prop_assert_eq!(group, json!([["legal_owner", "=", "u1"], ["advocate", "=", "u1"]]));
    }

    #[test]
    fn any_name_is_exactly_one_segment(name in hostile()) {
        match path::document("Arbitration Case", &name) {
            Err(fault) => {
                prop_assert_eq!(fault, Fault::NotFound);
                prop_assert!(name.is_empty() || name == "." || name == ".." || name.chars().count() > 140);
            }
            Ok(path) => {
                let url = Ask::read(path, Vec::new()).url(&"https://upstream.test/".parse().unwrap());
                prop_assert_eq!(url.host_str(), Some("upstream.test"));
                prop_assert!(url.query().is_none() && url.fragment().is_none());
                let segments: Vec<&str> = url.path_segments().unwrap().collect();
                prop_assert_eq!(&segments[..3], &["api", "resource", "Arbitration%20Case"]);
                prop_assert_eq!(segments.len(), 4);
                prop_assert_eq!(percent_decode_str(segments[3]).decode_utf8().unwrap(), name);
            }
        }
    }
}

#[test]
fn steps_in_a_path_are_refused() {
    for name in ["", ".", ".."] {
        assert_eq!(path::document("Arbitration Case", name), Err(Fault::NotFound));
    }
    for file in
        ["", "/files/x", "/private/files/", "/private/files/..", "/private/files/a/b", "/private/files/../x", "http://h/private/files/x"]
    {
        assert_eq!(path::private_file(file), Err(Fault::NotFound), "{file}");
    }
}

#[test]
fn money_is_written_as_rupees_and_a_flag_as_a_number() {
    let amount = crate::model::Inr::from_paise(99_999_999_999_999);
    assert_eq!(Value::Money(amount).to_json().to_string(), "999999999999.99");
    assert_eq!(Value::Flag(true).to_json(), json!(1));
}
