//! The encoding of a text, decided once for the whole file, and the text as UTF-8 a piece at a time. It must not know rows.

use std::{
    fs::File,
    io::{self, Read, Seek as _, SeekFrom},
    path::Path,
};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Unreadable, gone};

/// Bytes that are read at once.
const PIECE: usize = 64 << 10;

/// How a text is written.
#[derive(Clone, Copy)]
pub struct Text {
    encoding: &'static Encoding,
    /// Bytes of the mark at its beginning.
    mark: u64,
}

const SAVE: &str = "Open it in a spreadsheet and save it as “CSV UTF-8” or as .xlsx.";

impl Text {
    /// Reads the whole file. UTF-16 says what it is by its mark. What is UTF-8 throughout is; what has other bytes and nothing that only UTF-8
    /// would have is Windows-1252, as spreadsheets in India still save; what has both was pasted together and would lose names.
    pub fn survey(file: &mut File) -> Result<Self, Unreadable> {
        let mut begin = Vec::new();
        file.by_ref().take(3).read_to_end(&mut begin).map_err(gone)?;
        let marks: [(&[u8], &'static Encoding); 2] = [(&[0xff, 0xfe], UTF_16LE), (&[0xfe, 0xff], UTF_16BE)];
        if let Some((_, encoding)) = marks.iter().find(|(mark, _)| begin.starts_with(mark)) {
            return Ok(Self { encoding, mark: 2 });
        }
        let marked = begin == [0xef, 0xbb, 0xbf];
        file.seek(SeekFrom::Start(if marked { 3 } else { 0 })).map_err(gone)?;
        let found = Found::of(file)?;
        match (found.other, found.wide) {
            (None, _) => Ok(Self { encoding: UTF_8, mark: if marked { 3 } else { 0 } }),
            (Some(line), _) if marked => Err(Unreadable::new(format!("Line {line} is not UTF-8, though the file says that it is. {SAVE}"))),
            (Some(line), Some(wide)) => {
                Err(Unreadable::new(format!("The file mixes encodings: line {line} is written in another one than line {wide}. {SAVE}")))
            }
            (Some(_), None) => match found.nothing {
                Some(line) => Err(Unreadable::new(format!("Line {line} is neither UTF-8 nor Windows-1252. {SAVE}"))),
                None => Ok(Self { encoding: WINDOWS_1252, mark: 0 }),
            },
        }
    }

    /// What who sent it should look at.
    pub fn note(&self) -> Option<String> {
        let old = self.encoding == WINDOWS_1252;
        old.then(|| "The file is not UTF-8 and was read as Windows-1252. Look at names with letters outside English.".to_owned())
    }
}

/// Where the first of each kind stands, in lines from 1.
#[derive(Default)]
struct Found {
    /// A letter that is written in several bytes of UTF-8.
    wide: Option<u64>,
    /// A byte that UTF-8 cannot have there.
    other: Option<u64>,
    /// One that Windows-1252 does not have either.
    nothing: Option<u64>,
}

impl Found {
    fn of(file: &mut File) -> Result<Self, Unreadable> {
        let (mut found, mut lines) = (Self::default(), 1_u64);
        let mut piece = vec![0; PIECE];
        let mut carried = 0;
        loop {
            let Some(room) = piece.get_mut(carried..) else { return Err(gone(())) };
            let read = read_some(file, room).map_err(gone)?;
            let last = read == 0;
            let Some(bytes) = piece.get(..carried + read) else { return Err(gone(())) };
            let line_of = |at: usize| lines + newlines(bytes.get(..at).unwrap_or_default());
            if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
                let line = line_of(at);
                return Err(Unreadable::new(format!("Line {line} holds bytes that no text has: the file is damaged or no table. {SAVE}")));
            }
            let mut at = 0;
            while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
                let (valid, broken) = match std::str::from_utf8(rest) {
                    Ok(_) => (rest.len(), None),
                    Err(error) => (error.valid_up_to(), Some(error.error_len())),
                };
                if found.wide.is_none()
                    && let Some(wide) = rest.get(..valid).and_then(|rest| rest.iter().position(|byte| !byte.is_ascii()))
                {
                    found.wide = Some(line_of(at + wide));
                }
                at += valid;
                match broken {
                    None => break,
                    // A letter whose other bytes are in the next piece.
                    Some(None) if !last => break,
                    Some(_) => {
                        found.other = found.other.or_else(|| Some(line_of(at)));
                        let bad = bytes.get(at).is_some_and(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d));
                        if bad && found.nothing.is_none() {
                            found.nothing = Some(line_of(at));
                        }
                        // A byte at a time: the next one may be another letter's first.
                        at += 1;
                    }
                }
            }
            lines += newlines(bytes.get(..at).unwrap_or_default());
            let end = carried + read;
            piece.copy_within(at.min(end)..end, 0);
            carried = end - at.min(end);
            if last {
                return Ok(found);
            }
        }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

/// Some bytes, or none at the end.
fn read_some(file: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(room) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// A text as UTF-8.
pub struct Decoded {
    file: File,
    decoder: Decoder,
    raw: Vec<u8>,
    /// What of `raw` was read and not yet decoded.
    from: usize,
    until: usize,
    text: Vec<u8>,
    lines: u64,
    ended: bool,
}

impl Decoded {
    pub fn open(path: &Path, text: &Text) -> Result<Self, Unreadable> {
        let mut file = File::open(path).map_err(gone)?;
        file.seek(SeekFrom::Start(text.mark)).map_err(gone)?;
        Ok(Self {
            file,
            decoder: text.encoding.new_decoder_without_bom_handling(),
            raw: vec![0; PIECE],
            from: 0,
            until: 0,
            text: vec![0; PIECE],
            lines: 1,
            ended: false,
        })
    }

    /// The next piece; empty at the end.
    pub fn piece(&mut self) -> Result<&[u8], Unreadable> {
        while !self.ended {
            if self.from == self.until {
                self.until = read_some(&mut self.file, &mut self.raw).map_err(gone)?;
                self.from = 0;
            }
            let last = self.until == 0;
            let raw = self.raw.get(self.from..self.until).unwrap_or_default();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(raw, &mut self.text, last);
            self.from += read;
            let piece = self.text.get(..written).unwrap_or_default();
            let lines = newlines(piece);
            if let DecoderResult::Malformed(..) = result {
                let line = self.lines + lines;
                return Err(Unreadable::new(format!("Line {line} cannot be read as the encoding that the file has. {SAVE}")));
            }
            if piece.contains(&0) {
                let line = self.lines + newlines(piece.split(|byte| *byte == 0).next().unwrap_or_default());
                return Err(Unreadable::new(format!("Line {line} holds characters that no text has: the file is damaged. {SAVE}")));
            }
            self.lines += lines;
            self.ended = last && result == DecoderResult::InputEmpty;
            if written > 0 {
                return Ok(self.text.get(..written).unwrap_or_default());
            }
        }
        Ok(&[])
    }
}
