//! Every recorded answer of a real server, judged.

use crate::server::frappe::Fault;

#[derive(serde::Deserialize)]
struct Recording {
    response: Recorded,
}

#[derive(serde::Deserialize)]
struct Recorded {
    status: u16,
    headers: Vec<(String, String)>,
    body: serde_json::Value,
}

#[test]
fn every_recorded_answer_has_its_fault() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/frappe");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut table = String::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        // Some recordings hold another shape (a delivery that was received): they have no answer to judge.
        let Ok(Recording { response }) = serde_json::from_str::<Recording>(&text) else { continue };
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if (200..300).contains(&response.status) {
            table += &format!("{name}: {} ok\n", response.status);
            continue;
        }
        let retry_after = response.headers.iter().find(|(name, _)| name == "Retry-After").map(|(_, value)| value.as_str());
        let body = if response.body.is_string() { Vec::new() } else { response.body.to_string().into_bytes() };
        let fault = Fault::of_answer(response.status, &body, retry_after);
        table += &format!("{name}: {} {fault:?}\n", response.status);
    }
    insta::assert_snapshot!(table);
}

#[test]
fn the_oldest_form_without_an_exc_type_is_read_by_its_exceptions_prefix() {
    let body = br#"{"exception":"frappe.exceptions.TimestampMismatchError: Document 'Delhi' has been modified"}"#;
    assert_eq!(Fault::of_answer(417, body, None), Fault::Conflict);
    let wrong_password = br#"{"message":"Invalid login credentials","exc_type":"DoesNotExistError"}"#;
    assert_eq!(Fault::of_answer(401, wrong_password, None), Fault::AuthRefused);
}

#[test]
fn an_exception_class_that_is_no_identifier_is_dropped() {
    for exc_type in ["<script>", "Delhi Arbitral Institute", "", "9lives", &"a".repeat(65)] {
        let body = serde_json::json!({ "exc_type": exc_type, "exception": "Traceback (most recent call last)" }).to_string();
        assert_eq!(Fault::of_answer(500, body.as_bytes(), None), Fault::Upstream { status: 500, exc_type: None });
    }
}
