//! The query box, what could not be read of it, the filters in use, and menus of those that might be.

use leptos::{html::Input, prelude::*};
use leptos_router::hooks::use_navigate;

use crate::{
    app::{load::Params, ui::Icon},
    model::{Bucket, CaseQuery, Filter, Hold, Product, ServiceStatus, Stage},
};

/// One box for words and filters. Without JavaScript it is a plain GET form.
#[component]
pub fn QueryBox(asked: ArcMemo<Params>) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let navigate = use_navigate();
    let (typed, text, held, sort) = (asked.clone(), asked.clone(), asked.clone(), asked);
    let ask = move |event: leptos::ev::SubmitEvent| {
        let Some(input) = input.get_untracked() else { return };
        let query = CaseQuery::from_params(&input.value(), &sort.get_untracked().text("sort"), "", "");
        // What could not be read must stay as typed, so then the browser submits the form as it is.
        if query.problems.is_empty() {
            event.prevent_default();
            navigate(&query.href(), Default::default());
        }
    };
    view! {
        <form class="query" method="get" action="/cases" role="search" on:submit=ask>
            <label class="sr" for="q">"Search and filter cases"</label>
            <Icon name="search" />
            <input id="q" name="q" type="search" node_ref=input value=move || text.get().text("q") prop:value=move || typed.get().text("q")
                placeholder="Name, LAN or number, or stage:hearing dues:>5L" autocomplete="off" spellcheck="false" maxlength="600" />
            <kbd aria-hidden="true">"/"</kbd>
            {move || {
                let sort = held.get().text("sort");
                (!sort.is_empty()).then(|| view! { <input type="hidden" name="sort" value=sort /> })
            }}
            <button type="submit" class="button">"Search"</button>
        </form>
    }
}

/// Problems, chips and menus.
#[component]
pub fn QueryFilters(query: CaseQuery) -> impl IntoView {
    view! {
        <Problems query=query.clone() />
        <div class="filters">
            <Menus query=query.clone() />
            <Chips query />
        </div>
    }
}

#[component]
fn Problems(query: CaseQuery) -> impl IntoView {
    (!query.problems.is_empty()).then(|| {
        let lines = query.problems.into_iter().map(|problem| view! { <li><code>{problem.part}</code>": "{problem.advice}"."</li> });
        view! {
            <div class="notice warning" role="status">
                <Icon name="warning" />
                <div><p>"Part of the query could not be read and was left out:"</p><ul>{lines.collect_view()}</ul></div>
            </div>
        }
    })
}

#[component]
fn Chips(query: CaseQuery) -> impl IntoView {
    let anything = !query.filters.is_empty() || !query.search.is_empty();
    let chips = query.filters.iter().map(|filter| {
        let text = filter.text();
        view! { <li><Chip label=text href=query.toggled(filter).href() /></li> }
    });
    let chips = chips.collect_view();
    let words = (!query.search.is_empty()).then(|| {
        let rest = CaseQuery { search: String::new(), ..query.clone() };
        view! { <li><Chip label=format!("“{}”", query.search) href=rest.href() /></li> }
    });
    anything.then(|| {
        view! {
            <ul class="chips" aria-label="Filters in use">
                {chips}
                {words}
                <li><a class="clear" href="/cases">"Clear all"</a></li>
            </ul>
        }
    })
}

#[component]
fn Chip(label: String, href: String) -> impl IntoView {
    view! {
        <a class="chip" href=href>
            <span class="sr">"Remove filter "</span>
            {label}
            <Icon name="close" />
        </a>
    }
}

#[component]
fn Menus(query: CaseQuery) -> impl IntoView {
    let menu = |name: &'static str, choices: Vec<(String, Filter)>| view! { <Menu name choices query=query.clone() /> };
    let known = |label: &str| label.to_owned();
    view! {
        {menu("Stage", Stage::ALL.iter().map(|code| (known(code.label()), Filter::Stage(code.clone()))).collect())}
        {menu("Product", Product::ALL.iter().map(|code| (known(code.label()), Filter::Product(code.clone()))).collect())}
        {menu("Service", ServiceStatus::ALL.iter().map(|code| (known(code.label()), Filter::Service(code.clone()))).collect())}
        {menu("Bucket", Bucket::ALL.iter().map(|code| (known(code.label()), Filter::Bucket(code.clone()))).collect())}
        {menu("Hold", Hold::ALL.iter().map(|code| (known(code.label()), Filter::Hold(code.clone()))).collect())}
        {menu("Open", vec![("Open".to_owned(), Filter::Open(true)), ("Closed".to_owned(), Filter::Open(false))])}
    }
}

#[component]
fn Menu(name: &'static str, choices: Vec<(String, Filter)>, query: CaseQuery) -> impl IntoView {
    let items = choices.into_iter().map(|(label, filter)| {
        let held = query.filters.contains(&filter);
        view! {
            <li>
                <a class="menu-item" href=query.toggled(&filter).href() aria-current=held.then_some("true")>
                    {label}
                    {held.then(|| view! { <Icon name="check" /> })}
                </a>
            </li>
        }
    });
    view! {
        <details class="menu" name="filter">
            <summary>{name}<Icon name="down" /></summary>
            <ul class="menu-body">{items.collect_view()}</ul>
        </details>
    }
}
