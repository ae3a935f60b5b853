//! What only a browser can do: mark the page as taken over, keep the theme, listen for keys, read the clock. On the server
//! every function here does nothing, so that components need no `cfg`.

use crate::model::Theme;

#[cfg(feature = "hydrate")]
mod real {
    use std::cell::Cell;

    use leptos::{ev, prelude::*};
    use wasm_bindgen::JsCast as _;
    use web_sys::{Element, HtmlElement, HtmlInputElement};

    pub fn root() -> Option<Element> {
        document().document_element()
    }

    pub fn set_cookie(text: &str) {
        if let Ok(page) = document().dyn_into::<web_sys::HtmlDocument>() {
            let _ = page.set_cookie(text);
        }
    }

    /// Whether a key means itself: text is being written, or it is one of the browser's own combinations.
    fn is_written(event: &web_sys::KeyboardEvent) -> bool {
        let typing =
            document().active_element().is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"));
        typing || event.ctrl_key() || event.meta_key() || event.alt_key()
    }

    pub fn listen_for_keys() {
        let handle = window_event_listener(ev::keydown, |event| {
            if is_written(&event) {
                return;
            }
            match event.key().as_str() {
                "/" => go_to("q", &event),
                "j" => move_row(true),
                "k" => move_row(false),
                "Enter" => press(held_row().and_then(|row| row.query_selector("a").ok().flatten())),
                " " => {
                    if let Some(row) = held_row() {
                        event.prevent_default();
                        press(row.query_selector(".peek").ok().flatten());
                    }
                }
                "Escape" => press(document().query_selector("[data-close]").ok().flatten()),
                _ => {}
            }
        });
        on_cleanup(move || handle.remove());
    }

    pub fn listen_everywhere() {
        let after_g = Cell::new(false);
        let handle = window_event_listener(ev::keydown, move |event| {
            let (key, second) = (event.key(), after_g.replace(false));
            if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && key.eq_ignore_ascii_case("k") {
                go_to("find", &event);
            } else if !is_written(&event) {
                if key == "g" && !second {
                    after_g.set(true);
                } else {
                    // A link says itself by which keys it is pressed. A key that would end the selector's text spoils it: then nothing is
                    // found.
                    let keys = if second { "g" } else { "" };
                    press(document().query_selector(&format!("[data-key=\"{keys}{key}\"]")).ok().flatten());
                }
            }
        });
        on_cleanup(move || handle.remove());
    }

    fn go_to(id: &str, event: &web_sys::KeyboardEvent) {
        if let Some(input) = document().get_element_by_id(id).and_then(|found| found.dyn_into::<HtmlInputElement>().ok()) {
            event.prevent_default();
            let _ = input.focus();
            input.select();
        }
    }

    fn held_row() -> Option<Element> {
        document().active_element().filter(|element| element.has_attribute("data-row"))
    }

    fn press(link: Option<Element>) {
        if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
            link.click();
        }
    }

    fn move_row(down: bool) {
        let next = match held_row() {
            Some(row) if down => row.next_element_sibling(),
            Some(row) => row.previous_element_sibling(),
            None => document().query_selector("[data-row]").ok().flatten(),
        };
        if let Some(row) = next.and_then(|row| row.dyn_into::<HtmlElement>().ok()) {
            let _ = row.focus();
        }
    }
}

/// Says that the page is alive: tests wait for it.
pub fn mark_hydrated() {
    #[cfg(feature = "hydrate")]
    if let Some(root) = real::root() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}

/// Shows the theme and keeps it in the cookie that the server reads.
pub fn set_theme(theme: Theme) {
    #[cfg(feature = "hydrate")]
    {
        if let Some(root) = real::root() {
            let _ = root.set_attribute("data-theme", theme.code());
        }
        real::set_cookie(&format!("{}={}; Path=/; SameSite=Lax; Max-Age=31536000", Theme::COOKIE, theme.code()));
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = theme;
}

/// Leaves for the sign-in page, which says why and comes back to this address: asking for the page again is enough, the
/// server knows that nobody is signed in.
pub fn leave_for_sign_in() {
    #[cfg(feature = "hydrate")]
    {
        let _ = leptos::prelude::window().location().reload();
    }
}

/// `/` goes to the query box, `j` and `k` move through the rows, Enter opens one, the space bar takes a quick look at it and Escape ends
/// that; until the owner is gone.
pub fn listen_for_keys() {
    #[cfg(feature = "hydrate")]
    real::listen_for_keys();
}

/// Ctrl K or ⌘ K goes to the box that finds anything, and links that name keys in `data-key` are pressed by them (`gc` is `g`, then
/// `c`), wherever one is; until the owner is gone.
pub fn listen_everywhere() {
    #[cfg(feature = "hydrate")]
    real::listen_everywhere();
}

/// Seconds since 1970; 0 on the server.
pub fn now_s() -> i64 {
    #[cfg(feature = "hydrate")]
    return (js_sys::Date::now() / 1000.0) as i64;
    #[cfg(not(feature = "hydrate"))]
    0
}
