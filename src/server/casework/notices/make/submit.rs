//! A campaign before a second pair of eyes: what is asked for, held by a hash of all that was frozen, and what becomes of it.
//!
//! Owns what a checker is shown (settings, what was found, a sample in each language) and when a request does not fit any more. Who decides,
//! and in which order, is `decisions`'.

use std::collections::BTreeMap;

use super::{
    Found, KIND,
    page::{settings, steps_sheet},
    rendering::sample_sheets,
    texts::{self, StepTexts},
    wire::{CampaignWork, RecipientSum, column},
};
use crate::{
    model::{AuditKind, CampaignAct, CampaignState, Cell, Inr, Permission, Sheet, language_name},
    server::{
        casework::{
            Refusal, audit, columns,
            second::{Asked, Desk, HouseRequest},
            work::Said,
        },
        frappe::{Aggregate, Changes, Condition, Direction, Field as Column, Measure, Query, Record as _, RowScope},
    },
};

/// What a submission is named in the trail.
const SUBMIT: &str = "campaign.submit";
/// Languages of which a sample is shown at most.
const LANGUAGES_SHOWN: usize = 13;

/// What stands against asking for it.
pub fn against(work: &CampaignWork) -> Vec<String> {
    let nobody = work.eligible == 0;
    let nobody = nobody.then(|| "Nobody on its list may be written to: there is nothing to approve.".to_owned());
    let (estimate, budget) = (work.cost_estimate.0, work.budget.0);
    let over = budget > Inr::ZERO && estimate > budget;
    let over = over.then(|| format!("The estimate of {} is more than the budget of {}.", estimate.exact(), budget.exact()));
    [nobody, over].into_iter().flatten().collect()
}

