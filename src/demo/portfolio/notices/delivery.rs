//! One message on one channel: its events, their fold into a state, and the rows of both.
//!
//! The events are the truth; every derived field of a delivery follows from those that were received by now (records §7, §8).

use super::audience::Member;
use super::calendar::{CLOSES_MINS, OPENS_MINS};
use super::channel::{Channel, Fate, Told, cost, journey, rank, side, tracking_number};
use super::{Campaign, template};
use crate::demo::portfolio::Sink;
use crate::demo::portfolio::case::{mask_email, mask_mobile};
use crate::demo::portfolio::particular;
use crate::demo::portfolio::people::House;
use crate::demo::portfolio::plan::Plan;
use crate::demo::portfolio::random::{Random, derived_name};
use crate::demo::portfolio::row::{Record, natural_key, sha256};

/// A message that was sent.
pub struct Delivery {
    pub row: String,
    pub channel: Channel,
    pub attempt: i64,
    /// Whether it stands for its channel.
    pub best: bool,
    pub cost: i64,
    queued_at: i64,
    message: String,
    /// What was received by now, in order; the first is always there.
    told: Vec<Told>,
}

impl Delivery {
    /// Sends a message, and keeps of its journey what was told by `now`.
    pub fn send(recipient: &str, channel: Channel, attempt: i64, sent_at: i64, fate: Fate, now: i64, random: &mut Random) -> Self {
        let row = derived_name(&format!("{recipient}/{}/{attempt}", channel.code()));
        let mut told = journey(channel, sent_at, fate, random);
        let known = told.iter().take_while(|event| event.received_at <= now).count().max(1);
        told.truncate(known);
        let serial = random.between(0, 99_999_999);
        let message = match channel {
            Channel::SpeedPost => tracking_number(serial),
            Channel::Courier => format!("ZC{serial:08}"),
            _ => format!("{}-{row}", channel.provider()),
        };
        Self { cost: cost(channel, random), queued_at: sent_at - random.between(2, 50), row, channel, attempt, best: true, message, told }
    }

    pub fn sent_at(&self) -> i64 {
        self.told.first().map_or(self.queued_at, |event| event.at)
    }

    pub fn last_event_at(&self) -> i64 {
        self.told.last().map_or(self.queued_at, |event| event.at)
    }

    /// When it was told this status.
    pub fn at_status(&self, status: &str) -> Option<i64> {
        self.told.iter().find(|event| event.status == status).map(|event| event.at)
    }

    pub fn delivered_at(&self) -> Option<i64> {
        self.told.iter().find(|event| rank(event.status) >= 80).map(|event| event.at)
    }

    pub fn read_at(&self) -> Option<i64> {
        self.told.iter().find(|event| matches!(event.status, "READ" | "CLICKED")).map(|event| event.at)
    }

    fn furthest(&self) -> Option<&Told> {
        // Of equal ranks the first stays.
        self.told.iter().rev().max_by_key(|event| rank(event.status))
    }

    pub fn state(&self) -> &'static str {
        self.furthest().map_or("QUEUED", |event| event.status)
    }

    /// Rank of its outcome, then of its state.
    pub fn rank(&self) -> i64 {
        rank(self.state())
    }

    pub fn outcome(&self) -> &'static str {
        match self.rank() {
            ..70 => "PENDING",
            70..80 => "FAILED",
            _ => "DELIVERED",
        }
    }

    /// Why it failed; empty unless it did.
    pub fn reason(&self) -> &'static str {
        if self.outcome() == "FAILED" { self.furthest().map_or("", |event| event.reason) } else { "" }
    }

    fn failed_at(&self) -> Option<i64> {
        self.told.iter().find(|event| (70..80).contains(&rank(event.status))).map(|event| event.at)
    }
}

/// 0 under a second, else 1 + ⌊24 · log₁₀(seconds)⌋ (records §10); −1 where nothing was delivered.
pub fn bucket(seconds: Option<i64>) -> i64 {
    match seconds {
        None => -1,
        Some(..1) => 0,
        Some(seconds) => 1 + (24.0 * (seconds as f64).log10()).floor() as i64,
    }
}

