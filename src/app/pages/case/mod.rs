//! The case file: header, stages, and one part of it at a time. The address says which case and which part. It must not know how
//! cases are stored.

mod documents;
mod header;
mod hearings;
mod money;
mod overview;
mod service;
mod timeline;
mod tribunal;

use leptos::prelude::*;

use crate::{
    app::{
        api::case_file::get_case,
        frame::{FrameData, PageFrame},
        load::{Load, Params},
        ui::{EmptyState, table_skeleton},
    },
    model::{CaseFile, ErrorCode},
};
use documents::Documents;
use header::Header;
use hearings::Hearings;
use money::Money;
use overview::Overview;
use service::Service;
use timeline::TimelinePart;
use tribunal::TribunalPart;

/// The parts, by their word in the address; the first is shown where the address names none.
const PARTS: [(&str, &str); 7] = [
    ("", "Overview"),
    ("service", "Service"),
    ("timeline", "Timeline"),
    ("hearings", "Hearings"),
    ("documents", "Documents"),
    ("money", "Money"),
    ("tribunal", "Tribunal"),
];

/// The page.
#[component]
pub fn CasePage() -> impl IntoView {
    let frame = FrameData::new();
    let number = ArcRwSignal::new(String::new());
    let found = number.clone();
    let case = Load::primary(&["id"], move |asked| {
        let number = found.clone();
        async move {
            let case = get_case(asked.text("id")).await?;
            number.set(case.case.number.clone());
            Ok(case)
        }
    });
    let (answered, shown) = (case.clone(), number.clone());
    Effect::new(move |_| {
        if let Some(Ok(file)) = answered.get::<CaseFile>() {
            shown.set(file.case.number);
        }
    });
    let retry = case.clone();
    view! {
        <PageFrame of=frame section="Cases" subject=number>
            {case.show(table_skeleton, move |answer, params| match answer {
                Ok(file) => view! { <File file id=params.text("id") /> }.into_any(),
                Err(error) if error.code == ErrorCode::NotFound => view! { <NoSuchCase /> }.into_any(),
                Err(error) => view! {
                    <h1>"Case"</h1>
                    {retry.failed("The case could not be loaded", error)}
                }
                .into_any(),
            })}
        </PageFrame>
    }
}

/// For every case that the person may not see, whatever the reason.
#[component]
fn NoSuchCase() -> impl IntoView {
    view! {
        <h1>"There is no such case"</h1>
        <EmptyState sentence="No case has this address" advice="It may be outside what your role and scope let you see, or the address may be incomplete."
            action=("/cases".to_owned(), "All cases") />
    }
}

#[component]
fn File(file: CaseFile, id: String) -> impl IntoView {
    let part = Params::of_address(&["part"]);
    let (current, name) = (part.clone(), id.clone());
    let tabs = move || {
        let part = current.get().text("part");
        PARTS.map(|(word, label)| {
            let href = if word.is_empty() { format!("/cases/{name}") } else { format!("/cases/{name}/{word}") };
            view! { <a class="tab" href=href aria-current=(part == word).then_some("page")>{label}</a> }
        })
    };
    let today = file.today;
    let header = file.clone();
    view! {
        <Header file=header />
        <nav class="tabs" aria-label="Parts of the case">{tabs}</nav>
        {move || match part.get().text("part").as_str() {
            "" => view! { <Overview file=file.clone() /> }.into_any(),
            "service" => view! { <Service today /> }.into_any(),
            "timeline" => view! { <TimelinePart id=id.clone() /> }.into_any(),
            "hearings" => view! { <Hearings /> }.into_any(),
            "documents" => view! { <Documents id=id.clone() /> }.into_any(),
            "money" => view! { <Money /> }.into_any(),
            "tribunal" => view! { <TribunalPart /> }.into_any(),
            _ => view! { <p class="muted">"There is no such part of a case."</p> }.into_any(),
        }}
    }
}
