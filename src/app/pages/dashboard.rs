//! The operations dashboard: what needs somebody now comes first, then how the portfolio stands. Each panel loads and fails alone.

use leptos::prelude::*;

use crate::app::{
    api::dashboard::{get_clocks_at_risk, get_hearings_ahead, get_moves, get_portfolio_strip, get_queue, get_stage_mix, get_throughput},
    frame::{FrameData, PageFrame},
    load::Load,
    ui::{board, panel_skeleton},
};

/// The page.
#[component]
pub fn Dashboard() -> impl IntoView {
    let frame = FrameData::new();
    let queue = Load::side(&[], |_| get_queue());
    let hearings = Load::side(&[], |_| get_hearings_ahead());
    let clocks = Load::side(&[], |_| get_clocks_at_risk());
    let portfolio = Load::side(&[], |_| get_portfolio_strip());
    let stages = Load::side(&[], |_| get_stage_mix());
    let throughput = Load::side(&[], |_| get_throughput());
    let moves = Load::side(&[], |_| get_moves());
    let panel = |title: &'static str, failed: &'static str, load: Load| {
        view! {
            <section class="card" aria-label=title>
                <h2>{title}</h2>
                {load.panel(failed, panel_skeleton, |panel, _| board(panel))}
            </section>
        }
    };
    view! {
        <PageFrame of=frame section="Dashboard">
            <h1>"Dashboard"</h1>
            <div class="dashboard">
                {panel("Needs me now", "Your tasks could not be loaded", queue)}
                {panel("Hearings", "The hearings could not be loaded", hearings)}
                {panel("Clocks at risk", "The clocks could not be loaded", clocks)}
            </div>
            {panel("Portfolio", "The portfolio’s figures could not be loaded", portfolio)}
            {panel("Open cases by stage", "The stages could not be loaded", stages)}
            {panel("Throughput", "The throughput could not be loaded", throughput)}
            {panel("Moves between stages", "The moves could not be loaded", moves)}
        </PageFrame>
    }
}
