//! Documents: what one is called in addresses, what is known of it, why its file may not be opened, and what is asked of their list.
//!
//! Must not know how files are kept or sent.

use serde::{Deserialize, Serialize};

use super::{CaseQuery, Day, ErrorCode, FieldError, Instant, PortalError, Role, Term, TimeCursor, address::encode};

/// The opaque name of a document upstream. Never a capability: whoever has it is asked for the case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentId(String);

impl DocumentId {
    /// Takes a name of Frappe's hash form, 1 to 64 characters of `0-9 a-z`; anything else is nobody's name.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        fits.then(|| Self(text.to_owned()))
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a document's file is not given to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// It has not arrived whole.
    Receiving,
    /// It was not taken.
    Rejected,
    /// It was taken back.
    Withdrawn,
    /// Nobody has looked for viruses.
    NotScanned,
    /// A virus was found.
    Infected,
    /// It is larger than [`Withheld::MAX_BYTES`].
    TooLarge,
    /// Its state is none that this version knows.
    UnknownState,
}

impl Withheld {
    /// The largest file that is passed on.
    pub const MAX_BYTES: u64 = 512 * 1024 * 1024;

    /// The same for a role: what was withdrawn is judged like any other where the role opens such documents.
    pub fn from_role(role: Role, state: &str, scan_state: &str, size_bytes: u64) -> Option<Self> {
        let kept_back = Self::of(state, scan_state, size_bytes);
        if kept_back == Some(Self::Withdrawn) && role.opens_withdrawn() { Self::of("STORED", scan_state, size_bytes) } else { kept_back }
    }

    /// What keeps a document of these states and this size back; `None` where nothing does.
    pub fn of(state: &str, scan_state: &str, size_bytes: u64) -> Option<Self> {
        match (state, scan_state) {
            ("STORED", "CLEAN") => (size_bytes > Self::MAX_BYTES).then_some(Self::TooLarge),
            ("STORED", "NOT_SCANNED") => Some(Self::NotScanned),
            (_, "INFECTED") => Some(Self::Infected),
            ("RECEIVING", _) => Some(Self::Receiving),
            ("REJECTED", _) => Some(Self::Rejected),
            ("WITHDRAWN", _) => Some(Self::Withdrawn),
            _ => Some(Self::UnknownState),
        }
    }

    /// The code under which a refusal is recorded.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Receiving => "RECEIVING",
            Self::Rejected => "REJECTED",
            Self::Withdrawn => "WITHDRAWN",
            Self::NotScanned => "NOT_SCANNED",
            Self::Infected => "INFECTED",
            Self::TooLarge => "TOO_LARGE",
            Self::UnknownState => "UNKNOWN_STATE",
        }
    }

    /// A word or two for a list.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Receiving => "Arriving",
            Self::Rejected => "Rejected",
            Self::Withdrawn => "Withdrawn",
            Self::NotScanned => "Not scanned yet",
            Self::Infected => "Infected",
            Self::TooLarge => "Too large to open",
            Self::UnknownState => "Not on file",
        }
    }

    /// One plain sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Receiving => "This document has not arrived whole yet. Try again in a few minutes.",
            Self::Rejected => "This document was rejected and cannot be opened.",
            Self::Withdrawn => "This document was withdrawn and cannot be opened.",
            Self::NotScanned => "This document has not been scanned for viruses yet. It can be opened once it has.",
            Self::Infected => "A virus was found in this document. It cannot be opened.",
            Self::TooLarge => "This document is larger than the portal passes on.",
            Self::UnknownState => "This document is in a state in which it cannot be opened.",
        }
    }
}

/// One version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Its name upstream.
    pub id: DocumentId,
    /// Name of its case; empty where it belongs to none.
    pub case: String,
    /// What kind of document.
    pub kind: Term,
    /// Exhibit or annexure number.
    pub exhibit: String,
    /// Its title.
    pub title: String,
    /// Version, from 1.
    pub version: u32,
    /// The date on it.
    pub on: Option<Day>,
    /// When it came on file.
    pub since: Option<Instant>,
    /// Bytes.
    pub size_bytes: u64,
    /// Content type, as the upstream's record has it: a hint for what to offer, never what a file is sent as.
    pub mime: String,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
    /// Who may see it.
    pub visible_to: Term,
    /// Why it may not be opened, where it may not.
    pub withheld: Option<Withheld>,
    /// Why it was withdrawn, where it was.
    pub withdrawn: Option<String>,
}

/// A document as its case's page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentInCase {
    /// The version that was asked for.
    pub shown: DocumentRow,
    /// All its versions, the latest first, the one shown among them.
    pub versions: Vec<DocumentRow>,
    /// Whether the person's role opens documents.
    pub may_open: bool,
    /// Whether it adds versions, and asks for a withdrawal or decides on one.
    pub may_replace: bool,
    /// What keeps it back from this very person.
    pub kept_back: Option<Withheld>,
}

/// The documents of a case in their latest versions, and what the person may do with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDocuments {
    /// Name of the case upstream.
    pub case: String,
    /// The documents.
    pub rows: Vec<DocumentRow>,
    /// Whether the person's role adds documents.
    pub may_add: bool,
    /// Whether it takes all of them at once.
    pub may_bundle: bool,
}

/// A page of documents of many cases, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentList {
    /// Each with its case's number and lead respondent, who is `None` for roles that may not see borrowers.
    pub rows: Vec<(DocumentRow, String, Option<String>)>,
    /// The address of the next page, if there is one.
    pub next: Option<String>,
    /// Whether more cases matched than were looked into.
    pub clipped: bool,
}

