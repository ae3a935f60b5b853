//! The recipients that a figure counts, one by one: respondents, or messages of one channel with the respondent of each; a page by key.

use std::collections::HashMap;

use super::{
    Desk, Refusal, blocking, of_campaign_alone,
    wire::{MessageRecord, RecipientRecord, column},
};
use crate::{
    model::{
        CaseId, Channel, FailureReason, FailureSide, MessageIs, Permission, Recipient, RecipientFilter, RecipientPlace, RecipientQuery,
        Recipients, SentMessage, vendor,
    },
    server::{
        casework::{
            columns::{self, some_text},
            dashboard::NumberRecord,
        },
        frappe::{Condition, Direction, Op, PAGE_MAX, Query, RowScope, Value},
    },
};

/// Recipients on a page.
const PAGE_ROWS: u32 = 50;

/// A page of recipients.
///
/// # Errors
/// Who may not see campaigns is refused; [`NotFound`](crate::model::ErrorCode::NotFound) for a campaign without a respondent among the
/// person's rows, as for one that is nobody's; otherwise what the upstream's fault means.
pub async fn recipients(query: RecipientQuery) -> Result<Recipients, Refusal> {
    let desk = Desk::open().await?;
    let (title, count) = futures::try_join!(desk.title(&query.campaign), count(&desk, &query))?;
    let (rows, next) = page(&desk, &query, PAGE_ROWS).await?;
    let exportable = desk.grant.principal.role.allows(Permission::Export);
    Ok(Recipients { title, count, rows, next, exportable, as_of: desk.now(), query })
}

/// How many match.
pub(super) async fn count(desk: &Desk, query: &RecipientQuery) -> Result<u64, Refusal> {
    let conditions = conditions(query);
    if query.lists_messages() {
        let (rows, conditions) = messages(desk, query, conditions).await?;
        let asked = conditions.into_iter().fold(Query::<MessageRecord>::new(rows), Query::filter);
        return Ok(desk.client.count(&asked).await?);
    }
    let asked = conditions.into_iter().fold(Query::<RecipientRecord>::new(desk.grant.rows.clone()), Query::filter);
    Ok(desk.client.count(&asked).await?)
}

/// The messages that the person may count, and the conditions for them.
async fn messages(desk: &Desk, query: &RecipientQuery, conditions: Vec<Condition>) -> Result<(RowScope, Vec<Condition>), Refusal> {
    let reach = desk.reach(&[of_campaign_alone(&query.campaign)]).await?;
    Ok((reach.rows, conditions.into_iter().chain(reach.of).collect()))
}

/// So many recipients at most, and where those after them begin.
pub(super) async fn page(desk: &Desk, query: &RecipientQuery, rows: u32) -> Result<(Vec<Recipient>, Option<RecipientPlace>), Refusal> {
    let rows = rows.min(PAGE_MAX);
    let (found, next) = match query.lists_messages() {
        true => of_messages(desk, query, rows).await?,
        false => of_respondents(desk, query, rows).await?,
    };
    // Of those whose case is among the person's rows now, whatever a recipient's own copy of the scope says.
    let named = Condition::one_of(column::NAME, found.iter().map(|(row, _)| row.case_ref.as_str()));
    let cases = desk.client.list(&Query::<NumberRecord>::new(desk.grant.rows.clone()).filter(named).page(0, PAGE_MAX)).await?.rows;
    let numbers: HashMap<String, String> = cases.into_iter().map(|case| (case.name.clone(), case.number())).collect();
    let row = |(row, message): (RecipientRecord, Option<MessageRecord>)| {
        let case_number = numbers.get(&row.case_ref)?.clone();
        Some(in_words(desk, row, message, case_number))
    };
    Ok((found.into_iter().filter_map(row).collect(), next))
}

type Found = (Vec<(RecipientRecord, Option<MessageRecord>)>, Option<RecipientPlace>);

