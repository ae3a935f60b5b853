//! Files pass through the portal without waiting in it: what a process of its own needs in memory while a large one comes in and goes out.
//! `SOAK_FILE_MB` makes it larger. Memory is the whole process's, so nothing else runs in it or beside it.
//!
//! Must not know how a file travels.

use std::{
    net::{SocketAddr, TcpListener},
    time::Instant,
};

use bytes::Bytes;
use futures::StreamExt as _;
use http::Method;
use odr_portal::cli::demo::World;
use reqwest::{
    Body,
    multipart::{Form, Part},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{
    browser::{Browser, person, run, until},
    forms, upstream,
    work::{placed, rows, world},
};

const PIECE: usize = 64 * 1024;
/// What the process may need more while a file passes, in KB, however large it is.
const MAY_NEED_KB: usize = 20 * 1024;

/// A portal of its own, with nothing of the institutions' servers in it.
struct Portal {
    process: tokio::process::Child,
    address: SocketAddr,
}

impl Portal {
    async fn start(world: &World) -> Self {
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (address, admin) = (free(), free());
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_odr-portal"));
        command.env_clear().envs(world.portal_settings.iter().map(|(name, value)| (*name, value.as_str())));
        command.env("LEPTOS_SITE_ADDR", address.to_string()).env("PORTAL_ADMIN_ADDR", admin.to_string()).env("PORTAL_LOG", "error");
        let process = command.arg("serve").kill_on_drop(true).spawn().unwrap();
        until("the portal is ready", || async {
            reqwest::get(format!("http://{admin}/readyz")).await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
        Self { process, address }
    }

    /// Memory in use, in KB; and the most of it since it was last forgotten.
    fn memory_kb(&self, which: &str) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id().unwrap())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(which)).unwrap();
        line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// What it needed more at most during this work, in KB.
    async fn needed_kb<T>(&self, work: impl Future<Output = T>) -> (T, usize) {
        std::fs::write(format!("/proc/{}/clear_refs", self.process.id().unwrap()), "5").unwrap();
        let before = self.memory_kb("VmRSS");
        let done = work.await;
        (done, self.memory_kb("VmHWM").saturating_sub(before))
    }
}

/// A PDF of so many pieces, of which no two are alike, and its hash.
fn paper(pieces: usize) -> (impl futures::Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static, String) {
    let piece = |number: usize| {
        let mut piece = vec![u8::try_from(number % 251).unwrap(); PIECE];
        piece[..8].copy_from_slice(&(number as u64).to_le_bytes());
        if number == 0 {
            piece[..9].copy_from_slice(b"%PDF-1.7\n");
        }
        Bytes::from(piece)
    };
    let mut hash = Sha256::new();
    (0..pieces).for_each(|number| hash.update(piece(number)));
    let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    (futures::stream::iter(0..pieces).map(move |number| Ok(piece(number))), hash)
}

async fn upload(browser: &Browser, case: &str, pieces: usize, name: &str) -> String {
    let path = format!("/cases/{case}/documents/new");
    let form = browser.get(&path).await;
    let typed = [("doc_type", "SOA"), ("visible_to", "INSTITUTION")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let carried = forms::hidden(&form).into_iter().chain(typed);
    let (stream, hash) = paper(pieces);
    let texts = carried.fold(Form::new(), |form, (name, value)| form.text(name, value));
    let body = texts.part("files", Part::stream(Body::wrap_stream(stream)).file_name(name.to_owned()));
    let seen = browser.send(browser.request(&Method::POST, &path).header("sec-fetch-site", "same-origin").multipart(body)).await;
    assert_eq!(seen.status, 303, "{}", seen.text);
    hash
}

#[test]
fn a_large_file_comes_in_and_goes_out_in_constant_memory() {
    run(async {
        let megabytes: usize = std::env::var("SOAK_FILE_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(64);
        let world = world().await;
        world.sites.values().for_each(|site| site.take_files_up_to((megabytes + 16) << 20));
        let case = placed(&world, 0, "S20", "S21_SERVED").await;
        let portal = Portal::start(&world).await;
        let somebody = person(&world, "t000", "legal.manager");
        let browser = Browser::at_address(portal.address, &somebody.host);
        browser.sign_in(somebody).await;
        // The first one fills what is kept for good: pools, caches, the allocator's own.
        upload(&browser, &case, 32, "small.pdf").await;

        let began = Instant::now();
        let (hash, up) = portal.needed_kb(upload(&browser, &case, (megabytes << 20) / PIECE, "large.pdf")).await;
        let up_ms = began.elapsed().as_millis();
        let stored = rows(&world, "Case Document", &["name", "sha256", "size_bytes", "state"], &[("sha256", &hash)]).await;
        assert_eq!(
            (stored.len(), stored[0]["size_bytes"].as_u64(), stored[0]["state"].as_str()),
            (1, Some((megabytes as u64) << 20), Some("STORED"))
        );
        let name = stored[0]["name"].as_str().unwrap();
        upstream::change(&world, "Case Document", name, &json!({"scan_state": "CLEAN"})).await;

        let began = Instant::now();
        let take = async {
            let mut answer = browser.request(&Method::GET, &format!("/documents/{name}/content?download=1")).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 200);
            let mut read = Sha256::new();
            while let Some(piece) = answer.chunk().await.unwrap() {
                read.update(&piece);
            }
            read.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        let (taken, down) = portal.needed_kb(take).await;
        assert_eq!(taken, hash);
        eprintln!(
            "{megabytes} MB: {up} KB more while it came in ({up_ms} ms), {down} KB more while it went out ({} ms)",
            began.elapsed().as_millis()
        );
        assert!(up < MAY_NEED_KB && down < MAY_NEED_KB, "{up} KB, {down} KB");
    });
}
