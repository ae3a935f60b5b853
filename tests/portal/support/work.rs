//! Work in a case as tests do it: a case put where a test needs it, a form opened and sent, and what stands upstream afterwards.
//!
//! Must not know how a step is carried out.

use std::collections::BTreeMap;

use odr_portal::{
    cli::{
        demo::{Plan, World},
        serve::Portal,
    },
    config::{PortalConfig, Source},
    demo::portfolio::small_institution,
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, unlimited},
    forms::{deed, fill},
    upstream,
};

/// Two small institutions on one site, whose administrator has a key.
pub async fn world() -> World {
    let specs = (0..2).map(small_institution).collect();
    let mut world = World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap();
    upstream::administer(&mut world);
    world
}

/// Another portal of this world, which does what is to be done in the background.
pub async fn working(world: &World) -> Portal {
    working_with(world, &[]).await
}

/// The same, with some settings of its own.
pub async fn working_with(world: &World, own: &[(&'static str, &str)]) -> Portal {
    let own = [("PORTAL_JOBS_SECONDS", "1")].into_iter().chain(own.iter().copied()).collect::<BTreeMap<_, _>>();
    let mut settings: BTreeMap<&'static str, String> = world.portal_settings.iter().map(|(name, value)| (*name, value.clone())).collect();
    settings.extend(own.into_iter().map(|(name, value)| (name, value.to_owned())));
    let portal = Portal::start(PortalConfig::from_env(&Source::fixed(settings.into_iter().collect::<Vec<_>>())).unwrap()).await.unwrap();
    portal.wait_until_ready(std::time::Duration::from_secs(10)).await.unwrap();
    portal
}

/// Rows of the first institution whose columns hold these values.
pub async fn rows(world: &World, doctype: &str, fields: &[&str], of: &[(&str, &str)]) -> Vec<Value> {
    let rows = upstream::rows(world, "t000", doctype, fields).await;
    rows.into_iter().filter(|row| of.iter().all(|(field, value)| row[*field] == **value)).collect()
}

/// A case as it stands at the institution's own server.
pub async fn case(world: &World, name: &str) -> Value {
    let fields = [
        "name",
        "stage",
        "status",
        "is_open",
        "outcome",
        "hold",
        "open_lan_key",
        "lan",
        "submitted_by",
        "approved_by",
        "next_due_code",
        "modified",
    ];
    rows(world, "Arbitration Case", &fields, &[("name", name)]).await.remove(0)
}

/// A case of the institution, put where a test needs it: its requests decided, its holds lifted, its agreement on file.
pub async fn placed(world: &World, index: usize, stage: &str, status: &str) -> String {
    let name = rows(world, "Arbitration Case", &["name"], &[]).await[index]["name"].as_str().unwrap().to_owned();
    let change = json!({
        "stage": stage, "status": status, "is_open": i32::from(stage != "S90"), "hold": "NONE", "settlement_track": "NONE",
        "arbitration_clause": 1, "zone": "WEST", "legal_owner": "legal.manager@t000.example",
    });
    upstream::change(world, "Arbitration Case", &name, &change).await;
    for approval in rows(world, "Case Approval", &["name", "case_ref"], &[("case_ref", &name)]).await {
        upstream::change(world, "Case Approval", approval["name"].as_str().unwrap(), &json!({"state": "APPROVED"})).await;
    }
    let agreement = json!({
        "case_ref": name, "doc_type": "AGREEMENT", "state": "STORED", "is_latest": 1, "version": 1,
        "doc_group": format!("agreement-{name}"), "doc_version_key": format!("agreement-{name}"), "institution": "T000",
    });
    upstream::copy_first(world, "t000", "Case Document", &agreement).await;
    name
}

/// Opens a form, sends it, and expects that it was done.
pub async fn done(browser: &Browser, case: &str, what: &str, typed: &[(&str, &str)]) {
    let seen = fill(browser, &deed(case, what), typed).await;
    assert_eq!(seen.status, 303, "{what}: {}", seen.text);
}

/// What was recorded of a case in the audit trail: kind and action.
pub async fn trail(world: &World, case: &str) -> Vec<(String, String)> {
    let rows = rows(world, "Portal Audit Event", &["kind", "action", "case_name"], &[("case_name", case)]).await;
    let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
    rows.iter().filter(|row| row["kind"] != "VIEW").map(|row| (text(row, "kind"), text(row, "action"))).collect()
}
