//! The option sets of work, batches, notices and the house (records §7, from `task_kind` on).
//!
//! The second half of `options`, which hands it on.

/// `task_kind`.
pub const TASK_KIND: &[&str] = &[
    "APPROVE",
    "CURE_DEFECT",
    "UPLOAD_DOC",
    "FIX_ADDRESS",
    "ATTEND_HEARING",
    "PREPARE_HEARING",
    "REPORT_OUTCOME",
    "REPLY_DIRECTION",
    "SIGN",
    "EXTENSION",
    "SETTLEMENT_DECISION",
    "RESEND",
    "MISSING_ITEM",
    "OBJECTION",
    "CLOCK_RISK",
    "OTHER",
];

/// `task_state`.
pub const TASK_STATE: &[&str] = &["OPEN", "DONE", "CANCELLED"];

/// `comment_visibility`.
pub const COMMENT_VISIBILITY: &[&str] = &["PRIVATE", "SHARED"];

/// `event_origin`.
pub const EVENT_ORIGIN: &[&str] = &["PORTAL", "REGISTRY", "TRIBUNAL", "RESPONDENT", "SENDER", "CLOCK", "FEED"];

/// `event_kind`.
pub const EVENT_KIND: &[&str] = &[
    "STAGE",
    "HEARING",
    "DOCUMENT",
    "SERVICE",
    "ENGAGEMENT",
    "MONEY",
    "SETTLEMENT",
    "TASK",
    "COMMENT",
    "HOLD",
    "PEOPLE",
    "CLOCK",
    "APPROVAL",
    "TRIBUNAL",
];

/// `approval_kind`.
pub const APPROVAL_KIND: &[&str] = &[
    "CASE",
    "FILING_BATCH",
    "BULK_CHANGE",
    "CAMPAIGN",
    "TEMPLATE",
    "SERVICE_RULE",
    "POLICY",
    "USER",
    "SETTLEMENT",
    "PAYMENT",
    "CLOSURE",
    "REOPEN",
    "HOLD",
    "RELEASE",
    "WITHDRAWAL",
    "DOCUMENT",
    "SERVICE_FINDING",
];

/// `approval_state`.
pub const APPROVAL_STATE: &[&str] = &["PENDING", "SECOND_PENDING", "APPROVED", "RETURNED", "WITHDRAWN", "VOID"];

/// `return_reason`.
pub const RETURN_REASON: &[&str] =
    &["WRONG_AMOUNT", "WRONG_PARTY", "MISSING_DOCUMENT", "WRONG_TEMPLATE", "NOT_ELIGIBLE", "LIMIT", "DUPLICATE", "OTHER"];

/// `batch_kind`.
pub const BATCH_KIND: &[&str] =
    &["FILING", "DOCUMENT", "STATUS_UPDATE", "ASSIGN", "HOLD", "RESCOPE", "EXPORT", "ZIP", "EVIDENCE_PACK", "AUDIENCE"];

/// `batch_state`.
pub const BATCH_STATE: &[&str] = &[
    "DRAFT",
    "VALIDATING",
    "READY",
    "PENDING_APPROVAL",
    "RETURNED",
    "APPROVED",
    "RUNNING",
    "PAUSED",
    "DONE",
    "DONE_WITH_ERRORS",
    "CANCELLED",
    "FAILED",
];

/// `row_state`.
pub const ROW_STATE: &[&str] = &["NEW", "OK", "WARNED", "BAD", "FIXED", "CLAIMED", "DONE", "FAILED", "SKIPPED"];

/// `campaign_state`.
pub const CAMPAIGN_STATE: &[&str] = &[
    "DRAFT",
    "VALIDATING",
    "READY",
    "PENDING_APPROVAL",
    "RETURNED",
    "APPROVED",
    "SCHEDULED",
    "RUNNING",
    "PAUSED",
    "SENT_OUT",
    "SETTLING",
    "COMPLETE",
    "CANCELLED",
    "FAILED",
];

/// `channel_plan`.
pub const CHANNEL_PLAN: &[&str] = &["PARALLEL", "WATERFALL"];

/// `step_condition`.
pub const STEP_CONDITION: &[&str] = &["ALWAYS", "UNDELIVERED", "UNREAD"];

/// `post_flag`.
pub const POST_FLAG: &[&str] = &["R", "O", "P"];

/// `template_state`.
pub const TEMPLATE_STATE: &[&str] = &["DRAFT", "PENDING_APPROVAL", "RETURNED", "ACTIVE", "RETIRED"];

/// `provider_state`.
pub const PROVIDER_STATE: &[&str] = &["NOT_NEEDED", "PENDING", "APPROVED", "PAUSED", "REJECTED"];

/// `versioned_state`.
pub const VERSIONED_STATE: &[&str] = &["DRAFT", "PENDING_APPROVAL", "RETURNED", "ACTIVE", "RETIRED"];

/// `eligibility`.
pub const ELIGIBILITY: &[&str] = &["OK", "WARNING", "BLOCKED"];

