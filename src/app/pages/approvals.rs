//! What waits for a second pair of eyes, and what has been decided. The URL is its whole state.

use leptos::prelude::*;

use crate::app::{
    api::approvals::list_approvals,
    browser,
    frame::{FrameData, PageFrame},
    load::{Load, Params},
    ui::{table, table_skeleton},
};

/// The page.
#[component]
pub fn Approvals() -> impl IntoView {
    const ADDRESS: &[&str] = &["show", "after"];
    let frame = FrameData::new();
    let list = Load::primary(ADDRESS, |asked| list_approvals(asked.text("show"), asked.text("after")));
    Effect::new(|_| browser::listen_for_keys());
    let params = Params::of_address(ADDRESS);
    let tabs = move || {
        let shown = params.get().text("show");
        [("", "/approvals", "Waiting"), ("decided", "/approvals?show=decided", "Decided")]
            .map(|(word, href, label)| view! { <a class="tab" href=href aria-current=(shown == word).then_some("page")>{label}</a> })
    };
    view! {
        <PageFrame of=frame section="Approvals">
            <h1>"Approvals"</h1>
            <nav class="tabs" aria-label="Waiting or decided">{tabs}</nav>
            {list.panel("The approvals could not be loaded", table_skeleton, |sheet, _| table(sheet))}
        </PageFrame>
    }
}
