//! The case list as a file, and the documents of a case: sent while it is read, a piece at a time, so that its length costs no memory.
//!
//! Owns the file's frame: headings, sums, and the line that says who took it and when. It must not know how rows are found.

mod audit;
mod cell;
mod csv;
mod documents;
mod filing;
mod pipe;
mod recipients;
mod xlsx;

use std::{io, time::Duration};

use axum::{
    body::Body,
    extract::Query,
    response::{IntoResponse as _, Response},
};
use futures::StreamExt as _;
use http::{HeaderValue, header};
use serde::Deserialize;
use tokio::time::Instant;

use super::{deadline::OwnPace, refuse, session};
use crate::{
    model::{CaseQuery, ErrorCode, Inr, PortalError, TableLook},
    server::{
        casework::cases::{Exported, begin_export, export_chunk},
        context::{InTenant, TenantScope},
    },
};
pub use audit::trail;
use cell::{Columns, Value};
pub use documents::documents;
pub use filing::{rejects, result};
pub use recipients::recipients;
use xlsx::Workbook;

/// The longest that an export may take; a million rows of a slow upstream come within it.
const EXPORT_DEADLINE: Duration = Duration::from_secs(15 * 60);

/// `GET /cases/export`
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    format: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    sort: String,
    /// The columns, as the list has them; every column without it.
    #[serde(default)]
    cols: String,
}

/// Sends what the query matches, in its order.
pub async fn cases(InTenant(scope): InTenant, Query(asked): Query<Asked>) -> Response {
    let (format, kind) = match asked.format.as_str() {
        "csv" => ("csv", "text/csv; charset=utf-8; header=present"),
        "xlsx" => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        _ => return refuse(PortalError::new(ErrorCode::BadRequest)),
    };
    let query = CaseQuery::from_params(&asked.q, &asked.sort, "", "");
    let begun = match scope.anew().enter(begin_export(query.clone(), format)).await {
        Ok(begun) => begun,
        Err(error) => return refuse(error),
    };
    let Ok(file) = File::new(format) else { return refuse(PortalError::new(ErrorCode::Internal)) };
    let day = begun.at.day().map(crate::model::Day::iso).unwrap_or_default();
    let name = format!("attachment; filename=\"cases-{}-{day}.{format}\"", scope.tenant().id);
    let export = Export {
        trailer: trailer(&scope, &query, &begun),
        columns: Columns::of(TableLook::parse(&asked.cols).as_ref(), &begun.zone),
        scope,
        query: Some(query),
        file: Some(file),
        begun: false,
        cases: 0,
        claim: 0,
        dues: 0,
        until: Instant::now() + EXPORT_DEADLINE,
    };
    // Fused: who compresses the answer asks once more after its end.
    let mut response = Body::from_stream(futures::stream::unfold(export, Export::next).fuse()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response.extensions_mut().insert(OwnPace);
    response
}

/// The watermark: who took what, where and when.
fn trailer(scope: &TenantScope, query: &CaseQuery, begun: &Exported) -> Vec<Value> {
    let text = query.text();
    let what = if text.is_empty() { "all cases".to_owned() } else { format!("cases that match {text}") };
    let (who, when) = (format!("Taken by {} at {}", begun.user_id, begun.institution), format!("{} {}", begun.at.long(), begun.zone));
    [who, when, what, format!("Reference {}", scope.facts().request_id)].into_iter().map(Value::Text).collect()
}

/// A file of either format.
enum File {
    Csv,
    Xlsx(Box<Workbook>),
}

impl File {
    fn new(format: &str) -> io::Result<Self> {
        Ok(if format == "xlsx" { Self::Xlsx(Box::new(Workbook::new()?)) } else { Self::Csv })
    }

    fn rows(&mut self, rows: &[Vec<Value>]) -> io::Result<Vec<u8>> {
        match self {
            Self::Csv => csv::rows(rows),
            Self::Xlsx(workbook) => workbook.rows(rows),
        }
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Csv => Ok(Vec::new()),
            Self::Xlsx(workbook) => workbook.finish(),
        }
    }
}

/// An export under way.
struct Export {
    scope: TenantScope,
    /// What comes next; `None` after the last row.
    query: Option<CaseQuery>,
    /// `None` when the file is whole.
    file: Option<File>,
    begun: bool,
    columns: Columns,
    trailer: Vec<Value>,
    cases: u64,
    /// Sums in paise.
    claim: i64,
    dues: i64,
    until: Instant,
}

type Piece = (io::Result<Vec<u8>>, Export);

impl Export {
    /// The next piece. After an error nothing follows, so that the answer breaks off and no browser takes it for whole.
    async fn next(mut self) -> Option<Piece> {
        let mut file = self.file.take()?;
        match self.piece(&mut file).await {
            Ok((mut bytes, last)) => {
                if last {
                    match file.finish() {
                        Ok(end) => bytes.extend(end),
                        Err(error) => return Some((Err(error), self)),
                    }
                } else {
                    self.file = Some(file);
                }
                Some((Ok(bytes), self))
            }
            Err(error) => {
                tracing::warn!(request_id = %self.scope.facts().request_id, rows = self.cases, "an export broke off");
                Some((Err(error), self))
            }
        }
    }

    async fn piece(&mut self, file: &mut File) -> io::Result<(Vec<u8>, bool)> {
        let mut bytes = Vec::new();
        if !self.begun {
            self.begun = true;
            if matches!(file, File::Csv) {
                bytes.extend(csv::BYTE_ORDER_MARK.as_bytes());
            }
            bytes.extend(file.rows(&[self.columns.headings()])?);
        }
        let Some(query) = self.query.take() else { return Ok((bytes, true)) };
        if Instant::now() >= self.until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        if !session::goes_on(&self.scope).await {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        // Each piece has a deadline of its own; the whole has one as well.
        let (list, next) = self.scope.anew().enter(export_chunk(query)).await.map_err(|error| io::Error::other(error.to_string()))?;
        for row in &list.rows {
            self.cases += 1;
            self.claim = self.claim.saturating_add(row.claim.paise());
            self.dues = self.dues.saturating_add(row.dues.paise());
        }
        bytes.extend(file.rows(&list.rows.iter().map(|row| self.columns.row(row)).collect::<Vec<_>>())?);
        let last = next.is_none();
        self.query = next;
        if last {
            let sums = self.columns.sums(self.cases, Inr::from_paise(self.claim), Inr::from_paise(self.dues));
            bytes.extend(file.rows(&[sums, Vec::new(), std::mem::take(&mut self.trailer)])?);
        }
        Ok((bytes, last))
    }
}
