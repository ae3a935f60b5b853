//! The institution's own record, its branches, its people, its advocates and its arbitrators.
//!
//! Knows who works where; cases come to them elsewhere. One person holds each of the nine roles; a few more are there
//! to be refused, each for a reason of their own.

use crate::model::{CodeSet, Role, Scopes};

use super::institution::InstitutionSpec;
use super::names;
use super::place::{Branch, branches};
use super::random::Random;
use super::row::{Date, Record, Row, at, natural_key};

/// A person of the demo: what exists of them upstream, and what they may do.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// Sign-in name, a reserved mail address.
    pub user_id: String,
    /// The name that is shown.
    pub display_name: String,
    /// Their role; what a person without a Portal User record would have had.
    pub role: Role,
    /// Their scopes.
    pub scopes: Scopes,
    /// Whether they should be let in: an active, approved record whose dates hold today.
    pub active: bool,
    /// Password of their Frappe user; `None` where no such user exists upstream.
    pub password: Option<String>,
    /// Whether a Portal User record exists.
    pub portal_user: bool,
    /// Why they are among the people, when not to work.
    pub standing: Standing,
}

/// What is special about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: they work here.
    Works,
    /// A Frappe user of the site without a Portal User record.
    NoRecord,
    /// A record in state SUSPENDED.
    Suspended,
    /// A record whose last day has passed.
    Expired,
}

/// Somebody whom rows link to: the row's name and the person's.
#[derive(Clone, Debug)]
pub(super) struct Linked {
    pub name: String,
    pub title: String,
}

/// Everything of an institution that its cases hang on.
pub(super) struct House<'a> {
    pub spec: &'a InstitutionSpec,
    pub today: Date,
    pub branches: Vec<Branch>,
    pub people: Vec<DemoPerson>,
    pub advocates: Vec<Linked>,
    pub arbitrators: Vec<Linked>,
}

impl House<'_> {
    /// A text with the institution's marker, where it has one.
    pub fn mark(&self, text: &str) -> String {
        format!("{}{text}", self.spec.marker)
    }

    /// Sign-in name of a person by its part before the at sign.
    pub fn user(&self, local: &str) -> String {
        format!("{local}@{}", self.spec.domain())
    }

    /// The legal manager in whose zones a branch lies.
    pub fn legal_owner(&self, branch: &Branch) -> String {
        let first = self.people.iter().find(|person| person.role == Role::LegalManager);
        let covered = first.is_some_and(|person| person.scopes.zones.iter().any(|zone| zone == branch.state().zone));
        self.user(if covered { "legal.manager" } else { "legal.manager.2" })
    }

    /// The collections officer in whose regions a branch lies.
    pub fn collections_owner(&self, branch: &Branch) -> String {
        let first = self.people.iter().find(|person| person.role == Role::CollectionsOfficer);
        let covered = first.is_some_and(|person| person.scopes.regions.iter().any(|region| region == branch.state().region));
        self.user(if covered { "collections" } else { "collections.2" })
    }

    /// A record with the fields that all of this institution's records share.
    pub fn row(&self, name: &str, made_by: &str, made_at: i64, changed_at: i64) -> Row {
        Row::new(name, made_at, changed_at).text("institution", &self.spec.record).text("made_by", made_by).text("changed_by", made_by)
    }
}

fn codes<'a>(codes: impl IntoIterator<Item = &'a str>) -> CodeSet {
    codes.into_iter().map(str::to_owned).collect()
}

fn joined(set: &CodeSet) -> String {
    if set.is_empty() { String::new() } else { format!(";{};", set.iter().collect::<Vec<_>>().join(";")) }
}

