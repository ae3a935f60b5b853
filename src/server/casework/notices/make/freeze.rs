//! Freezing a campaign's list: its question is asked anew by its maker's own rows, a piece at a time, each respondent is judged, and what
//! came of it is counted.
//!
//! Owns that a piece does the same however often it is done: for the cases between two names, what ought to stand is compared with what
//! stands, and only the difference is written. So a run that was broken off is gone on with, and a list that is frozen again after it was
//! returned has nobody in it who is not meant any more. It must not know who runs the pieces, nor what is sent.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    Found,
    list::{Entry, Sums, joined},
    texts::{self, StepTexts},
    wire::{CampaignWork, CaseRecord, DeliveryKey, PartyRecord, RecipientKey, RecipientNow, RecipientSum, column},
};
use crate::{
    model::{
        AuditKind, CampaignAct, CampaignCaller, CampaignFacts, CaseFacts, CaseQuery, ErrorCode, Inr, Names, PartyFacts, Permission,
        SendWindow, judge_campaign, kept_query, makes, preflight,
    },
    server::{
        casework::{
            Refusal, audit,
            batches::ring,
            cases::conditions,
            columns::{self, Site, every},
            keys::natural_key,
            membership, site_time,
        },
        context::{Grant, authorise_holder, authorise_job},
        frappe::{
            Aggregate, Changes, Client, Condition, Direction, Fault, Field as Column, Measure, Op, PAGE_MAX, Query, Record as _, Revision,
            RowScope, Value,
        },
    },
};

/// In whose name it is written.
pub(super) const ACTOR: &str = "job:CAMPAIGN";
/// Cases of one piece: what can be judged and written well within the time that a piece has.
const PIECE_CASES: u32 = 50;
/// The most parties of them, and the most respondents that may have to go.
const PIECE_ROWS: u32 = 5_000;
/// Records written at once.
const AT_ONCE: usize = 8;
/// Pages of respondents read at once, when they are added up.
const PAGES_AT_ONCE: usize = 4;
/// The place behind every case: what is left is to add up. No name is like it.
const CLOSING: &str = "~";
/// How far back messages count as contacts, in days.
const CONTACT_DAYS: i64 = 7;

/// Begins: from now on it is the portal's.
///
/// # Errors
/// [`Fault::Conflict`] where the campaign was changed since it was read; otherwise any fault of the calls.
pub(super) async fn begin(found: &Found, state: &str) -> Result<(), Refusal> {
    audit::record(found.entry(AuditKind::Change, "campaign.freeze")).await?;
    let none = ["targeted", "eligible", "warned", "blocked"]
        .into_iter()
        .fold(Changes::new(), |changes, counter| changes.set(Column::new(counter), 0_i64));
    let changes = none
        .set(column::STATE, state)
        .set(Column::new("frozen_at"), Value::Nothing)
        .set(Column::new("audience_sha256"), "")
        .set(Column::new("preflight"), Value::Nothing)
        .set(Column::new("cost_estimate"), Inr::ZERO)
        .set(Column::new("stop_reason"), "");
    found.write(changes).await?;
    ring();
    Ok(())
}

/// What a piece works with.
struct Bench {
    client: Client,
    site: Site,
    campaign: CampaignWork,
    revision: Revision,
    institution: String,
}

/// Whose list it is.
struct Maker {
    grant: Grant,
    query: CaseQuery,
}

/// The next piece of a campaign's list, from a place on: where those after it begin, `None` when all of it is done, or when it is not to be
/// done any more.
///
/// # Errors
/// [`ErrorCode::SignedOut`] for anybody but the portal's own work; otherwise any fault of the calls. What was written stays, and the same
/// piece finds it.
pub async fn piece(campaign: &str, cursor: &str) -> Result<Option<String>, Refusal> {
    authorise_job()?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let institution = client.institution().await?.to_string();
    let (record, revision, _) = client.get_with_proof::<CampaignWork>(campaign).await?;
    if record.state != "VALIDATING" {
        return Ok(None);
    }
    let bench = Bench { client, site, campaign: record, revision, institution };
    let maker = match bench.maker().await? {
        Ok(maker) => maker,
        Err(why) => {
            bench.fail(&why).await?;
            return Ok(None);
        }
    };
    let texts = texts::of_steps(&bench.client, &bench.campaign.steps).await?;
    if cursor == CLOSING {
        Box::pin(bench.close(&texts)).await?;
        return Ok(None);
    }
    let next = Box::pin(bench.cases(&maker, &texts, cursor)).await?;
    Ok(Some(next.unwrap_or_else(|| CLOSING.to_owned())))
}

