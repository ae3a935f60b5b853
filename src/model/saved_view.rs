//! A saved view of the case list: a question to it that somebody keeps, and who else sees it.
//!
//! Owns what may be kept: filters, order and columns. Never a word to look for, since that may be a borrower's name, and a view is read
//! by people and programs that may not know one. It must not know where views are stored.

use super::{CaseQuery, Filter, Role, TableLook, address::encode_once};

/// The longest title, in characters.
pub const VIEW_TITLE_MAX: usize = 60;

/// A view that somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its name upstream.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it asks, in which order and, where it says so, in which columns.
    pub query: CaseQuery,
    /// Who else sees it.
    pub sharing: Sharing,
    /// Whether it stands before the others.
    pub pinned: bool,
    /// Whether it is this person's own, to change and to delete.
    pub own: bool,
}

/// The views that somebody may see, in the order in which they are offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedViews {
    /// Pinned ones first, among them the person's own first.
    pub views: Vec<SavedView>,
    /// Whether there are more than are listed.
    pub more: bool,
}

/// Who besides its owner sees a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharing {
    /// Nobody.
    #[default]
    Private,
    /// Whoever has this role.
    Role(Role),
    /// Everybody of the institution.
    All,
}

impl Sharing {
    /// Its code in a form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Private => "PRIVATE",
            Self::Role(role) => role.code(),
            Self::All => "ALL",
        }
    }

    /// Its words.
    pub fn label(self) -> String {
        match self {
            Self::Private => "Only me".to_owned(),
            Self::Role(role) => format!("Everybody whose role is {}", role.label().to_lowercase()),
            Self::All => "Everybody".to_owned(),
        }
    }

    /// Every way to share.
    pub fn every() -> impl Iterator<Item = Self> {
        [Self::Private, Self::All].into_iter().chain(Role::ALL.into_iter().map(Self::Role))
    }

    /// The codes of its two columns upstream, `shared` and `shared_role`.
    pub const fn stored(self) -> (&'static str, &'static str) {
        match self {
            Self::Private => ("PRIVATE", ""),
            Self::Role(role) => ("ROLE", role.code()),
            Self::All => ("ALL", ""),
        }
    }

    /// Reads them. What is not understood is shared with nobody.
    pub fn of_stored(shared: &str, role: &str) -> Self {
        match shared {
            "ALL" => Self::All,
            "ROLE" => Role::from_code(role).map_or(Self::Private, Self::Role),
            _ => Self::Private,
        }
    }

    /// Whether somebody of this role sees what another person shares so.
    pub fn reaches(self, role: Role) -> bool {
        match self {
            Self::Private => false,
            Self::Role(with) => with == role,
            Self::All => true,
        }
    }
}

impl SavedView {
    /// The address of the list as it shows this view.
    pub fn address(&self) -> String {
        self.query.href()
    }

    /// Whether the list shows it now: the same filters in the same order, and its columns where it has any.
    pub fn is_shown_by(&self, asked: &CaseQuery, look: &TableLook) -> bool {
        let own = &self.query;
        let same_filters = own.filters.len() == asked.filters.len() && own.filters.iter().all(|filter| asked.filters.contains(filter));
        let same_order = (own.sort, own.descending) == (asked.sort, asked.descending);
        same_filters && same_order && asked.search.is_empty() && own.columns.as_ref().is_none_or(|columns| columns == look)
    }
}

/// The address of the form that keeps what the list shows now.
pub fn save_view_href(query: &CaseQuery, look: &TableLook) -> String {
    format!("/views/new?q={}&sort={}&cols={}", encode_once(&query.text()), query.sort_text(), look.text())
}

/// What a view may keep of the list's parameters.
///
/// # Errors
/// In a sentence, what has to go before it can be kept.
pub fn kept_query(q: &str, sort: &str, cols: &str) -> Result<CaseQuery, String> {
    let query = CaseQuery { columns: TableLook::parse(cols), ..CaseQuery::from_params(q, sort, "", "") };
    if let Some(problem) = query.problems.first() {
        return Err(format!("“{}” cannot be read: {}.", problem.part, problem.advice));
    }
    let words = Some(query.search.as_str()).filter(|words| !words.is_empty());
    if let Some(words) = words.or_else(|| query.filters.iter().find_map(free_text)) {
        return Err(format!("Take out “{words}”. A view keeps filters and no words to look for: they may be a borrower’s name."));
    }
    if query.filters.is_empty() {
        return Err("Write at least one filter, such as stage:hearing. Without one it is the whole list.".to_owned());
    }
    Ok(query)
}

