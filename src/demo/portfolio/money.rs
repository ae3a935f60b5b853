//! Settlements, their instalments and payments of a decided case.
//!
//! Writes what the plan holds, so that sums of rows and the case's own columns are the same money.

use super::case::{Tally, scope};
use super::people::House;
use super::plan::{OfferPlan, Plan};
use super::random::Random;
use super::row::{Date, Record, add_months, at, natural_key};

/// Writes the offer of a case, if there is one.
pub(super) fn settlement(house: &House<'_>, plan: &Plan, random: &mut Random, tally: &mut Tally) -> (Vec<Record>, Vec<Record>) {
    let Some(offer) = &plan.offer else { return (Vec::new(), Vec::new()) };
    let made_at = at(offer.on, 660);
    tally.changed_at = tally.changed_at.max(made_at);
    if offer.by == "RESPONDENT" {
        tally.engaged_at = Some(made_at);
    }
    let state = match offer.track {
        "APPROVAL_PENDING" => "PENDING_APPROVAL",
        other => other,
    };
    let (instalments, due, kept, broken, next) = instalments(house, plan, random, offer);
    let waiver = 100.0 * (1.0 - offer.amount as f64 / offer.dues.max(1) as f64);
    let mut row = house
        .row(&offer.row, &house.collections_owner(&house.branches[plan.branch]), made_at, made_at)
        .with(&scope(house, plan))
        .text("case_ref", &plan.row)
        .int("seq", 1)
        .text("offered_by", offer.by)
        .text("kind", if offer.instalments > 1 { "INSTALMENTS" } else { "LUMP" })
        .text("state", state)
        .money("amount", offer.amount)
        .money("dues_at_offer", offer.dues)
        .float("waiver_pct", (waiver * 100.0).round() / 100.0)
        .int("grid_level", if waiver > 40.0 { 2 } else { 1 })
        .moment("offered_at", made_at)
        .date("valid_until_on", offer.on + 30)
        .month("month", offer.on)
        .money("paid_amount", if offer.accepted() { plan.realised().min(offer.amount) } else { 0 })
        .int("instalments_due", due)
        .int("instalments_kept", kept)
        .int("instalments_broken", broken)
        .date("next_instalment_on", next);
    if offer.accepted() {
        row = row.date("accepted_on", (offer.on + 6).min(plan.journey.until(house.today)));
    }
    (vec![row.done()], instalments)
}

type Instalments = (Vec<Record>, i64, i64, i64, Option<Date>);

/// The instalments of an accepted offer, with how many are due, kept and broken, and the next day that one falls due.
fn instalments(house: &House<'_>, plan: &Plan, random: &mut Random, offer: &OfferPlan) -> Instalments {
    if !offer.accepted() || offer.instalments < 2 {
        return (Vec::new(), 0, 0, 0, None);
    }
    let part = offer.amount / offer.instalments;
    let mut left = plan.realised().min(offer.amount);
    let (mut rows, mut due_count, mut kept, mut broken, mut next) = (Vec::new(), 0, 0, 0, None);
    for seq in 1..=offer.instalments {
        // The last one carries what the division left.
        let amount = if seq == offer.instalments { offer.amount - part * (offer.instalments - 1) } else { part };
        let due = add_months(offer.on, seq);
        let paid = left.min(amount);
        left -= paid;
        let state = match paid {
            _ if paid == amount => "KEPT",
            _ if due < house.today && offer.track == "BROKEN" => "BROKEN",
            _ if due < house.today => "LATE",
            0 => "DUE",
            _ => "PART_PAID",
        };
        due_count += i64::from(due <= house.today);
        kept += i64::from(state == "KEPT");
        broken += i64::from(state == "BROKEN");
        if state == "DUE" || state == "PART_PAID" {
            next = next.or(Some(due));
        }
        let made_at = at(offer.on + 6, 660);
        let mut row = house
            .row(&random.row_name(), &house.collections_owner(&house.branches[plan.branch]), made_at, made_at)
            .with(&scope(house, plan))
            .text("settlement", &offer.row)
            .text("case_ref", &plan.row)
            .int("seq", seq)
            .date("due_on", due)
            .money("amount", amount)
            .money("paid_amount", paid)
            .text("state", state)
            .month("month", due);
        if paid > 0 {
            row = row.date("paid_on", plan.payments.last().map(|payment| payment.on));
        }
        rows.push(row.done());
    }
    (rows, due_count, kept, broken, next)
}

/// Writes the payments of a case.
pub(super) fn payments(house: &House<'_>, plan: &Plan, tally: &mut Tally) -> Vec<Record> {
    let branch = &house.branches[plan.branch];
    (plan.payments.iter())
        .map(|payment| {
            let made_at = at(payment.on, 1000);
            tally.changed_at = tally.changed_at.max(made_at + 7200);
            tally.engaged_at = tally.engaged_at.max(Some(made_at));
            let filed = plan.journey.filed_on.filter(|filed| *filed <= payment.on);
            let interest = payment.amount / 100 * 15;
            let key = natural_key(&house.spec.record, &[&payment.utr.to_uppercase(), &super::row::iso(payment.on)]);
            house
                .row(&payment.row, &house.collections_owner(branch), made_at, made_at + 7200)
                .with(&scope(house, plan))
                .text("case_ref", &plan.row)
                .date("paid_on", payment.on)
                .money("amount", payment.amount)
                .text("mode", payment.mode)
                .text("utr", &payment.utr)
                .text("utr_key", key)
                .money("to_principal", payment.amount - interest)
                .money("to_interest", interest)
                .money("to_costs", 0)
                .maybe("settlement", plan.offer.as_ref().filter(|offer| offer.accepted()).map(|offer| offer.row.as_str()))
                .text("state", "CONFIRMED")
                .check("counted", true)
                .text("confirmed_by", house.user("finance"))
                .month("filing_month", plan.journey.filed_on)
                .int("since_filing_30", filed.map_or(-1, |filed| (payment.on - filed) / 30))
                .month("month", payment.on)
                .done()
        })
        .collect()
}
