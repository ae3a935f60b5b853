//! The portfolio summary, made to be printed: matrices, ages, recovery, workload and proceedings. Each panel loads and fails alone; the
//! address says to what it is narrowed. It must not know what a panel shows.

use leptos::prelude::*;

use crate::app::{
    api::portfolio::get_portfolio_panel,
    frame::{FrameData, PageFrame},
    load::{Load, Params},
    ui::{board, panel_skeleton},
};

/// The panels: the word by which each is asked for, and its title.
const PANELS: [(&str, &str); 17] = [
    ("cover", "What this covers"),
    ("measures", "Key figures"),
    ("products", "Open cases by stage and product"),
    ("zones", "Open cases by stage and zone"),
    ("ages", "Ageing"),
    ("bottlenecks", "Bottlenecks"),
    ("awards", "Awards by month of registration"),
    ("cohorts", "Recovery by month of filing"),
    ("notices", "Paid after notice"),
    ("promises", "Promises kept"),
    ("rolls", "Cure and roll"),
    ("costs", "Costs"),
    ("workload", "Tribunal workload"),
    ("advocates", "Advocate scorecard"),
    ("enforceability", "Enforceability"),
    ("proceedings", "Parallel proceedings"),
    ("litigation", "Cases with proceedings"),
];

/// The page.
#[component]
pub fn Portfolio() -> impl IntoView {
    const ADDRESS: &[&str] = &["q", "kind", "state", "page"];
    let frame = FrameData::new();
    let panels = PANELS.map(|(word, title)| {
        let load = Load::side(ADDRESS, move |asked| {
            get_portfolio_panel(word.to_owned(), asked.text("q"), asked.text("kind"), asked.text("state"), asked.text("page"))
        });
        (word, title, load)
    });
    let params = Params::of_address(ADDRESS);
    let panel = |(word, title, load): (&'static str, &'static str, Load)| {
        view! {
            <section class="card" id=word aria-label=title>
                <h2>{title}</h2>
                {load.panel("This panel could not be loaded", panel_skeleton, |panel, _| board(panel))}
            </section>
        }
    };
    view! {
        <PageFrame of=frame section="Portfolio">
            <h1>"Portfolio summary"</h1>
            {move || narrowing("/portfolio", "zone: branch: product: owner:", params.get().text("q"))}
            <div class="pack">{panels.into_iter().map(panel).collect_view()}</div>
        </PageFrame>
    }
}

/// A plain form of what the page at this address is narrowed to, by these words.
pub(super) fn narrowing(address: &'static str, words: &'static str, q: String) -> AnyView {
    view! {
        <form method="get" action=address class="inline" role="search" aria-label="Narrow the page">
            <span class="field">
                <label for="q">"Narrow to"</label>
                <input id="q" name="q" type="search" value=q maxlength="240" placeholder=words autocomplete="off" spellcheck="false" />
            </span>
            <button type="submit" class="button">"Narrow"</button>
            <a class="clear" href=address>"Clear"</a>
        </form>
    }
    .into_any()
}
