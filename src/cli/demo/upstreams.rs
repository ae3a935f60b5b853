//! The simulated sites of a demo: whose records they hold, who may sign in at them, with which keys they are called. It must not
//! know the portal.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, mpsc},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::tz::TimeZone;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Plan, SignInPerson};
use crate::{
    cli::Failure,
    demo::{
        frappe::{self, ApiKey, Archive, Knob, LoadError, NewRow, ServerScript, Site, SiteOptions, User, Version},
        portfolio::{self, DemoPerson, InstitutionSpec, Record},
        schema,
    },
    model::Day,
};

/// The simulated sites with everybody on them, before they are served.
pub(super) struct Upstreams {
    pub(super) sites: BTreeMap<(String, String), Arc<Site>>,
    pub(super) people: Vec<SignInPerson>,
    pub(super) keys: BTreeMap<String, ApiKey>,
}

impl Upstreams {
    pub(super) fn generate(plan: &Plan) -> Result<Self, Failure> {
        if let Some(id) = plan.cases_of.keys().find(|id| !plan.specs.iter().any(|spec| spec.id == **id)) {
            return Err(format!("{id} is to have cases, but is no institution of this demo").into());
        }
        let mut upstreams = Self { sites: BTreeMap::new(), people: Vec::new(), keys: BTreeMap::new() };
        let mut of_specs = Vec::new();
        for spec in &plan.specs {
            let place = (spec.server.to_owned(), spec.site.clone());
            let site = Arc::clone(upstreams.sites.entry(place).or_insert_with(|| Arc::new(empty_site(&spec.site))));
            site.knobs().set(Knob::slow(plan.upstream_delay));
            if plan.scanner {
                scan(&site);
            }
            of_specs.push(site);
        }
        let people = fill(plan, &of_specs)?;
        for ((spec, site), people) in plan.specs.iter().zip(of_specs).zip(people) {
            let limited_to = vec![("Institution".to_owned(), spec.record.clone())];
            let key = ApiKey { key: secret_of(plan.seed, &spec.id, "key"), secret: secret_of(plan.seed, &spec.id, "secret") };
            site.add_user(User {
                user_id: api_user(spec),
                password: secret_of(plan.seed, &spec.id, "password"),
                full_name: format!("{} (API)", spec.display_name),
                enabled: true,
                roles: vec!["Portal API".to_owned()],
                api_key: Some(key.clone()),
                totp_secret: None,
                user_permissions: limited_to.clone(),
            });
            upstreams.keys.insert(spec.id.clone(), key);
            for person in people {
                let Some(password) = person.password.clone() else { continue };
                let user = User {
                    user_id: person.user_id.clone(),
                    password,
                    full_name: person.display_name.clone(),
                    enabled: true,
                    roles: vec!["Portal Person".to_owned()],
                    api_key: None,
                    totp_secret: Some(Sha256::digest(format!("{}/totp/{}", plan.seed, person.user_id))[..20].to_vec()),
                    user_permissions: limited_to.clone(),
                };
                site.add_user(user.clone());
                upstreams.people.push(SignInPerson {
                    institution: spec.id.clone(),
                    institution_name: spec.display_name.clone(),
                    host: host_of(&spec.id),
                    person,
                    user,
                });
            }
        }
        Ok(upstreams)
    }

    pub(super) fn registry_entry(&self, spec: &InstitutionSpec, server: SocketAddr) -> serde_json::Value {
        let shared = self.keys.len() > 1 && spec.site == "shared";
        let key = self.keys.get(&spec.id);
        json!({
            "id": spec.id,
            "name": spec.legal_name,
            "status": "active",
            "hosts": [host_of(&spec.id)],
            "upstream": {
                "base_url": format!("http://{server}"),
                "site": spec.site,
                "placement": if shared { "shared" } else if spec.server == "upstream-a" { "site" } else { "dedicated" },
                "institution": if shared { Some(&spec.record) } else { None },
                "api_key": key.map(|key| &key.key),
                "api_secret": key.map(|key| &key.secret),
            },
            "sign_in": {"scheme": "frappe"},
            "branding": {"display_name": spec.display_name, "logo_url": null, "accent": spec.accent},
            "audit_key": STANDARD.encode(Sha256::digest(format!("audit/{}", spec.id))),
        })
    }

    pub(super) async fn serve(&self, stop: &CancellationToken, tasks: &TaskTracker) -> Result<BTreeMap<String, SocketAddr>, Failure> {
        let mut servers: BTreeMap<String, Vec<Arc<Site>>> = BTreeMap::new();
        for ((server, _), site) in &self.sites {
            servers.entry(server.clone()).or_default().push(Arc::clone(site));
        }
        let mut addresses = BTreeMap::new();
        for (server, sites) in servers {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            addresses.insert(server, listener.local_addr()?);
            tasks.spawn(frappe::serve(listener, sites, stop.clone()));
        }
        Ok(addresses)
    }
}

