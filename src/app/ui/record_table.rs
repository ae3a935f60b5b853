//! Small tables and lists of facts: what a record's parts are shown with. One component for all of them, given cells, so that a
//! part costs the browser's program its cells and no table.

use leptos::prelude::*;

use super::{EmptyState, Money};
use crate::model::{Fact, FactGroup, FactValue, Term};

/// A heading; amounts stand to the right.
#[derive(Clone, Copy)]
pub enum Column {
    /// Words.
    Text(&'static str),
    /// Figures.
    Figure(&'static str),
}

/// Rows of cells under headings, or a sentence where there are none.
#[component]
pub fn RecordTable(
    /// What the table holds; read out, not shown.
    caption: &'static str,
    columns: &'static [Column],
    rows: Vec<Vec<AnyView>>,
    /// Said where there are no rows.
    none: &'static str,
) -> impl IntoView {
    if rows.is_empty() {
        return view! { <EmptyState sentence=none advice="" /> }.into_any();
    }
    let heading = |column: &Column| match *column {
        Column::Text(label) => view! { <th scope="col" role="columnheader">{label}</th> }.into_any(),
        Column::Figure(label) => view! { <th scope="col" role="columnheader" class="right">{label}</th> }.into_any(),
    };
    let row = |cells: Vec<AnyView>| {
        let cells = cells.into_iter().zip(columns).map(|(cell, column)| {
            let (class, label) = match *column {
                Column::Text(label) => ("", label),
                Column::Figure(label) => ("right num", label),
            };
            view! { <td role="cell" class=class data-label=label><span class="cell">{cell}</span></td> }
        });
        view! { <tr role="row">{cells.collect_view()}</tr> }
    };
    view! {
        <div class="table-wrap" role="region" aria-label=caption tabindex="0">
            <table role="table" class="records">
                <thead role="rowgroup"><tr role="row">{columns.iter().map(heading).collect_view()}</tr></thead>
                <tbody role="rowgroup">{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A group of facts under its title. Facts that nobody knows are left out, unless none is known.
#[component]
pub fn Facts(group: FactGroup) -> impl IntoView {
    let known = group.facts.into_iter().filter_map(|Fact { label, value }| {
        let value = value?;
        Some(view! { <div><dt>{label}</dt><dd>{fact_value(value)}</dd></div> })
    });
    view! {
        <section class="card facts">
            <h2>{group.title}</h2>
            <dl>{known.collect_view()}</dl>
        </section>
    }
}

/// What is known, as it is read.
pub fn fact_value(value: FactValue) -> AnyView {
    match value {
        FactValue::Text(text) => view! { <span dir="auto">{text}</span> }.into_any(),
        FactValue::Money(amount) => view! { <Money amount /> }.into_any(),
        FactValue::Day(day) => text_cell(day.long()),
    }
}

/// A cell of words.
pub fn text_cell(text: impl Into<String>) -> AnyView {
    view! { <span dir="auto">{text.into()}</span> }.into_any()
}

/// A cell of an option's words, with more below.
pub fn term_cell(term: Term, below: Option<String>) -> AnyView {
    view! { {term.label}{below.map(|text| view! { <span class="sub">{text}</span> })} }.into_any()
}

/// A cell of a date, or a dash.
pub fn day_cell(day: Option<crate::model::Day>) -> AnyView {
    text_cell(day.map_or_else(|| "—".to_owned(), crate::model::Day::long))
}
