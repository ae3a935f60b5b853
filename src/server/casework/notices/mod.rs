//! Campaigns of notices: counts of respondents and of messages by group, each panel a function of its own, so that one that fails or is
//! late takes no other with it; and the list of recipients that a figure opens.
//!
//! A campaign has no scope of its own. Who sees every row of the institution sees every campaign; who does not sees those with a
//! respondent among their rows, and of these what those respondents add up to; and what they are making themselves. Messages carry zone and product alone of a scope: where
//! a person's rows rest on more, their messages are found by the cases of their respondents. Nothing but the list reads a name.

mod campaigns;
mod channels;
mod export;
pub mod make;
mod recipients;
mod respondents;
mod wire;

pub use campaigns::{about, list};
pub use channels::{curve, failures, months, of_campaign, performance};
pub use export::{RecipientsTaken, begin_export, export_chunk};
pub use recipients::recipients;
pub use respondents::{funnels, overlap, reasons};

use super::{
    Refusal,
    columns::{Site, some_text},
    site_time,
};
use crate::{
    model::{
        CampaignId, CampaignState, ErrorCode, Instant, Names, Part, Permission, PreflightCode, RecipientFilter, RecipientQuery, Term,
        is_makers_own,
    },
    server::{
        context::{Grant, authorise},
        frappe::{Aggregate, Client, Condition, Field, Group, Measure, Query, RowScope},
    },
};
use wire::{MessageRecord, RecipientRecord, TitleRecord, column};

/// The columns of a person's scope that a message has.
const MESSAGE_SCOPE: [Field; 2] = [column::ZONE, column::PRODUCT];

/// What a panel works with.
struct Desk {
    grant: Grant,
    client: Client,
    site: Site,
}

/// The messages that a person may count.
struct Reach {
    rows: RowScope,
    of: Option<Condition>,
}

impl Desk {
    async fn open() -> Result<Self, Refusal> {
        let grant = authorise(Permission::SeeNotices)?;
        let client = Client::current()?;
        let site = Site::current(&client).await?;
        Ok(Self { grant, client, site })
    }

    fn now(&self) -> Instant {
        site_time::now(&self.site.tenant)
    }

    /// Whether every row of the institution is the person's.
    fn sees_all(&self) -> bool {
        self.grant.rows.rests_on(&[])
    }

    /// What a campaign costs is for those who know borrowers: an administrator runs the portal alone.
    fn sees_money(&self) -> bool {
        self.grant.principal.role.names() == Names::Shown
    }

    /// Whether the person makes a campaign of which nobody else was told.
    fn makes(&self, made_by: &str, state: &str) -> bool {
        made_by == self.grant.principal.user_id && is_makers_own(&CampaignState::from(state.to_owned()))
    }

    /// The person's respondents of a campaign.
    fn respondents(&self, campaign: &CampaignId, measures: &[Measure]) -> Aggregate<RecipientRecord> {
        let all = Aggregate::new(self.grant.rows.clone(), measures.to_vec());
        all.filter(Condition::eq(column::CAMPAIGN, campaign.as_str()))
    }

    /// How far messages can be counted that belong to the respondents under these conditions.
    async fn reach(&self, respondents: &[Condition]) -> Result<Reach, Refusal> {
        if self.grant.rows.rests_on(&MESSAGE_SCOPE) {
            return Ok(Reach { rows: self.grant.rows.clone(), of: None });
        }
        let all = Aggregate::<RecipientRecord>::new(self.grant.rows.clone(), [Measure::Count]).by(column::CASE);
        let groups = self.client.group_by(&respondents.iter().cloned().fold(all, Aggregate::filter)).await?;
        let cases = groups.into_iter().filter_map(|group| group.keys.into_iter().next());
        Ok(Reach { rows: RowScope::institution_wide(), of: Some(Condition::one_of(column::CASE, cases)) })
    }

    /// What the campaign is called, if the person may know that there is one.
    async fn title(&self, campaign: &CampaignId) -> Result<String, Refusal> {
        let named = Query::<TitleRecord>::new(RowScope::institution_wide()).filter(Condition::eq(column::NAME, campaign.as_str()));
        let named = named.page(0, 1);
        let own = self.respondents(campaign, &[Measure::Count]);
        let own = async { if self.sees_all() { Ok(true) } else { Ok::<_, Refusal>(self.client.totals(&own).await?.count(0) > 0) } };
        let (found, own) = futures::try_join!(async { Ok(self.client.list(&named).await?) }, own)?;
        let found = found.rows.into_iter().find(|row| row.name == campaign.as_str());
        let found = found.filter(|row| own || self.makes(&row.made_by, &row.state));
        found.map(|row| row.title).ok_or_else(|| ErrorCode::NotFound.into())
    }

    /// Says of a panel without rows whether there is such a campaign at all.
    async fn known_if(&self, empty: bool, campaign: &CampaignId) -> Result<(), Refusal> {
        if empty { self.title(campaign).await.map(|_| ()) } else { Ok(()) }
    }
}

impl Reach {
    /// These messages, under more conditions.
    fn messages(&self, conditions: &[Condition], measures: &[Measure]) -> Aggregate<MessageRecord> {
        let all = Aggregate::new(self.rows.clone(), measures.to_vec());
        self.of.iter().chain(conditions).cloned().fold(all, Aggregate::filter)
    }
}

/// Of a campaign.
fn of_campaign_alone(campaign: &CampaignId) -> Condition {
    Condition::eq(column::CAMPAIGN, campaign.as_str())
}

/// A campaign's name as an address has it; what can be none is nobody's.
fn campaign_of(id: &str) -> Result<CampaignId, Refusal> {
    CampaignId::parse(id).ok_or_else(|| ErrorCode::NotFound.into())
}

/// A part with the address of its recipients; of nothing there is none.
fn part(campaign: &CampaignId, part: u64, whole: u64, filters: &[RecipientFilter]) -> Part {
    let href = (part > 0).then(|| RecipientQuery::of(campaign.clone(), filters.to_vec()).href());
    Part { part, whole, href }
}

fn key(group: &Group, index: usize) -> &str {
    group.keys.get(index).map(String::as_str).unwrap_or_default()
}

/// Whether a Check among a group's columns is set.
fn is_set(group: &Group, index: usize) -> bool {
    key(group, index) == "1"
}

/// The level among a group's columns.
fn level(group: &Group, index: usize) -> usize {
    key(group, index).parse().unwrap_or(0)
}

/// What stops somebody from being written to.
fn blocking(code: &str) -> Term {
    match PreflightCode::from(code.to_owned()) {
        PreflightCode::Unknown(_) => Term::of(some_text(code.to_owned()).unwrap_or_else(|| "NOT_STATED".to_owned())),
        known => Term::named(code, known.label()),
    }
}

/// Whether the person may see campaigns at all: asked before what they typed is read.
///
/// # Errors
/// Who may not is refused.
pub fn allowed() -> Result<(), Refusal> {
    authorise(Permission::SeeNotices).map(|_| ())
}

/// A panel that there is not.
///
/// # Errors
/// Always: who may not see campaigns is refused as by any panel, everybody else told that there is nothing.
pub async fn nothing<T>() -> Result<T, Refusal> {
    authorise(Permission::SeeNotices)?;
    Err(ErrorCode::NotFound.into())
}
