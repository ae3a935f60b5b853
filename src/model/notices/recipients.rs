//! Which recipients of a campaign are listed: exactly those that a figure counts, in the words of the address.
//!
//! A figure counts either respondents or messages of one channel; a list is of one or of the other, and words of both are refused.

use super::{CampaignId, words};
use crate::model::{Channel, Day, DeliveryState, FailureReason, FailureSide, Instant, PortalError, PreflightCode, Term, address::encode};

/// Which of a channel's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageIs {
    /// The best one of each respondent.
    Best,
    /// Every one of them.
    Sent,
    /// Every one that the provider took.
    Accepted,
    /// The best one, delivered.
    Delivered,
    /// The best one, failed.
    Failed,
    /// The best one, neither.
    Pending,
    /// The best one, delivered and read or opened.
    Read,
    /// The best one, delivered and clicked.
    Clicked,
    /// The best one, bounced for good.
    Hard,
    /// The best one, bounced for now.
    Soft,
    /// The best one, bounced by policy.
    Policy,
    /// The best one, taken by the carrier.
    Booked,
    /// The best one, come back.
    Returned,
    /// Every one whose addressee was told that a letter waits.
    Intimated,
    /// Every one of those that was delivered after all.
    Collected,
}

impl MessageIs {
    /// Each with its word, and what is said of such a list.
    const ALL: [(Self, &'static str, &'static str); 15] = [
        (Self::Best, "best", "tried"),
        (Self::Sent, "sent", "every message that was sent"),
        (Self::Accepted, "accepted", "every message that the provider took"),
        (Self::Delivered, "delivered", "delivered"),
        (Self::Failed, "failed", "failed"),
        (Self::Pending, "pending", "still open"),
        (Self::Read, "read", "delivered, and read or opened"),
        (Self::Clicked, "clicked", "delivered, and clicked"),
        (Self::Hard, "hard", "bounced for good"),
        (Self::Soft, "soft", "bounced for now"),
        (Self::Policy, "policy", "bounced by policy"),
        (Self::Booked, "booked", "booked"),
        (Self::Returned, "returned", "come back"),
        (Self::Intimated, "intimated", "the addressee was told that it waits"),
        (Self::Collected, "collected", "delivered after the addressee was told that it waits"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(own, ..)| *own == self).map_or("", |(_, word, _)| word)
    }

    fn said(self) -> &'static str {
        Self::ALL.into_iter().find(|(own, ..)| *own == self).map_or("", |(.., said)| said)
    }
}

/// One condition of a list of recipients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipientFilter {
    /// Respondents of this level of evidence or a higher one.
    Evidence(u8),
    /// Respondents of this level of engagement or a higher one.
    Engagement(u8),
    /// Respondents whom nothing has reached.
    Unreached,
    /// Respondents that are not written to; for this reason, where one is named.
    Blocked(Option<String>),
    /// Respondents of whom this was found before the release, whether it blocks them or not.
    Finding(String),
    /// Respondents that are written to although something was found.
    Warned,
    /// Respondents that a hold has taken out since.
    Stopped,
    /// Respondents tried on this channel, among others.
    Tried(char),
    /// Respondents reached on this channel, among others.
    ReachedOn(char),
    /// Respondents reached on exactly these channels, by their letters; on none.
    Reached(String),
    /// Respondents reached on this channel first.
    First(char),
    /// Messages of this channel.
    Channel(Channel),
    /// Such of them.
    Message(MessageIs),
    /// Whose failure is of this side.
    Side(FailureSide),
    /// Who failed for this reason; for none.
    Reason(Option<FailureReason>),
    /// Reached, or delivered, within so many whole hours of the campaign's beginning.
    Hour(u32),
    /// The same in days.
    Day(u32),
}

impl RecipientFilter {
    /// Whether it is about messages alone, about respondents alone, or about either.
    const fn about_messages(&self) -> Option<bool> {
        match self {
            Self::Channel(_) | Self::Message(_) => Some(true),
            Self::Side(_) | Self::Reason(_) | Self::Hour(_) | Self::Day(_) => None,
            _ => Some(false),
        }
    }

