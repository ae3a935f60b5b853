//! The diary of hearings: which days a view shows, where its neighbours are, and what is known of its days.
//!
//! Must not know what today is, nor how hearings are stored.

use serde::{Deserialize, Serialize};

use super::{Board, Cell, Day, HearingRow, Instant};

/// How much of the diary is shown at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiaryView {
    /// One day: the board.
    Day,
    /// Monday to Sunday, by the hour.
    Week,
    /// The weeks that a month touches.
    Month,
    /// Four weeks from a day on, as a list.
    Agenda,
}

impl DiaryView {
    /// Every view, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Agenda];

    /// Its word in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Agenda => "agenda",
        }
    }

    /// Its name on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::Week => "Week",
            Self::Month => "Month",
            Self::Agenda => "Agenda",
        }
    }
}

/// Which days are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiaryQuery {
    /// How much at once.
    pub view: DiaryView,
    /// A day of what is shown.
    pub day: Day,
}

/// Days of the agenda at once.
const AGENDA_DAYS: i64 = 28;

impl DiaryQuery {
    /// Reads the address: today's board where it names nothing. `None` for what cannot be read.
    pub fn from_params(view: &str, day: &str, today: Day) -> Option<Self> {
        let view = match view.trim() {
            "" => DiaryView::Day,
            code => DiaryView::ALL.into_iter().find(|view| view.code() == code)?,
        };
        let day = match day.trim() {
            "" => today,
            text => Day::parse(text)?,
        };
        Some(Self { view, day })
    }

    /// The address that shows it.
    pub fn href(self) -> String {
        format!("/hearings?view={}&day={}", self.view.code(), self.day.iso())
    }

    /// Its first day and the day after its last.
    pub fn days(self) -> (Day, Day) {
        match self.view {
            DiaryView::Day => (self.day, self.day.later(1)),
            DiaryView::Week => (self.day.monday(), self.day.monday().later(7)),
            DiaryView::Month => {
                let last = self.day.first_of_month().later(31).first_of_month().later(-1);
                (self.day.first_of_month().monday(), last.monday().later(7))
            }
            DiaryView::Agenda => (self.day, self.day.later(AGENDA_DAYS)),
        }
    }

    /// What comes before it.
    #[must_use]
    pub fn before(self) -> Self {
        let day = match self.view {
            DiaryView::Day => self.day.later(-1),
            DiaryView::Week => self.day.monday().later(-7),
            DiaryView::Month => self.day.first_of_month().later(-1).first_of_month(),
            DiaryView::Agenda => self.day.later(-AGENDA_DAYS),
        };
        Self { day, ..self }
    }

    /// What comes after it.
    #[must_use]
    pub fn after(self) -> Self {
        let day = match self.view {
            DiaryView::Month => self.day.first_of_month().later(31).first_of_month(),
            _ => self.days().1,
        };
        Self { day, ..self }
    }
}

/// How many hearings of each kind a day has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCount {
    /// Scheduled, prepared or not.
    pub scheduled: u64,
    /// Scheduled, and the checklist is not done.
    pub unprepared: u64,
    /// Held.
    pub held: u64,
    /// Put off to another day.
    pub adjourned: u64,
    /// Cancelled.
    pub cancelled: u64,
}

impl DayCount {
    /// All of them.
    pub const fn all(self) -> u64 {
        self.scheduled + self.held + self.adjourned + self.cancelled
    }
}

/// The days that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diary {
    /// What was asked.
    pub query: DiaryQuery,
    /// Today at the institution.
    pub today: Day,
    /// Each day that has hearings, in order: counted upstream, whether listed or not.
    pub days: Vec<(Day, DayCount)>,
    /// The hearings by time; none in the view of a month.
    pub hearings: Vec<HearingRow>,
    /// The first day of which not every hearing is listed.
    pub cut_at: Option<Day>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// The diary in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiarySheet {
    /// Which days these are.
    pub title: String,
    /// To what comes before, to today, to what comes after.
    pub links: Vec<Cell>,
    /// Figures and hearings.
    pub board: Board,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(view: &str, day: &str) -> (String, String) {
        let (from, until) = DiaryQuery::from_params(view, day, Day::EPOCH).unwrap().days();
        (from.iso(), until.iso())
    }

    #[test]
    fn each_view_begins_and_ends_where_a_calendar_does() {
        let of = |from: &str, until: &str| (from.to_owned(), until.to_owned());
        assert_eq!(days("", "2026-11-21"), of("2026-11-21", "2026-11-22"));
        assert_eq!(days("week", "2026-11-21"), of("2026-11-16", "2026-11-23"));
        // February 2027 begins on a Monday and fills four weeks; November 2026 touches six.
        assert_eq!(days("month", "2027-02-14"), of("2027-02-01", "2027-03-01"));
        assert_eq!(days("month", "2026-11-30"), of("2026-10-26", "2026-12-07"));
        assert_eq!(days("agenda", "2026-12-31"), of("2026-12-31", "2027-01-28"));
    }

    #[test]
    fn neighbours_meet_without_gap_or_overlap() {
        let mut query = DiaryQuery { view: DiaryView::Day, day: Day::EPOCH };
        for view in DiaryView::ALL {
            query.view = view;
            query.day = Day::parse("2026-01-31").unwrap();
            for _ in 0..40 {
                let next = query.after();
                if view == DiaryView::Month {
                    assert_eq!(next.day, next.day.first_of_month());
                    assert!(next.before().day <= query.day && query.days().1 >= next.days().0);
                } else {
                    assert_eq!(next.days().0, query.days().1);
                    assert_eq!(next.before().days(), query.days());
                }
                query = next;
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_guessed() {
        assert_eq!(DiaryQuery::from_params("year", "", Day::EPOCH), None);
        assert_eq!(DiaryQuery::from_params("week", "2026-02-30", Day::EPOCH), None);
    }
}
