//! A case that has moved, and more rows hanging on it than follow in one step: they are brought to it, one DocType after another.
//!
//! Where the rows belong is read from the case at that moment, never from the batch: so a case that moves again meanwhile, and a batch that
//! is done twice, come to the same. It must not know why a case moved.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    super::{
        Refusal,
        keys::idem_key,
        work::{CaseState, Subject, bring},
    },
    ACTOR, Batch, Lease, Progress, batch_number, create,
};
use crate::{
    model::ErrorCode,
    server::frappe::{Changes, Client, Field, Record as _, Revision},
};

/// Its code in the option set `batch_kind`.
pub const KIND: &str = "RESCOPE";
/// A step that has not moved its case after so long never will.
const ABANDONED_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// Asks for the rows of a case to be brought to where it will be: before the step that moves it, at the revision that it has.
///
/// # Errors
/// Any fault of the calls.
pub async fn queue(subject: &Subject, operation: &str) -> Result<(), Refusal> {
    let user = subject.grant.principal.user_id.as_str();
    let key = idem_key(&subject.site.tenant, Batch::DOCTYPE, &format!("{operation}/rescope"));
    let today = super::super::site_time::today(&subject.site.tenant).iso();
    let params = json!({ "case": subject.id.as_str(), "revision": subject.revision.0 });
    let body = Changes::new()
        .set(Field::new("batch_no"), batch_number(&today))
        .set(Field::new("kind"), KIND)
        .set(Field::new("title"), format!("Records of case {}", subject.case.number()))
        .set(Field::new("state"), "APPROVED")
        .set(Field::new("params"), params.to_string())
        .set(Field::new("submitted_by"), user)
        .set(Field::new("made_by"), user)
        .set(Field::new("changed_by"), user);
    create(&subject.client, body, &key).await.map(|_| ())
}

/// Brings the rows of the next DocType.
///
/// # Errors
/// Any fault of the calls.
pub(super) async fn piece(lease: &mut Lease) -> Result<Progress, Refusal> {
    let client = Client::current()?;
    let params = lease.batch.params();
    let case = params.get("case").and_then(serde_json::Value::as_str).unwrap_or_default();
    let (case, revision): (_, Revision) = match client.get_with_proof::<CaseState>(case).await {
        Ok((case, revision, _)) => (case, revision),
        Err(crate::server::frappe::Fault::NotFound) => return lease.end("CANCELLED", Changes::new()).await,
        Err(fault) => return Err(fault.into()),
    };
    if params.get("revision").and_then(serde_json::Value::as_str) == Some(revision.0.as_str()) {
        let asked = lease.batch.creation.instant(&lease.site).map(|at| at.unix_s);
        let waited = asked.is_some_and(|asked| Timestamp::now().as_second() - asked > ABANDONED_AFTER.as_secs());
        return if waited { lease.end("CANCELLED", Changes::new()).await } else { Ok(Progress::Later) };
    }
    let number = lease.batch.next_row;
    let brought = bring(&client, &case, usize::try_from(number).map_err(|_| ErrorCode::Upstream)?, ACTOR).await?;
    let Some(brought) = brought else { return lease.end("DONE", Changes::new()).await };
    let done = lease.batch.row_done.saturating_add(i64::try_from(brought).unwrap_or(i64::MAX));
    let come = Changes::new().set(Field::new("next_row"), number + 1).set(Field::new("row_done"), done);
    Ok(if lease.checkpoint(come).await? { Progress::More } else { Progress::Ended })
}
