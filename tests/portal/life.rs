//! One case's whole life, from the draft to the award satisfied, with the right person at each step: what the institution's people do they
//! do by the portal's forms; what the registry, the arbitrator and the respondent do comes about at the institution's own server.
//!
//! Must not know how a step is carried out.

use std::sync::Mutex;

use http::Method;
use odr_portal::cli::demo::World;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, metrics, person, run, today},
    forms::{deed, fill, hidden},
    upstream,
    work::{self, case, rows, world},
};

/// A case under way, and who works in it.
struct Life {
    world: World,
    case: String,
    party: String,
    maker: Browser,
    head: Browser,
    /// Calls to the institution's server of each form opened and sent.
    calls: Mutex<Vec<(String, f64)>>,
}

impl Life {
    /// The case stands at this status of this stage.
    async fn stands(&self, stage: &str, status: &str) {
        let case = case(&self.world, &self.case).await;
        assert_eq!((case["stage"].as_str(), case["status"].as_str()), (Some(stage), Some(status)));
    }

    /// Somebody does something, which is taken.
    async fn does(&self, who: &Browser, what: &str, typed: &[(&str, &str)]) {
        let before = self.called().await;
        work::done(who, &self.case, what, typed).await;
        let called = self.called().await - before;
        self.calls.lock().unwrap().push((what.to_owned(), called));
    }

    /// Calls to institutions' servers so far.
    async fn called(&self) -> f64 {
        let text = metrics(&self.world).await;
        let counted = text.lines().filter(|line| line.starts_with("portal_upstream_requests_total{"));
        counted.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }

    /// The maker asks, and cannot decide; the head decides.
    async fn by_two(&self, what: &str, typed: &[(&str, &str)]) {
        let before = case(&self.world, &self.case).await["status"].clone();
        self.does(&self.maker, what, typed).await;
        assert_eq!(case(&self.world, &self.case).await["status"], before, "{what}: nothing happens until somebody else has decided");
        let own = self.maker.get(&deed(&self.case, what)).await;
        assert!(!own.text.contains("Approve</button>"), "{what}: {}", own.text);
        self.does(&self.head, what, &[]).await;
    }

    /// What the portal does by itself.
    async fn catches_up(&self) {
        self.does(&self.maker, "catch-up", &[]).await;
    }

    /// The registry or the arbitrator moves the case at the institution's server.
    async fn moved(&self, stage: &str, status: &str, more: Value) {
        let mut change = json!({"stage": stage, "status": status});
        change.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        upstream::change(&self.world, "Arbitration Case", &self.case, &change).await;
    }

    /// A notice is on its way, then served.
    async fn notice(&self, notice: &str, served: bool) {
        let cells =
            rows(&self.world, "Case Service", &["name", "case_ref", "notice_type"], &[("case_ref", &self.case), ("notice_type", notice)])
                .await;
        let state = json!({"state": if served { "SERVED" } else { "IN_PROGRESS" }, "counts_served": i32::from(served), "required": 1, "served_on": served.then(today)});
        if let Some(cell) = cells.first() {
            return upstream::change(&self.world, "Case Service", cell["name"].as_str().unwrap(), &state).await;
        }
        let mut cell = json!({
            "case_ref": self.case, "party": self.party, "notice_type": notice, "institution": "T000", "idem_key": null, "zone": "WEST",
            "service_key": format!("{}-{notice}", self.case),
        });
        cell.as_object_mut().unwrap().extend(state.as_object().unwrap().clone());
        upstream::copy_first(&self.world, "t000", "Case Service", &cell).await;
    }

    /// A clock of the case ended yesterday.
    async fn time_is_over(&self, clock: &str) {
        let clocks = rows(&self.world, "Case Clock", &["name", "case_ref", "clock"], &[("case_ref", &self.case), ("clock", clock)]).await;
        assert!(!clocks.is_empty(), "{clock} runs");
        for clock in clocks {
            upstream::change(&self.world, "Case Clock", clock["name"].as_str().unwrap(), &json!({"due_on": "2026-01-05"})).await;
        }
    }

