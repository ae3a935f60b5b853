//! Whatever is typed into the case list, the documents' box or the box that finds cases, or put into an address in their place: what
//! goes upstream keeps the fence and the person's rows as conditions of their own, and names columns of ours alone.
//!
//! Over a real socket: the questions are read as the upstream reads them. Must not know how they are made.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::hostile::hostile;
use crate::{
    config::{SessionConfig, UpstreamConfig},
    model::{CaseQuery, CaseSort, DocumentQuery, Narrowing, Role, Scopes},
    registry::testing,
    server::{
        casework::{cases, documents, find, portfolio},
        context::{Services, TenantScope},
        session::{Principal, Token},
    },
};

/// Columns of a case that a person can ask for, with those that only the portal's own paging compares.
const ASKED: [&str; 38] = [
    "stage",
    "status",
    "product",
    "zone",
    "branch",
    "legal_owner",
    "bucket",
    "hold",
    "fully_served",
    "award_on",
    "s29a_due_on",
    "limitation_on",
    "filed_on",
    "closed_on",
    "closed_month",
    "registered_on",
    "stage_since_on",
    "s34_due_on",
    "award_total",
    "outcome",
    "enforceability_band",
    "missing_items",
    "arbitrator",
    "advocate",
    "award_days",
    "bucket_last_month",
    "service_status",
    "is_open",
    "total_dues",
    "claim_basis_amount",
    "dpd",
    "next_due_on",
    "next_hearing_at",
    "case_id",
    "modified",
    "lan",
    "search_text",
    "name",
];
/// Columns of numbers that the box looks in, beyond those.
const NUMBERS: [&str; 2] = ["draft_no", "agreement_no"];
/// Columns by which documents are asked for.
const OF_DOCUMENTS: [&str; 6] = ["is_latest", "case_ref", "doc_type", "state", "scan_state", "creation"];
/// Columns by which payments are summed.
const OF_PAYMENTS: [&str; 7] = ["counted", "since_filing_30", "filing_month", "zone", "branch", "product", "legal_owner"];
/// Further columns by which other records that hang on cases are counted.
const OF_OTHERS: [&str; 5] = ["advocate", "month", "status", "starts_on", "incurred_on"];
const OF_SERVED: [&str; 3] = ["counts_served", "paid_days_after", "appearance_claimed"];
const OPERATORS: [&str; 10] = ["=", "!=", ">", ">=", "<", "<=", "in", "not in", "like", "is"];

/// One question, as the upstream reads it.
#[derive(Debug)]
struct Asked {
    doctype: String,
    arguments: BTreeMap<String, String>,
}

/// What the upstream has seen, and what it answers.
#[derive(Clone, Default)]
struct Upstream {
    seen: Arc<Mutex<Vec<Asked>>>,
    /// The case on which whatever hangs on one hangs.
    case: Arc<Mutex<String>>,
}

async fn answer(State(upstream): State<Upstream>, request: Request) -> axum::Json<Json> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if path.ends_with("get_time_zone") {
        return axum::Json(json!({"message": {"time_zone": "Asia/Kolkata"}}));
    }
    if path.ends_with("get_versions") {
        return axum::Json(json!({"message": {"frappe": {"version": "15.0.0"}}}));
    }
    let mut pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    if !body.is_empty() {
        let of_body: BTreeMap<String, String> = serde_json::from_slice(&body).unwrap();
        pairs.extend(of_body);
    }
    let count = pairs.len();
    let mut arguments: BTreeMap<_, _> = pairs.into_iter().collect();
    assert_eq!(arguments.len(), count, "an argument was said twice: {path}");
    let doctype = match path.strip_prefix("/api/resource/") {
        Some(doctype) => percent_encoding::percent_decode_str(doctype).decode_utf8().unwrap().into_owned(),
        None => {
            assert_eq!(path, "/api/method/frappe.client.get_list");
            arguments.remove("doctype").unwrap()
        }
    };
    // What hangs on a case leads to one, or there is nothing.
    let rows = match doctype.as_str() {
        "Arbitration Case" | "Case Document" => json!([]),
        _ => json!([{"name": "d1", "institution": "ALPHA", "case_ref": *upstream.case.lock().unwrap()}]),
    };
    upstream.seen.lock().unwrap().push(Asked { doctype, arguments });
    axum::Json(json!({"data": rows, "message": rows}))
}

struct World {
    upstream: Upstream,
    /// Sees rows of two zones and two products that are their own; and one who sees every row, and no borrower.
    people: [TenantScope; 2],
}

