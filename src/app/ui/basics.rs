//! The smallest pieces: an icon, an amount, a day, a stage.

use leptos::prelude::*;

use crate::model::{Day, Inr, Stage};

/// An icon of the sprite; decoration beside a word, so hidden from a screen reader.
#[component]
pub fn Icon(#[prop(into)] name: String) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" focusable="false" width="16" height="16">
            <use href=format!("/icons.svg#{name}")></use>
        </svg>
    }
}

/// A compact amount, exact on hover and to a screen reader.
#[component]
pub fn Money(amount: Inr) -> impl IntoView {
    let (exact, spoken) = (amount.exact(), amount.exact());
    view! {
        <span class="num" title=exact>
            <span aria-hidden="true">{amount.compact()}</span>
            <span class="sr">{spoken}</span>
        </span>
    }
}

/// A date on which something is owed; one that has passed says so in a word.
#[component]
pub fn DayCell(day: Option<Day>, today: Day) -> impl IntoView {
    match day {
        None => view! { <span class="muted">"—"</span> }.into_any(),
        Some(day) if day < today => {
            view! { <span class="num overdue"><time datetime=day.iso()>{day.long()}</time>" "<b>"Overdue"</b></span> }.into_any()
        }
        Some(day) if day == today => {
            view! { <span class="num"><time datetime=day.iso()>{day.long()}</time>" "<b>"Today"</b></span> }.into_any()
        }
        Some(day) => view! { <time class="num" datetime=day.iso()>{day.long()}</time> }.into_any(),
    }
}

/// A stage, by colour, icon and word.
#[component]
pub fn StageChip(stage: Stage) -> impl IntoView {
    let known = if matches!(stage, Stage::Unknown(_)) { "unknown".to_owned() } else { stage.code().to_ascii_lowercase() };
    view! {
        <span class=format!("stage stage-{known}")>
            <Icon name=format!("stage-{known}") />
            {stage.label().to_owned()}
        </span>
    }
}

/// Indian grouping of a count.
pub fn grouped(count: u64) -> String {
    Inr::from_rupees(i64::try_from(count).unwrap_or(i64::MAX)).exact().trim_start_matches('₹').to_owned()
}
