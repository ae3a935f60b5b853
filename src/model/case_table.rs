//! The case list as its page shows it: words and addresses. What each is worked out from is [`CaseQuery`](super::CaseQuery) and
//! [`CaseRow`](super::CaseRow), on the server.

use serde::{Deserialize, Serialize};

use super::Sheet;

/// One page of the case list, with what narrows it down and what may be done with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseTable {
    /// What could not be read of the query: the part, and what to write instead.
    pub problems: Vec<(String, String)>,
    /// Saved views, and filters that might be used, under the name of what they look at.
    pub menus: Vec<(String, Vec<Choice>)>,
    /// Filters in use: their words, and the address without them.
    pub chips: Vec<(String, String)>,
    /// The rows.
    pub sheet: Sheet,
    /// Addresses of the page before and of the page after.
    pub pages: (Option<String>, Option<String>),
    /// The page's own address.
    pub here: String,
    /// Names and addresses outside the application: the same list as a file for who may take it away, and the form of a new case.
    pub files: Vec<(String, String)>,
    /// For whoever may do something in several cases at once: the query, and the names of the page's cases with a dot between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub several: Option<(String, String)>,
    /// Every column: its word, its heading, and its place in the table if it has one.
    pub columns: Vec<(String, String, Option<usize>)>,
    /// Whether a row takes one line.
    pub dense: bool,
    /// When the upstream gave these rows: short, and in full.
    pub as_of: (String, String),
}

/// A filter, a saved view or a form that a menu offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its words.
    pub label: String,
    /// The address with it; of a filter in use, without it.
    pub href: String,
    /// Whether it is in use.
    pub held: bool,
    /// Whether it leads to no page of the application, but to a form on a page of its own.
    pub outside: bool,
}
