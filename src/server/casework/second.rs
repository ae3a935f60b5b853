//! Requests for a second pair of eyes over what belongs to no case: people, and the institution's own rules.
//!
//! Owns how such a request is kept, found and decided, and who is no second person. It must not know what is asked for. Requests in a
//! case are `work`'s; both are kept as the same record and stand in the same list.

use jiff::Timestamp;

use super::{
    Refusal,
    columns::{Date, LocalTime, Rupees, Site, inr, record},
    keys::{idem_key, operation_for},
    site_time,
    work::Said,
};
use crate::{
    model::{Cell, Day, ErrorCode, Fact, Form, Inr, Permission, Somebody},
    server::{
        context::{Grant, authorise},
        frappe::{Changes, Client, Condition, Direction, Fault, Field, PAGE_MAX, Query, Revision, RowScope, Value},
    },
};

record! {
    /// A request as it is kept.
    pub struct HouseRequest of "Case Approval" {
        object_kind: String,
        object_name: String,
        case_ref: String,
        title: String,
        amount: Rupees,
        round: i64,
        submitted_by: String,
        submitted_at: LocalTime,
        submit_hash: String,
        diff: String,
        state: String,
        checker: String,
        checker_2: String,
        decided_at: LocalTime,
        reason_code: String,
        reason_text: String,
    }
}

record! {
    /// Who acts for whom.
    struct Deputised of "Portal User" {
        user_id: String,
        deputy: String,
        deputy_until_on: Date,
    }
}

record! {
    /// The most that somebody approves alone.
    struct Limited of "Portal User" {
        user_id: String,
        amount_limit: f64,
    }
}

impl HouseRequest {
    /// Whether it waits for somebody's decision.
    pub fn waits(&self) -> bool {
        self.state == "PENDING" || self.waits_for_second()
    }

    /// Whether somebody has approved it, and a second checker must as well.
    pub fn waits_for_second(&self) -> bool {
        self.state == "SECOND_PENDING"
    }

    /// Who decided last.
    pub fn decider(&self) -> &str {
        if self.checker_2.is_empty() { &self.checker } else { &self.checker_2 }
    }
}

/// Somebody at the institution's own affairs: who asks, and whose wall clock counts.
pub struct Desk {
    /// The way to the records.
    pub client: Client,
    /// Who asks.
    pub grant: Grant,
    /// Whose wall clock counts.
    pub site: Site,
}

impl Desk {
    /// For somebody who has this permission.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] for roles without it; otherwise any fault of the call.
    pub async fn of(permission: Permission) -> Result<Self, Refusal> {
        let grant = authorise(permission)?;
        let client = Client::current()?;
        let site = Site::current(&client).await?;
        Ok(Self { client, grant, site })
    }

    /// Their sign-in name.
    pub fn user(&self) -> &str {
        &self.grant.principal.user_id
    }

    /// Today, on the institution's wall clock.
    pub fn today(&self) -> Day {
        site_time::today(&self.site.tenant)
    }

    /// Now, on the site's wall clock.
    pub fn now(&self) -> Value {
        Value::LocalTime(Timestamp::now().to_zoned(self.site.zone.clone()).datetime())
    }

    /// The beginning of a day of the institution's, on the site's wall clock; `None` for one that no calendar has.
    pub fn midnight(&self, day: Day) -> Option<Value> {
        let date: jiff::civil::Date = day.iso().parse().ok()?;
        let begins = date.to_zoned(self.site.tenant.time_zone.clone()).ok()?;
        Some(Value::LocalTime(begins.with_time_zone(self.site.zone.clone()).datetime()))
    }

