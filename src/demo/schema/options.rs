//! The option sets of the records (records §7): codes as stored, in the order of that page.
//!
//! Labels are the model's; a Select that may stay empty gets its empty line from whoever serves the DocType.

pub use super::options_work::*;

/// `stage`.
pub const STAGE: &[&str] = &["S00", "S10", "S20", "S30", "S40", "S50", "S60", "S70", "S80", "S90"];

/// `status`.
pub const STATUS: &[&str] = &[
    "DRAFT",
    "PENDING_APPROVAL",
    "RETURNED",
    "APPROVED",
    "LRN_QUEUED",
    "LRN_ISSUED",
    "CURE_RUNNING",
    "CURE_EXPIRED",
    "S21_QUEUED",
    "S21_ISSUED",
    "S21_SERVED",
    "S21_UNSERVED",
    "OBJECTION_RAISED",
    "FILED",
    "UNDER_SCRUTINY",
    "DEFECT_RAISED",
    "DEFECT_CURED",
    "REGISTERED",
    "ARBITRATOR_PROPOSED",
    "CONSENT_DISCLOSURE_AWAITED",
    "APPOINTED",
    "CHALLENGED",
    "S11_PENDING",
    "SUBSTITUTION",
    "SOC_DUE",
    "SOC_FILED",
    "SOC_SERVED",
    "SOD_DUE",
    "SOD_FILED",
    "SOD_CLOSED",
    "REJOINDER_DUE",
    "PLEADINGS_COMPLETE",
    "HEARING_SCHEDULED",
    "HEARD",
    "ADJOURNED",
    "EX_PARTE_ORDERED",
    "EVIDENCE",
    "ARGUMENTS",
    "RESERVED",
    "AWARD_RESERVED",
    "AWARD_MADE",
    "AWARD_DISPATCHED",
    "AWARD_DELIVERED",
    "CORRECTION_PENDING",
    "CHALLENGE_WINDOW",
    "CHALLENGED_S34",
    "STAYED",
    "EXECUTION_ELIGIBLE",
    "EXECUTION_FILED",
    "ATTACHMENT",
    "PART_REALISED",
    "CLOSED",
];

/// `outcome`.
pub const OUTCOME: &[&str] = &[
    "PAID_IN_FULL",
    "SETTLED_OTS",
    "CONSENT_AWARD_SATISFIED",
    "AWARD_SATISFIED",
    "WITHDRAWN",
    "DISMISSED",
    "TERMINATED_S32",
    "SET_ASIDE",
    "BARRED",
    "DECEASED_NO_ESTATE",
    "INSOLVENCY_MORATORIUM",
    "MOVED_FORUM",
    "ASSIGNED_TO_ARC",
];

/// `hold`.
pub const HOLD: &[&str] = &["COURT_STAY", "MORATORIUM", "DECEASED", "LEGAL_HOLD", "DISPUTE_GRIEVANCE", "ADDRESS_UNKNOWN", "NONE"];

/// `settlement_track`.
pub const SETTLEMENT_TRACK: &[&str] =
    &["NONE", "OFFERED", "COUNTERED", "APPROVAL_PENDING", "ACCEPTED", "PAYING", "SATISFIED", "BROKEN", "LAPSED"];

/// `interim_track`.
pub const INTERIM_TRACK: &[&str] = &["NONE", "S9_FILED", "S17_FILED", "GRANTED", "REFUSED", "VACATED", "COMPLIED"];

/// `service_state`.
pub const SERVICE_STATE: &[&str] = &["NOT_SENT", "IN_PROGRESS", "SERVED", "DEEMED_SERVED", "UNSERVED", "DISPUTED"];

/// `service_status`.
pub const SERVICE_STATUS: &[&str] = &["NOT_DUE", "NOT_SENT", "IN_PROGRESS", "PARTLY_SERVED", "FULLY_SERVED", "UNSERVED", "DISPUTED"];

/// `service_reading`.
pub const SERVICE_READING: &[&str] = &["SERVED", "DEEMED_SERVED", "NOT_SERVED"];

/// `role`.
pub const ROLE: &[&str] =
    &["TENANT_ADMIN", "LEGAL_HEAD", "LEGAL_MANAGER", "COLLECTIONS_OFFICER", "BRANCH_USER", "ADVOCATE", "FINANCE_MIS", "AUDITOR", "VIEWER"];

/// `actor`.
pub const ACTOR: &[&str] = &["MK", "CK", "TA", "AD", "BR", "RG", "AR", "RS", "SY"];

/// `notice_type`.
pub const NOTICE_TYPE: &[&str] = &["LRN", "S21", "HEARING", "SOC", "AWARD", "ORDER", "SETTLEMENT_OFFER", "REMINDER"];

/// `channel`.
pub const CHANNEL: &[&str] = &["EMAIL", "SMS", "WHATSAPP", "SPEED_POST", "COURIER", "HAND"];

