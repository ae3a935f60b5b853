//! What the case list is asked for: the query box's language, the sort and the position, all of them in the URL.
//!
//! Parsing never fails: what cannot be read becomes a [`QueryProblem`] beside what could, so that typed text stays and the
//! page says what was wrong with it. Which fields can be asked for is decided by the variants here: there is none for a
//! masked field, so no URL, saved view or API call can filter or sort by one.

mod cursor;
#[cfg(test)]
mod tests;
mod words;

pub use cursor::{Cursor, CursorValue, Position};

use super::address::{encode, encode_once};
use super::{Bucket, Day, Hold, Inr, Product, ServiceStatus, Stage, Status, TableLook};
use words::{pair, plain_rupees, product, quoted, split_words};

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

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// `stage:hearing`
    Stage(Stage),
    /// `status:heard`
    Status(Status),
    /// `product:pl`
    Product(Product),
    /// `zone:west`
    Zone(String),
    /// `branch:BR012`
    Branch(String),
    /// `owner:legal.manager@banyan.example`
    Owner(String),
    /// `bucket:npa`
    Bucket(Bucket),
    /// `hold:deceased`
    Hold(Hold),
    /// `service:unserved`
    Service(ServiceStatus),
    /// `open:yes`
    Open(bool),
    /// `dues:>500000`, `dues:<=5L`
    Dues(Bound, Inr),
    /// `claim:>1Cr`
    Claim(Bound, Inr),
    /// `dpd:>365`
    Dpd(Bound, u32),
    /// `due:<2026-12-01`
    Due(Bound, Day),
    /// `served:yes`: every respondent has been served with the notice that the stage needs.
    Served(bool),
    /// `awarded:>=2026-01-01`; `awarded:no`: there is no award.
    Awarded(Option<(Bound, Day)>),
    /// `awarddue:<=2026-12-31`: the end of the time for an award, s. 29A.
    AwardDue(Bound, Day),
    /// `limitation:<=2026-12-31`: the end of limitation.
    Limitation(Bound, Day),
    /// `filed:>=2026-11-16`: when the reference was filed.
    Filed(Bound, Day),
    /// `closed:>=2026-11-16`: when the case was closed.
    Closed(Bound, Day),
}

/// Which side of a value is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `=` or nothing
    Exactly,
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

const KEYS: [&str; 20] = [
    "stage",
    "status",
    "product",
    "zone",
    "branch",
    "owner",
    "bucket",
    "hold",
    "service",
    "open",
    "dues",
    "claim",
    "dpd",
    "due",
    "served",
    "awarded",
    "awarddue",
    "limitation",
    "filed",
    "closed",
];

