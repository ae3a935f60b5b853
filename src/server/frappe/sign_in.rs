//! The upstream's login: finds out whether a password is right and whose it is, and leaves nothing behind.
//!
//! Owns the short session between a right password and its log-out. It must not use the tenant's key, and what it learns
//! is no permission: who may use the portal is for casework to decide from the tenant's own records.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc, time::Duration};

use http::{HeaderMap, Method, header};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::time::Instant;

use super::{
    CallContext, Fault, answer, context,
    fault::LOGIN_OVER,
    path,
    transport::{self, Answer, Ask, Caller},
};
use crate::{
    registry::{Tenant, current_tenant},
    telemetry::metrics,
};

/// What a log-out may take after the request's deadline.
const LOG_OUT_GRACE: Duration = Duration::from_secs(2);

/// The login of the tenant in scope.
pub struct SignIn {
    tenant: Arc<Tenant>,
    context: CallContext,
}

/// What a user and a password lead to.
#[derive(Debug)]
pub enum LoginStep {
    /// They are right.
    Done(PersonSession),
    /// They are right, and a code is wanted.
    SecondFactor {
        /// Names this try upstream; lives 180 to 300 seconds.
        tmp_id: SecretString,
        /// How the code reaches the person.
        method: SecondFactorMethod,
    },
    /// They are not, or the user is disabled: upstream the two look alike.
    Wrong,
    /// Too many failures.
    LockedOut {
        /// Seconds until it opens.
        wait_s: u32,
    },
    /// They are right, and the upstream wants a new password first.
    PasswordResetDue,
}

/// How a second factor's code reaches the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactorMethod {
    /// From an authenticator.
    App,
    /// By SMS.
    Sms,
    /// By mail.
    Email,
    /// By a way that is not known here.
    Other,
}

/// What a code leads to.
#[derive(Debug)]
pub enum VerifyStep {
    /// It is right.
    Done(PersonSession),
    /// It is not; the same try may go on.
    WrongCode,
    /// The try is over: user and password are wanted again.
    Expired,
    /// Too many failures.
    LockedOut {
        /// Seconds until it opens.
        wait_s: u32,
    },
}

/// A person's session upstream, to be logged out as soon as it has said who they are.
pub struct PersonSession {
    sid: SecretString,
    tenant: Arc<Tenant>,
    context: CallContext,
}

impl std::fmt::Debug for PersonSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PersonSession({})", self.tenant.id)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoginBody {
    message: Option<String>,
    tmp_id: Option<String>,
    verification: Option<Json>,
}

impl SignIn {
    /// The login of the tenant in scope.
    ///
    /// # Errors
    /// [`Fault::NoTenant`] outside a door.
    pub fn current() -> Result<Self, Fault> {
        let tenant = current_tenant().map_err(|_| Fault::NoTenant)?;
        Ok(Self { tenant, context: context::current()? })
    }

    /// Tries a user and a password. `client_ip` is the person's address: the upstream counts failures by it.
    ///
    /// # Errors
    /// Any [`Fault`] of the call; a wrong password is none.
    pub async fn start(&self, user: &str, password: &SecretString, client_ip: IpAddr) -> Result<LoginStep, Fault> {
        let body = json!({ "usr": user, "pwd": password.expose_secret() });
        let answer = match self.post("sign_in", &body, client_ip).await {
            Ok(answer) => answer,
            Err(Fault::AuthRefused) => return Ok(LoginStep::Wrong),
            Err(Fault::Rejected { exc_type }) if exc_type == LOGIN_OVER => return Ok(LoginStep::Wrong),
            Err(Fault::LockedOut { wait_s }) => return Ok(LoginStep::LockedOut { wait_s }),
            Err(fault) => return Err(fault),
        };
        let said: LoginBody = answer::json(&answer)?;
        if let (Some(tmp_id), Some(verification)) = (said.tmp_id, said.verification) {
            let method = match verification.get("method").and_then(Json::as_str) {
                Some("OTP App") => SecondFactorMethod::App,
                Some("SMS") => SecondFactorMethod::Sms,
                Some("Email") => SecondFactorMethod::Email,
                _ => SecondFactorMethod::Other,
            };
            return Ok(LoginStep::SecondFactor { tmp_id: tmp_id.into(), method });
        }
        if said.message.as_deref() == Some("Password Reset") {
            return Ok(LoginStep::PasswordResetDue);
        }
        self.session(said.message.as_deref(), &answer.headers).map(LoginStep::Done)
    }

