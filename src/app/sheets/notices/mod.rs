//! Campaigns of notices, in words: the list of them, and of one its header, its funnels and why nothing reached somebody.
//!
//! Every rate says of how many it is; of fewer than thirty, counts are told instead.

mod channels;
mod recipients;

pub use channels::{curve, failures, months, table};
pub use recipients::recipients;

use super::{
    counted,
    dashboard::{moment as as_of, of, rate, share},
    grouped, moment, money,
};
use crate::{
    app::charts::{Bars, Mark, bars},
    model::{
        Board, CampaignAbout, CampaignList, CampaignRow, CampaignState, Cell, Channel, Fact, FailureReason, FailureSide, FileForm, Funnels,
        Instant, Overlap, Part, RATE_FLOOR, Reasons, RecipientFilter, RecipientQuery, Sheet, SheetForm, Steps, Tone,
    },
};

/// Said where a person sees a part of an institution's rows.
const SCOPED: &str = "Only respondents in cases within your scope are counted.";

fn fact(label: &str, cell: Cell) -> Fact {
    Fact { label: label.to_owned(), cell, formula: None }
}

/// A part with what it is a part of, as a rate where there are enough.
fn rated(part: Part) -> Cell {
    if part.whole == 0 {
        return Cell::some(None);
    }
    let text = rate(part.part, part.whole).unwrap_or_else(|| grouped(part.part));
    Cell { href: part.href, ..Cell::text(text) }.line(of(part.part, part.whole))
}

/// A count that leads to its rows.
fn plain(part: Part) -> Cell {
    match part.part {
        0 => Cell::text("0").meant(Tone::Absent),
        count => Cell { href: part.href, ..Cell::text(grouped(count)) },
    }
}

fn state(state: &CampaignState) -> Cell {
    let tone = match state {
        CampaignState::Paused | CampaignState::Failed | CampaignState::Cancelled => Tone::Bad,
        CampaignState::Complete => Tone::Good,
        state if state.is_settling() => Tone::Waiting,
        _ => Tone::Plain,
    };
    let still = state.is_settling().then(|| "still settling".to_owned());
    Cell::text(state.label()).meant(tone).some_line(still)
}

/// The list of campaigns.
pub fn list(list: CampaignList) -> Board {
    let row = |row: CampaignRow| {
        let Steps { evidence: [targeted, eligible, attempted, concluded, served], engagement: [delivered, engaged, responded] } = row.steps;
        let named = Cell::text(row.title).to(format!("/notices/{}", row.id.as_str())).line(row.number);
        let sent = moment(row.started_at).line(row.window);
        let counts = [targeted, eligible, attempted, concluded, served, delivered, engaged, responded];
        let cost = row.cost.map_or_else(|| Cell::some(None), money);
        let as_of = row.folded_until.map(|at| Cell::text(at.long())).unwrap_or_else(|| Cell::some(None));
        let cells = [named, Cell::text(row.notice.label), state(&row.state), sent].into_iter();
        cells.chain(counts.map(|count| Cell::text(grouped(count)))).chain([cost, as_of]).collect::<Vec<_>>()
    };
    let headings = [
        "Campaign",
        "Notice",
        "State",
        "Begun, and its hours",
        "#Targeted",
        "#Eligible",
        "#Attempted",
        "#Concluded",
        "#Served",
        "#Delivered",
        "#Engaged",
        "#Responded",
        "#Cost",
        "Counted as of",
    ];
    let remark = "Respondents, not messages. Served is evidence, delivered is engagement: neither follows from the other.";
    let scoped = if list.scoped { format!(" {SCOPED}") } else { String::new() };
    let sheet = Sheet::new("Campaigns", "No campaign matches", &headings).with(list.rows.into_iter().map(row));
    let sheet = Sheet { form: SheetForm::Keyed, remark: Some(format!("{remark}{scoped}")), next: list.next, ..sheet };
    let count = |label: &str, number: u64, href: String, formula: &str| {
        let fact = counted(label, number, formula);
        Fact { cell: fact.cell.to(href), ..fact }
    };
    let states = list.states.into_iter().map(|(state, number, href)| count(state.label(), number, href, "Campaigns in this state"));
    let notices = list.notices.into_iter().map(|(notice, number, href)| count(&notice.label, number, href, "Campaigns of this notice"));
    // Outside the application: a form without scripts.
    let new = fact("Make one", Cell::text("New campaign…").file("/notices/new", FileForm::Form));
    let new = list.makes.then_some(new);
    Board { figures: new.into_iter().chain(states).chain(notices).collect(), chart: None, sheet: Some(sheet), as_of: as_of(list.as_of) }
}

