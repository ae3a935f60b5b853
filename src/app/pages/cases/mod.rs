//! The case list. The URL is its whole state: filters, words, sort and page; which columns it has is the browser's. It must not know how
//! cases are stored.

mod columns;
mod filters;
mod totals;

use leptos::prelude::*;

use crate::{
    app::{
        api::{
            case_file::get_case_at_a_glance,
            cases::{count_cases, list_cases},
        },
        browser,
        frame::{FrameData, PageFrame},
        load::{Load, Params},
        ui::{EmptyState, fact_group, rows, table_skeleton},
    },
    model::{CaseTable, FactGroup},
};
use columns::columns;
use filters::{QueryBox, filters};
use totals::totals_row;

/// The page.
#[component]
pub fn Cases() -> impl IntoView {
    const ADDRESS: &[&str] = &["q", "sort", "after", "before", "cols"];
    let frame = FrameData::new();
    let list = Load::primary(ADDRESS, |asked| {
        list_cases(asked.text("q"), asked.text("sort"), asked.text("after"), asked.text("before"), asked.text("cols"))
    });
    let look = Load::side(&["look"], |asked| async move {
        let id = asked.text("look");
        if id.is_empty() { Ok(Vec::new()) } else { get_case_at_a_glance(id).await }
    });
    let totals = Load::side(&["q"], |asked| count_cases(asked.text("q")));
    Effect::new(|_| {
        browser::listen_for_keys();
        browser::listen_for_edges();
    });
    view! {
        <PageFrame of=frame section="Cases">
            <h1>"Cases"</h1>
            <QueryBox asked=Params::of_address(ADDRESS) />
            {list.panel("The cases could not be loaded", table_skeleton, move |table, _| found(table, &totals, &look))}
        </PageFrame>
    }
}

/// What was found, and what may be done with it.
fn found(table: CaseTable, totals: &Load, look: &Load) -> AnyView {
    let CaseTable { problems, menus, chips, sheet, pages, here, files, several, columns: choices, dense, as_of } = table;
    let filtered = !chips.is_empty();
    let bar = view! { {filters(problems, menus, chips)} };
    if sheet.rows.is_empty() {
        let state = if filtered || pages.0.is_some() {
            let action = ("/cases".to_owned(), "Clear all filters");
            view! { <EmptyState sentence=sheet.none advice="Remove a filter, or look for fewer words." action /> }.into_any()
        } else {
            let advice = "Cases appear here once they are filed, within what your role and scope let you see.";
            view! { <EmptyState sentence=sheet.none advice /> }.into_any()
        };
        return view! { {bar}{state} }.into_any();
    }
    browser::show_widths();
    let foot = totals_row(totals, sheet.headings.clone());
    let page = |href: Option<String>, words: &'static str| match href {
        Some(href) => view! { <a class="button" href=href>{words}</a> }.into_any(),
        None => view! { <span class="button off">{words}</span> }.into_any(),
    };
    // Outside the router: neither a file nor a form is a page of the application. A file says itself that it is one.
    let mut key = Some("e");
    let file = move |(words, href): (String, String)| {
        let key = if href.contains("/export") { key.take() } else { None };
        view! { <a class="button" href=href rel="external" data-key=key>{words}</a> }
    };
    view! {
        {bar}
        {rows(sheet, Some(foot))}
        <nav class="pages" aria-label="Pages">
            <p class="muted" title=as_of.1>"100 rows a page · as of "<span class="num">{as_of.0}</span></p>
            {several.map(for_several)}
            {columns(choices, dense)}
            {files.into_iter().map(file).collect_view()}
            {page(pages.0, "Previous")}
            {page(pages.1, "Next")}
        </nav>
        {glance(look, here)}
    }
    .into_any()
}

/// What leads on to doing something in several cases: those whose boxes are ticked in the table, or all but those.
fn for_several((query, rows): (String, String)) -> AnyView {
    view! {
        <form id="several" class="several" method="get" action="/cases/bulk">
            <input type="hidden" name="q" value=query />
            <input type="hidden" name="rows" value=rows />
            <select name="of" aria-label="For which cases">
                <option value="ticked">"Ticked cases"</option>
                <option value="page">"This page, less the ticked"</option>
                <option value="all">"All that match, less the ticked"</option>
            </select>
            <button class="button" type="submit">"Choose an action…"</button>
        </form>
    }
    .into_any()
}

/// The case that the address looks at, beside the list.
fn glance(look: &Load, here: String) -> AnyView {
    look.panel(
        "The case could not be loaded",
        || ().into_any(),
        move |groups: Vec<FactGroup>, asked| {
            if groups.is_empty() {
                return ().into_any();
            }
            let whole = format!("/cases/{}", asked.text("look"));
            view! {
                <aside class="look" aria-label="Quick look">
                    <p class="look-bar">
                        <a class="button primary" href=whole>"Open the case"</a>
                        <a class="button" href=here.clone() data-noscroll="" data-close>"Close"</a>
                    </p>
                    {groups.into_iter().map(fact_group).collect_view()}
                </aside>
            }
            .into_any()
        },
    )
}
