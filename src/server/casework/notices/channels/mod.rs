//! Messages, counted: what came of each channel, of one campaign or of all, why messages failed, and what had arrived by when.

mod curve;
mod months;

pub use curve::curve;
pub use months::months;

use std::collections::BTreeMap;

use super::{Desk, Reach, Refusal, campaign_of, is_set, key, of_campaign_alone, part, wire::column};
use crate::{
    model::{
        CampaignId, Channel, ChannelFigures, ChannelQuery, ChannelTable, FailureReason, FailureSide, Failures, MessageIs, Part,
        RecipientFilter, bucket_seconds, quantile,
    },
    server::frappe::{Aggregate, Condition, Group, Measure, Op, Value},
};

/// What came of each channel of a campaign.
///
/// # Errors
/// Who may not see campaigns is refused; [`NotFound`](crate::model::ErrorCode::NotFound) for a campaign without a respondent among the
/// person's rows, as for one that is nobody's; otherwise what the upstream's fault means.
pub async fn of_campaign(id: &str) -> Result<ChannelTable, Refusal> {
    let desk = Desk::open().await?;
    let campaign = campaign_of(id)?;
    let asked = [of_campaign_alone(&campaign)];
    let reach = desk.reach(&asked).await?;
    let served = desk.respondents(&campaign, &[Measure::Count]).filter(Condition::new(column::EVIDENCE, Op::Ge, Value::Int(3)));
    let (channels, served) = futures::try_join!(figures(&desk, &reach, &asked, Some(&campaign)), served_of(&desk, served))?;
    desk.known_if(channels.is_empty(), &campaign).await?;
    let served = part(&campaign, served.0, served.1, &[RecipientFilter::Evidence(5)]);
    Ok(ChannelTable { channels, served: Some(served), as_of: desk.now() })
}

/// What came of each channel in all campaigns.
///
/// # Errors
/// As [`of_campaign`].
pub async fn performance(query: ChannelQuery) -> Result<ChannelTable, Refusal> {
    let desk = Desk::open().await?;
    let asked = conditions(&query);
    let reach = desk.reach(&of_respondents(&query)).await?;
    let served = of_respondents(&query).into_iter().fold(Aggregate::new(desk.grant.rows.clone(), [Measure::Count]), Aggregate::filter);
    let served = served.filter(Condition::new(column::EVIDENCE, Op::Ge, Value::Int(3)));
    // A respondent's row does not say by which text they were written to.
    let served = async { if query.template.is_none() { Ok(Some(served_of(&desk, served).await?)) } else { Ok(None) } };
    let (channels, served) = futures::try_join!(figures(&desk, &reach, &asked, None), served)?;
    let served = served.map(|(part, whole)| Part { part, whole, href: None });
    Ok(ChannelTable { channels, served, as_of: desk.now() })
}

/// The conditions on messages.
fn conditions(query: &ChannelQuery) -> Vec<Condition> {
    let ChannelQuery { channel, template, language, zone, month } = query;
    let asked = [
        (column::CHANNEL, channel.as_ref().map(Channel::code)),
        (column::TEMPLATE, template.as_deref()),
        (column::LANGUAGE, language.as_deref()),
        (column::ZONE, zone.as_deref()),
        (column::MONTH, month.as_deref()),
    ];
    asked.into_iter().filter_map(|(field, value)| Some(Condition::eq(field, value?))).collect()
}

/// The same of respondents, as far as their rows say so.
fn of_respondents(query: &ChannelQuery) -> Vec<Condition> {
    let asked =
        [(column::LANGUAGE, query.language.as_deref()), (column::ZONE, query.zone.as_deref()), (column::MONTH, query.month.as_deref())];
    let asked = asked.into_iter().filter_map(|(field, value)| Some(Condition::eq(field, value?)));
    let letter = query.channel.as_ref().and_then(Channel::letter);
    asked.chain(letter.map(|letter| Condition::contains(column::TRIED, &letter.to_string()))).collect()
}

