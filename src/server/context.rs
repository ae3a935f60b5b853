//! The doors into casework: the only places where a tenant comes into scope.
//!
//! There are three and no fourth: [`in_tenant`] for server functions and pages, the extractor [`InTenant`] for plain Axum
//! handlers, and a job's own [`TenantScope`], passed by value when it is spawned. The first two read the request's
//! extensions by one private function. Leptos moves resources to spawned tasks and polls bodies after the handler has
//! returned; a task-local set by a middleware is gone there, so each door enters the scope itself, around the future it is
//! given, and it does not matter which task polls.
//!
//! Errors are converted, counted and logged here, once. It must not know what a case is.

use std::{sync::Arc, time::Duration};

use axum::extract::FromRequestParts;
use http::{Extensions, request::Parts};
use tokio::time::Instant;
use tracing::Instrument as _;

use super::{
    casework::{Refusal, audit, bulk},
    frappe::{self, CallContext, Condition, Field, RowScope, Upstreams},
    http::RequestFacts,
    jobs::Bell,
    session::{Cookies, PendingStore, Principal, Session, Sessions, Throttle, Token, UnsentStore},
};
use crate::{
    config::{SessionConfig, UpstreamConfig},
    model::{ErrorCode, Permission, PortalError, Role, RowLimit, Scopes},
    registry::{NoTenant, Registry, Tenant, TenantStatus, with_tenant},
};

/// How long one piece of casework may take, all its upstream calls included.
const CASEWORK_DEADLINE: Duration = Duration::from_secs(15);

/// What the process offers to every request: shared, and without a tenant of its own.
pub struct Services {
    /// The table of tenants.
    pub registry: Arc<Registry>,
    /// The ways to institutions' servers.
    pub upstreams: Arc<Upstreams>,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Who is signing in.
    pub pending: PendingStore,
    /// The brakes in front of sign-in.
    pub throttle: Throttle,
    /// How cookies are written.
    pub cookies: Cookies,
    /// What was typed into forms whose session had ended.
    pub unsent: UnsentStore,
    /// What institutions' people did: this process's part of it.
    pub audit: audit::Trail,
    /// What came of the cases of operations on several.
    pub bulk: bulk::Kept,
    /// Rings for work in the background that was asked for just now.
    pub bell: Bell,
}

impl Services {
    /// The services of one process: nobody is signed in yet, nothing has been done.
    pub fn new(registry: Arc<Registry>, upstream: UpstreamConfig, session: SessionConfig) -> Arc<Self> {
        Arc::new(Self {
            registry,
            upstreams: Upstreams::new(upstream),
            sessions: Sessions::new(session.principal_fresh),
            pending: PendingStore::default(),
            unsent: UnsentStore::default(),
            throttle: Throttle::default(),
            cookies: Cookies { development: session.development },
            audit: audit::Trail::default(),
            bulk: bulk::Kept::default(),
            bell: Bell::default(),
        })
    }
}

/// Who a request comes from. Always in a request's extensions, so that its absence is a defect and never "nobody".
#[derive(Clone)]
pub enum Caller {
    /// Nobody is signed in.
    Anonymous {
        /// Opens what this browser has typed so far, while it is signing in.
        signing_in: Option<Token>,
        /// Whether the browser still sends the cookie of a session that is over.
        ended: bool,
        /// That cookie's token.
        before: Option<Token>,
    },
    /// A session of this very tenant.
    SignedIn(Arc<Session>),
    /// The portal itself, in the name of a job such as `job:audit`: may do nothing that asks for a person's permission.
    Job(&'static str),
}

/// Everything that casework runs under: one tenant, one caller, one request.
#[derive(Clone)]
pub struct TenantScope {
    tenant: Arc<Tenant>,
    caller: Caller,
    facts: RequestFacts,
    services: Arc<Services>,
    deadline: Instant,
}

tokio::task_local! {
    static SCOPE: TenantScope;
}

impl TenantScope {
    /// The one reading of a request's extensions, behind both doors.
    fn of(extensions: &Extensions) -> Result<Self, PortalError> {
        let missing = || {
            crate::telemetry::metrics::tenant_context_missing();
            tracing::error!("a door was reached by a request that no tenant layer has seen");
            PortalError::new(ErrorCode::NoTenant)
        };
        Ok(Self {
            tenant: extensions.get::<Arc<Tenant>>().cloned().ok_or_else(missing)?,
            caller: extensions.get::<Caller>().cloned().ok_or_else(missing)?,
            facts: extensions.get::<RequestFacts>().cloned().ok_or_else(missing)?,
            services: extensions.get::<Arc<Services>>().cloned().ok_or_else(missing)?,
            deadline: Instant::now() + CASEWORK_DEADLINE,
        })
    }

