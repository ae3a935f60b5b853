//! The rows of a campaign: itself, its steps, and the approval that let it go or still holds it.
//!
//! Counters are what its recipients' rows add up to; nothing here looks at a recipient again.

use serde_json::{Map, Value, json};

use super::audience::Member;
use super::calendar::{self, Fault, OPENS_MINS, Source};
use super::channel::Channel;
use super::recipient::Counters;
use super::{Campaign, template};
use crate::demo::portfolio::Sink;
use crate::demo::portfolio::approval::{Asked, Decision};
use crate::demo::portfolio::people::House;
use crate::demo::portfolio::row::{Record, at, month, sha256};

impl Campaign {
    /// When it was released: the opening of its first day.
    pub(super) fn started_at(&self) -> i64 {
        at(self.intent.from, OPENS_MINS)
    }

    /// Its state as stored: by hand, or what its age makes of it.
    fn state(&self, house: &House<'_>) -> &'static str {
        match house.today - self.intent.until {
            _ if !self.intent.state.is_empty() => self.intent.state,
            ..2 => "SENT_OUT",
            2..35 => "SETTLING",
            _ => "COMPLETE",
        }
    }
}

/// Writes a campaign whose respondents are written.
pub(super) fn write(house: &House<'_>, campaign: &Campaign, members: &[Member], counters: &Counters, sink: &mut Sink<'_>) {
    let intent = &campaign.intent;
    let (state, sent) = (campaign.state(house), intent.sent());
    let now = calendar::now(house.today);
    let maker = house.user(intent.maker);
    let made_at = at(intent.from - 4, 640);
    let asked_at = at(intent.from - 3, 990);
    let last_sent = members.iter().map(|member| member.send_at).filter(|moment| *moment <= intent.cut(house.today)).max();
    let finished = matches!(state, "SENT_OUT" | "SETTLING" | "COMPLETE");
    let completed_at = (state == "COMPLETE").then(|| at(intent.until + 35, 240).min(now));
    let stopped_at = (intent.fault != Fault::None).then(|| intent.cut(house.today));
    // The last day on which a folding job saw anything new.
    let folded_at = completed_at.or(stopped_at.map(|moment| moment + 20 * 86_400)).unwrap_or(now).min(now);
    let checker = house.user(if intent.maker == "legal.head" { "legal.head.2" } else { "legal.head" });
    let decision = match state {
        "PENDING_APPROVAL" => Decision::Pending,
        "RETURNED" => Decision::Returned {
            by: checker.clone(),
            at: asked_at + 97 * 60,
            code: "WRONG_TEMPLATE",
            text: "The offer must name the day on which it lapses",
        },
        _ => Decision::Approved { by: checker.clone(), at: asked_at + 60 * (31 + counters.targeted % 400) },
    };
    let estimate = intent.channels.iter().map(|channel| usual_cost(*channel)).sum::<i64>() * counters.targeted;
    let approval = Asked {
        kind: "CAMPAIGN",
        object: ("Notice Campaign", &campaign.row),
        title: house.mark(&intent.title),
        amount: estimate,
        by: maker.clone(),
        at: asked_at,
        decision,
        sample: members.len().min(5),
        hashed: None,
    }
    .write(house, None, sink);

    let suffix = |levels: &[i64], from: usize| levels.iter().skip(from).sum::<i64>();
    let mut rows: Vec<&str> = counters.rows.iter().map(String::as_str).collect();
    rows.sort_unstable();
    let codes = |codes: Vec<&&'static str>| format!(";{};", codes.into_iter().copied().collect::<Vec<_>>().join(";"));
    let preflight: Map<String, Value> = counters.findings.iter().map(|(code, count)| ((*code).to_owned(), json!(count))).collect();
    let mut row = house
        .row(&campaign.row, &maker, made_at, last_sent.unwrap_or(asked_at).max(completed_at.unwrap_or(0)).max(asked_at))
        .text("campaign_no", &campaign.number)
        .text("title", house.mark(&intent.title))
        .text("notice_type", intent.notice)
        .check("legal", intent.legal())
        .text("state", state)
        .text("plan", if intent.legal() { "PARALLEL" } else { "WATERFALL" })
        .rows("steps", steps(house, campaign))
        .text("audience_query", audience_query(campaign))
        .moment("frozen_at", asked_at - 600)
        .text("audience_sha256", sha256(&rows.join("\n")))
        .text("window_start", "08:00")
        .text("window_end", "19:00")
        .text("send_days", "1234567")
        .int("throttle_per_hour", if intent.legal() { 500 } else { 0 })
        .money("budget", (estimate / 100_000_00 + 1) * 100_000_00)
        .money("cost_estimate", estimate)
        .money("cost_total", counters.cost)
        .int("targeted", counters.targeted)
        .int("eligible", suffix(&counters.evidence, 1))
        .int("warned", counters.warned)
        .int("blocked", counters.blocked)
        .int("attempted", suffix(&counters.evidence, 2))
        .int("concluded", suffix(&counters.evidence, 3))
        .int("served", suffix(&counters.evidence, 4))
        .int("delivered", suffix(&counters.engagement, 1))
        .int("engaged", suffix(&counters.engagement, 2))
        .int("responded", suffix(&counters.engagement, 3))
        .int("messages", counters.messages)
        .int("messages_pending", counters.pending)
        .text("preflight", Value::Object(preflight).to_string())
        .moment("folded_until_at", folded_at)
        .int("repairs_opened", counters.repairs)
        .int("repairs_recovered", counters.recovered)
        .text("zone_codes", codes(counters.zones.keys().collect()))
        .text("product_codes", codes(counters.products.keys().collect()))
        .text("submitted_by", &maker)
        .text("approval", approval);
    if sent {
        row = row
            .text("approved_by", checker)
            .moment("scheduled_at", campaign.started_at())
            .moment("started_at", campaign.started_at())
            .month("sent_month", intent.from)
            .moment("sent_out_at", last_sent.filter(|_| finished))
            .moment("completed_at", completed_at);
    }
    match intent.fault {
        Fault::Dlt => {
            row = row
                .moment("paused_at", stopped_at)
                .text("pause_reason", "The operators refuse the text: it differs from the registered template");
        }
        Fault::Deceased => row = row.text("stop_reason", "Respondents flagged as deceased were among the audience"),
        Fault::None => {}
    }
    sink("Notice Campaign", row.done());
}

fn usual_cost(channel: Channel) -> i64 {
    match channel {
        Channel::Email => 5,
        Channel::Sms => 16,
        Channel::WhatsApp => 23,
        Channel::SpeedPost => 61_00,
        // One respondent in eight gets a courier.
        Channel::Courier => 6_00,
    }
}

fn audience_query(campaign: &Campaign) -> String {
    let day = campaign.intent.from;
    match campaign.intent.source {
        Source::Audience(_) => "is_open=1&stage=S10,S20,S30,S40,S50,S60,S70".to_owned(),
        Source::Resent => format!("notice={}&service=UNSERVED&repaired=1", campaign.intent.notice),
        _ => format!("notice={}&due_month={}", campaign.intent.notice, month(day)),
    }
}

fn steps(house: &House<'_>, campaign: &Campaign) -> Vec<Record> {
    let intent = &campaign.intent;
    (intent.channels.iter().enumerate())
        .map(|(index, channel)| {
            let waits = !intent.legal() && index > 0;
            let mut step = Record::new();
            let mut put = |field: &'static str, value: Value| step.insert(field, value);
            put("channel", channel.code().into());
            put("template", template::name(house, intent.notice, *channel, "en").into());
            put("step_order", json!(index + 1));
            put("wait_hours", json!(if waits { 24 } else { 0 }));
            put("go_on_when", if waits { "UNDELIVERED" } else { "ALWAYS" }.into());
            if channel.postal() {
                put("speed_post_flags", if *channel == Channel::SpeedPost { "RP" } else { "P" }.into());
            }
            step
        })
        .collect()
}
