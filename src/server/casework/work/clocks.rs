//! The clocks of a case as records: started, met, extended and stopped by its steps.
//!
//! Owns how a period becomes a `Case Clock`, for each party where it runs for each. Lengths and rules are the model's.

use super::{
    super::{
        Refusal,
        columns::{Date, record},
    },
    effects::of_institution,
    step::Step as Under,
    subject::{CaseState, Subject},
};
use crate::{
    model::{ClockCode, ClockLengths, ClockRule, Day, Transition},
    server::{
        casework::keys::natural_key,
        frappe::{Changes, Condition, Direction, Field, PAGE_MAX, Record as _},
    },
};

record! {
    /// A clock, as far as ending it or starting another goes.
    struct ClockState of "Case Clock" {
        clock: String,
        party: String,
        due_on: Date,
        state: String,
    }
}

record! {
    /// A party, as far as a clock of its own goes.
    struct ClockParty of "Case Party" {
        seq: i64,
        party_role: String,
    }
}

record! {
    /// When a notice was served on a party.
    struct ServedOn of "Case Service" {
        party: String,
        served_on: Date,
    }
}

record! {
    /// The lengths that the institution has set.
    struct LengthPolicy of "Portal Policy" {
        content: String,
    }
}

/// The notice whose service starts a clock of each party.
const fn notice_of(clock: &ClockCode) -> Option<&'static str> {
    match clock {
        ClockCode::S21Response => Some("S21"),
        ClockCode::Sod => Some("SOC"),
        ClockCode::S33Correction | ClockCode::S34Challenge => Some("AWARD"),
        ClockCode::Cure => Some("LRN"),
        _ => None,
    }
}

async fn of_case(subject: &Subject) -> Result<Vec<ClockState>, Refusal> {
    Ok(subject.client.list(&subject.of_case::<ClockState>().page(0, PAGE_MAX)).await?.rows)
}

/// Starts a clock, of each party where it runs for each; the last day of all of them, if any is known.
///
/// # Errors
/// Any fault of the calls.
pub async fn start(
    subject: &Subject,
    under: &mut Under<'_>,
    code: &ClockCode,
    row: &Transition,
    today: Day,
) -> Result<Option<Day>, Refusal> {
    let Some(rule) = ClockRule::of(code) else { return Ok(None) };
    let lengths = lengths(subject).await?;
    let known = of_case(subject).await?;
    let mut served = Vec::new();
    if let Some(notice) = notice_of(code) {
        let cells = subject.of_case::<ServedOn>().filter(Condition::eq(Field::new("notice_type"), notice));
        let cells = cells.filter(Condition::eq(Field::new("counts_served"), true)).page(0, PAGE_MAX);
        served = subject.client.list(&cells).await?.rows;
    }
    if !rule.per_party {
        let first = served.iter().filter_map(|cell| cell.served_on.day()).min();
        return begin(subject, under, rule, &lengths, &known, None, first.unwrap_or(today), row).await;
    }
    let parties = subject.of_case::<ClockParty>().order_by(Field::new("seq"), Direction::Ascending).page(0, PAGE_MAX);
    let mut last = None;
    for party in subject.client.list(&parties).await?.rows {
        // Who has not been served has no clock yet; the claimant's own copy of an award counts like everybody's.
        let Some(on) = served.iter().find(|cell| cell.party == party.name).and_then(|cell| cell.served_on.day()) else { continue };
        let due = begin(subject, under, rule, &lengths, &known, Some(&party), on, row).await?;
        last = last.max(due);
    }
    Ok(last)
}

#[expect(clippy::too_many_arguments, reason = "what a clock is made of, each named at its callers")]
async fn begin(
    subject: &Subject,
    under: &mut Under<'_>,
    rule: &ClockRule,
    lengths: &ClockLengths,
    known: &[ClockState],
    party: Option<&ClockParty>,
    starts_on: Day,
    row: &Transition,
) -> Result<Option<Day>, Refusal> {
    let Some(period) = rule.period(starts_on, lengths) else { return Ok(None) };
    let claimant = party.is_some_and(|party| party.party_role == "CLAIMANT");
    let owner = rule.owner(claimant);
    let due_on = period.act_by(&owner);
    let name = party.map_or("-", |party| party.name.as_str());
    let earlier = known.iter().filter(|clock| clock.clock == rule.clock.code() && (name == "-" || clock.party == name)).count();
    let run = (earlier + 1).to_string();
    let institution = subject.client.institution().await?;
    let key = natural_key(&institution, &[subject.id.as_str(), rule.clock.code(), name, &run]);
    let label = party.map(|party| if claimant { "C".to_owned() } else { format!("R{}", party.seq - 1) });
    let mut body = Changes::new()
        .set(Field::new("clock_key"), key)
        .set(Field::new("clock"), rule.clock.code())
        .set(Field::new("start_event"), rule.starts.first().copied().unwrap_or(row.action))
        .set(Field::new("start_type"), CaseState::DOCTYPE)
        .set(Field::new("start_name"), subject.id.as_str())
        .set(Field::new("starts_on"), starts_on)
        .set(Field::new("due_on"), due_on)
        .set(Field::new("length_text"), rule.length_text(lengths))
        .set(Field::new("rule_code"), rule.rule_code)
        .set(Field::new("rule_text"), rule.rule_text)
        .set(Field::new("state"), "RUNNING")
        .set(Field::new("owner_side"), owner.code());
    if let Some(party) = party {
        body = body.set(Field::new("party"), party.name.as_str()).set(Field::new("party_label"), label.unwrap_or_default());
    }
    under.child::<ClockState>(body, true).await?;
    Ok(Some(due_on))
}

