//! A case as its own page shows it: what is known of the loan and the dispute, who is in it, and everything that hangs on it.
//!
//! Values of option sets that are only shown travel as a [`Term`]: code and words together, so that the browser's half needs no
//! table of words. Those that something is decided by have types of their own.

use serde::{Deserialize, Serialize};

use super::{CaseRow, Day, FactGroup, Inr, Instant, ParticularKind, Term, TimeCursor};

/// A case, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseFile {
    /// What the list shows of it.
    pub case: CaseRow,
    /// How it ended, if it has.
    pub outcome: Option<Term>,
    /// Why notices are held, in the words of whoever held them.
    pub hold_reason: Option<String>,
    /// What is known of it, in groups.
    pub groups: Vec<FactGroup>,
    /// Whether the person's role reads anything of the audit trail.
    pub trail: bool,
    /// When the upstream gave it.
    pub as_of: Instant,
    /// Today on the institution's wall clock.
    pub today: Day,
}

/// The people and bodies in a case, and how far each has been served with each notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceMatrix {
    /// The notices that anybody has a cell for, in the order in which a case needs them.
    pub notices: Vec<Term>,
    /// The claimant first, then respondents in their order.
    pub parties: Vec<PartyLine>,
    /// Today on the institution's wall clock: what "late" is measured against.
    pub today: Day,
    /// The address that a proof is read at, but for its name; `None` for who may open none.
    pub proofs: Option<String>,
}

/// A person or body in a case, with what was served on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyLine {
    /// Its name upstream.
    pub id: String,
    /// `C1`, `R1`, `R2` …
    pub label: String,
    /// What it is in the case.
    pub role: Term,
    /// Its name; `None` for roles that may not see borrowers.
    pub name: Option<String>,
    /// Its name in its own script.
    pub name_local: Option<String>,
    /// Whether it is known to be dead.
    pub deceased: bool,
    /// Mobile, mail, tax number and place, masked, under their names; empty where nothing is known.
    pub contacts: Vec<(&'static str, String)>,
    /// One cell for each notice of the matrix, latest round; `None` where there is none.
    pub cells: Vec<Option<ServiceCell>>,
}

/// Whether a party has been served with a notice, and by what evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCell {
    /// How far service has come.
    pub state: Term,
    /// Whether it counts as served: `SERVED` or `DEEMED_SERVED`.
    pub counts: bool,
    /// Whether the institution's rule asks for it.
    pub required: bool,
    /// The day that the rule takes.
    pub served_on: Option<Day>,
    /// The day by which it must be.
    pub due_on: Option<Day>,
    /// The channel of the best evidence.
    pub channel: Option<Term>,
    /// The clause that made it so.
    pub rule: Option<String>,
    /// The document that proves it.
    pub proof: Option<String>,
}

/// A contact or identity value of a party, masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParticularRow {
    /// The party: `R1`.
    pub party: String,
    /// Its name; `None` for roles that may not see borrowers.
    pub name: Option<String>,
    /// What it is.
    pub kind: ParticularKind,
    /// Which address, where it is one.
    pub address_kind: Option<Term>,
    /// The value, masked.
    pub masked: String,
    /// Whether it is still in use.
    pub active: bool,
    /// What deliveries have told of it.
    pub state: Term,
    /// The last day on which a delivery told that, if any has.
    pub told_on: Option<Day>,
    /// Where this person may ask to see it whole, if they may.
    pub reveal: Option<String>,
}

/// Rows with dates by which something must be done, and the day that they are measured against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Today on the institution's wall clock.
    pub today: Day,
}

/// A period that runs by law or rule, with why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockRow {
    /// Which period.
    pub clock: Term,
    /// Whose, where it runs for each party: `R2`.
    pub party: Option<String>,
    /// Running, met, expired, extended or stopped.
    pub state: Term,
    /// Whether it still runs.
    pub running: bool,
    /// Who must act.
    pub side: Term,
    /// The day that started it.
    pub starts_on: Option<Day>,
    /// The last day.
    pub due_on: Option<Day>,
    /// `12 months`.
    pub length: String,
    /// The event that started it.
    pub start_event: String,
    /// The sentence of the rule.
    pub rule: String,
}

/// Something that somebody has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRow {
    /// The case that it is about, if it is about one, with its number.
    pub case: Option<(String, String)>,
    /// What has to be done.
    pub title: String,
    /// The kind of task.
    pub kind: Term,
    /// The day by which.
    pub due_on: Option<Day>,
    /// Who is to do it: a user id or a role.
    pub assignee: String,
}

/// A task of a case, whatever has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskEntry {
    /// The task.
    pub task: TaskRow,
    /// What has become of it.
    pub state: Term,
    /// Whether it is still to be done.
    pub open: bool,
    /// The day on which it was done.
    pub done_on: Option<Day>,
    /// Who did it: a user id.
    pub done_by: Option<String>,
}

/// A page of a case's tasks, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskPage {
    /// The tasks.
    pub rows: Vec<TaskEntry>,
    /// The place after which the next page begins, if there is one.
    pub after: Option<TimeCursor>,
    /// Today on the institution's wall clock.
    pub today: Day,
}

