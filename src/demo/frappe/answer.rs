//! The top level of a method's answer. Knows no method.

use serde_json::{Map, Value};

/// Keys of the body, `message` among them where the method returns anything.
#[derive(Debug, Default)]
pub(super) struct Answer(pub(super) Map<String, Value>);

impl Answer {
    /// What a function that returns `value` answers.
    pub(super) fn message(value: Value) -> Self {
        Self::default().beside("message", value)
    }

    /// The same with another key.
    pub(super) fn beside(mut self, key: &str, value: Value) -> Self {
        self.0.insert(key.to_owned(), value);
        self
    }
}
