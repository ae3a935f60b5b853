//! The case list. The URL is its whole state: filters, words, sort and page. It must not know how cases are stored.

mod filters;
mod table;
mod totals;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    app::{
        api::{
            cases::{count_cases, list_cases},
            panel, settle,
        },
        browser,
        frame::{FrameData, PageFrame},
        ui::{FailedState, TableSkeleton},
    },
    model::CaseQuery,
};
use filters::{QueryBox, QueryFilters};
use table::CaseTable;
use totals::{Totals, TotalsSkeleton};

/// The URL's parameters as they stand.
#[derive(Clone, Default, PartialEq)]
struct Params {
    q: String,
    sort: String,
    after: String,
    before: String,
}

impl Params {
    fn query(&self) -> CaseQuery {
        CaseQuery::from_params(&self.q, &self.sort, &self.after, &self.before)
    }
}

/// The page.
#[component]
pub fn Cases() -> impl IntoView {
    let map = use_query_map();
    let params = Memo::new(move |_| {
        map.with(|map| {
            let part = |name| map.get(name).unwrap_or_default();
            Params { q: part("q"), sort: part("sort"), after: part("after"), before: part("before") }
        })
    });
    let text = Memo::new(move |_| params.with(|params| params.q.clone()));
    let frame = FrameData::new();
    // Shared and not of the arena: a page whose caller has hung up is disposed of while its parts are still being rendered.
    let list = ArcResource::new_blocking(
        move || params.get(),
        |asked| async move { settle(list_cases(asked.q, asked.sort, asked.after, asked.before).await) },
    );
    let totals = ArcResource::new(move || text.get(), |q| panel(count_cases(q)));
    Effect::new(|_| browser::listen_for_keys());

    let query = move || params.with(Params::query);
    let retry_list = Callback::new({
        let list = list.clone();
        move |()| list.refetch()
    });
    let retry_totals = Callback::new({
        let totals = totals.clone();
        move |()| totals.refetch()
    });
    view! {
        <PageFrame of=frame section="Cases">
            <h1>"Cases"</h1>
            <QueryBox text sort=Signal::derive(move || params.with(|params| params.sort.clone())) />
            {move || view! { <QueryFilters query=query() /> }}
            <Transition fallback=|| view! { <TotalsSkeleton /> }>
                {move || {
                    let (totals, href) = (totals.clone(), params.with_untracked(Params::query).href());
                    Suspend::new(async move { view! { <Totals answer=totals.await href retry=retry_totals /> } })
                }}
            </Transition>
            <Transition fallback=|| view! { <TableSkeleton /> }>
                {move || {
                    let (list, query) = (list.clone(), params.with_untracked(Params::query));
                    Suspend::new(async move {
                    match list.await {
                        Ok(list) => view! { <CaseTable list query /> }.into_any(),
                        Err(error) => {
                            let href = query.href();
                            view! { <FailedState what="The cases could not be loaded" error href retry=retry_list /> }.into_any()
                        }
                    }
                })}}
            </Transition>
        </PageFrame>
    }
}
