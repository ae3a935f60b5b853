//! `odr-portal doctor …`: looks whether what the portal relies on is as it should be, and changes nothing.
//!
//! Owns what an operator types and reads. It must not know how a chain is made.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Failure;
use crate::{
    config::{PortalConfig, Source},
    registry::{Registry, Tenant},
    server::{
        casework::audit::{self, LoggedHead},
        context::Services,
    },
};

/// How long the authority may take to answer.
const SYNC_WITHIN: Duration = Duration::from_secs(15);
/// Findings of one institution that are printed; the rest is counted.
const PRINTED_MAX: usize = 200;

/// What the doctor can look at.
#[derive(Debug, clap::Subcommand)]
pub enum DoctorCommand {
    /// Every institution's audit trail: numbers without gap, hashes, MACs, columns, heads.
    Audit {
        /// This institution alone, by its id.
        #[arg(long)]
        tenant: Option<String>,
        /// A portal's log as JSON lines: the heads that it names must be there.
        #[arg(long)]
        heads: Option<PathBuf>,
    },
}

/// Runs one examination.
///
/// # Errors
/// Configuration, an authority that does not answer, a trail that cannot be read, or that is not whole: the findings have
/// been printed.
pub async fn run(command: DoctorCommand, source: &Source) -> Result<(), Failure> {
    let config = PortalConfig::from_env(source)?;
    match command {
        DoctorCommand::Audit { tenant, heads } => {
            let logged = heads.as_deref().map(read_heads).transpose()?.unwrap_or_default();
            audit(config, tenant.as_deref(), &logged).await
        }
    }
}

async fn audit(mut config: PortalConfig, only: Option<&str>, logged: &HashMap<String, Vec<LoggedHead>>) -> Result<(), Failure> {
    // The authority's own word, and no file that a running portal keeps.
    config.registry.cache = None;
    let stop = CancellationToken::new();
    let _stopped_at_the_end = stop.clone().drop_guard();
    let registry = Registry::start(config.registry, stop);
    synced(&registry).await?;
    let services = Services::new(Arc::clone(&registry), config.upstream, config.session);
    let tenants: Vec<Arc<Tenant>> =
        registry.tenants().into_iter().filter(|tenant| only.is_none_or(|id| tenant.id.as_str() == id)).collect();
    let known = |id: &str| registry.readiness().quarantined.iter().any(|(own, _)| own == id);
    if let Some(id) = only.filter(|id| tenants.is_empty() && !known(id)) {
        return Err(format!("the registry has no institution {id} in force").into());
    }
    let mut unsound = 0_usize;
    for tenant in &tenants {
        unsound += usize::from(!examined(&services, tenant, logged).await);
    }
    for (id, why) in registry.readiness().quarantined {
        // What was in force before a quarantine has been examined; where there was nothing, nobody may take silence for health.
        if only.is_none_or(|only| only == id) && !tenants.iter().any(|tenant| tenant.id.as_str() == id) {
            println!("{id}: not examined: its entry in the registry cannot be used: {why}");
            unsound += 1;
        }
    }
    if unsound == 0 {
        Ok(())
    } else {
        Err(format!("the audit trails of {unsound} institutions are not whole or could not be examined").into())
    }
}

/// Examines one institution and prints what was found; whether its trail is whole.
async fn examined(services: &Arc<Services>, tenant: &Arc<Tenant>, logged: &HashMap<String, Vec<LoggedHead>>) -> bool {
    let heads = logged.get(tenant.id.as_str()).map(Vec::as_slice).unwrap_or_default();
    let inspection = match audit::inspect(services, tenant, heads).await {
        Ok(inspection) => inspection,
        Err(error) => {
            println!("{}: could not be read: {error}", tenant.id);
            return false;
        }
    };
    let unkeyed = if inspection.keyed { "" } else { " (without audit_key there is no MAC: who can write rows can forge them)" };
    let verdict = match inspection.findings.len() {
        0 => "whole".to_owned(),
        count => format!("{count} findings"),
    };
    println!("{}: {} rows in {} runs: {verdict}{unkeyed}", tenant.id, inspection.rows, inspection.runs);
    for finding in inspection.findings.iter().take(PRINTED_MAX) {
        println!("  {finding}");
    }
    if inspection.findings.len() > PRINTED_MAX {
        println!("  and {} more", inspection.findings.len() - PRINTED_MAX);
    }
    inspection.findings.is_empty()
}

async fn synced(registry: &Registry) -> Result<(), Failure> {
    let until = Instant::now() + SYNC_WITHIN;
    loop {
        let readiness = registry.readiness();
        if readiness.ready {
            return Ok(());
        }
        if Instant::now() >= until {
            let why = readiness.last_failure.unwrap_or_else(|| "no answer in time".to_owned());
            return Err(format!("the registry could not be read from the authority: {why}").into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The heads that a log names, by institution. Lines that are none are passed over: a log holds much else.
fn read_heads(path: &Path) -> Result<HashMap<String, Vec<LoggedHead>>, Failure> {
    let file = File::open(path).map_err(|error| format!("{} could not be read: {error}", path.display()))?;
    let mut heads: HashMap<String, Vec<LoggedHead>> = HashMap::new();
    for line in BufReader::new(file).lines() {
        let Ok(line) = serde_json::from_str::<serde_json::Value>(&line?) else { continue };
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        if line["message"] == audit::HEAD_MESSAGE
            && let (Some(tenant), Some(run), Some(row_hash), Some(seq)) =
                (text("tenant"), text("run"), text("row_hash"), line["seq"].as_u64())
        {
            heads.entry(tenant).or_default().push(LoggedHead { run, seq, row_hash });
        }
    }
    Ok(heads)
}
