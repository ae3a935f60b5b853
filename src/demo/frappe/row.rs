//! A row as it is held: what many rows have in common once for all of them, what is empty not at all.
//!
//! Reads like a slice of cells in the order of the columns; a row that is changed becomes such a slice until it is stored
//! again. Knows cells and how often columns repeat, not what they mean.

use std::collections::HashMap;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

use super::cell::Cell;

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row(Form);

#[derive(Clone, Debug)]
enum Form {
    Open(Box<[Cell]>),
    Packed(Arc<[Place]>, Box<[Cell]>),
}

/// Where a column of a packed row is.
#[derive(Debug)]
enum Place {
    /// Here, for every row with this head.
    Common(Cell),
    /// At this position of the row's own cells.
    Own(u8),
}

impl Row {
    /// The cells in the order of the columns.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Cell> {
        let columns = match &self.0 {
            Form::Open(cells) => cells.len(),
            Form::Packed(head, _) => head.len(),
        };
        (0..columns).map(|at| &self[at])
    }
}

impl FromIterator<Cell> for Row {
    fn from_iter<T: IntoIterator<Item = Cell>>(cells: T) -> Self {
        Self(Form::Open(cells.into_iter().collect()))
    }
}

impl Index<usize> for Row {
    type Output = Cell;

    fn index(&self, at: usize) -> &Cell {
        match &self.0 {
            Form::Open(cells) => &cells[at],
            Form::Packed(head, own) => match &head[at] {
                Place::Common(cell) => cell,
                Place::Own(position) => &own[usize::from(*position)],
            },
        }
    }
}

impl IndexMut<usize> for Row {
    fn index_mut(&mut self, at: usize) -> &mut Cell {
        if let Form::Packed(..) = self.0 {
            self.0 = Form::Open(self.iter().cloned().collect());
        }
        match &mut self.0 {
            Form::Open(cells) => &mut cells[at],
            // A row was opened above.
            Form::Packed(_, own) => &mut own[at],
        }
    }
}

/// What rows of one table have in common.
#[derive(Debug, Default)]
pub(super) struct Heads(HashMap<Box<str>, Arc<[Place]>>);

impl Heads {
    /// Packs a row. `repeats` tells of a column whether its values are few: those, and empty cells, are what the head holds.
    pub(super) fn pack(&mut self, row: &Row, repeats: impl Fn(usize) -> bool) -> Row {
        let common = |at: usize, cell: &Cell| repeats(at) || is_blank(cell);
        let mut key = String::new();
        for (at, cell) in row.iter().enumerate() {
            match cell {
                _ if !common(at, cell) => key.push('\u{1}'),
                Cell::Null => key.push('\u{2}'),
                Cell::Text(text) => key.extend(["\u{3}", text]),
                Cell::Int(number) => key.extend(["\u{4}", &number.to_string()]),
                Cell::Float(number) => key.extend(["\u{5}", &number.to_bits().to_string()]),
            }
            key.push('\u{1f}');
        }
        let own: Box<[Cell]> = row.iter().enumerate().filter(|(at, cell)| !common(*at, cell)).map(|(_, cell)| cell.clone()).collect();
        if own.len() > usize::from(u8::MAX) {
            return row.clone();
        }
        if let Some(head) = self.0.get(key.as_str()) {
            return Row(Form::Packed(Arc::clone(head), own));
        }
        let mut next = 0_u8;
        let places = row.iter().enumerate().map(|(at, cell)| {
            if common(at, cell) {
                return Place::Common(cell.clone());
            }
            next = next.wrapping_add(1);
            Place::Own(next.wrapping_sub(1))
        });
        let head: Arc<[Place]> = places.collect();
        self.0.insert(key.into(), Arc::clone(&head));
        Row(Form::Packed(head, own))
    }
}

fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Null => true,
        Cell::Int(number) => *number == 0,
        // Not −0, which would come back as 0.
        Cell::Float(number) => number.to_bits() == 0,
        Cell::Text(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(cells: &[Cell]) -> Row {
        cells.iter().cloned().collect()
    }

    #[test]
    fn a_packed_row_reads_as_it_did_and_can_be_changed() {
        let mut heads = Heads::default();
        let cells = [Cell::text("a"), Cell::Null, Cell::text("OPEN"), Cell::Int(0), Cell::Int(7), Cell::Float(0.0), Cell::text("")];
        let packed = heads.pack(&open(&cells), |at| at == 2);
        assert_eq!(packed.iter().cloned().collect::<Vec<_>>(), cells);
        let other = heads.pack(
            &open(&[Cell::text("b"), Cell::Null, Cell::text("OPEN"), Cell::Int(0), Cell::Int(9), Cell::Float(0.0), Cell::text("x")]),
            |at| at == 2,
        );
        assert_eq!((heads.0.len(), &other[0], &other[2], &other[4]), (1, &Cell::text("b"), &Cell::text("OPEN"), &Cell::Int(9)));
        let mut changed = packed.clone();
        changed[1] = Cell::text("now");
        assert_eq!((&changed[1], &changed[4], &packed[1]), (&Cell::text("now"), &Cell::Int(7), &Cell::Null));
        // A text that is empty is no null, nor is a text a number.
        let texts = heads.pack(
            &open(&[Cell::text("a"), Cell::text(""), Cell::text("0"), Cell::text("0"), Cell::Int(7), Cell::Null, Cell::Null]),
            |_| true,
        );
        let numbers = heads
            .pack(&open(&[Cell::text("a"), Cell::text(""), Cell::Int(0), Cell::text("0"), Cell::Int(7), Cell::Null, Cell::Null]), |_| true);
        assert_ne!(texts[2], numbers[2]);
    }
}