/// `preflight_code`.
pub const PREFLIGHT_CODE: &[&str] = &[
    "PAID",
    "SETTLEMENT",
    "HOLD_LEGAL",
    "DECEASED",
    "DISPUTE",
    "MORATORIUM",
    "COURT_STAY",
    "CLOSED",
    "NO_MOBILE",
    "NO_EMAIL",
    "NO_ADDRESS",
    "BAD_PIN",
    "NO_OPT_IN",
    "DND",
    "DUPLICATE_NUMBER",
    "CONTACT_CAP",
    "STALE_DUES",
    "NO_LANGUAGE",
    "TEMPLATE_STATE",
    "VARIABLE_LENGTH",
    "WINDOW",
    "DLT_IDENTITY",
    "DOMAIN",
];

/// `delivery_state`.
pub const DELIVERY_STATE: &[&str] = &[
    "QUEUED",
    "SUBMITTED",
    "SENT",
    "BOOKED",
    "IN_TRANSIT",
    "OUT_FOR_DELIVERY",
    "INTIMATION_SERVED",
    "RETURN_INITIATED",
    "EXPIRED",
    "UNDELIVERED",
    "FAILED",
    "BOUNCED",
    "REJECTED",
    "LOST",
    "RETURNED",
    "DELIVERED",
    "READ",
    "CLICKED",
    "REPLIED",
    "UNKNOWN",
];

/// `delivery_outcome`.
pub const DELIVERY_OUTCOME: &[&str] = &["PENDING", "FAILED", "DELIVERED"];

/// `failure_side`.
pub const FAILURE_SIDE: &[&str] = &["NONE", "OURS", "THEIRS", "UNKNOWN"];

/// `failure_reason`.
pub const FAILURE_REASON: &[&str] = &[
    "DECEASED",
    "REFUSED",
    "UNCLAIMED",
    "BAD_ADDRESS",
    "ABSENT",
    "BAD_NUMBER",
    "NOT_ON_WHATSAPP",
    "HARD_BOUNCE",
    "DND",
    "COMPLAINT",
    "SUPPRESSED",
    "SOFT_BOUNCE",
    "DEVICE_FULL",
    "UNREACHABLE",
    "DLT_TEMPLATE",
    "DLT_IDENTITY",
    "TEMPLATE",
    "MEDIA",
    "MESSAGE_TYPE",
    "WINDOW_CLOSED",
    "BILLING",
    "SPAM_LIMIT",
    "META_LIMITED",
    "BLOCKED",
    "CARRIER_FAULT",
    "NO_CONFIRMATION",
    "UNMAPPED",
];

/// `bounce_kind`.
pub const BOUNCE_KIND: &[&str] = &["HARD", "SOFT", "BLOCKED", "NONE"];

/// `repair_state`.
pub const REPAIR_STATE: &[&str] = &["NONE", "OPEN", "RESENT", "RECOVERED", "GIVEN_UP"];

/// `evidence_kind`.
pub const EVIDENCE_KIND: &[&str] = &["DELIVERY", "HAND", "COURT", "ACKNOWLEDGED", "RETURN_REMARK"];

/// `missing_item`.
pub const MISSING_ITEM: &[&str] = &["CLAUSE", "S21", "APPOINTMENT", "DISCLOSURE", "HEARINGNOTICE", "SOC", "S29A", "AWARDCOPY"];

/// `score_band`.
pub const SCORE_BAND: &[&str] = &["RED", "AMBER", "GREEN"];

/// `policy_kind`.
pub const POLICY_KIND: &[&str] = &[
    "SEND_WINDOW",
    "CONTACT_CAP",
    "HOLIDAYS",
    "APPROVAL_LIMITS",
    "SETTLEMENT_GRID",
    "MASKING",
    "SESSION",
    "NETWORKS",
    "STAGE_LIMITS",
    "CLOCK_LENGTHS",
    "IMPORT_MAPPING",
    "RETENTION",
    "LABELS",
];

/// `job_kind`.
pub const JOB_KIND: &[&str] = &["CLOCK_SCAN", "DERIVE", "FOLD", "DIGEST", "SNAPSHOT", "MONTH_END", "REPAIR", "BATCH", "CAMPAIGN", "REHASH"];

/// `audit_kind`.
pub const AUDIT_KIND: &[&str] =
    &["CHANGE", "VIEW", "UNMASK", "EXPORT", "DOWNLOAD", "DENIED", "SIGN_IN", "SIGN_IN_FAILED", "SIGN_OUT", "APPROVAL", "CONFIG"];

/// `audit_result`.
pub const AUDIT_RESULT: &[&str] = &["OK", "DENIED", "FAILED"];

/// `user_state`.
pub const USER_STATE: &[&str] = &["PENDING_APPROVAL", "ACTIVE", "SUSPENDED", "ENDED"];

/// `view_entity`.
pub const VIEW_ENTITY: &[&str] = &["CASE", "HEARING", "TASK", "CLOCK", "CAMPAIGN", "RECIPIENT", "DOCUMENT", "PAYMENT"];

/// `view_sharing`.
pub const VIEW_SHARING: &[&str] = &["PRIVATE", "ROLE", "ALL"];

/// `theme`.
pub const THEME: &[&str] = &["SYSTEM", "LIGHT", "DARK"];

/// `digest`.
pub const DIGEST: &[&str] = &["OFF", "DAILY", "WEEKLY"];

/// `attendance_source`.
pub const ATTENDANCE_SOURCE: &[&str] = &["RECORDED", "REPORTED"];
