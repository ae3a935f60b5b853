//! What the case list is asked for: the query box's language, the sort and the position, all of them in the URL.
//!
//! Parsing never fails: what cannot be read becomes a [`QueryProblem`] beside what could, so that typed text stays and the
//! page says what was wrong with it. Which fields can be asked for is decided by the variants here: there is none for a
//! masked field, so no URL, saved view or API call can filter or sort by one.

mod cursor;
mod filter;
#[cfg(test)]
mod tests;
mod words;

pub use cursor::{Cursor, CursorValue, Position};
pub use filter::{Bound, Filter};

use super::TableLook;
use super::address::{encode, encode_once};
use filter::is_key;
use words::{quoted, split_words};

/// The longest query text that is read, in bytes; the rest is a problem.
const MAX_TEXT_BYTES: usize = 500;
/// The most filters in one query.
const MAX_FILTERS: usize = 20;

/// One question to the case list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseQuery {
    /// The conditions, in the order written; all must hold, but codes of one kind are alternatives.
    pub filters: Vec<Filter>,
    /// Words to look for in names and numbers; empty: none.
    pub search: String,
    /// The column that orders the rows.
    pub sort: CaseSort,
    /// From large to small.
    pub descending: bool,
    /// Which page.
    pub position: Position,
    /// The columns, where the address names them: then every address that leads on from it does.
    pub columns: Option<TableLook>,
    /// What could not be read.
    pub problems: Vec<QueryProblem>,
}

/// A column that may order the list. None of them is masked, and each has an index upstream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaseSort {
    /// The soonest date on which the institution owes something.
    #[default]
    NextDue,
    /// The start of the next hearing.
    NextHearing,
    /// All dues.
    Dues,
    /// The claim.
    Claim,
    /// Days past due.
    Dpd,
    /// The main stage.
    Stage,
    /// The registry's number.
    Number,
    /// The last change.
    Modified,
}

/// A part of the query that could not be read, with what would have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryProblem {
    /// The part as typed.
    pub part: String,
    /// What to write instead.
    pub advice: String,
}

impl CaseSort {
    /// Every column, with its word in the URL and its heading.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::NextDue, "due"),
        (Self::NextHearing, "hearing"),
        (Self::Dues, "dues"),
        (Self::Claim, "claim"),
        (Self::Dpd, "dpd"),
        (Self::Stage, "stage"),
        (Self::Number, "number"),
        (Self::Modified, "changed"),
    ];

    /// The column's word in the URL.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(sort, _)| *sort == self).map_or("due", |(_, word)| word)
    }
}

impl CaseQuery {
    /// Reads the URL's parameters: `q` (the query box), `sort` (`dues`, `-dues`), `after` or `before`.
    pub fn from_params(q: &str, sort: &str, after: &str, before: &str) -> Self {
        let mut query = Self::default();
        query.read_text(q);
        query.read_sort(sort);
        let cursor = |text: &str| Cursor::parse(text).filter(|cursor| cursor.fits(query.sort));
        query.position = match (cursor(after), cursor(before)) {
            (Some(cursor), _) => Position::After(cursor),
            (None, Some(cursor)) => Position::Before(cursor),
            (None, None) => Position::Start,
        };
        query
    }

    /// The query box's text that means the same.
    pub fn text(&self) -> String {
        let mut words: Vec<String> = self.filters.iter().map(Filter::text).collect();
        if !self.search.is_empty() {
            words.push(quoted(&self.search));
        }
        words.join(" ")
    }

