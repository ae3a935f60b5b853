//! What writes leave behind: states, amendments, names, links, uploads, versions, and what filters find of it. Must not know how
//! rows are kept.

use serde_json::{Value, json};

use crate::lab::{Lab, Setting};

const CASE: &str = "/api/resource/Arbitration%20Case";
const NOTICE: &str = "/api/resource/Case%20Notice";

fn name(answer: &crate::recording::Answer) -> String {
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.body["data"]["name"].as_str().unwrap().to_owned()
}

#[test]
fn a_document_is_submitted_cancelled_and_amended_again_and_again() {
    let lab = Lab::open();
    let notice = json!({"arbitration_case": "ARB-2026-00001", "notice_type": "Reply"});
    let mut current = name(&lab.put("A", "POST", NOTICE, &notice));
    let first = current.clone();
    let too_early = lab.put("A", "POST", NOTICE, &json!({"arbitration_case": "ARB-2026-00001", "amended_from": current}));
    assert_eq!((too_early.status, &too_early.body["exc_type"]), (417, &json!("ValidationError")));
    for nth in 1..=2 {
        let at = format!("{NOTICE}/{current}");
        assert_eq!(lab.put("A", "PUT", &at, &json!({"docstatus": 2})).body["exc_type"], "DocstatusTransitionError");
        assert_eq!(lab.put("A", "POST", &at, &json!({"run_method": "submit"})).body["data"]["docstatus"], 1);
        assert_eq!(lab.call("ADMIN", "DELETE", &at, None).status, 417);
        assert_eq!(lab.put("A", "POST", &at, &json!({"run_method": "cancel"})).body["data"]["docstatus"], 2);
        assert_eq!(lab.put("A", "PUT", &at, &json!({"sent_on": "2026-01-01"})).status, 417);
        let amended = json!({"arbitration_case": "ARB-2026-00001", "notice_type": "Reply", "amended_from": current});
        current = name(&lab.put("A", "POST", NOTICE, &amended));
        assert_eq!(current, format!("{first}-{nth}"));
    }
    assert_eq!(lab.put("A", "PUT", &format!("{CASE}/ARB-2026-00001"), &json!({"docstatus": 1})).status, 417, "no such state of a case");
    assert_eq!(lab.put("A", "POST", &format!("{NOTICE}/{current}"), &json!({"run_method": "explode"})).status, 403);
}

#[test]
fn what_is_linked_stays_and_what_is_renamed_takes_everything_along() {
    let lab = Lab::open();
    let case = name(&lab.put("A", "POST", CASE, &json!({"title": "x", "filed_on": "2026-01-01", "parties": [{"party_name": "P"}]})));
    lab.upload("A", &[("is_private", "1"), ("doctype", "Arbitration Case"), ("docname", &case)], "x.txt", "x");
    let memo = lab.put("A", "POST", "/api/resource/Case%20Memo", &json!({"arbitration_case": case})).body["data"]["name"].clone();
    assert_eq!(lab.call("ADMIN", "DELETE", &format!("{CASE}/{case}"), None).body["exc_type"], "LinkExistsError");
    let rename = json!({"doctype": "Arbitration Case", "old_name": case, "new_name": "X/1"});
    assert_eq!(lab.put("A", "POST", "/api/method/frappe.client.rename_doc", &rename).body["message"], "X/1");
    let one = lab.call("A", "GET", &format!("{CASE}/X%2F1"), None);
    assert_eq!(one.body["data"]["parties"][0]["parent"], "X/1");
    assert_eq!(lab.call("A", "GET", &format!("{CASE}/{case}"), None).status, 404);
    assert_eq!(lab.call("A", "GET", &format!("/api/resource/Case%20Memo/{memo}"), None).body["data"]["arbitration_case"], "X/1");
    assert_eq!(lab.call("A", "GET", "/private/files/x.txt", None).status, 200);
    lab.call("ADMIN", "DELETE", &format!("/api/resource/Case%20Memo/{memo}"), None);
    assert_eq!(lab.call("ADMIN", "DELETE", &format!("{CASE}/X%2F1"), None).status, 202);
    assert_eq!(lab.call("A", "GET", "/private/files/x.txt", None).status, 403, "uploads go with their document");
}

#[test]
fn a_failed_write_gives_its_number_back_and_counted_names_never_come_twice() {
    let lab = Lab::open();
    assert_eq!(lab.put("A", "POST", CASE, &json!({"title": "x"})).body["exc_type"], "MandatoryError");
    assert_eq!(name(&lab.put("A", "POST", CASE, &json!({"title": "x", "filed_on": "2026-01-01"}))), "ARB-2026-02001");
    let memo = || {
        lab.put("ADMIN", "POST", "/api/resource/Case%20Memo", &json!({"arbitration_case": "ARB-2026-00001"})).body["data"]["name"].clone()
    };
    assert_eq!(memo(), 31);
    lab.call("ADMIN", "DELETE", "/api/resource/Case%20Memo/31", None);
    assert_eq!(memo(), 32);
}

