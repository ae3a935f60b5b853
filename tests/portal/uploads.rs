//! Documents that come into a case, and all of them taken away at once: what is kept is what was sent, once, under a name that nobody
//! chose, and nothing of anybody else's.
//!
//! Must not know how a file travels: what counts is what stands at the institution's own server afterwards.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use http::Method;
use odr_portal::{
    cli::demo::World,
    demo::frappe::{Failure, Knob},
};
use reqwest::{
    Body,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    browser::{Browser, Seen, person, run, until, who_work},
    forms::hidden,
    upstream,
    work::{placed, rows, trail, world},
};

const PLAIN: [(&str, &str); 2] = [("doc_type", "SOA"), ("visible_to", "INSTITUTION")];
const COLUMNS: [&str; 16] = [
    "name",
    "case_ref",
    "doc_group",
    "version",
    "is_latest",
    "doc_type",
    "title",
    "original_name",
    "file_ref",
    "file_url",
    "sha256",
    "size_bytes",
    "mime",
    "state",
    "scan_state",
    "made_by",
];

fn pdf(seed: u8, bytes: usize) -> Vec<u8> {
    let body = (0..bytes).map(|index| (index as u8).wrapping_mul(31).wrapping_add(seed));
    b"%PDF-1.7\n".iter().copied().chain(body).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn address(case: &str) -> String {
    format!("/cases/{case}/documents/new")
}

fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

/// Sends files with what a form carries unseen and what was typed.
async fn send(browser: &Browser, case: &str, carried: &[(String, String)], typed: &[(&str, &str)], files: Vec<(&str, Body)>) -> Seen {
    let texts = carried.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(typed.iter().copied());
    let form = texts.fold(Form::new(), |form, (name, value)| form.text(name.to_owned(), value.to_owned()));
    let form = files.into_iter().fold(form, |form, (name, body)| form.part("files", Part::stream(body).file_name(name.to_owned())));
    let request = browser.request(&Method::POST, &address(case)).header("sec-fetch-site", "same-origin");
    browser.send(request.multipart(form)).await
}

/// Opens the form and sends it.
async fn upload(browser: &Browser, case: &str, typed: &[(&str, &str)], files: Vec<(&str, Vec<u8>)>) -> Seen {
    let form = browser.get(&address(case)).await;
    assert_eq!(form.status, 200, "{}", form.text);
    send(browser, case, &hidden(&form), typed, files.into_iter().map(|(name, bytes)| (name, bytes.into())).collect()).await
}

/// The case's documents that were made by somebody, by the name that their file had.
async fn made(world: &World, case: &str) -> BTreeMap<String, Value> {
    let rows = rows(world, "Case Document", &COLUMNS, &[("case_ref", case), ("state", "STORED")]).await;
    let by_hand = rows.into_iter().filter(|row| text(row, "made_by").contains('@') && text(row, "file_url").len() > 47);
    by_hand.map(|row| (format!("{} {}", text(&row, "original_name"), row["version"]), row)).collect()
}

async fn setting() -> (World, String, Browser) {
    let world = world().await;
    let case = placed(&world, 0, "S20", "S21_SERVED").await;
    let manager = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
    (world, case, manager)
}

#[test]
fn what_is_sent_is_kept_as_it_is_under_a_random_name_and_read_once_it_is_clean() {
    run(async {
        let (world, case, manager) = setting().await;
        let form = manager.get(&address(&case)).await;
        assert!(form.text.contains("enctype=\"multipart/form-data\"") && form.text.contains("each of at most 26.2 MB"), "{}", form.text);
        let files: [(&str, Vec<u8>); 3] = [
            ("../../etc/statement 1.pdf", pdf(1, 3_000_000)),
            ("C:\\scans\\photo.pdf", [b"\xff\xd8\xff\xe0".to_vec(), vec![5; 900]].concat()),
            ("seal.png", b"\x89PNG\r\n\x1a\n0123".to_vec()),
        ];
        let before = made(&world, &case).await.len();
        let seen = upload(&manager, &case, &PLAIN, files.to_vec()).await;
        assert_eq!(seen.shape(), format!("303 -> /cases/{case}/documents"), "{}", seen.text);
        let kept = made(&world, &case).await;
        assert_eq!(kept.len(), before + 3, "{kept:#?}");
        let names = [("statement 1.pdf 1", "application/pdf"), ("photo.pdf 1", "image/jpeg"), ("seal.png 1", "image/png")];
        for ((name, mime), (_, bytes)) in names.iter().zip(&files) {
            let row = &kept[*name];
            assert_eq!((text(row, "sha256"), row["size_bytes"].as_u64()), (sha256(bytes).as_str(), Some(bytes.len() as u64)));
            assert_eq!((text(row, "mime"), text(row, "scan_state"), row["is_latest"].as_i64()), (*mime, "NOT_SCANNED", Some(1)));
            let (stem, ending) = text(row, "file_url").strip_prefix("/private/files/").unwrap().split_once('.').unwrap();
            assert!(stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit()), "{stem}");
            // Frappe writes pictures anew whose name says that they are JPEG.
            assert_eq!(ending, if *mime == "image/jpeg" { "bin" } else { mime.rsplit('/').next().unwrap() });
            let content = format!("/documents/{}/content", text(row, "name"));
            assert_eq!(manager.get(&content).await.shape(), "409 This document is not opened");
            upstream::change(&world, "Case Document", text(row, "name"), &json!({"scan_state": "CLEAN"})).await;
            assert_eq!(manager.bytes(&content).await.1, *bytes);
        }
        let attached =
            upstream::rows(&world, "Administrator", "File", &["name", "is_private", "attached_to_doctype", "attached_to_name"]).await;
        for row in names.iter().map(|(name, _)| &kept[*name]) {
            let file = attached.iter().find(|file| file["name"] == row["file_ref"]).unwrap();
            assert_eq!((file["is_private"].as_i64(), &file["attached_to_name"]), (Some(1), &row["name"]));
        }
        let recorded = trail(&world, &case).await;
        assert_eq!(recorded.iter().filter(|(kind, action)| kind == "CHANGE" && action == "document.upload").count(), 3, "{recorded:?}");
        let events = rows(&world, "Case Event", &["case_ref", "kind", "title"], &[("case_ref", &case), ("kind", "DOCUMENT")]).await;
        assert_eq!(events.iter().filter(|row| text(row, "title").ends_with(" added")).count(), 3, "{events:?}");
        let latest = rows(&world, "Case Document", &["case_ref", "state", "is_latest"], &[("case_ref", &case), ("state", "STORED")]).await;
        let count = rows(&world, "Arbitration Case", &["name", "document_count"], &[("name", &case)]).await.remove(0);
        assert_eq!(count["document_count"].as_u64(), Some(latest.iter().filter(|row| row["is_latest"] == 1).count() as u64));
        let page = manager.get(&format!("/cases/{case}/documents")).await;
        assert!(page.text.contains(&address(&case)) && page.text.contains("statement 1.pdf"), "{}", page.text);
    });
}

