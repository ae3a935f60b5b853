//! The top of a case: whose it is, how much, where it stands, and what holds it.

use leptos::prelude::*;

use crate::{
    app::ui::{DayCell, Icon, Money, StageChip},
    model::{CaseFile, Hold, Stage},
};

/// Number, parties, amounts, and the stages passed.
#[component]
pub fn Header(file: CaseFile) -> impl IntoView {
    let CaseFile { case, outcome, hold_reason, today, as_of, .. } = file;
    let others = case.respondent_count.saturating_sub(1);
    let respondent = match case.respondent {
        Some(name) => view! { <span dir="auto">{name}</span> }.into_any(),
        None => view! { <span class="muted">"Your role does not show borrowers’ names"</span> }.into_any(),
    };
    let held = !matches!(case.hold, Hold::None);
    let hold = held.then(|| {
        view! {
            <p class="notice warning" role="status">
                <Icon name="warning" />
                <span>"Notices are held: "<b>{case.hold.label().to_owned()}</b>{hold_reason.map(|reason| format!(". {reason}"))}</span>
            </p>
        }
    });
    let next = match case.next_hearing {
        Some(start) => view! { <span class="num">{start.long()}</span> }.into_any(),
        None => view! { <span class="muted">"None scheduled"</span> }.into_any(),
    };
    view! {
        <header class="case-head">
            <div class="case-title">
                <h1>
                    <span class="num">{case.number}</span>
                    {case.draft.then(|| view! { " "<span class="badge">"Draft"</span> })}
                </h1>
                <p>
                    {respondent}
                    {(others > 0).then(|| view! { <span class="muted">" and "{others}" more"</span> })}
                    <span class="muted">" · "{case.product.label().to_owned()}" · loan "<span class="num">{case.lan}</span></span>
                </p>
            </div>
            <dl class="figures">
                <div><dt>"Claim"</dt><dd><Money amount=case.claim /></dd></div>
                <div><dt>"Dues"</dt><dd><Money amount=case.dues /></dd></div>
                <div><dt>"Next hearing"</dt><dd>{next}</dd></div>
                <div><dt>"Next due"</dt><dd><DayCell day=case.next_due today /></dd></div>
            </dl>
        </header>
        {hold}
        <Stepper stage=case.stage.clone() />
        <p class="stands">
            <StageChip stage=case.stage />
            <span>{case.status.label().to_owned()}</span>
            {outcome.map(|outcome| view! { <span>" · "{outcome.label}</span> })}
            {case.stage_since.map(|day| view! { <span class="muted">" · in this stage since "<span class="num">{day.long()}</span></span> })}
            <span class="muted as-of" title=as_of.long()>"as of "<span class="num">{as_of.clock()}</span></span>
        </p>
    }
}

/// The stages of a case in their order; what lies behind, where it is, what lies ahead.
#[component]
fn Stepper(stage: Stage) -> impl IntoView {
    let here = Stage::ALL.iter().position(|known| *known == stage);
    let step = |(index, known): (usize, &Stage)| {
        let (class, words) = match here {
            Some(here) if index < here => ("done", "passed"),
            Some(here) if index == here => ("here", "now"),
            _ => ("ahead", "ahead"),
        };
        view! {
            <li class=class aria-current=(class == "here").then_some("step")>
                <span>{known.label().to_owned()}</span>
                <span class="sr">", "{words}</span>
            </li>
        }
    };
    view! { <ol class="stepper" aria-label="Stages">{Stage::ALL.iter().enumerate().map(step).collect_view()}</ol> }
}
