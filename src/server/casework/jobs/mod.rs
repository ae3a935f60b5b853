//! Scheduled work as the institution's records hold it: when a job last ended, how far it has come, and which portal does it just now.
//!
//! Owns the lease: a `Portal Job` is taken, kept and given back by a write that carries the revision last seen, so that of two portals one
//! loses. It must not know what a job does, nor when it is looked at.

pub mod campaigns;
pub mod clock_scan;

use jiff::{SignedDuration, Timestamp, Zoned, civil::DateTime, tz::TimeZone};

use super::{
    Refusal,
    columns::{LocalTime, Site, record},
    keys::natural_key,
};
use crate::server::frappe::{Changes, Client, Condition, Fault, Field, Query, Revision, RowScope, Value};

/// How long a lease holds without being renewed: a portal that was killed is stood in for after that.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// After a run that failed, before the next try.
const BACK_OFF: SignedDuration = SignedDuration::from_mins(10);
/// The minute of the institution's day at which its day's work begins (`records.md` §8).
const BEGINS_AT_MINUTE: i8 = 10;
/// The longest account of an error that is kept, in characters.
const ERROR_CHARS: usize = 140;

/// Which job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Steps that fall due by themselves, and warnings before a clock runs out; daily.
    ClockScan,
    /// Lists of campaigns are frozen and checked; whenever one is to be.
    Campaign,
}

impl JobKind {
    /// Every job, in the order in which they are begun.
    pub const ALL: [Self; 2] = [Self::ClockScan, Self::Campaign];

    /// Its code in the option set `job_kind`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ClockScan => "CLOCK_SCAN",
            Self::Campaign => "CAMPAIGN",
        }
    }

    /// In whose name it writes.
    pub const fn actor(self) -> &'static str {
        match self {
            Self::ClockScan => "job:CLOCK_SCAN",
            Self::Campaign => "job:CAMPAIGN",
        }
    }

    /// Whether it is done once a day; otherwise whenever there is something to do.
    pub const fn is_daily(self) -> bool {
        matches!(self, Self::ClockScan)
    }

    /// Whether there is something to do, for one that is not daily: one call.
    async fn has_work(self) -> Result<bool, Refusal> {
        match self {
            Self::ClockScan => Ok(true),
            Self::Campaign => campaigns::are_waiting().await,
        }
    }
}

record! {
    /// Where a job stands.
    struct JobState of "Portal Job" {
        last_finished_at: LocalTime,
        cursor_text: String,
        lease_until_at: LocalTime,
        run_count: i64,
    }
}

/// A job that this portal does, and nobody else as long as it is renewed.
pub struct Lease {
    kind: JobKind,
    record: String,
    revision: Revision,
    /// How far the run has come; empty at its beginning.
    pub cursor: String,
    runs: i64,
}

/// The beginning of the institution's working day before this moment.
fn began(now: &Zoned) -> Option<Timestamp> {
    let today = now.with().hour(0).minute(BEGINS_AT_MINUTE).second(0).subsec_nanosecond(0).build().ok()?;
    let begin = if today <= *now { today } else { today.yesterday().ok()? };
    Some(begin.timestamp())
}

/// A moment on the site's wall clock.
pub(super) fn local(moment: Timestamp, zone: &TimeZone) -> Value {
    let there: DateTime = moment.to_zoned(zone.clone()).datetime();
    Value::LocalTime(there)
}

