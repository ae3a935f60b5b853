//! What is found by a number or by a word: cases, and by what each was found; and what else the person may look for. It must not know
//! where the numbers are kept.

use super::{CaseRow, Role};

/// What a text finds for somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The cases that go by it, the surest first.
    pub cases: Vec<FoundCase>,
    /// The person's role: which pages and actions there are to find.
    pub role: Role,
}

/// A case that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundCase {
    /// The case.
    pub case: CaseRow,
    /// By what.
    pub by: FoundBy,
}

/// By what a case was found, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    /// The registry's number.
    Number,
    /// The number of the draft.
    Draft,
    /// The loan account.
    Loan,
    /// The loan agreement.
    Agreement,
    /// The tracking number of a notice by post or courier.
    Tracking,
    /// The court's number (CNR) of a proceeding beside the arbitration.
    Cnr,
    /// The last four digits of a party's mobile number.
    Mobile,
    /// Words of names and numbers.
    Words,
}

impl FoundBy {
    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Number => "Case number",
            Self::Draft => "Draft number",
            Self::Loan => "Loan account",
            Self::Agreement => "Agreement",
            Self::Tracking => "Tracking number",
            Self::Cnr => "CNR of a proceeding",
            Self::Mobile => "Last digits of a mobile number",
            Self::Words => "Name or part of a number",
        }
    }

    /// Whether the whole number was typed: a single case that is found so is the one that was meant.
    pub const fn is_sure(self) -> bool {
        !matches!(self, Self::Mobile | Self::Words)
    }
}
