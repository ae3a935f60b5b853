//! Which loans a file has named already. Keeps a number of sixteen bytes for each and not the loan's own, so that a hundred thousand rows
//! cost a few megabytes. It must not know cases.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{DefaultHasher, Hasher as _},
};

use super::repair::Finding;

/// The loans of a file so far.
#[derive(Debug, Default)]
pub struct Seen(HashMap<u128, u32>);

impl Seen {
    /// Notes the loan of a row: the first row of the same loan, where there is one. Case of letters and blanks around do not tell loans apart;
    /// a row without a number is no loan.
    pub fn note(&mut self, lan: &str, row: u32) -> Option<u32> {
        let lan = lan.trim();
        if lan.is_empty() {
            return None;
        }
        match self.0.entry(hash(&lan.to_uppercase())) {
            Entry::Occupied(first) => Some(*first.get()).filter(|first| *first != row),
            Entry::Vacant(place) => {
                place.insert(row);
                None
            }
        }
    }

    /// The same, as what is wrong with the row.
    pub fn finding(&mut self, lan: &str, row: u32) -> Option<Finding> {
        let first = self.note(lan, row)?;
        let sentence = format!("Row {first} of the file has this loan account number as well. A loan has one case: keep one of the rows.");
        Some(Finding::new("E_DUPLICATE_LAN", "lan", sentence))
    }
}

/// Two halves that are hashed differently; keyed hashes would differ after a restart, and nobody gains from two rows of one hash.
fn hash(text: &str) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(salt);
        hasher.write(text.as_bytes());
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
}