/// Respondents by the number of their case. Frappe ANDs its filters, so "after (number, name)" is asked in two plain conjunctions.
async fn of_respondents(desk: &Desk, query: &RecipientQuery, rows: u32) -> Result<Found, Refusal> {
    let base = conditions(query);
    let (by_name, by_number) = ([column::NAME].as_slice(), [column::CASE_NUMBER, column::NAME].as_slice());
    let phases = match &query.after {
        None => vec![(Vec::new(), by_number)],
        Some(RecipientPlace { case_number, name }) => {
            let past = Condition::new(column::NAME, Op::Gt, name.as_str());
            // Whoever has no number comes first.
            let (tie, beyond) = match case_number.as_str() {
                "" => (Condition::not_set(column::CASE_NUMBER), Condition::set(column::CASE_NUMBER)),
                number => (Condition::eq(column::CASE_NUMBER, number), Condition::new(column::CASE_NUMBER, Op::Gt, number)),
            };
            vec![(vec![tie, past], by_name), (vec![beyond], by_number)]
        }
    };
    let mut found: Vec<RecipientRecord> = Vec::new();
    let mut more = false;
    for (conditions, order) in phases {
        let wanted = rows - u32::try_from(found.len()).unwrap_or(rows);
        if wanted == 0 {
            // The phase that is left may hold others; one that holds none shows an empty page, which is no wrong one.
            more = true;
            break;
        }
        let asked = Query::<RecipientRecord>::new(desk.grant.rows.clone()).page(0, wanted);
        let asked = base.iter().cloned().chain(conditions).fold(asked, Query::filter);
        let asked = order.iter().fold(asked, |asked, field| asked.order_by(*field, Direction::Ascending));
        let page = columns::list(&desk.client, asked, desk.grant.principal.role.names()).await?;
        more = page.more;
        found.extend(page.rows);
        if more {
            break;
        }
    }
    let last = found.last().map(|row| RecipientPlace { case_number: row.case_id.clone(), name: row.name.clone() });
    Ok((found.into_iter().map(|row| (row, None)).collect(), last.filter(|_| more)))
}

/// Messages by their names, each with its respondent.
async fn of_messages(desk: &Desk, query: &RecipientQuery, rows: u32) -> Result<Found, Refusal> {
    let (scope, conditions) = messages(desk, query, conditions(query)).await?;
    let past = query.after.iter().map(|place| Condition::new(column::NAME, Op::Gt, place.name.as_str()));
    let asked = Query::<MessageRecord>::new(scope).order_by(column::NAME, Direction::Ascending).page(0, rows);
    let found = desk.client.list(&conditions.into_iter().chain(past).fold(asked, Query::filter)).await?;
    let next = found.rows.last().filter(|_| found.more);
    let next = next.map(|row| RecipientPlace { case_number: String::new(), name: row.name.clone() });
    let named = Condition::one_of(column::NAME, found.rows.iter().map(|row| row.recipient.as_str()));
    let asked = Query::<RecipientRecord>::new(desk.grant.rows.clone()).filter(named).page(0, rows);
    let respondents = columns::list(&desk.client, asked.filter(of_campaign_alone(&query.campaign)), desk.grant.principal.role.names());
    let respondents: HashMap<String, RecipientRecord> = respondents.await?.rows.into_iter().map(|row| (row.name.clone(), row)).collect();
    let with = |message: MessageRecord| Some((respondents.get(&message.recipient)?.clone(), Some(message)));
    Ok((found.rows.into_iter().filter_map(with).collect(), next))
}

/// What a query asks for, as conditions on respondents or on messages.
fn conditions(query: &RecipientQuery) -> Vec<Condition> {
    let of_messages = query.lists_messages();
    let within = |hours: bool| match (of_messages, hours) {
        (true, true) => column::DELIVERED_HOUR,
        (true, false) => column::DELIVERED_DAY,
        (false, true) => column::REACHED_HOUR,
        (false, false) => column::REACHED_DAY,
    };
    let up_to =
        |field, most: u32| vec![Condition::new(field, Op::Ge, Value::Int(0)), Condition::new(field, Op::Le, Value::Int(i64::from(most)))];
    let at_least = |field, level: u8| vec![Condition::new(field, Op::Ge, Value::Int(i64::from(level)))];
    let of = |filter: &RecipientFilter| match filter {
        RecipientFilter::Evidence(level) => at_least(column::EVIDENCE, *level),
        RecipientFilter::Engagement(level) => at_least(column::ENGAGEMENT, *level),
        RecipientFilter::Unreached => vec![Condition::eq(column::ENGAGEMENT, Value::Int(0))],
        RecipientFilter::Blocked(why) => {
            let blocked = Condition::eq(column::ELIGIBILITY, "BLOCKED");
            [blocked].into_iter().chain(why.iter().map(|code| Condition::eq(column::BLOCK_REASON, code.as_str()))).collect()
        }
        RecipientFilter::Finding(code) => vec![Condition::contains(column::FINDINGS, &format!(";{code};"))],
        RecipientFilter::Warned => vec![Condition::eq(column::ELIGIBILITY, "WARNING")],
        RecipientFilter::Stopped => vec![Condition::set(column::STOPPED)],
        RecipientFilter::Tried(letter) => vec![Condition::contains(column::TRIED, &letter.to_string())],
        RecipientFilter::ReachedOn(letter) => vec![Condition::contains(column::REACHED, &letter.to_string())],
        RecipientFilter::Reached(letters) if letters.is_empty() => vec![Condition::not_set(column::REACHED)],
        RecipientFilter::Reached(letters) => vec![Condition::eq(column::REACHED, letters.as_str())],
        RecipientFilter::First(letter) => vec![Condition::eq(column::FIRST, letter.to_string())],
        RecipientFilter::Channel(channel) => vec![Condition::eq(column::CHANNEL, channel.code())],
        RecipientFilter::Message(is) => such(*is),
        RecipientFilter::Side(side) => vec![Condition::eq(column::SIDE, side.code())],
        RecipientFilter::Reason(None) => vec![Condition::not_set(column::REASON)],
        RecipientFilter::Reason(Some(reason)) => vec![Condition::eq(column::REASON, reason.code())],
        RecipientFilter::Hour(hour) => up_to(within(true), *hour),
        RecipientFilter::Day(day) => up_to(within(false), *day),
    };
    [of_campaign_alone(&query.campaign)].into_iter().chain(query.filters.iter().flat_map(of)).collect()
}

