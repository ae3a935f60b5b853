//! The sockets: which site is meant, who asks, and how it misbehaves before anybody is answered. Knows no routes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::body::Body;
use http::header::{ACCEPT, AUTHORIZATION, COOKIE, HOST, ORIGIN};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt;
use tokio_util::sync::CancellationToken;

use super::Site;
use super::fault::{Cookies, Fault, Outcome};
use super::knobs::{self, Failure, Knob};
use super::limiter::{self, Allowance};
use super::login;
use super::reply::{self, Reply, Session};
use super::rights::Caller;
use super::route::{self, Asked};

const REQUEST_LINE_BYTES_MAX: usize = 4094;

/// Serves `sites` on `listener` until `shutdown`. A request goes to the site named by `X-Frappe-Site-Name`, else by `Host`, else to
/// the site without a name.
pub async fn serve(listener: tokio::net::TcpListener, sites: Vec<Arc<Site>>, shutdown: CancellationToken) {
    let sites: Arc<[Arc<Site>]> = sites.into();
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { continue };
        let sites = Arc::clone(&sites);
        connections.spawn(serve_connection(stream, sites));
    }
}

async fn serve_connection(stream: tokio::net::TcpStream, sites: Arc<[Arc<Site>]>) {
    let reset = Arc::new(AtomicBool::new(false));
    let service = hyper::service::service_fn(|request| {
        let (sites, reset) = (Arc::clone(&sites), Arc::clone(&reset));
        Box::pin(async move { answer(&sites, request, &reset).await })
    });
    let mut builder = hyper::server::conn::http1::Builder::new();
    // gunicorn closes idle connections after two seconds.
    builder.timer(TokioTimer::new()).header_read_timeout(std::time::Duration::from_secs(2));
    let mut connection = builder.serve_connection(TokioIo::new(stream), service);
    // A client that goes away is no event here.
    let _gone = std::future::poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    if reset.load(Ordering::SeqCst) {
        // Closing now sends RST instead of FIN.
        let _set = stream.set_zero_linger();
    } else {
        let _gone = stream.shutdown().await;
    }
}

/// The connection is closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the simulated site is dead")]
struct Dead;