/// What is known of a campaign as a whole.
pub fn about(about: CampaignAbout) -> Board {
    let CampaignAbout { row, .. } = about;
    let [targeted, eligible, ..] = row.steps.evidence;
    let link = |filters: Vec<RecipientFilter>| RecipientQuery::of(row.id.clone(), filters).href();
    let people = if about.approved_by.is_empty() { Cell::some(None) } else { Cell::text(about.approved_by.join(", ")) };
    let notice = Cell::text(row.notice.label).line(if about.legal { "Legal notice" } else { "No legal notice" }).line(about.plan.label);
    let mut figures = vec![
        fact("Campaign", Cell::text(row.title).line(row.number)),
        fact("Notice", notice),
        fact("State", state(&row.state).some_line(about.stopped)),
        fact("Approved by", people),
        fact("How it was made", Cell::text("Settings, list and texts").file(format!("/notices/{}/make", row.id.as_str()), FileForm::Form)),
        fact("Hours of sending", Cell::text(row.window)),
        fact("Begun", moment(row.started_at)),
        fact("Sent out", moment(about.sent_out_at)),
        fact("Complete", moment(about.completed_at)),
        Fact {
            formula: Some("All respondents of the campaign".to_owned()),
            ..fact("Targeted", Cell::text(grouped(targeted)).to(link(Vec::new())))
        },
        Fact {
            formula: Some("Respondents that nothing blocks, of all targeted (C1)".to_owned()),
            ..fact("Eligible", rated(Part { part: eligible, whole: targeted, href: Some(link(vec![RecipientFilter::Evidence(2)])) }))
        },
        Fact { formula: Some("Respondents that are not written to".to_owned()), ..fact("Blocked", plain(about.blocked)) },
    ];
    if let Some((pending, all)) = about.pending {
        let open = Cell::text(of(pending, all)).meant(if pending > 0 { Tone::Waiting } else { Tone::Plain });
        figures.push(Fact {
            formula: Some("Messages whose fate is still open, of all that were sent".to_owned()),
            ..fact("Messages open", open)
        });
    }
    if let Some(cost) = row.cost {
        let planned = about.planned.map(|(estimate, budget)| format!("estimate {}, budget {}", estimate.compact(), budget.compact()));
        figures.push(fact("Cost", money(cost).some_line(planned)));
    }
    let folded = row.folded_until.map(Instant::long);
    let settling = row.state != CampaignState::Complete && row.state.is_settling();
    let events = Cell::some(folded).some_line(settling.then(|| "still settling: not final".to_owned()));
    figures.push(fact("Events counted up to", events));

    let blocked = about.blocked_by.into_iter().map(|(why, part)| vec![Cell::text("Blocked"), Cell::text(why.label), plain(part)]);
    let found = about
        .findings
        .into_iter()
        .map(|(why, count)| vec![Cell::text("Found before release"), Cell::text(why.label), Cell::text(grouped(count))]);
    let rows: Vec<_> = blocked.chain(found).collect();
    let scoped = about.scoped.then(|| SCOPED.to_owned());
    let remark = Some("A respondent may have several findings; what blocks is counted once, by the first that does.".to_owned());
    let remark = [remark.filter(|_| !rows.is_empty()), scoped].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let sheet = Sheet::new("What stands in the way", "Nothing was found before the release", &["", "Finding", "#Respondents"]).with(rows);
    let sheet = Sheet { remark: Some(remark).filter(|remark| !remark.is_empty()), ..sheet };
    Board { figures, chart: None, sheet: Some(sheet), as_of: as_of(about.as_of) }
}