/// Records that travel together from where they are made to where they are stored, each with its DocType.
type Batch = Vec<(&'static str, Record)>;

const BATCH: usize = 256;

/// Batches that may wait for the next to deal with them.
const WAITING: usize = 4;

/// Fills the sites of the institutions and answers with their people. One thread makes the records, another reads them into rows,
/// and this one stores those, in the order in which they were made. What is read goes back to be dropped: an allocator is fastest
/// where memory is freed by the thread that took it.
fn fill(plan: &Plan, sites: &[Arc<Site>]) -> Result<Vec<Vec<DemoPerson>>, Failure> {
    let (made, to_read) = mpsc::sync_channel::<(usize, Batch)>(WAITING);
    let (read, to_store) = mpsc::sync_channel::<(usize, Result<Vec<NewRow>, LoadError>)>(WAITING);
    let (spent, to_drop) = mpsc::channel::<Batch>();
    std::thread::scope(|threads| {
        let maker = threads.spawn(move || {
            let of_spec = |(at, spec): (usize, &InstitutionSpec)| {
                let hand_over = |batch| {
                    // Nobody takes it any more where a record was refused.
                    let _ = made.send((at, batch));
                    let mut spent = to_drop.try_recv().unwrap_or_default();
                    spent.clear();
                    spent
                };
                let mut batch = Batch::new();
                let people = portfolio::generate_into(spec, today(), plan.seed, plan.cases_of(spec), &mut |doctype, row| {
                    batch.push((doctype, row));
                    if batch.len() == BATCH {
                        batch = hand_over(std::mem::take(&mut batch));
                    }
                });
                hand_over(batch);
                people
            };
            plan.specs.iter().enumerate().map(of_spec).collect()
        });
        threads.spawn(move || {
            for (at, batch) in to_read {
                let rows = batch.iter().map(|(doctype, row)| sites[at].read_new(doctype, row.iter())).collect();
                // The last ones come back to nobody, and the rows go to nobody where one was refused.
                let _ = spent.send(batch);
                if read.send((at, rows)).is_err() {
                    return;
                }
            }
        });
        for (at, rows) in to_store {
            rows?.into_iter().try_for_each(|row| sites[at].load(row))?;
        }
        maker.join().map_err(|_| "the demo's records could not be made".into())
    })
}

fn empty_site(name: &str) -> Site {
    let site = Site::new(SiteOptions {
        name: name.to_owned(),
        time_zone: kolkata(),
        version: Version::V15,
        second_factor: true,
        strict_user_permissions: true,
        allow_error_traceback: true,
        cross_origin: false,
        rate_limit: None,
        track_changes: false,
        doctypes: schema::DOCTYPES.to_vec(),
    });
    site.open_archive(Archive {
        doctype: "Case Document",
        beside: ("case_ref", "Arbitration Case"),
        row_of: portfolio::document_of_file,
        write: portfolio::file_of_document,
    });
    site
}

/// Has the site's scanner find every document clean that comes in.
fn scan(site: &Site) {
    site.run_script(ServerScript {
        doctype: "Case Document",
        when: [("state", "STORED"), ("scan_state", "NOT_SCANNED")],
        set: ("scan_state", "CLEAN"),
    });
}

/// Today in Kolkata: demo dates are relative to it.
fn today() -> Day {
    let date = jiff::Timestamp::now().to_zoned(kolkata()).date();
    Day::new(date.year(), date.month().unsigned_abs(), date.day().unsigned_abs()).unwrap_or(Day::EPOCH)
}

/// The zone of the simulated sites. Its rules are compiled in.
fn kolkata() -> TimeZone {
    TimeZone::get("Asia/Kolkata").unwrap_or(TimeZone::UTC)
}

/// A key of the simulated upstream: the same for the same seed, so that a restarted demo is the same demo.
fn secret_of(seed: u64, institution: &str, purpose: &str) -> String {
    Sha256::digest(format!("{seed}/{purpose}/{institution}")).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The Frappe user whose key the portal uses for an institution.
pub(super) fn api_user(spec: &InstitutionSpec) -> String {
    format!("api@{}", spec.domain())
}

/// An institution's host in the demo: `*.localhost` is loopback in every browser.
pub(super) fn host_of(id: &str) -> String {
    format!("{id}.localhost")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where its set-up fails")]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_server_has_the_delay_that_was_asked_for() {
        let delay = Some(Duration::from_millis(50));
        let upstreams = Upstreams::generate(&Plan {
            specs: portfolio::institutions().into(),
            cases: Some(0),
            upstream_delay: delay,
            ..Plan::default()
        });
        let sites = upstreams.unwrap().sites;
        assert_eq!(sites.len(), 3);
        assert!(sites.values().all(|site| site.knobs().of("anybody") == Knob::slow(delay)));
    }

    #[test]
    fn one_institution_can_have_more_cases_than_its_own_while_the_others_have_fewer() {
        let plan = |cases, of: &[(&str, usize)]| Plan {
            specs: portfolio::institutions().into(),
            cases,
            cases_of: of.iter().map(|(id, cases)| ((*id).to_owned(), *cases)).collect(),
            ..Plan::default()
        };
        let numbers = |plan: Plan| plan.specs.iter().map(|spec| plan.cases_of(spec)).collect::<Vec<_>>();
        assert_eq!(numbers(plan(None, &[])), [12_480, 4_260, 640, 0]);
        assert_eq!(numbers(plan(Some(1_000), &[])), [1_000, 1_000, 640, 0]);
        assert_eq!(numbers(plan(Some(20), &[("banyan", 150_000), ("monsoon", 3)])), [150_000, 20, 20, 3]);
        assert!(Upstreams::generate(&plan(Some(0), &[("nobody", 3)])).is_err());
    }
}