impl Bench {
    /// Whoever made it, as they may now; in words, why it cannot go on in their name.
    async fn maker(&self) -> Result<Result<Maker, String>, Refusal> {
        let gone = || format!("{} may not make this campaign any more.", self.campaign.made_by);
        let Some(member) = membership::find(&self.campaign.made_by).await? else { return Ok(Err(gone())) };
        let may = makes(member.principal.role, &self.campaign.notice());
        let Ok(grant) = authorise_holder(member.principal, Permission::MakeCampaigns) else { return Ok(Err(gone())) };
        if !may {
            return Ok(Err(gone()));
        }
        Ok(kept_query(&self.campaign.audience_query, "", "").map(|query| Maker { grant, query }))
    }

    fn entry(&self, action: &'static str) -> audit::Entry {
        audit::Entry::new(AuditKind::Change, action).object(CampaignWork::DOCTYPE, &self.campaign.name)
    }

    async fn write(&self, act: CampaignAct, changes: Changes) -> Result<(), Refusal> {
        let by_job = CampaignCaller { role: None, is_maker: false, holds_all: true };
        let state = judge_campaign(act, &self.campaign.state(), &self.campaign.notice(), by_job).map_err(|_| ErrorCode::Conflict)?;
        let changes = changes.set(column::STATE, state.code()).set(column::CHANGED_BY, ACTOR);
        self.client.update::<CampaignWork>(&self.campaign.name, &self.revision, changes).await?;
        Ok(())
    }

    /// Ends it without a list.
    async fn fail(&self, why: &str) -> Result<(), Refusal> {
        audit::record(self.entry("campaign.fail").because(why)).await?;
        self.write(CampaignAct::Fail, Changes::new().set(Column::new("stop_reason"), why)).await
    }

    /// The cases after a place, judged and written; the place after them, if there are more.
    async fn cases(&self, maker: &Maker, texts: &[StepTexts], cursor: &str) -> Result<Option<String>, Refusal> {
        let names = maker.grant.principal.role.names();
        let asked = Query::<CaseRecord>::new(maker.grant.rows.clone()).filter(Condition::new(column::NAME, Op::Gt, Value::from(cursor)));
        let asked = conditions::of(&maker.query, names == Names::Hidden).into_iter().fold(asked, Query::filter);
        let page = self.client.list(&asked.order_by(column::NAME, Direction::Ascending).page(0, PIECE_CASES)).await?;
        let last = page.rows.last().map(|case| case.name.clone()).filter(|_| page.more);
        let cases: HashMap<&str, &CaseRecord> = page.rows.iter().map(|case| (case.name.as_str(), case)).collect();
        let parties = self.parties(cases.keys().copied()).await?;
        let (shared, contacts) = futures::try_join!(self.shared(&parties), self.contacts(cases.keys().copied()))?;
        let today = site_time::today(&self.site.tenant);
        let notice = self.campaign.notice();
        let window = SendWindow::read(&self.campaign.window_start, &self.campaign.window_end).is_ok();
        let facts = CampaignFacts { notice: &notice, window, today };
        let wanted: HashMap<String, Entry> = parties
            .iter()
            .filter_map(|party| {
                let case = cases.get(party.case_ref.as_str())?;
                let known = PartyFacts {
                    deceased: party.alive == "DECEASED",
                    mobile: party.has_mobile.0,
                    email: party.has_email.0,
                    address: party.has_address.0,
                    pincode: party.pincode.clone(),
                    opted_in: party.whatsapp_opt_in.0,
                    shared_number: shared.contains(&party.mobile_hash),
                    contacts: contacts.get(&party.name).copied().unwrap_or(0),
                };
                let of_case = CaseFacts {
                    hold: case.hold(),
                    settlement: case.settlement(),
                    dues: case.total_dues.0,
                    dues_on: case.dues_on.day(),
                    is_open: case.is_open.0,
                };
                let texts: Vec<_> = texts.iter().map(|step| step.facts(case, party, &self.site)).collect();
                let found = preflight(facts, &of_case, &known, &texts);
                let key = natural_key(&self.institution, &[&self.campaign.name, &case.name, &party.name, "1"]);
                Some((key, Entry::of(case, party, &found)))
            })
            .collect();
        self.reconcile(wanted, cursor, last.as_deref()).await?;
        Ok(last)
    }

