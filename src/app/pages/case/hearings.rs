//! The hearings of a case, newest first.

use leptos::prelude::*;

use crate::{
    app::{
        api::case_file::list_case_hearings,
        load::Load,
        ui::{Column, RecordTable, table_skeleton, term_cell, text_cell},
    },
    model::HearingRow,
};

/// The part.
#[component]
pub fn Hearings() -> impl IntoView {
    let hearings = Load::side(&["id"], |asked| list_case_hearings(asked.text("id")));
    hearings.panel("The hearings could not be loaded", table_skeleton, |hearings: Vec<HearingRow>, _| {
        const COLUMNS: &[Column] =
            &[Column::Text("When"), Column::Text("Hearing"), Column::Text("Where"), Column::Text("Before"), Column::Text("Outcome")];
        let rows = hearings.into_iter().map(row).collect();
        view! { <RecordTable caption="Hearings" columns=COLUMNS rows none="No hearing has been scheduled" /> }.into_any()
    })
}

fn row(hearing: HearingRow) -> Vec<AnyView> {
    let when = hearing.starts_at.map_or_else(|| "—".to_owned(), |at| at.long());
    let place = match hearing.room {
        Some(room) => view! { <a href=room rel="noreferrer external" target="_blank">"Join online"</a> }.into_any(),
        None => text_cell(hearing.place.unwrap_or(hearing.mode.label)),
    };
    // What the registry recorded counts; what was only reported says so.
    let outcome = match (hearing.outcome, hearing.reported) {
        (Some(recorded), _) => term_cell(recorded, hearing.adjourned),
        (None, Some(reported)) => term_cell(reported, Some("Reported, not yet recorded".to_owned())),
        (None, None) => term_cell(hearing.status, hearing.adjourned),
    };
    let what =
        view! { <span class="num">{hearing.seq}</span>". "{hearing.kind.label}<span class="sub">{hearing.purpose}</span> }.into_any();
    vec![text_cell(when), what, place, text_cell(hearing.arbitrator), outcome]
}
