//! A portal that is killed at any moment of a filing: whichever comes after it files every row exactly once.
//!
//! The portal that works is a process of its own, ended by SIGKILL; the one that people use goes on. `SOAK_KILLS` and `SOAK_FILING_ROWS` make it
//! longer. Must not know how a filing is gone on with.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    time::{Duration, Instant},
};

use http::Method;
use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::small_institution,
};
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::{
    browser::{Browser, person, run, unlimited},
    forms::{done, hidden},
    upstream,
};

/// The longest that one round may take, killing included.
const ROUND_MAX: Duration = Duration::from_secs(30 * 60);

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A portal that works in the background, and is nobody's to visit.
struct Worker(tokio::process::Child);

impl Worker {
    fn start(world: &World) -> Self {
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_odr-portal"));
        command.env_clear().envs(world.portal_settings.iter().map(|(name, value)| (*name, value.as_str())));
        command.env("LEPTOS_SITE_ADDR", free().to_string()).env("PORTAL_ADMIN_ADDR", free().to_string()).env("PORTAL_LOG", "error");
        command.env("PORTAL_JOBS_SECONDS", "1").env("PORTAL_JOBS_LEASE_SECONDS", "3").env("PORTAL_JOBS_SCHEDULED", "false");
        Self(command.arg("serve").kill_on_drop(true).spawn().unwrap())
    }

    async fn kill(mut self) {
        self.0.kill().await.unwrap();
    }
}

/// Numbers that differ from run to run, and are told so that a run can be looked into.
struct Moments(u64);

impl Moments {
    fn next(&mut self, upto: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % upto
    }
}

struct Filing {
    institution: &'static str,
    name: String,
    rows: usize,
}

impl Filing {
    async fn upload(world: &World, institution: &'static str, rows: usize) -> Self {
        let maker = Browser::of(world, person(world, institution, "legal.manager")).await;
        let branches = upstream::rows(world, institution, "Institution Branch", &["branch", "zone"]).await;
        let branch = branches.iter().find(|row| row["zone"] == "WEST").unwrap()["branch"].as_str().unwrap().to_owned();
        let line = |row: usize| format!("KILL-{row:06},PERSONAL,{branch},Ramesh Kumar,9000000021,100.00,31/10/2026\r\n");
        let file: String =
            std::iter::once("LAN,Product,Branch,Name,Mobile,POS,Dues as on\r\n".to_owned()).chain((0..rows).map(line)).collect();
        let form = maker.get("/filing/new").await;
        let form = hidden(&form).into_iter().fold(Form::new(), |form, (name, value)| form.text(name, value));
        let form = form.part("file", Part::bytes(file.into_bytes()).file_name("lot.csv"));
        let request = maker.request(&Method::POST, "/filing/new").header("sec-fetch-site", "same-origin").multipart(form);
        let seen = maker.send(request).await;
        assert_eq!(seen.status, 303, "{}", seen.text);
        let name = seen.location().split('/').nth(2).unwrap().to_owned();
        let columns = [
            ("lan", "LAN"),
            ("product", "Product"),
            ("branch", "Branch"),
            ("name", "Name"),
            ("mobile", "Mobile"),
            ("pos", "POS"),
            ("dues_on", "Dues as on"),
        ];
        done(&maker, &format!("/filing/{name}/do/columns"), &columns).await;
        Self { institution, name, rows }
    }

    async fn approve(&self, world: &World) {
        let maker = Browser::of(world, person(world, self.institution, "legal.manager")).await;
        done(&maker, &format!("/filing/{}/do/submit", self.name), &[]).await;
        let asked = upstream::rows(world, self.institution, "Case Approval", &["name", "object_name"]).await;
        let asked = asked.iter().find(|row| row["object_name"] == *self.name).unwrap()["name"].as_str().unwrap();
        let head = Browser::of(world, person(world, self.institution, "legal.head")).await;
        done(&head, &format!("/approvals/{asked}"), &[]).await;
    }

    async fn state(&self, world: &World) -> Value {
        let fields = ["name", "state", "row_total", "row_done", "row_failed", "row_bad", "error_text"];
        upstream::rows(world, self.institution, "Portal Batch", &fields).await.into_iter().find(|row| row["name"] == *self.name).unwrap()
    }

