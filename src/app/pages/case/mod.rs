//! The case file: header, stages, and one part of it at a time. The address says which case and which part. It must not know how
//! cases are stored.

mod header;
mod parts;

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
use header::Header;
use parts::{PARTS, part};

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
            {case.show(table_skeleton, move |answer, _| match answer {
                Ok(file) => view! { <File file /> }.into_any(),
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
fn File(file: CaseFile) -> impl IntoView {
    let address = Params::of_address(&["part"]);
    let (current, id, trail) = (address.clone(), file.case.id.clone(), file.trail);
    let tabs = move || {
        let current = current.get().text("part");
        let shown = PARTS.into_iter().filter(|(word, _)| trail || *word != "audit");
        let tab = |(word, label): (&'static str, &'static str)| {
            let href = if word.is_empty() { format!("/cases/{}", id.as_str()) } else { format!("/cases/{}/{word}", id.as_str()) };
            view! { <a class="tab" href=href aria-current=(current == word).then_some("page")>{label}</a> }
        };
        shown.map(tab).collect_view()
    };
    let header = file.clone();
    view! {
        <Header file=header />
        <nav class="tabs" aria-label="Parts of the case">{tabs}</nav>
        {move || part(&address.get().text("part"), file.clone())}
    }
}
