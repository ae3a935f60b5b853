//! What many rows come to in one value: how many, their sum, the least of them. Knows no order and no page.

use std::borrow::Cow;
use std::collections::HashSet;

use super::cell::{Cell, fold};
use super::table::{NAME, Row};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Count,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
}

impl Function {
    /// Its value over a column of rows.
    pub(super) fn of<'a>(self, rows: impl ExactSizeIterator<Item = &'a Row> + Clone, at: usize) -> Cell {
        let all = rows.len();
        let present = rows.map(|row| &row[at]).filter(|cell| !matches!(cell, Cell::Null));
        let whole = |count: usize| Cell::Int(i64::try_from(count).unwrap_or(i64::MAX));
        match self {
            // No row is without a name.
            Self::Count if at == NAME => whole(all),
            Self::Count => whole(present.count()),
            Self::CountDistinct => whole(present.map(group_key).collect::<HashSet<_>>().len()),
            Self::Sum | Self::Avg => match present.fold((0_usize, 0.0), |(count, sum), cell| (count + 1, sum + cell.number())) {
                (0, _) => Cell::Null,
                (_, sum) if self == Self::Sum => Cell::Float(decimal(sum)),
                (count, sum) => Cell::Float(decimal(sum / count as f64)),
            },
            Self::Min => present.min_by(|a, b| a.order(b)).cloned().unwrap_or(Cell::Null),
            Self::Max => present.max_by(|a, b| a.order(b)).cloned().unwrap_or(Cell::Null),
        }
    }
}

/// MariaDB sums decimals exactly; nine places hide the dust of adding floats.
fn decimal(number: f64) -> f64 {
    if number.abs() < 1e6 { (number * 1e9).round() / 1e9 } else { (number * 1e4).round() / 1e4 }
}

/// What equal values have in common under the collation.
pub(super) fn group_key(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Null => "\0".into(),
        Cell::Text(text) => fold(text),
        other => other.json().to_string().into(),
    }
}
