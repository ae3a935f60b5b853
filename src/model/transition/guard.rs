//! What must be so before a step, and what must be said with it: each with words that tell a person what to do.
//!
//! A guard is asked of the case alone, so that "why not" can be answered before anybody fills in a form; a need is asked of the
//! form.

use super::facts::{Carrier, Facts};
use crate::model::{ConsentBasis, Day, Hold, Inr, NoticeType, SettlementTrack};

/// Days before the end of the award's time from which its extension is prepared.
const EXTENSION_DAYS: i64 = 60;

/// Declares the guards with code and sentence beside each other.
macro_rules! worded {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal, $sentence:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $(#[doc = $sentence] $variant,)+ }

        impl $name {
            /// Every member.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What to do about it.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)+ }
            }
        }
    };
}

worded! {
    /// What must be so before a step.
    Guard {
        UniqueLoan = "unique_loan", "Another open case of this loan exists: close it, or work on there.";
        FieldsComplete = "fields_complete", "Fill in every mandatory field first.";
        AgreementWithClause = "agreement_with_clause", "Attach the agreement with its arbitration clause first.";
        NoHold = "no_hold", "The case is on hold, and nothing may be sent: release the hold first.";
        CampaignApproved = "campaign_approved", "Put the case into a notice campaign and have that approved first.";
        LrnDispatched = "lrn_dispatched", "No channel has taken the recall notice yet.";
        LrnServed = "lrn_served", "The recall notice has not been served on any respondent yet.";
        CureOver = "cure_over", "The cure period still runs.";
        DuesOutstanding = "dues_outstanding", "Nothing is due any more: close the case as paid instead.";
        BalanceFresh = "balance_fresh", "The balance was not checked today: wait for today's feed, or update the dues.";
        DuesCleared = "dues_cleared", "Dues are still outstanding.";
        CreditProved = "credit_proved", "Attach proof of the credit to a payment that finance has confirmed.";
        S21Dispatched = "s21_dispatched", "No channel has taken the notice under s. 21 yet.";
        S21Served = "s21_served", "The notice under s. 21 has not been served on every respondent yet.";
        S21Exhausted = "s21_exhausted", "The notice under s. 21 is still under way, or may still be tried.";
        AddressUntried = "address_untried", "Add an address, number or mail that has not been tried for each unserved respondent first.";
        ConsentBasis = "consent_basis", "Nothing shows a right to appoint an arbitrator: ask for the parties' written consent, or petition the court under s. 11.";
        BatchApproved = "batch_approved", "The filing batch of this case waits for approval.";
        DefectsAnswered = "defects_answered", "Answer every open defect with a document or a text first.";
        DisclosureFiled = "disclosure_filed", "The arbitrator's disclosure under s. 12 is not on file yet.";
        ObjectionTimeOver = "objection_time_over", "The parties may still object to the proposed arbitrator.";
        AppointmentModeKnown = "appointment_mode_known", "How the arbitrator is appointed is not recorded yet.";
        ChallengeInTime = "challenge_in_time", "The fifteen days for a challenge under s. 13 have passed.";
        AccountAttached = "account_attached", "Attach the statement of account as of the claim's date first.";
        ClaimStated = "claim_stated", "State the amount of the claim first.";
        SocServed = "soc_served", "The statement of claim has not been served on every respondent yet.";
        SodTimeOver = "sod_time_over", "The time for the statement of defence still runs.";
        HearingNoticeServed = "hearing_notice_served", "Service of the hearing notice is not proved for every respondent.";
        OfferStands = "offer_stands", "No settlement offer stands: record one first.";
        RespondentAgrees = "respondent_agrees", "The respondent has not agreed to the offer yet.";
        SettlementAccepted = "settlement_accepted", "No settlement is accepted.";
        AwardServed = "award_served", "Delivery of the signed award is not proved for every party yet.";
        CorrectionInTime = "correction_in_time", "The thirty days for a correction under s. 33 have passed.";
        ChallengeTimeOver = "challenge_time_over", "The award may still be challenged under s. 34.";
        AwardRealised = "award_realised", "The award has not been realised in full yet.";
        OnHold = "on_hold", "The case is not on hold.";
        AwardTimeShort = "award_time_short", "More than sixty days are left for the award.";
    }
}

