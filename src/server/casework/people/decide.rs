//! What was asked for of a person, before whoever decides on it: what would change, what stands against it, and carrying it out.
//!
//! Owns that a request is void once the person's record is another than it was asked for, and that the rules hold at this moment too. It
//! must not write the decision: that is `decisions`'.

use super::{
    Person,
    change::{INVITE, READMIT, last_admin, said, submitted},
    fields::Choices,
    label,
    stop::{end_sessions, keeps_an_admin},
    wire::{ACTIVE, WAITING, written},
};
use crate::{
    model::{Access, Cell, FieldError, Permission, Sheet},
    server::{
        casework::{
            Refusal, audit,
            second::{Desk, HouseRequest},
            work::Said,
        },
        frappe::{Changes, Field as Column},
    },
};

/// What is sought of a person.
pub struct Sought {
    person: Person,
    said: Said,
    access: Option<Access>,
    fits: bool,
}

impl Sought {
    /// Reads it, with the person as they stand.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn of(request: &HouseRequest) -> Result<Self, Refusal> {
        let person = Person::find(&request.object_name, Permission::SeeApprovals).await?;
        let said = Said::decode(&request.diff);
        let access = Access::of_values(&said.said).map(Access::settled);
        let now = submitted(&said.action, &person.record, &said.said);
        let fits = now.hash() == request.submit_hash && access.is_some();
        Ok(Self { person, said, access, fits })
    }

    /// Whether it is still over what it was asked for.
    pub const fn fits(&self) -> bool {
        self.fits
    }

    /// Who gains by it: none of them decides on it.
    pub fn whose(&self) -> Vec<&str> {
        let deputy = self.access.as_ref().and_then(|access| access.deputy.as_deref());
        std::iter::once(self.person.record.user_id.as_str()).chain(deputy).collect()
    }

    /// Whom it is about.
    pub fn about(&self) -> String {
        format!("{} · {}", self.person.record.display_name, self.person.record.user_id)
    }

    /// The page of whom it is about.
    pub fn address(&self) -> String {
        self.person.address()
    }

    /// What would change; of somebody new all that they would be.
    pub fn sheets(&self) -> Vec<Sheet> {
        let stands = self.person.record.values();
        let was = |field: &str| stands.iter().find(|(known, _)| known == field).map_or("", |(_, value)| value.as_str());
        let words = |field: &str, value: &str| Cell::text(Access::words(field, value));
        let (title, whole) = match (self.said.action.as_str(), self.person.record.state.as_str()) {
            (INVITE, _) => ("What is asked for", true),
            (READMIT, _) => ("To be let in again, as", true),
            _ => ("What would change", false),
        };
        let asked = self.said.said.iter().filter(|(field, value)| whole || was(field) != value);
        let row = |(field, value): &(String, String)| {
            let mut cells = vec![Cell::text(label(field)), words(field, value)];
            if !whole {
                cells.insert(1, words(field, was(field)));
            }
            cells
        };
        let headings: &[&str] = if whole { &["What", "Asked for"] } else { &["What", "Now", "Asked for"] };
        let mut sheets = vec![Sheet::new(title, "Nothing would change", headings).with(asked.map(row))];
        if !self.said.before.is_empty() {
            let before = |field: &str| self.said.before.iter().find(|(known, _)| known == field).map_or("", |(_, value)| value.as_str());
            let changed = self.said.said.iter().filter(|(field, value)| before(field) != value);
            let changed = changed.map(|(field, value)| vec![Cell::text(label(field)), words(field, before(field)), words(field, value)]);
            let none = "Nothing was changed since it was returned";
            sheets.push(Sheet::new("Changed since it was returned", none, &["What", "Then", "Now"]).with(changed));
        }
        sheets
    }

    /// What stands against it now, in words: the rules of an access, and that an administrator must be left.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn against(&self) -> Result<Vec<String>, Refusal> {
        let Some(access) = &self.access else { return Ok(Vec::new()) };
        let desk = &self.person.desk;
        let choices = Choices::of(desk).await?;
        let mut problems = access.problems(&self.person.record.user_id, desk.today());
        problems.extend(choices.unknown(access));
        if self.person.is_admin() && !access.stays_admin(desk.today()) && !self.person.has_other_admin().await? {
            problems.push(last_admin());
        }
        let told = |FieldError { field, problem }: FieldError| {
            if field.is_empty() { problem } else { format!("{}: {problem}", label(&field)) }
        };
        Ok(problems.into_iter().map(told).collect())
    }

    /// Records that it is approved, before it is.
    ///
    /// # Errors
    /// Where it could not be recorded.
    pub async fn record(&self) -> Result<(), Refusal> {
        let after = self.access.as_ref().map(|access| said(&access.values()));
        let before = said(&self.person.record.values());
        audit::record(self.person.entry("user.approve").values(Some(before), after)).await
    }

    /// Carries it out. Where it ends sessions they end with it.
    ///
    /// # Errors
    /// A conflict where the person was changed since it was read; otherwise any fault of the calls. What would leave the institution
    /// without an administrator is taken back, and said.
    pub async fn carry_out(&self, desk: &Desk, request: &HouseRequest) -> Result<Option<FieldError>, Refusal> {
        let Some(access) = &self.access else { return Ok(None) };
        let record = &self.person.record;
        let mut changes = written(access);
        if record.state == WAITING || self.said.action == READMIT {
            changes = changes.set(Column::new("state"), ACTIVE).set(Column::new("active"), true);
        }
        let ends = record.access().is_none_or(|before| access.ends_sessions_of(&before));
        if ends {
            changes = changes.set(Column::new("sessions_valid_from_at"), desk.now());
        }
        let changes = signed(changes, desk, request);
        let was_admin = self.person.is_admin();
        let revision = self.person.write(changes).await?;
        if ends {
            end_sessions(&record.user_id)?;
        }
        let left = !was_admin || access.stays_admin(desk.today()) || keeps_an_admin(&self.person, &revision).await?;
        Ok((!left).then(last_admin))
    }
}

/// Who prepared what stands now, and who approved it: never the same.
fn signed(changes: Changes, desk: &Desk, request: &HouseRequest) -> Changes {
    changes
        .set(Column::new("created_by"), request.submitted_by.as_str())
        .set(Column::new("approved_by"), desk.user())
        .set(Column::new("approved_at"), desk.now())
        .set(Column::new("changed_by"), desk.user())
}
