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
    facts::{alone, month, person},
    finding,
    step::Step as Under,
    subject::Subject,
    transition::Words,
    withdraw,
};
use crate::{
    model::{ApprovalKind, Caller, FourEyes, Inr, Request, Same, Somebody, Transition, WhyNot},
    server::{
        frappe::{Changes, Condition, Direction, Fault, Field, PAGE_MAX, Query, RowScope},
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

    /// What was said under this name; empty where nothing was.
    pub fn of(&self, name: &str) -> &str {
        self.said.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The hash by which it is held that nothing has changed since.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(serde_json::to_string(&self.values).unwrap_or_default().as_bytes()))
    }
}

/// The step whose form decides on a request of this kind: of a case's submission the approval, of any other the step itself. `None` for
/// what is no step of a case. A document's withdrawal and a finding are decided on by their own deeds, on that record.
pub fn decides_on(kind: &str, said: &Said, object: &str) -> Option<String> {
    if said.action == withdraw::DEED {
        return Some(format!("{}?on={object}", withdraw::DEED));
    }
    if kind == ApprovalKind::ServiceFinding.code() {
        return Some(format!("{}?on={object}", finding::DEED));
    }
    let action = match Transition::of(&said.action) {
        Some(row) if matches!(row.four_eyes, FourEyes::Asked(_)) => row.action,
        _ if kind == "CASE" => "approve_draft",
        _ => Transition::all().find(|row| matches!(row.four_eyes, FourEyes::Asked(of) if of.code() == kind))?.action,
    };
    Some(action.to_owned())
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

/// What is asked for, as the request names it.
pub struct Asked<'a> {
    /// Code of its kind ([`ApprovalKind`](crate::model::ApprovalKind)).
    pub kind: &'static str,
    /// DocType and name of what it is about.
    pub object: (&'static str, &'a str),
    /// What is said of it in a list.
    pub title: String,
    /// What decides limit and level.
    pub amount: Inr,
}

/// Keeps a request as a record of its own.
///
/// # Errors
/// Any fault of the calls.
pub async fn keep(subject: &Subject, under: &mut Under<'_>, asked: Asked<'_>, said: &Said) -> Result<ApprovalRecord, Refusal> {
    let last = last_round(subject, &asked).await?;
    let (round, before) = last.map_or((1, Vec::new()), |last| (last.round + 1, Said::decode(&last.diff).values));
    let said = Said { before, ..said.clone() };
    let today = site_time::today(&subject.site.tenant);
    let body = Changes::new()
        .set(Field::new("object_kind"), asked.kind)
        .set(Field::new("object_type"), asked.object.0)
        .set(Field::new("object_name"), asked.object.1)
        .set(Field::new("case_id"), subject.case.number())
        .set(Field::new("title"), asked.title)
        .set(Field::new("amount"), asked.amount)
        .set(Field::new("level"), 1_i64)
        .set(Field::new("levels_needed"), 1_i64)
        .set(Field::new("round"), round)
        .set(Field::new("submitted_by"), subject.grant.principal.user_id.as_str())
        .set(Field::new("submitted_at"), subject.now())
        .set(Field::new("submit_hash"), said.hash())
        .set(Field::new("diff"), said.encoded())
        .set(Field::new("state"), "PENDING")
        .set(Field::new("wait_mins"), -1_i64)
        .set(Field::new("month"), month(today));
    under.child(body, true).await
}

async fn last_round(subject: &Subject, asked: &Asked<'_>) -> Result<Option<ApprovalRecord>, Refusal> {
    let last = subject.of_case::<ApprovalRecord>().filter(Condition::eq(Field::new("object_kind"), asked.kind));
    let last = last.filter(Condition::eq(Field::new("object_name"), asked.object.1));
    let last = last.order_by(Field::new("round"), Direction::Descending).page(0, 1);
    Ok(subject.client.list(&last).await?.rows.pop())
}

/// What waits for a decision on one record of the case, if anything does.
///
/// # Errors
/// Any fault of the call.
pub async fn waiting_on(subject: &Subject, kind: &'static str, object: &str) -> Result<Option<ApprovalRecord>, Refusal> {
    let open = subject.of_case::<ApprovalRecord>().filter(Condition::eq(Field::new("object_kind"), kind));
    let open = open.filter(Condition::eq(Field::new("object_name"), object)).filter(Condition::eq(Field::new("state"), "PENDING"));
    Ok(subject.client.list(&open.page(0, 1)).await?.rows.pop())
}

/// Why this person is no second pair of eyes after these people, if so.
///
/// # Errors
/// Any fault of the call.
pub async fn not_second(subject: &Subject, before: &[&str]) -> Result<Option<String>, Refusal> {
    let before: Vec<String> = before.iter().filter(|user| !user.is_empty()).map(|user| (*user).to_owned()).collect();
    let (_, everybody) = who(subject, before.clone()).await?;
    let me = subject.grant.principal.user_id.as_str();
    let mine = everybody.iter().find(|known| known.user == me);
    let same = before.iter().find_map(|user| {
        let theirs = everybody.iter().find(|known| known.user == *user)?;
        let good = mine.is_some_and(|mine| mine.is_as_good_as(theirs));
        good.then_some(if user == me { Same::Submitter } else { Same::SubmittersDeputy })
    });
    Ok(same.map(|same| WhyNot::FourEyes(same).sentence()))
}

/// Writes a decision into its request.
///
/// # Errors
/// [`Fault::Conflict`] where somebody else has decided meanwhile; otherwise any fault of the calls.
pub async fn decide(subject: &Subject, under: &Under<'_>, request: &ApprovalRecord, state: &str, words: &Words) -> Result<(), Refusal> {
    let user = subject.grant.principal.user_id.as_str();
    let (current, revision, _) = subject.client.get_with_proof::<ApprovalRecord>(&request.name).await?;
    // What was judged is the request as it was then: somebody else's decision on it is never written over.
    if (&current.state, &current.checker) != (&request.state, &request.checker) {
        return Err(Fault::Conflict.into());
    }
    let second = current.state == "SECOND_PENDING";
    let waited = request.submitted_at.instant(&subject.site).map_or(-1, |at| (jiff::Timestamp::now().as_second() - at.unix_s) / 60);
    let mut changes =
        Changes::new().set(Field::new("state"), state).set(Field::new("wait_mins"), if state == "SECOND_PENDING" { -1 } else { waited });
    changes = if second {
        changes.set(Field::new("checker_2"), user).set(Field::new("decided_2_at"), subject.now())
    } else {
        changes.set(Field::new("checker"), user).set(Field::new("decided_at"), subject.now())
    };
    if state == "SECOND_PENDING" {
        changes = changes.set(Field::new("level"), 2_i64).set(Field::new("levels_needed"), 2_i64);
    }
    if state == "RETURNED" {
        changes = changes.set(Field::new("reason_code"), words.of("reason_code")).set(Field::new("reason_text"), words.of("comment"));
    }
    under.change::<ApprovalRecord>(&request.name, &revision, changes).await.map(|_| ())
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
