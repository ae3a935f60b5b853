//! The texts of notices, by channel and language, with what the providers say of them.
//!
//! Knows which text a message of a campaign uses; nothing of who gets it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::channel::Channel;
use crate::demo::portfolio::Sink;
use crate::demo::portfolio::people::House;
use crate::demo::portfolio::plan::Plan;
use crate::demo::portfolio::random::derived_name;
use crate::demo::portfolio::row::{at, natural_key, sha256};

const NOTICES: [(&str, &str); 7] = [
    ("LRN", "Loan recall notice"),
    ("S21", "Notice under section 21"),
    ("SOC", "Statement of claim"),
    ("HEARING", "Notice of the first hearing"),
    ("AWARD", "Signed copy of the award"),
    ("REMINDER", "Payment reminder"),
    ("SETTLEMENT_OFFER", "Settlement offer"),
];
const CHANNELS: [Channel; 5] = [Channel::Email, Channel::Sms, Channel::WhatsApp, Channel::SpeedPost, Channel::Courier];

/// The language in which a case's respondents are written to: Hindi where they speak it, else English.
pub fn language(plan: &Plan) -> &'static str {
    if plan.place.language == "hi" { "hi" } else { "en" }
}

/// The code that versions and languages of a notice's texts share.
pub fn code(notice: &str) -> String {
    format!("{notice}-26")
}

/// Name of the row of the text in use.
pub(in crate::demo::portfolio) fn name(house: &House<'_>, notice: &str, channel: Channel, language: &str) -> String {
    named(house, notice, channel, language, 2)
}

fn named(house: &House<'_>, notice: &str, channel: Channel, language: &str, version: i64) -> String {
    derived_name(&format!("{}/template/{notice}/{}/{language}/{version}", house.spec.id, channel.code()))
}

/// Writes every text: an old version, the one in use, and for two of them one that waits for approval.
pub(in crate::demo::portfolio) fn write(house: &House<'_>, sink: &mut Sink<'_>) {
    for (notice, title) in NOTICES {
        for channel in CHANNELS.into_iter().filter(|channel| used(notice, *channel)) {
            for language in ["en", "hi"] {
                let newest = if channel == Channel::Sms && matches!(notice, "REMINDER" | "S21") { 3 } else { 2 };
                for version in 1..=newest {
                    one(house, (notice, title), channel, language, version, sink);
                }
            }
        }
    }
}

fn used(notice: &str, channel: Channel) -> bool {
    match notice {
        "AWARD" => channel.postal(),
        "REMINDER" => matches!(channel, Channel::WhatsApp | Channel::Sms),
        "SETTLEMENT_OFFER" => matches!(channel, Channel::WhatsApp | Channel::Sms | Channel::SpeedPost),
        _ => true,
    }
}

fn one(house: &House<'_>, (notice, title): (&str, &str), channel: Channel, language: &str, version: i64, sink: &mut Sink<'_>) {
    let body = body(house, title, channel, language);
    let state = match version {
        1 => "RETIRED",
        2 => "ACTIVE",
        _ => "PENDING_APPROVAL",
    };
    let provider_state = match channel {
        Channel::Email | Channel::SpeedPost | Channel::Courier => "NOT_NEEDED",
        _ if version > 2 => "PENDING",
        // The text that the operators refuse: the running campaign with it is paused.
        Channel::Sms if notice == "REMINDER" && version == 2 => "PAUSED",
        _ => "APPROVED",
    };
    let ids = match channel {
        Channel::Sms => {
            json!({"pe": "DEMO0000000001", "header": "DEMOLN-S", "template": format!("DEMO{}", &sha256(&format!("{notice}{language}{version}"))[..12])})
        }
        Channel::WhatsApp => json!({"name": format!("{}_{language}_{version}", notice.to_lowercase()), "category": "UTILITY"}),
        Channel::Email => json!({"domain": house.spec.domain(), "dkim": true, "dmarc": true}),
        _ => json!({"paper": "A4", "envelope": "window"}),
    };
    let code = code(notice);
    let made_at = at(house.today - 500 + version * 120, 700);
    let mut row = house
        .row(&named(house, notice, channel, language, version), &house.user("legal.manager"), made_at, made_at + 86_400)
        .text("template_key", natural_key(&house.spec.record, &[&code, channel.code(), language, &version.to_string()]))
        .text("code", code)
        .text("title", house.mark(title))
        .text("notice_type", notice)
        .text("channel", channel.code())
        .text("language", language)
        .int("version", version)
        .text("body", STANDARD.encode(&body))
        .text("body_sha256", sha256(&body))
        .text(
            "variables",
            json!([
                {"name": "name", "field": "party_name", "longest": 30},
                {"name": "case", "field": "case_id", "longest": 20},
                {"name": "amount", "field": "total_dues", "longest": 15},
            ])
            .to_string(),
        )
        .text("state", state)
        .text("provider_ids", ids.to_string())
        .text("provider_state", provider_state)
        .check("legal", !matches!(notice, "REMINDER" | "SETTLEMENT_OFFER"));
    if provider_state != "NOT_NEEDED" {
        row = row.moment("provider_checked_at", at(house.today, 5));
    }
    if channel == Channel::Email {
        row = row.text("subject", house.mark(&format!("{title}: {{{{case}}}}")));
    }
    sink("Notice Template", row.done());
}

fn body(house: &House<'_>, title: &str, channel: Channel, language: &str) -> String {
    let sender = &house.spec.display_name;
    match (channel, language) {
        (Channel::Sms, "hi") => format!("{sender}: {{{{case}}}} में {{{{amount}}}} रुपये बकाया हैं। कृपया सूचना देखें।"),
        (Channel::Sms, _) => format!("{sender}: Rs {{{{amount}}}} are due in {{{{case}}}}. Please read the notice sent to you."),
        (_, "hi") => format!("{title}\n\nप्रिय {{{{name}}}},\nमामला {{{{case}}}} में {{{{amount}}}} रुपये बकाया हैं।\n\n{sender}"),
        _ => format!("{title}\n\nDear {{{{name}}}},\nin the matter {{{{case}}}} an amount of Rs {{{{amount}}}} is due.\n\n{sender}"),
    }
}
