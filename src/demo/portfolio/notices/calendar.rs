//! When notices may go out, and which campaigns an institution has run by today.
//!
//! Knows days and intentions alone: not one recipient. Times are seconds of the site's wall clock.

use super::channel::Channel;
use crate::demo::portfolio::row::{Date, add_months, at, iso};

/// Sending begins, in minutes after midnight (the conduct rules' 08:00).
pub const OPENS_MINS: i64 = 8 * 60;
/// Sending ends (19:00).
pub const CLOSES_MINS: i64 = 19 * 60;

/// Republic Day, Independence Day, Gandhi Jayanti: nothing is sent.
pub fn holiday(day: Date) -> bool {
    matches!(iso(day).get(5..), Some("01-26" | "08-15" | "10-02"))
}

/// The day itself, or the next one on which may be sent.
pub fn send_day(day: Date) -> Date {
    if holiday(day) { day + 1 } else { day }
}

/// What has been told by now: the demo's day has just begun.
pub fn now(today: Date) -> i64 {
    at(today, 10)
}

/// Six days in which the provider had paused the WhatsApp templates: nothing sent there arrived.
pub fn template_paused(today: Date, day: Date) -> bool {
    (today - 140..today - 134).contains(&day)
}

/// Where a campaign's respondents come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// Cells of its notice that were sent in its days.
    Cells,
    /// Cells that were sent anew in its days.
    Resent,
    /// Respondents of cases open in its days: this share of the institution's number of cases.
    Audience(f64),
}

/// What went wrong with a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The operators refused the text messages: the registered template does not match.
    Dlt,
    /// Stopped on its first day, after respondents were flagged as deceased.
    Deceased,
}

/// A campaign that somebody wanted.
#[derive(Clone, Debug)]
pub struct Intent {
    pub notice: &'static str,
    pub title: String,
    /// Option set `campaign_state`; empty: as its age has it.
    pub state: &'static str,
    pub from: Date,
    pub until: Date,
    pub source: Source,
    pub channels: &'static [Channel],
    /// Sign-in name of its maker before the at sign.
    pub maker: &'static str,
    pub fault: Fault,
}

impl Intent {
    /// Whether it serves a notice by which rights run.
    pub fn legal(&self) -> bool {
        !matches!(self.notice, "REMINDER" | "SETTLEMENT_OFFER")
    }

    /// Whether anything was sent.
    pub fn sent(&self) -> bool {
        !matches!(self.state, "PENDING_APPROVAL" | "RETURNED" | "DRAFT")
    }

    /// The last moment at which it sent anything.
    pub fn cut(&self, today: Date) -> i64 {
        match self.fault {
            Fault::None => now(today),
            // An hour and a half of refusals were enough.
            Fault::Dlt => at(self.from, 630),
            Fault::Deceased => at(self.from, 700),
        }
    }
}

use Channel::{Courier, Email, Sms, SpeedPost, WhatsApp};

const LEGAL: &[Channel] = &[Email, Sms, WhatsApp, SpeedPost, Courier];
const POST: &[Channel] = &[SpeedPost, Courier];
const REMIND: &[Channel] = &[WhatsApp, Sms];
const OFFER: &[Channel] = &[WhatsApp, Sms, SpeedPost];
/// Shares of the month-end reminders, the latest first.
const REMINDERS: [f64; 8] = [0.785, 0.56, 0.45, 0.36, 0.28, 0.21, 0.16, 0.12];