/// Such messages: the very conditions under which their figure counts them.
fn such(is: MessageIs) -> Vec<Condition> {
    let flag = |field| Condition::eq(field, true);
    let best = |more: Vec<Condition>| [vec![flag(column::IS_BEST)], more].concat();
    let bounced = |kind: &str| best(vec![Condition::eq(column::BOUNCE, kind)]);
    match is {
        MessageIs::Sent => Vec::new(),
        MessageIs::Best => best(Vec::new()),
        MessageIs::Accepted => vec![flag(column::ACCEPTED)],
        MessageIs::Delivered => best(vec![Condition::eq(column::OUTCOME, "DELIVERED")]),
        MessageIs::Failed => best(vec![Condition::eq(column::OUTCOME, "FAILED")]),
        MessageIs::Pending => best(vec![Condition::none_of(column::OUTCOME, ["DELIVERED", "FAILED"])]),
        MessageIs::Read => best(vec![flag(column::DELIVERED), flag(column::READ)]),
        MessageIs::Clicked => best(vec![flag(column::DELIVERED), flag(column::CLICKED)]),
        MessageIs::Hard => bounced("HARD"),
        MessageIs::Soft => bounced("SOFT"),
        MessageIs::Policy => bounced("BLOCKED"),
        MessageIs::Booked => best(vec![flag(column::ACCEPTED)]),
        MessageIs::Returned => best(vec![Condition::eq(column::STATE, "RETURNED")]),
        MessageIs::Intimated => vec![flag(column::INTIMATED)],
        MessageIs::Collected => vec![flag(column::INTIMATED), flag(column::DELIVERED)],
    }
}

fn in_words(desk: &Desk, row: RecipientRecord, message: Option<MessageRecord>, case_number: String) -> Recipient {
    let channels = |letters: &str| {
        letters.chars().map(|letter| Channel::of_letter(letter).unwrap_or_else(|| Channel::from(letter.to_string()))).collect()
    };
    Recipient {
        case: CaseId::parse(&row.case_ref).map(|case| case.as_str().to_owned()).unwrap_or_default(),
        case_number,
        label: row.party_label,
        name: some_text(row.title_text),
        language: row.language,
        evidence: row.evidence_level,
        engagement: row.engagement_level,
        served_on: row.served_on.day(),
        blocked_by: some_text(row.block_reason).map(|code| blocking(&code)),
        tried: channels(&row.attempted_channels),
        reached: channels(&row.reached_channels),
        reached_at: row.first_reached_at.instant(&desk.site),
        failure: failure(row.failure_side, row.normalised_reason),
        message: message.map(|message| sent(desk, message)),
    }
}

fn sent(desk: &Desk, message: MessageRecord) -> SentMessage {
    let channel = Channel::from(message.channel);
    SentMessage {
        raw: some_text(message.raw_code).map(|code| {
            let read = vendor::reason(&channel, &code);
            (code, read)
        }),
        attempt: message.attempt,
        state: message.state.into(),
        told_at: message.last_event_at.instant(&desk.site),
        failure: failure(message.failure_side, message.normalised_reason),
        channel,
    }
}

fn failure(side: String, reason: String) -> Option<(FailureSide, FailureReason)> {
    some_text(reason).map(|reason| (FailureSide::from(side), FailureReason::from(reason)))
}