    fn read(word: &str, value: &str) -> Option<Self> {
        let letter = || value.chars().next().filter(|letter| value.len() == 1 && Channel::of_letter(*letter).is_some());
        let level = |most: u8| value.parse().ok().filter(|level| (1..=most).contains(level));
        let letters = || value.chars().all(|letter| Channel::of_letter(letter).is_some());
        let code = || value.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        Some(match word {
            "evidence" => Self::Evidence(level(5)?),
            "engagement" => Self::Engagement(level(3)?),
            "unreached" if value == "yes" => Self::Unreached,
            "blocked" if value == "yes" => Self::Blocked(None),
            "blocked" if code() => Self::Blocked(Some(value.to_owned())),
            "finding" if code() => Self::Finding(value.to_owned()),
            "warned" if value == "yes" => Self::Warned,
            "stopped" if value == "yes" => Self::Stopped,
            "tried" => Self::Tried(letter()?),
            "reachedon" => Self::ReachedOn(letter()?),
            "reached" if value == "none" => Self::Reached(String::new()),
            "reached" if letters() => Self::Reached(value.to_owned()),
            "first" => Self::First(letter()?),
            "channel" => Self::Channel(Channel::from(value.to_owned())),
            "message" => Self::Message(MessageIs::ALL.into_iter().find(|(_, known, _)| *known == value).map(|(is, ..)| is)?),
            "side" if code() => Self::Side(FailureSide::from(value.to_owned())),
            "reason" if value == "none" => Self::Reason(None),
            "reason" if code() => Self::Reason(Some(FailureReason::from(value.to_owned()))),
            "hour" => Self::Hour(value.parse().ok()?),
            "day" => Self::Day(value.parse().ok()?),
            _ => return None,
        })
    }

    fn text(&self) -> String {
        match self {
            Self::Evidence(level) => format!("evidence:{level}"),
            Self::Engagement(level) => format!("engagement:{level}"),
            Self::Unreached => "unreached:yes".to_owned(),
            Self::Blocked(None) => "blocked:yes".to_owned(),
            Self::Blocked(Some(code)) => format!("blocked:{code}"),
            Self::Finding(code) => format!("finding:{code}"),
            Self::Warned => "warned:yes".to_owned(),
            Self::Stopped => "stopped:yes".to_owned(),
            Self::Tried(letter) => format!("tried:{letter}"),
            Self::ReachedOn(letter) => format!("reachedon:{letter}"),
            Self::Reached(letters) if letters.is_empty() => "reached:none".to_owned(),
            Self::Reached(letters) => format!("reached:{letters}"),
            Self::First(letter) => format!("first:{letter}"),
            Self::Channel(channel) => format!("channel:{}", channel.code()),
            Self::Message(is) => format!("message:{}", is.word()),
            Self::Side(side) => format!("side:{}", side.code()),
            Self::Reason(None) => "reason:none".to_owned(),
            Self::Reason(Some(reason)) => format!("reason:{}", reason.code()),
            Self::Hour(hour) => format!("hour:{hour}"),
            Self::Day(day) => format!("day:{day}"),
        }
    }

    /// What it asks for, in a person's words.
    fn said(&self) -> String {
        let step = |steps: &[&str], level: u8| steps.get(usize::from(level).saturating_sub(1)).map(|step| step.to_lowercase());
        let named = |letter: &char| Channel::of_letter(*letter).map(|channel| channel.label().to_owned()).unwrap_or_default();
        match self {
            Self::Evidence(level) => step(&super::Steps::EVIDENCE, *level).unwrap_or_default(),
            Self::Engagement(level) => step(&super::Steps::ENGAGEMENT, *level).unwrap_or_default(),
            Self::Unreached => "reached on no channel".to_owned(),
            Self::Blocked(None) => "blocked".to_owned(),
            Self::Blocked(Some(code)) => format!("blocked: {}", PreflightCode::from(code.clone()).label()),
            Self::Finding(code) => format!("found: {}", PreflightCode::from(code.clone()).label()),
            Self::Warned => "eligible, with a warning".to_owned(),
            Self::Stopped => "stopped by a hold".to_owned(),
            Self::Tried(letter) => format!("tried on {}", named(letter)),
            Self::ReachedOn(letter) => format!("reached on {}", named(letter)),
            Self::Reached(letters) if letters.is_empty() => "reached on no channel".to_owned(),
            Self::Reached(letters) => {
                format!("reached on {} alone", letters.chars().map(|letter| named(&letter)).collect::<Vec<_>>().join(" + "))
            }
            Self::First(letter) => format!("reached on {} first", named(letter)),
            Self::Channel(channel) => channel.label().to_owned(),
            Self::Message(is) => is.said().to_owned(),
            Self::Side(FailureSide::None) => "nothing has failed".to_owned(),
            Self::Side(side) => format!("failures: {}", side.label().to_lowercase()),
            Self::Reason(None) => "without a reason".to_owned(),
            Self::Reason(Some(reason)) => reason.label().to_owned(),
            Self::Hour(hour) => format!("within {} hours of the beginning", hour + 1),
            Self::Day(day) => format!("within {} days of the beginning", day + 1),
        }
    }
}

