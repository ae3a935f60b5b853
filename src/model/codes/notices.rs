//! Option sets of notices that were sent: channels, how far a message has come, why one failed and whose doing that was.
//!
//! Server only. Owns the codes, their words, their ranks and their sides; what a provider calls them is `vendor`'s. It must not know
//! how anything is counted.

use serde::{Deserialize, Serialize};

use super::same_word;

codes! {
    /// A way by which a notice goes out.
    Channel {
        Email = "EMAIL", "E-mail";
        Sms = "SMS", "SMS";
        WhatsApp = "WHATSAPP", "WhatsApp";
        SpeedPost = "SPEED_POST", "Speed Post";
        Courier = "COURIER", "Courier";
        Hand = "HAND", "By hand";
    }
}

codes! {
    /// How far a campaign has come.
    CampaignState {
        Draft = "DRAFT", "Draft";
        Validating = "VALIDATING", "Being checked";
        Ready = "READY", "Ready";
        PendingApproval = "PENDING_APPROVAL", "Pending approval";
        Returned = "RETURNED", "Returned";
        Approved = "APPROVED", "Approved";
        Scheduled = "SCHEDULED", "Scheduled";
        Running = "RUNNING", "Running";
        Paused = "PAUSED", "Paused";
        SentOut = "SENT_OUT", "Sent out";
        Settling = "SETTLING", "Settling";
        Complete = "COMPLETE", "Complete";
        Cancelled = "CANCELLED", "Cancelled";
        Failed = "FAILED", "Failed";
    }
}

codes! {
    /// How far a message has come.
    DeliveryState {
        Queued = "QUEUED", "Queued";
        Submitted = "SUBMITTED", "Submitted";
        Sent = "SENT", "Sent";
        Booked = "BOOKED", "Booked";
        InTransit = "IN_TRANSIT", "In transit";
        OutForDelivery = "OUT_FOR_DELIVERY", "Out for delivery";
        IntimationServed = "INTIMATION_SERVED", "Intimation served";
        ReturnInitiated = "RETURN_INITIATED", "On its way back";
        Expired = "EXPIRED", "Expired";
        Undelivered = "UNDELIVERED", "Undelivered";
        Failed = "FAILED", "Failed";
        Bounced = "BOUNCED", "Bounced";
        Rejected = "REJECTED", "Rejected";
        Lost = "LOST", "Lost";
        Returned = "RETURNED", "Returned";
        Delivered = "DELIVERED", "Delivered";
        Read = "READ", "Read";
        Clicked = "CLICKED", "Clicked";
        Replied = "REPLIED", "Replied";
        Unmapped = "UNKNOWN", "Not known to the portal";
    }
}

codes! {
    /// Whose doing a failure was.
    FailureSide {
        Ours = "OURS", "Ours";
        Theirs = "THEIRS", "Theirs";
        Unsure = "UNKNOWN", "Not known";
        None = "NONE", "None";
    }
}

codes! {
    /// Why a message did not arrive; of several, a respondent's is the first in this order.
    FailureReason {
        Deceased = "DECEASED", "Deceased";
        Refused = "REFUSED", "Refused";
        Unclaimed = "UNCLAIMED", "Unclaimed";
        BadAddress = "BAD_ADDRESS", "Bad address";
        Absent = "ABSENT", "Door locked or absent";
        BadNumber = "BAD_NUMBER", "Bad number";
        NotOnWhatsApp = "NOT_ON_WHATSAPP", "Not on WhatsApp, or blocked";
        HardBounce = "HARD_BOUNCE", "No such mailbox";
        Dnd = "DND", "Do not disturb";
        Complaint = "COMPLAINT", "Marked as spam";
        Suppressed = "SUPPRESSED", "Suppressed after an earlier failure";
        SoftBounce = "SOFT_BOUNCE", "Mailbox full or not answering";
        DeviceFull = "DEVICE_FULL", "Message inbox full";
        Unreachable = "UNREACHABLE", "Unreachable";
        DltTemplate = "DLT_TEMPLATE", "Text differs from the registered template";
        DltIdentity = "DLT_IDENTITY", "Sender or header not registered";
        Template = "TEMPLATE", "Template missing or paused";
        Media = "MEDIA", "Attachment not taken";
        MessageType = "MESSAGE_TYPE", "Kind of message not taken";
        WindowClosed = "WINDOW_CLOSED", "Outside the customer service window";
        Billing = "BILLING", "Not paid for at the provider";
        SpamLimit = "SPAM_LIMIT", "Too many, held as spam";
        MetaLimited = "META_LIMITED", "Held back by WhatsApp";
        Blocked = "BLOCKED", "Blocked by policy";
        CarrierFault = "CARRIER_FAULT", "Lost or damaged by the carrier";
        NoConfirmation = "NO_CONFIRMATION", "Never confirmed";
        Unmapped = "UNMAPPED", "Not known to the portal";
    }
}

codes! {
    /// What is found before a notice goes to somebody, or stops it afterwards; of several that block, the first in this order is named.
    PreflightCode {
        Paid = "PAID", "Nothing is due";
        Settlement = "SETTLEMENT", "Settlement accepted";
        HoldLegal = "HOLD_LEGAL", "Legal hold";
        Deceased = "DECEASED", "Deceased";
        Dispute = "DISPUTE", "Dispute or grievance";
        Moratorium = "MORATORIUM", "Moratorium";
        CourtStay = "COURT_STAY", "Court stay";
        Closed = "CLOSED", "Case closed";
        NoMobile = "NO_MOBILE", "No mobile number";
        NoEmail = "NO_EMAIL", "No e-mail address";
        NoAddress = "NO_ADDRESS", "No address";
        BadPin = "BAD_PIN", "Wrong PIN code";
        NoOptIn = "NO_OPT_IN", "No consent to WhatsApp";
        Dnd = "DND", "Do not disturb";
        DuplicateNumber = "DUPLICATE_NUMBER", "Number of several cases";
        ContactCap = "CONTACT_CAP", "Written to too often";
        StaleDues = "STALE_DUES", "Dues are old";
        NoLanguage = "NO_LANGUAGE", "No text in their language";
        TemplateState = "TEMPLATE_STATE", "Text not in force";
        VariableLength = "VARIABLE_LENGTH", "Value too long";
        Window = "WINDOW", "Outside the hours";
        DltIdentity = "DLT_IDENTITY", "Sender not registered";
        Domain = "DOMAIN", "Mail domain not proven";
    }
}

