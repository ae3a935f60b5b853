//! Words for the codes of option sets that are only shown (`records.md` §7). A code without words of its own is shown as it is,
//! in words made from it, and never dropped.

use serde::{Deserialize, Serialize};

/// A code of an option set with the words for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    /// As stored.
    pub code: String,
    /// As people say it.
    pub label: String,
}

impl Term {
    /// The code with its words.
    pub fn of(code: impl Into<String>) -> Self {
        let code = code.into();
        let label = WORDS.iter().find(|(known, _)| *known == code).map_or_else(|| spelled(&code), |(_, words)| (*words).to_owned());
        Self { code, label }
    }

    /// The code with its words; `None` for the empty code.
    pub fn of_some(code: &str) -> Option<Self> {
        (!code.is_empty()).then(|| Self::of(code))
    }

    /// The code with words given for this place.
    pub fn named(code: &str, label: &str) -> Self {
        Self { code: code.to_owned(), label: label.to_owned() }
    }
}

/// `PARTY_ABSENT` as `Party absent`.
fn spelled(code: &str) -> String {
    let mut words = code.replace('_', " ").to_ascii_lowercase();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// Words that spelling a code out would not give: terms of the law, of the trade, and abbreviations.
const WORDS: &[(&str, &str)] = &[
    ("S21", "Notice under s. 21"),
    ("LRN", "Loan recall notice"),
    ("SOC", "Statement of claim"),
    ("SOD", "Statement of defence"),
    ("SOA", "Statement of account"),
    ("SMS", "SMS"),
    ("WHATSAPP", "WhatsApp"),
    ("EMAIL", "E-mail"),
    ("SPEED_POST", "Speed Post"),
    ("HAND", "By hand"),
    ("POA_HOLDER", "Holder of a power of attorney"),
    ("CO_BORROWER", "Co-borrower"),
    ("NAMED_IN_CLAUSE", "Institution named in the clause"),
    ("AGREED_AFTER_DISPUTE", "Agreed in writing after the dispute"),
    ("S11_ORDER", "Order under s. 11"),
    ("POD", "Proof of delivery"),
    ("S21_NOTICE", "Notice under s. 21"),
    ("REQUEST", "Request for arbitration"),
    ("APPOINTMENT", "Appointment"),
    ("S34", "Application under s. 34"),
    ("ALL_PARTIES", "All parties"),
    ("PRIVATE", "Your institution"),
    ("SHARED", "The tribunal as well"),
    ("NEFT", "NEFT"),
    ("RTGS", "RTGS"),
    ("IMPS", "IMPS"),
    ("UPI", "UPI"),
    ("NACH", "NACH"),
    ("LUMP", "At once"),
    ("INSTALMENTS", "In instalments"),
    ("OURS", "We must act"),
    ("THEIRS", "They must act"),
    ("TRIBUNAL", "Tribunal"),
    ("EX_PARTE", "Ex parte"),
    ("CURE", "Cure period of the recall notice"),
    ("LIMITATION", "Limitation"),
    ("S21_RESPONSE", "Response to the notice under s. 21"),
    ("S13_CHALLENGE", "Challenge to the arbitrator, s. 13"),
    ("S23_PLEADINGS", "Pleadings, s. 23(4)"),
    ("S29A_AWARD", "Award, s. 29A(1)"),
    ("S29A_CONSENT", "Award extended by consent, s. 29A(3)"),
    ("S29A_COURT", "Award extended by the court, s. 29A(4)"),
    ("S29B_FAST", "Fast track award, s. 29B"),
    ("S33_CORRECTION", "Correction of the award, s. 33"),
    ("S34_CHALLENGE", "Challenge to the award, s. 34(3)"),
    ("EXECUTION", "Execution of the award"),
    ("S138_NOTICE", "Cheque notice, s. 138(b)"),
    ("S138_PAYMENT", "Payment after the cheque notice, s. 138(c)"),
    ("S138_COMPLAINT", "Complaint, s. 142"),
    ("SARFAESI_DEMAND", "SARFAESI demand, s. 13(2)"),
    ("SARFAESI_REPLY", "Reply under SARFAESI, s. 13(3A)"),
    ("S9_START", "Tribunal after interim relief, s. 9(2)"),
    ("LRN_SERVED", "Recall notice served"),
    ("S21_RECEIVED", "Notice under s. 21 received"),
    ("SOC_SERVED", "Statement of claim served"),
    ("CLAUSE", "Arbitration clause"),
    ("DISCLOSURE", "Disclosure under s. 12"),
    ("HEARINGNOTICE", "Hearing notices served"),
    ("S29A", "Award within s. 29A"),
    ("AWARDCOPY", "Signed award delivered to each party"),
    ("SETTLED_OTS", "Settled"),
    ("MOVED_FORUM", "Moved to another forum"),
    ("ASSIGNED_TO_ARC", "Assigned to an ARC"),
    ("TERMINATED_S32", "Terminated under s. 32"),
    ("PEOPLE", "People"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_always_shown_in_words() {
        for (code, label) in [("S29A_AWARD", "Award, s. 29A(1)"), ("PARTY_ABSENT", "Party absent"), ("X", "X"), ("", "")] {
            assert_eq!(Term::of(code).label, label);
        }
        assert_eq!(Term::of_some(""), None);
        let codes: std::collections::BTreeSet<_> = WORDS.iter().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), WORDS.len(), "a code has words once");
    }
}
