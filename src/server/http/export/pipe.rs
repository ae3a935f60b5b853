//! Where an archive is written that is sent while it is written: what is done is taken away and not kept.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

/// What was written and not yet taken.
#[derive(Clone, Default)]
pub struct Pipe(pub(super) Arc<Mutex<Vec<u8>>>);

impl Pipe {
    /// Takes it.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
