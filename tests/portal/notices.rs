//! Campaigns of notices over the simulated upstream: funnels, channels, reasons, curve, the list that a figure opens and its file agree
//! with each other and with the stored rows, for every role and scope; nobody's figures hold rows that are not theirs.
//!
//! Must not know how a figure is asked for upstream.

mod fence;
mod pages;
mod raw;

use std::collections::BTreeSet;

use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::institutions,
    model::{Permission, Role, RowLimit},
};
use serde_json::{Value, json};

use crate::{
    browser::{self, Browser, run, unlimited, who_work},
    upstream,
};
use raw::{Raw, number, part_of, text};

/// Panels of a campaign's page.
const PANELS: [&str; 7] = ["about", "funnels", "channels", "reasons", "failures", "curve", "overlap"];

async fn world_of(institutions_count: usize, cases: usize) -> World {
    let specs = institutions().into_iter().take(institutions_count).collect();
    let mut world = World::start(Plan { specs, cases: Some(cases), site_root: "public".to_owned(), entry: unlimited, ..Plan::default() })
        .await
        .unwrap();
    upstream::administer(&mut world);
    world
}

async fn ask(browser: &Browser, which: &str, id: &str, q: &str) -> browser::Seen {
    let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
    browser.get(&format!("/api/notices/panel?panel={which}&id={id}&q={q}")).await
}

async fn panel(browser: &Browser, which: &str, id: &str, q: &str) -> Value {
    let answer = ask(browser, which, id, q).await;
    assert_eq!(answer.status, 200, "{which} {id} {q}: {}", answer.text);
    answer.json()
}

fn rows(panel: &Value) -> Vec<Vec<Value>> {
    panel["sheet"]["rows"].as_array().unwrap().iter().map(|row| row.as_array().unwrap().clone()).collect()
}

fn figure<'a>(panel: &'a Value, label: &str) -> &'a Value {
    let figures = panel["figures"].as_array().unwrap();
    &figures.iter().find(|fact| fact["label"] == label).unwrap_or_else(|| panic!("no {label}: {panel}"))["cell"]
}

/// The row of a table that begins so.
fn line<'a>(rows: &'a [Vec<Value>], first: &str) -> &'a [Value] {
    rows.iter().find(|row| row[0]["text"] == first).unwrap_or_else(|| panic!("no {first}: {rows:?}"))
}

/// Which campaign and which conditions an address of recipients is of.
fn asked_by(href: &str) -> (String, String) {
    let (path, query) = href.split_once('?').unwrap_or((href, ""));
    let id = path.strip_prefix("/notices/").and_then(|rest| rest.strip_suffix("/recipients")).unwrap_or_else(|| panic!("{href}"));
    (id.to_owned(), query.to_owned())
}

/// Walks the list at this address to its end: how many it says there are, and the case and label of each row.
async fn listed(browser: &Browser, href: &str) -> (u64, Vec<(String, String)>) {
    let (id, mut query) = asked_by(href);
    let (mut count, mut found) = (None, Vec::new());
    loop {
        let answer = browser.get(&format!("/api/notices/panel?panel=recipients&id={id}&{query}")).await;
        assert_eq!(answer.status, 200, "{href}: {}", answer.text);
        let page = answer.json();
        let said = page["figures"].as_array().unwrap().iter().find(|fact| fact["label"] == "Respondents" || fact["label"] == "Messages");
        count = count.or_else(|| said.map(|fact| number(&fact["cell"])));
        for row in rows(&page) {
            let label = row[0]["below"][0].as_str().or(row[0]["text"].as_str()).unwrap().to_owned();
            found.push((row[1]["href"].as_str().unwrap().to_owned(), label));
        }
        match page["sheet"]["next"].as_str() {
            Some(next) => query = asked_by(next).1,
            None => return (count.unwrap(), found),
        }
    }
}

