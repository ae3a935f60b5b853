//! What the next days bring: hearings, and clocks that may run out.

use leptos::prelude::*;

use super::figures::FigureList;
use crate::{
    app::ui::{AsOf, DayCell, EmptyState, grouped},
    model::{ClocksAtRisk, Day, HearingRow, HearingsAhead, RiskRow},
};

/// Hearings of today, in the order of the day.
const SHOWN: usize = 8;

/// Today's hearings, and how many the week has.
#[component]
pub fn Hearings(hearings: HearingsAhead) -> impl IntoView {
    let HearingsAhead { today, today_count, unprepared, week_count, as_of } = hearings;
    let rest = today_count.saturating_sub(SHOWN as u64);
    let rows = today.into_iter().take(SHOWN).map(hearing).collect_view();
    let list = if today_count == 0 {
        view! { <EmptyState sentence="No hearing today" advice="" /> }.into_any()
    } else {
        view! { <ol class="rows" aria-label="Today">{rows}</ol> }.into_any()
    };
    view! {
        <p>
            <b class="num">{grouped(today_count)}</b>" today"
            {(unprepared > 0).then(|| view! { ", "<b class="negative num">{grouped(unprepared)}" not prepared"</b> })}
            <span class="muted">" · "<span class="num">{grouped(week_count)}</span>" in the next seven days"</span>
        </p>
        {list}
        {(rest > 0).then(|| view! { <p class="muted">"and "<span class="num">{grouped(rest)}</span>" more today"</p> })}
        <AsOf at=as_of />
    }
}

fn hearing(row: HearingRow) -> AnyView {
    let time = row.starts_at.map(|at| at.clock()).unwrap_or_default();
    let who = row.respondent.map(|name| view! { " "<span dir="auto">{name}</span> });
    let ready = (!row.prepared).then(|| view! { <span class="badge">"Not prepared"</span> });
    view! {
        <li>
            <span>
                <span class="num">{time}</span>" "<a href=format!("/cases/{}/hearings", row.case)><span class="num">{row.number}</span>{who}</a>
                <span class="sub">{row.kind.label}</span>
            </span>
            {ready}
        </li>
    }
    .into_any()
}

/// Cases at risk, and the soonest clocks on which the institution must act.
#[component]
pub fn Clocks(clocks: ClocksAtRisk) -> impl IntoView {
    let ClocksAtRisk { figures, first, today, as_of } = clocks;
    let list = if first.is_empty() {
        view! { <p class="muted">"No clock runs on which you must act."</p> }.into_any()
    } else {
        view! { <ol class="rows" aria-label="Soonest on which we must act">{first.into_iter().map(|row| clock(row, today)).collect_view()}</ol> }.into_any()
    };
    view! {
        <FigureList figures />
        {list}
        <AsOf at=as_of />
    }
}

fn clock(row: RiskRow, today: Day) -> AnyView {
    view! {
        <li>
            <span>
                <a href=format!("/cases/{}", row.case.as_str())>{row.clock.label}</a>
                <span class="sub"><span class="num">{row.number}</span>{row.party.map(|party| format!(", for {party}"))}</span>
            </span>
            <DayCell day=row.due_on today />
        </li>
    }
    .into_any()
}