/// A place in the list: the case's number where the list has that order, then the record's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipientPlace {
    /// The number of the case; empty where there is none.
    pub case_number: String,
    /// The record's name.
    pub name: String,
}

impl RecipientPlace {
    /// As an address keeps it.
    pub fn text(&self) -> String {
        format!("{}~{}", self.case_number, self.name)
    }

    fn parse(text: &str) -> Option<Self> {
        let (case_number, name) = text.rsplit_once('~')?;
        let fits = case_number.chars().count() <= 140 && !case_number.chars().any(char::is_control);
        let name = CampaignId::parse(name)?.as_str().to_owned();
        fits.then(|| Self { case_number: case_number.to_owned(), name })
    }
}

/// Which recipients of which campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipientQuery {
    /// The campaign.
    pub campaign: CampaignId,
    /// All of these must hold.
    pub filters: Vec<RecipientFilter>,
    /// Those after this place.
    pub after: Option<RecipientPlace>,
}

impl RecipientQuery {
    /// Those of a campaign for whom all of these hold.
    pub const fn of(campaign: CampaignId, filters: Vec<RecipientFilter>) -> Self {
        Self { campaign, filters, after: None }
    }

    /// Reads the address's parameters.
    ///
    /// # Errors
    /// [`NotFound`](crate::model::ErrorCode::NotFound) for what can be no campaign's name,
    /// [`Invalid`](crate::model::ErrorCode::Invalid) for what else cannot be read.
    pub fn read(campaign: &str, q: &str, after: &str) -> Result<Self, PortalError> {
        let campaign = CampaignId::parse(campaign).ok_or(crate::model::ErrorCode::NotFound)?;
        let read = |(word, value): (String, String)| RecipientFilter::read(&word, &value).ok_or_else(|| words::unknown("q"));
        let filters = words::words(q)?.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let after = match after {
            "" => None,
            place => Some(RecipientPlace::parse(place).ok_or_else(|| words::unknown("after"))?),
        };
        let query = Self { campaign, filters, after };
        let about = |messages: bool| query.filters.iter().any(|filter| filter.about_messages() == Some(messages));
        // Messages of several channels would be several of one respondent.
        let channels = query.filters.iter().filter(|filter| matches!(filter, RecipientFilter::Channel(_))).count();
        let sound = if about(true) { channels == 1 && !about(false) } else { true };
        if sound { Ok(query) } else { Err(words::unknown("q")) }
    }

    /// Whether messages are listed, each with its respondent.
    pub fn lists_messages(&self) -> bool {
        self.filters.iter().any(|filter| filter.about_messages() == Some(true))
    }

    /// The conditions as an address has them.
    pub fn text(&self) -> String {
        self.filters.iter().map(RecipientFilter::text).collect::<Vec<_>>().join(" ")
    }

    /// The conditions in a person's words.
    pub fn said(&self) -> String {
        self.filters.iter().map(RecipientFilter::said).collect::<Vec<_>>().join(", ")
    }

    /// The address of the list.
    pub fn href(&self) -> String {
        let after = self.after.as_ref().map(RecipientPlace::text).unwrap_or_default();
        words::address(&format!("/notices/{}/recipients", self.campaign.as_str()), &self.text(), &after)
    }

