//! What a channel does with one message: whether it arrives, when, what is told of it on the way, and what it costs.
//!
//! Knows the rates of the recipe (domain: defaulter lists) and nothing of cases. What must come out a certain way, since
//! the service matrix says so, is given as a [`Fate`]; the rest is drawn.

use crate::demo::portfolio::random::Random;
use crate::demo::portfolio::row::{Date, at};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    Email,
    Sms,
    WhatsApp,
    SpeedPost,
    Courier,
}

impl Channel {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Sms => "SMS",
            Self::WhatsApp => "WHATSAPP",
            Self::SpeedPost => "SPEED_POST",
            Self::Courier => "COURIER",
        }
    }

    pub const fn letter(self) -> char {
        match self {
            Self::Email => 'E',
            Self::Sms => 'S',
            Self::WhatsApp => 'W',
            Self::SpeedPost => 'P',
            Self::Courier => 'C',
        }
    }

    pub const fn provider(self) -> &'static str {
        match self {
            Self::Email => "demo-mail",
            Self::Sms => "demo-sms",
            Self::WhatsApp => "demo-whatsapp",
            Self::SpeedPost => "demo-post",
            Self::Courier => "demo-courier",
        }
    }

    pub const fn postal(self) -> bool {
        matches!(self, Self::SpeedPost | Self::Courier)
    }

    /// Kind of the particular that it goes to.
    pub const fn particular(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Sms | Self::WhatsApp => "MOBILE",
            Self::SpeedPost | Self::Courier => "ADDRESS",
        }
    }
}

/// Something that a provider told.
#[derive(Clone, Debug)]
pub struct Told {
    pub at: i64,
    pub received_at: i64,
    /// Option set `delivery_state`.
    pub status: &'static str,
    pub raw: &'static str,
    /// Option set `failure_reason`; empty where nothing failed.
    pub reason: &'static str,
}

/// What must come of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Whatever chance brings; a dead contact gets nothing on any screen.
    Free { dead: bool },
    /// Post: delivered on this day. WhatsApp: read on this day.
    On(Date),
    /// Post: comes back for this reason, the remark on this day, or when it may.
    Back(&'static str, Option<Date>),
    /// WhatsApp: not read, whatever else. Post: still on the way.
    Unread { dead: bool },
    /// The provider refuses it.
    Refused(&'static str, &'static str),
}

/// What happened to a message that was sent at `sent_at`; what is told of it is in order, no two at one moment.
pub fn journey(channel: Channel, sent_at: i64, fate: Fate, random: &mut Random) -> Vec<Told> {
    let mut told = if channel.postal() { postal(sent_at, fate, random) } else { digital(channel, sent_at, fate, random) };
    for index in 1..told.len() {
        told[index].at = told[index].at.max(told[index - 1].at + 1);
    }
    for event in &mut told {
        event.received_at = event.at + if channel.postal() { random.between(600, 7_200) } else { random.between(1, 4) };
    }
    for index in 1..told.len() {
        told[index].received_at = told[index].received_at.max(told[index - 1].received_at);
    }
    told
}

fn event(at: i64, status: &'static str, raw: &'static str, reason: &'static str) -> Told {
    Told { at, received_at: at, status, raw, reason }
}

fn digital(channel: Channel, sent_at: i64, fate: Fate, random: &mut Random) -> Vec<Told> {
    if let Fate::Refused(raw, reason) = fate {
        return vec![event(sent_at, "SUBMITTED", "", ""), event(sent_at + 2, "REJECTED", raw, reason)];
    }
    let dead = matches!(fate, Fate::Free { dead: true } | Fate::Unread { dead: true });
    let must_arrive = matches!(fate, Fate::On(_));
    let (median, p90, arrives) = match channel {
        Channel::Sms => (9.0, 90.0, 97.0),
        Channel::WhatsApp => (40.0, 7_000.0, 80.0),
        // Whoever has given up a number often keeps the mailbox.
        _ => (15.0, 90.0, if dead { 68.0 } else { 94.0 }),
    };
    if !must_arrive && (dead && channel != Channel::Email || !random.chance(arrives)) {
        return fails(channel, sent_at, dead, random);
    }
    let delay = (random.log_normal(median, p90) as i64).clamp(1, 4 * 86_400);
    let delay = if must_arrive { delay.min(3_600) } else { delay };
    let delivered = sent_at + 1 + delay;
    let mut told = vec![event(sent_at, "SENT", "", ""), event(delivered, "DELIVERED", "", "")];
    let (reads, clicks, replies) = match channel {
        Channel::Sms => (0.0, 3.0, 0.4),
        Channel::WhatsApp => (62.0, 9.0, 4.0),
        _ => (18.0, 12.0, 3.0),
    };
    let read = match fate {
        Fate::On(day) => Some(at(day, random.between(560, 1_250)).max(delivered + 5)),
        Fate::Unread { .. } => return told,
        _ if channel == Channel::Sms || random.chance(reads) => Some(delivered + random.log_normal(1_800.0, 60_000.0) as i64 + 5),
        _ => None,
    };
    let Some(read) = read else { return told };
    if channel != Channel::Sms {
        told.push(event(read, "READ", "", ""));
    }
    if random.chance(clicks) {
        told.push(event(read + random.between(5, 900), "CLICKED", "", ""));
    }
    if random.chance(replies) {
        told.push(event(read + random.between(1_000, 90_000), "REPLIED", "", ""));
    }
    told
}

