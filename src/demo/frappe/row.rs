//! A row as it is held: what many rows have in common once for all of them, what is empty not at all.
//!
//! Reads like a slice of cells in the order of the columns; a row that is changed becomes such a slice until it is stored
//! again. Knows cells and how often columns repeat, not what they mean.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::ops::{Index, IndexMut};
use std::sync::Arc;

use foldhash::fast::FixedState;

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

/// What rows of one table have in common, by its hash.
#[derive(Debug, Default)]
pub(super) struct Heads {
    heads: HashMap<u64, Vec<Arc<[Place]>>, FixedState>,
    /// Room for the columns that the row being packed has to itself.
    own: Vec<usize>,
}

impl Heads {
    /// Packs a row. `repeats` tells of each column whether its values are few: those, and empty cells, are what the head holds.
    pub(super) fn pack(&mut self, row: Row, repeats: &[bool]) -> Row {
        let Form::Open(mut cells) = row.0 else { return row };
        let is_common = |at: usize, cell: &Cell| repeats[at] || is_blank(cell);
        let mut hasher = FixedState::default().build_hasher();
        self.own.clear();
        for (at, cell) in cells.iter().enumerate() {
            if is_common(at, cell) {
                cell.hash_into(&mut hasher);
            } else {
                self.own.push(at);
                hasher.write_u8(u8::MAX);
            }
        }
        if self.own.len() > usize::from(u8::MAX) {
            return Row(Form::Open(cells));
        }
        let alike = self.heads.entry(hasher.finish()).or_default();
        let fits = |head: &&Arc<[Place]>| {
            head.iter().zip(&cells).enumerate().all(|(at, (place, cell))| match place {
                Place::Common(common) => common == cell && is_common(at, cell),
                Place::Own(_) => !is_common(at, cell),
            })
        };
        let head = alike.iter().find(fits).cloned().unwrap_or_else(|| {
            let mut position = 0_u8;
            let place = |(at, cell): (usize, &Cell)| {
                if is_common(at, cell) {
                    return Place::Common(cell.clone());
                }
                position = position.wrapping_add(1);
                Place::Own(position.wrapping_sub(1))
            };
            let head: Arc<[Place]> = cells.iter().enumerate().map(place).collect();
            alike.push(Arc::clone(&head));
            head
        });
        let own = self.own.iter().map(|at| std::mem::replace(&mut cells[*at], Cell::Null)).collect();
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
        let of_few = [false, false, true, false, false, false, false];
        let cells = [Cell::text("a"), Cell::Null, Cell::text("OPEN"), Cell::Int(0), Cell::Int(7), Cell::Float(0.0), Cell::text("")];
        let packed = heads.pack(open(&cells), &of_few);
        assert_eq!(packed.iter().cloned().collect::<Vec<_>>(), cells);
        let other = heads.pack(
            open(&[Cell::text("b"), Cell::Null, Cell::text("OPEN"), Cell::Int(0), Cell::Int(9), Cell::Float(0.0), Cell::text("x")]),
            &of_few,
        );
        assert_eq!((heads.heads.len(), &other[0], &other[2], &other[4]), (1, &Cell::text("b"), &Cell::text("OPEN"), &Cell::Int(9)));
        let mut changed = packed.clone();
        changed[1] = Cell::text("now");
        assert_eq!((&changed[1], &changed[4], &packed[1]), (&Cell::text("now"), &Cell::Int(7), &Cell::Null));
        // A text that is empty is no null, nor is a text a number.
        let texts = heads.pack(
            open(&[Cell::text("a"), Cell::text(""), Cell::text("0"), Cell::text("0"), Cell::Int(7), Cell::Null, Cell::Null]),
            &[true; 7],
        );
        let numbers = heads.pack(
            open(&[Cell::text("a"), Cell::text(""), Cell::Int(0), Cell::text("0"), Cell::Int(7), Cell::Null, Cell::Null]),
            &[true; 7],
        );
        assert_ne!(texts[2], numbers[2]);
    }
}
