//! Who somebody is at an institution, and how far they see, in words.

use super::{CodeSet, Instant, Permission, Role, RowLimit, Scopes};

/// Who is signed in, where, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// The user id: what records and logs name.
    pub user_id: String,
    /// The name that screens show.
    pub name: String,
    /// The one role.
    pub role: Role,
    /// Where the person may look.
    pub scopes: Scopes,
    /// What the role grants.
    pub permissions: Vec<Permission>,
    /// The institution's code.
    pub institution: String,
    /// The institution's name, as its people know it.
    pub institution_name: String,
    /// IANA name of the institution's zone.
    pub time_zone: String,
    /// When the session ends if nothing more is asked.
    pub idle_ends_at: Instant,
    /// When the session ends whatever happens.
    pub ends_at: Instant,
}

impl Scopes {
    /// The rows that a role with these scopes reaches, in a sentence.
    pub fn in_words(&self, role: Role) -> String {
        let limit = role.case_rows();
        if limit == RowLimit::Assigned {
            return "Cases on which the person is owner or advocate".to_owned();
        }
        let axes = [("zones", &self.zones), ("regions", &self.regions), ("branches", &self.branches), ("products", &self.products)];
        let narrowed = axes.into_iter().filter(|(_, codes)| limit == RowLimit::Scoped && !codes.is_empty());
        let mut parts: Vec<String> = narrowed.map(|(axis, codes)| format!("{axis} {}", listed(codes))).collect();
        if limit == RowLimit::Scoped && self.assigned_only {
            parts.push("only those on which the person is owner or advocate".to_owned());
        }
        if parts.is_empty() { "All cases of the institution".to_owned() } else { format!("Cases of {}", parts.join("; ")) }
    }
}

fn listed(codes: &CodeSet) -> String {
    codes.iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_says_what_limits_it_and_nothing_that_does_not() {
        let scopes = Scopes { zones: CodeSet::parse(";WEST;NORTH;"), assigned_only: true, ..Scopes::default() };
        assert_eq!(scopes.in_words(Role::LegalManager), "Cases of zones NORTH, WEST; only those on which the person is owner or advocate");
        assert_eq!(scopes.in_words(Role::LegalHead), "All cases of the institution");
        assert_eq!(Scopes::default().in_words(Role::Viewer), "All cases of the institution");
        assert_eq!(scopes.in_words(Role::Advocate), "Cases on which the person is owner or advocate");
    }
}
