//! Bars that lie: one for each of a few categories, each with its name before it and its figure behind it.

use super::{
    CHARACTER, Mark, WIDTH,
    scale::Scale,
    svg::{Svg, shortened},
};
use crate::app::ui::grouped;

/// Where bars begin: their names stand before.
const FROM: u32 = 112;
/// Where the longest one may end: its figure stands behind.
const TO: u32 = 304;
/// From one bar to the next: enough for a finger where the chart is a little smaller than its units.
const PITCH: u32 = 28;
/// Below the bars: figures of the scale, and what they count.
const FOOT: u32 = 34;

/// A chart of bars.
#[derive(Clone, Debug)]
pub struct Bars<'a> {
    /// Its name among the ids of the page.
    pub id: &'static str,
    /// What it shows.
    pub title: &'a str,
    /// The same in a sentence or two, for who does not see it.
    pub description: &'a str,
    /// What the scale counts.
    pub unit: &'a str,
    /// A value that the scale holds in any case, so that two charts can be held side by side.
    pub least: u64,
    /// The bars, from top to bottom.
    pub marks: &'a [Mark],
}

/// The chart; `None` where there is no bar.
pub fn bars(chart: &Bars<'_>) -> Option<String> {
    let most = chart.marks.iter().map(|mark| mark.value).max()?.max(chart.least);
    let scale = Scale::lying(most, TO - FROM);
    let rows = u32::try_from(chart.marks.len()).ok()?;
    let foot = rows * PITCH;
    let mut svg = Svg::new(chart.id, chart.title, chart.description, foot + FOOT);
    let ticks = scale.ticks();
    for (index, (value, figure)) in ticks.iter().enumerate() {
        let x = FROM + scale.place(*value, TO - FROM);
        svg.rule((x, 0), (x, foot));
        // A last figure that is long ends where its tick is: it must not leave the chart.
        let anchor = if index + 1 == ticks.len() && figure.len() > 9 { "end" } else { "middle" };
        svg.axis_text(x, foot + 14, anchor, figure);
    }
    svg.axis_text(FROM.midpoint(TO), foot + 30, "middle", chart.unit);
    for (row, mark) in (0..rows).zip(chart.marks) {
        let y = row * PITCH;
        svg.mark(mark, [0, y, WIDTH, PITCH], |drawing| {
            drawing.words("label", (0, y + 18), "start", &shortened(&mark.label, 15));
            let length = scale.place(mark.value, (TO - FROM) * 10);
            drawing.bar([FROM * 10, (y + 6) * 10, length, 160]);
            let figure = grouped(mark.value);
            let needs = u32::try_from(figure.len()).unwrap_or(WIDTH).saturating_mul(CHARACTER);
            // A figure that would run over the edge stands before it instead, on the bar.
            let behind = FROM + length / 10 + 4;
            let (x, anchor) = if behind.saturating_add(needs) > WIDTH { (WIDTH, "end") } else { (behind, "start") };
            drawing.words("figure", (x, y + 18), anchor, &figure);
        });
    }
    Some(svg.done())
}