/// What is asked of the list of documents. Newest first, always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentQuery {
    /// Only this kind, as a code.
    pub kind: Option<String>,
    /// Only what stands so: a code of `doc_state`, or one of `scan_state` for what is stored but not clean.
    pub state: Option<String>,
    /// Only of the cases that this finds, in the words of the case list.
    pub cases: Option<CaseQuery>,
    /// What was typed for `cases`.
    pub text: String,
    /// The documents after this place.
    pub after: Option<TimeCursor>,
}

impl DocumentQuery {
    /// The longest code.
    const CODE_MAX_BYTES: usize = 40;

    /// Reads the URL's parameters; an empty one filters nothing.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] with every filter that cannot be read: one that was ignored would show more than was asked for.
    pub fn from_params(kind: &str, state: &str, q: &str, after: &str) -> Result<Self, PortalError> {
        let code = |text: &str| {
            let fits = text.len() <= Self::CODE_MAX_BYTES
                && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            fits.then(|| text.to_owned())
        };
        let mut fields = Vec::new();
        let mut refuse = |field: &str| fields.push(FieldError { field: field.to_owned(), problem: "unknown".to_owned() });
        let mut read = |field: &str, text: &str| {
            let found = (!text.is_empty()).then(|| code(text));
            if found == Some(None) {
                refuse(field);
            }
            found.flatten()
        };
        let (kind, state) = (read("kind", kind), read("state", state));
        let text = q.trim();
        let cases = (!text.is_empty()).then(|| CaseQuery::from_params(text, "", "", ""));
        if cases.as_ref().is_some_and(|cases| !cases.problems.is_empty()) {
            refuse("q");
        }
        let place = TimeCursor::parse(after);
        if place.is_none() && !after.is_empty() {
            refuse("after");
        }
        if fields.is_empty() {
            Ok(Self { kind, state, cases, text: text.to_owned(), after: place })
        } else {
            Err(ErrorCode::Invalid { fields }.into())
        }
    }

    /// The address of what follows this place.
    pub fn href_after(&self, place: &TimeCursor) -> String {
        let given = [("kind", self.kind.as_deref()), ("state", self.state.as_deref()), ("q", Some(self.text.as_str()))];
        let given = given.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
        let params: String = given.map(|(name, value)| format!("{name}={}&", encode(value))).collect();
        format!("/documents?{params}after={}", encode(&place.text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_stored_clean_and_small_enough_is_given() {
        assert_eq!(Withheld::of("STORED", "CLEAN", Withheld::MAX_BYTES), None);
        assert_eq!(Withheld::of("STORED", "CLEAN", Withheld::MAX_BYTES + 1), Some(Withheld::TooLarge));
        for (state, scan_state, why) in [
            ("STORED", "NOT_SCANNED", Withheld::NotScanned),
            ("STORED", "INFECTED", Withheld::Infected),
            ("STORED", "", Withheld::UnknownState),
            ("RECEIVING", "NOT_SCANNED", Withheld::Receiving),
            ("REJECTED", "CLEAN", Withheld::Rejected),
            ("WITHDRAWN", "CLEAN", Withheld::Withdrawn),
            ("ELSEWHERE", "CLEAN", Withheld::UnknownState),
        ] {
            assert_eq!(Withheld::of(state, scan_state, 1), Some(why), "{state} {scan_state}");
        }
    }

    #[test]
    fn what_was_withdrawn_is_opened_by_who_decides_and_who_audits_if_it_is_clean() {
        let opens = |role: &Role| Withheld::from_role(*role, "WITHDRAWN", "CLEAN", 1).is_none();
        assert_eq!(Role::ALL.into_iter().filter(opens).collect::<Vec<_>>(), [Role::LegalHead, Role::Auditor]);
        assert_eq!(Withheld::from_role(Role::Auditor, "WITHDRAWN", "NOT_SCANNED", 1), Some(Withheld::NotScanned));
        assert_eq!(Withheld::from_role(Role::Auditor, "REJECTED", "CLEAN", 1), Some(Withheld::Rejected));
    }

    #[test]
    fn what_is_asked_of_the_list_comes_back_in_the_address_of_the_next_page() {
        let query = DocumentQuery::from_params("SOC", "STORED", " stage:hearing 5 % ", "").unwrap();
        let place = TimeCursor { at: "2026-11-21 10:42:00.000001".to_owned(), name: "abc1".to_owned() };
        let href = query.href_after(&place);
        assert_eq!(href, "/documents?kind=SOC&state=STORED&q=stage%3Ahearing%205%20%2525&after=2026-11-21%2010%3A42%3A00.000001~abc1");
        assert_eq!(DocumentQuery::default().href_after(&place).matches('=').count(), 1);
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_refused_and_not_ignored() {
        for (kind, state, q, after, named) in [
            ("soc", "", "", "", "kind"),
            ("", "a b", "", "", "state"),
            ("", "", "x:y stage:nowhere", "", "q"),
            ("", "", "", "now~abc", "after"),
        ] {
            let Err(PortalError { code: ErrorCode::Invalid { fields }, .. }) = DocumentQuery::from_params(kind, state, q, after) else {
                panic!("{named} was taken");
            };
            assert_eq!(fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), [named]);
        }
        assert_eq!(DocumentQuery::from_params("", "", " ", "").unwrap(), DocumentQuery::default());
    }
}