    /// The scope of the portal's own work for a tenant, to be entered where that work runs; each has its own deadline.
    pub(in crate::server) fn job(services: &Arc<Services>, tenant: &Arc<Tenant>, code: &'static str) -> Self {
        let facts = RequestFacts {
            request_id: uuid::Uuid::now_v7().to_string().into(),
            traceparent: None,
            client: std::net::Ipv4Addr::UNSPECIFIED.into(),
            from_trusted_proxy: false,
            theme: crate::model::Theme::System,
            columns: crate::model::TableLook::default(),
        };
        Self {
            tenant: Arc::clone(tenant),
            caller: Caller::Job(code),
            facts,
            services: Arc::clone(services),
            deadline: Instant::now() + CASEWORK_DEADLINE,
        }
    }

    /// The same scope with a deadline of its own, for an answer that takes several pieces of casework.
    #[must_use]
    pub fn anew(&self) -> Self {
        self.lasting(CASEWORK_DEADLINE)
    }

    /// The same scope with so much time from now on: for a file, which is under way as long as somebody sends it.
    #[must_use]
    pub fn lasting(&self, longest: Duration) -> Self {
        Self { deadline: Instant::now() + longest, ..self.clone() }
    }

    /// The same scope for who has just signed in: what follows is done by them.
    pub fn signed_in(self, session: Arc<Session>) -> Self {
        Self { caller: Caller::SignedIn(session), ..self }
    }

    /// Whether what was begun in this scope may go on: its session has neither been ended nor come to its end, and its institution is
    /// still served. By what this process knows; what the person's record says now is the session layer's to find out.
    pub fn stands(&self) -> bool {
        let is_served = self.services.registry.get(&self.tenant.id).is_some_and(|tenant| tenant.status == TenantStatus::Active);
        is_served && matches!(&self.caller, Caller::SignedIn(session) if session.may_go_on(&self.tenant))
    }

    /// Runs casework with this tenant in scope and turns its refusal into what the caller is told.
    ///
    /// # Errors
    /// The refusal as a code with the request's id; its story is in the log under that id.
    pub fn enter<T>(self, work: impl Future<Output = Result<T, Refusal>>) -> impl Future<Output = Result<T, PortalError>> {
        // On the heap: casework with its upstream call is tens of kilobytes, and a page holds several of them.
        let work = Box::pin(work);
        async move {
            let request_id = Arc::clone(&self.facts.request_id);
            let user = match &self.caller {
                Caller::Anonymous { .. } => String::new(),
                Caller::SignedIn(session) => session.principal().user_id.clone(),
                Caller::Job(code) => (*code).to_owned(),
            };
            let span = tracing::info_span!("casework", request_id = %request_id, tenant = %self.tenant.id, user);
            let (context, tenant, deadline) = (self.call_context(), Arc::clone(&self.tenant), self.deadline);
            let in_time = async move {
                tokio::time::timeout_at(deadline, work).await.unwrap_or_else(|_elapsed| Err(Refusal::from(frappe::Fault::Timeout)))
            };
            let outcome = with_tenant(tenant, frappe::enter(context, SCOPE.scope(self, in_time))).instrument(span.clone()).await;
            outcome.map_err(|refusal| span.in_scope(|| refusal.into_portal_error(&request_id)))
        }
    }

    fn call_context(&self) -> CallContext {
        let registry = Arc::clone(&self.services.registry);
        CallContext {
            upstreams: Arc::clone(&self.services.upstreams),
            registry: Arc::new(move |tenant: Arc<Tenant>| {
                let registry = Arc::clone(&registry);
                Box::pin(async move { registry.heal(&tenant).await })
            }),
            request_id: self.facts.request_id.to_string(),
            traceparent: self.facts.traceparent.as_deref().map(str::to_owned),
            deadline: self.deadline,
        }
    }

    /// The tenant of this scope.
    pub fn tenant(&self) -> &Arc<Tenant> {
        &self.tenant
    }

    /// Who asks.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// What is known of the request.
    pub fn facts(&self) -> &RequestFacts {
        &self.facts
    }

    /// What the process offers.
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }
}

/// The door of server functions and pages: reads the request's `Parts` from Leptos's context, which travel with a page's
/// futures wherever they are polled.
///
/// # Errors
/// What the work refuses with; [`ErrorCode::NoTenant`] outside a request.
pub fn in_tenant<T>(work: impl Future<Output = Result<T, Refusal>>) -> impl Future<Output = Result<T, PortalError>> {
    let scope = leptos::prelude::with_context::<Parts, _>(|parts| TenantScope::of(&parts.extensions));
    let work = scope.unwrap_or_else(|| TenantScope::of(&Extensions::new())).map(|scope| scope.enter(work));
    async move { work?.await }
}

/// The door of plain Axum handlers, forms and the JSON API alike: an extractor, so that a handler's signature says that it works for
/// a tenant. What it does for one goes through [`TenantScope::enter`], and there is no other way in:
///
/// ```text
/// async fn get_me(InTenant(scope): InTenant) -> Result<Json<Me>, PortalError> {
///     Ok(Json(scope.enter(me::show()).await?.wire()))
/// }
/// ```
pub struct InTenant(pub TenantScope);

