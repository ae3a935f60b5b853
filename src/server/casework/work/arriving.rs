//! A file on its way in: its kind by its first bytes, its hash and its size while it passes, and the decision, before its last byte is
//! let through, whether it is one that should not be kept.
//!
//! Holds what a small file weighs, whatever the file weighs. It must not know where the bytes come from, nor where they go.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use crate::server::{casework::documents::ContentKind, session::hex};

/// So much of a file is held before anything is done: one that ends within it is known whole. In bytes.
const HELD_BYTES: usize = 512 * 1024;

/// What comes in.
#[derive(Debug)]
pub enum Piece {
    /// Some of the bytes.
    Bytes(Bytes),
    /// All of them have come. That nothing more comes is no end.
    End,
}

/// A file that somebody sends.
pub struct Arriving {
    /// As it is called where it comes from; anything may stand in it.
    pub name: String,
    /// Its place in the form, from 0.
    pub index: usize,
    /// Its bytes.
    pub pieces: mpsc::Receiver<Piece>,
}

/// A file of which the beginning has come.
pub struct Begun {
    /// What it is.
    pub kind: ContentKind,
    /// All of it, where it has come already.
    pub whole: Option<Whole>,
    head: Bytes,
    pieces: mpsc::Receiver<Piece>,
}

/// What is known of a file that has come whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Hex.
    pub sha256: String,
    /// Bytes.
    pub size_bytes: u64,
}

/// How a file ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// It has not, or not here.
    #[default]
    Open,
    /// It was broken off by whoever sent it.
    Cut,
    /// It went over the limit.
    TooLarge,
    /// It is one of those that are known already.
    Known(Whole),
    /// It came whole and is let through.
    Whole(Whole),
}

impl Arriving {
    /// Waits for its beginning; `None` where it was broken off within it.
    pub async fn begin(mut self) -> Option<Begun> {
        let mut head = BytesMut::new();
        let mut ended = false;
        while !ended && head.len() < HELD_BYTES {
            match self.pieces.recv().await? {
                Piece::Bytes(piece) => head.extend_from_slice(&piece),
                Piece::End => ended = true,
            }
        }
        let whole = ended.then(|| Whole { sha256: hex(&Sha256::digest(&head)), size_bytes: head.len() as u64 });
        Some(Begun { kind: ContentKind::of(&head), whole, head: head.freeze(), pieces: self.pieces })
    }
}

impl Begun {
    /// Its bytes, and how they end: an end is given only to a file of at most `max_bytes` whose hash is none of `known`; every other one
    /// ends in an error, so that whoever takes the bytes never has the whole of it.
    pub fn pass(self, max_bytes: u64, known: Vec<String>) -> (impl Stream<Item = io::Result<Bytes>> + Send + 'static, Ending) {
        let ending = Ending::default();
        let passing = Passing {
            head: Some(self.head).filter(|head| !head.is_empty()),
            ended: self.whole.is_some(),
            pieces: self.pieces,
            hash: Sha256::new(),
            size_bytes: 0,
            max_bytes,
            known,
            ending: ending.clone(),
        };
        (futures::stream::unfold(Some(passing), Passing::next).fuse(), ending)
    }
}

/// Where the end is said.
#[derive(Clone, Default)]
pub struct Ending(Arc<Mutex<End>>);

impl Ending {
    /// How it ended.
    pub fn is(&self) -> End {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn say(&self, end: End) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }
}

struct Passing {
    head: Option<Bytes>,
    ended: bool,
    pieces: mpsc::Receiver<Piece>,
    hash: Sha256,
    size_bytes: u64,
    max_bytes: u64,
    known: Vec<String>,
    ending: Ending,
}

impl Passing {
    async fn next(passing: Option<Self>) -> Option<(io::Result<Bytes>, Option<Self>)> {
        let mut passing = passing?;
        let piece = match passing.head.take() {
            Some(head) => Some(Piece::Bytes(head)),
            None if passing.ended => Some(Piece::End),
            None => passing.pieces.recv().await,
        };
        let end = match piece {
            Some(Piece::Bytes(bytes)) => {
                passing.hash.update(&bytes);
                passing.size_bytes += bytes.len() as u64;
                if passing.size_bytes <= passing.max_bytes {
                    return Some((Ok(bytes), Some(passing)));
                }
                End::TooLarge
            }
            Some(Piece::End) => {
                let sha256 = hex(&std::mem::take(&mut passing.hash).finalize());
                let whole = Whole { sha256, size_bytes: passing.size_bytes };
                if passing.known.contains(&whole.sha256) { End::Known(whole) } else { End::Whole(whole) }
            }
            None => End::Cut,
        };
        let let_through = matches!(end, End::Whole(_));
        passing.ending.say(end);
        (!let_through).then(|| (Err(io::ErrorKind::ConnectionAborted.into()), None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file in pieces of 64 KiB, and whether its end is said.
    async fn file(bytes: Vec<u8>, whole: bool) -> Begun {
        let (sender, pieces) = mpsc::channel(1_000);
        for piece in bytes.chunks(64 * 1024) {
            sender.try_send(Piece::Bytes(Bytes::copy_from_slice(piece))).unwrap();
        }
        if whole {
            sender.try_send(Piece::End).unwrap();
        }
        Arriving { name: String::new(), index: 0, pieces }.begin().await.unwrap()
    }

    async fn passed(begun: Begun, max_bytes: u64, known: &[&str]) -> (usize, bool, End) {
        let (stream, ending) = begun.pass(max_bytes, known.iter().map(|hash| (*hash).to_owned()).collect());
        let (mut bytes, mut broken) = (0, false);
        let mut stream = std::pin::pin!(stream);
        while let Some(piece) = stream.next().await {
            match piece {
                Ok(piece) => bytes += piece.len(),
                Err(_) => broken = true,
            }
        }
        (bytes, broken, ending.is())
    }

    #[tokio::test]
    async fn only_a_file_that_is_whole_small_enough_and_new_is_given_its_end() {
        for size in [5, HELD_BYTES, HELD_BYTES * 2 + 1] {
            let bytes = vec![7; size];
            let hash = hex(&Sha256::digest(&bytes));
            let whole = Whole { sha256: hash.clone(), size_bytes: size as u64 };
            assert_eq!(file(bytes.clone(), true).await.whole, (size < HELD_BYTES).then(|| whole.clone()), "{size}");
            let max = size as u64;
            assert_eq!(passed(file(bytes.clone(), true).await, max, &["x"]).await, (size, false, End::Whole(whole.clone())), "{size}");
            assert_eq!(passed(file(bytes.clone(), true).await, max, &["x", &hash]).await, (size, true, End::Known(whole)), "{size}");
            let (_, broken, end) = passed(file(bytes.clone(), true).await, max - 1, &[]).await;
            assert!(broken && end == End::TooLarge, "{size}");
            if size >= HELD_BYTES {
                let (_, broken, end) = passed(file(bytes, false).await, max, &[]).await;
                assert!(broken && end == End::Cut, "{size}");
            }
        }
    }
}
