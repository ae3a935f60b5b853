//! The parts of a case file. Each loads and fails alone; what it shows comes in words.

use leptos::prelude::*;

use crate::{
    app::{
        api::case_file::{
            get_case_document, get_case_money, get_case_tribunal, get_service_matrix, list_case_audit, list_case_clocks, list_case_deeds,
            list_case_documents, list_case_events, list_case_hearings, list_case_particulars, list_case_tasks,
        },
        load::{Load, Params},
        ui::{EmptyState, exhibit, fact_group, panel_skeleton, sheets, table, table_skeleton},
    },
    model::{CaseFile, FactGroup},
};

/// The parts, by their word in the address; the first is shown where the address names none.
pub const PARTS: [(&str, &str); 9] = [
    ("", "Overview"),
    ("service", "Service"),
    ("timeline", "Timeline"),
    ("hearings", "Hearings"),
    ("documents", "Documents"),
    ("money", "Money"),
    ("tribunal", "Tribunal"),
    ("tasks", "Tasks"),
    ("audit", "Audit"),
];

/// Kinds of event that can be chosen: code and words.
const KINDS: [(&str, &str); 11] = [
    ("", "Everything"),
    ("STAGE", "Stages"),
    ("HEARING", "Hearings"),
    ("DOCUMENT", "Documents"),
    ("SERVICE", "Service"),
    ("ENGAGEMENT", "Respondents"),
    ("MONEY", "Payments"),
    ("SETTLEMENT", "Settlement"),
    ("TRIBUNAL", "Tribunal"),
    ("TASK", "Tasks"),
    ("COMMENT", "Comments"),
];

/// The part of this name.
pub fn part(name: &str, file: CaseFile) -> AnyView {
    let one = |load: Load, failed| load.panel(failed, table_skeleton, |sheet, _| table(sheet));
    let several = |load: Load, failed| load.panel(failed, table_skeleton, |parts, _| sheets(parts));
    match name {
        "" => overview(file),
        "service" => service(),
        "timeline" => timeline(&file),
        "hearings" => one(Load::side(&["id"], |asked| list_case_hearings(asked.text("id"))), "The hearings could not be loaded"),
        "documents" => documents(),
        "money" => several(Load::side(&["id"], |asked| get_case_money(asked.text("id"))), "The money could not be loaded"),
        "tribunal" => several(Load::side(&["id"], |asked| get_case_tribunal(asked.text("id"))), "The tribunal could not be loaded"),
        "tasks" => several(
            Load::side(&["id", "after"], |asked| list_case_tasks(asked.text("id"), true, asked.text("after"))),
            "The tasks could not be loaded",
        ),
        "audit" => one(
            Load::side(&["id", "after"], |asked| list_case_audit(asked.text("id"), asked.text("after"))),
            "The audit trail could not be loaded",
        ),
        _ => view! { <p class="muted">"A case has no such part."</p> }.into_any(),
    }
}

fn overview(file: CaseFile) -> AnyView {
    let deeds = Load::side(&["id"], |asked| list_case_deeds(asked.text("id")));
    let tasks = Load::side(&["id"], |asked| list_case_tasks(asked.text("id"), false, String::new()));
    let clocks = Load::side(&["id"], |asked| list_case_clocks(asked.text("id")));
    view! {
        {deeds.panel("What may be done could not be loaded", panel_skeleton, |parts, _| sheets(parts))}
        {tasks.panel("The tasks could not be loaded", table_skeleton, |parts, _| sheets(parts))}
        {clocks.panel("The clocks could not be loaded", table_skeleton, |sheet, _| sheets(vec![sheet]))}
        <div class="cards">{file.groups.into_iter().map(fact_group).collect_view()}</div>
    }
    .into_any()
}

fn service() -> AnyView {
    let matrix = Load::side(&["id"], |asked| get_service_matrix(asked.text("id")));
    let particulars = Load::side(&["id"], |asked| list_case_particulars(asked.text("id")));
    view! {
        {matrix.panel("The parties could not be loaded", table_skeleton, |sheet, _| table(sheet))}
        {particulars.panel("Contacts could not be loaded", table_skeleton, |sheet, _| sheets(vec![sheet]))}
    }
    .into_any()
}

/// The list, and beside it the document that the address names.
fn documents() -> AnyView {
    let all = Load::side(&["id"], |asked| list_case_documents(asked.text("id")));
    let one = Load::side(&["id", "doc"], |asked| async move {
        let doc = asked.text("doc");
        if doc.is_empty() { Ok(FactGroup::default()) } else { get_case_document(asked.text("id"), doc).await }
    });
    view! {
        <div class="beside">
            <div>{all.panel("The documents could not be loaded", table_skeleton, |sheet, _| table(sheet))}</div>
            <div>
                {one.panel("The document could not be loaded", panel_skeleton, |group: FactGroup, _| {
                    if group.facts.is_empty() {
                        view! { <EmptyState sentence="No document is open" advice="Choose one of the list to read it here." /> }.into_any()
                    } else {
                        exhibit(group)
                    }
                })}
            </div>
        </div>
    }
    .into_any()
}

fn timeline(file: &CaseFile) -> AnyView {
    let events = Load::side(&["id", "kind", "after"], |asked| list_case_events(asked.text("id"), asked.text("kind"), asked.text("after")));
    let chosen = Params::of_address(&["kind"]);
    let address = format!("/cases/{}/timeline", file.case.id.as_str());
    let choices = move || {
        let kind = chosen.get().text("kind");
        KINDS.map(|(code, label)| {
            let href = if code.is_empty() { address.clone() } else { format!("{address}?kind={code}") };
            view! { <a class="chip" href=href aria-current=(kind == code).then_some("true")>{label}</a> }
        })
    };
    view! {
        <nav class="filters" aria-label="Kinds of event">{choices}</nav>
        {events.panel("The timeline could not be loaded", table_skeleton, |sheet, _| table(sheet))}
    }
    .into_any()
}