/// `product`.
pub const PRODUCT: &[&str] =
    &["PERSONAL", "CREDIT_CARD", "TWO_WHEELER", "USED_VEHICLE", "MSME", "GOLD", "EDUCATION", "CONSUMER_DURABLE", "LAP", "HOME", "OTHER"];

/// `bucket`.
pub const BUCKET: &[&str] = &["CURRENT", "SMA0", "SMA1", "SMA2", "NPA", "NPA_180", "NPA_365"];

/// `dues_band`.
pub const DUES_BAND: &[&str] = &["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8"];

/// `borrower_type`.
pub const BORROWER_TYPE: &[&str] = &["INDIVIDUAL", "PROPRIETOR", "PARTNERSHIP", "COMPANY", "OTHER"];

/// `institution_kind`.
pub const INSTITUTION_KIND: &[&str] = &["BANK", "NBFC", "SFB", "HFC", "ARC", "OTHER"];

/// `party_role`.
pub const PARTY_ROLE: &[&str] = &["CLAIMANT", "BORROWER", "CO_BORROWER", "GUARANTOR", "POA_HOLDER", "LEGAL_HEIR"];

/// `alive`.
pub const ALIVE: &[&str] = &["ALIVE", "DECEASED", "UNKNOWN"];

/// `particular_kind`.
pub const PARTICULAR_KIND: &[&str] = &["MOBILE", "EMAIL", "ADDRESS", "PAN", "ACCOUNT", "VEHICLE", "AADHAAR_LAST4"];

/// `address_kind`.
pub const ADDRESS_KIND: &[&str] = &["RESIDENCE", "OFFICE", "PERMANENT", "NEW"];

/// `particular_source`.
pub const PARTICULAR_SOURCE: &[&str] = &["LOAN_FILE", "BRANCH", "BUREAU", "RESPONDENT", "RETURNED_MAIL", "OTHER"];

/// `particular_state`.
pub const PARTICULAR_STATE: &[&str] = &["UNTRIED", "OK", "BAD"];

/// `address_state`.
pub const ADDRESS_STATE: &[&str] = &["OK", "SOME_BAD", "ALL_BAD", "NONE"];

/// `language`.
pub const LANGUAGE: &[&str] = &["en", "hi", "mr", "gu", "ta", "te", "kn", "ml", "bn", "pa", "or", "as", "ur"];

/// `ui_language`.
pub const UI_LANGUAGE: &[&str] = &["en", "hi"];

/// `appointment_mode`.
pub const APPOINTMENT_MODE: &[&str] = &["PARTIES", "INSTITUTION", "COURT"];

/// `consent_basis`.
pub const CONSENT_BASIS: &[&str] = &["NAMED_IN_CLAUSE", "AGREED_AFTER_DISPUTE", "S11_ORDER", "NONE"];

/// `appointment_state`.
pub const APPOINTMENT_STATE: &[&str] = &["PROPOSED", "DISCLOSURE_AWAITED", "APPOINTED", "CHALLENGED", "DECLINED", "REPLACED", "ENDED"];

/// `hearing_type`.
pub const HEARING_TYPE: &[&str] = &["PRELIMINARY", "EVIDENCE", "ARGUMENT", "PRONOUNCEMENT", "CONCILIATION"];

/// `hearing_mode`.
pub const HEARING_MODE: &[&str] = &["VIRTUAL", "PHYSICAL", "HYBRID"];

/// `hearing_status`.
pub const HEARING_STATUS: &[&str] = &["SCHEDULED", "HELD", "ADJOURNED", "CANCELLED"];

/// `hearing_outcome`.
pub const HEARING_OUTCOME: &[&str] =
    &["HELD", "ADJOURNED", "CANCELLED", "EX_PARTE", "EVIDENCE_CLOSED", "ARGUMENTS_HEARD", "RESERVED", "SETTLED", "PRONOUNCED"];

/// `adjourned_by`.
pub const ADJOURNED_BY: &[&str] = &["CLAIMANT", "RESPONDENT", "TRIBUNAL", "REGISTRY"];

/// `adjourned_reason`.
pub const ADJOURNED_REASON: &[&str] =
    &["TIME_SOUGHT", "COUNSEL_ABSENT", "PARTY_ABSENT", "SETTLEMENT_TALKS", "TECHNICAL", "SERVICE_PENDING", "HOLIDAY", "OTHER"];

/// `attendee_role`.
pub const ATTENDEE_ROLE: &[&str] = &["CLAIMANT", "RESPONDENT", "COUNSEL_C", "COUNSEL_R", "ARBITRATOR", "REGISTRY", "WITNESS"];

/// `presence`.
pub const PRESENCE: &[&str] = &["PRESENT", "ABSENT", "LATE"];

