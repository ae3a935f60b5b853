//! Tables that people send: a file on disk, read row by row in constant memory, whether it is comma-separated text or a workbook.
//!
//! Owns which files are tables, their limits, and what is said of those that are none. It must not know what columns mean.

mod csv;
mod text;
mod xlsx;

use std::path::Path;

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
    /// Blank rows, and blank cells of a workbook, that are passed over before it is asked what they are for.
    pub blanks: u64,
}

/// Why a file, or the rest of it, cannot be read: what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    sentence: String,
}

/// A table in a file.
pub struct Table {
    /// What its columns are called; empty for a column without a heading.
    pub headings: Vec<String>,
    /// What was decided in reading it that its owner should know.
    pub notes: Vec<String>,
}

/// The rows of a table below its headings; blank ones are passed over.
pub struct Rows<'a>(&'a mut Table);

impl Table {
    /// Opens the file: a workbook or text, by what it contains.
    ///
    /// # Errors
    /// What stands in the way, in words.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, Unreadable>;

    /// Its rows from the first. Blocking. After an error nothing follows.
    pub fn rows(&mut self) -> Result<Rows<'_>, Unreadable>;
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Unreadable>;
}
