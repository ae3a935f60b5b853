//! One respondent of a campaign: whether they may be written to, what was sent, and what that came to.
//!
//! Folds deliveries into the row's derived fields (records §8); the deliveries themselves are written next door.

use std::collections::BTreeMap;

use super::audience::Member;
use super::calendar::{self, CLOSES_MINS, Source};
use super::channel::{Channel, Fate, side};
use super::delivery::{self, Delivery};
use super::{Campaign, template};
use crate::demo::portfolio::Sink;
use crate::demo::portfolio::awkward::SHARED_MOBILE;
use crate::demo::portfolio::case::scope;
use crate::demo::portfolio::party::PartyPlan;
use crate::demo::portfolio::people::House;
use crate::demo::portfolio::plan::Plan;
use crate::demo::portfolio::random::{Random, derived_name};
use crate::demo::portfolio::row::{Date, at, natural_key, sha256};
use crate::demo::portfolio::service::{Cell, Evidence, Finding};

/// What came of a respondent, as far as others have to know.
pub(super) struct Outcome {
    pub row: String,
    pub eligibility: &'static str,
    pub findings: Vec<&'static str>,
    pub evidence_level: i64,
    pub engagement_level: i64,
    pub messages: i64,
    pub pending: i64,
    pub cost: i64,
    pub repair: &'static str,
    pub engaged_at: Option<i64>,
    /// What became of each number and address.
    pub trials: Vec<Trial>,
    /// The delivery that decided the cell.
    best: Option<String>,
    attempts: i64,
    tried: String,
}

impl Outcome {
    /// Leaves on the cell what its deliveries have to say.
    pub fn leave_evidence(self, cell: &mut Cell) {
        if self.attempts == 0 {
            return;
        }
        match &mut cell.evidence {
            Some(evidence) => {
                evidence.best = self.best.or(evidence.best.take());
                evidence.attempts += self.attempts;
            }
            none => *none = Some(Evidence { best: self.best, attempts: self.attempts, tried: self.tried }),
        }
    }
}

/// What a message told of the number or address that it went to.
#[derive(Clone, Copy, Debug)]
pub(in crate::demo::portfolio) struct Trial {
    /// Index of the party.
    pub party: usize,
    /// Option set `particular_kind`.
    pub kind: &'static str,
    pub on: Date,
    pub arrived: bool,
    /// Whether it failed for good, by the number's or address's own fault.
    pub bad: bool,
}

impl Trial {
    fn of(party: usize, delivery: &Delivery) -> Option<Self> {
        let (arrived, bad) = (delivery.delivered_at().is_some(), matches!(delivery.reason(), "BAD_ADDRESS" | "BAD_NUMBER" | "HARD_BOUNCE"));
        let on = delivery.last_event_at().div_euclid(86_400);
        (arrived || delivery.outcome() == "FAILED").then_some(Self { party, kind: delivery.channel.particular(), on, arrived, bad })
    }
}

/// What a campaign's respondents add up to.
#[derive(Default)]
pub(super) struct Counters {
    pub targeted: i64,
    pub warned: i64,
    pub blocked: i64,
    /// Respondents by evidence level 1 to 5.
    pub evidence: [i64; 5],
    /// Respondents by engagement level 0 to 3.
    pub engagement: [i64; 4],
    pub messages: i64,
    pub pending: i64,
    pub cost: i64,
    pub repairs: i64,
    pub recovered: i64,
    pub findings: BTreeMap<&'static str, i64>,
    pub zones: BTreeMap<&'static str, ()>,
    pub products: BTreeMap<&'static str, ()>,
    /// Their rows' names: what the frozen list is hashed over.
    pub rows: Vec<String>,
}

