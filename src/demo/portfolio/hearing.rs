//! The hearings of a case: those that were, with who came and what came of them, and the one that is next.
//!
//! Follows the journey's dates; decides no stage. Attendance is codes and names of rows alone.

use super::case::{Tally, scope};
use super::people::House;
use super::plan::Plan;
use super::random::Random;
use super::row::{Date, Record, at, moment, weekday};

/// Writes a case's hearings and tells the tally about them.
pub(super) fn rows(house: &House<'_>, plan: &Plan, random: &mut Random, tally: &mut Tally) -> Vec<Record> {
    let journey = &plan.journey;
    let Some(began) = journey.entered[6] else { return Vec::new() };
    let waiting = journey.open() && journey.stage == 6;
    let last_day = match journey.entered[7] {
        Some(left) => left - 1,
        None if waiting && journey.status != "HEARING_SCHEDULED" => journey.status_since,
        None => journey.until(house.today) - 1,
    };
    let mut days: Vec<Date> = Vec::new();
    let mut day = began + 7;
    while day < last_day - 6 {
        days.push(working(day));
        day += random.between(12, 30);
    }
    if last_day >= began + 7 {
        days.push(last_day);
    }
    let names: Vec<String> = (0..=days.len()).map(|_| random.row_name()).collect();
    let mut rows = Vec::with_capacity(days.len() + 1);
    for (index, day) in days.iter().enumerate() {
        let last = index + 1 == days.len();
        let outcome = match journey.status {
            _ if !last && random.chance(23.0) => "ADJOURNED",
            _ if !last => "HELD",
            "ADJOURNED" if waiting => "ADJOURNED",
            "EX_PARTE_ORDERED" if waiting => "EX_PARTE",
            "EVIDENCE" if waiting => "EVIDENCE_CLOSED",
            "ARGUMENTS" if waiting => "ARGUMENTS_HEARD",
            _ if journey.stage > 6 || journey.status == "RESERVED" => "RESERVED",
            _ => "HELD",
        };
        let start = at(*day, slot(random));
        tally.hearings += 1;
        tally.adjourned += i64::from(outcome == "ADJOURNED");
        tally.changed_at = tally.changed_at.max(start + 3 * 3600);
        rows.push(past(house, plan, random, index, start, outcome, &names));
    }
    if waiting && !matches!(journey.status, "RESERVED" | "HEARD") {
        let start = at(next_day(house, random), if plan.midnight { 0 } else { slot(random) });
        tally.hearings += 1;
        tally.next_hearing = Some((names[days.len()].clone(), start));
        let prepared = random.chance(55.0);
        let previous = days.len().checked_sub(1).map(|index| names[index].as_str());
        let row = base(house, plan, random, &names[days.len()], days.len(), start, at(journey.status_since, 700))
            .text("status", "SCHEDULED")
            .check("prepared", prepared)
            .maybe("previous_hearing", previous);
        rows.push(row.done());
    }
    rows
}

/// The same day, or the Monday after a Sunday.
fn working(day: Date) -> Date {
    if weekday(day) == 7 { day + 1 } else { day }
}

/// Minutes after midnight of a sitting: half-hours from 10:30 to 16:30.
fn slot(random: &mut Random) -> i64 {
    630 + 30 * random.between(0, 12)
}

/// When the next hearing is: of 1,460 cases that wait at the large institution, 35 today and 190 within the week.
fn next_day(house: &House<'_>, random: &mut Random) -> Date {
    let ahead = match random.unit() {
        ..0.029 => 0,
        ..0.154 => random.between(1, 6),
        _ => random.between(7, 45),
    };
    let day = house.today + ahead;
    if ahead == 0 { day } else { working(day) }
}