    /// Tries a code.
    ///
    /// # Errors
    /// Any [`Fault`] of the call; a wrong code is none.
    pub async fn verify(&self, tmp_id: &SecretString, otp: &SecretString, client_ip: IpAddr) -> Result<VerifyStep, Fault> {
        let body = json!({ "tmp_id": tmp_id.expose_secret(), "otp": otp.expose_secret() });
        match self.post("verify", &body, client_ip).await {
            Ok(answer) => {
                let said: LoginBody = answer::json(&answer)?;
                self.session(said.message.as_deref(), &answer.headers).map(VerifyStep::Done)
            }
            Err(Fault::AuthRefused) => Ok(VerifyStep::WrongCode),
            Err(Fault::Rejected { exc_type }) if exc_type == LOGIN_OVER => Ok(VerifyStep::Expired),
            Err(Fault::LockedOut { wait_s }) => Ok(VerifyStep::LockedOut { wait_s }),
            Err(fault) => Err(fault),
        }
    }

    async fn post(&self, operation: &'static str, body: &Json, client_ip: IpAddr) -> Result<Answer, Fault> {
        let ask = Ask::write(Method::POST, path::method("login"), body).by(Caller::Login(client_ip));
        measured(operation, transport::send(&self.context, &self.tenant, &ask)).await
    }

    fn session(&self, message: Option<&str>, headers: &HeaderMap) -> Result<PersonSession, Fault> {
        // A 200 without these words is no session, whatever cookies it sets.
        if !matches!(message, Some("Logged In" | "No App")) {
            return Err(Fault::BadAnswer("login"));
        }
        let sid = sid(headers).ok_or(Fault::BadAnswer("login"))?;
        Ok(PersonSession { sid, tenant: Arc::clone(&self.tenant), context: self.context.clone() })
    }
}

impl PersonSession {
    /// The user that the upstream knows this session as: never what was typed.
    ///
    /// # Errors
    /// Any [`Fault`] of the call; [`Fault::Forbidden`] for a session that is none.
    pub async fn who_am_i(&self) -> Result<String, Fault> {
        let user: String = self.read("who_am_i", "frappe.auth.get_logged_user").await?;
        if user.is_empty() || user == "Guest" { Err(Fault::Forbidden) } else { Ok(user) }
    }

    /// The institutions that the person's user permissions name; none where there is no such permission (which upstream
    /// means *all* of them).
    ///
    /// # Errors
    /// Any [`Fault`] of the call.
    pub async fn institutions_permitted(&self) -> Result<Vec<String>, Fault> {
        #[derive(Deserialize)]
        struct Permitted {
            doc: String,
        }
        const METHOD: &str = "frappe.core.doctype.user_permission.user_permission.get_user_permissions";
        let all: BTreeMap<String, Json> = self.read("permissions", METHOD).await?;
        let Some(institutions) = all.get("Institution") else { return Ok(Vec::new()) };
        let permitted: Vec<Permitted> = serde_json::from_value(institutions.clone()).map_err(|_| Fault::BadAnswer("shape"))?;
        Ok(permitted.into_iter().map(|permission| permission.doc).collect())
    }

    /// Ends it.
    ///
    /// # Errors
    /// Any [`Fault`] of the call: the session may then live on upstream until it expires there.
    pub async fn log_out(self) -> Result<(), Fault> {
        let ask = Ask::write(Method::POST, path::method("logout"), &json!({})).by(Caller::Session(&self.sid));
        // Also where the request's own time is up: what was opened is closed.
        let deadline = self.context.deadline.max(Instant::now() + LOG_OUT_GRACE);
        let context = CallContext { deadline, ..self.context };
        measured("log_out", transport::send(&context, &self.tenant, &ask)).await.map(drop)
    }

    async fn read<T: serde::de::DeserializeOwned>(&self, operation: &'static str, method: &'static str) -> Result<T, Fault> {
        let ask = Ask::read(path::method(method), Vec::new()).by(Caller::Session(&self.sid));
        measured(operation, async { answer::payload(&transport::send(&self.context, &self.tenant, &ask).await?) }).await
    }
}

/// The session's id. Frappe also sets `sid=Guest`, and `sid=Administrator` before a second factor: neither is a session.
fn sid(headers: &HeaderMap) -> Option<SecretString> {
    const LEAST: usize = 16;
    let cookies = headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let values = cookies.filter_map(|cookie| cookie.split(';').next()?.trim().strip_prefix("sid="));
    let mut real = values.filter(|value| value.len() >= LEAST && value.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    real.next().map(SecretString::from)
}

async fn measured<T>(operation: &'static str, call: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let began = Instant::now();
    let result = Box::pin(call).await;
    metrics::upstream_call(operation, result.as_ref().map_or_else(Fault::outcome, |_| "ok"), began.elapsed());
    result
}