/// The campaigns of twelve months: 46 at a large institution, about half as many at others.
pub fn intents(today: Date, large: bool) -> Vec<Intent> {
    let every = if large { 1 } else { 2 };
    let mut intents = Vec::new();
    let mut add = |notice, title: &str, state, days: (Date, Date), source, channels, maker| {
        let (from, until) = (send_day(days.0), days.1);
        intents.push(Intent { notice, title: title.to_owned(), state, from, until, source, channels, maker, fault: Fault::None });
    };
    // Month ends far enough back that the campaigns running now do not meet them.
    let end = |back: i64| month_end(today - 10, back);
    for back in (0..8).step_by(every) {
        add("LRN", &titled("Recall notices", end(back)), "", (end(back) - 7, end(back)), Source::Cells, LEGAL, "legal.manager");
        add("S21", &titled("Section 21 notices", end(back)), "", (end(back) - 7, end(back)), Source::Cells, LEGAL, "legal.manager.2");
    }
    for back in [1, 4, 7] {
        add("SOC", &titled("Statements of claim", end(back)), "", (end(back) - 24, end(back)), Source::Cells, LEGAL, "legal.manager");
        if large {
            add(
                "HEARING",
                &titled("First hearing notices", end(back + 1)),
                "",
                (end(back + 1) - 24, end(back + 1)),
                Source::Cells,
                LEGAL,
                "legal.manager.2",
            );
            let days = (end(back) - 16, end(back) - 15);
            add(
                "SETTLEMENT_OFFER",
                &titled("Settlement offers", days.1),
                "",
                days,
                Source::Audience(0.05 + 0.01 * back as f64),
                OFFER,
                "collections",
            );
        }
    }
    for back in (2..6).step_by(3).take(3 - every) {
        add("AWARD", &titled("Signed awards", end(back)), "", (end(back) - 75, end(back)), Source::Cells, POST, "legal.manager");
    }
    for (back, share) in (0..).zip(REMINDERS).step_by(every) {
        let days = (end(back) - 1, end(back) + 1);
        add("REMINDER", &titled("Month-end reminder", end(back)), "", days, Source::Audience(share), REMIND, "collections");
    }
    add("REMINDER", "Reminder before the holidays", "", (today - 143, today - 132), Source::Audience(0.3), REMIND, "collections.2");
    for (notice, title) in [("LRN", "Recall notices to repaired addresses"), ("S21", "Section 21 notices to repaired addresses")] {
        add(notice, title, "", (today - 360, today - 21), Source::Resent, POST, "legal.manager");
    }

    add("LRN", &titled("Recall notices", today), "RUNNING", (today - 6, today), Source::Cells, LEGAL, "legal.manager");
    add("REMINDER", &titled("Payment reminder", today), "PENDING_APPROVAL", (today, today), Source::Audience(0.42), REMIND, "legal.head");
    if large {
        add("S21", &titled("Section 21 notices", today), "RUNNING", (today - 9, today), Source::Cells, LEGAL, "legal.manager.2");
        add(
            "REMINDER",
            &titled("Reminder by WhatsApp", today),
            "RUNNING",
            (today - 1, today + 1),
            Source::Audience(0.33),
            REMIND,
            "collections",
        );
        add(
            "SETTLEMENT_OFFER",
            &titled("Settlement offers", today),
            "PENDING_APPROVAL",
            (today, today),
            Source::Audience(0.11),
            OFFER,
            "legal.manager",
        );
        add(
            "SETTLEMENT_OFFER",
            "Festival settlement offer",
            "RETURNED",
            (today - 2, today - 2),
            Source::Audience(0.06),
            OFFER,
            "legal.manager",
        );
    }
    if large {
        let (paused, cancelled) = (send_day(today - 8), send_day(today - 47));
        let title = titled("Payment reminder by text message", paused);
        add("REMINDER", &title, "PAUSED", (paused, paused), Source::Audience(0.21), &[Sms], "collections");
        add("REMINDER", "Reminder to guarantors", "CANCELLED", (cancelled, cancelled), Source::Audience(0.15), REMIND, "collections");
    }
    for intent in &mut intents {
        intent.fault = match intent.state {
            "PAUSED" => Fault::Dlt,
            "CANCELLED" => Fault::Deceased,
            _ => Fault::None,
        };
    }
    intents
}

fn titled(what: &str, day: Date) -> String {
    const MONTHS: [&str; 12] =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    let text = iso(day);
    let month = text.get(5..7).and_then(|digits| digits.parse::<usize>().ok()).unwrap_or(1);
    format!("{what}, {} {}", MONTHS[(month - 1).min(11)], text.get(..4).unwrap_or_default())
}

/// The last day of the month that lies `back` whole months before the month of `day`'s own last completed one.
fn month_end(day: Date, back: i64) -> Date {
    let text = iso(day);
    let of_month = text.get(8..).and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(1);
    add_months(day - of_month + 1, -back) - 1
}
