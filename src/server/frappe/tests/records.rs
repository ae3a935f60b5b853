//! Reading, counting and changing records.

use serde_json::json;

use super::*;
use crate::{
    model::Inr,
    server::frappe::{Aggregate, Changes, Client, Condition, Fault, Field, Measure, Query, Revision, RowScope, Value},
};

const READ_AT: &str = "2026-11-21 08:37:13.352827";

#[tokio::test]
async fn a_count_goes_to_the_method_that_heeds_permissions() {
    let upstream = TestUpstream::start(|_, _| reply(200, &json!({ "message": 667 }))).await;
    let count = run(alpha(&upstream.base_url), async {
        let scope = RowScope::institution_wide().any_of([Condition::eq(Field::new("advocate"), "u1")]);
        Client::current().unwrap().count::<Case>(&Query::new(scope)).await
    })
    .await;
    assert_eq!(count, Ok(667));
    let seen = &upstream.seen()[0];
    assert_eq!(seen.path, "/api/method/frappe.desk.reportview.get_count");
    assert_eq!(seen.argument("doctype").unwrap(), "Arbitration Case");
    assert_eq!(seen.argument("filters").unwrap(), r#"[["institution","=","Alpha Bank"]]"#);
    assert_eq!(seen.argument("or_filters").unwrap(), r#"[["advocate","=","u1"]]"#);
}

async fn grouped(version: &'static str) -> (Vec<crate::server::frappe::Group>, Vec<Seen>) {
    let upstream = TestUpstream::start(move |seen, _| {
        if seen.path.ends_with("get_versions") {
            return reply(200, &json!({ "message": { "frappe": { "version": version } } }));
        }
        let own = json!({ "institution": "Alpha Bank", "stage": "FILED", "zone": null, "m0": 99, "m1": 25909480281.105 });
        let foreign = json!({ "institution": "Beta Bank", "stage": "FILED", "zone": "N", "m0": 5, "m1": 1.0 });
        reply(200, &json!({ "data": [own, foreign] }))
    })
    .await;
    let groups = run(alpha(&upstream.base_url), async {
        let measures = [Measure::Count, Measure::Sum(Field::new("claim_amount"))];
        let by = Aggregate::<Case>::new(RowScope::institution_wide(), measures).by(Field::new("stage")).by(Field::new("zone"));
        let client = Client::current().unwrap();
        client.group_by(&by).await.unwrap();
        client.group_by(&by).await.unwrap()
    })
    .await;
    (groups, upstream.seen())
}

#[tokio::test]
async fn aggregates_are_texts_before_version_16_and_objects_since() {
    let (groups, seen) = grouped("15.55.1").await;
    assert_eq!(seen.len(), 3, "the version is read once");
    let texts = json!(["institution", "stage", "zone", "count(name) as m0", "sum(claim_amount) as m1"]);
    assert_eq!(seen[1].argument("fields").unwrap(), texts.to_string());
    assert_eq!(seen[1].argument("group_by").unwrap(), "institution, stage, zone");
    assert_eq!(seen[1].argument("filters").unwrap(), r#"[["institution","=","Alpha Bank"]]"#);
    assert_eq!(groups.len(), 1, "another institution's group is dropped");
    assert_eq!((groups[0].keys.as_slice(), groups[0].count(0)), (["FILED".to_owned(), String::new()].as_slice(), 99));
    assert_eq!(groups[0].money(1), Inr::from_paise(2_590_948_028_111));

    let (_, seen) = grouped("16.2.0").await;
    let fields: serde_json::Value = serde_json::from_str(&seen[1].argument("fields").unwrap()).unwrap();
    assert_eq!(fields[3], json!({ "COUNT": "name", "as": "m0" }));
    assert_eq!(fields[4], json!({ "SUM": "claim_amount", "as": "m1" }));
}

#[tokio::test]
async fn totals_of_no_rows_are_zeros() {
    let upstream = TestUpstream::start(|seen, _| {
        let version = json!({ "message": { "frappe": { "version": "14.9.0" } } });
        if seen.path.ends_with("get_versions") { reply(200, &version) } else { reply(200, &json!({ "data": [] })) }
    })
    .await;
    let total = run(alpha(&upstream.base_url), async {
        Client::current().unwrap().totals(&Aggregate::<Case>::new(RowScope::institution_wide(), [Measure::Count])).await.unwrap()
    })
    .await;
    assert_eq!((total.count(0), total.keys.len()), (0, 0));
    assert_eq!(upstream.seen()[1].argument("group_by").unwrap(), "institution");
}

#[tokio::test]
async fn an_update_reads_checks_sends_the_revision_and_reads_again() {
    let upstream = TestUpstream::start(|seen, number| {
        let mut stored = case("c1", "Alpha Bank");
        if seen.method == "PUT" {
            return reply(200, &json!({ "data": { "name": "c1", "internal_notes": "not for us" } }));
        }
        if number > 1 {
            stored["modified"] = json!("2026-11-21 09:00:00.000001");
            stored["status"] = json!("Closed");
        }
        reply(200, &json!({ "data": stored }))
    })
    .await;
    let (record, revision) = run(alpha(&upstream.base_url), async {
        let changes = Changes::new().set(Field::new("status"), "Closed").set(Field::new("fee"), Inr::from_paise(1_234_567));
        Client::current().unwrap().update::<Case>("c1", &Revision(READ_AT.to_owned()), changes).await.unwrap()
    })
    .await;
    assert_eq!((record.status.as_str(), revision.0.as_str()), ("Closed", "2026-11-21 09:00:00.000001"));
    let seen = upstream.seen();
    assert_eq!(seen.iter().map(|seen| seen.method.as_str()).collect::<Vec<_>>(), ["GET", "PUT", "GET"]);
    assert_eq!(seen[1].json(), json!({ "status": "Closed", "fee": 12345.67, "modified": READ_AT }));
}

#[tokio::test]
async fn nothing_is_written_to_a_stale_or_foreign_record() {
    let upstream = TestUpstream::start(|seen, _| {
        let institution = if seen.path.ends_with("foreign") { "Beta Bank" } else { "Alpha Bank" };
        reply(200, &json!({ "data": case(seen.path.rsplit('/').next().unwrap(), institution) }))
    })
    .await;
    run(alpha(&upstream.base_url), async {
        let client = Client::current().unwrap();
        let change = || Changes::new().set(Field::new("status"), "Closed");
        let read_at = Revision(READ_AT.to_owned());
        let stale = client.update::<Case>("c1", &Revision("2026-11-21 08:00:00.000000".to_owned()), change()).await;
        assert_eq!(stale.err(), Some(Fault::Conflict));
        assert_eq!(client.update::<Case>("foreign", &read_at, change()).await.err(), Some(Fault::NotFound));
        for kept in ["institution", "name", "owner", "creation", "doctype", "modified"] {
            let refused = client.update::<Case>("c1", &read_at, change().set(Field::new(kept), "x")).await;
            assert!(matches!(refused, Err(Fault::CallerFault { .. })), "{kept}");
        }
        let large = client.create::<Case>(Changes::new().set(Field::new("fee"), Inr::from_rupees(1_000_000_000_000))).await;
        assert!(matches!(large, Err(Fault::CallerFault { .. })));
    })
    .await;
    assert!(upstream.seen().iter().all(|seen| seen.method == "GET"));
}

#[tokio::test]
async fn a_removal_reads_and_checks_first_and_says_nothing_more() {
    let upstream = TestUpstream::start(|seen, _| match seen.method.as_str() {
        "DELETE" => reply(202, &json!({ "data": "ok" })),
        _ => reply(200, &json!({ "data": case("c1", "Alpha Bank") })),
    })
    .await;
    let removed =
        run(alpha(&upstream.base_url), async { Client::current().unwrap().delete::<Case>("c1", &Revision(READ_AT.to_owned())).await })
            .await;
    assert_eq!(removed, Ok(()));
    let seen = upstream.seen();
    assert_eq!(seen.iter().map(|seen| seen.method.as_str()).collect::<Vec<_>>(), ["GET", "DELETE"]);
    assert_eq!((seen[1].path.as_str(), seen[1].query.as_str(), seen[1].body.as_str()), ("/api/resource/Arbitration%20Case/c1", "", ""));
}

#[tokio::test]
async fn nothing_that_is_stale_foreign_or_goes_by_another_name_is_removed() {
    let upstream = TestUpstream::start(|seen, _| {
        let name = seen.path.rsplit('/').next().unwrap();
        match name {
            "foreign" => reply(200, &json!({ "data": case(name, "Beta Bank") })),
            "forbidden" => reply(403, &json!({ "exc_type": "PermissionError" })),
            "CASE" => reply(200, &json!({ "data": case("case", "Alpha Bank") })),
            _ => reply(200, &json!({ "data": case(name, "Alpha Bank") })),
        }
    })
    .await;
    run(alpha(&upstream.base_url), async {
        let client = Client::current().unwrap();
        let read_at = Revision(READ_AT.to_owned());
        for name in ["foreign", "forbidden", "CASE", "", ".."] {
            assert_eq!(client.delete::<Case>(name, &read_at).await, Err(Fault::NotFound), "{name}");
        }
        for stale in ["2026-11-21 08:00:00.000000", ""] {
            assert_eq!(client.delete::<Case>("c1", &Revision(stale.to_owned())).await, Err(Fault::Conflict), "{stale}");
        }
    })
    .await;
    assert!(upstream.seen().iter().all(|seen| seen.method == "GET"));
}

#[tokio::test]
async fn a_removal_whose_answer_is_lost_is_not_sent_again() {
    let upstream = TestUpstream::start(|seen, _| match seen.method.as_str() {
        "DELETE" => html(502),
        _ => reply(200, &json!({ "data": case("c1", "Alpha Bank") })),
    })
    .await;
    let removed =
        run(alpha(&upstream.base_url), async { Client::current().unwrap().delete::<Case>("c1", &Revision(READ_AT.to_owned())).await })
            .await;
    assert!(removed.is_err());
    assert_eq!(upstream.seen().iter().filter(|seen| seen.method == "DELETE").count(), 1);
}

#[tokio::test]
async fn a_new_record_is_the_tenants_and_is_read_back() {
    let upstream = TestUpstream::start(|seen, _| {
        let echo = json!({ "data": { "name": "h93bmoeb49", "is_urgent": true } });
        if seen.method == "POST" { reply(200, &echo) } else { reply(200, &json!({ "data": case("h93bmoeb49", "Alpha Bank") })) }
    })
    .await;
    let made = run(alpha(&upstream.base_url), async {
        Client::current().unwrap().create::<Case>(Changes::new().set(Field::new("is_urgent"), true)).await.unwrap()
    })
    .await;
    assert_eq!(made.name, "h93bmoeb49");
    assert_eq!(upstream.seen()[0].json(), json!({ "is_urgent": 1, "institution": "Alpha Bank" }));
    assert_eq!(upstream.seen()[1].path, "/api/resource/Arbitration%20Case/h93bmoeb49");
}

#[tokio::test]
async fn a_name_in_another_case_is_another_name() {
    let upstream = TestUpstream::start(|_, _| reply(200, &json!({ "data": case("ARB-2026-00001", "Alpha Bank") }))).await;
    let got = run(alpha(&upstream.base_url), async { Client::current().unwrap().get::<Case>("arb-2026-00001").await }).await;
    assert_eq!(got, Err(Fault::NotFound));
}

#[tokio::test]
async fn a_forbidden_record_looks_like_a_missing_one() {
    let upstream = TestUpstream::start(|_, _| reply(403, &json!({ "exc_type": "PermissionError" }))).await;
    let got = run(alpha(&upstream.base_url), async { Client::current().unwrap().get::<Case>("c1").await }).await;
    assert_eq!(got, Err(Fault::NotFound));
}

#[tokio::test]
async fn a_file_is_reached_only_through_a_record_that_names_it() {
    const FILE: &str = "/private/files/petition é 1.txt";
    let upstream = TestUpstream::start(|seen, _| {
        if seen.path.starts_with("/private/") {
            return Response::builder().header("content-type", "text/html").body(Body::from("petition")).unwrap();
        }
        let mut record = case("c1", "Alpha Bank");
        record["orders"] = json!([{ "file": FILE }, { "file": "/private/files/../../etc/passwd" }, { "file": "https://elsewhere.test/f" }]);
        reply(200, &json!({ "data": record }))
    })
    .await;
    let ways = upstreams();
    let tenant = Arc::new(alpha(&upstream.base_url));
    let proof = run_with(&ways, tenant, no_heal(), async {
        let client = Client::current().unwrap();
        let (_, _, proof) = client.get_with_proof::<Case>("c1").await.unwrap();
        let mut file = client.file_stream(&proof, FILE, 100).await.unwrap();
        assert_eq!(file.next_chunk().await.unwrap().unwrap(), "petition");
        assert_eq!(file.next_chunk().await.unwrap(), None);
        for other in ["/private/files/other.txt", "/private/files/../../etc/passwd", "https://elsewhere.test/f", "/files/x", ""] {
            assert_eq!(client.file_stream(&proof, other, 100).await.err(), Some(Fault::NotFound), "{other}");
        }
        assert_eq!(client.file_stream(&proof, FILE, 7).await.err(), Some(Fault::TooLarge));
        proof
    })
    .await;
    let hits = upstream.seen().len();
    assert_eq!(upstream.seen()[1].path, "/private/files/petition%20%C3%A9%201.txt");
    let beta = Arc::new(tenant_for_tests("beta", &upstream.base_url, Placement::Shared, Some("Beta Bank")));
    let other = run_with(&ways, beta, no_heal(), async { Client::current().unwrap().file_stream(&proof, FILE, 100).await.err() }).await;
    assert_eq!(other, Some(Fault::NotFound), "a proof of one tenant opens nothing for another");
    assert_eq!(upstream.seen().len(), hits);
}

#[tokio::test]
async fn the_sites_time_zone_is_read_once() {
    let upstream = TestUpstream::start(|_, _| reply(200, &json!({ "message": { "time_zone": "Asia/Kolkata" } }))).await;
    run(alpha(&upstream.base_url), async {
        for _ in 0..3 {
            let zone = Client::current().unwrap().time_zone().await.unwrap();
            assert_eq!(zone.iana_name(), Some("Asia/Kolkata"));
        }
    })
    .await;
    assert_eq!(upstream.seen().len(), 1);
}

#[tokio::test]
async fn a_method_is_called_once_and_by_post() {
    let upstream = TestUpstream::start(|_, _| reply(200, &json!({ "message": { "made": 2 } }))).await;
    let answer: serde_json::Value = run(alpha(&upstream.base_url), async {
        Client::current().unwrap().call("frappe.client.insert_many", &json!({ "docs": [] })).await.unwrap()
    })
    .await;
    assert_eq!(answer, json!({ "made": 2 }));
    assert_eq!((upstream.seen()[0].method.as_str(), upstream.seen()[0].path.as_str()), ("POST", "/api/method/frappe.client.insert_many"));
    assert_eq!(Value::from(true), Value::Flag(true));
}

/// Compiles, or pages and jobs could not await these calls on a runtime of several threads.
#[tokio::test]
async fn every_call_may_move_between_threads() {
    fn sent<F: Future + Send>(_: F) {}
    run(alpha("http://127.0.0.1:9"), async {
        let client = Client::current().unwrap();
        let query = Query::<Case>::new(RowScope::nothing());
        let aggregate = Aggregate::<Case>::new(RowScope::nothing(), [Measure::Count]);
        sent(client.list(&query));
        sent(client.count(&query));
        sent(client.group_by(&aggregate));
        sent(client.totals(&aggregate));
        sent(client.get_with_proof::<Case>("c1"));
        sent(client.create::<Case>(Changes::new()));
        sent(client.update::<Case>("c1", &Revision(String::new()), Changes::new()));
        sent(client.delete::<Case>("c1", &Revision(String::new())));
        sent(client.call::<serde_json::Value>("frappe.ping", &json!({})));
        sent(client.time_zone());
        let sign_in = crate::server::frappe::SignIn::current().unwrap();
        sent(sign_in.start("a", &"p".into(), "203.0.113.7".parse().unwrap()));
    })
    .await;
}

#[tokio::test]
async fn many_are_made_in_one_request_each_for_the_tenants_own_institution() {
    let upstream = TestUpstream::start(|_, _| reply(200, &json!({ "message": ["a1", 7] }))).await;
    let made = run(alpha(&upstream.base_url), async {
        let body = |status: &str| Changes::new().set(Field::new("status"), status);
        Client::current().unwrap().create_many::<Case>(vec![body("Filed"), body("Closed")]).await
    })
    .await;
    assert_eq!(made, Ok(vec!["a1".to_owned(), "7".to_owned()]));
    let seen = upstream.seen();
    assert_eq!((seen.len(), seen[0].path.as_str()), (1, "/api/method/frappe.client.insert_many"));
    let docs = &seen[0].json()["docs"];
    assert_eq!(docs[1], json!({ "doctype": "Arbitration Case", "institution": "Alpha Bank", "status": "Closed" }));
    assert_eq!(docs[0]["institution"], "Alpha Bank");
}

#[tokio::test]
async fn many_are_changed_only_where_all_of_them_are_the_tenants_own() {
    let upstream = TestUpstream::start(|seen, _| match seen.path.as_str() {
        "/api/method/frappe.client.bulk_update" => reply(200, &json!({ "message": { "failed_docs": [{ "doc": {} }] } })),
        // Whatever is asked for, the second row is another institution's.
        _ => reply(200, &json!({ "data": [case("a1", "Alpha Bank"), case("b1", "Beta Bank")] })),
    })
    .await;
    let change = |name: &str| (name.to_owned(), Changes::new().set(Field::new("status"), "Filed"));
    let (both, one) = run(alpha(&upstream.base_url), async {
        let client = Client::current().unwrap();
        let both = client.update_many::<Case>(vec![change("a1"), change("b1")]).await;
        (both, client.update_many::<Case>(vec![change("a1")]).await)
    })
    .await;
    assert_eq!((both, one), (Err(Fault::NotFound), Ok(1)));
    let sent: Vec<_> = upstream.seen().into_iter().filter(|seen| seen.method == "POST").collect();
    assert_eq!(sent.len(), 1, "nothing is sent where one name is not ours");
    let docs: serde_json::Value = serde_json::from_str(sent[0].json()["docs"].as_str().unwrap()).unwrap();
    assert_eq!(docs, json!([{ "doctype": "Arbitration Case", "docname": "a1", "status": "Filed" }]));
}
