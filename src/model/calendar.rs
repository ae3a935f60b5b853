//! A person's hearings as a calendar that other programs follow. It must not know how a calendar is written, nor who follows it.

use super::{Instant, Term};

/// The most characters of a feed's name.
pub const FEED_TITLE_MAX: usize = 60;

/// Hearings for a calendar program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What the calendar is called.
    pub title: String,
    /// Its hearings, by time.
    pub entries: Vec<CalendarEntry>,
}

/// One hearing. It names no borrower and no room: a calendar is copied to servers that are nobody's here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The same for ever, so that a program knows what it has already.
    pub uid: String,
    /// Grows with each change of time, place or state.
    pub sequence: u32,
    /// When the record last changed.
    pub changed_at: Option<Instant>,
    /// When it starts.
    pub starts_at: Instant,
    /// How long it takes.
    pub minutes: u32,
    /// The case's name in addresses.
    pub case: String,
    /// The case's number.
    pub number: String,
    /// What kind of hearing it is.
    pub kind: Term,
    /// How it is held.
    pub mode: Term,
    /// Where, unless it is held online.
    pub place: Option<String>,
    /// Before whom.
    pub arbitrator: String,
    /// How it stands.
    pub status: Term,
}