async fn world() -> World {
    let upstream = Upstream::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().fallback(answer).with_state(upstream.clone());
    #[expect(clippy::disallowed_methods, reason = "a server of the test")]
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let tenant = testing::tenant_with("alpha", |entry| entry["upstream"]["base_url"] = format!("http://{address}").into());
    let session = SessionConfig { development: true, principal_fresh: Duration::from_secs(3600) };
    let services = Services::new(testing::registry_of(Vec::new()), UpstreamConfig { max_per_origin: 64 }, session);
    let codes = |codes: [&str; 2]| codes.into_iter().map(str::to_owned).collect();
    let person = |role, scopes| {
        let principal = Principal {
            user_id: "u1".to_owned(),
            display_name: "A Person".to_owned(),
            role,
            scopes,
            advocate: None,
            sessions_valid_from: None,
        };
        let session = services.sessions.begin(&tenant, &Token::fresh(&tenant).unwrap(), principal);
        TenantScope::job(&services, &tenant, "job:test").signed_in(session)
    };
    let narrow = Scopes { zones: codes(["N", "S"]), products: codes(["PL", "CC"]), assigned_only: true, ..Scopes::default() };
    let people = [person(Role::Viewer, narrow), person(Role::TenantAdmin, Scopes::default())];
    World { upstream, people }
}

/// What must stand before whatever was asked for, and the any-of group beside it.
fn rows_of(person: usize) -> (Vec<Json>, Option<Json>) {
    let fence = json!(["institution", "=", "ALPHA"]);
    match person {
        0 => (
            vec![fence, json!(["zone", "in", ["N", "S"]]), json!(["product", "in", ["CC", "PL"]])],
            Some(json!([["legal_owner", "=", "u1"], ["collections_owner", "=", "u1"]])),
        ),
        _ => (vec![fence], None),
    }
}

/// What is wrong with a question.
fn fault(asked: &Asked, person: usize) -> Option<String> {
    let known = ["fields", "filters", "group_by", "limit_page_length", "limit_start", "or_filters", "order_by"];
    if let Some(stray) = asked.arguments.keys().find(|name| !known.contains(&name.as_str())) {
        return Some(format!("the argument {stray}"));
    }
    let read = |name: &str| asked.arguments.get(name).map(|text| serde_json::from_str::<Json>(text).unwrap());
    let Some(Json::Array(filters)) = read("filters") else { return Some("no list of filters".to_owned()) };
    let (rows, group) = rows_of(person);
    let columns: Vec<&str> = match asked.doctype.as_str() {
        "Arbitration Case" => ASKED.into_iter().chain(NUMBERS).chain(["filing_month", "cycle_days"]).collect(),
        "Case Document" => OF_DOCUMENTS.into(),
        "Case Payment" => OF_PAYMENTS.into(),
        "Case Cost" | "Case Hearing" | "Case Service" | "Settlement Instalment" => [&OF_PAYMENTS[3..], &OF_OTHERS, &OF_SERVED].concat(),
        // Of the whole institution, by one number: whether the case is the person's is asked of the case.
        "Notice Delivery" => vec!["tracking_no"],
        "Case Proceeding" => vec!["cnr"],
        "Case Party" => vec!["mobile_last4"],
        other => return Some(format!("the DocType {other}")),
    };
    let (rows, group) = if columns.len() == 1 { (rows[..1].to_vec(), None) } else { (rows, group) };
    if filters.get(..rows.len()) != Some(&rows) {
        return Some("the fence and the person's rows do not stand first".to_owned());
    }
    if read("or_filters") != group {
        return Some("another any-of group".to_owned());
    }
    if columns.len() == 1 && filters.len() != 2 {
        return Some("not one condition on one number".to_owned());
    }
    for condition in &filters[rows.len()..] {
        let Some([Json::String(column), Json::String(operator), value]) = condition.as_array().map(Vec::as_slice) else {
            return Some(format!("the condition {condition}"));
        };
        let flat = match value {
            Json::Array(values) => values.iter().all(|value| !value.is_array() && !value.is_object()),
            value => !value.is_object(),
        };
        if !columns.contains(&column.as_str()) || !OPERATORS.contains(&operator.as_str()) || !flat {
            return Some(format!("the condition {condition}"));
        }
    }
    let is_name =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let is_measure = |text: &str| {
        let inner = text.strip_prefix("count(").or_else(|| text.strip_prefix("sum("));
        inner.and_then(|rest| rest.split_once(") as ")).is_some_and(|(column, name)| is_name(column) && is_name(name))
    };
    let fields = read("fields").and_then(|fields| fields.as_array().cloned()).unwrap_or_default();
    if fields.is_empty() || !fields.iter().all(|field| field.as_str().is_some_and(|field| is_name(field) || is_measure(field))) {
        return Some("fields that are none of ours".to_owned());
    }
    for (argument, directed) in [("order_by", true), ("group_by", false)] {
        let text = asked.arguments.get(argument).map(String::as_str).unwrap_or_default();
        let part = |part: &str| match part.split_once(' ') {
            Some((column, direction)) => directed && is_name(column) && matches!(direction, "asc" | "desc"),
            None => is_name(part),
        };
        if !text.is_empty() && !text.split(", ").all(part) {
            return Some(format!("{argument} {text}"));
        }
    }
    let is_number = |name: &str| asked.arguments.get(name).is_none_or(|text| text.parse::<u32>().is_ok_and(|rows| rows <= 5_001));
    (!is_number("limit_start") || !is_number("limit_page_length")).then(|| "another page".to_owned())
}

