//! Filing in bulk from outside: a file comes in, its rows are mended, somebody else approves them, and each becomes one case.
//!
//! Must not know how a file is read, nor how a batch is gone on with.

mod desk;

use odr_portal::demo::frappe::Knob;
use serde_json::json;

use self::desk::{Desk, filing, rows_of, stands, table, text, upload};
use crate::{
    browser::{Browser, person, run, until},
    forms::{done, fill},
    upstream,
    work::{rows, world},
};

#[test]
fn a_file_becomes_cases_once_by_two_people_and_what_is_wrong_is_mended_on_the_way() {
    run(async {
        let desk = Desk::new().await;
        let world = &desk.world;
        let lines = [
            desk.line("LAN-01", "\"1,00,000.25\""),
            desk.line("LAN-02", "250000"),
            desk.line("LAN-03", "lots"),
            desk.line("LAN-02", "5"),
            desk.line("LAN-05", "70000"),
        ];
        let before = rows(world, "Arbitration Case", &["name"], &[]).await.len();
        let name = desk.checked(&lines).await;
        let batch = filing(world, &name).await;
        assert_eq!(
            (batch["row_total"].as_i64(), batch["row_ok"].as_i64(), batch["row_bad"].as_i64()),
            (Some(5), Some(3), Some(2)),
            "{batch} {:#?}",
            rows_of(world, &name).await
        );
        assert_eq!(batch["amount_total"], 100_000.25 + 250_000.0 + 70_000.0 + 3.0 * 1_234.5);
        let there = rows_of(world, &name).await;
        assert_eq!(there.iter().map(|row| text(row, "repair_group")).collect::<Vec<_>>(), ["", "", "E_AMOUNT", "E_DUPLICATE_LAN", ""]);
        let page = desk.maker.get(&format!("/filing/{name}")).await;
        assert!(
            page.text.contains("What is to be mended")
                && page.text.contains("The same loan twice")
                && page.text.contains("Submit for approval"),
            "{}",
            page.text
        );

        // A row is mended in place: first wrongly, what was typed still there; the next row that is wrong follows.
        let row = format!("/filing/{name}/rows/{}", text(&there[2], "name"));
        let again = fill(&desk.maker, &row, &[("pos", "many")]).await;
        assert!(again.status == 422 && again.text.contains("value=\"many\""), "{}", again.text);
        let next = fill(&desk.maker, &row, &[("pos", "90,000")]).await;
        assert_eq!(next.shape(), format!("303 -> /filing/{name}/rows/{}", text(&there[3], "name")), "{}", next.text);
        let left = fill(&desk.maker, next.location(), &[("what", "leave-out")]).await;
        assert_eq!(left.shape(), format!("303 -> /filing/{name}"), "{}", left.text);
        let batch = filing(world, &name).await;
        assert_eq!((batch["row_ok"].as_i64(), batch["row_bad"].as_i64(), batch["row_skipped"].as_i64()), (Some(4), Some(0), Some(1)));
        assert_eq!(batch["amount_total"], 100_000.25 + 250_000.0 + 70_000.0 + 90_000.0 + 4.0 * 1_234.5);

        // Nobody decides on their own.
        let request = desk.submit(&name).await;
        let own = desk.maker.post(&request, &[]).await;
        assert_eq!(own.status, 403, "{}", own.text);
        let form = desk.head.get(&request).await;
        assert!(
            form.text.contains("What would be filed") && form.text.contains("LAN-01") && form.text.contains("Approve"),
            "{}",
            form.text
        );
        assert_eq!(rows(world, "Arbitration Case", &["name"], &[]).await.len(), before, "nothing is filed yet");
        done(&desk.head, &request, &[]).await;
        stands(world, &name, "DONE").await;

        let there = rows_of(world, &name).await;
        assert_eq!(there.iter().map(|row| text(row, "state")).collect::<Vec<_>>(), ["DONE", "DONE", "DONE", "SKIPPED", "DONE"]);
        let fields = [
            "name",
            "lan",
            "batch",
            "source_row",
            "status",
            "legal_owner",
            "total_dues",
            "respondent_count",
            "title_text",
            "made_by",
            "pincode",
        ];
        let cases = rows(world, "Arbitration Case", &fields, &[("batch", &name)]).await;
        assert_eq!(cases.len(), 4, "{cases:#?}");
        for case in &cases {
            let of_case = [("case_ref", text(case, "name"))];
            assert_eq!(
                (text(case, "status"), text(case, "legal_owner"), text(case, "made_by")),
                ("DRAFT", "legal.manager@t000.example", "job:BATCH")
            );
            assert_eq!(
                (text(case, "title_text"), text(case, "pincode"), case["respondent_count"].as_i64()),
                ("Ramesh Kumar", "411001", Some(1))
            );
            assert_eq!(rows(world, "Case Party", &["case_ref", "seq"], &of_case).await.len(), 2);
            assert_eq!(rows(world, "Party Particular", &["case_ref", "kind"], &of_case).await.len(), 2);
            assert_eq!(rows(world, "Case Event", &["case_ref", "title"], &of_case).await.len(), 1);
        }
        let opened = desk.maker.get(&format!("/api/cases/show?id={}", text(&cases[0], "name"))).await;
        assert_eq!(opened.status, 200, "{}", opened.text);
        let trail = rows(world, "Portal Audit Event", &["action"], &[]).await;
        for action in ["filing.create", "filing.columns", "filing.mend", "filing.submit", "filing.approve", "filing.file"] {
            assert!(trail.iter().any(|row| row["action"] == action), "{action}");
        }
        let page = desk.maker.get(&format!("/filing/{name}")).await;
        assert!(page.text.contains("Download what became of each row") && !page.text.contains("progress.js"), "{}", page.text);
        let result = table(&desk.maker, &format!("/filing/{name}/result.xlsx")).await;
        assert_eq!(result.0[..4], ["Row in the file", "What became of it", "Case", "What is wrong"]);
        assert_eq!(result.1.len(), 5);
        assert!(result.1[0][2] == text(&there[0], "case_ref") && result.1[3][1] == "Left out", "{:?}", result.1);
        desk.portal.stop().await;
    });
}

