//! Channels, in words: side by side, over time, and why messages failed on them.

use super::{Board, Cell, Part, RATE_FLOOR, Sheet, SheetForm, as_of, grouped, of, plain, rate, rated, reason};
use crate::{
    app::charts::{Columns, Line, Lines, Mark, Series, columns, lines},
    model::{Channel, ChannelFigures, ChannelMonths, ChannelTable, Curve, CurveLine, FailureSide, Failures, Inr, SentInMonth},
};

/// A line of the table of channels: its name, how it is computed, and what stands in it.
type Measure = (&'static str, &'static str, fn(&ChannelFigures) -> Cell);

/// The measures, in the order in which they are read.
const MEASURES: [Measure; 17] = [
    ("Attempted", "Respondents for whom the channel was tried; of several attempts the best counts", |of| plain(of.attempted.clone())),
    ("Accepted", "C2: messages that the provider took, of all messages sent, every attempt", |of| rated(of.accepted.clone())),
    ("Delivered", "C3: delivered, of delivered, failed and open", |of| rated(of.delivered.clone())),
    ("Delivered, of those settled", "C3: delivered, of delivered and failed: what is open is left out", |of| {
        let settled = of.delivered.part + of.failed.part;
        rated(Part { whole: settled, ..of.delivered.clone() })
    }),
    ("Failed", "C8: failed, of those attempted", |of| rated(of.failed.clone())),
    ("Open", "Neither delivered nor failed, of those attempted", |of| rated(of.pending.clone())),
    ("Read", "C4: read, of those delivered; of WhatsApp", |of| only(of.channel == Channel::WhatsApp, rated(of.read.clone()))),
    ("Opened", "C5: opened, of those delivered; of e-mail: never evidence, mail programs open by themselves", |of| {
        only(of.channel == Channel::Email, rated(of.read.clone()).line("never evidence"))
    }),
    ("Clicked", "C6: clicked, of those delivered", |of| only(!of.channel.is_carried(), rated(of.clicked.clone()))),
    ("Bounced, hard", "C7: no such mailbox, of those attempted; of e-mail", |of| bounced(of, 0)),
    ("Bounced, soft", "C7: mailbox full or not answering, of those attempted; of e-mail", |of| bounced(of, 1)),
    ("Bounced, blocked", "C7: blocked by policy, of those attempted; of e-mail", |of| bounced(of, 2)),
    ("Returned", "C9: come back, of those booked; of post and courier", |of| only(of.channel.is_carried(), rated(of.returned.clone()))),
    ("Delivered after an intimation", "C10: delivered, of those whose addressee was told that a letter waits", |of| {
        only(of.channel.is_carried(), rated(of.collected.clone()))
    }),
    ("Time to deliver, median", "C11: from the provider’s taking it; half took no longer; within some per cent", |of| waited(of, false)),
    ("Time to deliver, P90", "C11: from the provider’s taking it; nine in ten took no longer; within some per cent", |of| {
        waited(of, true)
    }),
    ("Cost per delivered", "C12: what all of the channel’s messages cost, by those delivered", |of| per(of.cost, of.delivered.part)),
];

fn only(applies: bool, cell: Cell) -> Cell {
    if applies { cell } else { Cell::some(None) }
}

fn bounced(of: &ChannelFigures, index: usize) -> Cell {
    let part = of.bounced.get(index).cloned().unwrap_or_default();
    only(of.channel == Channel::Email, rated(part))
}

/// Times of fewer than are told as a rate are none.
fn waited(of: &ChannelFigures, longest: bool) -> Cell {
    let delivered = of.delivered.part;
    match of.waited_s {
        Some(waited) if delivered >= RATE_FLOOR => {
            let seconds = if longest { waited.1 } else { waited.0 };
            Cell::text(format!("about {}", lasting(seconds))).line(format!("{} delivered", grouped(delivered)))
        }
        Some(_) => Cell::text(format!("{} delivered", grouped(delivered))),
        None => Cell::some(None),
    }
}

/// A time in its largest unit that is read at a glance.
fn lasting(seconds: u64) -> String {
    match seconds {
        0 => "less than a second".to_owned(),
        1..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", (seconds + 30) / 60),
        7_200..172_800 => format!("{} h", (seconds + 1_800) / 3_600),
        _ => format!("{}.{} days", seconds / 86_400, seconds % 86_400 * 10 / 86_400),
    }
}

/// An amount by so many, where there are enough; what it is made of below.
fn per(cost: Option<Inr>, count: u64) -> Cell {
    let Some(cost) = cost else { return Cell::some(None) };
    // To the paisa: a text message costs a few of them.
    let made_of = format!("{} for {}", cost.exact(), grouped(count));
    let each = i64::try_from(count).ok().filter(|_| count >= RATE_FLOOR).and_then(|count| cost.paise().checked_div(count));
    match each {
        Some(each) => Cell::text(Inr::from_paise(each).exact()).line(made_of),
        None => Cell::text(made_of),
    }
}

