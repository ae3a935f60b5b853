//! Signing in: passwords, codes, lock-out, sessions, keys. Knows no DocTypes.

use std::collections::HashMap;

use base64::Engine;
use serde_json::{Value, json};

use super::Site;
use super::fault::{Fault, Outcome};
use super::rights::Caller;
use super::user::{ApiKey, User};

const FAILURES_ALLOWED: u32 = 10;
const LOCKED_S: i64 = 60;
const SECOND_STEP_S: i64 = 180;
/// 170 hours, as on the recorded site.
pub(super) const SESSION_S: i64 = 612_000;

/// What a site remembers of sign-ins.
#[derive(Debug, Default)]
pub(super) struct SignIns {
    /// By sid.
    sessions: HashMap<String, Live>,
    /// tmp_id: user and end.
    halfway: HashMap<String, (String, i64)>,
    /// User or address: failures and the moment of the first.
    failures: HashMap<String, (u32, i64)>,
}

/// A session that was opened.
#[derive(Debug)]
struct Live {
    user_id: String,
    end: i64,
    /// Made when the desk is first shown to it; from then on writes must carry it.
    csrf_token: Option<String>,
}

/// How far a login came.
pub(super) enum Step {
    Done { user: User, sid: String },
    CodeAsked(Value),
}

fn hex(length: usize) -> String {
    (0..length).map(|_| char::from_digit(rand::random_range(0..16), 16).unwrap_or('0')).collect()
}

/// POST login, either step.
pub(super) fn login(site: &Site, argument: impl Fn(&str) -> Option<String>, address: &str) -> Outcome<Step> {
    let now = site.now().as_second();
    if let Some(tmp_id) = argument("tmp_id") {
        let halfway = site.sign_ins().halfway.get(&tmp_id).filter(|(_, end)| now < *end).cloned();
        let user = halfway.and_then(|(user, _)| site.user(&user)).ok_or_else(|| Fault::login("Incomplete login details"))?;
        locked(site, &user.user_id, address, now)?;
        if argument("otp").is_none_or(|otp| otp != user.totp(now)) {
            failed(site, &[&user.user_id, address], now);
            return Err(Fault::login("Incorrect Verification code"));
        }
        return Ok(begin(site, user, address, now));
    }
    let (Some(usr), Some(pwd)) = (argument("usr").filter(|usr| !usr.is_empty()), argument("pwd").filter(|pwd| !pwd.is_empty())) else {
        return Err(Fault::login("Incomplete login details"));
    };
    locked(site, &usr, address, now)?;
    let user = site.user(&usr).filter(|user| user.password == pwd);
    let Some(user) = user else {
        failed(site, &[&usr, address], now);
        return Err(Fault::login("Invalid login credentials"));
    };
    if !user.enabled {
        return Err(Fault::login("User disabled or missing"));
    }
    if site.options.second_factor && user.totp_secret.is_some() && user.user_id != "Administrator" {
        let tmp_id = hex(8);
        site.sign_ins().halfway.insert(tmp_id.clone(), (user.user_id, now + SECOND_STEP_S));
        return Ok(Step::CodeAsked(json!({"verification": {"method": "OTP App", "setup": true}, "tmp_id": tmp_id})));
    }
    Ok(begin(site, user, address, now))
}

fn begin(site: &Site, user: User, address: &str, now: i64) -> Step {
    let sid = hex(56);
    let mut sign_ins = site.sign_ins();
    sign_ins.failures.remove(&user.user_id.to_lowercase());
    sign_ins.failures.remove(address);
    sign_ins.sessions.insert(sid.clone(), Live { user_id: user.user_id.clone(), end: now + SESSION_S, csrf_token: None });
    Step::Done { user, sid }
}

fn locked(site: &Site, user: &str, address: &str, now: i64) -> Outcome<()> {
    let mut sign_ins = site.sign_ins();
    sign_ins.failures.retain(|_, (_, since)| now < *since + LOCKED_S);
    let over = |who: &str| sign_ins.failures.get(who).is_some_and(|(count, _)| *count > FAILURES_ALLOWED);
    if over(&user.to_lowercase()) || over(address) {
        let text = format!("Your account has been locked and will resume after {LOCKED_S} seconds");
        return Err(Fault::throw(500, "SecurityException", &text).without_cookies());
    }
    Ok(())
}

fn failed(site: &Site, whom: &[&str], now: i64) {
    let mut sign_ins = site.sign_ins();
    for who in whom {
        sign_ins.failures.entry(who.to_lowercase()).or_insert((0, now)).0 += 1;
    }
}

pub(super) fn logout(site: &Site, sid: &str) {
    site.sign_ins().sessions.remove(sid);
}

/// The user of a session that still lives.
pub(super) fn of_session(site: &Site, sid: &str) -> Option<User> {
    let now = site.now().as_second();
    let user_id = site.sign_ins().sessions.get(sid).filter(|live| now < live.end).map(|live| live.user_id.clone());
    site.user(&user_id?)
}

/// The session's token, made now if it had none.
pub(super) fn csrf_token(site: &Site, sid: &str) -> String {
    let mut sign_ins = site.sign_ins();
    let token = sign_ins.sessions.get_mut(sid).map(|live| live.csrf_token.get_or_insert_with(|| hex(56)).clone());
    token.unwrap_or_default()
}

/// 400 for a write of a session that has a token and does not show it.
pub(super) fn check_csrf(site: &Site, sid: &str, shown: &str) -> Outcome<()> {
    let wanted = site.sign_ins().sessions.get(sid).and_then(|live| live.csrf_token.clone());
    if wanted.is_some_and(|wanted| wanted != shown) {
        return Err(Fault::throw(400, "CSRFTokenError", "Invalid Request"));
    }
    Ok(())
}

/// `generate_keys`: a new secret, with which the old one dies; System Managers only.
pub(super) fn generate_keys(site: &Site, caller: &Caller, user_id: &str) -> Outcome<Value> {
    if caller.user_id != "Administrator" && !caller.roles.iter().any(|role| role == "System Manager") {
        return Err(Fault::forbidden("", None));
    }
    let mut user = site.user(user_id).ok_or_else(|| Fault::missing("User", user_id))?;
    let secret = hex(15);
    let key = user.api_key.take().map_or_else(|| hex(15), |pair| pair.key);
    user.api_key = Some(ApiKey { key, secret: secret.clone() });
    site.add_user(user);
    Ok(json!({"api_secret": secret}))
}

/// The user of an `Authorization` header; `None` where Frappe ignores the header.
pub(super) fn of_header(site: &Site, header: &str) -> Outcome<Option<User>> {
    let words: Vec<&str> = header.split(' ').collect();
    let [scheme, value] = words.as_slice() else { return Ok(None) };
    let pair = match scheme.to_lowercase().as_str() {
        "token" => Some((*value).to_owned()),
        "basic" => base64::engine::general_purpose::STANDARD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok()),
        _ => None,
    };
    let pair = pair.ok_or_else(Fault::bad_key)?;
    let (key, secret) = pair.split_once(':').ok_or_else(Fault::bad_key)?;
    let user = site.user_of_key(key, secret).ok_or_else(Fault::bad_key)?;
    // Before v16 a disabled user's key goes on working.
    if !user.enabled && site.options.version == super::Version::V16 {
        return Err(Fault::bad_key());
    }
    Ok(Some(user))
}
