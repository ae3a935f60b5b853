//! The service matrix: was every respondent served, and can we prove it?

use leptos::prelude::*;

use crate::{
    app::{
        api::case_file::get_service_matrix,
        load::Load,
        ui::{EmptyState, Icon, fact_value, table_skeleton},
    },
    model::{Day, PartyLine, ServiceCell, ServiceMatrix},
};

/// The part.
#[component]
pub fn Service(today: Day) -> impl IntoView {
    let matrix = Load::side(&["id"], |asked| get_service_matrix(asked.text("id")));
    matrix.panel("The parties could not be loaded", table_skeleton, move |matrix, _| view! { <Matrix matrix today /> }.into_any())
}

#[component]
fn Matrix(matrix: ServiceMatrix, today: Day) -> impl IntoView {
    if matrix.parties.is_empty() {
        return view! { <EmptyState sentence="No party is on record" advice="" /> }.into_any();
    }
    let labels: Vec<String> = matrix.notices.iter().map(|notice| notice.label.clone()).collect();
    let rows = matrix.parties.into_iter().map(|party| line(party, &labels, today)).collect_view();
    view! {
        <div class="table-wrap" role="region" aria-label="Parties by notices" tabindex="0">
            <table role="table" class="records matrix">
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">"Party"</th>
                        {matrix.notices.into_iter().map(|notice| view! { <th scope="col" role="columnheader">{notice.label}</th> }).collect_view()}
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(party: PartyLine, labels: &[String], today: Day) -> AnyView {
    let contacts = party.contacts.into_iter().filter_map(|fact| Some((fact.label, fact.value?)));
    let contacts = contacts.map(|(label, value)| view! { <span class="sub">{label}": "{fact_value(value)}</span> }).collect_view();
    let cells = party.cells.into_iter().zip(labels).map(|(cell, label)| {
        let content = cell.map_or_else(|| view! { <span class="muted">"—"</span> }.into_any(), |cell| evidence(cell, today));
        view! { <td role="cell" data-label=label.clone()><span class="cell">{content}</span></td> }
    });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <span class="num">{party.label}</span>" "
                <span dir="auto">{party.name.unwrap_or_default()}</span>
                {party.name_local.map(|name| view! { <span class="sub" dir="auto">{name}</span> })}
                <span class="sub">{party.role.label}{party.deceased.then_some(", deceased")}</span>
                {contacts}
            </th>
            {cells.collect_view()}
        </tr>
    }
    .into_any()
}

fn evidence(cell: ServiceCell, today: Day) -> AnyView {
    let late = !cell.counts && cell.due_on.is_some_and(|due| due < today);
    let (class, icon) = match (cell.counts, late) {
        (true, _) => ("served", "check"),
        (false, true) => ("late", "warning"),
        (false, false) => ("waiting", "info"),
    };
    let date = match (cell.served_on, cell.due_on) {
        (Some(day), _) => Some(day.long()),
        (None, Some(due)) => Some(format!("due {}", due.long())),
        (None, None) => None,
    };
    let proof = if cell.proof.is_some() { "Proof on file" } else { "No proof on file" };
    view! {
        <span class=format!("evidence {class}")><Icon name=icon />{cell.state.label}</span>
        {date.map(|date| view! { <span class="sub num">{date}</span> })}
        {cell.channel.map(|channel| view! { <span class="sub">{channel.label}</span> })}
        {cell.rule.map(|rule| view! { <span class="sub">{rule}</span> })}
        {(cell.counts || cell.required).then(|| view! { <span class="sub">{proof}</span> })}
    }
    .into_any()
}
