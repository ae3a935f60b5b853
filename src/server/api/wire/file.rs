//! The case file, as it travels.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Code, Date, Moment, Paise, Wire,
    case::{CaseItem, Clock, Document, Event, Hearing, Task},
    wire,
};
use crate::{
    model::{Known, KnownGroup, KnownValue, PartyLine, Term},
    server::{api::parameters::address, casework::file::CaseWhole},
};

/// A case, with everything that hangs on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseFile {
    /// What the list carries of it.
    pub case: CaseItem,
    /// How it ended; null while it has not.
    pub outcome: Option<Code>,
    /// Why notices are held, in the words of whoever held them.
    pub hold_reason: Option<String>,
    /// What is known of loan, dues and course; what nobody knows is left out.
    pub facts: Vec<FactGroup>,
    /// The claimant first, then respondents in their order.
    pub parties: Vec<Party>,
    /// Those that run, soonest first, then those that have ended, latest first.
    pub clocks: Vec<Clock>,
    /// What is open, soonest first.
    pub tasks: Vec<Task>,
    /// Lines of the timeline, newest first, 50 at most: the newest, or those after `events_after`.
    pub latest_events: Vec<Event>,
    /// The relative address of the same case with the lines that follow; null where none do. Follow it as it is.
    pub events_next: Option<String>,
    /// Newest first.
    pub hearings: Vec<Hearing>,
    /// Documents in their latest versions.
    pub documents: Vec<Document>,
    /// What was paid, offered, promised and spent.
    pub money: Money,
    /// Who decides it, and what they have decided.
    pub tribunal: Tribunal,
    /// Today on the institution's calendar: what "late" is measured against.
    pub today: Date,
    /// When the institution's server gave it.
    pub as_of: Moment,
}

impl Wire<CaseFile> for CaseWhole {
    fn wire(self) -> CaseFile {
        let notices = self.service.notices;
        let case = format!("/api/v1/cases/{}", self.file.case.id.as_str());
        let events_next = self.timeline.after.map(|place| address(&case, &[("events_after", &place.text())]));
        CaseFile {
            case: self.file.case.wire(),
            outcome: self.file.outcome.wire(),
            hold_reason: self.file.hold_reason,
            facts: self.known.wire(),
            parties: self.service.parties.into_iter().map(|party| Party::of(party, &notices)).collect(),
            clocks: self.clocks.rows.wire(),
            tasks: self.tasks.rows.wire(),
            latest_events: self.timeline.events.wire(),
            events_next,
            hearings: self.hearings.wire(),
            documents: self.documents.wire(),
            money: self.money.wire(),
            tribunal: self.tribunal.wire(),
            today: self.file.today.wire(),
            as_of: self.file.as_of.wire(),
        }
    }
}

/// Facts that belong together.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactGroup {
    /// Its code.
    #[schema(example = "dues")]
    pub code: String,
    /// What they are about.
    pub title: String,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// One fact.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fact {
    /// Its code.
    #[schema(example = "principal_outstanding")]
    pub code: String,
    /// Its name in words.
    pub label: String,
    /// What is known.
    pub value: FactValue,
}

/// What is known; `kind` says which of the others is there.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FactValue {
    /// So much.
    Money {
        /// The amount.
        amount_paise: Paise,
    },
    /// That day.
    Day {
        /// The day.
        day: Date,
    },
    /// These words.
    Text {
        /// The words.
        text: String,
    },
}

impl Wire<FactGroup> for KnownGroup {
    fn wire(self) -> FactGroup {
        FactGroup { code: self.code.to_owned(), title: self.title.to_owned(), facts: self.facts.wire() }
    }
}

impl Wire<Fact> for Known {
    fn wire(self) -> Fact {
        let value = match self.value {
            KnownValue::Money(amount) => FactValue::Money { amount_paise: amount.wire() },
            KnownValue::Day(day) => FactValue::Day { day: day.wire() },
            KnownValue::Text(text) => FactValue::Text { text },
        };
        Fact { code: self.code.to_owned(), label: self.label.to_owned(), value }
    }
}

/// A person or body in a case, with what was served on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Party {
    /// Its opaque name.
    pub id: String,
    /// `C1`, `R1`, `R2` …
    pub label: String,
    /// What it is in the case.
    pub role: Code,
    /// Its name; null for roles that may not see borrowers.
    pub name: Option<String>,
    /// Its name in its own script.
    pub name_local: Option<String>,
    /// Whether it is known to be dead.
    pub deceased: bool,
    /// How it is reached, masked. Nothing under `/api/v1` unmasks.
    pub contacts: Vec<Contact>,
    /// What it was or is to be served with, latest round.
    pub service: Vec<Service>,
}

/// A way to reach a party.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    /// What it is.
    #[schema(example = "Mobile")]
    pub name: String,
    /// Masked; empty where nothing is known.
    #[schema(example = "98xxxxxx41")]
    pub masked: String,
}