impl Counters {
    pub fn add(&mut self, house: &House<'_>, plan: &Plan, outcome: &Outcome) {
        self.targeted += 1;
        self.warned += i64::from(outcome.eligibility == "WARNING");
        self.blocked += i64::from(outcome.eligibility == "BLOCKED");
        self.evidence[(outcome.evidence_level - 1).clamp(0, 4) as usize] += 1;
        self.engagement[outcome.engagement_level.clamp(0, 3) as usize] += 1;
        self.messages += outcome.messages;
        self.pending += outcome.pending;
        self.cost += outcome.cost;
        self.repairs += i64::from(outcome.repair != "NONE");
        self.recovered += i64::from(outcome.repair == "RECOVERED");
        for finding in &outcome.findings {
            *self.findings.entry(finding).or_default() += 1;
        }
        self.zones.insert(house.branches[plan.branch].state().zone, ());
        self.products.insert(plan.terms.code, ());
        self.rows.push(outcome.row.clone());
    }
}

/// What was found before the release: the findings, and the first that blocks.
fn preflight(
    plan: &Plan,
    party: &PartyPlan,
    campaign: &Campaign,
    on: i64,
    random: &mut Random,
) -> (Vec<&'static str>, Option<&'static str>) {
    let (legal, channels) = (campaign.intent.legal(), campaign.intent.channels);
    let mut findings = Vec::new();
    if campaign.intent.source == Source::Resent {
        return (findings, None);
    }
    // A hold is as old as the status; what was sent before it was sent.
    if plan.journey.open() && plan.journey.status_since <= on {
        findings.extend(match plan.hold {
            "COURT_STAY" => Some("COURT_STAY"),
            "MORATORIUM" => Some("MORATORIUM"),
            "DECEASED" => Some("DECEASED"),
            "LEGAL_HOLD" => Some("HOLD_LEGAL"),
            "DISPUTE_GRIEVANCE" => Some("DISPUTE"),
            _ => None,
        });
    }
    if party.died_on.is_some_and(|died| died <= on) && !findings.contains(&"DECEASED") {
        findings.push("DECEASED");
    }
    if plan.journey.open() && plan.dues.total() == 0 && plan.payments.iter().all(|payment| payment.on <= on) {
        findings.push("PAID");
    }
    if !legal && plan.offer.as_ref().is_some_and(|offer| matches!(offer.track, "ACCEPTED" | "PAYING") && offer.on <= on) {
        findings.push("SETTLEMENT");
    }
    // A cell that was sent was not blocked.
    let sent = campaign.intent.source == Source::Cells;
    let digital_only = !channels.iter().any(|channel| channel.postal());
    let mut block = findings.first().copied().filter(|_| !sent);
    if sent {
        findings.clear();
    }
    if channels.iter().any(|channel| channel.particular() == "MOBILE") {
        if party.mobile.is_empty() {
            findings.push("NO_MOBILE");
            block = block.or(Some("NO_MOBILE").filter(|_| digital_only));
        } else if party.mobile == SHARED_MOBILE {
            findings.push("DUPLICATE_NUMBER");
        }
        if channels.contains(&Channel::Sms) && party.name.latin.chars().count() > 30 {
            findings.push("VARIABLE_LENGTH");
        }
    }
    if legal && random.chance(2.0) {
        findings.push("STALE_DUES");
    }
    if !legal && random.chance(3.0) {
        findings.push("CONTACT_CAP");
    }
    (findings, block)
}

/// The channels on which this respondent is tried.
fn attempted(campaign: &Campaign, party: &PartyPlan, cell: Option<&Cell>, random: &mut Random) -> Vec<Channel> {
    let tried = |channel: Channel, random: &mut Random| match channel {
        Channel::Email => !party.email.is_empty(),
        Channel::Sms => !party.mobile.is_empty(),
        Channel::WhatsApp => {
            let read = cell.is_some_and(|cell| cell.finding == Finding::Read);
            !party.mobile.is_empty() && (read || party.whatsapp || random.chance(78.0))
        }
        Channel::SpeedPost => true,
        Channel::Courier => random.chance(12.0),
    };
    campaign.intent.channels.iter().copied().filter(|channel| tried(*channel, random)).collect()
}

