//! A stored text: short ones stand in the cell itself, middling ones in one allocation of their size, the rest are shared.
//!
//! A demo holds tens of millions of them: names, codes, days and links have at most fourteen bytes, moments at most thirty-two,
//! and every key is a hash of sixty-four digits. Knows no columns.

use std::borrow::Borrow;
use std::collections::HashSet;
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
    /// Its bytes, for whoever need not know that they are a text: checking that takes longer than most of what is done with it.
    pub(super) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Form::Short(length, bytes) => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Form::Middling(length, bytes) => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Form::Hash(bytes) => bytes.as_slice(),
            Form::Long(text) => text.as_bytes(),
        }
    }

    /// From now on in one copy for all that share `copies`, unless it stands in the cell anyway.
    pub(super) fn share(&mut self, copies: &mut Copies) {
        if let Form::Short(..) = self.0 {
            return;
        }
        let copy = copies.0.get(&**self).map(|Shared(text)| Arc::clone(text)).unwrap_or_else(|| {
            let text = if let Form::Long(text) = &self.0 { Arc::clone(text) } else { Arc::new(Box::from(&**self)) };
            copies.0.insert(Shared(Arc::clone(&text)));
            text
        });
        self.0 = Form::Long(copy);
    }
}

/// The texts that cells of one table share.
#[derive(Debug, Default)]
pub(super) struct Copies(HashSet<Shared, foldhash::fast::FixedState>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Shared(Arc<Box<str>>);

impl Borrow<str> for Shared {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// `text` at the front of an array of this length, which it must not exceed.
fn padded<const LENGTH: usize>(text: &str) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(match (text.len(), text.as_bytes().try_into()) {
            (length @ 0..=14, _) => Form::Short(length as u8, padded(text)),
            (length @ 15..=32, _) => Form::Middling(length as u8, Box::new(padded(text))),
            (_, Ok(digits)) => Form::Hash(Box::new(digits)),
            _ => Form::Long(Arc::new(text.into())),
        })
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        if let Form::Long(text) = &self.0 {
            return text;
        }
        // They were a text when they were stored.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
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
        let mut copies = Copies::default();
        for length in 0..140 {
            let text: String = "ab\u{915}c".chars().cycle().take(length).collect();
            let stored = Text::from(text.as_str());
            assert_eq!(&*stored, text);
            let [mut one, mut other] = [stored.clone(), stored];
            one.share(&mut copies);
            other.share(&mut copies);
            assert_eq!(&*one, text);
            match (one.0, other.0) {
                (Form::Long(one), Form::Long(other)) => assert!(Arc::ptr_eq(&one, &other)),
                (one, _) => assert!(matches!(one, Form::Short(..))),
            }
        }
        assert_eq!(std::mem::size_of::<Cell>(), 16);
    }
}
