//! Facts about the tenant's site that calls depend on: its version, its wall clock, and whose site it is.
//!
//! Owns their reading and how long they are believed. It must not know what they are used for.

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::json;

use super::{Client, Fault, path, transport::Ask};
use crate::registry::Placement;

/// From this major version on, functions in `fields` are objects and no longer texts.
const DICTS_SINCE_MAJOR: u32 = 16;

/// Frappe's own limit on a file, in bytes, where the site's configuration names none.
const FILE_MAX_BYTES: u64 = 10 * 1024 * 1024;
/// What the form around a file takes at most, in bytes.
const FORM_BYTES: u64 = 4 * 1024;

#[derive(Deserialize)]
struct Named {
    name: String,
}

impl Client {
    /// The site's wall clock: Datetimes upstream are naive texts in it.
    ///
    /// # Errors
    /// Any [`Fault`] of the call; `BadAnswer("time_zone")` for a zone that nobody knows.
    pub async fn time_zone(&self) -> Result<TimeZone, Fault> {
        #[derive(Deserialize)]
        struct Zone {
            time_zone: String,
        }
        const KIND: &str = "frappe.time_zone";
        let upstreams = &self.context.upstreams;
        let name = match upstreams.fact(&self.tenant, KIND) {
            Some(name) => name,
            None => {
                let zone: Zone = self.call_read("frappe.client.get_time_zone").await?;
                TimeZone::get(&zone.time_zone).map_err(|_| Fault::BadAnswer("time_zone"))?;
                upstreams.remember(&self.tenant, KIND, &zone.time_zone)
            }
        };
        TimeZone::get(&name).map_err(|_| Fault::BadAnswer("time_zone"))
    }

    /// The largest file that the site takes, in bytes.
    ///
    /// # Errors
    /// Any passing [`Fault`] of the call; a site that does not know the question has Frappe's own limit.
    pub async fn file_max_bytes(&self) -> Result<u64, Fault> {
        const KIND: &str = "frappe.file_max";
        let upstreams = &self.context.upstreams;
        if let Some(known) = upstreams.fact(&self.tenant, KIND).and_then(|text| text.parse().ok()) {
            return Ok(known);
        }
        let told: Result<u64, Fault> = self.call_read("frappe.core.api.file.get_max_file_size").await;
        let bytes = match told {
            Ok(bytes) => bytes,
            Err(Fault::NotFound | Fault::Forbidden | Fault::Rejected { .. } | Fault::CallerFault { .. }) => FILE_MAX_BYTES,
            Err(fault) => return Err(fault),
        };
        // The limit is the whole request's as well, and the form around the file is part of it.
        let bytes = bytes.saturating_sub(FORM_BYTES);
        upstreams.remember(&self.tenant, KIND, &bytes.to_string());
        Ok(bytes)
    }

    /// Whether aggregates are written as objects.
    pub(super) async fn wants_dicts(&self) -> Result<bool, Fault> {
        #[derive(Deserialize)]
        struct Versions {
            frappe: App,
        }
        #[derive(Deserialize)]
        struct App {
            version: String,
        }
        const KIND: &str = "frappe.version";
        let upstreams = &self.context.upstreams;
        let version = match upstreams.fact(&self.tenant, KIND) {
            Some(version) => version,
            None => {
                let versions: Versions = self.call_read("frappe.utils.change_log.get_versions").await?;
                upstreams.remember(&self.tenant, KIND, &versions.frappe.version)
            }
        };
        let major = version.split('.').next().and_then(|part| part.parse::<u32>().ok()).ok_or(Fault::BadAnswer("version"))?;
        Ok(major >= DICTS_SINCE_MAJOR)
    }

    /// The `name` of the tenant's Institution record: from the registry, or, on a site of its own, the site's only one.
    ///
    /// # Errors
    /// `BadAnswer("institution")` where it is not certain: on a shared site without one, or where there is not exactly one.
    pub async fn institution(&self) -> Result<Arc<str>, Fault> {
        const KIND: &str = "frappe.institution";
        if let Some(institution) = self.tenant.upstream.institution.as_deref().filter(|name| !name.is_empty()) {
            return Ok(institution.into());
        }
        // On a shared site a guess would be another bank's: never one.
        if self.tenant.upstream.placement == Placement::Shared {
            return Err(Fault::BadAnswer("institution"));
        }
        if let Some(institution) = self.context.upstreams.fact(&self.tenant, KIND) {
            return Ok(institution);
        }
        let query =
            vec![("fields", json!(["name"]).to_string()), ("order_by", "name asc".to_owned()), ("limit_page_length", "2".to_owned())];
        let found: Vec<Named> = self.measured("list", self.ask(&Ask::read(path::collection("Institution"), query))).await?;
        match found.as_slice() {
            [only] if !only.name.is_empty() => Ok(self.context.upstreams.remember(&self.tenant, KIND, &only.name)),
            _ => Err(Fault::BadAnswer("institution")),
        }
    }
}
