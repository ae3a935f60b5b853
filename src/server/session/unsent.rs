//! What somebody typed into a form whose session had ended by the time they sent it: kept until they have signed in again.
//!
//! Found by the ended session's own cookie, so by the same browser at the same institution, and handed out to the same person alone. It
//! must not know what any form asks, and nothing of it is ever logged.

use std::{fmt, sync::Arc, time::Duration};

use tokio::time::Instant;

use super::cookie::Token;
use crate::registry::{Tenant, TenantId, TenantKey};

/// How long it is kept.
const LIFE: Duration = Duration::from_secs(15 * 60);
/// The most bytes of one form.
const FORM_BYTES_MAX: usize = 64 * 1024;
/// The most bytes of all that is kept in one process; the longest kept goes first.
const ALL_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// What one that is kept weighs besides its text, in bytes.
const OVERHEAD_BYTES: usize = 512;

/// A form that was not taken.
pub struct Unsent {
    user_id: String,
    /// Where it was sent.
    action: String,
    typed: Vec<(String, String)>,
    bytes: usize,
    until: Instant,
}

impl fmt::Debug for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unsent(…)")
    }
}

impl Unsent {
    /// What this person has sent to this address; `None` where it is more than is kept.
    pub fn new(user_id: String, action: &str, typed: Vec<(String, String)>) -> Option<Self> {
        let text: usize = typed.iter().map(|(name, value)| name.len() + value.len()).sum();
        let bytes = text + action.len() + user_id.len() + OVERHEAD_BYTES;
        (bytes <= FORM_BYTES_MAX).then(|| Self { user_id, action: action.to_owned(), typed, bytes, until: Instant::now() + LIFE })
    }

    /// What was typed, if it was sent to this address and is not too old.
    pub fn of(&self, action: &str) -> Option<&[(String, String)]> {
        (self.action == action && Instant::now() < self.until).then_some(&self.typed)
    }
}

/// All that is kept: one form of a browser, its last one.
pub struct UnsentStore {
    by_key: moka::sync::Cache<TenantKey, (TenantId, Arc<Unsent>)>,
}

impl Default for UnsentStore {
    fn default() -> Self {
        let weigh = |_: &TenantKey, (_, unsent): &(TenantId, Arc<Unsent>)| u32::try_from(unsent.bytes).unwrap_or(u32::MAX);
        Self { by_key: moka::sync::Cache::builder().max_capacity(ALL_BYTES_MAX).weigher(weigh).time_to_live(LIFE).build() }
    }
}

impl UnsentStore {
    const KIND: &'static str = "unsent";

    /// Keeps it for the browser that holds this ended session's cookie.
    pub fn keep(&self, tenant: &Tenant, ended: &Token, unsent: Unsent) {
        self.by_key.insert(ended.key(tenant, Self::KIND), (tenant.id.clone(), Arc::new(unsent)));
    }

    /// Takes it out for who has signed in in that browser. It is gone then, whoever they are, and given to its own person alone.
    pub fn take(&self, tenant: &Tenant, ended: &Token, user_id: &str) -> Option<Arc<Unsent>> {
        let (owner, unsent) = self.by_key.remove(&ended.key(tenant, Self::KIND))?;
        (owner == tenant.id && unsent.user_id == user_id && Instant::now() < unsent.until).then_some(unsent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::testing;

    const A: &str = "a@banyan.example";
    const ACTION: &str = "/cases/1/do/comment";

    fn typed(text: &str) -> Vec<(String, String)> {
        vec![("body".to_owned(), text.to_owned())]
    }

    #[tokio::test]
    async fn it_is_given_once_to_its_person_in_its_browser_at_its_institution() {
        let (banyan, tamarind) = (testing::tenant("banyan"), testing::tenant("tamarind"));
        let (store, token, other) = (UnsentStore::default(), Token::fresh(&banyan).unwrap(), Token::fresh(&banyan).unwrap());
        let keep = || store.keep(&banyan, &token, Unsent::new(A.to_owned(), ACTION, typed("words")).unwrap());
        keep();
        assert!(store.take(&tamarind, &token, A).is_none() && store.take(&banyan, &other, A).is_none());
        let given = store.take(&banyan, &token, A).unwrap();
        assert_eq!(given.of(ACTION), Some(&typed("words")[..]));
        assert_eq!(given.of("/cases/2/do/comment"), None);
        assert!(store.take(&banyan, &token, A).is_none(), "once");
        keep();
        assert!(store.take(&banyan, &token, "b@banyan.example").is_none());
        assert!(store.take(&banyan, &token, A).is_none(), "it is gone once somebody else has signed in");
        assert!(!format!("{:?}", Unsent::new(A.to_owned(), ACTION, typed("words"))).contains("words"));
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_kept_for_a_quarter_of_an_hour() {
        let banyan = testing::tenant("banyan");
        let (store, token) = (UnsentStore::default(), Token::fresh(&banyan).unwrap());
        store.keep(&banyan, &token, Unsent::new(A.to_owned(), ACTION, typed("words")).unwrap());
        tokio::time::advance(LIFE - Duration::from_secs(1)).await;
        let given = store.take(&banyan, &token, A).unwrap();
        assert!(given.of(ACTION).is_some());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(given.of(ACTION).is_none());
        store.keep(&banyan, &token, Unsent::new(A.to_owned(), ACTION, typed("words")).unwrap());
        tokio::time::advance(LIFE).await;
        assert!(store.take(&banyan, &token, A).is_none());
    }

    #[tokio::test]
    async fn neither_one_form_nor_all_of_them_take_more_than_their_room() {
        let banyan = testing::tenant("banyan");
        assert!(Unsent::new(A.to_owned(), ACTION, typed(&"x".repeat(FORM_BYTES_MAX))).is_none());
        let store = UnsentStore::default();
        for _ in 0..1_200 {
            let token = Token::fresh(&banyan).unwrap();
            store.keep(&banyan, &token, Unsent::new(A.to_owned(), ACTION, typed(&"x".repeat(FORM_BYTES_MAX / 2))).unwrap());
        }
        store.by_key.run_pending_tasks();
        assert!(store.by_key.weighted_size() <= ALL_BYTES_MAX && store.by_key.entry_count() > 0);
    }
}
