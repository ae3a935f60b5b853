//! What can go wrong with a call upstream, told apart by status and class name.
//!
//! Owns the reading of Frappe's error shapes. It must not let a word of the upstream's own text through: that text names
//! other institutions, tables and paths. What survives is the status and the name of the exception's class.

use serde::Deserialize;

use crate::model::{ErrorCode, PortalError};

/// Why a call upstream gave no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No tenant, or no call context, is in scope: a defect of ours.
    #[error("no tenant or no call context is in scope")]
    NoTenant,
    /// The upstream does not know the credentials (401).
    #[error("the upstream refused the credentials")]
    AuthRefused,
    /// The credentials are known and have no right to this (403).
    #[error("the upstream refused the right")]
    Forbidden,
    /// It does not exist, or belongs to another institution (404).
    #[error("not found upstream")]
    NotFound,
    /// The record was changed since it was read (`TimestampMismatchError`).
    #[error("changed upstream meanwhile")]
    Conflict,
    /// A unique value or name exists already.
    #[error("exists upstream already")]
    Duplicate,
    /// The upstream's validation refused it.
    #[error("refused by upstream validation: {exc_type}")]
    Rejected {
        /// The exception's class name.
        exc_type: String,
    },
    /// The request, or a file, is larger than what is taken.
    #[error("too large")]
    TooLarge,
    /// The upstream's limiter refused (429).
    #[error("rate limited upstream for {retry_after_s} s")]
    RateLimited {
        /// Seconds until it makes sense to ask again.
        retry_after_s: u32,
    },
    /// The site is being maintained (503).
    #[error("upstream in maintenance")]
    Maintenance,
    /// The account is locked after too many failures.
    #[error("account locked upstream for {wait_s} s")]
    LockedOut {
        /// Seconds until it opens.
        wait_s: u32,
    },
    /// No answer in time.
    #[error("upstream timed out")]
    Timeout,
    /// No connection, or it broke before an answer began.
    #[error("upstream unreachable")]
    Unreachable,
    /// Not asked at all: the upstream failed too often just now.
    #[error("upstream breaker is open")]
    BreakerOpen,
    /// Not asked at all: no place became free before the deadline.
    #[error("no free place for a call upstream")]
    Busy,
    /// An answer came that cannot be used.
    #[error("unusable upstream answer: {0}")]
    BadAnswer(&'static str),
    /// The upstream says 5xx or 417 for what is our own mistake.
    #[error("upstream says the call is wrong: {exc_type}")]
    CallerFault {
        /// The exception's class name.
        exc_type: String,
    },
    /// The upstream failed.
    #[error("upstream failed with {status} {exc_type:?}")]
    Upstream {
        /// The HTTP status.
        status: u16,
        /// The exception's class name, where it gave one.
        exc_type: Option<String>,
    },
}

/// Seconds to wait after a 429 that does not say; Frappe's limiter counts in windows of this order.
const RETRY_AFTER_DEFAULT_S: u32 = 2;
/// The longest that an upstream may close its own gate.
const RETRY_AFTER_MAX_S: u32 = 300;
/// Frappe's default lock-out.
const LOCK_OUT_DEFAULT_S: u32 = 60;

/// The `exc_type` of [`Fault::Rejected`] for a login whose first step is unknown or over; Frappe has no class for it.
pub(super) const LOGIN_OVER: &str = "LoginOver";

/// The parts of Frappe's error body that are looked at.
#[derive(Default, Deserialize)]
struct ErrorBody {
    #[serde(default)]
    exc_type: Option<serde_json::Value>,
    #[serde(default)]
    exception: Option<serde_json::Value>,
    #[serde(default)]
    message: Option<serde_json::Value>,
}

impl Fault {
    /// Reads an answer whose status is not a success.
    pub(super) fn of_answer(status: u16, body: &[u8], retry_after: Option<&str>) -> Self {
        let parsed = serde_json::from_slice::<ErrorBody>(body);
        let is_frappes = parsed.is_ok();
        let body = parsed.unwrap_or_default();
        let exc_type = body.class_name();
        match (status, exc_type.as_deref()) {
            // v14 answers a wrong password 401 with exc_type DoesNotExistError: the status goes first.
            // A code for a try that is over is told from a wrong one by these words alone.
            (401, _) if body.message.as_ref().and_then(|value| value.as_str()) == Some("Incomplete login details") => {
                Self::Rejected { exc_type: LOGIN_OVER.to_owned() }
            }
            (401, _) => Self::AuthRefused,
            (429, _) => Self::RateLimited { retry_after_s: retry_after_s(retry_after) },
            (_, Some("TooManyRequestsError" | "RateLimitExceededError")) => Self::RateLimited { retry_after_s: retry_after_s(retry_after) },
            (413, _) => Self::TooLarge,
            (_, Some("SecurityException")) => Self::LockedOut { wait_s: body.wait_s() },
            (_, Some("SessionStopped" | "InReadOnlyMode")) | (503, _) => Self::Maintenance,
            (_, Some("TimestampMismatchError")) => Self::Conflict,
            (_, Some("UniqueValidationError" | "DuplicateEntryError")) | (409, _) => Self::Duplicate,
            (_, Some("PermissionError")) | (403, _) => Self::Forbidden,
            // HTML: an unknown site, or whatever stands in front of it. Nothing was looked for, so nothing is missing.
            (404, _) if !is_frappes => Self::Upstream { status, exc_type },
            (_, Some("DoesNotExistError")) | (404, _) => Self::NotFound,
            // Followed nowhere: a key is for the origin that the registry names.
            (300..=399, _) => Self::BadAnswer("redirect"),
            (417, _) => Self::Rejected { exc_type: exc_type.unwrap_or_else(|| "ValidationError".to_owned()) },
            (405 | 414 | 431, _) => Self::CallerFault { exc_type: format!("Status{status}") },
            (400, _) => Self::CallerFault { exc_type: exc_type.unwrap_or_else(|| "BadRequest".to_owned()) },
            (500, Some(class)) if is_callers(class) => Self::CallerFault { exc_type: class.to_owned() },
            _ => Self::Upstream { status, exc_type },
        }
    }

