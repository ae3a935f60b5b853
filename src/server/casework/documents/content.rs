//! What is in a file: its kind by its first bytes, and its bytes on their way, compared with what the record says of them.
//!
//! Holds one piece at a time, whatever the file weighs. It must not know who asked, nor what the upstream calls the file.

use bytes::{Bytes, BytesMut};
use sha2::{Digest as _, Sha256};

use crate::server::{
    frappe::{Fault, FileStream},
    session::hex,
};

/// The kinds that a browser may show in place; everything else is only fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentKind {
    /// Pages.
    Pdf,
    /// A picture without loss.
    Png,
    /// A photograph.
    Jpeg,
    /// Anything else, which may be anything at all.
    Other,
}

impl ContentKind {
    /// Its media type and the endings that fit it, the usual one first.
    pub const fn media(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Pdf => ("application/pdf", &["pdf"]),
            Self::Png => ("image/png", &["png"]),
            Self::Jpeg => ("image/jpeg", &["jpg", "jpeg"]),
            Self::Other => ("application/octet-stream", &[]),
        }
    }

    /// Bytes that are enough to tell.
    pub const HEAD_BYTES: usize = 8;

    /// The kind of a file that begins so. Marks count at the very beginning alone: a file that only some readers take for one of
    /// these kinds is none.
    pub fn of(head: &[u8]) -> Self {
        const MARKS: [(&[u8], ContentKind); 3] =
            [(b"%PDF-", ContentKind::Pdf), (b"\x89PNG\r\n\x1a\n", ContentKind::Png), (b"\xff\xd8\xff", ContentKind::Jpeg)];
        MARKS.iter().find(|(mark, _)| head.starts_with(mark)).map_or(Self::Other, |(_, kind)| *kind)
    }
}

/// What the record says of its file's bytes.
#[derive(Clone, Debug)]
pub struct Stated {
    /// How many; `None` where it does not say.
    pub size_bytes: Option<u64>,
    /// Their SHA-256 in hex; empty where it does not say.
    pub sha256: String,
}

/// A file's bytes. The last piece is given once all of them were what the record says: whoever has the end has the document.
pub struct Content {
    stream: FileStream,
    stated: Stated,
    hash: Sha256,
    seen_bytes: u64,
    held: Option<Bytes>,
    ended: bool,
}

impl Content {
    /// The bytes of this stream, as far as is needed to tell their kind.
    ///
    /// # Errors
    /// `BadAnswer("length")` where the upstream announces another length than the record; any fault of the stream.
    pub async fn begin(stream: FileStream, stated: Stated) -> Result<(ContentKind, Self), Fault> {
        if let (Some(announced), Some(stated)) = (stream.length(), stated.size_bytes)
            && announced != stated
        {
            return Err(Fault::BadAnswer("length"));
        }
        let mut content = Self { stream, stated, hash: Sha256::new(), seen_bytes: 0, held: None, ended: false };
        let mut head = BytesMut::new();
        while head.len() < ContentKind::HEAD_BYTES {
            let Some(piece) = content.pull().await? else { break };
            head.extend_from_slice(&piece);
        }
        let kind = ContentKind::of(&head);
        content.held = Some(head.freeze()).filter(|head| !head.is_empty());
        Ok((kind, content))
    }

    /// How many bytes there will be, where the record says it.
    pub fn size_bytes(&self) -> Option<u64> {
        self.stated.size_bytes
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// `BadAnswer` where the bytes are not those that the record speaks of; any fault of the stream.
    pub async fn next_piece(&mut self) -> Result<Option<Bytes>, Fault> {
        while !self.ended {
            match self.pull().await? {
                Some(piece) => {
                    if let Some(ready) = self.held.replace(piece) {
                        return Ok(Some(ready));
                    }
                }
                None => self.check()?,
            }
        }
        Ok(self.held.take())
    }

    async fn pull(&mut self) -> Result<Option<Bytes>, Fault> {
        let piece = self.stream.next_chunk().await?;
        if let Some(piece) = &piece {
            self.hash.update(piece);
            self.seen_bytes += piece.len() as u64;
        }
        Ok(piece)
    }

    fn check(&mut self) -> Result<(), Fault> {
        let digest = hex(&std::mem::take(&mut self.hash).finalize());
        if self.stated.size_bytes.is_some_and(|stated| stated != self.seen_bytes) {
            return Err(Fault::BadAnswer("length"));
        }
        if !self.stated.sha256.is_empty() && !self.stated.sha256.eq_ignore_ascii_case(&digest) {
            return Err(Fault::BadAnswer("digest"));
        }
        self.ended = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_told_by_the_first_bytes_and_by_nothing_else() {
        assert_eq!(ContentKind::of(b"%PDF-1.7\n"), ContentKind::Pdf);
        assert_eq!(ContentKind::of(b"\x89PNG\r\n\x1a\n\0\0"), ContentKind::Png);
        assert_eq!(ContentKind::of(b"\xff\xd8\xff\xe0"), ContentKind::Jpeg);
        let others: [&[u8]; 9] = [
            b"",
            b"%PDF",
            b"\n%PDF-1.7",
            b"<html>%PDF-",
            b"\x89PNG\r\n",
            b"<svg xmlns='http://www.w3.org/2000/svg'>",
            b"GIF89a",
            b"PK\x03\x04",
            b"\xef\xbb\xbf%PDF-1.7",
        ];
        for head in others {
            assert_eq!(ContentKind::of(head), ContentKind::Other, "{head:?}");
        }
    }
}