/// Whether a party has been served with a notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct Service {
    /// Which notice.
    pub notice: Code,
    /// How far service has come.
    pub state: Code,
    /// Whether it counts as served.
    pub counts: bool,
    /// Whether the institution's rule asks for it.
    pub required: bool,
    /// The day that the rule takes.
    pub served_on: Option<Date>,
    /// The day by which it must be.
    pub due_on: Option<Date>,
    /// The channel of the best evidence.
    pub channel: Option<Code>,
    /// The clause that made it so.
    pub rule: Option<String>,
    /// Name of the document that proves it.
    pub proof: Option<String>,
}

impl Party {
    /// A line of the service matrix; its cells stand in the order of the matrix's notices.
    fn of(line: PartyLine, notices: &[Term]) -> Self {
        let served = notices.iter().cloned().zip(line.cells).filter_map(|(notice, cell)| Some((notice, cell?)));
        Self {
            id: line.id,
            label: line.label,
            role: line.role.wire(),
            name: line.name,
            name_local: line.name_local,
            deceased: line.deceased,
            contacts: line.contacts.into_iter().map(|(name, masked)| Contact { name: name.to_owned(), masked }).collect(),
            service: served
                .map(|(notice, cell)| Service {
                    notice: notice.wire(),
                    state: cell.state.wire(),
                    counts: cell.counts,
                    required: cell.required,
                    served_on: cell.served_on.wire(),
                    due_on: cell.due_on.wire(),
                    channel: cell.channel.wire(),
                    rule: cell.rule,
                    proof: cell.proof,
                })
                .collect(),
        }
    }
}

wire! {
    /// What was paid, offered, promised and spent.
    Money of MoneyBook {
        /// Newest first.
        payments: Vec<Payment>,
        /// Newest first.
        offers: Vec<Offer>,
        /// By date.
        instalments: Vec<Instalment>,
        /// Newest first.
        costs: Vec<Cost>,
    }
}

wire! {
    /// A payment.
    Payment of PaymentRow {
        /// When.
        on: Option<Date>,
        /// How much.
        amount_paise: Paise = amount,
        /// How.
        mode: Code,
        /// Recorded, confirmed or reversed.
        state: Code,
        /// The bank's reference.
        utr: String,
    }
}

wire! {
    /// An offer or counter-offer.
    Offer of OfferRow {
        /// When it was made.
        at: Option<Moment>,
        /// By which side.
        by: Code,
        /// At once or in instalments.
        kind: Code,
        /// How much.
        amount_paise: Paise = amount,
        /// The dues on that day.
        dues_paise: Paise = dues,
        /// Its state.
        state: Code,
        /// Until when it stands.
        valid_until: Option<Date>,
    }
}

wire! {
    /// An instalment of an accepted offer.
    Instalment of InstalmentRow {
        /// First, second …
        seq: u32,
        /// When it is due.
        due_on: Option<Date>,
        /// How much.
        amount_paise: Paise = amount,
        /// How much of it came.
        paid_paise: Paise = paid,
        /// Its state.
        state: Code,
    }
}

wire! {
    /// A cost.
    Cost of CostRow {
        /// When it was incurred.
        on: Option<Date>,
        /// What for.
        kind: Code,
        /// How much.
        amount_paise: Paise = amount,
        /// Accrued, billed, paid or disputed.
        state: Code,
        /// Who is paid.
        payee: String,
    }
}

wire! {
    /// Who decides a case, and what they have decided.
    Tribunal of Tribunal {
        /// Everybody proposed or appointed, in order.
        appointments: Vec<Appointment>,
        /// Orders and awards, newest first.
        orders: Vec<Order>,
        /// What an award will be measured by when it is enforced. It promises nothing.
        checklist: Checklist,
    }
}

wire! {
    /// An arbitrator proposed or appointed.
    Appointment of AppointmentRow {
        /// As the name was then.
        arbitrator: String,
        /// Where the appointment stands.
        state: Code,
        /// By parties, institution or court.
        mode: Code,
        /// What shows the respondent's consent.
        basis: Code,
        /// The day of the disclosure under section 12.
        disclosed_on: Option<Date>,
        /// The day of the appointment.
        appointed_on: Option<Date>,
        /// Appointments by this claimant in three years, as disclosed.
        repeats: Option<u32>,
    }
}

wire! {
    /// An order or award.
    Order of OrderRow {
        /// What kind of order.
        kind: Code,
        /// Its date.
        on: Option<Date>,
        /// What it awards; null where it is no award.
        total_paise: Option<Paise> = total,
        /// Whether it was made without the respondent.
        ex_parte: bool,
        /// Whether it is in force.
        in_force: bool,
        /// The day on which the institution got its signed copy.
        received_on: Option<Date>,
    }
}

wire! {
    /// The enforceability checklist.
    Checklist of Checklist {
        /// Points reached, 0 to 100.
        score: u32,
        /// Whether the score is held down because nothing shows the respondent's consent.
        capped: bool,
        /// The items.
        items: Vec<ChecklistItem>,
    }
}

wire! {
    /// One item of the checklist.
    ChecklistItem of ChecklistItem {
        /// What must be there.
        item: Code,
        /// Points.
        weight: u32,
        /// Whether it is there.
        there: bool,
    }
}