    /// The order as an address says it: `dues`, `-dues`.
    pub fn sort_text(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.sort.word())
    }

    /// The address of the list with this query; the position is left out, since another filter or sort has other pages.
    pub fn href(&self) -> String {
        self.address("")
    }

    /// The address of the list for what somebody typed, read or not, in this order.
    pub fn typed_href(q: &str, sort: &str) -> String {
        format!("/cases?q={}&sort={}", encode(q), encode(sort))
    }

    /// The address of everything that matches, in these columns, as a file of this format: `csv` or `xlsx`.
    pub fn export_href(&self, format: &str, look: &TableLook) -> String {
        let (sort, columns) = (self.sort_text(), look.text());
        format!("/cases/export?format={format}&sort={sort}&cols={columns}&q={}", encode_once(&self.text()))
    }

    /// The address of a page of this query; `side` is `after` or `before`.
    pub fn href_at(&self, side: &str, cursor: &str) -> String {
        self.address(&format!("{side}={}", encode(cursor)))
    }

    /// The address of this very page.
    pub fn href_here(&self) -> String {
        match &self.position {
            Position::Start => self.href(),
            Position::After(cursor) => self.href_at("after", &cursor.text()),
            Position::Before(cursor) => self.href_at("before", &cursor.text()),
        }
    }

    fn address(&self, position: &str) -> String {
        let mut params = Vec::new();
        let text = self.text();
        if !text.is_empty() {
            params.push(format!("q={}", encode(&text)));
        }
        if self.sort != CaseSort::default() || self.descending {
            params.push(format!("sort={}", self.sort_text()));
        }
        if !position.is_empty() {
            params.push(position.to_owned());
        }
        if let Some(look) = &self.columns {
            params.push(format!("cols={}", look.text()));
        }
        if params.is_empty() { "/cases".to_owned() } else { format!("/cases?{}", params.join("&")) }
    }

    /// The same query with one more filter, or without it if it is there.
    pub fn toggled(&self, filter: &Filter) -> Self {
        let mut query = Self { position: Position::Start, problems: Vec::new(), ..self.clone() };
        let before = query.filters.len();
        query.filters.retain(|held| held != filter);
        if query.filters.len() == before {
            query.filters.push(filter.clone());
        }
        query
    }

    /// The same query in the order of this column; asking again for the column in use turns the order around.
    pub fn sorted_by(&self, sort: CaseSort) -> Self {
        let descending = if self.sort == sort {
            !self.descending
        } else {
            matches!(sort, CaseSort::Dues | CaseSort::Claim | CaseSort::Dpd | CaseSort::Modified)
        };
        Self { sort, descending, position: Position::Start, problems: Vec::new(), ..self.clone() }
    }

    fn read_text(&mut self, text: &str) {
        let mut cut = text.len().min(MAX_TEXT_BYTES);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        if cut < text.len() {
            self.problem("…", &format!("shorten the query: at most {MAX_TEXT_BYTES} characters are read"));
        }
        let mut words = Vec::new();
        for part in split_words(&text[..cut]) {
            match part.split_once(':') {
                Some((key, value)) if !part.starts_with('"') && is_key(key) => match Filter::parse(key, value.trim_matches('"')) {
                    Ok(_) if self.filters.len() >= MAX_FILTERS => self.problem(part, &format!("use at most {MAX_FILTERS} filters")),
                    Ok(filter) if self.filters.contains(&filter) => {}
                    Ok(filter) => self.filters.push(filter),
                    Err(advice) => self.problem(part, &advice),
                },
                _ => words.push(part.trim_matches('"')),
            }
        }
        self.search = words.into_iter().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    }

    fn read_sort(&mut self, text: &str) {
        let (word, descending) = text.strip_prefix('-').map_or((text, false), |word| (word, true));
        match CaseSort::ALL.iter().find(|(_, known)| *known == word) {
            Some((sort, _)) => (self.sort, self.descending) = (*sort, descending),
            None if word.is_empty() => {}
            None => self.problem(&format!("sort={text}"), &format!("sort by one of {}", CaseSort::ALL.map(|(_, word)| word).join(", "))),
        }
    }

    fn problem(&mut self, part: &str, advice: &str) {
        self.problems.push(QueryProblem { part: part.to_owned(), advice: advice.to_owned() });
    }
}
