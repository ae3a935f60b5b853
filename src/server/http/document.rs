//! A document's file on its way to a browser: headers that leave nothing to guess, and bytes at the pace of who takes them.
//!
//! Owns how a file may be shown: by what it is and never by what somebody called it. It must not know whose it is.

use std::{io, time::Duration};

use axum::{
    body::Body,
    extract::{Path, RawQuery, rejection::PathRejection},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::mpsc;
use tracing::Instrument as _;

use super::{deadline::OwnPace, refuse, session};
use crate::{
    model::PortalError,
    server::{
        casework::documents::{self, Content, ContentKind, OpenFile, Purpose},
        context::{InTenant, TenantScope},
    },
};

/// When a browser has taken nothing for so long the file is let go, and with it its place at the institution's server.
const STALLED: Duration = Duration::from_secs(60);
/// The longest name that a file is saved under, in characters.
const NAME_MAX_CHARS: usize = 120;

/// Of a PDF that is shown in place. No `sandbox`: neither Chromium nor Firefox runs its viewer in one (PrivateBin #1552 has the
/// story). Chromium's own page around the viewer wants the inline style and the object; `nosniff` and the type keep the bytes from
/// ever being a page of ours.
const PDF_POLICY: &str =
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";
/// Of a picture.
const PICTURE_POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";
/// Of what is fetched: should a browser show it after all, then as nothing that could do anything.
const DOWNLOAD_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";
/// Of a refusal, which stands in the frame in which the document would have stood.
const REFUSAL_POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; frame-ancestors 'self'; base-uri 'none'";

/// `GET /documents/{id}/content`, to be shown in place where it can be; with `?download=1` to be kept. A range is answered whole.
pub async fn content(InTenant(scope): InTenant, id: Result<Path<String>, PathRejection>, RawQuery(query): RawQuery) -> Response {
    // An address that cannot be read is nobody's document: said like every other, to whoever may ask at all.
    let id = id.map(|Path(id)| id).unwrap_or_default();
    let keep = query.is_some_and(|query| query.split('&').any(|part| part == "download=1"));
    let purpose = if keep { Purpose::Keeping } else { Purpose::Reading };
    match scope.clone().enter(async move { documents::open(&id, purpose).await }).await {
        Ok(file) => answer(file, purpose, scope),
        Err(error) => refused(error),
    }
}

fn refused(error: PortalError) -> Response {
    let mut response = refuse(error);
    response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(REFUSAL_POLICY));
    response
}

fn answer(file: OpenFile, purpose: Purpose, scope: TenantScope) -> Response {
    let OpenFile { kind, name, content } = file;
    let size_bytes = content.size_bytes();
    let shown = purpose == Purpose::Reading && kind != ContentKind::Other;
    let (media_type, ending) = kind.media();
    let policy = match (shown, kind) {
        (true, ContentKind::Pdf) => PDF_POLICY,
        (true, _) => PICTURE_POLICY,
        (false, _) => DOWNLOAD_POLICY,
    };
    let mut response = Response::new(body(content, scope));
    response.extensions_mut().insert(OwnPace);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if shown {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    }
    if let Ok(value) = HeaderValue::from_str(&disposition(shown, &name, ending)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    if let Some(size_bytes) = size_bytes {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size_bytes));
    }
    response
}

/// `Content-Disposition` (RFC 6266): a name in ASCII for whoever reads nothing else, and the name itself.
fn disposition(shown: bool, name: &str, endings: &[&str]) -> String {
    /// Everything but what RFC 8187 lets stand.
    const VALUE: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'!')
        .remove(b'#')
        .remove(b'$')
        .remove(b'&')
        .remove(b'+')
        .remove(b'-')
        .remove(b'.')
        .remove(b'^')
        .remove(b'_')
        .remove(b'`')
        .remove(b'|')
        .remove(b'~');
    let name = safe_name(name, endings);
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ' ') { letter } else { '_' })
        .collect();
    let how = if shown { "inline" } else { "attachment" };
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(&name, VALUE))
}

/// The last part of a name, without what means something to a file system or turns writing around, and with an ending that fits.
pub(super) fn safe_name(name: &str, endings: &[&str]) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns = |letter: char| matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept =
        last.chars().filter(|letter| !letter.is_control() && !turns(*letter) && !matches!(letter, '<' | '>' | ':' | '"' | '|' | '?' | '*'));
    let kept: String = kept.take(NAME_MAX_CHARS).collect();
    let kept = kept.trim_matches(['.', ' ']);
    let kept = if kept.is_empty() { "document" } else { kept };
    let fits = |ending: &&str| kept.rsplit_once('.').is_some_and(|(_, own)| own.eq_ignore_ascii_case(ending));
    match endings.first() {
        Some(ending) if !endings.iter().any(fits) => format!("{kept}.{ending}"),
        _ => kept.to_owned(),
    }
}

