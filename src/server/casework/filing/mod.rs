//! Filing in bulk: a file of loans becomes draft cases. It is taken in, its columns are chosen, every row is judged, what is wrong is mended
//! or left out, somebody else approves it, and then its rows become cases.
//!
//! Owns which filing is meant and who sees it: whoever prepares filings sees their own, who decides on them and who audits them sees all.
//! What is long is done by a batch (`batches`), a piece at a time. It must not know how a page looks.

mod approve;
mod carry;
mod intake;
mod mend;
mod pages;
mod progress;
mod rows;
mod taken;
mod validate;
mod work;

use serde_json::{Value as Json, json};

use super::{
    Refusal, audit,
    batches::Batch,
    keys::{OPERATION, REVISION, operation_for},
    second::{Desk, fact},
};
use crate::{
    model::{
        AuditKind, Cell, ErrorCode, Form, Permission, Role, Term, Typed,
        filing::{Known, Mapping},
    },
    server::{
        context::Grant,
        frappe::{Changes, Client, Condition, Direction, Field, Query, Record as _, Revision, RowScope},
    },
};

pub use approve::SoughtFiling;
pub use carry::piece as carry;
pub use intake::{Came, FILE_MAX_BYTES, ask_new, ask_rejects, check_new, take, take_rejects};
pub use mend::{answer as answer_row, ask as ask_row};
pub use pages::{list, show};
pub use progress::{Standing, standing};
pub use taken::{Part, Taken, begin as begin_taking, next as next_taken};
pub use validate::{Reading, piece as validate};
pub use work::{answer, ask};

/// The section's name.
pub const SECTION: &str = "Filing";
/// Code of the batches (set `batch_kind`).
pub const BATCH: &str = "FILING";
/// Code of the requests.
pub const KIND: &str = "FILING_BATCH";
/// Earlier filings whose columns are remembered.
const REMEMBERED: u32 = 10;

/// A filing, at the revision that was read.
pub struct Filing {
    /// Who asks.
    pub desk: Desk,
    /// As it stands.
    pub(super) batch: Batch,
    /// At this revision.
    pub revision: Revision,
}

/// The filings that somebody sees.
fn seen_by(grant: &Grant) -> RowScope {
    let rows = RowScope::institution_wide().and(Condition::eq(Field::new("kind"), BATCH));
    match grant.principal.role {
        Role::LegalHead | Role::Auditor => rows,
        _ => rows.and(Condition::eq(Field::new("made_by"), grant.principal.user_id.as_str())),
    }
}

impl Filing {
    /// Finds it, for somebody who has this permission.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`]; [`ErrorCode::NotFound`] for somebody else's and another institution's as well; otherwise any fault of the
    /// calls.
    pub async fn find(id: &str, permission: Permission) -> Result<Self, Refusal> {
        let desk = Desk::of(permission).await?;
        let named = Query::<Batch>::new(seen_by(&desk.grant)).filter(Condition::eq(Field::new("name"), id)).page(0, 1);
        desk.client.list(&named).await?.rows.pop().filter(|batch| batch.name == id).ok_or(ErrorCode::NotFound)?;
        let (batch, revision, _) = desk.client.get_with_proof::<Batch>(id).await?;
        Ok(Self { desk, batch, revision })
    }

    /// Its page.
    pub fn address(&self) -> String {
        address(&self.batch.name)
    }

    /// What of its file was noted.
    fn noted(&self) -> Noted {
        Noted::of(&self.batch)
    }

    /// Whether it is this person's.
    fn is_own(&self) -> bool {
        self.batch.made_by == self.desk.user()
    }

    /// The page of a form about it.
    fn form(&self, deed: &str, heading: &str, typed: Option<&Typed>) -> Form {
        Form {
            section: SECTION,
            heading: heading.to_owned(),
            about: format!("{} · {}", self.batch.batch_no, self.batch.title),
            hidden: vec![(REVISION, self.revision.0.clone()), (OPERATION, operation_for(typed))],
            action: format!("{}/do/{deed}", self.address()),
            back: (self.address(), "Back to the filing".to_owned()),
            ..Form::default()
        }
    }

    /// Changes it, as it was read; the trail has it before.
    ///
    /// # Errors
    /// A fault of the calls; [`Fault::Conflict`](crate::server::frappe::Fault::Conflict) where it has changed since.
    async fn change(&self, action: &'static str, changes: Changes, said: Json) -> Result<(), Refusal> {
        let entry = audit::Entry::new(AuditKind::Change, action).object(Batch::DOCTYPE, &self.batch.name);
        audit::record(entry.values(Some(json!({"state": self.batch.state})), Some(said))).await?;
        let changes = changes.set(Field::new("changed_by"), self.desk.user());
        self.desk.client.update::<Batch>(&self.batch.name, &self.revision, changes).await?;
        Ok(())
    }
}

/// The page of a filing.
fn address(batch: &str) -> String {
    format!("/filing/{batch}")
}

/// What a batch keeps of its file and of how far it is: its `params`.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Noted {
    /// Headings, in order.
    pub headings: Vec<String>,
    /// The first rows, shortened.
    pub sample: Vec<Vec<String>>,
    /// What was decided in reading the file.
    pub notes: Vec<String>,
    /// What validating does.
    pub phase: Phase,
}

/// What validating does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It reads the file.
    #[default]
    Read,
    /// It judges the rows that are there anew.
    Again,
    /// It takes in rows that were mended in a file.
    Rejects,
}

impl Noted {
    fn of(batch: &Batch) -> Self {
        serde_json::from_str(&batch.params).unwrap_or_default()
    }

    fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What the columns of earlier filings meant, the newest first: an institution's files look alike.
async fn remembered(client: &Client) -> Result<Mapping, Refusal> {
    let earlier = Query::<Batch>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("kind"), BATCH));
    let earlier = earlier.filter(Condition::set(Field::new("mapping"))).order_by(Field::new("creation"), Direction::Descending);
    let mut remembered = Mapping::default();
    for batch in client.list(&earlier.page(0, REMEMBERED)).await?.rows.into_iter().rev() {
        for (heading, code) in Mapping::parse(&batch.mapping).unwrap_or_default().pairs() {
            remembered.put(heading, code);
        }
    }
    Ok(remembered)
}

/// Where and for what this person may file cases.
async fn known(client: &Client, grant: &Grant, site: &super::columns::Site) -> Result<(super::work::draft::Desk, Known), Refusal> {
    let desk = super::work::draft::Desk::of(client, grant, site).await?;
    let known = Known::of(desk.choices.clone(), desk.today);
    Ok((desk, known))
}

/// The state of a filing in words.
fn state(batch: &Batch) -> Cell {
    use crate::model::Tone;
    let tone = match batch.state.as_str() {
        "DONE" | "APPROVED" | "RUNNING" => Tone::Good,
        "FAILED" | "RETURNED" | "CANCELLED" | "DONE_WITH_ERRORS" => Tone::Bad,
        _ => Tone::Waiting,
    };
    Cell::text(Term::of(batch.state.as_str()).label).meant(tone)
}

/// Count in India's grouping.
fn count(number: i64) -> String {
    crate::model::Inr::from_rupees(number).exact().trim_start_matches('₹').to_owned()
}

/// A fact for the page.
fn figure(label: &str, number: i64) -> crate::model::Fact {
    fact(label, count(number))
}
