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

/// Of an answer that bounds its own time: a file is as long under way as somebody takes it.
#[derive(Clone, Copy, Debug)]
pub struct OwnPace;

/// Puts the deadline around the answer's body.
pub async fn bound_body(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.extensions().get::<OwnPace>().is_some() {
        return response;
    }
    response.map(|body| Body::new(Bounded { body, until: Box::pin(sleep(PAGE_DEADLINE)) }))
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

#[cfg(test)]
mod tests {
    use axum::{Extension, Router, middleware::from_fn, response::IntoResponse as _, routing::get};
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_page_that_never_ends_is_cut_one_that_ends_is_whole_and_a_file_is_let_flow() {
        let stuck = || async { Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>()) };
        let own = move || async move { (Extension(OwnPace), stuck().await).into_response() };
        let routes = Router::new()
            .route("/stuck", get(stuck))
            .route("/own", get(own))
            .route("/whole", get(|| async { "all of it" }))
            .layer(from_fn(bound_body));
        let ask = |path: &str| routes.clone().oneshot(Request::get(path).body(Body::empty()).unwrap());
        let started = tokio::time::Instant::now();
        let body = ask("/stuck").await.unwrap().into_body();
        assert!(axum::body::to_bytes(body, 100).await.is_err());
        assert_eq!(started.elapsed(), PAGE_DEADLINE);
        let body = ask("/own").await.unwrap().into_body();
        let waited = tokio::time::timeout(PAGE_DEADLINE * 10, axum::body::to_bytes(body, 100)).await;
        assert!(waited.is_err(), "a file is cut by nobody but its sender");
        let body = ask("/whole").await.unwrap().into_body();
        assert_eq!(axum::body::to_bytes(body, 100).await.unwrap(), "all of it");
    }
}
