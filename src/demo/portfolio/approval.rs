//! Requests for a second pair of eyes: over cases, campaigns, batches, rules and settlements, decided and waiting.
//!
//! Keeps the one law of all of them: nobody decides on what they submitted.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::Sink;
use super::case::scope;
use super::people::House;
use super::plan::Plan;
use super::random::derived_name;
use super::row::{at, sha256};

/// What came of a request.
#[derive(Clone, Debug)]
pub(super) enum Decision {
    Pending,
    Approved { by: String, at: i64 },
    Returned { by: String, at: i64, code: &'static str, text: &'static str },
}

/// A request.
pub(super) struct Asked<'a> {
    /// Option set `approval_kind`.
    pub kind: &'static str,
    /// DocType and name of what is to be approved.
    pub object: (&'static str, &'a str),
    pub title: String,
    /// Paise; 0 where no limit applies.
    pub amount: i64,
    pub by: String,
    pub at: i64,
    pub decision: Decision,
    /// How many rows of it the checker is shown.
    pub sample: usize,
    /// What was hashed of it, where whoever decides holds it against that.
    pub hashed: Option<String>,
}

/// The largest claim that the first checker may approve alone, in paise.
const LIMIT: i64 = 50_00_000_00;

impl Asked<'_> {
    /// Writes the request, over a case where it is about one, and answers with its row's name.
    pub fn write(self, house: &House<'_>, plan: Option<&Plan>, sink: &mut Sink<'_>) -> String {
        let (object_type, object_name) = self.object;
        let row = derived_name(&format!("{object_name}/approval/{}", self.kind));
        let decided = match &self.decision {
            Decision::Pending => None,
            Decision::Approved { at, .. } | Decision::Returned { at, .. } => Some(*at),
        };
        let diff = json!({"object": object_type, "round": 1, "changed": []}).to_string();
        let large = matches!(self.kind, "CASE" | "SETTLEMENT") && self.amount > LIMIT;
        let mut record = house
            .row(&row, &self.by, self.at, decided.unwrap_or(self.at))
            .text("object_kind", self.kind)
            .text("object_type", object_type)
            .text("object_name", object_name)
            .text("title", self.title)
            .money("amount", self.amount)
            .int("level", 1)
            .int("levels_needed", if large { 2 } else { 1 })
            .int("round", 1)
            .text("submitted_by", &self.by)
            .moment("submitted_at", self.at)
            .text("submit_hash", sha256(self.hashed.as_deref().unwrap_or(object_name)))
            .text("diff", STANDARD.encode(diff))
            .text("sample", json!({"rows": self.sample}).to_string())
            .money("limit_applied", LIMIT)
            .int("wait_mins", decided.map_or(-1, |decided| (decided - self.at) / 60))
            .month("month", self.at.div_euclid(86_400))
            .moment("decided_at", decided);
        record = match &self.decision {
            Decision::Pending => record.text("state", "PENDING"),
            Decision::Approved { by, at } => {
                let second = large.then(|| house.user(if by.starts_with("legal.head.2") { "legal.head" } else { "legal.head.2" }));
                let record = record.text("state", "APPROVED").text("checker", by).maybe("checker_2", second.as_deref());
                record.moment("decided_2_at", second.map(|_| at + 1_800))
            }
            Decision::Returned { by, code, text, .. } => {
                record.text("state", "RETURNED").text("checker", by).text("reason_code", *code).text("reason_text", *text)
            }
        };
        if let Some(plan) = plan {
            record = record.with(&scope(house, plan)).text("case_ref", &plan.row).text("case_id", plan.shown_number());
        }
        sink("Case Approval", record.done());
        row
    }
}

/// The approvals of a case: its own, and that of a settlement that needs one. Answers with the name of the case's.
pub(super) fn of_case(house: &House<'_>, plan: &Plan, sink: &mut Sink<'_>) -> Option<String> {
    let journey = &plan.journey;
    let maker = house.legal_owner(&house.branches[plan.branch]);
    let head = house.user("legal.head");
    if let Some(offer) = plan.offer.as_ref().filter(|offer| offer.track == "APPROVAL_PENDING") {
        let (by, at) = (house.collections_owner(&house.branches[plan.branch]), at(offer.on, 700));
        let title = house.mark("Settlement below the first level of the grid");
        Asked {
            kind: "SETTLEMENT",
            object: ("Case Settlement", &offer.row),
            title,
            amount: offer.amount,
            by,
            at,
            decision: Decision::Pending,
            sample: 0,
            hashed: None,
        }
        .write(house, Some(plan), sink);
    }
    let asked_at = at(journey.began() + 1, 690);
    let decision = match journey.status {
        _ if journey.entered[1].is_some() => Decision::Approved { by: head, at: at(journey.began() + 2, 700) },
        "PENDING_APPROVAL" if journey.open() => Decision::Pending,
        "RETURNED" if journey.open() => {
            let text = "The address of the first respondent lacks its pin";
            Decision::Returned { by: head, at: at(journey.status_since, 740), code: "MISSING_DOCUMENT", text }
        }
        _ => return None,
    };
    let title = house.mark(&format!("Case {}", plan.draft_no));
    let request = Asked {
        kind: "CASE",
        object: ("Arbitration Case", &plan.row),
        title,
        amount: plan.dues.total(),
        by: maker,
        at: asked_at,
        decision,
        sample: 0,
        hashed: None,
    };
    Some(request.write(house, Some(plan), sink))
}
