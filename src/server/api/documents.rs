//! `/api/v1/documents/{id}/content`: the file that the pages show, by the same handler.

use axum::{
    extract::{Path, RawQuery, rejection::PathRejection},
    response::Response,
};

use super::Refusals;
use crate::server::{context::InTenant, http::document};

/// The bytes of a document, as what they are found to be and never as what somebody called them. The answer breaks off unless size and
/// SHA-256 are those of its record.
#[utoipa::path(get, path = "/api/v1/documents/{id}/content", tag = "documents",
    params(
        ("id" = String, Path, description = "The document's opaque name, as its case's file has it.", example = "0k3v9m2q7a"),
        ("download" = Option<u8>, Query, description = "1 for a file to keep, which is recorded before its first byte."),
    ),
    responses(
        (status = 200, description = "The bytes.", content(
            (Vec<u8> = "application/pdf"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "application/octet-stream"),
        )),
        (status = 409, description = "The document is kept back; `detail` says why.", body = super::Problem, content_type = "application/problem+json"),
        Refusals,
        (status = 404, description = "There is no such document among what the person may see, or no institution has this host.", body = super::Problem, content_type = "application/problem+json"),
    ))]
pub async fn get_content(scope: InTenant, id: Result<Path<String>, PathRejection>, query: RawQuery) -> Response {
    document::content(scope, id, query).await
}