    /// These people with who acts for them today.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn somebody(&self, users: &[&str]) -> Result<Vec<Somebody>, Refusal> {
        let named = Query::<Deputised>::new(RowScope::institution_wide());
        let named = named.filter(Condition::one_of(Field::new("user_id"), users.iter().copied())).page(0, PAGE_MAX);
        let rows = self.client.list(&named).await?.rows;
        let today = self.today();
        let of = |user: &&str| {
            let acts = rows.iter().filter(|row| row.user_id == **user && !row.deputy.is_empty());
            let acts = acts.filter(|row| row.deputy_until_on.day().is_none_or(|until| today <= until));
            Somebody { user: (*user).to_owned(), deputies: acts.map(|row| row.deputy.clone()).collect() }
        };
        Ok(users.iter().map(of).collect())
    }

    /// Whether this person, or somebody who counts as them, is among these; which of them, if so.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn counts_as<'a>(&self, others: &[&'a str]) -> Result<Option<&'a str>, Refusal> {
        let mut users: Vec<&str> = others.to_vec();
        users.push(self.user());
        let everybody = self.somebody(&users).await?;
        let Some((me, everybody)) = everybody.split_last() else { return Ok(None) };
        Ok(others.iter().zip(everybody).find(|(_, other)| me.is_as_good_as(other)).map(|(user, _)| *user))
    }

    /// Whether this amount is more than the person may approve alone. Whose record says nothing of a limit may approve none.
    ///
    /// # Errors
    /// Any fault of the call, which is made where there is an amount.
    pub async fn is_over_limit(&self, amount: Inr) -> Result<bool, Refusal> {
        if amount <= Inr::ZERO {
            return Ok(false);
        }
        let own = Query::<Limited>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("user_id"), self.user()));
        let own = self.client.list(&own.page(0, 1)).await?.rows.into_iter().find(|row| row.user_id == self.user());
        // A negative limit is none.
        let limit = own.map_or(Some(Inr::ZERO), |row| (row.amount_limit >= 0.0).then(|| inr(row.amount_limit).unwrap_or(Inr::ZERO)));
        Ok(limit.is_some_and(|limit| amount > limit))
    }

    /// Requests over one record, the newest first.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn requests_over(&self, kind: &'static str, object: &str, rows: u32) -> Result<Vec<HouseRequest>, Refusal> {
        let over = Query::<HouseRequest>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("object_kind"), kind));
        let over =
            over.filter(Condition::eq(Field::new("object_name"), object)).order_by(Field::new("submitted_at"), Direction::Descending);
        // Several may be of one second.
        let over = over.order_by(Field::new("creation"), Direction::Descending);
        Ok(self.client.list(&over.page(0, rows)).await?.rows)
    }

    /// A request, at its revision.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for one that belongs to a case as well; otherwise any fault of the call.
    pub async fn request(&self, name: &str) -> Result<(HouseRequest, Revision), Refusal> {
        let (request, revision, _) = self.client.get_with_proof::<HouseRequest>(name).await?;
        if request.case_ref.is_empty() { Ok((request, revision)) } else { Err(ErrorCode::NotFound.into()) }
    }

    /// Keeps a request. The same operation keeps one.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn ask_for(&self, operation: &str, asked: Asked<'_>, said: &Said) -> Result<(), Refusal> {
        let key = idem_key(&self.site.tenant, "Case Approval", &format!("{operation}/request"));
        let last = self.requests_over(asked.kind, asked.object.1, 1).await?.pop();
        // What was returned and is submitted again is another round of the same.
        let last = last.filter(|last| last.state == "RETURNED");
        let (round, before) = last.map_or((1, Vec::new()), |last| (last.round + 1, Said::decode(&last.diff).said));
        let said = Said { before, ..said.clone() };
        let body = Changes::new()
            .set(Field::new("idem_key"), key.as_str())
            .set(Field::new("made_by"), self.user())
            .set(Field::new("changed_by"), self.user())
            .set(Field::new("object_kind"), asked.kind)
            .set(Field::new("object_type"), asked.object.0)
            .set(Field::new("object_name"), asked.object.1)
            .set(Field::new("title"), asked.title)
            .set(Field::new("amount"), asked.amount)
            .set(Field::new("level"), 1_i64)
            .set(Field::new("levels_needed"), 1_i64)
            .set(Field::new("round"), round)
            .set(Field::new("submitted_by"), self.user())
            .set(Field::new("submitted_at"), self.now())
            .set(Field::new("submit_hash"), said.hash())
            .set(Field::new("diff"), said.encoded())
            .set(Field::new("state"), "PENDING")
            .set(Field::new("wait_mins"), -1_i64)
            .set(Field::new("month"), self.today().iso().chars().take(7).collect::<String>());
        match self.client.create::<HouseRequest>(body).await {
            Ok(_) => Ok(()),
            Err(Fault::Duplicate) => {
                let same = Query::<HouseRequest>::new(RowScope::institution_wide());
                let same = same.filter(Condition::eq(Field::new("idem_key"), key.as_str())).page(0, 1);
                if self.client.list(&same).await?.rows.is_empty() { Err(Fault::Duplicate.into()) } else { Ok(()) }
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// Writes a decision into a request that is still at this revision.
    ///
    /// # Errors
    /// [`Fault::Conflict`] where somebody else was quicker; otherwise any fault of the call.
    pub async fn decide(&self, request: &HouseRequest, revision: &Revision, decision: Decision<'_>) -> Result<(), Refusal> {
        let waited = request.submitted_at.instant(&self.site).map_or(-1, |at| (Timestamp::now().as_second() - at.unix_s) / 60);
        let goes_on = decision.state == "SECOND_PENDING";
        let changes =
            Changes::new().set(Field::new("state"), decision.state).set(Field::new("wait_mins"), if goes_on { -1 } else { waited });
        // Who takes back their own has decided nothing.
        let changes = if request.submitted_by == self.user() {
            changes
        } else if request.waits_for_second() {
            changes.set(Field::new("checker_2"), self.user()).set(Field::new("decided_2_at"), self.now())
        } else {
            changes.set(Field::new("checker"), self.user()).set(Field::new("decided_at"), self.now())
        };
        let changes = if goes_on { changes.set(Field::new("level"), 2_i64).set(Field::new("levels_needed"), 2_i64) } else { changes };
        let changes = match decision.why {
            Some((code, words)) => changes.set(Field::new("reason_code"), code).set(Field::new("reason_text"), words),
            None => changes,
        };
        let changes = changes.set(Field::new("changed_by"), self.user());
        self.client.update::<HouseRequest>(&request.name, revision, changes).await?;
        Ok(())
    }

    /// A moment in words; nothing where there is none.
    pub fn moment(&self, at: &LocalTime) -> String {
        at.instant(&self.site).map(|at| at.long()).unwrap_or_default()
    }
}

/// What is asked for, as a request names it.
pub struct Asked<'a> {
    /// Code of its kind.
    pub kind: &'static str,
    /// DocType and name of what it is about.
    pub object: (&'static str, &'a str),
    /// What is said of it in a list.
    pub title: String,
    /// What decides whether a second checker is needed; nothing where no limit applies.
    pub amount: Inr,
}

