//! A filing file: a table of loans that become draft cases, a row each.
//!
//! Owns what a row may say, which column says it, and what is wrong with it. A row is judged by the very rules of the form in which a
//! case is entered by hand (`case_draft`, `party_draft`): words are first brought into the form's own shape. It must not know how a file
//! is opened, nor what becomes of a row.

mod cell;
mod check;
mod content;
mod field;
mod guess;
mod known;
mod mapping;
mod parties;
mod places;
mod repair;
mod seen;
mod values;

#[cfg(test)]
mod tests;

pub use cell::{Cell, Row, column_name};
pub use check::{Checked, check_row};
pub use content::Content;
pub use field::{FIELDS, FilingField, FilingKind};
pub use known::Known;
pub use mapping::{Mapping, MappingProblem};
pub use repair::{Finding, Repair};
pub use seen::Seen;
