//! Work in a case by the right person at each step: what may be done, what may not and why, two pairs of eyes, and two people at once.
//!
//! Must not know how a step is carried out: what counts is what stands at the institution's own server afterwards.

use serde_json::{Value, json};

use crate::{
    browser::{Browser, person, run, until, who_work},
    forms::{deed, fill, send},
    upstream,
    work::{case, done, placed, rows, trail, world},
};

#[test]
fn a_draft_is_submitted_returned_submitted_again_and_approved_by_two_people() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S00", "DRAFT").await;
        upstream::change(&world, "Arbitration Case", &name, &json!({"total_dues": 100_000, "claim_basis_amount": 100_000})).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;

        let nothing = head.get(&deed(&name, "approve_draft")).await;
        assert!(
            nothing.text.contains("while the case stands at “Draft”") && !nothing.text.contains("<form method=\"post\" action=\"/cases"),
            "{}",
            nothing.text
        );
        done(&maker, &name, "submit_draft", &[]).await;
        let submitted = case(&world, &name).await;
        assert_eq!(
            (submitted["status"].as_str(), submitted["submitted_by"].as_str()),
            (Some("PENDING_APPROVAL"), Some("legal.manager@t000.example"))
        );
        let own = maker.get(&deed(&name, "approve_draft")).await;
        assert!(own.text.contains("Only a legal head may do this."), "{}", own.text);

        let refused = fill(&head, &deed(&name, "return_draft"), &[("reason_code", "WRONG_AMOUNT"), ("comment", "hm")]).await;
        assert!(refused.status == 422 && refused.text.contains("Too short") && refused.text.contains(">hm</textarea>"), "{}", refused.text);
        done(&head, &name, "return_draft", &[("reason_code", "WRONG_AMOUNT"), ("comment", "The dues are those of last month")]).await;
        assert_eq!(case(&world, &name).await["status"], "RETURNED");
        upstream::change(&world, "Arbitration Case", &name, &json!({"claim_basis_amount": 90_000})).await;
        done(&maker, &name, "resubmit_draft", &[]).await;

        let form = head.get(&deed(&name, "approve_draft")).await;
        assert!(form.text.contains("Changed since it was last submitted") && form.text.contains("₹90,000"), "{}", form.text);
        let seen = send(&head, &deed(&name, "approve_draft"), &form, &[]).await;
        assert_eq!(seen.shape(), format!("303 -> /cases/{name}"), "{}", seen.text);
        let approved = case(&world, &name).await;
        assert_eq!((approved["status"].as_str(), approved["approved_by"].as_str()), (Some("APPROVED"), Some("legal.head@t000.example")));

        let fields = ["case_ref", "round", "state", "submitted_by", "checker", "reason_code"];
        let mut approvals =
            rows(&world, "Case Approval", &fields, &[("case_ref", &name), ("submitted_by", "legal.manager@t000.example")]).await;
        approvals.retain(|row| row["checker"] == "legal.head@t000.example" && row["round"].as_i64() > Some(0));
        let states: Vec<_> = approvals.iter().map(|row| row["state"].as_str().unwrap()).collect();
        assert!(states.contains(&"RETURNED") && states.contains(&"APPROVED"), "{approvals:?}");
        assert!(approvals.iter().any(|row| row["reason_code"] == "WRONG_AMOUNT"), "{approvals:?}");

        let actions: Vec<String> =
            trail(&world, &name).await.into_iter().filter(|(kind, _)| kind != "DENIED").map(|(_, action)| action).collect();
        for action in ["submit_draft", "return_draft", "resubmit_draft", "approve_draft"] {
            assert!(actions.iter().any(|known| known == action), "{action}: {actions:?}");
        }
        let events = rows(&world, "Case Event", &["case_ref", "transition_no", "actor", "to_state"], &[("case_ref", &name)]).await;
        for (number, state) in [(2, "PENDING_APPROVAL"), (4, "RETURNED"), (5, "PENDING_APPROVAL"), (3, "APPROVED")] {
            let told = |row: &&Value| row["transition_no"] == number && row["to_state"] == state;
            assert_eq!(events.iter().filter(told).count(), 1, "{number}: {events:?}");
        }
        let open =
            rows(&world, "Case Task", &["case_ref", "kind", "state"], &[("case_ref", &name), ("kind", "APPROVE"), ("state", "OPEN")]).await;
        assert!(open.is_empty(), "{open:?}");
    });
}

