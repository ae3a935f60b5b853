//! What the frame around every page shows.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::{Refusal, site_time, waiting};
use crate::{
    model::{Brand, ErrorCode, Frame, LocalPath, SignInPage, SignInProblem, SignInStep},
    registry::Tenant,
    server::{
        context::{Caller, scope},
        http::brand,
        session::{PendingStep, hex},
    },
};

/// The institution's brand.
pub fn brand_of(tenant: &Tenant) -> Brand {
    let version = hex(&Sha256::digest(brand::stylesheet(tenant).as_bytes())[..6]);
    Brand { name: tenant.branding.display_name.clone(), style_version: version }
}

/// The frame of a signed-in page.
///
/// # Errors
/// [`ErrorCode::SignedOut`] without a session.
pub async fn show() -> Result<Frame, Refusal> {
    let scope = scope()?;
    let Caller::SignedIn(session) = scope.caller() else { return Err(ErrorCode::SignedOut.into()) };
    let tenant = scope.tenant();
    let principal = session.principal();
    let waiting = waiting::known(&scope, session).await;
    Ok(Frame {
        waiting,
        brand: brand_of(tenant),
        person: principal.display_name.clone(),
        role: principal.role,
        theme: scope.facts().theme,
        idle_s: u32::try_from(tenant.session.idle.as_secs()).unwrap_or(u32::MAX),
        ends_at: site_time::at(session.ends_at(tenant), tenant),
    })
}

/// Counts as activity; says how many seconds the session now has.
///
/// # Errors
/// [`ErrorCode::SignedOut`] when it is too late.
pub async fn stay() -> Result<u32, Refusal> {
    let scope = scope()?;
    let Caller::SignedIn(session) = scope.caller() else { return Err(ErrorCode::SignedOut.into()) };
    let until_the_end_s = session.ends_at(scope.tenant()).as_second().saturating_sub(Timestamp::now().as_second());
    let idle_s = scope.tenant().session.idle.as_secs();
    Ok(u32::try_from(idle_s.min(u64::try_from(until_the_end_s).unwrap_or(0))).unwrap_or(u32::MAX))
}

/// What the sign-in page shows this browser. A problem is shown once.
///
/// # Errors
/// Only a defect of ours.
pub async fn sign_in_page(next: String) -> Result<SignInPage, Refusal> {
    let scope = scope()?;
    let (services, tenant) = (scope.services(), scope.tenant());
    let mut page = SignInPage {
        brand: brand_of(tenant),
        step: SignInStep::Password { user: String::new() },
        problem: None,
        next: LocalPath::parse(&next).map(|path| path.as_str().to_owned()),
    };
    let Caller::Anonymous { signing_in, ended, .. } = scope.caller() else { return Ok(page) };
    page.problem = ended.then_some(SignInProblem::Ended);
    let Some((token, mut pending)) = signing_in.as_ref().and_then(|token| Some((token, services.pending.find(tenant, token)?))) else {
        return Ok(page);
    };
    page.problem = pending.problem.take().or(page.problem);
    page.step = match &pending.step {
        PendingStep::Code { until, sent_to, .. } if *until > Instant::now() => SignInStep::Code {
            seconds_left: u32::try_from((*until - Instant::now()).as_secs()).unwrap_or(u32::MAX),
            sent_to: sent_to.clone(),
        },
        PendingStep::Code { .. } => {
            page.problem = page.problem.or(Some(SignInProblem::CodeExpired));
            pending.step = PendingStep::Password;
            SignInStep::Password { user: pending.user.clone() }
        }
        PendingStep::Password => SignInStep::Password { user: pending.user.clone() },
    };
    services.pending.keep(tenant, token, pending);
    Ok(page)
}
