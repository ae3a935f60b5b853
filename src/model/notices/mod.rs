//! Campaigns of notices and what came of them: counts of respondents and of messages, each with the address of those that make it.
//!
//! Evidence and engagement are two scales and never one: a message that arrived need not be service, and service (a refusal) need not be
//! a message that arrived. Nothing here holds a row with a name but the list of recipients.

mod recipients;
mod words;

pub use recipients::{MessageIs, Recipient, RecipientFilter, RecipientPlace, RecipientQuery, Recipients, SentMessage};
pub use words::{CampaignQuery, ChannelQuery};

use super::{CampaignState, CaseId, Channel, FailureReason, FailureSide, Inr, Instant, Term};

/// The opaque name of a campaign upstream: of the form of a case's.
pub type CampaignId = CaseId;

/// So many of so many, and the address of the former.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Those that do.
    pub part: u64,
    /// All that could.
    pub whole: u64,
    /// The address of those that do; `None` where no list shows them.
    pub href: Option<String>,
}

/// A page of campaigns, the latest changed first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignList {
    /// The campaigns.
    pub rows: Vec<CampaignRow>,
    /// How many there are in each state, with the address of those.
    pub states: Vec<(CampaignState, u64, String)>,
    /// How many there are of each notice, with the address of those.
    pub notices: Vec<(Term, u64, String)>,
    /// The address of the page that follows.
    pub next: Option<String>,
    /// Whether only the respondents of the person's own rows are counted.
    pub scoped: bool,
    /// Whether the person makes campaigns.
    pub makes: bool,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// A campaign with its counters: of respondents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignRow {
    /// Its name upstream.
    pub id: CampaignId,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// What it sends.
    pub notice: Term,
    /// How far it has come.
    pub state: CampaignState,
    /// When it began.
    pub started_at: Option<Instant>,
    /// Its hours, such as `08:00–19:00`.
    pub window: String,
    /// Respondents, counted by both scales.
    pub steps: Steps,
    /// What it has cost; `None` for who sees no money of it.
    pub cost: Option<Inr>,
    /// Events up to here are in the counters.
    pub folded_until: Option<Instant>,
}

/// Respondents by how far they have come, on either scale; each count holds those that have come further.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Targeted, eligible, attempted on a channel, concluded, served.
    pub evidence: [u64; 5],
    /// Delivered on a channel, engaged, responded.
    pub engagement: [u64; 3],
}

impl Steps {
    /// What the steps are called.
    pub const EVIDENCE: [&str; 5] = ["Targeted", "Eligible", "Attempted", "Concluded", "Served"];
    /// What the steps are called.
    pub const ENGAGEMENT: [&str; 3] = ["Delivered", "Engaged", "Responded"];

    /// Counts respondents of one level on each scale: a level holds those below it.
    pub fn add(&mut self, evidence: usize, engagement: usize, count: u64) {
        self.evidence.iter_mut().take(evidence.max(1)).for_each(|step| *step += count);
        self.engagement.iter_mut().take(engagement).for_each(|step| *step += count);
    }
}

/// What is known of a campaign as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignAbout {
    /// The campaign and its counters.
    pub row: CampaignRow,
    /// Whether rights run by what it sends.
    pub legal: bool,
    /// All channels at once, or one after the other.
    pub plan: Term,
    /// Who released it, a second person where one was needed.
    pub approved_by: Vec<String>,
    /// When it was sent out.
    pub sent_out_at: Option<Instant>,
    /// When nothing more was waited for.
    pub completed_at: Option<Instant>,
    /// Why it stands still or ended early.
    pub stopped: Option<String>,
    /// Estimate and budget; `None` for who sees no money of it.
    pub planned: Option<(Inr, Inr)>,
    /// Respondents that are not written to.
    pub blocked: Part,
    /// The same by what blocks them.
    pub blocked_by: Vec<(Term, Part)>,
    /// What was found before the release, of the whole campaign; nothing for who does not see all of it.
    pub findings: Vec<(Term, u64)>,
    /// Messages whose fate is open, of all.
    pub pending: Option<(u64, u64)>,
    /// Whether only the respondents of the person's own rows are counted.
    pub scoped: bool,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// The two funnels of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funnels {
    /// Its name upstream.
    pub id: CampaignId,
    /// Respondents.
    pub steps: Steps,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// What came of the messages of one channel. Of a respondent's several attempts the best one counts, where nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelFigures {
    /// The channel.
    pub channel: Channel,
    /// Respondents that it was tried for.
    pub attempted: Part,
    /// Messages that the provider took, of all that were sent (C2).
    pub accepted: Part,
    /// Delivered, of those tried (C3).
    pub delivered: Part,
    /// Failed (C8).
    pub failed: Part,
    /// Still open.
    pub pending: Part,
    /// Read or opened, of those delivered (C4, C5).
    pub read: Part,
    /// Clicked, of those delivered (C6).
    pub clicked: Part,
    /// Bounced for good, for now, by policy, of those tried (C7); of mail alone.
    pub bounced: [Part; 3],
    /// Come back, of those booked (C9); of post and courier alone.
    pub returned: Part,
    /// Delivered after all, of those whose addressee was told that a letter waits (C10); of post and courier alone.
    pub collected: Part,
    /// Seconds to delivery that half, and nine in ten, did not exceed; each within some per cent (C11).
    pub waited_s: Option<(u64, u64)>,
    /// What its messages have cost (C12); `None` for who sees no money of it.
    pub cost: Option<Inr>,
}

