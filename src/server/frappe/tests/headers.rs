//! What leaves the portal.

use axum::{body::Body, response::Response};
use serde_json::json;

use super::*;
use crate::server::frappe::{Changes, Client, Condition, Fault, Field, Query, RowScope, Value};

fn names_and_values(seen: &Seen) -> Vec<(&str, &str)> {
    let mut all: Vec<_> = seen.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.sort_unstable();
    all
}

#[tokio::test]
async fn a_request_has_exactly_our_headers() {
    let upstream = TestUpstream::start(|_, _| reply(200, &json!({ "data": case("c1", "Alpha Bank") }))).await;
    run(alpha(&upstream.base_url), async {
        Client::current().unwrap().create::<Case>(Changes::new().set(Field::new("status"), "Filed")).await.unwrap();
    })
    .await;
    let seen = upstream.seen();
    let host = upstream.base_url.strip_prefix("http://").unwrap();
    let common = [
        ("accept", "application/json"),
        ("authorization", "token key-alpha:secret-alpha"),
        ("host", host),
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ("user-agent", concat!("odr-portal/", env!("CARGO_PKG_VERSION"))),
        ("x-frappe-site-name", "alpha.site"),
        ("x-request-id", "0198-request"),
    ];
    assert_eq!(names_and_values(&seen[1]), common, "a read");
    let length = seen[0].body.len().to_string();
    let mut with_body = common.to_vec();
    with_body.extend([("content-length", length.as_str()), ("content-type", "application/json")]);
    with_body.sort_unstable();
    assert_eq!(names_and_values(&seen[0]), with_body, "a change");
}

#[tokio::test]
async fn redirects_are_not_followed_and_no_key_leaves_its_origin() {
    let thief = TestUpstream::start(|_, _| reply(200, &json!({ "data": [] }))).await;
    for status in [301, 302, 303, 307, 308] {
        let target = format!("{}/api/resource/Arbitration%20Case", thief.base_url);
        let upstream = TestUpstream::start(move |_, _| {
            Response::builder().status(status).header("location", target.clone()).body(Body::empty()).unwrap()
        })
        .await;
        let fault = run(alpha(&upstream.base_url), async {
            Client::current().unwrap().list::<Case>(&Query::new(RowScope::institution_wide())).await.unwrap_err()
        })
        .await;
        assert_eq!(fault, Fault::BadAnswer("redirect"));
        assert_eq!(upstream.seen().len(), 1, "{status}");
    }
    assert!(thief.seen().is_empty());
}

#[tokio::test]
async fn cookies_of_the_upstream_are_never_sent_back() {
    let upstream = TestUpstream::start(|_, _| {
        let mut answer = reply(200, &json!({ "data": [] }));
        answer.headers_mut().append("set-cookie", "sid=0123456789abcdef0123; Path=/".parse().unwrap());
        answer
    })
    .await;
    let ways = upstreams();
    for id in ["alpha", "beta"] {
        let tenant = tenant_for_tests(id, &upstream.base_url, Placement::Shared, Some(id));
        run_with(&ways, Arc::new(tenant), no_heal(), async {
            let client = Client::current().unwrap();
            for _ in 0..3 {
                client.list::<Case>(&Query::new(RowScope::institution_wide())).await.unwrap();
            }
        })
        .await;
    }
    assert!(upstream.seen().iter().all(|seen| seen.header("cookie").is_none()));
}

#[tokio::test]
async fn a_long_question_goes_by_post_with_the_same_arguments() {
    let upstream = TestUpstream::start(|_, _| reply(200, &json!({ "message": [case("c1", "Alpha Bank")] }))).await;
    let page = run(alpha(&upstream.base_url), async {
        let many = Condition::one_of(Field::new("branch"), (0..500).map(|number| Value::Text(format!("BR-{number:06}"))));
        Client::current().unwrap().list::<Case>(&Query::new(RowScope::institution_wide().and(many))).await.unwrap()
    })
    .await;
    assert_eq!(page.rows.len(), 1);
    let seen = &upstream.seen()[0];
    assert_eq!((seen.method.as_str(), seen.path.as_str(), seen.query.as_str()), ("POST", "/api/method/frappe.client.get_list", ""));
    let filters: serde_json::Value = serde_json::from_str(seen.json()["filters"].as_str().unwrap()).unwrap();
    assert_eq!(filters[0], json!(["institution", "=", "Alpha Bank"]));
    assert_eq!(filters[1][2].as_array().unwrap().len(), 500);
    assert_eq!(seen.json()["limit_page_length"], "51");
}

#[tokio::test]
async fn a_base_url_with_a_path_keeps_it() {
    let upstream = TestUpstream::start(|_, _| reply(200, &json!({ "data": [] }))).await;
    run(alpha(&format!("{}/erp", upstream.base_url)), async {
        Client::current().unwrap().list::<Case>(&Query::new(RowScope::institution_wide())).await.unwrap();
    })
    .await;
    assert_eq!(upstream.seen()[0].path, "/erp/api/resource/Arbitration%20Case");
}
