//! What only a browser can do: mark the page as taken over, keep the theme, listen for keys, read the clock. On the server
//! every function here does nothing, so that components need no `cfg`.

use crate::model::Theme;

#[cfg(feature = "hydrate")]
mod real {
    use std::{
        cell::{Cell, RefCell},
        rc::Rc,
    };

    use leptos::{ev, prelude::*};
    use wasm_bindgen::JsCast as _;
    use web_sys::{Element, HtmlElement, HtmlInputElement};

    /// The attribute of a heading's edge that says whose it is.
    const COLUMN: &str = "data-column";
    /// The box by which a row is chosen.
    const CHOOSE: &str = ".choose";
    /// How far an arrow key moves an edge.
    const STEP_PX: i32 = 16;
    /// No column is narrower or wider.
    const NARROWEST_PX: i32 = 48;
    const WIDEST_PX: i32 = 960;

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
            if is_written(&event) || moves_edge(&event) {
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
                "x" => press(held_row().and_then(|row| row.query_selector(CHOOSE).ok().flatten())),
                "X" => choose_up_from(held_row()),
                "Escape" => press(document().query_selector("[data-close]").ok().flatten()),
                _ => {}
            }
        });
        let clicked = window_event_listener(ev::click, |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if let Some(target) = target.filter(|target| event.shift_key() && target.class_name() == "choose") {
                choose_up_from(target.closest("[data-row]").ok().flatten());
            }
        });
        on_cleanup(move || {
            handle.remove();
            clicked.remove();
        });
    }

    /// Chooses a row and those above it, as far as the next one that is chosen already.
    fn choose_up_from(mut next: Option<Element>) {
        let mut first = true;
        while let Some(row) = next {
            let found = row.query_selector(CHOOSE).ok().flatten().and_then(|found| found.dyn_into::<HtmlInputElement>().ok());
            let Some(input) = found.filter(|input| first || !input.checked()) else { return };
            input.set_checked(true);
            first = false;
            next = row.previous_element_sibling();
        }
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

    /// What a key press does to the edge of a heading that has the focus; whether one has it.
    fn moves_edge(event: &web_sys::KeyboardEvent) -> bool {
        let Some(edge) = document().active_element().filter(|element| element.has_attribute(COLUMN)) else { return false };
        let width_px = match event.key().as_str() {
            "ArrowLeft" => Some(width_px_of(&edge) - STEP_PX),
            "ArrowRight" => Some(width_px_of(&edge) + STEP_PX),
            "Enter" => None,
            _ => return false,
        };
        event.prevent_default();
        keep_width(&edge, width_px);
        true
    }

    pub fn listen_for_edges() {
        // The edge that is being dragged, and how much wider its column is than the pointer stands from the left.
        let held: Rc<RefCell<Option<(Element, i32)>>> = Rc::default();
        let dragged = Rc::clone(&held);
        let down = window_event_listener(ev::mousedown, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            *held.borrow_mut() = target.filter(|target| target.has_attribute(COLUMN)).and_then(|edge| {
                // Nothing is selected meanwhile.
                event.prevent_default();
                if event.detail() > 1 {
                    keep_width(&edge, None);
                    return None;
                }
                let beyond_px = width_px_of(&edge) - event.client_x();
                Some((edge, beyond_px))
            });
        });
        let moved = window_event_listener(ev::mousemove, move |event| {
            let mut held = dragged.borrow_mut();
            if event.buttons() == 0 {
                *held = None;
            } else if let Some((edge, beyond_px)) = &*held {
                keep_width(edge, Some(event.client_x() + beyond_px));
            }
        });
        on_cleanup(move || {
            down.remove();
            moved.remove();
        });
    }

    fn width_px_of(edge: &Element) -> i32 {
        edge.parent_element().and_then(|heading| heading.dyn_into::<HtmlElement>().ok()).map_or(0, |heading| heading.offset_width())
    }

    fn kept() -> Option<web_sys::Storage> {
        window().local_storage().ok().flatten()
    }

    fn key_of(edge: &Element) -> String {
        format!("width-{}", edge.get_attribute(COLUMN).unwrap_or_default())
    }

    /// Keeps a column's width, or forgets it.
    fn keep_width(edge: &Element, width_px: Option<i32>) {
        if let Some(kept) = kept() {
            let _ = match width_px {
                Some(width_px) => kept.set_item(&key_of(edge), &width_px.clamp(NARROWEST_PX, WIDEST_PX).to_string()),
                None => kept.remove_item(&key_of(edge)),
            };
        }
        show_widths();
    }

    /// Lays the columns out as they are kept: the stylesheet reads `--w1` and so on, which stand on the root and outlive any table.
    pub fn show_widths() {
        let (Some(root), Ok(edges)) = (root().and_then(|root| root.dyn_into::<HtmlElement>().ok()), document().query_selector_all(".edge"))
        else {
            return;
        };
        let edges = || (0..edges.length()).filter_map(|index| edges.get(index)?.dyn_into::<Element>().ok());
        for (index, edge) in edges().enumerate() {
            // What somebody else has written there is no width, and CSS leaves it aside.
            let width_px = kept().and_then(|kept| kept.get_item(&key_of(&edge)).ok().flatten());
            let width = width_px.map(|width_px| width_px + "px").unwrap_or_default();
            // An empty value takes the property away.
            let _ = root.style().set_property(&format!("--w{}", index + 1), &width);
        }
        for edge in edges() {
            let _ = edge.set_attribute("aria-valuenow", &width_px_of(&edge).to_string());
        }
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

/// `/` goes to the query box, `j` and `k` move through the rows, Enter opens one, `x` chooses one (with shift, or by a click with shift,
/// all up to the next chosen one above), the space bar takes a quick look at it and Escape ends that; until the owner is gone.
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

/// The edges of headings move the widths of columns: by dragging, by the arrow keys (`listen_for_keys`), and a double click takes a
/// width back; until the owner is gone. Widths are kept in this browser, by the column's word.
pub fn listen_for_edges() {
    #[cfg(feature = "hydrate")]
    real::listen_for_edges();
}

/// Lays the columns of the table that is about to be there out as this browser keeps them.
pub fn show_widths() {
    #[cfg(feature = "hydrate")]
    leptos::prelude::request_animation_frame(real::show_widths);
}

/// Seconds since 1970; 0 on the server.
pub fn now_s() -> i64 {
    #[cfg(feature = "hydrate")]
    return (js_sys::Date::now() / 1000.0) as i64;
    #[cfg(not(feature = "hydrate"))]
    0
}