    /// The address of the same as a file.
    pub fn file(&self) -> String {
        let q = self.text();
        let q = if q.is_empty() { q } else { format!("?q={}", encode(&q)) };
        format!("/notices/{}/recipients/export{q}", self.campaign.as_str())
    }
}

/// A page of recipients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipients {
    /// What was asked for.
    pub query: RecipientQuery,
    /// The campaign's title.
    pub title: String,
    /// How many match: respondents, or messages where messages are listed.
    pub count: u64,
    /// The recipients.
    pub rows: Vec<Recipient>,
    /// Where the page that follows begins.
    pub next: Option<RecipientPlace>,
    /// Whether the person's role takes them away.
    pub exportable: bool,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// A respondent of a campaign, with the message that the list is of, if it is of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Name of the case upstream.
    pub case: String,
    /// The case's number.
    pub case_number: String,
    /// Which respondent of the case: `R2`.
    pub label: String,
    /// The name; `None` for roles that may not know it.
    pub name: Option<String>,
    /// The language in which they are written to.
    pub language: String,
    /// The level of evidence, 1 to 5.
    pub evidence: u8,
    /// The level of engagement, 0 to 3.
    pub engagement: u8,
    /// When they were served.
    pub served_on: Option<Day>,
    /// What blocks them.
    pub blocked_by: Option<Term>,
    /// The channels that were tried.
    pub tried: Vec<Channel>,
    /// The channels that reached them.
    pub reached: Vec<Channel>,
    /// When one first did.
    pub reached_at: Option<Instant>,
    /// Why none has.
    pub failure: Option<(FailureSide, FailureReason)>,
    /// The message.
    pub message: Option<SentMessage>,
}

/// A message as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    /// Its channel.
    pub channel: Channel,
    /// Which attempt.
    pub attempt: u32,
    /// How far it has come.
    pub state: DeliveryState,
    /// When it was last told of.
    pub told_at: Option<Instant>,
    /// Why it failed.
    pub failure: Option<(FailureSide, FailureReason)>,
    /// The code as the provider gave it, and what the portal reads in it.
    pub raw: Option<(String, FailureReason)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(q: &str) -> Result<RecipientQuery, PortalError> {
        RecipientQuery::read("h93bmoeb49", q, "")
    }

    #[test]
    fn every_condition_is_read_back_from_its_address_and_said_in_words() {
        let all = [
            "evidence:3 engagement:1 unreached:yes blocked:yes blocked:NO_MOBILE tried:E reachedon:S reached:EW reached:none first:P side:OURS reason:none hour:5 day:2",
            "finding:STALE_DUES warned:yes stopped:yes",
            "channel:SPEED_POST message:returned side:THEIRS reason:REFUSED day:7",
        ];
        for q in all {
            let query = read(q).unwrap();
            assert_eq!(query.text(), q);
            assert!(query.filters.iter().all(|filter| !filter.said().is_empty()), "{}", query.said());
            assert!(query.href().starts_with("/notices/h93bmoeb49/recipients?q="));
        }
        for (is, word, _) in MessageIs::ALL {
            assert_eq!(read(&format!("channel:SMS message:{word}")).unwrap().filters.last(), Some(&RecipientFilter::Message(is)));
        }
        assert_eq!(read("").unwrap().file(), "/notices/h93bmoeb49/recipients/export");
    }

    #[test]
    fn conditions_of_respondents_and_of_messages_are_not_mixed_and_messages_are_of_one_channel() {
        for q in [
            "message:failed",
            "channel:SMS channel:EMAIL",
            "channel:SMS evidence:3",
            "evidence:6",
            "engagement:0",
            "reached:XY",
            "first:EW",
            "message:lost",
            "hour:-1",
            "name:asha",
            "blocked:no",
        ] {
            assert!(read(q).is_err(), "{q}");
        }
        assert!(RecipientQuery::read("A B", "", "").is_err());
        assert!(RecipientQuery::read("abc", "", "x").is_err());
    }

    #[test]
    fn a_place_reads_what_it_wrote() {
        for case_number in ["ARB/2026/001234", "", "odd~number"] {
            let place = RecipientPlace { case_number: case_number.to_owned(), name: "h93bmoeb49".to_owned() };
            assert_eq!(RecipientPlace::parse(&place.text()), Some(place));
        }
    }
}
