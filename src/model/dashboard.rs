//! The operations dashboard: what needs somebody now, and how the portfolio stands. Every figure carries what it is made of and, where
//! rows make it, the address that shows exactly those.

use super::{CaseId, Day, HearingRow, Inr, Instant, Stage, TaskRow, Term};

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its code: part of the JSON API's contract.
    pub code: &'static str,
    /// What it counts.
    pub label: String,
    /// The figure.
    pub value: FigureValue,
    /// How it is computed, in words (`domain.md` §10).
    pub formula: String,
    /// The address of the rows that make it.
    pub href: Option<String>,
    /// How it has changed since an earlier day, where the records say so.
    pub change: Option<Change>,
}

/// How a figure has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// By how much.
    pub by: Difference,
    /// Since the beginning of this day.
    pub since: Day,
    /// So many days ago.
    pub days: i64,
}

/// By how much a figure has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// So many more, or fewer.
    Count(i64),
    /// So much more, or less.
    Money(Inr),
    /// So many days longer, or shorter.
    Days(i64),
}

/// A figure's value. Ratios keep what they are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureValue {
    /// So many.
    Count(u64),
    /// So much.
    Money(Inr),
    /// So many of so many.
    Share {
        /// Those that do.
        part: u64,
        /// All that could.
        whole: u64,
    },
    /// A median in days; `None` where there is nothing to take it of.
    Days(Option<u32>),
}

/// Fewest of a whole for which a share is told as a rate; below it, counts are told (`ui.md`).
pub const RATE_FLOOR: u64 = 30;

/// Figures of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureStrip {
    /// The figures, in the order in which they are read.
    pub figures: Vec<Figure>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// What waits for a person: their own tasks, and those of whoever has their role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// All that wait.
    pub waiting: u64,
    /// Those whose day has passed.
    pub overdue: u64,
    /// By kind, most first.
    pub kinds: Vec<(Term, u64)>,
    /// The soonest of them.
    pub first: Vec<TaskRow>,
    /// Today on the institution's wall clock.
    pub today: Day,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// Hearings of today and of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HearingsAhead {
    /// Today's, by time.
    pub today: Vec<HearingRow>,
    /// How many there are today, shown or not.
    pub today_count: u64,
    /// How many of today's are not prepared.
    pub unprepared: u64,
    /// How many there are from today on in seven days.
    pub week_count: u64,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// Clocks that may run out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClocksAtRisk {
    /// Cases whose award or limitation is at risk.
    pub figures: Vec<Figure>,
    /// The soonest clocks on which the institution must act.
    pub first: Vec<RiskRow>,
    /// Today on the institution's wall clock.
    pub today: Day,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// A clock of a case that may run out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskRow {
    /// The case.
    pub case: CaseId,
    /// Its number, or the draft number.
    pub number: String,
    /// Which clock.
    pub clock: Term,
    /// Whose, where it runs for each party.
    pub party: Option<String>,
    /// Its last day.
    pub due_on: Option<Day>,
}

/// Open cases by stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageMix {
    /// The stages in their order; those without a case have zeros.
    pub lines: Vec<StageLine>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// The open cases of one stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageLine {
    /// The stage.
    pub stage: Stage,
    /// Cases.
    pub cases: u64,
    /// Sum of their claims.
    pub claim: Inr,
    /// Median days that they have been in it; `None` where there is no case, or the ages could not be had.
    pub median_days: Option<u32>,
    /// Days of the one that has been in it longest.
    pub oldest_days: Option<u32>,
    /// The address of the cases.
    pub href: String,
}

/// Cases that came and went, week by week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Throughput {
    /// The weeks, the earliest first; the last one is still running.
    pub weeks: Vec<WeekFlow>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// What came and went in one week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekFlow {
    /// Its first day.
    pub monday: Day,
    /// References filed.
    pub filed: u64,
    /// The address of those cases.
    pub filed_href: String,
    /// Cases closed.
    pub closed: u64,
    /// The address of those cases.
    pub closed_href: String,
}

/// Cases that entered and left each stage, week by week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageMoves {
    /// The weeks' first days, the earliest first; the last week is still running.
    pub weeks: Vec<Day>,
    /// The stages in their order, Closed among them.
    pub lines: Vec<MoveLine>,
    /// Where only so many of the person's cases could be looked at: how many.
    pub only: Option<usize>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// What entered and left one stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveLine {
    /// The stage.
    pub stage: Stage,
    /// For each week: entered, and left.
    pub weeks: Vec<(u64, u64)>,
}

impl MoveLine {
    /// What entered and what left in all the weeks.
    pub fn sums(&self) -> (u64, u64) {
        self.weeks.iter().fold((0, 0), |(entered, left), week| (entered + week.0, left + week.1))
    }
}

/// The middle of a histogram of values and how often each occurs; `None` of nothing. Of an even number, the lower middle: an age
/// that some case has.
pub fn median(histogram: &mut [(u32, u64)]) -> Option<u32> {
    histogram.sort_unstable();
    let all: u64 = histogram.iter().map(|(_, often)| often).sum();
    let mut seen = 0;
    histogram.iter().find_map(|(value, often)| {
        seen += often;
        (*often > 0 && seen * 2 >= all).then_some(*value)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_median_of_a_histogram_is_that_of_the_values_it_counts(values in prop::collection::vec(0_u32..50, 0..60)) {
            let mut histogram: Vec<(u32, u64)> = values.iter().map(|value| (*value, 1)).collect();
            let mut sorted = values;
            sorted.sort_unstable();
            let middle = sorted.len().checked_sub(1).map(|last| sorted[last / 2]);
            prop_assert_eq!(median(&mut histogram), middle);
        }
    }
}
