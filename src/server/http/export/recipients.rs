//! The recipients of a campaign as a file: exactly those that a figure's list shows, sent while they are read.
//!
//! Owns the file's headings and the line that says who took it. It must not know how recipients are found.

use std::{io, time::Duration};

use axum::{
    body::Body,
    extract::{Path, Query, rejection::QueryRejection},
    response::{IntoResponse as _, Response},
};
use futures::StreamExt as _;
use http::{HeaderValue, header};
use serde::Deserialize;
use tokio::time::Instant;

use super::{super::deadline::OwnPace, cell::Value, csv, refuse, session};
use crate::{
    model::{Channel, Day, ErrorCode, PortalError, Recipient, RecipientQuery, SentMessage, Steps},
    server::{
        casework::notices::{allowed, begin_export, export_chunk},
        context::{InTenant, TenantScope},
    },
};

/// The longest that an export may take.
const DEADLINE: Duration = Duration::from_secs(15 * 60);

/// `GET /notices/{id}/recipients/export`: the parameter of the list's page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

/// Sends the recipients that the list shows.
pub async fn recipients(InTenant(scope): InTenant, Path(id): Path<String>, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Ok(Query(asked)) = asked else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    let begun = scope.anew().enter(async move {
        allowed()?;
        let query = RecipientQuery::read(&id, &asked.q, "").map_err(|error| error.code)?;
        Ok((begin_export(&query).await?, query))
    });
    let (begun, query) = match begun.await {
        Ok(begun) => begun,
        Err(error) => return refuse(error),
    };
    let day = begun.at.day().map(Day::iso).unwrap_or_default();
    let name = format!("attachment; filename=\"recipients-{}-{day}.csv\"", scope.tenant().id);
    let (who, when) = (format!("Taken by {} at {}", begun.user_id, begun.institution), format!("{} {}", begun.at.long(), begun.zone));
    let said = query.said();
    let what = format!("{}: {}", begun.title, if said.is_empty() { "all recipients" } else { &said });
    let trailer = [who, when, what, format!("Reference {}", scope.facts().request_id)].map(Value::Text).to_vec();
    let export = Export {
        scope,
        zone: begun.zone,
        with_names: begun.with_names,
        of_messages: query.lists_messages(),
        next: Some(query),
        trailer,
        rows: 0,
        state: State::Begins,
        until: Instant::now() + DEADLINE,
    };
    // Fused: who compresses the answer asks once more after its end.
    let mut response = Body::from_stream(futures::stream::unfold(export, Export::step).fuse()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response.extensions_mut().insert(OwnPace);
    response
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Begins,
    Goes,
    Over,
}

/// An export under way: one piece of recipients at a time, and nothing of what is sent.
struct Export {
    scope: TenantScope,
    zone: String,
    with_names: bool,
    of_messages: bool,
    next: Option<RecipientQuery>,
    trailer: Vec<Value>,
    rows: u64,
    state: State,
    until: Instant,
}

impl Export {
    /// The next piece. After an error nothing follows, so that the answer breaks off and no browser takes it for whole.
    async fn step(mut self) -> Option<(io::Result<Vec<u8>>, Self)> {
        if self.state == State::Over {
            return None;
        }
        let piece = self.piece().await;
        if piece.is_err() {
            tracing::warn!(request_id = %self.scope.facts().request_id, rows = self.rows, "an export of recipients broke off");
            self.state = State::Over;
        }
        Some((piece, self))
    }

    async fn piece(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if self.state == State::Begins {
            self.state = State::Goes;
            bytes.extend(csv::BYTE_ORDER_MARK.as_bytes());
            bytes.extend(csv::rows(&[self.headings()])?);
        }
        let Some(query) = self.next.take() else {
            self.state = State::Over;
            return Ok(bytes);
        };
        if Instant::now() >= self.until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        if !session::goes_on(&self.scope).await {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let (rows, next) = self.scope.anew().enter(export_chunk(query)).await.map_err(|error| io::Error::other(error.to_string()))?;
        self.rows += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        bytes.extend(csv::rows(&rows.into_iter().map(|row| self.row(row)).collect::<Vec<_>>())?);
        self.next = next;
        if self.next.is_none() {
            self.state = State::Over;
            let total = vec![Value::Text(format!("Total of {} {}", self.rows, if self.of_messages { "messages" } else { "respondents" }))];
            bytes.extend(csv::rows(&[total, Vec::new(), std::mem::take(&mut self.trailer)])?);
        }
        Ok(bytes)
    }

    fn headings(&self) -> Vec<Value> {
        let reached = format!("First reached ({})", self.zone);
        let told = format!("Told last ({})", self.zone);
        let known = ["Case", "Respondent", "Language", "Evidence", "Served on", "Engagement", "Blocked by", "Tried on", "Reached on"];
        let named = self.with_names.then_some("Name");
        let message = ["Channel", "Attempt", "State", told.as_str(), "Code"];
        let message = message.into_iter().filter(|_| self.of_messages);
        let all = known.into_iter().chain(named).chain([reached.as_str(), "Failure", "Failure side"]).chain(message);
        all.map(|text| Value::Text(text.to_owned())).collect()
    }

    fn row(&self, row: Recipient) -> Vec<Value> {
        let text = |text: &str| if text.is_empty() { Value::Nothing } else { Value::Text(text.to_owned()) };
        let step = |steps: &[&str], level: u8| steps.get(usize::from(level).wrapping_sub(1)).map_or(Value::Nothing, |step| text(step));
        let channels = |channels: &[Channel]| text(&channels.iter().map(Channel::label).collect::<Vec<_>>().join(", "));
        let mut cells = vec![
            text(&row.case_number),
            text(&row.label),
            text(&row.language),
            step(&Steps::EVIDENCE, row.evidence),
            row.served_on.map_or(Value::Nothing, Value::Day),
            step(&Steps::ENGAGEMENT, row.engagement),
            row.blocked_by.map_or(Value::Nothing, |why| text(&why.label)),
            channels(&row.tried),
            channels(&row.reached),
        ];
        if self.with_names {
            cells.push(text(row.name.as_deref().unwrap_or_default()));
        }
        let failure = match &row.message {
            Some(message) => &message.failure,
            None => &row.failure,
        };
        let (side, why) = failure.as_ref().map_or(("", ""), |(side, why)| (side.label(), why.label()));
        cells.extend([row.reached_at.map_or(Value::Nothing, Value::Time), text(why), text(side)]);
        if self.of_messages {
            cells.extend(row.message.map_or_else(Vec::new, message));
        }
        cells
    }
}

fn message(message: SentMessage) -> Vec<Value> {
    let code = message.raw.map_or(Value::Nothing, |(code, _)| Value::Text(code));
    vec![
        Value::Text(message.channel.label().to_owned()),
        Value::Count(u64::from(message.attempt)),
        Value::Text(message.state.label().to_owned()),
        message.told_at.map_or(Value::Nothing, Value::Time),
        code,
    ]
}