#[test]
fn a_claim_over_the_checkers_limit_takes_two_checkers_and_neither_is_the_maker() {
    run(async {
        let world = world().await;
        let name = placed(&world, 1, "S00", "DRAFT").await;
        let huge = json!({"total_dues": 90_000_000, "claim_basis_amount": 90_000_000});
        upstream::change(&world, "Arbitration Case", &name, &huge).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        done(&maker, &name, "submit_draft", &[]).await;
        let form = head.get(&deed(&name, "approve_draft")).await;
        assert!(form.text.contains("a second checker must approve"), "{}", form.text);
        assert_eq!(send(&head, &deed(&name, "approve_draft"), &form, &[]).await.status, 303);
        assert_eq!(case(&world, &name).await["status"], "PENDING_APPROVAL");
        let again = head.get(&deed(&name, "approve_draft")).await;
        assert!(again.text.contains("a second person must"), "{}", again.text);
        let second = Browser::of(&world, person(&world, "t000", "legal.head.2")).await;
        done(&second, &name, "approve_draft", &[]).await;
        assert_eq!(case(&world, &name).await["status"], "APPROVED");
        let approvals = rows(
            &world,
            "Case Approval",
            &["case_ref", "state", "checker", "checker_2"],
            &[("case_ref", &name), ("checker_2", "legal.head.2@t000.example")],
        )
        .await;
        assert!(approvals.iter().any(|row| row["state"] == "APPROVED" && row["checker"] == "legal.head@t000.example"), "{approvals:?}");
    });
}

#[test]
fn a_withdrawal_is_asked_for_decided_by_somebody_else_and_can_be_undone() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S00", "APPROVED").await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let reason = [("reason", "The borrower has paid at the branch")];
        done(&maker, &name, "withdraw", &reason).await;
        assert_eq!(case(&world, &name).await["status"], "APPROVED", "nothing happens until somebody else has decided");
        let own = maker.get(&deed(&name, "withdraw")).await;
        assert!(own.text.contains("Only a legal head may do this.") || own.text.contains("You submitted this yourself"), "{}", own.text);
        let form = head.get(&deed(&name, "withdraw")).await;
        assert!(form.text.contains("The borrower has paid at the branch"), "{}", form.text);
        let unsaid = send(&head, &deed(&name, "withdraw"), &form, &[("decision", "return")]).await;
        assert!(unsaid.status == 422 && unsaid.text.contains("Choose one."), "{}", unsaid.text);
        assert_eq!(send(&head, &deed(&name, "withdraw"), &form, &[]).await.status, 303);
        let closed = case(&world, &name).await;
        let stands = ["stage", "status", "outcome"].map(|field| closed[field].as_str().unwrap_or_default().to_owned());
        assert_eq!(stands, ["S90", "CLOSED", "WITHDRAWN"]);
        assert!(closed["is_open"] == 0 && closed["open_lan_key"].as_str().unwrap_or_default().is_empty(), "{closed}");
        let open = rows(&world, "Case Task", &["case_ref", "state"], &[("case_ref", &name), ("state", "OPEN")]).await;
        assert!(open.is_empty(), "{open:?}");

        let shut = maker.get(&deed(&name, "hold")).await;
        assert!(shut.text.contains("while the case stands at “Closed”"), "{}", shut.text);
        done(&maker, &name, "reopen", &[("reason", "The cheque has bounced")]).await;
        done(&head, &name, "reopen", &[]).await;
        let reopened = case(&world, &name).await;
        assert_eq!(
            (reopened["stage"].as_str(), reopened["status"].as_str(), reopened["is_open"].as_i64()),
            (Some("S00"), Some("APPROVED"), Some(1))
        );
        assert!(!reopened["open_lan_key"].as_str().unwrap_or_default().is_empty(), "{reopened}");
    });
}

