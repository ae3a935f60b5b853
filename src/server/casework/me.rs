//! Who is signed in: the person, the institution, and how long it lasts. Asks nobody: the session knows.

use jiff::{SignedDuration, Timestamp};

use super::{Refusal, site_time};
use crate::{
    model::{ErrorCode, Me, Permission},
    server::context::{Caller, scope},
};

/// Who asks.
///
/// # Errors
/// [`ErrorCode::SignedOut`] without a session.
pub async fn show() -> Result<Me, Refusal> {
    let scope = scope()?;
    let Caller::SignedIn(session) = scope.caller() else { return Err(ErrorCode::SignedOut.into()) };
    let (tenant, principal) = (scope.tenant(), session.principal());
    let ends_at = session.ends_at(tenant);
    // This very request counts as activity.
    let idle = SignedDuration::try_from(tenant.session.idle).ok();
    let idle_ends_at = idle.and_then(|idle| Timestamp::now().checked_add(idle).ok()).map_or(ends_at, |at| at.min(ends_at));
    Ok(Me {
        user_id: principal.user_id.clone(),
        name: principal.display_name.clone(),
        role: principal.role,
        scopes: principal.scopes.clone(),
        permissions: Permission::ALL.into_iter().filter(|permission| principal.role.allows(*permission)).collect(),
        institution: tenant.id.as_str().to_owned(),
        institution_name: tenant.branding.display_name.clone(),
        time_zone: tenant.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        idle_ends_at: site_time::at(idle_ends_at, tenant),
        ends_at: site_time::at(ends_at, tenant),
    })
}