#[test]
fn after_a_failure_the_same_files_are_sent_again_and_nothing_is_doubled() {
    run(async {
        let (world, case, manager) = setting().await;
        // One that is known before anything is asked upstream, and one of which the end alone tells it.
        let (small, large) = (pdf(1, 1_000), pdf(2, 2_000_000));
        assert_eq!(upload(&manager, &case, &PLAIN, vec![("a.pdf", small.clone()), ("b.pdf", large.clone())]).await.status, 303);
        let before = made(&world, &case).await;
        let seen = upload(&manager, &case, &PLAIN, vec![("x.pdf", small.clone()), ("y.pdf", large.clone()), ("z.pdf", pdf(3, 10))]).await;
        assert_eq!(seen.status, 422);
        for words in
            ["One file was added", "x.pdf: the case has this file already, as “a.pdf”", "y.pdf: the case has this file already, as “b.pdf”"]
        {
            assert!(seen.text.contains(words), "{words}: {}", seen.text);
        }
        let after = made(&world, &case).await;
        assert_eq!(after.len(), before.len() + 1, "{:?}", after.keys());
        // The very form once more, whatever became of its answer.
        let form = hidden(&manager.get(&address(&case)).await);
        let again = async || send(&manager, &case, &form, &PLAIN, vec![("new.pdf", pdf(4, 1_500_000).into())]).await;
        assert_eq!(again().await.status, 303);
        let (rows_before, files) =
            (made(&world, &case).await.len(), upstream::rows(&world, "Administrator", "File", &["name"]).await.len());
        assert!(again().await.text.contains("new.pdf: the case has this file already"));
        assert_eq!(made(&world, &case).await.len(), rows_before);
        assert_eq!(upstream::rows(&world, "Administrator", "File", &["name"]).await.len(), files);
        // Another institution's equal file is that institution's own.
        let other = Browser::of(&world, person(&world, "t001", "legal.head")).await;
        let theirs = text(&upstream::rows(&world, "t001", "Arbitration Case", &["name"]).await[0], "name").to_owned();
        assert_eq!(upload(&other, &theirs, &PLAIN, vec![("own.pdf", small.clone())]).await.status, 303);
        let row = upstream::rows(&world, "t001", "Case Document", &COLUMNS).await;
        let row = row.iter().find(|row| row["original_name"] == "own.pdf").unwrap();
        upstream::change(&world, "Case Document", text(row, "name"), &json!({"scan_state": "CLEAN"})).await;
        assert_eq!(other.bytes(&format!("/documents/{}/content", text(row, "name"))).await.1, small);
        assert_eq!(manager.get(&format!("/documents/{}/content", text(row, "name"))).await.status, 404);
    });
}

