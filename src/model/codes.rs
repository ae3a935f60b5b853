//! Option sets of the records: codes as stored, labels as shown. A code that this portal does not know is carried and
//! shown as it is, never dropped (`records.md`, rule 9).

use serde::{Deserialize, Serialize};

/// Declares an option set: an enum with a code for each member, and `Unknown` for the rest. Members have their English label
/// beside their code, or none at all: then [`Term`](super::Term) has their words, and `label` is `term`.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal, $label:literal;)+ }) => {
        codes!(@set [$(#[$meta])*] $name { $($variant = $code, $label;)+ });

        impl $name {
            /// The words that people use.
            pub fn label(&self) -> &str {
                match self {
                    $(Self::$variant => $label,)+
                    Self::Unknown(code) => code,
                }
            }

            /// The member that a person means: its code or its label, letter case ignored, `_` and `-` read as a blank.
            pub fn meant_by(text: &str) -> Option<Self> {
                Self::ALL.iter().find(|member| same_word(member.code(), text) || same_word(member.label(), text)).cloned()
            }
        }
    };
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal;)+ }) => {
        codes!(@set [$(#[$meta])*] $name { $($variant = $code, $code;)+ });

        impl $name {
            /// The code with the words that people use.
            pub fn term(&self) -> $crate::model::Term {
                $crate::model::Term::of(self.code())
            }
        }
    };
    (@set [$(#[$meta:meta])*] $name:ident { $($variant:ident = $code:literal, $doc:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $(#[doc = $doc] $variant,)+
            /// A code that this version does not know.
            Unknown(String),
        }

        impl $name {
            /// Every known member, in the set's own order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code as stored upstream.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Unknown(code) => code,
                }
            }
        }

        impl From<String> for $name {
            fn from(code: String) -> Self {
                match code.as_str() {
                    $($code => Self::$variant,)+
                    _ => Self::Unknown(code),
                }
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                match value {
                    $name::Unknown(code) => code,
                    known => known.code().to_owned(),
                }
            }
        }
    };
}

// What only the process's rules decide by is the server's: the browser is shown words.
#[cfg(feature = "ssr")]
pub(super) mod notices;
#[cfg(feature = "ssr")]
pub(super) mod process;

fn same_word(one: &str, other: &str) -> bool {
    let fold = |c: char| if c == '_' || c == '-' { ' ' } else { c.to_ascii_lowercase() };
    one.chars().map(fold).eq(other.chars().map(fold))
}

codes! {
    /// The main stage of a case, in the order in which a case passes through them.
    Stage {
        Intake = "S00", "Intake";
        PreArbitration = "S10", "Pre-arbitration";
        Invocation = "S20", "Invocation";
        Reference = "S30", "Reference";
        Tribunal = "S40", "Tribunal";
        Pleadings = "S50", "Pleadings";
        Hearing = "S60", "Hearing";
        Award = "S70", "Award";
        PostAward = "S80", "Post-award";
        Closed = "S90", "Closed";
    }
}

codes! {
    /// Where in its stage a case stands.
    Status {
        Draft = "DRAFT", "Draft";
        PendingApproval = "PENDING_APPROVAL", "Pending approval";
        Returned = "RETURNED", "Returned";
        Approved = "APPROVED", "Approved";
        LrnQueued = "LRN_QUEUED", "LRN queued";
        LrnIssued = "LRN_ISSUED", "LRN issued";
        CureRunning = "CURE_RUNNING", "Cure period running";
        CureExpired = "CURE_EXPIRED", "Cure period expired";
        S21Queued = "S21_QUEUED", "S.21 notice queued";
        S21Issued = "S21_ISSUED", "S.21 notice issued";
        S21Served = "S21_SERVED", "S.21 notice served";
        S21Unserved = "S21_UNSERVED", "S.21 notice unserved";
        ObjectionRaised = "OBJECTION_RAISED", "Objection raised";
        Filed = "FILED", "Filed";
        UnderScrutiny = "UNDER_SCRUTINY", "Under scrutiny";
        DefectRaised = "DEFECT_RAISED", "Defect raised";
        DefectCured = "DEFECT_CURED", "Defect cured";
        Registered = "REGISTERED", "Registered";
        ArbitratorProposed = "ARBITRATOR_PROPOSED", "Arbitrator proposed";
        ConsentDisclosureAwaited = "CONSENT_DISCLOSURE_AWAITED", "Consent and disclosure awaited";
        Appointed = "APPOINTED", "Arbitrator appointed";
        Challenged = "CHALLENGED", "Arbitrator challenged";
        S11Pending = "S11_PENDING", "S.11 petition pending";
        Substitution = "SUBSTITUTION", "Substitution";
        SocDue = "SOC_DUE", "SOC due";
        SocFiled = "SOC_FILED", "SOC filed";
        SocServed = "SOC_SERVED", "SOC served";
        SodDue = "SOD_DUE", "SOD due";
        SodFiled = "SOD_FILED", "SOD filed";
        SodClosed = "SOD_CLOSED", "Right to SOD closed";
        RejoinderDue = "REJOINDER_DUE", "Rejoinder due";
        PleadingsComplete = "PLEADINGS_COMPLETE", "Pleadings complete";
        HearingScheduled = "HEARING_SCHEDULED", "Hearing scheduled";
        Heard = "HEARD", "Heard";
        Adjourned = "ADJOURNED", "Adjourned";
        ExParteOrdered = "EX_PARTE_ORDERED", "Ex parte ordered";
        Evidence = "EVIDENCE", "Evidence";
        Arguments = "ARGUMENTS", "Arguments";
        Reserved = "RESERVED", "Reserved";
        AwardReserved = "AWARD_RESERVED", "Award reserved";
        AwardMade = "AWARD_MADE", "Award made";
        AwardDispatched = "AWARD_DISPATCHED", "Award dispatched";
        AwardDelivered = "AWARD_DELIVERED", "Award delivered";
        CorrectionPending = "CORRECTION_PENDING", "Correction pending";
        ChallengeWindow = "CHALLENGE_WINDOW", "Challenge window";
        ChallengedS34 = "CHALLENGED_S34", "Challenged under S.34";
        Stayed = "STAYED", "Stayed";
        ExecutionEligible = "EXECUTION_ELIGIBLE", "Eligible for execution";
        ExecutionFiled = "EXECUTION_FILED", "Execution filed";
        Attachment = "ATTACHMENT", "Attachment";
        PartRealised = "PART_REALISED", "Part realised";
        Closed = "CLOSED", "Closed";
    }
}

codes! {
    /// What was lent.
    Product {
        Personal = "PERSONAL", "Personal loan";
        CreditCard = "CREDIT_CARD", "Credit card";
        TwoWheeler = "TWO_WHEELER", "Two-wheeler";
        UsedVehicle = "USED_VEHICLE", "Used vehicle";
        Msme = "MSME", "MSME";
        Gold = "GOLD", "Gold loan";
        Education = "EDUCATION", "Education";
        ConsumerDurable = "CONSUMER_DURABLE", "Consumer durable";
        Lap = "LAP", "Loan against property";
        Home = "HOME", "Home loan";
        Other = "OTHER", "Other";
    }
}

codes! {
    /// Days past due, in the regulator's bands.
    Bucket {
        Current = "CURRENT", "Current";
        Sma0 = "SMA0", "SMA-0";
        Sma1 = "SMA1", "SMA-1";
        Sma2 = "SMA2", "SMA-2";
        Npa = "NPA", "NPA";
        Npa180 = "NPA_180", "NPA 180+";
        Npa365 = "NPA_365", "NPA 365+";
    }
}

codes! {
    /// Why nothing may be sent in a case just now; strictest first.
    Hold {
        CourtStay = "COURT_STAY", "Court stay";
        Moratorium = "MORATORIUM", "Moratorium";
        Deceased = "DECEASED", "Deceased";
        LegalHold = "LEGAL_HOLD", "Legal hold";
        DisputeGrievance = "DISPUTE_GRIEVANCE", "Dispute or grievance";
        AddressUnknown = "ADDRESS_UNKNOWN", "Address unknown";
        None = "NONE", "None";
    }
}

codes! {
    /// How far service of the notice that the stage needs has come.
    ServiceStatus {
        NotDue = "NOT_DUE", "Not due";
        NotSent = "NOT_SENT", "Not sent";
        InProgress = "IN_PROGRESS", "In progress";
        PartlyServed = "PARTLY_SERVED", "Partly served";
        FullyServed = "FULLY_SERVED", "Fully served";
        Unserved = "UNSERVED", "Unserved";
        Disputed = "DISPUTED", "Disputed";
    }
}

codes! {
    /// What a record of the audit trail tells of.
    AuditKind {
        Change = "CHANGE", "Change";
        View = "VIEW", "View";
        Unmask = "UNMASK", "Unmasking";
        Export = "EXPORT", "Export";
        Download = "DOWNLOAD", "Download";
        Denied = "DENIED", "Refusal";
        SignIn = "SIGN_IN", "Sign-in";
        SignInFailed = "SIGN_IN_FAILED", "Failed sign-in";
        SignOut = "SIGN_OUT", "Sign-out";
        Approval = "APPROVAL", "Approval";
        Config = "CONFIG", "Configuration";
    }
}

codes! {
    /// How it went.
    AuditResult {
        Ok = "OK", "Done";
        Denied = "DENIED", "Denied";
        Failed = "FAILED", "Failed";
    }
}

codes! {
    /// A kind of contact or identity value that is shown masked.
    ParticularKind {
        Mobile = "MOBILE", "Mobile";
        Email = "EMAIL", "E-mail";
        Address = "ADDRESS", "Address";
        Pan = "PAN", "PAN";
        Account = "ACCOUNT", "Bank account";
        Vehicle = "VEHICLE", "Vehicle number";
        AadhaarLast4 = "AADHAAR_LAST4", "Aadhaar, last four";
    }
}

codes! {
    /// What a masked value is revealed for.
    UnmaskPurpose {
        Contact = "CONTACT", "To reach the party";
        Service = "SERVICE", "To serve a notice or mend its address";
        Identity = "IDENTITY", "To make sure who somebody is";
        Filing = "FILING", "For a filing, an order or its execution";
        Settlement = "SETTLEMENT", "For a settlement or a payment";
        Complaint = "COMPLAINT", "To answer a complaint";
        Other = "OTHER", "Something else";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_codes_are_carried_not_dropped() {
        let stage = Stage::from("S75".to_owned());
        assert_eq!((stage.code(), stage.label()), ("S75", "S75"));
        assert_eq!(String::from(stage), "S75");
    }

    #[test]
    fn people_may_write_a_code_or_its_label() {
        for text in ["s60", "Hearing", "HEARING"] {
            assert_eq!(Stage::meant_by(text), Some(Stage::Hearing));
        }
        assert_eq!(Product::meant_by("two wheeler"), Some(Product::TwoWheeler));
        assert_eq!(Product::meant_by("twowheeler"), None);
    }
}