/// The value of a filter that takes any text, where it is none that a code could have.
fn free_text(filter: &Filter) -> Option<&str> {
    let is_code = |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.@+".contains(letter));
    match filter {
        Filter::Zone(text) | Filter::Branch(text) | Filter::Owner(text) if !is_code(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_order_and_columns_are_kept_and_lead_back_to_the_list() {
        let query = kept_query("  stage:HEARING   dues:>5L product:pl ", "-dues", "number.stage.dues.dense").unwrap();
        assert_eq!(query.text(), "stage:hearing dues:>500000 product:\"personal loan\"");
        let view = SavedView { id: "a".into(), title: "A".into(), query, sharing: Sharing::All, pinned: false, own: true };
        let (path, params) = view.address().split_once('?').map(|(path, params)| (path.to_owned(), params.to_owned())).unwrap();
        assert_eq!(path, "/cases");
        assert!(params.starts_with("q=stage%3Ahearing%20dues") && params.ends_with("&sort=-dues&cols=number.stage.dues.dense"), "{params}");
        // What is written is what is read: kept twice, it is the same.
        assert_eq!(kept_query(&view.query.text(), "-dues", "number.stage.dues.dense").unwrap(), view.query);
    }

    #[test]
    fn words_to_look_for_are_never_kept_wherever_they_stand() {
        for (typed, said) in [
            ("sharma stage:hearing", "sharma"),
            ("stage:hearing \"ramesh kumar\"", "ramesh kumar"),
            ("open:yes 10:42", "10:42"),
            ("branch:\"ramesh kumar\"", "RAMESH KUMAR"),
            ("owner:\"somebody else\" open:yes", "somebody else"),
            ("zone:शर्मा", "शर्मा"),
        ] {
            let refused = kept_query(typed, "", "").unwrap_err();
            assert!(refused.contains(said) && refused.contains("no words to look for"), "{typed}: {refused}");
        }
        for code in ["zone:west", "branch:br012", "owner:legal.manager@banyan.example"] {
            assert!(kept_query(code, "", "").is_ok(), "{code}");
        }
    }

    #[test]
    fn what_cannot_be_read_and_what_asks_nothing_are_not_kept() {
        for (q, sort, said) in
            [("stage:nowhere", "", "stage:nowhere"), ("open:yes", "nonsense", "sort=nonsense"), ("", "-dues", "at least one")]
        {
            let refused = kept_query(q, sort, "").unwrap_err();
            assert!(refused.contains(said), "{refused}");
        }
    }

    #[test]
    fn a_view_reaches_whom_it_is_shared_with_and_nobody_by_an_unknown_code() {
        let reached = |shared: &str, role: &str| {
            let sharing = Sharing::of_stored(shared, role);
            Role::ALL.into_iter().filter(|role| sharing.reaches(*role)).count()
        };
        assert_eq!((reached("ALL", ""), reached("PRIVATE", "AUDITOR"), reached("ROLE", "AUDITOR")), (9, 0, 1));
        assert_eq!((reached("ROLE", "SUPERUSER"), reached("ROLE", ""), reached("all", ""), reached("", "")), (0, 0, 0, 0));
        for sharing in Sharing::every() {
            let (shared, role) = sharing.stored();
            assert_eq!(Sharing::of_stored(shared, role), sharing);
            assert_eq!(Sharing::every().filter(|other| other.code() == sharing.code()).count(), 1, "{sharing:?}");
        }
    }

    #[test]
    fn a_view_is_the_one_that_the_list_shows_whatever_the_order_of_its_filters() {
        let usual = TableLook::default();
        let query = kept_query("open:yes stage:hearing", "-dues", "").unwrap();
        let view = SavedView { id: "a".into(), title: "A".into(), query, sharing: Sharing::Private, pinned: false, own: true };
        let asked = |q: &str, sort: &str| CaseQuery::from_params(q, sort, "", "");
        assert!(view.is_shown_by(&asked("stage:hearing open:yes", "-dues"), &usual));
        for other in [asked("open:yes", "-dues"), asked("stage:hearing open:yes", "dues"), asked("stage:hearing open:yes sharma", "-dues")]
        {
            assert!(!view.is_shown_by(&other, &usual), "{other:?}");
        }
        let columns = TableLook::parse("number.stage");
        let narrow = SavedView { query: CaseQuery { columns: columns.clone(), ..view.query.clone() }, ..view };
        let same = asked("open:yes stage:hearing", "-dues");
        assert!(!narrow.is_shown_by(&same, &usual) && narrow.is_shown_by(&same, &columns.unwrap()));
    }

    #[test]
    fn what_the_list_shows_leads_to_the_form_as_it_is() {
        let query = CaseQuery::from_params("dues:>5L 100%", "-dues", "", "");
        let look = TableLook::parse("number.stage").unwrap();
        assert_eq!(save_view_href(&query, &look), "/views/new?q=dues%3A%3E500000%20100%25&sort=-dues&cols=number.stage");
    }
}