impl<S: Sync> FromRequestParts<S> for InTenant {
    type Rejection = axum::response::Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        TenantScope::of(&parts.extensions).map(Self).map_err(super::http::refuse)
    }
}

/// The scope that the running casework was entered with.
///
/// # Errors
/// [`NoTenant`] outside a door.
pub(in crate::server) fn scope() -> Result<TenantScope, NoTenant> {
    SCOPE.try_with(TenantScope::clone).map_err(|_| {
        crate::telemetry::metrics::tenant_context_missing();
        NoTenant
    })
}

/// A permission that was asked for and given: who has it, and the rows it reaches. Only [`authorise`] and
/// [`authorise_holder`] make one, and casework cannot build a query without its rows.
pub struct Grant {
    /// Who asked.
    pub principal: Arc<Principal>,
    /// The rows that the role and the person's scopes let through, as conditions that no input can reach.
    pub rows: RowScope,
}

/// Asks for a permission, before any client is made.
///
/// # Errors
/// [`ErrorCode::SignedOut`] without a session, [`ErrorCode::Forbidden`] where the role does not grant it,
/// [`ErrorCode::Upstream`] where nobody could say for minutes who the person is.
pub(in crate::server) fn authorise(permission: Permission) -> Result<Grant, Refusal> {
    let scope = scope()?;
    let Caller::SignedIn(session) = scope.caller() else {
        return Err(ErrorCode::SignedOut.into());
    };
    if session.principal_is_too_old() {
        tracing::warn!("a person's record could not be read for too long");
        return Err(ErrorCode::Upstream.into());
    }
    let principal = session.principal();
    if !principal.role.allows(permission) {
        tracing::warn!(role = principal.role.code(), ?permission, "denied");
        audit::note_denied(&scope, permission);
        return Err(ErrorCode::Forbidden.into());
    }
    let rows = case_rows(&principal);
    Ok(Grant { principal, rows })
}

/// The same for who holds a token of a member's instead of a session: `principal` is that member, read just now.
///
/// # Errors
/// [`ErrorCode::Forbidden`] where the role does not grant it.
pub(in crate::server) fn authorise_holder(principal: Principal, permission: Permission) -> Result<Grant, Refusal> {
    if !principal.role.allows(permission) {
        return Err(ErrorCode::Forbidden.into());
    }
    let rows = case_rows(&principal);
    Ok(Grant { principal: Arc::new(principal), rows })
}

/// What a job works with: every row of its institution. It has no person's permissions, for it is asked for none: what it may do is what its
/// code does. The role is whose work it stands in for, and nobody can sign in as it.
///
/// # Errors
/// [`ErrorCode::SignedOut`] for everybody else.
pub(in crate::server) fn authorise_job() -> Result<Grant, Refusal> {
    let scope = scope()?;
    let Caller::Job(code) = scope.caller() else { return Err(ErrorCode::SignedOut.into()) };
    let principal = Principal {
        user_id: (*code).to_owned(),
        display_name: "The portal".to_owned(),
        role: Role::LegalManager,
        scopes: Scopes::default(),
        advocate: None,
        sessions_valid_from: None,
    };
    Ok(Grant { principal: Arc::new(principal), rows: RowScope::institution_wide() })
}

impl Grant {
    /// Of the rows, those where the person is the owner or the advocate.
    pub fn own_rows(&self) -> RowScope {
        let rows = self.rows.clone();
        if sees_own_alone(&self.principal) { rows } else { rows.any_of(people(&self.principal)) }
    }
}

fn sees_own_alone(principal: &Principal) -> bool {
    let limit = principal.role.case_rows();
    limit == RowLimit::Assigned || (limit == RowLimit::Scoped && principal.scopes.assigned_only)
}

/// "This person is one of the three people of a row."
fn people(principal: &Principal) -> Vec<Condition> {
    let user = principal.user_id.as_str();
    let mut people = vec![Condition::eq(Field::new("legal_owner"), user), Condition::eq(Field::new("collections_owner"), user)];
    people.extend(principal.advocate.as_deref().map(|advocate| Condition::eq(Field::new("advocate"), advocate)));
    people
}

/// A person's rows, on any DocType that carries the scope set (`records.md` §1): axes are ANDed, codes of one axis are
/// alternatives, and "assigned only" is one group over the three people of a row.
fn case_rows(principal: &Principal) -> RowScope {
    let limit = principal.role.case_rows();
    let scopes = &principal.scopes;
    let mut rows = RowScope::institution_wide();
    if limit == RowLimit::Scoped {
        let axes = [("zone", &scopes.zones), ("region", &scopes.regions), ("branch", &scopes.branches), ("product", &scopes.products)];
        for (field, codes) in axes {
            if !codes.is_empty() {
                rows = rows.and(Condition::one_of(Field::new(field), codes.iter()));
            }
        }
    }
    if sees_own_alone(principal) { rows.any_of(people(principal)) } else { rows }
}
