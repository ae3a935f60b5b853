//! What is found of a respondent before a notice goes to them: what blocks it, what only warns, and on which channels it can go.
//!
//! Pure: it is given facts and a day. A finding about one channel takes that channel away; with the last channel gone it blocks. It must not
//! know how facts are read, nor what a campaign is.

use super::{Channel, Day, Eligibility, Hold, Inr, NoticeType, PreflightCode, SettlementTrack, is_legal};

/// Messages that a respondent gets in seven days at most where no right runs by them.
const CONTACTS_MAX: u64 = 3;
/// Digits of an Indian PIN code.
const PIN_DIGITS: usize = 6;

/// What a campaign is, as far as its respondents are judged by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CampaignFacts<'a> {
    /// What it sends.
    pub notice: &'a NoticeType,
    /// Whether its hours are within those in which anything may be sent.
    pub window: bool,
    /// Today where the institution is.
    pub today: Day,
}

/// What is known of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFacts {
    /// What stops its notices.
    pub hold: Hold,
    /// How far a settlement has come.
    pub settlement: SettlementTrack,
    /// All dues.
    pub dues: Inr,
    /// Of which day they are.
    pub dues_on: Option<Day>,
    /// Whether it is open.
    pub is_open: bool,
}

/// What is known of a respondent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartyFacts {
    /// Whether they have died.
    pub deceased: bool,
    /// Whether a mobile number is on file.
    pub mobile: bool,
    /// Whether an e-mail address is.
    pub email: bool,
    /// Whether an address is.
    pub address: bool,
    /// Its PIN code.
    pub pincode: String,
    /// Whether they agreed to be written to by WhatsApp.
    pub opted_in: bool,
    /// Whether their number stands in another case as well.
    pub shared_number: bool,
    /// Messages to them in the last seven days.
    pub contacts: u64,
}

/// What is known of the text that goes to them on one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFacts {
    /// The channel.
    pub channel: Channel,
    /// Whether it is in force, and the provider lets it through.
    pub in_force: bool,
    /// Whether the sender is known to who carries it.
    pub identified: bool,
    /// Whether it is in their language.
    pub in_language: bool,
    /// Whether a value in it is longer than it may be, or missing.
    pub ill_fitting: bool,
    /// Whether it names what is due.
    pub tells_dues: bool,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub code: PreflightCode,
    /// Whether nothing is sent because of it.
    pub blocks: bool,
}

/// All that was found of a respondent, in the order of precedence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preflight {
    /// What was found.
    pub findings: Vec<Finding>,
    /// The channels that are left.
    pub channels: Vec<Channel>,
}

impl Preflight {
    /// Whether they are written to.
    pub fn eligibility(&self) -> Eligibility {
        match (self.findings.is_empty(), self.block_reason()) {
            (_, Some(_)) => Eligibility::Blocked,
            (false, None) => Eligibility::Warning,
            (true, None) => Eligibility::Eligible,
        }
    }

    /// The first finding that blocks.
    pub fn block_reason(&self) -> Option<&PreflightCode> {
        self.findings.iter().find(|finding| finding.blocks).map(|finding| &finding.code)
    }

    /// The findings as a record keeps them: `;NO_MOBILE;DISPUTE;`, empty for none.
    pub fn text(&self) -> String {
        if self.findings.is_empty() {
            return String::new();
        }
        format!(";{};", self.findings.iter().map(|finding| finding.code.code()).collect::<Vec<_>>().join(";"))
    }
}

/// Judges one respondent.
pub fn preflight(campaign: CampaignFacts<'_>, case: &CaseFacts, party: &PartyFacts, texts: &[TextFacts]) -> Preflight {
    let mut found: Vec<Finding> = Vec::new();
    let mut find = |code: PreflightCode, blocks: bool| found.push(Finding { code, blocks });
    // What the tribunal does must reach the respondent whatever became of the money.
    let of_tribunal = matches!(campaign.notice, NoticeType::Hearing | NoticeType::Award | NoticeType::Order);
    if case.dues <= Inr::ZERO {
        find(PreflightCode::Paid, !of_tribunal);
    }
    if matches!(case.settlement, SettlementTrack::Accepted | SettlementTrack::Paying | SettlementTrack::Satisfied) {
        find(PreflightCode::Settlement, !of_tribunal);
    }
    if let Some(code) = of_hold(&case.hold) {
        find(code, true);
    }
    if party.deceased {
        find(PreflightCode::Deceased, true);
    }
    if !case.is_open {
        find(PreflightCode::Closed, true);
    }
    if !campaign.window {
        find(PreflightCode::Window, true);
    }
    if party.contacts >= CONTACTS_MAX {
        find(PreflightCode::ContactCap, !is_legal(campaign.notice));
    }
    if party.shared_number && texts.iter().any(|text| is_mobile(&text.channel)) {
        find(PreflightCode::DuplicateNumber, false);
    }
    // A snapshot has a day and no hour: yesterday's is the oldest that can be younger than a day.
    let fresh = case.dues_on.is_some_and(|on| on >= campaign.today.later(-1));
    if !fresh && texts.iter().any(|text| text.tells_dues) {
        find(PreflightCode::StaleDues, false);
    }
    if texts.iter().any(|text| !text.in_language) {
        find(PreflightCode::NoLanguage, false);
    }
    let has_address = party.address && case.hold != Hold::AddressUnknown;
    let mut channels = Vec::new();
    let mut lost: Vec<PreflightCode> = Vec::new();
    for text in texts {
        let against = against(text, party, has_address);
        if against.is_empty() {
            channels.push(text.channel.clone());
        }
        lost.extend(against);
    }
    let none_left = channels.is_empty();
    if none_left && lost.is_empty() {
        // A campaign without a text sends nothing.
        lost.push(PreflightCode::TemplateState);
    }
    found.extend(lost.into_iter().map(|code| Finding { code, blocks: none_left }));
    let place = |code: &PreflightCode| PreflightCode::ALL.iter().position(|known| known == code).unwrap_or(usize::MAX);
    // Of one code that is found twice, what blocks counts.
    found.sort_by_key(|finding| (place(&finding.code), !finding.blocks));
    found.dedup_by(|later, first| later.code == first.code);
    Preflight { findings: found, channels }
}

