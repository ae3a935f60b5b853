//! Notices: campaigns, one campaign, the recipients of a figure, and the channels of all campaigns. Each page is a list of panels, the
//! first of which decides its status; the address is their whole state. It must not know what a panel shows.

use leptos::prelude::*;

use super::portfolio::narrowing;
use crate::app::{
    api::notices::get_notices_panel,
    frame::{FrameData, PageFrame},
    load::{Load, Params},
    ui::{board, panel_skeleton},
};

/// A page: its heading, and its panels, each with the word by which it is asked for and its title.
type Shown = (&'static str, &'static [(&'static str, &'static str)]);

/// All campaigns.
#[component]
pub fn Campaigns() -> impl IntoView {
    shown(("Notices", &[("list", "Campaigns")]), Some(("/notices", "state: type:")))
}

/// One campaign.
#[component]
pub fn Campaign() -> impl IntoView {
    const PANELS: Shown = (
        "Campaign",
        &[
            ("about", "Campaign"),
            ("funnels", "Respondents, step by step"),
            ("channels", "Channels"),
            ("reasons", "Why nothing reached them"),
            ("failures", "Why messages failed"),
            ("curve", "What had arrived by when"),
            ("overlap", "Which channel reached whom"),
        ],
    );
    shown(PANELS, None)
}

/// The recipients that a figure counts.
#[component]
pub fn Recipients() -> impl IntoView {
    shown(("Recipients", &[("recipients", "Recipients")]), None)
}

/// The channels of all campaigns.
#[component]
pub fn Channels() -> impl IntoView {
    const PANELS: Shown = ("Channel performance", &[("performance", "Channels, by sending"), ("months", "By month of sending")]);
    shown(PANELS, Some(("/notices/channels", "channel: template: language: zone: month:")))
}

fn shown((heading, panels): Shown, narrow: Option<(&'static str, &'static str)>) -> AnyView {
    const ADDRESS: &[&str] = &["id", "q", "after"];
    let frame = FrameData::new();
    let load = |(index, (word, title)): (usize, &(&'static str, &'static str))| {
        let (word, title) = (*word, *title);
        let ask = move |asked: Params| get_notices_panel(word.to_owned(), asked.text("id"), asked.text("q"), asked.text("after"));
        (word, title, if index == 0 { Load::primary(ADDRESS, ask) } else { Load::side(ADDRESS, ask) })
    };
    let panels: Vec<_> = panels.iter().enumerate().map(load).collect();
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
        <PageFrame of=frame section="Notices">
            <h1>{heading}</h1>
            <nav class="tabs" aria-label="Notices">
                <a class="tab" href="/notices">"Campaigns"</a>
                <a class="tab" href="/notices/channels">"Channel performance"</a>
            </nav>
            {move || narrow.map(|(address, words)| narrowing(address, words, params.get().text("q")))}
            <div class="pack">{panels.into_iter().map(panel).collect_view()}</div>
        </PageFrame>
    }
    .into_any()
}
