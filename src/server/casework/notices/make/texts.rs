//! The texts of a campaign: which step sends which, in which languages there is one, and whether it may go out.
//!
//! A text is kept as base64 beside its hash, and one that is not what its hash says is in nobody's force. It must not know who gets it.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::wire::{CaseRecord, PartyRecord, StepRow, TemplateRecord, TextLine, channel, column, tells_dues, value_of};
use crate::{
    model::{Channel, NoticeType, Piece, TextFacts, TextVariable, longest_value, missing, pieces, variables},
    server::{
        casework::{Refusal, columns::Site},
        frappe::{Client, Condition, Direction, PAGE_MAX, Query, RowScope},
        session::hex,
    },
};

/// The state of a text that may go out.
const ACTIVE: &str = "ACTIVE";
/// The most characters of a value that goes into an SMS: operators refuse longer ones.
const SMS_VALUE_MAX: usize = 30;
/// What a registered header ends with since operators ask for it.
const HEADER_ENDS: [&str; 4] = ["-T", "-P", "-S", "-G"];

/// A text, read.
pub struct Text {
    /// As it is kept.
    pub record: TemplateRecord,
    /// What it says; `None` where it is not what its hash says.
    pub body: Option<String>,
    /// What is put into it.
    pub variables: Vec<TextVariable>,
}

impl Text {
    fn of(record: TemplateRecord) -> Self {
        let bytes = STANDARD.decode(&record.body).ok().filter(|bytes| hex(&Sha256::digest(bytes)) == record.body_sha256);
        let body = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let variables = variables(&record.variables);
        Self { body, variables, record }
    }

    /// Whether it is in force, and its provider lets it through.
    pub fn is_in_force(&self) -> bool {
        self.body.is_some() && self.record.state == ACTIVE && matches!(self.record.provider_state.as_str(), "NOT_NEEDED" | "APPROVED")
    }

    /// Whether who carries it knows the sender.
    fn is_identified(&self) -> bool {
        let ids: Json = serde_json::from_str(&self.record.provider_ids).unwrap_or_default();
        let said = |name: &str| ids.get(name).and_then(Json::as_str).filter(|text| !text.trim().is_empty());
        match channel(&self.record.channel) {
            Channel::Sms => {
                let header = said("header").is_some_and(|header| HEADER_ENDS.iter().any(|end| header.ends_with(end)));
                header && said("pe").is_some() && said("template").is_some()
            }
            Channel::WhatsApp => said("name").is_some(),
            Channel::Email => said("domain").is_some() && ids.get("dkim") == Some(&Json::Bool(true)),
            _ => true,
        }
    }

    /// The text with a respondent's values in it.
    pub fn for_somebody(&self, case: &CaseRecord, party: &PartyRecord, site: &Site) -> Vec<Piece> {
        pieces(self.body.as_deref().unwrap_or_default(), &self.variables, |field| value_of(field, case, party, site))
    }

    /// The most characters that any value of it may have.
    pub fn value_max(&self) -> Option<usize> {
        (self.record.channel == Channel::Sms.code()).then_some(SMS_VALUE_MAX)
    }
}

/// A step with its texts.
pub struct StepTexts {
    /// The step.
    pub row: StepRow,
    /// The text that it names; `None` where there is none such.
    own: Option<Text>,
    /// Those of the same code that are in force, by language.
    by_language: BTreeMap<String, Text>,
}

impl StepTexts {
    /// Its channel.
    pub fn channel(&self) -> Channel {
        channel(&self.row.channel)
    }

    /// The text for a language, and whether it is in that language.
    pub fn of(&self, language: &str) -> (Option<&Text>, bool) {
        match self.by_language.get(language) {
            Some(text) => (Some(text), true),
            None => (self.own.as_ref(), self.own.as_ref().is_some_and(|own| own.record.language == language)),
        }
    }

