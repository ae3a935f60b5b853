//! Offers of a settlement: which one stands, what it gives up, and what becomes of it when it is asked for, returned or accepted.
//!
//! Owns how an offer is kept and what acceptance leaves behind. It must not know who may accept, nor what is paid afterwards.

use serde::Deserialize;

use super::{
    super::{
        Refusal,
        columns::{Date, Rupees, record},
        site_time,
    },
    effects::{due_next, of_institution},
    facts::{Known, month},
    step::Step as Under,
    subject::Subject,
    transition::Words,
};
use crate::{
    model::{
        Cell, Day, Fact, Field as Asked, FieldKind, Inr, Move, SETTLEMENT, SettlementTrack, Term, Transition,
        settlement::{Grid, Plan, percent, waiver},
    },
    server::frappe::{Changes, Condition, Direction, Field, Query},
};

/// The step of the case by which a settlement is accepted.
pub const STEP: &str = "settle";
/// Kind of an offer that is paid in parts.
pub const INSTALMENTS: &str = "INSTALMENTS";
/// States in which an offer can still be answered.
const STANDING: [&str; 3] = ["OFFERED", "COUNTERED", "PENDING_APPROVAL"];
/// Names of the fields in which the parts are agreed.
const COUNT: &str = "instalment_count";
const FIRST_ON: &str = "first_instalment_on";

record! {
    /// An offer.
    pub struct Offer of "Case Settlement" {
        idem_key: String,
        seq: i64,
        offered_by: String,
        kind: String,
        state: String,
        amount: Rupees,
        dues_at_offer: Rupees,
        grid_level: i64,
        valid_until_on: Date,
        accepted_on: Date,
        terms_text: String,
    }
}

record! {
    /// A part of a settlement, as far as writing one needs.
    struct InstalmentKey of "Settlement Instalment" {}
}

record! {
    /// The institution's own levels of approval.
    struct GridPolicy of "Portal Policy" {
        content: String,
    }
}

/// A grid as the policy's content has it.
#[derive(Deserialize)]
struct Levels {
    #[serde(default)]
    levels: Vec<Level>,
}

#[derive(Deserialize)]
struct Level {
    level: i64,
    waiver_pct: serde_json::Number,
}

impl Offer {
    /// Whether it can still be answered.
    pub fn stands(&self) -> bool {
        STANDING.contains(&self.state.as_str())
    }

    /// What it gives up.
    pub fn waived(&self) -> Inr {
        Inr::from_paise((self.dues_at_offer.0.paise() - self.amount.0.paise()).max(0))
    }

    /// What a checker decides on: another offer, or another amount, is another decision.
    pub fn submitted(&self) -> Vec<(String, String)> {
        let fields = [("offer", self.name.clone()), ("kind", self.kind.clone()), ("amount", self.amount.0.exact())];
        fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
    }
}

/// The case's offers, newest first: a few, since each answers the one before.
///
/// # Errors
/// Any fault of the call.
pub async fn newest(subject: &Subject) -> Result<Vec<Offer>, Refusal> {
    let newest = subject.of_case::<Offer>().order_by(Field::new("seq"), Direction::Descending).page(0, 3);
    Ok(subject.client.list(&newest).await?.rows)
}

/// The offer that stands: the newest, if it can still be answered. An older one ended with the offer that countered it.
///
/// # Errors
/// Any fault of the call.
pub async fn standing(subject: &Subject) -> Result<Option<Offer>, Refusal> {
    Ok(newest(subject).await?.into_iter().next().filter(Offer::stands))
}

/// The settlement that was accepted last and is not broken.
///
/// # Errors
/// Any fault of the call.
pub async fn accepted(subject: &Subject) -> Result<Option<Offer>, Refusal> {
    let accepted = subject.of_case::<Offer>().filter(Condition::one_of(Field::new("state"), ["ACCEPTED", "PAYING", "SATISFIED"]));
    let accepted = accepted.order_by(Field::new("seq"), Direction::Descending).page(0, 1);
    Ok(subject.client.list(&accepted).await?.rows.pop())
}

/// The levels of approval: the institution's own, or the usual ones.
///
/// # Errors
/// Any fault of the call.
pub async fn grid(subject: &Subject) -> Result<Grid, Refusal> {
    let active = of_institution::<GridPolicy>().filter(Condition::eq(Field::new("kind"), "SETTLEMENT_GRID"));
    let active: Query<GridPolicy> = active.filter(Condition::eq(Field::new("state"), "ACTIVE")).page(0, 1);
    let Some(policy) = subject.client.list(&active).await?.rows.pop() else { return Ok(Grid::default()) };
    let Ok(Levels { levels }) = serde_json::from_str(&policy.content) else {
        tracing::warn!(tenant = %subject.site.tenant.id, "the institution's grid of settlements cannot be read: the usual levels apply");
        return Ok(Grid::default());
    };
    // A percentage has two decimals, as rupees have paise.
    let level = |level: Level| Some((level.level, Inr::typed(&level.waiver_pct.to_string())?.paise()));
    Ok(Grid::of(levels.into_iter().filter_map(level)))
}

/// The offer that a step of the case is about, if it is about one.
pub fn of_step<'a>(row: &Transition, known: &'a Known) -> Option<&'a Offer> {
    known.offer.as_ref().filter(|_| row.action == STEP)
}

