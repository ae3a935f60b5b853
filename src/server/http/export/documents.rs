//! All documents of a case as one archive, sent while they are read, with a list of them at its end. One that is not what its record says
//! breaks it off: no archive is whole with a document in it that is not.

use std::io::{self, Write as _};

use axum::{
    extract::{Path, rejection::PathRejection},
    response::Response,
};
use http::{HeaderValue, header};
use tokio::time::Instant;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{EXPORT_DEADLINE, cell::Value, csv, pipe::Pipe};
use crate::{
    model::{Answered, DocumentRow},
    server::{
        casework::documents::{Bundle, begin_bundle, bundled},
        context::{InTenant, TenantScope},
        http::{
            deadline::OwnPace,
            document::{Outgoing, paced, safe_name},
            forms, refuse,
        },
    },
};

/// The list's name in the archive.
const INDEX: &str = "index.csv";
const HEADINGS: [&str; 10] =
    ["Number", "Kind", "Title", "Version", "Date on it", "On file since", "Bytes", "SHA-256", "File in this archive", "Remark"];

/// `GET /cases/{id}/documents.zip`
pub async fn documents(InTenant(scope): InTenant, case: Result<Path<String>, PathRejection>) -> Response {
    let case = case.map(|Path(case)| case).unwrap_or_default();
    let bundle = match scope.anew().enter(async move { begin_bundle(&case).await }).await {
        Ok(Ok(bundle)) => bundle,
        Ok(Err(form)) => return forms::done(scope, async { Ok(Answered::Again(form)) }).await,
        Err(error) => return refuse(error),
    };
    let name: String = bundle.number.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let mut response = Response::new(paced(scope.clone(), move |out| async move {
        match pack(&scope, &bundle, &out).await {
            Ok(sent) => sent,
            Err(error) => {
                tracing::error!(request_id = %scope.facts().request_id, %error, "an archive broke off");
                false
            }
        }
    }));
    response.extensions_mut().insert(OwnPace);
    let headers = response.headers_mut();
    // No kind that is compressed on its way: what is in it is.
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"documents-{name}.zip\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// Writes the archive; whether somebody took all of it.
async fn pack(scope: &TenantScope, bundle: &Bundle, out: &Outgoing) -> io::Result<bool> {
    let until = Instant::now() + EXPORT_DEADLINE;
    let pipe = Pipe::default();
    let mut archive = ZipWriter::new_stream(pipe.clone());
    // Most of it is packed already: little effort, and readers that do not seek can read it.
    let options = SimpleFileOptions::default().compression_level(Some(1));
    let mut index = vec![HEADINGS.map(|heading| Value::Text(heading.to_owned())).to_vec()];
    for (place, document) in bundle.documents.iter().enumerate() {
        if let Some(why) = document.withheld {
            index.push(line(document, String::new(), why.sentence().to_owned()));
            continue;
        }
        let opened = scope.anew().enter(bundled(&bundle.case, document)).await;
        let (kind, mut content) = opened.map_err(|error| io::Error::other(error.to_string()))?;
        let name = file_name(place + 1, document, kind.media().1);
        archive.start_file(name.as_str(), options)?;
        index.push(line(document, name, String::new()));
        while let Some(piece) = content.next_piece().await.map_err(io::Error::other)? {
            if Instant::now() >= until {
                return Err(io::ErrorKind::TimedOut.into());
            }
            archive.write_all(&piece)?;
            if !out.send(pipe.take()).await {
                return Ok(false);
            }
        }
    }
    let who = format!("Taken by {} at {}", bundle.user_id, bundle.institution);
    let trailer = [who, bundle.at.long(), format!("Case {}", bundle.number), format!("Reference {}", scope.facts().request_id)];
    index.extend([Vec::new(), trailer.into_iter().map(Value::Text).collect()]);
    archive.start_file(INDEX, options)?;
    archive.write_all(csv::BYTE_ORDER_MARK.as_bytes())?;
    archive.write_all(&csv::rows(&index)?)?;
    archive.finish()?;
    Ok(out.send(pipe.take()).await)
}

/// A name in the archive: in its order, and only a name, whatever stands in the record.
fn file_name(place: usize, document: &DocumentRow, endings: &[&str]) -> String {
    let parts = [document.kind.label.as_str(), document.exhibit.as_str(), document.title.as_str()];
    let words: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    safe_name(&format!("{place:03} {}", words.join(" - ")).replace(['/', '\\'], "-"), endings)
}

fn line(document: &DocumentRow, name: String, remark: String) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    vec![
        text(&document.exhibit),
        text(&document.kind.label),
        text(&document.title),
        Value::Count(u64::from(document.version)),
        document.on.map_or(Value::Nothing, Value::Day),
        document.since.map_or(Value::Nothing, Value::Time),
        Value::Count(document.size_bytes),
        text(&document.sha256),
        Value::Text(name),
        Value::Text(remark),
    ]
}
