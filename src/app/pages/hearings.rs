//! The diary of hearings: a day's board, a week, a month, an agenda. The address is its whole state. It must not know how a
//! calendar is counted: what it shows comes in words.

use leptos::prelude::*;

use crate::{
    app::{
        api::diary::get_diary,
        frame::{FrameData, PageFrame},
        load::{Load, Params},
        ui::{board, table_skeleton},
    },
    model::{Cell, DiarySheet, DiaryView},
};

/// The page.
#[component]
pub fn Hearings() -> impl IntoView {
    const ADDRESS: &[&str] = &["view", "day"];
    let frame = FrameData::new();
    let diary = Load::primary(ADDRESS, |asked| get_diary(asked.text("view"), asked.text("day")));
    let params = Params::of_address(ADDRESS);
    view! {
        <PageFrame of=frame section="Hearings">
            <h1>"Hearings"</h1>
            {move || views(&params.get())}
            {diary.panel("The hearings could not be loaded", table_skeleton, |shown, _| days(shown))}
        </PageFrame>
    }
}

/// The views, each of the same day, and a way to any other day.
fn views(asked: &Params) -> AnyView {
    let (view, day) = (asked.text("view"), asked.text("day"));
    let current = if view.is_empty() { DiaryView::Day.code().to_owned() } else { view };
    let tabs = DiaryView::ALL.map(|offered| {
        let day = if day.is_empty() { String::new() } else { format!("&day={day}") };
        let href = format!("/hearings?view={}{day}", offered.code());
        view! { <a class="tab" href=href aria-current=(current == offered.code()).then_some("page")>{offered.label()}</a> }
    });
    view! {
        <div class="diary-bar">
            <nav class="tabs" aria-label="Views of the diary">{tabs}</nav>
            <form method="get" action="/hearings" class="inline">
                <input type="hidden" name="view" value=current />
                <label for="day">"Day"</label>
                <input id="day" name="day" type="date" value=day required=true />
                <button type="submit" class="button">"Go"</button>
            </form>
        </div>
    }
    .into_any()
}

fn days(shown: DiarySheet) -> AnyView {
    let link = |cell: Cell| view! { <a class="button" href=cell.href rel=cell.file.is_some().then_some("external")>{cell.text}</a> };
    view! {
        <div class="diary-title">
            <h2>{shown.title}</h2>
            <nav aria-label="Other days">{shown.links.into_iter().map(link).collect_view()}</nav>
        </div>
        {board(shown.board)}
    }
    .into_any()
}
