//! Campaigns one by one: the list of them, and what is known of one as a whole.

use std::collections::BTreeMap;

use super::{
    Desk, Refusal, blocking, campaign_of, is_set, key, level, part,
    wire::{AboutRecord, CampaignRecord, RecipientRecord, TitleRecord, column},
};
use crate::{
    model::{
        CampaignAbout, CampaignId, CampaignList, CampaignQuery, CampaignRow, CampaignState, ErrorCode, Inr, Permission, RecipientFilter,
        Steps, Term, TimeCursor, is_makers_own,
    },
    server::{
        casework::{columns::some_text, newest},
        frappe::{Aggregate, Condition, Field, Measure, PAGE_MAX, Query, RowScope},
    },
};

/// Campaigns on a page.
const PAGE_ROWS: usize = 50;

/// A page of campaigns, the latest changed first.
///
/// # Errors
/// Who may not see campaigns is refused; otherwise what the upstream's fault means.
pub async fn list(query: CampaignQuery) -> Result<CampaignList, Refusal> {
    let desk = Desk::open().await?;
    let rows = seen(&desk).await?;
    let asked = [(column::STATE, &query.state), (column::NOTICE, &query.notice)];
    let asked: Vec<_> = asked.into_iter().filter_map(|(field, code)| Some(Condition::eq(field, code.as_deref()?))).collect();
    let counted = Aggregate::<CampaignRecord>::new(rows.clone(), [Measure::Count]).by(column::STATE).by(column::NOTICE);
    let page = newest::page::<CampaignRecord>(&desk.client, &rows, column::MODIFIED, query.after.as_ref(), &asked, PAGE_ROWS);
    let (groups, (found, more)) = futures::try_join!(async { Ok(desk.client.group_by(&counted).await?) }, page)?;
    let last = found.last().map(|row| TimeCursor { at: row.modified.clone(), name: row.name.clone() });
    let own = if desk.sees_all() { BTreeMap::new() } else { counters(&desk, &found).await? };
    let first = |query: CampaignQuery| CampaignQuery { after: None, ..query };
    let mut states: BTreeMap<String, u64> = BTreeMap::new();
    let mut notices: BTreeMap<String, u64> = BTreeMap::new();
    for group in &groups {
        let (state, notice) = (key(group, 0), key(group, 1));
        if query.notice.as_deref().is_none_or(|asked| asked == notice) {
            *states.entry(state.to_owned()).or_default() += group.count(0);
        }
        if query.state.as_deref().is_none_or(|asked| asked == state) {
            *notices.entry(notice.to_owned()).or_default() += group.count(0);
        }
    }
    Ok(CampaignList {
        states: states
            .into_iter()
            .map(|(code, count)| {
                let href = first(CampaignQuery { state: Some(code.clone()), ..query.clone() }).href();
                (code.into(), count, href)
            })
            .collect(),
        notices: notices
            .into_iter()
            .map(|(code, count)| {
                let href = first(CampaignQuery { notice: Some(code.clone()), ..query.clone() }).href();
                (Term::of(code), count, href)
            })
            .collect(),
        rows: found.into_iter().filter_map(|record| row(&desk, record, &own)).collect(),
        next: last.filter(|_| more).map(|last| CampaignQuery { after: Some(last), ..query }.href()),
        scoped: !desk.sees_all(),
        makes: desk.grant.principal.role.allows(Permission::MakeCampaigns),
        as_of: desk.now(),
    })
}

/// The campaigns that a person may know of.
async fn seen(desk: &Desk) -> Result<RowScope, Refusal> {
    if desk.sees_all() {
        return Ok(desk.grant.rows.clone());
    }
    let own = Aggregate::<RecipientRecord>::new(desk.grant.rows.clone(), [Measure::Count]).by(column::CAMPAIGN);
    let made = Query::<TitleRecord>::new(RowScope::institution_wide())
        .filter(Condition::eq(column::MADE_BY, desk.grant.principal.user_id.as_str()))
        .filter(Condition::one_of(column::STATE, CampaignState::ALL.iter().filter(|state| is_makers_own(state)).map(CampaignState::code)))
        .page(0, PAGE_MAX);
    let making = async {
        let makes = desk.grant.principal.role.allows(Permission::MakeCampaigns);
        Ok::<_, Refusal>(if makes { desk.client.list(&made).await?.rows } else { Vec::new() })
    };
    let (groups, making) = futures::try_join!(async { Ok(desk.client.group_by(&own).await?) }, making)?;
    let names = groups.into_iter().filter_map(|group| group.keys.into_iter().next()).chain(making.into_iter().map(|row| row.name));
    Ok(RowScope::institution_wide().and(Condition::one_of(column::NAME, names)))
}

/// What the person's own respondents of these campaigns add up to.
async fn counters(desk: &Desk, found: &[CampaignRecord]) -> Result<BTreeMap<String, (Steps, Inr)>, Refusal> {
    let names = Condition::one_of(column::CAMPAIGN, found.iter().map(|row| row.name.as_str()));
    let asked = Aggregate::<RecipientRecord>::new(desk.grant.rows.clone(), [Measure::Count, Measure::Sum(column::COST)]).filter(names);
    let asked = asked.by(column::CAMPAIGN).by(column::EVIDENCE).by(column::ENGAGEMENT);
    let mut own: BTreeMap<String, (Steps, Inr)> = BTreeMap::new();
    for group in desk.client.group_by(&asked).await? {
        let (steps, cost) = own.entry(key(&group, 0).to_owned()).or_default();
        steps.add(level(&group, 1), level(&group, 2), group.count(0));
        *cost = *cost + group.money(1);
    }
    Ok(own)
}