/// Respondents that were served, of all of them.
async fn served_of(desk: &Desk, asked: Aggregate<super::wire::RecipientRecord>) -> Result<(u64, u64), Refusal> {
    let groups = desk.client.group_by(&asked.by(column::SERVED)).await?;
    let count = |served: bool| groups.iter().filter(|group| is_set(group, 0) == served).map(|group| group.count(0)).sum::<u64>();
    Ok((count(true), count(true) + count(false)))
}

/// Columns of the best messages' groups, in their order.
const BEST: [crate::server::frappe::Field; 8] =
    [column::CHANNEL, column::OUTCOME, column::STATE, column::BOUNCE, column::ACCEPTED, column::DELIVERED, column::READ, column::CLICKED];

/// The figures of each channel in use: three questions, whatever the number of messages.
async fn figures(desk: &Desk, reach: &Reach, asked: &[Condition], campaign: Option<&CampaignId>) -> Result<Vec<ChannelFigures>, Refusal> {
    let best_only = Condition::eq(column::IS_BEST, true);
    let best = reach.messages(asked, &[Measure::Count]).filter(best_only.clone());
    let best = BEST.into_iter().fold(best, Aggregate::by);
    let all = reach.messages(asked, &[Measure::Count, Measure::Sum(column::COST)]);
    let all = all.by(column::CHANNEL).by(column::ACCEPTED).by(column::INTIMATED).by(column::DELIVERED);
    let waits = reach.messages(asked, &[Measure::Count]).filter(best_only).filter(Condition::eq(column::DELIVERED, true));
    let waits = waits.by(column::CHANNEL).by(column::BUCKET);
    let client = &desk.client;
    let (best, all, waits) = futures::try_join!(client.group_by(&best), client.group_by(&all), client.group_by(&waits))?;
    let of = |channel: Channel| {
        let own = |groups: &[Group]| -> Vec<Group> { groups.iter().filter(|group| key(group, 0) == channel.code()).cloned().collect() };
        let (best, all, waits) = (own(&best), own(&all), own(&waits));
        let link = |count: u64, whole: u64, is: MessageIs| match campaign {
            Some(campaign) => part(campaign, count, whole, &[RecipientFilter::Channel(channel.clone()), RecipientFilter::Message(is)]),
            None => Part { part: count, whole, href: None },
        };
        let count =
            |groups: &[Group], fits: fn(&Group) -> bool| groups.iter().filter(|group| fits(group)).map(|group| group.count(0)).sum();
        let (attempted, sent) = (count(&best, |_| true), count(&all, |_| true));
        let (delivered, failed): (u64, u64) =
            (count(&best, |group| key(group, 1) == "DELIVERED"), count(&best, |group| key(group, 1) == "FAILED"));
        let arrived = count(&best, |group| is_set(group, 5));
        let bounced = [("HARD", MessageIs::Hard), ("SOFT", MessageIs::Soft), ("BLOCKED", MessageIs::Policy)].map(|(kind, is)| {
            let bounced = best.iter().filter(|group| key(group, 3) == kind).map(|group| group.count(0)).sum();
            link(bounced, attempted, is)
        });
        let mut buckets: Vec<(u32, u64)> = waits.iter().filter_map(|group| Some((key(group, 1).parse().ok()?, group.count(0)))).collect();
        let waited = |buckets: &mut Vec<(u32, u64)>, per_mille| quantile(buckets, per_mille).map(bucket_seconds);
        let cost = all.iter().map(|group| group.money(1)).fold(crate::model::Inr::ZERO, |sum, cost| sum + cost);
        ChannelFigures {
            attempted: link(attempted, attempted, MessageIs::Best),
            accepted: link(count(&all, |group| is_set(group, 1)), sent, MessageIs::Accepted),
            delivered: link(delivered, attempted, MessageIs::Delivered),
            failed: link(failed, attempted, MessageIs::Failed),
            pending: link(attempted - delivered - failed, attempted, MessageIs::Pending),
            read: link(count(&best, |group| is_set(group, 5) && is_set(group, 6)), arrived, MessageIs::Read),
            clicked: link(count(&best, |group| is_set(group, 5) && is_set(group, 7)), arrived, MessageIs::Clicked),
            bounced,
            returned: link(count(&best, |group| key(group, 2) == "RETURNED"), count(&best, |group| is_set(group, 4)), MessageIs::Returned),
            collected: link(
                count(&all, |group| is_set(group, 2) && is_set(group, 3)),
                count(&all, |group| is_set(group, 2)),
                MessageIs::Collected,
            ),
            waited_s: waited(&mut buckets, 500).zip(waited(&mut buckets, 900)),
            cost: desk.sees_money().then_some(cost),
            channel,
        }
    };
    Ok(in_use(best.iter().chain(&all).map(|group| key(group, 0))).into_iter().map(of).collect())
}