#[test]
fn the_second_of_two_people_is_told_what_the_first_did_and_keeps_what_was_typed() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S20", "S21_SERVED").await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let path = deed(&name, "hold");
        let (first, second) = (maker.get(&path).await, head.get(&path).await);
        let typed = [("hold", "LEGAL_HOLD"), ("reason", "Counsel asks for <time> & papers")];
        assert_eq!(send(&maker, &path, &first, &typed).await.status, 303);
        let told = send(&head, &path, &second, &typed).await;
        assert_eq!(told.status, 409, "{}", told.text);
        assert!(
            told.text.contains("Put on hold (legal.manager@t000.example)")
                && told.text.contains("Counsel asks for &lt;time&gt; &amp; papers"),
            "{}",
            told.text
        );
        assert_eq!(send(&head, &path, &told, &typed).await.status, 303, "sent again on purpose it is done");
        // The very form that was done already is not done again, and leaves nothing twice.
        let twice = send(&maker, &path, &first, &typed).await;
        assert_eq!(twice.status, 409, "{}", twice.text);
        let events = rows(&world, "Case Event", &["case_ref", "title"], &[("case_ref", &name), ("title", "Put on hold")]).await;
        assert_eq!(events.len(), 2, "{events:?}");
    });
}

#[test]
fn of_two_checkers_who_decide_at_the_same_moment_one_decides() {
    run(async {
        let world = world().await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let second = Browser::of(&world, person(&world, "t000", "legal.head.2")).await;
        for index in 0..5 {
            let name = placed(&world, index, "S00", "APPROVED").await;
            done(&maker, &name, "withdraw", &[("reason", "The borrower has paid")]).await;
            let path = deed(&name, "withdraw");
            let (approving, returning) = (head.get(&path).await, second.get(&path).await);
            let no = [("decision", "return"), ("reason_code", "OTHER"), ("comment", "Not yet, please")];
            let (yes, no) = futures::join!(send(&head, &path, &approving, &[]), send(&second, &path, &returning, &no));
            assert_eq!([yes.status, no.status].iter().filter(|status| **status == 303).count(), 1, "{} {}", yes.text, no.text);
            let asked = rows(&world, "Case Approval", &["case_ref", "object_kind", "state", "checker"], &[("case_ref", &name)]).await;
            let asked = asked.iter().find(|row| row["object_kind"] == "WITHDRAWAL").unwrap();
            let (state, checker, status) =
                if yes.status == 303 { ("APPROVED", "legal.head", "CLOSED") } else { ("RETURNED", "legal.head.2", "APPROVED") };
            assert_eq!(
                (asked["state"].as_str(), asked["checker"].as_str()),
                (Some(state), Some(format!("{checker}@t000.example").as_str()))
            );
            assert_eq!(case(&world, &name).await["status"], status);
        }
    });
}

#[test]
fn of_two_who_send_at_the_same_moment_one_is_done_and_the_other_keeps_what_was_typed() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S20", "S21_SERVED").await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let path = deed(&name, "hold");
        let typed = [("hold", "LEGAL_HOLD"), ("reason", "Counsel asks for more time")];
        for _ in 0..8 {
            let (first, second) = (maker.get(&path).await, head.get(&path).await);
            let (one, other) = futures::join!(send(&maker, &path, &first, &typed), send(&head, &path, &second, &typed));
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [303, 409], "{} {}", one.text, other.text);
            let late = if one.status == 409 { one } else { other };
            assert!(late.text.contains("Counsel asks for more time</textarea>") && late.text.contains("Put on hold"), "{}", late.text);
        }
    });
}

