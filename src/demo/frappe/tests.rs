//! Over real sockets: what no recording shows. `tests/frappe_lab.rs` replays the recordings. Knows the public surface only.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{ApiKey, Failure, Knob, Site, SiteOptions, User, Version, serve};
use crate::demo::schema::{Autoname, DocType, Field, FieldType, Rights};

const ALL: Rights = Rights::CRWD;
const READ: Rights = Rights::R;

const fn field(name: &'static str, kind: FieldType, required: bool, unique: bool, options: &'static [&'static str]) -> Field {
    Field {
        name,
        kind,
        required,
        unique,
        options,
        indexed: false,
        set_once: false,
        derived: false,
        filled: false,
        default: None,
        permlevel: 0,
        fetch_from: None,
    }
}

static INSTITUTION: DocType = DocType {
    name: "Institution",
    autoname: Autoname::Prompt,
    child: false,
    fields: &[field("city", FieldType::Data, false, false, &[])],
    portal_api: READ,
};
static CASE: DocType = DocType {
    name: "Arbitration Case",
    autoname: Autoname::Series("ARB-.YYYY.-.#####"),
    child: false,
    fields: &[
        field("title", FieldType::Data, true, false, &[]),
        field("institution", FieldType::Link, true, false, &["Institution"]),
        field("status", FieldType::Select, false, false, &["Filed", "Admitted", "Hearing", "Award Reserved", "Closed", "Withdrawn"]),
        field("filed_on", FieldType::Date, true, false, &[]),
        field("claim_amount", FieldType::Currency, false, false, &[]),
        field("external_ref", FieldType::Data, false, true, &[]),
        field("parties", FieldType::Table, false, false, &["Arbitration Case Party"]),
    ],
    portal_api: ALL,
};
static PARTY: DocType = DocType {
    name: "Arbitration Case Party",
    autoname: Autoname::Hash,
    child: true,
    fields: &[field("party_name", FieldType::Data, true, false, &[])],
    portal_api: READ,
};
static MEMO: DocType = DocType {
    name: "Case Memo",
    autoname: Autoname::Hash,
    child: false,
    fields: &[field("arbitration_case", FieldType::Link, true, false, &["Arbitration Case"])],
    portal_api: ALL,
};

const MUMBAI: &str = "Mumbai Centre for Arbitration";
const DELHI: &str = "Delhi Arbitral Institute";

struct Lab {
    site: Arc<Site>,
    address: std::net::SocketAddr,
    http: reqwest::Client,
    _end: DropGuard,
}

fn site(version: Version, second_factor: bool) -> Arc<Site> {
    let site = Site::new(SiteOptions {
        name: "lab.localhost".into(),
        time_zone: jiff::tz::TimeZone::get("Asia/Kolkata").unwrap(),
        version,
        second_factor,
        strict_user_permissions: false,
        allow_error_traceback: true,
        cross_origin: false,
        rate_limit: None,
        track_changes: false,
        doctypes: vec![&INSTITUTION, &CASE, &PARTY, &MEMO],
    });
    for (user, tenant) in [("a", MUMBAI), ("b", DELHI)] {
        site.insert("Institution", object(json!({"name": tenant}))).unwrap();
        site.add_user(User {
            user_id: format!("{user}.clerk@lab.example"),
            password: format!("pw-{user}"),
            full_name: format!("{} Clerk", user.to_uppercase()),
            enabled: true,
            roles: vec!["Portal API".into()],
            api_key: Some(ApiKey { key: format!("key-{user}"), secret: format!("secret-{user}") }),
            totp_secret: Some(b"12345678901234567890".to_vec()),
            user_permissions: vec![("Institution".into(), tenant.into())],
        });
    }
    site.add_user(User {
        user_id: "Administrator".into(),
        password: "pw-admin".into(),
        full_name: "Administrator".into(),
        enabled: true,
        roles: Vec::new(),
        api_key: Some(ApiKey { key: "key-admin".into(), secret: "secret-admin".into() }),
        totp_secret: None,
        user_permissions: Vec::new(),
    });
    for number in 1..=30_u32 {
        let tenant = if number % 2 == 1 { MUMBAI } else { DELHI };
        let row = json!({"name": format!("ARB-2026-{number:05}"), "title": format!("Case {number}"), "institution": tenant,
            "filed_on": "2026-01-05", "claim_amount": number % 4, "status": if number % 3 == 0 { "Hearing" } else { "Filed" },
            "parties": [{"party_name": format!("Respondent {number}")}]});
        site.insert("Arbitration Case", object(row)).unwrap();
    }
    Arc::new(site)
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

async fn lab(version: Version) -> Lab {
    open(site(version, false)).await
}

#[expect(clippy::disallowed_methods, reason = "the simulated server outlives no test")]
async fn open(site: Arc<Site>) -> Lab {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let end = CancellationToken::new();
    tokio::spawn(serve(listener, vec![Arc::clone(&site)], end.clone()));
    Lab { site, address, http: reqwest::Client::new(), _end: end.drop_guard() }
}

impl Lab {
    async fn ask(&self, user: &str, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, format!("http://{}{path}", self.address)).header("X-Frappe-Site-Name", "lab.localhost");
        if !user.is_empty() {
            request = request.header("Authorization", format!("token key-{user}:secret-{user}"));
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    async fn cases(&self, user: &str, ask: Value) -> (u16, Value) {
        let mut ask = object(ask);
        ask.insert("doctype".into(), "Arbitration Case".into());
        let (status, answer) = self.ask(user, "POST", "/api/method/frappe.client.get_list", Some(Value::Object(ask))).await;
        (status, if status == 200 { answer["message"].clone() } else { answer })
    }
}

#[tokio::test]
async fn a_user_permission_hides_the_other_tenant_in_lists_counts_documents_and_writes() {
    let lab = lab(Version::V15).await;
    let (_, rows) = lab.cases("a", json!({"fields": ["institution"], "limit_page_length": 0})).await;
    assert_eq!(rows.as_array().unwrap().len(), 15);
    assert!(rows.as_array().unwrap().iter().all(|row| row["institution"] == MUMBAI));
    assert_eq!(lab.ask("a", "GET", "/api/method/frappe.desk.reportview.get_count?doctype=Arbitration%20Case", None).await.1["message"], 15);
    assert_eq!(lab.ask("a", "GET", "/api/method/frappe.client.get_count?doctype=Arbitration%20Case", None).await.1["message"], 30);
    assert_eq!(lab.ask("a", "GET", "/api/resource/Arbitration%20Case/ARB-2026-00002", None).await.0, 403);
    assert_eq!(lab.ask("a", "PUT", "/api/resource/Arbitration%20Case/ARB-2026-00001", Some(json!({"institution": DELHI}))).await.0, 403);
    let created = lab.ask("a", "POST", "/api/resource/Arbitration%20Case", Some(json!({"title": "x", "filed_on": "2026-01-01"}))).await;
    assert_eq!((created.0, &created.1["data"]["institution"]), (200, &json!(MUMBAI)));
    let leak = lab.ask("a", "GET", "/api/resource/Arbitration%20Case%20Party?parent=Arbitration%20Case&limit=0", None).await;
    assert_eq!(leak.1["data"].as_array().unwrap().len(), 30, "child lists leak, as upstream");
}

#[tokio::test]
async fn keyset_pages_with_ties_visit_every_row_once() {
    let lab = lab(Version::V15).await;
    let mut seen: Vec<Value> = Vec::new();
    for start in (0..15).step_by(4) {
        let ask = json!({"fields": ["name", "claim_amount"], "filters": [["claim_amount", "<", 9], ["claim_amount", "is", "set"]],
            "order_by": "claim_amount desc, name asc", "limit_start": start, "limit_page_length": 4});
        seen.extend(lab.cases("a", ask).await.1.as_array().unwrap().clone());
    }
    let key = |row: &Value| (-(row["claim_amount"].as_f64().unwrap() as i64), row["name"].as_str().unwrap().to_owned());
    assert_eq!(seen.len(), 15);
    assert!(seen.is_sorted_by_key(key));
}

#[tokio::test]
async fn groups_are_asked_for_by_text_before_v16_and_by_object_in_it() {
    let text = json!({"fields": ["status", "count(name) as n"], "group_by": "status", "order_by": "status"});
    let dict = json!({"fields": ["status", {"COUNT": "name", "as": "n"}], "group_by": "status", "order_by": "status"});
    let expected = json!([{"status": "Filed", "n": 10}, {"status": "Hearing", "n": 5}]);
    let (old, new) = (lab(Version::V15).await, lab(Version::V16).await);
    assert_eq!(old.cases("a", text.clone()).await.1, expected);
    assert_eq!(new.cases("a", dict.clone()).await.1, expected);
    assert_eq!((old.cases("a", dict).await.0, new.cases("a", text).await.0), (500, 417));
}

#[tokio::test]
async fn of_writes_with_the_same_modified_exactly_one_wins() {
    let lab = lab(Version::V15).await;
    let path = "/api/resource/Arbitration%20Case/ARB-2026-00001";
    let modified = lab.ask("a", "GET", path, None).await.1["data"]["modified"].clone();
    let put = |n: u32| lab.ask("a", "PUT", path, Some(json!({"title": format!("t{n}"), "modified": modified.clone()})));
    let answers = futures::future::join_all((0..8).map(put)).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1);
    assert!(answers.iter().filter(|(status, _)| *status != 200).all(|(_, body)| body["exc_type"] == "TimestampMismatchError"));
}

#[tokio::test]
async fn a_unique_value_clashes_but_empty_ones_do_not_and_insert_many_undoes_itself() {
    let lab = lab(Version::V15).await;
    let case = |reference: &str| json!({"doctype": "Arbitration Case", "title": "x", "filed_on": "2026-01-01", "external_ref": reference});
    let docs = json!({"docs": [case("R1"), case(""), case(""), case("r1")]});
    let (status, body) = lab.ask("a", "POST", "/api/method/frappe.client.insert_many", Some(docs)).await;
    assert_eq!((status, &body["exc_type"]), (417, &json!("UniqueValidationError")));
    assert_eq!(lab.site.row_count("Arbitration Case"), 30);
    assert_eq!(lab.ask("a", "POST", "/api/resource/Arbitration%20Case", Some(case("R1"))).await.0, 200);
}

#[tokio::test]
async fn signing_in_with_a_second_factor_takes_two_steps_and_opens_a_session() {
    let lab = open(site(Version::V15, true)).await;
    let login = "/api/method/login";
    let (status, first) = lab.ask("", "POST", login, Some(json!({"usr": "a.clerk@lab.example", "pwd": "pw-a"}))).await;
    assert_eq!((status, &first["verification"]["method"]), (200, &json!("OTP App")));
    let wrong = lab.ask("", "POST", login, Some(json!({"tmp_id": first["tmp_id"], "otp": "x"}))).await;
    assert_eq!((wrong.0, &wrong.1["message"]), (401, &json!("Incorrect Verification code")));
    let mut done = (0, Value::Null);
    // Two tries: the step may turn between making the code and sending it.
    for _ in 0..2 {
        let otp = lab.site.user("a.clerk@lab.example").unwrap().totp(lab.site.now().as_second());
        done = lab.ask("", "POST", login, Some(json!({"tmp_id": first["tmp_id"], "otp": otp}))).await;
        if done.0 == 200 {
            break;
        }
    }
    assert_eq!(done.1["message"], "Logged In");
}

#[tokio::test]
async fn eleven_wrong_passwords_lock_even_the_right_one_out() {
    let lab = lab(Version::V15).await;
    for _ in 0..11 {
        lab.ask("", "POST", "/api/method/login", Some(json!({"usr": "a.clerk@lab.example", "pwd": "no"}))).await;
    }
    let (status, body) = lab.ask("", "POST", "/api/method/login", Some(json!({"usr": "a.clerk@lab.example", "pwd": "pw-a"}))).await;
    assert_eq!((status, &body["exc_type"]), (500, &json!("SecurityException")));
}

#[tokio::test]
async fn a_knob_for_one_user_leaves_the_others_alone() {
    let lab = lab(Version::V15).await;
    lab.site.knobs().set_for("a.clerk@lab.example", Some(Knob { delay: None, failure: Failure::ForeignRows }));
    let (_, foreign) = lab.cases("a", json!({"fields": ["institution"], "filters": {"institution": MUMBAI}})).await;
    assert!(foreign.as_array().unwrap().iter().all(|row| row["institution"] == DELHI) && foreign != json!([]));
    lab.site.knobs().set_for("a.clerk@lab.example", Some(Knob { delay: None, failure: Failure::TooMany { retry_after_s: 3 } }));
    assert_eq!((lab.cases("a", json!({})).await.0, lab.cases("b", json!({})).await.0), (429, 200));
}

#[test]
fn the_code_follows_rfc_6238() {
    let user = site(Version::V15, true).user("a.clerk@lab.example").unwrap();
    assert_eq!((user.totp(59), user.totp(1_111_111_109), user.totp(20_000_000_000)), ("287082".into(), "081804".into(), "353130".into()));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(12))]
    #[test]
    fn counts_and_sums_agree_with_a_naive_computation(amounts in proptest::collection::vec(0_u32..1000, 0..60), limit in 0_u32..1000) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let lab = lab(Version::V15).await;
            for amount in &amounts {
                let row = json!({"title": "p", "institution": MUMBAI, "filed_on": "2026-01-05", "claim_amount": amount});
                lab.site.insert("Arbitration Case", object(row)).unwrap();
            }
            let ask = json!({"fields": ["count(name) as n", "sum(claim_amount) as total"], "filters": [["claim_amount", ">=", limit], ["title", "=", "p"]]});
            let (_, answer) = lab.cases("a", ask).await;
            let passing: Vec<u32> = amounts.iter().copied().filter(|amount| *amount >= limit).collect();
            assert_eq!(answer[0]["n"], passing.len());
            assert_eq!(answer[0]["total"].as_f64().unwrap_or(0.0), f64::from(passing.iter().sum::<u32>()));
        });
    }
}