async fn answer(sites: &[Arc<Site>], request: Request<Incoming>, reset: &AtomicBool) -> Result<Response<Body>, Dead> {
    let target = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    if request.method().as_str().len() + target.len() + " HTTP/1.1 ".len() > REQUEST_LINE_BYTES_MAX {
        // gunicorn's own page, which names no charset.
        let page = "<html><head><title>Bad Request</title></head><body><h1>Bad Request</h1>Request Line is too large</body></html>";
        return Ok(reply::finish(StatusCode::BAD_REQUEST, "text/html", page.into()));
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let asked = Some(header("x-frappe-site-name")).filter(|name| !name.is_empty()).unwrap_or_else(|| header(HOST.as_str()));
    let name = asked.split(':').next().unwrap_or_default().to_owned();
    let site = sites.iter().find(|site| site.name() == name).or_else(|| sites.iter().find(|site| site.name().is_empty()));
    let Some(site) = site.cloned() else {
        return Ok(reply::html(StatusCode::NOT_FOUND, &format!("{name} does not exist")));
    };
    let (parts, body) = request.into_parts();
    let origin = parts.headers.get(ORIGIN).cloned();
    if parts.method == Method::OPTIONS {
        return Ok(reply::written(&site, route::preflight(&site, &parts.headers), &Knob::default(), origin));
    }
    if parts.method == Method::GET {
        site.count_read();
    }
    let (mut caller, session) = match identify(&site, &parts.headers) {
        Ok(found) => found,
        Err(fault) => (Err(fault), None),
    };
    let knob = site.knobs().of(caller.as_ref().map_or("Guest", |caller| caller.user_id.as_str()));
    if let Some((from, to)) = knob.delay {
        let extra = to.saturating_sub(from).mul_f64(rand::random::<f64>());
        tokio::time::sleep(from + extra).await;
    }
    match &knob.failure {
        Failure::Dead => return Err(Dead),
        Failure::Reset => {
            reset.store(true, Ordering::SeqCst);
            return Err(Dead);
        }
        Failure::Silent => std::future::pending::<()>().await,
        Failure::Status { status, rate } if rand::random::<f64>() < *rate => {
            return Ok(reply::html(StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY), "Server Error"));
        }
        Failure::DocType { name, silent } if parts.uri.path().ends_with(&name.replace(' ', "%20")) => {
            if *silent {
                std::future::pending::<()>().await;
            }
            return Ok(reply::html(StatusCode::INTERNAL_SERVER_ERROR, "Server Error"));
        }
        Failure::ForeignRows => {
            if let Ok(caller) = &mut caller {
                caller.foreign = true;
            }
        }
        failure => {
            if let Some(response) = knobs::in_place(failure) {
                return Ok(response);
            }
            if let Some(fault) = refused(failure, &parts) {
                caller = Err(fault);
            }
        }
    }
    let collected = Limited::new(body, site.file_max_bytes()).collect().await;
    let Ok(body) = collected.map(http_body_util::Collected::to_bytes) else {
        return Ok(reply::html(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"));
    };
    // Whoever is not who they say is told so even where nothing is left; and a login comes before the limiter.
    let allowance = match knob.failure {
        Failure::TooMany { retry_after_s } => Some(Allowance::exhausted(retry_after_s)),
        _ => limiter::allowance(&site),
    };
    let allowance = allowance.filter(|_| !route::is_login(&parts));
    if allowance.is_some_and(|allowance| allowance.is_spent()) && caller.is_ok() {
        caller = Err(Fault::crash(429, "TooManyRequestsError", "frappe.exceptions.TooManyRequestsError"));
    }
    let started = Instant::now();
    let asked = Asked { parts: &parts, body: &body, session: session.as_ref() };
    let reply = caller.and_then(|caller| route::route(&site, &caller, &asked)).unwrap_or_else(|mut fault| {
        if session == Some(Session::Expired) {
            (fault.session_expired, fault.cookies) = (true, Cookies::Cleared);
        }
        let wants_html = route::header_of(&parts.headers, ACCEPT.as_str()).starts_with("text");
        Reply::fault(&site, &fault, session.as_ref(), wants_html)
    });
    if knob.failure == Failure::AnswerLost {
        return Err(Dead);
    }
    let reply = match allowance {
        Some(allowance) if reply.status == 429 => allowance.refusal(reply),
        Some(allowance) => allowance.told(&site, reply, started.elapsed()),
        None => reply,
    };
    Ok(reply::written(&site, reply, &knob, origin))
}

/// The refusals that knobs order, each before anybody is asked for anything.
fn refused(failure: &Failure, parts: &http::request::Parts) -> Option<Box<Fault>> {
    match failure {
        Failure::Maintenance => {
            Some(Fault::crash(503, "SessionStopped", "frappe.exceptions.SessionStopped: Session Stopped").without_cookies())
        }
        Failure::ReadOnly if !matches!(parts.method, Method::GET | Method::HEAD) => {
            let text = "Site is running in read only mode for maintenance or site update, this action can not be performed right now. \
                        Please try again later.";
            Some(Fault::titled(503, "InReadOnlyMode", text, "In Read Only Mode"))
        }
        Failure::KeyRefused if parts.headers.contains_key(AUTHORIZATION) => Some(Fault::bad_key()),
        _ => None,
    }
}

type Identified = (Outcome<Caller>, Option<Session>);

/// Who asks: a live session before a key (as Frappe has it), nobody else is Guest.
fn identify(site: &Site, headers: &HeaderMap) -> Outcome<Identified> {
    let strict = site.options.strict_user_permissions;
    let sid = route::header_of(headers, COOKIE.as_str()).split(';').find_map(|pair| pair.trim().strip_prefix("sid=")).unwrap_or_default();
    let keyed = login::of_header(site, route::header_of(headers, AUTHORIZATION.as_str()))?;
    if !sid.is_empty() && sid != "Guest" && sid != "Administrator" {
        return Ok(match login::of_session(site, sid) {
            Some(user) => {
                let session = Session::Live { sid: sid.into(), user_id: user.user_id.clone(), full_name: user.full_name.clone() };
                (Ok(Caller::of(&user, strict)), Some(session))
            }
            None => (Ok(keyed.map_or_else(Caller::guest, |user| Caller::of(&user, strict))), Some(Session::Expired)),
        });
    }
    Ok((Ok(keyed.map_or_else(Caller::guest, |user| Caller::of(&user, strict))), None))
}
