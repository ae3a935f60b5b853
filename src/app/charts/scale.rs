//! A scale of counts: from nothing to a round number, with as many ticks as their figures leave room for.

use super::CHARACTER;
use crate::app::ui::grouped;

/// A scale from 0 on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    /// Where it ends; never 0.
    top: u64,
    intervals: u64,
}

impl Scale {
    /// The scale that holds values up to `most`, with as many ticks as their figures have room for side by side along so many units.
    pub(super) fn lying(most: u64, along: u32) -> Self {
        let long = u64::from(CHARACTER) * u64::try_from(grouped(most).len()).unwrap_or(u64::MAX);
        Self::new(most, (u64::from(along) / (long + 2 * u64::from(CHARACTER))).clamp(1, 4))
    }

    /// The scale that holds values up to `most`, with ticks at both ends and in the middle.
    pub(super) fn upright(most: u64) -> Self {
        Self::new(most, 2)
    }

    fn new(most: u64, room: u64) -> Self {
        // Steps are 1, 2 or 5 times a power of ten: figures that are read at a glance.
        let mut step = 1_u64;
        let mut factors = [2_u64, 5, 10].into_iter().cycle();
        let mut unit = 1_u64;
        while step.saturating_mul(room) < most {
            let factor = factors.next().unwrap_or(10);
            step = unit.saturating_mul(factor);
            if factor == 10 {
                unit = step;
            }
        }
        let intervals = most.div_ceil(step).max(1);
        Self { top: step.saturating_mul(intervals), intervals }
    }

    /// How far along `length` a value is, in the units of `length`.
    pub(super) fn place(&self, value: u64, length: u32) -> u32 {
        let place = u128::from(value.min(self.top)) * u128::from(length) / u128::from(self.top.max(1));
        u32::try_from(place).unwrap_or(length)
    }

    /// Where its ticks are, and their figures in Indian grouping.
    pub(super) fn ticks(&self) -> Vec<(u64, String)> {
        (0..=self.intervals).map(|index| self.top / self.intervals * index).map(|value| (value, grouped(value))).collect()
    }
}
