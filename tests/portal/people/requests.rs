//! People as tests meet them: who signs in, how a person stands upstream, what is asked for of them and decided.
//!
//! Must not know what any rule says.

use odr_portal::cli::demo::World;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Seen, person},
    forms::fill,
    upstream,
    work::rows,
};

/// A browser of somebody of the first institution.
pub async fn of(world: &World, local: &str) -> Browser {
    Browser::of(world, person(world, "t000", local)).await
}

/// A person's record upstream.
pub async fn row(world: &World, local: &str) -> Value {
    upstream::portal_user(world, person(world, "t000", local)).await
}

/// Its name.
pub async fn id_of(world: &World, local: &str) -> String {
    row(world, local).await["name"].as_str().unwrap().to_owned()
}

/// Changes it past the portal.
pub async fn become_(world: &World, local: &str, change: &Value) {
    upstream::change_portal_user(world, person(world, "t000", local), change).await;
}

/// The address of the form that asks for a change.
pub fn change(row: &Value) -> String {
    format!("/people/{}/do/change", row["name"].as_str().unwrap())
}

/// What stands in that form for a person, with some of it typed over.
pub fn typed<'a>(row: &'a Value, over: &[(&'static str, &'a str)]) -> Vec<(&'static str, &'a str)> {
    const FIELDS: [&str; 13] = [
        "display_name",
        "email",
        "portal_role",
        "zones",
        "regions",
        "branches",
        "products",
        "assigned_only",
        "advocate",
        "allowed_from_on",
        "allowed_until_on",
        "deputy",
        "deputy_until_on",
    ];
    let stands = FIELDS.into_iter().filter_map(|field| {
        let text = match &row[field] {
            Value::Number(number) if *number == json!(1).as_number().unwrap().clone() => "1",
            other => other.as_str().unwrap_or_default().trim_matches(';'),
        };
        let typed_over = over.iter().any(|(name, _)| *name == field);
        (!text.is_empty() && !typed_over).then_some((field, text))
    });
    let over = over.iter().copied().filter(|(_, text)| !text.is_empty());
    stands.chain(over).collect()
}

/// The newest request over a person.
pub async fn asked(world: &World, local: &str) -> Value {
    let name = id_of(world, local).await;
    let fields = ["name", "state", "checker", "round", "submitted_by", "creation"];
    let mut found = rows(world, "Case Approval", &[&fields[..], &["object_name"]].concat(), &[("object_name", &name)]).await;
    found.sort_by_key(|row| row["creation"].as_str().unwrap().to_owned());
    found.pop().unwrap()
}

/// The address of the request over a person that waits.
pub async fn request(world: &World, local: &str) -> String {
    let asked = asked(world, local).await;
    assert_eq!(asked["state"], "PENDING");
    format!("/approvals/{}", asked["name"].as_str().unwrap())
}

/// Decides on what waits for a person.
pub async fn decide(world: &World, browser: &Browser, local: &str, typed: &[(&str, &str)]) -> Seen {
    fill(browser, &request(world, local).await, typed).await
}

/// How often something was refused, by the trail.
pub async fn denials(world: &World, action: &str) -> usize {
    rows(world, "Portal Audit Event", &["action", "kind"], &[("kind", "DENIED"), ("action", action)]).await.len()
}