#[test]
fn a_version_is_added_and_two_people_cannot_both_add_the_next_one() {
    run(async {
        let (world, case, manager) = setting().await;
        assert_eq!(upload(&manager, &case, &PLAIN, vec![("claim.pdf", pdf(1, 100))]).await.status, 303);
        let first = made(&world, &case).await["claim.pdf 1"].clone();
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let path = format!("{}?of={}", address(&case), text(&first, "name"));
        let (one, two) = (manager.get(&path).await, head.get(&path).await);
        assert!(one.text.contains("Version 2"), "{}", one.text);
        let typed = [("title", "Claim, signed"), ("visible_to", "TRIBUNAL")];
        let seen = send(&manager, &case, &hidden(&one), &typed, vec![("signed.pdf", pdf(2, 100).into())]).await;
        assert_eq!(seen.status, 303, "{}", seen.text);
        let seen = send(&head, &case, &hidden(&two), &typed, vec![("other.pdf", pdf(3, 100).into())]).await;
        assert!(
            seen.status == 422 && seen.text.contains("Somebody has added version 2 meanwhile") && seen.text.contains("Version 3"),
            "{}",
            seen.text
        );
        let kept = made(&world, &case).await;
        let (old, new) = (&kept["claim.pdf 1"], &kept["signed.pdf 2"]);
        assert_eq!((old["is_latest"].as_i64(), new["is_latest"].as_i64()), (Some(0), Some(1)));
        assert_eq!((&old["doc_group"], &old["sha256"], &old["file_url"]), (&new["doc_group"], &first["sha256"], &first["file_url"]));
        assert!(!kept.contains_key("other.pdf 2"));
        let branch = who_work(&world, "t000").find(|somebody| somebody.person.role.code() == "BRANCH_USER").unwrap();
        assert_ne!(Browser::of(&world, branch).await.get(&path).await.status, 200);
        let of_others = upstream::rows(&world, "t001", "Case Document", &["name"]).await;
        let elsewhere =
            rows(&world, "Case Document", &["name", "case_ref"], &[]).await.into_iter().find(|row| row["case_ref"] != *case).unwrap();
        let nobodys = manager.get(&format!("{}?of=0000000000", address(&case))).await;
        for other in [text(&of_others[0], "name"), text(&elsewhere, "name")] {
            assert_eq!(manager.get(&format!("{}?of={other}", address(&case))).await.stable_text(), nobodys.stable_text());
        }
    });
}

