//! Everything that happened in a case, newest first, of all kinds or one.

use leptos::prelude::*;

use crate::{
    app::{
        api::case_file::list_case_events,
        load::{Load, Params},
        ui::{EmptyState, table_skeleton},
    },
    model::{EventRow, Timeline},
};

/// Kinds that can be chosen: code and words.
const KINDS: [(&str, &str); 10] = [
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
];

/// The part.
#[component]
pub fn TimelinePart(id: String) -> impl IntoView {
    let events = Load::side(&["id", "kind", "page"], |asked| {
        list_case_events(asked.text("id"), asked.text("kind"), asked.text("page").parse().unwrap_or(0))
    });
    let chosen = Params::of_address(&["kind"]);
    let address = format!("/cases/{id}/timeline");
    let base = address.clone();
    let choices = move || {
        let kind = chosen.get().text("kind");
        KINDS.map(|(code, label)| {
            let href = if code.is_empty() { base.clone() } else { format!("{base}?kind={code}") };
            view! { <a class="chip" href=href aria-current=(kind == code).then_some("true")>{label}</a> }
        })
    };
    view! {
        <nav class="filters" aria-label="Kinds of event">{choices}</nav>
        {events.panel("The timeline could not be loaded", table_skeleton, move |timeline, params| {
            let (kind, address) = (params.text("kind"), address.clone());
            view! { <Events timeline kind address /> }.into_any()
        })}
    }
}

#[component]
fn Events(timeline: Timeline, kind: String, address: String) -> impl IntoView {
    if timeline.events.is_empty() {
        return view! { <EmptyState sentence="Nothing of this kind has happened" advice="" /> }.into_any();
    }
    let older = timeline.next.map(|page| {
        let href = format!("{address}?kind={kind}&page={page}");
        view! { <nav class="pages" aria-label="Pages"><a class="button" href=href>"Older"</a></nav> }
    });
    view! {
        <ol class="timeline" aria-label="Timeline">{timeline.events.into_iter().map(event).collect_view()}</ol>
        {older}
    }
    .into_any()
}

fn event(event: EventRow) -> AnyView {
    view! {
        <li>
            <span class="num muted">{event.at.map(|at| at.long())}</span>
            <span>{event.title}{event.note.map(|note| view! { <span class="sub" dir="auto">{note}</span> })}</span>
            <span class="muted">{event.kind.label}" · "{event.origin.label}</span>
        </li>
    }
    .into_any()
}
