//! Requests for a second pair of eyes, in words.

use super::{moment, money, term};
use crate::model::{ApprovalPage, ApprovalRow, Cell, FileForm, Sheet, Tone};

/// A page of them.
pub fn list(page: ApprovalPage, decided: bool) -> Sheet {
    let headings = ["What", "Case", "#Amount", "Submitted", "State", "Waited", "Decide"];
    let headings = if page.rows.iter().any(|row| row.decide.is_some()) { &headings[..] } else { &headings[..6] };
    let none = match (decided, page.checker) {
        (true, _) => "Nothing has been decided yet",
        (false, true) => "Nothing waits for you",
        (false, false) => "Nothing of yours waits for a checker",
    };
    let remark = (!page.checker).then(|| "What you have submitted for approval.".to_owned());
    Sheet { next: page.next, remark, ..Sheet::new("Approvals", none, headings).with(page.rows.into_iter().map(row)) }
}

fn row(row: ApprovalRow) -> Vec<Cell> {
    let again = (row.round > 1).then(|| format!("submitted for the {} time", ordinal(row.round)));
    let what = Cell::text(row.title).line(row.kind.label).some_line(again);
    let case = match row.case {
        Some((case, number)) => Cell::text(number).to(format!("/cases/{}", case.as_str())),
        None => Cell::some(None),
    };
    let tone = match row.state.code.as_str() {
        "APPROVED" => Tone::Good,
        "RETURNED" | "VOID" => Tone::Bad,
        _ => Tone::Waiting,
    };
    let state = term(row.state).some_line(row.decided).meant(tone);
    let decide = match row.decide {
        Some(href) => Cell::text("Decide").file(href, FileForm::Form),
        None => Cell::default(),
    };
    vec![what, case, money(row.amount), moment(row.at).line(row.by), state, Cell::some(row.wait_mins.map(waited)), decide]
}

fn ordinal(number: u32) -> String {
    match number {
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        other => format!("{other}th"),
    }
}

/// `3 h`, `2 days`.
fn waited(minutes: u64) -> String {
    match minutes {
        0..60 => format!("{minutes} min"),
        60..2880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_said_in_the_unit_that_people_think_in() {
        assert_eq!([0, 59, 60, 2_879, 2_880, 14_400].map(waited), ["0 min", "59 min", "1 h", "47 h", "2 days", "10 days"]);
        assert_eq!([2, 3, 4].map(ordinal), ["second", "third", "4th"]);
    }
}
