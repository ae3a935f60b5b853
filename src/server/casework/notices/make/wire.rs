//! A campaign that is being made, its texts, and the cases and respondents that it is made of, as Frappe writes them.

use serde::Deserialize;

use crate::{
    model::{CampaignState, Channel, Day, Hold, NoticeType, SettlementTrack, Term},
    server::casework::{
        columns::{Check, Date, LocalTime, Rupees, Site, record, some_text},
        file::party_label,
    },
};

/// The columns that are asked for by name.
pub mod column {
    use crate::server::frappe::Field;

    pub const NAME: Field = Field::new("name");
    pub const STATE: Field = Field::new("state");
    pub const MADE_BY: Field = Field::new("made_by");
    pub const CHANGED_BY: Field = Field::new("changed_by");
    pub const IDEM_KEY: Field = Field::new("idem_key");
    pub const CAMPAIGN: Field = Field::new("campaign");
    pub const CASE: Field = Field::new("case_ref");
    pub const NOTICE: Field = Field::new("notice_type");
    pub const LANGUAGE: Field = Field::new("language");
    pub const ELIGIBILITY: Field = Field::new("eligibility");
    pub const EVIDENCE: Field = Field::new("evidence_level");
    pub const STOPPED: Field = Field::new("stopped_reason");
    pub const RELEASED: Field = Field::new("released");
    pub const CODE: Field = Field::new("code");
    pub const VERSION: Field = Field::new("version");
    pub const MOBILE_HASH: Field = Field::new("mobile_hash");
    pub const MUST_BE_SERVED: Field = Field::new("must_be_served");
    pub const RECIPIENT: Field = Field::new("recipient");
    pub const QUEUED_AT: Field = Field::new("queued_at");
}

/// One channel of a campaign: a row of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct StepRow {
    /// Option set `channel`.
    pub channel: String,
    /// Name of the text.
    pub template: String,
    /// Which.
    pub step_order: i64,
    /// Hours to wait before it.
    pub wait_hours: i64,
    /// Option set `step_condition`.
    pub go_on_when: String,
}

record! {
    /// A campaign whole. Its steps are rows of their own, which no list has: it is only ever read by its name.
    pub struct CampaignWork of "Notice Campaign" {
        campaign_no: String,
        title: String,
        notice_type: String,
        state: String,
        plan: String,
        steps: Vec<StepRow>,
        audience_query: String,
        frozen_at: LocalTime,
        audience_sha256: String,
        window_start: String,
        window_end: String,
        send_days: String,
        throttle_per_hour: i64,
        budget: Rupees,
        cost_estimate: Rupees,
        scheduled_at: LocalTime,
        pause_reason: String,
        stop_reason: String,
        targeted: u64,
        eligible: u64,
        warned: u64,
        blocked: u64,
        preflight: String,
        made_by: String,
        submitted_by: String,
        approved_by: String,
        approved_2_by: String,
    }
}

impl CampaignWork {
    /// How far it has come.
    pub fn state(&self) -> CampaignState {
        self.state.clone().into()
    }

    /// What it sends.
    pub fn notice(&self) -> NoticeType {
        self.notice_type.clone().into()
    }
}

record! {
    /// A campaign, as far as finding it needs.
    pub struct CampaignName of "Notice Campaign" {}
}

record! {
    /// A text with its body.
    pub struct TemplateRecord of "Notice Template" {
        code: String,
        title: String,
        channel: String,
        language: String,
        version: i64,
        body: String,
        body_sha256: String,
        subject: String,
        variables: String,
        state: String,
        provider_ids: String,
        provider_state: String,
    }
}

record! {
    /// A text, as a form offers it.
    pub struct TextLine of "Notice Template" {
        code: String,
        title: String,
        channel: String,
        language: String,
        version: i64,
        provider_state: String,
    }
}

record! {
    /// A case, as far as a notice needs.
    pub struct CaseRecord of "Arbitration Case" {
        case_id: String,
        draft_no: String,
        lan: String,
        product: String,
        zone: String,
        region: String,
        branch: String,
        legal_owner: String,
        collections_owner: String,
        advocate: String,
        is_open: Check,
        hold: String,
        settlement_track: String,
        total_dues: Rupees,
        claim_basis_amount: Rupees,
        dues_on: Date,
        agreement_no: String,
        agreement_on: Date,
        default_on: Date,
        next_hearing_at: LocalTime,
    }
}

