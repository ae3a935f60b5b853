//! A case as lists carry it, and a hearing, as they travel.

use serde::Serialize;
use utoipa::ToSchema;

use super::{CaseRef, Code, Date, Moment, Paise, Wire, wire};
use crate::model::{CaseRow, HearingRow, Term};

/// A case, as the list carries it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseItem {
    /// Its opaque name: what `/api/v1/cases/{id}` takes.
    pub id: String,
    /// Its number, or the draft number while the registry has issued none.
    #[schema(example = "ARB/2026/001234")]
    pub number: String,
    /// Whether `number` is only a draft number.
    pub draft: bool,
    /// Loan account number, as the lender writes it.
    pub lan: String,
    /// The lead respondent's name; null for roles that may not see borrowers.
    pub respondent: Option<String>,
    /// How many parties must be served.
    pub respondent_count: u32,
    /// What was lent.
    pub product: Code,
    /// Code of the zone.
    pub zone: String,
    /// Code of the branch.
    pub branch: String,
    /// Main stage.
    pub stage: Code,
    /// Status within the stage.
    pub status: Code,
    /// The day on which the stage began.
    pub stage_since: Option<Date>,
    /// What stops outbound notices, if anything.
    pub hold: Code,
    /// The claim, or the dues while no claim is stated.
    pub claim_paise: Paise,
    /// All dues as last fed.
    pub dues_paise: Paise,
    /// Days past due.
    pub dpd: u32,
    /// The band of `dpd`.
    pub bucket: Code,
    /// When the next hearing starts.
    pub next_hearing_at: Option<Moment>,
    /// The soonest date on which the institution owes something.
    pub next_due_on: Option<Date>,
    /// What is owed then.
    pub next_due: Option<Code>,
    /// How far service has come.
    pub service: Code,
    /// User id of the legal owner.
    pub legal_owner: String,
}

impl Wire<CaseItem> for CaseRow {
    fn wire(self) -> CaseItem {
        CaseItem {
            id: self.id.wire(),
            number: self.number,
            draft: self.draft,
            lan: self.lan,
            respondent: self.respondent,
            respondent_count: self.respondent_count,
            product: self.product.wire(),
            zone: self.zone,
            branch: self.branch,
            stage: self.stage.wire(),
            status: self.status.wire(),
            stage_since: self.stage_since.wire(),
            hold: self.hold.wire(),
            claim_paise: self.claim.wire(),
            dues_paise: self.dues.wire(),
            dpd: self.dpd,
            bucket: self.bucket.wire(),
            next_hearing_at: self.next_hearing.wire(),
            next_due_on: self.next_due.wire(),
            next_due: Term::of_some(&self.next_due_code).wire(),
            service: self.service.wire(),
            legal_owner: self.legal_owner,
        }
    }
}

/// A hearing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hearing {
    /// Its opaque name.
    pub id: String,
    /// Its case.
    pub case: CaseRef,
    /// The lead respondent's name; null for roles that may not see borrowers.
    pub respondent: Option<String>,
    /// First, second … of its case.
    pub seq: u32,
    /// What kind of hearing.
    pub kind: Code,
    /// What it is for.
    pub purpose: String,
    /// When it starts.
    pub starts_at: Option<Moment>,
    /// How long it is meant to take.
    pub minutes: u32,
    /// In a room, online or both.
    pub mode: Code,
    /// An https address to join by.
    pub room_url: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Who presides.
    pub arbitrator: String,
    /// Scheduled, held, adjourned or cancelled.
    pub status: Code,
    /// What came of it, as the registry recorded it.
    pub outcome: Option<Code>,
    /// What came of it, as the institution reported it.
    pub reported: Option<Code>,
    /// Who asked for the adjournment, and why, in words.
    pub adjourned: Option<String>,
    /// Whether the preparation checklist is done.
    pub prepared: bool,
}

impl Wire<Hearing> for HearingRow {
    fn wire(self) -> Hearing {
        Hearing {
            id: self.id,
            case: CaseRef { id: self.case, number: self.number },
            respondent: self.respondent,
            seq: self.seq,
            kind: self.kind.wire(),
            purpose: self.purpose,
            starts_at: self.starts_at.wire(),
            minutes: self.minutes,
            mode: self.mode.wire(),
            room_url: self.room,
            place: self.place,
            arbitrator: self.arbitrator,
            status: self.status.wire(),
            outcome: self.outcome.wire(),
            reported: self.reported.wire(),
            adjourned: self.adjourned,
            prepared: self.prepared,
        }
    }
}

wire! {
    /// A document in its latest version, without its content.
    Document of DocumentRow {
        /// Its opaque name.
        id: String,
        /// What kind of document.
        kind: Code,
        /// Exhibit or annexure number; empty where it is none.
        exhibit: String,
        /// Its title.
        title: String,
        /// Version, from 1.
        version: u32,
        /// The date on it.
        on: Option<Date>,
        /// Its size.
        size_bytes: u64,
        /// Content type, as found in the content.
        mime: String,
        /// SHA-256 of the bytes, in hex.
        sha256: String,
        /// Who may see it.
        visible_to: Code,
        /// Why its content is kept back; null where it can be opened.
        withheld: Option<Code>,
    }
}

wire! {
    /// A period that runs by law or rule.
    Clock of ClockRow {
        /// Which period.
        clock: Code,
        /// Whose, where it runs for each party: `R2`.
        party: Option<String>,
        /// Running, met, expired, extended or stopped.
        state: Code,
        /// Whether it still runs.
        running: bool,
        /// Who must act.
        side: Code,
        /// The day that started it.
        starts_on: Option<Date>,
        /// The last day.
        due_on: Option<Date>,
        /// Its length in words: `12 months`.
        length: String,
        /// The event that started it, in words.
        start_event: String,
        /// The sentence of the rule.
        rule: String,
    }
}

/// Something that somebody has to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Task {
    /// The case that it is about; null where it is about none.
    pub case: Option<CaseRef>,
    /// What has to be done.
    pub title: String,
    /// The kind of task.
    pub kind: Code,
    /// The day by which.
    pub due_on: Option<Date>,
    /// Who is to do it: a user id, or a role in words.
    pub assignee: String,
}

impl Wire<Task> for crate::model::TaskRow {
    fn wire(self) -> Task {
        Task {
            case: self.case.map(|(id, number)| CaseRef { id, number }),
            title: self.title,
            kind: self.kind.wire(),
            due_on: self.due_on.wire(),
            assignee: self.assignee,
        }
    }
}

wire! {
    /// A line of a case's timeline.
    Event of EventRow {
        /// When it happened.
        at: Option<Moment>,
        /// What kind of event.
        kind: Code,
        /// A sentence without personal data.
        title: String,
        /// Who brought it about.
        origin: Code,
        /// What was noted with it.
        note: Option<String>,
    }
}