    /// The parties of these cases that must be served.
    async fn parties(&self, cases: impl Iterator<Item = &str>) -> Result<Vec<PartyRecord>, Refusal> {
        let served = Query::<PartyRecord>::new(RowScope::institution_wide()).filter(Condition::one_of(column::CASE, cases));
        let served = served.filter(Condition::eq(column::MUST_BE_SERVED, true)).order_by(column::NAME, Direction::Ascending);
        Ok(every(&self.client, &served, Names::Shown, PIECE_ROWS).await?.rows)
    }

    /// The numbers, by their hash, that stand in several cases.
    async fn shared(&self, parties: &[PartyRecord]) -> Result<BTreeSet<String>, Refusal> {
        let hashes: BTreeSet<&str> = parties.iter().map(|party| party.mobile_hash.as_str()).filter(|hash| !hash.is_empty()).collect();
        let of_hash =
            Aggregate::<PartyRecord>::new(RowScope::institution_wide(), [Measure::Count]).by(column::MOBILE_HASH).by(column::CASE);
        let groups = self.client.group_by(&of_hash.filter(Condition::one_of(column::MOBILE_HASH, hashes))).await?;
        let mut cases: BTreeMap<String, u32> = BTreeMap::new();
        for hash in groups.into_iter().filter_map(|group| group.keys.into_iter().next()) {
            *cases.entry(hash).or_default() += 1;
        }
        Ok(cases.into_iter().filter(|(_, count)| *count > 1).map(|(hash, _)| hash).collect())
    }

    /// How often each party of these cases was written to of late.
    async fn contacts(&self, cases: impl Iterator<Item = &str>) -> Result<HashMap<String, u64>, Refusal> {
        let since = Timestamp::now() - SignedDuration::from_hours(24 * CONTACT_DAYS);
        let since = Value::LocalTime(since.to_zoned(self.site.zone.clone()).datetime());
        let sent = Aggregate::<DeliveryKey>::new(RowScope::institution_wide(), [Measure::Count]).by(column::RECIPIENT);
        let sent = sent.filter(Condition::one_of(column::CASE, cases)).filter(Condition::new(column::QUEUED_AT, Op::Ge, since));
        let groups = self.client.group_by(&sent).await?;
        let counts: HashMap<&str, u64> = groups.iter().filter_map(|group| Some((group.keys.first()?.as_str(), group.count(0)))).collect();
        let whose = Query::<RecipientKey>::new(RowScope::institution_wide());
        let whose = whose.filter(Condition::one_of(column::NAME, counts.keys().copied())).order_by(column::NAME, Direction::Ascending);
        let mut contacts: HashMap<String, u64> = HashMap::new();
        for recipient in every(&self.client, &whose, Names::Hidden, PIECE_ROWS).await?.rows {
            *contacts.entry(recipient.party).or_default() += counts.get(recipient.name.as_str()).copied().unwrap_or(0);
        }
        Ok(contacts)
    }

    /// Makes what stands between two places what ought to.
    async fn reconcile(&self, mut wanted: HashMap<String, Entry>, after: &str, last: Option<&str>) -> Result<(), Refusal> {
        let there = Query::<RecipientNow>::new(RowScope::institution_wide())
            .filter(Condition::eq(column::CAMPAIGN, self.campaign.name.as_str()))
            .filter(Condition::new(column::CASE, Op::Gt, Value::from(after)))
            .order_by(column::NAME, Direction::Ascending);
        let there = last.into_iter().fold(there, |there, last| there.filter(Condition::new(column::CASE, Op::Le, last)));
        let (mut changed, mut gone) = (Vec::new(), Vec::new());
        for row in every(&self.client, &there, Names::Shown, PIECE_ROWS).await?.rows {
            match wanted.remove(&row.recipient_key) {
                Some(entry) if entry == Entry::stored(&row) => {}
                Some(entry) => changed.push((row.name, entry.written())),
                // Nothing was ever sent to them: the campaign is its maker's alone until it is asked for.
                None => gone.push(row.name),
            }
        }
        let made = wanted.into_iter().map(|(key, entry)| self.first(&key, entry)).collect();
        create_all(&self.client, made).await?;
        let client = &self.client;
        stream::iter(changed.into_iter().map(Ok::<_, Refusal>))
            .try_for_each_concurrent(AT_ONCE, |(name, changes): (String, Changes)| async move {
                let (_, revision, _) = client.get_with_proof::<RecipientKey>(&name).await?;
                client.update::<RecipientKey>(&name, &revision, changes).await?;
                Ok(())
            })
            .await?;
        stream::iter(gone.into_iter().map(Ok::<_, Refusal>))
            .try_for_each_concurrent(AT_ONCE, |name: String| async move {
                let (_, revision, _) = client.get_with_proof::<RecipientKey>(&name).await?;
                Ok(client.delete::<RecipientKey>(&name, &revision).await?)
            })
            .await
    }