record! {
    /// A party, as far as a notice needs.
    pub struct PartyRecord of "Case Party" {
        case_ref: String,
        seq: i64,
        party_role: String,
        alive: String,
        language: String,
        whatsapp_opt_in: Check,
        has_mobile: Check,
        has_email: Check,
        has_address: Check,
        mobile_hash: String,
        state_name: String,
        city: String,
        pincode: String,
    }
    names { party_name, name_local, }
}

record! {
    /// A respondent of a campaign as it stands, as far as freezing anew needs.
    pub struct RecipientNow of "Notice Recipient" {
        recipient_key: String,
        case_ref: String,
        party: String,
        case_id: String,
        party_label: String,
        party_seq: i64,
        language: String,
        state_name: String,
        pin3: String,
        eligibility: String,
        findings: String,
        block_reason: String,
        stopped_reason: String,
        zone: String,
        region: String,
        branch: String,
        product: String,
        legal_owner: String,
        collections_owner: String,
        advocate: String,
    }
    names { title_text, }
}

record! {
    /// A respondent of a campaign, as far as adding them up needs.
    pub struct RecipientSum of "Notice Recipient" {
        eligibility: String,
        findings: String,
        language: String,
        zone: String,
        product: String,
    }
}

record! {
    /// A respondent of a campaign before their text.
    pub struct RecipientSeen of "Notice Recipient" {
        case_ref: String,
        party: String,
        case_id: String,
        party_label: String,
        findings: String,
        block_reason: String,
        stopped_reason: String,
    }
    names { title_text, }
}

record! {
    /// A respondent, as far as counting and stopping need.
    pub struct RecipientKey of "Notice Recipient" {
        campaign: String,
        party: String,
    }
}

record! {
    /// A message, as far as counting needs.
    pub struct DeliveryKey of "Notice Delivery" {}
}

impl CaseRecord {
    /// The number that people know it by.
    pub fn number(&self) -> &str {
        if self.case_id.is_empty() { &self.draft_no } else { &self.case_id }
    }

    /// What stops its notices; nothing said is nothing.
    pub fn hold(&self) -> Hold {
        some_text(self.hold.clone()).map_or(Hold::None, Hold::from)
    }

    /// How far a settlement has come.
    pub fn settlement(&self) -> SettlementTrack {
        some_text(self.settlement_track.clone()).map_or(SettlementTrack::None, SettlementTrack::from)
    }

    /// Zone, region, branch, product and the three people.
    pub fn place(&self) -> [&str; 7] {
        [&self.zone, &self.region, &self.branch, &self.product, &self.legal_owner, &self.collections_owner, &self.advocate]
    }
}

impl PartyRecord {
    /// Which respondent of the case: `R2`.
    pub fn label(&self) -> String {
        party_label(&self.party_role, self.seq)
    }

    /// In which language they are written to.
    pub fn language(&self) -> &str {
        if self.language.is_empty() { "en" } else { &self.language }
    }

    /// The first three digits of the PIN code.
    pub fn pin3(&self) -> String {
        self.pincode.chars().take(3).collect()
    }
}

/// What a field of the records says of a respondent, as a text has it; `None` for a field that no text takes, and where there is nothing.
pub fn value_of(field: &str, case: &CaseRecord, party: &PartyRecord, site: &Site) -> Option<String> {
    let day = |day: Option<Day>| day.map(Day::long).unwrap_or_default();
    let text = match field {
        "party_name" => party.party_name.clone(),
        "name_local" => party.name_local.clone(),
        "city" => party.city.clone(),
        "state_name" => party.state_name.clone(),
        "pincode" => party.pincode.clone(),
        "case_id" => case.number().to_owned(),
        "lan" => case.lan.clone(),
        "product" => Term::of(case.product.as_str()).label,
        "total_dues" => case.total_dues.0.exact().replace('₹', ""),
        "claim_basis_amount" => case.claim_basis_amount.0.exact().replace('₹', ""),
        "dues_on" => day(case.dues_on.day()),
        "agreement_no" => case.agreement_no.clone(),
        "agreement_on" => day(case.agreement_on.day()),
        "default_on" => day(case.default_on.day()),
        "next_hearing_at" => case.next_hearing_at.instant(site).map(|at| at.long()).unwrap_or_default(),
        _ => return None,
    };
    some_text(text)
}

/// Whether a field says what is due.
pub fn tells_dues(field: &str) -> bool {
    matches!(field, "total_dues" | "claim_basis_amount")
}

/// Whether a field says who a borrower is.
pub fn names_somebody(field: &str) -> bool {
    matches!(field, "party_name" | "name_local" | "city" | "state_name" | "pincode" | "lan" | "agreement_no")
}

/// A channel by its code.
pub fn channel(code: &str) -> Channel {
    Channel::from(code.to_owned())
}
