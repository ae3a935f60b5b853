//! User Permissions between institutions: what they hold, and the ways past them that a real Frappe has and the simulated one
//! must have as well, since a portal is only tested by an upstream that leaks.

use serde_json::{Value, json};

use crate::lab::{Lab, Setting};

const CASE: &str = "/api/resource/Arbitration%20Case";
const FOREIGN: &str = "/api/resource/Arbitration%20Case/ARB-2026-00002";

fn count(answer: &crate::recording::Answer) -> usize {
    answer.body["data"].as_array().or_else(|| answer.body["message"].as_array()).map_or(usize::MAX, Vec::len)
}

#[test]
fn what_a_user_permission_hides_stays_hidden() {
    let lab = Lab::open();
    assert_eq!(count(&lab.call("A", "GET", &format!("{CASE}?limit=0"), None)), 667);
    let filtered = lab.call("A", "GET", &format!("{CASE}?limit=0&or_filters=%5B%5B%22institution%22%2C%22like%22%2C%22%25%22%5D%5D"), None);
    assert_eq!(count(&filtered), 667);
    for (method, path) in [("GET", FOREIGN), ("PUT", FOREIGN), ("DELETE", FOREIGN)] {
        assert_eq!(lab.put("A", method, path, &json!({"title": "x"})).status, 403, "{method}");
    }
    let moved = lab.put("A", "PUT", &format!("{CASE}/ARB-2026-00001"), &json!({"institution": "Delhi Arbitral Institute"}));
    assert_eq!(moved.status, 403);
    let found = lab.call("A", "GET", "/api/method/frappe.desk.search.search_link?doctype=Arbitration%20Case&txt=ARB-2026-00002", None);
    assert_eq!(count(&found), 0);
    let value = "/api/method/frappe.client.get_value?doctype=Arbitration%20Case&fieldname=title&filters=ARB-2026-00002";
    assert_eq!(lab.call("A", "GET", value, None).body, json!({"message": {}}));
}

#[test]
fn child_rows_and_rows_without_an_institution_are_everybodys() {
    let lab = Lab::open();
    let children = "/api/resource/Arbitration%20Case%20Party?parent=Arbitration%20Case&limit=0&fields=%5B%22name%22%2C%22parent%22%5D";
    let children = lab.call("A", "GET", children, None);
    assert_eq!(count(&children), 4000);
    let foreign = children.body["data"].as_array().unwrap().iter().find(|row| row["parent"] == "ARB-2026-00002").unwrap();
    let one = format!("/api/resource/Arbitration%20Case%20Party/{}", foreign["name"].as_str().unwrap());
    assert_eq!(lab.call("A", "GET", &one, None).status, 200);
    // A DocType without a link of its own to the institution is not restricted, nor are the columns joined to it.
    let memos = "/api/resource/Case%20Memo?limit=0&fields=%5B%22arbitration_case%22%2C%22arbitration_case.title%20as%20t%22%5D";
    let memos = lab.call("A", "GET", memos, None);
    assert_eq!(count(&memos), 30);
    assert!(memos.body["data"].as_array().unwrap().iter().any(|row| row["t"] == "Case 00001 DAI"));
}

#[test]
fn an_empty_institution_is_everybodys_unless_the_site_is_strict() {
    for (setting, status) in [(Setting::Usual, 200), (Setting::Strict, 403)] {
        let lab = Lab::under(setting);
        let orphan = json!({"arbitration_case": "ARB-2026-00002", "notice_type": "Reply"});
        let name = lab.put("ADMIN", "POST", "/api/resource/Case%20Notice", &orphan).body["data"]["name"].clone();
        let one = format!("/api/resource/Case%20Notice/{}", name.as_str().unwrap());
        assert_eq!(lab.call("A", "GET", &one, None).status, status, "{setting:?}");
    }
}

#[test]
fn a_level_hides_a_field_in_answers_and_tells_it_in_filters_writes_and_versions() {
    let lab = Lab::open();
    let own = format!("{CASE}/ARB-2026-00001");
    lab.put("ADMIN", "PUT", &own, &json!({"internal_notes": "settle at 40 %"}));
    assert_eq!(lab.call("A", "GET", &own, None).body["data"].get("internal_notes"), None);
    let oracle = format!("{CASE}?filters=%5B%5B%22internal_notes%22%2C%22like%22%2C%22settle%25%22%5D%5D");
    assert_eq!(count(&lab.call("A", "GET", &oracle, None)), 1);
    let listed = lab.call("A", "GET", &format!("{CASE}?fields=%5B%22name%22%2C%22internal_notes%22%5D&limit=1"), None);
    assert_eq!(listed.body["data"][0].as_object().unwrap().len(), 1);
    let written = lab.put("A", "PUT", &own, &json!({"days_open": 4, "internal_notes": "mine"}));
    assert_eq!(written.body["data"]["internal_notes"], "settle at 40 %", "shown, and not changed");
    let beside = "/api/method/frappe.desk.form.load.get_docinfo?doctype=Arbitration%20Case&name=ARB-2026-00001";
    assert!(lab.call("A", "GET", beside, None).body["docinfo"]["versions"].to_string().contains("settle at 40 %"));
}

