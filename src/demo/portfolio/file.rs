//! The files behind documents: a PDF of two pages, or a picture of a delivery slip, written when somebody asks for one.
//!
//! Nothing is kept for a document. All files of a kind begin with the same bytes, made once, whose SHA-256 is kept half done; what
//! tells one from another stands at the end. So a document's row can state size and hash of a file that nobody has written yet, at
//! the price of hashing its last few hundred bytes. Knows nothing of cases but the words that it is given.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::LazyLock;

use flate2::{Compression, Crc, write::ZlibEncoder};
use sha2::{Digest, Sha256};

use super::row::hex;

/// What a file says of its document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'a> {
    /// The row's name: no two files are alike, as no two originals are.
    pub(super) row: &'a str,
    pub(super) title: &'a str,
    /// Number of the case.
    pub(super) number: &'a str,
    /// Date on the document.
    pub(super) on: &'a str,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Pdf,
    Png,
}

/// Size and hash of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    pub(super) size_bytes: i64,
    pub(super) sha256: String,
}

impl Kind {
    pub(super) fn of_mime(mime: &str) -> Option<Self> {
        [Self::Pdf, Self::Png].into_iter().find(|kind| kind.mime() == mime)
    }

    pub(super) const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
        }
    }

    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
        }
    }

    pub(super) const fn pages(self) -> i64 {
        match self {
            Self::Pdf => 2,
            Self::Png => 1,
        }
    }

    fn head(self) -> &'static Head {
        match self {
            Self::Pdf => &PDF,
            Self::Png => &PNG,
        }
    }

    fn tail(self, words: Words<'_>) -> Vec<u8> {
        match self {
            Self::Pdf => pdf_tail(words),
            Self::Png => png_tail(words),
        }
    }

    /// Size and hash of the file, without writing its beginning.
    pub(super) fn stated(self, words: Words<'_>) -> Stated {
        let (head, tail) = (self.head(), self.tail(words));
        let mut hash = head.hash.clone();
        hash.update(&tail);
        Stated { size_bytes: (head.bytes.len() + tail.len()) as i64, sha256: hex(&hash.finalize()) }
    }

    /// The file.
    pub(super) fn write(self, words: Words<'_>) -> Vec<u8> {
        [self.head().bytes.as_slice(), &self.tail(words)].concat()
    }
}

/// What all files of a kind begin with.
struct Head {
    bytes: Vec<u8>,
    hash: Sha256,
    /// Of a PDF: the table of where its objects stand, the last of which follows the head.
    objects: String,
}

impl Head {
    fn new(bytes: Vec<u8>, objects: String) -> Self {
        let hash = Sha256::new().chain_update(&bytes);
        Self { bytes, hash, objects }
    }
}

static PDF: LazyLock<Head> = LazyLock::new(|| {
    const FRAME: &str = "BT /F1 11 Tf 72 790 Td (DEMO: made for a demonstration, of no legal effect) Tj ET\n0.6 w 72 780 m 523 780 l S\n";
    const SECOND: &str = "BT /F1 12 Tf 72 750 Td 18 TL (Page 2 of 2) Tj T* T* (This page stands in for the rest of the document.) Tj \
        T* (Names, numbers and dates in it belong to nobody.) Tj ET\n";
    let page = |own: &str| {
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents [6 0 R {own}] >>")
    };
    let stream = |text: &str| format!("<< /Length {} >>\nstream\n{text}endstream", text.len());
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>".to_owned(),
        page("8 0 R"),
        page("7 0 R"),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        stream(FRAME),
        stream(SECOND),
    ];
    // Four bytes above 127 in the second line tell that this is no text file.
    let mut bytes = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 2);
    for (number, object) in (1..).zip(&objects) {
        let _ = writeln!(table, "{:010} 00000 n ", bytes.len());
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let _ = write!(table, "{:010} 00000 n \ntrailer\n<< /Size {} /Root 1 0 R >>\n", bytes.len(), objects.len() + 2);
    Head::new(bytes, table)
});

fn pdf_tail(words: Words<'_>) -> Vec<u8> {
    let mut text = String::with_capacity(256);
    let lines =
        [("/F1 18 Tf 72 740 Td", words.title), ("/F1 11 Tf 0 -30 Td", words.number), ("0 -18 Td", words.on), ("0 -18 Td", words.row)];
    text.push_str("BT");
    for (place, line) in lines {
        let _ = write!(text, " {place} (");
        text.extend(
            line.chars().filter(|letter| !matches!(letter, '(' | ')' | '\\')).map(|letter| if letter.is_ascii() { letter } else { '?' }),
        );
        text.push_str(") Tj");
    }
    text.push_str(" ET\n");
    let mut tail = format!("8 0 obj\n<< /Length {} >>\nstream\n{text}endstream\nendobj\n", text.len());
    let table_at = PDF.bytes.len() + tail.len();
    tail.push_str(&PDF.objects);
    let _ = write!(tail, "startxref\n{table_at}\n%%EOF\n");
    tail.into_bytes()
}

