//! Several lines of typed text. Leptos 0.8 writes the children of a `<textarea>` unescaped (leptos#4818), so that what somebody typed would
//! run as markup: it is escaped here, and nowhere else is one made. `what_was_typed_is_text_wherever_it_stands_and_no_script_runs` holds it.

use leptos::prelude::*;

/// A field of several lines: its name, what stands in it, its most characters; whether it is required and has the focus; whether it is
/// wrong, and by what it is described.
pub fn text_area(
    name: &'static str,
    text: &str,
    max: usize,
    (required, focused): (bool, bool),
    (invalid, described): (Option<&'static str>, Option<String>),
) -> AnyView {
    let text = escaped(text);
    view! {
        <textarea id=name name=name rows="5" maxlength=max.to_string() required=required autofocus=focused aria-invalid=invalid
            aria-describedby=described inner_html=text></textarea>
    }
    .into_any()
}

/// Text as it may stand between tags. A leading line end would be taken for the tag's own, so one more goes before it.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if text.starts_with('\n') { format!("\n{text}") } else { text }
}
