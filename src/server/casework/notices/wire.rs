//! Campaigns, their respondents and their messages as Frappe writes them.

use super::super::columns::{Check, Date, LocalTime, Rupees, record};

/// The columns that casework filters, groups and sums by.
pub mod column {
    use crate::server::frappe::Field;

    pub const NAME: Field = Field::new("name");
    pub const MODIFIED: Field = Field::new("modified");
    pub const STATE: Field = Field::new("state");
    pub const NOTICE: Field = Field::new("notice_type");
    pub const CAMPAIGN: Field = Field::new("campaign");
    pub const CASE: Field = Field::new("case_ref");
    pub const CASE_NUMBER: Field = Field::new("case_id");
    pub const ELIGIBILITY: Field = Field::new("eligibility");
    pub const BLOCK_REASON: Field = Field::new("block_reason");
    pub const FINDINGS: Field = Field::new("findings");
    pub const STOPPED: Field = Field::new("stopped_reason");
    pub const MADE_BY: Field = Field::new("made_by");
    pub const EVIDENCE: Field = Field::new("evidence_level");
    pub const ENGAGEMENT: Field = Field::new("engagement_level");
    pub const SERVED: Field = Field::new("served");
    pub const TRIED: Field = Field::new("attempted_channels");
    pub const REACHED: Field = Field::new("reached_channels");
    pub const FIRST: Field = Field::new("first_reached_channel");
    pub const REACHED_HOUR: Field = Field::new("reached_hour");
    pub const REACHED_DAY: Field = Field::new("reached_day");
    pub const SIDE: Field = Field::new("failure_side");
    pub const REASON: Field = Field::new("normalised_reason");
    pub const COST: Field = Field::new("cost");
    pub const CHANNEL: Field = Field::new("channel");
    pub const IS_BEST: Field = Field::new("is_best");
    pub const OUTCOME: Field = Field::new("outcome");
    pub const ACCEPTED: Field = Field::new("was_accepted");
    pub const DELIVERED: Field = Field::new("was_delivered");
    pub const READ: Field = Field::new("was_read");
    pub const CLICKED: Field = Field::new("was_clicked");
    pub const INTIMATED: Field = Field::new("was_intimated");
    pub const BOUNCE: Field = Field::new("bounce_kind");
    pub const DELIVERED_HOUR: Field = Field::new("delivered_hour");
    pub const DELIVERED_DAY: Field = Field::new("delivered_day");
    pub const BUCKET: Field = Field::new("deliver_bucket");
    pub const MONTH: Field = Field::new("sent_month");
    pub const TEMPLATE: Field = Field::new("template_code");
    pub const LANGUAGE: Field = Field::new("language");
    pub const ZONE: Field = Field::new("zone");
    pub const PRODUCT: Field = Field::new("product");
}

record! {
    /// A campaign as the list shows it.
    pub struct CampaignRecord of "Notice Campaign" {
        modified: String,
        campaign_no: String,
        title: String,
        notice_type: String,
        state: String,
        window_start: String,
        window_end: String,
        started_at: LocalTime,
        folded_until_at: LocalTime,
        targeted: u64,
        eligible: u64,
        attempted: u64,
        concluded: u64,
        served: u64,
        delivered: u64,
        engaged: u64,
        responded: u64,
        cost_total: Rupees,
    }
}

record! {
    /// What else its own page shows.
    pub struct AboutRecord of "Notice Campaign" {
        campaign_no: String,
        title: String,
        notice_type: String,
        state: String,
        window_start: String,
        window_end: String,
        started_at: LocalTime,
        folded_until_at: LocalTime,
        legal: Check,
        plan: String,
        approved_by: String,
        approved_2_by: String,
        sent_out_at: LocalTime,
        completed_at: LocalTime,
        pause_reason: String,
        stop_reason: String,
        cost_estimate: Rupees,
        budget: Rupees,
        messages: u64,
        messages_pending: u64,
        preflight: String,
        made_by: String,
    }
}

record! {
    /// What a campaign is called.
    pub struct TitleRecord of "Notice Campaign" {
        title: String,
        state: String,
        made_by: String,
    }
}

record! {
    /// A respondent of a campaign.
    pub struct RecipientRecord of "Notice Recipient" {
        case_ref: String,
        case_id: String,
        party_label: String,
        language: String,
        block_reason: String,
        evidence_level: u8,
        engagement_level: u8,
        served_on: Date,
        attempted_channels: String,
        reached_channels: String,
        first_reached_at: LocalTime,
        failure_side: String,
        normalised_reason: String,
    }
    names { title_text, }
}

record! {
    /// A message.
    pub struct MessageRecord of "Notice Delivery" {
        recipient: String,
        channel: String,
        attempt: u32,
        state: String,
        last_event_at: LocalTime,
        failure_side: String,
        normalised_reason: String,
        raw_code: String,
    }
}
