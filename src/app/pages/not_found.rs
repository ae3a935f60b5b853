//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

/// Says that there is nothing, and the way back.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="Not found" />
        <main id="main" class="plain">
            <h1>"There is nothing at this address"</h1>
            <p>"Check the address, or go back to the list of cases."</p>
            <p><a class="button primary" href="/cases">"Go to the cases"</a></p>
        </main>
    }
}
