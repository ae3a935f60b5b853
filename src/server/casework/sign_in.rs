//! Signing in: throttle, the upstream's login with its second factor, then membership of *this* institution.
//!
//! Unknown user, wrong password and another institution's user get the same words after the same time. The upstream is
//! asked about nobody who is not a member here, so mistyped names of one bank cannot lock another's people out of a
//! shared site; and who somebody *is* comes from the upstream alone, never from what was typed.

use std::{sync::Arc, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;

use super::{Refusal, audit, membership};
use crate::{
    model::{AuditKind, SignInProblem},
    registry::Placement,
    server::{
        context::scope,
        frappe::{LoginStep, PersonSession, SecondFactorMethod, SignIn, VerifyStep},
        session::{CODE_LIFE, MAX_CODE_TRIES, Pending, PendingStep, Principal, Verdict},
    },
    telemetry::metrics,
};

/// Failures are answered at whole multiples of this, so that their time says nothing of their reason.
const FAILURE_STEP: Duration = Duration::from_millis(700);
/// The longest user name and password that are taken, in bytes.
const MAX_TYPED_BYTES: usize = 256;

/// Where a try has led.
pub enum Outcome {
    /// A session may begin.
    Member(Principal),
    /// The browser is still signing in; this is to be kept for it.
    Pending(Pending),
}

/// Tries a user and a password.
///
/// # Errors
/// Only a defect of ours: what goes wrong for the person is in the outcome.
pub async fn password(user: String, password: SecretString) -> Result<Outcome, Refusal> {
    let started = Instant::now();
    let mut account = None;
    let outcome = try_password(&user, &password, &mut account).await.unwrap_or_else(unavailable);
    conclude(started, user, account, outcome).await
}

/// Tries a one-time code for a half-done login.
///
/// # Errors
/// As [`password`].
pub async fn code(pending: Pending, code: SecretString) -> Result<Outcome, Refusal> {
    let started = Instant::now();
    let user = pending.user.clone();
    // Nobody comes to the code whom the password has not shown to be a member.
    let account = matches!(pending.step, PendingStep::Code { .. }).then(|| user.trim().to_lowercase());
    let outcome = try_code(pending.step, &user, &code).await.unwrap_or_else(unavailable);
    conclude(started, user, account, outcome).await
}

/// A session has begun.
///
/// # Errors
/// None: what cannot be noted does not keep anybody out.
pub async fn began() -> Result<(), Refusal> {
    audit::note(audit::Entry::new(AuditKind::SignIn, "session.begin"));
    Ok(())
}

/// The caller's session, or every session of theirs, was ended by themselves.
///
/// # Errors
/// As [`began`].
pub async fn ended(everywhere: bool) -> Result<(), Refusal> {
    let action = if everywhere { "session.end_everywhere" } else { "session.end" };
    audit::note(audit::Entry::new(AuditKind::SignOut, action));
    Ok(())
}

/// How a try ended, before it is counted.
enum Try {
    Member(Principal),
    Code(PendingStep, Option<SignInProblem>),
    Failed(SignInProblem),
}

fn unavailable(refusal: Refusal) -> Try {
    tracing::warn!(?refusal, "sign-in could not be tried");
    Try::Failed(SignInProblem::Unavailable)
}

/// `account` is the member whose account was tried, if it is one's.
async fn conclude(started: Instant, user: String, account: Option<String>, outcome: Try) -> Result<Outcome, Refusal> {
    let scope = scope()?;
    let (tenant, throttle, client) = (scope.tenant(), &scope.services().throttle, scope.facts().client);
    let problem = match &outcome {
        Try::Member(principal) => {
            throttle.succeeded(tenant, &user);
            metrics::sign_in("signed_in");
            tracing::info!(user = principal.user_id, role = principal.role.code(), "signed in");
            None
        }
        Try::Code(_, problem) => *problem,
        Try::Failed(problem) => Some(*problem),
    };
    if let Some(problem) = problem {
        if matches!(problem, SignInProblem::Wrong | SignInProblem::WrongCode | SignInProblem::CodeExpired) {
            throttle.failed(tenant, &user, client);
        }
        // What was never tried is counted alone: a flood of it must not fill an institution's trail.
        if !matches!(problem, SignInProblem::Throttled { .. } | SignInProblem::Incomplete | SignInProblem::Unavailable) {
            let failed = audit::Entry::new(AuditKind::SignInFailed, "session.begin").reason(label(problem));
            audit::note(failed.account(account.as_deref()));
        }
        metrics::sign_in(label(problem));
        tracing::info!(problem = label(problem), "sign-in failed");
        let steps = started.elapsed().as_millis() / FAILURE_STEP.as_millis() + 1;
        tokio::time::sleep_until(started + FAILURE_STEP * u32::try_from(steps).unwrap_or(1)).await;
    }
    Ok(match outcome {
        Try::Member(principal) => Outcome::Member(principal),
        Try::Code(step, problem) => Outcome::Pending(Pending { user, problem, step }),
        Try::Failed(problem) => Outcome::Pending(Pending { user, problem: Some(problem), step: PendingStep::Password }),
    })
}

const fn label(problem: SignInProblem) -> &'static str {
    match problem {
        SignInProblem::Wrong => "wrong",
        SignInProblem::WrongCode => "wrong_code",
        SignInProblem::CodeExpired => "code_expired",
        SignInProblem::Throttled { .. } => "throttled",
        SignInProblem::PasswordExpired => "password_expired",
        SignInProblem::Incomplete => "incomplete",
        SignInProblem::Unavailable => "unavailable",
        SignInProblem::Ended | SignInProblem::SignedOut => "other",
    }
}

