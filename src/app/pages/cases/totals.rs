//! The strip of totals over all that matches. It fails alone: the table lives on.

use leptos::prelude::*;

use crate::{
    app::ui::{AsOf, Money, grouped},
    model::CaseTotals,
};

/// The figures.
#[component]
pub fn Totals(totals: CaseTotals) -> impl IntoView {
    view! {
        <section class="totals" aria-label="Totals of all matching cases">
            <dl>
                <div><dt>"Cases"</dt><dd class="num">{grouped(totals.cases)}</dd></div>
                <div><dt>"Claim"</dt><dd><Money amount=totals.claim /></dd></div>
                <div><dt>"Dues"</dt><dd><Money amount=totals.dues /></dd></div>
                <div><dt>"Realised"</dt><dd><Money amount=totals.realised /></dd></div>
            </dl>
            <AsOf at=totals.as_of />
        </section>
    }
}

/// The same height as the figures: nothing jumps.
pub fn totals_skeleton() -> AnyView {
    view! { <div class="totals skeleton" aria-busy="true"><p class="sr">"Loading totals"</p></div> }.into_any()
}