/// A decision as it is written.
pub struct Decision<'a> {
    /// The state that it leads to.
    pub state: &'static str,
    /// Code and words of the reason, where it is returned.
    pub why: Option<(&'a str, &'a str)>,
}

/// Something known under its name.
pub fn fact(label: &str, text: impl Into<String>) -> Fact {
    let text = text.into();
    Fact { label: label.to_owned(), cell: Cell::some((!text.is_empty()).then_some(text)), formula: None }
}

/// What somebody without this permission is shown: who may.
pub fn not_for(permission: Permission, section: &'static str) -> Form {
    forbidden(section, vec![format!("Only {} may do this. That it was asked for is on record.", permission.who_may())])
}

/// A refusal in these words.
pub fn forbidden(section: &'static str, lead: Vec<String>) -> Form {
    Form {
        section,
        heading: "This is not allowed".to_owned(),
        lead,
        back: ("/".to_owned(), "To the dashboard".to_owned()),
        forbidden: true,
        ..Form::default()
    }
}

/// The form with a new operation, where it is not the one that was sent: whoever sends it again means it anew.
pub fn renewed(mut form: Form) -> Form {
    form.hidden.retain(|(name, _)| *name != super::keys::OPERATION);
    form.hidden.push((super::keys::OPERATION, operation_for(None)));
    form
}
