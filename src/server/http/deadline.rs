//! A page's stream ends: a body that has not finished in time is cut and logged, so that a stuck part of a page cannot
//! hold a connection for ever.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{body::Body, extract::Request, middleware::Next, response::Response};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// How long a page may take from its first byte to its last.
const PAGE_DEADLINE: Duration = Duration::from_secs(30);

/// Puts the deadline around the answer's body.
pub async fn bound_body(request: Request, next: Next) -> Response {
    next.run(request).await.map(|body| Body::new(Bounded { body, until: Box::pin(sleep(PAGE_DEADLINE)) }))
}

struct Bounded {
    body: Body,
    until: Pin<Box<Sleep>>,
}

impl http_body::Body for Bounded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Pending if self.until.as_mut().poll(context).is_ready() => {
                tracing::error!("a page was not finished in time and was cut");
                Poll::Ready(Some(Err(axum::Error::new(std::io::Error::from(std::io::ErrorKind::TimedOut)))))
            }
            other => other,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
