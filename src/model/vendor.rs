//! What providers call the states and failures of messages, as data, and what it means here: one row a word of theirs.
//!
//! Server only. A word that no row knows is kept as it came and shown as such; nothing is guessed. It must not know how a word arrives.

use super::codes::notices::{Channel, DeliveryState, FailureReason};

/// Who carries messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// Text messages, in Twilio's words.
    Twilio,
    /// Mail, in SendGrid's words.
    SendGrid,
    /// WhatsApp itself.
    WhatsApp,
    /// Who resells WhatsApp in Gupshup's words.
    Gupshup,
    /// The remarks of India Post.
    IndiaPost,
}

/// A word of a vendor's for how far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorStatus {
    /// Whose word.
    pub vendor: Vendor,
    /// The word, in small letters.
    pub word: &'static str,
    /// What it means; `None` for what moves no message: a count, a wish of the addressee.
    pub state: Option<DeliveryState>,
    /// Why it failed or comes back, where the word says so.
    pub reason: Option<FailureReason>,
}

const fn told(vendor: Vendor, word: &'static str, state: DeliveryState) -> VendorStatus {
    VendorStatus { vendor, word, state: Some(state), reason: None }
}
const fn because(vendor: Vendor, word: &'static str, state: DeliveryState, reason: FailureReason) -> VendorStatus {
    VendorStatus { vendor, word, state: Some(state), reason: Some(reason) }
}
const fn beside(vendor: Vendor, word: &'static str, reason: Option<FailureReason>) -> VendorStatus {
    VendorStatus { vendor, word, state: None, reason }
}

/// The statuses of the vendors.
pub const STATUSES: &[VendorStatus] = {
    use DeliveryState::*;
    use FailureReason as Why;
    use Vendor::*;
    &[
        told(Twilio, "accepted", Queued),
        told(Twilio, "scheduled", Queued),
        told(Twilio, "queued", Queued),
        told(Twilio, "sending", Submitted),
        // No guarantee of arrival.
        told(Twilio, "sent", Sent),
        told(Twilio, "delivered", Delivered),
        told(Twilio, "undelivered", Undelivered),
        told(Twilio, "failed", Failed),
        told(SendGrid, "processed", Submitted),
        // Never attempted.
        because(SendGrid, "dropped", Rejected, Why::Suppressed),
        // Tried again for 72 hours: still under way.
        told(SendGrid, "deferred", Sent),
        because(SendGrid, "bounce", Bounced, Why::HardBounce),
        because(SendGrid, "blocked", Bounced, Why::Blocked),
        told(SendGrid, "delivered", Delivered),
        told(SendGrid, "open", Read),
        told(SendGrid, "click", Clicked),
        beside(SendGrid, "spam report", Some(Why::Complaint)),
        beside(SendGrid, "unsubscribe", None),
        told(WhatsApp, "sent", Sent),
        told(WhatsApp, "delivered", Delivered),
        told(WhatsApp, "read", Read),
        told(WhatsApp, "failed", Failed),
        beside(WhatsApp, "total", None),
        told(WhatsApp, "triggered", Submitted),
        because(WhatsApp, "failed-user-limit", Failed, Why::MetaLimited),
        told(Gupshup, "submitted", Submitted),
        told(Gupshup, "delivered", Delivered),
        told(Gupshup, "read", Read),
        told(Gupshup, "failed", Failed),
        told(IndiaPost, "delivered", Delivered),
        because(IndiaPost, "deposit: addressee absent, intimation served", IntimationServed, Why::Unclaimed),
        because(IndiaPost, "deposit: door locked, intimation served", IntimationServed, Why::Absent),
        because(IndiaPost, "deposit: insufficient address, enquiry", InTransit, Why::BadAddress),
        because(IndiaPost, "deposit: addressee cannot be located", InTransit, Why::BadAddress),
        because(IndiaPost, "redirection: addressee moved", InTransit, Why::BadAddress),
        because(IndiaPost, "returned: refused", Returned, Why::Refused),
        because(IndiaPost, "returned: insufficient address", Returned, Why::BadAddress),
        because(IndiaPost, "returned: deceased", Returned, Why::Deceased),
        because(IndiaPost, "returned: unclaimed", Returned, Why::Unclaimed),
        because(IndiaPost, "damaged", Lost, Why::CarrierFault),
        because(IndiaPost, "missent", InTransit, Why::CarrierFault),
    ]
};

