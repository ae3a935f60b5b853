//! What a panel shows instead of its content: still loading, nothing there, failed.

use leptos::prelude::*;

use super::Icon;
use crate::model::PortalError;

/// One sentence, and the one action that fits.
#[component]
pub fn EmptyState(
    #[prop(into)] sentence: String,
    #[prop(into)] advice: String,
    /// An address and its words.
    #[prop(optional)]
    action: Option<(String, &'static str)>,
) -> impl IntoView {
    view! {
        <div class="state">
            <Icon name="empty" />
            <p class="state-title">{sentence}</p>
            <p>{advice}</p>
            {action.map(|(href, words)| view! { <a class="button" href=href>{words}</a> })}
        </div>
    }
}

/// What failed, in plain words; Retry; the reference to quote. The link works without JavaScript too.
#[component]
pub fn FailedState(
    /// What could not be shown.
    what: &'static str,
    error: PortalError,
    /// The page's own address.
    href: String,
    /// Asks again in place.
    retry: Callback<()>,
) -> impl IntoView {
    let again = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        retry.run(());
    };
    view! {
        <div class="state failed" role="alert">
            <Icon name="warning" />
            <p class="state-title">{what}</p>
            <p>{error.sentence()}</p>
            <a class="button" href=href on:click=again>"Retry"</a>
            {error.request_id.clone().map(|id| view! { <p class="reference">"Reference " <code>{id}</code></p> })}
        </div>
    }
}

/// The shape of a table that is on its way.
pub fn table_skeleton() -> AnyView {
    skeleton(12)
}

/// The shape of a panel that is on its way.
pub fn panel_skeleton() -> AnyView {
    skeleton(4)
}

fn skeleton(rows: usize) -> AnyView {
    view! {
        <div class="skeleton" aria-busy="true">
            <p class="sr">"Loading"</p>
            {(0..rows).map(|_| view! { <div class="skeleton-row"></div> }).collect_view()}
        </div>
    }
    .into_any()
}