/// The channels of these codes, in their own order, those that this version does not know last.
fn in_use<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<Channel> {
    let mut channels: Vec<Channel> = codes.map(|code| Channel::from(code.to_owned())).collect();
    let place = |channel: &Channel| Channel::ALL.iter().position(|known| known == channel).unwrap_or(Channel::ALL.len());
    channels.sort_by(|one, other| place(one).cmp(&place(other)).then_with(|| one.code().cmp(other.code())));
    channels.dedup();
    channels
}

/// Messages that failed, by why and on which channel.
///
/// # Errors
/// As [`of_campaign`].
pub async fn failures(id: &str) -> Result<Failures, Refusal> {
    let desk = Desk::open().await?;
    let campaign = campaign_of(id)?;
    let asked = [of_campaign_alone(&campaign)];
    let reach = desk.reach(&asked).await?;
    let failed = [Condition::eq(column::IS_BEST, true), Condition::eq(column::OUTCOME, "FAILED")];
    let asked = reach.messages(&[&asked[..], &failed].concat(), &[Measure::Count]);
    let groups = desk.client.group_by(&asked.by(column::CHANNEL).by(column::SIDE).by(column::REASON)).await?;
    desk.known_if(groups.is_empty(), &campaign).await?;
    let channels = in_use(groups.iter().map(|group| key(group, 0)));
    let of = |channel: &Channel| {
        let code = channel.code().to_owned();
        groups.iter().filter(move |group| key(group, 0) == code)
    };
    let of_channel = |channel: &Channel| of(channel).map(|group| group.count(0)).sum::<u64>();
    let is = |channel: &Channel| [RecipientFilter::Channel(channel.clone()), RecipientFilter::Message(MessageIs::Failed)];
    let mut reasons: BTreeMap<(String, String), u64> = BTreeMap::new();
    for group in &groups {
        *reasons.entry((key(group, 1).to_owned(), key(group, 2).to_owned())).or_default() += group.count(0);
    }
    let mut lines: Vec<_> = reasons
        .into_iter()
        .map(|((side, reason), all)| {
            let cell = |channel: &Channel| {
                let own = of(channel).filter(|group| key(group, 1) == side && key(group, 2) == reason).map(|group| group.count(0)).sum();
                let known = (!reason.is_empty()).then(|| FailureReason::from(reason.clone()));
                let more = [RecipientFilter::Side(FailureSide::from(side.clone())), RecipientFilter::Reason(known)];
                part(&campaign, own, of_channel(channel), &[&is(channel)[..], &more].concat())
            };
            let cells: Vec<Part> = channels.iter().map(cell).collect();
            let named = if reason.is_empty() { FailureReason::Unmapped } else { reason.into() };
            (all, (FailureSide::from(side), named, cells))
        })
        .collect();
    lines.sort_by_key(|(all, _)| std::cmp::Reverse(*all));
    let totals = channels.iter().map(|channel| {
        let all = of_channel(channel);
        (channel.clone(), part(&campaign, all, all, &is(channel)))
    });
    Ok(Failures { channels: totals.collect(), lines: lines.into_iter().map(|(_, line)| line).collect(), as_of: desk.now() })
}
