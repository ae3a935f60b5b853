//! Calendar feeds: the forms by which a person makes and revokes them, and the address that calendar programs ask. It must not know whose
//! hearings they are.

use axum::{
    extract::{
        Extension, OriginalUri, Path, Query,
        rejection::{PathRejection, QueryRejection},
    },
    response::{IntoResponse as _, Response},
};
use http::header;
use icalendar::{Component as _, Event};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{
    forms::{Pairs, answered, asked},
    refuse,
    tenant::SeenAuthority,
};
use crate::{
    model::{Calendar, CalendarEntry},
    server::{
        casework::feeds,
        context::{InTenant, TenantScope},
    },
};

type Address = Result<Path<String>, PathRejection>;

/// `GET /hearings/feeds`
pub async fn ask(InTenant(scope): InTenant) -> Response {
    asked(scope, feeds::ask()).await
}

/// `POST /hearings/feeds`
pub async fn make(InTenant(scope): InTenant, uri: OriginalUri, Extension(seen): Extension<SeenAuthority>, sent: Pairs) -> Response {
    let origin = origin(&scope, &seen);
    answered(scope, uri, sent, async move |typed| feeds::make(&typed, &origin).await).await
}

/// `GET /hearings/feeds/{id}/revoke`
pub async fn ask_revoke(InTenant(scope): InTenant, address: Address) -> Response {
    let id = address.map(|Path(id)| id).unwrap_or_default();
    asked(scope, async move { feeds::ask_revoke(&id).await }).await
}

/// `POST /hearings/feeds/{id}/revoke`
pub async fn revoke(InTenant(scope): InTenant, uri: OriginalUri, address: Address, sent: Pairs) -> Response {
    let id = address.map(|Path(id)| id).unwrap_or_default();
    answered(scope, uri, sent, async move |_| feeds::revoke(&id).await).await
}

/// What a calendar program sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Held {
    token: String,
}

/// `GET /calendar.ics`, for who holds a token; without a session.
pub async fn serve(
    InTenant(scope): InTenant,
    Extension(seen): Extension<SeenAuthority>,
    held: Result<Query<Held>, QueryRejection>,
) -> Response {
    let Held { token } = held.map(|Query(held)| held).unwrap_or_default();
    let origin = origin(&scope, &seen);
    match scope.enter(async move { feeds::read(&token).await }).await {
        Ok(calendar) => {
            let headers = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
                (header::CONTENT_DISPOSITION, "inline; filename=\"hearings.ics\""),
            ];
            (headers, written(&calendar, &origin)).into_response()
        }
        Err(error) => refuse(error),
    }
}

/// Scheme and host under which this portal is seen; the host is one of the institution's own, or it would not have got here.
fn origin(scope: &TenantScope, seen: &SeenAuthority) -> String {
    let scheme = if scope.services().cookies.development { "http" } else { "https" };
    format!("{scheme}://{}", seen.0)
}

/// The calendar as RFC 5545 writes it.
fn written(calendar: &Calendar, origin: &str) -> String {
    let mut text = icalendar::Calendar::new();
    text.name(&plain(&calendar.title));
    // Programs ask once a day unless they are told; a hearing may be moved on the morning before.
    for name in ["REFRESH-INTERVAL;VALUE=DURATION", "X-PUBLISHED-TTL"] {
        text.append_property((name, "PT1H"));
    }
    for entry in &calendar.entries {
        text.push(event(entry, origin));
    }
    text.done().to_string()
}

fn event(entry: &CalendarEntry, origin: &str) -> Event {
    let cancelled = entry.status.code == "CANCELLED";
    let what = format!("{}: {}", entry.number, entry.kind.label);
    let summary = match entry.status.code.as_str() {
        "CANCELLED" => format!("Cancelled: {what}"),
        "ADJOURNED" => format!("Adjourned: {what}"),
        _ => what,
    };
    let start = Timestamp::from_second(entry.starts_at.unix_s).unwrap_or_default();
    let end = start.saturating_add(SignedDuration::from_mins(entry.minutes.into())).unwrap_or(start);
    let changed = entry.changed_at.and_then(|at| Timestamp::from_second(at.unix_s).ok()).unwrap_or_default();
    let mut event = Event::new();
    event
        .add_property("UID", &entry.uid)
        .add_property("SEQUENCE", entry.sequence.to_string())
        .add_property("DTSTAMP", utc(changed))
        .add_property("LAST-MODIFIED", utc(changed))
        .add_property("DTSTART", utc(start))
        .add_property("DTEND", utc(end))
        .add_property("SUMMARY", plain(&summary))
        .add_property("LOCATION", plain(entry.place.as_deref().unwrap_or(&entry.mode.label)))
        .add_property("DESCRIPTION", plain(&format!("Before {}. The case’s page says how to join.", entry.arbitrator)))
        .add_property("URL", format!("{origin}/cases/{}/hearings", entry.case))
        .add_property("STATUS", if cancelled { "CANCELLED" } else { "CONFIRMED" });
    event.done()
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A line of text: a control character of somebody's record would begin a line of the calendar's own.
fn plain(text: &str) -> String {
    text.split(|c: char| c.is_control()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Instant, Term};

    fn entry(status: &str) -> CalendarEntry {
        let at = |unix_s| Instant { unix_s, offset_minutes: 330 };
        CalendarEntry {
            uid: "0b8d".to_owned(),
            sequence: 3,
            changed_at: Some(at(1_795_199_400)),
            starts_at: at(1_795_203_000),
            minutes: 45,
            case: "abc".to_owned(),
            number: "ARB/2026/000001".to_owned(),
            kind: Term::of("EVIDENCE".to_owned()),
            mode: Term::of("PHYSICAL".to_owned()),
            place: Some("Hall 2; Fort,\r\nMumbai\nEND:VEVENT".to_owned()),
            arbitrator: "A. Rao".to_owned(),
            status: Term::of(status.to_owned()),
        }
    }

    fn lines(status: &str) -> Vec<String> {
        let calendar = Calendar { title: "Own · Bank".to_owned(), entries: vec![entry(status)] };
        let text = written(&calendar, "https://bank.example");
        assert!(text.lines().all(|line| line.len() <= 75), "folded: {text}");
        text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_hearing_is_one_event_that_no_text_of_a_record_breaks_out_of() {
        let lines = lines("SCHEDULED");
        for line in [
            "UID:0b8d",
            "SEQUENCE:3",
            "DTSTART:20261120T193000Z",
            "DTEND:20261120T201500Z",
            "SUMMARY:ARB/2026/000001: Evidence",
            "LOCATION:Hall 2\\; Fort\\,  Mumbai END:VEVENT",
            "URL:https://bank.example/cases/abc/hearings",
            "STATUS:CONFIRMED",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        ] {
            assert!(lines.iter().any(|known| known == line), "{line} in {lines:#?}");
        }
        assert_eq!(lines.iter().filter(|line| line.as_str() == "END:VEVENT").count(), 1);
    }

    #[test]
    fn what_was_cancelled_is_carried_as_cancelled() {
        let lines = lines("CANCELLED");
        assert!(
            lines.iter().any(|line| line == "STATUS:CANCELLED")
                && lines.iter().any(|line| line == "SUMMARY:Cancelled: ARB/2026/000001: Evidence")
        );
    }
}