/// Everything that was frozen: what a request is held against.
fn values(work: &CampaignWork, texts: &[StepTexts]) -> Vec<(String, String)> {
    let steps: Vec<String> = texts.iter().map(StepTexts::submitted).collect();
    let fields = [
        ("title", work.title.clone()),
        ("notice_type", work.notice_type.clone()),
        ("audience_query", work.audience_query.clone()),
        ("audience_sha256", work.audience_sha256.clone()),
        ("respondents", format!("{} {} {} {}", work.targeted, work.eligible, work.warned, work.blocked)),
        ("preflight", work.preflight.clone()),
        ("plan", work.plan.clone()),
        ("steps", steps.join("\n")),
        ("window", format!("{} {} {}", work.window_start, work.window_end, work.send_days)),
        ("throttle", work.throttle_per_hour.to_string()),
        ("budget", work.budget.0.exact()),
        ("estimate", work.cost_estimate.0.exact()),
        ("scheduled", work.scheduled_at.as_str().to_owned()),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Asks for it: first the request, under a key that finds it again, then the campaign says so.
///
/// # Errors
/// [`Fault::Conflict`](crate::server::frappe::Fault::Conflict) where somebody else was quicker; otherwise any fault of the calls.
pub(super) async fn submit(found: &Found, operation: &str, next: &CampaignState) -> Result<(), Refusal> {
    let (desk, work) = (&found.desk, &found.work);
    let texts = texts::of_steps(&desk.client, &work.steps).await?;
    let said = Said { action: SUBMIT.to_owned(), values: values(work, &texts), ..Said::default() };
    audit::record(found.entry(AuditKind::Change, SUBMIT)).await?;
    let waits = desk.requests_over(KIND, found.id.as_str(), 1).await?.pop();
    // What a fault kept from being written into the campaign waits already.
    let waits = waits.is_some_and(|last| last.waits() && last.submitted_by == desk.user() && last.submit_hash == said.hash());
    if !waits {
        let title = format!("{}: {}", work.campaign_no, work.title);
        let asked = Asked { kind: KIND, object: (CampaignWork::DOCTYPE, found.id.as_str()), title, amount: work.cost_estimate.0 };
        desk.ask_for(operation, asked, &said).await?;
    }
    let changes = Changes::new().set(column::STATE, next.code()).set(Column::new("submitted_by"), desk.user());
    found.write(changes).await
}

/// Whether this person has asked for it already: the same form sent twice.
///
/// # Errors
/// Any fault of the call, which is made of a submission alone.
pub(super) async fn is_asked(found: &Found, act: CampaignAct) -> Result<bool, Refusal> {
    if act != CampaignAct::Submit || found.work.state() != CampaignState::PendingApproval {
        return Ok(false);
    }
    let last = found.desk.requests_over(KIND, found.id.as_str(), 1).await?.pop();
    Ok(last.is_some_and(|last| last.waits() && last.submitted_by == found.desk.user()))
}

/// A campaign that was asked for, before whoever decides on it.
pub struct SoughtCampaign {
    found: Found,
    texts: Vec<StepTexts>,
    samples: Vec<Sheet>,
    fits: bool,
}

impl SoughtCampaign {
    /// Reads it, with a sample in each language.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn of(request: &HouseRequest) -> Result<Self, Refusal> {
        let found = Found::of(&request.object_name, Permission::SeeApprovals).await?;
        let texts = texts::of_steps(&found.desk.client, &found.work.steps).await?;
        let said = Said::decode(&request.diff);
        let now = Said { values: values(&found.work, &texts), ..Said::default() };
        // What another program submitted says nothing of what it saw.
        let same = said.values.is_empty() || now.hash() == request.submit_hash;
        let fits = same && found.work.state() == CampaignState::PendingApproval;
        let samples = if request.waits() { Box::pin(samples(&found, &texts)).await? } else { Vec::new() };
        Ok(Self { found, texts, samples, fits })
    }

    /// Whether it is still what was submitted.
    pub const fn fits(&self) -> bool {
        self.fits
    }

    /// Who made it: they do not release it, whoever submitted it.
    pub fn whose(&self) -> Vec<&str> {
        vec![self.found.work.made_by.as_str()]
    }

    /// What it is about.
    pub fn about(&self) -> String {
        let work = &self.found.work;
        format!("{} · {} respondents, {} of them eligible", self.found.about(), work.targeted, work.eligible)
    }

    /// Its page.
    pub fn address(&self) -> String {
        self.found.address()
    }

    /// Settings, texts, what was found, and a sample in each language.
    pub fn sheets(&self) -> Vec<Sheet> {
        let work = &self.found.work;
        let facts = settings(&self.found).into_iter().map(|fact| vec![Cell::text(fact.label), fact.cell]);
        let settings = Sheet::new("What goes out", "Nothing", &["What", "As submitted"]).with(facts);
        let mut sheets = vec![settings, steps_sheet(&self.texts)];
        sheets.extend(super::page::findings_sheet(&self.found.id, &work.preflight));
        sheets.extend(self.samples.iter().cloned());
        sheets
    }

    /// What stands against it now.
    pub fn against(&self) -> Vec<String> {
        against(&self.found.work)
    }

    /// Records that it is approved, before it is.
    ///
    /// # Errors
    /// Where it could not be recorded.
    pub async fn record(&self) -> Result<(), Refusal> {
        audit::record(self.found.entry(AuditKind::Approval, "campaign.approve")).await
    }

    /// Carries it out: it may be given a time.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn carry_out(&self, desk: &Desk, request: &HouseRequest) -> Result<(), Refusal> {
        let first = if request.checker.is_empty() { desk.user() } else { &request.checker };
        let second = if first == desk.user() { "" } else { desk.user() };
        let changes = Changes::new()
            .set(column::STATE, CampaignState::Approved.code())
            .set(Column::new("approved_by"), first)
            .set(Column::new("approved_2_by"), second)
            .set(Column::new("approval"), request.name.as_str());
        self.found.write(changes).await
    }

    /// What was returned, taken back or void does not wait any more.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn ended(&self) -> Result<(), Refusal> {
        if self.found.work.state() != CampaignState::PendingApproval {
            return Ok(());
        }
        self.found.write(Changes::new().set(column::STATE, CampaignState::Returned.code())).await
    }
}

/// Of each language that the respondents are written to in, the first one who is.
async fn samples(found: &Found, texts: &[StepTexts]) -> Result<Vec<Sheet>, Refusal> {
    let client = &found.desk.client;
    let rows = &found.desk.grant.rows;
    let eligible = || [Condition::eq(column::CAMPAIGN, found.id.as_str()), Condition::none_of(column::ELIGIBILITY, ["BLOCKED"])];
    let by_language = Aggregate::<RecipientSum>::new(rows.clone(), [Measure::Count]).by(column::LANGUAGE);
    let groups = client.group_by(&eligible().into_iter().fold(by_language, Aggregate::filter)).await?;
    let languages: BTreeMap<String, u64> =
        groups.into_iter().filter_map(|group| Some((group.keys.first()?.clone(), group.count(0)))).collect();
    let mut sheets = Vec::new();
    for (language, count) in languages.into_iter().take(LANGUAGES_SHOWN) {
        let first = Query::<RecipientSum>::new(RowScope::clone(rows)).filter(Condition::eq(column::LANGUAGE, language.as_str()));
        let first = eligible().into_iter().fold(first, Query::filter).order_by(column::NAME, Direction::Ascending).page(0, 1);
        let Some(first) = columns::list(client, first, found.desk.grant.principal.role.names()).await?.rows.pop() else { continue };
        let title = format!("{}, {count} respondents: the first of them", language_name(&language));
        sheets.extend(sample_sheets(found, texts, &first.name, &language, &title).await?);
    }
    Ok(sheets)
}
