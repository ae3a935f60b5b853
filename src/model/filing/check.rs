//! A row, judged: first its words one by one, then the case and its respondents by the rules of their forms. Total: whatever a row says,
//! it is a case or there are findings that say why not. It must not know other rows.

use super::{content::Content, known::Known, mapping::Mapping, repair::Finding};
use crate::model::{case_draft::CaseDraft, party_draft::PartyDraft};

/// What a row comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The case; whole where no finding is grave.
    pub case: CaseDraft,
    /// The lead borrower, then up to two others.
    pub parties: Vec<PartyDraft>,
    /// What is wrong and what is odd, in the order of the fields.
    pub findings: Vec<Finding>,
}

/// Judges a row.
pub fn check_row(content: &Content, mapping: &Mapping, known: &Known) -> Checked {
    Checked::default()
}
