//! Entries that must not come into force, each with the reason that an operator reads.

use serde_json::{Value, json};

use crate::registry::testing::{entry, registry_of, table_of};

fn set(entry: &mut Value, path: &str, value: Value) {
    let mut place = entry;
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        if place[part].is_null() && parts.peek().is_some() {
            place[part] = json!({});
        }
        place = &mut place[part];
    }
    *place = value;
}

#[test]
fn a22_sixty_bad_entries_are_quarantined_alone_and_their_values_are_never_told() {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    let many: Vec<_> = (0..65).map(|n| format!("h{n}.example")).collect();
    let networks: Vec<_> = (0..257).map(|n| format!("10.{}.{}.0/24", n / 256, n % 256)).collect();
    let bad: Vec<(&str, Value)> = vec![
        ("id", json!(null)),
        ("id", json!("")),
        ("id", json!("1bank")),
        ("id", json!("Bank")),
        ("id", json!("a".repeat(64))),
        ("id", json!("a/../b")),
        ("id", json!(7)),
        ("name", json!(null)),
        ("name", json!("")),
        ("name", json!(" ")),
        ("name", json!("x".repeat(10_000_000))),
        ("name", json!("a\nb")),
        ("name", json!({ "en": "Bank" })),
        ("status", json!(null)),
        ("hosts", json!(null)),
        ("hosts", json!([])),
        ("hosts", json!("a.example")),
        ("hosts", json!(["A.example"])),
        ("hosts", json!(["*.example"])),
        ("hosts", json!(["a.example:443"])),
        ("hosts", json!(["a.example."])),
        ("hosts", json!(["bücher.example"])),
        ("hosts", json!(["a..example"])),
        ("hosts", json!([""])),
        ("hosts", json!(["a.example", "a.example"])),
        ("hosts", json!(many)),
        ("upstream", json!(null)),
        ("upstream.base_url", json!("http://169.254.169.254")),
        ("upstream.base_url", json!("http://site.example")),
        ("upstream.base_url", json!("ftp://site.example")),
        ("upstream.base_url", json!("https://user:canary@site.example")),
        ("upstream.base_url", json!("https://site.example?a=b")),
        ("upstream.base_url", json!("https://site.example#a")),
        ("upstream.base_url", json!("https://site.example./")),
        ("upstream.base_url", json!("https://site.example/a/")),
        ("upstream.base_url", json!("site.example")),
        ("upstream.base_url", json!("file:///etc/passwd")),
        ("upstream.placement", json!("alone")),
        ("upstream.placement", json!(null)),
        ("upstream.institution", json!(null)),
        ("upstream.institution", json!("")),
        ("upstream.site", json!("a\r\nX-Evil: 1")),
        ("upstream.site", json!("")),
        ("upstream.api_key", json!("")),
        ("upstream.api_key", json!(null)),
        ("upstream.api_key", json!("canary\r\nX: y")),
        ("upstream.api_key", json!("canary:canary")),
        ("upstream.api_secret", json!("")),
        ("upstream.api_secret", json!(["canary"])),
        ("upstream.api_secret", json!("canary".repeat(100))),
        ("upstream.timeout_ms", json!(0)),
        ("upstream.timeout_ms", json!(-1)),
        ("upstream.timeout_ms", json!(1.5)),
        ("upstream.timeout_ms", json!(u64::MAX)),
        ("upstream.max_concurrency", json!(0)),
        ("sign_in", json!(null)),
        ("sign_in.scheme", json!("password")),
        ("sign_in", json!({ "scheme": "oidc" })),
        ("api", json!({ "issuer": "http://id.example", "audience": "a", "jwks_url": "https://id.example" })),
        ("branding.accent", json!("red")),
        ("branding.logo_url", json!("javascript:alert(1)")),
        ("branding.logo_url", json!("//evil.example/logo")),
        ("limits.requests_per_second", json!("NaN")),
        ("limits.burst", json!(0)),
        ("access.networks", json!(["everywhere"])),
        ("access.networks", json!(networks)),
        ("session.idle_minutes", json!(0)),
        ("session.absolute_hours", json!(1_000_000)),
        ("audit_key", json!("c2hvcnQ=")),
        ("audit_key", json!("canary!")),
        ("locale", json!("english, please")),
        ("time_zone", json!("Mars/Olympus")),
        ("limits", deep),
    ];
    assert!(bad.len() >= 60);
    for (path, value) in bad {
        let mut wrong = entry("wrong");
        set(&mut wrong, path, value.clone());
        let shown: String = value.to_string().chars().take(80).collect();
        let registry = registry_of(vec![entry("right"), wrong]);
        assert_eq!(registry.tenants().len(), 1, "{path} = {shown}");
        assert!(registry.resolve("right.portal.example").is_some());
        let quarantined = registry.readiness().quarantined;
        assert_eq!(quarantined.len(), 1, "{path} = {shown}");
        assert!(!quarantined[0].1.contains("canary") && !quarantined[0].1.contains("secret-wrong"), "{quarantined:?}");
    }
}

#[test]
fn defaults_are_the_protocols() {
    let mut sparse = entry("sparse");
    sparse["unknown"] = json!({ "of": "a later version" });
    sparse["upstream"].as_object_mut().unwrap().remove("timeout_ms");
    let tenant = registry_of(vec![sparse]).tenants().remove(0);
    assert_eq!((tenant.upstream.timeout.as_millis(), tenant.upstream.max_concurrency), (10_000, 16));
    assert_eq!((tenant.limits.requests_per_second, tenant.limits.burst, tenant.limits.max_concurrency), (50, 100, 64));
    assert_eq!((tenant.session.idle.as_secs(), tenant.session.absolute.as_secs()), (900, 28_800));
    assert_eq!((tenant.locale.as_str(), tenant.time_zone.iana_name()), ("en-IN", Some("Asia/Kolkata")));
    assert!(tenant.audit_key.is_none() && tenant.networks.is_empty());
    assert_eq!(tenant.branding.display_name, "Bank sparse");
}

#[test]
fn http_upstreams_are_for_loopback_in_development_alone() {
    let mut local = entry("local");
    local["upstream"]["base_url"] = json!("http://127.0.0.1:8000");
    assert_eq!(table_of(None, 1, vec![local.clone()]).tenants().count(), 1);
    let raw = crate::registry::protocol::RawEntry::new(local.to_string());
    assert!(crate::registry::entry::judge(&raw, false).is_err());
}

#[test]
fn a23_nothing_that_holds_a_credential_prints_it() {
    let registry = registry_of(vec![entry("bank")]);
    let tenant = registry.tenants().remove(0);
    let printed = format!("{registry:?} {tenant:?} {:?} {:?}", tenant.upstream.credentials.api_key, registry.readiness());
    assert!(!printed.contains("key-bank") && !printed.contains("secret-bank"), "{printed}");
}
