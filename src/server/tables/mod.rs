//! Tables that people send: a file on disk, read row by row in constant memory, whether it is separated text or a workbook.
//!
//! Owns which files are tables, their limits, and what is said of those that are none. It must not know what columns mean. Everything here
//! blocks: it is for a thread that may.

mod csv;
mod head;
mod text;
mod xlsx;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    fs::File,
    io::{Read as _, Seek as _},
    path::{Path, PathBuf},
};

pub use crate::model::filing::{Cell, Row, column_name};

/// How large a table may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows below the headings that are not blank.
    pub rows: u32,
    /// Columns.
    pub columns: usize,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of what a workbook unpacks to.
    pub unpacked: u64,
    /// Bytes of the words that a workbook keeps apart from its cells: the one part that is held in memory.
    pub words: usize,
    /// Bytes of a cell.
    pub cell: usize,
    /// Blank rows, with the blank cells in them, that are passed over before it is asked what they are for.
    pub blanks: u64,
}

impl Limits {
    /// Of a filing file.
    pub const FILING: Self = Self {
        rows: 1_00_000,
        columns: 200,
        bytes: 50 << 20,
        unpacked: 1 << 30,
        words: 64 << 20,
        // 32,767 characters of three bytes, which is what a spreadsheet takes in a cell.
        cell: 98_301,
        blanks: 10_00_000,
    };
}

/// Why a file, or the rest of it, cannot be read: what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    sentence: String,
}

impl Unreadable {
    fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into() }
    }

    /// About a cell, by its row from 1 and its column from 0.
    fn at(row: u32, column: usize, why: &str) -> Self {
        Self::new(format!("Row {row}, column {}: {why}", column_name(column)))
    }

    /// It, for whoever sent the file.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence)
    }
}

impl std::error::Error for Unreadable {}

const GONE: &str = "The file could not be read from this server’s disk. Send it again.";

fn gone<E>(_: E) -> Unreadable {
    Unreadable::new(GONE)
}

/// A table in a file.
pub struct Table {
    /// What its columns are called, each differently; empty for a column without a heading.
    pub headings: Vec<String>,
    /// What was decided in reading it that who sent it should know, in sentences.
    pub notes: Vec<String>,
    /// The sheet of a workbook that is read.
    pub sheet: Option<String>,
    head_row: u32,
    limits: Limits,
    kind: Kind,
}

enum Kind {
    Text { path: PathBuf, text: text::Text, delimiter: u8 },
    Book(Box<xlsx::Book>),
}

impl Table {
    /// Opens the file: a workbook or text, by what it contains and never by its name. Reads as much of it as is needed to know its headings,
    /// and all of a text, to know its encoding.
    ///
    /// # Errors
    /// What stands in the way, in words.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, Unreadable> {
        let mut file = File::open(path).map_err(gone)?;
        let length = file.metadata().map_err(gone)?.len();
        if length == 0 {
            return Err(Unreadable::new("The file is empty. Send the one that holds the loans."));
        }
        if length > limits.bytes {
            let most = limits.bytes >> 20;
            return Err(Unreadable::new(format!("The file is larger than {most} MB. Split it into several, each with the headings.")));
        }
        let mut first = Vec::new();
        file.by_ref().take(512).read_to_end(&mut first).map_err(gone)?;
        file.rewind().map_err(gone)?;
        if let Some(why) = of_another_kind(&first) {
            return Err(Unreadable::new(why));
        }
        if first.starts_with(b"PK") && first.get(2).is_some_and(|byte| *byte < 8) {
            return Self::book(file, limits);
        }
        let text = text::Text::survey(&mut file)?;
        let delimiter = csv::sniff(&mut text::Decoded::open(path, &text)?)?;
        let open = || Ok(csv::Scanner::new(text::Decoded::open(path, &text)?, delimiter, limits));
        let head = head::find(&mut open()?, limits)?.ok_or_else(|| Unreadable::new(head::NO_HEADINGS))?;
        let notes = text.note().into_iter().chain(head.notes).collect();
        let kind = Kind::Text { path: path.to_owned(), text, delimiter };
        Ok(Self { headings: head.headings, notes, sheet: None, head_row: head.row, limits, kind })
    }

    fn book(file: File, limits: Limits) -> Result<Self, Unreadable> {
        let mut book = xlsx::Book::open(file, limits)?;
        let sheets = book.sheets();
        for (index, name) in sheets.iter().enumerate() {
            book.choose(index);
            let Some(head) = head::find(&mut book.rows()?, limits).map_err(|why| in_sheet(why, name, sheets.len()))? else { continue };
            let others = if sheets.len() > 1 {
                Some(format!("The workbook has {} sheets; “{name}” is read, the first with data.", sheets.len()))
            } else {
                None
            };
            return Ok(Self {
                headings: head.headings,
                notes: others.into_iter().chain(head.notes).collect(),
                sheet: Some(name.clone()),
                head_row: head.row,
                limits,
                kind: Kind::Book(Box::new(book)),
            });
        }
        Err(Unreadable::new(head::NO_HEADINGS))
    }

    /// The row of its headings, as a spreadsheet counts.
    pub const fn heading_row(&self) -> u32 {
        self.head_row
    }

    /// Its rows from the first. Blank ones are passed over; after an error nothing follows.
    ///
    /// # Errors
    /// As [`Table::open`], where the file has changed meanwhile.
    pub fn rows(&mut self) -> Result<Rows<'_>, Unreadable> {
        let source: Box<dyn Source + Send + '_> = match &mut self.kind {
            Kind::Text { path, text, delimiter } => Box::new(csv::Scanner::new(text::Decoded::open(path, text)?, *delimiter, self.limits)),
            Kind::Book(book) => Box::new(book.rows()?),
        };
        Ok(Rows { source, head_row: self.head_row, limits: self.limits, taken: 0, blanks: 0, ended: false })
    }
}