/// A word before a colon that is meant as a key: letters only, so that a time or a citation stays a search word.
fn is_key(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

impl Filter {
    /// The filter's text in the query box.
    pub fn text(&self) -> String {
        match self {
            Self::Stage(code) => pair("stage", code.label()),
            Self::Status(code) => pair("status", code.label()),
            Self::Product(code) => pair("product", code.label()),
            Self::Zone(code) => pair("zone", code),
            Self::Branch(code) => pair("branch", code),
            Self::Owner(user) => pair("owner", user),
            Self::Bucket(code) => pair("bucket", code.label()),
            Self::Hold(code) => pair("hold", code.label()),
            Self::Service(code) => pair("service", code.label()),
            Self::Open(open) => pair("open", if *open { "yes" } else { "no" }),
            Self::Dues(bound, amount) => format!("dues:{}{}", bound.sign(), plain_rupees(*amount)),
            Self::Claim(bound, amount) => format!("claim:{}{}", bound.sign(), plain_rupees(*amount)),
            Self::Dpd(bound, days) => format!("dpd:{}{days}", bound.sign()),
            Self::Due(bound, day) => dated("due", *bound, *day),
            Self::Served(served) => pair("served", if *served { "yes" } else { "no" }),
            Self::Awarded(None) => pair("awarded", "no"),
            Self::Awarded(Some((bound, day))) => dated("awarded", *bound, *day),
            Self::AwardDue(bound, day) => dated("awarddue", *bound, *day),
            Self::Limitation(bound, day) => dated("limitation", *bound, *day),
            Self::Filed(bound, day) => dated("filed", *bound, *day),
            Self::Closed(bound, day) => dated("closed", *bound, *day),
        }
    }

    fn parse(key: &str, value: &str) -> Result<Self, String> {
        let key = key.to_ascii_lowercase();
        if !KEYS.contains(&key.as_str()) {
            return Err(format!("filter by one of {}", KEYS.join(", ")));
        }
        if value.is_empty() {
            return Err(format!("write a value after {key}:"));
        }
        let one_of = |labels: Vec<&str>| format!("{key} is one of {}", labels.join(", "));
        Ok(match key.as_str() {
            "stage" => Self::Stage(Stage::meant_by(value).ok_or_else(|| one_of(Stage::ALL.iter().map(Stage::label).collect()))?),
            "status" => Self::Status(Status::meant_by(value).ok_or("status is a case status such as heard or soc due")?),
            "product" => Self::Product(product(value).ok_or_else(|| one_of(Product::ALL.iter().map(Product::label).collect()))?),
            "bucket" => Self::Bucket(Bucket::meant_by(value).ok_or_else(|| one_of(Bucket::ALL.iter().map(Bucket::label).collect()))?),
            "hold" => Self::Hold(Hold::meant_by(value).ok_or_else(|| one_of(Hold::ALL.iter().map(Hold::label).collect()))?),
            "service" => Self::Service(
                ServiceStatus::meant_by(value).ok_or_else(|| one_of(ServiceStatus::ALL.iter().map(ServiceStatus::label).collect()))?,
            ),
            "zone" => Self::Zone(value.to_uppercase()),
            "branch" => Self::Branch(value.to_uppercase()),
            "owner" => Self::Owner(value.to_lowercase()),
            "open" => Self::Open(yes_or_no(value).ok_or("open is yes or no")?),
            "served" => Self::Served(yes_or_no(value).ok_or("served is yes or no")?),
            "awarded" if yes_or_no(value) == Some(false) => Self::Awarded(None),
            "due" | "awarded" | "awarddue" | "limitation" | "filed" | "closed" => {
                let (bound, rest) = Bound::split(value);
                let day = Day::parse(rest).ok_or("write a date as 2026-12-01, with < or > before it")?;
                match key.as_str() {
                    "due" => Self::Due(bound, day),
                    "awarded" => Self::Awarded(Some((bound, day))),
                    "awarddue" => Self::AwardDue(bound, day),
                    "filed" => Self::Filed(bound, day),
                    "closed" => Self::Closed(bound, day),
                    _ => Self::Limitation(bound, day),
                }
            }
            "dpd" => {
                let (bound, rest) = Bound::split(value);
                Self::Dpd(bound, rest.parse().map_err(|_| "write days as a whole number, with < or > before it")?)
            }
            amount => {
                let (bound, rest) = Bound::split(value);
                let rupees = Inr::typed(rest).ok_or("write an amount in rupees such as 500000, 5L or 1.2Cr, with < or > before it")?;
                if amount == "dues" { Self::Dues(bound, rupees) } else { Self::Claim(bound, rupees) }
            }
        })
    }
}

fn yes_or_no(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "yes" | "1" | "true" => Some(true),
        "no" | "0" | "false" => Some(false),
        _ => None,
    }
}

fn dated(key: &str, bound: Bound, day: Day) -> String {
    format!("{key}:{}{}", bound.sign(), day.iso())
}

impl Bound {
    /// The same side, with the value itself.
    #[must_use]
    pub const fn inclusive(self) -> Self {
        match self {
            Self::Above => Self::AtLeast,
            Self::Below => Self::AtMost,
            other => other,
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Exactly => "",
        }
    }

    fn split(value: &str) -> (Self, &str) {
        for (sign, bound) in [(">=", Self::AtLeast), ("<=", Self::AtMost), (">", Self::Above), ("<", Self::Below), ("=", Self::Exactly)] {
            if let Some(rest) = value.strip_prefix(sign) {
                return (bound, rest.trim());
            }
        }
        (Self::Exactly, value)
    }
}
