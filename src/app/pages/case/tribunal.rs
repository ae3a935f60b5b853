//! Who decides a case, on what footing, what they have decided, and what an award will be measured by. It states facts and promises
//! nothing.

use leptos::prelude::*;

use crate::{
    app::{
        api::case_file::get_case_tribunal,
        load::Load,
        ui::{Column, Icon, Money as Amount, RecordTable, day_cell, table_skeleton, term_cell, text_cell},
    },
    model::{AppointmentRow, Checklist, ChecklistItem, OrderRow, Tribunal},
};

const APPOINTMENTS: &[Column] = &[
    Column::Text("Arbitrator"),
    Column::Text("State"),
    Column::Text("Consent shown by"),
    Column::Text("Disclosed"),
    Column::Text("Appointed"),
    Column::Figure("By this claimant in 3 years"),
];
const ORDERS: &[Column] = &[Column::Text("Date"), Column::Text("Order"), Column::Figure("Awarded"), Column::Text("Our copy")];

/// The part.
#[component]
pub fn TribunalPart() -> impl IntoView {
    let tribunal = Load::side(&["id"], |asked| get_case_tribunal(asked.text("id")));
    tribunal.panel("The tribunal could not be loaded", table_skeleton, |tribunal: Tribunal, _| {
        let appointments = tribunal.appointments.into_iter().map(appointment).collect();
        let orders = tribunal.orders.into_iter().map(order).collect();
        view! {
            <section class="part">
                <h2>"Appointment"</h2>
                <RecordTable caption="Appointments" columns=APPOINTMENTS rows=appointments none="No arbitrator has been proposed" />
            </section>
            <section class="part">
                <h2>"Orders and awards"</h2>
                <RecordTable caption="Orders and awards" columns=ORDERS rows=orders none="Nothing has been ordered" />
            </section>
            <EnforceabilityChecklist checklist=tribunal.checklist />
        }
        .into_any()
    })
}

fn appointment(row: AppointmentRow) -> Vec<AnyView> {
    let repeats = row.repeats.map_or_else(|| "Not disclosed".to_owned(), |number| number.to_string());
    vec![
        text_cell(row.arbitrator),
        term_cell(row.state, Some(row.mode.label)),
        term_cell(row.basis, None),
        day_cell(row.disclosed_on),
        day_cell(row.appointed_on),
        text_cell(repeats),
    ]
}

fn order(row: OrderRow) -> Vec<AnyView> {
    let notes = [row.ex_parte.then_some("ex parte"), (!row.in_force).then_some("not in force")];
    let notes: Vec<&str> = notes.into_iter().flatten().collect();
    let total = row.total.map_or_else(|| text_cell("—"), |amount| view! { <Amount amount /> }.into_any());
    vec![day_cell(row.on), term_cell(row.kind, (!notes.is_empty()).then(|| notes.join(", "))), total, day_cell(row.received_on)]
}

#[component]
fn EnforceabilityChecklist(checklist: Checklist) -> impl IntoView {
    let item = |ChecklistItem { item, weight, there }: ChecklistItem| {
        let (class, icon, words) = if there { ("served", "check", "on file") } else { ("late", "close", "missing") };
        view! {
            <li>
                <span class=format!("evidence {class}")><Icon name=icon />{item.label}</span>
                <span class="muted">{words}", "{weight}" points"</span>
            </li>
        }
    };
    let capped = checklist.capped.then(|| view! { <p class="notice warning"><Icon name="warning" />"Nothing on file shows the respondent’s consent to this appointment: the score is held at 20."</p> });
    view! {
        <section class="part">
            <h2>"Enforceability checklist "<span class="num">{checklist.score}" of 100"</span></h2>
            <p class="muted">"What is on file, weighted. It is no opinion on whether an award will be enforced."</p>
            {capped}
            <ul class="checklist">{checklist.items.into_iter().map(item).collect_view()}</ul>
        </section>
    }
}
