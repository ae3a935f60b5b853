//! The audit trail as a file: the records that its page's filter shows, newest first, sent while they are read.
//!
//! Owns the file's headings and the line that says who took it. It must not know how records are found.

use std::{io, time::Duration};

use axum::{
    body::Body,
    extract::{Query, rejection::QueryRejection},
    response::{IntoResponse as _, Response},
};
use futures::StreamExt as _;
use http::{HeaderValue, header};
use serde::Deserialize;
use tokio::time::Instant;

use super::{super::deadline::OwnPace, cell::Value, csv, refuse, session};
use crate::{
    model::{AuditQuery, AuditRow, CaseId, Day, ErrorCode, PortalError},
    server::{
        casework::audit::{begin_export, export_chunk},
        context::{InTenant, TenantScope},
    },
};

/// The longest that an export may take.
const DEADLINE: Duration = Duration::from_secs(15 * 60);

/// `GET /audit/export`: the parameters of the trail's page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    kind: String,
    result: String,
    actor: String,
    case: String,
    from: String,
    to: String,
}

/// Sends the records that the filter shows.
pub async fn trail(InTenant(scope): InTenant, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Ok(Query(asked)) = asked else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    let Asked { kind, result, actor, case, from, to } = &asked;
    let query = AuditQuery::from_params(kind, result, actor, case, from, to, "");
    let begun = scope.anew().enter(async move {
        let query = query.map_err(|error| error.code)?;
        Ok((begin_export(&query).await?, query))
    });
    let (begun, query) = match begun.await {
        Ok(begun) => begun,
        Err(error) => return refuse(error),
    };
    let day = begun.at.day().map(Day::iso).unwrap_or_default();
    let name = format!("attachment; filename=\"audit-{}-{day}.csv\"", scope.tenant().id);
    let (who, when) = (format!("Taken by {} at {}", begun.user_id, begun.institution), format!("{} {}", begun.at.long(), begun.zone));
    let what = filter_of(&query);
    let trailer = [who, when, what, format!("Reference {}", scope.facts().request_id)].map(Value::Text).to_vec();
    let export = Export {
        scope,
        zone: begun.zone,
        with_addresses: begun.with_addresses,
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

fn filter_of(query: &AuditQuery) -> String {
    let address = query.address("", "");
    match address.split_once('?') {
        Some((_, filter)) if !filter.is_empty() => format!("records that match {filter}"),
        _ => "the whole trail".to_owned(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Begins,
    Goes,
    Over,
}

/// An export under way: one piece of records at a time, and nothing of what is sent.
struct Export {
    scope: TenantScope,
    zone: String,
    with_addresses: bool,
    next: Option<AuditQuery>,
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
            tracing::warn!(request_id = %self.scope.facts().request_id, rows = self.rows, "an export of the trail broke off");
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
            let total = vec![Value::Text(format!("Total of {} records", self.rows))];
            bytes.extend(csv::rows(&[total, Vec::new(), std::mem::take(&mut self.trailer)])?);
        }
        Ok(bytes)
    }

    fn headings(&self) -> Vec<Value> {
        let when = format!("When ({})", self.zone);
        let known = [
            when.as_str(),
            "Who",
            "Role",
            "Kind",
            "Action",
            "Result",
            "Reason code",
            "Reason",
            "Kind of record",
            "Record",
            "Case",
            "Rows",
            "Reference",
        ];
        known.into_iter().chain(self.with_addresses.then_some("Address")).map(|text| Value::Text(text.to_owned())).collect()
    }

    fn row(&self, row: AuditRow) -> Vec<Value> {
        let text = |text: String| if text.is_empty() { Value::Nothing } else { Value::Text(text) };
        let mut cells = vec![
            Value::Time(row.at),
            text(row.actor),
            text(row.actor_role),
            text(row.kind.code().to_owned()),
            text(row.action),
            text(row.result.code().to_owned()),
            text(row.reason_code),
            text(row.reason_text),
            text(row.object_type),
            text(row.object_name),
            text(row.case.as_ref().map(CaseId::as_str).unwrap_or_default().to_owned()),
            Value::Count(u64::from(row.row_total)),
            text(row.request_id),
        ];
        if self.with_addresses {
            cells.push(text(row.ip_address.unwrap_or_default()));
        }
        cells
    }
}