/// One line of a case's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// When it happened.
    pub at: Option<Instant>,
    /// What kind of event.
    pub kind: Term,
    /// A sentence without personal data.
    pub title: String,
    /// Who brought it about.
    pub origin: Term,
    /// What was noted with it.
    pub note: Option<String>,
}

/// A page of a case's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Newest first.
    pub events: Vec<EventRow>,
    /// The place after which the next page begins, if there is one.
    pub after: Option<TimeCursor>,
}

/// What somebody said of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentRow {
    /// When.
    pub at: Option<Instant>,
    /// Who, as a user id.
    pub by: String,
    /// The words, as plain text.
    pub text: String,
    /// Who reads it.
    pub visibility: Term,
}

/// A page of a case's comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comments {
    /// Newest first.
    pub rows: Vec<CommentRow>,
    /// The place after which the next page begins, if there is one.
    pub after: Option<TimeCursor>,
}

/// One hearing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HearingRow {
    /// Its name upstream.
    pub id: String,
    /// Name of its case.
    pub case: String,
    /// Number of its case, or the draft number.
    pub number: String,
    /// The lead respondent; `None` for roles that may not see borrowers.
    pub respondent: Option<String>,
    /// First, second … of its case.
    pub seq: u32,
    /// What kind of hearing.
    pub kind: Term,
    /// What it is for.
    pub purpose: String,
    /// When it starts.
    pub starts_at: Option<Instant>,
    /// How long it is meant to take.
    pub minutes: u32,
    /// In a room, online or both.
    pub mode: Term,
    /// An https address to join by.
    pub room: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Who presides.
    pub arbitrator: String,
    /// Scheduled, held, adjourned or cancelled.
    pub status: Term,
    /// What came of it, as the registry recorded it.
    pub outcome: Option<Term>,
    /// What came of it, as the institution reported it.
    pub reported: Option<Term>,
    /// Who asked for the adjournment, and why.
    pub adjourned: Option<String>,
    /// Whether the preparation checklist is done.
    pub prepared: bool,
    /// The address of the form that reports its outcome, for who may report on one that nobody has recorded yet.
    pub report: Option<String>,
    /// The address of its preparation, for who may prepare one that is to come.
    pub prepare: Option<String>,
    /// The addresses that move it and cancel it, for who may change one that the registry does not hold.
    pub changes: Option<(String, String)>,
}

/// A defect that the registry raised and nobody has cured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefectRow {
    /// What is wrong.
    pub code: Term,
    /// In the registry's words.
    pub text: Option<String>,
    /// The day by which it must be cured.
    pub due_on: Option<Day>,
    /// Whether there is an answer to it.
    pub answered: bool,
    /// The address of the form that answers it, for who may.
    pub answer: Option<String>,
}

/// Who decides the case, on what footing, and what they have decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tribunal {
    /// Everybody proposed or appointed, in order.
    pub appointments: Vec<AppointmentRow>,
    /// Orders and awards, newest first.
    pub orders: Vec<OrderRow>,
    /// What an award will be measured by when it is enforced.
    pub checklist: Checklist,
}

/// An arbitrator proposed or appointed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppointmentRow {
    /// As the name was then.
    pub arbitrator: String,
    /// Where the appointment stands.
    pub state: Term,
    /// By parties, institution or court.
    pub mode: Term,
    /// What shows the respondent's consent.
    pub basis: Term,
    /// The day of the disclosure under section 12.
    pub disclosed_on: Option<Day>,
    /// The day of the appointment.
    pub appointed_on: Option<Day>,
    /// Appointments by this claimant in three years, as disclosed.
    pub repeats: Option<u32>,
}

/// An order or award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// What kind of order.
    pub kind: Term,
    /// Its date.
    pub on: Option<Day>,
    /// What it awards, if it is an award.
    pub total: Option<Inr>,
    /// Whether it was made without the respondent.
    pub ex_parte: bool,
    /// Whether it is in force.
    pub in_force: bool,
    /// The day on which the institution got its signed copy.
    pub received_on: Option<Day>,
}

/// The enforceability checklist: the facts, with their weights. It promises nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checklist {
    /// Points reached, 0 to 100.
    pub score: u32,
    /// Whether the score is held down because nothing shows the respondent's consent.
    pub capped: bool,
    /// The items.
    pub items: Vec<ChecklistItem>,
}

impl Checklist {
    /// What an award is measured by, and the points of each; they sum to 100 (`domain.md` §10.2, `records.md` §7).
    pub const ITEMS: [(&str, u32); 8] = [
        ("CLAUSE", 10),
        ("S21", 20),
        ("APPOINTMENT", 20),
        ("DISCLOSURE", 10),
        ("HEARINGNOTICE", 15),
        ("SOC", 10),
        ("S29A", 10),
        ("AWARDCOPY", 5),
    ];
}

/// One item of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistItem {
    /// What must be there.
    pub item: Term,
    /// Points.
    pub weight: u32,
    /// Whether it is there.
    pub there: bool,
}
