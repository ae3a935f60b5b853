//! Chains over a simulated site: many writers at once, checkpoints, and a key that changes.

use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Entry, Problem, inspect, record, trail};
use crate::{
    config::{SessionConfig, UpstreamConfig},
    demo::{
        frappe::{self, ApiKey, Site, SiteOptions, User, Version},
        schema,
    },
    model::AuditKind,
    registry::{Tenant, testing},
    server::context::{Services, TenantScope},
};

const AUDIT_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const OTHER_KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

/// A site with one institution, served for as long as this is held.
struct House {
    site: Arc<Site>,
    base_url: String,
    stop: CancellationToken,
    _tasks: TaskTracker,
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl House {
    async fn start() -> Self {
        let site = Arc::new(Site::new(SiteOptions {
            name: String::new(),
            time_zone: TimeZone::get("Asia/Kolkata").unwrap(),
            version: Version::V15,
            second_factor: false,
            strict_user_permissions: true,
            allow_error_traceback: true,
            cross_origin: false,
            track_changes: false,
            rate_limit: None,
            doctypes: schema::DOCTYPES.to_vec(),
        }));
        let institution: Map<String, Value> = [("name".to_owned(), json!("BANYAN"))].into_iter().collect();
        site.insert("Institution", institution).unwrap();
        site.add_user(User {
            user_id: "api@banyan.example".to_owned(),
            password: "unused".to_owned(),
            full_name: "API".to_owned(),
            enabled: true,
            roles: vec!["Portal API".to_owned()],
            api_key: Some(ApiKey { key: "key-banyan".to_owned(), secret: "secret-banyan".to_owned() }),
            totp_secret: None,
            user_permissions: vec![("Institution".to_owned(), "BANYAN".to_owned())],
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(frappe::serve(listener, vec![Arc::clone(&site)], stop.clone()));
        Self { site, base_url, stop, _tasks: tasks }
    }

    /// A portal's process with this audit key, and the tenant as it knows it.
    fn process(&self, audit_key: &str) -> (Arc<Services>, Arc<Tenant>) {
        let mut entry = testing::entry("banyan");
        entry["upstream"]["base_url"] = self.base_url.clone().into();
        entry["audit_key"] = audit_key.into();
        let registry = testing::registry_of(vec![entry]);
        let tenant = registry.tenants().remove(0);
        let session = SessionConfig { development: true, principal_fresh: Duration::from_secs(60) };
        (Services::new(registry, UpstreamConfig { max_per_origin: 64 }, session), tenant)
    }
}

async fn write(services: &Arc<Services>, tenant: &Arc<Tenant>, events: u32) {
    let each = (0..events).map(|number| {
        let entry = Entry::new(AuditKind::Change, "test.change").rows(number);
        TenantScope::job(services, tenant, "job:test").enter(record(entry))
    });
    for written in futures::future::join_all(each).await {
        written.unwrap();
    }
}

#[tokio::test]
async fn many_writers_at_once_make_one_chain_without_a_gap() {
    let house = House::start().await;
    let (services, tenant) = house.process(AUDIT_KEY);
    write(&services, &tenant, 40).await;
    let inspection = inspect(&services, &tenant, &[]).await.unwrap();
    assert!(inspection.findings.is_empty(), "{:?}", inspection.findings);
    assert_eq!((inspection.rows, inspection.runs, inspection.keyed), (41, 1, true));
}

#[tokio::test]
async fn every_process_names_the_others_and_goes_on_naming_them_each_hour() {
    let house = House::start().await;
    let (one, tenant) = house.process(AUDIT_KEY);
    let (two, _) = house.process(AUDIT_KEY);
    write(&one, &tenant, 2).await;
    write(&two, &tenant, 2).await;
    write(&one, &tenant, 1).await;
    let before = house.site.row_count("Portal Audit Event");
    // The second's checkpoint names the first's last record, which nobody named before.
    trail::checkpoint(&two).await;
    // A process that has done nothing for the institution has nothing to say.
    let (idle, _) = house.process(AUDIT_KEY);
    trail::checkpoint(&idle).await;
    assert_eq!(house.site.row_count("Portal Audit Event"), before + 1);
    let whole = inspect(&two, &tenant, &[]).await.unwrap();
    assert!(whole.findings.is_empty() && whole.runs == 2 && whole.rows == 8, "{whole:?}");
    // A third run knows of both through few questions.
    let (three, _) = house.process(AUDIT_KEY);
    write(&three, &tenant, 1).await;
    assert!(inspect(&three, &tenant, &[]).await.unwrap().findings.is_empty());
}

#[tokio::test]
async fn another_audit_key_begins_another_run_and_the_old_one_is_told_apart() {
    let house = House::start().await;
    let (services, old) = house.process(AUDIT_KEY);
    write(&services, &old, 1).await;
    // The same process after a sync that brought another key.
    let (_, new) = house.process(OTHER_KEY);
    write(&services, &new, 1).await;
    let inspection = inspect(&services, &new, &[]).await.unwrap();
    assert_eq!(inspection.runs, 2);
    let problems: Vec<&Problem> = inspection.findings.iter().map(|finding| &finding.problem).collect();
    assert_eq!(problems, [&Problem::NoMac], "the run under the old key has no MAC of the present one, and is whole otherwise");
}