async fn try_password(user: &str, password: &SecretString, account: &mut Option<String>) -> Result<Try, Refusal> {
    if user.trim().is_empty() || password.expose_secret().is_empty() {
        return Ok(Try::Failed(SignInProblem::Incomplete));
    }
    if user.len() > MAX_TYPED_BYTES || password.expose_secret().len() > MAX_TYPED_BYTES {
        return Ok(Try::Failed(SignInProblem::Wrong));
    }
    if let Some(wait) = throttled(user).await? {
        return Ok(wait);
    }
    let client = scope()?.facts().client;
    let Some(member) = membership::find(user).await? else {
        return Ok(Try::Failed(SignInProblem::Wrong));
    };
    *account = Some(member.principal.user_id);
    Ok(match SignIn::current()?.start(user, password, client).await? {
        LoginStep::Done(session) => finish(session).await?,
        LoginStep::SecondFactor { tmp_id, method } => {
            let step = PendingStep::Code {
                tmp_id: Arc::new(tmp_id),
                until: Instant::now() + CODE_LIFE,
                sent_to: member.mobile_masked.filter(|_| method == SecondFactorMethod::Sms),
                tries: 0,
            };
            Try::Code(step, None)
        }
        LoginStep::Wrong => Try::Failed(SignInProblem::Wrong),
        LoginStep::LockedOut { wait_s } => Try::Failed(SignInProblem::Throttled { wait_s }),
        LoginStep::PasswordResetDue => Try::Failed(SignInProblem::PasswordExpired),
    })
}

async fn try_code(step: PendingStep, user: &str, code: &SecretString) -> Result<Try, Refusal> {
    let PendingStep::Code { tmp_id, until, sent_to, tries } = step else {
        return Ok(Try::Failed(SignInProblem::CodeExpired));
    };
    if until <= Instant::now() {
        return Ok(Try::Failed(SignInProblem::CodeExpired));
    }
    if let Some(wait) = throttled(user).await? {
        return Ok(wait);
    }
    // Codes are digits; a paste may bring blanks along.
    let digits: String = code.expose_secret().chars().filter(|c| !c.is_whitespace() && *c != '-').take(16).collect();
    if digits.is_empty() {
        return Ok(Try::Code(PendingStep::Code { tmp_id, until, sent_to, tries }, Some(SignInProblem::Incomplete)));
    }
    let client = scope()?.facts().client;
    Ok(match SignIn::current()?.verify(&tmp_id, &digits.into(), client).await? {
        VerifyStep::Done(session) => finish(session).await?,
        VerifyStep::WrongCode if tries + 1 < MAX_CODE_TRIES => {
            Try::Code(PendingStep::Code { tmp_id, until, sent_to, tries: tries + 1 }, Some(SignInProblem::WrongCode))
        }
        VerifyStep::WrongCode | VerifyStep::Expired => Try::Failed(SignInProblem::CodeExpired),
        VerifyStep::LockedOut { wait_s } => Try::Failed(SignInProblem::Throttled { wait_s }),
    })
}

async fn throttled(user: &str) -> Result<Option<Try>, Refusal> {
    let scope = scope()?;
    match scope.services().throttle.ask(scope.tenant(), user, scope.facts().client) {
        Verdict::Wait(wait) => {
            let wait_s = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
            Ok(Some(Try::Failed(SignInProblem::Throttled { wait_s })))
        }
        Verdict::After(delay) => {
            tokio::time::sleep(delay).await;
            Ok(None)
        }
    }
}

/// Reads from the upstream who signed in, logs them out there at once, and lets members of this institution in.
async fn finish(session: PersonSession) -> Result<Try, Refusal> {
    let tenant = Arc::clone(scope()?.tenant());
    let identity = identify(&session, tenant.upstream.placement).await;
    // The portal works with the institution's key: a person's session upstream would only be one more thing to steal.
    if let Err(fault) = session.log_out().await {
        tracing::warn!(%fault, "the upstream session could not be ended");
    }
    let (user, institutions) = identity?;
    let own = tenant.upstream.institution.as_deref();
    let placed_here = institutions.is_none_or(|permitted| permitted.len() == 1 && own.is_some_and(|own| permitted[0] == own));
    if !placed_here {
        tracing::warn!("somebody signed in whose user permissions do not name this institution alone");
        return Ok(Try::Failed(SignInProblem::Wrong));
    }
    Ok(membership::find(&user).await?.map_or(Try::Failed(SignInProblem::Wrong), |member| Try::Member(member.principal)))
}

/// Who it is and, on a shared site, which institutions their user permissions name.
async fn identify(session: &PersonSession, placement: Placement) -> Result<(String, Option<Vec<String>>), Refusal> {
    let user = session.who_am_i().await?;
    let institutions = match placement {
        Placement::Shared => Some(session.institutions_permitted().await?),
        Placement::Site | Placement::Dedicated => None,
    };
    Ok((user, institutions))
}
