//! One request upstream and its answer: headers, limits, time, repeats.
//!
//! Owns the exact set of headers that leaves the portal, and every rule on when a request may be sent again. It must not
//! know what is asked, nor take a header from anybody.

use std::{net::IpAddr, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;
use url::Url;

use super::{
    CallContext, Fault,
    upload::Flow,
    upstreams::{Places, TenantGate},
};
use crate::registry::Tenant;

/// The largest JSON answer that is read.
pub const JSON_MAX_BYTES: usize = 8 * 1024 * 1024;
/// A longer URL goes as a POST: gunicorn refuses a request line over 4,094 bytes.
pub(super) const URL_MAX_BYTES: usize = 3_500;
/// What a repeat waits, in milliseconds, at least and at most.
const BACK_OFF_MS: std::ops::Range<u64> = 20..80;
/// A timeout counts for the breaker only when the upstream had at least this long.
const FAIR_WAIT: Duration = Duration::from_millis(500);

const SITE: HeaderName = HeaderName::from_static("x-frappe-site-name");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who a request is from.
#[derive(Clone, Copy)]
pub(super) enum Caller<'a> {
    /// The tenant's API user.
    Key,
    /// A person's short session after sign-in.
    Session(&'a SecretString),
    /// Nobody yet: the login itself, with the address of the person's browser.
    Login(IpAddr),
}

/// A request, before it is anybody's.
pub(super) struct Ask<'a> {
    pub(super) method: Method,
    /// Path below the upstream's base URL, already encoded.
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Bytes>,
    pub(super) caller: Caller<'a>,
    /// Changes nothing upstream: may be sent again.
    pub(super) repeatable: bool,
}

