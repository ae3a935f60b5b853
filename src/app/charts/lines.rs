//! Lines over time, one for each of several beginnings, each named at its end: they are told apart by that name and not by a colour.

use super::{CHARACTER, Mark, WIDTH, scale::Scale, svg::Svg};

/// Height of the plot.
const PLOT: u32 = 200;
/// Above it.
const HEAD: u32 = 12;
/// Below it: when.
const FOOT: u32 = 20;
/// Behind the last point: the longest name of a line.
const NAMES: u32 = 54;
/// How wide the band of what may yet come is.
const BAND: u32 = 8;
/// Between two names.
const APART: u32 = 12;

/// A chart of lines.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    /// Its name among the ids of the page.
    pub id: &'static str,
    /// What it shows.
    pub title: &'a str,
    /// The same in a sentence or two, for who does not see it.
    pub description: &'a str,
    /// What one step to the right is, as often as it is named: `30`, `days`.
    pub step: (u64, &'a str),
    /// The lines; all of them begin at nothing.
    pub lines: &'a [Line],
}

/// One line.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Its name, what is said of it, and where it leads.
    pub mark: Mark,
    /// Its values, in tenths of a per cent.
    pub values: Vec<u64>,
    /// So many of them are final; the rest is dotted.
    pub complete: usize,
    /// What may yet come on top of the last one, in the same unit: a hatched band at the line's end, where the mark is unfinished.
    pub open: u64,
}

/// The chart; `None` where nothing is to be drawn.
pub fn lines(chart: &Lines<'_>) -> Option<String> {
    let highest = |line: &Line| line.values.iter().copied().max().map(|most| most.saturating_add(line.open));
    let most = chart.lines.iter().filter_map(highest).max()?;
    let steps = u32::try_from(chart.lines.iter().map(|line| line.values.len()).max()?).ok()?.max(1);
    // Whole per cents, so that ticks are.
    let scale = Scale::upright(most.div_ceil(10));
    let ticks: Vec<_> = scale.ticks().into_iter().map(|(value, figure)| (value, format!("{figure} %"))).collect();
    let widest = ticks.iter().map(|(_, figure)| figure.chars().count()).max().unwrap_or(0);
    let from = (u32::try_from(widest).unwrap_or(0) * CHARACTER + 6).min(WIDTH / 3);
    let along = WIDTH - from - NAMES;
    let x = |step: u32| from + along * step.min(steps) / steps;
    let base = HEAD + PLOT;
    let mut svg = Svg::new(chart.id, chart.title, chart.description, base + FOOT);
    for (value, figure) in &ticks {
        let y = base - scale.place(*value, PLOT);
        svg.rule((from, y), (WIDTH - NAMES, y));
        svg.axis_text(from - 4, y + 4, "end", figure);
    }
    for step in (0..=steps).step_by(3).skip(1) {
        let (length, unit) = chart.step;
        svg.axis_text(x(step), base + 15, "middle", &format!("{} {unit}", u64::from(step) * length));
    }
    let mut named: Vec<(u32, u32)> = Vec::new();
    for line in chart.lines {
        // The scale counts whole per cents, the line tenths of them.
        let height = |tenths: u64| {
            let (whole, next) = (scale.place(tenths / 10, PLOT), scale.place(tenths / 10 + 1, PLOT));
            base - (whole + (next - whole) * u32::try_from(tenths % 10).unwrap_or(0) / 10)
        };
        let end_height = |line: &Line| line.values.last().map_or(base, |last| height(last.saturating_add(line.open)));
        let points = (1..).zip(&line.values).map(|(step, value)| (x(step), height(*value)));
        let points: Vec<_> = std::iter::once((from, base)).chain(points).collect();
        let Some(&(end, height)) = points.last() else { continue };
        // A name that would stand on another one goes above it.
        let mut y = height + 4;
        while y > APART && named.iter().any(|(other_x, other_y)| end.abs_diff(*other_x) < NAMES && y.abs_diff(*other_y) < APART) {
            y -= 1;
        }
        named.push((end, y));
        svg.mark(&line.mark, [end, y.saturating_sub(APART), NAMES, APART + 2], |drawing| {
            if line.open > 0 {
                let top = end_height(line);
                drawing.bar([end.saturating_sub(BAND) * 10, top * 10, BAND * 10, height.saturating_sub(top) * 10]);
            }
            drawing.line(&points, line.complete + 1);
            drawing.words("name", (end + 4, y), "start", &line.mark.label);
        });
    }
    Some(svg.done())
}