worded! {
    /// What must be said with a step.
    Need {
        ReturnReason = "return_reason", "Choose why you send it back.";
        Comment = "comment", "Say what must be changed.";
        Reason = "reason", "Give the reason.";
        HoldKind = "hold", "Choose what the hold is for.";
        Court = "court", "Name the court.";
        PetitionNumber = "petition_number", "Enter the number of the petition.";
        Cnr = "cnr", "Enter the CNR of the case in court.";
        OrderDocument = "order_document", "Attach the order.";
        ConsentDocument = "consent_document", "Attach the consent of all parties.";
        Amount = "amount", "Enter the amount.";
    }
}

impl Guard {
    /// Whether it is so.
    pub fn holds(self, facts: &Facts) -> bool {
        let served = |notice: NoticeType| facts.service(&notice);
        let passed = |until: Option<Day>| until.is_some_and(|day| day < facts.today);
        // A last day that is unknown has not passed: the right stays open.
        let in_time = |until: Option<Day>| until.is_none_or(|day| facts.today <= day);
        match self {
            Self::UniqueLoan => !facts.open_duplicate,
            Self::FieldsComplete => facts.fields_complete,
            Self::AgreementWithClause => facts.agreement_attached,
            Self::NoHold => facts.hold == Hold::None,
            Self::CampaignApproved => facts.campaign == Carrier::Approved,
            Self::LrnDispatched => served(NoticeType::Lrn).dispatched,
            Self::LrnServed => served(NoticeType::Lrn).served > 0,
            Self::CureOver => passed(facts.cure_until),
            Self::DuesOutstanding => facts.dues > Inr::ZERO,
            Self::BalanceFresh => facts.dues_on == Some(facts.today),
            Self::DuesCleared => facts.dues <= Inr::ZERO,
            Self::CreditProved => facts.credit_proved,
            Self::S21Dispatched => served(NoticeType::S21).dispatched,
            Self::S21Served => served(NoticeType::S21).all(),
            Self::S21Exhausted => served(NoticeType::S21).exhausted,
            Self::AddressUntried => facts.address_untried,
            // A basis that this version does not know is none: an award without one is a nullity.
            Self::ConsentBasis => {
                use ConsentBasis::{AgreedAfterDispute, NamedInClause, S11Order};
                matches!(facts.consent_basis, NamedInClause | AgreedAfterDispute | S11Order)
            }
            Self::BatchApproved => facts.batch != Carrier::Waiting,
            Self::DefectsAnswered => facts.defects_unanswered == 0,
            Self::DisclosureFiled => facts.disclosure_filed,
            Self::ObjectionTimeOver => passed(facts.objection_until),
            Self::AppointmentModeKnown => facts.appointment_mode_known,
            Self::ChallengeInTime => in_time(facts.s13_until),
            Self::AccountAttached => facts.account_attached,
            Self::ClaimStated => facts.claim > Inr::ZERO,
            Self::SocServed => served(NoticeType::Soc).all(),
            Self::SodTimeOver => passed(facts.sod_until),
            Self::HearingNoticeServed => served(NoticeType::Hearing).all(),
            Self::OfferStands => {
                use SettlementTrack::{ApprovalPending, Countered, Offered};
                matches!(facts.settlement, Offered | Countered | ApprovalPending)
            }
            Self::RespondentAgrees => facts.respondent_agrees,
            Self::SettlementAccepted => facts.settlement == SettlementTrack::Accepted,
            Self::AwardServed => served(NoticeType::Award).all(),
            Self::CorrectionInTime => in_time(facts.s33_until),
            Self::ChallengeTimeOver => passed(facts.s34_until),
            Self::AwardRealised => facts.award > Inr::ZERO && facts.realised >= facts.award,
            Self::OnHold => facts.hold != Hold::None,
            Self::AwardTimeShort => facts.s29a_until.is_some_and(|day| day <= facts.today.later(EXTENSION_DAYS)),
        }
    }
}