#[tokio::test]
async fn what_gunicorn_and_werkzeug_refuse_is_html() {
    let lab = lab(Version::V15).await;
    let get = |path: String| lab.http.get(format!("http://{}{path}", lab.address));
    let long = get(format!("/api/method/ping?x={}", "x".repeat(4_080))).header("X-Frappe-Site-Name", "lab.localhost").send().await.unwrap();
    let unknown = get("/api/method/ping".into()).header("X-Frappe-Site-Name", "nowhere").send().await.unwrap();
    assert_eq!((long.status().as_u16(), unknown.status().as_u16()), (400, 404));
    assert!([long, unknown].iter().all(|answer| answer.headers()["content-type"].to_str().unwrap().starts_with("text/html")));
    let large = lab.http.post(format!("http://{}/api/resource/Case%20Memo", lab.address)).header("X-Frappe-Site-Name", "lab.localhost");
    assert_eq!(large.body(vec![b'x'; 25 * 1024 * 1024 + 1]).send().await.unwrap().status().as_u16(), 413);
}

#[tokio::test]
async fn a_session_beats_a_key_until_it_is_ended() {
    let lab = lab(Version::V15).await;
    let call =
        |path: &str| lab.http.post(format!("http://{}/api/method/{path}", lab.address)).header("X-Frappe-Site-Name", "lab.localhost");
    let login = call("login").json(&json!({"usr": "a.clerk@lab.example", "pwd": "pw-a"})).send().await.unwrap();
    let cookie = login.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let who = || call("frappe.auth.get_logged_user").header("Cookie", &cookie);
    let both: Value = who().header("Authorization", "token key-b:secret-b").send().await.unwrap().json().await.unwrap();
    assert_eq!(both["message"], "a.clerk@lab.example");
    call("logout").header("Cookie", &cookie).send().await.unwrap();
    let dead = who().send().await.unwrap();
    assert_eq!((dead.status().as_u16(), dead.headers().get_all("set-cookie").iter().count()), (403, 10));
    assert_eq!(dead.json::<Value>().await.unwrap()["session_expired"], 1);
}