    /// What the fault means for a list, a count or an aggregate, where nothing of a person's making can be refused or
    /// missing: an unknown column or DocType is a defect of ours or of the site's set-up.
    pub(super) fn of_question(self) -> Self {
        match self {
            Self::Rejected { exc_type } => Self::CallerFault { exc_type },
            Self::NotFound => Self::CallerFault { exc_type: "DoesNotExistError".to_owned() },
            other => other,
        }
    }

    /// The metric's label.
    pub const fn outcome(&self) -> &'static str {
        match self {
            Self::NoTenant => "no_tenant",
            Self::AuthRefused => "auth_refused",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Duplicate => "duplicate",
            Self::Rejected { .. } => "rejected",
            Self::TooLarge => "too_large",
            Self::RateLimited { .. } => "rate_limited",
            Self::Maintenance => "maintenance",
            Self::LockedOut { .. } => "locked_out",
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::BreakerOpen => "breaker_open",
            Self::Busy => "busy",
            Self::BadAnswer(_) => "bad_answer",
            Self::CallerFault { .. } => "caller_fault",
            Self::Upstream { .. } => "upstream_error",
        }
    }

    /// Whether the same read may succeed if it is asked once more at once. A timeout has used up the time; a caller's
    /// fault, a limiter and a maintenance stay what they are.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable | Self::BadAnswer("truncated") | Self::Upstream { status: 500.., .. })
    }
}

impl ErrorBody {
    /// `exc_type`, or on v14 the class of `exception` (`module.Class: text`); only ever an identifier.
    fn class_name(&self) -> Option<String> {
        let named = self.exc_type.as_ref().and_then(|value| value.as_str());
        let prefix = || {
            let text = self.exception.as_ref()?.as_str()?;
            text.split(':').next()?.trim().rsplit('.').next()
        };
        named.filter(|name| is_identifier(name)).or_else(|| prefix().filter(|name| is_identifier(name))).map(str::to_owned)
    }

    /// The number of seconds in "… will resume after 60 seconds": the number alone is taken.
    fn wait_s(&self) -> u32 {
        let text = self.exception.as_ref().and_then(|value| value.as_str()).unwrap_or_default();
        let number = text.split_ascii_whitespace().find_map(|word| word.parse::<u32>().ok());
        number.unwrap_or(LOCK_OUT_DEFAULT_S).clamp(1, 86_400)
    }
}

fn is_identifier(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Classes that Frappe answers with 500 though the request was at fault (bad filter, bad date, unknown column).
fn is_callers(class: &str) -> bool {
    const CALLERS: &[&str] = &[
        "JSONDecodeError",
        "TypeError",
        "KeyError",
        "ValueError",
        "AttributeError",
        "IndexError",
        "OperationalError",
        "ProgrammingError",
        "DataError",
        "ImportError",
        "ModuleNotFoundError",
        "UnicodeDecodeError",
    ];
    CALLERS.contains(&class)
}

/// Whole seconds of a `Retry-After`; its date form is not what Frappe sends and counts as absent.
fn retry_after_s(header: Option<&str>) -> u32 {
    header.and_then(|text| text.trim().parse::<u32>().ok()).unwrap_or(RETRY_AFTER_DEFAULT_S).clamp(1, RETRY_AFTER_MAX_S)
}

impl From<Fault> for ErrorCode {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NoTenant => Self::NoTenant,
            Fault::NotFound => Self::NotFound,
            Fault::Conflict | Fault::Duplicate => Self::Conflict,
            // What people enter is checked before it is sent: what the upstream still refuses has no field to point at.
            Fault::Rejected { .. } => Self::Invalid { fields: Vec::new() },
            Fault::TooLarge => Self::TooLarge,
            Fault::RateLimited { retry_after_s } => Self::Busy { retry_after_s },
            Fault::LockedOut { wait_s } => Self::Busy { retry_after_s: wait_s },
            Fault::Busy => Self::Busy { retry_after_s: 1 },
            Fault::Maintenance => Self::Maintenance,
            Fault::CallerFault { .. } => Self::Internal,
            // A key that the upstream refuses is the institution's set-up, not the person's role.
            Fault::AuthRefused
            | Fault::Forbidden
            | Fault::Timeout
            | Fault::Unreachable
            | Fault::BreakerOpen
            | Fault::BadAnswer(_)
            | Fault::Upstream { .. } => Self::Upstream,
        }
    }
}

impl From<Fault> for PortalError {
    fn from(fault: Fault) -> Self {
        Self::new(fault.into())
    }
}
