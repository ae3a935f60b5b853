//! One box for every number that a case goes by, every page and every action: what the box in the top bar leads to.

use leptos::prelude::*;

use crate::app::{
    api::find::find_cases,
    browser,
    frame::{FrameData, PageFrame},
    load::{Load, Params},
    ui::{sheets, table_skeleton},
};

/// The page.
#[component]
pub fn Find() -> impl IntoView {
    const ADDRESS: &[&str] = &["q"];
    let frame = FrameData::new();
    let found = Load::primary(ADDRESS, |asked| find_cases(asked.text("q")));
    Effect::new(|_| browser::listen_for_keys());
    let asked = Params::of_address(ADDRESS);
    view! {
        <PageFrame of=frame section="Find">
            <h1>"Find"</h1>
            <form class="query" method="get" action="/find" role="search">
                <label class="sr" for="q">"Any number of a case, a name, or a page"</label>
                <input id="q" name="q" type="search" value=move || asked.get().text("q") autocomplete="off" spellcheck="false" maxlength="140" />
                <button type="submit" class="button">"Find"</button>
            </form>
            <p class="muted">
                "Case, draft, loan account and agreement numbers, a notice’s tracking number, a proceeding’s CNR, the last four digits of a mobile number, or words of a name; a page of the portal, or what can be done from here."
            </p>
            {found.panel("The search failed", table_skeleton, |found, _| sheets(found))}
        </PageFrame>
    }
}
