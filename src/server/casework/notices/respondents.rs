//! Respondents of a campaign, counted: the two funnels, why nothing reached them, and which channels did.

use std::collections::BTreeMap;

use super::{Desk, Refusal, campaign_of, key, level, part, wire::column};
use crate::{
    model::{Channel, FailureReason, FailureSide, Funnels, Overlap, Reasons, RecipientFilter, Steps},
    server::frappe::{Condition, Measure, Op, Value},
};

/// The two funnels.
///
/// # Errors
/// Who may not see campaigns is refused; [`NotFound`](crate::model::ErrorCode::NotFound) for a campaign without a respondent among the
/// person's rows, as for one that is nobody's; otherwise what the upstream's fault means.
pub async fn funnels(id: &str) -> Result<Funnels, Refusal> {
    let desk = Desk::open().await?;
    let campaign = campaign_of(id)?;
    let asked = desk.respondents(&campaign, &[Measure::Count]).by(column::EVIDENCE).by(column::ENGAGEMENT);
    let groups = desk.client.group_by(&asked).await?;
    desk.known_if(groups.is_empty(), &campaign).await?;
    let mut steps = Steps::default();
    groups.iter().for_each(|group| steps.add(level(group, 0), level(group, 1), group.count(0)));
    Ok(Funnels { id: campaign, steps, as_of: desk.now() })
}

/// Respondents that were tried and whom nothing has reached, by whose doing and why.
///
/// # Errors
/// As [`funnels`].
pub async fn reasons(id: &str) -> Result<Reasons, Refusal> {
    let desk = Desk::open().await?;
    let campaign = campaign_of(id)?;
    let asked = desk.respondents(&campaign, &[Measure::Count]).filter(Condition::eq(column::ENGAGEMENT, Value::Int(0)));
    let asked = asked.filter(Condition::new(column::EVIDENCE, Op::Ge, Value::Int(3))).by(column::SIDE).by(column::REASON);
    let groups = desk.client.group_by(&asked).await?;
    desk.known_if(groups.is_empty(), &campaign).await?;
    let whole = groups.iter().map(|group| group.count(0)).sum();
    let mut lines: Vec<_> = groups
        .iter()
        .map(|group| {
            let side = FailureSide::from(key(group, 0).to_owned());
            let reason = Some(key(group, 1)).filter(|code| !code.is_empty()).map(|code| FailureReason::from(code.to_owned()));
            let filters = [
                RecipientFilter::Unreached,
                RecipientFilter::Evidence(3),
                RecipientFilter::Side(side.clone()),
                RecipientFilter::Reason(reason.clone()),
            ];
            (side, reason, part(&campaign, group.count(0), whole, &filters))
        })
        .collect();
    lines.sort_by(|one, other| other.2.part.cmp(&one.2.part).then_with(|| one.1.is_none().cmp(&other.1.is_none())));
    Ok(Reasons { lines, as_of: desk.now() })
}

/// Which channel reached whom: on any, alone, first.
///
/// # Errors
/// As [`funnels`].
pub async fn overlap(id: &str) -> Result<Overlap, Refusal> {
    let desk = Desk::open().await?;
    let campaign = campaign_of(id)?;
    let asked = desk.respondents(&campaign, &[Measure::Count]).filter(Condition::new(column::EVIDENCE, Op::Ge, Value::Int(2)));
    let groups = desk.client.group_by(&asked.by(column::REACHED).by(column::FIRST)).await?;
    desk.known_if(groups.is_empty(), &campaign).await?;
    let (mut sets, mut firsts) = (BTreeMap::<String, u64>::new(), BTreeMap::<char, u64>::new());
    for group in &groups {
        *sets.entry(key(group, 0).to_owned()).or_default() += group.count(0);
        if let Some(letter) = key(group, 1).chars().next() {
            *firsts.entry(letter).or_default() += group.count(0);
        }
    }
    let eligible: u64 = sets.values().sum();
    let unreached = sets.remove("").unwrap_or(0);
    let reached = eligible - unreached;
    let of = |count: u64, whole: u64, filter: RecipientFilter| part(&campaign, count, whole, &[RecipientFilter::Evidence(2), filter]);
    let channels = Channel::ALL.iter().filter_map(|channel| {
        let letter = channel.letter()?;
        let among = sets.iter().filter(|(set, _)| set.contains(letter)).map(|(_, count)| count).sum();
        let alone = sets.get(&letter.to_string()).copied().unwrap_or(0);
        let first = firsts.get(&letter).copied().unwrap_or(0);
        let parts = [
            of(among, eligible, RecipientFilter::ReachedOn(letter)),
            of(alone, eligible, RecipientFilter::Reached(letter.to_string())),
            of(first, reached, RecipientFilter::First(letter)),
        ];
        (among > 0).then(|| (channel.clone(), parts))
    });
    let channels = channels.collect();
    let named =
        |set: &str| set.chars().map(|letter| Channel::of_letter(letter).unwrap_or_else(|| Channel::from(letter.to_string()))).collect();
    let mut of_sets: Vec<(Vec<Channel>, _)> =
        sets.iter().map(|(set, count)| (named(set), of(*count, reached, RecipientFilter::Reached(set.clone())))).collect();
    of_sets.sort_by_key(|(_, part)| std::cmp::Reverse(part.part));
    Ok(Overlap {
        reached: of(reached, eligible, RecipientFilter::Engagement(1)),
        unreached: of(unreached, eligible, RecipientFilter::Reached(String::new())),
        channels,
        sets: of_sets,
        as_of: desk.now(),
    })
}
