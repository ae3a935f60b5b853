//! Filing in bulk: its pages and forms, the files that come in for it, and how far it is while somebody waits.
//!
//! Owns that a file is on this machine for no longer than its request, where nobody else can open it. It must not know what a file may hold.

use std::{convert::Infallible, os::fd::AsRawFd as _, path::PathBuf, time::Duration};

use axum::{
    Json,
    extract::{
        Multipart, OriginalUri, Path, Query,
        multipart::{Field, MultipartRejection},
        rejection::{PathRejection, QueryRejection},
    },
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use http::HeaderMap;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use super::{
    deadline::OwnPace,
    forms::{self, Pairs, answered, asked},
    refuse, session,
    upload::{FIELDS_MAX, in_time, text},
};
use crate::{
    model::{ErrorCode, PortalError, Typed},
    server::{
        casework::filing::{self, Came, FILE_MAX_BYTES, Standing},
        context::{InTenant, TenantScope},
        session::hex,
    },
};

type Address = Result<Path<String>, PathRejection>;
type Place = Result<Path<(String, String)>, PathRejection>;

/// Between two looks at how far it is.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The longest that one page is told; its browser then asks anew.
const TOLD_FOR: Duration = Duration::from_secs(10 * 60);
/// The longest that keeping a file may take.
const KEEP_DEADLINE: Duration = Duration::from_secs(5 * 60);

/// Which page of a list.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Listed {
    page: u32,
}

/// Which rows of a filing.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    group: String,
    after: i64,
}

/// `GET /filing`
pub async fn list(InTenant(scope): InTenant, page: Result<Query<Listed>, QueryRejection>) -> Response {
    let Listed { page } = page.map(|Query(page)| page).unwrap_or_default();
    asked(scope, filing::list(page)).await
}

/// `GET /filing/{id}`
pub async fn show(InTenant(scope): InTenant, address: Address, shown: Result<Query<Shown>, QueryRejection>) -> Response {
    let id = id_of(address);
    let Shown { group, after } = shown.map(|Query(shown)| shown).unwrap_or_default();
    asked(scope, Box::pin(async move { filing::show(&id, &group, after).await })).await
}

/// `GET /filing/{id}/do/{deed}`
pub async fn ask(InTenant(scope): InTenant, place: Place) -> Response {
    let (id, deed) = place.map(|Path(parts)| parts).unwrap_or_default();
    asked(scope, Box::pin(async move { filing::ask(&id, &deed).await })).await
}

/// `POST /filing/{id}/do/{deed}`
pub async fn answer(InTenant(scope): InTenant, uri: OriginalUri, place: Place, sent: Pairs) -> Response {
    let (id, deed) = place.map(|Path(parts)| parts).unwrap_or_default();
    answered(scope, uri, sent, move |typed| Box::pin(async move { filing::answer(&id, &deed, &typed).await })).await
}

/// `GET /filing/{id}/rows/{row}`
pub async fn ask_row(InTenant(scope): InTenant, place: Place) -> Response {
    let (id, row) = place.map(|Path(parts)| parts).unwrap_or_default();
    asked(scope, Box::pin(async move { filing::ask_row(&id, &row).await })).await
}

/// `POST /filing/{id}/rows/{row}`
pub async fn answer_row(InTenant(scope): InTenant, uri: OriginalUri, place: Place, sent: Pairs) -> Response {
    let (id, row) = place.map(|Path(parts)| parts).unwrap_or_default();
    answered(scope, uri, sent, move |typed| Box::pin(async move { filing::answer_row(&id, &row, &typed).await })).await
}

/// `GET /filing/new`
pub async fn ask_new(InTenant(scope): InTenant) -> Response {
    asked(scope, filing::ask_new()).await
}

/// `POST /filing/new`
pub async fn take(InTenant(scope): InTenant, form: Result<Multipart, MultipartRejection>) -> Response {
    // Who may not is told so before anything of it is read.
    if let Err(error) = scope.anew().enter(filing::check_new()).await {
        return refuse(error);
    }
    let Some(came) = come(&scope, form).await else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    forms::done_within(scope, KEEP_DEADLINE, Box::pin(async move { filing::take(&came.typed, came.file()).await })).await
}

/// `GET /filing/{id}/rejects`
pub async fn ask_rejects(InTenant(scope): InTenant, address: Address) -> Response {
    let id = id_of(address);
    asked(scope, async move { filing::ask_rejects(&id).await }).await
}

