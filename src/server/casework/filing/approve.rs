//! A filing before whoever decides on it.
//!
//! It must not decide who may: that is `decisions`'.

use serde_json::json;

use super::{
    super::{
        Refusal, audit, batches,
        second::{Desk, HouseRequest},
        work::Said,
    },
    Filing, address, count,
    rows::{FilingRow, GOOD, of_batch},
    work::values,
};
use crate::{
    model::{AuditKind, Cell, Permission, Sheet},
    server::{
        casework::batches::Batch,
        frappe::{Changes, Condition, Direction, Field, Record as _},
    },
};

/// Rows that are shown to whoever decides.
const SAMPLE_ROWS: u32 = 10;

/// A filing that was submitted.
pub struct SoughtFiling {
    filing: Filing,
    sample: Vec<FilingRow>,
    fits: bool,
}

impl SoughtFiling {
    /// Reads it, with some of its rows.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn of(request: &HouseRequest) -> Result<Self, Refusal> {
        let desk = Desk::of(Permission::SeeApprovals).await?;
        let (batch, revision, _) = desk.client.get_with_proof::<Batch>(&request.object_name).await?;
        let said = Said { values: values(&batch), ..Said::default() };
        // Submitted, or about to be: what is approved is what was hashed.
        let fits = said.hash() == request.submit_hash && matches!(batch.state.as_str(), "PENDING_APPROVAL" | "READY" | "RETURNED");
        let good = of_batch::<FilingRow>(&batch).filter(Condition::one_of(Field::new("state"), GOOD));
        let sample = desk.client.list(&good.order_by(Field::new("row_no"), Direction::Ascending).page(0, SAMPLE_ROWS)).await?.rows;
        Ok(Self { filing: Filing { desk, batch, revision }, sample, fits })
    }

    /// Whether it is still what was submitted.
    pub const fn fits(&self) -> bool {
        self.fits
    }

    /// What it is about.
    pub fn about(&self) -> String {
        let batch = &self.filing.batch;
        format!("{} rows over {}, prepared by {}", count(batch.row_ok + batch.row_warned), batch.amount_total.0.exact(), batch.made_by)
    }

    /// Its page.
    pub fn address(&self) -> String {
        address(&self.filing.batch.name)
    }

    /// What would be filed: how much of what, and the first rows.
    pub fn sheets(&self) -> Vec<Sheet> {
        let batch = &self.filing.batch;
        let line = |what: &str, rows: i64| vec![Cell::text(what), Cell::text(count(rows))];
        let rows = [
            line("Become draft cases", batch.row_ok + batch.row_warned),
            line("of them with a warning", batch.row_warned),
            line("Left out, since something is wrong", batch.row_bad),
            line("Left out by whoever prepared it", batch.row_skipped),
        ];
        vec![
            Sheet::new("What would be filed", "", &["Rows", "#How many"]).with(rows),
            self.filing.rows_sheet("The first rows", "", &self.sample, false),
        ]
    }

    /// Records that it is approved, before it is.
    ///
    /// # Errors
    /// Where it could not be recorded.
    pub async fn record(&self) -> Result<(), Refusal> {
        let batch = &self.filing.batch;
        let entry = audit::Entry::new(AuditKind::Approval, "filing.approve").object(Batch::DOCTYPE, &batch.name);
        let said = json!({"rows": batch.row_ok + batch.row_warned, "amount": batch.amount_total.0.exact()});
        audit::record(entry.rows(u32::try_from(batch.row_ok + batch.row_warned).unwrap_or(u32::MAX)).values(None, Some(said))).await
    }

    /// Sets it off.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn carry_out(&self, request: &HouseRequest) -> Result<(), Refusal> {
        let Filing { desk, batch, revision } = &self.filing;
        let changes = Changes::new()
            .set(Field::new("state"), "APPROVED")
            .set(Field::new("next_row"), 0_i64)
            .set(Field::new("approved_by"), desk.user())
            .set(Field::new("approval"), request.name.as_str())
            .set(Field::new("started_at"), crate::server::frappe::Value::Nothing)
            .set(Field::new("changed_by"), desk.user());
        desk.client.update::<Batch>(&batch.name, revision, changes).await?;
        batches::ring();
        Ok(())
    }

    /// What was returned or taken back can be mended and submitted again.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn ended(&self) -> Result<(), Refusal> {
        let Filing { desk, batch, revision } = &self.filing;
        if batch.state != "PENDING_APPROVAL" {
            return Ok(());
        }
        let changes = Changes::new().set(Field::new("state"), "RETURNED").set(Field::new("changed_by"), desk.user());
        desk.client.update::<Batch>(&batch.name, revision, changes).await?;
        Ok(())
    }
}