/// What goes from the one who fetches to the one who writes.
enum Piece {
    Bytes(Bytes),
    Broken,
    End,
}

/// The bytes as a body.
fn body(mut content: Content, scope: TenantScope) -> Body {
    paced(scope, move |out| async move {
        loop {
            match content.next_piece().await {
                Ok(Some(bytes)) => {
                    if !out.send(bytes).await {
                        return false;
                    }
                }
                Ok(None) => return true,
                Err(fault) => {
                    tracing::error!(%fault, "a document broke off");
                    return false;
                }
            }
        }
    })
}

/// Where the pieces of a body go.
pub(super) struct Outgoing {
    pieces: mpsc::Sender<Piece>,
    scope: TenantScope,
}

impl Outgoing {
    /// Sends a piece; whether it was taken. Who has gone, or takes nothing, is no fault of ours; whoever is signed out meanwhile, wherever,
    /// gets no further piece.
    pub(super) async fn send(&self, bytes: impl Into<Bytes>) -> bool {
        let bytes = bytes.into();
        self.scope.stands() && (bytes.is_empty() || self.pieces.send_timeout(Piece::Bytes(bytes), STALLED).await.is_ok())
    }
}

/// A body at the pace of who takes it: one piece under way, one waiting. It ends well where `fetch` says so; that nothing more comes is no
/// end, and breaks the answer off.
pub(super) fn paced<F: Future<Output = bool> + Send + 'static>(scope: TenantScope, fetch: impl FnOnce(Outgoing) -> F) -> Body {
    let (sender, receiver) = mpsc::channel(1);
    let fetching = fetch(Outgoing { pieces: sender.clone(), scope: scope.clone() });
    let fetch = async move {
        // Beside the bytes: a file holds a place at the institution's server, and reading the person's record may wait for one.
        let whole = tokio::select! {
            () = session::until_over(&scope) => false,
            whole = fetching => whole,
        };
        if !scope.stands() {
            tracing::info!("a file was not sent to its end: the session is over, or the institution is not served");
        }
        let end = if whole && scope.stands() { Piece::End } else { Piece::Broken };
        let _ = sender.send_timeout(end, STALLED).await;
    };
    #[expect(clippy::disallowed_methods, reason = "what is fetched is its institution's, whose scope travels by value")]
    tokio::spawn(fetch.in_current_span());
    Body::from_stream(futures::stream::unfold(Some(receiver), |receiver| async {
        let mut receiver: mpsc::Receiver<Piece> = receiver?;
        match receiver.recv().await {
            Some(Piece::Bytes(bytes)) => Some((Ok(bytes), Some(receiver))),
            Some(Piece::End) => None,
            Some(Piece::Broken) | None => Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None)),
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_saved_under_a_name_that_is_only_a_name() {
        let pdf = |name| disposition(false, name, &["pdf"]);
        assert_eq!(pdf("award.pdf"), "attachment; filename=\"award.pdf\"; filename*=UTF-8''award.pdf");
        assert_eq!(disposition(true, "slip.JPEG", &["jpg", "jpeg"]), "inline; filename=\"slip.JPEG\"; filename*=UTF-8''slip.JPEG");
        assert_eq!(pdf("../../etc/passwd"), "attachment; filename=\"passwd.pdf\"; filename*=UTF-8''passwd.pdf");
        assert_eq!(pdf("C:\\temp\\notice.pdf"), "attachment; filename=\"notice.pdf\"; filename*=UTF-8''notice.pdf");
        assert_eq!(
            pdf("याचिका.pdf"),
            format!("attachment; filename=\"______.pdf\"; filename*=UTF-8''{}.pdf", utf8_percent_encode("याचिका", NON_ALPHANUMERIC))
        );
        assert_eq!(
            pdf("a\"; filename=x.html\r\nSet-Cookie: a=b"),
            "attachment; filename=\"a_ filename_x.htmlSet-Cookie a_b.pdf\"; filename*=UTF-8''a%3B%20filename%3Dx.htmlSet-Cookie%20a%3Db.pdf"
        );
        // "fdp.exe" written backwards.
        assert_eq!(pdf("award\u{202e}fdp.exe"), "attachment; filename=\"awardfdp.exe.pdf\"; filename*=UTF-8''awardfdp.exe.pdf");
        for nothing in ["", "..", "/", "\0", " . "] {
            assert_eq!(pdf(nothing), "attachment; filename=\"document.pdf\"; filename*=UTF-8''document.pdf", "{nothing:?}");
        }
        assert_eq!(disposition(false, "page.html", &[]), "attachment; filename=\"page.html\"; filename*=UTF-8''page.html");
        assert!(HeaderValue::from_str(&pdf(&"व".repeat(4_000))).is_ok_and(|value| value.len() < 1_600));
    }
}