/// `POST /filing/{id}/rejects`
pub async fn take_rejects(InTenant(scope): InTenant, address: Address, form: Result<Multipart, MultipartRejection>) -> Response {
    let id = id_of(address);
    if let Err(error) = scope.anew().enter(filing::check_new()).await {
        return refuse(error);
    }
    let Some(came) = come(&scope, form).await else { return refuse(PortalError::new(ErrorCode::BadRequest)) };
    forms::done_within(scope, KEEP_DEADLINE, Box::pin(async move { filing::take_rejects(&id, &came.typed, came.file()).await })).await
}

/// An address that cannot be read is nobody's.
fn id_of(address: Address) -> String {
    address.map(|Path(id)| id).unwrap_or_default()
}

/// A form with a file that has come.
struct Form {
    typed: Typed,
    file: Option<Spooled>,
}

/// A file on this machine, without a name: gone when it is closed.
struct Spooled {
    name: String,
    path: PathBuf,
    sha256: String,
    size_bytes: u64,
    _open: std::fs::File,
}

impl Form {
    fn file(&self) -> Option<Came<'_>> {
        let file = self.file.as_ref()?;
        Some(Came { name: file.name.clone(), path: &file.path, sha256: file.sha256.clone(), size_bytes: file.size_bytes })
    }
}

/// Reads the form to its end; `None` where it is no form or does not end.
async fn come(scope: &TenantScope, form: Result<Multipart, MultipartRejection>) -> Option<Form> {
    let mut form = form.ok()?;
    let (mut typed, mut file) = (Vec::new(), None);
    while let Some(mut field) = in_time(form.next_field()).await? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            None if typed.len() >= FIELDS_MAX => return None,
            None => typed.push((name, text(&mut field).await?)),
            // No file was chosen: browsers say so by a file without a name.
            Some(called) if called.is_empty() || file.is_some() => while in_time(field.chunk()).await?.is_some() {},
            Some(called) => file = Some(spooled(scope, called, &mut field).await?),
        }
    }
    Some(Form { typed: Typed::from(typed), file })
}

async fn spooled(scope: &TenantScope, name: String, field: &mut Field<'_>) -> Option<Spooled> {
    let open = tempfile::tempfile().ok()?;
    let mut writer = tokio::fs::File::from_std(open.try_clone().ok()?);
    let (mut hash, mut size_bytes) = (Sha256::new(), 0_u64);
    while let Some(bytes) = in_time(field.chunk()).await? {
        // Whoever is signed out meanwhile, wherever, sends nothing more.
        if !scope.stands() {
            return None;
        }
        size_bytes += bytes.len() as u64;
        // What is too large is read to its end, so that its sender is told so, and not kept.
        if size_bytes <= FILE_MAX_BYTES {
            hash.update(&bytes);
            writer.write_all(&bytes).await.ok()?;
        }
    }
    writer.flush().await.ok()?;
    let path = format!("/dev/fd/{}", open.as_raw_fd()).into();
    Some(Spooled { name, path, sha256: hex(&hash.finalize()), size_bytes, _open: open })
}

/// `GET /filing/{id}/progress`: as events where they are asked for, else once.
pub async fn progress(InTenant(scope): InTenant, address: Address, headers: HeaderMap) -> Response {
    let id = id_of(address);
    let first = match look(&scope, &id).await {
        Ok(standing) => standing,
        Err(error) => return refuse(error),
    };
    let events = headers.get(http::header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/event-stream"));
    if !events {
        return Json(first).into_response();
    }
    let until = tokio::time::Instant::now() + TOLD_FOR;
    let told = futures::stream::unfold((scope, id, Some(first), until), |(scope, id, first, until)| async move {
        let standing = match first {
            Some(first) => first,
            None => {
                tokio::time::sleep(LOOK_EVERY).await;
                // A session that was ended elsewhere is told nothing more; a server that does not answer is asked again by its browser.
                if tokio::time::Instant::now() >= until || !session::goes_on(&scope).await {
                    return None;
                }
                look(&scope, &id).await.ok()?
            }
        };
        let event = Event::default().json_data(&standing).ok()?;
        Some((Ok::<_, Infallible>(event), (scope, id, None, until)))
    });
    let mut response = Sse::new(told).keep_alive(KeepAlive::default()).into_response();
    response.extensions_mut().insert(OwnPace);
    response
}

async fn look(scope: &TenantScope, id: &str) -> Result<Standing, PortalError> {
    scope.anew().enter(filing::standing(id)).await
}
