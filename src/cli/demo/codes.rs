//! The page that stands for everybody's authenticator app: who may sign in where, and the code of this half minute.

use std::sync::Arc;

use axum::{Router, extract::State, response::Html, routing::get};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::SignInPerson;

/// Serves the page until `stop` is cancelled.
pub async fn serve(listener: TcpListener, people: Vec<SignInPerson>, stop: CancellationToken) {
    let routes = Router::new().route("/", get(page)).with_state(Arc::new(people));
    if let Err(error) = axum::serve(listener, routes).with_graceful_shutdown(stop.cancelled_owned()).await {
        tracing::error!(%error, "the page of one-time codes ended");
    }
}

async fn page(State(people): State<Arc<Vec<SignInPerson>>>) -> Html<String> {
    use std::fmt::Write as _;
    let now = jiff::Timestamp::now().as_second();
    let mut rows = String::new();
    for person in people.iter() {
        // Names and addresses are the demo's own: nothing in them needs escaping.
        let _ = write!(
            rows,
            "<tr><td>{}<td>{}<td>{}<td><code>{}</code><td><code>{}</code>",
            person.host,
            person.user.user_id,
            person.person.role.label(),
            person.user.password,
            person.user.totp(now)
        );
    }
    Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=5><title>One-time codes of the demo</title>\
         <h1>One-time codes of the demo</h1><p>These codes change in {} seconds.</p>\
         <table><tr><th>Address<th>User<th>Role<th>Password<th>Code{rows}</table>",
        30 - now.rem_euclid(30)
    ))
}
