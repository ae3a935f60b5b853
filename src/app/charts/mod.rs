//! Charts as SVG, drawn on the server from plain figures: there before any script, and legible without colour. Pure functions.
//!
//! What they make is put into the page as it is, in one place ([`crate::app::ui::board`]): so every text goes through
//! [`svg::escaped`], colours are classes whose values the style sheets hold, and nothing else is written. They must not know what is
//! counted, nor where it comes from.

mod bars;
mod columns;
mod lines;
mod scale;
mod svg;
#[cfg(test)]
mod tests;

pub use bars::{Bars, bars};
pub use columns::{Columns, Series, columns};
pub use lines::{Line, Lines, lines};

/// One figure that is drawn.
#[derive(Clone, Debug, Default)]
pub struct Mark {
    /// What it is of: a stage, a week.
    pub label: String,
    /// How long it is drawn.
    pub value: u64,
    /// The exact figure in words: what hovering shows, and what the mark is called when it is read out.
    pub spoken: String,
    /// The address of the rows that make it.
    pub href: Option<String>,
    /// The class whose colour it has.
    pub class: &'static str,
    /// Whether it may still grow: it is hatched then.
    pub unfinished: bool,
}

/// Width of every chart, in its own units. A phone shows it about as wide, in pixels; texts are sized for that.
const WIDTH: u32 = 360;
/// About what a character takes of a text at its largest size.
const CHARACTER: u32 = 7;
