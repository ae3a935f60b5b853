//! What was found, in words.

use super::cases::{respondent, stage};
use crate::model::{Cell, FoundCase, Sheet, SheetForm};

/// The cases, the surest first.
pub fn sheet(found: Vec<FoundCase>) -> Sheet {
    let row = |FoundCase { case, by }: FoundCase| {
        let number = Cell::text(case.number.as_str()).to(format!("/cases/{}", case.id.as_str())).line(case.lan.as_str());
        vec![number, respondent(&case), stage(&case), Cell::text(by.label())]
    };
    let none = "No case goes by this number, and none has these words";
    let headings = ["Number", "Respondent", "Stage", "Found by"];
    Sheet { form: SheetForm::Keyed, ..Sheet::new("Cases found", none, &headings).with(found.into_iter().map(row)) }
}