fn in_sheet(why: Unreadable, name: &str, sheets: usize) -> Unreadable {
    if sheets > 1 { Unreadable::new(format!("Sheet “{name}”: {}", why.sentence)) } else { why }
}

/// What is no table but is sent as one; `None` where it may be one.
fn of_another_kind(first: &[u8]) -> Option<&'static str> {
    let word = |word: &[u8]| {
        let text = first.trim_ascii_start();
        text.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word))
    };
    if first.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return Some(
            "This is a workbook of the old kind (.xls), or one with a password. Open it, take the password off, and save it as .xlsx.",
        );
    }
    if word(b"<html") || word(b"<!doctype") || word(b"<table") || word(b"<?xml") {
        return Some("This is a web page or XML, whatever its name says. Open it in a spreadsheet and save it as .xlsx or as CSV.");
    }
    if first.starts_with(b"%PDF") {
        return Some("This is a PDF. Send the table that it was made from, as .xlsx or as CSV.");
    }
    if first.starts_with(&[0x1f, 0x8b]) || first.starts_with(b"Rar!") || first.starts_with(b"7z\xbc\xaf") {
        return Some("This is a compressed file. Unpack it and send the table in it.");
    }
    None
}

/// Where rows come from: every row in its order, blank ones too.
trait Source {
    /// Reads the next row into `cells`, whose last is not blank: its number, and how many cells of it were blank; `None` after the last.
    fn next_row(&mut self, cells: &mut Vec<Cell>) -> Result<Option<(u32, u64)>, Unreadable>;
}

/// The rows of a table below its headings.
pub struct Rows<'a> {
    source: Box<dyn Source + Send + 'a>,
    head_row: u32,
    limits: Limits,
    taken: u32,
    blanks: u64,
    ended: bool,
}

impl Rows<'_> {
    fn advance(&mut self) -> Result<Option<Row>, Unreadable> {
        loop {
            let mut cells = Vec::new();
            let Some((number, blank)) = self.source.next_row(&mut cells)? else { return Ok(None) };
            if number <= self.head_row {
                continue;
            }
            if cells.is_empty() {
                passed(&mut self.blanks, blank, number, self.limits)?;
                continue;
            }
            if self.taken == self.limits.rows {
                let most = crate::model::Inr::from_rupees(i64::from(self.limits.rows)).exact();
                let most = most.trim_start_matches('₹');
                return Err(Unreadable::new(format!(
                    "Row {number}: the file has more than {most} rows of data. Split it into several, each with the headings."
                )));
            }
            self.taken += 1;
            return Ok(Some(Row { number, cells }));
        }
    }
}

/// Counts what is blank, and asks when it is too much.
fn passed(blanks: &mut u64, blank: u64, number: u32, limits: Limits) -> Result<(), Unreadable> {
    *blanks = blanks.saturating_add(blank.max(1));
    if *blanks > limits.blanks {
        return Err(Unreadable::new(format!(
            "Row {number}: there are too many blank rows and cells before it. Delete the rows below the last loan, and what is formatted but empty."
        )));
    }
    Ok(())
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.advance().transpose();
        self.ended = !matches!(row, Some(Ok(_)));
        row
    }
}
