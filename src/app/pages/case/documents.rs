//! The documents of a case in their latest versions.

use leptos::prelude::*;

use crate::{
    app::{
        api::case_file::list_case_documents,
        load::Load,
        ui::{Column, RecordTable, day_cell, table_skeleton, term_cell, text_cell},
    },
    model::DocumentRow,
};

/// The part.
#[component]
pub fn Documents(id: String) -> impl IntoView {
    let documents = Load::side(&["id"], |asked| list_case_documents(asked.text("id")));
    documents.panel("The documents could not be loaded", table_skeleton, move |documents: Vec<DocumentRow>, _| {
        const COLUMNS: &[Column] = &[Column::Text("Document"), Column::Text("Kind"), Column::Text("Date"), Column::Figure("Size")];
        let rows = documents.into_iter().map(|document| row(&id, document)).collect();
        view! { <RecordTable caption="Documents" columns=COLUMNS rows none="No document is on file" /> }.into_any()
    })
}

fn row(case: &str, document: DocumentRow) -> Vec<AnyView> {
    let version = (document.version > 1).then(|| format!("version {}", document.version));
    let title = if document.stored {
        let href = format!("/cases/{case}/documents/{}/content", document.id);
        view! { <a href=href rel="external">{document.title}</a>{version.map(|text| view! { <span class="sub">{text}</span> })} }.into_any()
    } else {
        view! { {document.title}<span class="sub">"Not on file"</span> }.into_any()
    };
    vec![title, term_cell(document.kind, Some(document.visible_to.label)), day_cell(document.on), text_cell(size(document.size_bytes))]
}

/// `412 KB`, `3.1 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