#[test]
fn a_case_of_another_scope_institution_or_nobody_can_be_worked_on_by_nobody() {
    run(async {
        let world = world().await;
        let own = placed(&world, 0, "S20", "S21_SERVED").await;
        upstream::change(&world, "Arbitration Case", &own, &json!({"zone": "NOWHERE", "region": "NOWHERE"})).await;
        let foreign = upstream::rows(&world, "t001", "Arbitration Case", &["name"]).await[0]["name"].as_str().unwrap().to_owned();
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let typed = [
            ("hold", "LEGAL_HOLD"),
            ("reason", "Counsel asks for time"),
            ("operation", "00000000-0000-4000-8000-000000000000"),
            ("revision", "x"),
        ];
        for word in ["hold", "comment", "report-outcome", "withdraw"] {
            let nothing = maker.get(&deed("0000000000", word)).await;
            let posted = maker.post(&deed("0000000000", word), &typed).await;
            assert_eq!((nothing.status, posted.status), (404, 404));
            for name in [&own, &foreign] {
                let path = deed(name, word);
                assert_eq!(maker.get(&path).await.stable_text(), nothing.stable_text(), "{path}");
                assert_eq!(maker.post(&path, &typed).await.stable_text(), posted.stable_text(), "{path}");
            }
        }
        assert_eq!(case(&world, &own).await["hold"], "NONE");
        let untouched = upstream::rows(&world, "t001", "Arbitration Case", &["name", "hold"]).await;
        assert!(untouched.iter().all(|row| row["name"] != *foreign || row["hold"] != "LEGAL_HOLD"));
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        assert_eq!(head.get(&deed(&own, "create_case")).await.status, 404);
        assert_eq!(head.get(&deed(&own, "no_such_step")).await.status, 404);
    });
}

#[test]
fn what_a_role_may_do_is_what_it_is_offered_and_everything_else_is_refused_and_noted() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S20", "S21_SERVED").await;
        upstream::change(&world, "Arbitration Case", &name, &json!({"consent_basis": "NONE"})).await;
        for somebody in who_work(&world, "t000") {
            let browser = Browser::of(&world, somebody).await;
            let sheets = browser.get(&format!("/api/cases/deeds?id={name}")).await;
            if sheets.status == 404 {
                continue; // not among this person's rows
            }
            let offered: Vec<String> =
                sheets.json()[0]["rows"].as_array().unwrap().iter().map(|row| row[0]["href"].as_str().unwrap().to_owned()).collect();
            for href in &offered {
                let form = browser.get(href).await;
                assert!(form.status == 200 && form.text.contains(&format!("action=\"{href}\"")), "{:?} {href}", somebody.person.role);
            }
            let may = |word: &str| offered.iter().any(|href| href.ends_with(&format!("/{word}")));
            let role = somebody.person.role.code();
            assert_eq!(may("comment"), !matches!(role, "TENANT_ADMIN" | "FINANCE_MIS" | "AUDITOR" | "VIEWER"), "{role}");
            assert_eq!(may("hold"), matches!(role, "LEGAL_HEAD" | "LEGAL_MANAGER"), "{role}");
            assert!(!may("file_reference") && !may("propose_arbitrator") && !may("register"), "{role}");
            // What is not offered is not done, whoever sends it.
            if !may("hold") {
                let typed =
                    [("hold", "LEGAL_HOLD"), ("reason", "Counsel asks for time"), ("operation", "00000000-0000-4000-8000-000000000000")];
                let revision = case(&world, &name).await["modified"].as_str().unwrap().to_owned();
                let seen = browser.post(&deed(&name, "hold"), &[&typed[..], &[("revision", revision.as_str())]].concat()).await;
                assert!(matches!(seen.status, 403 | 422), "{role}: {}", seen.text);
                assert_eq!(case(&world, &name).await["hold"], "NONE", "{role}");
            }
        }
        until("the refusals are noted", async || {
            trail(&world, &name).await.iter().any(|(kind, action)| kind == "DENIED" && action == "hold")
        })
        .await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let shut = maker.get(&format!("/api/cases/deeds?id={name}")).await;
        assert!(shut.text.contains("Nothing shows a right to appoint an arbitrator"), "{}", shut.text);
    });
}

