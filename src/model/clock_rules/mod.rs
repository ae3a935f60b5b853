//! The periods that run in a case: from what and when, for how long, whose they are, and what their end means.
//!
//! Owns lengths as data, calendar arithmetic, warnings, and which period a case must mind next. It must not know today, a
//! record, or who is told: dates come in, dates and codes go out. The legal points want a lawyer's sign-off before anything acts
//! on them by itself; weekends and court holidays move no date here.

mod table;
#[cfg(test)]
mod tests;

use std::fmt;

use super::{ClockCode, ClockSide, ClockState, Day};

pub use table::CLOCK_RULES;

/// Days before its end at which a period is warned of, the widest first.
pub const WARNING_DAYS: [u16; 3] = [60, 30, 7];

/// One kind of period.
#[derive(Debug)]
pub struct ClockRule {
    /// Which.
    pub clock: &'static ClockCode,
    /// The events that start it, by their codes. Where there are several the case tells which.
    pub starts: &'static [&'static str],
    /// How long it runs.
    pub length: Length,
    /// What the law adds where it is asked for; the last day is counted with it.
    pub extension: Option<Length>,
    /// The rule's short name: `S29A(1)`.
    pub rule_code: &'static str,
    /// The sentence that is shown for it.
    pub rule_text: &'static str,
    /// Whether each party has a period of its own.
    pub per_party: bool,
    /// Who must act before it ends.
    pub side: Side,
    /// What its end means.
    pub on_expiry: &'static str,
    /// The step of the case that its end brings, by its code.
    pub brings: Option<&'static str>,
    /// Days after its start from which it is shown as a risk whatever is left, if any.
    pub risk_after_days: Option<u16>,
}

/// How long a period runs. The day of the start is not counted: what runs one day from Monday ends with Tuesday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// So many days.
    Days(u16),
    /// So many calendar months: to the same day of the month, or its last where there is none.
    Months(u16),
    /// So many years.
    Years(u16),
    /// Days that the institution sets.
    Set {
        /// The fewest.
        least: u16,
        /// Where nothing is set.
        usual: u16,
        /// The most.
        most: u16,
    },
    /// Until the day that an order states.
    Stated,
}

/// Who must act before a period ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The institution.
    Ours,
    /// The respondent.
    Theirs,
    /// The tribunal.
    Tribunal,
    /// The party whose period it is.
    Party,
}

/// A period with its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The day of the event that started it.
    pub starts_on: Day,
    /// The last day without the extension that the law gives where asked.
    pub plain_until: Day,
    /// The last day of all.
    pub due_on: Day,
}

impl Period {
    /// The day by which whoever must act should. We count without the extension, which wants a cause; that others are late is
    /// certain only after it.
    pub fn act_by(self, owner: &ClockSide) -> Day {
        if *owner == ClockSide::Ours { self.plain_until } else { self.due_on }
    }
}

/// The lengths that an institution has set, in days; the usual ones where it has set none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockLengths {
    set: Vec<(ClockCode, u16)>,
}

/// Why a length cannot be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthProblem {
    /// The law sets it.
    NotOurs,
    /// Fewer or more days than may be.
    OutOfBounds {
        /// The fewest.
        least: u16,
        /// The most.
        most: u16,
    },
}

impl fmt::Display for LengthProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOurs => out.write_str("The length of this period is set by law."),
            Self::OutOfBounds { least, most } => write!(out, "Choose from {least} to {most} days."),
        }
    }
}

impl ClockLengths {
    /// Sets the length of a period that the institution sets.
    pub fn set(&mut self, clock: ClockCode, days: u16) -> Result<(), LengthProblem> {
        let Some(Length::Set { least, most, .. }) = ClockRule::of(&clock).map(|rule| rule.length) else {
            return Err(LengthProblem::NotOurs);
        };
        if !(least..=most).contains(&days) {
            return Err(LengthProblem::OutOfBounds { least, most });
        }
        self.set.retain(|(known, _)| *known != clock);
        self.set.push((clock, days));
        Ok(())
    }

    fn of(&self, rule: &ClockRule) -> Length {
        let set = || self.set.iter().find(|(clock, _)| clock == rule.clock).map(|(_, days)| *days);
        match rule.length {
            Length::Set { usual, .. } => Length::Days(set().unwrap_or(usual)),
            fixed => fixed,
        }
    }
}

impl Length {
    /// The last day of a period that starts on a day; `None` where an order states it.
    pub fn after(self, start: Day) -> Option<Day> {
        match self {
            Self::Days(days) | Self::Set { usual: days, .. } => Some(start.later(i64::from(days))),
            Self::Months(months) => Some(start.months_later(u32::from(months))),
            Self::Years(years) => Some(start.months_later(u32::from(years) * 12)),
            Self::Stated => None,
        }
    }
}

impl fmt::Display for Length {
    /// `12 months`, `1 month`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self {
            Self::Days(days) | Self::Set { usual: days, .. } => (days, "day"),
            Self::Months(months) => (months, "month"),
            Self::Years(years) => (years, "year"),
            Self::Stated => return out.write_str("as ordered"),
        };
        write!(out, "{count} {unit}{}", if *count == 1 { "" } else { "s" })
    }
}

