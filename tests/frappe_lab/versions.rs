//! What differs between versions 14, 15 and 16 of Frappe, asked of one site of each. Must not know how a version is simulated.

use serde_json::{Value, json};

use crate::lab::{Lab, Setting};

const CASE: &str = "/api/resource/Arbitration%20Case";

fn labs() -> [Lab; 3] {
    [Lab::under(Setting::V14), Lab::under(Setting::Usual), Lab::under(Setting::V16)]
}

#[test]
fn deleting_searching_and_wrong_verbs_answer_by_version() {
    let mut seen = Vec::new();
    for lab in labs() {
        let made = lab.put("ADMIN", "POST", CASE, &json!({"title": "x", "filed_on": "2026-01-01", "institution": "Chennai ADR Forum"}));
        let name = made.body["data"]["name"].as_str().unwrap().to_owned();
        let deleted = lab.call("ADMIN", "DELETE", &format!("{CASE}/{name}"), None);
        let found = lab.call("A", "GET", "/api/method/frappe.desk.search.search_link?doctype=Institution&txt=Mum", None);
        let verb = lab.call("A", "DELETE", CASE, None);
        let v1 = lab.call("A", "GET", "/api/v1/method/ping", None);
        let keys: Vec<String> = found.body.as_object().unwrap().keys().cloned().collect();
        seen.push((deleted.status, deleted.body, keys, verb.status, v1.status));
    }
    let of = |key: &str| vec![key.to_owned()];
    assert_eq!(
        seen,
        [
            (202, json!({"message": "ok"}), of("results"), 200, 404),
            (202, json!({"data": "ok"}), of("message"), 405, 200),
            (202, json!({"data": "ok"}), of("message"), 405, 200),
        ]
    );
}

#[test]
fn a_refusal_names_its_class_from_v15_on() {
    let mut seen = Vec::new();
    for lab in labs() {
        let crashed = lab.call("A", "GET", &format!("{CASE}?order_by=nosuch"), None).body["exc_type"].clone();
        let missing = lab.call("A", "GET", &format!("{CASE}/ARB-1999-00001"), None).body["exc_type"].clone();
        let login = lab.sign_in("A", "wrong", "127.0.0.1").body["exc_type"].clone();
        let nowhere = lab.call("A", "GET", "/api/nosuch", None).body;
        seen.push((crashed, missing, login, nowhere));
    }
    let missing = json!("DoesNotExistError");
    let later = (json!("OperationalError"), missing.clone(), json!("AuthenticationError"), json!({"exc_type": "DoesNotExistError"}));
    assert_eq!(seen, [(Value::Null, missing.clone(), missing, json!({})), later.clone(), later]);
}

#[test]
fn leaks_are_closed_one_by_one() {
    let mut seen = Vec::new();
    for lab in labs() {
        let other = lab.call("ADMIN", "GET", &format!("{CASE}/ARB-2026-00002"), None);
        let child = other.body["data"]["parties"][0]["name"].as_str().unwrap().to_owned();
        let child = lab.call("A", "GET", &format!("/api/resource/Arbitration%20Case%20Party/{child}"), None).status;
        let count = lab.call("A", "GET", "/api/method/frappe.client.get_count?doctype=Arbitration%20Case", None).body["message"].clone();
        lab.site().add_user(odr_portal::demo::frappe::User { enabled: false, ..crate::seed::user("B") });
        let disabled = lab.call("B", "GET", "/api/method/frappe.auth.get_logged_user", None).status;
        seen.push((child, count, disabled));
    }
    assert_eq!(seen, [(403, json!(2000), 200), (200, json!(2000), 200), (200, json!(667), 401)]);
}

#[test]
fn aggregates_homes_and_headers_change_with_the_version() {
    let mut seen = Vec::new();
    for lab in labs() {
        let aggregate = |fields: Value| {
            let ask = json!({"doctype": "Arbitration Case", "fields": fields, "group_by": "status"});
            lab.put("A", "POST", "/api/method/frappe.client.get_list", &ask).status
        };
        let text = aggregate(json!(["status", "count(name) as n"]));
        let least = aggregate(json!(["status", "min(filed_on) as n"]));
        let object = aggregate(json!(["status", {"COUNT": "name", "as": "n"}]));
        let home = lab.sign_in("A", &crate::seed::password("A"), "127.0.0.1");
        let version = lab.call("A", "GET", "/api/method/frappe.utils.change_log.get_versions", None);
        let version = version.body["message"]["frappe"]["version"].as_str().unwrap()[..2].to_owned();
        let cached = home.values("cache-control").count();
        seen.push((version, text, least, object, home.body["home_page"].clone(), cached));
    }
    let row = |version: &str, text, least, object, home: &str, cached| (version.to_owned(), text, least, object, json!(home), cached);
    assert_eq!(seen, [row("14", 200, 417, 500, "/app", 0), row("15", 200, 200, 500, "/app", 0), row("16", 417, 417, 200, "/desk", 1)]);
}
