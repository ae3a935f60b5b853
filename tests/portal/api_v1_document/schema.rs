//! Whether a JSON value is what an OpenAPI document says it is. Stricter than a validator need be: a member that is not described
//! fails, and so does a keyword that is not understood here, so that nothing passes by being overlooked.
//!
//! Must not know any address.

use serde_json::Value;

/// Keywords that say nothing about a value.
const SILENT: [&str; 3] = ["description", "example", "examples"];

/// What is wrong with a value, each with its place; empty where it is as described.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "$", &mut found);
    found
}

fn check(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let keywords = schema.as_object().unwrap_or_else(|| panic!("{place}: no schema: {schema}"));
    let mut fault = |what: String| found.push(format!("{place}: {what}: {value}"));
    for (keyword, wanted) in keywords {
        match keyword.as_str() {
            "type" => {
                let kinds = wanted.as_array().cloned().unwrap_or_else(|| vec![wanted.clone()]);
                if !kinds.iter().any(|kind| is_of(value, kind.as_str().unwrap())) {
                    fault(format!("is no {wanted}"));
                }
            }
            "format" => {
                if let Some(text) = value.as_str()
                    && !has_format(text, wanted.as_str().unwrap())
                {
                    fault(format!("is no {wanted}"));
                }
            }
            "minimum" => {
                if value.as_f64().is_some_and(|number| number < wanted.as_f64().unwrap()) {
                    fault(format!("is below {wanted}"));
                }
            }
            "enum" => {
                if !wanted.as_array().unwrap().contains(value) {
                    fault(format!("is none of {wanted}"));
                }
            }
            "required" => {
                for name in wanted.as_array().unwrap() {
                    if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
                        fault(format!("has no {name}"));
                    }
                }
            }
            "properties" | "items" | "oneOf" | "$ref" => {}
            silent if SILENT.contains(&silent) => {}
            other => panic!("{place}: a keyword that this check does not understand: {other}"),
        }
    }
    if let Some(target) = keywords.get("$ref") {
        let target = target.as_str().unwrap();
        let schema = document.pointer(&target[1..]).unwrap_or_else(|| panic!("{place}: {target} is not in the document"));
        check(document, schema, value, place, found);
    }
    if let Some(alternatives) = keywords.get("oneOf") {
        let fitting = alternatives.as_array().unwrap().iter().filter(|schema| faults(document, schema, value).is_empty()).count();
        if fitting != 1 {
            found.push(format!("{place}: fits {fitting} of the alternatives: {value}"));
        }
    }
    if let (Some(items), Some(values)) = (keywords.get("items"), value.as_array()) {
        for (index, value) in values.iter().enumerate() {
            check(document, items, value, &format!("{place}[{index}]"), found);
        }
    }
    // An object without members described is anything at all.
    if let (Some(properties), Some(members)) = (keywords.get("properties"), value.as_object()) {
        for (name, value) in members {
            match properties.get(name) {
                Some(schema) => check(document, schema, value, &format!("{place}.{name}"), found),
                None => found.push(format!("{place}: {name} is not described")),
            }
        }
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type: {other}"),
    }
}

fn has_format(text: &str, format: &str) -> bool {
    match format {
        "date" => text.len() == 10 && odr_portal::model::Day::parse(text).is_some(),
        "date-time" => {
            let offset = text.get(19..).unwrap_or_default();
            text.len() == 25 && text.as_bytes()[10] == b'T' && offset.starts_with(['+', '-']) && text.parse::<jiff::Timestamp>().is_ok()
        }
        other => panic!("no format of a text: {other}"),
    }
}
