//! Files that come into a case: a form of several parts, read as it comes, each file handed on a piece at a time.
//!
//! Owns the pace: who sends is read no faster than the institution's server takes, and not waited for without end. It must not know which
//! files are taken.

use std::time::Duration;

use axum::{
    extract::{
        Multipart, Path, Query,
        multipart::{Field, MultipartRejection},
        rejection::{PathRejection, QueryRejection},
    },
    response::Response,
};
use serde::Deserialize;
use tokio::sync::mpsc;

use super::{forms, refuse};
use crate::{
    model::{ErrorCode, PortalError, Typed},
    server::{
        casework::work::{
            Arriving, Piece,
            upload::{self, Taken},
        },
        context::{InTenant, TenantScope},
    },
};

/// The largest form of files, in bytes.
pub const FORM_BYTES: usize = 1024 * 1024 * 1024;
/// The longest that a file may be under way.
const FILE_DEADLINE: Duration = Duration::from_secs(15 * 60);
/// When nothing has come for so long, nothing more is waited for.
const STALLED: Duration = Duration::from_secs(60);
/// What is typed beside the files: fields, and bytes of each.
pub(super) const FIELDS_MAX: usize = 16;
const FIELD_BYTES: usize = 4 * 1024;

/// What a new version is of, where it is one.
#[derive(Deserialize)]
pub struct Of {
    #[serde(default)]
    of: String,
}

/// `GET /cases/{id}/documents/new`
pub async fn ask(InTenant(scope): InTenant, case: Result<Path<String>, PathRejection>, of: Result<Query<Of>, QueryRejection>) -> Response {
    let case = case.map(|Path(case)| case).unwrap_or_default();
    let of = of.map(|Query(of)| of.of).unwrap_or_default();
    forms::asked(scope, async move { upload::ask(&case, &of).await }).await
}

/// `POST /cases/{id}/documents/new`
pub async fn answer(
    InTenant(scope): InTenant,
    case: Result<Path<String>, PathRejection>,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let case = case.map(|Path(case)| case).unwrap_or_default();
    // Who may not is told so before anything of it is read.
    let asked = case.clone();
    if let Err(error) = scope.anew().enter(async move { upload::check(&asked).await }).await {
        return refuse(error);
    }
    let Ok(form) = form else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    let Some(came) = take_all(&scope, &case, form).await else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    let Came { typed, taken, failed } = came;
    forms::done(scope, async move { upload::finish(&case, &Typed::from(typed), taken, failed).await }).await
}

/// What came of a form.
#[derive(Default)]
struct Came {
    typed: Vec<(String, String)>,
    taken: Vec<Taken>,
    failed: Vec<(String, PortalError)>,
}

/// Reads the form to its end, whatever becomes of its files; `None` where it is no form or does not end.
async fn take_all(scope: &TenantScope, case: &str, mut form: Multipart) -> Option<Came> {
    let mut came = Came::default();
    while let Some(mut field) = in_time(form.next_field()).await? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            None => {
                let text = text(&mut field).await?;
                if came.typed.len() >= FIELDS_MAX {
                    return None;
                }
                came.typed.push((name, text));
            }
            // No file was chosen: browsers say so by a file without a name. Of those that are too many, the first is told so.
            Some(file) if file.is_empty() || came.taken.len() + came.failed.len() > upload::FILES_MAX => {
                while in_time(field.chunk()).await?.is_some() {}
            }
            Some(file) => {
                let (sender, pieces) = mpsc::channel(1);
                let arriving = Arriving { name: file.clone(), index: came.taken.len() + came.failed.len(), pieces };
                let typed = Typed::from(came.typed.clone());
                let take = scope.lasting(FILE_DEADLINE).enter(async move { upload::take(case, &typed, arriving).await });
                let (fed, taken) = tokio::join!(feed(scope, &mut field, sender), take);
                fed?;
                match taken {
                    Ok(taken) => came.taken.push(taken),
                    Err(error) => came.failed.push((file, error)),
                }
            }
        }
    }
    Some(came)
}

/// Passes a file on; what nobody takes any more is read all the same, so that the form comes to its end. `None` where it breaks off.
async fn feed(scope: &TenantScope, field: &mut Field<'_>, sender: mpsc::Sender<Piece>) -> Option<()> {
    while let Some(bytes) = in_time(field.chunk()).await? {
        // Whoever is signed out meanwhile, wherever, sends nothing more.
        if !scope.stands() {
            return None;
        }
        // Who takes nothing more has gone.
        let _ = sender.send(Piece::Bytes(bytes)).await;
    }
    let _ = sender.send(Piece::End).await;
    Some(())
}

pub(super) async fn text(field: &mut Field<'_>) -> Option<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = in_time(field.chunk()).await? {
        if bytes.len() + piece.len() > FIELD_BYTES {
            return None;
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).ok()
}

/// What comes next; `None` where it is no form, too large, or does not come.
pub(super) async fn in_time<T, E>(next: impl Future<Output = Result<T, E>>) -> Option<T> {
    tokio::time::timeout(STALLED, next).await.ok()?.ok()
}
