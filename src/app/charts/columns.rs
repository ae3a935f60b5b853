//! Columns over time: one small chart for each series, all on one scale, so that they are told apart by their place and their name.

use super::{CHARACTER, Mark, WIDTH, scale::Scale, svg::Svg};
use crate::app::ui::grouped;

/// Height of the plot of one series.
const PLOT: u32 = 72;
/// Above it: its name, and the figure of a column that reaches the top.
const HEAD: u32 = 34;
/// Below it: when.
const FOOT: u32 = 20;

/// Charts of columns, one below the other.
#[derive(Clone, Debug)]
pub struct Columns<'a> {
    /// Its name among the ids of the page.
    pub id: &'static str,
    /// What it shows.
    pub title: &'a str,
    /// The same in a sentence or two, for who does not see it.
    pub description: &'a str,
    /// The series, from top to bottom; each has a mark for the same times.
    pub series: &'a [Series],
}

/// What is counted over time.
#[derive(Clone, Debug)]
pub struct Series {
    /// What it counts.
    pub name: String,
    /// Its figures, the earliest first.
    pub marks: Vec<Mark>,
}

/// The charts; `None` where nothing is to be drawn.
pub fn columns(chart: &Columns<'_>) -> Option<String> {
    let marks = || chart.series.iter().flat_map(|series| &series.marks);
    let most = marks().map(|mark| mark.value).max()?;
    let across = u32::try_from(chart.series.iter().map(|series| series.marks.len()).max()?).ok()?;
    let scale = Scale::upright(most);
    let ticks = scale.ticks();
    let widest = ticks.iter().map(|(_, figure)| figure.len()).max().unwrap_or(0);
    let from = (u32::try_from(widest).unwrap_or(0) * CHARACTER + 6).min(WIDTH / 3);
    let pitch = (WIDTH - from) / across.max(1);
    let each = HEAD + PLOT + FOOT;
    let height = each * u32::try_from(chart.series.len()).ok()?;
    let mut svg = Svg::new(chart.id, chart.title, chart.description, height);
    for (top, series) in (0..height).step_by(usize::try_from(each).ok()?).zip(chart.series) {
        let base = top + HEAD + PLOT;
        svg.heading(0, top + 12, &series.name);
        for (value, figure) in &ticks {
            let y = base - scale.place(*value, PLOT);
            svg.rule((from, y), (WIDTH, y));
            svg.axis_text(from - 4, y + 4, "end", figure);
        }
        let last = series.marks.len().saturating_sub(1);
        for ((index, mark), x) in series.marks.iter().enumerate().zip((from..).step_by(usize::try_from(pitch.max(1)).ok()?)) {
            // Counted from the end, so that the latest is named, and no name stands in another's way.
            if (last - index) % 3 == 0 {
                let (x, anchor) = if index == last { (WIDTH, "end") } else { (x + pitch / 2, "middle") };
                svg.axis_text(x, base + 15, anchor, &mark.label);
            }
            svg.mark(mark, [x, top + 16, pitch, HEAD - 16 + PLOT], |drawing| {
                let tall = scale.place(mark.value, PLOT * 10);
                drawing.bar([(x + 3) * 10, base * 10 - tall, pitch.saturating_sub(6) * 10, tall]);
                let figure = grouped(mark.value);
                if figure.len() <= 3 {
                    drawing.words("figure", (x + pitch / 2, base - tall / 10 - 4), "middle", &figure);
                }
            });
        }
    }
    Some(svg.done())
}