#[test]
fn rows_to_be_mended_leave_as_a_file_and_come_back_by_their_numbers() {
    run(async {
        let desk = Desk::new().await;
        let world = &desk.world;
        let lines = [desk.line("LAN-01", "100000"), desk.line("LAN-02", "x"), desk.line("LAN-03", "y"), desk.line("LAN-04", "z")];
        let name = desk.checked(&lines).await;
        let (headings, bad) = table(&desk.maker, &format!("/filing/{name}/rejects.xlsx")).await;
        assert_eq!((headings[0].as_str(), bad.len()), ("Row in the file", 3), "{bad:?}");
        let pos = headings.iter().position(|heading| heading == "Principal O/S").unwrap();
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Whoever mends leaves out a column that is right: it stays as it was.
        let dues = headings.iter().position(|heading| heading == "Dues as on").unwrap();
        let without =
            |row: &[String]| row.iter().enumerate().filter(|(column, _)| *column != dues).map(|(_, text)| text.clone()).collect::<Vec<_>>();
        writer.write_record(without(&headings)).unwrap();
        // The first is mended, the second becomes a double of a row that is good, the third is not in the file.
        for (index, row) in bad.iter().take(2).enumerate() {
            let mut row = row.clone();
            row.resize(headings.len(), String::new());
            row[pos] = "1,50,000".to_owned();
            if index == 1 {
                row[headings.iter().position(|heading| heading == "Loan No").unwrap()] = "lan-01".to_owned();
            }
            writer.write_record(without(&row)).unwrap();
        }
        let mended = writer.into_inner().unwrap();
        let wrong = upload(&desk.maker, &format!("/filing/{name}/rejects"), "", "mended.csv", b"LAN,POS\r\n1,2\r\n".to_vec()).await;
        assert!(wrong.status == 422 && wrong.text.contains("has no column “Row in the file”"), "{}", wrong.text);
        let seen = upload(&desk.maker, &format!("/filing/{name}/rejects"), "", "mended.csv", mended).await;
        assert_eq!(seen.shape(), format!("303 -> /filing/{name}"), "{}", seen.text);
        stands(world, &name, "READY").await;
        let there = rows_of(world, &name).await;
        let states: Vec<_> = there.iter().map(|row| (text(row, "state"), text(row, "repair_group"))).collect();
        assert_eq!(states, [("OK", ""), ("FIXED", ""), ("BAD", "E_DUPLICATE_LAN"), ("BAD", "E_AMOUNT")], "{there:#?}");
        assert_eq!(filing(world, &name).await["amount_total"], 100_000.0 + 150_000.0 + 2.0 * 1_234.5);
        desk.portal.stop().await;
    });
}

