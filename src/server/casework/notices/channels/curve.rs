//! What had arrived by when: in hours where a channel is a machine's, in days where letters are carried.

use super::{Desk, Refusal, campaign_of, column, in_use, key, of_campaign_alone};
use crate::{
    model::{CampaignId, Channel, Curve, CurveLine, MessageIs, RecipientFilter, RecipientQuery, step_of},
    server::frappe::{Condition, Field, Group, Measure, Op, Value},
};

/// Steps that are drawn at most.
const STEPS: u32 = 12;
/// Lengths of a step, in hours.
const HOURS: [u32; 9] = [1, 2, 4, 6, 12, 24, 48, 72, 168];
/// Lengths of a step, in days.
const DAYS: [u32; 6] = [1, 2, 3, 7, 14, 28];

/// What had arrived by when.
///
/// # Errors
/// As [`super::of_campaign`].
pub async fn curve(id: &str) -> Result<Curve, Refusal> {
    let desk = Desk::open().await?;
    let campaign = campaign_of(id)?;
    let of_campaign = [of_campaign_alone(&campaign)];
    let reach = desk.reach(&of_campaign).await?;
    let best = |more: &[Condition]| {
        let asked = [&of_campaign[..], &[Condition::eq(column::IS_BEST, true)], more].concat();
        reach.messages(&asked, &[Measure::Count]).by(column::CHANNEL)
    };
    let (carried, told): (Vec<&Channel>, Vec<&Channel>) = Channel::ALL.iter().partition(|channel| channel.is_carried());
    let of = |channels: &[&Channel]| Condition::one_of(column::CHANNEL, channels.iter().map(|channel| channel.code()));
    let delivered = || Condition::eq(column::OUTCOME, "DELIVERED");
    let all = best(&[]).by(column::OUTCOME);
    let hours = best(&[of(&told), delivered()]).by(column::DELIVERED_HOUR);
    let days = best(&[of(&carried), delivered()]).by(column::DELIVERED_DAY);
    let tried = Condition::new(column::EVIDENCE, Op::Ge, Value::Int(3));
    const PENDING: Field = Field::new("pending_count");
    let respondents = desk.respondents(&campaign, &[Measure::Count, Measure::Sum(PENDING)]).filter(tried).by(column::REACHED_DAY);
    let open = desk.respondents(&campaign, &[Measure::Count]).filter(Condition::eq(column::ENGAGEMENT, Value::Int(0)));
    let open = open.filter(Condition::new(PENDING, Op::Gt, Value::Int(0)));
    let client = &desk.client;
    let (all, hours, days, respondents, open) = futures::try_join!(
        client.group_by(&all),
        client.group_by(&hours),
        client.group_by(&days),
        client.group_by(&respondents),
        client.totals(&open),
    )?;
    desk.known_if(respondents.is_empty(), &campaign).await?;
    let when = |groups: &[Group], index: usize| groups.iter().filter_map(|group| key(group, index).parse::<u32>().ok()).max().unwrap_or(0);
    let step_hours = step_of(when(&hours, 1), &HOURS, STEPS);
    let step_days = step_of(when(&days, 1).max(when(&respondents, 0)), &DAYS, STEPS);
    let line = |channel: Channel| {
        let own = |groups: &[Group]| -> Vec<Group> { groups.iter().filter(|group| key(group, 0) == channel.code()).cloned().collect() };
        let all = own(&all);
        let settled: u64 = all.iter().filter(|group| matches!(key(group, 1), "DELIVERED" | "FAILED")).map(|group| group.count(0)).sum();
        let whole: u64 = all.iter().map(|group| group.count(0)).sum();
        let is = [RecipientFilter::Channel(channel.clone()), RecipientFilter::Message(MessageIs::Delivered)];
        let by_step = match channel.is_carried() {
            true => steps(&campaign, &own(&days), 1, step_days, &is, RecipientFilter::Day),
            false => steps(&campaign, &own(&hours), 1, step_hours, &is, RecipientFilter::Hour),
        };
        CurveLine { channel: Some(channel), whole, pending: whole - settled, by_step }
    };
    let lines = in_use(all.iter().map(|group| key(group, 0))).into_iter().map(line);
    let (mut in_days, in_hours): (Vec<_>, Vec<_>) =
        lines.partition(|line: &CurveLine| line.channel.as_ref().is_some_and(Channel::is_carried));
    if !respondents.is_empty() {
        in_days.push(CurveLine {
            channel: None,
            whole: respondents.iter().map(|group| group.count(0)).sum(),
            pending: open.count(0),
            by_step: steps(&campaign, &respondents, 0, step_days, &[RecipientFilter::Evidence(3)], RecipientFilter::Day),
        });
    }
    Ok(Curve { hours: in_hours, step_hours, days: in_days, step_days, as_of: desk.now() })
}

/// What had arrived by the end of each step, added up. What came before the beginning of the campaign or at no time is none of it.
fn steps(
    campaign: &CampaignId,
    groups: &[Group],
    index: usize,
    step: u32,
    is: &[RecipientFilter],
    within: fn(u32) -> RecipientFilter,
) -> Vec<(u64, String)> {
    let when: Vec<(u32, u64)> = groups.iter().filter_map(|group| Some((key(group, index).parse().ok()?, group.count(0)))).collect();
    let Some(longest) = when.iter().map(|(when, _)| *when).max() else { return Vec::new() };
    let ends = (1..=longest / step + 1).map(|number| number * step - 1);
    ends.map(|end| {
        let arrived = when.iter().filter(|(when, _)| *when <= end).map(|(_, count)| count).sum();
        let query = RecipientQuery::of(campaign.clone(), [is, &[within(end)]].concat());
        (arrived, query.href())
    })
    .collect()
}
