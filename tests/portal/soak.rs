//! The soak: fifty institutions at once over real sockets, with slow, failing and lying upstreams, callers that hang up, and
//! the tenant table swapped all the while. Every upstream record carries its institution's marker; no answer may hold
//! another's. 12,000 requests by default; `SOAK_REQUESTS` asks for more.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use odr_portal::{
    cli::demo::{Plan, World},
    demo::{
        frappe::{Failure, Knob},
        portfolio::small_institution,
    },
};
use reqwest::{StatusCode, header};

use crate::browser;

static PANICS: AtomicU64 = AtomicU64::new(0);

/// Institutions that are asked.
const TENANTS: usize = 50;
/// Requests under way at once.
const CALLERS: usize = 64;

/// A signed-in browser of one institution.
#[derive(Clone)]
struct Browser {
    host: String,
    id: String,
    cookie: String,
    /// The contacts of one of its cases.
    case: String,
    /// Where one of them is revealed.
    reveal: String,
    /// What may be done in it.
    deeds: String,
    /// The form of a comment on it.
    form: String,
}

#[derive(Default)]
struct Tally {
    by_kind: BTreeMap<String, u64>,
}

#[test]
fn no_answer_holds_a_byte_of_another_institution() {
    let requests: u64 = std::env::var("SOAK_REQUESTS").ok().and_then(|text| text.parse().ok()).unwrap_or(12_000);
    // A panic in a task of its own reaches no layer: it is counted here.
    std::panic::set_hook(Box::new(|panic| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        eprintln!("{panic}");
    }));
    browser::run(soak(requests));
}

async fn soak(requests: u64) {
    let world = World::start(Plan {
        // One more than are asked: its comings and goings swap the table.
        specs: (0..=TENANTS).map(small_institution).collect(),
        sync_seconds: 1,
        entry: |entry| {
            entry["limits"] = serde_json::json!({"requests_per_second": 1_000_000, "burst": 1_000_000, "max_concurrency": 10_000})
        },
        ..Plan::default()
    })
    .await
    .unwrap();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let base = format!("http://{}", world.portal.site_addr);
    let browsers = Arc::new(sign_everybody_in(&world).await);
    misbehave(&world);

    let next = Arc::new(AtomicU64::new(0));
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (client, base, browsers, next) = (client.clone(), base.clone(), Arc::clone(&browsers), Arc::clone(&next));
            #[expect(clippy::disallowed_methods, reason = "a caller of the test has no tenant to lose")]
            tokio::spawn(async move {
                let mut tally = Tally::default();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= requests {
                        return tally;
                    }
                    ask(&client, &base, &browsers, number, &mut tally).await;
                }
            })
        })
        .collect();
    let swapping = swap_tables(&world, &next, requests);
    let (tallies, swaps) = futures::future::join(futures::future::join_all(callers), swapping).await;

    let mut total: BTreeMap<String, u64> = BTreeMap::new();
    for tally in tallies {
        for (kind, count) in tally.unwrap().by_kind {
            *total.entry(kind).or_default() += count;
        }
    }
    println!("soak: {requests} requests, {swaps} tables, {total:?}");
    assert_eq!(total.values().sum::<u64>(), requests);
    // The soak means something only if most answers were whole and some of each fault were seen.
    assert!(total.get("page 200").copied().unwrap_or(0) * 10 > requests, "{total:?}");
    assert!(total.get("hung up").copied().unwrap_or(0) > 0, "{total:?}");
    assert!(swaps > 0);
    let metrics = client.get(format!("http://{}/metrics", world.portal.admin_addr)).send().await.unwrap().text().await.unwrap();
    let figure = |name: &str| metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok()).unwrap();
    assert_eq!(figure("portal_tenant_context_missing_total"), 0.0);
    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
    // One upstream answers with other institutions' rows: each was dropped and counted.
    assert!(figure("portal_isolation_violations_total") > 0.0);
    world.stop().await;
}

/// Slow, failing and lying upstreams, each for some of the institutions.
fn misbehave(world: &World) {
    let site = world.sites.values().next().unwrap();
    for index in 0..TENANTS {
        let failure = match index % 10 {
            1 => Failure::Status { status: 502, rate: 0.2 },
            3 => Failure::Status { status: 500, rate: 0.05 },
            5 => Failure::ForeignRows,
            _ => Failure::Sound,
        };
        let delay = (index % 3 == 0).then_some((Duration::ZERO, Duration::from_millis(30)));
        site.knobs().set_for(&format!("api@{}", small_institution(index).domain()), Some(Knob { delay, failure }));
    }
}