/// A whole answer with a success status.
pub(super) struct Answer {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// An answer whose body has not been read: it holds its places until it is dropped.
pub(super) struct Opened {
    pub(super) response: reqwest::Response,
    pub(super) tenant: Arc<Tenant>,
    pub(super) deadline: Instant,
    _places: Places,
}

impl<'a> Ask<'a> {
    /// A read by the tenant's API user.
    pub(super) const fn read(path: String, query: Vec<(&'static str, String)>) -> Self {
        Self { method: Method::GET, path, query, body: None, caller: Caller::Key, repeatable: true }
    }

    /// A change by the tenant's API user: sent once.
    pub(super) fn write(method: Method, path: String, body: &serde_json::Value) -> Self {
        Self { method, path, query: Vec::new(), body: Some(body.to_string().into()), caller: Caller::Key, repeatable: false }
    }

    /// A removal by the tenant's API user: sent once.
    pub(super) const fn delete(path: String) -> Self {
        Self { method: Method::DELETE, path, query: Vec::new(), body: None, caller: Caller::Key, repeatable: false }
    }

    pub(super) const fn by(mut self, caller: Caller<'a>) -> Self {
        self.caller = caller;
        self
    }

    pub(super) const fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    pub(super) fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        url.set_path(&format!("{}{}", base.path().trim_end_matches('/'), self.path));
        url.set_fragment(None);
        url.set_query(None);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }
}

/// Sends until there is an answer or no more sense in asking, and reads the whole answer.
pub(super) async fn send(context: &CallContext, tenant: &Arc<Tenant>, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut tenant = Arc::clone(tenant);
    let (mut healed, mut repeated) = (false, false);
    context.upstreams.origin(&tenant).budget.deposit();
    loop {
        let result = Box::pin(attempt(context, &tenant, ask)).await;
        let Err(fault) = &result else { return result };
        if *fault == Fault::AuthRefused && matches!(ask.caller, Caller::Key) && !healed {
            // A refused key was not acted upon: even a change may be sent again, with another key.
            healed = true;
            match heal(context, &tenant).await {
                Some(renewed) => tenant = renewed,
                None => return result,
            }
        } else if ask.repeatable && fault.is_passing() && !repeated {
            repeated = true;
            let pause = Duration::from_millis(rand::random_range(BACK_OFF_MS));
            if Instant::now() + pause >= context.deadline || !context.upstreams.origin(&tenant).budget.withdraw() {
                return result;
            }
            tokio::time::sleep(pause).await;
        } else {
            return result;
        }
    }
}

/// Opens an answer whose body is read piece by piece: not repeated, but healed.
pub(super) async fn open_stream(context: &CallContext, tenant: &Arc<Tenant>, ask: &Ask<'_>) -> Result<Opened, Fault> {
    let refused = match open(context, tenant, ask).await {
        Err(Fault::AuthRefused) => Fault::AuthRefused,
        other => return other,
    };
    match heal(context, tenant).await {
        Some(renewed) => open(context, &renewed, ask).await,
        None => Err(refused),
    }
}

/// Sends a form whose file comes in pieces, and reads the whole answer. Sent once: it can be read once. As long as pieces are taken it
/// may take longer than a page's deadline; what is waited for outside is nobody's absence here.
pub(super) async fn send_form(
    context: &CallContext,
    tenant: &Arc<Tenant>,
    path: String,
    form: reqwest::multipart::Form,
    flow: &Flow,
) -> Result<Answer, Fault> {
    let upstreams = &context.upstreams;
    let http = upstreams.http.as_ref().ok_or(Fault::Unreachable)?;
    let (gate, origin, breaker) = (upstreams.tenant(tenant), upstreams.origin(tenant), upstreams.breaker(tenant));
    // Held first: who waits for it holds no place that a page could use.
    let _share = gate.upload(context.deadline).await?;
    let places = gate.enter(tenant, &origin, context.deadline).await?;
    let leave = breaker.ask()?;
    let ask = Ask { method: Method::POST, path, query: Vec::new(), body: None, caller: Caller::Key, repeatable: false };
    let request = http.post(ask.url(&tenant.upstream.base_url)).headers(headers(context, tenant, &ask)?).multipart(form);
    let mut sending = std::pin::pin!(request.send());
    let response = loop {
        let before = flow.taken();
        let until = context.deadline.min(Instant::now() + tenant.upstream.timeout);
        match tokio::time::timeout_at(until, &mut sending).await {
            Ok(Ok(response)) => break response,
            Ok(Err(_)) if flow.is_broken_off() => return Err(Fault::CallerFault { exc_type: "BrokenOff".to_owned() }),
            Ok(Err(_)) => {
                leave.absent();
                return Err(Fault::Unreachable);
            }
            Err(_) if Instant::now() < context.deadline && (flow.is_waiting() || flow.taken() != before) => {}
            Err(_) => {
                if !flow.is_waiting() {
                    leave.absent();
                }
                return Err(Fault::Timeout);
            }
        }
    };
    leave.answered();
    let deadline = Instant::now() + tenant.upstream.timeout;
    let opened = judged(&gate, &ask, Opened { response, tenant: Arc::clone(tenant), deadline, _places: places }).await?;
    let headers = opened.response.headers().clone();
    let body = read_body(opened, JSON_MAX_BYTES).await?;
    Ok(Answer { headers, body })
}

/// The tenant with another key, if the registry has one and nothing else about its upstream has changed meanwhile.
async fn heal(context: &CallContext, tenant: &Arc<Tenant>) -> Option<Arc<Tenant>> {
    let asked = (context.registry)(Arc::clone(tenant));
    let renewed = tokio::time::timeout_at(context.deadline, asked).await.ok()??;
    let (old, new) = (&tenant.upstream, &renewed.upstream);
    let same_place = tenant.id == renewed.id
        && old.base_url == new.base_url
        && old.site == new.site
        && old.placement == new.placement
        && old.institution == new.institution;
    let same_key = old.credentials.api_key.expose_secret() == new.credentials.api_key.expose_secret()
        && old.credentials.api_secret.expose_secret() == new.credentials.api_secret.expose_secret();
    (same_place && !same_key).then_some(renewed)
}

async fn attempt(context: &CallContext, tenant: &Arc<Tenant>, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let opened = open(context, tenant, ask).await?;
    let headers = opened.response.headers().clone();
    let body = read_body(opened, JSON_MAX_BYTES).await?;
    Ok(Answer { headers, body })
}

/// Sends once; an answer that is no success is read and judged here.
async fn open(context: &CallContext, tenant: &Arc<Tenant>, ask: &Ask<'_>) -> Result<Opened, Fault> {
    let upstreams = &context.upstreams;
    let http = upstreams.http.as_ref().ok_or(Fault::Unreachable)?;
    let (gate, origin, breaker) = (upstreams.tenant(tenant), upstreams.origin(tenant), upstreams.breaker(tenant));
    let places = gate.enter(tenant, &origin, context.deadline).await?;
    let leave = breaker.ask()?;
    let began = Instant::now();
    let deadline = context.deadline.min(began + tenant.upstream.timeout);
    let mut request = http.request(ask.method.clone(), ask.url(&tenant.upstream.base_url)).headers(headers(context, tenant, ask)?);
    if let Some(body) = &ask.body {
        request = request.body(body.clone());
    }
    let response = match tokio::time::timeout_at(deadline, request.send()).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => {
            leave.absent();
            return Err(if error.is_timeout() && !error.is_connect() { Fault::Timeout } else { Fault::Unreachable });
        }
        Err(_) => {
            if began.elapsed() >= FAIR_WAIT {
                leave.absent();
            }
            return Err(Fault::Timeout);
        }
    };
    leave.answered();
    judged(&gate, ask, Opened { response, tenant: Arc::clone(tenant), deadline, _places: places }).await
}

