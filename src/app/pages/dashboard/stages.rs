//! Open cases by stage: a bar each, with the same figures as a table. The table is the chart: a bar stands in each row.

use leptos::prelude::*;

use crate::{
    app::ui::{AsOf, Money, StageChip, grouped},
    model::{StageLine, StageMix},
};

/// The stages.
#[component]
pub fn Stages(mix: StageMix) -> impl IntoView {
    let most = mix.lines.iter().map(|line| line.cases).max().unwrap_or(0).max(1);
    let rows = mix.lines.into_iter().map(|line| row(line, most)).collect_view();
    view! {
        <div class="table-wrap" role="region" aria-label="Open cases by stage" tabindex="0">
            <table role="table" class="records stages">
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">"Stage"</th>
                        <th scope="col" role="columnheader" class="right">"Cases"</th>
                        <th scope="col" role="columnheader"><span class="sr">"Share of the largest"</span></th>
                        <th scope="col" role="columnheader" class="right">"Claim"</th>
                        <th scope="col" role="columnheader" class="right">"Median days in it"</th>
                        <th scope="col" role="columnheader" class="right">"Longest"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        <AsOf at=mix.as_of />
    }
}

fn row(line: StageLine, most: u64) -> AnyView {
    let per_mille = (line.cases * 1000 / most).to_string();
    let days = |days: Option<u32>| days.map_or_else(|| "—".to_owned(), |days| grouped(u64::from(days)));
    let (median, oldest) = (days(line.median_days), days(line.oldest_days));
    let class = format!("bar stage-{}", line.stage.code().to_ascii_lowercase());
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><StageChip stage=line.stage /></th>
            <td role="cell" class="right num" data-label="Cases"><a href=line.href>{grouped(line.cases)}</a></td>
            <td role="cell" class="bars" aria-hidden="true">
                <svg class=class viewBox="0 0 1000 12" preserveAspectRatio="none" width="100%" height="12"><rect width=per_mille height="12" fill="currentColor"></rect></svg>
            </td>
            <td role="cell" class="right" data-label="Claim"><Money amount=line.claim /></td>
            <td role="cell" class="right num" data-label="Median days in it">{median}</td>
            <td role="cell" class="right num" data-label="Longest">{oldest}</td>
        </tr>
    }
    .into_any()
}
