//! Private files on their way to the record that they are attached to, a piece at a time.
//!
//! Owns what makes a file's name upstream (nothing that anybody chose) and what is believed of the answer. It must not know what a
//! file holds, nor where it comes from.

use std::{
    collections::BTreeSet,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use serde::Deserialize;

use super::{Client, Fault, FileStream, ReadProof, answer, path, transport};

/// A file as the upstream keeps it.
pub struct Uploaded {
    /// Name of its File row.
    pub file_ref: String,
    /// Its address.
    pub file_url: String,
    size_bytes: u64,
    /// The address is another file's, which the upstream holds for equal.
    reused: bool,
    proof: ReadProof,
}

#[derive(Deserialize)]
struct Kept {
    name: String,
    file_url: String,
    #[serde(default)]
    is_private: u8,
    #[serde(default)]
    file_size: u64,
    #[serde(default)]
    attached_to_doctype: String,
    #[serde(default)]
    attached_to_name: String,
}

impl Client {
    /// Attaches a private file to the record behind the proof, under a random name with this ending. An error among the pieces breaks the
    /// request off before its end: the upstream then keeps nothing of it.
    ///
    /// # Errors
    /// [`Fault::CallerFault`] where the pieces ended in an error; `BadAnswer` for an answer that does not say that just this record has
    /// the file, and nobody else. After [`Fault::Timeout`] or [`Fault::Unreachable`] it may be kept.
    pub async fn upload(
        &self,
        proof: &ReadProof,
        ending: &'static str,
        pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<Uploaded, Fault> {
        self.measured("upload", async {
            if proof.tenant != self.tenant.id {
                return Err(Fault::NotFound);
            }
            let file_name = format!("{}.{ending}", uuid::Uuid::new_v4().simple());
            let flow = Arc::new(Flow::default());
            let body = reqwest::Body::wrap_stream(watched(pieces, Arc::clone(&flow)));
            let form = reqwest::multipart::Form::new()
                // Frappe's default is a public file.
                .text("is_private", "1")
                .text("doctype", proof.doctype)
                .text("docname", proof.name.clone())
                .text("file_name", file_name.clone())
                .part("file", reqwest::multipart::Part::stream(body).file_name(file_name.clone()));
            let answer = transport::send_form(&self.context, &self.tenant, path::method("upload_file"), form, &flow).await?;
            let kept: Kept = answer::payload(&answer)?;
            if kept.attached_to_doctype != proof.doctype || kept.attached_to_name != proof.name {
                return Err(Fault::BadAnswer("attached"));
            }
            // An address outside the private files would be open to everybody.
            if kept.is_private != 1 || path::private_file(&kept.file_url).is_err() {
                tracing::error!(tenant = %self.tenant.id, request_id = %self.context.request_id, "an upload was not kept private");
                return Err(Fault::BadAnswer("private"));
            }
            let reused = kept.file_url.rsplit('/').next() != Some(file_name.as_str());
            let proof = ReadProof { files: BTreeSet::from([kept.file_url.clone()]), ..proof.clone() };
            Ok(Uploaded { file_ref: kept.name, file_url: kept.file_url, size_bytes: kept.file_size, reused, proof })
        })
        .await
    }

    /// What the upstream keeps of an upload of so many bytes, where its answer leaves that open: it goes by MD5 to tell equal files, of
    /// whichever institution, and may be set up to rewrite pictures. `None` where there is nothing to compare.
    ///
    /// # Errors
    /// As [`Client::file_stream`].
    pub async fn uploaded_stream(&self, uploaded: &Uploaded, size_bytes: u64) -> Result<Option<FileStream>, Fault> {
        if !uploaded.reused && uploaded.size_bytes == size_bytes {
            return Ok(None);
        }
        self.file_stream(&uploaded.proof, &uploaded.file_url, size_bytes).await.map(Some)
    }
}

/// How an upload's pieces flow: whether the one who sends is waited for, or the one who takes.
#[derive(Default)]
pub(super) struct Flow {
    taken: AtomicU64,
    waiting: AtomicBool,
    broken_off: AtomicBool,
}

impl Flow {
    /// Pieces that have been taken.
    pub(super) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Whether the next piece has been asked for and is not there.
    pub(super) fn is_waiting(&self) -> bool {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Whether the pieces ended in an error.
    pub(super) fn is_broken_off(&self) -> bool {
        self.broken_off.load(Ordering::Relaxed)
    }
}

fn watched(
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    flow: Arc<Flow>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    futures::stream::unfold((Box::pin(pieces), flow), |(mut pieces, flow)| async move {
        flow.waiting.store(true, Ordering::Relaxed);
        let piece = pieces.next().await;
        flow.waiting.store(false, Ordering::Relaxed);
        flow.taken.fetch_add(1, Ordering::Relaxed);
        flow.broken_off.fetch_or(matches!(piece, Some(Err(_))), Ordering::Relaxed);
        Some((piece?, (pieces, flow)))
    })
}