    /// Every row is one case with all that belongs to it, and nothing is there twice.
    async fn is_whole(&self, world: &World) {
        let of_batch = |rows: Vec<Value>| rows.into_iter().filter(|row| row["batch"] == *self.name).collect::<Vec<_>>();
        let rows =
            of_batch(upstream::rows(world, self.institution, "Portal Batch Row", &["batch", "row_no", "state", "lan", "case_ref"]).await);
        let cases = of_batch(upstream::rows(world, self.institution, "Arbitration Case", &["name", "batch", "lan", "source_row"]).await);
        assert_eq!((rows.len(), cases.len()), (self.rows, self.rows), "a row is a case");
        let by_name: BTreeMap<&str, &Value> = cases.iter().map(|case| (case["name"].as_str().unwrap(), case)).collect();
        for row in &rows {
            let case = by_name[row["case_ref"].as_str().unwrap()];
            assert_eq!((row["state"].as_str(), &case["lan"], &case["source_row"]), (Some("DONE"), &row["lan"], &row["row_no"]));
        }
        for (doctype, each) in [("Case Party", 2), ("Party Particular", 1), ("Case Event", 1)] {
            let mut count: BTreeMap<String, usize> = BTreeMap::new();
            for hung in upstream::rows(world, self.institution, doctype, &["case_ref"]).await {
                *count.entry(hung["case_ref"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
            }
            assert!(by_name.keys().all(|case| count.get(*case) == Some(&each)), "each case has {each} of {doctype}");
        }
    }
}

/// Lets portals work and kills them until the filing stands there; how many were killed.
async fn worked(world: &World, filing: &Filing, states: &[&str], moments: &mut Moments) -> usize {
    let (began, mut killed) = (Instant::now(), 0);
    loop {
        let worker = Worker::start(world);
        // The first ones are killed soon, later ones are let work for longer, so that a round comes to its end.
        let until = Instant::now() + Duration::from_millis(400 + moments.next(1_500) * (1 + killed as u64));
        loop {
            let batch = filing.state(world).await;
            if states.contains(&batch["state"].as_str().unwrap()) {
                worker.kill().await;
                return killed;
            }
            assert!(batch["state"] != "FAILED" && began.elapsed() < ROUND_MAX, "{batch}");
            if Instant::now() >= until {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        worker.kill().await;
        killed += 1;
    }
}

#[test]
fn every_row_is_filed_once_whenever_the_portal_that_files_is_killed() {
    run(async {
        let (rounds, rows) = (number("SOAK_KILLS", 3), number("SOAK_FILING_ROWS", 2_000));
        for round in 0..rounds {
            let seed = u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() % u128::from(u32::MAX)).unwrap();
            let mut moments = Moments(seed);
            let specs = (0..2).map(small_institution).collect();
            let mut world =
                World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap();
            upstream::administer(&mut world);
            // Another institution files a few rows at the same time.
            let (long, short) = (Filing::upload(&world, "t000", rows).await, Filing::upload(&world, "t001", 10).await);
            let began = Instant::now();
            let validating = worked(&world, &long, &["READY"], &mut moments).await;
            let validated = began.elapsed();
            if short.state(&world).await["state"] == "VALIDATING" {
                worked(&world, &short, &["READY"], &mut moments).await;
            }
            long.approve(&world).await;
            short.approve(&world).await;
            let began = Instant::now();
            let filing = worked(&world, &long, &["DONE", "DONE_WITH_ERRORS"], &mut moments).await;
            let filed = began.elapsed();
            worked(&world, &short, &["DONE", "DONE_WITH_ERRORS"], &mut moments).await;
            println!(
                "round {round}, seed {seed}: {rows} rows, {validating} killed in {validated:.1?} of checking, {filing} in {filed:.1?} of filing"
            );
            long.is_whole(&world).await;
            short.is_whole(&world).await;
            assert!(validating + filing > 0, "nobody was killed: the rows are too few");
            world.stop().await;
        }
    });
}
