//! What may be done in a case, and for what may not, why not.

/// A deed in a case, as far as one person is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What is done, in the imperative.
    pub label: String,
    /// The address of its form; `None` where it may not be done now.
    pub href: Option<String>,
    /// Why it may not; or what must be known before it is done.
    pub why: Vec<String>,
}
