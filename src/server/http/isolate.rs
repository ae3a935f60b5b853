//! The outermost layer: each request runs in a reactive owner of its own, and what its page made is disposed of with it.
//!
//! Leptos 0.8 leaves the root of a page under way set as the thread's current owner; a request that starts on that thread
//! adopts it as parent and finds the other person's context, even their `Set-Cookie`. With a fresh, detached owner around
//! every poll nothing can be adopted and nothing is left set. Fixed in Leptos 0.9; `tests/isolation.rs` tells when this
//! can go. `Owner::new()` here would defeat the purpose: it takes the current owner as its parent.
//!
//! Leptos also lets go of a page only when its body has been sent to the end. One whose caller has hung up holds itself for ever,
//! some 80 KB each time: its root holds what is still to be written into the page, and that holds the resources, and
//! those the root. So a page's root is handed to this layer, which takes it apart when the request is over, however
//! it ends (`tests/portal/faults.rs` measures what is left).

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{body::Body, extract::Request, middleware::Next, response::Response};
use bytes::Bytes;
use futures::{FutureExt as _, Stream, StreamExt as _};
use http::request::Parts;
use http_body::{Frame, SizeHint};
use leptos::{
    prelude::{Owner, with_context},
    reactive::computed::ScopedFuture,
};

/// Runs the rest of the stack inside a detached owner.
pub async fn isolate(mut request: Request, next: Next) -> Response {
    let roots = Roots::default();
    request.extensions_mut().insert(roots.clone());
    let disposal = Disposal(roots);
    let response = Owner::default().with(|| ScopedFuture::new_untracked(next.run(request))).await;
    response.map(|body| Body::new(Disposed { body, disposal }))
}

/// How long a page that nobody waits for any more may still be on its way: longer than any casework.
const LONGEST: Duration = Duration::from_secs(60);

/// The reactive roots of one request.
#[derive(Clone, Default)]
struct Roots(Arc<Mutex<Vec<Owner>>>);

/// Hands the current root to the request's outermost layer. Called where a page begins to render.
pub fn dispose_with_request() {
    let roots = with_context::<Parts, _>(|parts| parts.extensions.get::<Roots>().cloned()).flatten();
    if let (Some(roots), Some(root)) = (roots, Owner::current()) {
        roots.0.lock().unwrap_or_else(PoisonError::into_inner).push(root);
    }
}

/// Disposes of the roots when it is dropped, which is after everything that renders from them.
struct Disposal(Roots);

impl Drop for Disposal {
    fn drop(&mut self) {
        let roots = std::mem::take(&mut *self.0.0.lock().unwrap_or_else(PoisonError::into_inner));
        for root in roots {
            let page = root.shared_context();
            root.unset_with_forced_cleanup();
            if let Some(page) = page {
                drop(page.await_deferred());
                if let Some(unwritten) = page.pending_data() {
                    let_go(unwritten);
                }
            }
        }
    }
}

/// Takes from a page what was still to be written into it. What is not there yet is waited for, so that nothing is left
/// when it comes.
fn let_go(mut unwritten: Pin<Box<dyn Stream<Item = String> + Send + Sync>>) {
    loop {
        match unwritten.next().now_or_never() {
            Some(Some(_part)) => {}
            Some(None) => return,
            None => break,
        }
    }
    #[expect(clippy::disallowed_methods, reason = "it only waits and drops: it needs no tenant, and has none to lose")]
    tokio::spawn(tokio::time::timeout(LONGEST, async move { while unwritten.next().await.is_some() {} }));
}

pin_project_lite::pin_project! {
    /// A body, and what is disposed of after it.
    struct Disposed {
        #[pin]
        body: Body,
        disposal: Disposal,
    }
}

impl http_body::Body for Disposed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.project().body.poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
