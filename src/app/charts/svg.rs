//! The little of SVG that charts are written in. Text and attributes pass through [`escaped`]; there is no way past it but a number.

use std::fmt::Write as _;

use super::{Mark, WIDTH};

/// Text as it may stand in an element or between quotation marks: characters that mean something to a parser are written as
/// references, those that no document may hold are left out.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            control if control.is_control() => {}
            other => safe.push(other),
        }
    }
    safe
}

/// Text cut to so many characters; the whole of it is what the mark is called.
pub(super) fn shortened(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    text.chars().take(characters.saturating_sub(1)).chain(['…']).collect()
}

/// A length in tenths of a unit, without floating point.
pub(super) fn tenths(length: u32) -> String {
    format!("{}.{}", length / 10, length % 10)
}

/// A chart while it is being written.
pub(super) struct Svg {
    id: &'static str,
    text: String,
}

impl Svg {
    /// A chart of this height under a heading; `id` is the page's only one of that name.
    pub(super) fn new(id: &'static str, title: &str, description: &str, height: u32) -> Self {
        let (title, description) = (escaped(title), escaped(description));
        let text = format!(
            "<figure class=\"chart\"><figcaption>{title}</figcaption>\
             <svg viewBox=\"0 0 {WIDTH} {height}\" role=\"group\" aria-labelledby=\"{id}-t\" aria-describedby=\"{id}-d\">\
             <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{description}</desc>\
             <defs><pattern id=\"{id}-h\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">\
             <path class=\"c-hatch\" d=\"M0 5L5 0\"/></pattern></defs>"
        );
        Self { id, text }
    }

    /// A line of the scale.
    pub(super) fn rule(&mut self, (x1, y1): (u32, u32), (x2, y2): (u32, u32)) {
        let _ = write!(self.text, "<path class=\"c-rule\" d=\"M{x1} {y1}L{x2} {y2}\"/>");
    }

    /// Words of the scale: seen, and not read out, since every mark says its own figure.
    pub(super) fn axis_text(&mut self, x: u32, y: u32, anchor: &str, text: &str) {
        let text = escaped(text);
        let _ = write!(self.text, "<text class=\"c-axis\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" aria-hidden=\"true\">{text}</text>");
    }

    /// What the marks that follow have in common.
    pub(super) fn heading(&mut self, x: u32, y: u32, text: &str) {
        let text = escaped(text);
        let _ = write!(self.text, "<text class=\"c-name\" x=\"{x}\" y=\"{y}\">{text}</text>");
    }

    /// A mark: its area, which leads to its rows and is called by its figure, then whatever is drawn of it.
    pub(super) fn mark(&mut self, mark: &Mark, area: [u32; 4], draw: impl FnOnce(&mut Drawing<'_>)) {
        let [x, y, width, height] = area;
        let (spoken, class) = (escaped(&mark.spoken), escaped(mark.class));
        let end = match &mark.href {
            Some(href) => {
                let href = escaped(href);
                let _ = write!(self.text, "<a class=\"c-mark {class}\" href=\"{href}\" aria-label=\"{spoken}\">");
                "</a>"
            }
            None => {
                let _ = write!(self.text, "<g class=\"c-mark {class}\" role=\"img\" aria-label=\"{spoken}\">");
                "</g>"
            }
        };
        let _ =
            write!(self.text, "<title>{spoken}</title><rect class=\"c-area\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>");
        draw(&mut Drawing { id: self.id, text: &mut self.text, unfinished: mark.unfinished });
        self.text.push_str(end);
    }

    /// The chart, whole.
    pub(super) fn done(mut self) -> String {
        self.text.push_str("</svg></figure>");
        self.text
    }
}

/// What is drawn of one mark.
pub(super) struct Drawing<'a> {
    id: &'static str,
    text: &'a mut String,
    unfinished: bool,
}

impl Drawing<'_> {
    /// Its bar; lengths in tenths of a unit.
    pub(super) fn bar(&mut self, [x, y, width, height]: [u32; 4]) {
        let [x, y, width, height] = [x, y, width, height].map(tenths);
        let _ = match self.unfinished {
            true => write!(
                self.text,
                "<rect class=\"c-open\" fill=\"url(#{}-h)\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>",
                self.id
            ),
            false => write!(self.text, "<rect class=\"c-bar\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"),
        };
    }

    /// Its line through these points: so many of them, from the first on, joined by a solid one, the rest dotted.
    pub(super) fn line(&mut self, points: &[(u32, u32)], solid: usize) {
        let solid = solid.clamp(1, points.len().max(1));
        let parts = [("c-line", points.get(..solid)), ("c-line c-dotted", points.get(solid - 1..))];
        for (class, part) in parts.into_iter().filter_map(|(class, part)| Some((class, part.filter(|part| part.len() > 1)?))) {
            let steps: Vec<_> = part.iter().map(|(x, y)| format!("{x} {y}")).collect();
            let _ = write!(self.text, "<path class=\"{class}\" d=\"M{}\"/>", steps.join("L"));
        }
    }

    /// Words of it.
    pub(super) fn words(&mut self, class: &str, (x, y): (u32, u32), anchor: &str, text: &str) {
        let (class, text) = (escaped(class), escaped(text));
        let _ = write!(self.text, "<text class=\"c-{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>");
    }
}