/// Ends the running clocks of a code, or all of them.
///
/// # Errors
/// Any fault of the calls.
pub async fn end(
    subject: &Subject,
    under: &Under<'_>,
    code: Option<&ClockCode>,
    state: &str,
    row: &Transition,
    today: Day,
) -> Result<(), Refusal> {
    let running =
        |clock: &&ClockState| matches!(clock.state.as_str(), "RUNNING" | "EXTENDED") && code.is_none_or(|code| code.code() == clock.clock);
    for clock in of_case(subject).await?.iter().filter(running) {
        let (_, revision, _) = subject.client.get_with_proof::<ClockState>(&clock.name).await?;
        let changes = Changes::new()
            .set(Field::new("state"), state)
            .set(Field::new("ended_on"), today)
            .set(Field::new("ended_by_event"), row.action.to_uppercase());
        under.change::<ClockState>(&clock.name, &revision, changes).await?;
    }
    Ok(())
}

/// Ends the first clock as extended by a document, and starts the second where it ended; the new last day.
///
/// # Errors
/// Any fault of the calls.
pub async fn extend(
    subject: &Subject,
    under: &mut Under<'_>,
    from: &ClockCode,
    to: &ClockCode,
    row: &Transition,
    document: &str,
    today: Day,
) -> Result<Option<Day>, Refusal> {
    let known = of_case(subject).await?;
    let Some(first) = known.iter().find(|clock| clock.clock == from.code() && clock.state == "RUNNING") else { return Ok(None) };
    let (_, revision, _) = subject.client.get_with_proof::<ClockState>(&first.name).await?;
    let changes = Changes::new()
        .set(Field::new("state"), "MET")
        .set(Field::new("ended_on"), today)
        .set(Field::new("ended_by_event"), row.action.to_uppercase())
        .set(Field::new("extended_doc"), document);
    under.change::<ClockState>(&first.name, &revision, changes).await?;
    let (Some(rule), Some(start)) = (ClockRule::of(to), first.due_on.day()) else { return Ok(None) };
    let lengths = lengths(subject).await?;
    begin(subject, under, rule, &lengths, &known, None, start, row).await
}

/// The fields of the case that follow from a clock.
pub fn onto_case(code: &ClockCode, due: Option<Day>, changes: Changes) -> Changes {
    let field = match code {
        ClockCode::S29aAward => "s29a_due_on",
        ClockCode::S34Challenge => "s34_due_on",
        ClockCode::Limitation => "limitation_on",
        _ => return changes,
    };
    match due {
        Some(day) => changes.set(Field::new(field), day),
        None => changes,
    }
}

/// The soonest running clock in which the institution must act.
///
/// # Errors
/// Any fault of the call.
pub async fn soonest_of_ours(subject: &Subject) -> Result<Option<(Day, String)>, Refusal> {
    let ours = subject.of_case::<ClockState>().filter(Condition::one_of(Field::new("state"), ["RUNNING", "EXTENDED"]));
    let ours = ours.filter(Condition::eq(Field::new("owner_side"), "OURS")).order_by(Field::new("due_on"), Direction::Ascending);
    let first = subject.client.list(&ours.page(0, 1)).await?.rows.pop();
    Ok(first.and_then(|clock| Some((clock.due_on.day()?, clock.clock))))
}

/// The lengths that the institution has set; the usual ones where its policy says nothing that can be read.
async fn lengths(subject: &Subject) -> Result<ClockLengths, Refusal> {
    let active = of_institution::<LengthPolicy>().filter(Condition::eq(Field::new("kind"), "CLOCK_LENGTHS"));
    let active = active.filter(Condition::eq(Field::new("state"), "ACTIVE")).page(0, 1);
    let policy = subject.client.list(&active).await?.rows.pop();
    let mut lengths = ClockLengths::default();
    let set: serde_json::Map<String, serde_json::Value> =
        policy.and_then(|policy| serde_json::from_str(&policy.content).ok()).unwrap_or_default();
    for (code, days) in set {
        let days = days.as_u64().and_then(|days| u16::try_from(days).ok());
        if let Some(Err(problem)) = days.map(|days| lengths.set(ClockCode::from(code.clone()), days)) {
            tracing::warn!(tenant = %subject.site.tenant.id, code, %problem, "a length of the institution's policy cannot be used");
        }
    }
    Ok(lengths)
}
