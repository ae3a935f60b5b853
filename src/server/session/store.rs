//! Sessions: who a browser is, for how long.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use tokio::time::Instant;

use super::{cookie::Token, marks::Marks, unsent::Unsent, viewed::Viewed};
use crate::{
    model::{Role, Scopes},
    registry::{Tenant, TenantId, TenantKey},
};

/// The oldest word on a person that is ever acted on: when the upstream cannot be asked for this long, nobody is let through.
const PRINCIPAL_OLDEST: Duration = Duration::from_secs(300);
/// Sessions that one process keeps at most; the longest unused go first.
const MAX_SESSIONS: u64 = 500_000;
/// Ended sessions whose person is remembered; the longest ended go first.
const MAX_ENDED: u64 = 100_000;
/// No session outlives this, whatever its institution's policy says.
const MAX_LIFE: Duration = Duration::from_secs(24 * 3600);

/// Who somebody is at an institution, as its `Portal User` record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The user id: what logs and records name.
    pub user_id: String,
    /// The name that screens show.
    pub display_name: String,
    /// The one role.
    pub role: Role,
    /// Where the person may look.
    pub scopes: Scopes,
    /// The advocate's record, for advocates.
    pub advocate: Option<String>,
    /// Sessions that began before this moment are over.
    pub sessions_valid_from: Option<Timestamp>,
}

/// One signed-in browser.
#[derive(Debug)]
pub struct Session {
    tenant: TenantId,
    key: TenantKey,
    began: Instant,
    began_at: Timestamp,
    last_seen_ms: AtomicU64,
    principal: ArcSwap<Principal>,
    principal_read_ms: AtomicU64,
    principal_fresh: Duration,
    ended: AtomicBool,
    /// What its person typed before an earlier session ended, until the form is opened again.
    pub(in crate::server) unsent: Mutex<Option<Arc<Unsent>>>,
    /// The cases that it has opened of late.
    pub(in crate::server) viewed: Viewed,
    /// What waits for its person.
    pub(in crate::server) waiting: Marks,
    /// Held while the principal is read again, so that one session asks once.
    pub(in crate::server) rereading: tokio::sync::Mutex<()>,
}

impl Session {
    /// Who it is, as last read.
    pub fn principal(&self) -> Arc<Principal> {
        self.principal.load_full()
    }

    /// Whether the person's record must be read again.
    pub fn principal_is_stale(&self) -> bool {
        self.principal_age_ms() >= as_ms(self.principal_fresh)
    }

    /// Whether the person's record was read too long ago to act on it.
    pub fn principal_is_too_old(&self) -> bool {
        self.principal_age_ms() >= as_ms(self.principal_fresh.max(PRINCIPAL_OLDEST))
    }

    fn principal_age_ms(&self) -> u64 {
        self.elapsed_ms().saturating_sub(self.principal_read_ms.load(Ordering::Relaxed))
    }

    /// Takes what the record says now. Returns whether the session may go on.
    pub fn renew(&self, principal: Principal) -> bool {
        let valid = principal.sessions_valid_from.is_none_or(|from| self.began_at >= from);
        if *self.principal() != principal {
            self.waiting.forget();
        }
        self.principal.store(Arc::new(principal));
        self.principal_read_ms.store(self.elapsed_ms(), Ordering::Relaxed);
        valid
    }

