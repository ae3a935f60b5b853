//! What a person sees. Pages declare their data first and render it below; only server functions under `api` reach into
//! casework, and components under `ui` never fetch.

pub mod api;
mod browser;
#[cfg(feature = "ssr")]
mod charts;
mod frame;
mod load;
pub mod pages;
#[cfg(feature = "ssr")]
mod sheets;
pub mod shell;
pub mod ui;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use pages::{
    approvals::Approvals, audit::AuditTrail, case::CasePage, cases::Cases, dashboard::Dashboard, documents::Documents, find::Find,
    hearings::Hearings, not_found::NotFound, notices, portfolio::Portfolio, sign_in::SignIn,
};

/// The application: every page and its address.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Effect::new(|_| browser::mark_hydrated());
    view! {
        <Router>
            <Routes fallback=|| view! { <NotFound /> }>
                <Route path=path!("/sign-in") view=SignIn ssr=SsrMode::Async />
                <Route path=path!("/") view=Dashboard ssr=SsrMode::InOrder />
                <Route path=path!("/portfolio") view=Portfolio ssr=SsrMode::InOrder />
                <Route path=path!("/cases") view=Cases ssr=SsrMode::InOrder />
                <Route path=path!("/cases/:id/:part?") view=CasePage ssr=SsrMode::Async />
                <Route path=path!("/notices") view=notices::Campaigns ssr=SsrMode::InOrder />
                <Route path=path!("/notices/channels") view=notices::Channels ssr=SsrMode::InOrder />
                <Route path=path!("/notices/:id") view=notices::Campaign ssr=SsrMode::InOrder />
                <Route path=path!("/notices/:id/recipients") view=notices::Recipients ssr=SsrMode::InOrder />
                <Route path=path!("/find") view=Find ssr=SsrMode::Async />
                <Route path=path!("/hearings") view=Hearings ssr=SsrMode::InOrder />
                <Route path=path!("/approvals") view=Approvals ssr=SsrMode::InOrder />
                <Route path=path!("/audit") view=AuditTrail ssr=SsrMode::InOrder />
                <Route path=path!("/documents") view=Documents ssr=SsrMode::InOrder />
            </Routes>
        </Router>
    }
}
