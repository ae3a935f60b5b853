//! How often a view of the portfolio summary asks the upstream. Alone in its program: metrics are counted for the whole process.
//!
//! Must not know what a panel shows.

#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a black-box test stops where its set-up fails")]

#[path = "support/browser.rs"]
mod browser;

use browser::{Browser, person, run, unlimited};
use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::institutions,
};

#[test]
fn a_view_of_the_summary_asks_the_upstream_no_more_often_than_it_must() {
    run(async {
        let specs = institutions().into_iter().take(1).collect();
        let plan = Plan { specs, cases: Some(40), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() };
        let world = World::start(plan).await.unwrap();
        let asked = async || {
            let reads = |line: &&str| ["list", "group_by", "totals"].iter().any(|read| line.contains(&format!("operation=\"{read}\"")));
            let metrics = browser::metrics(&world).await;
            let series = metrics.lines().filter(|line| line.starts_with("portal_upstream_requests_total")).filter(reads);
            series.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum::<u64>()
        };
        let expected = [
            ("cover", 0),
            ("measures", 7),
            ("products", 1),
            ("zones", 1),
            ("ages", 2),
            ("bottlenecks", 2),
            ("cohorts", 2),
            ("workload", 1),
            ("enforceability", 2),
            ("proceedings", 1),
            ("litigation", 2),
        ];
        for local in ["legal.head", "branch.user"] {
            let browser = Browser::of(&world, person(&world, "banyan", local)).await;
            for (which, calls) in expected {
                // What is asked once for a site, and what is written beside, is in no more than one of the tries.
                let mut least = u64::MAX;
                for _ in 0..4 {
                    let before = asked().await;
                    assert_eq!(browser.get(&format!("/api/portfolio/panel?panel={which}")).await.status, 200, "{which}");
                    least = least.min(asked().await - before);
                }
                // Somebody who sees no proceeding is not asked whose cases they are.
                let fewer = which == "litigation" && least == 1;
                assert!(least == calls || fewer, "{local} {which}: {least}, not {calls}");
            }
            let page = browser.get("/portfolio").await;
            println!("{local}: the page has {} bytes", page.text.len());
        }
    });
}
