//! How often a view asks the upstream: the dashboard's panels and the portfolio summary's, as two roles.
//!
//! Must not know what a panel shows.

use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::institutions,
};

use crate::browser::{self, Browser, person, run, unlimited};

/// Of each panel: its address, and the calls it may cost the legal head and a branch's user.
fn check(expected: &[(&str, u64, u64)]) {
    run(async {
        let specs = institutions().into_iter().take(1).collect();
        let plan = Plan { specs, cases: Some(40), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() };
        let world = World::start(plan).await.unwrap();
        let (mut counted, mut allowed) = (Vec::new(), Vec::new());
        for (index, local) in ["legal.head", "branch.user"].into_iter().enumerate() {
            let browser = Browser::of(&world, person(&world, "banyan", local)).await;
            for &(address, head, branch) in expected {
                // What is asked once for a site, and what is written beside, is in no more than one of the tries.
                let mut least = u64::MAX;
                for _ in 0..4 {
                    let before = asked(&world).await;
                    assert_eq!(browser.get(address).await.status, 200, "{address}");
                    least = least.min(asked(&world).await - before);
                }
                counted.push((local, address, least));
                allowed.push((local, address, [head, branch][index]));
            }
        }
        assert_eq!(counted, allowed);
    });
}

/// Reads of any institution's server, of the whole process.
async fn asked(world: &World) -> u64 {
    let reads = |line: &&str| ["list", "group_by", "totals"].iter().any(|read| line.contains(&format!("operation=\"{read}\"")));
    let metrics = browser::metrics(world).await;
    let series = metrics.lines().filter(|line| line.starts_with("portal_upstream_requests_total")).filter(reads);
    series.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

#[test]
fn a_view_of_the_dashboard_asks_the_upstream_no_more_often_than_it_must() {
    check(&[
        ("/api/dashboard/queue", 6, 6),
        ("/api/dashboard/hearings", 3, 3),
        ("/api/dashboard/clocks", 4, 4),
        ("/api/dashboard/portfolio", 8, 7),
        ("/api/dashboard/stages", 2, 2),
        ("/api/dashboard/throughput", 2, 2),
        ("/api/dashboard/moves", 2, 3),
    ]);
}

#[test]
fn a_view_of_the_summary_asks_the_upstream_no_more_often_than_it_must() {
    check(&[
        ("/api/portfolio/panel?panel=cover", 0, 0),
        ("/api/portfolio/panel?panel=measures", 8, 8),
        ("/api/portfolio/panel?panel=products", 1, 1),
        ("/api/portfolio/panel?panel=zones", 1, 1),
        ("/api/portfolio/panel?panel=ages", 2, 2),
        ("/api/portfolio/panel?panel=bottlenecks", 2, 2),
        ("/api/portfolio/panel?panel=awards", 3, 3),
        ("/api/portfolio/panel?panel=cohorts", 2, 2),
        ("/api/portfolio/panel?panel=notices", 2, 2),
        ("/api/portfolio/panel?panel=promises", 1, 1),
        ("/api/portfolio/panel?panel=rolls", 1, 1),
        ("/api/portfolio/panel?panel=costs", 3, 3),
        ("/api/portfolio/panel?panel=workload", 1, 1),
        ("/api/portfolio/panel?panel=advocates", 5, 5),
        ("/api/portfolio/panel?panel=enforceability", 2, 2),
        ("/api/portfolio/panel?panel=proceedings", 1, 1),
        ("/api/portfolio/panel?panel=litigation", 2, 2),
    ]);
}
