//! How a simulated site misbehaves, for everyone or for one API user; changed while it runs. Knows no requests.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::{StreamExt, stream};
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Response, StatusCode};
use serde_json::json;

use super::reply::{finish, html};

/// One way to fail.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Failure {
    /// Answers as it should.
    #[default]
    Sound,
    /// Closes the connection without an answer.
    Dead,
    /// Resets the connection instead of answering.
    Reset,
    /// Takes the request and never answers.
    Silent,
    /// Answers `status` to a share of the requests, 0.0 to 1.0.
    Status {
        /// Such as 500 or 502.
        status: u16,
        /// Share of requests.
        rate: f64,
    },
    /// 429 with `Retry-After`.
    TooMany {
        /// Seconds.
        retry_after_s: u64,
    },
    /// 401 for every key, as after a change of keys.
    KeyRefused,
    /// 503 SessionStopped for everything, before authentication.
    Maintenance,
    /// 503 InReadOnlyMode for writes.
    ReadOnly,
    /// Does what was asked, and closes the connection without an answer.
    AnswerLost,
    /// Announces the whole body, sends half, and closes.
    Truncated,
    /// Sends half the body in chunks, and closes before the last one.
    CutChunk,
    /// The same with files alone; everything else is answered as it should be.
    FilesCut,
    /// 200 with an HTML page.
    Html,
    /// 200 with an error inside: `exc_type` and a traceback beside no data.
    Traceback,
    /// 200 with a JSON text of so many bytes, made while it is sent.
    Huge {
        /// Size of the body.
        bytes: usize,
    },
    /// 200 with so many rows, made while they are sent.
    ManyRows {
        /// Rows in the list.
        rows: usize,
    },
    /// 200 with lists within lists.
    Deep {
        /// How many.
        levels: usize,
    },
    /// The right body under `text/plain`.
    WrongContentType,
    /// The right body in pieces, with a pause between them.
    Slow {
        /// Between two pieces.
        pause: Duration,
        /// Size of a piece.
        piece_bytes: usize,
    },
    /// Lists and single documents are rows of institutions that the caller may not see.
    ForeignRows,
    /// Lists of one DocType are answered 500, or never; everything else is answered as it should be.
    DocType {
        /// Its name.
        name: &'static str,
        /// Whether there is no answer at all.
        silent: bool,
    },
}

/// Delay and failure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knob {
    /// Shortest and longest wait before an answer.
    pub delay: Option<(Duration, Duration)>,
    /// What goes wrong.
    pub failure: Failure,
}

impl Knob {
    /// Answers as it should, after as long a wait each time.
    pub fn slow(delay: Option<Duration>) -> Self {
        Self { delay: delay.map(|delay| (delay, delay)), failure: Failure::Sound }
    }
}

/// The knobs of one site.
#[derive(Debug, Default)]
pub struct Knobs {
    for_all: RwLock<Knob>,
    by_user: RwLock<HashMap<String, Knob>>,
}

impl Knobs {
    /// Sets what everyone without a knob of their own meets.
    pub fn set(&self, knob: Knob) {
        *self.for_all.write().unwrap_or_else(PoisonError::into_inner) = knob;
    }

    /// Sets what one user meets; `None` puts them back among the others.
    pub fn set_for(&self, user_id: &str, knob: Option<Knob>) {
        let mut users = self.by_user.write().unwrap_or_else(PoisonError::into_inner);
        match knob {
            Some(knob) => users.insert(user_id.to_owned(), knob),
            None => users.remove(user_id),
        };
    }

    /// What `user_id` meets now.
    pub fn of(&self, user_id: &str) -> Knob {
        let own = self.by_user.read().unwrap_or_else(PoisonError::into_inner).get(user_id).cloned();
        own.unwrap_or_else(|| self.for_all.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// The answer that stands in the place of every other, whatever was asked.
pub(super) fn in_place(failure: &Failure) -> Option<Response<Body>> {
    let json = |body: Body| Some(finish(StatusCode::OK, "application/json", body));
    match failure {
        Failure::Html => Some(html(StatusCode::OK, "Welcome")),
        Failure::Traceback => {
            let exception = "frappe.exceptions.ValidationError: Invalid state";
            json(
                json!({"exc_type": "ValidationError", "exception": exception, "exc": "[\"Traceback (most recent call last)\"]"})
                    .to_string()
                    .into(),
            )
        }
        Failure::Huge { bytes } => json(repeated("{\"data\":\"", "x", bytes.saturating_sub(11), "\"}")),
        Failure::ManyRows { rows } => json(repeated("{\"data\":[{\"name\":\"row\"}", ",{\"name\":\"row\"}", rows.saturating_sub(1), "]}")),
        Failure::Deep { levels } => json(format!("{{\"data\":{}{}}}", "[".repeat(*levels), "]".repeat(*levels)).into()),
        _ => None,
    }
}

/// `head`, `times` times `piece`, `tail`: never in memory whole.
fn repeated(head: &'static str, piece: &'static str, times: usize, tail: &'static str) -> Body {
    const BATCH: usize = 4096;
    let batches = stream::unfold(times, move |left| async move {
        let now = left.min(BATCH);
        (now > 0).then(|| (Ok::<_, std::io::Error>(Bytes::from(piece.repeat(now))), left - now))
    });
    let whole = |text: &'static str| stream::iter([Ok(Bytes::from_static(text.as_bytes()))]);
    Body::from_stream(whole(head).chain(batches).chain(whole(tail)))
}

/// An answer with `bytes` as its body, cut or slowed as the knob says.
pub(super) fn body_of(bytes: Bytes, knob: &Knob, finish: impl FnOnce(Body) -> Response<Body>) -> Response<Body> {
    let half = bytes.slice(..bytes.len() / 2);
    // What came before an error is only sent where the body pauses before it.
    let broken = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    };
    let cut = || stream::iter([Ok(half)]).chain(stream::once(broken));
    match knob.failure {
        Failure::CutChunk => finish(Body::from_stream(cut())),
        Failure::Truncated => {
            let mut response = finish(Body::from_stream(cut()));
            response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            response
        }
        Failure::Slow { pause, piece_bytes } => {
            let pieces = stream::unfold(bytes, move |mut left| async move {
                if left.is_empty() {
                    return None;
                }
                tokio::time::sleep(pause).await;
                let piece = left.split_to(piece_bytes.clamp(1, left.len()));
                Some((Ok::<_, std::io::Error>(piece), left))
            });
            finish(Body::from_stream(pieces))
        }
        _ => finish(Body::from(bytes)),
    }
}
