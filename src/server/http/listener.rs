//! The socket: accepts, bounds what a connection may do before it is a request, and drains at the end.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, extract::Request};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::peer::Peer;

/// A client that has not sent its whole head by then is gone.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest head of a request, in bytes; also bounds what one idle connection may hold.
const HEAD_BYTES: usize = 32 * 1024;
/// Header fields of one request.
const HEAD_FIELDS: usize = 100;
/// How long requests under way may take to end once the process stops.
const DRAIN: Duration = Duration::from_secs(25);
/// How long to wait when the system gives no more sockets, instead of spinning.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` is cancelled, then lets requests under way finish.
pub async fn serve(listener: TcpListener, routes: Router, stop: CancellationToken) {
    let mut server = Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_BYTES).max_headers(HEAD_FIELDS);
    server.http2().timer(TokioTimer::new()).max_header_list_size(HEAD_BYTES as u32).max_concurrent_streams(100);
    let graceful = GracefulShutdown::new();
    loop {
        let (socket, address) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        // Without this, streamed pages stall for 40 ms on kept-alive connections.
        let _ = socket.set_nodelay(true);
        let connection = server.serve_connection_with_upgrades(TokioIo::new(socket), service(routes.clone(), address)).into_owned();
        let connection = graceful.watch(connection);
        #[expect(clippy::disallowed_methods, reason = "a connection is no request yet: it has no tenant to lose")]
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way at the end of the drain and were cut");
    }
}

fn service(
    routes: Router,
    address: SocketAddr,
) -> impl hyper::service::Service<
    http::Request<hyper::body::Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send + 'static,
> + Clone {
    hyper::service::service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(Peer(address));
        routes.clone().oneshot(request)
    })
}
