//! What is stored of notices, read with the institution's own key, and which of it is somebody's: counted here once more.
//!
//! Must not know the portal's figures.

use std::collections::BTreeSet;

use odr_portal::{
    cli::demo::World,
    model::{Role, RowLimit},
};
use serde_json::Value;

use crate::upstream;

const CHANNELS: [(&str, &str, char); 6] = [
    ("EMAIL", "E-mail", 'E'),
    ("SMS", "SMS", 'S'),
    ("WHATSAPP", "WhatsApp", 'W'),
    ("SPEED_POST", "Speed Post", 'P'),
    ("COURIER", "Courier", 'C'),
    ("HAND", "By hand", 'H'),
];

pub fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

/// The letter of a channel.
pub fn letter(channel: &str) -> char {
    CHANNELS.iter().find(|(code, ..)| *code == channel).unwrap().2
}

/// The count that a cell tells.
pub fn number(cell: &Value) -> u64 {
    text(cell, "text").replace(',', "").parse().unwrap_or_else(|error| panic!("{error}: {cell}"))
}

/// The part and the whole that a cell tells below its rate.
pub fn part_of(cell: &Value) -> Option<(u64, u64)> {
    let (part, whole) = cell["below"][0].as_str()?.split_once(" of ")?;
    Some((part.replace(',', "").parse().ok()?, whole.replace(',', "").parse().ok()?))
}

/// Rows of an institution, or those of them that are somebody's, or those of one campaign.
#[derive(Clone)]
pub struct Raw {
    campaigns: Vec<Value>,
    recipients: Vec<Value>,
    deliveries: Vec<Value>,
    /// Of which campaign, where it is of one.
    pub campaign: String,
}

/// Everything that an institution has.
pub async fn stored(world: &World, institution: &str) -> Raw {
    let recipients = [
        "name",
        "campaign",
        "case_ref",
        "zone",
        "region",
        "branch",
        "product",
        "legal_owner",
        "collections_owner",
        "advocate",
        "eligibility",
        "evidence_level",
        "engagement_level",
        "reached_channels",
        "first_reached_channel",
        "failure_side",
    ];
    let deliveries = [
        "recipient",
        "campaign",
        "channel",
        "is_best",
        "outcome",
        "state",
        "bounce_kind",
        "was_accepted",
        "was_delivered",
        "was_read",
        "was_clicked",
        "was_intimated",
        "template_code",
        "language",
        "sent_month",
    ];
    Raw {
        campaigns: upstream::rows(world, institution, "Notice Campaign", &["name"]).await,
        recipients: upstream::rows(world, institution, "Notice Recipient", &recipients).await,
        deliveries: upstream::rows(world, institution, "Notice Delivery", &deliveries).await,
        campaign: String::new(),
    }
}

impl Raw {
    /// What of it is somebody's, by their record and role.
    pub fn of(&self, user: &Value, role: Role) -> Self {
        let within = |codes: &str, code: &str| codes.is_empty() || codes.split(';').any(|known| known == code && !code.is_empty());
        let own = |row: &&Value| {
            let axes = [("zones", "zone"), ("regions", "region"), ("branches", "branch"), ("products", "product")];
            let scoped = axes.iter().all(|(codes, code)| within(text(user, codes), text(row, code)));
            let assigned = ["legal_owner", "collections_owner"].iter().any(|field| text(row, field) == text(user, "user_id"));
            match role.case_rows() {
                RowLimit::All => true,
                RowLimit::Scoped => scoped && (user["assigned_only"] != 1 || assigned),
                RowLimit::Assigned => assigned,
            }
        };
        let recipients: Vec<Value> = self.recipients.iter().filter(own).cloned().collect();
        self.with(recipients)
    }

    /// What of it is of one campaign.
    pub fn in_campaign(&self, id: &str) -> Self {
        let recipients = self.recipients.iter().filter(|row| row["campaign"] == id).cloned().collect();
        Self { campaign: id.to_owned(), ..self.with(recipients) }
    }

    fn with(&self, recipients: Vec<Value>) -> Self {
        let names: BTreeSet<&str> = recipients.iter().map(|row| text(row, "name")).collect();
        let deliveries = self.deliveries.iter().filter(|row| names.contains(text(row, "recipient"))).cloned().collect();
        Self { campaigns: self.campaigns.clone(), deliveries, campaign: self.campaign.clone(), recipients }
    }

    /// Respondents that fit.
    pub fn respondents(&self, fits: impl Fn(&Value) -> bool) -> u64 {
        self.recipients.iter().filter(|row| fits(row)).count() as u64
    }

    /// Messages of a channel that fit.
    pub fn messages(&self, channel: &str, fits: impl Fn(&Value) -> bool) -> u64 {
        self.deliveries.iter().filter(|row| row["channel"] == channel && fits(row)).count() as u64
    }

    /// The channels in use, with what they are called.
    pub fn channels(&self) -> Vec<(&'static str, &'static str)> {
        let used = |channel: &&(&'static str, &'static str, char)| self.messages(channel.0, |_| true) > 0;
        CHANNELS.iter().filter(used).map(|(code, label, _)| (*code, *label)).collect()
    }

    /// The campaigns that these respondents are in; all of the institution's for who sees every row.
    pub fn campaigns(&self, all: bool) -> BTreeSet<String> {
        if all { self.campaigns_of_all() } else { self.recipients.iter().map(|row| text(row, "campaign").to_owned()).collect() }
    }

    /// All of the institution's campaigns.
    pub fn campaigns_of_all(&self) -> BTreeSet<String> {
        self.campaigns.iter().map(|row| text(row, "name").to_owned()).collect()
    }

    /// How many they are.
    pub fn all_campaigns(&self) -> usize {
        self.campaigns.len()
    }

    /// The campaign with most of these respondents.
    pub fn largest(&self) -> String {
        let all = self.campaigns(false);
        all.into_iter().max_by_key(|id| self.recipients.iter().filter(|row| row["campaign"] == id.as_str()).count()).unwrap()
    }

    /// The campaign with most of these respondents of those in which one was reached by nothing, and one message failed.
    pub fn largest_with_failures(&self) -> String {
        let unreached = |row: &&Value| row["evidence_level"].as_i64() >= Some(3) && row["engagement_level"] == 0;
        let of = |id: &str| self.recipients.iter().filter(|row| row["campaign"] == id).count();
        let failed =
            |id: &str| self.deliveries.iter().any(|row| row["campaign"] == id && row["is_best"] == 1 && row["outcome"] == "FAILED");
        let ids: BTreeSet<&str> = self.recipients.iter().filter(unreached).map(|row| text(row, "campaign")).collect();
        ids.into_iter().filter(|id| failed(id)).max_by_key(|id| of(id)).expect("something failed").to_owned()
    }

    /// A month in which something was sent.
    pub fn some_month(&self) -> String {
        text(self.deliveries.iter().max_by_key(|row| text(row, "sent_month")).unwrap(), "sent_month").to_owned()
    }

    /// Where the cases of these respondents are.
    pub fn case_addresses(&self) -> BTreeSet<String> {
        self.recipients.iter().map(|row| format!("/cases/{}/service", text(row, "case_ref"))).collect()
    }
}