/// How many rows the file of a list has.
async fn exported(browser: &Browser, href: &str) -> u64 {
    let (id, query) = asked_by(href);
    let answer = browser.get(&format!("/notices/{id}/recipients/export?{query}")).await;
    assert_eq!(answer.status, 200, "{href}: {}", answer.text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(answer.text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let sum = rows.iter().position(|row| row[0].starts_with("Total of ")).unwrap();
    let said: u64 = rows[sum][0].split(' ').nth(2).unwrap().parse().unwrap();
    assert_eq!(sum as u64 - 1, said, "{href}");
    said
}

/// Gives each role whose rows are scoped another kind of scope.
async fn scoped(world: &World) {
    let cases = upstream::rows(world, "banyan", "Arbitration Case", &["zone", "region", "branch", "product"]).await;
    let most = |field: &str| {
        let of = |value: &str| cases.iter().filter(|case| case[field] == value).count();
        let values: BTreeSet<&str> = cases.iter().map(|case| text(case, field)).filter(|value| !value.is_empty()).collect();
        values.into_iter().max_by_key(|value| of(value)).unwrap().to_owned()
    };
    let none = json!({"zones": "", "regions": "", "branches": "", "products": "", "assigned_only": 0});
    for (role, axis, field) in [
        (Role::LegalManager, "zones", "zone"),
        (Role::CollectionsOfficer, "products", "product"),
        (Role::BranchUser, "branches", "branch"),
        (Role::Viewer, "regions", "region"),
    ] {
        for (index, somebody) in who_work(world, "banyan").filter(|somebody| somebody.person.role == role).enumerate() {
            let mut scope = none.clone();
            match index {
                0 => scope[axis] = json!(format!(";{};", most(field))),
                // A second one of the role sees what is their own alone.
                _ => scope["assigned_only"] = json!(1),
            }
            upstream::change_portal_user(world, somebody, &scope).await;
        }
    }
}

/// Every figure of a campaign against the stored rows; each that leads anywhere, with what it counts.
async fn figures_of(browser: &Browser, role: Role, raw: &Raw, where_: &str) -> Vec<(String, u64)> {
    let id = raw.campaign.as_str();
    let mut links: Vec<(String, u64)> = Vec::new();
    let mut leads = |cell: &Value, count: u64| match cell["href"].as_str() {
        Some(href) => links.push((href.to_owned(), count)),
        None => assert_eq!(count, 0, "{where_}: {cell}"),
    };
    let evidence = [1, 2, 3, 4, 5].map(|level| raw.respondents(|row| row["evidence_level"].as_i64() >= Some(level)));
    let engagement = [1, 2, 3].map(|level| raw.respondents(|row| row["engagement_level"].as_i64() >= Some(level)));

    let funnels = rows(&panel(browser, "funnels", id, "").await);
    let told: Vec<u64> = funnels.iter().map(|row| number(&row[2])).collect();
    assert_eq!(told, [&evidence[..], &engagement].concat(), "{where_}");
    assert!(told[..5].is_sorted_by(|one, next| one >= next) && told[5..].is_sorted_by(|one, next| one >= next), "{where_}: {told:?}");
    funnels.iter().zip(&told).for_each(|(row, count)| leads(&row[2], *count));

    let about = panel(browser, "about", id, "").await;
    assert_eq!(number(figure(&about, "Targeted")), evidence[0], "{where_}");
    assert_eq!(part_of(figure(&about, "Eligible")), Some((evidence[1], evidence[0])), "{where_}");
    let blocked = raw.respondents(|row| row["eligibility"] == "BLOCKED");
    assert_eq!((number(figure(&about, "Blocked")), evidence[0] - evidence[1]), (blocked, blocked), "{where_}");
    leads(figure(&about, "Blocked"), blocked);
    let by_reason = rows(&about);
    let by_reason: u64 = by_reason.iter().filter(|row| row[0]["text"] == "Blocked").map(|row| number(&row[2])).sum();
    assert_eq!(by_reason, blocked, "{where_}");
    let sees_money = about["figures"].as_array().unwrap().iter().any(|fact| fact["label"] == "Cost");
    assert_eq!(sees_money, role != Role::TenantAdmin, "{where_}");

    let channels = panel(browser, "channels", id, "").await;
    let headings: Vec<&str> =
        channels["sheet"]["headings"].as_array().unwrap().iter().map(|head| head["label"].as_str().unwrap()).collect();
    let table = rows(&channels);
    assert_eq!(table.iter().any(|row| text(&row[0], "text").starts_with("Cost")), sees_money && !table.is_empty(), "{where_}");
    let used = raw.channels();
    assert_eq!(headings.len().saturating_sub(2), used.len(), "{where_}: {headings:?}");
    for (index, (channel, label)) in used.iter().enumerate() {
        assert_eq!(headings[index + 1], *label, "{where_}");
        let cell = |measure: &str| &line(&table, measure)[index + 1];
        let best = |fits: &dyn Fn(&Value) -> bool| raw.messages(channel, |row| row["is_best"] == 1 && fits(row));
        let all = |fits: &dyn Fn(&Value) -> bool| raw.messages(channel, |row| fits(row));
        let flag = |name: &'static str| move |row: &Value| row[name] == 1;
        let (tried, delivered, failed) =
            (best(&|_| true), best(&|row| row["outcome"] == "DELIVERED"), best(&|row| row["outcome"] == "FAILED"));
        assert_eq!(number(cell("Attempted")), tried, "{where_} {channel}");
        leads(cell("Attempted"), tried);
        let arrived = best(&flag("was_delivered"));
        let (email, carried) = (*channel == "EMAIL", ["SPEED_POST", "COURIER", "HAND"].contains(channel));
        let read = best(&|row| row["was_delivered"] == 1 && row["was_read"] == 1);
        let bounced = |kind: &'static str| best(&|row| row["bounce_kind"] == kind);
        for (measure, applies, part, whole) in [
            ("Accepted", true, all(&flag("was_accepted")), all(&|_| true)),
            ("Delivered", true, delivered, tried),
            ("Delivered, of those settled", true, delivered, delivered + failed),
            ("Failed", true, failed, tried),
            ("Open", true, tried - delivered - failed, tried),
            ("Read", *channel == "WHATSAPP", read, arrived),
            ("Opened", email, read, arrived),
            ("Clicked", !carried, best(&|row| row["was_delivered"] == 1 && row["was_clicked"] == 1), arrived),
            ("Bounced, hard", email, bounced("HARD"), tried),
            ("Bounced, soft", email, bounced("SOFT"), tried),
            ("Bounced, blocked", email, bounced("BLOCKED"), tried),
            ("Returned", carried, best(&|row| row["state"] == "RETURNED"), best(&flag("was_accepted"))),
            (
                "Delivered after an intimation",
                carried,
                all(&|row| row["was_intimated"] == 1 && row["was_delivered"] == 1),
                all(&flag("was_intimated")),
            ),
        ] {
            let shown = cell(measure);
            match applies && whole > 0 {
                true => {
                    assert_eq!(part_of(shown), Some((part, whole)), "{where_} {channel} {measure}");
                    let is_rate = text(shown, "text").ends_with('%');
                    assert_eq!(is_rate, whole >= 30, "{where_} {channel} {measure}: {shown}");
                    leads(shown, part);
                }
                false => assert_eq!(shown["text"], "—", "{where_} {channel} {measure}"),
            }
        }
        if email && arrived > 0 {
            assert!(cell("Opened")["below"].to_string().contains("never evidence"), "{where_}");
        }
    }

    let unreached = raw.respondents(|row| row["evidence_level"].as_i64() >= Some(3) && row["engagement_level"] == 0);
    let reasons = rows(&panel(browser, "reasons", id, "").await);
    assert_eq!(reasons.iter().map(|row| number(&row[2])).sum::<u64>(), unreached, "{where_}");
    reasons.iter().for_each(|row| leads(&row[2], number(&row[2])));
    for side in ["Ours", "Theirs"] {
        let own: u64 = reasons.iter().filter(|row| row[0]["text"] == side).map(|row| number(&row[2])).sum();
        let code = side.to_uppercase();
        let stored = raw.respondents(|row| {
            row["evidence_level"].as_i64() >= Some(3) && row["engagement_level"] == 0 && row["failure_side"] == code.as_str()
        });
        assert_eq!(own, stored, "{where_} {side}");
    }

    let failures = rows(&panel(browser, "failures", id, "").await);
    let failed: Vec<u64> =
        used.iter().map(|(channel, _)| raw.messages(channel, |row| row["is_best"] == 1 && row["outcome"] == "FAILED")).collect();
    if let Some(foot) = failures.last() {
        assert_eq!(
            foot[2..].iter().map(number).collect::<Vec<_>>(),
            failed.iter().copied().filter(|count| *count > 0).collect::<Vec<_>>(),
            "{where_}"
        );
        for row in &failures {
            row[2..].iter().for_each(|cell| leads(cell, part_of(cell).map_or_else(|| number(cell), |(part, _)| part)));
        }
    } else {
        assert_eq!(failed.iter().sum::<u64>(), 0, "{where_}");
    }

    let curve = rows(&panel(browser, "curve", id, "").await);
    for (channel, label) in used.iter().copied().chain([("", "Any channel")]) {
        let own: Vec<&Vec<Value>> = curve.iter().filter(|row| row[0]["text"] == label).collect();
        let told: Vec<u64> = own.iter().map(|row| part_of(&row[2]).unwrap().0).collect();
        assert!(told.is_sorted(), "{where_} {label}: {told:?}");
        let (end, whole) = match channel {
            "" => (engagement[0], evidence[2]),
            channel => (
                raw.messages(channel, |row| row["is_best"] == 1 && row["outcome"] == "DELIVERED"),
                raw.messages(channel, |row| row["is_best"] == 1),
            ),
        };
        assert_eq!(told.last().copied().unwrap_or(0), end, "{where_} {label}");
        for row in own {
            let (part, all) = part_of(&row[2]).unwrap();
            assert_eq!(all, whole, "{where_} {label}");
            leads(&row[2], part);
        }
    }

    let overlap = panel(browser, "overlap", id, "").await;
    if evidence[1] > 0 {
        assert_eq!(part_of(figure(&overlap, "Reached")), Some((engagement[0], evidence[1])), "{where_}");
        leads(figure(&overlap, "Reached"), engagement[0]);
        assert_eq!(number(figure(&overlap, "Not reached")), evidence[1] - engagement[0], "{where_}");
        leads(figure(&overlap, "Not reached"), evidence[1] - engagement[0]);
    }
    let sets = rows(&overlap);
    let mut exact = 0;
    for row in &sets {
        let counts: Vec<u64> = row[1..].iter().map(|cell| part_of(cell).map_or(0, |(part, _)| part)).collect();
        match used.iter().find(|(_, label)| row[0]["text"] == *label) {
            Some((channel, _)) => {
                let letter = raw::letter(channel);
                let among = raw.respondents(|row| text(row, "reached_channels").contains(letter));
                let alone = raw.respondents(|row| text(row, "reached_channels") == letter.to_string());
                let first = raw.respondents(|row| text(row, "first_reached_channel") == letter.to_string());
                assert_eq!(counts, [among, alone, first], "{where_} {channel}");
                assert_eq!(among, raw.messages(channel, |row| row["is_best"] == 1 && row["outcome"] == "DELIVERED"), "{where_} {channel}");
            }
            None => exact += counts[0],
        }
        row[1..].iter().zip(counts).filter(|(cell, _)| cell["text"] != "—").for_each(|(cell, count)| leads(cell, count));
    }
    assert_eq!(exact, engagement[0], "{where_}: exact sets add up to what was reached");
    links
}

#[test]
fn funnels_channels_reasons_curve_lists_and_files_agree_with_the_stored_rows_for_every_role_and_scope() {
    run(async {
        let world = world_of(2, 150).await;
        scoped(&world).await;
        let stored = raw::stored(&world, "banyan").await;
        let (mut looked_at, mut taken, mut unseen) = (0, 0, 0);
        for (turn, somebody) in who_work(&world, "banyan").enumerate() {
            let role = somebody.person.role;
            let browser = Browser::of(&world, somebody).await;
            if !role.allows(Permission::SeeNotices) {
                assert_eq!(ask(&browser, "list", "", "").await.shape(), "403 forbidden", "{role:?}");
                continue;
            }
            let user = upstream::portal_user(&world, somebody).await;
            let own = stored.of(&user, role);
            // The list shows the campaigns of these rows and no others, with what these rows add up to.
            let mut list = panel(&browser, "list", "", "").await;
            let mut campaigns = rows(&list);
            while let Some(next) = list["sheet"]["next"].as_str() {
                list = browser.get(&format!("/api/notices/panel?panel=list&{}", next.split_once('?').unwrap().1)).await.json();
                campaigns.extend(rows(&list));
            }
            let id_of = |row: &[Value]| row[0]["href"].as_str().unwrap().strip_prefix("/notices/").unwrap().to_owned();
            let shown: BTreeSet<String> = campaigns.iter().map(|row| id_of(row)).collect();
            assert_eq!(shown, own.campaigns(role.case_rows() == RowLimit::All), "{role:?}");
            unseen += stored.all_campaigns() - shown.len();
            for row in &campaigns {
                let raw = own.in_campaign(&id_of(row));
                let levels = |field: &'static str, from: i64, to: i64| {
                    (from..=to).map(|level| raw.respondents(|row| row[field].as_i64() >= Some(level))).collect::<Vec<_>>()
                };
                let told: Vec<u64> = row[4..12].iter().map(number).collect();
                assert_eq!(
                    told,
                    [levels("evidence_level", 1, 5), levels("engagement_level", 1, 3)].concat(),
                    "{role:?}: {}",
                    row[0]["text"]
                );
                assert_eq!(row[12]["text"] == "—", role == Role::TenantAdmin, "{role:?}: {}", row[12]);
            }
            // Some campaigns whole: other ones for each person, the largest for all.
            let mut by_size: Vec<&Vec<Value>> = campaigns.iter().collect();
            by_size.sort_by_key(|row| std::cmp::Reverse(number(&row[4])));
            let picked = [0, 1 + turn].into_iter().filter_map(|index| by_size.get(index));
            for id in picked.map(|row| id_of(row)) {
                let raw = own.in_campaign(&id);
                let links = figures_of(&browser, role, &raw, &format!("{role:?} {id}")).await;
                let cases = raw.case_addresses();
                for (index, (href, count)) in links.iter().enumerate().filter(|(index, _)| (index + turn) % 9 == 0) {
                    let (said, found) = listed(&browser, href).await;
                    assert_eq!((said, found.len() as u64), (*count, *count), "{role:?}: {href}");
                    assert!(found.iter().all(|(case, _)| cases.contains(case)), "{role:?}: {href}");
                    looked_at += 1;
                    if role.allows(Permission::Export) && index % 2 == 0 {
                        assert_eq!(exported(&browser, href).await, *count, "{role:?}: {href}");
                        taken += 1;
                    }
                }
            }
        }
        assert!(looked_at > 60 && taken > 10 && unseen > 0, "{looked_at} {taken} {unseen}");
    });
}
