//! The authority's catalog: what it takes, what it refuses, what lies on its disk.

use secrecy::ExposeSecret as _;
use serde_json::json;

use super::support::{authority_config, portal, pull, real_authority};
use crate::registry::{
    TenantStatus,
    authority::{Catalog, CatalogError},
    link::unix_now,
    sync::Synced,
    testing::entry,
};

#[tokio::test]
async fn every_change_reaches_a_portal_as_a_delta() {
    let real = real_authority(unix_now).await;
    let registry = portal(&real.url, &real.secret);
    pull(&registry).await.unwrap();
    // The commands run in another process, with a catalog of their own on the same file.
    let command = Catalog::open(&authority_config(&real.folder, &real.url)).unwrap();
    command.add_tenant(&entry("a")).unwrap();
    real.catalog.add_tenant(&entry("b")).unwrap();
    assert_eq!(pull(&registry).await, Ok(Synced::Changed));
    let status = |host: &str| registry.resolve(host).map(|tenant| tenant.status);
    assert_eq!((status("a.portal.example"), status("b.portal.example")), (Some(TenantStatus::Active), Some(TenantStatus::Active)));
    command.suspend("a").unwrap();
    command.remove("b").unwrap();
    assert_eq!(pull(&registry).await, Ok(Synced::Changed));
    assert_eq!((status("a.portal.example"), status("b.portal.example")), (Some(TenantStatus::Suspended), None));
    command.resume("a").unwrap();
    command.rotate("a", "k2", "s2").unwrap();
    assert_eq!(pull(&registry).await, Ok(Synced::Changed));
    let tenant = registry.resolve("a.portal.example").unwrap();
    assert_eq!((tenant.status, tenant.upstream.credentials.api_key.expose_secret()), (TenantStatus::Active, "k2"));
    assert_eq!(pull(&registry).await, Ok(Synced::Unchanged));
    let fresh = portal(&real.url, &real.secret);
    pull(&fresh).await.unwrap();
    assert_eq!(fresh.tenants().len(), 1);
}

#[test]
fn what_a_portal_would_quarantine_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(&authority_config(&folder, "https://authority.example")).unwrap();
    catalog.add_tenant(&entry("a")).unwrap();
    let refused = |change: fn(&mut serde_json::Value)| {
        let mut wrong = entry("b");
        change(&mut wrong);
        catalog.add_tenant(&wrong).unwrap_err().to_string()
    };
    assert!(refused(|entry| entry["hosts"] = json!(["a.portal.example"])).contains("claimed by another tenant"));
    assert!(refused(|entry| entry["hosts"] = json!(["b.example", "a.portal.example"])).contains("claimed by another tenant"));
    assert!(refused(|entry| entry["upstream"]["institution"] = json!("A")).contains("same institution"));
    assert!(refused(|entry| entry["upstream"]["base_url"] = json!("http://127.0.0.1:8000")).contains("must be https"));
    assert!(refused(|entry| entry["id"] = json!("B")).contains("id must be"));
    assert!(matches!(catalog.add_tenant(&entry("a")), Err(CatalogError::Taken(_))));
    assert!(catalog.rotate("a", "", "").is_err());
    catalog.remove("a").unwrap();
    assert!(matches!(catalog.add_tenant(&entry("a")), Err(CatalogError::Taken(_))), "ids are never used again");
    assert!(matches!(catalog.suspend("a"), Err(CatalogError::NoTenant(_))));
    catalog.add_tenant(&entry("b")).unwrap();
    assert_eq!(catalog.list().unwrap().len(), 1);
}

#[test]
fn secrets_are_neither_shown_nor_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let config = authority_config(&folder, "https://authority.example");
    let catalog = Catalog::open(&config).unwrap();
    let mut tenant = entry("a");
    tenant["audit_key"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    tenant["sign_in"] = json!({ "scheme": "oidc", "issuer": "https://id.example", "client_id": "portal", "client_secret": "canary" });
    catalog.add_tenant(&tenant).unwrap();
    let node = catalog.add_node("portal-1").unwrap();
    let shown = catalog.show("a").unwrap().to_string();
    for secret in ["key-a", "secret-a", "canary", "AAAAAAAA", &node] {
        assert!(!shown.contains(secret), "{shown}");
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} lies on the disk");
        }
    }
    let other = crate::config::AuthorityConfig { master_key: secrecy::SecretBox::new(Box::new([4; 32])), ..config };
    assert!(matches!(Catalog::open(&other).unwrap().show("a"), Err(CatalogError::MasterKey)));
}

#[test]
fn rows_exchanged_on_the_disk_do_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let config = authority_config(&folder, "https://authority.example");
    let catalog = Catalog::open(&config).unwrap();
    catalog.add_tenant(&entry("a")).unwrap();
    catalog.add_tenant(&entry("b")).unwrap();
    let connection = rusqlite::Connection::open(&config.db).unwrap();
    connection.execute("UPDATE tenants SET entry = (SELECT entry FROM tenants WHERE id = 'a') WHERE id = 'b'", []).unwrap();
    assert!(matches!(catalog.show("b"), Err(CatalogError::MasterKey)));
}

#[test]
fn versions_grow_from_the_clock_and_a_start_far_behind_them_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(&authority_config(&folder, "https://authority.example")).unwrap();
    let now = unix_now();
    let first = catalog.begin(now).unwrap();
    let second = catalog.begin(now).unwrap();
    let third = catalog.add_tenant(&entry("a")).unwrap();
    assert!(first >= now && second > first && third > second);
    assert!(matches!(catalog.begin(now - 3700), Err(CatalogError::Ahead(_))));
    let (version, payload) = catalog.answer(Some(second)).unwrap();
    assert!(version == third && payload.unwrap().since == Some(second));
    assert!(catalog.answer(Some(version)).unwrap().1.is_none());
    for unknown in [0, 1, third + 1, u64::MAX] {
        assert_eq!(catalog.answer(Some(unknown)).unwrap().1.unwrap().since, None, "{unknown} is not in the log");
    }
}
