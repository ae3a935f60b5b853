//! The HTML around the application: head, stylesheets, scripts. Knows nothing of what a page shows.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

use super::App;
use crate::model::Theme;

/// How a page looks before anything is known of its content.
pub struct Look {
    /// Light, dark, or as the system is set.
    pub theme: Theme,
    /// The page's language, a BCP 47 tag.
    pub lang: &'static str,
    /// Version of the institution's own stylesheet.
    pub style_version: String,
}

/// The whole document. Rendered on the server only.
pub fn shell(options: LeptosOptions, look: Look) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang=look.lang data-theme=look.theme.code()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="preload" href="/fonts/inter-latin-5.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous" />
                <HashedStylesheet options=options.clone() id="leptos" />
                <link rel="stylesheet" href=format!("/brand.css?v={}", look.style_version) />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// A document that no program of ours goes on with, as text: without the marks that Leptos leaves for one, which would be words in a
/// title.
#[cfg(feature = "ssr")]
pub fn document(page: impl IntoView) -> String {
    format!("<!DOCTYPE html>{}", page.to_html()).replace("<!>", "")
}
