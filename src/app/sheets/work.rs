//! What may be done in a case, in words.

use crate::model::{Cell, Deed, FileForm, Sheet, SheetForm, Tone};

/// What may be done now, each leading to its form; and what may not, with why.
pub fn deeds(deeds: Vec<Deed>) -> Vec<Sheet> {
    let (may, may_not): (Vec<_>, Vec<_>) = deeds.into_iter().partition(|deed| deed.href.is_some());
    let words = |why: Vec<String>| {
        let mut lines = why.into_iter();
        let first = Cell::some(lines.next());
        lines.fold(first, Cell::line)
    };
    let open = |deed: Deed| {
        let link = Cell { href: deed.href, file: Some(FileForm::Form), ..Cell::text(deed.label) };
        vec![link, words(deed.why)]
    };
    let shut = |deed: Deed| vec![Cell { tone: Tone::Absent, ..Cell::text(deed.label) }, words(deed.why)];
    let none = "Nothing in this case is for you to do now";
    let may = Sheet::new("What may be done", none, &["Do", "Before you do"]).with(may.into_iter().map(open));
    let mut sheets = vec![Sheet { form: SheetForm::Actions, ..may }];
    if !may_not.is_empty() {
        let title = format!("What may not be done now, and why ({})", may_not.len());
        let shut = Sheet::new(&title, "", &["What", "Why not"]).with(may_not.into_iter().map(shut));
        sheets.push(Sheet { form: SheetForm::Folded, ..shut });
    }
    sheets
}
