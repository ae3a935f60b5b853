//! Rows by the text of a column, as MariaDB finds them by an index; made when it is first asked for. Knows no conditions.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::FixedState;

use super::cell::Cell;
use super::row::Row;
use super::table::key;

/// The index of one column.
#[derive(Debug)]
pub(super) struct Lookup {
    pub(super) column: usize,
    slots: OnceLock<Slots>,
}

/// By folded text.
type Slots = HashMap<Box<str>, Vec<u32>, FixedState>;

/// The slots of the rows with this value.
fn of<'a>(slots: &'a mut Slots, value: &Cell) -> &'a mut Vec<u32> {
    slots.entry(key(value).into()).or_default()
}

impl Lookup {
    pub(super) fn of(column: usize) -> Self {
        Self { column, slots: OnceLock::new() }
    }

    /// The slots of the rows that hold a folded text, in their order; `rows` are those of the table.
    pub(super) fn get<'a>(&self, text: &str, rows: impl Iterator<Item = (u32, &'a Row)>) -> &[u32] {
        let slots = self.slots.get_or_init(|| {
            let mut slots = Slots::default();
            for (slot, row) in rows {
                of(&mut slots, &row[self.column]).push(slot);
            }
            slots
        });
        slots.get(text).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn insert(&mut self, row: &Row, slot: u32) {
        if let Some(slots) = self.slots.get_mut() {
            let slots = of(slots, &row[self.column]);
            if let Err(place) = slots.binary_search(&slot) {
                slots.insert(place, slot);
            }
        }
    }

    pub(super) fn remove(&mut self, row: &Row, slot: u32) {
        if let Some(slots) = self.slots.get_mut()
            && let Some(slots) = slots.get_mut(&*key(&row[self.column]))
            && let Ok(place) = slots.binary_search(&slot)
        {
            slots.remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_was_made_follows_every_change() {
        let row = |text: &str| Row::from_iter([Cell::text(text)]);
        let rows = [row("a"), row("B"), row("b")];
        let all = || rows.iter().zip(0_u32..).map(|(row, slot)| (slot, row));
        let mut lookup = Lookup::of(0);
        assert_eq!(lookup.get("b", all()), [1, 2]);
        lookup.remove(&rows[1], 1);
        lookup.insert(&row("b"), 3);
        lookup.insert(&row("B "), 0);
        assert_eq!(lookup.get("b", all()), [0, 2, 3]);
        assert!(lookup.get("c", all()).is_empty());
    }
}
