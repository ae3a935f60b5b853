//! What waits for the person who looks.

use leptos::prelude::*;

use crate::{
    app::ui::{AsOf, DayCell, EmptyState, grouped},
    model::{Day, Queue, TaskRow},
};

/// How much waits, of what kind, and what is soonest.
#[component]
pub fn QueuePanel(queue: Queue) -> impl IntoView {
    if queue.waiting == 0 {
        return view! { <EmptyState sentence="Nothing waits for you" advice="Tasks appear here when clocks, hearings and other people make them." /> }.into_any();
    }
    let today = queue.today;
    let kinds = queue.kinds.into_iter().map(|(kind, count)| view! { <li>{kind.label}" "<b class="num">{grouped(count)}</b></li> });
    let overdue = (queue.overdue > 0).then(|| view! { ", "<b class="negative num">{grouped(queue.overdue)}" overdue"</b> });
    view! {
        <p><b class="num">{grouped(queue.waiting)}</b>" waiting"{overdue}</p>
        <ul class="kinds" aria-label="By kind">{kinds.collect_view()}</ul>
        <ol class="rows" aria-label="Soonest">{queue.first.into_iter().map(|task| line(task, today)).collect_view()}</ol>
        <AsOf at=queue.as_of />
    }
    .into_any()
}

fn line(task: TaskRow, today: Day) -> AnyView {
    let what = match task.case {
        Some((case, number)) => view! { <a href=format!("/cases/{case}")>{task.title}</a><span class="sub num">{number}</span> }.into_any(),
        None => view! { {task.title} }.into_any(),
    };
    view! { <li><span>{what}</span><DayCell day=task.due_on today /></li> }.into_any()
}
