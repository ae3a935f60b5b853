//! The case that something is done to: found among the person's rows, read whole, at the revision that the form showed.
//!
//! Owns what is known of a case before it is changed, and how somebody is told of what has changed meanwhile. It must not know what is
//! done.

use jiff::Timestamp;

use super::super::{
    Refusal, cases,
    columns::{Check, Date, LocalTime, Rupees, Site, list, record},
    keys::{OPERATION, REVISION, natural_key, operation_for},
};
use crate::{
    model::{CaseId, ErrorCode, Form, Permission, Typed},
    server::{
        context::{Grant, authorise, authorise_job},
        frappe::{Client, Condition, Direction, Field, Op, Query, Revision, RowScope, Value},
    },
};

/// The record besides the case that a form is about.
pub const ON: &str = "on";
/// What has happened meanwhile is told so far back, in events.
const MEANWHILE_ROWS: u32 = 5;

record! {
    /// A case as far as doing something to it needs.
    pub struct CaseState of "Arbitration Case" {
        case_id: String,
        draft_no: String,
        lan: String,
        product: String,
        zone: String,
        region: String,
        branch: String,
        stage: String,
        status: String,
        stage_since_on: Date,
        status_before: String,
        hold: String,
        settlement_track: String,
        legal_owner: String,
        collections_owner: String,
        advocate: String,
        total_dues: Rupees,
        dues_on: Date,
        claim_basis_amount: Rupees,
        award_total: Rupees,
        realised_amount: Rupees,
        agreement_no: String,
        agreement_on: Date,
        default_on: Date,
        arbitration_clause: Check,
        consent_basis: String,
        batch: String,
        filed_on: Date,
        respondent_count: i64,
    }
    names { title_text, }
}

record! {
    /// What happened in it lately.
    struct MeanwhileRecord of "Case Event" {
        at: LocalTime,
        title: String,
        actor: String,
    }
}

impl CaseState {
    /// The number that people know it by.
    pub fn number(&self) -> &str {
        if self.case_id.is_empty() { &self.draft_no } else { &self.case_id }
    }
}

/// A case about to be changed.
pub struct Subject {
    /// The way to its records.
    pub client: Client,
    /// Who asks, and which rows are theirs.
    pub grant: Grant,
    /// Whose wall clock counts.
    pub site: Site,
    /// Which case.
    pub id: CaseId,
    /// What is known of it.
    pub case: CaseState,
    /// The revision that it is at.
    pub revision: Revision,
}

impl Subject {
    /// Finds it for somebody who has this permission.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] for roles without the permission; [`ErrorCode::NotFound`] for every case that is not among the person's
    /// rows; otherwise any fault of the call.
    pub async fn find(id: &str, permission: Permission) -> Result<Self, Refusal> {
        Self::among(authorise(permission)?, id).await
    }

    /// Finds it for the portal's own work.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for a case that is not the institution's; otherwise any fault of the calls.
    pub async fn of_job(id: &str) -> Result<Self, Refusal> {
        Self::among(authorise_job()?, id).await
    }

    async fn among(grant: Grant, id: &str) -> Result<Self, Refusal> {
        let id = CaseId::parse(id).ok_or(ErrorCode::NotFound)?;
        let client = Client::current()?;
        let site = Site::current(&client).await?;
        cases::find(&client, &grant, &id).await?;
        let (case, revision, _) = client.get_with_proof::<CaseState>(id.as_str()).await?;
        Ok(Self { client, grant, site, id, case, revision })
    }

    /// An operation on the case as it now stands: the same one until the case is changed.
    ///
    /// # Errors
    /// Any fault of asking for the institution, which is kept afterwards.
    pub async fn operation_here(&self) -> Result<String, Refusal> {
        let institution = self.client.institution().await?;
        Ok(natural_key(&institution, &[self.id.as_str(), &self.revision.0]))
    }

