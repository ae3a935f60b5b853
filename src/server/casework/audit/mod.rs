//! The audit trail: who did what, refused or done, in chains that nobody can cut or mend unseen.
//!
//! What changes, unmasks or exports is [`record`]ed before its effect is shown, and does not take place where it cannot be;
//! refusals, sign-ins and reads are [`note`]d. Actor, role, address and request id come from the scope. It must not know the
//! rules of what it records.

mod chain;
mod entry;
mod export;
mod heads;
mod inspect;
mod list;
mod seal;
#[cfg(test)]
#[cfg(feature = "demo")]
mod tests;
mod trail;
mod verify;
mod wire;

pub use entry::Entry;
pub use export::{begin_export, export_chunk};
pub use inspect::{LoggedHead, inspect};
pub use list::list;
pub use trail::{HEAD_MESSAGE, Trail, run};
pub use verify::{Finding, Inspection, Problem};

use entry::Event;

use super::Refusal;
use crate::{
    model::{AuditKind, ErrorCode, Permission},
    server::{
        context::{TenantScope, scope},
        frappe::Fault,
    },
    telemetry::metrics,
};

/// Records a change, an unmasking or an export, and returns when the record is known to be there. To be awaited before the
/// effect takes place or is shown. Where it fails the effect must not come about, though the record may.
///
/// # Errors
/// The upstream's fault, as the person is to be told of it.
pub async fn record(entry: Entry) -> Result<(), Refusal> {
    let scope = scope()?;
    let event = Event::of(&scope, entry);
    let appended = scope.services().audit.append(&event).await;
    metrics::audit_event("record", if appended.is_ok() { "ok" } else { "failed" });
    appended.map_err(|fault| match fault {
        // What is refused here is the record: the person's own entry was not judged.
        Fault::Duplicate | Fault::Conflict | Fault::NotFound | Fault::Rejected { .. } | Fault::TooLarge => {
            tracing::error!(%fault, "an audit record was refused");
            ErrorCode::Upstream.into()
        }
        other => other.into(),
    })
}

/// Notes a refusal, a sign-in or a read: written within a second, and at the latest when the process ends.
pub fn note(entry: Entry) {
    if let Ok(scope) = scope() {
        note_in(&scope, entry);
    }
}

/// Notes that a role does not grant what was asked for. For the door's `authorise`.
pub(in crate::server) fn note_denied(scope: &TenantScope, permission: Permission) {
    note_in(scope, Entry::new(AuditKind::Denied, permission.code()).reason("ROLE"));
}

fn note_in(scope: &TenantScope, entry: Entry) {
    scope.services().audit.keep(scope.tenant(), Event::of(scope, entry));
}