fn fails(channel: Channel, sent_at: i64, dead: bool, random: &mut Random) -> Vec<Told> {
    let of = |raw: &'static str, reason: &'static str, status: &'static str, after: i64| (raw, reason, status, after);
    let (raw, reason, status, after) = match channel {
        Channel::Sms if dead => *random.weighted(&[
            (of("ABSENT-SUB", "UNREACHABLE", "UNDELIVERED", 7_200), 60.0),
            (of("INVALID-SUB", "BAD_NUMBER", "FAILED", 4), 40.0),
        ]),
        Channel::Sms => *random.weighted(&[
            (of("ABSENT-SUB", "UNREACHABLE", "UNDELIVERED", 7_200), 20.0),
            (of("TEMPLATE-NOT-MATCHED", "DLT_TEMPLATE", "REJECTED", 2), 34.0),
            (of("NDNC REJECTED", "DND", "REJECTED", 3), 29.0),
            (of("EXPIRED", "UNREACHABLE", "EXPIRED", 86_400), 12.0),
        ]),
        Channel::WhatsApp => *random.weighted(&[
            (of("131026", "NOT_ON_WHATSAPP", "FAILED", 3), 62.0),
            (of("131049", "META_LIMITED", "FAILED", 3), 19.0),
            (of("131048", "SPAM_LIMIT", "FAILED", 3), 6.0),
            (of("131053", "MEDIA", "FAILED", 5), 4.0),
            (of("131047", "WINDOW_CLOSED", "FAILED", 3), 9.0),
        ]),
        _ => *random.weighted(&[
            (of("5.1.1", "HARD_BOUNCE", "BOUNCED", 3), 57.0),
            (of("4.2.2", "SOFT_BOUNCE", "BOUNCED", 86_000), 21.0),
            (of("5.7.1", "BLOCKED", "BOUNCED", 4), 15.0),
            (of("dropped", "SUPPRESSED", "REJECTED", 1), 7.0),
        ]),
    };
    let accepted = if status == "REJECTED" { "SUBMITTED" } else { "SENT" };
    vec![event(sent_at, accepted, "", ""), event(sent_at + after, status, raw, reason)]
}

/// The remarks of the post and what they mean.
fn remark(reason: &str) -> &'static str {
    match reason {
        "REFUSED" => "Returned: refused",
        "UNCLAIMED" => "Returned: unclaimed",
        "ABSENT" => "Deposit: door locked, intimation served",
        "DECEASED" => "Returned: deceased",
        "CARRIER_FAULT" => "Damaged in transit",
        _ => "Returned: insufficient address",
    }
}

