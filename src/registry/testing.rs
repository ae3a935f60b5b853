//! Tenants for other modules' unit tests, made by the same judgement as the authority's: no back door.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Registry, Table, Tenant,
    protocol::{Payload, RawEntry},
};

/// An entry that is valid, and shares a site.
pub fn entry(id: &str) -> Value {
    json!({
        "id": id, "name": format!("Bank {id}"), "status": "active", "hosts": [format!("{id}.portal.example")],
        "upstream": {
            "base_url": "https://shared.frappe.example", "site": null, "placement": "shared",
            "institution": id.to_uppercase(), "api_key": format!("key-{id}"), "api_secret": format!("secret-{id}"),
            "timeout_ms": 10000, "max_concurrency": 16
        },
        "sign_in": { "scheme": "frappe" }
    })
}

/// An active tenant on a shared site, at `{id}.portal.example`.
pub fn tenant(id: &str) -> Arc<Tenant> {
    tenant_with(id, |_| {})
}

/// The same with a changed entry; `http` upstreams on loopback are accepted. Panics where the entry is refused.
pub fn tenant_with(id: &str, change: impl FnOnce(&mut Value)) -> Arc<Tenant> {
    let mut entry = entry(id);
    change(&mut entry);
    let registry = registry_of(vec![entry]);
    let tenant = registry.tenants().into_iter().next();
    tenant.unwrap_or_else(|| panic!("the entry is refused: {:?}", registry.readiness().quarantined))
}

/// A registry with these entries in force, and no loop.
pub fn registry_of(tenants: Vec<Value>) -> Arc<Registry> {
    Arc::new(Registry::fixed(table_of(None, 1, tenants)))
}

/// The table after a full answer.
pub(in crate::registry) fn table_of(previous: Option<&Table>, version: u64, tenants: Vec<Value>) -> Table {
    let tenants = tenants.into_iter().map(|entry| RawEntry::new(entry.to_string())).collect();
    let payload = Payload { version, since: None, tenants, removed: Vec::new() };
    Table::next(previous, payload, true).expect("the payload is taken")
}
