//! One institution's questions, and nobody else's answers.

use std::sync::atomic::{AtomicU64, Ordering};

use futures::StreamExt as _;
use serde_json::json;
use tokio::sync::Notify;

use super::*;
use crate::server::frappe::{Aggregate, Client, Condition, Direction, Fault, Field, Measure, Query, RowScope};

#[tokio::test]
async fn outside_a_door_there_is_no_client() {
    assert_eq!(Client::current().err(), Some(Fault::NoTenant));
    let tenant = Arc::new(alpha("http://127.0.0.1:9"));
    assert_eq!(with_tenant(tenant, async { Client::current().err() }).await, Some(Fault::NoTenant));
}

#[tokio::test]
async fn every_list_carries_fence_scope_and_filter_in_one_list() {
    let upstream = TestUpstream::start(|_, _| reply(200, &json!({ "data": [case("c1", "Alpha Bank")] }))).await;
    run(alpha(&upstream.base_url), async {
        let scope = RowScope::institution_wide()
            .and(Condition::one_of(Field::new("zone"), ["N", "S"]))
            .any_of([Condition::eq(Field::new("legal_owner"), "u1"), Condition::eq(Field::new("advocate"), "u1")]);
        let query = Query::<Case>::new(scope)
            .filter(Condition::eq(Field::new("status"), "Filed"))
            .search(Field::new("case_id"), "100%")
            .order_by(Field::new("claim_amount"), Direction::Descending)
            .page(40, 20);
        Client::current().unwrap().list(&query).await.unwrap();
    })
    .await;
    let seen = &upstream.seen()[0];
    let filters =
        json!([["institution", "=", "Alpha Bank"], ["zone", "in", ["N", "S"]], ["status", "=", "Filed"], ["case_id", "like", "%100_%"]]);
    assert_eq!(seen.argument("filters").unwrap(), filters.to_string());
    assert_eq!(seen.argument("or_filters").unwrap(), json!([["legal_owner", "=", "u1"], ["advocate", "=", "u1"]]).to_string());
    assert_eq!(seen.argument("order_by").unwrap(), "claim_amount desc, name asc");
    assert_eq!((seen.argument("limit_start").unwrap(), seen.argument("limit_page_length").unwrap()), ("40".into(), "21".into()));
}

#[tokio::test]
async fn one_row_more_than_the_page_tells_that_there_is_another() {
    let upstream = TestUpstream::start(|_, _| {
        let rows: Vec<_> = (0..3).map(|number| case(&format!("c{number}"), "Alpha Bank")).collect();
        reply(200, &json!({ "data": rows }))
    })
    .await;
    let page = run(alpha(&upstream.base_url), async {
        Client::current().unwrap().list::<Case>(&Query::new(RowScope::institution_wide()).page(0, 2)).await.unwrap()
    })
    .await;
    assert_eq!((page.rows.len(), page.more), (2, true));
}

#[tokio::test]
async fn a_foreign_row_is_dropped_and_counted() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = ::metrics::set_default_local_recorder(&recorder);
    let upstream = TestUpstream::start(|seen, _| match seen.path.as_str() {
        "/api/resource/Arbitration%20Case/c9" => reply(200, &json!({ "data": case("c9", "Beta Bank") })),
        _ => reply(200, &json!({ "data": [case("c1", "Alpha Bank"), case("c9", "Beta Bank"), case("c0", "")] })),
    })
    .await;
    let (page, got) = run(alpha(&upstream.base_url), async {
        let client = Client::current().unwrap();
        let page = client.list::<Case>(&Query::new(RowScope::institution_wide())).await.unwrap();
        (page, client.get::<Case>("c9").await)
    })
    .await;
    assert_eq!(page.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["c1"]);
    assert_eq!(got, Err(Fault::NotFound));
    assert!(handle.render().contains("portal_isolation_violations_total 3"), "{}", handle.render());
}

#[tokio::test]
async fn the_institution_record_itself_is_fenced_by_its_name() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Institution {
        name: String,
    }
    impl Record for Institution {
        const DOCTYPE: &'static str = "Institution";
        const FIELDS: &'static [&'static str] = &["name"];
        const TENANTED: bool = false;
        fn institution(&self) -> &str {
            &self.name
        }
    }
    let upstream = TestUpstream::start(|seen, _| match seen.path.rsplit('/').next() {
        Some("Institution") => reply(200, &json!({ "data": [{ "name": "Beta Bank" }, { "name": "Alpha Bank" }] })),
        _ => reply(200, &json!({ "data": { "name": "Beta Bank" } })),
    })
    .await;
    run(alpha(&upstream.base_url), async {
        let client = Client::current().unwrap();
        let page = client.list::<Institution>(&Query::new(RowScope::institution_wide())).await.unwrap();
        assert_eq!(page.rows, [Institution { name: "Alpha Bank".to_owned() }]);
        assert_eq!(client.get::<Institution>("Beta Bank").await, Err(Fault::NotFound));
    })
    .await;
    assert_eq!(upstream.seen()[0].argument("filters").unwrap(), r#"[["name","=","Alpha Bank"]]"#);
}

