//! Rows of a sheet. It must not know what becomes of them.

use std::io::Read;

use quick_xml::events::BytesStart;

use super::{
    super::{Cell, Limits, Source, Unreadable},
    DAMAGED, damaged,
    styles::Styles,
    words::{Collector, Words},
    xml::{Node, Xml, attribute},
};

/// The last row and the number of columns that a spreadsheet has.
const ROWS_MAX: u32 = 10_48_576;
const COLUMNS_MAX: usize = 16_384;

/// A sheet being read.
pub struct Sheet<'a> {
    xml: Xml<Box<dyn Read + Send + 'a>>,
    words: &'a Words,
    styles: &'a Styles,
    limits: Limits,
    row: u32,
    ended: bool,
}

/// What a cell's own tag says.
struct Tag {
    column: usize,
    style: usize,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Inline,
    Words,
    Truth,
    Error,
    Date,
}

impl<'a> Sheet<'a> {
    pub const fn new(xml: Xml<Box<dyn Read + Send + 'a>>, words: &'a Words, styles: &'a Styles, limits: Limits) -> Self {
        Self { xml, words, styles, limits, row: 0, ended: false }
    }

    /// Goes to the next row; `false` after the last.
    fn seek_row(&mut self) -> Result<bool, Unreadable> {
        while !self.ended {
            match self.xml.node()? {
                Node::Open(element) if element.local_name().into_inner() == "row" => {
                    let number = match attribute(&element, "r") {
                        Some(number) => number.parse().map_err(damaged)?,
                        None => self.row + 1,
                    };
                    // Rows are written in their order; one that is not would be numbered wrongly.
                    if number <= self.row || number > ROWS_MAX {
                        return Err(damaged(()));
                    }
                    self.row = number;
                    return Ok(true);
                }
                Node::Close(element) => self.ended = element.local_name().into_inner() == "sheetData",
                Node::End => self.ended = true,
                Node::Open(_) | Node::Text(_) | Node::Other => {}
            }
        }
        Ok(false)
    }

    /// Reads what a cell says, to its end.
    fn cell(&mut self, tag: &Tag) -> Result<Cell, Unreadable> {
        let (mut value, mut inline) = (String::new(), Collector::default());
        let (mut in_value, mut formula) = (false, false);
        loop {
            match self.xml.node()? {
                Node::Open(element) => match element.local_name().into_inner() {
                    "v" => in_value = true,
                    "f" => formula = true,
                    name => inline.open(name),
                },
                Node::Close(element) => match element.local_name().into_inner() {
                    "c" => break,
                    "v" => in_value = false,
                    name => inline.close(name),
                },
                Node::Text(text) if in_value => value.push_str(&text),
                Node::Text(text) => inline.take(&text),
                Node::Other => {}
                Node::End => return Err(damaged(())),
            }
            if value.len() > self.limits.cell || inline.len() > self.limits.cell {
                return Err(Unreadable::at(self.row, tag.column, "the cell holds more than a spreadsheet takes. Shorten it."));
            }
        }
        let read = match tag.kind {
            Kind::Inline => text(inline.text()),
            Kind::Words => text(value),
            Kind::Shared => {
                let words = value.trim().parse().ok().and_then(|number| self.words.get(number));
                text(words.ok_or_else(|| Unreadable::at(self.row, tag.column, DAMAGED))?.to_owned())
            }
            Kind::Truth => match value.trim() {
                "" => Cell::Empty,
                truth => Cell::Truth(matches!(truth, "1" | "true")),
            },
            Kind::Error => Cell::Wrong(value.trim().to_owned()),
            Kind::Date => value.get(..10).and_then(crate::model::Day::parse).map_or_else(|| text(value.clone()), Cell::Day),
            Kind::Number => number(value.trim(), tag.style, self.styles),
        };
        Ok(match read {
            // An error is one whether it was computed or not.
            Cell::Wrong(error) => Cell::Wrong(error),
            came_to if formula => Cell::Formula(came_to.shown().into_owned()),
            read => read,
        })
    }
}

fn text(text: String) -> Cell {
    let cell = Cell::Text(text);
    if cell.is_blank() { Cell::Empty } else { cell }
}

fn number(value: &str, style: usize, styles: &Styles) -> Cell {
    if value.is_empty() {
        return Cell::Empty;
    }
    match styles.day(style, value) {
        Some(day) => Cell::Day(day),
        None if value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E')) => {
            Cell::Number(value.to_owned())
        }
        None => text(value.to_owned()),
    }
}

/// Reads a cell's tag; the column is the one after the last where it does not say.
fn tag(element: &BytesStart<'_>, after: usize) -> Result<Tag, Unreadable> {
    let mut tag = Tag { column: after, style: 0, kind: Kind::Number };
    let mut attributes = element.attributes();
    for attribute in attributes.with_checks(false) {
        let attribute = attribute.map_err(damaged)?;
        match attribute.key.as_ref() {
            "r" => tag.column = column(&attribute.value).filter(|column| *column >= after).ok_or_else(|| damaged(()))?,
            "s" => tag.style = attribute.value.parse().map_err(damaged)?,
            "t" => {
                tag.kind = match &*attribute.value {
                    "s" => Kind::Shared,
                    "inlineStr" => Kind::Inline,
                    "str" => Kind::Words,
                    "b" => Kind::Truth,
                    "e" => Kind::Error,
                    "d" => Kind::Date,
                    _ => Kind::Number,
                }
            }
            _ => {}
        }
    }
    Ok(tag)
}

/// `AB12` is column 27.
fn column(place: &str) -> Option<usize> {
    let mut number = 0_usize;
    for letter in place.bytes().take_while(u8::is_ascii_alphabetic) {
        number = number.checked_mul(26)?.checked_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1)?;
    }
    number.checked_sub(1).filter(|column| *column < COLUMNS_MAX)
}

impl Source for Sheet<'_> {
    fn next_row(&mut self, cells: &mut Vec<Cell>) -> Result<Option<(u32, u64)>, Unreadable> {
        cells.clear();
        if !self.seek_row()? {
            return Ok(None);
        }
        let (mut next, mut blank) = (0, 0_u64);
        loop {
            let tag = match self.xml.node()? {
                Node::Open(element) if element.local_name().into_inner() == "c" => tag(&element, next)?,
                Node::Close(element) if element.local_name().into_inner() == "row" => break,
                Node::End => return Err(damaged(())),
                Node::Open(_) | Node::Close(_) | Node::Text(_) | Node::Other => continue,
            };
            next = tag.column + 1;
            match self.cell(&tag)? {
                Cell::Empty => blank += 1,
                _ if tag.column >= self.limits.columns => {
                    let why = format!("the table has more than {} columns. Delete those that are not needed.", self.limits.columns);
                    return Err(Unreadable::at(self.row, tag.column, &why));
                }
                cell => {
                    cells.resize(tag.column, Cell::Empty);
                    cells.push(cell);
                }
            }
        }
        Ok(Some((self.row, blank)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_from_their_letters() {
        assert_eq!(["A1", "Z9", "AA1", "xfd1"].map(column), [Some(0), Some(25), Some(26), Some(16_383)]);
        assert_eq!(["XFE1", "1", "", "AAAAAAAAAAAAAAAAAAAAAAA1"].map(column), [None; 4]);
    }
}