    /// The languages in which there is a text in force.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.by_language.keys().map(String::as_str)
    }

    /// The text that it names.
    pub const fn own(&self) -> Option<&Text> {
        self.own.as_ref()
    }

    /// Whether it could send in this language at all.
    pub fn sends_in(&self, language: &str) -> bool {
        self.of(language).0.is_some_and(|text| text.is_in_force() && text.is_identified())
    }

    /// What the check before a release has to know of it.
    pub fn facts(&self, case: &CaseRecord, party: &PartyRecord, site: &Site) -> TextFacts {
        let (text, in_language) = self.of(party.language());
        let written = text.map(|text| text.for_somebody(case, party, site)).unwrap_or_default();
        TextFacts {
            channel: self.channel(),
            in_force: text.is_some_and(Text::is_in_force),
            identified: text.is_none_or(Text::is_identified),
            in_language,
            ill_fitting: !missing(&written).is_empty() || longest_value(&written, text.and_then(Text::value_max)),
            tells_dues: text.is_some_and(|text| text.variables.iter().any(|variable| tells_dues(&variable.field))),
        }
    }

    /// What was submitted of it: the texts that may go out, by the hash of each.
    pub fn submitted(&self) -> String {
        let row = &self.row;
        let own = self.own.iter().filter(|own| !self.by_language.contains_key(&own.record.language));
        let texts: Vec<String> = own
            .chain(self.by_language.values())
            .map(|text| format!("{}:{}:{}", text.record.language, text.record.version, text.record.body_sha256))
            .collect();
        format!("{} {} {} {} {}", row.step_order, row.channel, row.wait_hours, row.go_on_when, texts.join(" "))
    }
}

/// The texts of these steps, in the steps' order.
///
/// # Errors
/// Any fault of the calls.
pub async fn of_steps(client: &Client, steps: &[StepRow]) -> Result<Vec<StepTexts>, Refusal> {
    let of = || Query::<TemplateRecord>::new(RowScope::institution_wide());
    let named = of().filter(Condition::one_of(column::NAME, steps.iter().map(|step| step.template.as_str())));
    let own: Vec<TemplateRecord> = client.list(&named.page(0, PAGE_MAX)).await?.rows;
    let codes: BTreeSet<&str> = own.iter().map(|text| text.code.as_str()).collect();
    let in_force = of().filter(Condition::one_of(column::CODE, codes)).filter(Condition::eq(column::STATE, ACTIVE));
    // Of several versions in force the newest counts: it is read last.
    let in_force = client.list(&in_force.order_by(column::VERSION, Direction::Ascending).page(0, PAGE_MAX)).await?.rows;
    let mut steps: Vec<&StepRow> = steps.iter().collect();
    steps.sort_by_key(|step| step.step_order);
    let texts = |step: &StepRow| {
        let named = own.iter().find(|text| text.name == step.template);
        let like = in_force.iter().filter(|text| text.channel == step.channel && named.is_some_and(|named| named.code == text.code));
        let by_language = like.map(|text| (text.language.clone(), Text::of(text.clone()))).collect();
        StepTexts { row: step.clone(), own: named.cloned().map(Text::of), by_language }
    };
    Ok(steps.into_iter().map(texts).collect())
}

/// A text that can be chosen for a step: one code on one channel, in the languages that it has.
pub struct Offered {
    /// Name of the text in the first of its languages, English before others.
    pub name: String,
    /// Its channel.
    pub channel: Channel,
    /// What it says of itself in a list.
    pub words: String,
}

/// The texts in force for a notice.
///
/// # Errors
/// Any fault of the call.
pub async fn offered(client: &Client, notice: &NoticeType) -> Result<Vec<Offered>, Refusal> {
    let in_force = Query::<TextLine>::new(RowScope::institution_wide()).filter(Condition::eq(column::NOTICE, notice.code()));
    let in_force = in_force.filter(Condition::eq(column::STATE, ACTIVE)).order_by(column::VERSION, Direction::Ascending);
    let mut by_code: BTreeMap<(String, String), BTreeMap<String, TextLine>> = BTreeMap::new();
    for line in client.list(&in_force.page(0, PAGE_MAX)).await?.rows {
        by_code.entry((line.channel.clone(), line.code.clone())).or_default().insert(line.language.clone(), line);
    }
    let offer = |((code_of_channel, _), languages): ((String, String), BTreeMap<String, TextLine>)| {
        let first = languages.get("en").or_else(|| languages.values().next())?.clone();
        let named: Vec<&str> = languages.keys().map(|code| crate::model::language_name(code)).collect();
        let held = languages.values().any(|line| !matches!(line.provider_state.as_str(), "NOT_NEEDED" | "APPROVED"));
        let held = if held { "; its provider lets none of some language through" } else { "" };
        let channel = channel(&code_of_channel);
        let words =
            format!("{}: {} ({}), version {}, in {}{held}", channel.label(), first.title, first.code, first.version, named.join(", "));
        Some(Offered { name: first.name, channel, words })
    };
    Ok(by_code.into_iter().filter_map(offer).collect())
}
