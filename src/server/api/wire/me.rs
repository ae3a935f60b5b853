//! Who is signed in, as it travels.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Code, Moment, Wire};
use crate::model::{self, Permission};

/// Who is signed in, where, and for how long.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The user id.
    #[schema(example = "legal.manager@banyan.example")]
    pub id: String,
    /// The name that screens show.
    pub name: String,
    /// The one role.
    pub role: Code,
    /// The rows that role and scopes reach, in a sentence.
    #[schema(example = "Cases of zones NORTH, WEST")]
    pub scope: String,
    /// What the role grants, as codes.
    #[schema(example = json!(["cases.list", "particular.unmask"]))]
    pub permissions: Vec<String>,
    /// The institution.
    pub institution: Institution,
    /// IANA name of the institution's zone: every time here has its offset.
    #[schema(example = "Asia/Kolkata")]
    pub time_zone: String,
    /// The session.
    pub session: SessionEnds,
}

/// An institution.
#[derive(Debug, Serialize, ToSchema)]
pub struct Institution {
    /// Its code.
    #[schema(example = "banyan")]
    pub code: String,
    /// Its name, as its own people know it.
    pub name: String,
}

/// When a session ends.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionEnds {
    /// If nothing more is asked after this request.
    pub idle_ends_at: Moment,
    /// Whatever happens.
    pub ends_at: Moment,
}

impl Wire<Me> for model::Me {
    fn wire(self) -> Me {
        Me {
            scope: self.scopes.in_words(self.role),
            id: self.user_id,
            name: self.name,
            role: self.role.wire(),
            permissions: self.permissions.into_iter().map(Permission::code).map(str::to_owned).collect(),
            institution: Institution { code: self.institution, name: self.institution_name },
            time_zone: self.time_zone,
            session: SessionEnds { idle_ends_at: self.idle_ends_at.wire(), ends_at: self.ends_at.wire() },
        }
    }
}