#[tokio::test]
async fn a_scope_without_rows_asks_nothing() {
    let upstream = TestUpstream::start(|_, _| reply(200, &json!({ "data": [case("c1", "Alpha Bank")] }))).await;
    let blank = || [""; 2];
    let zone = Field::new("zone");
    let scopes = [
        RowScope::nothing(),
        RowScope::institution_wide().and(Condition::one_of(zone, blank())),
        RowScope::institution_wide().and(Condition::eq(zone, " ")),
        RowScope::institution_wide().any_of([]),
        RowScope::institution_wide().any_of([Condition::eq(zone, "")]),
        RowScope::institution_wide().any_of([Condition::eq(zone, "N")]).any_of([Condition::eq(zone, "S")]),
    ];
    run(alpha(&upstream.base_url), async {
        let client = Client::current().unwrap();
        for scope in scopes {
            let query = Query::<Case>::new(scope.clone());
            assert!(client.list(&query).await.unwrap().rows.is_empty());
            assert_eq!(client.count(&query).await.unwrap(), 0);
            assert_eq!(client.totals(&Aggregate::<Case>::new(scope, [Measure::Count])).await.unwrap().count(0), 0);
        }
    })
    .await;
    assert!(upstream.seen().is_empty());
}

#[tokio::test]
async fn a_site_of_ones_own_is_asked_once_whose_it_is_and_a_shared_one_never() {
    let upstream = TestUpstream::start(|seen, _| match seen.path.as_str() {
        "/api/resource/Institution" => reply(200, &json!({ "data": [{ "name": "Only Bank" }] })),
        _ => reply(200, &json!({ "data": [case("c1", "Only Bank")] })),
    })
    .await;
    let query = Query::<Case>::new(RowScope::institution_wide());
    let ways = upstreams();
    let own = Arc::new(tenant_for_tests("own", &upstream.base_url, Placement::Site, None));
    for _ in 0..3 {
        let page = run_with(&ways, Arc::clone(&own), no_heal(), async { Client::current().unwrap().list(&query).await }).await;
        assert_eq!(page.unwrap().rows.len(), 1);
    }
    assert_eq!(upstream.seen().len(), 4);
    assert_eq!(upstream.seen()[3].argument("filters").unwrap(), r#"[["institution","=","Only Bank"]]"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_that_hang_up_midway_never_leave_their_answer_to_another() {
    const CALLS: u64 = 4_000;
    // Tells a caller that its request has arrived and its answer is on the way: the worst moment to hang up.
    let arrivals: Arc<Vec<Notify>> = Arc::new((0..CALLS).map(|_| Notify::new()).collect());
    let arrived = Arc::clone(&arrivals);
    let upstream = TestUpstream::start(move |seen, _| {
        // Whose it is comes from the key, which it is comes from the path: a crossed answer shows in either.
        let institution = if seen.header("authorization") == Some("token key-alpha:secret-alpha") { "Alpha Bank" } else { "Beta Bank" };
        let name = seen.path.rsplit('/').next().unwrap();
        arrived[name[1..].parse::<usize>().unwrap()].notify_one();
        let filler = "x".repeat(if name.ends_with('7') { 200_000 } else { 10 });
        reply(200, &json!({ "data": { "name": name, "institution": institution, "status": filler } }))
    })
    .await;
    let ways = upstreams();
    let alpha = Arc::new(alpha(&upstream.base_url));
    let beta = Arc::new(tenant_for_tests("beta", &upstream.base_url, Placement::Shared, Some("Beta Bank")));
    let (answered, dropped) = (AtomicU64::new(0), AtomicU64::new(0));
    futures::stream::iter(0..CALLS)
        .for_each_concurrent(48, |number| {
            let (ways, arrivals, answered, dropped) = (&ways, &arrivals, &answered, &dropped);
            let (tenant, institution) = if number % 2 == 0 { (&alpha, "Alpha Bank") } else { (&beta, "Beta Bank") };
            async move {
                let name = format!("n{number}");
                let call = run_with(ways, Arc::clone(tenant), no_heal(), async { Client::current().unwrap().get::<Case>(&name).await });
                let hang_up = async {
                    let arrival = &arrivals[usize::try_from(number).unwrap()];
                    if number % 10 < 3 { arrival.notified().await } else { futures::future::pending().await }
                };
                tokio::select! {
                    biased;
                    () = hang_up => { dropped.fetch_add(1, Ordering::Relaxed); }
                    record = call => {
                        let record = record.unwrap();
                        assert_eq!((record.name.as_str(), record.institution.as_str()), (name.as_str(), institution));
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        })
        .await;
    let (answered, dropped) = (answered.into_inner(), dropped.into_inner());
    assert_eq!(answered + dropped, CALLS);
    assert!(dropped > CALLS / 5, "{dropped} calls were dropped midway");
}

#[test]
fn a_scope_says_which_columns_it_rests_on() {
    let (zone, branch, owner) = (Field::new("zone"), Field::new("branch"), Field::new("legal_owner"));
    let of_zone = RowScope::institution_wide().and(Condition::eq(zone, "WEST"));
    assert!(RowScope::institution_wide().rests_on(&[]) && of_zone.rests_on(&[zone]));
    assert!(!of_zone.clone().rests_on(&[branch]) && !of_zone.clone().and(Condition::eq(branch, "BR001")).rests_on(&[zone]));
    assert!(!of_zone.any_of([Condition::eq(owner, "somebody@banyan.example")]).rests_on(&[zone, owner]));
}
