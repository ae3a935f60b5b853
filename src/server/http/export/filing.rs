//! Rows of a filing as a file: those to be mended, and what became of each.

use std::{io, time::Duration};

use axum::{
    body::Body,
    extract::{Path, rejection::PathRejection},
    response::{IntoResponse as _, Response},
};
use futures::StreamExt as _;
use http::{HeaderValue, header};
use tokio::time::Instant;

use super::{File, OwnPace, Value, refuse, session};
use crate::{
    model::{ErrorCode, PortalError},
    server::{
        casework::filing::{Part, Taken, begin_taking, next_taken},
        context::{InTenant, TenantScope},
    },
};

/// The longest that it may take.
const DEADLINE: Duration = Duration::from_secs(15 * 60);

type Address = Result<Path<String>, PathRejection>;

/// `GET /filing/{id}/rejects.xlsx`
pub async fn rejects(InTenant(scope): InTenant, address: Address) -> Response {
    part(scope, address, Part::Rejects).await
}

/// `GET /filing/{id}/result.xlsx`
pub async fn result(InTenant(scope): InTenant, address: Address) -> Response {
    part(scope, address, Part::Result).await
}

/// Rows under way.
struct Rows {
    scope: TenantScope,
    /// What comes next; `None` after the last row.
    taken: Option<Taken>,
    /// `None` when the file is whole.
    file: Option<File>,
    headings: Option<Vec<String>>,
    until: Instant,
}

async fn part(scope: TenantScope, address: Address, part: Part) -> Response {
    let id = address.map(|Path(id)| id).unwrap_or_default();
    let taken = match scope.anew().enter(async move { begin_taking(&id, part).await }).await {
        Ok(taken) => taken,
        Err(error) => return refuse(error),
    };
    let Ok(file) = File::new("xlsx") else { return refuse(PortalError::new(ErrorCode::Internal)) };
    let name = format!("attachment; filename=\"{}.xlsx\"", taken.name);
    let headings = Some(taken.headings());
    let rows = Rows { scope, taken: Some(taken), file: Some(file), headings, until: Instant::now() + DEADLINE };
    // Fused: who compresses the answer asks once more after its end.
    let mut response = Body::from_stream(futures::stream::unfold(rows, Rows::next).fuse()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response.extensions_mut().insert(OwnPace);
    response
}

impl Rows {
    /// The next piece. After an error nothing follows, so that the answer breaks off and no browser takes it for whole.
    async fn next(mut self) -> Option<(io::Result<Vec<u8>>, Self)> {
        let mut file = self.file.take()?;
        match self.piece(&mut file).await {
            Ok(mut bytes) => {
                if self.taken.is_some() {
                    self.file = Some(file);
                } else {
                    match file.finish() {
                        Ok(end) => bytes.extend(end),
                        Err(error) => return Some((Err(error), self)),
                    }
                }
                Some((Ok(bytes), self))
            }
            Err(error) => {
                tracing::warn!(request_id = %self.scope.facts().request_id, "rows of a filing broke off");
                Some((Err(error), self))
            }
        }
    }

    async fn piece(&mut self, file: &mut File) -> io::Result<Vec<u8>> {
        let words = |row: Vec<String>| row.into_iter().map(Value::Text).collect::<Vec<_>>();
        let mut bytes = match self.headings.take() {
            Some(headings) => file.rows(&[words(headings)])?,
            None => Vec::new(),
        };
        let Some(taken) = self.taken.take() else { return Ok(bytes) };
        if Instant::now() >= self.until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        if !session::goes_on(&self.scope).await {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let (rows, taken) = self.scope.anew().enter(next_taken(taken)).await.map_err(|error| io::Error::other(error.to_string()))?;
        self.taken = (!rows.is_empty()).then_some(taken);
        bytes.extend(file.rows(&rows.into_iter().map(words).collect::<Vec<_>>())?);
        Ok(bytes)
    }
}