    /// Marks it as over: its person may no longer sign in.
    pub fn mark_ended(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// Whether it has been ended.
    pub fn is_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// Whether what was begun in it may go on. It counts as activity itself: that nothing else was asked for meanwhile ends nothing.
    pub fn may_go_on(&self, tenant: &Tenant) -> bool {
        !self.is_ended() && self.began.elapsed() < tenant.session.absolute
    }

    /// When it ends whatever happens.
    pub fn ends_at(&self, tenant: &Tenant) -> Timestamp {
        jiff::SignedDuration::try_from(tenant.session.absolute)
            .ok()
            .and_then(|absolute| self.began_at.checked_add(absolute).ok())
            .unwrap_or(self.began_at)
    }

    fn elapsed_ms(&self) -> u64 {
        as_ms(self.began.elapsed())
    }

    fn is_over(&self, tenant: &Tenant) -> bool {
        let idle_ms = self.elapsed_ms().saturating_sub(self.last_seen_ms.load(Ordering::Relaxed));
        !self.may_go_on(tenant) || idle_ms >= as_ms(tenant.session.idle)
    }
}

fn as_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Every session of this process.
pub struct Sessions {
    by_key: moka::sync::Cache<TenantKey, Arc<Session>>,
    /// Whose the sessions were that have ended of late, for what is still typed into their pages.
    ended: moka::sync::Cache<TenantKey, (TenantId, String)>,
    /// A person's sessions, for "sign out everywhere".
    of_user: Mutex<HashMap<TenantKey, HashSet<TenantKey>>>,
    principal_fresh: Duration,
}

impl Sessions {
    const KIND: &'static str = "session";

    /// None yet. A person's record counts for `principal_fresh` before it is read again.
    pub fn new(principal_fresh: Duration) -> Self {
        let by_key = moka::sync::Cache::builder().max_capacity(MAX_SESSIONS).time_to_live(MAX_LIFE).build();
        let ended = moka::sync::Cache::builder().max_capacity(MAX_ENDED).time_to_live(MAX_LIFE).build();
        Self { by_key, ended, of_user: Mutex::default(), principal_fresh }
    }

    /// Begins a session under a token that was made for it.
    pub fn begin(&self, tenant: &Tenant, token: &Token, principal: Principal) -> Arc<Session> {
        let key = token.key(tenant, Self::KIND);
        let user = TenantKey::new(tenant, "user", &principal.user_id);
        let session = Arc::new(Session {
            tenant: tenant.id.clone(),
            key: key.clone(),
            began: Instant::now(),
            began_at: Timestamp::now(),
            last_seen_ms: AtomicU64::new(0),
            principal: ArcSwap::from_pointee(principal),
            principal_read_ms: AtomicU64::new(0),
            principal_fresh: self.principal_fresh,
            ended: AtomicBool::new(false),
            unsent: Mutex::default(),
            viewed: Viewed::default(),
            waiting: Marks::default(),
            rereading: tokio::sync::Mutex::default(),
        });
        self.by_key.insert(key.clone(), Arc::clone(&session));
        let mut of_user = self.of_user.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = of_user.entry(user).or_default();
        keys.retain(|key| self.by_key.contains_key(key));
        keys.insert(key);
        session
    }

    /// The session that a token opens at this institution, if it is still on; counts as activity.
    pub fn find(&self, tenant: &Tenant, token: &Token) -> Option<Arc<Session>> {
        let session = self.by_key.get(&token.key(tenant, Self::KIND))?;
        if session.tenant != tenant.id || session.is_over(tenant) {
            self.end(&session);
            return None;
        }
        session.last_seen_ms.store(session.elapsed_ms(), Ordering::Relaxed);
        Some(session)
    }

    /// Whose session of this institution it was that a token opened, if it has ended here of late.
    pub fn ended(&self, tenant: &Tenant, token: &Token) -> Option<String> {
        let (owner, user_id) = self.ended.get(&token.key(tenant, Self::KIND))?;
        (owner == tenant.id).then_some(user_id)
    }

    /// Ends one session.
    pub fn end(&self, session: &Session) {
        self.ended.insert(session.key.clone(), (session.tenant.clone(), session.principal().user_id.clone()));
        session.mark_ended();
        self.by_key.invalidate(&session.key);
    }

