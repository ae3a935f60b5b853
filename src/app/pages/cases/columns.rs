//! Which columns the list has: a plain form, whose answer is kept in the browser.

use leptos::prelude::*;

use crate::app::ui::Icon;

/// Every column with its place, and how dense the rows are.
pub fn columns(choices: Vec<(String, String, Option<usize>)>, dense: bool) -> AnyView {
    let column = |(word, label, place): (String, String, Option<usize>)| {
        // The number says which case a row is: it stands first whatever else is shown.
        let fixed = word == "number";
        let place = place.map(|place| place.to_string());
        view! {
            <label class="column">
                <input type="number" name=word min="1" max="99" inputmode="numeric" value=place readonly=fixed />
                {label}
            </label>
        }
    };
    view! {
        <details class="menu columns">
            <summary>"Columns"<Icon name="down" /></summary>
            <form class="menu-body" method="post" action="/cases/columns">
                <p class="muted">"Number the columns from the left. One without a number is not shown."</p>
                {choices.into_iter().map(column).collect_view()}
                <label class="column"><input type="checkbox" name="dense" value="1" checked=dense />"One line a row"</label>
                <div class="columns-end">
                    <button class="button primary" type="submit">"Apply"</button>
                    <button class="button" type="submit" name="usual" value="1">"As usual"</button>
                </div>
            </form>
        </details>
    }
    .into_any()
}
