//! The outermost layer: each request runs in a reactive owner of its own.
//!
//! Leptos 0.8 leaves the root of a page under way set as the thread's current owner; a request that starts on that thread
//! adopts it as parent and finds the other person's context, even their `Set-Cookie`. With a fresh, detached owner around
//! every poll nothing can be adopted and nothing is left set. Fixed in Leptos 0.9; `tests/isolation.rs` tells when this
//! can go. `Owner::new()` here would defeat the purpose: it takes the current owner as its parent.

use axum::{extract::Request, middleware::Next, response::Response};
use leptos::{prelude::Owner, reactive::computed::ScopedFuture};

/// Runs the rest of the stack inside a detached owner.
pub async fn isolate(request: Request, next: Next) -> Response {
    Owner::default().with(|| ScopedFuture::new_untracked(next.run(request))).await
}
