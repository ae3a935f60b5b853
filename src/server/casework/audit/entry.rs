//! What casework has to say of something that was done, and what the portal adds: who, from where, when.
//!
//! Owns that nobody states their own name: actor, role, address and request id come from the scope. It must not know how a
//! record is chained.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value as Json;

use super::seal::{Head, Payload};
use crate::{
    model::{AuditKind, AuditResult, CaseId},
    server::context::{Caller, TenantScope},
};

/// Who acts where nobody could be identified.
const UNKNOWN: &str = "unknown";

/// Something that was done, tried or refused.
#[derive(Clone, Debug)]
pub struct Entry {
    kind: AuditKind,
    action: &'static str,
    result: AuditResult,
    reason_code: String,
    reason_text: String,
    object: Option<(&'static str, String)>,
    case: Option<CaseId>,
    row_total: u32,
    before: Option<Json>,
    after: Option<Json>,
    account: Option<String>,
}

impl Entry {
    /// Something that was done; `action` is a code such as `hearing.report`. A refusal's result is "denied", a failed
    /// sign-in's "failed".
    pub fn new(kind: AuditKind, action: &'static str) -> Self {
        let result = match kind {
            AuditKind::Denied => AuditResult::Denied,
            AuditKind::SignInFailed => AuditResult::Failed,
            _ => AuditResult::Ok,
        };
        Self {
            kind,
            action,
            result,
            reason_code: String::new(),
            reason_text: String::new(),
            object: None,
            case: None,
            row_total: 0,
            before: None,
            after: None,
            account: None,
        }
    }

    /// How it went, where that is not what its kind says.
    #[must_use]
    pub fn result(mut self, result: AuditResult) -> Self {
        self.result = result;
        self
    }

    /// Why, as a code.
    #[must_use]
    pub fn reason(mut self, code: &str) -> Self {
        code.clone_into(&mut self.reason_code);
        self
    }

    /// Why, in the person's words; the caller has bounded them.
    #[must_use]
    pub fn because(mut self, words: &str) -> Self {
        words.clone_into(&mut self.reason_text);
        self
    }

    /// What it was done to: DocType and name.
    #[must_use]
    pub fn object(mut self, doctype: &'static str, name: &str) -> Self {
        self.object = Some((doctype, name.to_owned()));
        self
    }

    /// The case.
    #[must_use]
    pub fn case(mut self, case: &CaseId) -> Self {
        self.case = Some(case.clone());
        self
    }

    /// How many rows were exported or changed.
    #[must_use]
    pub fn rows(mut self, total: u32) -> Self {
        self.row_total = total;
        self
    }

    /// What stood there before and what stands there now; masked kinds must come masked.
    #[must_use]
    pub fn values(mut self, before: Option<Json>, after: Option<Json>) -> Self {
        (self.before, self.after) = (before, after);
        self
    }

    /// The account that somebody tried to sign in to: an existing member's, never what was typed (people type passwords into
    /// the wrong field). For sign-in alone.
    #[must_use]
    pub(in crate::server::casework) fn account(mut self, member: Option<&str>) -> Self {
        self.account = member.map(str::to_owned);
        self
    }
}

/// An entry with who, from where and when.
#[derive(Clone, Debug)]
pub struct Event {
    /// Tells it from every other event of this process.
    number: u64,
    /// All but what depends on its place in a chain.
    payload: Payload,
    at: Timestamp,
}

impl Event {
    /// The entry, of this scope's caller, now.
    pub fn of(scope: &TenantScope, entry: Entry) -> Self {
        let (actor, role) = match scope.caller() {
            // Whoever this browser was signed in as before: that a sign-in failed says nothing of them.
            Caller::SignedIn(session) if entry.kind != AuditKind::SignInFailed => {
                let principal = session.principal();
                (principal.user_id.clone(), principal.role.code())
            }
            Caller::SignedIn(_) | Caller::Anonymous { .. } => (entry.account.unwrap_or_else(|| UNKNOWN.to_owned()), ""),
            Caller::Job(code) => ((*code).to_owned(), ""),
        };
        let (object_type, object_name) = entry.object.unwrap_or_default();
        let ip_address = if matches!(scope.caller(), Caller::Job(_)) { String::new() } else { scope.facts().client.to_string() };
        let payload = Payload {
            actor,
            actor_role: role.to_owned(),
            action: entry.action.to_owned(),
            kind: entry.kind.code().to_owned(),
            result: entry.result.code().to_owned(),
            reason_code: entry.reason_code,
            reason_text: entry.reason_text,
            object_type: object_type.to_owned(),
            object_name,
            case_name: entry.case.map(|case| case.as_str().to_owned()).unwrap_or_default(),
            row_total: entry.row_total,
            ip_address,
            request_id: scope.facts().request_id.to_string(),
            before: entry.before,
            after: entry.after,
            ..Payload::default()
        };
        Self::now(payload)
    }

    /// An event of the chain's own: it names where other runs have come to.
    pub fn of_chain(action: &'static str, heads: BTreeMap<String, Head>) -> Self {
        let payload = Payload {
            actor: "job:audit".to_owned(),
            action: action.to_owned(),
            kind: AuditKind::Config.code().to_owned(),
            result: AuditResult::Ok.code().to_owned(),
            heads: Some(heads),
            ..Payload::default()
        };
        Self::now(payload)
    }

    fn now(payload: Payload) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { number: NEXT.fetch_add(1, Ordering::Relaxed), payload, at: Timestamp::now() }
    }

    /// Its number among the events of this process.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Who did it.
    pub fn actor(&self) -> &str {
        &self.payload.actor
    }

    /// The event at its place in a chain.
    pub fn placed(self, institution: &str, writer_run: &str, seq: u64, site: &TimeZone) -> Payload {
        // Whole seconds: what the column can keep.
        let at = Timestamp::from_second(self.at.as_second()).unwrap_or(self.at);
        Payload {
            institution: institution.to_owned(),
            writer_run: writer_run.to_owned(),
            seq,
            at: at.to_string(),
            month: at.to_zoned(site.clone()).strftime("%Y-%m").to_string(),
            ..self.payload
        }
    }
}
