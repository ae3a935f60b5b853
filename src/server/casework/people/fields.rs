//! What is asked of who lets somebody in or changes what they may, and how what was typed is read. It must not know how it is kept.

use std::collections::BTreeSet;

use super::{
    super::second::Desk,
    wire::{PanelRecord, PersonRecord, PlaceRecord},
};
use crate::{
    model::{ACCESS_FIELDS, Access, CodeSet, Field, FieldError, FieldKind, Inr, Names, Product, Reading, Role, Scopes, Typed},
    server::{
        casework::{Refusal, columns::every},
        frappe::{Condition, Direction, Field as Column, Query, RowScope},
    },
};

/// The longest line, in characters: a Data column.
const LINE_MAX: usize = 140;
/// The longest list of codes, in characters.
const CODES_MAX: usize = 500;
/// Codes that are named beside a field; of more, it says how many there are.
const NAMED_MAX: usize = 24;
/// The most branches, advocates and people that can be chosen; the form says where an institution has more.
const OFFERED_MAX: u32 = 10_000;

/// What may be chosen.
#[derive(Default)]
pub struct Choices {
    zones: BTreeSet<String>,
    regions: BTreeSet<String>,
    branches: BTreeSet<String>,
    products: BTreeSet<String>,
    advocates: Vec<(String, String)>,
    /// Sign-in name, words and role of who decides on what others ask for.
    checkers: Vec<(String, String, Role)>,
    /// Fields of which there is more than can be chosen.
    beyond: Vec<&'static str>,
}