#[test]
fn a_wrong_file_is_refused_with_what_is_wrong_where_and_nothing_of_it_is_kept() {
    run(async {
        let world = world().await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let before = upstream::rows(&world, "t000", "Portal Batch", &["name"]).await.len();
        let files: [(&str, Vec<u8>, &str); 4] = [
            ("empty.csv", Vec::new(), "empty"),
            ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\0".to_vec(), ""),
            ("headings.csv", b"Loan No,Product\r\n".to_vec(), "no loan follows"),
            ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest".to_vec(), ""),
        ];
        for (name, bytes, said) in files {
            let seen = upload(&maker, "/filing/new", "The lot of November", name, bytes).await;
            assert_eq!(seen.status, 422, "{name}: {}", seen.text);
            let problem = seen.text.split("class=\"field-problem\"").nth(1).unwrap_or_else(|| panic!("{name}: {}", seen.text));
            assert!(problem.contains(said), "{name}: {problem}");
            assert!(seen.text.contains("value=\"The lot of November\""), "what was typed stays: {}", seen.text);
        }
        assert_eq!(upstream::rows(&world, "t000", "Portal Batch", &["name"]).await.len(), before);
    });
}

#[test]
fn a_filing_is_its_makers_and_its_checkers_and_nobody_elses_anywhere() {
    run(async {
        let desk = Desk::new().await;
        let world = &desk.world;
        let name = desk.checked(&[desk.line("LAN-01", "100000"), desk.line("LAN-02", "x")]).await;
        let row = text(&rows_of(world, &name).await[1], "name").to_owned();
        let pages = |name: &str| {
            ["", "/do/columns", "/do/submit", "/do/cancel", "/rejects", "/rejects.xlsx", "/result.xlsx", "/progress"]
                .map(|part| format!("/filing/{name}{part}"))
        };
        let nothing = "0000000000";
        for local in ["legal.manager", "legal.head"] {
            let other = Browser::of(world, person(world, "t001", local)).await;
            for (there, nowhere) in pages(&name).iter().zip(pages(nothing)) {
                let (there, nowhere) = (other.get(there).await, other.get(&nowhere).await);
                assert_eq!((there.status, there.stable_text()), (nowhere.status, nowhere.stable_text()));
                assert!(matches!(there.status, 403 | 404) || there.text.contains("This is not allowed"), "{}", there.text);
            }
            let posted = other.post(&format!("/filing/{name}/do/cancel"), &[]).await;
            assert!(matches!(posted.status, 403 | 404), "{}", posted.text);
        }
        // A row is of its filing alone.
        let second = desk.checked(&[desk.line("LAN-11", "100000")]).await;
        assert_eq!(desk.maker.get(&format!("/filing/{second}/rows/{row}")).await.status, 404);
        // Who neither prepares nor decides sees none of it; the checker sees it and changes nothing.
        for local in ["collections.2", "branch.user", "viewer", "finance", "tenant.admin", "advocate"] {
            let other = Browser::of(world, person(world, "t000", local)).await;
            let seen = other.get(&format!("/filing/{name}")).await;
            assert!(seen.status == 403 && !seen.text.contains("LAN-02"), "{local}: {}", seen.text);
        }
        assert_eq!(desk.head.get(&format!("/filing/{name}")).await.status, 200);
        // Who audits reads what happened, and takes no borrower's contacts away.
        let auditor = Browser::of(world, person(world, "t000", "auditor")).await;
        let seen = auditor.get(&format!("/filing/{name}")).await;
        assert!(seen.status == 200 && !seen.text.contains("90000"), "{}", seen.text);
        assert_eq!(auditor.get(&format!("/filing/{name}/rejects.xlsx")).await.status, 403);
        assert!(desk.head.get(&format!("/filing/{name}/rows/{row}")).await.text.contains("not allowed"));
        assert_eq!(filing(world, &name).await["state"], "READY");
        desk.portal.stop().await;
    });
}

#[test]
fn nothing_is_filed_where_whoever_prepared_it_may_not_file_by_then() {
    run(async {
        let desk = Desk::new().await;
        let world = &desk.world;
        let branches = rows(world, "Institution Branch", &["name", "branch", "zone"], &[]).await;
        let elsewhere = branches.iter().find(|row| row["branch"] != *desk.branch).unwrap();
        upstream::change(world, "Institution Branch", text(elsewhere, "name"), &json!({"zone": "NORTH", "region": "NORTH"})).await;
        let maker = person(world, "t000", "legal.manager");
        upstream::change_portal_user(world, maker, &json!({"zones": ";WEST;"})).await;
        let foreign = desk.line("LAN-02", "100000").replace(&desk.branch, text(elsewhere, "branch"));
        let name = desk.checked(&[desk.line("LAN-01", "100000"), foreign]).await;
        assert_eq!(
            rows_of(world, &name).await.iter().map(|row| text(row, "repair_group").to_owned()).collect::<Vec<_>>(),
            ["", "E_BRANCH"]
        );
        let request = desk.submit(&name).await;
        // Between approval and filing the person's rows become others.
        let mine = branches.iter().find(|row| row["branch"] == *desk.branch).unwrap();
        upstream::change(world, "Institution Branch", text(mine, "name"), &json!({"active": 0})).await;
        done(&desk.head, &request, &[]).await;
        stands(world, &name, "DONE_WITH_ERRORS").await;
        let there = rows_of(world, &name).await;
        assert_eq!((text(&there[0], "state"), text(&there[0], "case_ref")), ("FAILED", ""), "{there:#?}");
        assert!(rows(world, "Arbitration Case", &["batch"], &[("batch", &name)]).await.is_empty());
        desk.portal.stop().await;
    });
}