/// Builds the house of an institution as of `today`, and its records: institution, branches, advocates, people,
/// arbitrators, in that order.
pub(super) fn house(spec: &InstitutionSpec, today: Date, seed: u64) -> (House<'_>, Vec<(&'static str, Vec<Record>)>) {
    let branches = branches(spec.branches.max(1));
    let mut house = House { spec, today, people: people(spec, &branches), branches, advocates: Vec::new(), arbitrators: Vec::new() };
    let mut random = Random::new(seed, &format!("{}/house", spec.id));
    let opened = at(today - 900, 600);

    let institution = Row::new(&spec.record, opened, opened)
        .text("title", &spec.legal_name)
        .text("institution_code", &spec.record)
        .text("kind", spec.kind)
        .text("registry_name", "Saral ODR Centre (demo)")
        .int("schema_version", 1)
        .text("case_series", "ARB")
        .check("active", true)
        .done();

    let branch_rows = (house.branches.iter())
        .map(|branch| {
            house
                .row(&random.row_name(), "job:installer", opened, opened)
                .text("branch_key", natural_key(&spec.record, &[&branch.code]))
                .text("branch", &branch.code)
                .text("branch_name", house.mark(&branch.label))
                .text("region", branch.state().region)
                .text("zone", branch.state().zone)
                .text("state_name", branch.state().name)
                .check("active", true)
                .done()
        })
        .collect();

    let (mut advocates, mut arbitrators) = (Vec::new(), Vec::new());
    for index in 0..if spec.cases > 5_000 { 24 } else { 6 } {
        let linked = linked(&house, &mut random, "Adv. ");
        let row = house
            .row(&linked.name, &house.user("tenant.admin"), opened, opened)
            .text("advocate_name", &linked.title)
            .text("firm", house.mark(&format!("{} Chambers", linked.title.rsplit(' ').next().unwrap_or("Demo"))))
            .text("enrolment_no", format!("DEMO/{:04}/20{:02}", random.between(1, 9999), random.between(5, 22)))
            .text("email", format!("advocate{index}@counsel.example"))
            .text("mobile_masked", format!("5{}xxxxxx{:02}", random.between(0, 9), random.between(0, 99)))
            .text("cities", house.branches[index % house.branches.len()].state().towns[0].0)
            .money("fee_per_appearance", random.between(25, 90) * 100_00)
            .date("empanelled_on", today - random.between(200, 890))
            .check("active", true)
            .done();
        advocates.push(row);
        house.advocates.push(linked);
    }
    for index in 0..if spec.cases > 5_000 { 18 } else { 5 } {
        let linked = linked(&house, &mut random, "");
        let row = house
            .row(&linked.name, "upstream:registry", opened, opened)
            .text("arbitrator_name", &linked.title)
            .text("registration_no", format!("SOC/ARB/{:03}", index + 1))
            .text("languages", ";en;hi;")
            .text("city", house.branches[index % house.branches.len()].state().towns[0].0)
            .check("active", true)
            .done();
        arbitrators.push(row);
        house.arbitrators.push(linked);
    }

    let user_rows = house.people.iter().filter(|person| person.portal_user).map(|person| user_row(&house, &mut random, person)).collect();
    let records = vec![
        ("Institution", vec![institution]),
        ("Institution Branch", branch_rows),
        ("Panel Advocate", advocates),
        ("Portal User", user_rows),
        ("Tribunal Arbitrator", arbitrators),
    ];
    (house, records)
}

fn linked(house: &House<'_>, random: &mut Random, title: &str) -> Linked {
    let branch = &house.branches[random.below(house.branches.len())];
    let person = names::person(random, branch.state().language);
    Linked { name: random.row_name(), title: house.mark(&format!("{title}{}", person.latin)) }
}