impl ClockRule {
    /// The rule of a period.
    pub fn of(clock: &ClockCode) -> Option<&'static Self> {
        CLOCK_RULES.iter().find(|rule| rule.clock == clock)
    }

    /// Its days, from the day of the event that starts it; `None` where an order states the last day.
    pub fn period(&self, starts_on: Day, lengths: &ClockLengths) -> Option<Period> {
        let plain_until = lengths.of(self).after(starts_on)?;
        let due_on = self.extension.and_then(|extension| extension.after(plain_until)).unwrap_or(plain_until);
        Some(Period { starts_on, plain_until, due_on })
    }

    /// Its length in words: `3 months + 30 days`.
    pub fn length_text(&self, lengths: &ClockLengths) -> String {
        let length = lengths.of(self);
        self.extension.map_or_else(|| length.to_string(), |extension| format!("{length} + {extension}"))
    }

    /// Who must act: `claimant` tells whose period it is, where it runs for each party.
    pub const fn owner(&self, claimant: bool) -> ClockSide {
        match self.side {
            Side::Ours => ClockSide::Ours,
            Side::Theirs => ClockSide::Theirs,
            Side::Tribunal => ClockSide::Tribunal,
            Side::Party if claimant => ClockSide::Ours,
            Side::Party => ClockSide::Theirs,
        }
    }

    /// Whether a period that still runs is at risk: warned of, or so old that it must be watched.
    pub fn at_risk(&self, starts_on: Day, due_on: Day, today: Day) -> bool {
        let old = self.risk_after_days.is_some_and(|days| starts_on.later(i64::from(days)) <= today);
        old || warning_level(due_on, today) > 0
    }
}

/// The warning that a last day calls for today: 60, 30 or 7 days, the narrowest that it is within; 0 for none yet. A day that
/// has passed is within all.
pub fn warning_level(due_on: Day, today: Day) -> u16 {
    let left = due_on.days_since_epoch() - today.days_since_epoch();
    WARNING_DAYS.into_iter().rfind(|level| left <= i64::from(*level)).unwrap_or(0)
}

/// The warning to give today, where `given` is the last one that was (0 for none): each is given once, and one that was slept
/// through is not made up for.
pub fn warning_due(due_on: Day, today: Day, given: u16) -> Option<u16> {
    let level = warning_level(due_on, today);
    (level > 0 && (given == 0 || level < given)).then_some(level)
}

/// What ended a period before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// What it was for happened that day.
    Met(Day),
    /// Consent or an order extended it that day; the law lets that be late.
    Extended(Day),
    /// It has no object any more since that day: the case was closed.
    Stopped(Day),
}

/// What has become of a period. What happens on its last day is in time; what happens after it is too late.
pub fn state(due_on: Day, today: Day, ended: Option<Ended>) -> ClockState {
    match ended {
        Some(Ended::Extended(_)) => ClockState::Extended,
        Some(Ended::Met(day)) if day <= due_on => ClockState::Met,
        Some(Ended::Stopped(day)) if day <= due_on => ClockState::Stopped,
        Some(Ended::Met(_) | Ended::Stopped(_)) => ClockState::Expired,
        None if due_on < today => ClockState::Expired,
        None => ClockState::Running,
    }
}

/// A period of a case, as far as it decides what the case must mind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseClock {
    /// Which.
    pub clock: ClockCode,
    /// Who must act.
    pub side: ClockSide,
    /// What has become of it.
    pub state: ClockState,
    /// Its last day; ours by [`Period::act_by`].
    pub due_on: Day,
}

/// The period that the institution must mind next: the soonest of its own that still run; of two on one day, the one that
/// stands first in the set.
pub fn next_due(clocks: &[CaseClock]) -> Option<&CaseClock> {
    let rank = |clock: &ClockCode| ClockCode::ALL.iter().position(|known| known == clock).unwrap_or(ClockCode::ALL.len());
    let ours = clocks.iter().filter(|clock| clock.side == ClockSide::Ours && clock.state == ClockState::Running);
    ours.min_by_key(|clock| (clock.due_on, rank(&clock.clock)))
}

/// The last day of a period over all parties, whatever has become of it: only then is it over for the case.
pub fn last_due(clocks: &[CaseClock], clock: &ClockCode) -> Option<Day> {
    clocks.iter().filter(|row| row.clock == *clock).map(|row| row.due_on).max()
}

/// The day from which limitation runs, and the event: the default, or the last acknowledgement or payment that came while it
/// still ran. One that comes too late revives nothing.
pub fn limitation_start(default_on: Day, renewed: &[(Day, &'static str)]) -> (Day, &'static str) {
    let mut renewed = renewed.to_vec();
    renewed.sort_unstable();
    renewed.into_iter().fold((default_on, table::DEFAULT), |start, renewal| {
        let in_time = table::LIMITATION.after(start.0).is_some_and(|last| renewal.0 <= last);
        if renewal.0 > start.0 && in_time { renewal } else { start }
    })
}
