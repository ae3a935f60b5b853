//! The menus of views, in words: each leads to the list as it shows it. Those by clock are there for everybody; of the saved ones, the
//! last lead to the forms that keep and change one.

use crate::model::{CaseQuery, Choice, Day, SavedView, SavedViews, Sharing, TableLook, ready_views, save_view_href};

/// Views by a clock that may run out.
pub fn by_clock(query: &CaseQuery, today: Day) -> (String, Vec<Choice>) {
    let choice = |(label, filters): (&str, _)| {
        let asked = CaseQuery { filters, ..CaseQuery::default() };
        Choice { label: label.to_owned(), href: asked.href(), held: asked.text() == query.text(), outside: false }
    };
    ("Clocks".to_owned(), ready_views(today).into_iter().map(choice).collect())
}

/// Views of the list; `None` where they could not be read: then the menu says so, and asks again.
pub fn menu(views: Option<SavedViews>, query: &CaseQuery, look: &TableLook) -> (String, Vec<Choice>) {
    let form = |label: &str, href: String| Choice { label: label.to_owned(), href, held: false, outside: true };
    let save = form("Save this view…", save_view_href(query, look));
    let Some(SavedViews { views, more }) = views else {
        return ("Views".to_owned(), vec![form("The views could not be loaded. Try again", query.href_here()), save]);
    };
    let shown = |view: &SavedView| view.is_shown_by(query, look);
    let change = views.iter().find(|view| view.own && shown(view)).map(|view| form("Change this view…", format!("/views/{}", view.id)));
    let rest = more.then(|| form("There are more views than are listed", query.href_here()));
    let choice = |view: &SavedView| Choice { label: label(view), href: view.address(), held: shown(view), outside: false };
    let choices = views.iter().map(choice).chain(rest).chain([save]).chain(change);
    ("Views".to_owned(), choices.collect())
}

fn label(view: &SavedView) -> String {
    if view.sharing == Sharing::Private { view.title.clone() } else { format!("{} · shared", view.title) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(id: &str, q: &str, sharing: Sharing, own: bool) -> SavedView {
        let query = CaseQuery::from_params(q, "", "", "");
        SavedView { id: id.into(), title: id.to_uppercase(), query, sharing, pinned: false, own }
    }

    fn words(menu: &[Choice]) -> Vec<(&str, &str, bool, bool)> {
        menu.iter().map(|choice| (choice.label.as_str(), choice.href.as_str(), choice.held, choice.outside)).collect()
    }

    #[test]
    fn one_changes_ones_own_view_where_the_list_shows_it_and_nobody_elses() {
        let views = vec![view("a", "open:yes", Sharing::All, false), view("b", "stage:hearing", Sharing::Private, true)];
        let of = |q: &str| {
            menu(Some(SavedViews { views: views.clone(), more: false }), &CaseQuery::from_params(q, "", "", ""), &TableLook::default())
        };
        let usual = TableLook::default().text();
        let save = |q: &str| format!("/views/new?q={q}&sort=due&cols={usual}");
        let (own, foreign) = (of("stage:hearing").1, of("open:yes").1);
        let expected = [
            ("A · shared", "/cases?q=open%3Ayes", false, false),
            ("B", "/cases?q=stage%3Ahearing", true, false),
            ("Save this view…", &save("stage%3Ahearing"), false, true),
            ("Change this view…", "/views/b", false, true),
        ];
        assert_eq!(words(&own), expected);
        assert_eq!(words(&foreign)[2..], [("Save this view…", save("open%3Ayes").as_str(), false, true)]);
        assert!(foreign[0].held && !foreign[1].held);
    }

    #[test]
    fn views_that_could_not_be_read_are_said_to_be_and_asked_for_again() {
        let (_, choices) = menu(None, &CaseQuery::from_params("open:yes", "", "", ""), &TableLook::default());
        assert_eq!(words(&choices)[0], ("The views could not be loaded. Try again", "/cases?q=open%3Ayes", false, true));
        assert_eq!(choices.len(), 2);
    }

    #[test]
    fn views_by_clock_say_which_one_the_list_shows() {
        let shown = CaseQuery::from_params("open:yes due:>=2026-11-26 due:<2026-12-03", "", "", "");
        let (_, choices) = by_clock(&shown, Day::parse("2026-11-26").unwrap());
        let held: Vec<_> = choices.iter().map(|choice| (choice.label.as_str(), choice.held)).collect();
        assert_eq!(held, [("S.29A at risk", false), ("Limitation at risk", false), ("S.34 window", false), ("Due this week", true)]);
        assert_eq!(choices[2].href, "/cases?q=open%3Ayes%20challengedue%3A%3E%3D2026-11-26");
    }
}
