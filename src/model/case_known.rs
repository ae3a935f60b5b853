//! What is known of a case's loan, dues and course, as values under stable codes: a page writes them in words, the JSON API as they
//! are. What nobody knows is not there.

use super::{Cell, Day, Fact, FactGroup, Inr};

/// Facts that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownGroup {
    /// Its code: part of the JSON API's contract.
    pub code: &'static str,
    /// What they are about.
    pub title: &'static str,
    /// The facts, in the order in which they are read.
    pub facts: Vec<Known>,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its code: part of the JSON API's contract.
    pub code: &'static str,
    /// Its name.
    pub label: &'static str,
    /// What is known.
    pub value: KnownValue,
}

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownValue {
    /// So much.
    Money(Inr),
    /// That day.
    Day(Day),
    /// These words.
    Text(String),
}

impl KnownGroup {
    /// The group as a page shows it.
    pub fn in_words(&self) -> FactGroup {
        FactGroup { title: self.title.to_owned(), facts: self.facts.iter().map(Known::in_words).collect() }
    }
}

impl Known {
    fn in_words(&self) -> Fact {
        let cell = match &self.value {
            KnownValue::Money(amount) => Cell { exact: Some(amount.exact()), ..Cell::text(amount.compact()) },
            KnownValue::Day(day) => Cell::text(day.long()),
            KnownValue::Text(text) => Cell::text(text),
        };
        Fact { label: self.label.to_owned(), cell, formula: None }
    }
}