#[tokio::test]
async fn a_dead_site_and_a_truncated_body_fail_in_the_client() {
    let lab = lab(Version::V15).await;
    let ping = || lab.http.get(format!("http://{}/api/method/ping", lab.address)).header("X-Frappe-Site-Name", "lab.localhost").send();
    lab.site.knobs().set(Knob { delay: None, failure: Failure::Dead });
    assert!(ping().await.is_err());
    lab.site.knobs().set(Knob { delay: None, failure: Failure::Truncated });
    let answer = ping().await;
    assert!(match answer {
        Ok(answer) => answer.bytes().await.is_err(),
        Err(_) => true,
    });
}

#[tokio::test]
async fn a_slow_site_takes_its_time_for_every_answer() {
    let lab = lab(Version::V15).await;
    let ping = || lab.http.get(format!("http://{}/api/method/ping", lab.address)).header("X-Frappe-Site-Name", "lab.localhost").send();
    let delay = std::time::Duration::from_millis(30);
    lab.site.knobs().set(Knob::slow(Some(delay)));
    for _ in 0..3 {
        let asked = std::time::Instant::now();
        assert_eq!(ping().await.unwrap().status(), 200);
        assert!(asked.elapsed() >= delay);
    }
}

#[tokio::test]
async fn an_update_that_fails_in_a_child_row_changes_nothing() {
    let lab = lab(Version::V15).await;
    let path = "/api/resource/Arbitration%20Case/ARB-2026-00001";
    let before = lab.ask("a", "GET", path, None).await;
    assert_eq!(lab.ask("a", "PUT", path, Some(json!({"title": "new", "parties": [{"party_name": ""}]}))).await.0, 417);
    assert_eq!(lab.ask("a", "GET", path, None).await, before);
}