fn user_row(house: &House<'_>, random: &mut Random, person: &DemoPerson) -> Record {
    let (admin, head) = (house.user("tenant.admin"), house.user("legal.head"));
    let created_by = if person.user_id == admin { house.user("legal.head.2") } else { admin };
    let approved_by = if person.user_id == head { house.user("legal.head.2") } else { head };
    let since = house.today - 400;
    // A checker's limit; the second head has none, and nobody else approves.
    let limit = match person.user_id.split('@').next() {
        Some("legal.head") => 50_00_000_00,
        _ => -100,
    };
    let mut row = house
        .row(&random.row_name(), &created_by, at(since, 660), at(since + 1, 700))
        .text("user_id", &person.user_id)
        .text("user_key", natural_key(&house.spec.record, &[&person.user_id]))
        .text("email", &person.user_id)
        .text("display_name", &person.display_name)
        .text("mobile_masked", format!("5{}xxxxxx{:02}", random.between(0, 9), random.between(0, 99)))
        .text("portal_role", person.role.code())
        .text("zones", joined(&person.scopes.zones))
        .text("regions", joined(&person.scopes.regions))
        .text("branches", joined(&person.scopes.branches))
        .text("products", joined(&person.scopes.products))
        .check("assigned_only", person.scopes.assigned_only)
        .money("amount_limit", limit)
        .check("active", person.standing != Standing::Suspended)
        .date("allowed_from_on", since)
        .text("created_by", created_by)
        .text("approved_by", approved_by)
        .moment("approved_at", at(since + 1, 700))
        .text("state", if person.standing == Standing::Suspended { "SUSPENDED" } else { "ACTIVE" });
    if person.standing == Standing::Expired {
        row = row.date("allowed_until_on", house.today - 3);
    }
    // Who works here was in on one of the last days, in the morning; from what the record says already, so that nothing else moves.
    if person.standing == Standing::Works {
        let spread: i64 = person.user_id.bytes().map(i64::from).sum();
        row = row.moment("last_sign_in_at", at(house.today - 1 - spread % 4, 540 + spread % 97));
    }
    if person.role == Role::Advocate {
        row = row.maybe("advocate", house.advocates.first().map(|advocate| advocate.name.as_str()));
    }
    row.done()
}

fn people(spec: &InstitutionSpec, branches: &[Branch]) -> Vec<DemoPerson> {
    let distinct = |of: fn(&Branch) -> &'static str| {
        let mut seen: Vec<&'static str> = Vec::new();
        for branch in branches {
            if !seen.contains(&of(branch)) {
                seen.push(of(branch));
            }
        }
        seen
    };
    let (zones, regions) = (distinct(|branch| branch.state().zone), distinct(|branch| branch.state().region));
    // The first of two managers has the first half of the zones; what is left goes to the second.
    let (first, second) = zones.split_at(zones.len().div_ceil(2));
    let products = spec.products.first().map(|(code, _)| *code);
    let none = Scopes::default();
    let of = |local: &str, name: &str, role: Role, scopes: Scopes| DemoPerson {
        user_id: format!("{local}@{}", spec.domain()),
        display_name: format!("{}{name}", spec.marker),
        role,
        scopes,
        active: true,
        password: Some(format!("{}-demo", spec.id)),
        portal_user: true,
        standing: Standing::Works,
    };
    vec![
        of("tenant.admin", "Anil Thomas", Role::TenantAdmin, none.clone()),
        of("legal.head", "Meera Iyer", Role::LegalHead, none.clone()),
        of("legal.manager", "Rohan Kulkarni", Role::LegalManager, Scopes { zones: codes(first.iter().copied()), ..none.clone() }),
        of(
            "collections",
            "Farida Shaikh",
            Role::CollectionsOfficer,
            Scopes { regions: codes(regions.iter().take(2).copied()), ..none.clone() },
        ),
        of("branch.user", "Suresh Patil", Role::BranchUser, Scopes { branches: codes([branches[0].code.as_str()]), ..none.clone() }),
        of("advocate", "Adv. Nandini Rao", Role::Advocate, Scopes { assigned_only: true, ..none.clone() }),
        of("finance", "Jaspreet Gill", Role::FinanceMis, none.clone()),
        of("auditor", "Elizabeth Varghese", Role::Auditor, none.clone()),
        of("viewer", "Arjun Das", Role::Viewer, Scopes { zones: codes(zones.first().copied()), products: codes(products), ..none.clone() }),
        of("legal.head.2", "Vikram Sethi", Role::LegalHead, none.clone()),
        of("legal.manager.2", "Kavya Menon", Role::LegalManager, Scopes { zones: codes(second.iter().copied()), ..none.clone() }),
        of("collections.2", "Dinesh Yadav", Role::CollectionsOfficer, none.clone()),
        DemoPerson {
            active: false,
            portal_user: false,
            standing: Standing::NoRecord,
            ..of("no.record", "Guest of the site", Role::Viewer, none.clone())
        },
        DemoPerson {
            active: false,
            standing: Standing::Suspended,
            ..of("suspended", "Naresh Suspended", Role::LegalManager, none.clone())
        },
        DemoPerson { active: false, standing: Standing::Expired, ..of("expired", "Latha Expired", Role::Viewer, none) },
    ]
}