impl Lease {
    /// Takes the job, if it is due and nobody else does it.
    ///
    /// # Errors
    /// Any fault of the calls but a lost race, which is `None`.
    pub async fn take(kind: JobKind, holder: &str) -> Result<Option<Self>, Refusal> {
        let client = Client::current()?;
        // Nearly every look at what is not daily ends here, after one call.
        if !kind.has_work().await? {
            return Ok(None);
        }
        let site = Site::current(&client).await?;
        let institution = client.institution().await?;
        let key = natural_key(&institution, &[kind.code()]);
        let of_key = Query::<JobState>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("job_key"), key.as_str()));
        let known = client.list(&of_key.page(0, 1)).await?.rows.pop();
        let now = Timestamp::now();
        let name = match known {
            // Nearly every look at a daily one ends here.
            Some(state) if !state.is_due(kind, &site, now) => return Ok(None),
            Some(state) => state.name,
            None => {
                let new = Changes::new().set(Field::new("job_key"), key.as_str()).set(Field::new("job"), kind.code());
                match client.create::<JobState>(signed(kind, new.set(Field::new("made_by"), kind.actor()))).await {
                    Ok(made) => made.name,
                    // Another portal made it meanwhile, and is about to take it.
                    Err(Fault::Duplicate) => return Ok(None),
                    Err(fault) => return Err(fault.into()),
                }
            }
        };
        let (state, revision, _) = client.get_with_proof::<JobState>(&name).await?;
        if !state.is_due(kind, &site, now) {
            return Ok(None);
        }
        let changes = Changes::new()
            .set(Field::new("lease_holder"), holder)
            .set(Field::new("lease_until_at"), local(now + LEASE, &site.zone))
            .set(Field::new("last_started_at"), local(now, &site.zone));
        match client.update::<JobState>(&name, &revision, signed(kind, changes)).await {
            Ok((_, revision)) => Ok(Some(Self { kind, record: name, revision, cursor: state.cursor_text, runs: state.run_count })),
            Err(Fault::Conflict) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Keeps it for as long again, and writes down how far the run has come.
    ///
    /// # Errors
    /// [`Fault::Conflict`] where another portal does it by now; otherwise any fault of the calls.
    pub async fn renew(&mut self) -> Result<(), Refusal> {
        let client = Client::current()?;
        let zone = client.time_zone().await?;
        let until = local(Timestamp::now() + LEASE, &zone);
        let changes = Changes::new().set(Field::new("lease_until_at"), until).set(Field::new("cursor_text"), self.cursor.as_str());
        self.write(&client, changes).await
    }

    /// Gives it back, done: it is due again tomorrow, or when there is something to do.
    ///
    /// # Errors
    /// As [`renew`](Self::renew).
    pub async fn finish(mut self) -> Result<(), Refusal> {
        let client = Client::current()?;
        let zone = client.time_zone().await?;
        let changes = Changes::new()
            .set(Field::new("last_finished_at"), local(Timestamp::now(), &zone))
            .set(Field::new("cursor_text"), "")
            .set(Field::new("last_error"), "")
            .set(Field::new("run_count"), self.runs + 1)
            .set(Field::new("lease_until_at"), Value::Nothing)
            .set(Field::new("lease_holder"), "");
        self.write(&client, changes).await
    }

    /// Leaves it where it stands: at once for the next portal where nothing was wrong, else after a while.
    ///
    /// # Errors
    /// As [`renew`](Self::renew).
    pub async fn leave(mut self, error: Option<&str>) -> Result<(), Refusal> {
        let client = Client::current()?;
        let zone = client.time_zone().await?;
        let until = if error.is_some() { local(Timestamp::now() + BACK_OFF, &zone) } else { Value::Nothing };
        let error: String = error.unwrap_or_default().chars().take(ERROR_CHARS).collect();
        let changes = Changes::new().set(Field::new("cursor_text"), self.cursor.as_str()).set(Field::new("last_error"), error);
        self.write(&client, changes.set(Field::new("lease_until_at"), until).set(Field::new("lease_holder"), "")).await
    }

    async fn write(&mut self, client: &Client, changes: Changes) -> Result<(), Refusal> {
        let (_, revision) = client.update::<JobState>(&self.record, &self.revision, signed(self.kind, changes)).await?;
        self.revision = revision;
        Ok(())
    }
}

impl JobState {
    /// Whether its day's work is undone, if it has any, and nobody does it, or may have failed at it a moment ago.
    fn is_due(&self, kind: JobKind, site: &Site, now: Timestamp) -> bool {
        let seconds = |at: &LocalTime| at.instant(site).map(|at| at.unix_s);
        let free = seconds(&self.lease_until_at).is_none_or(|until| until <= now.as_second());
        let begin = began(&now.to_zoned(site.tenant.time_zone.clone()));
        let undone = begin.is_some_and(|begin| seconds(&self.last_finished_at).is_none_or(|finished| finished < begin.as_second()));
        free && (undone || !kind.is_daily())
    }
}

/// Every record names the job that wrote it.
fn signed(kind: JobKind, changes: Changes) -> Changes {
    changes.set(Field::new("changed_by"), kind.actor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_days_work_begins_ten_minutes_after_its_midnight_where_the_institution_is() {
        let at = |text: &str| text.parse::<Zoned>().unwrap();
        let began = |text: &str| super::began(&at(text)).unwrap().to_zoned(TimeZone::get("Asia/Kolkata").unwrap()).datetime().to_string();
        assert_eq!(began("2026-11-26T00:09:59[Asia/Kolkata]"), "2026-11-25T00:10:00");
        assert_eq!(began("2026-11-26T00:10:00[Asia/Kolkata]"), "2026-11-26T00:10:00");
        assert_eq!(began("2026-11-26T23:59:59[Asia/Kolkata]"), "2026-11-26T00:10:00");
    }
}
