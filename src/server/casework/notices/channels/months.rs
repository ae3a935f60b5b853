//! Channels from month to month, by the month of sending.

use std::collections::BTreeSet;

use super::{Desk, Refusal, column, conditions, in_use, key, of_respondents};
use crate::{
    model::{ChannelMonths, ChannelQuery, Part},
    server::frappe::{Condition, Measure},
};

/// Months that are shown, the latest ones.
const MONTHS: usize = 12;

/// How channels did from month to month.
///
/// # Errors
/// As [`super::performance`].
pub async fn months(query: ChannelQuery) -> Result<ChannelMonths, Refusal> {
    let desk = Desk::open().await?;
    let reach = desk.reach(&of_respondents(&query)).await?;
    let asked = reach.messages(&conditions(&query), &[Measure::Count]).filter(Condition::eq(column::IS_BEST, true));
    let groups = desk.client.group_by(&asked.by(column::CHANNEL).by(column::MONTH).by(column::OUTCOME)).await?;
    let channels = in_use(groups.iter().map(|group| key(group, 0)));
    let months: BTreeSet<&str> = groups.iter().map(|group| key(group, 1)).filter(|month| !month.is_empty()).collect();
    let earlier = months.len().saturating_sub(MONTHS);
    let month = |month: &str| {
        let cell = |channel: &crate::model::Channel| {
            let own = || groups.iter().filter(|group| key(group, 0) == channel.code() && key(group, 1) == month);
            let count = |outcome: &str| own().filter(|group| key(group, 2) == outcome).map(|group| group.count(0)).sum::<u64>();
            let whole: u64 = own().map(|group| group.count(0)).sum();
            let (delivered, failed) = (count("DELIVERED"), count("FAILED"));
            (Part { part: delivered, whole, href: None }, whole - delivered - failed)
        };
        let href = ChannelQuery { month: Some(month.to_owned()), ..query.clone() }.href();
        (month.to_owned(), href, channels.iter().map(cell).collect())
    };
    let months = months.iter().skip(earlier).map(|code| month(code)).collect();
    let narrowed = |channel: crate::model::Channel| {
        let href = ChannelQuery { channel: Some(channel.clone()), ..query.clone() }.href();
        (channel, href)
    };
    Ok(ChannelMonths { months, channels: channels.into_iter().map(narrowed).collect(), as_of: desk.now() })
}
