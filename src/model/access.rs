//! What somebody is let do at an institution, as it is entered and approved; and the rules that hold of it whoever enters or approves it.
//!
//! Owns these rules, the hard ones of the access matrix among them, and how an access travels through a request. It must not know who
//! asks, nor what else an institution has.

use super::{Day, FieldError, Inr, Role, RowLimit, Scopes};

/// The longest that a deputy may be named for, in days.
const DEPUTY_MAX_DAYS: i64 = 366;
/// An amount without limit, as it travels.
const NONE: &str = "none";

/// What a person is called and let do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The name that screens show.
    pub name: String,
    /// Their address of mail, in small letters.
    pub email: String,
    /// The one role.
    pub role: Role,
    /// Which rows.
    pub scopes: Scopes,
    /// The largest amount that a checker approves alone; `None` for no limit.
    pub limit: Option<Inr>,
    /// Of the panel, for advocates.
    pub advocate: Option<String>,
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub until: Option<Day>,
    /// Who acts instead: their sign-in name.
    pub deputy: Option<String>,
    /// Last day of it.
    pub deputy_until: Option<Day>,
}

/// The fields of an access: as the record and a form name them, and in words.
pub const ACCESS_FIELDS: [(&str, &str); 14] = [
    ("display_name", "Name"),
    ("email", "E-mail"),
    ("portal_role", "Role"),
    ("zones", "Zones"),
    ("regions", "Regions"),
    ("branches", "Branches"),
    ("products", "Products"),
    ("assigned_only", "Only cases assigned to them"),
    ("amount_limit", "Approves up to"),
    ("advocate", "Advocate of the panel"),
    ("allowed_from_on", "First day"),
    ("allowed_until_on", "Last day"),
    ("deputy", "Deputy"),
    ("deputy_until_on", "Deputy until"),
];

impl Access {
    /// Field and value of each, as they travel.
    pub fn values(&self) -> Vec<(String, String)> {
        let day = |day: Option<Day>| day.map(Day::iso).unwrap_or_default();
        let scopes = &self.scopes;
        let values = [
            self.name.clone(),
            self.email.clone(),
            self.role.code().to_owned(),
            scopes.zones.stored(),
            scopes.regions.stored(),
            scopes.branches.stored(),
            scopes.products.stored(),
            if scopes.assigned_only { "1".to_owned() } else { String::new() },
            self.limit.map_or_else(|| NONE.to_owned(), |limit| limit.paise().to_string()),
            self.advocate.clone().unwrap_or_default(),
            day(self.from),
            day(self.until),
            self.deputy.clone().unwrap_or_default(),
            day(self.deputy_until),
        ];
        ACCESS_FIELDS.iter().zip(values).map(|((field, _), value)| ((*field).to_owned(), value)).collect()
    }

    /// Reads what travelled; `None` where it is none of ours.
    pub fn of_values(values: &[(String, String)]) -> Option<Self> {
        let text = |field: &str| values.iter().find(|(known, _)| known == field).map(|(_, value)| value.as_str());
        let some = |field: &str| text(field).filter(|value| !value.is_empty()).map(str::to_owned);
        // A day that is there and cannot be read was meant to limit something.
        let day = |field: &str| match text(field)? {
            "" => Some(None),
            text => Day::parse(text).map(Some),
        };
        let codes = |field: &str| super::CodeSet::parse(text(field).unwrap_or_default());
        Some(Self {
            name: some("display_name")?,
            email: some("email")?,
            role: Role::from_code(text("portal_role")?)?,
            scopes: Scopes {
                zones: codes("zones"),
                regions: codes("regions"),
                branches: codes("branches"),
                products: codes("products"),
                assigned_only: text("assigned_only")? == "1",
            },
            limit: match text("amount_limit")? {
                NONE => None,
                paise => Some(Inr::from_paise(paise.parse().ok()?)),
            },
            advocate: some("advocate"),
            from: day("allowed_from_on")?,
            until: day("allowed_until_on")?,
            deputy: some("deputy"),
            deputy_until: day("deputy_until_on")?,
        })
    }

