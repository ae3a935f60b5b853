//! What a case is about, which clocks run, and what is to be done.

use leptos::prelude::*;

use crate::{
    app::{
        api::case_file::{list_case_clocks, list_case_tasks},
        load::Load,
        ui::{Column, DayCell, Facts, RecordTable, table_skeleton, term_cell, text_cell},
    },
    model::{CaseFile, ClockRow, Day, TaskRow},
};

/// The part.
#[component]
pub fn Overview(file: CaseFile) -> impl IntoView {
    let clocks = Load::side(&["id"], |asked| list_case_clocks(asked.text("id")));
    let tasks = Load::side(&["id"], |asked| list_case_tasks(asked.text("id")));
    let today = file.today;
    view! {
        <section class="part">
            <h2>"To do"</h2>
            {tasks.panel("The tasks could not be loaded", table_skeleton, move |tasks, _| view! { <Tasks tasks today /> }.into_any())}
        </section>
        <section class="part">
            <h2>"Clocks"</h2>
            {clocks.panel("The clocks could not be loaded", table_skeleton, move |clocks, _| view! { <Clocks clocks today /> }.into_any())}
        </section>
        <div class="cards">{file.groups.into_iter().map(|group| view! { <Facts group /> }).collect_view()}</div>
    }
}

#[component]
fn Tasks(tasks: Vec<TaskRow>, today: Day) -> impl IntoView {
    const COLUMNS: &[Column] = &[Column::Text("By"), Column::Text("Task"), Column::Text("Who")];
    let row = |task: TaskRow| {
        let due = view! { <DayCell day=task.due_on today /> }.into_any();
        vec![due, text_cell(task.title), text_cell(task.assignee)]
    };
    let rows = tasks.into_iter().map(row).collect();
    view! { <RecordTable caption="Open tasks" columns=COLUMNS rows none="Nothing is to be done" /> }
}

#[component]
fn Clocks(clocks: Vec<ClockRow>, today: Day) -> impl IntoView {
    const COLUMNS: &[Column] = &[Column::Text("Ends"), Column::Text("Clock"), Column::Text("State"), Column::Text("Why this date")];
    let row = move |clock: ClockRow| {
        let due = if clock.running {
            view! { <DayCell day=clock.due_on today /> }.into_any()
        } else {
            text_cell(clock.due_on.map_or_else(|| "—".to_owned(), Day::long))
        };
        let why = format!(
            "{} on {}, then {}",
            clock.start_event,
            clock.starts_on.map_or_else(|| "an unknown day".to_owned(), Day::long),
            clock.length
        );
        let why = view! { {why}<span class="sub">{clock.rule}</span> }.into_any();
        let whose = clock.party.map(|party| format!("for {party}"));
        vec![due, term_cell(clock.clock, whose), term_cell(clock.state, clock.running.then_some(clock.side.label)), why]
    };
    let rows = clocks.into_iter().map(row).collect();
    view! { <RecordTable caption="Clocks" columns=COLUMNS rows none="No clock runs" /> }
}