/// The two funnels, side by side on one scale and never one.
pub fn funnels(told: Funnels) -> Board {
    let targeted = told.steps.evidence[0];
    let part = |count: u64, whole: u64, filter: Option<RecipientFilter>| Part {
        part: count,
        whole,
        href: (count > 0).then(|| RecipientQuery::of(told.id.clone(), filter.into_iter().collect()).href()),
    };
    let level = |index: usize| u8::try_from(index + 1).unwrap_or(u8::MAX);
    let evidence: Vec<(&str, Part)> = (Steps::EVIDENCE.into_iter().zip(told.steps.evidence).enumerate())
        .map(|(index, (step, count))| (step, part(count, targeted, (index > 0).then(|| RecipientFilter::Evidence(level(index))))))
        .collect();
    let engagement: Vec<(&str, Part)> = (Steps::ENGAGEMENT.into_iter().zip(told.steps.engagement).enumerate())
        .map(|(index, (step, count))| (step, part(count, targeted, Some(RecipientFilter::Engagement(level(index))))))
        .collect();
    let chart = |id, title, description, steps: &[(&str, Part)]| {
        let mark = |(step, part): &(&str, Part)| Mark {
            label: (*step).to_owned(),
            value: part.part,
            spoken: format!("{step}: {}", share(part.part, part.whole)),
            href: part.href.clone(),
            ..Mark::default()
        };
        let marks: Vec<_> = steps.iter().map(mark).collect();
        bars(&Bars { id, title, description, unit: "respondents", least: targeted, marks: &marks }).unwrap_or_default()
    };
    let drawn = chart(
        "evidence",
        "Evidence",
        "Respondents targeted, eligible, attempted on a channel, concluded, and served. Each bar holds the next.",
        &evidence,
    ) + &chart(
        "engagement",
        "Engagement",
        "Respondents to whom something was delivered, who engaged with it, and who responded. Each bar holds the next.",
        &engagement,
    );
    let rows = |funnel: &'static str, steps: Vec<(&'static str, Part)>| {
        let mut before = None;
        let rows: Vec<_> = steps
            .into_iter()
            .map(|(step, part)| {
                let of_before = before.replace(part.part).map(|before| Part { part: part.part, whole: before, href: None });
                let of_before = of_before.map_or_else(|| Cell::some(None), rated);
                vec![Cell::text(funnel), Cell::text(step), plain(part.clone()), rated(Part { href: None, ..part }), of_before]
            })
            .collect();
        rows
    };
    let headings = ["Funnel", "Step", "#Respondents", "#Of all targeted", "#Of the step before"];
    let remark = "Two scales that are never one: a letter that was refused may be service and was not delivered; a message that was read \
                  need not be service. E-mail opens are engagement and never evidence.";
    let sheet = Sheet::new("Respondents, step by step", "This campaign has no respondent", &headings);
    let sheet = sheet.with(rows("Evidence", evidence).into_iter().chain(rows("Engagement", engagement)).filter(|_| targeted > 0));
    Board {
        figures: Vec::new(),
        chart: (targeted > 0).then_some(drawn),
        sheet: Some(Sheet { remark: Some(remark.to_owned()), ..sheet }),
        as_of: as_of(told.as_of),
    }
}

fn reason(reason: Option<&FailureReason>) -> String {
    match reason {
        Some(FailureReason::Unknown(code)) => format!("{code} (not known to the portal)"),
        Some(reason) => reason.label().to_owned(),
        None => "Nothing has failed yet".to_owned(),
    }
}