#[test]
fn what_is_not_taken_is_said_and_what_was_typed_stays() {
    run(async {
        let (world, case, manager) = setting().await;
        let site = world.sites.iter().find(|((server, _), _)| server == "upstream-a").unwrap().1;
        site.take_files_up_to(1_500_000);
        let typed = [("doc_type", "ANNEXURE"), ("visible_to", "TRIBUNAL"), ("title", "What <was> typed"), ("doc_no", "A-7")];
        let hidden_page = [b"<html>%PDF-".to_vec(), vec![b' '; 900]].concat();
        for (name, bytes, words) in [
            ("page.pdf", hidden_page, "PDF, PNG or JPEG by what is in them"),
            ("sheet.xlsx", b"PK\x03\x04aaaa".to_vec(), "PDF, PNG or JPEG by what is in them"),
            ("empty.pdf", Vec::new(), "it is empty"),
            ("large.pdf", pdf(1, 1_500_000), "larger than your institution’s server takes, which is 1.4 MB"),
        ] {
            let seen = upload(&manager, &case, &typed, vec![(name, bytes)]).await;
            assert!(seen.status == 422 && seen.text.contains(words), "{name}: {}", seen.text);
            assert!(
                seen.text.contains("What &lt;was&gt; typed") && seen.text.contains("A-7") && seen.text.contains("Nothing was added."),
                "{name}"
            );
        }
        for (typed, files, words) in [
            (&[("doc_type", ""), ("visible_to", "TRIBUNAL")], vec![("a.pdf", pdf(1, 9))], "Choose one."),
            (&[("doc_type", "BATCH_FILE"), ("visible_to", "TRIBUNAL")], vec![("a.pdf", pdf(1, 9))], "This is none of the choices."),
            (&PLAIN, vec![], "Choose a file."),
        ] {
            let seen = upload(&manager, &case, typed, files).await;
            assert!(seen.status == 422 && seen.text.contains(words), "{words}: {}", seen.text);
        }
        assert!(!made(&world, &case).await.keys().any(|name| name.contains("a.pdf") || name.contains("large.pdf")));
        // What cannot be recorded is not done.
        let broken = Failure::DocType { name: "Portal Audit Event", silent: false };
        site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: broken }));
        let seen = upload(&manager, &case, &PLAIN, vec![("unrecorded.pdf", pdf(1, 9))]).await;
        assert!(seen.status == 422 && seen.text.contains("unrecorded.pdf: "), "{}", seen.text);
        site.knobs().set_for("api@t000.example", None);
        let all = rows(&world, "Case Document", &["original_name"], &[("original_name", "unrecorded.pdf")]).await;
        assert!(all.is_empty(), "{all:?}");
    });
}

#[test]
fn nobody_adds_to_a_case_that_is_not_theirs_or_a_kind_that_is_not() {
    run(async {
        let (world, own, manager) = setting().await;
        upstream::change(&world, "Arbitration Case", &own, &json!({"zone": "NOWHERE", "region": "NOWHERE"})).await;
        let foreign = text(&upstream::rows(&world, "t001", "Arbitration Case", &["name"]).await[0], "name").to_owned();
        let carried = [("operation".to_owned(), "00000000-0000-4000-8000-000000000000".to_owned())];
        let sent = async |case: &str| send(&manager, case, &carried, &PLAIN, vec![("stray.pdf", pdf(1, 9).into())]).await;
        let (asked, posted, zip) =
            (manager.get(&address("0000000000")).await, sent("0000000000").await, manager.get("/cases/0000000000/documents.zip").await);
        assert_eq!([asked.status, posted.status, zip.status], [404; 3]);
        for case in [&own, &foreign] {
            assert_eq!(manager.get(&address(case)).await.stable_text(), asked.stable_text());
            assert_eq!(sent(case).await.stable_text(), posted.stable_text());
            assert_eq!(manager.get(&format!("/cases/{case}/documents.zip")).await.stable_text(), zip.stable_text());
        }
        for institution in ["t000", "t001"] {
            let rows = upstream::rows(&world, institution, "Case Document", &["original_name"]).await;
            assert!(rows.iter().all(|row| row["original_name"] != "stray.pdf"));
        }
        upstream::change(&world, "Arbitration Case", &own, &json!({"zone": "WEST"})).await;
        for somebody in who_work(&world, "t000") {
            let browser = Browser::of(&world, somebody).await;
            if browser.get(&format!("/api/cases/show?id={own}")).await.status != 200 {
                continue;
            }
            let role = somebody.person.role.code();
            let form = browser.get(&address(&own)).await;
            let adds = !matches!(role, "TENANT_ADMIN" | "FINANCE_MIS" | "AUDITOR" | "VIEWER");
            assert_eq!(form.status == 200, adds, "{role}");
            assert_eq!(form.text.contains("value=\"SOC\""), adds && role != "COLLECTIONS_OFFICER", "{role}");
            let zip = browser.request(&Method::GET, &format!("/cases/{own}/documents.zip")).send().await.unwrap().status();
            assert_eq!(zip == 200, matches!(role, "LEGAL_HEAD" | "LEGAL_MANAGER" | "ADVOCATE" | "AUDITOR"), "{role}");
        }
    });
}