    /// What hangs on it, of one kind.
    pub fn of_case<R: super::super::columns::Named>(&self) -> Query<R> {
        // Within the case, which was found in the person's rows: its rows have no other scope.
        Query::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("case_ref"), self.id.as_str()))
    }

    /// The one record of this name that hangs on it.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] where it hangs on another case or is nobody's; otherwise any fault of the call.
    pub async fn one<R: super::super::columns::Named>(&self, name: &str) -> Result<(R, Revision), Refusal> {
        let named = self.of_case::<R>().filter(Condition::eq(Field::new("name"), name)).page(0, 1);
        let found = self.client.list(&named).await?.rows.pop().filter(|row| row.name() == name);
        found.ok_or(ErrorCode::NotFound)?;
        let (record, revision, _) = self.client.get_with_proof::<R>(name).await?;
        Ok((record, revision))
    }

    /// The page of a form about it: which case, which revision, which operation.
    pub fn form(&self, deed: &str, heading: impl Into<String>, typed: Option<&Typed>) -> Form {
        let case = &self.case;
        let respondent = if case.title_text.is_empty() { String::new() } else { format!(" · {}", case.title_text) };
        Form {
            section: "Cases",
            heading: heading.into(),
            about: format!("Case {}{respondent}", case.number()),
            hidden: vec![(REVISION, self.revision.0.clone()), (OPERATION, operation_for(typed))],
            action: format!("{}/do/{deed}", self.address()),
            back: (self.address(), "Back to the case".to_owned()),
            ..Form::default()
        }
    }

    /// Its page.
    pub fn address(&self) -> String {
        format!("/cases/{}", self.id.as_str())
    }

    /// Whether the form was opened on the case as it is now.
    pub fn is_as_seen(&self, typed: &Typed) -> bool {
        typed.text(REVISION) == self.revision.0
    }

    /// The form with what has happened to the case since it was opened; what was typed stays, and sending it again means it.
    ///
    /// # Errors
    /// Any fault of asking what has happened.
    pub async fn changed(&self, form: Form, typed: &Typed) -> Result<Form, Refusal> {
        let seen = Revision(typed.text(REVISION).to_owned());
        // The site's wall clock has microseconds in a revision; an event has whole seconds.
        let since = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S%.f", &seen.0).ok();
        let mut form = form.again(typed, &[]);
        // Whoever sends it again means another step, not the one that was sent before.
        form.hidden.retain(|(name, _)| *name != OPERATION);
        form.hidden.push((OPERATION, operation_for(None)));
        form.notice.push(
            "Somebody changed this case after you opened the form. Nothing of yours was done, and what you typed is still here.".to_owned(),
        );
        if let Some(since) = since {
            let events = self.of_case::<MeanwhileRecord>().filter(Condition::new(Field::new("at"), Op::Ge, Value::LocalTime(since)));
            let newest = events.order_by(Field::new("at"), Direction::Descending).page(0, MEANWHILE_ROWS);
            let rows = list(&self.client, newest, self.grant.principal.role.names()).await?.rows;
            let told = rows.into_iter().map(|row| {
                let when = row.at.instant(&self.site).map(|at| at.long()).unwrap_or_default();
                format!("{when}: {} ({})", row.title, row.actor)
            });
            form.notice.extend(told);
        }
        let status = crate::model::Status::from(self.case.status.clone());
        form.notice.push(format!("It now stands at “{}”. Send the form again if it is still what you want.", status.label()));
        Ok(form)
    }

    /// A minute of a day on the institution's wall clock, on the site's; `None` for one that a change of the clocks left out.
    pub fn wall_clock(&self, day: crate::model::Day, minute: u16) -> Option<jiff::civil::DateTime> {
        let date: jiff::civil::Date = day.iso().parse().ok()?;
        let time = jiff::civil::Time::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
        let there = date.to_datetime(time).to_zoned(self.site.tenant.time_zone.clone()).ok()?;
        Some(there.with_time_zone(self.site.zone.clone()).datetime())
    }

    /// Now, on the site's wall clock.
    pub fn now(&self) -> Value {
        Value::LocalTime(Timestamp::now().to_zoned(self.site.zone.clone()).datetime())
    }
}
