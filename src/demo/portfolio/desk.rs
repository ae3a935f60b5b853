//! How each person has set up their desk: saved views of the lists, and preferences.
//!
//! Queries are of fields and codes; nothing of a borrower stands in them.

use serde_json::json;

use super::Sink;
use super::people::House;
use super::random::{Random, derived_name};
use super::row::{at, natural_key};
use crate::model::Role;

/// Title, query and whose it is: everybody's, a role's, or each one's own.
const VIEWS: [(&str, &str, &str, Option<Role>); 8] = [
    ("In the tribunal's hands", "open:yes stage:tribunal", "ALL", None),
    ("Waiting for a hearing", "open:yes stage:hearing", "ALL", None),
    ("Unserved section 21 notices", "status:S21_UNSERVED", "ROLE", Some(Role::LegalManager)),
    ("Large claims", "open:yes claim:>25L", "ROLE", Some(Role::LegalHead)),
    ("On hold", "open:yes hold:LEGAL_HOLD", "ROLE", Some(Role::LegalManager)),
    ("More than a year in default", "open:yes dpd:>365", "ROLE", Some(Role::CollectionsOfficer)),
    ("Awards of this year", "stage:award", "PRIVATE", Some(Role::LegalHead)),
    ("Personal loans", "open:yes product:PERSONAL", "PRIVATE", Some(Role::CollectionsOfficer)),
];

/// Writes the views and the preferences of everybody who has a record.
pub(super) fn write(house: &House<'_>, seed: u64, sink: &mut Sink<'_>) {
    let mut random = Random::new(seed, &format!("{}/desk", house.spec.id));
    let admin = house.user("tenant.admin");
    for (title, query, shared, role) in VIEWS {
        let owner =
            (house.people.iter()).find(|person| person.active && Some(person.role) == role).map_or(&admin, |person| &person.user_id);
        let made_at = at(house.today - random.between(20, 300), 650);
        let mut row = house
            .row(&derived_name(&format!("{}/view/{title}", house.spec.id)), owner, made_at, made_at)
            .text("user_id", owner)
            .text("title", house.mark(title))
            .text("entity", "CASE")
            .text("query_text", query)
            .text("columns", json!(["number", "respondent", "stage", "due", "dues"]).to_string())
            .text("sort_text", "due")
            .text("density", "compact")
            .text("shared", shared)
            .check("pinned", shared == "ALL");
        if shared == "ROLE" {
            row = row.maybe("shared_role", role.map(Role::code));
        }
        sink("Portal Saved View", row.done());
    }
    for person in house.people.iter().filter(|person| person.portal_user) {
        let made_at = at(house.today - random.between(5, 300), 660);
        let row = house
            .row(&derived_name(&format!("{}/preference", person.user_id)), &person.user_id, made_at, made_at)
            .text("pref_key", natural_key(&house.spec.record, &[&person.user_id]))
            .text("user_id", &person.user_id)
            .text("language", if random.chance(15.0) { "hi" } else { "en" })
            .text("theme", *random.pick(&["SYSTEM", "SYSTEM", "LIGHT", "DARK"]))
            .text("density", *random.pick(&["comfortable", "compact"]))
            .text("home_view", "dashboard")
            .text("digest", *random.pick(&["OFF", "DAILY", "WEEKLY"]))
            .check("reduced_motion", false);
        sink("Portal Preference", row.done());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CaseQuery;

    #[test]
    fn every_saved_query_can_be_read() {
        for (title, query, ..) in VIEWS {
            let read = CaseQuery::from_params(query, "", "", "");
            assert!(read.problems.is_empty(), "{title}: {:?}", read.problems);
        }
    }
}