#[test]
fn who_sends_is_read_no_faster_than_the_institutions_server_takes() {
    run(async {
        let (world, case, manager) = setting().await;
        let site = world.sites.iter().find(|((server, _), _)| server == "upstream-a").unwrap().1;
        site.take_files_up_to(64 * 1024 * 1024);
        let form = hidden(&manager.get(&address(&case)).await);
        // Its server takes the request and reads nothing of it.
        let deaf = Failure::DocType { name: "upload_file", silent: true };
        site.knobs().set_for("api@t000.example", Some(Knob { delay: None, failure: deaf }));
        let sent = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&sent);
        let pieces = (0..800_u32).map(move |index| {
            counted.fetch_add(64 * 1024, Ordering::SeqCst);
            Ok::<_, std::io::Error>(if index == 0 { pdf(1, 64 * 1024 - 9) } else { vec![7; 64 * 1024] })
        });
        let body = Body::wrap_stream(futures::stream::iter(pieces));
        let uploading = send(&manager, &case, &form, &PLAIN, vec![("large.pdf", body)]);
        let last = Mutex::new((0, Instant::now()));
        let stalled = until("nothing more is taken", async || {
            let now = sent.load(Ordering::SeqCst);
            let mut last = last.lock().unwrap();
            if now != last.0 {
                *last = (now, Instant::now());
            }
            now > 0 && last.1.elapsed() > Duration::from_millis(700)
        });
        tokio::select! {
            seen = uploading => panic!("it came to an end: {}", seen.text),
            () = stalled => {}
        }
        let taken = sent.load(Ordering::SeqCst);
        assert!(taken < 30 * 1024 * 1024, "{taken} bytes of 50 MiB were taken from the browser with nowhere to go");
    });
}

#[test]
fn all_documents_of_a_case_come_as_one_archive_with_a_list_or_not_whole() {
    run(async {
        let (world, case, manager) = setting().await;
        let typed = [("doc_type", "ANNEXURE"), ("visible_to", "TRIBUNAL"), ("title", "=../../Annexure/1"), ("doc_no", "A-7")];
        let files = [pdf(1, 400_000), pdf(2, 10), pdf(3, 10)];
        for bytes in &files {
            assert_eq!(upload(&manager, &case, &typed, vec![("x.pdf", bytes.clone())]).await.status, 303);
        }
        let of_case = async || rows(&world, "Case Document", &COLUMNS, &[("case_ref", &case)]).await;
        for row in of_case().await {
            let ours = files.iter().position(|bytes| sha256(bytes) == text(&row, "sha256"));
            // What a test's set-up copied has no file of its own: it is kept back, like the third.
            let scan = if matches!(ours, Some(0 | 1)) { "CLEAN" } else { "NOT_SCANNED" };
            upstream::change(&world, "Case Document", text(&row, "name"), &json!({"scan_state": scan})).await;
        }
        let path = format!("/cases/{case}/documents.zip");
        let (headers, bytes) = manager.bytes(&path).await;
        assert_eq!(headers["cache-control"], "private, no-store");
        assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"documents-"), "{headers:?}");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut found: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            assert!(!file.name().contains(['/', '\\']), "{}", file.name());
            found.insert(file.name().to_owned(), content);
        }
        let list = String::from_utf8(found.remove("index.csv").unwrap()).unwrap();
        let mut hashes: Vec<String> = found.values().map(|content| sha256(content)).collect();
        hashes.sort();
        let mut expected = [sha256(&files[0]), sha256(&files[1])];
        expected.sort();
        assert_eq!(hashes, expected);
        let latest = of_case().await.into_iter().filter(|row| row["is_latest"] == 1);
        assert!(latest.into_iter().all(|row| list.contains(text(&row, "sha256"))), "{list}");
        assert!(
            list.contains("'=../../Annexure/1") && list.contains("not been scanned") && list.contains("legal.manager@t000.example"),
            "{list}"
        );
        let recorded = trail(&world, &case).await;
        assert!(recorded.contains(&("DOWNLOAD".to_owned(), "document.bundle".to_owned())), "{recorded:?}");
        // One that is not what its record says: no archive.
        let wrong = of_case().await.into_iter().find(|row| text(row, "sha256") == expected[1]).unwrap();
        upstream::change(&world, "Case Document", text(&wrong, "name"), &json!({"sha256": "0".repeat(64)})).await;
        let answer = manager.request(&Method::GET, &path).send().await.unwrap();
        assert!(answer.bytes().await.is_err(), "an archive with another file in it came whole");
    });
}