/// What takes a channel away.
fn against(text: &TextFacts, party: &PartyFacts, has_address: bool) -> Vec<PreflightCode> {
    let mut codes = Vec::new();
    let mut unless = |holds: bool, code: PreflightCode| {
        if !holds {
            codes.push(code);
        }
    };
    match &text.channel {
        Channel::Sms => unless(party.mobile, PreflightCode::NoMobile),
        Channel::WhatsApp => {
            unless(party.mobile, PreflightCode::NoMobile);
            unless(party.opted_in, PreflightCode::NoOptIn);
        }
        Channel::Email => unless(party.email, PreflightCode::NoEmail),
        Channel::SpeedPost | Channel::Courier => {
            unless(has_address, PreflightCode::NoAddress);
            unless(!has_address || is_pin(&party.pincode), PreflightCode::BadPin);
        }
        Channel::Hand => unless(has_address, PreflightCode::NoAddress),
        Channel::Unknown(_) => unless(false, PreflightCode::TemplateState),
    }
    unless(text.in_force, PreflightCode::TemplateState);
    let identity = if text.channel == Channel::Email { PreflightCode::Domain } else { PreflightCode::DltIdentity };
    unless(text.identified, identity);
    unless(!text.ill_fitting, PreflightCode::VariableLength);
    codes
}

/// What a hold is called where it stops a notice. One for want of an address leaves the other channels.
pub const fn of_hold(hold: &Hold) -> Option<PreflightCode> {
    match hold {
        Hold::CourtStay => Some(PreflightCode::CourtStay),
        Hold::Moratorium => Some(PreflightCode::Moratorium),
        Hold::Deceased => Some(PreflightCode::Deceased),
        Hold::DisputeGrievance => Some(PreflightCode::Dispute),
        Hold::None | Hold::AddressUnknown => None,
        // One that nobody knows stops as well: it was meant to.
        Hold::LegalHold | Hold::Unknown(_) => Some(PreflightCode::HoldLegal),
    }
}

const fn is_mobile(channel: &Channel) -> bool {
    matches!(channel, Channel::Sms | Channel::WhatsApp)
}

fn is_pin(text: &str) -> bool {
    text.len() == PIN_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0')
}

impl PreflightCode {
    /// What was found, in a sentence.
    pub const fn sentence(&self) -> &'static str {
        match self {
            Self::Paid => "Nothing is due in the case.",
            Self::Settlement => "A settlement is accepted: it is kept, and nobody is pressed.",
            Self::HoldLegal => "The case is on legal hold.",
            Self::Deceased => "The respondent has died, or the case is held because somebody has.",
            Self::Dispute => "The respondent disputes the debt, or has a grievance open.",
            Self::Moratorium => "A moratorium stops every step against the respondent.",
            Self::CourtStay => "A court has stayed the matter.",
            Self::Closed => "The case is closed.",
            Self::NoMobile => "No mobile number is on file.",
            Self::NoEmail => "No e-mail address is on file.",
            Self::NoAddress => "No address is on file.",
            Self::BadPin => "The PIN code of the address is not one of six digits.",
            Self::NoOptIn => "The respondent has not agreed to be written to by WhatsApp.",
            Self::Dnd => "The respondent is not to be disturbed on this channel.",
            Self::DuplicateNumber => "The same number stands in another case: somebody else may answer it.",
            Self::ContactCap => "The respondent was written to three times in the last seven days.",
            Self::StaleDues => "The text names what is due, and that is older than a day.",
            Self::NoLanguage => "There is no text in the respondent’s language: it goes out in the language of the step.",
            Self::TemplateState => "The text is not in force, or its provider does not let it through.",
            Self::VariableLength => "A value that the text wants is missing, or longer than its place.",
            Self::Window => "The campaign’s hours are wider than those in which anything may be sent.",
            Self::DltIdentity => "The sender is not registered with who carries the message.",
            Self::Domain => "The domain that the mail comes from is not proven.",
            Self::Unknown(_) => "This is not known to the portal.",
        }
    }
}

/// What a message costs on average, as providers and the post charge.
pub const fn unit_cost(channel: &Channel) -> Inr {
    Inr::from_paise(match channel {
        Channel::Email => 5,
        Channel::Sms => 16,
        Channel::WhatsApp => 23,
        Channel::SpeedPost => 61_00,
        Channel::Courier => 47_50,
        Channel::Hand | Channel::Unknown(_) => 0,
    })
}

/// What a respondent costs at most: a message on every channel that is left.
pub fn estimate(channels: &[Channel]) -> Inr {
    channels.iter().map(unit_cost).fold(Inr::ZERO, std::ops::Add::add)
}

#[cfg(test)]
mod tests;
