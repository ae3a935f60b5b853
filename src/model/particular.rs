//! A masked value of a party, and what it takes to see it whole.
//!
//! Owns the form of the reason that somebody gives. It must not know the value of anything before it was revealed.

use serde::{Deserialize, Serialize};

use super::{ErrorCode, FieldError, ParticularKind, PortalError};

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
}

/// Why somebody wants to see a masked value: in their own words, long enough to mean something to an auditor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmaskReason(String);

impl UnmaskReason {
    /// Fewest characters.
    pub const MIN_CHARS: usize = 5;
    /// Most characters.
    pub const MAX_CHARS: usize = 300;

    /// Takes what was typed; blanks around it and control characters do not count.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] that names the field `reason` with `required` or `too_long`.
    pub fn parse(typed: &str) -> Result<Self, PortalError> {
        let reason: String =
            typed.split(|c: char| c.is_control() || c == ' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let problem = match reason.chars().count() {
            ..Self::MIN_CHARS => "required",
            Self::MIN_CHARS..=Self::MAX_CHARS => return Ok(Self(reason)),
            _ => "too_long",
        };
        let field = FieldError { field: "reason".to_owned(), problem: problem.to_owned() };
        Err(ErrorCode::Invalid { fields: vec![field] }.into())
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A value as it is, for the answer that it was asked in and no other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmasked {
    /// Which particular.
    pub particular: ParticularId,
    /// Of which kind.
    pub kind: ParticularKind,
    /// The whole value; an address has one line a line.
    pub value: String,
    /// Seconds after which the browser hides it again.
    pub hide_after_s: u32,
}

impl std::fmt::Debug for Unmasked {
    /// Without the value: it must not get into a log by way of a format string.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unmasked({}, {})", self.particular.as_str(), self.kind.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_words_and_bounded() {
        for nothing in ["", "    ", "ok", " \u{0}\n\t. .  ", "abcd"] {
            assert!(UnmaskReason::parse(nothing).is_err(), "{nothing:?}");
        }
        assert!(UnmaskReason::parse(&"x".repeat(301)).is_err());
        assert_eq!(UnmaskReason::parse("  call\r\nback   today ").unwrap().as_str(), "call back today");
    }
}