/// A value that a filter may be given: one that fits, or anything.
fn value() -> impl Strategy<Value = String> {
    let sound = prop::sample::select(vec![
        "2026-11-16",
        "500000",
        "5L",
        "90",
        "yes",
        "no",
        "hearing",
        "west",
        "pl",
        "npa",
        "s70",
        "disclosure",
        "red",
        "settled_ots",
    ]);
    prop_oneof![sound.prop_map(str::to_owned), hostile()]
}

/// Parts of the query box: filters, the newest of them first, and words.
fn typed() -> impl Strategy<Value = String> {
    let keys = prop::sample::select(vec![
        "filed:",
        "filed:",
        "closed:",
        "closed:",
        "stage:",
        "status:",
        "product:",
        "zone:",
        "branch:",
        "owner:",
        "bucket:",
        "hold:",
        "service:",
        "open:",
        "dues:",
        "claim:",
        "dpd:",
        "due:",
        "served:",
        "awarded:",
        "awarddue:",
        "limitation:",
        "registered:",
        "stagesince:",
        "challengedue:",
        "award:",
        "outcome:",
        "band:",
        "missing:",
        "arbitrator:",
        "advocate:",
        "awarddays:",
        "lastbucket:",
        "institution:",
        "",
    ]);
    let sign = prop::sample::select(vec!["", "", ">", ">=", "<", "<=", "=", "\""]);
    let part = (keys, sign, value()).prop_map(|(key, sign, value)| format!("{key}{sign}{value}"));
    let parts = prop::collection::vec(part, 0..6).prop_map(|parts| parts.join(" "));
    prop_oneof![
        8 => parts,
        // Longer than what is read, and longer than what fits into an address upstream.
        1 => (typed_once(), 1..400_usize).prop_map(|(text, often)| text.repeat(often)),
    ]
}

fn typed_once() -> impl Strategy<Value = String> {
    prop_oneof![hostile(), "zone:[a-z]{1,9} ", "\\PC{1,40}"]
}

/// A sort, or what is no sort.
fn sort() -> impl Strategy<Value = String> {
    let words: Vec<String> = CaseSort::ALL.iter().flat_map(|(_, word)| [(*word).to_owned(), format!("-{word}")]).collect();
    prop_oneof![4 => prop::sample::select(words), 1 => hostile()]
}

/// A place in the list, or what is none.
fn place() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec!["-", "t", "p", "n", "d", "t2026-11-16 10:00:00", ""]);
    let id = prop_oneof![3 => "[0-9a-z]{10}", 1 => hostile()];
    prop_oneof![
        1 => Just(String::new()),
        4 => (kind, value(), id).prop_map(|(kind, value, id)| format!("{kind}{value}~{id}")),
        1 => ("[a-z]{0,1}[0-9]{1,19}", "[0-9a-z]{10}").prop_map(|(value, id)| format!("{value}~{id}")),
        1 => "[0-9a-z]{10}".prop_map(|id| format!("-~{id}")),
    ]
}

impl World {
    /// What was asked for meanwhile.
    fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.upstream.seen.lock().unwrap())
    }

    async fn ask(&self, person: usize, text: &str, sort: &str, after: &str, before: &str) {
        let scope = || self.people[person].anew();
        let query = CaseQuery::from_params(text, sort, after, before);
        scope().enter(cases::list(query.clone())).await.unwrap();
        scope().enter(cases::totals(query)).await.unwrap();
        scope().enter(find::find(text)).await.unwrap();
        scope().enter(portfolio::products(Narrowing::read(text))).await.unwrap();
        scope().enter(portfolio::cohorts(Narrowing::read(text))).await.unwrap();
        scope().enter(portfolio::notices(Narrowing::read(text))).await.unwrap();
        scope().enter(portfolio::promises(Narrowing::read(text))).await.unwrap();
        scope().enter(portfolio::costs(Narrowing::read(text))).await.unwrap();
        scope().enter(portfolio::advocates(Narrowing::read(text))).await.unwrap();
        if let Ok(query) = DocumentQuery::from_params("", "", text, "") {
            scope().enter(documents::list(query)).await.unwrap();
        }
    }
}