impl Choices {
    /// Asks the institution.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn of(desk: &Desk) -> Result<Self, Refusal> {
        let all = RowScope::institution_wide;
        let on = || Condition::eq(Column::new("active"), true);
        let places = Query::<PlaceRecord>::new(all()).filter(on()).order_by(Column::new("branch"), Direction::Ascending);
        let panel = Query::<PanelRecord>::new(all()).filter(on()).order_by(Column::new("advocate_name"), Direction::Ascending);
        let roles = Role::ALL.into_iter().filter(|role| Access::has_deputies(*role)).map(Role::code);
        let people = Query::<PersonRecord>::new(all()).filter(on()).filter(Condition::one_of(Column::new("portal_role"), roles));
        let people =
            people.filter(Condition::eq(Column::new("state"), "ACTIVE")).order_by(Column::new("display_name"), Direction::Ascending);
        let (client, names) = (&desk.client, Names::Shown);
        let (places, panel, people) = futures::try_join!(
            every(client, &places, names, OFFERED_MAX),
            every(client, &panel, names, OFFERED_MAX),
            every(client, &people, names, OFFERED_MAX)
        )?;
        let beyond = [(places.more, &["zones", "regions", "branches"][..]), (panel.more, &["advocate"]), (people.more, &["deputy"])];
        let today = desk.today();
        let panel = panel.rows.into_iter().filter(|row| row.empanelled_until_on.day().is_none_or(|until| until >= today));
        let mut choices = Self {
            products: Product::ALL.iter().map(|product| product.code().to_owned()).collect(),
            advocates: panel.map(|row| (row.name, format!("{}, {}", row.advocate_name, row.firm))).collect(),
            beyond: beyond.into_iter().filter(|(more, _)| *more).flat_map(|(_, fields)| fields.iter().copied()).collect(),
            ..Self::default()
        };
        for place in places.rows {
            choices.zones.insert(place.zone);
            choices.regions.insert(place.region);
            choices.branches.insert(place.branch);
        }
        let named = |row: PersonRecord| Some((row.user_id.clone(), format!("{} ({})", row.display_name, row.user_id), row.role()?));
        choices.checkers = people.rows.into_iter().filter_map(named).collect();
        Ok(choices)
    }

    fn codes(&self, field: &str) -> &BTreeSet<String> {
        match field {
            "zones" => &self.zones,
            "regions" => &self.regions,
            "branches" => &self.branches,
            _ => &self.products,
        }
    }

    /// That not all can be chosen, where it is so.
    fn beyond(&self, field: &str) -> String {
        let of = match field {
            "advocate" => "advocates",
            "deputy" => "people",
            _ => "branches",
        };
        let most = Inr::from_rupees(i64::from(OFFERED_MAX)).exact();
        let most = most.trim_start_matches('₹');
        let told = || format!(" The institution has more {of} than can be chosen here: the first {most} by name are.");
        if self.beyond.contains(&field) { told() } else { String::new() }
    }

    /// What of an access names something that the institution does not have (any more), each under its field.
    pub fn unknown(&self, access: &Access) -> Vec<FieldError> {
        let mut problems = Vec::new();
        let mut refuse = |field: &str, problem: String| problems.push(FieldError { field: field.to_owned(), problem });
        let scopes = &access.scopes;
        for (field, codes) in
            [("zones", &scopes.zones), ("regions", &scopes.regions), ("branches", &scopes.branches), ("products", &scopes.products)]
        {
            let unknown: Vec<&str> = codes.iter().filter(|code| !self.codes(field).contains(*code)).collect();
            if !unknown.is_empty() {
                refuse(field, format!("The institution has no {}.{}", unknown.join(", "), self.beyond(field)));
            }
        }
        if access.advocate.as_ref().is_some_and(|advocate| !self.advocates.iter().any(|(code, _)| code == advocate)) {
            refuse("advocate", "This advocate is not on the panel any more. Choose another.".to_owned());
        }
        let acts = access.deputy.as_ref().map(|deputy| self.checkers.iter().any(|(user, _, role)| user == deputy && *role == access.role));
        if acts == Some(false) {
            refuse("deputy", format!("Only {} who may sign in acts for {}.", access.role.somebody(), access.role.somebody()));
        }
        problems
    }

    /// The fields.
    pub fn fields(self) -> Vec<Field> {
        let helped = |field: &str| {
            let known = self.codes(field);
            let known = match known.len() {
                many if many > NAMED_MAX => format!(" {many} are known: the institution’s own list names them."),
                _ => format!(" Known: {}.", joined(known)),
            };
            format!("Codes with commas between them; empty is no limit.{known}{}", self.beyond(field))
        };
        let roles = Role::ALL.map(|role| (role.code().to_owned(), role.label().to_owned())).to_vec();
        let deputies: Vec<(String, String)> =
            self.checkers.iter().map(|(user, words, role)| (user.clone(), format!("{words}, {}", role.label().to_lowercase()))).collect();
        let field = |(name, label): (&'static str, &'static str)| match name {
            "display_name" => Field::new(name, label, FieldKind::Line { max: LINE_MAX }),
            "email" => Field::new(name, label, FieldKind::Line { max: LINE_MAX }).help("Nobody else’s here: one person has one role."),
            "portal_role" => Field::new(name, label, FieldKind::Choice(roles.clone())),
            "assigned_only" => Field::new(name, label, FieldKind::Check).optional().help("Of an advocate always so."),
            "amount_limit" => Field::new(name, label, FieldKind::Amount).optional().help("Of a legal head; empty is no limit."),
            "advocate" => {
                let help = format!("Whose cases an advocate sees.{}", self.beyond(name));
                Field::new(name, label, FieldKind::Choice(self.advocates.clone())).optional().help(help)
            }
            "allowed_from_on" | "allowed_until_on" => Field::new(name, label, FieldKind::Day { min: None, max: None }).optional(),
            "deputy" => {
                let help =
                    "Somebody of the same role who acts instead, and counts as the same person: never for what either has submitted.";
                let help = format!("{help}{}", self.beyond(name));
                Field::new(name, label, FieldKind::Choice(deputies.clone())).optional().help(help)
            }
            "deputy_until_on" => Field::new(name, label, FieldKind::Day { min: None, max: None }).optional(),
            _ => Field::new(name, label, FieldKind::Line { max: CODES_MAX }).optional().help(helped(name)),
        };
        ACCESS_FIELDS.into_iter().map(field).collect()
    }

    /// Reads what was typed, and holds it against the rules: for this person, on this day.
    ///
    /// # Errors
    /// Each problem, under its field.
    pub fn read(&self, typed: &Typed, user: &str, desk: &Desk) -> Result<Option<Access>, Vec<FieldError>> {
        let mut reading = Reading::of(typed);
        let name = reading.required("display_name", |reading| reading.some_line("display_name", LINE_MAX));
        let email = reading.required("email", |reading| reading.some_line("email", LINE_MAX)).to_lowercase();
        if !email.is_empty() && !is_address(&email) {
            reading.refuse("email", "This is no address of mail.");
        }
        let known = Role::ALL.map(|role| (role.code().to_owned(), Some(role)));
        let role = reading.required("portal_role", |reading| reading.some_choice("portal_role", known));
        let mut codes = |field: &'static str| {
            let text = reading.some_line(field, CODES_MAX).unwrap_or_default();
            let typed = text.split([',', ';']).map(str::trim).filter(|code| !code.is_empty());
            // As the institution writes it, whatever the letter case; what it does not know is refused with the rest.
            let written = |code: &str| self.codes(field).iter().find(|known| known.eq_ignore_ascii_case(code)).cloned();
            typed.map(|code| written(code).unwrap_or_else(|| code.to_owned())).collect::<CodeSet>()
        };
        let (zones, regions, branches, products) = (codes("zones"), codes("regions"), codes("branches"), codes("products"));
        let limit = reading.some_amount("amount_limit");
        let choices = |choices: Vec<String>| choices.into_iter().map(|code| (code.clone(), code));
        let advocate = reading.some_choice("advocate", choices(self.advocates.iter().map(|(code, _)| code.clone()).collect()));
        let from = reading.some_day("allowed_from_on", None, None);
        let until = reading.some_day("allowed_until_on", None, None);
        let deputy = reading.some_choice("deputy", choices(self.checkers.iter().map(|(user, ..)| user.clone()).collect()));
        let deputy_until = reading.some_day("deputy_until_on", None, None);
        reading.done()?;
        let scopes = Scopes { zones, regions, branches, products, assigned_only: typed.has("assigned_only") };
        let Some(role) = role else { return Ok(None) };
        let access = Access { name, email, role, scopes, limit, advocate, from, until, deputy, deputy_until }.settled();
        let problems: Vec<FieldError> = access.problems(user, desk.today()).into_iter().chain(self.unknown(&access)).collect();
        if problems.is_empty() { Ok(Some(access)) } else { Err(problems) }
    }
}