/// What a vendor's word for a status means; `None` for one that no row knows.
pub fn status(vendor: Vendor, word: &str) -> Option<&'static VendorStatus> {
    STATUSES.iter().find(|row| row.vendor == vendor && row.word.eq_ignore_ascii_case(word.trim()))
}

/// How a code of a failure is recognised; letters in either case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// It is this.
    Is(&'static str),
    /// It begins so.
    Begins(&'static str),
    /// It says so somewhere.
    Says(&'static str),
    /// It is a number from here to there.
    Between(u32, u32),
}

/// What goes by the same codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carriage {
    /// Text messages.
    Sms,
    /// WhatsApp.
    WhatsApp,
    /// Mail.
    Email,
    /// Post, courier and whoever brings a letter.
    Post,
}

/// The codes of failures with what each means. Of several that fit, the first counts.
pub const FAILURES: &[(Carriage, Code, FailureReason)] = {
    use Carriage::*;
    use Code::*;
    use FailureReason as Why;
    &[
        (Sms, Is("ABSENT-SUB"), Why::Unreachable),
        (Sms, Is("EXPIRED"), Why::Unreachable),
        (Sms, Is("INVALID-SUB"), Why::BadNumber),
        (Sms, Is("NDNC REJECTED"), Why::Dnd),
        (Sms, Is("BLACKLIST"), Why::Dnd),
        (Sms, Is("TEMPLATE-NOT-MATCHED"), Why::DltTemplate),
        (Sms, Is("VARIABLE-EXCEEDED"), Why::DltTemplate),
        (Sms, Is("TEMPLATE-INACTIVE"), Why::DltTemplate),
        (Sms, Is("TEMPLATE-BLACKLISTED"), Why::DltTemplate),
        (Sms, Is("HEADER-NOT-REGISTERED"), Why::DltIdentity),
        (Sms, Is("SENDER NOT MATCHED"), Why::DltIdentity),
        // Entity, telemarketer, their chain, header.
        (Sms, Between(600, 625), Why::DltIdentity),
        (Sms, Is("MESSAGE INBOX FULL"), Why::DeviceFull),
        (WhatsApp, Is("131026"), Why::NotOnWhatsApp),
        (WhatsApp, Is("131049"), Why::MetaLimited),
        (WhatsApp, Is("131048"), Why::SpamLimit),
        (WhatsApp, Is("131047"), Why::WindowClosed),
        (WhatsApp, Is("131042"), Why::Billing),
        (WhatsApp, Is("132001"), Why::Template),
        (WhatsApp, Is("132015"), Why::Template),
        (WhatsApp, Is("131053"), Why::Media),
        (WhatsApp, Is("131051"), Why::MessageType),
        (WhatsApp, Is("NO WEBHOOK"), Why::NoConfirmation),
        (Email, Is("5.1.1"), Why::HardBounce),
        (Email, Says("user unknown"), Why::HardBounce),
        (Email, Begins("4."), Why::SoftBounce),
        (Email, Says("mailbox full"), Why::SoftBounce),
        (Email, Says("greylist"), Why::SoftBounce),
        (Email, Is("dropped"), Why::Suppressed),
        (Email, Begins("5.7."), Why::Blocked),
        (Email, Says("blocked"), Why::Blocked),
        (Email, Says("policy"), Why::Blocked),
        (Email, Says("spam report"), Why::Complaint),
        (Post, Says("deceased"), Why::Deceased),
        (Post, Says("refused"), Why::Refused),
        (Post, Says("unclaimed"), Why::Unclaimed),
        (Post, Says("door locked"), Why::Absent),
        (Post, Says("intimation served"), Why::Unclaimed),
        (Post, Says("insufficient address"), Why::BadAddress),
        (Post, Says("cannot be located"), Why::BadAddress),
        (Post, Says("moved"), Why::BadAddress),
        (Post, Says("left"), Why::BadAddress),
        (Post, Says("missent"), Why::CarrierFault),
        (Post, Says("damaged"), Why::CarrierFault),
        (Post, Says("lost"), Why::CarrierFault),
    ]
};

/// Why a message failed, by the code as it was given; [`FailureReason::Unmapped`] for one that no row knows.
pub fn reason(channel: &Channel, code: &str) -> FailureReason {
    let carriage = match channel {
        Channel::Sms => Carriage::Sms,
        Channel::WhatsApp => Carriage::WhatsApp,
        Channel::Email => Carriage::Email,
        Channel::SpeedPost | Channel::Courier | Channel::Hand => Carriage::Post,
        Channel::Unknown(_) => return FailureReason::Unmapped,
    };
    let small = code.trim().to_lowercase();
    let fits = |wanted: &Code| match wanted {
        Code::Is(word) => small == word.to_lowercase(),
        Code::Begins(word) => small.starts_with(&word.to_lowercase()),
        Code::Says(words) => says(&small, words),
        Code::Between(from, to) => small.parse::<u32>().is_ok_and(|number| (*from..=*to).contains(&number)),
    };
    let found = FAILURES.iter().find(|(of, wanted, _)| *of == carriage && fits(wanted));
    found.map_or(FailureReason::Unmapped, |(_, _, reason)| reason.clone())
}

/// Whether words stand in a text as words of their own: `left` is none of `leftover`.
fn says(text: &str, words: &str) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    text.match_indices(words).any(|(at, found)| {
        let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + found.len()..).unwrap_or_default());
        !is_letter(before.chars().next_back()) && !is_letter(after.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FailureSide;

    /// The statuses once more, vendor by vendor, in the words of the vendors' own papers.
    const WORDS: [(Vendor, &[&str]); 5] = [
        (Vendor::Twilio, &["accepted", "scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed"]),
        (
            Vendor::SendGrid,
            &["processed", "dropped", "deferred", "bounce", "blocked", "delivered", "open", "click", "spam report", "unsubscribe"],
        ),
        (Vendor::WhatsApp, &["sent", "delivered", "read", "failed", "total", "triggered", "failed-user-limit"]),
        (Vendor::Gupshup, &["submitted", "delivered", "read", "failed"]),
        (
            Vendor::IndiaPost,
            &[
                "Delivered",
                "Deposit: addressee absent, intimation served",
                "Deposit: door locked, intimation served",
                "Deposit: insufficient address, enquiry",
                "Deposit: addressee cannot be located",
                "Redirection: addressee moved",
                "Returned: refused",
                "Returned: insufficient address",
                "Returned: deceased",
                "Returned: unclaimed",
                "Damaged",
                "Missent",
            ],
        ),
    ];

    #[test]
    fn every_status_of_every_vendor_has_one_row_and_every_row_its_status() {
        for (vendor, words) in WORDS {
            let rows: Vec<_> = STATUSES.iter().filter(|row| row.vendor == vendor).collect();
            assert_eq!(rows.len(), words.len(), "{vendor:?}");
            assert!(words.iter().all(|word| status(vendor, word).is_some()), "{vendor:?}");
        }
        assert_eq!(status(Vendor::Twilio, "teleported"), None);
        // Of two vendors the same word may mean two things: it is asked for with its vendor.
        assert_eq!(status(Vendor::Gupshup, "sent"), None);
        assert_eq!(status(Vendor::Twilio, " Sent ").and_then(|row| row.state.clone()), Some(DeliveryState::Sent));
    }

    #[test]
    fn a_status_that_says_why_agrees_with_the_codes_of_its_carriage() {
        for row in STATUSES {
            let (channel, known) = match row.vendor {
                Vendor::IndiaPost => (Channel::SpeedPost, row.reason.clone()),
                Vendor::SendGrid => (Channel::Email, row.reason.clone().filter(|_| row.word != "bounce")),
                _ => continue,
            };
            if let Some(known) = known {
                assert_eq!(reason(&channel, row.word), known, "{}", row.word);
            }
        }
        // What has failed for good is no state that a later word could overtake with less.
        let failed = |word: &str| status(Vendor::IndiaPost, word).and_then(|row| row.state.clone()).map(|state| state.rank());
        assert!(failed("returned: refused") > failed("missent") && failed("damaged") > failed("redirection: addressee moved"));
    }

    /// The codes once more, channel by channel: what each means, and whose doing it is.
    #[test]
    fn every_code_of_a_failure_means_one_reason_and_one_side() {
        use FailureReason::*;
        let (ours, theirs, unsure) = (FailureSide::Ours, FailureSide::Theirs, FailureSide::Unsure);
        let rows: &[(Channel, &[&str], FailureReason, &FailureSide)] = &[
            (Channel::Sms, &["ABSENT-SUB", "EXPIRED", "expired"], Unreachable, &theirs),
            (Channel::Sms, &["INVALID-SUB"], BadNumber, &theirs),
            (Channel::Sms, &["NDNC REJECTED", "BLACKLIST"], Dnd, &theirs),
            (Channel::Sms, &["TEMPLATE-NOT-MATCHED", "VARIABLE-EXCEEDED", "TEMPLATE-INACTIVE", "TEMPLATE-BLACKLISTED"], DltTemplate, &ours),
            (Channel::Sms, &["HEADER-NOT-REGISTERED", "SENDER NOT MATCHED", "600", "612", "625"], DltIdentity, &ours),
            (Channel::Sms, &["MESSAGE INBOX FULL"], DeviceFull, &theirs),
            (Channel::WhatsApp, &["131026"], NotOnWhatsApp, &theirs),
            (Channel::WhatsApp, &["131049"], MetaLimited, &ours),
            (Channel::WhatsApp, &["131048"], SpamLimit, &ours),
            (Channel::WhatsApp, &["131047"], WindowClosed, &ours),
            (Channel::WhatsApp, &["131042"], Billing, &ours),
            (Channel::WhatsApp, &["132001", "132015"], Template, &ours),
            (Channel::WhatsApp, &["131053"], Media, &ours),
            (Channel::WhatsApp, &["131051"], MessageType, &ours),
            (Channel::WhatsApp, &["no webhook"], NoConfirmation, &unsure),
            (Channel::Email, &["5.1.1", "550 User unknown"], HardBounce, &theirs),
            (Channel::Email, &["4.2.2", "Mailbox full", "greylist"], SoftBounce, &theirs),
            (Channel::Email, &["dropped"], Suppressed, &theirs),
            (Channel::Email, &["blocked", "5.7.1", "refused by policy"], Blocked, &ours),
            (Channel::Email, &["spam report"], Complaint, &theirs),
            (Channel::SpeedPost, &["Returned: refused"], Refused, &theirs),
            (Channel::SpeedPost, &["Returned: unclaimed", "Deposit: addressee absent, intimation served"], Unclaimed, &theirs),
            (Channel::Courier, &["left", "Moved", "cannot be located", "Returned: insufficient address"], BadAddress, &theirs),
            (Channel::SpeedPost, &["Deposit: door locked, intimation served"], Absent, &theirs),
            (Channel::Hand, &["Returned: deceased"], Deceased, &theirs),
            (Channel::SpeedPost, &["missent", "Damaged in transit", "Lost"], CarrierFault, &ours),
        ];
        let mut used = 0;
        for (channel, codes, means, side) in rows {
            for code in *codes {
                assert_eq!(reason(channel, code), *means, "{channel:?} {code}");
                assert_eq!(means.side(), **side, "{means:?}");
                used += 1;
            }
        }
        assert!(used >= FAILURES.len(), "a row of the table is tried by nothing");
        let tried: Vec<&FailureReason> = rows.iter().map(|(_, _, means, _)| means).collect();
        assert!(FailureReason::ALL.iter().filter(|reason| **reason != Unmapped).all(|reason| tried.contains(&reason)));
    }

    #[test]
    fn a_code_that_no_row_knows_is_guessed_by_nothing() {
        for (channel, code) in [
            (Channel::Sms, "626"),
            (Channel::Sms, "599"),
            (Channel::Sms, "131026"),
            (Channel::WhatsApp, "131099"),
            (Channel::Email, "5.2.3"),
            (Channel::SpeedPost, "Leftover at the counter"),
            (Channel::Unknown("PIGEON".to_owned()), "lost"),
            (Channel::SpeedPost, ""),
        ] {
            assert_eq!(reason(&channel, code), FailureReason::Unmapped, "{channel:?} {code}");
        }
    }
}
