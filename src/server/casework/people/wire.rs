//! A `Portal User` as Frappe keeps it, and as it is written. Frappe's own users are none of ours: they are neither read nor written.

use crate::{
    model::{Access, CodeSet, Inr, Role, RowLimit, Scopes},
    server::{
        casework::columns::{Check, Date, LocalTime, inr, record},
        frappe::{Changes, Field, Value},
    },
};

record! {
    /// A person.
    pub struct PersonRecord of "Portal User" {
        user_id: String,
        email: String,
        display_name: String,
        portal_role: String,
        zones: String,
        regions: String,
        branches: String,
        products: String,
        assigned_only: Check,
        amount_limit: f64,
        advocate: String,
        active: Check,
        allowed_from_on: Date,
        allowed_until_on: Date,
        deputy: String,
        deputy_until_on: Date,
        created_by: String,
        approved_by: String,
        approved_at: LocalTime,
        state: String,
        last_sign_in_at: LocalTime,
        idem_key: String,
    }
}

record! {
    /// Where the institution has branches: its codes.
    pub struct PlaceRecord of "Institution Branch" {
        branch: String,
        region: String,
        zone: String,
    }
}

record! {
    /// An advocate of the panel.
    pub struct PanelRecord of "Panel Advocate" {
        advocate_name: String,
        firm: String,
        empanelled_until_on: Date,
    }
}

/// Nobody has approved it yet.
pub const WAITING: &str = "PENDING_APPROVAL";
/// May sign in.
pub const ACTIVE: &str = "ACTIVE";
/// Is shut out.
pub const SUSPENDED: &str = "SUSPENDED";

impl PersonRecord {
    /// The role, if it is one of ours.
    pub fn role(&self) -> Option<Role> {
        Role::from_code(&self.portal_role)
    }

    /// Whether they are let in, but for their first and last day.
    pub fn is_on(&self) -> bool {
        self.active.0 && self.state == ACTIVE
    }

    /// What they are let do; `None` where the role is none of ours.
    pub fn access(&self) -> Option<Access> {
        let role = self.role()?;
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        // No limit is below nothing upstream, where a number cannot be absent; who does not check has none.
        let limit = (role == Role::LegalHead && self.amount_limit >= 0.0).then(|| inr(self.amount_limit).unwrap_or(Inr::ZERO));
        let access = Access {
            name: self.display_name.clone(),
            email: self.email.clone(),
            role,
            scopes: Scopes {
                zones: CodeSet::parse(&self.zones),
                regions: CodeSet::parse(&self.regions),
                branches: CodeSet::parse(&self.branches),
                products: CodeSet::parse(&self.products),
                assigned_only: self.assigned_only.0,
            },
            limit,
            advocate: some(&self.advocate),
            from: self.allowed_from_on.day(),
            until: self.allowed_until_on.day(),
            deputy: some(&self.deputy),
            deputy_until: self.deputy_until_on.day(),
        };
        Some(access.settled())
    }

    /// What stands in the record: what a request over it is held against.
    pub fn values(&self) -> Vec<(String, String)> {
        let stands = [("state", self.state.clone()), ("active", if self.active.0 { "1" } else { "" }.to_owned())];
        let stands = stands.into_iter().map(|(field, value)| (field.to_owned(), value));
        match self.access() {
            Some(access) => access.values().into_iter().chain(stands).collect(),
            None => stands.chain([("portal_role".to_owned(), self.portal_role.clone())]).collect(),
        }
    }

    /// Which rows, in words; nothing where there is no limit.
    pub fn reach(&self) -> Vec<String> {
        let Some(access) = self.access() else { return Vec::new() };
        match access.role.case_rows() {
            RowLimit::All => vec!["Every case".to_owned()],
            RowLimit::Assigned => vec!["Cases assigned to them".to_owned()],
            RowLimit::Scoped => {
                let scopes = &access.scopes;
                let axes = [
                    ("Zones", &scopes.zones),
                    ("Regions", &scopes.regions),
                    ("Branches", &scopes.branches),
                    ("Products", &scopes.products),
                ];
                let axes = axes.into_iter().filter(|(_, codes)| !codes.is_empty());
                let mut lines: Vec<String> =
                    axes.map(|(name, codes)| format!("{name}: {}", codes.iter().collect::<Vec<_>>().join(", "))).collect();
                lines.extend(scopes.assigned_only.then(|| "Cases assigned to them".to_owned()));
                if lines.is_empty() {
                    lines.push("Every case".to_owned());
                }
                lines
            }
        }
    }
}

/// An access as it is written.
pub fn written(access: &Access) -> Changes {
    let day = |day: Option<crate::model::Day>| day.map_or(Value::Nothing, Value::Day);
    let link = |text: &Option<String>| text.as_ref().map_or(Value::Nothing, |text| Value::Text(text.clone()));
    let scopes = &access.scopes;
    Changes::new()
        .set(Field::new("display_name"), access.name.as_str())
        .set(Field::new("email"), access.email.as_str())
        .set(Field::new("portal_role"), access.role.code())
        .set(Field::new("zones"), scopes.zones.stored())
        .set(Field::new("regions"), scopes.regions.stored())
        .set(Field::new("branches"), scopes.branches.stored())
        .set(Field::new("products"), scopes.products.stored())
        .set(Field::new("assigned_only"), scopes.assigned_only)
        .set(Field::new("amount_limit"), access.limit.unwrap_or(Inr::from_rupees(-1)))
        .set(Field::new("advocate"), link(&access.advocate))
        .set(Field::new("allowed_from_on"), day(access.from))
        .set(Field::new("allowed_until_on"), day(access.until))
        .set(Field::new("deputy"), link(&access.deputy))
        .set(Field::new("deputy_until_on"), day(access.deputy_until))
}
