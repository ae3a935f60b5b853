//! The one error that leaves casework: a code that people and pages can act on, and the id under which the log has the
//! story.
//!
//! **Which error to use where.** A layer below casework has its own error type with the detail an operator needs
//! (`frappe::Fault`, `registry::SyncError`, …). The door in `server::context` turns it into a [`PortalError`] once, logs
//! the detail once, and counts it once. Nothing from an upstream, and no text a client could have written, is ever in
//! here: the no-JavaScript path puts errors into a URL, so all that is rendered from one is a code.

use serde::{Deserialize, Serialize};

use super::Withheld;

/// What a caller is told when something did not happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalError {
    /// What kind of refusal or failure this is.
    pub code: ErrorCode,
    /// The request's id, which the log line of the failure carries too. `None` until the door has seen the error.
    pub request_id: Option<String>,
}

/// Why something did not happen, from the point of view of the person who asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ErrorCode {
    /// Nobody is signed in, or the session has ended.
    SignedOut,
    /// The person's role does not allow this.
    Forbidden,
    /// It does not exist, or the person may not know whether it does.
    NotFound,
    /// What was sent cannot be used; each field says why.
    Invalid {
        /// One entry per field that was refused.
        fields: Vec<FieldError>,
    },
    /// Somebody else changed the record first.
    Conflict,
    /// Too much at once; the same request may succeed later.
    Busy {
        /// Seconds after which another try makes sense.
        retry_after_s: u32,
    },
    /// The institution's own server did not answer, or not usefully.
    Upstream,
    /// The institution's own server is in maintenance.
    Maintenance,
    /// The request comes from another site.
    WrongOrigin,
    /// The request cannot be read.
    BadRequest,
    /// The address exists and does not answer this method.
    MethodNotAllowed,
    /// The request is larger than what is taken.
    TooLarge,
    /// More rows than the person may take at once.
    TooManyRows {
        /// How many the role may take.
        rows_max: u32,
    },
    /// The document's file is not given to anybody.
    Withheld {
        /// Why.
        why: Withheld,
    },
    /// The institution's access is suspended.
    Suspended,
    /// The institution allows access from its own networks only.
    WrongNetwork,
    /// The portal has no registry yet.
    NotReady,
    /// No institution is in scope: a defect of ours, counted by a metric that must stay 0.
    NoTenant,
    /// A defect of ours.
    Internal,
}

/// One refused field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name, as the form sends it.
    pub field: String,
    /// What is wrong, as a code of the field's own vocabulary.
    pub problem: String,
}

impl PortalError {
    /// An error that has not passed a door yet, and so has no request id.
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, request_id: None }
    }

    /// The HTTP status that says the same.
    pub const fn status(&self) -> u16 {
        match self.code {
            ErrorCode::BadRequest => 400,
            ErrorCode::SignedOut => 401,
            ErrorCode::Forbidden | ErrorCode::WrongOrigin | ErrorCode::Suspended | ErrorCode::WrongNetwork => 403,
            ErrorCode::NotFound => 404,
            ErrorCode::MethodNotAllowed => 405,
            ErrorCode::Conflict | ErrorCode::Withheld { .. } => 409,
            ErrorCode::TooLarge => 413,
            ErrorCode::Invalid { .. } | ErrorCode::TooManyRows { .. } => 422,
            ErrorCode::Busy { .. } => 429,
            ErrorCode::NoTenant | ErrorCode::Internal => 500,
            ErrorCode::Upstream => 502,
            ErrorCode::Maintenance | ErrorCode::NotReady => 503,
        }
    }

    /// One plain sentence: what happened, and what to do about it.
    pub fn sentence(&self) -> String {
        match &self.code {
            ErrorCode::SignedOut => "Your session has ended. Sign in again to go on.".into(),
            ErrorCode::Forbidden => "Your role does not allow this. Ask your administrator if it should.".into(),
            ErrorCode::NotFound => "Check that the address is written as you meant it.".into(),
            ErrorCode::Invalid { .. } => "Some of what was entered cannot be used. Look at the marked fields.".into(),
            ErrorCode::Conflict => "Somebody changed this record meanwhile. Load it again, then repeat your change.".into(),
            ErrorCode::Busy { retry_after_s } => {
                format!("Too much is being asked for at once. Try again in {retry_after_s} seconds.")
            }
            ErrorCode::Upstream => {
                "Your institution's case server did not answer as it should. Nothing was changed. Try again in a moment.".into()
            }
            ErrorCode::Maintenance => "Your institution's case server is being maintained. Try again in a few minutes.".into(),
            ErrorCode::WrongOrigin => "This request came from another site and was not carried out.".into(),
            ErrorCode::BadRequest => "This request could not be read. Go back and try again.".into(),
            ErrorCode::MethodNotAllowed => "This address does not answer that method; `Allow` names those that it does.".into(),
            ErrorCode::TooLarge => "What was sent is larger than what is taken here.".into(),
            ErrorCode::TooManyRows { rows_max } => format!(
                "More cases match than your role may take away in one file, which is {}. Narrow the list and export it again.",
                super::Inr::from_rupees(i64::from(*rows_max)).exact().trim_start_matches('₹')
            ),
            ErrorCode::Withheld { why } => why.sentence().into(),
            ErrorCode::Suspended => "Access for this institution is suspended. Ask your portal administrator.".into(),
            ErrorCode::WrongNetwork => "This institution allows access from its own networks only.".into(),
            ErrorCode::NotReady => "The portal is starting. Try again in a moment.".into(),
            ErrorCode::NoTenant | ErrorCode::Internal => {
                "Something went wrong on our side. Nothing was changed. If it happens again, quote the reference.".into()
            }
        }
    }
}

impl std::fmt::Display for PortalError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence())
    }
}

impl std::error::Error for PortalError {}

impl From<ErrorCode> for PortalError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}