/// Channels side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelTable {
    /// A column each.
    pub channels: Vec<ChannelFigures>,
    /// Respondents that were served, whatever the channel; `None` where what was asked for does not say which are meant.
    pub served: Option<Part>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// Respondents whom nothing has reached, by why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reasons {
    /// Side and reason, the most frequent first; without a reason: nothing has failed yet.
    pub lines: Vec<(FailureSide, Option<FailureReason>, Part)>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// Messages that failed, by why and on which channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failures {
    /// The channels, a column each, with all that failed on it.
    pub channels: Vec<(Channel, Part)>,
    /// Reasons, each with its part of each channel.
    pub lines: Vec<(FailureSide, FailureReason, Vec<Part>)>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// What had arrived by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    /// What comes in hours.
    pub hours: Vec<CurveLine>,
    /// Hours of one step.
    pub step_hours: u32,
    /// What comes in days: post and courier, then respondents reached on any channel.
    pub days: Vec<CurveLine>,
    /// Days of one step.
    pub step_days: u32,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurveLine {
    /// The channel; `None`: any of them.
    pub channel: Option<Channel>,
    /// All that it is a part of.
    pub whole: u64,
    /// Those whose fate is open.
    pub pending: u64,
    /// What had arrived by the end of each step, with its address.
    pub by_step: Vec<(u64, String)>,
}

/// Which channel reached whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// Respondents reached on a channel, of those eligible (C13).
    pub reached: Part,
    /// Those not reached.
    pub unreached: Part,
    /// Each channel: reached on it, reached on it alone (C14), reached on it first.
    pub channels: Vec<(Channel, [Part; 3])>,
    /// Sets of channels, each with those reached on exactly these, the most first.
    pub sets: Vec<(Vec<Channel>, Part)>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// A month of sending: as stored, its address, and for each channel what was delivered, and how many are still open.
pub type SentInMonth = (String, String, Vec<(Part, u64)>);

/// How channels did from month to month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelMonths {
    /// The channels, a column each, with the address of what is narrowed to it.
    pub channels: Vec<(Channel, String)>,
    /// Months of sending, the earliest first.
    pub months: Vec<SentInMonth>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// Seconds that stand for a bucket of waiting times: 0 is under a second, each other one a twenty-fourth of a power of ten; its
/// geometric mean.
pub fn bucket_seconds(bucket: u32) -> u64 {
    if bucket == 0 {
        return 0;
    }
    let seconds = 10_f64.powf((f64::from(bucket) - 0.5) / 24.0);
    format!("{seconds:.0}").parse().unwrap_or(u64::MAX)
}

/// So many steps of one of these lengths at most cover it.
pub fn step_of(longest: u32, lengths: &[u32], steps: u32) -> u32 {
    let fits = |length: &&u32| longest < **length * steps;
    lengths.iter().find(fits).or(lengths.last()).copied().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_counts_in_every_step_up_to_it() {
        let mut steps = Steps::default();
        for (evidence, engagement, count) in [(1, 0, 5), (3, 1, 7), (5, 3, 2), (2, 0, 1)] {
            steps.add(evidence, engagement, count);
        }
        assert_eq!(steps, Steps { evidence: [15, 10, 9, 2, 2], engagement: [9, 2, 2] });
    }

    #[test]
    fn a_bucket_stands_for_a_time_within_it() {
        // One second after another: 0 under one, then 1 + ⌊24·log₁₀(seconds)⌋.
        for (seconds, bucket) in [(1, 1), (10, 25), (60, 43), (3_600, 86), (86_400, 119)] {
            let stands_for = bucket_seconds(bucket);
            assert!(stands_for * 100 >= seconds * 94 && stands_for * 100 <= seconds * 111 + 100, "{bucket}: {stands_for} for {seconds}");
        }
        assert_eq!(bucket_seconds(0), 0);
    }

    #[test]
    fn steps_are_as_short_as_fit() {
        assert_eq!([5, 11, 12, 100, 9_999].map(|longest| step_of(longest, &[1, 2, 6, 24], 12)), [1, 1, 2, 24, 24]);
    }
}
