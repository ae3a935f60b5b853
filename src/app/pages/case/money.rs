//! What was paid, offered, promised and spent in a case.

use leptos::prelude::*;

use crate::{
    app::{
        api::case_file::get_case_money,
        load::Load,
        ui::{Column, Money as Amount, RecordTable, day_cell, table_skeleton, term_cell, text_cell},
    },
    model::{CostRow, Inr, InstalmentRow, MoneyBook, OfferRow, PaymentRow},
};

const PAYMENTS: &[Column] =
    &[Column::Text("Paid on"), Column::Figure("Amount"), Column::Text("How"), Column::Text("State"), Column::Text("Reference")];
const OFFERS: &[Column] = &[
    Column::Text("Made"),
    Column::Text("By"),
    Column::Figure("Offer"),
    Column::Figure("Dues then"),
    Column::Text("State"),
    Column::Text("Valid until"),
];
const INSTALMENTS: &[Column] = &[Column::Text("Due"), Column::Figure("Instalment"), Column::Figure("Paid"), Column::Text("State")];
const COSTS: &[Column] =
    &[Column::Text("Incurred"), Column::Text("For"), Column::Figure("Amount"), Column::Text("State"), Column::Text("Payee")];

/// The part.
#[component]
pub fn Money() -> impl IntoView {
    let book = Load::side(&["id"], |asked| get_case_money(asked.text("id")));
    book.panel("The money could not be loaded", table_skeleton, |book: MoneyBook, _| {
        let payments = book.payments.into_iter().map(payment).collect();
        let offers = book.offers.into_iter().map(offer).collect();
        let instalments = book.instalments.into_iter().map(instalment).collect();
        let costs = book.costs.into_iter().map(cost).collect();
        view! {
            <section class="part">
                <h2>"Payments"</h2>
                <RecordTable caption="Payments" columns=PAYMENTS rows=payments none="Nothing has been paid" />
            </section>
            <section class="part">
                <h2>"Offers"</h2>
                <RecordTable caption="Offers" columns=OFFERS rows=offers none="Nothing has been offered" />
            </section>
            <section class="part">
                <h2>"Instalments"</h2>
                <RecordTable caption="Instalments" columns=INSTALMENTS rows=instalments none="No instalments have been agreed" />
            </section>
            <section class="part">
                <h2>"Costs"</h2>
                <RecordTable caption="Costs" columns=COSTS rows=costs none="No costs have been recorded" />
            </section>
        }
        .into_any()
    })
}

fn amount(amount: Inr) -> AnyView {
    view! { <Amount amount /> }.into_any()
}

fn payment(row: PaymentRow) -> Vec<AnyView> {
    vec![day_cell(row.on), amount(row.amount), term_cell(row.mode, None), term_cell(row.state, None), text_cell(row.utr)]
}

fn offer(row: OfferRow) -> Vec<AnyView> {
    let made = row.at.map_or_else(|| "—".to_owned(), |at| at.long());
    let state = term_cell(row.state, Some(row.kind.label));
    vec![text_cell(made), term_cell(row.by, None), amount(row.amount), amount(row.dues), state, day_cell(row.valid_until)]
}

fn instalment(row: InstalmentRow) -> Vec<AnyView> {
    vec![day_cell(row.due_on), amount(row.amount), amount(row.paid), term_cell(row.state, None)]
}

fn cost(row: CostRow) -> Vec<AnyView> {
    vec![day_cell(row.on), term_cell(row.kind, None), amount(row.amount), term_cell(row.state, None), text_cell(row.payee)]
}