/// Pixels of the picture.
const WIDTH: usize = 480;
const HEIGHT: usize = 320;
/// Pixels of a dot of a letter.
const DOT: usize = 12;
/// `DEMO` in dots, five wide and seven high a letter.
const LETTERS: [[u8; 7]; 4] = [
    [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110],
    [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
    [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
    [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
];

static PNG: LazyLock<Head> = LazyLock::new(|| {
    let mut size = Vec::new();
    for pixels in [WIDTH, HEIGHT] {
        size.extend((pixels as u32).to_be_bytes());
    }
    // Eight bits of grey, no interlacing.
    size.extend([8, 0, 0, 0, 0]);
    let mut pixels = Vec::with_capacity((WIDTH + 1) * HEIGHT);
    for y in 0..HEIGHT {
        // Each line begins with its filter: none.
        pixels.push(0);
        pixels.extend((0..WIDTH).map(|x| shade(x, y)));
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail.
    let _ = packed.write_all(&pixels);
    let packed = packed.finish().unwrap_or_default();
    let bytes = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &size), chunk(b"IDAT", &packed)].concat();
    Head::new(bytes, String::new())
});

/// The grey of a pixel of the slip: a frame, the word, and lines to sign on.
fn shade(x: usize, y: usize) -> u8 {
    let framed = x < 4 || y < 4 || x >= WIDTH - 4 || y >= HEIGHT - 4;
    let lined = y >= 200 && (y - 200).is_multiple_of(36) && (40..WIDTH - 40).contains(&x);
    let (column, line) = (x.wrapping_sub(80) / DOT, y.wrapping_sub(60) / DOT);
    let inked =
        LETTERS.get(column / 7).and_then(|letter| letter.get(line)).is_some_and(|dots| column % 7 < 5 && dots >> (4 - column % 7) & 1 == 1);
    if framed || lined || inked { 60 } else { 245 }
}

fn png_tail(words: Words<'_>) -> Vec<u8> {
    let text = format!("Comment\0DEMO {}, {}, {}, {}", words.title, words.number, words.on, words.row);
    [chunk(b"tEXt", text.as_bytes()), chunk(b"IEND", b"")].concat()
}

fn chunk(kind: &[u8; 4], bytes: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(kind);
    sum.update(bytes);
    [(bytes.len() as u32).to_be_bytes().as_slice(), kind, bytes, &sum.sum().to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words<'_> = Words { row: "abc123def4", title: "Statement (of) claim", number: "ARB/2026/000001", on: "2026-11-21" };

    #[test]
    fn what_is_stated_of_a_file_is_true_of_it() {
        for kind in [Kind::Pdf, Kind::Png] {
            let file = kind.write(WORDS);
            assert_eq!(kind.stated(WORDS), Stated { size_bytes: file.len() as i64, sha256: hex(&Sha256::digest(&file)) });
            assert_ne!(kind.stated(WORDS).sha256, kind.stated(Words { row: "abc123def5", ..WORDS }).sha256);
        }
    }

    #[test]
    fn every_object_of_a_pdf_stands_where_its_table_says() {
        let file = Kind::Pdf.write(WORDS);
        let at = |offset: usize| String::from_utf8_lossy(&file[offset..]).into_owned();
        let text = at(0);
        let table: usize = text.rsplit("startxref\n").next().and_then(|rest| rest.lines().next()).unwrap().parse().unwrap();
        // Four bytes of the second line are no text: positions are counted in the bytes.
        let lines = at(table);
        let mut lines = lines.lines();
        assert_eq!((lines.next(), lines.next(), lines.next()), (Some("xref"), Some("0 9"), Some("0000000000 65535 f ")));
        for number in 1..9 {
            let line = lines.next().unwrap();
            assert_eq!(line.len(), 19, "{line:?}");
            assert!(at(line[..10].parse().unwrap()).starts_with(&format!("{number} 0 obj\n")), "{line}");
        }
        assert_eq!(lines.next(), Some("trailer"));
        for stream in text.split("/Length ").skip(1) {
            let length: usize = stream.split(' ').next().unwrap().parse().unwrap();
            let body = stream.split_once("stream\n").unwrap().1;
            assert!(body[length..].starts_with("endstream"), "{stream}");
        }
        assert!(text.contains("(Statement of claim) Tj") && text.contains("DEMO"));
    }

    #[test]
    fn a_picture_is_whole_chunks_with_right_sums() {
        let file = Kind::Png.write(WORDS);
        let (signature, mut rest) = file.split_at(8);
        assert_eq!(signature, b"\x89PNG\r\n\x1a\n");
        let mut kinds = Vec::new();
        while !rest.is_empty() {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            let (body, after) = (&rest[4..8 + length], &rest[8 + length..]);
            let mut sum = Crc::new();
            sum.update(body);
            assert_eq!(after[..4], sum.sum().to_be_bytes());
            if &body[..4] == b"IDAT" {
                let mut pixels = Vec::new();
                std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&body[4..]), &mut pixels).unwrap();
                assert_eq!(pixels.len(), (WIDTH + 1) * HEIGHT);
            }
            kinds.push(String::from_utf8_lossy(&body[..4]).into_owned());
            rest = &after[4..];
        }
        assert_eq!(kinds, ["IHDR", "IDAT", "tEXt", "IEND"]);
    }
}