#[test]
fn no_filter_sort_place_or_word_that_is_typed_widens_what_is_asked_upstream() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let world = runtime.block_on(world());
    let config = ProptestConfig { cases: 96, ..ProptestConfig::default() };
    proptest!(config, |(person in 0..2_usize, text in typed(), sort in sort(), after in place(), before in place(), case in hostile())| {
        *world.upstream.case.lock().unwrap() = case;
        runtime.block_on(world.ask(person, &text, &sort, &after, &before));
        for asked in world.take() {
            let wrong = fault(&asked, person);
            prop_assert!(wrong.is_none(), "{}: {:?}", wrong.unwrap_or_default(), asked);
        }
    });
}

#[test]
fn what_the_property_looks_at_is_really_asked() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let world = world().await;
        *world.upstream.case.lock().unwrap() = "0123456789".to_owned();
        let conditions = async |text: &str, sort: &str, after: &str| {
            world.ask(0, text, sort, after, "").await;
            let asked = world.take();
            assert!(asked.iter().all(|asked| fault(asked, 0).is_none()), "{asked:?}");
            asked.iter().map(|asked| format!("{} {}", asked.doctype, asked.arguments["filters"])).collect::<Vec<_>>().join("\n")
        };
        let dated = conditions("filed:>=2026-11-16 closed:<2026-12-01 \"],[\"", "-dues", "p100~0123456789").await;
        for condition in [
            r#"["filed_on",">=","2026-11-16"]"#,
            r#"["closed_on","<","2026-12-01"]"#,
            r#"["closed_month","<=","2026-12"]"#,
            r#"["search_text","like","%],[%"]"#,
            r#"["total_dues","<",1.0]"#,
            r#"["name",">","0123456789"]"#,
        ] {
            assert!(dated.contains(condition), "{condition} is not in {dated}");
        }
        let portfolio = conditions("missing:disclosure band:red arbitrator:%_ outcome:set_aside stagesince:<=2026-11-16 award:>0", "", "")
            .await
            + &conditions("advocate:K%_ awarddays:<=180 lastbucket:sma-2", "", "").await;
        for condition in [
            r#"["missing_items","like","%;DISCLOSURE;%"]"#,
            r#"["enforceability_band","in",["RED"]]"#,
            r#"["arbitrator","in",["%_"]]"#,
            r#"["outcome","in",["SET_ASIDE"]]"#,
            r#"["stage_since_on","is","set"],["stage_since_on","<=","2026-11-16"]"#,
            r#"["award_total",">",0.0]"#,
            r#"["advocate","in",["K%_"]]"#,
            r#"["award_days",">=",0],["award_days","<=",180]"#,
            r#"["bucket_last_month","in",["SMA2"]]"#,
        ] {
            assert!(portfolio.contains(condition), "{condition} is not in {portfolio}");
        }
        let narrowed = conditions("zone:nowhere \"],[\"", "", "").await;
        let summed = narrowed.lines().find(|asked| asked.starts_with("Case Payment")).unwrap();
        assert!(summed.contains(r#"["zone","in",["NOWHERE"]]"#) && summed.contains(r#"["counted","=",1]"#), "{summed}");
        let numbers = conditions("1234", "", "").await;
        for condition in [
            r#"["case_id","=","1234"]"#,
            r#"["agreement_no","=","1234"]"#,
            r#"["tracking_no","=","1234"]"#,
            r#"["cnr","=","1234"]"#,
            r#"["mobile_last4","=","1234"]"#,
            r#"["name","in",["0123456789"]]"#,
            r#"["search_text","like","%1234%"]"#,
        ] {
            assert!(numbers.contains(condition), "{condition} is not in {numbers}");
        }
        // The test's own judgement: each of these would show another's rows.
        let spoiled = |name: &str, text: &str| {
            let mut arguments = BTreeMap::from(
                [("fields", r#"["name"]"#), ("filters", r#"[["institution","=","ALPHA"]]"#)]
                    .map(|(name, text)| (name.to_owned(), text.to_owned())),
            );
            assert_eq!(fault(&Asked { doctype: "Arbitration Case".to_owned(), arguments: arguments.clone() }, 1), None);
            arguments.insert(name.to_owned(), text.to_owned());
            assert!(fault(&Asked { doctype: "Arbitration Case".to_owned(), arguments }, 1).is_some(), "{name} {text}");
        };
        spoiled("filters", r#"[["institution","!=","ALPHA"]]"#);
        spoiled("filters", r#"[["institution","=","ALPHA"],["institution","!=",""]]"#);
        spoiled("filters", r#"[["institution","=","ALPHA"],["stage","=","S60","x"]]"#);
        spoiled("or_filters", r#"[["name","like","%"]]"#);
        spoiled("order_by", "name asc; drop table");
        spoiled("ignore_permissions", "1");
    });
}
