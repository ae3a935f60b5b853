//! What a calendar program is given for a token: the hearings that its person may see at this very moment.
//!
//! A token is no session: whose it is and what they may see is read each time. Whatever does not fit (no such token, revoked, a person
//! who may not sign in any more) is one and the same "not found". It must not know how a calendar is written.

use jiff::{SignedDuration, Timestamp};

use super::{FeedRecord, OWN_CASES, TOKEN_BYTES, hash_of};
use crate::{
    model::{Calendar, CalendarEntry, ErrorCode, Permission, Term},
    server::{
        casework::{
            Refusal,
            columns::{LocalTime, Site, every, record, some_text},
            membership, site_time,
        },
        context::authorise_holder,
        frappe::{Changes, Client, Condition, Direction, Field, Op, Query, RowScope, Value},
    },
};

/// How far back a feed reaches, in days (`records.md` §11).
const BACK_DAYS: i64 = 30;
/// The most hearings in one feed; the soonest are kept.
const HEARINGS_MAX: u32 = 10_000;
/// How often a use is written down at most.
const USE_NOTED_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// Hearings of the registry's that are given a UID at one reading; the others are shown the next time.
const NAMED_AT_ONCE: usize = 20;

record! {
    /// A hearing, as far as a calendar has it.
    struct CalendarRecord of "Case Hearing" {
        modified: LocalTime,
        case_ref: String,
        case_id: String,
        hearing_type: String,
        starts_at: LocalTime,
        minutes: i64,
        mode: String,
        place_text: String,
        arbitrator_name: String,
        status: String,
        ics_uid: String,
        ics_sequence: i64,
    }
}

/// The hearings that this token shows, from [`BACK_DAYS`] ago on.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a token that shows nothing; otherwise any fault of the calls.
pub async fn read(token: &str) -> Result<Calendar, Refusal> {
    let is_ours = token.len() == TOKEN_BYTES * 2 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_ours {
        return Err(ErrorCode::NotFound.into());
    }
    let client = Client::current()?;
    let hash = hash_of(token);
    let kept = Query::<FeedRecord>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("token_hash"), hash.as_str()));
    let feed = client.list(&kept.page(0, 1)).await?.rows.pop().filter(FeedRecord::is_live).ok_or(ErrorCode::NotFound)?;
    let member = membership::find(&feed.user_id).await?.ok_or(ErrorCode::NotFound)?;
    let grant = authorise_holder(member.principal, Permission::SeeCases).map_err(|_| ErrorCode::NotFound)?;
    let rows = if feed.query_text == OWN_CASES { grant.own_rows() } else { grant.rows.clone() };
    let site = Site::current(&client).await?;
    let from = site_time::today(&site.tenant).later(-BACK_DAYS);
    let asked = Query::<CalendarRecord>::new(rows).filter(Condition::new(Field::new("starts_on"), Op::Ge, Value::from(from)));
    let asked = asked.order_by(Field::new("starts_at"), Direction::Ascending).order_by(Field::new("name"), Direction::Ascending);
    // No column of these says who a borrower is, whoever reads them.
    let hearings = every(&client, &asked, grant.principal.role.names(), HEARINGS_MAX).await?;
    if hearings.more {
        tracing::warn!(shown = hearings.rows.len(), "a feed has more hearings than it may: the latest are left out");
    }
    let hearings = hearings.rows;
    note_use(&client, &feed, &site).await;
    let mut entries = Vec::with_capacity(hearings.len());
    let mut unnamed = 0;
    for mut hearing in hearings {
        if hearing.ics_uid.is_empty() {
            unnamed += 1;
            if unnamed > NAMED_AT_ONCE || !name(&client, &mut hearing).await {
                continue;
            }
        }
        entries.extend(hearing.into_entry(&site));
    }
    Ok(Calendar { title: format!("{} · {}", feed.title, site.tenant.branding.display_name), entries })
}

/// The registry's hearings come without a UID; the first reader writes one (`records.md` §3.12).
async fn name(client: &Client, hearing: &mut CalendarRecord) -> bool {
    let named = async {
        let (now, revision, _) = client.get_with_proof::<CalendarRecord>(&hearing.name).await?;
        if !now.ics_uid.is_empty() {
            return Ok(now.ics_uid);
        }
        let uid = uuid::Uuid::new_v4().to_string();
        let changes = Changes::new().set(Field::new("ics_uid"), uid.as_str());
        client.update::<CalendarRecord>(&hearing.name, &revision, changes).await.map(|_| uid)
    };
    match named.await {
        Ok(uid) => {
            hearing.ics_uid = uid;
            true
        }
        Err(fault) => {
            tracing::warn!(?fault, "a hearing could not be given a UID and is left out of a feed");
            false
        }
    }
}

/// Writes down that a feed was used, so that its owner can tell one that nobody follows. A fault loses nothing but that.
async fn note_use(client: &Client, feed: &FeedRecord, site: &Site) {
    let now = Timestamp::now();
    let last = feed.last_used_at.instant(site).and_then(|last| Timestamp::from_second(last.unix_s).ok());
    if last.is_some_and(|last| now.duration_since(last) < USE_NOTED_EVERY) {
        return;
    }
    let noted = async {
        let (_, revision, _) = client.get_with_proof::<FeedRecord>(&feed.name).await?;
        let changes = Changes::new().set(Field::new("last_used_at"), Value::LocalTime(now.to_zoned(site.zone.clone()).datetime()));
        client.update::<FeedRecord>(&feed.name, &revision, changes).await
    };
    if let Err(fault) = noted.await {
        tracing::warn!(?fault, "the use of a feed was not written down");
    }
}

impl CalendarRecord {
    fn into_entry(self, site: &Site) -> Option<CalendarEntry> {
        Some(CalendarEntry {
            starts_at: self.starts_at.instant(site)?,
            changed_at: self.modified.instant(site),
            uid: self.ics_uid,
            sequence: u32::try_from(self.ics_sequence).unwrap_or(0),
            minutes: u32::try_from(self.minutes).unwrap_or(0),
            case: self.case_ref,
            number: self.case_id,
            kind: Term::of(self.hearing_type),
            mode: Term::of(self.mode),
            place: some_text(self.place_text),
            arbitrator: self.arbitrator_name,
            status: Term::of(self.status),
        })
    }
}