/// What a person must know of an offer to decide on it.
pub fn facts(offer: &Offer) -> Vec<Fact> {
    let fact = |label: &str, text: String| Fact { label: label.to_owned(), cell: Cell::text(text), formula: None };
    let (amount, dues) = (offer.amount.0, offer.dues_at_offer.0);
    let by = Term::of(offer.offered_by.as_str()).label.to_lowercase();
    let mut facts = vec![fact("Offer", format!("{} by the {by}, {}", amount.exact(), Term::of(offer.kind.as_str()).label.to_lowercase()))];
    facts.push(fact("Dues then", dues.exact()));
    let level = if offer.grid_level > 0 { format!(", level {} of the grid", offer.grid_level) } else { String::new() };
    facts.push(fact("It gives up", format!("{}, {}{level}", offer.waived().exact(), percent(waiver(dues, amount)))));
    if let Some(day) = offer.valid_until_on.day() {
        facts.push(fact("Stands until", day.long()));
    }
    if !offer.terms_text.is_empty() {
        facts.push(fact("Terms", offer.terms_text.clone()));
    }
    facts
}

/// What is asked when a settlement in parts is accepted: how many, and from when; as its terms say, where they do.
pub fn plan_fields(offer: &Offer) -> Vec<Asked> {
    if offer.kind != INSTALMENTS {
        return Vec::new();
    }
    let plan = Plan::read(&offer.terms_text);
    let count = FieldKind::Number { min: i64::from(Plan::FEWEST), max: i64::from(Plan::MOST) };
    vec![
        Asked::new(COUNT, "Monthly instalments", count).value(plan.map(|plan| plan.count.to_string()).unwrap_or_default()),
        Asked::new(FIRST_ON, "The first falls due on", FieldKind::Day { min: None, max: None })
            .value(plan.map(|plan| plan.first_on.iso()).unwrap_or_default()),
    ]
}

/// The plan that was agreed: as it was said when approval was asked for, otherwise as the offer's terms have it.
fn plan(offer: &Offer, words: &Words) -> Option<Plan> {
    let said = || Plan::new(words.of(COUNT).parse().ok()?, Day::parse(words.of(FIRST_ON))?);
    said().or_else(|| Plan::read(&offer.terms_text)).filter(|_| offer.kind == INSTALMENTS)
}

/// The case with its settlement there, if it can follow where it is now.
pub fn onto_case(subject: &Subject, next: &SettlementTrack, changes: Changes) -> Changes {
    let now = SettlementTrack::from(subject.case.settlement_track.clone());
    if Move::may(SETTLEMENT, &now, next) { changes.set(Field::new("settlement_track"), next.code()) } else { changes }
}

/// Changes an offer as it is now.
///
/// # Errors
/// Any fault of the calls.
pub async fn change(subject: &Subject, under: &Under<'_>, offer: &str, changes: Changes) -> Result<(), Refusal> {
    let (_, revision, _) = subject.client.get_with_proof::<Offer>(offer).await?;
    under.change::<Offer>(offer, &revision, changes).await.map(|_| ())
}

/// Its approval is asked for.
///
/// # Errors
/// Any fault of the calls.
pub async fn asked(subject: &Subject, under: &Under<'_>, offer: &Offer, approval: &str) -> Result<Changes, Refusal> {
    let changes = Changes::new().set(Field::new("state"), "PENDING_APPROVAL").set(Field::new("approval"), approval);
    change(subject, under, &offer.name, changes).await?;
    Ok(onto_case(subject, &SettlementTrack::ApprovalPending, Changes::new()))
}

/// It was sent back, or what was submitted of it has changed: it stands as before it was asked for.
///
/// # Errors
/// Any fault of the calls.
pub async fn returned(subject: &Subject, under: &Under<'_>, offer: &Offer) -> Result<Changes, Refusal> {
    change(subject, under, &offer.name, Changes::new().set(Field::new("state"), "OFFERED")).await?;
    due_next(subject, onto_case(subject, &SettlementTrack::Countered, Changes::new())).await
}

/// Marks the offer that stands as accepted, and makes the parts in which it is paid.
///
/// # Errors
/// Any fault of the calls.
pub async fn accept(subject: &Subject, under: &mut Under<'_>, offer: &Offer, words: &Words, today: Day) -> Result<(), Refusal> {
    let parts = plan(offer, words).map(|plan| plan.parts(offer.amount.0)).unwrap_or_default();
    for (seq, part) in (1_i64..).zip(&parts) {
        let body = Changes::new()
            .set(Field::new("settlement"), offer.name.as_str())
            .set(Field::new("seq"), seq)
            .set(Field::new("due_on"), part.due_on)
            .set(Field::new("amount"), part.amount)
            .set(Field::new("paid_amount"), Inr::ZERO)
            .set(Field::new("state"), "DUE")
            .set(Field::new("month"), month(part.due_on));
        under.child::<InstalmentKey>(body, true).await?;
    }
    let mut changes = Changes::new().set(Field::new("state"), "ACCEPTED").set(Field::new("accepted_on"), today);
    if let Some(first) = parts.first() {
        changes = changes.set(Field::new("next_instalment_on"), first.due_on);
    }
    change(subject, under, &offer.name, changes).await
}

/// Today on the institution's calendar.
pub fn today(subject: &Subject) -> Day {
    site_time::today(&subject.site.tenant)
}