/// What must come of a message, since the service matrix says so.
fn fate(channel: Channel, plan: &Plan, cell: Option<&Cell>, member: &Member, paused: bool, dead: bool) -> Fate {
    if channel == Channel::WhatsApp && paused {
        return Fate::Refused("132015", "TEMPLATE");
    }
    let Some(cell) = cell else {
        let gone = channel.postal() && plan.parties[member.party].address_bad;
        return if gone { Fate::Back("BAD_ADDRESS", None) } else { Fate::Free { dead } };
    };
    // The first sending of a notice that only arrived at the second.
    if channel.postal() && cell.resent_on.is_some() && member.round == 1 {
        return Fate::Back("BAD_ADDRESS", None);
    }
    match (channel, cell.finding) {
        (Channel::WhatsApp, Finding::Read) => cell.served_on.map_or(Fate::Free { dead }, Fate::On),
        // Reading it would have been service where the agreement allows it.
        (Channel::WhatsApp, _) if plan.electronic => Fate::Unread { dead },
        (Channel::SpeedPost | Channel::Courier, Finding::Delivered) => cell.served_on.map_or(Fate::Free { dead }, Fate::On),
        (Channel::SpeedPost | Channel::Courier, finding) => match finding {
            Finding::Refused => Fate::Back("REFUSED", cell.served_on),
            Finding::Unclaimed => Fate::Back("UNCLAIMED", cell.served_on),
            // Some letters are never heard of again.
            _ if cell.state == "UNSERVED" && member.send_at % 6 == 0 => Fate::Unread { dead },
            Finding::BadAddress => Fate::Back("BAD_ADDRESS", cell.served_on),
            Finding::Absent => Fate::Back("ABSENT", None),
            Finding::Read if member.send_at % 3 == 0 => Fate::Unread { dead },
            Finding::Read => Fate::Back("", None),
            _ => Fate::Unread { dead },
        },
        _ => Fate::Free { dead },
    }
}

fn deliveries(
    house: &House<'_>,
    campaign: &Campaign,
    plan: &Plan,
    cell: Option<&Cell>,
    member: &Member,
    row: &str,
    random: &mut Random,
) -> Vec<Delivery> {
    let party = &plan.parties[member.party];
    let intent = &campaign.intent;
    let cut = intent.cut(house.today);
    // Whoever cannot be found by post can seldom be found on a screen.
    let lost = cell.is_some_and(|cell| !matches!(cell.finding, Finding::Delivered | Finding::Read | Finding::Open));
    let likely = match cell {
        None => 9.0,
        Some(_) if lost => 29.0,
        Some(_) => 3.0,
    };
    let dead = cell.is_none_or(|cell| cell.finding != Finding::Read) && random.chance(likely);
    let mut sent: Vec<Delivery> = Vec::new();
    let mut next_at = member.send_at;
    let last_of = |at: i64| at.div_euclid(86_400) * 86_400 + (CLOSES_MINS - 5) * 60;
    for channel in attempted(campaign, party, cell, random) {
        if !intent.legal() && sent.iter().any(|delivery| delivery.delivered_at().is_some() || delivery.outcome() == "PENDING") {
            // A waterfall ends with the first channel that arrives, and waits while one is under way.
            break;
        }
        let mut sent_at = if intent.legal() { (next_at + random.between(5, 900)).min(last_of(next_at)) } else { next_at };
        for attempt in 1..=2 {
            if sent_at > cut {
                break;
            }
            let paused = calendar::template_paused(house.today, sent_at.div_euclid(86_400));
            let mut fate = fate(channel, plan, cell, member, paused, dead);
            if intent.fault == calendar::Fault::Dlt && random.chance(82.0) {
                fate = Fate::Refused("TEMPLATE-NOT-MATCHED", "DLT_TEMPLATE");
            }
            let delivery = Delivery::send(row, channel, attempt, sent_at, fate, calendar::now(house.today), random);
            let again = channel == Channel::Sms && attempt == 1 && delivery.reason() == "UNREACHABLE" && random.chance(50.0);
            sent.push(delivery);
            // The next attempt, in the next day's window.
            let tomorrow = calendar::send_day(sent_at.div_euclid(86_400) + 1);
            next_at = at(tomorrow, 0) + sent_at.rem_euclid(86_400);
            if !again || intent.fault != calendar::Fault::None {
                break;
            }
            sent_at = next_at;
        }
        if intent.legal() {
            next_at = member.send_at;
        }
    }
    // Exactly one delivery of each channel stands for it: the one that came furthest, then the latest.
    for index in 0..sent.len() {
        let rival = |other: &Delivery| {
            other.channel == sent[index].channel && (other.rank(), other.attempt) > (sent[index].rank(), sent[index].attempt)
        };
        sent[index].best = !sent.iter().any(rival);
    }
    sent
}

