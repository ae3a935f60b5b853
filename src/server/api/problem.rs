//! How the JSON API says no: RFC 9457, in every case. It must not know why.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        Content, HeaderBuilder, Ref, RefOr, ResponseBuilder,
        response::Response,
        schema::{ObjectBuilder, Type},
    },
};

use crate::model::{ErrorCode, FieldError, PortalError};

/// The content type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why something was not answered (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem this is: stable, to be compared and not to be opened.
    #[serde(rename = "type")]
    #[schema(example = "urn:odr-portal:problem:not_found")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status, again.
    #[schema(example = 404)]
    pub status: u16,
    /// What happened, and what to do about it.
    pub detail: String,
    /// The id under which the portal's log has the story; also in the header `X-Request-ID`.
    pub request_id: Option<String>,
    /// The parameters that cannot be used; empty where that is not the problem.
    pub errors: Vec<ParameterProblem>,
}

/// A parameter that cannot be used.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParameterProblem {
    /// Its name.
    #[schema(example = "sort")]
    pub parameter: String,
    /// What is wrong with it, as a code or as advice.
    #[schema(example = "not_1_to_200")]
    pub problem: String,
}

impl Problem {
    /// What this error says.
    pub fn of(error: &PortalError) -> Self {
        let (code, title) = named(&error.code);
        let errors = match &error.code {
            ErrorCode::Invalid { fields } => fields.iter().cloned().map(ParameterProblem::of).collect(),
            _ => Vec::new(),
        };
        let detail = match &error.code {
            ErrorCode::SignedOut => "There is no session. Sign in at this address in a browser and send its cookie.".to_owned(),
            ErrorCode::NotFound => "It does not exist, or it is not among what this person may see.".to_owned(),
            ErrorCode::Invalid { .. } => "Some parameters cannot be used; `errors` names each.".to_owned(),
            _ => error.sentence(),
        };
        Self {
            kind: format!("urn:odr-portal:problem:{code}"),
            title: title.to_owned(),
            status: error.status(),
            detail,
            request_id: error.request_id.clone(),
            errors,
        }
    }
}

impl ParameterProblem {
    fn of(field: FieldError) -> Self {
        Self { parameter: field.field, problem: field.problem }
    }
}

/// The kind's code, part of the contract, and its words.
const fn named(code: &ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::SignedOut => ("signed_out", "Nobody is signed in"),
        ErrorCode::Forbidden => ("forbidden", "The role does not allow this"),
        ErrorCode::NotFound => ("not_found", "There is nothing at this address"),
        ErrorCode::Invalid { .. } => ("invalid", "A parameter cannot be used"),
        ErrorCode::Conflict => ("conflict", "The record was changed meanwhile"),
        ErrorCode::Busy { .. } => ("busy", "Too many requests"),
        ErrorCode::Upstream => ("upstream", "The institution's server did not answer as it should"),
        ErrorCode::Maintenance => ("maintenance", "The institution's server is in maintenance"),
        ErrorCode::WrongOrigin => ("wrong_origin", "The request comes from another site"),
        ErrorCode::BadRequest => ("bad_request", "The request cannot be read"),
        ErrorCode::MethodNotAllowed => ("method_not_allowed", "The address does not answer this method"),
        ErrorCode::TooLarge => ("too_large", "The request is too large"),
        ErrorCode::TooManyRows { .. } => ("too_many_rows", "More rows match than the role may take"),
        ErrorCode::Withheld { .. } => ("withheld", "The document is not opened"),
        ErrorCode::Suspended => ("suspended", "Access is suspended"),
        ErrorCode::WrongNetwork => ("wrong_network", "The institution allows its own networks only"),
        ErrorCode::NotReady => ("not_ready", "The portal is starting"),
        ErrorCode::NoTenant | ErrorCode::Internal => ("internal", "Something went wrong on the portal's side"),
    }
}

/// What any address of the API may answer besides what it is for, with when.
const ANYWHERE: [(u16, &str); 9] = [
    (400, "The request, or the host that it names, cannot be read."),
    (401, "There is no session. Nothing redirects to a sign-in page."),
    (403, "The role does not allow it, the institution is suspended, or the client is outside its networks."),
    (404, "No institution has this host."),
    (413, "A body was sent that is larger than what is taken."),
    (429, "The institution's share is used up; `Retry-After` says for how long."),
    (500, "A defect of the portal."),
    (502, "The institution's server did not answer in time, or not usefully."),
    (503, "The portal is starting, or the institution's server is in maintenance."),
];

/// The refusals that every address shares, for its description.
pub struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        ANYWHERE.into_iter().map(|(status, when)| (status.to_string(), RefOr::T(described(status, when)))).collect()
    }
}

fn described(status: u16, when: &str) -> Response {
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    let response = ResponseBuilder::new().description(when).content(PROBLEM_JSON, problem);
    if !matches!(status, 429 | 503) {
        return response.build();
    }
    let seconds = HeaderBuilder::new().schema(ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)));
    response.header("Retry-After", seconds.description(Some("Seconds after which another try makes sense.")).build()).build()
}