#[test]
fn an_open_case_of_the_loan_is_named_to_who_sees_it_and_a_filing_over_ones_limit_waits_for_another() {
    run(async {
        let desk = Desk::new().await;
        let world = &desk.world;
        let first = desk.checked(&[desk.line("LAN-01", "100000")]).await;
        let request = desk.submit(&first).await;
        let head = person(world, "t000", "legal.head");
        let before = upstream::change_portal_user(world, head, &json!({"amount_limit": 100})).await;
        // Over the first one's limit a second checker decides as well, and never the same.
        done(&desk.head, &request, &[]).await;
        let waits = rows(world, "Case Approval", &["object_name", "state"], &[("object_name", &first)]).await.remove(0);
        assert_eq!((text(&waits, "state"), text(&filing(world, &first).await, "state")), ("SECOND_PENDING", "PENDING_APPROVAL"));
        let again = desk.head.get(&request).await;
        assert!(again.text.contains("a second checker must") && !again.text.contains("class=\"fields\""), "{}", again.text);
        upstream::change_portal_user(world, head, &before).await;
        done(&Browser::of(world, person(world, "t000", "legal.head.2")).await, &request, &[]).await;
        stands(world, &first, "DONE").await;
        let second = desk.checked(&[desk.line(" lan-01", "100000"), desk.line("LAN-02", "100000")]).await;
        let there = rows_of(world, &second).await;
        assert!(text(&there[0], "error_text").contains("of this loan is open"), "{there:#?}");
        // Returned with a reason, it can be mended and submitted again.
        let request = desk.submit(&second).await;
        let back =
            fill(&desk.head, &request, &[("decision", "return"), ("reason_code", "WRONG_AMOUNT"), ("comment", "Compare the principal")])
                .await;
        assert_eq!(back.status, 303, "{}", back.text);
        assert_eq!(filing(world, &second).await["state"], "RETURNED");
        let page = desk.maker.get(&format!("/filing/{second}")).await;
        assert!(page.text.contains("Compare the principal") && page.text.contains("Submit for approval"), "{}", page.text);
        let request = desk.submit(&second).await;
        done(&desk.head, &request, &[]).await;
        stands(world, &second, "DONE_WITH_ERRORS").await;
        desk.portal.stop().await;
    });
}

#[test]
fn a_filing_is_held_up_and_gone_on_with_and_its_progress_is_told_while_it_runs() {
    run(async {
        let desk = Desk::new().await;
        let world = &desk.world;
        let lines: Vec<String> = (0..230).map(|number| desk.line(&format!("LAN-{number:04}"), "100")).collect();
        let name = desk.checked(&lines).await;
        let request = desk.submit(&name).await;
        let site = world.sites.iter().find(|((server, _), _)| server == "upstream-a").unwrap().1;
        site.knobs().set_for("api@t000.example", Some(Knob::slow(Some(std::time::Duration::from_millis(60)))));
        done(&desk.head, &request, &[]).await;
        until("some are filed", || async { filing(world, &name).await["row_done"].as_i64() >= Some(50) }).await;
        let page = desk.maker.get(&format!("/filing/{name}")).await;
        assert!(
            page.text.contains("/progress.js") && page.text.contains("data-progress") && page.text.contains("http-equiv=\"refresh\""),
            "{}",
            page.text
        );
        let standing = desk.maker.get(&format!("/filing/{name}/progress")).await.json();
        assert_eq!((standing["working"].as_bool(), standing["total"].as_i64()), (Some(true), Some(230)), "{standing}");
        // The job writes as well: a form that it was faster than is sent again.
        until("it is held up", || async { fill(&desk.maker, &format!("/filing/{name}/do/pause"), &[]).await.status == 303 }).await;
        site.knobs().set_for("api@t000.example", None);
        assert_eq!(filing(world, &name).await["state"], "PAUSED");
        let cases = || async { rows(world, "Arbitration Case", &["batch"], &[("batch", &name)]).await.len() };
        done(&desk.maker, &format!("/filing/{name}/do/resume"), &[]).await;
        stands(world, &name, "DONE").await;
        assert_eq!((filing(world, &name).await["row_done"].as_i64(), cases().await), (Some(230), 230));
        desk.portal.stop().await;
    });
}
