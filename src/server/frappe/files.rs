//! Reading private files of records that were just read.
//!
//! Owns the rule that a file is reached through its record alone. It must not know what a file holds; the upstream's word
//! on its type is not passed on.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::{
    Client, Fault, ReadProof, path,
    transport::{self, Ask, Opened},
};

/// A file on its way. It holds its places upstream until it is dropped.
pub struct FileStream {
    opened: Opened,
    left_bytes: u64,
    pause_max: Duration,
}

impl Client {
    /// Opens a private file that the record behind the proof names; at most `max_bytes` of it.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for a file that the record does not name (Frappe answers 403 for a missing file and for a
    /// foreign one alike: both are `NotFound` here); [`Fault::TooLarge`] where its declared length is over `max_bytes`.
    pub async fn file_stream(&self, proof: &ReadProof, file_url: &str, max_bytes: u64) -> Result<FileStream, Fault> {
        self.measured("file", async {
            if proof.tenant != self.tenant.id || !proof.files.contains(file_url) {
                return Err(Fault::NotFound);
            }
            let ask = Ask::read(path::private_file(file_url)?, Vec::new());
            let opened = Box::pin(transport::open_stream(&self.context, &self.tenant, &ask)).await.map_err(|fault| match fault {
                Fault::Forbidden => Fault::NotFound,
                other => other,
            })?;
            if opened.response.content_length().is_some_and(|length| length > max_bytes) {
                return Err(Fault::TooLarge);
            }
            let pause_max = opened.tenant.upstream.timeout;
            Ok(FileStream { opened, left_bytes: max_bytes, pause_max })
        })
        .await
    }
}

impl FileStream {
    /// Its length in bytes, where the upstream declared one.
    pub fn length(&self) -> Option<u64> {
        self.opened.response.content_length()
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`Fault::TooLarge`] beyond the limit, [`Fault::Timeout`] when nothing came for the tenant's timeout (a large file
    /// may take longer than a page's deadline as long as it flows), `BadAnswer("truncated")` when it broke off.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>, Fault> {
        let chunk = transport::next_chunk(&mut self.opened.response, Instant::now() + self.pause_max).await?;
        if let Some(chunk) = &chunk {
            self.left_bytes = self.left_bytes.checked_sub(chunk.len() as u64).ok_or(Fault::TooLarge)?;
        }
        Ok(chunk)
    }

    /// The pieces as a stream, which ends after its first error.
    pub fn into_stream(self) -> impl futures::Stream<Item = Result<Bytes, Fault>> + Send {
        futures::stream::unfold(Some(self), |stream| async {
            let mut stream = stream?;
            match stream.next_chunk().await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some(stream))),
                Ok(None) => None,
                Err(fault) => Some((Err(fault), None)),
            }
        })
    }
}