#[test]
fn a_comment_is_kept_as_it_was_written_and_read_on_the_timeline() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S20", "S21_SERVED").await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let empty = fill(&maker, &deed(&name, "comment"), &[("body", " \r\n "), ("visibility", "PRIVATE")]).await;
        assert!(empty.status == 422 && empty.text.contains("Fill this in."), "{}", empty.text);
        let words = "Called twice.\r\nThe son says: <b>come on Friday</b> & bring papers";
        done(&maker, &name, "comment", &[("body", words), ("visibility", "SHARED")]).await;
        let kept = rows(
            &world,
            "Case Comment",
            &["case_ref", "body_text", "visibility", "made_by"],
            &[("case_ref", &name), ("made_by", "legal.manager@t000.example"), ("visibility", "SHARED")],
        )
        .await;
        assert!(kept.iter().any(|row| row["body_text"].as_str().unwrap().starts_with("Called twice.")), "{kept:?}");
        let page = maker.get(&format!("/cases/{name}/timeline?kind=COMMENT")).await;
        assert!(page.text.contains("Called twice.") && !page.text.contains("<b>come on Friday"), "{}", page.text);
        let all = maker.get(&format!("/api/cases/timeline?id={name}")).await;
        assert_eq!(all.text.matches("Called twice.").count(), 1, "among what happened, once: {}", all.text);
        assert!(all.text.contains("legal.manager@t000.example, the tribunal as well"), "{}", all.text);
        let said = rows(&world, "Portal Audit Event", &["payload", "action"], &[("action", "comment.add")]).await;
        assert_eq!(said.len(), 1);
        let admin = Browser::of(&world, person(&world, "t000", "tenant.admin")).await;
        assert_eq!(admin.get(&format!("/api/cases/timeline?id={name}&kind=COMMENT")).await.shape(), "403 forbidden");
        assert!(!admin.get(&format!("/api/cases/timeline?id={name}")).await.text.contains("Called twice."));
    });
}

#[test]
fn an_outcome_is_reported_once_the_hearing_has_begun_and_a_next_date_never_runs_backwards() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S60", "HEARING_SCHEDULED").await;
        let hearing = json!({
            "case_ref": name, "institution": "T000", "seq": 9, "hearing_type": "PRELIMINARY", "starts_at": "2026-01-05 10:30:00", "starts_on": "2026-01-05",
            "status": "SCHEDULED", "outcome": "", "reported_outcome": "", "ics_uid": format!("test-{name}"), "idem_key": null, "minutes": 30, "mode": "VIRTUAL",
        });
        upstream::copy_first(&world, "t000", "Case Hearing", &hearing).await;
        let hearing = rows(&world, "Case Hearing", &["name", "case_ref", "seq"], &[("case_ref", &name)]).await;
        let hearing = hearing.iter().find(|row| row["seq"] == 9).unwrap()["name"].as_str().unwrap().to_owned();
        let advocate = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let path = format!("{}?on={hearing}", deed(&name, "report-outcome"));
        let offered = advocate.get(&format!("/api/cases/hearings?id={name}")).await;
        assert!(offered.text.contains(&path), "{}", offered.text);
        for (typed, said) in [
            (&[("outcome", "")][..], "Choose one."),
            (&[("outcome", "ADJOURNED")], "Choose one."),
            (&[("outcome", "HELD"), ("next_at", "2025-12-01T10:00")], "Dates never run backwards."),
            (&[("outcome", "HELD"), ("next_at", "tomorrow")], "This is no date and time."),
        ] {
            let seen = fill(&advocate, &path, typed).await;
            assert!(seen.status == 422 && seen.text.contains(said), "{typed:?}: {}", seen.text);
        }
        let typed = [
            ("outcome", "ADJOURNED"),
            ("adjourned_by", "RESPONDENT"),
            ("adjourned_reason", "TIME_SOUGHT"),
            ("next_at", "2026-12-20T11:00"),
            ("appeared", "1"),
        ];
        let seen = fill(&advocate, &path, &typed).await;
        assert_eq!(seen.shape(), format!("303 -> /cases/{name}/hearings"), "{}", seen.text);
        let fields = ["name", "status", "outcome", "reported_outcome", "reported_by", "adjourned_by", "next_at", "appearance_claimed"];
        let kept = rows(&world, "Case Hearing", &fields, &[("name", &hearing)]).await.remove(0);
        assert_eq!(
            (kept["reported_outcome"].as_str(), kept["reported_by"].as_str()),
            (Some("ADJOURNED"), Some("legal.manager@t000.example"))
        );
        assert_eq!(
            (kept["status"].as_str(), kept["next_at"].as_str()),
            (Some("SCHEDULED"), Some("2026-12-20 11:00:00")),
            "the registry's record is its own"
        );
        assert_eq!(case(&world, &name).await["status"], "HEARING_SCHEDULED");
        let of_another = rows(&world, "Case Hearing", &["name", "case_ref"], &[]).await.into_iter().find(|row| row["case_ref"] != *name);
        if let Some(other) = of_another {
            let path = format!("{}?on={}", deed(&name, "report-outcome"), other["name"].as_str().unwrap());
            assert_eq!(advocate.get(&path).await.status, 404);
        }
    });
}

