//! Workbooks (ECMA-376) read as they are unpacked: no sheet is ever whole in memory, only the words that a workbook keeps apart from its
//! cells, within a limit.
//!
//! By hand over an XML reader: the libraries for this format turn numbers into floats, which loses the end of a loan's number, and hold
//! words of any size. Owns the parts of a workbook and where they are. It must not know rows.

mod parts;
mod sheet;
mod styles;
mod words;
mod xml;

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use zip::ZipArchive;

use super::{Limits, Unreadable};
use sheet::Sheet;
use xml::Xml;

/// Bytes of an archive's directory that are read: a workbook has a few dozen parts.
const DIRECTORY_MAX: u64 = 4 << 20;
/// Bytes of the workbook's small parts, together.
const SMALL_MAX: u64 = 32 << 20;

pub(super) const DAMAGED: &str = "The workbook is damaged. Open it in a spreadsheet and save it again as .xlsx, or as CSV.";

fn damaged<E>(_: E) -> Unreadable {
    Unreadable::new(DAMAGED)
}

type Archive = ZipArchive<Metered<BufReader<File>>>;

/// A workbook.
pub struct Book {
    archive: Archive,
    limits: Limits,
    /// Names and parts of its visible sheets.
    sheets: Vec<(String, String)>,
    chosen: usize,
    words: words::Words,
    styles: styles::Styles,
}

impl Book {
    /// Opens one.
    pub fn open(file: File, limits: Limits) -> Result<Self, Unreadable> {
        let meter = Arc::new(AtomicU64::new(DIRECTORY_MAX));
        let mut archive = ZipArchive::new(Metered { inner: BufReader::new(file), left: Arc::clone(&meter) }).map_err(damaged)?;
        // What is read of the file from here on is bounded by what it unpacks to.
        meter.store(u64::MAX, Ordering::Relaxed);
        let described = parts::read(&mut archive, SMALL_MAX)?;
        let styles = match &described.styles {
            Some(part) => styles::Styles::read(part_of(&mut archive, part, SMALL_MAX)?, described.from_1904)?,
            None => styles::Styles::none(described.from_1904),
        };
        let words = match &described.words {
            Some(part) => words::Words::read(part_of(&mut archive, part, limits.unpacked)?, limits)?,
            None => words::Words::default(),
        };
        Ok(Self { archive, limits, sheets: described.sheets, chosen: 0, words, styles })
    }

    /// The names of its visible sheets.
    pub fn sheets(&self) -> Vec<String> {
        self.sheets.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Which of them is read.
    pub const fn choose(&mut self, index: usize) {
        self.chosen = index;
    }

    /// The rows of the chosen sheet.
    pub fn rows(&mut self) -> Result<Sheet<'_>, Unreadable> {
        let Some((_, part)) = self.sheets.get(self.chosen) else { return Err(damaged(())) };
        let xml = part_of(&mut self.archive, part, self.limits.unpacked)?;
        Ok(Sheet::new(xml, &self.words, &self.styles, self.limits))
    }
}

/// A part of the workbook as XML. A part that is not there is a damaged workbook: who asks has read its name in another part.
fn part_of<'a>(archive: &'a mut Archive, name: &str, most: u64) -> Result<Xml<Box<dyn Read + Send + 'a>>, Unreadable> {
    let index = place_of(archive, name).ok_or_else(|| damaged(()))?;
    let file = archive.by_index(index).map_err(|error| match error {
        zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => {
            Unreadable::new("The file has a password. Take it off and save the workbook again as .xlsx.")
        }
        _ => damaged(()),
    })?;
    Ok(Xml::new(Box::new(file), most))
}

/// Names of parts are compared without regard to case, as the format has it.
fn place_of(archive: &Archive, name: &str) -> Option<usize> {
    let name = name.trim_start_matches('/');
    archive.index_for_name(name).or_else(|| {
        let same = archive.file_names().find(|known| known.replace('\\', "/").eq_ignore_ascii_case(name))?.to_owned();
        archive.index_for_name(&same)
    })
}

/// A file of which only so much is read.
struct Metered<R> {
    inner: R,
    left: Arc<AtomicU64>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(room)?;
        let left = self.left.load(Ordering::Relaxed);
        if left != u64::MAX {
            let rest = u64::try_from(read).ok().and_then(|read| left.checked_sub(read));
            self.left.store(rest.ok_or_else(|| io::Error::other("the directory is too long"))?, Ordering::Relaxed);
        }
        Ok(read)
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
