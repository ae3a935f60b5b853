//! The page of a refusal that comes before any page of the application: unknown host, suspended, too much, broken. Static
//! HTML without scripts. It must not name an institution unless it is given one.

use leptos::prelude::*;

use crate::{
    app::shell::document,
    model::{Brand, ErrorCode, PortalError},
};

/// A whole document. `stylesheet` is the main stylesheet's address with its hash.
pub fn refusal_page(error: &PortalError, brand: Option<&Brand>, stylesheet: &str) -> String {
    let heading = heading(error);
    let title = brand.map_or_else(|| heading.to_owned(), |brand| format!("{heading} · {}", brand.name));
    let reference = error.request_id.clone().map(|id| view! { <p class="reference">"Reference " <code>{id}</code></p> });
    let page = view! {
        <html lang="en-IN">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title}</title>
                <link rel="stylesheet" href=stylesheet.to_owned() />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
            </head>
            <body>
                <main id="main" class="plain">
                    {brand.map(|brand| view! { <p class="plain-brand">{brand.name.clone()}</p> })}
                    <h1>{heading}</h1>
                    <p>{error.sentence()}</p>
                    {reference}
                </main>
            </body>
        </html>
    };
    document(page)
}

fn heading(error: &PortalError) -> &'static str {
    match error.code {
        ErrorCode::NotFound => "There is nothing at this address",
        ErrorCode::SignedOut => "You are signed out",
        ErrorCode::Suspended => "Access is suspended",
        ErrorCode::Forbidden | ErrorCode::WrongNetwork | ErrorCode::WrongOrigin => "This is not allowed",
        ErrorCode::BadRequest
        | ErrorCode::Invalid { .. }
        | ErrorCode::MethodNotAllowed
        | ErrorCode::TooLarge
        | ErrorCode::TooManyRows { .. }
        | ErrorCode::Conflict => "This request was not carried out",
        ErrorCode::Withheld { .. } => "This document is not opened",
        ErrorCode::Busy { .. } => "Too many requests",
        ErrorCode::NotReady | ErrorCode::Maintenance | ErrorCode::Upstream => "Not available just now",
        ErrorCode::NoTenant | ErrorCode::Internal => "Something went wrong",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_host_is_told_no_name_and_runs_no_script() {
        let error = PortalError { code: ErrorCode::NotFound, request_id: Some("<b>7</b>".into()) };
        let page = refusal_page(&error, None, "/pkg/odr-portal.css");
        assert!(page.starts_with("<!DOCTYPE html><html"), "{page}");
        assert!(page.contains("&lt;b&gt;7"), "the reference is text: {page}");
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("address</title>"), "nothing but words stands in the title: {page}");
    }
}
