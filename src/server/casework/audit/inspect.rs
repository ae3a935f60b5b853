//! Reading an institution's whole trail for the doctor, a page by key.

use std::sync::Arc;

use super::{
    seal::{Head, chain_key},
    verify::{Inspection, Inspector},
    wire::{Link, column},
};
use crate::{
    model::PortalError,
    registry::Tenant,
    server::{
        casework::Refusal,
        context::{Services, TenantScope},
        frappe::{Client, Condition, Direction, Op, Query, RowScope, Value},
    },
};

/// Rows of a page: payloads that name many runs are large.
const PAGE_ROWS: u32 = 200;
/// Keys that are asked for at once.
const KEYS_AT_ONCE: usize = 40;
/// In whose name it is read.
const JOB: &str = "job:doctor";

/// A run's head as the portal's log has it: where no institution's server can change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedHead {
    /// The writer run.
    pub run: String,
    /// Its last record's number then.
    pub seq: u64,
    /// Its last record's hash.
    pub row_hash: String,
}

/// Reads and checks the whole trail of an institution. Each page is a piece of work with a deadline of its own.
///
/// # Errors
/// What the upstream's fault means, where the trail could not be read.
pub async fn inspect(services: &Arc<Services>, tenant: &Arc<Tenant>, logged: &[LoggedHead]) -> Result<Inspection, PortalError> {
    let scope = || TenantScope::job(services, tenant, JOB);
    let facts = async {
        let client = Client::current()?;
        Ok::<_, Refusal>((client.institution().await?, client.time_zone().await?))
    };
    let (institution, site) = scope().enter(facts).await?;
    let heads: Vec<(String, Head)> =
        logged.iter().map(|head| (head.run.clone(), Head { row_hash: head.row_hash.clone(), seq: head.seq })).collect();
    let mut inspector = Inspector::new(&institution, &site, chain_key(tenant), &heads);
    let mut last: Option<String> = None;
    loop {
        let mut query = Query::<Link>::new(RowScope::institution_wide()).order_by(column::NAME, Direction::Ascending).page(0, PAGE_ROWS);
        if let Some(last) = &last {
            query = query.filter(Condition::new(column::NAME, Op::Gt, Value::from(last.as_str())));
        }
        let page = scope().enter(async move { Ok::<_, Refusal>(Client::current()?.list(&query).await?) }).await?;
        last = page.rows.last().map(|link| link.line.name.clone());
        page.rows.into_iter().for_each(|link| inspector.see(link));
        if !page.more || last.is_none() {
            break;
        }
    }
    // Names are random: a row that was written while others were read may stand on a page that was read before.
    for keys in inspector.not_seen().chunks(KEYS_AT_ONCE) {
        let query = Query::<Link>::new(RowScope::institution_wide())
            .filter(Condition::one_of(column::EVENT_KEY, keys.iter().cloned()))
            .page(0, PAGE_ROWS);
        let page = scope().enter(async move { Ok::<_, Refusal>(Client::current()?.list(&query).await?) }).await?;
        page.rows.into_iter().for_each(|link| inspector.see(link));
    }
    Ok(inspector.finish())
}