fn postal(sent_at: i64, fate: Fate, random: &mut Random) -> Vec<Told> {
    let booked = sent_at.div_euclid(86_400);
    let mut told = vec![event(sent_at, "BOOKED", "Item booked", "")];
    if matches!(fate, Fate::Unread { .. }) {
        told.push(event(at(booked, random.between(1_200, 1_400)), "IN_TRANSIT", "Item dispatched", ""));
        return told;
    }
    let days = (random.log_normal(4.0, 8.0).round() as i64).clamp(1, 9);
    let reasons =
        [("BAD_ADDRESS", 51.0), ("UNCLAIMED", 22.0), ("REFUSED", 14.0), ("ABSENT", 11.0), ("DECEASED", 1.0), ("CARRIER_FAULT", 1.0)];
    let (day, back) = match fate {
        Fate::On(day) => (day, None),
        Fate::Back(reason, day) => {
            let reason = if reason.is_empty() { *random.weighted(&reasons) } else { reason };
            (day.unwrap_or(booked + days.min(6)), Some(reason))
        }
        _ if random.chance(5.0) => {
            told.push(event(at(booked, random.between(1_200, 1_400)), "IN_TRANSIT", "Item dispatched", ""));
            return told;
        }
        _ if random.chance(70.0) => (booked + days, None),
        _ => (booked + days.min(6), Some(*random.weighted(&reasons))),
    };
    let day = day.clamp(booked + 1, booked + 9);
    told.push(event(at(booked, random.between(1_200, 1_400)), "IN_TRANSIT", "Item dispatched", ""));
    told.push(event(at(day, random.between(540, 620)), "OUT_FOR_DELIVERY", "Out for delivery", ""));
    match back {
        None => told.push(event(at(day, random.between(640, 1_020)), "DELIVERED", "Delivered", "")),
        Some(reason) => {
            if matches!(reason, "UNCLAIMED" | "ABSENT") {
                told.push(event(
                    at(day, random.between(640, 700)),
                    "INTIMATION_SERVED",
                    "Deposit: addressee absent, intimation served",
                    "",
                ));
            }
            told.push(event(at(day, random.between(800, 1_020)), "RETURN_INITIATED", remark(reason), reason));
            let back_on = (day + random.between(1, 3)).min(booked + 9);
            let status = if reason == "CARRIER_FAULT" { "LOST" } else { "RETURNED" };
            told.push(event(at(back_on, random.between(1_030, 1_090)), status, remark(reason), reason));
        }
    }
    told
}

/// What a message costs, in paise.
pub fn cost(channel: Channel, random: &mut Random) -> i64 {
    match channel {
        Channel::Email => 5,
        Channel::Sms => random.between(13, 20),
        Channel::WhatsApp => random.between(12, 35),
        Channel::SpeedPost => random.between(47_00, 75_00),
        Channel::Courier => random.between(35_00, 60_00),
    }
}

/// Whose fault a reason is, with its place among reasons (records §7, `failure_reason`).
pub fn side(reason: &str) -> (&'static str, usize) {
    const ORDER: [&str; 27] = [
        "DECEASED",
        "REFUSED",
        "UNCLAIMED",
        "BAD_ADDRESS",
        "ABSENT",
        "BAD_NUMBER",
        "NOT_ON_WHATSAPP",
        "HARD_BOUNCE",
        "DND",
        "COMPLAINT",
        "SUPPRESSED",
        "SOFT_BOUNCE",
        "DEVICE_FULL",
        "UNREACHABLE",
        "DLT_TEMPLATE",
        "DLT_IDENTITY",
        "TEMPLATE",
        "MEDIA",
        "MESSAGE_TYPE",
        "WINDOW_CLOSED",
        "BILLING",
        "SPAM_LIMIT",
        "META_LIMITED",
        "BLOCKED",
        "CARRIER_FAULT",
        "NO_CONFIRMATION",
        "UNMAPPED",
    ];
    let place = ORDER.iter().position(|known| *known == reason).unwrap_or(ORDER.len());
    match place {
        0..14 => ("THEIRS", place),
        14..25 => ("OURS", place),
        _ => ("UNKNOWN", place),
    }
}

/// Rank of a state (records §7, `delivery_state`): a higher one wins.
pub fn rank(status: &str) -> i64 {
    match status {
        "QUEUED" => 10,
        "SUBMITTED" => 20,
        "SENT" | "BOOKED" => 30,
        "IN_TRANSIT" => 40,
        "OUT_FOR_DELIVERY" => 50,
        "INTIMATION_SERVED" => 60,
        "RETURN_INITIATED" => 65,
        "EXPIRED" | "UNDELIVERED" | "FAILED" | "BOUNCED" | "REJECTED" | "LOST" => 70,
        "RETURNED" => 75,
        "DELIVERED" => 80,
        "READ" => 85,
        "CLICKED" => 90,
        "REPLIED" => 95,
        _ => 0,
    }
}

/// A tracking number in the shape of S10 with its check digit; no postal service has the prefix ZZ.
pub fn tracking_number(serial: i64) -> String {
    let digits = format!("{serial:08}");
    let sum: u32 = digits.bytes().zip([8, 6, 4, 2, 3, 5, 9, 7]).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        digit => digit,
    };
    format!("ZZ{digits}{check}IN")
}
