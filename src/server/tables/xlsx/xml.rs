//! XML in constant memory: so many bytes in all, so many for one tag or text, so deep, and no document type. It must not know what is in it.

use std::{
    borrow::Cow,
    io::{self, BufRead, BufReader, Read},
};

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesEnd, BytesStart, Event},
};

use super::{super::Unreadable, damaged};

/// Bytes of one tag or text. A cell's text has 32,767 characters, each of which may be written as `&#x10FFFF;`.
const NODE_MAX: u64 = 1 << 20;
/// How deep elements lie in each other.
const DEPTH_MAX: usize = 64;

/// What follows in a document.
pub enum Node<'a> {
    /// An element begins; one that is empty ends next.
    Open(BytesStart<'a>),
    /// One ends.
    Close(BytesEnd<'a>),
    /// Text, or a part of it.
    Text(Cow<'a, str>),
    /// A comment, an instruction.
    Other,
    /// The document ends.
    End,
}

/// A document being read.
pub struct Xml<R> {
    reader: Reader<Bounded<BufReader<R>>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: Read> Xml<R> {
    /// Reads at most so many bytes.
    pub fn new(part: R, most: u64) -> Self {
        let bounded = Bounded { inner: BufReader::with_capacity(32 << 10, part), left: most, node: 0, over: false };
        let mut reader = Reader::from_reader(bounded);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// The next node.
    pub fn node(&mut self) -> Result<Node<'_>, Unreadable> {
        self.buffer.clear();
        self.reader.get_mut().node = 0;
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(_) if self.reader.get_ref().over => return Err(Unreadable::new(BOMB)),
            Err(error) => return Err(damaged(error)),
        };
        match event {
            Event::Start(element) => {
                self.depth += 1;
                if self.depth > DEPTH_MAX { Err(damaged(())) } else { Ok(Node::Open(element)) }
            }
            Event::End(element) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(Node::Close(element))
            }
            Event::Text(text) => Ok(Node::Text(text.into_inner())),
            Event::CData(text) => Ok(Node::Text(text.into_inner())),
            Event::GeneralRef(name) => match name.resolve_char_ref().map_err(damaged)? {
                Some(character) => Ok(Node::Text(Cow::Owned(character.to_string()))),
                None => resolve_predefined_entity(&name).map(|text| Node::Text(Cow::Borrowed(text))).ok_or_else(|| damaged(())),
            },
            // A workbook has no document type; one that has wants to be expanded.
            Event::DocType(_) => Err(damaged(())),
            Event::Eof if self.depth > 0 => Err(damaged(())),
            Event::Eof => Ok(Node::End),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(Node::Other),
        }
    }
}

const BOMB: &str = "The workbook unpacks to far more than loans take. Copy the loans into a new workbook, as values, and send that.";

/// An attribute by the end of its name, whatever prefix it has.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().into_inner() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(|value| value.into_owned())
}

/// A reader that stops.
struct Bounded<R> {
    inner: R,
    left: u64,
    node: u64,
    over: bool,
}

impl<R: BufRead> Bounded<R> {
    fn stop(&mut self) -> io::Error {
        self.over = true;
        io::Error::other("too much")
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let piece = self.fill_buf()?;
        let length = piece.len().min(room.len());
        if let (Some(room), Some(piece)) = (room.get_mut(..length), piece.get(..length)) {
            room.copy_from_slice(piece);
        }
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 || self.node > NODE_MAX {
            return Err(self.stop());
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        let bytes = u64::try_from(length).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(bytes);
        self.node = self.node.saturating_add(bytes);
        self.inner.consume(length);
    }
}