/// `doc_type`.
pub const DOC_TYPE: &[&str] = &[
    "AGREEMENT",
    "SOA",
    "LRN",
    "S21_NOTICE",
    "POD",
    "REQUEST",
    "DISCLOSURE",
    "CONSENT",
    "APPOINTMENT",
    "SOC",
    "ANNEXURE",
    "SOD",
    "REJOINDER",
    "APPLICATION",
    "DIRECTION",
    "INTERIM_ORDER",
    "ORDER",
    "AWARD",
    "SETTLEMENT",
    "PAYMENT_PROOF",
    "S34",
    "EXECUTION",
    "CERTIFICATE",
    "EVIDENCE_PACK",
    "BATCH_FILE",
    "BATCH_RESULT",
    "NOTICE",
    "CORRESPONDENCE",
    "OTHER",
];

/// `doc_state`.
pub const DOC_STATE: &[&str] = &["RECEIVING", "STORED", "REJECTED", "WITHDRAWN"];

/// `scan_state`.
pub const SCAN_STATE: &[&str] = &["NOT_SCANNED", "CLEAN", "INFECTED"];

/// `doc_visibility`.
pub const DOC_VISIBILITY: &[&str] = &["INSTITUTION", "TRIBUNAL", "ALL_PARTIES"];

/// `order_kind`.
pub const ORDER_KIND: &[&str] = &["AWARD", "CONSENT_AWARD", "CORRECTED_AWARD", "INTERIM_ORDER", "DIRECTION", "TERMINATION", "COURT_ORDER"];

/// `defect_code`.
pub const DEFECT_CODE: &[&str] =
    &["NO_CLAUSE", "NO_AGREEMENT", "WRONG_ADDRESS", "NO_SOA", "FEE_SHORT", "PARTY_MISMATCH", "ILLEGIBLE", "UNSIGNED", "OTHER"];

/// `defect_state`.
pub const DEFECT_STATE: &[&str] = &["OPEN", "CURED", "WAIVED"];

/// `proceeding_kind`.
pub const PROCEEDING_KIND: &[&str] = &["S138", "S25_PSSA", "SARFAESI", "DRT", "S9", "S11", "S34", "S36", "FIR", "CONSUMER", "IBC", "OTHER"];

/// `proceeding_state`.
pub const PROCEEDING_STATE: &[&str] = &["PLANNED", "NOTICE_SENT", "FILED", "PENDING", "STAYED", "ORDERED", "CLOSED"];

/// `clock`.
pub const CLOCK: &[&str] = &[
    "CURE",
    "LIMITATION",
    "S21_RESPONSE",
    "S13_CHALLENGE",
    "S23_PLEADINGS",
    "S29A_AWARD",
    "S29A_CONSENT",
    "S29A_COURT",
    "S29B_FAST",
    "SOD",
    "S33_CORRECTION",
    "S34_CHALLENGE",
    "EXECUTION",
    "S138_NOTICE",
    "S138_PAYMENT",
    "S138_COMPLAINT",
    "SARFAESI_DEMAND",
    "SARFAESI_REPLY",
    "S9_START",
];

/// `clock_state`.
pub const CLOCK_STATE: &[&str] = &["RUNNING", "MET", "EXPIRED", "EXTENDED", "STOPPED"];

/// `clock_side`.
pub const CLOCK_SIDE: &[&str] = &["OURS", "THEIRS", "TRIBUNAL"];

/// `offer_side`.
pub const OFFER_SIDE: &[&str] = &["CLAIMANT", "RESPONDENT"];

/// `settlement_kind`.
pub const SETTLEMENT_KIND: &[&str] = &["LUMP", "INSTALMENTS"];

/// `settlement_state`.
pub const SETTLEMENT_STATE: &[&str] =
    &["DRAFT", "PENDING_APPROVAL", "OFFERED", "COUNTERED", "ACCEPTED", "REJECTED", "PAYING", "SATISFIED", "BROKEN", "LAPSED", "WITHDRAWN"];

/// `instalment_state`.
pub const INSTALMENT_STATE: &[&str] = &["DUE", "PART_PAID", "KEPT", "LATE", "BROKEN"];

/// `payment_state`.
pub const PAYMENT_STATE: &[&str] = &["RECORDED", "CONFIRMED", "REVERSED"];

/// `payment_mode`.
pub const PAYMENT_MODE: &[&str] = &["NEFT", "RTGS", "IMPS", "UPI", "CASH", "CHEQUE", "NACH", "OTHER"];

/// `cost_kind`.
pub const COST_KIND: &[&str] = &["FILING_FEE", "ARBITRATOR_FEE", "ADVOCATE_FEE", "APPEARANCE", "NOTICE", "STAMP", "OTHER"];

/// `cost_state`.
pub const COST_STATE: &[&str] = &["ACCRUED", "BILLED", "PAID", "DISPUTED"];

/// `invoice_status`.
pub const INVOICE_STATUS: &[&str] = &["NONE", "PART_BILLED", "BILLED", "PAID"];