codes! {
    /// Whether a respondent is written to.
    Eligibility {
        Eligible = "OK", "Eligible";
        Warning = "WARNING", "Eligible, with a warning";
        Blocked = "BLOCKED", "Blocked";
    }
}

codes! {
    /// All channels at once, or one after the other.
    ChannelPlan {
        Parallel = "PARALLEL", "All channels at once";
        Waterfall = "WATERFALL", "One channel after the other";
    }
}

codes! {
    /// When a campaign goes on to its next channel.
    StepCondition {
        Always = "ALWAYS", "In any case";
        Undelivered = "UNDELIVERED", "If nothing was delivered";
        Unread = "UNREAD", "If nothing was read";
    }
}

impl Channel {
    /// The letter by which a respondent's channels are kept; `None` for one that this version does not know.
    pub const fn letter(&self) -> Option<char> {
        Some(match self {
            Self::Email => 'E',
            Self::Sms => 'S',
            Self::WhatsApp => 'W',
            Self::SpeedPost => 'P',
            Self::Courier => 'C',
            Self::Hand => 'H',
            Self::Unknown(_) => return None,
        })
    }

    /// The channel of a letter.
    pub fn of_letter(letter: char) -> Option<Self> {
        Self::ALL.iter().find(|channel| channel.letter() == Some(letter)).cloned()
    }

    /// Whether it is carried by people: told in days and not in hours.
    pub const fn is_carried(&self) -> bool {
        matches!(self, Self::SpeedPost | Self::Courier | Self::Hand)
    }
}

impl CampaignState {
    /// Whether providers may still tell something of its messages.
    pub const fn is_settling(&self) -> bool {
        matches!(self, Self::Running | Self::Paused | Self::SentOut | Self::Settling)
    }
}

impl DeliveryState {
    /// A higher rank wins; what has the rank 0 moves nothing.
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Queued => 10,
            Self::Submitted => 20,
            Self::Sent | Self::Booked => 30,
            Self::InTransit => 40,
            Self::OutForDelivery => 50,
            Self::IntimationServed => 60,
            Self::ReturnInitiated => 65,
            Self::Expired | Self::Undelivered | Self::Failed | Self::Bounced | Self::Rejected | Self::Lost => 70,
            Self::Returned => 75,
            Self::Delivered => 80,
            Self::Read => 85,
            Self::Clicked => 90,
            Self::Replied => 95,
            Self::Unmapped | Self::Unknown(_) => 0,
        }
    }
}

impl FailureReason {
    /// Whose doing it is: carrier, pace and template are chosen by the institution.
    pub const fn side(&self) -> FailureSide {
        match self {
            Self::Deceased
            | Self::Refused
            | Self::Unclaimed
            | Self::BadAddress
            | Self::Absent
            | Self::BadNumber
            | Self::NotOnWhatsApp
            | Self::HardBounce
            | Self::Dnd
            | Self::Complaint
            | Self::Suppressed
            | Self::SoftBounce
            | Self::DeviceFull
            | Self::Unreachable => FailureSide::Theirs,
            Self::DltTemplate
            | Self::DltIdentity
            | Self::Template
            | Self::Media
            | Self::MessageType
            | Self::WindowClosed
            | Self::Billing
            | Self::SpamLimit
            | Self::MetaLimited
            | Self::Blocked
            | Self::CarrierFault => FailureSide::Ours,
            Self::NoConfirmation | Self::Unmapped | Self::Unknown(_) => FailureSide::Unsure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_of_theirs_come_before_those_of_ours() {
        let sides: Vec<FailureSide> = FailureReason::ALL.iter().map(FailureReason::side).collect();
        let count = |side: FailureSide| sides.iter().filter(|own| **own == side).count();
        assert_eq!([FailureSide::Theirs, FailureSide::Ours, FailureSide::Unsure].map(count), [14, 11, 2]);
        assert!(sides[..14].iter().all(|side| *side == FailureSide::Theirs) && sides[14..25].iter().all(|side| *side == FailureSide::Ours));
        assert_eq!(FailureReason::from("GONE_FISHING".to_owned()).side(), FailureSide::Unsure);
    }

    #[test]
    fn what_failed_ranks_between_what_is_under_way_and_what_arrived() {
        let ranks: Vec<u8> = DeliveryState::ALL.iter().map(DeliveryState::rank).collect();
        let told = ranks.split_last().map(|(_, told)| told).unwrap();
        assert!(told.is_sorted() && told.iter().all(|rank| *rank > 0));
        assert_eq!(DeliveryState::from("TELEPORTED".to_owned()).rank(), 0);
    }

    #[test]
    fn every_channel_has_a_letter_of_its_own() {
        let letters: String = Channel::ALL.iter().filter_map(Channel::letter).collect();
        assert_eq!(letters, "ESWPCH");
        assert!(Channel::ALL.iter().all(|channel| channel.letter().and_then(Channel::of_letter).as_ref() == Some(channel)));
        assert_eq!(Channel::of_letter('X'), None);
    }
}