fn joined(codes: &BTreeSet<String>) -> String {
    codes.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// What stands in the fields of an access, as it would have been typed.
pub fn filled(access: &Access) -> Typed {
    let typed = |(field, value): (String, String)| {
        let value = match (field.as_str(), value.as_str()) {
            ("amount_limit", "none") => String::new(),
            ("amount_limit", _) => access.limit.map(|limit| limit.exact().trim_start_matches('₹').to_owned()).unwrap_or_default(),
            ("zones" | "regions" | "branches" | "products", codes) => codes.trim_matches(';').replace(';', ", "),
            _ => value,
        };
        (!value.is_empty()).then_some((field, value))
    };
    Typed::from(access.values().into_iter().filter_map(typed).collect::<Vec<_>>())
}

/// Whether it has the shape of an address of mail: what a sign-in name is as well.
pub fn is_address(text: &str) -> bool {
    let plain = |part: &str, more: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || more.as_bytes().contains(&byte))
    };
    text.split_once('@').is_some_and(|(local, domain)| plain(local, "._+-'") && plain(domain, ".-") && domain.contains('.'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where a field is missing")]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_of_what_there_is_more_than_it_offers() {
        let branches = (0..30).map(|number| format!("B{number:02}")).collect();
        let choices = Choices { branches, beyond: vec!["branches", "deputy"], ..Choices::default() };
        let fields = choices.fields();
        let help = |name: &str| fields.iter().find(|field| field.name == name).unwrap().help.clone();
        assert!(help("branches").contains("30 are known") && help("branches").contains("more branches than can be chosen here"));
        assert!(help("deputy").contains("more people than can be chosen here: the first 10,000 by name"));
        assert!(!help("advocate").contains("more") && !help("zones").contains("more"));
    }
}