fn row(desk: &Desk, record: CampaignRecord, own: &BTreeMap<String, (Steps, Inr)>) -> Option<CampaignRow> {
    let stored = Steps {
        evidence: [record.targeted, record.eligible, record.attempted, record.concluded, record.served],
        engagement: [record.delivered, record.engaged, record.responded],
    };
    let (steps, cost) = match desk.sees_all() {
        true => (stored, record.cost_total.0),
        false => own.get(&record.name).copied().unwrap_or_default(),
    };
    Some(CampaignRow {
        id: CampaignId::parse(&record.name)?,
        number: record.campaign_no,
        title: record.title,
        notice: Term::of(record.notice_type),
        state: record.state.into(),
        started_at: record.started_at.instant(&desk.site),
        window: window(&record.window_start, &record.window_end),
        steps,
        cost: desk.sees_money().then_some(cost),
        folded_until: record.folded_until_at.instant(&desk.site),
    })
}

fn window(from: &str, to: &str) -> String {
    format!("{from}–{to}")
}

/// What is known of a campaign as a whole.
///
/// # Errors
/// As [`list`]; [`ErrorCode::NotFound`] for a campaign without a respondent among the person's rows, as for one that is nobody's.
pub async fn about(id: &str) -> Result<CampaignAbout, Refusal> {
    const PENDING: Field = Field::new("pending_count");
    let desk = Desk::open().await?;
    let campaign = campaign_of(id)?;
    let named = Query::<AboutRecord>::new(RowScope::institution_wide()).filter(Condition::eq(column::NAME, campaign.as_str())).page(0, 1);
    let asked = desk.respondents(&campaign, &[Measure::Count, Measure::Sum(column::COST), Measure::Sum(PENDING)]);
    let asked = asked.by(column::ELIGIBILITY).by(column::BLOCK_REASON).by(column::EVIDENCE).by(column::ENGAGEMENT).by(column::SERVED);
    let (found, groups) =
        futures::try_join!(async { Ok::<_, Refusal>(desk.client.list(&named).await?) }, async { Ok(desk.client.group_by(&asked).await?) })?;
    let found = found.rows.into_iter().find(|row| row.name == campaign.as_str());
    let may = |row: &AboutRecord| desk.sees_all() || !groups.is_empty() || desk.makes(&row.made_by, &row.state);
    let record = found.filter(may).ok_or(ErrorCode::NotFound)?;

    let (mut steps, mut cost, mut blocked, mut served) = (Steps::default(), Inr::ZERO, BTreeMap::<String, u64>::new(), 0);
    for group in &groups {
        steps.add(level(group, 2), level(group, 3), group.count(0));
        cost = cost + group.money(1);
        served += if is_set(group, 4) { group.count(0) } else { 0 };
        if key(group, 0) == "BLOCKED" {
            *blocked.entry(key(group, 1).to_owned()).or_default() += group.count(0);
        }
    }
    if served != steps.evidence[4] {
        tracing::warn!("respondents of a campaign that are served are not those whose evidence says so");
    }
    let all_blocked: u64 = blocked.values().sum();
    let mut blocked: Vec<_> = blocked.into_iter().collect();
    blocked.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let by_reason = blocked.into_iter().map(|(code, count)| {
        let filter = RecipientFilter::Blocked(some_text(code.clone()));
        let mut told = part(&campaign, count, all_blocked, &[filter]);
        // Who is blocked for no stated reason has no list of their own.
        told.href = told.href.filter(|_| !code.is_empty());
        (blocking(&code), told)
    });
    let findings = match desk.sees_all() {
        true => findings(&record.preflight),
        false => Vec::new(),
    };
    Ok(CampaignAbout {
        blocked: part(&campaign, all_blocked, steps.evidence[0], &[RecipientFilter::Blocked(None)]),
        blocked_by: by_reason.collect(),
        findings,
        legal: record.legal.0,
        plan: Term::of(record.plan),
        approved_by: [record.approved_by, record.approved_2_by].into_iter().filter_map(some_text).collect(),
        sent_out_at: record.sent_out_at.instant(&desk.site),
        completed_at: record.completed_at.instant(&desk.site),
        stopped: some_text(record.stop_reason).or_else(|| some_text(record.pause_reason)),
        planned: (desk.sees_money() && desk.sees_all()).then_some((record.cost_estimate.0, record.budget.0)),
        pending: desk.sees_all().then_some((record.messages_pending, record.messages)),
        scoped: !desk.sees_all(),
        as_of: desk.now(),
        row: CampaignRow {
            id: campaign,
            number: record.campaign_no,
            title: record.title,
            notice: Term::of(record.notice_type),
            state: record.state.into(),
            started_at: record.started_at.instant(&desk.site),
            window: window(&record.window_start, &record.window_end),
            steps,
            cost: desk.sees_money().then_some(cost),
            folded_until: record.folded_until_at.instant(&desk.site),
        },
    })
}

/// What was found before the release, the most frequent first; nothing where the record cannot be read.
fn findings(stored: &str) -> Vec<(Term, u64)> {
    let read: BTreeMap<String, u64> = serde_json::from_str(stored).unwrap_or_default();
    let mut read: Vec<_> = read.into_iter().map(|(code, count)| (blocking(&code), count)).collect();
    read.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    read
}
