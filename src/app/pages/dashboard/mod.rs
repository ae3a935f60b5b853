//! The operations dashboard: what needs somebody now comes first, then how the portfolio stands. Each panel loads and fails alone.

mod ahead;
mod figures;
mod queue;
mod stages;

use leptos::prelude::*;

use crate::app::{
    api::dashboard::{get_clocks_at_risk, get_hearings_ahead, get_portfolio_strip, get_queue, get_stage_mix},
    frame::{FrameData, PageFrame},
    load::Load,
    ui::panel_skeleton,
};
use ahead::{Clocks, Hearings};
use figures::Figures;
use queue::QueuePanel;
use stages::Stages;

/// The page.
#[component]
pub fn Dashboard() -> impl IntoView {
    let frame = FrameData::new();
    let queue = Load::side(&[], |_| get_queue());
    let hearings = Load::side(&[], |_| get_hearings_ahead());
    let clocks = Load::side(&[], |_| get_clocks_at_risk());
    let portfolio = Load::side(&[], |_| get_portfolio_strip());
    let stages = Load::side(&[], |_| get_stage_mix());
    view! {
        <PageFrame of=frame section="Dashboard">
            <h1>"Dashboard"</h1>
            <div class="dashboard">
                <section class="card" aria-labelledby="queue">
                    <h2 id="queue">"Needs me now"</h2>
                    {queue.panel("Your tasks could not be loaded", panel_skeleton, |queue, _| view! { <QueuePanel queue /> }.into_any())}
                </section>
                <section class="card" aria-labelledby="hearings">
                    <h2 id="hearings">"Hearings"</h2>
                    {hearings.panel("The hearings could not be loaded", panel_skeleton, |hearings, _| view! { <Hearings hearings /> }.into_any())}
                </section>
                <section class="card" aria-labelledby="clocks">
                    <h2 id="clocks">"Clocks at risk"</h2>
                    {clocks.panel("The clocks could not be loaded", panel_skeleton, |clocks, _| view! { <Clocks clocks /> }.into_any())}
                </section>
            </div>
            <section class="card" aria-labelledby="portfolio">
                <h2 id="portfolio">"Portfolio"</h2>
                {portfolio.panel("The portfolio's figures could not be loaded", panel_skeleton, |strip, _| view! { <Figures strip /> }.into_any())}
            </section>
            <section class="card" aria-labelledby="stages">
                <h2 id="stages">"Open cases by stage"</h2>
                {stages.panel("The stages could not be loaded", panel_skeleton, |mix, _| view! { <Stages mix /> }.into_any())}
            </section>
        </PageFrame>
    }
}
