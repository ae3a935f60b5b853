//! Rows of separated text (RFC 4180, and what spreadsheets make of it).
//!
//! By hand and not by the library that writes our own: that one drops blank lines, and with them the row's number; takes a quotation mark
//! that is never closed for the end of the file; and holds a cell of any length in memory.

use super::{Cell, Limits, Source, Unreadable, text::Decoded};

/// What separates cells, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows by which that is decided.
const SAMPLE_ROWS: usize = 30;
/// Bytes of them at most.
const SAMPLE_BYTES: usize = 128 << 10;

/// What separates the cells of a text: what gives the most rows the same number of cells, two at least.
pub fn sniff(text: &mut Decoded) -> Result<u8, Unreadable> {
    let mut sample: Vec<u8> = Vec::new();
    loop {
        let piece = text.piece()?;
        if piece.is_empty() {
            break;
        }
        sample.extend(piece);
        if sample.len() >= SAMPLE_BYTES {
            break;
        }
    }
    let score = |delimiter: u8| {
        let counts = widths(&sample, delimiter);
        let rows_of = |width: usize| counts.iter().filter(|count| **count == width).count();
        counts.iter().filter(|width| **width >= 2).map(|width| (rows_of(*width), *width)).max().unwrap_or_default()
    };
    let best = DELIMITERS.iter().map(|delimiter| score(*delimiter)).max().unwrap_or_default();
    Ok(DELIMITERS.into_iter().find(|delimiter| score(*delimiter) == best).unwrap_or(b','))
}

/// How many cells the first rows have that are not blank.
fn widths(sample: &[u8], delimiter: u8) -> Vec<usize> {
    let (mut machine, mut widths, mut width, mut blank) = (Machine::Begin, Vec::new(), 1, true);
    for byte in sample {
        match machine.step(*byte, delimiter) {
            Step::Nothing => {}
            Step::Take(byte) => blank &= byte.is_ascii_whitespace(),
            Step::Cell => width += 1,
            Step::Row => {
                if !blank {
                    widths.push(width);
                }
                if widths.len() == SAMPLE_ROWS {
                    return widths;
                }
                (width, blank) = (1, true);
            }
        }
    }
    // A row that the sample cuts counts only where it is the only one.
    if widths.is_empty() && !blank {
        widths.push(width);
    }
    widths
}

/// Where in a row a reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Machine {
    /// At the beginning of a cell.
    Begin,
    /// In a cell without quotation marks.
    Plain,
    /// In quotation marks.
    Quoted,
    /// Behind a quotation mark within quotation marks: another one, or the end.
    Closing,
    /// Behind a carriage return that ended a row.
    Return,
}

/// What a byte is.
enum Step {
    Nothing,
    Take(u8),
    Cell,
    Row,
}

impl Machine {
    fn step(&mut self, byte: u8, delimiter: u8) -> Step {
        let (next, step) = match (*self, byte) {
            (Self::Return, b'\n') => (Self::Begin, Step::Nothing),
            (Self::Quoted, b'"') => (Self::Closing, Step::Nothing),
            (Self::Quoted, byte) => (Self::Quoted, Step::Take(byte)),
            (Self::Closing, b'"') => (Self::Quoted, Step::Take(b'"')),
            (Self::Begin | Self::Return, b'"') => (Self::Quoted, Step::Nothing),
            (_, b'\r') => (Self::Return, Step::Row),
            (_, b'\n') => (Self::Begin, Step::Row),
            (_, byte) if byte == delimiter => (Self::Begin, Step::Cell),
            // What follows closed quotation marks belongs to the cell.
            (_, byte) => (Self::Plain, Step::Take(byte)),
        };
        *self = next;
        step
    }
}

/// Reads rows.
pub struct Scanner {
    text: Decoded,
    piece: Vec<u8>,
    at: usize,
    machine: Machine,
    delimiter: u8,
    limits: Limits,
    /// Rows that were read.
    rows: u32,
    ended: bool,
    /// The cell that is being read.
    cell: Vec<u8>,
    column: usize,
}

impl Scanner {
    /// From the beginning of a text.
    pub const fn new(text: Decoded, delimiter: u8, limits: Limits) -> Self {
        Self {
            text,
            piece: Vec::new(),
            at: 0,
            machine: Machine::Begin,
            delimiter,
            limits,
            rows: 0,
            ended: false,
            cell: Vec::new(),
            column: 0,
        }
    }

    fn byte(&mut self) -> Result<Option<u8>, Unreadable> {
        if self.at == self.piece.len() {
            self.piece.clear();
            self.piece.extend_from_slice(self.text.piece()?);
            self.at = 0;
        }
        let byte = self.piece.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }

    const fn row(&self) -> u32 {
        self.rows.saturating_add(1)
    }

    fn take(&mut self, byte: u8) -> Result<(), Unreadable> {
        if self.cell.len() >= self.limits.cell {
            let why = if self.machine == Machine::Quoted {
                "a quotation mark opens here and is not closed where the cell should end. Close it, or write it twice where it belongs to the text."
            } else {
                "the cell is longer than a spreadsheet takes. Shorten it; if it holds whole rows, save the file again as CSV."
            };
            return Err(Unreadable::at(self.row(), self.column, why));
        }
        self.cell.push(byte);
        Ok(())
    }

    /// Ends a cell.
    fn put(&mut self, cells: &mut Vec<Cell>) -> Result<(), Unreadable> {
        let column = self.column;
        self.column += 1;
        if self.cell.is_empty() {
            return Ok(());
        }
        let Ok(text) = String::from_utf8(std::mem::take(&mut self.cell)) else { return Err(super::gone(())) };
        let cell = Cell::Text(text);
        if cell.is_blank() {
            return Ok(());
        }
        if column >= self.limits.columns {
            let why = format!("the table has more than {} columns. Delete those that are not needed.", self.limits.columns);
            return Err(Unreadable::at(self.row(), column, &why));
        }
        cells.resize(column, Cell::Empty);
        cells.push(cell);
        Ok(())
    }
}

impl Source for Scanner {
    fn next_row(&mut self, cells: &mut Vec<Cell>) -> Result<Option<(u32, u64)>, Unreadable> {
        cells.clear();
        if self.ended {
            return Ok(None);
        }
        self.column = 0;
        self.cell.clear();
        loop {
            let Some(byte) = self.byte()? else {
                if self.machine == Machine::Quoted {
                    let why = "a quotation mark opens here and is never closed. Close it, or write it twice where it belongs to the text.";
                    return Err(Unreadable::at(self.row(), self.column, why));
                }
                self.ended = true;
                let begun = self.column > 0 || !self.cell.is_empty() || self.machine == Machine::Closing;
                if !begun {
                    return Ok(None);
                }
                break;
            };
            match self.machine.step(byte, self.delimiter) {
                Step::Nothing => {}
                Step::Take(byte) => self.take(byte)?,
                Step::Cell => self.put(cells)?,
                Step::Row => break,
            }
        }
        self.put(cells)?;
        self.rows = self.row();
        // Blank cells of a text are a byte each: its rows are what is counted.
        Ok(Some((self.rows, 0)))
    }
}
