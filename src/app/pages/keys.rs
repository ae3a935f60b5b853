//! The list of keys: static HTML without scripts, so that it costs the browser's program nothing and is there before it. Which key leads
//! to which section is the frame's to say.

use leptos::prelude::*;

use crate::{
    app::{frame::SECTIONS, shell::document},
    model::KeysPage,
};

/// Keys, pressed one after the other, and what they do.
type Line = (&'static [&'static str], &'static str);

/// What each key does, on which pages.
const GROUPS: [(&str, &[Line]); 3] = [
    ("Everywhere", &[(&["Ctrl", "K"], "Find a case, a page or an action (⌘ K on a Mac)"), (&["?"], "This page")]),
    (
        "On a list of cases",
        &[
            (&["/"], "To the query box"),
            (&["j"], "To the next row"),
            (&["k"], "To the row before"),
            (&["Enter"], "Open the row’s case"),
            (&["x"], "Choose the row, or leave it"),
            (&["Shift", "x"], "Choose all up to the chosen one above"),
            (&["Space"], "A quick look at it"),
            (&["Esc"], "Close the quick look"),
            (&["e"], "Export what is listed as CSV, where your role may"),
        ],
    ),
    (
        "On the edge of a column’s heading",
        &[(&["←"], "Make the column narrower"), (&["→"], "Make it wider"), (&["Enter"], "As wide as it comes")],
    ),
];

/// A whole document. `stylesheet` is the main stylesheet's address with its hash.
pub fn keys_page(page: KeysPage, stylesheet: &str) -> String {
    let KeysPage { brand, theme } = page;
    let keys = |keys: &[&'static str]| keys.iter().map(|key| view! { <kbd>{*key}</kbd>" " }).collect_view();
    let group = |(title, lines): &(&'static str, &[Line])| {
        let lines = lines.iter().map(|(pressed, what)| view! { <div><dt>{keys(pressed)}</dt><dd>{*what}</dd></div> }).collect_view();
        view! { <h2>{*title}</h2><dl class="keys">{lines}</dl> }
    };
    let section = |(name, href, _, key): (&'static str, &'static str, &str, &'static str)| {
        view! { <div><dt>{keys(&["g", key])}</dt><dd><a href=href>{name}</a></dd></div> }
    };
    let page = view! {
        <html lang="en-IN" data-theme=theme.code()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{format!("Keys · {}", brand.name)}</title>
                <link rel="stylesheet" href=stylesheet.to_owned() />
                <link rel="stylesheet" href=format!("/brand.css?v={}", brand.style_version) />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
            </head>
            <body>
                <main id="main" class="plain">
                    <p class="plain-brand">{brand.name.clone()}</p>
                    <h1>"Keys"</h1>
                    <p class="muted">"One after the other, while nothing is being typed. Everything can be done without them."</p>
                    <h2>"To a section"</h2>
                    <dl class="keys">{SECTIONS.map(section).collect_view()}</dl>
                    {GROUPS.iter().map(group).collect_view()}
                </main>
            </body>
        </html>
    };
    document(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Brand, Theme};

    #[test]
    fn the_list_names_each_sections_key_and_runs_no_script() {
        let brand = Brand { name: "A <Bank>".to_owned(), style_version: "1".to_owned() };
        let page = keys_page(KeysPage { brand, theme: Theme::Dark }, "/pkg/odr-portal.css");
        for (name, href, _, key) in SECTIONS {
            assert!(page.contains(&format!("<kbd>{key}</kbd> </dt><dd><a href=\"{href}\">{name}</a>")), "{page}");
        }
        assert!(page.contains("<title>Keys · A &lt;Bank&gt;</title>") && !page.contains("<script"), "{page}");
    }
}
