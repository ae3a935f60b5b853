//! A stored text: short ones stand in the cell itself, middling ones in one allocation of their size, the rest are shared.
//!
//! A demo holds tens of millions of them: names, codes, days and links have at most fourteen bytes, moments at most thirty-two,
//! and every key is a hash of sixty-four digits. Knows no columns.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A text in 16 bytes, and what it points to.
#[derive(Clone)]
pub(super) struct Text(Form);

#[derive(Clone)]
enum Form {
    Short(u8, [u8; 14]),
    Middling(u8, Box<[u8; 32]>),
    Hash(Box<[u8; 64]>),
    Long(Arc<Box<str>>),
}

impl Text {
    /// The same text as one that other cells can share, unless it stands in the cell anyway.
    pub(super) fn shared(&self) -> Option<Arc<Box<str>>> {
        match &self.0 {
            Form::Short(..) => None,
            Form::Long(text) => Some(Arc::clone(text)),
            Form::Middling(..) | Form::Hash(_) => Some(Arc::new(Box::from(&**self))),
        }
    }

    /// A text that others share.
    pub(super) const fn sharing(text: Arc<Box<str>>) -> Self {
        Self(Form::Long(text))
    }
}

/// `text` at the front of an array of this length.
fn padded<const LENGTH: usize>(text: &str) -> Option<(u8, [u8; LENGTH])> {
    let mut bytes = [0; LENGTH];
    bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    Some((u8::try_from(text.len()).ok()?, bytes))
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        if let Some((length, bytes)) = padded(text) {
            return Self(Form::Short(length, bytes));
        }
        if let Some((length, bytes)) = padded(text) {
            return Self(Form::Middling(length, Box::new(bytes)));
        }
        if let Ok(digits) = text.as_bytes().try_into() {
            return Self(Form::Hash(Box::new(digits)));
        }
        Self(Form::Long(Arc::new(text.into())))
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        let bytes = match &self.0 {
            Form::Short(length, bytes) => bytes.get(..usize::from(*length)),
            Form::Middling(length, bytes) => bytes.get(..usize::from(*length)),
            Form::Hash(bytes) => Some(bytes.as_slice()),
            Form::Long(text) => return text,
        };
        // They were a text when they were stored.
        bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::Cell;
    use super::*;

    #[test]
    fn a_text_of_every_length_comes_back_and_a_cell_has_sixteen_bytes() {
        for length in 0..140 {
            let text: String = "ab\u{915}c".chars().cycle().take(length).collect();
            let stored = Text::from(text.as_str());
            assert_eq!(&*stored, text);
            assert_eq!(stored.shared().map(Text::sharing).unwrap_or(stored.clone()), stored);
        }
        assert_eq!(std::mem::size_of::<Cell>(), 16);
    }
}
