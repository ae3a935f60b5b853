//! Whether two answers are alike: status, headers that a client could act on, cookies by name, and the shape of the body with
//! the values that the lab determines. Must not know how either came about.

use serde_json::Value;

use crate::recording::Answer;

/// Written by the server in front, or about the connection.
const NOT_FRAPPES: &[&str] = &["server", "date", "connection", "content-length"];
/// Values that follow from the request and the lab, not from the day or from chance.
const DETERMINED: &[&str] = &[
    "message",
    "data",
    "home_page",
    "full_name",
    "session_expired",
    "docstatus",
    "exc_type",
    "_error_message",
    "title",
    "indicator",
    "alert",
    "doctype",
    "idx",
    "is_private",
    "file_url",
    "file_size",
    "file_type",
    "file_name",
    "content_hash",
    "folder",
    "attached_to_field",
    "n",
    "institution",
    "arbitration_case",
    "amended_from",
    "notice_type",
    "party_role",
    "city",
    "meta_json",
    "details",
    "secret_pin",
    "external_ref",
    "__unsaved",
    "user_id",
];

/// Every way in which `got` differs; empty when they are alike.
pub fn differences(wanted: &Answer, got: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    if wanted.status != got.status {
        found.push(format!("status {} instead of {}", got.status, wanted.status));
    }
    let (theirs, ours) = (headers(wanted), headers(got));
    if theirs != ours {
        let missing: Vec<_> = theirs.iter().filter(|line| !ours.contains(line)).collect();
        let besides: Vec<_> = ours.iter().filter(|line| !theirs.contains(line)).collect();
        found.push(format!("headers: missing {missing:?}, besides {besides:?}"));
    }
    match (&wanted.body, &got.body) {
        (Value::String(theirs), Value::String(ours)) if theirs.starts_with("<html page") => {
            if !ours.trim_start().starts_with('<') {
                found.push(format!("body: no page: {ours:.80}"));
            }
        }
        (theirs, ours) => shape("body", "", theirs, ours, &mut found),
    }
    found
}

/// The headers to compare, in their order of name; of cookies the names, in the order in which they were set.
fn headers(answer: &Answer) -> Vec<String> {
    let mut lines: Vec<String> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.to_lowercase(), value))
        .filter(|(name, _)| !NOT_FRAPPES.contains(&name.as_str()) && name != "set-cookie")
        .map(|(name, value)| if name == "link" { name } else { format!("{name}: {value}") })
        .collect();
    lines.sort();
    let cookies = answer.values("set-cookie").map(|cookie| {
        let (name, value) = cookie.split(';').next().unwrap_or_default().split_once('=').unwrap_or_default();
        let attributes = cookie.split("; ").skip(1).map(|attribute| attribute.split('=').next().unwrap_or_default());
        let mut attributes: Vec<&str> = attributes.filter(|attribute| *attribute != "Expires").collect();
        attributes.sort_unstable();
        let value = if name == "sid" && value.len() > 20 || value.starts_with("{{") { "*" } else { value };
        format!("set-cookie: {name}={value} {attributes:?}")
    });
    lines.extend(cookies);
    lines
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

fn shape(at: &str, key: &str, wanted: &Value, got: &Value, found: &mut Vec<String>) {
    match (wanted, got) {
        (Value::Object(wanted), Value::Object(got)) => {
            let missing: Vec<&String> = wanted.keys().filter(|key| !got.contains_key(*key)).collect();
            let besides: Vec<&String> = got.keys().filter(|key| !wanted.contains_key(*key)).collect();
            if !missing.is_empty() || !besides.is_empty() {
                found.push(format!("{at}: missing {missing:?}, besides {besides:?}"));
            }
            for (key, wanted) in wanted {
                if let Some(got) = got.get(key) {
                    shape(&format!("{at}.{key}"), key, wanted, got, found);
                }
            }
        }
        (Value::Array(wanted), Value::Array(got)) => {
            if wanted.len() != got.len() {
                found.push(format!("{at}: {} entries instead of {}", got.len(), wanted.len()));
            }
            for (nth, (wanted, got)) in wanted.iter().zip(got).enumerate() {
                shape(&format!("{at}[{nth}]"), "", wanted, got, found);
            }
        }
        (Value::String(wanted), Value::String(got)) if key == "_server_messages" => {
            shape(&format!("{at}!"), "", &messages(wanted), &messages(got), found);
        }
        _ if kind(wanted) != kind(got) => found.push(format!("{at}: {} instead of {}", kind(got), kind(wanted))),
        // The text inside a message names users and rows as the exception's does; that it is there is what counts.
        _ if at.contains('!') && key == "message" => {}
        // `data` is the answer itself at the top, and a text about a change elsewhere.
        _ if key == "data" && at != "body.data" => {}
        _ if wanted != got
            && (DETERMINED.contains(&key) || at == "body")
            && !wanted.as_str().is_some_and(|text| text.starts_with("{{")) =>
        {
            found.push(format!("{at}: {got} instead of {wanted}"));
        }
        _ => {}
    }
}

/// `_server_messages` is a text that holds a list of texts, each an object.
fn messages(text: &str) -> Value {
    let inner: Vec<String> = serde_json::from_str(text).unwrap_or_default();
    inner.iter().map(|text| serde_json::from_str::<Value>(text).unwrap_or(Value::Null)).collect()
}
