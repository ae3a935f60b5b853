//! What follows from the payments of a case: what it has realised, which instalments are kept, and how far its settlement has come.
//!
//! Owns that these are sums, taken anew from what counts and never added to: whoever takes them last takes them right, and taking them
//! twice changes nothing. It must not know why a payment counts or counts no more.

use super::{
    super::{
        Refusal,
        columns::{Date, Rupees, record},
    },
    effects::due_next,
    payment::Payment,
    settlement::{self, Offer, today},
    step::Step,
    subject::{CaseState, Subject},
};
use crate::{
    model::{
        Inr, Move, SETTLEMENT, SettlementTrack,
        settlement::{Allotment, Part, PartState, allot},
    },
    server::frappe::{Changes, Condition, Direction, Fault, Field, PAGE_MAX, Value},
};

/// How often the sums are taken again because somebody changed the case meanwhile.
const TRIES: u32 = 4;

record! {
    /// An instalment.
    struct Instalment of "Settlement Instalment" {
        due_on: Date,
        amount: Rupees,
        paid_amount: Rupees,
        paid_on: Date,
        state: String,
    }
}

/// Takes the sums of a case and writes what they say.
///
/// # Errors
/// Any fault of the calls; [`Fault::Conflict`] where others kept changing the case.
pub async fn follow(subject: &Subject, step: &Step<'_>) -> Result<(), Refusal> {
    for _ in 1..TRIES {
        match once(subject, step).await {
            Err(Refusal::Fault(Fault::Conflict)) => {}
            done => return done,
        }
    }
    once(subject, step).await
}

async fn once(subject: &Subject, step: &Step<'_>) -> Result<(), Refusal> {
    // Read before the sums are taken: where somebody changes the case meanwhile, they are taken again and not written over theirs.
    let (case, revision, _) = subject.client.get_with_proof::<CaseState>(subject.id.as_str()).await?;
    let counted = counted(subject).await?;
    let mut changes = Changes::new().set(Field::new("realised_amount"), sum(counted.iter()));
    if let Some(track) = of_settlement(subject, step, &case, &counted).await? {
        changes = changes.set(Field::new("settlement_track"), track.code());
    }
    let changes = due_next(subject, changes).await?;
    step.change::<CaseState>(subject.id.as_str(), &revision, changes).await.map(|_| ())
}

fn sum<'a>(payments: impl Iterator<Item = &'a Payment>) -> Inr {
    Inr::from_paise(payments.map(|payment| payment.amount.0.paise()).sum())
}

/// Every payment of the case that counts, in the order of their days.
async fn counted(subject: &Subject) -> Result<Vec<Payment>, Refusal> {
    let counted = subject.of_case::<Payment>().filter(Condition::eq(Field::new("counted"), true));
    let counted = counted.order_by(Field::new("paid_on"), Direction::Ascending).order_by(Field::new("name"), Direction::Ascending);
    let mut all = Vec::new();
    loop {
        let page = counted.clone().page(u32::try_from(all.len()).unwrap_or(u32::MAX), PAGE_MAX);
        let page = subject.client.list(&page).await?;
        all.extend(page.rows);
        if !page.more {
            return Ok(all);
        }
    }
}

/// Spreads what was paid under the accepted settlement; where its track then stands, if that is elsewhere.
async fn of_settlement(
    subject: &Subject,
    step: &Step<'_>,
    case: &CaseState,
    counted: &[Payment],
) -> Result<Option<SettlementTrack>, Refusal> {
    use SettlementTrack::{Accepted, Paying, Satisfied};
    let now = SettlementTrack::from(case.settlement_track.clone());
    if !matches!(now, Accepted | Paying | Satisfied) {
        return Ok(None);
    }
    let Some(offer) = settlement::accepted(subject).await? else { return Ok(None) };
    let under: Vec<&Payment> = counted.iter().filter(|payment| payment.settlement == offer.name).collect();
    let paid = sum(under.iter().copied());
    let next = match paid {
        _ if paid >= offer.amount.0 => Satisfied,
        _ if paid > Inr::ZERO => Paying,
        _ => Accepted,
    };
    let moves = Move::may(SETTLEMENT, &now, &next);
    let state = if moves { &next } else { &now };
    let changes = Changes::new().set(Field::new("state"), state.code()).set(Field::new("paid_amount"), paid);
    let changes = spread(subject, step, &offer, &under, changes).await?;
    settlement::change(subject, step, &offer.name, changes).await?;
    Ok(moves.then_some(next))
}

/// Spreads payments over the instalments of a settlement, and what that makes of the settlement.
async fn spread(subject: &Subject, step: &Step<'_>, offer: &Offer, paid: &[&Payment], changes: Changes) -> Result<Changes, Refusal> {
    let of_it = subject.of_case::<Instalment>().filter(Condition::eq(Field::new("settlement"), offer.name.as_str()));
    let rows = subject.client.list(&of_it.order_by(Field::new("seq"), Direction::Ascending).page(0, PAGE_MAX)).await?.rows;
    let dated: Option<Vec<Part>> = rows.iter().map(|row| Some(Part { due_on: row.due_on.day()?, amount: row.amount.0 })).collect();
    let Some(parts) = dated.filter(|parts| !parts.is_empty()) else { return Ok(changes) };
    let today = today(subject);
    let payments: Vec<_> = paid.iter().filter_map(|payment| Some((payment.paid_on.day()?, payment.amount.0))).collect();
    let Allotment { parts: became, first, .. } = allot(&parts, &payments, today);
    for (row, now) in rows.iter().zip(&became) {
        if row.paid_amount.0 == now.amount && row.paid_on.day() == now.on && row.state == now.state.code() {
            continue;
        }
        let (_, revision, _) = subject.client.get_with_proof::<Instalment>(&row.name).await?;
        let changes = Changes::new()
            .set(Field::new("paid_amount"), now.amount)
            .set(Field::new("paid_on"), now.on.map_or(Value::Nothing, Value::Day))
            .set(Field::new("state"), now.state.code());
        step.change::<Instalment>(&row.name, &revision, changes).await?;
    }
    for (payment, first) in paid.iter().zip(first) {
        let into = first.and_then(|index| rows.get(index)).map_or("", |row| row.name.as_str());
        if payment.instalment != into {
            let (_, revision, _) = subject.client.get_with_proof::<Payment>(&payment.name).await?;
            let link = if into.is_empty() { Value::Nothing } else { Value::from(into) };
            step.change::<Payment>(&payment.name, &revision, Changes::new().set(Field::new("instalment"), link)).await?;
        }
    }
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let open = parts.iter().zip(&became).find(|(part, now)| now.amount < part.amount).map(|(part, _)| part.due_on);
    Ok(changes
        .set(Field::new("instalments_due"), count(parts.iter().filter(|part| part.due_on <= today).count()))
        .set(Field::new("instalments_kept"), count(became.iter().filter(|now| now.state == PartState::Kept).count()))
        .set(Field::new("next_instalment_on"), open.map_or(Value::Nothing, Value::Day)))
}
