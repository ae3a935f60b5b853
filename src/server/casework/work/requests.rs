//! What waits for a second pair of eyes in a case: who asked, what they said, and who may decide.
//!
//! Owns how a request is kept as a `Case Approval`: what was said travels in its `diff`, so that the checker decides on exactly that,
//! and what was submitted is held by a hash, so that nothing is approved that has changed since. It must not decide who may.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    super::{
        Refusal,
        columns::{Date, LocalTime, Rupees, record},
        site_time,
    },
    facts::{alone, person},
    subject::Subject,
};
use crate::{
    model::{Caller, FourEyes, Inr, Request, Somebody, Transition},
    server::{
        frappe::{Condition, Field, PAGE_MAX, Query, RowScope},
        session::hex,
    },
};

record! {
    /// A request as it is kept.
    pub struct ApprovalRecord of "Case Approval" {
        object_kind: String,
        amount: Rupees,
        round: i64,
        submitted_by: String,
        submitted_at: LocalTime,
        submit_hash: String,
        diff: String,
        state: String,
        checker: String,
    }
}

record! {
    /// A person, as far as deciding goes.
    struct Decider of "Portal User" {
        user_id: String,
        amount_limit: f64,
        deputy: String,
        deputy_until_on: Date,
    }
}

/// What a request says, kept as base64 of its JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The step that was asked for; empty in requests that another program made.
    #[serde(default)]
    pub action: String,
    /// What was said with it: name and value of each field.
    #[serde(default)]
    pub said: Vec<(String, String)>,
    /// What was submitted: field and value, masked kinds masked.
    #[serde(default)]
    pub values: Vec<(String, String)>,
    /// What the round before this one submitted.
    #[serde(default)]
    pub before: Vec<(String, String)>,
}

impl Said {
    /// As the record keeps it.
    pub fn encoded(&self) -> String {
        STANDARD.encode(serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads it; nothing where it is none of ours.
    pub fn decode(text: &str) -> Self {
        STANDARD.decode(text).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// The hash by which it is held that nothing has changed since.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(serde_json::to_string(&self.values).unwrap_or_default().as_bytes()))
    }
}

/// The step whose form decides on a request of this kind: of a case's submission the approval, of any other the step itself. `None` for
/// what is no step of a case.
pub fn decides_on(kind: &str, said: &Said) -> Option<&'static str> {
    match Transition::of(&said.action) {
        Some(row) if matches!(row.four_eyes, FourEyes::Asked(_)) => Some(row.action),
        _ if kind == "CASE" => Some("approve_draft"),
        _ => Transition::all().find(|row| matches!(row.four_eyes, FourEyes::Asked(of) if of.code() == kind)).map(|row| row.action),
    }
}

/// A request that waits.
pub struct Requested {
    /// As it is kept.
    pub record: ApprovalRecord,
    /// What it says.
    pub said: Said,
    /// The step that it asks for.
    pub action: &'static str,
}

impl Requested {
    /// Everybody whose deputies count.
    pub fn people(&self) -> Vec<String> {
        [&self.record.submitted_by, &self.record.checker].into_iter().filter(|user| !user.is_empty()).cloned().collect()
    }

    /// As it is judged.
    pub fn request(&self, somebody: &[Somebody]) -> Option<Request> {
        let of = |user: &str| {
            let known = somebody.iter().find(|known| known.user == user).cloned();
            (!user.is_empty()).then(|| known.unwrap_or_else(|| alone(user)))
        };
        Some(Request {
            action: self.action,
            by: of(&self.record.submitted_by),
            amount: self.record.amount.0,
            first: (self.record.state == "SECOND_PENDING").then(|| of(&self.record.checker)).flatten(),
        })
    }
}

/// What waits in a case, the newest of each step.
///
/// # Errors
/// Any fault of the call.
pub async fn waiting(subject: &Subject) -> Result<Vec<Requested>, Refusal> {
    let open = subject.of_case::<ApprovalRecord>().filter(Condition::one_of(Field::new("state"), ["PENDING", "SECOND_PENDING"]));
    let rows = subject.client.list(&open.page(0, PAGE_MAX)).await?.rows;
    Ok(rows.into_iter().filter_map(|record| requested(subject, record)).collect())
}

/// A request with the step that it asks for; `None` where no step of the case is of its kind.
fn requested(subject: &Subject, record: ApprovalRecord) -> Option<Requested> {
    let said = Said::decode(&record.diff);
    let status = crate::model::Status::from(subject.case.status.clone());
    let stage = crate::model::Stage::from(subject.case.stage.clone());
    let of_kind = |row: &&Transition| match row.four_eyes {
        FourEyes::Asked(kind) => kind.code() == record.object_kind && row.starts_at(&stage, &status),
        _ => false,
    };
    let action = match Transition::of(&said.action) {
        Some(row) => row.action,
        // Of a case: what a checker decides on is its submission.
        None if record.object_kind == "CASE" => "submit_draft",
        None => Transition::all().find(of_kind)?.action,
    };
    Some(Requested { said, action, record })
}

/// The person as a caller, and everybody of these with who acts for them.
///
/// # Errors
/// Any fault of the call.
pub async fn who(subject: &Subject, mut users: Vec<String>) -> Result<(Caller, Vec<Somebody>), Refusal> {
    let me = subject.grant.principal.user_id.clone();
    users.push(me.clone());
    let named = Query::<Decider>::new(RowScope::institution_wide())
        .filter(Condition::one_of(Field::new("user_id"), users.iter().map(String::as_str)));
    let rows = subject.client.list(&named.page(0, PAGE_MAX)).await?.rows;
    let today = site_time::today(&subject.site.tenant);
    let somebody = |user: &String| {
        let acts = rows.iter().filter(|row| row.user_id == *user && !row.deputy.is_empty());
        let acts = acts.filter(|row| row.deputy_until_on.day().is_none_or(|until| today <= until));
        Somebody { user: user.clone(), deputies: acts.map(|row| row.deputy.clone()).collect() }
    };
    // A person whose record says nothing of a limit has none to approve by: nothing is within it.
    let limit = rows.iter().find(|row| row.user_id == me).map_or(Some(Inr::ZERO), |row| {
        (row.amount_limit >= 0.0).then(|| super::super::columns::inr(row.amount_limit).unwrap_or(Inr::ZERO))
    });
    let everybody: Vec<Somebody> = users.iter().map(somebody).collect();
    let mine = everybody.iter().find(|known| known.user == me).cloned().unwrap_or_else(|| alone(&me));
    Ok((person(subject, mine, limit), everybody))
}
