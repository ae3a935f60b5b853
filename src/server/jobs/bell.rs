//! A bell for work that somebody waits for: it is begun at once where it was asked for, and found by the next look everywhere else.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use tokio::sync::Notify;

use crate::registry::TenantId;

/// Which institutions have something to be done that was asked for just now.
#[derive(Default)]
pub struct Bell {
    rung_for: Mutex<BTreeSet<TenantId>>,
    rung: Notify,
}

impl Bell {
    /// Rings for an institution.
    pub fn ring(&self, tenant: &TenantId) {
        self.rung_for.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant.clone());
        self.rung.notify_one();
    }

    /// Waits until it has rung; for whom.
    pub async fn heard(&self) -> BTreeSet<TenantId> {
        loop {
            let rung = self.rung.notified();
            let rung_for = std::mem::take(&mut *self.rung_for.lock().unwrap_or_else(PoisonError::into_inner));
            if !rung_for.is_empty() {
                return rung_for;
            }
            rung.await;
        }
    }
}
