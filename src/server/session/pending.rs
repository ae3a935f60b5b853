//! A browser that is signing in: what it typed, what went wrong, and the upstream's half-done login.
//!
//! Kept on the server and opened by a cookie of its own: the upstream's `tmp_id` never reaches the browser, and is bound to
//! this institution and this browser.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::cookie::Token;
use crate::{
    model::SignInProblem,
    registry::{Tenant, TenantId, TenantKey},
};

/// How long an upstream keeps a half-done login.
pub const CODE_LIFE: Duration = Duration::from_secs(180);
/// How long a browser's typed user name and its problem are kept.
const PENDING_LIFE: Duration = Duration::from_secs(600);
/// Browsers that may be signing in at once; the oldest go first.
const MAX_PENDING: u64 = 100_000;
/// Tries that one half-done login takes.
pub const MAX_CODE_TRIES: u8 = 5;

/// What is kept of a browser that is signing in.
#[derive(Clone, Debug)]
pub struct Pending {
    /// What was typed as the user.
    pub user: String,
    /// What went wrong at the last try.
    pub problem: Option<SignInProblem>,
    /// Where it stands.
    pub step: PendingStep,
}

/// Where a browser that is signing in stands.
#[derive(Clone)]
pub enum PendingStep {
    /// Asked for the password.
    Password,
    /// Asked for the one-time code.
    Code {
        /// The upstream's id of the half-done login.
        tmp_id: Arc<secrecy::SecretString>,
        /// When the upstream forgets it.
        until: Instant,
        /// Where a code was sent, masked.
        sent_to: Option<String>,
        /// Wrong codes so far.
        tries: u8,
    },
}

impl std::fmt::Debug for PendingStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Password => "Password",
            Self::Code { .. } => "Code",
        })
    }
}

/// Every browser that is signing in.
pub struct PendingStore {
    by_key: moka::sync::Cache<TenantKey, (TenantId, Pending)>,
}

impl Default for PendingStore {
    fn default() -> Self {
        Self { by_key: moka::sync::Cache::builder().max_capacity(MAX_PENDING).time_to_live(PENDING_LIFE).build() }
    }
}

impl PendingStore {
    const KIND: &'static str = "sign-in";

    /// What this browser has done so far at this institution.
    pub fn find(&self, tenant: &Tenant, token: &Token) -> Option<Pending> {
        let (owner, pending) = self.by_key.get(&token.key(tenant, Self::KIND))?;
        (owner == tenant.id).then_some(pending)
    }

    /// Keeps it.
    pub fn keep(&self, tenant: &Tenant, token: &Token, pending: Pending) {
        self.by_key.insert(token.key(tenant, Self::KIND), (tenant.id.clone(), pending));
    }

    /// Takes a half-done login out: a second answer with the same one must not race the first.
    pub fn take(&self, tenant: &Tenant, token: &Token) -> Option<Pending> {
        let (owner, pending) = self.by_key.remove(&token.key(tenant, Self::KIND))?;
        (owner == tenant.id).then_some(pending)
    }
}
