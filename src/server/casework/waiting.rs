//! How much waits for somebody: the marks on the sections, the same on every page.
//!
//! Every page asks, so the answer is kept in the session for a while, and a page waits for it for a moment only: it is then there for the
//! next one. It must not hold anything up, and what could not be read is no mark and never a zero.

use std::{sync::Arc, time::Duration};

use super::{Refusal, approvals, dashboard};
use crate::{
    model::{Permission, Waiting},
    server::{
        context::{TenantScope, authorise},
        frappe::Client,
        session::Session,
    },
};

/// How long a page waits for it.
const PATIENCE: Duration = Duration::from_millis(250);

/// What waits for the session's person, if it is known or can be read in time.
pub async fn known(scope: &TenantScope, session: &Arc<Session>) -> Option<Waiting> {
    if let Some(known) = session.waiting.fresh() {
        return known;
    }
    // Asked once at a time: whoever comes meanwhile goes without.
    let place = session.waiting.asking()?;
    let (scope, session) = (scope.anew(), Arc::clone(session));
    #[expect(clippy::disallowed_methods, reason = "the scope goes along by value and is entered inside")]
    let asked = tokio::spawn(async move {
        // A fault is counted where it happened, and asked again only after a while.
        let counted = scope.enter(count()).await.ok();
        session.waiting.keep(counted);
        drop(place);
        counted
    });
    tokio::time::timeout(PATIENCE, asked).await.ok()?.ok()?
}

async fn count() -> Result<Waiting, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let (tasks, approvals) = futures::try_join!(dashboard::open_tasks(&client, &grant), approvals::to_decide(&client, &grant))?;
    Ok(Waiting { tasks, approvals })
}