/// Channels side by side.
pub fn table(told: ChannelTable) -> Board {
    let ChannelTable { channels, served, as_of: at } = told;
    let labels: Vec<String> = channels.iter().map(|of| format!("#{}", of.channel.label())).collect();
    let headings: Vec<&str> = ["Measure"].into_iter().chain(labels.iter().map(String::as_str)).chain(["How it is computed"]).collect();
    let told_money = channels.iter().any(|of| of.cost.is_some());
    let lines = MEASURES.iter().filter(|(name, ..)| told_money || !name.starts_with("Cost"));
    let row = |(name, how, cell): &Measure| {
        [Cell::text(*name)].into_iter().chain(channels.iter().map(cell)).chain([Cell::text(*how)]).collect::<Vec<_>>()
    };
    let mut rows: Vec<_> = if channels.is_empty() { Vec::new() } else { lines.map(row).collect() };
    let mut figures = Vec::new();
    if let Some(served) = served {
        let whole = served.whole;
        if told_money {
            let per_served = channels.iter().map(|of| per(of.cost, served.part));
            let how = "C12: what all of the channel’s messages cost, by the respondents that were served, on whichever channel";
            rows.push([Cell::text("Cost per served")].into_iter().chain(per_served).chain([Cell::text(how)]).collect());
            let all = channels.iter().filter_map(|of| of.cost).fold(Inr::ZERO, |sum, cost| sum + cost);
            figures.push(super::fact("Cost of all messages, per served", per(Some(all), served.part)));
        }
        if whole > 0 {
            figures.insert(0, super::fact("Served, of those attempted", rated(served)));
        }
    }
    let remark = format!(
        "Of a respondent’s several attempts on a channel the best one counts, so that rates are of respondents; where it says messages, every \
         attempt counts. Below each rate: of how many. Of fewer than {RATE_FLOOR}, counts are told and no rate. E-mail opens are never evidence."
    );
    let sheet = Sheet::new("Channels", "Nothing has been sent", &headings).with(rows);
    Board { figures, chart: None, sheet: Some(Sheet { form: SheetForm::Matrix, remark: Some(remark), ..sheet }), as_of: as_of(at) }
}

/// Why messages failed, by channel.
pub fn failures(told: Failures) -> Board {
    let Failures { channels, lines, as_of: at } = told;
    let labels: Vec<String> = channels.iter().map(|(channel, _)| format!("#{}", channel.label())).collect();
    let headings: Vec<&str> = ["Reason", "Side"].into_iter().chain(labels.iter().map(String::as_str)).collect();
    let row = |(side, why, parts): (FailureSide, _, Vec<Part>)| {
        let cells = parts.into_iter().map(|part| if part.part == 0 { plain(part) } else { rated(part) });
        [Cell::text(reason(Some(&why))), Cell::text(side.label())].into_iter().chain(cells).collect::<Vec<_>>()
    };
    let all = channels.iter().map(|(_, part)| plain(part.clone()));
    let foot: Vec<_> = [Cell::text("All that failed"), Cell::text("")].into_iter().chain(all).collect();
    let any = !lines.is_empty();
    let rows = lines.into_iter().map(row).chain(any.then_some(foot));
    let remark = "The best message of each respondent on each channel, where it failed: of all that failed on the channel. One respondent may \
                  stand under several channels.";
    let sheet = Sheet::new("Why messages failed", "No message has failed", &headings).with(rows);
    Board {
        figures: Vec::new(),
        chart: None,
        sheet: Some(Sheet { form: SheetForm::Matrix, remark: Some(remark.to_owned()), ..sheet }),
        as_of: as_of(at),
    }
}

/// What had arrived by when.
pub fn curve(told: Curve) -> Board {
    let Curve { hours, step_hours, days, step_days, as_of: at } = told;
    let (hour, day) = (u64::from(step_hours), u64::from(step_days));
    let draw = |id, title, step: (u64, &str), of: &[CurveLine]| {
        let drawn: Vec<Line> = of.iter().filter_map(line).collect();
        let description = "A line for each channel with at least thirty tried: which share of them had been delivered, by the time since the \
                           campaign’s beginning. The hatched band is what is still open.";
        lines(&Lines { id, title, description, step, lines: &drawn }).unwrap_or_default()
    };
    let chart = draw("hours", "Delivered, by hours since the beginning", (hour, "h"), &hours)
        + &draw("days", "Delivered, by days since the beginning", (day, "days"), &days);
    let rows = |lines: Vec<CurveLine>, unit: &'static str, step: u64| {
        lines.into_iter().flat_map(move |CurveLine { channel, whole, pending, by_step }| {
            let named = channel.as_ref().map_or_else(|| "Any channel".to_owned(), |channel| channel.label().to_owned());
            let open = Cell::text(of(pending, whole));
            (1..).zip(by_step).map(move |(number, (arrived, href)): (u64, _)| {
                let arrived = Part { part: arrived, whole, href: Some(href).filter(|_| arrived > 0) };
                vec![Cell::text(named.clone()), Cell::text(format!("{} {unit}", number * step)), rated(arrived), open.clone()]
            })
        })
    };
    let rows: Vec<_> = rows(hours, "h", hour).chain(rows(days, "days", day)).collect();
    let sheet = Sheet::new("What had arrived by when", "Nothing has arrived", &["Channel", "Within", "#Delivered", "#Still open"]);
    let remark = "Added up from the campaign’s beginning, of all that the channel was tried for; any channel is of respondents that were tried. \
                  Still settling: what is open may yet arrive.";
    Board {
        figures: Vec::new(),
        chart: (!chart.is_empty()).then_some(chart),
        sheet: Some(Sheet { remark: Some(remark.to_owned()), ..sheet.with(rows) }),
        as_of: as_of(at),
    }
}

