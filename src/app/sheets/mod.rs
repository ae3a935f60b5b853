//! From rows to the words that a page shows. Runs on the server alone: the browser is sent words (see [`crate::model::Sheet`]). Pure
//! functions; they must not know how rows are found.

pub mod approvals;
pub mod audit;
pub mod case;
pub mod cases;
pub mod dashboard;
pub mod diary;
pub mod documents;
pub mod find;
pub mod flow;
pub mod notices;
pub mod portfolio;
pub mod portfolio_outcome;
pub mod views;
pub mod work;

use crate::model::{Cell, Day, Fact, Inr, Instant, Term, Tone};

/// An amount, short, and exact on hover.
fn money(amount: Inr) -> Cell {
    Cell { exact: Some(amount.exact()), ..Cell::text(amount.compact()) }
}

/// A date, or a dash.
fn day(day: Option<Day>) -> Cell {
    Cell::some(day.map(Day::long))
}

/// A date by which something must be done: one that has passed says so in a word.
fn due(day: Option<Day>, today: Day) -> Cell {
    match day {
        Some(day) if day < today => Cell::text(day.long()).line("Overdue").meant(Tone::Bad),
        Some(day) if day == today => Cell::text(day.long()).line("Today").meant(Tone::Bad),
        other => self::day(other),
    }
}

/// A moment, or a dash.
fn moment(at: Option<Instant>) -> Cell {
    Cell::some(at.map(Instant::long))
}

/// An option's words.
fn term(term: Term) -> Cell {
    Cell::text(term.label)
}

/// Indian grouping of a count.
fn grouped(count: u64) -> String {
    Inr::from_rupees(i64::try_from(count).unwrap_or(i64::MAX)).exact().trim_start_matches('₹').to_owned()
}

/// A counted figure, with what is counted.
fn counted(label: &str, count: u64, formula: &str) -> Fact {
    Fact { label: label.to_owned(), cell: Cell::text(grouped(count)), formula: Some(formula.to_owned()) }
}