/// Why nothing reached somebody, ours and theirs apart.
pub fn reasons(told: Reasons) -> Board {
    let side_of = |side: &FailureSide| match side {
        FailureSide::None => "Open".to_owned(),
        side => side.label().to_owned(),
    };
    let chart = |id: &'static str, title: &str, fits: fn(&FailureSide) -> bool| {
        let of_side: Vec<_> = told.lines.iter().filter(|(side, ..)| fits(side)).collect();
        let marks: Vec<_> = of_side
            .iter()
            .map(|(_, why, part)| Mark {
                label: reason(why.as_ref()),
                value: part.part,
                spoken: format!("{}: {}", reason(why.as_ref()), share(part.part, part.whole)),
                href: part.href.clone(),
                ..Mark::default()
            })
            .collect();
        let least = told.lines.iter().map(|(_, _, part)| part.part).max().unwrap_or(0);
        let description = "A bar for each reason, the most frequent first, as long as the number of respondents that nothing has reached.";
        bars(&Bars { id, title, description, unit: "respondents", least, marks: &marks }).unwrap_or_default()
    };
    let drawn = [
        chart("ours", "Ours: template, identity, pace, carrier", |side| *side == FailureSide::Ours),
        chart("theirs", "Theirs: unreachable, refused, moved", |side| *side == FailureSide::Theirs),
        chart("unsure", "Neither, or open", |side| !matches!(side, FailureSide::Ours | FailureSide::Theirs)),
    ]
    .concat();
    let mut sum = 0;
    let rows: Vec<_> = told
        .lines
        .iter()
        .map(|(side, why, part)| {
            sum += part.part;
            let added = Part { part: sum, whole: part.whole, href: None };
            vec![
                Cell::text(side_of(side)),
                Cell::text(reason(why.as_ref())),
                plain(part.clone()),
                rated(Part { href: None, ..part.clone() }),
                rated(added),
            ]
        })
        .collect();
    let sheet = Sheet::new(
        "Why nothing reached them",
        "Everybody who was tried was reached",
        &["Side", "Reason", "#Respondents", "#Share", "#Added up"],
    );
    let remark = "Respondents that were tried and whom nothing has reached, each by the reason that weighs most. A failure is ours if any \
                  of theirs is: we choose template, pace and carrier.";
    Board {
        figures: Vec::new(),
        chart: (!drawn.is_empty()).then_some(drawn),
        sheet: Some(Sheet { remark: Some(remark.to_owned()), ..sheet.with(rows) }),
        as_of: as_of(told.as_of),
    }
}

/// Which channel reached whom.
pub fn overlap(told: Overlap) -> Board {
    let figures = vec![
        Fact {
            formula: Some("Respondents reached on at least one channel, of those eligible (C13)".to_owned()),
            ..fact("Reached", rated(told.reached))
        },
        fact("Not reached", plain(told.unreached)),
    ];
    let channel = |(channel, [among, alone, first]): (Channel, [Part; 3])| {
        vec![Cell::text(channel.label()), rated(among), rated(alone), rated(first)]
    };
    let set = |(channels, part): (Vec<Channel>, Part)| {
        let named = channels.iter().map(Channel::label).collect::<Vec<_>>().join(" + ");
        let alone = Cell::some(None);
        vec![Cell::text(format!("Exactly {named}")), rated(part), alone.clone(), alone]
    };
    let rows: Vec<_> = told.channels.into_iter().map(channel).chain(told.sets.into_iter().map(set)).collect();
    let headings = ["Channel", "#Reached", "#Reached by it alone", "#Reached first"];
    let remark = format!(
        "Reached by it alone is what a channel adds (C14): these would not have been reached without it. Channels are of those eligible; \
         first, and exact sets, are of those reached. Of fewer than {RATE_FLOOR}, counts are told and no rate."
    );
    let sheet = Sheet::new("Which channel reached whom", "Nobody has been reached", &headings).with(rows);
    Board { figures, chart: None, sheet: Some(Sheet { form: SheetForm::Matrix, remark: Some(remark), ..sheet }), as_of: as_of(told.as_of) }
}