/// Lets the last institution come and go until the callers are done; says how many tables that made.
async fn swap_tables(world: &World, next: &AtomicU64, requests: u64) -> u64 {
    let id = small_institution(TENANTS).id;
    let mut swaps = 0;
    while next.load(Ordering::Relaxed) < requests {
        if swaps % 2 == 0 { world.catalog.suspend(&id) } else { world.catalog.resume(&id) }.unwrap();
        swaps += 1;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    swaps
}

async fn ask(client: &reqwest::Client, base: &str, browsers: &[Browser], number: u64, tally: &mut Tally) {
    // A fixed scramble: which institution meets which kind of request differs from round to round.
    let scrambled = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let own = &browsers[(scrambled % TENANTS as u64) as usize];
    let (kind, path) = match scrambled / 64 % 17 {
        0..=2 => ("page", "/cases?sort=-dues"),
        3 => ("function", "/api/cases/list?q=&sort=&after=&before="),
        4 => ("totals", "/api/cases/totals?q="),
        5 => ("search", "/cases?q=mark"),
        6 => ("style", "/brand.css"),
        7 => ("api cases", "/api/v1/cases?limit=20"),
        8 => ("api hearings", "/api/v1/hearings?limit=20"),
        9 => ("case", own.case.as_str()),
        10 => ("reveal", own.reveal.as_str()),
        11 => ("find", "/api/cases/find?q=mark"),
        12 => ("approvals", "/approvals"),
        13 => ("deeds", own.deeds.as_str()),
        14 => ("form", own.form.as_str()),
        15 => ("comment", own.form.as_str()),
        _ => ("foreign cookie", "/cases"),
    };
    // Another institution's cookie is no session here.
    let cookie = if kind == "foreign cookie" { &browsers[((scrambled + 7) % TENANTS as u64) as usize].cookie } else { &own.cookie };
    let address = format!("{base}{path}");
    let request = match kind {
        "reveal" => client.post(address).form(&[("purpose", "CONTACT")]),
        "comment" => {
            let (operation, body) = (format!("{number:08x}-0000-4000-8000-000000000000"), format!("MARK-{}-said", own.id));
            client.post(address).form(&[("operation", operation.as_str()), ("body", body.as_str()), ("visibility", "PRIVATE")])
        }
        _ => client.get(address),
    };
    let request = request.header(header::HOST, &own.host).header(header::COOKIE, cookie).header("sec-fetch-site", "same-origin");
    let answer = async {
        let response = request.send().await?;
        let status = response.status();
        Ok::<_, reqwest::Error>((status, response.headers().clone(), response.bytes().await?))
    };
    let patience = if number.is_multiple_of(9) { Duration::from_millis(number % 37) } else { Duration::from_secs(60) };
    let outcome = match tokio::time::timeout(patience, answer).await {
        Err(_elapsed) => "hung up".to_owned(),
        Ok(Err(error)) => panic!("request {number} of {kind} failed: {error}"),
        Ok(Ok((status, headers, body))) => {
            let text = without_nonces(&String::from_utf8_lossy(&body));
            for found in text.match_indices("MARK-").map(|(at, _)| &text[at..]) {
                assert!(found.starts_with(&format!("MARK-{}-", own.id)), "{kind} of {} holds {}", own.id, &found[..found.len().min(12)]);
            }
            let lower = text.to_lowercase();
            for found in lower.match_indices("mark-").map(|(at, _)| &lower[at..]) {
                assert!(found.starts_with(&format!("mark-{}-", own.id)), "{kind} of {} holds {}", own.id, &found[..found.len().min(12)]);
            }
            if kind == "foreign cookie" {
                assert_eq!(status, StatusCode::SEE_OTHER);
                assert_eq!(headers[header::LOCATION], "/sign-in?next=%2Fcases");
                assert!(!text.contains("MARK-"));
            }
            format!("{kind} {}", status.as_u16())
        }
    };
    *tally.by_kind.entry(outcome).or_default() += 1;
}

/// The page without what is random in it: among a million nonces of letters, digits and hyphens some spell a mark.
fn without_nonces(text: &str) -> String {
    const NONCE: &str = "nonce=\"";
    let mut parts = text.split(NONCE);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let random =
            part.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'/' | b'=')).count();
        // Only what is a nonce whole: anything else is looked at.
        plain.push_str(if part[random..].starts_with('"') && random <= 64 { &part[random..] } else { part });
    }
    plain
}

async fn sign_everybody_in(world: &World) -> Vec<Browser> {
    let mut browsers = Vec::new();
    for index in 0..TENANTS {
        let id = small_institution(index).id;
        let person = browser::person(world, &id, "legal.head");
        let browser = browser::Browser::of(world, person).await;
        let case = browser.get("/api/cases/list").await.listed()["rows"][0]["id"].as_str().unwrap().to_owned();
        let contacts = browser.get(&format!("/api/cases/particulars?id={case}")).await.json();
        let reveal = contacts["rows"][0][4]["href"].as_str().unwrap().to_owned();
        let (host, cookie) = (person.host.clone(), browser.cookie_header());
        browsers.push(Browser {
            host,
            id,
            cookie,
            case: format!("/cases/{case}/service"),
            reveal,
            deeds: format!("/cases/{case}"),
            form: format!("/cases/{case}/do/comment"),
        });
    }
    browsers
}