/// Writes a respondent and all that was sent to them.
#[allow(clippy::too_many_arguments, reason = "each says something else of one respondent")]
pub(super) fn write(
    house: &House<'_>,
    campaign: &Campaign,
    plan: &Plan,
    cell: Option<&Cell>,
    member: &Member,
    resent: bool,
    random: &mut Random,
    sink: &mut Sink<'_>,
) -> Outcome {
    let party = &plan.parties[member.party];
    let intent = &campaign.intent;
    let on = member.send_at.div_euclid(86_400);
    let row = derived_name(&format!("{}/{}/{}", campaign.row, party.row, member.round));
    let (findings, block) = preflight(plan, party, campaign, on, random);
    let eligibility = match block {
        Some(_) => "BLOCKED",
        None if findings.is_empty() => "OK",
        None => "WARNING",
    };
    let released = block.is_none() && intent.sent();
    let sent = if released { deliveries(house, campaign, plan, cell, member, &row, random) } else { Vec::new() };
    let best = || sent.iter().filter(|delivery| delivery.best);

    let served = cell.is_some_and(Cell::served) && !sent.is_empty();
    let pending = sent.iter().filter(|delivery| delivery.outcome() == "PENDING").count() as i64;
    let settled = pending == 0 || cell.is_some_and(|cell| cell.served() || cell.state == "UNSERVED");
    let evidence_level = match () {
        () if block.is_some() => 1,
        () if sent.is_empty() => 2,
        () if served => 5,
        () if settled => 4,
        () => 3,
    };
    let first = sent.iter().filter_map(|delivery| Some((delivery.delivered_at()?, delivery.channel))).min();
    let read_at = sent.iter().filter_map(Delivery::read_at).max();
    let replied_at = sent.iter().filter_map(|delivery| delivery.at_status("REPLIED")).min();
    let engagement_level = match (replied_at, read_at, first) {
        (Some(_), _, _) => 3,
        (_, Some(_), _) => 2,
        (_, _, Some(_)) => 1,
        _ => 0,
    };
    let failed: Vec<&str> = best().map(Delivery::reason).filter(|reason| first.is_none() && !reason.is_empty()).collect();
    let reason = failed.iter().copied().min_by_key(|reason| side(reason).1).unwrap_or_default();
    let failure_side = match () {
        () if failed.is_empty() => "NONE",
        () if failed.iter().any(|reason| side(reason).0 == "OURS") => "OURS",
        () => side(reason).0,
    };
    let repair = match cell {
        Some(cell) if !sent.is_empty() && member.round == 1 => match cell.state {
            "SERVED" if resent => "RECOVERED",
            "UNSERVED" if house.today - on < 40 => "OPEN",
            "UNSERVED" => "GIVEN_UP",
            _ => "NONE",
        },
        _ => "NONE",
    };
    let cost: i64 = sent.iter().map(|delivery| delivery.cost).sum();
    let letters = |of: &mut dyn Iterator<Item = &Delivery>| {
        let mut letters: Vec<char> = of.map(|delivery| delivery.channel.letter()).collect();
        letters.sort_unstable();
        letters.dedup();
        letters.into_iter().collect::<String>()
    };
    let tried = letters(&mut sent.iter());
    let started_at = campaign.started_at();
    let first_at = sent.iter().map(|delivery| delivery.sent_at()).min();
    let since = |moment: Option<i64>, unit: i64| moment.map_or(-1, |moment| (moment - started_at).max(0) / unit);
    let after = |moment: Option<i64>| moment.zip(first_at).map_or(-1, |(moment, first)| (moment - first).max(0) / 86_400);
    let paid_on =
        plan.payments.iter().map(|payment| at(payment.on, 1_000)).filter(|paid| first_at.is_some_and(|first| *paid >= first)).min();
    let last_told = sent.iter().map(Delivery::last_event_at).max();
    let made_at = at(intent.from, 420).min(calendar::now(house.today));
    let changed_at = last_told.unwrap_or(made_at).max(made_at);

    let mut record = house
        .row(&row, "job:CAMPAIGN", made_at, changed_at)
        .with(&scope(house, plan))
        .text("recipient_key", natural_key(&house.spec.record, &[&campaign.row, &plan.row, &party.row, &member.round.to_string()]))
        .text("campaign", &campaign.row)
        .text("case_ref", &plan.row)
        .text("party", &party.row)
        .text("case_id", &plan.number)
        .text("party_label", format!("R{}", member.party))
        .text("title_text", party.name.latin.chars().take(140).collect::<String>())
        .int("party_seq", member.party as i64 + 1)
        .int("round", member.round)
        .text("notice_type", intent.notice)
        .text("language", template::language(plan))
        .text("state_name", party.state)
        .text("pin3", &party.pin[..3])
        .text("eligibility", eligibility)
        .maybe("block_reason", block)
        .int("evidence_level", evidence_level)
        .int("engagement_level", engagement_level)
        .check("served", served)
        .text("attempted_channels", &tried)
        .text("reached_channels", letters(&mut sent.iter().filter(|delivery| delivery.delivered_at().is_some())))
        .moment("first_reached_at", first.map(|(moment, _)| moment))
        .int("reached_hour", since(first.map(|(moment, _)| moment), 3_600))
        .int("reached_day", since(first.map(|(moment, _)| moment), 86_400))
        .text("failure_side", failure_side)
        .text("normalised_reason", reason)
        .int("pending_count", pending)
        .money("cost", cost)
        .text("repair_state", repair)
        .maybe("repairs", member.repairs.as_deref())
        .int("paid_days_after", after(paid_on))
        .int("replied_days_after", after(replied_at))
        .check("released", released)
        .month("sent_month", first_at.map(|moment| moment.div_euclid(86_400)).or(Some(intent.from).filter(|_| intent.sent())));
    if let Some((_, channel)) = first {
        record = record.text("first_reached_channel", channel.letter().to_string());
    }
    if !findings.is_empty() {
        record = record.text("findings", format!(";{};", findings.join(";")));
    }
    if let Some(cell) = cell {
        record = record.text("service", &cell.row).date("served_on", cell.served_on.filter(|_| served));
    }
    if intent.sent() {
        record = record.text("document_sha256", sha256(&row));
    }
    if released && sent.is_empty() && intent.fault == calendar::Fault::Deceased {
        record = record.text("stopped_reason", "DECEASED");
    }
    sink("Notice Recipient", record.done());

    // A cell that the second sending decided is none of the first one's.
    let decided = cell.filter(|cell| cell.served() && (cell.resent_on.is_none() || member.round == 2));
    let deciding = decided.and_then(|cell| best().find(|delivery| delivery.channel.code() == cell.best_channel()));
    let outcome = Outcome {
        eligibility,
        findings,
        evidence_level,
        engagement_level,
        messages: sent.len() as i64,
        pending,
        cost,
        repair,
        engaged_at: read_at.max(replied_at),
        trials: sent.iter().filter_map(|delivery| Trial::of(member.party, delivery)).collect(),
        best: deciding.map(|delivery| delivery.row.clone()),
        attempts: sent.len() as i64,
        tried,
        row,
    };
    for delivery in &sent {
        let proof = deciding.filter(|deciding| deciding.row == delivery.row).zip(cell).map(|(_, cell)| cell.proof());
        delivery::write(house, campaign, plan, member, &outcome.row, delivery, proof.as_deref(), sink);
    }
    outcome
}