/// Writes a delivery and its events.
#[allow(clippy::too_many_arguments, reason = "each says something else of one message")]
pub(super) fn write(
    house: &House<'_>,
    campaign: &Campaign,
    plan: &Plan,
    member: &Member,
    recipient: &str,
    delivery: &Delivery,
    proof: Option<&str>,
    sink: &mut Sink<'_>,
) {
    let (party, channel) = (&plan.parties[member.party], delivery.channel);
    let language = template::language(plan);
    let delivered = delivery.delivered_at();
    let accepted = delivery.told.iter().find(|event| matches!(event.status, "SENT" | "BOOKED")).map(|event| event.at);
    let started = campaign.started_at();
    let since = |unit: i64| delivered.map_or(-1, |moment| (moment - started).max(0) / unit);
    let (sent_at, told) = (delivery.sent_at(), |status: &str| delivery.at_status(status));
    let minute = sent_at.rem_euclid(86_400) / 60;
    let reason = delivery.reason();
    let bounce = match reason {
        "HARD_BOUNCE" => "HARD",
        "SOFT_BOUNCE" => "SOFT",
        "BLOCKED" => "BLOCKED",
        _ => "NONE",
    };
    let address = match channel.particular() {
        "EMAIL" => mask_email(&party.email),
        "MOBILE" => mask_mobile(&party.mobile),
        _ => particular::mask_address(party),
    };
    let mut row = house
        .row(&delivery.row, "job:CAMPAIGN", delivery.queued_at, delivery.last_event_at())
        .text("delivery_key", natural_key(&house.spec.record, &[recipient, channel.code(), &delivery.attempt.to_string()]))
        .text("recipient", recipient)
        .text("campaign", &campaign.row)
        .text("case_ref", &plan.row)
        .text("channel", channel.code())
        .int("attempt", delivery.attempt)
        .check("is_best", delivery.best)
        .text("template", template::name(house, campaign.intent.notice, channel, language))
        .text("template_code", template::code(campaign.intent.notice))
        .text("language", language)
        .text("notice_type", campaign.intent.notice)
        .text("zone", house.branches[plan.branch].state().zone)
        .text("product", plan.terms.code)
        .text("state_name", party.state)
        .text("pin3", &party.pin[..3])
        .month("sent_month", sent_at.div_euclid(86_400))
        .text("provider", channel.provider())
        .text("provider_msg_id", &delivery.message)
        .text("address_masked", address)
        .text("particular", particular::name(party, channel.particular()))
        .text("payload_sha256", sha256(&delivery.row))
        .text("state", delivery.state())
        .text("outcome", delivery.outcome())
        .check("was_accepted", accepted.is_some())
        .check("was_delivered", delivered.is_some())
        .check("was_read", told("READ").is_some())
        .check("was_clicked", told("CLICKED").is_some())
        .check("was_replied", told("REPLIED").is_some())
        .check("was_intimated", told("INTIMATION_SERVED").is_some())
        .text("failure_side", if reason.is_empty() { "NONE" } else { side(reason).0 })
        .text("normalised_reason", reason)
        .text("bounce_kind", bounce)
        .moment("queued_at", delivery.queued_at)
        .moment("sent_at", sent_at)
        .moment("accepted_at", accepted)
        .moment("delivered_at", delivered)
        .moment("failed_at", delivery.failed_at())
        .moment("read_at", told("READ"))
        .moment("last_event_at", delivery.last_event_at())
        .date("delivered_on", delivered.map(|moment| moment.div_euclid(86_400)))
        .int("delivered_hour", since(3_600))
        .int("delivered_day", since(86_400))
        .int("deliver_bucket", bucket(delivered.zip(accepted).map(|(delivered, accepted)| delivered - accepted)))
        .money("cost", delivery.cost)
        .maybe("proof_doc", proof)
        .check("served_hour_ok", (OPENS_MINS..CLOSES_MINS).contains(&minute));
    if channel.postal() {
        row = row.text("tracking_no", &delivery.message).text("post_flags", if channel == Channel::SpeedPost { "RP" } else { "P" });
    }
    if !reason.is_empty() {
        row = row.maybe("raw_code", delivery.furthest().map(|event| event.raw));
    }
    sink("Notice Delivery", row.done());
    for (index, event) in delivery.told.iter().enumerate() {
        sink("Notice Delivery Event", event_row(house, campaign, delivery, index, event, proof));
    }
}

fn event_row(house: &House<'_>, campaign: &Campaign, delivery: &Delivery, index: usize, event: &Told, proof: Option<&str>) -> Record {
    let provider = delivery.channel.provider();
    let key = natural_key(&house.spec.record, &[provider, &delivery.message, event.status, &event.at.to_string()]);
    // Names of events are never linked to: what tells them apart is enough.
    let mut row = house
        .row(&derived_name(&format!("{}#{index}", delivery.row)), "upstream:sender", event.received_at, event.received_at)
        .text("event_key", &key)
        .text("delivery", &delivery.row)
        .text("campaign", &campaign.row)
        .moment("at", event.at)
        .moment("received_at", event.received_at)
        .text("status", event.status)
        .text("provider", provider)
        .text("provider_msg_id", &delivery.message)
        .text("payload_sha256", sha256(&key));
    if event.reason.is_empty() {
        row = row.text("raw_status", event.raw);
    } else {
        row = row.text("raw_code", event.raw).text("normalised_reason", event.reason).text("failure_side", side(event.reason).0);
    }
    if event.status == "DELIVERED" && delivery.channel.postal() {
        row = row.text("received_by", "Addressee").maybe("proof_doc", proof);
    }
    row.done()
}