/// The answer, if its status is one of success.
async fn judged(gate: &TenantGate, ask: &Ask<'_>, opened: Opened) -> Result<Opened, Fault> {
    let status = opened.response.status().as_u16();
    if (200..300).contains(&status) {
        return Ok(opened);
    }
    let retry_after = opened.response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // The status alone says enough when its body cannot be read.
    let body = read_body(opened, JSON_MAX_BYTES).await.unwrap_or_default();
    let fault = Fault::of_answer(status, &body, retry_after.as_deref());
    // Only the site's own limiter names a time. A limit on logins is one person's: it must not close the tenant's gate.
    if let (Fault::RateLimited { retry_after_s }, Caller::Key, Some(_)) = (&fault, ask.caller, &retry_after) {
        gate.close_for(*retry_after_s);
    }
    Err(fault)
}

/// Every header that leaves, and no other (`Host` and `Content-Length` are the HTTP client's).
fn headers(context: &CallContext, tenant: &Tenant, ask: &Ask<'_>) -> Result<HeaderMap, Fault> {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static(concat!("odr-portal/", env!("CARGO_PKG_VERSION"))));
    if ask.body.is_some() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let Some(site) = &tenant.upstream.site {
        headers.insert(SITE, HeaderValue::from_str(site).map_err(|_| Fault::BadAnswer("site_name"))?);
    }
    match ask.caller {
        Caller::Key => {
            let key = &tenant.upstream.credentials;
            headers.insert(header::AUTHORIZATION, authorization(key.api_key.expose_secret(), key.api_secret.expose_secret())?);
        }
        Caller::Session(sid) => {
            let cookie = format!("sid={}", sid.expose_secret());
            headers.insert(header::COOKIE, secret_header(&cookie)?);
        }
        Caller::Login(address) => {
            headers.insert(FORWARDED_FOR, HeaderValue::from_str(&address.to_string()).map_err(|_| Fault::AuthRefused)?);
        }
    }
    // Both come from a request: what is no header value is left out rather than refused.
    if let Ok(id) = HeaderValue::from_str(&context.request_id) {
        headers.insert(REQUEST_ID, id);
    }
    if let Some(Ok(trace)) = context.traceparent.as_deref().map(HeaderValue::from_str) {
        headers.insert(TRACEPARENT, trace);
    }
    Ok(headers)
}

/// Exactly two words: with any other number Frappe ignores the header and answers as Guest.
fn authorization(key: &str, secret: &str) -> Result<HeaderValue, Fault> {
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_word(key) || !is_word(secret) || key.contains(':') {
        return Err(Fault::AuthRefused);
    }
    secret_header(&format!("token {key}:{secret}"))
}

fn secret_header(text: &str) -> Result<HeaderValue, Fault> {
    let mut value = HeaderValue::from_str(text).map_err(|_| Fault::AuthRefused)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The whole body. Dropping an unread response closes its connection, so a next call never meets the rest of it.
async fn read_body(mut opened: Opened, max_bytes: usize) -> Result<Bytes, Fault> {
    if opened.response.content_length().is_some_and(|length| length > max_bytes as u64) {
        return Err(Fault::BadAnswer("too_large"));
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = next_chunk(&mut opened.response, opened.deadline).await? {
        if body.len() + chunk.len() > max_bytes {
            return Err(Fault::BadAnswer("too_large"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

pub(super) async fn next_chunk(response: &mut reqwest::Response, deadline: Instant) -> Result<Option<Bytes>, Fault> {
    match tokio::time::timeout_at(deadline, response.chunk()).await {
        Ok(Ok(chunk)) => Ok(chunk),
        Ok(Err(_)) => Err(Fault::BadAnswer("truncated")),
        Err(_) => Err(Fault::Timeout),
    }
}