#[test]
fn values_are_read_as_mariadb_reads_them_and_shown_as_they_were_sent() {
    let lab = Lab::open();
    let sent = json!({"title": "x", "filed_on": "20260105", "seat_time": "9:5", "next_hearing": "2026-12-01T10:00:00", "is_urgent": true,
        "days_open": "7.9", "case_type": null, "expected_duration": 60});
    let made = lab.put("A", "POST", CASE, &sent);
    let stored = lab.call("A", "GET", &format!("{CASE}/{}", name(&made)), None);
    let of = |answer: &crate::recording::Answer| {
        ["filed_on", "seat_time", "next_hearing", "is_urgent", "days_open", "expected_duration"]
            .map(|field| answer.body["data"][field].clone())
    };
    assert_eq!(json!(of(&made)), json!(["20260105", "9:5", "2026-12-01T10:00:00", true, 7, 60]));
    assert_eq!(json!(of(&stored)), json!(["2026-01-05", "9:05:00", "2026-12-01 10:00:00", 1, 7, 60.0]));
    for (field, value, status, class) in [
        ("next_hearing", json!("2026-12-01T10:00:00Z"), 500, "OperationalError"),
        ("seat_time", json!("25:00"), 500, "OperationalError"),
        ("days_open", json!(2_147_483_648_u64), 417, "CharacterLengthExceededError"),
        ("claim_amount", json!(1e12), 500, "DataError"),
        ("contact_email", json!("a@b"), 417, "InvalidEmailAddressError"),
        ("title", json!("x".repeat(141)), 417, "CharacterLengthExceededError"),
        ("institution", json!("Nowhere"), 417, "LinkValidationError"),
    ] {
        let refused = lab.put("ADMIN", "PUT", &format!("{CASE}/ARB-2026-00001"), &json!({field: value}));
        assert_eq!((refused.status, &refused.body["exc_type"]), (status, &json!(class)), "{field}");
    }
}

#[test]
fn filters_come_as_pairs_triples_objects_spans_and_children() {
    let lab = Lab::open();
    lab.put("A", "PUT", &format!("{CASE}/ARB-2026-00001"), &json!({"filed_on": "2026-11-20", "next_hearing": "2026-12-31 17:00:00"}));
    let found = |filters: Value| {
        let ask = json!({"doctype": "Arbitration Case", "filters": filters, "limit_page_length": 0});
        let answer = lab.put("A", "POST", "/api/method/frappe.client.get_list", &ask);
        answer.body["message"].as_array().map_or(usize::from(answer.status), Vec::len)
    };
    assert_eq!(found(json!([{"filed_on": "2026-11-20", "title": "only the first pair counts"}])), 1);
    assert_eq!(found(json!([["filed_on", "timespan", "yesterday"]])), 1);
    assert_eq!(found(json!([["next_hearing", "timespan", "next month"]])), 1, "the last day of a span counts whole");
    assert_eq!(found(json!([["filed_on", "previous", "1 year"]])), 666);
    assert_eq!(found(json!([["filed_on", "timespan", "last decade"]])), 500);
    assert_eq!(found(json!([["Arbitration Case Party", "party_name", "in", ["Claimant 0", "Respondent 0"]]])), 2, "a line for each child");
    assert_eq!(found(json!(["status", "=", "Filed"])), 404);
    assert_eq!(found(json!([["Case Memo", "memo", "=", "x"]])), 501);
}

#[test]
fn after_the_desk_was_shown_a_session_must_carry_its_token() {
    let lab = Lab::under(Setting::Usual);
    let sid = lab.sign_in("A", &crate::seed::password("A"), "127.0.0.1").sid().unwrap().to_owned();
    let call = |method: &str, path: &str, token: &str| {
        let headers = [("Host", "lab.localhost"), ("Cookie", &format!("sid={sid}")), ("X-Frappe-CSRF-Token", token)];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        crate::recording::exchange(lab.address(), method, path, &headers, Some(""))
    };
    let list = "/api/method/frappe.client.get_list?doctype=Institution";
    assert_eq!(call("POST", list, "").status, 200);
    let desk = call("GET", "/app", "");
    let token = desk.body.as_str().unwrap().split_once("csrf_token = \"").unwrap().1.split('"').next().unwrap().to_owned();
    let refused = call("POST", list, "");
    assert_eq!((refused.status, &refused.body["exc_type"]), (400, &json!("CSRFTokenError")));
    assert_eq!((call("GET", list, "").status, call("POST", list, &token).status), (200, 200));
}

#[test]
fn new_keys_kill_the_old_secret_at_once() {
    let lab = Lab::open();
    let who = "/api/method/frappe.auth.get_logged_user";
    assert_eq!(lab.call("B", "GET", who, None).status, 200);
    let keys = json!({"user": "b.clerk@lab.example"});
    assert_eq!(lab.put("A", "POST", "/api/method/frappe.core.doctype.user.user.generate_keys", &keys).status, 403);
    let made = lab.put("ADMIN", "POST", "/api/method/frappe.core.doctype.user.user.generate_keys", &keys);
    assert_eq!(made.body["message"]["api_secret"].as_str().unwrap().len(), 15);
    assert_eq!(lab.call("B", "GET", who, None).status, 401);
}
