//! Recipients, in words.

use super::{Board, Cell, as_of, fact, grouped, moment, reason};
use crate::{
    app::sheets::day,
    model::{Channel, FailureReason, FailureSide, Recipient, RecipientQuery, Recipients, SentMessage, Sheet, SheetForm, Steps},
};

/// A page of recipients.
pub fn recipients(told: Recipients) -> Board {
    let Recipients { query, title, count, rows, next, exportable, as_of: at } = told;
    let of_messages = query.lists_messages();
    let mut figures = vec![fact("Campaign", Cell::text(title).to(format!("/notices/{}", query.campaign.as_str())))];
    figures.push(fact(if of_messages { "Messages" } else { "Respondents" }, Cell::text(grouped(count))));
    if query.filters.is_empty() {
        figures.push(fact("Shown", Cell::text("All of the campaign")));
    } else {
        figures.push(fact("Shown", Cell::text(query.said())));
        let all = RecipientQuery::of(query.campaign.clone(), Vec::new());
        figures.push(fact("Others", Cell::text("All of the campaign").to(all.href())));
    }
    let headings = match of_messages {
        true => ["Respondent", "Case", "Evidence", "Engagement", "Reached on", "Message", "Told last", "Why not"].as_slice(),
        false => ["Respondent", "Case", "Evidence", "Engagement", "Reached on", "Tried on", "Why not"].as_slice(),
    };
    let sheet = Sheet::new("Recipients", "Nobody matches", headings).with(rows.into_iter().map(row));
    let href = next.map(|place| RecipientQuery { after: Some(place), ..query.clone() }.href());
    let remark = match of_messages {
        true => "A line for each message, with the respondent that it went to.",
        false => "A line for each respondent, by the number of the case.",
    };
    let file = (exportable && count > 0).then(|| query.file());
    let sheet = Sheet { form: SheetForm::Keyed, remark: Some(remark.to_owned()), next: href, file, ..sheet };
    Board { figures, chart: None, sheet: Some(sheet), as_of: as_of(at) }
}

fn row(row: Recipient) -> Vec<Cell> {
    let named = match row.name {
        Some(name) => Cell::text(name).line(row.label),
        None => Cell::text(row.label),
    };
    let case = Cell::text(row.case_number).to(format!("/cases/{}/service", row.case));
    let step = |steps: &[&'static str], level: u8| steps.get(usize::from(level.saturating_sub(1))).copied().unwrap_or_default();
    let evidence = Cell::text(step(&Steps::EVIDENCE, row.evidence)).some_line(row.served_on.map(|on| day(Some(on)).text));
    let evidence = evidence.some_line(row.blocked_by.map(|why| why.label));
    let engagement = if row.engagement == 0 { Cell::some(None) } else { Cell::text(step(&Steps::ENGAGEMENT, row.engagement)) };
    let reached = channels(&row.reached).some_line(row.reached_at.map(crate::model::Instant::long));
    let head = [named, case, evidence, engagement, reached].into_iter();
    let rest = match row.message {
        Some(message) => sent(message),
        None => vec![channels(&row.tried), failure(row.failure)],
    };
    head.chain(rest).collect()
}

fn channels(channels: &[Channel]) -> Cell {
    Cell::some((!channels.is_empty()).then(|| channels.iter().map(Channel::label).collect::<Vec<_>>().join(", ")))
}

fn failure(failure: Option<(FailureSide, FailureReason)>) -> Cell {
    match failure {
        Some((side, why)) => Cell::text(reason(Some(&why))).line(side.label()),
        None => Cell::some(None),
    }
}

fn sent(message: SentMessage) -> Vec<Cell> {
    let attempt = (message.attempt > 1).then(|| format!("attempt {}", message.attempt));
    let what = Cell::text(format!("{}: {}", message.channel.label(), message.state.label().to_lowercase())).some_line(attempt);
    let raw = message.raw.map(|(code, read)| match read {
        FailureReason::Unmapped => format!("code {code}, not known to the portal"),
        read => match &message.failure {
            // What was kept differs from what the code says now: both are told.
            Some((_, kept)) if *kept != read => format!("code {code}, which says: {}", read.label().to_lowercase()),
            _ => format!("code {code}"),
        },
    });
    vec![what, moment(message.told_at), failure(message.failure).some_line(raw)]
}