#[test]
fn that_something_exists_can_be_learned_and_counted() {
    let lab = Lab::open();
    let link = |name: &str| {
        let path = format!("/api/method/frappe.client.validate_link?doctype=Arbitration%20Case&docname={name}");
        lab.call("A", "GET", &path, None).body["message"]["name"].clone()
    };
    assert_eq!((link("arb-2026-00002"), link("ARB-1999-00001")), (json!("ARB-2026-00002"), Value::Null));
    let counted = lab.call("NOROLE", "GET", "/api/method/frappe.client.get_count?doctype=Arbitration%20Case", None);
    assert_eq!(counted.body["message"], 2000);
    let roles = lab.call("NOROLE", "GET", "/api/method/frappe.core.doctype.user.user.get_roles?uid=a.clerk@lab.example", None);
    assert_eq!(roles.body["message"][0], "Portal API");
    let people = lab.call("NOROLE", "GET", "/api/resource/User?fields=%5B%22name%22%2C%22email%22%2C%22api_key%22%5D&order_by=name", None);
    assert_eq!((count(&people), &people.body["data"][1]), (5, &json!({"name": "Administrator", "email": "Administrator"})));
    let person = |who: &str| lab.call("A", "GET", &format!("/api/resource/User/{who}"), None).status;
    assert_eq!((person("a.clerk@lab.example"), person("b.clerk@lab.example")), (200, 403));
    let refused = lab.call("A", "GET", FOREIGN, None);
    assert!(refused.body.to_string().contains("Delhi Arbitral Institute"), "the refusal names the other institution");
    // A link to another institution's case is taken where the DocType has no institution of its own.
    let memo = lab.put("A", "POST", "/api/resource/Case%20Memo", &json!({"arbitration_case": "ARB-2026-00002"}));
    assert_eq!(memo.status, 200);
}

#[test]
fn uploads_follow_their_document_but_public_ones_are_everybodys() {
    let lab = Lab::open();
    let attached = [("is_private", "1"), ("doctype", "Arbitration Case"), ("docname", "ARB-2026-00001")];
    let private = lab.upload("A", &attached, "a.txt", "for one");
    let url = private.body["message"]["file_url"].as_str().unwrap().to_owned();
    assert_eq!(lab.call("OWNER", "GET", &url, None).status, 200, "whoever reads the document reads its files");
    assert_eq!(lab.call("B", "GET", &url, None).status, 403);
    let row = format!("/api/resource/File/{}", private.body["message"]["name"].as_str().unwrap());
    assert_eq!((lab.call("A", "GET", &row, None).status, lab.call("B", "GET", &row, None).status), (200, 403));
    lab.upload("A", &[("is_private", "0")], "open.txt", "for all");
    lab.upload("A", &[("is_private", "1")], "mine.txt", "for me");
    // A list shows what is attached to any row of a DocType that one may read.
    let listed = lab.call("B", "GET", "/api/resource/File?fields=%5B%22file_name%22%5D&order_by=file_name", None);
    assert_eq!(listed.body["data"], json!([{"file_name": "a.txt"}, {"file_name": "open.txt"}]));
    // The same name with another content gets another address; the same content the same.
    let second = lab.upload("A", &attached, "a.txt", "for two").body["message"]["file_url"].clone();
    let again = lab.upload("B", &[("is_private", "1")], "b.txt", "for one").body["message"]["file_url"].clone();
    assert_ne!(second, json!(url));
    assert_eq!(again, json!(url));
    assert_eq!(lab.call("B", "GET", &url, None).body, "for one", "a row of one's own with the same content opens it");
    let nothing = lab.put("A", "POST", "/api/method/upload_file", &json!({}));
    assert_eq!((nothing.status, &nothing.body["exc_type"]), (417, &json!("MandatoryError")));
    let nowhere = lab.upload("A", &[("doctype", "Arbitration Case"), ("docname", "nowhere"), ("is_private", "1")], "n.txt", "n");
    assert_eq!(nowhere.status, 200, "a document that is not there is not asked");
    assert_eq!(lab.call("A", "DELETE", &row, None).status, 202);
}

#[test]
fn a_child_row_is_written_by_whoever_may_write_its_parent() {
    let lab = Lab::open();
    let child = |case: &str| {
        let parent = lab.call("ADMIN", "GET", &format!("{CASE}/{case}"), None);
        format!("/api/resource/Arbitration%20Case%20Party/{}", parent.body["data"]["parties"][0]["name"].as_str().unwrap())
    };
    let change = json!({"party_name": "Renamed"});
    let own = lab.put("A", "PUT", &child("ARB-2026-00001"), &change);
    assert_eq!((own.status, &own.body["data"]["party_name"]), (200, &json!("Renamed")));
    assert_eq!(lab.put("A", "PUT", &child("ARB-2026-00002"), &change).status, 403);
    assert_eq!(lab.put("NOROLE", "PUT", &child("ARB-2026-00001"), &change).status, 403);
}
