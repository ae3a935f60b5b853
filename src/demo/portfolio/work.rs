//! What is to be done in a case and what has been: open tasks and the timeline.
//!
//! Reads a decided case. Titles carry no personal data. The timeline is moderate: stages, service, hearings, money.

use super::case::{Tally, enforceability, scope};
use super::journey::STAGES;
use super::people::House;
use super::plan::Plan;
use super::random::Random;
use super::row::{Date, Record, at, natural_key, week};
use super::service::Cell;

/// A task before it is a row: kind, title, whose, days from the status to the due day, priority.
type Due = (&'static str, &'static str, &'static str, i64, i64);

/// Writes the open tasks of a case and tells the tally which is due soonest.
pub(super) fn tasks(house: &House<'_>, plan: &Plan, cells: &[Cell], random: &mut Random, tally: &mut Tally) -> Vec<Record> {
    let journey = &plan.journey;
    if !journey.open() {
        return Vec::new();
    }
    let mut due: Vec<(Due, Date)> = Vec::new();
    let from_status: Option<Due> = match journey.status {
        "PENDING_APPROVAL" => Some(("APPROVE", "Approve or return the case", "LEGAL_HEAD", 2, 1)),
        "RETURNED" => Some(("OTHER", "Correct the returned case and submit it again", "LEGAL_MANAGER", 3, 2)),
        "CURE_EXPIRED" => Some(("OTHER", "Queue the section 21 notice", "LEGAL_MANAGER", 5, 2)),
        "S21_UNSERVED" => Some(("FIX_ADDRESS", "Find a new address: the section 21 notice is unserved", "BRANCH_USER", 7, 1)),
        "OBJECTION_RAISED" => Some(("OBJECTION", "Answer the respondent's objection", "LEGAL_MANAGER", 7, 1)),
        "DEFECT_RAISED" => Some(("CURE_DEFECT", "Cure the registry's defects", "LEGAL_MANAGER", 7, 1)),
        "SOC_DUE" => Some(("UPLOAD_DOC", "File the statement of claim", "LEGAL_MANAGER", 14, 1)),
        "HEARD" => Some(("REPORT_OUTCOME", "Report the hearing's outcome", "LEGAL_MANAGER", 2, 2)),
        "EXECUTION_ELIGIBLE" => Some(("OTHER", "File the execution petition", "ADVOCATE", 30, 2)),
        _ => None,
    };
    due.extend(from_status.map(|task| (task, journey.status_since + task.3)));
    if let Some((_, start)) = &tally.next_hearing {
        due.push((("PREPARE_HEARING", "Prepare the next hearing", "LEGAL_MANAGER", 0, 2), start.div_euclid(86_400) - 1));
    }
    if let Some(offer) = plan.offer.as_ref().filter(|offer| offer.track == "COUNTERED") {
        due.push((("SETTLEMENT_DECISION", "Decide on the respondent's counter-offer", "COLLECTIONS_OFFICER", 0, 1), offer.on + 10));
    }
    if let Some(day) = journey.s29a_due_on().filter(|day| journey.award_on.is_none() && *day <= house.today + 60) {
        due.push((("EXTENSION", "Obtain consent to extend the time for the award", "LEGAL_HEAD", 0, 1), day - 7));
    }
    let missing = enforceability(plan, cells, house.today).missing;
    if missing.contains(&"DISCLOSURE") && random.chance(60.0) {
        let on = journey.appointed_on.unwrap_or(house.today) + 14;
        due.push((("MISSING_ITEM", "Ask the registry for the arbitrator's disclosure", "LEGAL_MANAGER", 0, 2), on));
    }
    due.into_iter().map(|(task, on)| task_row(house, plan, random, tally, task, on)).collect()
}

fn task_row(house: &House<'_>, plan: &Plan, random: &mut Random, tally: &mut Tally, task: Due, due_on: Date) -> Record {
    let (kind, title, role, _, priority) = task;
    tally.tasks_open += 1;
    if tally.next_due.is_none_or(|(due, _)| due_on < due) {
        tally.next_due = Some((due_on, kind));
    }
    let branch = &house.branches[plan.branch];
    let assignee = match role {
        "LEGAL_MANAGER" => house.legal_owner(branch),
        "COLLECTIONS_OFFICER" => house.collections_owner(branch),
        "LEGAL_HEAD" => house.user("legal.head"),
        _ => String::new(),
    };
    let made_at = at(plan.journey.status_since.min(due_on), 720);
    house
        .row(&random.row_name(), "job:CLOCK_SCAN", made_at, made_at)
        .with(&scope(house, plan))
        .text("task_key", natural_key(&house.spec.record, &[&plan.row, kind, "Arbitration Case"]))
        .text("case_ref", &plan.row)
        .text("case_id", plan.shown_number())
        .text("title_text", plan.lead().name.latin.chars().take(140).collect::<String>())
        .text("kind", kind)
        .text("title", house.mark(title))
        .text("assignee", assignee)
        .text("assignee_role", role)
        .date("due_on", due_on)
        .int("priority", priority)
        .text("state", "OPEN")
        .text("source_type", "Arbitration Case")
        .text("source_name", &plan.row)
        .text("source_event", plan.journey.status)
        .date("opened_on", made_at.div_euclid(86_400))
        .done()
}

/// One line of the timeline before it is a row.
struct Line {
    at: i64,
    kind: &'static str,
    origin: &'static str,
    title: &'static str,
    transition: i64,
    stages: Option<(&'static str, &'static str, i64)>,
    source: (&'static str, String),
}

/// Writes the timeline of a case.
pub(super) fn events(house: &House<'_>, plan: &Plan, cells: &[Cell], hearings: &[Record], random: &mut Random) -> Vec<Record> {
    let mut lines = stage_lines(plan);
    let case = || ("Arbitration Case", plan.row.clone());
    for notice in ["LRN", "S21", "SOC", "AWARD"] {
        let served = cells.iter().filter(|cell| cell.notice == notice && cell.party == 1).find_map(|cell| cell.served_on);
        let title = match notice {
            "LRN" => "Recall notice served",
            "S21" => "Section 21 notice served",
            "SOC" => "Statement of claim served",
            _ => "Signed copy of the award delivered",
        };
        lines.extend(served.map(|on| line(at(on, 800), "SERVICE", "SENDER", title, ("Notice", notice.to_owned()))));
    }
    for hearing in hearings {
        let field = |name: &str| hearing.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        let title = match field("status") {
            "HELD" => "Hearing held",
            "ADJOURNED" => "Hearing adjourned",
            _ => continue,
        };
        let on = crate::model::Day::parse(field("starts_on")).map_or(0, crate::model::Day::days_since_epoch);
        lines.push(line(at(on, 1020), "HEARING", "TRIBUNAL", title, ("Case Hearing", field("name").to_owned())));
    }
    for payment in &plan.payments {
        lines.push(line(at(payment.on, 1000), "MONEY", "FEED", "Payment received", ("Case Payment", payment.row.clone())));
    }
    if let Some(offer) = &plan.offer {
        lines.push(line(at(offer.on, 660), "SETTLEMENT", "PORTAL", "Settlement offered", ("Case Settlement", offer.row.clone())));
    }
    // A long timeline is one of a respondent who looks at every paper again and again.
    let missing = plan.timeline.unwrap_or(0).saturating_sub(lines.len());
    let span = (house.today - plan.journey.began()).max(1);
    for seen in 0..missing {
        let on = plan.journey.began() + seen as i64 * span / missing.max(1) as i64;
        let source = ("Arbitration Case", format!("{}#{seen}", case().1));
        lines.push(line(at(on, 1100), "ENGAGEMENT", "RESPONDENT", "Respondent viewed the papers", source));
    }
    lines.sort_by_key(|line| line.at);
    lines.into_iter().map(|line| event_row(house, plan, random, line)).collect()
}

fn line(at: i64, kind: &'static str, origin: &'static str, title: &'static str, source: (&'static str, String)) -> Line {
    Line { at, kind, origin, title, transition: 0, stages: None, source }
}

fn stage_lines(plan: &Plan) -> Vec<Line> {
    const STEPS: [(i64, &str, &str); 9] = [
        (1, "PORTAL", "Case created"),
        (6, "PORTAL", "Recall notice queued"),
        (11, "PORTAL", "Section 21 notice queued"),
        (17, "PORTAL", "Reference filed"),
        (22, "REGISTRY", "Arbitrator proposed"),
        (30, "TRIBUNAL", "Statement of claim directed"),
        (36, "TRIBUNAL", "Hearing fixed"),
        (43, "TRIBUNAL", "Award reserved"),
        (45, "CLOCK", "Award delivered; the challenge window is open"),
    ];
    let journey = &plan.journey;
    let mut lines = Vec::new();
    let mut before: Option<(usize, Date)> = None;
    for (stage, entered) in journey.entered.iter().enumerate() {
        let Some(day) = *entered else { continue };
        let (transition, origin, title) = STEPS[stage];
        let stages = before.map(|(from, since)| (STAGES[from], STAGES[stage], day - since));
        let source = ("Arbitration Case", format!("{}/{}", plan.row, STAGES[stage]));
        lines.push(Line { transition, stages, ..line(at(day, 690), "STAGE", origin, title, source) });
        before = Some((stage, day));
    }
    if let (Some(day), Some((from, since))) = (journey.closed_on, before) {
        let transition = match journey.outcome {
            "PAID_IN_FULL" => 10,
            "AWARD_SATISFIED" | "CONSENT_AWARD_SATISFIED" => 52,
            "SET_ASIDE" => 48,
            _ => 53,
        };
        let source = ("Arbitration Case", format!("{}/S90", plan.row));
        let stages = Some((STAGES[from], "S90", day - since));
        lines.push(Line { transition, stages, ..line(at(day, 690), "STAGE", "PORTAL", "Case closed", source) });
    }
    lines
}

fn event_row(house: &House<'_>, plan: &Plan, random: &mut Random, line: Line) -> Record {
    let role = match line.origin {
        "PORTAL" => "MK",
        "REGISTRY" => "RG",
        "TRIBUNAL" => "AR",
        "RESPONDENT" => "RS",
        _ => "SY",
    };
    let branch = &house.branches[plan.branch];
    let actor = if line.origin == "PORTAL" { house.legal_owner(branch) } else { format!("upstream:{}", line.origin.to_lowercase()) };
    let key = natural_key(&house.spec.record, &[&plan.row, line.kind, line.source.0, &line.source.1, line.title]);
    let mut row = house
        .row(&random.row_name(), &actor, line.at, line.at)
        .text("event_key", key)
        .text("case_ref", &plan.row)
        .moment("at", line.at)
        .moment("recorded_at", line.at)
        .text("origin", line.origin)
        .text("actor", actor)
        .text("actor_role", role)
        .text("kind", line.kind)
        .int("transition_no", line.transition)
        .text("title", line.title)
        .text("week", week(line.at.div_euclid(86_400)))
        .int("days_in_from", line.stages.map_or(-1, |(_, _, days)| days))
        .text("zone", branch.state().zone)
        .text("product", plan.terms.code);
    if let Some((from, to, _)) = line.stages {
        row = row.text("from_stage", from).text("to_stage", to);
    } else if line.kind == "STAGE" {
        row = row.text("to_stage", "S00");
    } else {
        row = row.text("ref_type", line.source.0).text("ref_name", line.source.1);
    }
    row.done()
}
