//! The row of totals over all that matches, under the columns that it adds up. It fails alone: the rows live on.

use leptos::prelude::*;

use crate::{
    app::{
        load::Load,
        ui::{Money, grouped},
    },
    model::{CaseTotals, Heading, Sum},
};

/// The row, once the totals are there.
pub fn totals_row(of: &Load, headings: Vec<Heading>) -> AnyView {
    let retry = of.clone();
    let meanwhile = || view! { <tr role="row"><th scope="row" role="rowheader" aria-busy="true">"Totals…"</th></tr> }.into_any();
    of.show(meanwhile, move |totals: Result<CaseTotals, _>, _| match totals {
        Ok(totals) => row(totals, &headings),
        Err(error) => {
            let failed = retry.failed("The totals could not be loaded", error);
            view! { <tr role="row"><td role="cell" class="slim" colspan=headings.len().to_string()>{failed}</td></tr> }.into_any()
        }
    })
}

fn row(totals: CaseTotals, headings: &[Heading]) -> AnyView {
    let under = |heading: &Heading| {
        let sum = heading.sum.map(|sum| match sum {
            Sum::Claim => totals.claim,
            Sum::Dues => totals.dues,
        });
        let class = if sum.is_some() { "right" } else { "none" };
        view! { <td role="cell" class=class data-label=heading.label.clone()>{sum.map(|amount| view! { <Money amount /> })}</td> }
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <span title=totals.as_of.long()>"All "<span class="num">{grouped(totals.cases)}</span>" cases"</span>
                <span class="sub">"Realised "<Money amount=totals.realised /></span>
            </th>
            {headings.iter().skip(1).map(under).collect_view()}
        </tr>
    }
    .into_any()
}
