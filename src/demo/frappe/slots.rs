//! Where a text stands in a table: an index that holds hashes instead of the texts, which the rows have anyway.
//!
//! Whoever asks says how a row is recognised; two texts of one hash only cost another look.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use foldhash::fast::FixedState;

/// From a folded text to the slot of its row.
#[derive(Debug, Default)]
pub(super) struct Slots(HashMap<u64, u32, BuildHasherDefault<AsItIs>>);

/// In place of a slot that was left, while others may stand behind it.
const LEFT: u32 = u32::MAX;

impl Slots {
    /// The slot of `text`, among those whose row holds it.
    pub(super) fn get(&self, text: &str, holds: impl Fn(u32) -> bool) -> Option<u32> {
        let mut place = place_of(text);
        loop {
            match *self.0.get(&place)? {
                slot if slot != LEFT && holds(slot) => return Some(slot),
                _ => place = place.wrapping_add(1),
            }
        }
    }

    /// Notes the slot of `text`, which must not be noted yet.
    pub(super) fn insert(&mut self, text: &str, slot: u32) {
        let mut place = place_of(text);
        while self.0.get(&place).is_some_and(|slot| *slot != LEFT) {
            place = place.wrapping_add(1);
        }
        self.0.insert(place, slot);
    }

    /// Forgets that `text` stands at `slot`.
    pub(super) fn remove(&mut self, text: &str, slot: u32) {
        let mut place = place_of(text);
        while let Some(held) = self.0.get(&place) {
            if *held == slot {
                if self.0.contains_key(&place.wrapping_add(1)) {
                    self.0.insert(place, LEFT);
                } else {
                    self.0.remove(&place);
                }
                return;
            }
            place = place.wrapping_add(1);
        }
    }
}

fn place_of(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}

/// A hasher of what is a hash already.
#[derive(Debug, Default)]
pub(super) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_one_hash_do_not_hide_one_another() {
        let mut slots = Slots::default();
        let place = place_of("a");
        // Two strangers stand where the text and its neighbour would.
        slots.0.insert(place, 7);
        slots.0.insert(place.wrapping_add(1), 8);
        slots.insert("a", 9);
        assert_eq!(slots.get("a", |slot| slot == 9), Some(9));
        slots.remove("a", 8);
        assert_eq!(slots.get("a", |slot| slot == 9), Some(9), "what stands behind is still found");
        slots.remove("a", 9);
        assert_eq!(slots.get("a", |slot| slot == 9), None);
        slots.insert("a", 10);
        assert_eq!(slots.get("a", |slot| slot == 10), Some(10));
    }
}