/// A channel's line, where it was tried for enough.
fn line(of: &CurveLine) -> Option<Line> {
    let (last, href) = of.by_step.last()?;
    let tenths = |count: u64| (count * 1000 + of.whole / 2) / of.whole.max(1);
    let last_told = rate(*last, of.whole)?;
    let (short, long) = match &of.channel {
        Some(Channel::SpeedPost) => ("Post", "Speed Post"),
        Some(channel) => (channel.label(), channel.label()),
        None => ("Any", "Any channel"),
    };
    let open = if of.pending > 0 { format!(", {} still open", grouped(of.pending)) } else { String::new() };
    let mark = Mark {
        label: short.to_owned(),
        spoken: format!("{long}: {last_told} of {} delivered{open}", grouped(of.whole)),
        href: Some(href.clone()),
        unfinished: of.pending > 0,
        ..Mark::default()
    };
    let values: Vec<u64> = of.by_step.iter().map(|(arrived, _)| tenths(*arrived)).collect();
    Some(Line { complete: values.len(), open: tenths(of.pending), values, mark })
}

/// Channels from month to month.
pub fn months(told: ChannelMonths) -> Board {
    let ChannelMonths { channels, months, as_of: at } = told;
    let series = channels.iter().enumerate().filter_map(|(index, (channel, _))| {
        let mark = |(month, href, cells): &SentInMonth| {
            let (part, open) = cells.get(index)?;
            let told = rate(part.part, part.whole);
            let spoken = match &told {
                Some(rate) => format!("{month}: {rate}, {}", of(part.part, part.whole)),
                None => format!("{month}: {}", of(part.part, part.whole)),
            };
            let value = if told.is_some() { (part.part * 200 + part.whole) / (part.whole * 2) } else { 0 };
            Some(Mark { label: month.clone(), value, spoken, href: Some(href.clone()), unfinished: *open > 0, ..Mark::default() })
        };
        let marks: Vec<Mark> = months.iter().filter_map(mark).collect();
        (!marks.is_empty()).then(|| Series { name: format!("{}, delivered in %", channel.label()), marks })
    });
    let series: Vec<_> = series.collect();
    let description = "For each channel a column a month: which share of those tried was delivered. Hatched where something is still open. \
                       Months with fewer than thirty have no column.";
    let chart = columns(&Columns { id: "months", title: "Delivered, by month of sending", description, series: &series });
    let labels: Vec<String> = channels.iter().map(|(channel, _)| format!("#{}", channel.label())).collect();
    let headings: Vec<&str> = ["Sent in"].into_iter().chain(labels.iter().map(String::as_str)).collect();
    let row = |(month, href, cells): SentInMonth| {
        let cell = |(part, open): (Part, u64)| rated(part).some_line((open > 0).then(|| format!("{} still open", grouped(open))));
        [Cell::text(month).to(href)].into_iter().chain(cells.into_iter().map(cell)).collect::<Vec<_>>()
    };
    let mut sheet = Sheet::new("Delivered, by month of sending", "Nothing has been sent", &headings).with(months.into_iter().map(row));
    for (heading, (_, href)) in sheet.headings.iter_mut().skip(1).zip(channels) {
        heading.href = Some(href);
    }
    let remark = "By the month in which a message was sent, whenever it arrived: the dashboard counts by the day of the event instead.";
    Board {
        figures: Vec::new(),
        chart,
        sheet: Some(Sheet { form: SheetForm::Matrix, remark: Some(remark.to_owned()), ..sheet }),
        as_of: as_of(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_a_unit_that_is_read_at_a_glance() {
        assert_eq!(
            [0, 9, 119, 120, 5_400, 7_200, 172_800, 388_800].map(lasting),
            ["less than a second", "9 s", "119 s", "2 min", "90 min", "2 h", "2.0 days", "4.5 days"]
        );
    }

    #[test]
    fn an_amount_by_fewer_than_thirty_is_no_rate() {
        let cost = Some(Inr::from_rupees(60));
        assert_eq!((per(cost, 30).text.as_str(), per(cost, 29).text.as_str()), ("₹2", "₹60 for 29"));
        assert_eq!(per(None, 30), Cell::some(None));
    }
}