    /// The maker adds a document.
    async fn adds(&self, kind: &str) {
        let path = format!("/cases/{}/documents/new", self.case);
        let form = self.maker.get(&path).await;
        let typed = [("doc_type", kind), ("visible_to", "INSTITUTION")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let texts = hidden(&form).into_iter().chain(typed).fold(Form::new(), |form, (name, value)| form.text(name, value));
        let file = Part::bytes(format!("%PDF-1.7\n{kind}").into_bytes()).file_name(format!("{kind}.pdf"));
        let request = self.maker.request(&Method::POST, &path).header("sec-fetch-site", "same-origin");
        let seen = self.maker.send(request.multipart(texts.part("files", file))).await;
        assert_eq!(seen.status, 303, "{kind}: {}", seen.text);
    }
}

async fn born() -> Life {
    let world = world().await;
    let branch = rows(&world, "Institution Branch", &["name", "branch"], &[]).await.remove(0);
    upstream::change(&world, "Institution Branch", branch["name"].as_str().unwrap(), &json!({"zone": "WEST", "region": "MAHARASHTRA"}))
        .await;
    let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
    let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
    let today = today();
    let typed = [
        ("lan", "LIFE-0001"),
        ("product", "PERSONAL"),
        ("branch", branch["branch"].as_str().unwrap()),
        ("agreement_no", "AG-LIFE"),
        ("agreement_on", "2024-01-01"),
        ("clause", "1"),
        ("consent_basis", "NAMED_IN_CLAUSE"),
        ("default_on", "2025-01-01"),
        ("pos", "1,00,000"),
        ("dues_on", today.as_str()),
        ("party_name", "Ramesh Kumar"),
        ("entity_type", "INDIVIDUAL"),
        ("mobile", "+91 90000 00021"),
        ("email", "ramesh@mail.example.in"),
        ("address", "12 MG Road"),
        ("town", "Pune"),
        ("pincode", "411001"),
        ("language", "mr"),
    ];
    let seen = fill(&maker, "/cases/new", &typed).await;
    assert_eq!(seen.status, 303, "{}", seen.text);
    let case = seen.location().strip_prefix("/cases/").unwrap().to_owned();
    let parties = rows(&world, "Case Party", &["name", "case_ref", "party_role"], &[("case_ref", &case)]).await;
    let party = parties.iter().find(|row| row["party_role"] != "CLAIMANT").unwrap()["name"].as_str().unwrap().to_owned();
    Life { world, case, party, maker, head, calls: Mutex::default() }
}

#[test]
fn a_case_lives_from_the_draft_to_the_award_satisfied_with_the_right_person_at_each_step() {
    run(async {
        let life = born().await;
        life.stands("S00", "DRAFT").await;
        life.adds("AGREEMENT").await;
        life.does(&life.maker, "submit_draft", &[]).await;
        assert_eq!(life.maker.get(&deed(&life.case, "approve_draft")).await.text.matches("class=\"fields\"").count(), 0);
        life.does(&life.head, "approve_draft", &[]).await;
        life.stands("S00", "APPROVED").await;

        // The recall notice goes out with an approved campaign.
        let campaign = rows(&life.world, "Notice Campaign", &["name", "state"], &[]).await.remove(0);
        upstream::change(&life.world, "Notice Campaign", campaign["name"].as_str().unwrap(), &json!({"state": "APPROVED"})).await;
        let carried = json!({
            "case_ref": life.case, "party": life.party, "campaign": campaign["name"], "notice_type": "LRN", "institution": "T000",
            "idem_key": null, "recipient_key": format!("life-{}", life.case),
        });
        upstream::copy_first(&life.world, "t000", "Notice Recipient", &carried).await;
        life.does(&life.maker, "queue_lrn", &[]).await;
        life.notice("LRN", false).await;
        life.catches_up().await;
        life.stands("S10", "LRN_ISSUED").await;
        life.notice("LRN", true).await;
        life.catches_up().await;
        life.stands("S10", "CURE_RUNNING").await;
        life.time_is_over("CURE").await;
        life.catches_up().await;
        life.stands("S10", "CURE_EXPIRED").await;

        life.by_two("queue_s21", &[]).await;
        life.notice("S21", false).await;
        life.catches_up().await;
        life.stands("S20", "S21_ISSUED").await;
        let early = life.maker.get(&deed(&life.case, "file_reference")).await;
        assert!(!early.text.contains("class=\"fields\""), "nothing is filed before every respondent is served");
        life.notice("S21", true).await;
        life.catches_up().await;
        life.stands("S20", "S21_SERVED").await;
        life.does(&life.maker, "file_reference", &[("fee", "500")]).await;
        life.stands("S30", "FILED").await;

        // The registry finds a defect, the manager answers it.
        life.moved("S30", "DEFECT_RAISED", json!({})).await;
        let defect = json!({
            "institution": "T000", "made_by": "upstream:registry", "changed_by": "upstream:registry", "case_ref": life.case, "code": "NO_SOA",
            "defect_text": "The account is missing", "raised_on": "2026-11-01", "due_on": "2026-12-01", "state": "OPEN", "cure_days": -1,
        });
        let defect = upstream::create(&life.world, "Case Defect", &defect).await;
        let answered = fill(
            &life.maker,
            &format!("{}?on={defect}", deed(&life.case, "answer-defect")),
            &[("document", ""), ("answer", "It is annexed")],
        )
        .await;
        assert_eq!(answered.status, 303, "{}", answered.text);
        life.does(&life.maker, "cure_defect", &[]).await;
        life.stands("S30", "DEFECT_CURED").await;
        life.moved("S30", "REGISTERED", json!({"case_id": "ARB/2026/LIFE01", "registered_on": "2026-10-01"})).await;
        for action in ["propose_arbitrator", "appoint_arbitrator"] {
            for lender in [&life.maker, &life.head] {
                let page = lender.get(&deed(&life.case, action)).await;
                assert!(!page.text.contains("class=\"fields\""), "{action} is never the lender's");
            }
        }
        let appointment = json!({
            "case_ref": life.case, "is_current": 1, "state": "APPOINTED", "consent_basis": "NAMED_IN_CLAUSE", "appointment_mode": "INSTITUTION",
            "disclosed_on": "2026-10-05", "institution": "T000", "idem_key": null,
        });
        upstream::copy_first(&life.world, "t000", "Case Appointment", &appointment).await;
        life.moved("S40", "APPOINTED", json!({"appointed_on": "2026-10-10"})).await;

        // Pleadings: the claim is the manager's to file, with the account.
        life.moved("S50", "SOC_DUE", json!({})).await;
        let bare = life.maker.get(&deed(&life.case, "file_soc")).await;
        assert!(!bare.text.contains("class=\"fields\""), "no claim without the account: {}", bare.text);
        life.adds("SOA").await;
        life.does(&life.maker, "file_soc", &[("claim", "1,00,000")]).await;
        life.stands("S50", "SOC_FILED").await;
        life.notice("SOC", true).await;
        life.catches_up().await;
        life.stands("S50", "SOD_DUE").await;
        life.moved("S50", "SOD_FILED", json!({"sod_on": today()})).await;
        life.moved("S50", "PLEADINGS_COMPLETE", json!({"pleadings_complete_on": today(), "s29a_due_on": "2099-01-01"})).await;

        // A hearing takes place; the institution reports it, and the case moves when the registry records it.
        let hearing = json!({
            "case_ref": life.case, "case_id": "ARB/2026/LIFE01", "starts_at": "2026-11-10 10:30:00", "starts_on": "2026-11-10",
            "status": "SCHEDULED", "outcome": null, "reported_outcome": null, "confirmed": 1, "made_by": "upstream:registry", "seq": 1,
            "institution": "T000", "ics_uid": format!("life-{}", life.case), "idem_key": null, "next_hearing": null, "previous_hearing": null,
        });
        upstream::copy_first(&life.world, "t000", "Case Hearing", &hearing).await;
        life.moved("S60", "HEARING_SCHEDULED", json!({})).await;
        let hearing = rows(&life.world, "Case Hearing", &["name", "case_ref"], &[("case_ref", &life.case)]).await[0]["name"]
            .as_str()
            .unwrap()
            .to_owned();
        let report =
            fill(&life.maker, &format!("{}?on={hearing}", deed(&life.case, "report-outcome")), &[("outcome", "HELD"), ("appeared", "1")])
                .await;
        assert_eq!(report.status, 303, "{}", report.text);
        life.stands("S60", "HEARING_SCHEDULED").await;
        life.notice("HEARING", true).await;
        life.moved("S60", "RESERVED", json!({})).await;

        // The award, its copies, the time to challenge it.
        life.moved("S70", "AWARD_MADE", json!({"award_on": today(), "award_total": 90_000})).await;
        life.moved("S70", "AWARD_DISPATCHED", json!({})).await;
        life.notice("AWARD", true).await;
        life.catches_up().await;
        life.stands("S80", "CHALLENGE_WINDOW").await;
        life.time_is_over("S34_CHALLENGE").await;
        life.catches_up().await;
        life.stands("S80", "EXECUTION_ELIGIBLE").await;

        // An advocate executes it; finance confirms what comes in; two people close it.
        let advocates = rows(&life.world, "Portal User", &["user_id", "portal_role", "advocate"], &[("portal_role", "ADVOCATE")]).await;
        let advocate = advocates.iter().find(|row| row["user_id"].as_str().unwrap().starts_with("advocate@")).unwrap_or(&advocates[0]);
        let assigned = [
            ("legal_owner", "legal.manager@t000.example"),
            ("collections_owner", ""),
            ("advocate", advocate["advocate"].as_str().unwrap()),
        ];
        life.does(&life.maker, "assign", &assigned).await;
        let local = advocate["user_id"].as_str().unwrap().split('@').next().unwrap().to_owned();
        let counsel = Browser::of(&life.world, person(&life.world, "t000", &local)).await;
        life.does(&counsel, "file_execution", &[("court", "City Civil Court"), ("cnr", "MHMU010012342026")]).await;
        life.does(&counsel, "realise_in_part", &[("amount", "90,000")]).await;
        life.stands("S80", "PART_REALISED").await;
        let unpaid = life.maker.get(&deed(&life.case, "close_satisfied")).await;
        assert!(!unpaid.text.contains("class=\"fields\""), "not before the money is there: {}", unpaid.text);
        let typed = [("amount", "90,000"), ("paid_on", &today()), ("mode", "NEFT"), ("utr", "LIFE-UTR-1")];
        life.does(&life.maker, "record-payment", &typed).await;
        let paid = rows(&life.world, "Case Payment", &["name", "case_ref"], &[("case_ref", &life.case)]).await[0]["name"]
            .as_str()
            .unwrap()
            .to_owned();
        let finance = Browser::of(&life.world, person(&life.world, "t000", "finance")).await;
        let confirmed = fill(&finance, &format!("{}?on={paid}", deed(&life.case, "confirm-payment")), &[]).await;
        assert_eq!(confirmed.status, 303, "{}", confirmed.text);
        life.by_two("close_satisfied", &[]).await;
        let closed = case(&life.world, &life.case).await;
        let stands = ["stage", "status", "outcome"].map(|field| closed[field].as_str().unwrap_or_default());
        assert_eq!(stands, ["S90", "CLOSED", "AWARD_SATISFIED"]);

        // Every step is on the timeline once, by whom it was, and nobody decided on what they had asked for.
        let fields = ["case_ref", "transition_no", "actor", "actor_role", "kind"];
        let events = rows(&life.world, "Case Event", &fields, &[("case_ref", &life.case)]).await;
        let steps = |number: i64| events.iter().filter(|row| row["transition_no"] == number).count();
        for number in [1, 2, 3, 6, 7, 8, 9, 12, 13, 17, 20, 31, 32, 45, 49, 50, 51] {
            assert_eq!(steps(number), 1, "row {number}: {events:#?}");
        }
        let approvals =
            rows(&life.world, "Case Approval", &["case_ref", "submitted_by", "checker", "state"], &[("case_ref", &life.case)]).await;
        assert!(
            approvals.len() >= 3 && approvals.iter().all(|row| row["submitted_by"] != row["checker"] && row["state"] == "APPROVED"),
            "{approvals:?}"
        );
        let calls: Vec<String> = life.calls.lock().unwrap().iter().map(|(what, calls)| format!("{what} {calls}")).collect();
        eprintln!("upstream calls of a form, opened and sent: {}", calls.join(", "));
        let open = rows(&life.world, "Case Task", &["case_ref", "state"], &[("case_ref", &life.case), ("state", "OPEN")]).await;
        assert!(open.is_empty(), "{open:?}");
    });
}
