//! The audit trail as people read it: what is asked of it, and one record as shown.
//!
//! Must not know how records are chained or kept.

use serde::{Deserialize, Serialize};

use super::{AuditKind, AuditResult, CaseId, Day, ErrorCode, FieldError, Instant, PortalError, TimeCursor, address::encode};

/// What is asked of the audit trail. Newest first, always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Only this kind.
    pub kind: Option<AuditKind>,
    /// Only what went so.
    pub result: Option<AuditResult>,
    /// Only what this user did.
    pub actor: Option<String>,
    /// Only of this case.
    pub case: Option<CaseId>,
    /// From this day on, on the institution's wall clock.
    pub from: Option<Day>,
    /// Until the end of this day.
    pub to: Option<Day>,
    /// The records after this place.
    pub after: Option<TimeCursor>,
}

impl AuditQuery {
    /// Longest user id that is asked for, in characters.
    const ACTOR_MAX_CHARS: usize = 140;

    /// Reads the URL's parameters; an empty one filters nothing.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] with every filter that cannot be read: one that was ignored would show more than was asked for.
    pub fn from_params(kind: &str, result: &str, actor: &str, case: &str, from: &str, to: &str, after: &str) -> Result<Self, PortalError> {
        let mut fields = Vec::new();
        fn read<T>(fields: &mut Vec<FieldError>, field: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
            let text = text.trim();
            if text.is_empty() {
                return None;
            }
            let value = parse(text);
            if value.is_none() {
                fields.push(FieldError { field: field.to_owned(), problem: "unknown".to_owned() });
            }
            value
        }
        let query = Self {
            kind: read(&mut fields, "kind", kind, AuditKind::meant_by),
            result: read(&mut fields, "result", result, AuditResult::meant_by),
            actor: read(&mut fields, "actor", actor, |text| (text.chars().count() <= Self::ACTOR_MAX_CHARS).then(|| text.to_lowercase())),
            case: read(&mut fields, "case", case, CaseId::parse),
            from: read(&mut fields, "from", from, Day::parse),
            to: read(&mut fields, "to", to, Day::parse),
            after: read(&mut fields, "after", after, TimeCursor::parse),
        };
        if fields.is_empty() { Ok(query) } else { Err(ErrorCode::Invalid { fields }.into()) }
    }
}

/// One record of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its opaque name.
    pub id: String,
    /// When it happened.
    pub at: Instant,
    /// The user id, `job:…` for the portal's own work, `unknown` for somebody who could not sign in.
    pub actor: String,
    /// Code of the role that the person had then; empty where there was none.
    pub actor_role: String,
    /// What was done, as a code such as `particular.unmask`.
    pub action: String,
    /// Its kind.
    pub kind: AuditKind,
    /// How it went.
    pub result: AuditResult,
    /// Why, as a code.
    pub reason_code: String,
    /// Why, in the person's words.
    pub reason_text: String,
    /// What it was done to: the kind of record.
    pub object_type: String,
    /// What it was done to: the record's name.
    pub object_name: String,
    /// The case, where there is one.
    pub case: Option<CaseId>,
    /// Rows exported or changed.
    pub row_total: u32,
    /// The person's address; `None` for everybody but auditors.
    pub ip_address: Option<String>,
    /// The id that the log has too.
    pub request_id: String,
}

/// One page of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The records, newest first.
    pub rows: Vec<AuditRow>,
    /// Value of `after` that shows the next page; `None` on the last.
    pub after: Option<String>,
    /// When the upstream gave these rows.
    pub as_of: Instant,
    /// Whether this person may take them away.
    pub exportable: bool,
}

impl AuditQuery {
    /// The address of the records after this place, with the same filters.
    pub fn href(&self, after: &str) -> String {
        self.address("/audit", after)
    }

    /// The address of the same records as a file.
    pub fn file(&self) -> String {
        self.address("/audit/export", "")
    }

    /// These filters at an address.
    pub fn address(&self, path: &str, after: &str) -> String {
        let code = |code: Option<&str>| code.unwrap_or_default().to_owned();
        let fields = [
            ("kind", code(self.kind.as_ref().map(AuditKind::code))),
            ("result", code(self.result.as_ref().map(AuditResult::code))),
            ("actor", code(self.actor.as_deref())),
            ("case", code(self.case.as_ref().map(CaseId::as_str))),
            ("from", self.from.map(Day::iso).unwrap_or_default()),
            ("to", self.to.map(Day::iso).unwrap_or_default()),
            ("after", after.to_owned()),
        ];
        let said = fields.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={}", encode(value)));
        let said = said.collect::<Vec<_>>().join("&");
        if said.is_empty() { path.to_owned() } else { format!("{path}?{said}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_cannot_be_read_is_refused_and_not_ignored() {
        let all = AuditQuery::from_params("", " ", "", "", "", "", "").unwrap();
        assert_eq!(all, AuditQuery::default());
        let query = AuditQuery::from_params("unmask", "OK", "A@b.example", "abc1", "2026-11-01", "2026-11-30", "").unwrap();
        assert_eq!((query.kind, query.actor.as_deref()), (Some(AuditKind::Unmask), Some("a@b.example")));
        let refused = AuditQuery::from_params("x", "y", &"z".repeat(141), "A B", "2026-02-30", "1", "2026-11-01~x").unwrap_err();
        let ErrorCode::Invalid { fields } = refused.code else { panic!("{refused:?}") };
        assert_eq!(fields.len(), 7);
    }

    #[test]
    fn the_address_of_the_next_page_keeps_the_filters() {
        let query = AuditQuery::from_params("unmask", "", "a@b.example", "", "2026-11-01", "", "").unwrap();
        assert_eq!(
            query.href("2026-11-02 10:00:00~x"),
            "/audit?kind=UNMASK&actor=a%40b.example&from=2026-11-01&after=2026-11-02%2010%3A00%3A00~x"
        );
    }

    #[test]
    fn the_address_of_the_file_keeps_the_filters_and_no_place() {
        let query = AuditQuery::from_params("unmask", "", "", "", "2026-11-01", "", "2026-11-02 10:00:00~x").unwrap();
        assert_eq!(query.file(), "/audit/export?kind=UNMASK&from=2026-11-01");
        assert_eq!(AuditQuery::default().file(), "/audit/export");
    }

    #[test]
    fn a_cursor_reads_what_it_wrote() {
        let cursor = TimeCursor { at: "2026-11-21 08:37:13".to_owned(), name: "h93bmoeb49".to_owned() };
        assert_eq!(TimeCursor::parse(&cursor.text()), Some(cursor));
        assert_eq!(TimeCursor::parse("2026-11-21 08:37:13~' or 1"), None);
    }
}