    /// A value as people read it.
    pub fn words(field: &str, value: &str) -> String {
        let plain = match (field, value) {
            ("amount_limit", NONE) => "No limit".to_owned(),
            ("amount_limit", paise) => paise.parse().map(|paise| Inr::from_paise(paise).exact()).unwrap_or_default(),
            ("portal_role", code) => Role::from_code(code).map_or_else(|| code.to_owned(), |role| role.label().to_owned()),
            ("assigned_only", "1") => "Yes".to_owned(),
            ("assigned_only", _) => "No".to_owned(),
            (_, text) => Day::parse(text).map_or_else(|| text.trim_matches(';').replace(';', ", "), Day::long),
        };
        match (field, plain.as_str()) {
            ("zones" | "regions" | "branches" | "products", "") => "All".to_owned(),
            (_, "") => "—".to_owned(),
            _ => plain,
        }
    }

    /// With what follows from the role: an advocate never sees more than what is assigned to them, and only who checks has a limit.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.scopes.assigned_only |= self.role == Role::Advocate;
        self
    }

    /// What of it breaks a rule, each under its field: for this person, on this day.
    pub fn problems(&self, user: &str, today: Day) -> Vec<FieldError> {
        let mut problems = Vec::new();
        let mut refuse = |field: &str, problem: &str| problems.push(FieldError { field: field.to_owned(), problem: problem.to_owned() });
        let scopes = &self.scopes;
        let axes = [("zones", &scopes.zones), ("regions", &scopes.regions), ("branches", &scopes.branches), ("products", &scopes.products)];
        if self.role.case_rows() != RowLimit::Scoped {
            let why = match self.role {
                Role::TenantAdmin => "A tenant admin runs the portal and nothing besides: leave this empty.",
                Role::Advocate => "An advocate sees the cases that are assigned to them, wherever they are: leave this empty.",
                _ => "This role sees every case: what is entered here would limit nothing. Leave it empty.",
            };
            axes.iter().filter(|(_, codes)| !codes.is_empty()).for_each(|(field, _)| refuse(field, why));
            if scopes.assigned_only != (self.role == Role::Advocate) {
                refuse("assigned_only", why);
            }
        }
        match (self.role, &self.advocate) {
            (Role::Advocate, None) => refuse("advocate", "An advocate is one of the panel: choose which."),
            (Role::Advocate, Some(_)) | (_, None) => {}
            (_, Some(_)) => refuse("advocate", "Only somebody whose role is advocate is one of the panel. Leave this empty."),
        }
        if self.limit.is_some() && self.role != Role::LegalHead {
            refuse("amount_limit", "Only a legal head approves amounts. Leave this empty.");
        }
        if self.until.is_some_and(|until| until < today) {
            refuse("allowed_until_on", "This day has passed. To shut somebody out, disable them.");
        }
        if self.from.zip(self.until).is_some_and(|(from, until)| until < from) {
            refuse("allowed_until_on", "The last day lies before the first.");
        }
        match (&self.deputy, self.deputy_until) {
            (None, None) => {}
            (None, Some(_)) => refuse("deputy", "Choose who acts until then, or leave both empty."),
            (Some(_), _) if !Self::has_deputies(self.role) => refuse("deputy", "Only who decides on what others ask for has a deputy."),
            (Some(deputy), _) if deputy == user => refuse("deputy", "Nobody acts for themselves."),
            (Some(_), None) => refuse("deputy_until_on", "A deputy is named for a time: say until when."),
            (Some(_), Some(until)) if until < today || until > today.later(DEPUTY_MAX_DAYS) => {
                refuse("deputy_until_on", "From today on, and for a year at most.");
            }
            (Some(_), Some(_)) => {}
        }
        problems
    }

    /// Whether people of this role decide on what others ask for.
    pub const fn has_deputies(role: Role) -> bool {
        matches!(role, Role::TenantAdmin | Role::LegalHead | Role::FinanceMis)
    }

    /// Whether it differs in what ends the sessions that were begun under it: who sees what, and until when.
    pub fn ends_sessions_of(&self, before: &Self) -> bool {
        (self.role, &self.scopes, &self.advocate, self.from, self.until)
            != (before.role, &before.scopes, &before.advocate, before.from, before.until)
    }

    /// Whether somebody with it is a tenant admin today and stays one.
    pub fn stays_admin(&self, today: Day) -> bool {
        self.role == Role::TenantAdmin && self.until.is_none() && self.from.is_none_or(|from| from <= today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CodeSet;

    const TODAY: &str = "2026-11-26";

    fn today() -> Day {
        Day::parse(TODAY).unwrap()
    }

    fn access(role: Role) -> Access {
        Access {
            name: "A".into(),
            email: "a@b.example".into(),
            role,
            scopes: Scopes::default(),
            limit: None,
            advocate: (role == Role::Advocate).then(|| "adv1".to_owned()),
            from: None,
            until: None,
            deputy: None,
            deputy_until: None,
        }
        .settled()
    }

    fn wrong(access: &Access) -> Vec<String> {
        access.problems("me@b.example", today()).into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn what_travels_comes_back_as_it_was() {
        for role in Role::ALL {
            let sent = Access {
                scopes: Scopes { zones: CodeSet::parse("WEST;EAST"), ..access(role).scopes },
                limit: Some(Inr::from_paise(12_345)),
                until: Day::parse("2027-01-01"),
                deputy: Some("d@b.example".into()),
                ..access(role)
            };
            assert_eq!(Access::of_values(&sent.values()), Some(sent));
        }
        let mut values = access(Role::Viewer).values();
        values.iter_mut().find(|(field, _)| field == "allowed_until_on").unwrap().1 = "soon".to_owned();
        assert_eq!(Access::of_values(&values), None);
    }

    #[test]
    fn a_plain_access_of_every_role_breaks_no_rule() {
        for role in Role::ALL {
            assert_eq!(wrong(&access(role)), [""; 0], "{role:?}");
        }
    }

    #[test]
    fn an_advocate_is_one_of_the_panel_and_sees_what_is_assigned_alone() {
        assert!(access(Role::Advocate).scopes.assigned_only);
        assert_eq!(wrong(&Access { advocate: None, ..access(Role::Advocate) }), ["advocate"]);
        let free = Access { scopes: Scopes::default(), ..access(Role::Advocate) };
        assert_eq!(wrong(&free), ["assigned_only"]);
        assert_eq!(wrong(&Access { advocate: Some("adv1".into()), ..access(Role::LegalManager) }), ["advocate"]);
    }

    #[test]
    fn an_admins_role_never_combines() {
        let scopes = Scopes { zones: CodeSet::parse("WEST"), assigned_only: true, ..Scopes::default() };
        let limit = Some(Inr::from_rupees(1));
        let more = Access { scopes, limit, advocate: Some("adv1".into()), ..access(Role::TenantAdmin) };
        assert_eq!(wrong(&more), ["zones", "assigned_only", "advocate", "amount_limit"]);
    }

    #[test]
    fn a_deputy_is_another_person_for_a_time() {
        let of = |deputy: Option<&str>, until: Option<Day>| {
            let deputy = deputy.map(str::to_owned);
            wrong(&Access { deputy, deputy_until: until, ..access(Role::LegalHead) })
        };
        assert_eq!(of(Some("d@b.example"), Some(today())), [""; 0]);
        assert_eq!(of(Some("me@b.example"), Some(today())), ["deputy"]);
        assert_eq!(of(Some("d@b.example"), None), ["deputy_until_on"]);
        assert_eq!(of(Some("d@b.example"), Some(today().later(-1))), ["deputy_until_on"]);
        assert_eq!(of(Some("d@b.example"), Some(today().later(400))), ["deputy_until_on"]);
        assert_eq!(of(None, Some(today())), ["deputy"]);
        let viewer = Access { deputy: Some("d@b.example".into()), deputy_until: Some(today()), ..access(Role::Viewer) };
        assert_eq!(wrong(&viewer), ["deputy"]);
    }

    #[test]
    fn what_changes_who_sees_what_ends_sessions_and_a_name_does_not() {
        let before = access(Role::Viewer);
        assert!(!Access { name: "B".into(), ..before.clone() }.ends_sessions_of(&before));
        assert!(access(Role::Auditor).ends_sessions_of(&before));
        let narrower = Access { scopes: Scopes { zones: CodeSet::parse("WEST"), ..Scopes::default() }, ..before.clone() };
        assert!(narrower.ends_sessions_of(&before));
    }

    #[test]
    fn an_admin_with_a_last_day_does_not_stay() {
        assert!(access(Role::TenantAdmin).stays_admin(today()));
        assert!(!Access { until: Some(today().later(9)), ..access(Role::TenantAdmin) }.stays_admin(today()));
        assert!(!Access { from: Some(today().later(1)), ..access(Role::TenantAdmin) }.stays_admin(today()));
        assert!(!access(Role::LegalHead).stays_admin(today()));
    }
}