    /// Ends every session of a person in this process and says how many there were. Other processes learn of it from the
    /// person's record within a minute.
    pub fn end_all_of(&self, tenant: &Tenant, user_id: &str) -> usize {
        let user = TenantKey::new(tenant, "user", user_id);
        let keys = self.of_user.lock().unwrap_or_else(PoisonError::into_inner).remove(&user).unwrap_or_default();
        let sessions: Vec<_> = keys.iter().filter_map(|key| self.by_key.get(key)).collect();
        sessions.iter().for_each(|session| self.end(session));
        sessions.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::testing;

    const PRINCIPAL_FRESH: Duration = Duration::from_secs(60);

    fn principal(user_id: &str) -> Principal {
        Principal {
            user_id: user_id.to_owned(),
            display_name: "A Person".to_owned(),
            role: Role::Viewer,
            scopes: Scopes::default(),
            advocate: None,
            sessions_valid_from: None,
        }
    }

    #[tokio::test]
    async fn a_session_opens_at_its_own_institution_alone() {
        let (banyan, tamarind) = (testing::tenant("banyan"), testing::tenant("tamarind"));
        let sessions = Sessions::new(PRINCIPAL_FRESH);
        let token = Token::fresh(&banyan).unwrap();
        sessions.begin(&banyan, &token, principal("a@banyan.example"));
        assert!(sessions.find(&tamarind, &token).is_none());
        let session = sessions.find(&banyan, &token).unwrap();
        assert_eq!(sessions.ended(&banyan, &token), None);
        sessions.end(&session);
        assert_eq!(sessions.ended(&banyan, &token), Some("a@banyan.example".to_owned()));
        assert_eq!(sessions.ended(&tamarind, &token), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_ends_when_idle_and_in_any_case_at_its_absolute_end() {
        let tenant = testing::tenant("banyan");
        let sessions = Sessions::new(PRINCIPAL_FRESH);
        let (idle, busy) = (Token::fresh(&tenant).unwrap(), Token::fresh(&tenant).unwrap());
        sessions.begin(&tenant, &idle, principal("a@banyan.example"));
        sessions.begin(&tenant, &busy, principal("a@banyan.example"));
        let step = tenant.session.idle - Duration::from_secs(60);
        let mut age = Duration::ZERO;
        while age + step < tenant.session.absolute {
            tokio::time::advance(step).await;
            age += step;
            assert!(sessions.find(&tenant, &busy).is_some(), "after {age:?}");
        }
        assert!(sessions.find(&tenant, &idle).is_none());
        tokio::time::advance(step).await;
        assert!(sessions.find(&tenant, &busy).is_none());
    }

    #[tokio::test]
    async fn signing_out_everywhere_ends_this_persons_sessions_and_nobody_elses() {
        let (banyan, tamarind) = (testing::tenant("banyan"), testing::tenant("tamarind"));
        let sessions = Sessions::new(PRINCIPAL_FRESH);
        let open = |tenant: &Arc<Tenant>, user: &str| {
            let token = Token::fresh(tenant).unwrap();
            sessions.begin(tenant, &token, principal(user));
            token
        };
        let (one, two) = (open(&banyan, "same@group.example"), open(&banyan, "same@group.example"));
        let (colleague, sister) = (open(&banyan, "other@group.example"), open(&tamarind, "same@group.example"));
        assert_eq!(sessions.end_all_of(&banyan, "same@group.example"), 2);
        assert!(sessions.find(&banyan, &one).is_none() && sessions.find(&banyan, &two).is_none());
        assert!(sessions.find(&banyan, &colleague).is_some() && sessions.find(&tamarind, &sister).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_principal_is_read_again_after_a_minute_and_older_sessions_can_be_ended_by_it() {
        let tenant = testing::tenant("banyan");
        let session = Sessions::new(PRINCIPAL_FRESH).begin(&tenant, &Token::fresh(&tenant).unwrap(), principal("a@banyan.example"));
        assert!(!session.principal_is_stale());
        tokio::time::advance(PRINCIPAL_FRESH).await;
        assert!(session.principal_is_stale() && !session.principal_is_too_old());
        tokio::time::advance(PRINCIPAL_OLDEST).await;
        assert!(session.principal_is_too_old());
        assert!(session.renew(principal("a@banyan.example")));
        assert!(!session.principal_is_stale() && !session.principal_is_too_old());
        let later = Timestamp::now().checked_add(jiff::SignedDuration::from_secs(5)).unwrap();
        assert!(!session.renew(Principal { sessions_valid_from: Some(later), ..principal("a@banyan.example") }));
    }
}
