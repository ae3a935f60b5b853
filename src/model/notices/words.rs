//! What is asked of campaigns and channels, in the words of the address: `state:running type:lrn`. A word that cannot be read is refused:
//! leaving it out would show more than was asked for.

use crate::model::{Channel, ErrorCode, FieldError, PortalError, TimeCursor, address::encode};

/// The most words of a question.
const WORDS_MAX: usize = 16;
/// The longest value, in bytes.
const VALUE_MAX_BYTES: usize = 60;

/// A refusal of what stands in one of the address's parameters.
pub(super) fn unknown(field: &str) -> PortalError {
    ErrorCode::Invalid { fields: vec![FieldError { field: field.to_owned(), problem: "unknown".to_owned() }] }.into()
}

/// The words of a text, each with its value, which is made of letters, digits and little else.
pub(super) fn words(text: &str) -> Result<Vec<(String, String)>, PortalError> {
    let read = |part: &str| {
        let (word, value) = part.split_once(':')?;
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/');
        let fits = !value.is_empty() && value.len() <= VALUE_MAX_BYTES && value.chars().all(plain);
        fits.then(|| (word.to_ascii_lowercase(), value.to_owned()))
    };
    let words: Option<Vec<_>> = text.split_whitespace().map(read).collect();
    words.filter(|words| words.len() <= WORDS_MAX).ok_or_else(|| unknown("q"))
}

/// An address with what is asked for there.
pub(super) fn address(path: &str, q: &str, after: &str) -> String {
    let said = [("q", q), ("after", after)].into_iter().filter(|(_, value)| !value.is_empty());
    let said: Vec<_> = said.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if said.is_empty() { path.to_owned() } else { format!("{path}?{}", said.join("&")) }
}

/// Which campaigns are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignQuery {
    /// In this state, as a code.
    pub state: Option<String>,
    /// Of this notice, as a code.
    pub notice: Option<String>,
    /// Those after this place.
    pub after: Option<TimeCursor>,
}

impl CampaignQuery {
    /// Reads the address's parameters.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for what cannot be read.
    pub fn read(q: &str, after: &str) -> Result<Self, PortalError> {
        let mut query = Self { after: TimeCursor::of_address(after)?, ..Self::default() };
        for (word, value) in words(q)? {
            let place = match word.as_str() {
                "state" => &mut query.state,
                "type" => &mut query.notice,
                _ => return Err(unknown("q")),
            };
            *place = Some(value.to_ascii_uppercase());
        }
        Ok(query)
    }

    /// The same in words.
    pub fn text(&self) -> String {
        let said = [("state", &self.state), ("type", &self.notice)].into_iter();
        said.filter_map(|(word, value)| Some(format!("{word}:{}", value.as_deref()?))).collect::<Vec<_>>().join(" ")
    }

    /// The address of these campaigns.
    pub fn href(&self) -> String {
        address("/notices", &self.text(), &self.after.as_ref().map(TimeCursor::text).unwrap_or_default())
    }
}

/// Of which messages the channels are compared: whoever is sent a notice, whatever the campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelQuery {
    /// On this channel.
    pub channel: Option<Channel>,
    /// Of this template's code.
    pub template: Option<String>,
    /// In this language.
    pub language: Option<String>,
    /// Of this zone.
    pub zone: Option<String>,
    /// Sent in this month, `2026-11`.
    pub month: Option<String>,
}

impl ChannelQuery {
    /// Reads the address's parameter.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for what cannot be read.
    pub fn read(q: &str) -> Result<Self, PortalError> {
        let mut query = Self::default();
        for (word, value) in words(q)? {
            match word.as_str() {
                "channel" => query.channel = Some(Channel::meant_by(&value).ok_or_else(|| unknown("q"))?),
                "template" => query.template = Some(value),
                "language" => query.language = Some(value.to_ascii_lowercase()),
                "zone" => query.zone = Some(value.to_ascii_uppercase()),
                "month" => query.month = Some(value),
                _ => return Err(unknown("q")),
            }
        }
        Ok(query)
    }

    /// The same in words.
    pub fn text(&self) -> String {
        let said = [
            ("channel", self.channel.as_ref().map(Channel::code)),
            ("template", self.template.as_deref()),
            ("language", self.language.as_deref()),
            ("zone", self.zone.as_deref()),
            ("month", self.month.as_deref()),
        ];
        said.into_iter().filter_map(|(word, value)| Some(format!("{word}:{}", value?))).collect::<Vec<_>>().join(" ")
    }

    /// The address of the comparison.
    pub fn href(&self) -> String {
        address("/notices/channels", &self.text(), "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_read_back_from_its_address() {
        let query = CampaignQuery::read("type:lrn  STATE:running", "").unwrap();
        assert_eq!(query.text(), "state:RUNNING type:LRN");
        assert_eq!(CampaignQuery::read(&query.text(), "").unwrap(), query);
        assert_eq!(query.href(), "/notices?q=state%3ARUNNING%20type%3ALRN");
        let query = ChannelQuery::read("channel:speed-post month:2026-11 zone:west template:LRN-26 language:hi").unwrap();
        assert_eq!(query.channel, Some(Channel::SpeedPost));
        assert_eq!(ChannelQuery::read(&query.text()).unwrap(), query);
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_not_ignored() {
        for q in ["colour:blue", "state:", "running", "state:a'b", "state:%25", "type:x:y"] {
            assert!(CampaignQuery::read(q, "").is_err(), "{q}");
        }
        assert!(CampaignQuery::read("", "now~x").is_err());
        for q in ["channel:pigeon", "stage:s10", &"zone:w ".repeat(17)] {
            assert!(ChannelQuery::read(q).is_err(), "{q}");
        }
    }
}
