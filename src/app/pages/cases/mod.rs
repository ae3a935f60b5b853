//! The case list. The URL is its whole state: filters, words, sort and page. It must not know how cases are stored.

mod filters;
mod table;
mod totals;

use leptos::prelude::*;

use crate::{
    app::{
        api::cases::{count_cases, list_cases},
        browser,
        frame::{FrameData, PageFrame},
        load::{Load, Params},
        ui::table_skeleton,
    },
    model::CaseQuery,
};
use filters::{QueryBox, QueryFilters};
use table::CaseTable;
use totals::{Totals, totals_skeleton};

/// The page.
#[component]
pub fn Cases() -> impl IntoView {
    const ADDRESS: &[&str] = &["q", "sort", "after", "before"];
    let frame = FrameData::new();
    let list = Load::primary(ADDRESS, |asked| list_cases(asked.text("q"), asked.text("sort"), asked.text("after"), asked.text("before")));
    let totals = Load::side(&["q"], |asked| count_cases(asked.text("q")));
    Effect::new(|_| browser::listen_for_keys());

    let params = Params::of_address(ADDRESS);
    view! {
        <PageFrame of=frame section="Cases">
            <h1>"Cases"</h1>
            <QueryBox asked=params.clone() />
            {move || view! { <QueryFilters query=query(&params.get()) /> }}
            <div class="slim">
                {totals.panel("The totals could not be loaded", totals_skeleton, |totals, _| view! { <Totals totals /> }.into_any())}
            </div>
            {list.panel("The cases could not be loaded", table_skeleton, |list, params| {
                view! { <CaseTable list query=query(params) /> }.into_any()
            })}
        </PageFrame>
    }
}

fn query(params: &Params) -> CaseQuery {
    CaseQuery::from_params(&params.text("q"), &params.text("sort"), &params.text("after"), &params.text("before"))
}
