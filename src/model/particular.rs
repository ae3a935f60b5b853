//! A masked value of a party, and what it takes to see it whole.
//!
//! Owns the form of the reason that somebody gives. It must not know the value of anything before it was revealed.

use serde::{Deserialize, Serialize};

use super::{Brand, CaseId, FieldError, ParticularKind, Theme, UnmaskPurpose};

/// The opaque name of a particular upstream.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ParticularId(String);

impl ParticularId {
    /// Takes a name of Frappe's hash form, 1 to 64 characters of `0-9 a-z`; anything else is nobody's name.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        fits.then(|| Self(text.to_owned()))
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where somebody asks to see it whole.
    pub fn reveal_address(&self, case: &str) -> String {
        format!("/cases/{case}/reveal/{}", self.0)
    }
}

/// Why somebody wants to see a masked value: a purpose, and in their own words what an auditor should know beyond it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmaskReason {
    purpose: UnmaskPurpose,
    words: String,
}

impl UnmaskReason {
    /// Fewest characters of words: fewer mean nothing to an auditor.
    pub const MIN_CHARS: usize = 5;
    /// Most characters.
    pub const MAX_CHARS: usize = 300;

    /// Takes what was chosen and typed; blanks around the words and control characters do not count. Words may be left out where the
    /// purpose says enough.
    ///
    /// # Errors
    /// What is wrong with `purpose` (`required`, `unknown`) and with `reason` (`required`, `too_short`, `too_long`).
    pub fn parse(purpose: &str, typed: &str) -> Result<Self, Vec<FieldError>> {
        let purpose = UnmaskPurpose::from(purpose.to_owned());
        let words: String = typed.split(|c: char| c.is_control() || c == ' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let of_purpose = match &purpose {
            UnmaskPurpose::Unknown(code) if code.is_empty() => Some("required"),
            UnmaskPurpose::Unknown(_) => Some("unknown"),
            _ => None,
        };
        let of_words = match words.chars().count() {
            0 if purpose != UnmaskPurpose::Other => None,
            0 => Some("required"),
            1..Self::MIN_CHARS => Some("too_short"),
            Self::MIN_CHARS..=Self::MAX_CHARS => None,
            _ => Some("too_long"),
        };
        let problems = [("purpose", of_purpose), ("reason", of_words)].into_iter().filter_map(|(field, problem)| {
            let problem = problem?.to_owned();
            Some(FieldError { field: field.to_owned(), problem })
        });
        let problems: Vec<_> = problems.collect();
        if problems.is_empty() { Ok(Self { purpose, words }) } else { Err(problems) }
    }

    /// The purpose, as a code.
    pub fn code(&self) -> &str {
        self.purpose.code()
    }

    /// The words; empty where the purpose was enough.
    pub fn words(&self) -> &str {
        &self.words
    }
}

/// A masked value, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskedParticular {
    /// Which particular.
    pub id: ParticularId,
    /// The case.
    pub case: CaseId,
    /// The case's number.
    pub number: String,
    /// The party in the case: `R1 Ramesh Kumar`.
    pub party: String,
    /// Of which kind.
    pub kind: ParticularKind,
    /// The value as everybody sees it.
    pub masked: String,
}

impl MaskedParticular {
    /// The page that it is listed on.
    pub fn back(&self) -> String {
        format!("/cases/{}/service", self.case.as_str())
    }
}

/// A value as it is, for the answer that it was asked in and no other.
#[derive(Clone, PartialEq, Eq)]
pub struct Unmasked {
    /// The same, masked.
    pub of: MaskedParticular,
    /// The whole value; an address has one line a line.
    pub value: String,
    /// Seconds after which the browser hides it again.
    pub hide_after_s: u32,
}

impl std::fmt::Debug for Unmasked {
    /// Without the value: it must not get into a log by way of a format string.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unmasked({}, {})", self.of.id.as_str(), self.of.kind.code())
    }
}

/// The page on which a masked value is revealed.
#[derive(Clone, Debug)]
pub struct RevealPage {
    /// Whose portal it is.
    pub brand: Brand,
    /// Light or dark.
    pub theme: Theme,
    /// What is shown.
    pub step: RevealStep,
}

/// How far it has come.
#[derive(Clone, Debug)]
pub enum RevealStep {
    /// The reason is asked for.
    Ask {
        /// What would be revealed.
        of: MaskedParticular,
        /// What was chosen and typed before, for somebody whose reason could not be taken.
        typed: (String, String),
        /// What was wrong with it.
        problems: Vec<FieldError>,
    },
    /// The value is shown.
    Shown(Unmasked),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(purpose: &str, words: &str) -> Vec<(String, String)> {
        let told = UnmaskReason::parse(purpose, words).map_or_else(|problems| problems, |_| Vec::new());
        told.into_iter().map(|problem| (problem.field, problem.problem)).collect()
    }

    #[test]
    fn a_reason_is_a_purpose_and_words_that_are_bounded() {
        let of = |field: &str, problem: &str| vec![(field.to_owned(), problem.to_owned())];
        assert_eq!(problems("", "call back today"), of("purpose", "required"));
        assert_eq!(problems("CURIOSITY", "call back today"), of("purpose", "unknown"));
        for (nothing, problem) in [("", "required"), ("    ", "required"), ("ok", "too_short"), (" \u{0}\n\t. .  ", "too_short")] {
            assert_eq!(problems("OTHER", nothing), of("reason", problem), "{nothing:?}");
        }
        assert_eq!(problems("CONTACT", "abcd"), of("reason", "too_short"));
        assert_eq!(problems("CONTACT", &"x".repeat(301)), of("reason", "too_long"));
        assert_eq!(problems("", "abcd").len(), 2);
        assert_eq!(UnmaskReason::parse("CONTACT", " ").unwrap().words(), "");
        let reason = UnmaskReason::parse("OTHER", "  call\r\nback   today ").unwrap();
        assert_eq!((reason.code(), reason.words()), ("OTHER", "call back today"));
    }
}