fn base(house: &House<'_>, plan: &Plan, random: &mut Random, name: &str, index: usize, start: i64, made_at: i64) -> super::row::Row {
    let kind = ["PRELIMINARY", "EVIDENCE", "ARGUMENT"][index.min(2)];
    let mode = *random.weighted(&[("VIRTUAL", 82.0), ("PHYSICAL", 9.0), ("HYBRID", 9.0)]);
    let (high, low) = (random.next(), random.next());
    let uid =
        format!("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", high >> 32, high >> 16 & 0xffff, high & 0xfff, low >> 52, low & 0xffff_ffff_ffff);
    let mut row = house
        .row(name, "upstream:registry", made_at, made_at)
        .with(&scope(house, plan))
        .text("case_ref", &plan.row)
        .text("case_id", &plan.number)
        .text("title_text", plan.lead().name.latin.chars().take(140).collect::<String>())
        .text("lan", &plan.lan)
        .int("seq", index as i64 + 1)
        .text("hearing_type", kind)
        .text("purpose", ["First procedural hearing", "Claimant's evidence", "Final arguments"][index.min(2)])
        .moment("starts_at", start)
        .date("starts_on", start.div_euclid(86_400))
        .month("month", start.div_euclid(86_400))
        .int("minutes", 30)
        .text("mode", mode)
        .check("confirmed", true)
        .text("ics_uid", uid)
        .int("ics_sequence", 0)
        .check("outcome_differs", false);
    if mode == "PHYSICAL" {
        row = row.text("place_text", house.mark("Hearing room 2, Saral ODR Centre (demo)"));
    } else {
        row = row.text("room_url", format!("https://rooms.registry.example/{name}"));
    }
    match plan.arbitrator.map(|index| &house.arbitrators[index]) {
        Some(arbitrator) => row.text("arbitrator", &arbitrator.name).text("arbitrator_name", &arbitrator.title),
        None => row,
    }
}

fn past(house: &House<'_>, plan: &Plan, random: &mut Random, index: usize, start: i64, outcome: &str, names: &[String]) -> Record {
    let adjourned = outcome == "ADJOURNED";
    let recorded_at = start + 2 * 3600;
    let mut row = base(house, plan, random, &names[index], index, start, start - 10 * 86_400)
        .text("status", if adjourned { "ADJOURNED" } else { "HELD" })
        .text("outcome", outcome)
        .text("recorded_by", "case.manager@registry.example")
        .moment("recorded_at", recorded_at)
        .text("modified", format!("{}.000000", moment(recorded_at)))
        .check("prepared", true);
    if index > 0 {
        row = row.text("previous_hearing", &names[index - 1]);
    }
    if adjourned {
        let by = *random.weighted(&[("RESPONDENT", 46.0), ("CLAIMANT", 24.0), ("TRIBUNAL", 22.0), ("REGISTRY", 8.0)]);
        let why = *random.pick(&["TIME_SOUGHT", "COUNSEL_ABSENT", "PARTY_ABSENT", "SETTLEMENT_TALKS", "TECHNICAL", "SERVICE_PENDING"]);
        row = row.text("adjourned_by", by).text("adjourned_reason", why);
    }
    if random.chance(70.0) {
        // What the institution saw is not always what the tribunal wrote down.
        let differs = random.chance(2.0);
        let reported = if differs { if adjourned { "HELD" } else { "ADJOURNED" } } else { outcome };
        row = row
            .text("reported_outcome", reported)
            .text("reported_by", house.legal_owner(&house.branches[plan.branch]))
            .moment("reported_at", start + 3600)
            .check("outcome_differs", differs);
    }
    if plan.advocate.is_some() {
        row = row.check("appearance_claimed", true).check("appearance_verified", !adjourned);
    }
    let attendee = |party: usize, role: &str, present: bool| {
        let mut record = Record::new();
        record.insert("party", plan.parties[party].row.clone().into());
        record.insert("attendee_role", role.into());
        record.insert("present", if present { "PRESENT" } else { "ABSENT" }.into());
        record.insert("source", "RECORDED".into());
        record
    };
    // The defaulter comes to fewer than one hearing in five, and never to one that was held without them.
    let came = outcome != "EX_PARTE" && random.chance(18.0);
    row.rows("attendance", vec![attendee(0, "CLAIMANT", true), attendee(1, "RESPONDENT", came)]).done()
}