    /// A respondent as they are first written: nothing has been sent to them.
    fn first(&self, key: &str, entry: Entry) -> Changes {
        let (case, party, seq) = (entry.case.clone(), entry.party.clone(), entry.seq);
        let none = ["reached_hour", "reached_day", "paid_days_after", "replied_days_after"];
        let written = none.into_iter().fold(entry.written(), |changes, field| changes.set(Column::new(field), -1_i64));
        written
            .set(Column::new("recipient_key"), key)
            .set(column::CAMPAIGN, self.campaign.name.as_str())
            .set(column::CASE, case)
            .set(Column::new("party"), party)
            .set(Column::new("party_seq"), seq)
            .set(Column::new("round"), 1_i64)
            .set(column::NOTICE, self.campaign.notice_type.as_str())
            .set(Column::new("engagement_level"), 0_i64)
            .set(Column::new("served"), false)
            .set(Column::new("failure_side"), "NONE")
            .set(Column::new("repair_state"), "NONE")
            .set(Column::new("pending_count"), 0_i64)
            .set(Column::new("cost"), Inr::ZERO)
            .set(column::RELEASED, false)
            .set(column::MADE_BY, ACTOR)
    }

    /// Adds up what the list has come to.
    async fn close(&self, texts: &[StepTexts]) -> Result<(), Refusal> {
        let of_campaign = Query::<RecipientSum>::new(RowScope::institution_wide())
            .filter(Condition::eq(column::CAMPAIGN, self.campaign.name.as_str()))
            .order_by(column::NAME, Direction::Ascending);
        let count = self.client.count(&of_campaign).await?;
        let pages = u32::try_from(count.div_ceil(u64::from(PAGE_MAX))).unwrap_or(u32::MAX);
        let page = |number: u32| {
            let page = of_campaign.clone().page(number * PAGE_MAX, PAGE_MAX);
            async move { columns::list(&self.client, page, Names::Hidden).await }
        };
        let pages: Vec<_> = stream::iter((0..pages).map(page)).buffered(PAGES_AT_ONCE).try_collect().await?;
        let rows: Vec<RecipientSum> = pages.into_iter().flat_map(|page| page.rows).collect();
        if u64::try_from(rows.len()).unwrap_or(u64::MAX) != count {
            return Err(ErrorCode::Upstream.into());
        }
        let sums = Sums::of(&rows, texts);
        let now = Value::LocalTime(Timestamp::now().to_zoned(self.site.zone.clone()).datetime());
        let said = json!({"targeted": sums.targeted, "eligible": sums.eligible, "blocked": sums.blocked, "audience_sha256": sums.hash});
        let entry = self.entry("campaign.frozen").rows(u32::try_from(count).unwrap_or(u32::MAX)).values(None, Some(said));
        audit::record(entry).await?;
        let changes = Changes::new()
            .set(Column::new("targeted"), sums.targeted)
            .set(Column::new("eligible"), sums.eligible)
            .set(Column::new("warned"), sums.warned)
            .set(Column::new("blocked"), sums.blocked)
            .set(Column::new("audience_sha256"), sums.hash)
            .set(Column::new("frozen_at"), now)
            .set(Column::new("preflight"), json!(sums.findings).to_string())
            .set(Column::new("cost_estimate"), sums.cost)
            .set(Column::new("zone_codes"), joined(&sums.zones))
            .set(Column::new("product_codes"), joined(&sums.products));
        self.write(CampaignAct::Frozen, changes).await
    }
}

/// Writes new respondents. One that is there already was written by the same piece before it was broken off.
async fn create_all(client: &Client, bodies: Vec<Changes>) -> Result<(), Refusal> {
    stream::iter(bodies.into_iter().map(Ok::<_, Refusal>))
        .try_for_each_concurrent(AT_ONCE, |body| async move {
            match client.create::<RecipientKey>(body).await {
                Ok(_) | Err(Fault::Duplicate) => Ok(()),
                Err(fault) => Err(fault.into()),
            }
        })
        .await
}
