//! What was found, in words: pages of the portal and what can be done from here, then cases.

use super::cases::{respondent, stage};
use crate::{
    app::frame::SECTIONS,
    model::{Cell, FileForm, Found, FoundCase, Permission, Role, Sheet, SheetForm},
};

/// What stands in each section, and by which other words people look for it.
const SECTION_WORDS: [(&str, &str, &str); 9] = [
    ("/", "What needs you now, and how the portfolio stands", "home operations queue tasks clocks figures stages throughput"),
    (
        "/portfolio",
        "The portfolio in matrices, ages, recovery and proceedings, to print",
        "summary board pack report matrix ageing heat cohort recovery bottleneck litigation workload print",
    ),
    ("/cases", "Every case that you may see: filters, sorts, totals", "list arbitration loans borrowers respondents references"),
    ("/hearings", "Hearings by day, week and month", "diary calendar board cause agenda today week month"),
    (
        "/notices",
        "Campaigns of notices: who was reached, by what, and why not",
        "campaigns bulk channels sms whatsapp email post delivery service recipients reminders",
    ),
    ("/filing", "Thousands of cases from a file: checked, approved, filed", "import bulk upload csv excel batch loans wizard file new"),
    ("/approvals", "What waits for a second pair of eyes, and what was decided", "inbox checker maker four eyes decide waiting returned"),
    ("/documents", "The newest documents of your cases", "files papers awards notices pdf"),
    ("/audit", "Who did what, and when", "log history records trail"),
];

/// What else can be gone to or done: its name, its address, what it is, other words for it.
const ACTIONS: [(&str, &str, &str, &str); 5] = [
    ("Keys", KEYS, "Every key that the portal listens to", "keyboard shortcuts help"),
    ("People and roles", "/people", "Who may do what at the institution", "users team access permissions scopes limits deputy admin"),
    ("Settings", "/settings", "What counts as service of a notice, in versions", "service rules configuration evidence"),
    ("Export CSV", "/cases/export?format=csv", "All cases that you may see, as comma-separated values", "download file take spreadsheet"),
    ("Export Excel", "/cases/export?format=xlsx", "All cases that you may see, as a workbook", "download file take spreadsheet xlsx"),
];
const KEYS: &str = "/keys";

/// Pages and actions, where any go by the text; and cases, where there is a text. Without one, all of the former.
pub fn sheets(found: Found, text: &str) -> Vec<Sheet> {
    let places = places(found.role, text);
    let any = !places.is_empty();
    let pages = Sheet::new("Pages and actions", "", &["Where to", "What it is", "Keys"]).with(places);
    let searched = !text.trim().is_empty();
    any.then_some(pages).into_iter().chain(searched.then(|| cases(found.cases))).collect()
}

/// What this role may open and do, of what goes by the text.
fn places(role: Role, text: &str) -> Vec<Vec<Cell>> {
    let sections = SECTIONS.iter().filter_map(|(name, href, _, key)| {
        let (_, what, words) = SECTION_WORDS.iter().find(|(of, ..)| of == href)?;
        let may = match *href {
            "/audit" => role.allows(Permission::SeeAudit),
            "/approvals" => role.allows(Permission::SeeApprovals),
            "/notices" => role.allows(Permission::SeeNotices),
            "/filing" => role.allows(Permission::SeeFilings),
            _ => true,
        };
        (may && goes_by(text, name, words)).then(|| vec![Cell::text(*name).to(*href), Cell::text(*what), Cell::text(format!("g {key}"))])
    });
    let actions = ACTIONS.iter().filter_map(|(name, href, what, words)| {
        let is_page = !href.starts_with("/cases/export");
        let may = match *href {
            KEYS => true,
            "/people" => role.allows(Permission::SeePeople),
            "/settings" => role.allows(Permission::SeeSettings),
            _ => role.allows(Permission::Export),
        };
        // Neither is a page of the application: the browser asks for it itself.
        let file = if is_page { FileForm::OnPage } else { FileForm::Download };
        let named = Cell { file: Some(file), ..Cell::text(*name).to(*href) };
        (may && goes_by(text, name, words))
            .then(|| vec![named, Cell::text(*what), if *href == KEYS { Cell::text("?") } else { Cell::some(None) }])
    });
    sections.chain(actions).collect()
}

/// Whether each word of the text begins one of the words.
fn goes_by(text: &str, name: &str, words: &str) -> bool {
    let known = format!("{name} {words}").to_lowercase();
    text.to_lowercase().split_whitespace().all(|typed| known.split_whitespace().any(|word| word.starts_with(typed)))
}

/// The cases, the surest first.
fn cases(found: Vec<FoundCase>) -> Sheet {
    let row = |FoundCase { case, by }: FoundCase| {
        let number = Cell::text(case.number.as_str()).to(format!("/cases/{}", case.id.as_str())).line(case.lan.as_str());
        vec![number, respondent(&case), stage(&case), Cell::text(by.label())]
    };
    let none = "No case goes by this number, and none has these words";
    let headings = ["Number", "Respondent", "Stage", "Found by"];
    Sheet { form: SheetForm::Keyed, ..Sheet::new("Cases", none, &headings).with(found.into_iter().map(row)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(role: Role, text: &str) -> Vec<String> {
        places(role, text).into_iter().map(|mut row| row.swap_remove(0).text).collect()
    }

    #[test]
    fn a_few_letters_find_the_page_and_words_must_all_fit() {
        assert_eq!(named(Role::LegalHead, "hear"), ["Hearings"]);
        assert_eq!(named(Role::LegalHead, " CALENDAR "), ["Hearings"]);
        assert_eq!(named(Role::LegalHead, "export e"), ["Export CSV", "Export Excel"]);
        assert_eq!(named(Role::LegalHead, "keyb"), ["Keys"]);
        for nothing in ["earings", "hearings loans", "ARB/2026/000001", "%"] {
            assert_eq!(named(Role::LegalHead, nothing), [""; 0], "{nothing}");
        }
    }

    #[test]
    fn without_a_text_there_is_all_that_the_role_may_open_and_do() {
        for role in Role::ALL {
            let all = named(role, "");
            assert_eq!(all.iter().any(|name| name == "Audit trail"), role.allows(Permission::SeeAudit), "{role:?}");
            assert_eq!(all.iter().any(|name| name == "Export CSV"), role.allows(Permission::Export), "{role:?}");
            assert_eq!(all.iter().any(|name| name == "People and roles"), role.allows(Permission::SeePeople), "{role:?}");
            assert!(
                ["Dashboard", "Cases", "Hearings", "Documents", "Keys"].iter().all(|name| all.iter().any(|found| found == name)),
                "{role:?}"
            );
        }
        let sheets = sheets(Found { cases: Vec::new(), role: Role::Viewer }, " ");
        assert_eq!(sheets.iter().map(|sheet| sheet.title.as_str()).collect::<Vec<_>>(), ["Pages and actions"]);
    }

    #[test]
    fn every_section_says_what_it_is() {
        for (name, href, _, key) in SECTIONS {
            assert!(SECTION_WORDS.iter().any(|(of, what, _)| *of == href && !what.is_empty()), "{name}");
            assert_eq!(SECTIONS.iter().filter(|(.., other)| *other == key).count(), 1, "{name} shares its key");
        }
    }
}
