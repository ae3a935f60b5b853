//! The query box, what could not be read of it, the filters in use, and menus of those that might be.

use leptos::{html::Input, prelude::*};
use leptos_router::hooks::use_navigate;

use crate::{
    app::{load::Params, ui::Icon},
    model::{CaseQuery, Choice},
};

/// One box for words and filters. Without JavaScript it is a plain GET form.
#[component]
pub fn QueryBox(asked: ArcMemo<Params>) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let navigate = use_navigate();
    let (typed, text, held, sort) = (asked.clone(), asked.clone(), asked.clone(), asked);
    let ask = move |event: leptos::ev::SubmitEvent| {
        let Some(input) = input.get_untracked() else { return };
        event.prevent_default();
        navigate(&CaseQuery::typed_href(&input.value(), &sort.get_untracked().text("sort")), Default::default());
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

/// What could not be read, the menus, and the filters in use.
pub fn filters(problems: Vec<(String, String)>, menus: Vec<(String, Vec<Choice>)>, chips: Vec<(String, String)>) -> AnyView {
    let problems = (!problems.is_empty()).then(|| {
        let line = |(part, advice): (String, String)| view! { <li><code>{part}</code>": "{advice}"."</li> };
        view! {
            <div class="notice warning" role="status">
                <Icon name="warning" />
                <div>
                    <p>"Part of the query could not be read and was left out:"</p>
                    <ul>{problems.into_iter().map(line).collect_view()}</ul>
                </div>
            </div>
        }
    });
    let chips = (!chips.is_empty()).then(|| {
        let chip = |(label, href): (String, String)| {
            view! { <li><a class="chip" href=href><span class="sr">"Remove filter "</span>{label}<Icon name="close" /></a></li> }
        };
        view! {
            <ul class="chips" aria-label="Filters in use">
                {chips.into_iter().map(chip).collect_view()}
                <li><a class="clear" href="/cases">"Clear all"</a></li>
            </ul>
        }
    });
    view! { {problems}<div class="filters">{menus.into_iter().map(menu).collect_view()}{chips}</div> }.into_any()
}

fn menu((name, choices): (String, Vec<Choice>)) -> AnyView {
    // Outside the router: a form on a page of its own.
    let item = |Choice { label, href, held, outside }: Choice| {
        let rel = outside.then_some("external");
        view! {
            <li>
                <a class="menu-item" href=href rel=rel aria-current=held.then_some("true")>{label}{held.then(|| view! { <Icon name="check" /> })}</a>
            </li>
        }
    };
    view! {
        <details class="menu" name="filter">
            <summary>{name}<Icon name="down" /></summary>
            <ul class="menu-body">{choices.into_iter().map(item).collect_view()}</ul>
        </details>
    }
    .into_any()
}