#[test]
fn what_the_portal_does_by_itself_is_done_when_somebody_asks_and_names_the_portal() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S80", "CHALLENGE_WINDOW").await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        for clock in rows(&world, "Case Clock", &["name", "case_ref", "clock"], &[("case_ref", &name), ("clock", "S34_CHALLENGE")]).await {
            upstream::change(&world, "Case Clock", clock["name"].as_str().unwrap(), &json!({"due_on": "2100-01-01"})).await;
        }
        let clock = json!({
            "case_ref": name, "institution": "T000", "clock": "S34_CHALLENGE", "due_on": "2100-01-01", "state": "RUNNING", "idem_key": null,
            "clock_key": format!("test-{name}"), "owner_side": "THEIRS", "zone": "WEST",
        });
        upstream::copy_first(&world, "t000", "Case Clock", &clock).await;
        let early = maker.get(&deed(&name, "catch-up")).await;
        assert!(early.text.contains("Nothing is due") && !early.text.contains("Bring up to date</button>"), "{}", early.text);
        for clock in rows(&world, "Case Clock", &["name", "case_ref", "clock"], &[("case_ref", &name), ("clock", "S34_CHALLENGE")]).await {
            upstream::change(&world, "Case Clock", clock["name"].as_str().unwrap(), &json!({"due_on": "2026-01-05"})).await;
        }
        let offered = maker.get(&format!("/api/cases/deeds?id={name}")).await;
        assert!(offered.text.contains("Bring the case up to date"), "{}", offered.text);
        done(&maker, &name, "catch-up", &[]).await;
        assert_eq!(case(&world, &name).await["status"], "EXECUTION_ELIGIBLE");
        let events =
            rows(&world, "Case Event", &["case_ref", "transition_no", "actor", "actor_role", "origin"], &[("case_ref", &name)]).await;
        let told: Vec<_> = events.iter().filter(|row| row["transition_no"] == 49).collect();
        assert!(told.len() == 1 && told[0]["actor_role"] == "SY" && told[0]["origin"] == "CLOCK", "{told:?}");
        let clocks = rows(
            &world,
            "Case Clock",
            &["case_ref", "clock", "state", "rule_text", "length_text"],
            &[("case_ref", &name), ("clock", "EXECUTION")],
        )
        .await;
        assert!(clocks.iter().any(|row| row["state"] == "RUNNING" && row["length_text"] == "12 years"), "{clocks:?}");
    });
}

#[test]
fn the_inbox_shows_a_checker_what_waits_and_a_maker_what_became_of_it() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S20", "S21_SERVED").await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        done(&maker, &name, "withdraw", &[("reason", "The borrower has paid at the branch")]).await;
        let waiting = head.get("/approvals").await;
        let decide = deed(&name, "withdraw");
        assert!(waiting.status == 200 && waiting.text.contains(&decide), "{}", waiting.text);
        let own = maker.get("/api/approvals/list").await;
        assert!(own.text.contains("Withdraw the case") && !own.text.contains(&decide), "{}", own.text);
        let other = Browser::of(&world, person(&world, "t001", "legal.head")).await;
        assert!(!other.get("/api/approvals/list").await.text.contains(&name));
        let viewer = Browser::of(&world, person(&world, "t000", "viewer")).await;
        assert_eq!(viewer.get("/api/approvals/list").await.shape(), "403 forbidden");
        done(&head, &name, "withdraw", &[]).await;
        assert!(!head.get("/api/approvals/list").await.text.contains(&decide));
        let decided = maker.get("/api/approvals/list?show=decided").await;
        assert!(decided.text.contains("legal.head@t000.example"), "{}", decided.text);
    });
}
